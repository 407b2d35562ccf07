//! What this crate promises, each subject in its module.
#![expect(clippy::unwrap_used, reason = "tests")]

mod conforms;
mod in_process;
#[cfg(feature = "local-files")]
mod local_files;
#[cfg(feature = "sqlite")]
mod migrations;
#[cfg(feature = "sqlite")]
mod rooms;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod statements;
mod world;
