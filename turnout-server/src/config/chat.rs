//! Where the team that runs the service hears of things.

use turnout_core::settings::SubscriptionSettings;
use url::Url;

use super::{Secret, reader::Reader};

/// The rooms of the team's chat.
#[derive(Debug)]
pub struct Chat {
    /// Slack's webhook for new wishes to subscribe, an address; who knows it can write there.
    pub leads: Option<Secret>,
}

impl Chat {
    pub(super) fn read(reader: &mut Reader<'_>, settings: &mut SubscriptionSettings) -> Self {
        const ENABLED: &str = "SLACK_SUBSCRIBER_INTEREST_ENABLED";
        const WEBHOOK: &str = "SLACK_SUBSCRIBER_INTEREST_WEBHOOK";
        let example = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX";
        let is_on = reader.flag(ENABLED);
        let given = reader.text(WEBHOOK);
        let is_address =
            |text: &String| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if given.as_ref().is_some_and(|text| !is_address(text)) {
            reader.complaints.wrong(
                WEBHOOK,
                "must be an address that begins with http:// or https://",
                example,
            );
        }
        if is_on && given.is_none() {
            reader.complaints.wrong(WEBHOOK, &format!("must be set while {ENABLED} is true"), example);
        }
        if is_on && !cfg!(feature = "http-client") {
            reader.complaints.wrong(ENABLED, "needs a build with the feature http-client; unset it", "");
        }
        settings.notifies_of_leads = is_on;
        Self { leads: given.filter(|text| is_on && is_address(text)).map(Secret::new) }
    }

    /// A row of `config show`: the vendor, and whether it is used.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match self.leads {
            Some(_) => ("slack", "real"),
            None => ("none", "off: SLACK_SUBSCRIBER_INTEREST_ENABLED tells the team of new leads"),
        }
    }
}
