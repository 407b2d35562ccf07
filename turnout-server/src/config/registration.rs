//! Delays of actions, and what registrations need.

use std::time::Duration;

use chrono::TimeDelta;
use turnout_core::{jobs::schedule::is_cron, settings::Settings};
use url::Url;

use super::{
    Secret,
    reader::{Reader, is_origin},
};

/// Pennsylvania's online registration.
#[derive(Debug)]
pub struct Pennsylvania {
    /// The key, with which applications are sent: `PA_OVR_KEY`.
    pub key: Option<Secret>,
    /// Where it is.
    pub base: Url,
    /// How long it may take to answer an application.
    pub timeout: TimeDelta,
}

impl Pennsylvania {
    /// `most` is how long a voter's request may take.
    pub(super) fn read(reader: &mut Reader<'_>, settings: &mut Settings, most: Duration) -> Option<Self> {
        const KEY: &str = "PA_OVR_KEY";
        const TIMEOUT: &str = "PA_OVR_TIMEOUT_SECONDS";
        let part = if reader.flag("PA_OVR_STAGING") { ".beta" } else { "" };
        let base =
            base(reader).or_else(|| Url::parse(&format!("https://paovrwebapi{part}.vote.pa.gov")).ok());
        let key = reader.text(KEY);
        if !key.iter().all(|key| key.bytes().all(|byte| byte.is_ascii_graphic())) {
            let what = "must be of letters, digits and signs without blanks";
            reader.complaints.wrong(KEY, what, "01234567-89ab-cdef-0123-456789abcdef");
        }
        if key.is_some() && !cfg!(feature = "pennsylvania") {
            reader.complaints.wrong(KEY, "needs a build with the feature pennsylvania; unset it", "");
        }
        let seconds: u32 = reader.number(TIMEOUT, 1);
        let timeout = TimeDelta::seconds(seconds.into());
        if key.is_some() && Duration::from_secs(seconds.into()) >= most {
            let what =
                "must be less than HTTP_REQUEST_TIMEOUT_SECONDS, or answers come too late for the voter";
            reader.complaints.wrong(TIMEOUT, what, "25");
        }
        settings.register.counties_at = counties_at(reader, key.is_some());
        Some(Self { key: key.map(Secret::new), base: base?, timeout })
    }

    /// A row of `config show`: the vendor, and whether it is asked.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match self.key {
            Some(_) => ("pennsylvania", "real"),
            None => {
                ("none", "off: PA_OVR_KEY sends registrations to Pennsylvania; without it they go on paper")
            }
        }
    }
}

/// Where Pennsylvania is asked instead, if that is set. What is no address was complained about.
fn base(reader: &mut Reader<'_>) -> Option<Url> {
    const NAME: &str = "PA_OVR_BASE_URL";
    let given = reader.text(NAME)?;
    let url = Url::parse(&given).ok().filter(is_origin);
    if url.is_none() {
        let what = "must be http or https with a host and no path";
        reader.complaints.wrong(NAME, what, "https://simulator.example.org");
    }
    url
}

/// When the counties are published, if they are.
fn counties_at(reader: &mut Reader<'_>, has_key: bool) -> Option<String> {
    let sync = reader.flag("PA_COUNTIES_SYNC");
    if sync && !has_key {
        let example = "01234567-89ab-cdef-0123-456789abcdef";
        reader.complaints.wrong("PA_OVR_KEY", "must be set while PA_COUNTIES_SYNC is true", example);
    }
    let mut part = |name, cron: &dyn Fn(&str) -> String, example| {
        let given = reader.given(name);
        if given.split_whitespace().count() != 1 || !is_cron(&cron(&given)) {
            reader.complaints.wrong(name, "must be that part of a cron expression", example);
        }
        given
    };
    let hour = part("PA_COUNTIES_CRON_HOUR", &|hour| format!("0 {hour} * * *"), "5");
    let minute = part("PA_COUNTIES_CRON_MINUTE", &|minute| format!("{minute} 0 * * *"), "25");
    sync.then(|| format!("{minute} {hour} * * *"))
}

pub(super) fn read(reader: &mut Reader<'_>, settings: &mut Settings) {
    settings.action.check_unfinished_delay = seconds(reader, "ACTION_CHECK_UNFINISHED_DELAY");
    let register = &mut settings.register;
    register.colorado_id = link_id(reader, "REGISTER_CO_VRD_ENABLED", "REGISTER_CO_VRD_ID");
    register.washington_id = link_id(reader, "REGISTER_WA_VRD_ENABLED", "REGISTER_WA_VRD_ID");
    let example = "https://example.org/register-to-vote/resume/";
    register.resume_url = reader.page("REGISTER_RESUME_URL", &[], example);
    let minutes: u32 = reader.number("REGISTER_JWT_EXPIRATION_MINUTES", 1);
    register.resume_lifetime = TimeDelta::minutes(minutes.into());
    register.next_steps_delay = seconds(reader, "REGISTER_UPSELL_DELAY_SECONDS");
    register.confirm_nag_delay = seconds(reader, "REGISTER_LOB_CONFIRM_NAG_SECONDS");
    settings.verifier.next_steps_delay = seconds(reader, "VERIFIER_UPSELL_DELAY_SECONDS");
}

pub(super) fn seconds(reader: &mut Reader<'_>, name: &str) -> TimeDelta {
    let seconds: u32 = reader.number(name, 0);
    TimeDelta::seconds(seconds.into())
}

/// The id of a state's drive, while it is enabled.
fn link_id(reader: &mut Reader<'_>, enabled: &str, id: &'static str) -> Option<String> {
    let on = reader.flag(enabled);
    let value = reader.text(id);
    if on && value.is_none() {
        reader.complaints.wrong(id, &format!("must be set while {enabled} is true"), "1234");
    }
    value.filter(|_| on)
}
