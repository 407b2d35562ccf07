//! The tests of turnout-geo that read the shared data: `TURNOUT_SHARED`, else `shared` beside the workspace.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod boundary;
mod data;
mod decisions;
mod geocode;
#[cfg(all(feature = "census", feature = "geocodio", feature = "targetsmart"))]
mod geocoders;
mod hostile_input;
#[cfg(feature = "import")]
mod import;
#[cfg(all(feature = "census", feature = "geocodio", feature = "targetsmart"))]
mod matching;
mod parse;
mod regions;
#[cfg(feature = "import")]
mod streets;
mod support;
mod zones;
