//! How we are seen from outside: metrics, traces, alarms.

use std::net::SocketAddr;

use url::Url;

use super::{Deployment, Secret, reader::Reader};

/// Where an exporter of traces is, for an example.
const COLLECTOR: &str = "http://127.0.0.1:4318";

/// How we are seen from outside.
#[derive(Debug, Default)]
pub struct Observing {
    /// Where metrics and health are told, away from the world: `HOST` and `METRICS_PORT`.
    pub listen: Option<SocketAddr>,
    /// Who is sent counts over UDP: `DD_AGENT_HOST` and `DD_DOGSTATSD_PORT`.
    pub statsd: Option<(String, u16)>,
    /// Who is sent traces.
    pub traces: Option<Traces>,
    /// Who is told of failures.
    pub sentry: Option<Dsn>,
}

/// Who is sent traces, and of how many requests.
#[derive(Debug, Clone)]
pub struct Traces {
    /// Where OTLP is posted as JSON: `OTEL_EXPORTER_OTLP_ENDPOINT` and `/v1/traces`.
    pub endpoint: Url,
    /// What goes with it, such as a key: `OTEL_EXPORTER_OTLP_HEADERS`.
    pub headers: Vec<(String, Secret)>,
    /// The share of requests and jobs, 0 to 1: `OTEL_TRACES_SAMPLER_ARG`.
    pub share: f64,
}

/// Where a project of Sentry takes envelopes: `SENTRY_DSN`.
#[derive(Debug, Clone)]
pub struct Dsn {
    /// Where they are posted.
    pub endpoint: Url,
    /// By which the project is known.
    pub key: Secret,
}

impl Dsn {
    /// Reads `https://KEY@HOST/PROJECT`; nothing when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let key = Secret::new(url.username().to_owned());
        let path = url.path().trim_end_matches('/').to_owned();
        let (before, project) = path.rsplit_once('/')?;
        let is_whole = !url.username().is_empty() && url.has_host() && !project.is_empty();
        let is_number = project.bytes().all(|byte| byte.is_ascii_digit());
        if !is_whole || !is_number || url.query().is_some() {
            return None;
        }
        let envelopes = format!("{before}/api/{project}/envelope/");
        url.set_path(&envelopes);
        url.set_username("").and_then(|()| url.set_password(None)).ok()?;
        Some(Self { endpoint: url, key })
    }
}

impl Observing {
    pub(super) fn read(reader: &mut Reader<'_>, web: SocketAddr, deployment: &Deployment) -> Self {
        Self {
            listen: listen(reader, web),
            statsd: statsd(reader),
            traces: traces(reader),
            sentry: sentry(reader, deployment),
        }
    }
}

fn listen(reader: &mut Reader<'_>, web: SocketAddr) -> Option<SocketAddr> {
    const NAME: &str = "METRICS_PORT";
    reader.text(NAME)?;
    let port: u16 = reader.optional_port(NAME, 9102);
    if port == web.port() {
        reader.complaints.wrong(NAME, "must differ from PORT", "9102");
    }
    Some(SocketAddr::new(web.ip(), port))
}

fn statsd(reader: &mut Reader<'_>) -> Option<(String, u16)> {
    let port = reader.number("DD_DOGSTATSD_PORT", 1);
    let host = reader.text("DD_AGENT_HOST")?;
    needs(reader, "DD_AGENT_HOST", "statsd", cfg!(feature = "statsd"));
    Some((host, port))
}

fn traces(reader: &mut Reader<'_>) -> Option<Traces> {
    const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const SHARE: &str = "OTEL_TRACES_SAMPLER_ARG";
    const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
    let share = reader.given(SHARE).parse().ok().filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() {
        reader.complaints.wrong(SHARE, "must be a number from 0 to 1", "0.1");
    }
    let given = reader.text(HEADERS).unwrap_or_default();
    let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty());
    let headers: Option<Vec<_>> = parts.map(header).collect();
    if headers.is_none() {
        reader.complaints.wrong(HEADERS, "must be name=value parts", "api-key=…");
    }
    let text = reader.text(ENDPOINT)?;
    needs(reader, ENDPOINT, "otel", cfg!(feature = "otel"));
    let endpoint = Url::parse(&format!("{}/v1/traces", text.trim_end_matches('/')));
    let Some(endpoint) = endpoint.ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        reader.complaints.wrong(
            ENDPOINT,
            "must be an address that begins with http:// or https://",
            COLLECTOR,
        );
        return None;
    };
    Some(Traces { endpoint, headers: headers.unwrap_or_default(), share: share.unwrap_or_default() })
}

fn header(part: &str) -> Option<(String, Secret)> {
    let (name, value) = part.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let is_writable = http::HeaderName::try_from(name).is_ok() && http::HeaderValue::try_from(value).is_ok();
    is_writable.then(|| (name.to_owned(), Secret::new(value.to_owned())))
}

/// Only of a release: both TAG and SENTRY_DSN are set.
fn sentry(reader: &mut Reader<'_>, deployment: &Deployment) -> Option<Dsn> {
    const NAME: &str = "SENTRY_DSN";
    let text = reader.text(NAME)?;
    needs(reader, NAME, "sentry", cfg!(feature = "sentry"));
    let dsn = Dsn::parse(&text);
    if dsn.is_none() {
        reader.complaints.wrong(NAME, "must be the DSN of a project", "https://KEY@sentry.example.org/1");
    }
    if deployment.tag.is_empty() {
        reader.complaints.odd("SENTRY_DSN has no effect without TAG: only releases tell of their failures");
        return None;
    }
    dsn
}

fn needs(reader: &mut Reader<'_>, name: &str, feature: &str, is_built: bool) {
    if !is_built {
        reader.complaints.wrong(name, &format!("needs a build with the feature {feature}; unset it"), "");
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_dsn_says_where_envelopes_go_and_under_which_key() {
        for (text, endpoint) in [
            ("https://k3y@o1.ingest.sentry.io/42", "https://o1.ingest.sentry.io/api/42/envelope/"),
            ("http://k3y:hush@127.0.0.1:9000/sub/7", "http://127.0.0.1:9000/sub/api/7/envelope/"),
        ] {
            let dsn = Dsn::parse(text).unwrap();
            assert_eq!((dsn.endpoint.as_str(), dsn.key.reveal()), (endpoint, "k3y"));
            assert!(!format!("{dsn:?}").contains("k3y"));
        }
        for text in [
            "",
            "o1.ingest.sentry.io/42",
            "https://o1.ingest.sentry.io/42",
            "https://k3y@o1.ingest.sentry.io/",
            "https://k3y@o1.ingest.sentry.io/x",
        ] {
            assert!(Dsn::parse(text).is_none(), "{text}");
        }
    }
}
