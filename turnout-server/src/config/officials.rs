//! The supplier of the list of election offices.

use chrono::NaiveTime;
use turnout_core::settings::Settings;

use super::{
    geocoding::{Keyed, keyed},
    reader::Reader,
};

/// US Vote Foundation, where there is a key; and when its list is fetched.
pub(super) fn read(reader: &mut Reader<'_>, settings: &mut Settings) -> Option<Keyed> {
    const KEY: &str = "USVOTEFOUNDATION_KEY";
    let supplier = keyed(reader, KEY, "USVOTEFOUNDATION_BASE_URL");
    if reader.is_set(KEY) && !cfg!(feature = "us-vote-foundation") {
        reader.complaints.wrong(KEY, "needs a build with the feature us-vote-foundation; unset it", "");
    }
    let sync = reader.flag("USVF_SYNC");
    if sync && !reader.is_set(KEY) {
        reader.complaints.wrong(KEY, "must be set while USVF_SYNC is true", "0123456789abcdef");
    }
    settings.official.geocode = reader.flag("USVF_GEOCODE");
    settings.official.sync_at = time(reader, "USVF_SYNC_HOUR", "USVF_SYNC_MINUTE").filter(|_| sync);
    supplier
}

/// A time of the day, in UTC.
pub(super) fn time(reader: &mut Reader<'_>, hour: &str, minute: &str) -> Option<NaiveTime> {
    let mut part = |name, most, example| {
        let number: u32 = reader.number(name, 0);
        if number > most {
            reader.complaints.wrong(name, &format!("must be at most {most}"), example);
        }
        number
    };
    let (hour, minute) = (part(hour, 23, "6"), part(minute, 59, "30"));
    NaiveTime::from_hms_opt(hour, minute, 0)
}
