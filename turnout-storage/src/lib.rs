//! Where Turnout keeps things, behind the ports of `turnout-core`.
//!
//! | what | feature | port |
//! |---|---|---|
//! | `sqlite::SqliteStore` | `sqlite` (default) | `Store` |
//! | `postgres::PgStore` | `postgres` | `Store` |
//! | `files::LocalFiles` | `local-files` (default) | `FileStore` |
//! | `files::S3Files` | `s3` | `FileStore` |
//! | `files::LocalPublicFiles`, `files::S3PublicFiles` | `local-files`, `s3` | `PublicFiles` |
//! | [`in_process::LocalCache`], `redis::RedisCache` | always, `redis` | `Cache` |
//! | [`in_process::LocalThrottle`], `redis::RedisThrottle` | always, `redis` | `Throttle` |
//! | [`in_process::LocalWake`], `redis::RedisWake` | always, `redis` | `Wake` |

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod error;
pub mod files;
pub mod in_process;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
