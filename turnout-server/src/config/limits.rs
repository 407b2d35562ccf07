//! How often anonymous callers may do what.

use turnout_core::{ports::throttle::Quota, settings::RateLimits};

use super::reader::Reader;

pub(super) fn read(reader: &mut Reader<'_>, production: bool) -> RateLimits {
    let enabled = reader.flag("RATE_LIMITS");
    if production && !enabled {
        reader.complaints.wrong("RATE_LIMITS", "must be on when DEBUG is false", "on");
    }
    let writes = reader.number("RATE_LIMIT_WRITES_PER_MINUTE", 1);
    let burst = reader.number("RATE_LIMIT_WRITES_BURST", 1);
    RateLimits {
        enabled,
        writes_per_address: Quota::per_minute(writes, burst),
        completions_per_registration: Quota::per_hour(reader.number("RATE_LIMIT_COMPLETIONS_PER_HOUR", 1)),
        links_per_file: Quota::per_hour(reader.number("RATE_LIMIT_LINKS_PER_HOUR", 1)),
        links_per_address: Quota::per_hour(reader.number("RATE_LIMIT_LINKS_PER_CLIENT_PER_HOUR", 1)),
        uploads_per_address: Quota::per_hour(reader.number("RATE_LIMIT_UPLOADS_PER_HOUR", 1)),
        leads_per_address: Quota::per_hour(reader.number("RATE_LIMIT_LEADS_PER_HOUR", 1)),
        sign_ins_per_account: Quota::per_hour(reader.number("RATE_LIMIT_SIGN_INS_PER_HOUR", 1)),
        sign_ins_per_address: Quota::per_hour(reader.number("RATE_LIMIT_SIGN_INS_PER_CLIENT_PER_HOUR", 1)),
        codes_per_account: Quota::per_hour(reader.number("RATE_LIMIT_CODES_PER_HOUR", 1)),
        code_texts_per_account: Quota::per_hour(reader.number("RATE_LIMIT_CODE_TEXTS_PER_HOUR", 1)),
        account_mails: Quota::per_hour(reader.number("RATE_LIMIT_ACCOUNT_MAILS_PER_HOUR", 1)),
        sends_per_email: Quota::per_hour(reader.number("RATE_LIMIT_SENDS_PER_EMAIL_PER_HOUR", 1)),
        sends_per_phone: Quota::per_hour(reader.number("RATE_LIMIT_SENDS_PER_PHONE_PER_HOUR", 1)),
        maps_per_phone: Quota::per_hour(reader.number("RATE_LIMIT_MAPS_PER_PHONE_PER_HOUR", 1)),
        sends_per_subscriber: Quota::per_hour(reader.number("RATE_LIMIT_SENDS_PER_SUBSCRIBER_PER_HOUR", 1)),
    }
}
