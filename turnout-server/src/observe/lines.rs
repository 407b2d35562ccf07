//! Lines in the log: for a person's eyes, or JSON.

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt as _, FilterFn, filter_fn},
    fmt::{self, MakeWriter},
    registry::LookupSpan,
};

/// The target of spans that are there for traces alone.
pub const TRACE: &str = "turnout::trace";

/// How lines are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// For a person's eyes, and not JSON.
    pub readable: bool,
    /// With colors.
    pub colors: bool,
}

/// Whether a place in the code may be heard in the log, whatever the filter says.
///
/// Crates of others are heard from `info` on: below it some log what they carry, and the SMTP client logs whole mails.
#[must_use]
pub fn may_be_heard(place: &Metadata<'_>) -> bool {
    let is_ours = place.target().starts_with("turnout");
    place.target() != TRACE && (is_ours || *place.level() <= Level::INFO)
}

/// Lets through what `is_heard` wants, none of it beyond that level. Without the level the crate `log` would pass on every
/// question whether somebody listens; and whoever only asks, is told no and stays silent takes the next line on its thread
/// with it (`postgres::a_voter_registers_…` saw it with PostgreSQL).
pub fn by_place<F: Fn(&Metadata<'_>) -> bool>(up_to: Level, is_heard: F) -> FilterFn<F> {
    filter_fn(is_heard).with_max_level_hint(up_to)
}

/// Writes lines of what `filter` lets through, as `tracing_subscriber::EnvFilter` reads it.
pub fn layer<S, W>(style: Style, filter: &str, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse_lossy(filter).and(by_place(Level::TRACE, may_be_heard));
    let lines = fmt::layer().with_writer(writer).with_ansi(style.colors);
    if style.readable {
        lines.with_target(false).with_filter(filter).boxed()
    } else {
        lines.json().with_filter(filter).boxed()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn heard(readable: bool, filter: &str, say: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let style = Style { readable, colors: false };
        // a list, as the process has it
        let layers = vec![layer(style, filter, move || writer.clone())];
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layers), say);
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn crates_of_others_are_heard_from_info_on_however_much_is_asked_for() {
        let text = heard(false, "trace", || {
            tracing::debug!(target: "lettre::transport", "Wrote: RCPT TO:<ann@example.org>");
            tracing::trace!(target: "hyper::proto", "ann@example.org");
            tracing::info!(target: "lettre::transport", "sent");
            tracing::debug!(target: "turnout_core::jobs", "ours");
        });
        assert!(!text.contains("ann@"), "{text}");
        assert!(text.contains("sent") && text.contains("ours"), "{text}");
    }

    #[test]
    fn a_line_is_json_with_its_request_or_readable() {
        let say = || {
            let span = tracing::info_span!("request", id = "4711");
            let _traced = tracing::info_span!(target: "turnout::trace", "register.submit").entered();
            span.in_scope(|| tracing::info!(target: "turnout_core::register", route = 7, "finished"));
        };
        let line: serde_json::Value = serde_json::from_str(&heard(false, "info", say)).unwrap();
        assert_eq!(line["fields"]["message"], "finished");
        assert_eq!(line["span"]["id"], "4711");
        assert_eq!(line["spans"].as_array().unwrap().len(), 1, "spans of traces are none of the log's");
        let text = heard(true, "info", say);
        assert!(text.contains("request{id=\"4711\"}: finished route=7"), "{text}");
    }
}
