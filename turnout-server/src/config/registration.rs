//! Delays of actions, and what registrations need.

use chrono::TimeDelta;
use turnout_core::settings::Settings;

use super::reader::Reader;

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
