//! The tests of turnout-geo that read the shared data: `TURNOUT_SHARED`, else `shared` beside the workspace.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod boundary;
mod data;
mod geocode;
mod hostile_input;
#[cfg(feature = "import")]
mod import;
mod parse;
mod regions;
mod support;
mod zones;
