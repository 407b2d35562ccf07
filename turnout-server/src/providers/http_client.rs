//! The HTTP client, by reqwest over rustls: what all vendors' requests travel by.

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::BytesMut;
use reqwest::{Client, redirect};
use tracing::{Instrument as _, field::Empty};
use turnout_core::ports::http::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse};
use url::{Host, Url};

use super::public_hosts::{NotPublic, PublicHosts, is_public};

/// How long a connection may take to be there, encryption included. A host that is away is noticed sooner than one that
/// is slow.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection is kept for the next request. Load balancers drop theirs after a minute.
const IDLE: Duration = Duration::from_secs(50);
/// How many connections to a host are kept without work.
const IDLE_PER_HOST: usize = 8;

/// Carries requests. Keeps connections, believes the certificates of Mozilla's roots, and knows no proxy, whatever the
/// environment says. Cheap to clone.
#[derive(Clone)]
pub struct Reqwest {
    client: Client,
    public_only: bool,
}

/// No client can be made with this machine's cryptography.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client can be made")]
pub struct Unusable(#[source] reqwest::Error);

impl Reqwest {
    /// A client for hosts that the operator chose.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, Unusable> {
        Self::with(false)
    }

    /// A client for hosts that others chose, such as webhooks': it reaches none that is not on the public Internet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn for_public_hosts() -> Result<Self, Unusable> {
        Self::with(true)
    }

    fn with(public_only: bool) -> Result<Self, Unusable> {
        let mut builder = Client::builder()
            .user_agent(concat!("turnout/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .tls_backend_preconfigured(tls());
        if public_only {
            builder = builder.dns_resolver(Arc::new(PublicHosts));
        }
        Ok(Self { client: builder.build().map_err(Unusable)?, public_only })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let HttpRequest { method, url, headers, body, answer_limit, timeout: _ } = request;
        let sent = self.client.request(method, url).headers(headers).body(body).send().await;
        let mut answer = sent.map_err(judged)?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(judged)? {
            if body.len() + chunk.len() > answer_limit {
                return Err(HttpErrorKind::TooLarge.into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse { status, headers, body: body.freeze() })
    }

    /// Names are looked up, and judged, when a connection is made; numbers never are.
    fn may_reach(&self, url: &Url) -> bool {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return true,
            None => return false,
        };
        !self.public_only || is_public(address)
    }
}

fn tls() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the ciphers of TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[async_trait]
impl HttpClient for Reqwest {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !matches!(request.url.scheme(), "http" | "https") {
            return Err(HttpErrorKind::Unwritable.into());
        }
        if !self.may_reach(&request.url) {
            return Err(HttpErrorKind::Forbidden.into());
        }
        let time = request.timeout.to_std().unwrap_or_default();
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let span = tracing::info_span!(target: "turnout::trace", "vendor", host, status = Empty);
        let outcome = tokio::time::timeout(time, self.exchange(request)).instrument(span.clone()).await;
        let outcome = outcome.unwrap_or_else(|_| Err(HttpErrorKind::TimedOut.into()));
        if let Ok(answer) = &outcome {
            span.record("status", answer.status.as_u16());
        }
        outcome
    }
}

/// Keeps the cause, without the address.
fn judged(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    let kind = if is_forbidden(&error) {
        HttpErrorKind::Forbidden
    } else if error.is_connect() {
        HttpErrorKind::Unconnected
    } else if error.is_builder() {
        HttpErrorKind::Unwritable
    } else {
        HttpErrorKind::Broken
    };
    HttpError::from(kind).because(error)
}

fn is_forbidden(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return true;
        }
        cause = error.source();
    }
    false
}
