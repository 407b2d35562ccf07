//! What is published of facts about states, and who watches what they name.

use turnout_core::{jobs::schedule::is_cron, settings::ElectionSettings};
use url::Url;

use super::{
    Secret,
    geocoding::base,
    reader::{Reader, is_origin},
};

/// What is published, and who watches.
#[derive(Debug)]
pub struct Publishing {
    /// Who keeps our answers near to readers, while `CLOUDFLARE_ENABLED`.
    pub cdn: Option<Cdn>,
    /// Who watches the tools of states, with `UPTIME_URL`.
    pub monitor: Option<Monitor>,
    /// Whose facts `import state-info` takes over unless it is told: `STATE_INFO_URL`.
    pub state_info: Url,
}

/// A zone of Cloudflare.
#[derive(Debug)]
pub struct Cdn {
    /// Where its API is.
    pub base: Url,
    /// The zone's id.
    pub zone: String,
    /// What opens it.
    pub token: Secret,
}

/// A monitor of pages.
#[derive(Debug)]
pub struct Monitor {
    /// Where it is.
    pub base: Url,
    /// As whom we are known.
    pub user: String,
    /// By what.
    pub password: Secret,
}

impl Publishing {
    /// `environment` is `ENV`.
    pub(super) fn read(reader: &mut Reader<'_>, settings: &mut ElectionSettings, environment: &str) -> Self {
        settings.redirects_at = redirects_at(reader);
        let cdn = cdn(reader);
        settings.cdn_environment = cdn.as_ref().map(|_| environment.to_owned());
        let monitor = monitor(reader);
        settings.monitors_tools = monitor.is_some();
        let state_info = Url::parse(&reader.origin("STATE_INFO_URL"));
        // what is no address was complained about
        let state_info = state_info.unwrap_or_else(|_| Url::parse(NOWHERE).expect("it is an address"));
        Self { cdn, monitor, state_info }
    }

    /// Rows of `config show`: what for, the vendor, and real or off.
    #[must_use]
    pub fn standings(&self) -> [(&'static str, &'static str, &'static str); 2] {
        let of = |role, vendor, is_set, off| match is_set {
            true => (role, vendor, "real"),
            false => (role, "none", off),
        };
        [
            of(
                "what a CDN keeps",
                "cloudflare",
                self.cdn.is_some(),
                "off: CLOUDFLARE_ENABLED has it forgotten when facts change",
            ),
            of(
                "tools of states, watched",
                "uptime",
                self.monitor.is_some(),
                "off: UPTIME_URL has them watched",
            ),
        ]
    }
}

/// Stands for an address that is none.
const NOWHERE: &str = "https://invalid";

fn cdn(reader: &mut Reader<'_>) -> Option<Cdn> {
    const ENABLED: &str = "CLOUDFLARE_ENABLED";
    let is_on = reader.flag(ENABLED);
    let base = base(reader, "CLOUDFLARE_BASE_URL");
    let [zone, token] = ["CLOUDFLARE_ZONE", "CLOUDFLARE_TOKEN"].map(|name| {
        let given = reader.text(name);
        let is_good = |text: &String| text.bytes().all(|byte| byte.is_ascii_graphic());
        if given.as_ref().is_some_and(|text| !is_good(text)) {
            let what = "must be of letters, digits and signs without blanks";
            reader.complaints.wrong(name, what, "0123456789abcdef");
        }
        if is_on && given.is_none() {
            reader.complaints.wrong(
                name,
                &format!("must be set while {ENABLED} is true"),
                "0123456789abcdef",
            );
        }
        given
    });
    needs_client(reader, ENABLED, is_on);
    Some(Cdn { base: base?, zone: zone?, token: Secret::new(token?) }).filter(|_| is_on)
}

fn monitor(reader: &mut Reader<'_>) -> Option<Monitor> {
    const PLACE: &str = "UPTIME_URL";
    const PASSWORD: &str = "UPTIME_SECRET";
    let (user, password) = (reader.given("UPTIME_USER"), reader.text(PASSWORD));
    // unset, it is off (quirk Q63)
    let given = reader.text(PLACE);
    let is_on = given.is_some();
    let base = given.and_then(|given| Url::parse(&given).ok().filter(is_origin));
    if is_on && base.is_none() {
        let what = "must be http or https with a host and no path";
        reader.complaints.wrong(PLACE, what, "https://uptime.example.org");
    }
    if is_on && password.is_none() {
        reader.complaints.wrong(PASSWORD, &format!("must be set with {PLACE}"), "0123456789abcdef");
    }
    needs_client(reader, PLACE, is_on);
    Some(Monitor { base: base?, user, password: Secret::new(password?) })
}

fn needs_client(reader: &mut Reader<'_>, name: &str, is_on: bool) {
    if is_on && !cfg!(feature = "http-client") {
        reader.complaints.wrong(name, "needs a build with the feature http-client; unset it", "");
    }
}

/// When addresses of tools are published, if they are.
fn redirects_at(reader: &mut Reader<'_>) -> Option<String> {
    let sync = reader.flag("STATE_TOOL_REDIRECT_SYNC");
    let mut part = |name, cron: &dyn Fn(&str) -> String, example| {
        let given = reader.given(name);
        if given.split_whitespace().count() != 1 || !is_cron(&cron(&given)) {
            reader.complaints.wrong(name, "must be that part of a cron expression", example);
        }
        given
    };
    let hour = part("STATE_TOOL_REDIRECT_CRON_HOUR", &|hour| format!("0 {hour} * * *"), "*/12");
    let minute = part("STATE_TOOL_REDIRECT_CRON_MINUTE", &|minute| format!("{minute} 0 * * *"), "10");
    sync.then(|| format!("{minute} {hour} * * *"))
}
