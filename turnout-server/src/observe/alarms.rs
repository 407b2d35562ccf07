//! Failures to Sentry: what the log has at `error`, as events, without anybody's data.
//!
//! An event has the sentence of the log line, names and ids beside it, and which release it was; no request, no user, no
//! address, no host, no stack of values.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use tracing::{
    Event, Level, Subscriber,
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};
use turnout_core::ports::{
    clock::Clock as _,
    http::{HeaderName, HttpClient, HttpError, HttpRequest},
    ids::IdSource as _,
};
use uuid::Uuid;

use super::{
    fields::Fields,
    lines::{TRACE, by_place},
    outlet::{Letter, Outlet, Shipping},
};
use crate::{
    config::Dsn,
    system::{RandomIds, SystemClock},
};

/// How long to wait for more: not at all.
const LINGER: Duration = Duration::ZERO;

/// Something went wrong.
#[derive(Debug)]
pub struct Alarm {
    id: Uuid,
    at: DateTime<Utc>,
    /// Where in the code.
    logger: String,
    fields: Vec<(&'static str, Value)>,
    /// The request or the job in which it happened.
    around: Vec<(String, Value)>,
}

struct Alarms(Outlet<Alarm>);

/// What is known of a span in which something may go wrong.
struct Around(Fields);

/// Who hears of failures, and who tells Sentry.
pub fn to_sentry<S>(
    dsn: &Dsn,
    tags: &[(&'static str, String)],
    http: Arc<dyn HttpClient>,
) -> (impl Layer<S> + Send + Sync + use<S>, Shipping<Alarm>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let (outlet, receiver) = Outlet::new("sentry");
    let letter = Box::new(Sentry { dsn: dsn.clone(), tags: tags.to_vec() });
    let shipping = Shipping { receiver, letter, http, to: "sentry", at_once: 1, linger: LINGER };
    let is_heard = |place: &tracing::Metadata<'_>| {
        let is_around = place.is_span() && place.target() != TRACE && *place.level() <= Level::INFO;
        (is_around && place.target().starts_with("turnout")) || *place.level() == Level::ERROR
    };
    (Alarms(outlet).with_filter(by_place(Level::INFO, is_heard)), shipping)
}

impl<S> Layer<S> for Alarms
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(Around(fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut around = Vec::new();
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Around(known)) = span.extensions().get::<Around>() {
                let named =
                    |(name, value): &(&str, Value)| (format!("{}.{name}", span.name()), value.clone());
                around.extend(known.known.iter().map(named));
            }
        }
        let (id, at, logger) = (RandomIds.uuid(), SystemClock.now(), event.metadata().target().to_owned());
        self.0.put(Alarm { id, at, logger, fields: fields.known, around });
    }
}

/// The project that is told.
struct Sentry {
    dsn: Dsn,
    tags: Vec<(&'static str, String)>,
}

impl Sentry {
    fn tag(&self, name: &str) -> Option<&str> {
        let found = self.tags.iter().find(|(tag, _)| *tag == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }

    /// The event as Sentry has it (its "Event Payloads").
    fn event(&self, alarm: &Alarm) -> Value {
        let of = |name: &str| alarm.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
        let message = of("message").and_then(Value::as_str).unwrap_or("an error");
        let beside = alarm.fields.iter().filter(|(name, _)| *name != "message");
        let extra: Map<String, Value> = beside
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .chain(alarm.around.iter().cloned())
            .collect();
        let tags: Map<String, Value> = self
            .tags
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        json!({
            "event_id": alarm.id.simple().to_string(),
            "timestamp": alarm.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "platform": "native",
            "level": "error",
            "logger": alarm.logger,
            "logentry": {"formatted": message},
            "release": self.tag("image_tag"),
            "environment": self.tag("env"),
            "server_name": self.tag("spinnaker_servergroup"),
            "fingerprint": [alarm.logger, message, of("kind").or_else(|| of("job.kind")).cloned().unwrap_or_default()],
            "tags": tags,
            "extra": extra,
        })
    }
}

impl Letter<Alarm> for Sentry {
    /// An envelope for each: Sentry takes one event in an envelope.
    fn request(&self, alarms: &[Alarm]) -> Result<HttpRequest, HttpError> {
        let mut body = String::new();
        for alarm in alarms {
            let event = self.event(alarm).to_string();
            let head = json!({"event_id": alarm.id.simple().to_string()});
            let kind = json!({"type": "event", "length": event.len()});
            body += &format!("{head}\n{kind}\n{event}\n");
        }
        let client = concat!("turnout/", env!("CARGO_PKG_VERSION"));
        let key = self.dsn.key.reveal();
        let auth = format!("Sentry sentry_version=7, sentry_client={client}, sentry_key={key}");
        HttpRequest::post(self.dsn.endpoint.clone())
            .with_body("application/x-sentry-envelope", body)
            .with_secret_header(HeaderName::from_static("x-sentry-auth"), &auth)
    }
}
