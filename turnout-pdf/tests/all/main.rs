//! What turnout-pdf promises, checked with programs that know nothing of it: qpdf, pdftk, poppler and mupdf.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod acceptance;
mod accessible;
mod ballot_request;
mod check;
mod every_form;
mod hostile_input;
mod library;
mod registration;
mod support;
