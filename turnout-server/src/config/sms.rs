//! Who sends text messages, and whose calls about them are believed.

use std::path::PathBuf;

use chrono::TimeDelta;
use turnout_core::settings::SmsSettings;
use url::Url;

use super::{Role, Secret, geocoding::base, reader::Reader, registration::seconds};

/// Who sends text messages (decision 24).
#[derive(Debug)]
pub struct Sms {
    /// What calls of Twilio's are signed with: `TWILIO_AUTH_TOKEN`.
    pub token: Option<Secret>,
    /// Who sends.
    pub sender: SmsPlace,
}

/// Who sends text messages.
#[derive(Debug)]
pub enum SmsPlace {
    /// Twilio.
    Twilio(TwilioAccount),
    /// Nobody: texts are kept in this folder and shown.
    Outbox(PathBuf),
    /// Nobody: texts are refused.
    Off,
}

/// An account at Twilio.
#[derive(Debug)]
pub struct TwilioAccount {
    /// Its id.
    pub account: String,
    /// Its password.
    pub token: Secret,
    /// The messaging service that chooses the sender's number.
    pub service: String,
    /// Where Twilio is.
    pub base: Url,
}

impl Sms {
    pub(super) fn read(reader: &mut Reader<'_>, settings: &mut SmsSettings, outbox: PathBuf) -> Self {
        const ACCOUNT: &str = "TWILIO_ACCOUNT_SID";
        const TOKEN: &str = "TWILIO_AUTH_TOKEN";
        const SERVICE: &str = "TWILIO_MESSAGING_SERVICE_SID";
        const AGAIN: &str = "SMS_OPTIN_REMINDER_RESEND_SECONDS";
        let minutes: u32 = reader.number("SMS_AUTOREPLY_THROTTLE_MINUTES", 0);
        settings.autoreply_pause = TimeDelta::minutes(minutes.into());
        settings.welcomes = reader.flag("SMS_POST_SIGNUP_ALERT");
        settings.welcome_delay = seconds(reader, "SMS_OPTIN_REMINDER_DELAY");
        settings.welcome_again_after = reader.text(AGAIN).map(|_| seconds(reader, AGAIN));
        let base = base(reader, "TWILIO_BASE_URL");
        let token = reader.text(TOKEN).map(Secret::new);
        let (account, service) = (reader.text(ACCOUNT), reader.text(SERVICE));
        if let Some(account) = &account
            && !account.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            reader.complaints.wrong(
                ACCOUNT,
                "must be of letters and digits",
                "AC0123456789abcdef0123456789abcdef",
            );
        }
        if account.is_some() {
            for (name, is_set, example) in [
                (TOKEN, token.is_some(), "0123456789abcdef0123456789abcdef"),
                (SERVICE, service.is_some(), "MG0123456789abcdef0123456789abcdef"),
            ] {
                if !is_set {
                    reader.complaints.wrong(name, &format!("must be set while {ACCOUNT} is"), example);
                }
            }
            if !cfg!(feature = "http-client") {
                reader.complaints.wrong(ACCOUNT, "needs a build with the feature http-client; unset it", "");
            }
        }
        let sender = match (account, token.clone(), service, base) {
            (Some(account), Some(token), Some(service), Some(base)) => {
                SmsPlace::Twilio(TwilioAccount { account, token, service, base })
            }
            _ if reader.role == Role::AllInOne => SmsPlace::Outbox(outbox),
            _ => SmsPlace::Off,
        };
        Self { token, sender }
    }

    /// A row of `config show`: the vendor, and real, simulated or off.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match &self.sender {
            SmsPlace::Twilio(_) => ("twilio", "real"),
            SmsPlace::Outbox(_) => ("outbox", "simulated"),
            SmsPlace::Off => ("none", "off: set TWILIO_ACCOUNT_SID"),
        }
    }
}
