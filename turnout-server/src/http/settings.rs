//! How we answer: plain data, filled from the environment by `config`.

use std::time::Duration;

use http::HeaderName;
use ipnet::IpNet;

use crate::config::{EventKey, Secret};

/// Whom we answer, whom we believe, and how long we wait.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The hosts we answer to, in lower case: `*` is any, `.example.org` a domain with everything under it.
    pub allowed_hosts: Vec<String>,
    /// The networks whose word about the client is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they give it; without it `X-Forwarded-For`.
    pub trusted_client_header: Option<HeaderName>,
    /// What calls of Twilio's are signed with; without it none is believed.
    pub twilio_token: Option<Secret>,
    /// What SendGrid's reports are verified with; without it none is believed.
    pub sendgrid_key: Option<EventKey>,
    /// The most bytes of a request's body, where the route does not say otherwise.
    pub body_limit: usize,
    /// How long an answer may take, the arrival of the body included.
    pub request_timeout: Duration,
    /// How long the body of a request may take to arrive.
    pub body_timeout: Duration,
    /// How long the head of a request may take to arrive, and how long an idle connection is kept.
    pub header_timeout: Duration,
    /// How long a client may take nothing of an answer before its connection is cut.
    pub stall_timeout: Duration,
    /// How long requests are still taken after a shutdown was asked for. `/-/health/` answers 503 meanwhile, so that
    /// balancers send the next ones elsewhere.
    pub shutdown_delay: Duration,
    /// How long open requests may take to end after that.
    pub drain_timeout: Duration,
    /// How many connections may be open at once; the next ones wait.
    pub connections: usize,
    /// What a purge at the CDN can name (`http-api.md` 1.6).
    pub tags: TagSettings,
}

/// The deployment's part of every `Cache-Tag`.
#[derive(Debug, Clone, Default)]
pub struct TagSettings {
    /// `ENV`.
    pub env: String,
    /// `TAG`.
    pub tag: String,
    /// `BUILD`.
    pub build: String,
    /// `CLOUD_DETAIL`.
    pub cloud_detail: String,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            allowed_hosts: vec!["localhost".into(), "127.0.0.1".into(), "[::1]".into()],
            trusted_proxies: Vec::new(),
            trusted_client_header: None,
            twilio_token: None,
            sendgrid_key: None,
            body_limit: 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(15),
            header_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(30),
            shutdown_delay: Duration::ZERO,
            drain_timeout: Duration::from_secs(20),
            connections: 4096,
            tags: TagSettings::default(),
        }
    }
}
