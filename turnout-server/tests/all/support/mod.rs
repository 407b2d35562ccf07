//! What several subjects need.

#[cfg(all(feature = "embedded", feature = "action-network"))]
mod action_network_peer;
#[cfg(all(feature = "embedded", feature = "postgres"))]
mod database;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod described;
#[cfg(all(feature = "http-client", any(feature = "otel", feature = "sentry")))]
mod echo_peer;
#[cfg(feature = "http-client")]
mod http_peer;
#[cfg(all(feature = "embedded", feature = "lob"))]
mod lob_peer;
#[cfg(feature = "embedded")]
mod mail_peer;
mod only_jobs;
#[cfg(all(feature = "embedded", feature = "postgres", feature = "redis"))]
mod own_postgres;
#[cfg(all(feature = "embedded", feature = "redis"))]
mod own_redis;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod partner;
#[cfg(all(feature = "serve", feature = "pennsylvania"))]
mod pennsylvania;
#[cfg(all(feature = "embedded", feature = "http-client"))]
pub(crate) mod publishing_peer;
#[cfg(feature = "embedded")]
mod python_peer;
#[cfg(feature = "embedded")]
mod running;
#[cfg(feature = "embedded")]
mod scenario;
pub(crate) mod schema;
#[cfg(all(feature = "embedded", feature = "postgres"))]
pub(crate) mod scripts;
#[cfg(all(feature = "embedded", feature = "sqs"))]
mod sqs_peer;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod test_server;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod test_store;
#[cfg(feature = "http-client")]
mod twilio_peer;
#[cfg(all(feature = "embedded", feature = "us-vote-foundation"))]
mod vote_foundation_peer;

#[cfg(all(feature = "embedded", feature = "action-network"))]
pub(crate) use action_network_peer::{ActionNetworkPeer, Wrong};
#[cfg(all(feature = "embedded", feature = "postgres"))]
pub(crate) use database::Database;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
pub(crate) use described::{DOCUMENT, validate};
#[cfg(all(feature = "http-client", any(feature = "otel", feature = "sentry")))]
pub(crate) use echo_peer::{Echo, EchoPeer};
#[cfg(feature = "http-client")]
pub(crate) use http_peer::TcpPeer;
#[cfg(all(feature = "embedded", feature = "lob"))]
pub(crate) use lob_peer::{LOB_KEY, LobPeer};
#[cfg(feature = "embedded")]
pub(crate) use mail_peer::MailPeer;
pub(crate) use only_jobs::OnlyJobs;
#[cfg(all(feature = "embedded", feature = "postgres", feature = "redis"))]
pub(crate) use own_postgres::OwnPostgres;
#[cfg(all(feature = "embedded", feature = "redis"))]
pub(crate) use own_redis::OwnRedis;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
pub(crate) use partner::{Partner, basic};
#[cfg(all(feature = "serve", feature = "pennsylvania"))]
pub(crate) use pennsylvania::{KEY as PENNSYLVANIA_KEY, PennsylvaniaOffice};
#[cfg(feature = "embedded")]
pub(crate) use python_peer::PythonPeer;
#[cfg(feature = "embedded")]
pub(crate) use running::Running;
#[cfg(all(
    feature = "embedded",
    feature = "crash-points",
    any(feature = "sqs", feature = "http-client")
))]
pub(crate) use running::counted;
#[cfg(feature = "embedded")]
pub(crate) use scenario::passes;
#[cfg(all(feature = "embedded", feature = "sqs"))]
pub(crate) use sqs_peer::SqsPeer;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
pub(crate) use test_server::{
    Answer, Ask, Setup, TWILIO_TOKEN, TestServer, sendgrid_signature, voter, voter_with, voter_without,
};
#[cfg(feature = "http-client")]
pub(crate) use twilio_peer::TwilioPeer;
#[cfg(all(feature = "embedded", feature = "us-vote-foundation"))]
pub(crate) use vote_foundation_peer::{USVF_KEY, VoteFoundationPeer, Wrong as WrongPage};
