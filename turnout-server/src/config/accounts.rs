//! Accounts: how long things last, and who texts codes.

use chrono::TimeDelta;
use turnout_core::{person::Phone, settings::AccountSettings};

use super::reader::Reader;

pub(super) fn read(reader: &mut Reader<'_>) -> AccountSettings {
    let mut most_ten_years = |name, per_day: u32| reader.number(name, 1).min(3_650 * per_day);
    let invite_lifetime = TimeDelta::days(most_ten_years("INVITE_EXPIRATION_DAYS", 1).into());
    let session_lifetime = TimeDelta::hours(most_ten_years("SESSION_LIFETIME_HOURS", 24).into());
    let name = "TWO_FACTOR_SMS_NUMBER";
    let given = reader.text(name);
    let code_number = given.as_deref().and_then(Phone::parse);
    if given.is_some() && code_number.is_none() {
        reader.complaints.wrong(name, "must be a telephone number", "+16175550100");
    }
    AccountSettings { invite_lifetime, code_number, session_lifetime }
}
