//! What somebody enters about an endpoint.

use chrono::TimeDelta;
use url::{Host, Url};

use super::{MOST_ENDPOINTS, Topic, Window, kept_days};
use crate::{
    app::App,
    input::{Given, Input, Reader, Rules},
    problems::{NON_FIELD, Problem, Problems},
};

/// The most characters of an address.
pub const LONGEST_ADDRESS: usize = 500;
/// The most characters of what an endpoint is for.
pub const LONGEST_DESCRIPTION: usize = 200;

/// Names that mean a machine of one's own network.
const OWN_NAMES: [&str; 5] = ["localhost", "local", "internal", "lan", "home.arpa"];

/// An endpoint as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The address.
    pub address: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it is told of.
    pub topics: Vec<Topic>,
}

impl Draft {
    /// Reads `address`, `description`, and a box for each topic by its name.
    ///
    /// # Errors
    /// Every complaint.
    pub fn read(app: &App, input: &Input) -> Result<Self, Problems> {
        let mut reader = Reader::whole(input);
        let address = reader.text("address", Rules::required().at_most(LONGEST_ADDRESS));
        let address = match address {
            Given::Value(text) => match refusal(&text, app.settings.webhook.any_host) {
                None => text,
                Some(why) => {
                    reader.complain("address", Problem::Other("problem-webhook-address", why.into()));
                    text
                }
            },
            _ => String::new(),
        };
        let description = Rules::optional().or_null().or_blank().at_most(LONGEST_DESCRIPTION);
        let description = reader.text("description", description).value().filter(|text| !text.is_empty());
        let wanted = |topic: &Topic| reader.boolean(topic.wire(), Rules::optional()) == Given::Value(true);
        let topics: Vec<Topic> = Topic::offered().filter(wanted).collect();
        if topics.is_empty() {
            let what = "Choose at least one event.";
            reader.complain(NON_FIELD, Problem::Other("problem-webhook-topics", what.into()));
        }
        reader.into_problems().into_result()?;
        Ok(Self { address, description, topics })
    }
}

/// Why nothing may be sent to an address, if so. A name that means a host of one's own network passes here: it is found out
/// when it is looked up.
fn refusal(text: &str, any_host: bool) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else {
        return Some("Enter a whole address, such as https://example.org/hook.");
    };
    let scheme_is_known = url.scheme() == "https" || (any_host && url.scheme() == "http");
    if !scheme_is_known {
        return Some("The address has to begin with https://.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("Leave name and password out of the address: by the signature you know that it is us.");
    }
    if url.fragment().is_some() {
        return Some("Leave out # and what follows: it is never sent.");
    }
    let is_public = match url.host() {
        Some(Host::Domain(name)) => is_public_name(name),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => false,
    };
    (!any_host && !is_public).then_some("The host has to be one that everybody can reach, by its name.")
}

fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_own = |own: &&str| name == **own || name.ends_with(&format!(".{own}"));
    name.contains('.') && !OWN_NAMES.iter().any(is_own)
}

/// Why there is no room for one more endpoint, if so.
pub(super) fn no_room(count: usize) -> Option<Problems> {
    let what = format!("There are {MOST_ENDPOINTS} endpoints already; remove one that is not used.");
    (count >= MOST_ENDPOINTS)
        .then(|| Problems::one(NON_FIELD, Problem::Other("problem-webhook-endpoints", what)))
}

/// Reads `from` and `to`, both moments of ISO 8601; without the second until now. What is not kept any more cannot be asked
/// for.
///
/// # Errors
/// Every complaint.
pub fn read_window(app: &App, input: &Input) -> Result<Window, Problems> {
    let now = app.now();
    let mut reader = Reader::whole(input);
    let from = reader.datetime("from", Rules::required()).value();
    let to = reader.datetime("to", Rules::optional().or_null());
    let is_open = matches!(to, Given::Absent | Given::Null);
    let to = to.value().or(is_open.then_some(now));
    let complain = |reader: &mut Reader<'_>, field: &str, what: &str| {
        reader.complain(field, Problem::Other("problem-webhook-window", what.into()));
    };
    if let (Some(from), Some(days)) = (from, kept_days(app))
        && from < now - TimeDelta::days(i64::from(days))
    {
        complain(&mut reader, "from", &format!("Deliveries are kept for {days} days."));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        complain(&mut reader, "to", "The end has to come after the beginning.");
    }
    reader.into_problems().into_result()?;
    match (from, to) {
        (Some(from), Some(to)) => Ok(Window { from, to }),
        _ => Err(Problems::one("from", Problem::Required)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{memory::world, retention::Kind, settings::Settings};

    fn form(pairs: &[(&str, &str)]) -> Input {
        Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn only_hosts_that_everybody_can_reach_are_taken_and_only_with_tls() {
        for good in
            ["https://example.org/hook", "https://hooks.example.org:8443/a?b=c", "https://EXAMPLE.org"]
        {
            assert_eq!(refusal(good, false), None, "{good}");
        }
        for bad in [
            "http://example.org/",
            "ftp://example.org/",
            "example.org",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://db.internal/",
            "https://printer.local/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://8.8.8.8/",
            "https://[::1]/",
            "https://ann:hush@example.org/",
            "https://example.org/#a",
            "https://",
        ] {
            assert!(refusal(bad, false).is_some(), "{bad}");
        }
        for local in ["http://127.0.0.1:9000/hook", "http://localhost/", "https://intranet/"] {
            assert_eq!(refusal(local, true), None, "{local}");
        }
        assert!(refusal("ftp://localhost/", true).is_some());
    }

    #[test]
    fn every_complaint_comes_at_once() {
        let app = world().app;
        let long = "x".repeat(201);
        let problems = Draft::read(&app, &form(&[("address", "http://example.org"), ("description", &long)]));
        let problems = problems.expect_err("three complaints");
        assert!(problems.has("address") && problems.has("description") && problems.has(NON_FIELD));
        let read =
            form(&[("address", "https://example.org/h"), ("lookup.started", "true"), ("action.event", "on")]);
        let read = Draft::read(&app, &read).expect("a draft");
        assert_eq!(read.topics, [Topic::LookupStarted, Topic::ActionEvent]);
        assert_eq!(read.description, None);
        // nobody subscribes to tests
        assert!(
            Draft::read(&app, &form(&[("address", "https://example.org"), ("webhook.test", "true")]))
                .is_err()
        );
    }

    #[test]
    fn a_window_ends_after_it_begins_and_begins_where_deliveries_are_kept() {
        let world = world();
        let now = "2026-11-03T12:00:00Z".parse().expect("a time");
        world.clock.set(now);
        let app = world.app;
        let pairs = |from: &'static str, to: &'static str| form(&[("from", from), ("to", to)]);
        let read = |from: &'static str, to: &'static str| read_window(&app, &pairs(from, to));
        let hour = read("2026-11-03T10:00", "2026-11-03T11:00Z").expect("a window");
        assert_eq!((hour.to - hour.from).num_minutes(), 60);
        assert!(hour.holds(hour.from) && !hour.holds(hour.to));
        assert_eq!(read("2026-11-03T10:00Z", "").expect("until now").to, now);
        assert!(read("2026-11-03T10:00Z", "2026-11-03T10:00Z").expect_err("empty").has("to"));
        assert!(read("2026-10-04T11:59Z", "").expect_err("too old").has("from"));
        assert!(read("2026-10-04T12:00Z", "").is_ok(), "it is not deleted yet");
        assert!(read("", "never").expect_err("two").has("to"));
        let keeping = |days: Option<u32>| {
            let mut settings = Settings::default();
            settings.retention.days = days.map(|days| (Kind::Deliveries, days)).into_iter().collect();
            App { settings: Arc::new(settings), ..app.clone() }
        };
        let of_week = read_window(&keeping(Some(7)), &pairs("2026-10-27T11:00Z", ""));
        assert!(of_week.expect_err("too old").has("from"));
        assert!(read_window(&keeping(None), &pairs("2020-01-01T00:00Z", "")).is_ok(), "it is kept for good");
    }
}
