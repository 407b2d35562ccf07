//! How we are reached, whom we believe, and how much a request may cost.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use http::HeaderName;
use ipnet::IpNet;
use turnout_core::settings::Origins;

use super::reader::{Reader, host_in_url};

/// How we are reached, and whom we believe.
#[derive(Debug)]
pub struct Http {
    /// Where to listen: `HOST` and `PORT`.
    pub listen: SocketAddr,
    /// The Host headers we answer to, in lower case; `*` is any, `.example.org` a domain with everything under it.
    pub allowed_hosts: Vec<String>,
    /// The networks whose word about the client is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they give it, if not `X-Forwarded-For`.
    pub client_header: Option<HeaderName>,
    /// How much a request may cost.
    pub limits: HttpLimits,
    /// Where `all-in-one` shows the book: `DOCS_PORT`.
    pub docs_port: u16,
    /// Whether `/-/metrics/` is answered: `TURNOUT_METRICS`.
    pub metrics: bool,
    /// Whether the pages under `/dev/` are shown.
    pub dev_pages: bool,
}

/// How much a request may cost: sizes and times.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// The most bytes of a body: `HTTP_BODY_LIMIT_BYTES`.
    pub body: u32,
    /// How long an answer may take: `HTTP_REQUEST_TIMEOUT_SECONDS`.
    pub request_timeout: Duration,
    /// How long a body may take to arrive: `HTTP_BODY_TIMEOUT_SECONDS`.
    pub body_timeout: Duration,
    /// How long a head may take to arrive: `HTTP_HEADER_TIMEOUT_SECONDS`.
    pub header_timeout: Duration,
    /// How long a client may take nothing of its answer: `HTTP_STALL_TIMEOUT_SECONDS`.
    pub stall_timeout: Duration,
    /// How long requests are still taken after a stop was asked for: `HTTP_SHUTDOWN_DELAY_SECONDS`.
    pub shutdown_delay: Duration,
    /// How long open requests may take at a stop: `HTTP_DRAIN_TIMEOUT_SECONDS`.
    pub drain_timeout: Duration,
    /// How many connections may be open: `HTTP_CONNECTIONS`.
    pub connections: u32,
}

impl HttpLimits {
    fn read(reader: &mut Reader<'_>) -> Self {
        let shutdown_delay = Duration::from_secs(reader.number("HTTP_SHUTDOWN_DELAY_SECONDS", 0));
        let mut number = |name| reader.number::<u32>(name, 1);
        let (body, connections) = (number("HTTP_BODY_LIMIT_BYTES"), number("HTTP_CONNECTIONS"));
        let mut seconds = |name| Duration::from_secs(number(name).into());
        Self {
            body,
            request_timeout: seconds("HTTP_REQUEST_TIMEOUT_SECONDS"),
            body_timeout: seconds("HTTP_BODY_TIMEOUT_SECONDS"),
            header_timeout: seconds("HTTP_HEADER_TIMEOUT_SECONDS"),
            stall_timeout: seconds("HTTP_STALL_TIMEOUT_SECONDS"),
            drain_timeout: seconds("HTTP_DRAIN_TIMEOUT_SECONDS"),
            connections,
            shutdown_delay,
        }
    }
}

impl Http {
    pub(super) fn read(reader: &mut Reader<'_>, origins: &mut Origins) -> Self {
        let host = reader.given("HOST");
        let host: IpAddr = host.parse().unwrap_or_else(|_| {
            reader.complaints.wrong("HOST", "must be an IP address", "127.0.0.1");
            Ipv4Addr::LOCALHOST.into()
        });
        let port = reader.number("PORT", 1);
        reader.place("LISTEN", format!("{}:{port}", host_in_url(host)));
        origins.primary = reader.origin("PRIMARY_ORIGIN");
        origins.www = reader.origin("WWW_ORIGIN");
        Self {
            listen: SocketAddr::new(host, port),
            allowed_hosts: reader.list("ALLOWED_HOSTS").iter().map(|host| host.to_lowercase()).collect(),
            trusted_proxies: networks(reader),
            client_header: client_header(reader),
            limits: HttpLimits::read(reader),
            docs_port: reader.number("DOCS_PORT", 1),
            metrics: reader.flag("TURNOUT_METRICS"),
            dev_pages: false,
        }
    }

    /// Shown while mail is simulated, beyond this machine only when that was asked for.
    pub(super) fn settle_dev_pages(&mut self, reader: &mut Reader<'_>, simulated: bool, production: bool) {
        let asked = reader.flag("TURNOUT_DEV_PAGES");
        if asked && production {
            reader.complaints.wrong("TURNOUT_DEV_PAGES", "must be false when DEBUG is false", "false");
        }
        self.dev_pages = simulated && !production && (asked || self.listen.ip().is_loopback());
    }
}

fn networks(reader: &mut Reader<'_>) -> Vec<IpNet> {
    let name = "TRUSTED_PROXIES";
    let parts = reader.list(name);
    let parsed: Vec<IpNet> = parts.iter().filter_map(|part| network(part)).collect();
    if parsed.len() != parts.len() {
        reader.complaints.wrong(name, "must be networks or addresses", "10.0.0.0/8,192.0.2.1");
    }
    parsed
}

/// A network, or a single address as a network of one.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn client_header(reader: &mut Reader<'_>) -> Option<HeaderName> {
    let name = "TRUSTED_CLIENT_HEADER";
    let header = reader.text(name)?.parse().ok();
    if header.is_none() {
        reader.complaints.wrong(name, "must be the name of a header", "CF-Connecting-IP");
    } else if !reader.is_set("TRUSTED_PROXIES") {
        reader.complaints.odd("TRUSTED_CLIENT_HEADER has no effect without TRUSTED_PROXIES");
    }
    header
}
