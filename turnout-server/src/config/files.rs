//! Files made for voters, and the links to them.

use chrono::TimeDelta;
use turnout_core::settings::FileSettings;

use super::reader::Reader;

/// What the rules of files do not read, but their tokens do.
#[derive(Debug)]
pub struct Files {
    /// How long the token of a file works: `FILE_EXPIRATION_HOURS`.
    pub token_lifetime: TimeDelta,
}

impl Files {
    pub(super) fn read(reader: &mut Reader<'_>, settings: &mut FileSettings) -> Self {
        let hours: u32 = reader.number("FILE_EXPIRATION_HOURS", 1);
        let name = "FILE_TIMEZONE";
        match reader.given(name).parse() {
            Ok(zone) => settings.timezone = zone,
            Err(_) => reader.complaints.wrong(name, "must be a time zone", "America/Los_Angeles"),
        }
        let example = "https://example.org/download/?id={item_id}";
        settings.reset_url = reader.page("FILE_TOKEN_RESET_URL", &["{item_id}"], example);
        let example = "https://example.org/download-purged/?id={item_id}";
        settings.purged_url = reader.page("FILE_TOKEN_PURGED_URL", &[], example);
        settings.purge_days = reader.optional_number("FILE_PURGE_DAYS", 30).filter(|days| *days > 0);
        let seconds: u32 = reader.number("AWS_STORAGE_PRIVATE_URL_EXPIRATION", 1);
        settings.link_lifetime = TimeDelta::seconds(seconds.into());
        Self { token_lifetime: TimeDelta::hours(hours.into()) }
    }
}
