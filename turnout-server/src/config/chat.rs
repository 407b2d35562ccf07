//! Where the team that runs the service hears of things.

use turnout_core::settings::Settings;
use url::Url;

use super::{Secret, reader::Reader};

/// The rooms of the team's chat.
#[derive(Debug)]
pub struct Chat {
    /// Slack's webhook for new wishes to subscribe, an address; who knows it can write there.
    pub leads: Option<Secret>,
    /// That for what is wrong with data of others.
    pub data_errors: Option<Secret>,
}

impl Chat {
    pub(super) fn read(reader: &mut Reader<'_>, settings: &mut Settings) -> Self {
        let leads = room(reader, "SLACK_SUBSCRIBER_INTEREST_ENABLED", "SLACK_SUBSCRIBER_INTEREST_WEBHOOK");
        settings.subscription.notifies_of_leads = leads.is_some();
        let data_errors = room(reader, "SLACK_DATA_ERROR_ENABLED", "SLACK_DATA_ERROR_WEBHOOK");
        settings.official.notifies_of_gaps = data_errors.is_some();
        Self { leads, data_errors }
    }

    /// Rows of `config show`: what for, the vendor, and whether it is used.
    #[must_use]
    pub fn standings(&self) -> [(&'static str, &'static str, &'static str); 2] {
        let of = |role, room: &Option<Secret>, off| match room {
            Some(_) => (role, "slack", "real"),
            None => (role, "none", off),
        };
        [
            of(
                "the team's chat",
                &self.leads,
                "off: SLACK_SUBSCRIBER_INTEREST_ENABLED tells the team of new leads",
            ),
            of(
                "the team's chat, on data",
                &self.data_errors,
                "off: SLACK_DATA_ERROR_ENABLED tells the team what lists of offices lack",
            ),
        ]
    }
}

/// The webhook of a room, while that is on.
fn room(reader: &mut Reader<'_>, enabled: &'static str, webhook: &'static str) -> Option<Secret> {
    let example = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX";
    let is_on = reader.flag(enabled);
    let given = reader.text(webhook);
    let is_address =
        |text: &String| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if given.as_ref().is_some_and(|text| !is_address(text)) {
        let what = "must be an address that begins with http:// or https://";
        reader.complaints.wrong(webhook, what, example);
    }
    if is_on && given.is_none() {
        reader.complaints.wrong(webhook, &format!("must be set while {enabled} is true"), example);
    }
    if is_on && !cfg!(feature = "http-client") {
        reader.complaints.wrong(enabled, "needs a build with the feature http-client; unset it", "");
    }
    given.filter(|text| is_on && is_address(text)).map(Secret::new)
}
