//! Who sends text messages, and whose calls about them are believed.

use std::path::PathBuf;

use chrono::TimeDelta;
use turnout_core::{
    person::Phone,
    settings::{PollSettings, SmsSettings},
};
use url::Url;

use super::{Deployment, Role, Secret, geocoding::base, reader::Reader, registration::seconds};

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

/// What is done to texts on their way, whoever sends them.
#[derive(Debug, Clone, Default)]
pub struct TextWay {
    /// Who gets all of them instead: `SMS_REDIRECT_TO`.
    pub instead_to: Option<Phone>,
    /// How many go out each minute at the most: `SMS_PER_MINUTE`.
    pub per_minute: Option<u32>,
}

impl TextWay {
    pub(super) fn read(reader: &mut Reader<'_>, deployment: &Deployment) -> Self {
        let name = "SMS_REDIRECT_TO";
        let given = reader.text(name);
        let instead_to = given.as_deref().and_then(Phone::parse);
        if given.is_some() && instead_to.is_none() {
            reader.complaints.wrong(name, "must be a telephone number", "+16175557890");
        }
        if instead_to.is_some() && deployment.environment == "prod" {
            reader.complaints.odd("SMS_REDIRECT_TO keeps every text from voters, and ENV is prod");
        }
        let per_minute = reader.optional_number("SMS_PER_MINUTE", 600).filter(|count| *count > 0);
        Self { instead_to, per_minute }
    }
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
        settings.poll = poll(reader);
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

/// How Twilio is asked for texts that came in, with `SMS_OPTOUT_POLL`.
fn poll(reader: &mut Reader<'_>) -> Option<PollSettings> {
    let name = "SMS_OPTOUT_NUMBER";
    let is_on = reader.flag("SMS_OPTOUT_POLL");
    let every: u32 = reader.number("SMS_OPTOUT_POLL_SECONDS", 1);
    let look_back: u32 = reader.number("SMS_OPTOUT_POLL_MAX", 1);
    let given = reader.text(name);
    let number = given.as_deref().and_then(Phone::parse);
    if given.is_some() && number.is_none() {
        reader.complaints.wrong(name, "must be a telephone number", "+16175557890");
    }
    if is_on && given.is_none() {
        reader.complaints.wrong(name, "must be set while SMS_OPTOUT_POLL is true", "+16175557890");
    }
    let seconds = |seconds: u32| TimeDelta::seconds(seconds.into());
    number.filter(|_| is_on).map(|number| PollSettings {
        number,
        every: seconds(every),
        look_back: seconds(look_back),
    })
}
