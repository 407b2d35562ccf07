//! Traces by OpenTelemetry: spans to a collector, as OTLP over HTTP in JSON.
//!
//! A request and a run of a job begin a trace, or go on with that of the caller's `traceparent`; below them are the
//! use-case, each view and unit of the store, and each call of a vendor. A span has names from our code, ids and numbers.
//! Vendors are told nothing of it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tracing::{
    Event, Level, Metadata, Subscriber,
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer,
    layer::Context,
    registry::{LookupSpan, SpanRef},
};
use turnout_core::ports::{
    clock::Clock as _,
    http::{HeaderName, HttpClient, HttpError, HttpRequest},
};

use super::{
    fields::Fields,
    lines::{TRACE, by_place},
    outlet::{Letter, Outlet, Shipping},
    traceparent::TraceParent,
};
use crate::{config, system::SystemClock};

/// The spans that begin a trace.
const ROOTS: [&str; 2] = ["http.request", "job"];
/// How many spans go at once.
const AT_ONCE: usize = 512;
/// How long to wait for more.
const LINGER: Duration = Duration::from_secs(2);

/// A span that ended.
#[derive(Debug)]
pub struct Ended {
    name: &'static str,
    open: Open,
    end: DateTime<Utc>,
}

/// A span that is open.
#[derive(Debug)]
struct Open {
    trace: [u8; 16],
    span: [u8; 8],
    parent: Option<[u8; 8]>,
    is_kept: bool,
    start: DateTime<Utc>,
    fields: Fields,
    has_failed: bool,
}

/// Hears of spans and keeps a share of them.
struct Traces {
    outlet: Outlet<Ended>,
    share: f64,
}

/// Who hears of spans, and who tells the collector.
pub fn to_collector<S>(
    settings: &config::Traces,
    tags: &[(&'static str, String)],
    http: Arc<dyn HttpClient>,
) -> (impl Layer<S> + Send + Sync + use<S>, Shipping<Ended>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let (outlet, receiver) = Outlet::new("traces");
    let traces = Traces { outlet, share: settings.share };
    let letter = Box::new(Collector { settings: settings.clone(), resource: resource(tags) });
    let shipping = Shipping { receiver, letter, http, to: "traces", at_once: AT_ONCE, linger: LINGER };
    (traces.with_filter(by_place(Level::INFO, is_traced)), shipping)
}

fn is_traced(place: &Metadata<'_>) -> bool {
    if place.is_span() {
        place.target() == TRACE || (place.name() == "job" && place.target().starts_with("turnout"))
    } else {
        *place.level() == Level::ERROR && place.target().starts_with("turnout")
    }
}

impl Traces {
    fn open<S>(&self, span: &SpanRef<'_, S>, fields: Fields) -> Open
    where
        S: for<'a> LookupSpan<'a>,
    {
        let above = span.parent().and_then(|above| {
            let extensions = above.extensions();
            let open = extensions.get::<Open>()?;
            Some((open.trace, Some(open.span), open.is_kept))
        });
        let caller = || {
            let caller = TraceParent::parse(fields.traceparent.as_deref()?)?;
            Some((caller.trace, Some(caller.span), caller.is_kept && self.is_kept(caller.trace)))
        };
        let (trace, parent, is_kept) = above.or_else(caller).unwrap_or_else(|| {
            let trace: [u8; 16] = rand::random();
            // what telling others does is no trace of its own
            (trace, None, ROOTS.contains(&span.name()) && self.is_kept(trace))
        });
        let start = SystemClock.now();
        Open { trace, span: rand::random(), parent, is_kept, start, fields, has_failed: false }
    }

    /// The same share of traces in every process, by the trace's own id.
    fn is_kept(&self, trace: [u8; 16]) -> bool {
        let [.., a, b, c, d] = trace;
        f64::from(u32::from_be_bytes([a, b, c, d])) < self.share * (f64::from(u32::MAX) + 1.0)
    }
}

impl<S> Layer<S> for Traces
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let open = self.open(&span, fields);
        span.extensions_mut().insert(open);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(&mut open.fields);
        }
    }

    /// An error is the failure of every span that it happened in.
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(open) = span.extensions_mut().get_mut::<Open>() {
                open.has_failed = true;
            }
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let open = span.extensions_mut().remove::<Open>();
        if let Some(open) = open.filter(|open| open.is_kept) {
            self.outlet.put(Ended { name: span.name(), open, end: SystemClock.now() });
        }
    }
}

/// Who takes traces.
struct Collector {
    settings: config::Traces,
    resource: Value,
}

impl Letter<Ended> for Collector {
    fn request(&self, spans: &[Ended]) -> Result<HttpRequest, HttpError> {
        let spans: Vec<Value> = spans.iter().map(Ended::otlp).collect();
        let scope = json!({"name": "turnout-server", "version": env!("CARGO_PKG_VERSION")});
        let body = json!({"resourceSpans": [{
            "resource": self.resource,
            "scopeSpans": [{"scope": scope, "spans": spans}],
        }]});
        let mut request = HttpRequest::post(self.settings.endpoint.clone()).with_json(&body)?;
        for (name, value) in &self.settings.headers {
            let name = HeaderName::try_from(name)
                .map_err(|_| turnout_core::ports::http::HttpErrorKind::Unwritable)?;
            request = request.with_secret_header(name, value.reveal())?;
        }
        Ok(request)
    }
}

/// Which process it is.
fn resource(tags: &[(&'static str, String)]) -> Value {
    let mut attributes = vec![attribute("service.name", &json!("turnout"))];
    let given = tags.iter().filter(|(_, value)| !value.is_empty());
    attributes.extend(given.map(|(name, value)| {
        let name = match *name {
            "env" => "deployment.environment.name",
            "image_tag" => "service.version",
            name => name,
        };
        attribute(name, &json!(value))
    }));
    json!({"attributes": attributes})
}

fn attribute(name: &str, value: &Value) -> Value {
    let value = match value {
        Value::Number(number) => json!({"intValue": number.to_string()}),
        Value::Bool(flag) => json!({"boolValue": flag}),
        Value::String(text) => json!({"stringValue": text}),
        other => json!({"stringValue": other.to_string()}),
    };
    json!({"key": name, "value": value})
}

impl Ended {
    /// As OTLP has it (opentelemetry-proto 1.x, the mapping to JSON).
    fn otlp(&self) -> Value {
        let Self { name, open, end } = self;
        let text = |name: &str| open.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let (shown, kind) = match *name {
            "http.request" => (format!("{} {}", text("method"), text("route")).trim_end().to_owned(), 2),
            "vendor" => (format!("vendor {}", text("host")), 3),
            "store" => (format!("store {}", text("what")), 3),
            "job" => (format!("job {}", text("kind")), 5),
            name => (name.to_owned(), 1),
        };
        let attributes: Vec<Value> =
            open.fields.known.iter().map(|(field, value)| attribute(semantic(name, field), value)).collect();
        let status = open.fields.get("status").and_then(Value::as_u64).unwrap_or_default();
        let mut span = json!({
            "traceId": hex::encode(open.trace),
            "spanId": hex::encode(open.span),
            "name": shown,
            "kind": kind,
            "startTimeUnixNano": nanoseconds(open.start),
            "endTimeUnixNano": nanoseconds(*end),
            "attributes": attributes,
            "status": if open.has_failed || status >= 500 { json!({"code": 2}) } else { json!({}) },
        });
        if let Some(parent) = open.parent {
            span["parentSpanId"] = hex::encode(parent).into();
        }
        span
    }
}

/// The names that OpenTelemetry has for some of our fields.
fn semantic(span: &str, field: &'static str) -> &'static str {
    match (span, field) {
        (_, "method") => "http.request.method",
        (_, "route") => "http.route",
        ("http.request", "status") => "http.response.status_code",
        ("http.request", "id") => "turnout.request.id",
        ("job", "id") => "turnout.job.id",
        ("job", "kind") => "turnout.job.kind",
        ("vendor", "host") => "server.address",
        ("store", "what") => "db.operation.name",
        (_, field) => field,
    }
}

fn nanoseconds(moment: DateTime<Utc>) -> String {
    moment.timestamp_nanos_opt().unwrap_or_default().to_string()
}
