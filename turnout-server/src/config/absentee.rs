//! How election offices are written to about ballot requests.

use turnout_core::settings::AbsenteeSettings;

use super::{email::address, reader::Reader, registration::seconds};

pub(super) fn read(reader: &mut Reader<'_>, settings: &mut AbsenteeSettings) {
    settings.next_steps_delay = seconds(reader, "ABSENTEE_UPSELL_DELAY_SECONDS");
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
