//! Where Turnout keeps things, behind the ports of `turnout-core`.
//!
//! | what | feature | port |
//! |---|---|---|
//! | `sqlite::SqliteStore` | `sqlite` (default) | `Store` |
//! | `files::LocalFiles` | `local-files` (default) | `FileStore` |
//! | `files::S3Files` | `s3` | `FileStore` |
//! | `files::LocalPublicFiles`, `files::S3PublicFiles` | `local-files`, `s3` | `PublicFiles` |
//! | [`in_process::LocalCache`] | always | `Cache` |
//! | [`in_process::LocalThrottle`] | always | `Throttle` |
//! | [`in_process::LocalWake`] | always | `Wake` |

#[cfg(feature = "sqlite")]
pub mod error;
pub mod files;
pub mod in_process;
#[cfg(feature = "sqlite")]
pub mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
