//! How election offices are written to about ballot requests.

use turnout_core::settings::AbsenteeSettings;
use url::Url;

use super::{email::address, geocoding::base, officials::time, reader::Reader, registration::seconds};

/// Where Florida's list is read, and when each day.
pub(super) fn florida_list(reader: &mut Reader<'_>, settings: &mut AbsenteeSettings) -> Url {
    let sync = reader.flag("OVBM_SYNC");
    settings.links_sync_at = time(reader, "OVBM_SYNC_HOUR", "OVBM_SYNC_MINUTE").filter(|_| sync);
    // what is no address was complained about
    base(reader, "FLORIDA_LIST_BASE_URL")
        .unwrap_or_else(|| Url::parse("https://fl.dems.vote").expect("a constant"))
}

pub(super) fn read(reader: &mut Reader<'_>, settings: &mut AbsenteeSettings) {
    settings.next_steps_delay = seconds(reader, "ABSENTEE_UPSELL_DELAY_SECONDS");
    settings.confirm_nag_delay = seconds(reader, "ABSENTEE_LOB_CONFIRM_NAG_SECONDS");
    settings.email_offices = !reader.flag("ABSENTEE_LEO_EMAIL_DISABLE");
    settings.office_email_from = address(reader, "ABSENTEE_LEO_EMAIL_FROM");
    settings.fax_reply_to = match reader.text("ABSENTEE_LEO_FAX_EMAIL_FROM") {
        Some(_) => address(reader, "ABSENTEE_LEO_FAX_EMAIL_FROM"),
        None => settings.office_email_from.clone(),
    };
    let other = "ABSENTEE_LEO_EMAIL_OVERRIDE_ADDRESS";
    settings.office_email_instead_to = reader.text(other).map(|_| address(reader, other));
    if settings.email_offices && settings.office_email_instead_to.is_some() {
        reader
            .complaints
            .odd("ABSENTEE_LEO_EMAIL_OVERRIDE_ADDRESS has no effect, as ABSENTEE_LEO_EMAIL_DISABLE is false");
    }
}
