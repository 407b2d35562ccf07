//! The fields of spans and events that may leave the process, by name. A name that is not here stays.

use std::{error::Error, fmt};

use serde_json::{Value, json};
use tracing::field::{Field, Visit};

/// Ids, and names and numbers from our code.
const PLAIN: &[&str] = &[
    "action.id",
    "attempt",
    "ballot_request.id",
    "file.id",
    "host",
    "id",
    "job",
    "job.attempt",
    "job.id",
    "job.kind",
    "kind",
    "method",
    "ms",
    "place",
    "registration.id",
    "request_id",
    "route",
    "source",
    "status",
    "together",
    "what",
];
/// Texts about what went wrong. They are written without personal data, and are looked through all the same.
#[cfg(feature = "sentry")]
const WORDS: &[&str] = &["cause", "error", "message", "reason"];

/// What may leave of the fields of a span or an event.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) known: Vec<(&'static str, Value)>,
    /// How a caller wants the trace to go on.
    #[cfg(feature = "otel")]
    pub(super) traceparent: Option<String>,
}

impl Fields {
    #[cfg(feature = "otel")]
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.known.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn note(&mut self, field: &Field, value: Value) {
        let name = field.name();
        if PLAIN.contains(&name) {
            self.known.push((name, value));
            return;
        }
        #[cfg(feature = "sentry")]
        if let (true, Value::String(text)) = (WORDS.contains(&name), &value) {
            self.known.push((name, Value::String(scrubbed(text))));
        }
        #[cfg(feature = "otel")]
        if let ("traceparent", Value::String(text)) = (name, value) {
            self.traceparent = Some(text);
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.note(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.note(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.note(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.note(field, json!(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        self.note(field, json!(text));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.note(field, json!(format!("{value:?}")));
    }
}

/// A text without what looks like an e-mail address, or a number as people have them. Ids stay.
#[cfg(feature = "sentry")]
pub(super) fn scrubbed(text: &str) -> String {
    const FROM: usize = 7;
    let word = |word: &str| {
        let bare = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        if word.contains('@') {
            "[e-mail]".to_owned()
        } else if digits >= FROM && uuid::Uuid::try_parse(bare).is_err() {
            "[number]".to_owned()
        } else {
            word.to_owned()
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(all(test, feature = "sentry"))]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_go_and_ids_stay() {
        for (text, expected) in [
            ("no mailbox <ann@example.org> here", "no mailbox [e-mail] here"),
            ("to +16175557890: gone", "to [number] gone"),
            ("(617) 555-7890", "(617) [number]"),
            (
                "job 12345678-1234-4123-8123-123456789012 failed",
                "job 12345678-1234-4123-8123-123456789012 failed",
            ),
            ("the vendor answered 503 after 30 s", "the vendor answered 503 after 30 s"),
        ] {
            assert_eq!(scrubbed(text), expected);
        }
    }
}
