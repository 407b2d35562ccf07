//! What several subjects need.

mod only_jobs;
#[cfg(all(feature = "embedded", feature = "redis"))]
mod own_redis;
#[cfg(feature = "embedded")]
mod running;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod test_server;

pub(crate) use only_jobs::OnlyJobs;
#[cfg(all(feature = "embedded", feature = "redis"))]
pub(crate) use own_redis::OwnRedis;
#[cfg(feature = "embedded")]
pub(crate) use running::Running;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
pub(crate) use test_server::{Answer, Setup, TestServer, voter, voter_with, voter_without};
