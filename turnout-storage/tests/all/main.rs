//! What this crate promises, each subject in its module.
#![expect(clippy::unwrap_used, reason = "tests")]

mod conforms;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod job_machine;
mod lanes;
#[cfg(feature = "local-files")]
mod local_files;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migrations;
#[cfg(feature = "postgres")]
mod pgbouncer;
#[cfg(feature = "sqlite")]
mod plans;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_server;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod redis_server;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "s3")]
mod s3_server;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod schemas;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod search;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod statements;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod subjects;
#[cfg(feature = "postgres")]
mod views;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "local-files",
    feature = "redis",
    feature = "s3"
))]
mod world;
