//! What turnout-pdf promises, checked with programs that know nothing of it: qpdf, pdftk, poppler and mupdf.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

/// Counts what the tests hold in memory, so that a damaged file cannot ask for more than it may.
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

mod acceptance;
mod accessible;
mod ballot_request;
mod blank_forms;
mod check;
mod every_form;
mod fonts;
mod hostile_input;
mod layers;
mod library;
mod mutations;
mod registration;
#[cfg(feature = "images")]
mod signature;
mod support;
mod thrift;
