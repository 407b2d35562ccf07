//! Contact lists: at Action Network.

use chrono::TimeDelta;
use turnout_core::settings::CrmSettings;
use url::Url;

use super::{
    Secret,
    geocoding::{Keyed, base, keyed},
    officials::time,
    reader::Reader,
};

/// The key of the list of everybody.
const KEY: &str = "ACTIONNETWORK_KEY";
/// The key of the list of contacts at subscribers.
const SUBSCRIBERS: &str = "ACTIONNETWORK_SUBSCRIBERS_KEY";
const BASE: &str = "ACTIONNETWORK_BASE_URL";

/// Action Network, where there is a key.
#[derive(Debug)]
pub struct ContactLists {
    /// Where it is.
    pub base: Url,
    /// The key of the list of everybody.
    pub service: Option<Secret>,
    /// That of the contacts at subscribers.
    pub subscribers: Option<Secret>,
}

impl ContactLists {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        settings: &mut CrmSettings,
        environment: &str,
    ) -> Option<Self> {
        let mut secret = |name| keyed(reader, name, BASE).map(|Keyed { key, .. }| key);
        let (service, subscribers) = (secret(KEY), secret(SUBSCRIBERS));
        let base = base(reader, BASE);
        for name in [KEY, SUBSCRIBERS] {
            if reader.is_set(name) && !cfg!(feature = "action-network") {
                reader.complaints.wrong(name, "needs a build with the feature action-network; unset it", "");
            }
        }
        settings.enabled = reader.flag("ACTIONNETWORK_SYNC");
        if settings.enabled && service.is_none() {
            reader.complaints.wrong(KEY, "must be set while ACTIONNETWORK_SYNC is true", "0123456789abcdef");
        }
        let is_daily = reader.flag("ACTIONNETWORK_SYNC_DAILY") && settings.enabled;
        let at = time(reader, "ACTIONNETWORK_SYNC_HOUR", "ACTIONNETWORK_SYNC_MINUTE");
        settings.daily_at = at.filter(|_| is_daily);
        let seconds: u32 = reader.number("ACTIONNETWORK_FORM_CACHE_TIMEOUT", 0);
        settings.form_lifetime = TimeDelta::seconds(seconds.into());
        settings.most_changes_percent = reader.number("ACTIONNETWORK_MOST_CHANGES_PERCENT", 0);
        environment.clone_into(&mut settings.environment);
        let base = base.filter(|_| service.is_some() || subscribers.is_some())?;
        Some(Self { base, service, subscribers })
    }

    /// A row of `config show`.
    #[must_use]
    pub fn standing(lists: Option<&Self>, is_on: bool) -> (&'static str, &'static str) {
        match lists {
            Some(Self { service: Some(_), .. }) if is_on => ("action-network", "real"),
            Some(Self { service: Some(_), .. }) => {
                ("action-network", "what stops texts and mails alone: ACTIONNETWORK_SYNC")
            }
            Some(_) => ("action-network", "contacts at subscribers alone: ACTIONNETWORK_KEY"),
            None => ("none", "off: ACTIONNETWORK_KEY lets voters be passed on"),
        }
    }
}
