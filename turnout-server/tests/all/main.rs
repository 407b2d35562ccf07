//! The server from outside, a module per subject.

#![expect(clippy::unwrap_used, reason = "tests")]

#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod api;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod api_key_command;
#[cfg(all(feature = "embedded", feature = "postgres"))]
mod backup;
#[cfg(all(feature = "embedded", feature = "postgres", feature = "redis", feature = "http-client"))]
mod blast_chaos;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod blast_command;
#[cfg(feature = "embedded")]
mod browser;
#[cfg(all(feature = "embedded", feature = "postgres", feature = "redis"))]
mod chaos;
mod config;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod consent_command;
#[cfg(all(feature = "embedded", feature = "crash-points", feature = "action-network"))]
mod contact_crash;
#[cfg(all(feature = "embedded", feature = "crash-points"))]
mod crash;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod data_subject_command;
#[cfg(all(feature = "embedded", feature = "postgres", feature = "redis", feature = "s3"))]
mod deploying;
#[cfg(all(feature = "embedded", feature = "postgres"))]
mod environments;
#[cfg(all(feature = "embedded", feature = "crash-points"))]
mod export_crash;
#[cfg(all(feature = "embedded", feature = "crash-points", feature = "sqs"))]
mod fax_crash;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod features_command;
#[cfg(all(feature = "embedded", feature = "http-client"))]
mod florida;
#[cfg(all(feature = "embedded", feature = "http-client"))]
mod florida_by_the_clock;
mod forms;
#[cfg(all(feature = "embedded", feature = "http-client"))]
mod geocoding;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod gis_downloads;
#[cfg(feature = "http-client")]
mod http_client;
#[cfg(feature = "embedded")]
mod image;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod import_command;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod import_django;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod jobs_command;
mod layering;
#[cfg(all(feature = "embedded", feature = "crash-points", feature = "lob"))]
mod letter_crash;
#[cfg(all(feature = "embedded", feature = "lob"))]
mod lob;
mod loops;
#[cfg(all(feature = "manage", feature = "sqlite", feature = "local-files"))]
mod manage;
mod messages_command;
#[cfg(all(feature = "embedded", feature = "movers"))]
mod movers;
#[cfg(all(
    feature = "embedded",
    feature = "sqlite",
    feature = "local-files",
    feature = "otel",
    feature = "sentry",
    feature = "statsd"
))]
mod observing;
#[cfg(all(feature = "embedded", feature = "us-vote-foundation"))]
mod offices;
#[cfg(all(feature = "embedded", feature = "http-client"))]
mod optimizely;
mod own_program;
mod pages;
#[cfg(all(feature = "embedded", feature = "pennsylvania"))]
mod pennsylvania;
#[cfg(all(feature = "embedded", feature = "postgres"))]
mod postgres;
mod providers;
#[cfg(all(feature = "embedded", feature = "http-client"))]
mod publishing;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod reading;
#[cfg(all(feature = "embedded", feature = "redis"))]
mod redis;
#[cfg(all(feature = "embedded", feature = "postgres"))]
mod rolling;
#[cfg(all(feature = "embedded", feature = "sqlite", feature = "local-files"))]
mod rotation;
#[cfg(feature = "embedded")]
mod run;
#[cfg(all(
    feature = "embedded",
    feature = "sqlite",
    feature = "local-files",
    feature = "http-client",
    feature = "lob",
    feature = "smtp",
    feature = "action-network",
    feature = "movers",
    feature = "pennsylvania",
    feature = "us-vote-foundation",
    feature = "s3",
    feature = "sqs",
    feature = "redis",
    feature = "otel",
    feature = "sentry",
    feature = "statsd"
))]
mod scan;
#[cfg(feature = "embedded")]
mod shutdown;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod sockets;
#[cfg(all(feature = "embedded", feature = "crash-points"))]
mod subject_crash;
mod support;
#[cfg(all(feature = "embedded", feature = "crash-points", feature = "http-client"))]
mod text_crash;
#[cfg(all(feature = "embedded", feature = "sqlite"))]
mod user_command;
#[cfg(all(feature = "embedded", feature = "http-client"))]
mod voter_roll;
#[cfg(all(feature = "embedded", feature = "sqlite", feature = "crash-points", feature = "http-client"))]
mod webhooks;
#[cfg(feature = "embedded")]
mod wiring;
mod working;
