//! Who sends mail, and in whose name.

use std::{path::PathBuf, time::Duration};

use turnout_core::{person::is_email, settings::EmailSettings};
use url::Url;

use super::{Deployment, Role, reader::Reader, secret::Secret};
use crate::providers::sendgrid::{EventKey, smtpapi};

/// Who sends mail (decision 24).
#[derive(Debug)]
pub enum Mail {
    /// A mail server.
    Server(MailServer),
    /// Nobody: mails are kept in this folder and shown.
    Outbox(PathBuf),
    /// Nobody: mails are refused.
    Off,
}

/// A mail server.
#[derive(Debug)]
pub struct MailServer {
    /// The vendor's name, for errors and `config show`.
    pub name: &'static str,
    /// Where it is, with user and password.
    pub url: Secret,
    /// How long it may take.
    pub timeout: Duration,
    /// What mails carry for SendGrid, if it is SendGrid.
    pub smtpapi: Option<String>,
}

impl Mail {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        settings: &mut EmailSettings,
        deployment: &Deployment,
        production: bool,
        outbox: PathBuf,
    ) -> Self {
        settings.default_from = address(reader, "DEFAULT_EMAIL_FROM");
        settings.management_from = address(reader, "MANAGEMENT_NOTIFICATION_FROM");
        let timeout = Duration::from_secs(reader.number("EMAIL_SEND_TIMEOUT", 1));
        let url = reader.text("SMTP_URL");
        let key = reader.text("SENDGRID_API_KEY");
        if url.is_some() && key.is_some() {
            reader.complaints.odd("SENDGRID_API_KEY has no effect, as SMTP_URL is set");
        }
        match (url, key) {
            (Some(url), _) => {
                if !is_mail_server(&url) {
                    let what = "must begin with smtp:// or smtps:// and name a host; a user needs TLS";
                    reader.complaints.wrong("SMTP_URL", what, "smtps://user:password@mail.example.org:465");
                }
                Self::Server(MailServer { name: "smtp", url: Secret::new(url), timeout, smtpapi: None })
            }
            (None, Some(key)) => {
                let Deployment { environment, build, tag, .. } = deployment;
                let arguments = [("env", environment.as_str()), ("build", build), ("tag", tag)];
                let smtpapi = Some(smtpapi(arguments));
                Self::Server(MailServer {
                    name: "sendgrid",
                    url: Secret::new(sendgrid(&key)),
                    timeout,
                    smtpapi,
                })
            }
            (None, None) if production => {
                let what = "or SENDGRID_API_KEY must be set when DEBUG is false";
                reader.complaints.wrong("SMTP_URL", what, "smtps://user:password@mail.example.org:465");
                Self::Off
            }
            (None, None) if reader.role == Role::AllInOne => Self::Outbox(outbox),
            (None, None) => Self::Off,
        }
    }

    /// A row of `config show`: the vendor, and real, simulated or off.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match self {
            Self::Server(server) => (server.name, "real"),
            Self::Outbox(_) => ("outbox", "simulated"),
            Self::Off => ("none", "off: set SMTP_URL or SENDGRID_API_KEY"),
        }
    }
}

/// What is done to mails on their way, whoever sends them.
#[derive(Debug, Clone, Default)]
pub struct MailWay {
    /// Who gets all of them instead: `EMAIL_REDIRECT_TO`.
    pub instead_to: Option<String>,
    /// How many go out each minute at the most: `EMAIL_PER_MINUTE`.
    pub per_minute: Option<u32>,
}

impl MailWay {
    pub(super) fn read(reader: &mut Reader<'_>, deployment: &Deployment) -> Self {
        let name = "EMAIL_REDIRECT_TO";
        let instead_to = reader.text(name).map(|_| address(reader, name));
        if instead_to.is_some() && deployment.environment == "prod" {
            reader.complaints.odd("EMAIL_REDIRECT_TO keeps every mail from voters, and ENV is prod");
        }
        let per_minute = reader.optional_number("EMAIL_PER_MINUTE", 600).filter(|count| *count > 0);
        Self { instead_to, per_minute }
    }
}

/// By which SendGrid's reports are known to be its own: `SENDGRID_EVENT_WEBHOOK_KEY`.
pub(super) fn event_key(reader: &mut Reader<'_>) -> Option<EventKey> {
    let name = "SENDGRID_EVENT_WEBHOOK_KEY";
    let given = reader.text(name)?;
    let key = EventKey::parse(&given);
    if key.is_none() {
        let what = "must be the verification key of the signed event webhook, base64 of a P-256 key";
        reader.complaints.wrong(name, what, "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…");
    }
    key
}

pub(super) fn address(reader: &mut Reader<'_>, name: &str) -> String {
    let address = reader.given(name);
    if !is_email(&address) {
        reader.complaints.wrong(name, "must be an e-mail address without a name", "hello@example.org");
    }
    address
}

/// Who gets test messages: addresses between commas, or a JSON list of them as the Django service has it.
pub(super) fn test_addresses(reader: &mut Reader<'_>) -> Vec<String> {
    let name = "TEST_ADDRS";
    let listed = reader.text(name).filter(|text| text.trim_start().starts_with('['));
    let addresses = match listed.map(|text| serde_json::from_str(&text)) {
        Some(Ok(addresses)) => addresses,
        Some(Err(_)) => vec![String::new()],
        None => reader.list(name),
    };
    if !addresses.iter().all(|address: &String| is_email(address)) {
        reader.complaints.wrong(
            name,
            "must be e-mail addresses between commas",
            "ann@example.org,bob@example.org",
        );
    }
    addresses
}

/// A password never crosses the network in the clear: with a user, `smtp:` needs `tls=required`.
fn is_mail_server(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let encrypted = url.scheme() == "smtps"
        || url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    matches!(url.scheme(), "smtp" | "smtps")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && (encrypted || url.username().is_empty())
}

/// User `apikey` and STARTTLS at port 587 (`settings.md` 5).
fn sendgrid(key: &str) -> String {
    let mut url = Url::parse("smtp://apikey@smtp.sendgrid.net:587?tls=required").expect("a constant");
    url.set_password(Some(key)).expect("it has a host");
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_needs_tls() {
        for (url, good) in [
            ("smtps://me:pw@mail.example.org:465", true),
            ("smtp://me:pw@mail.example.org:587?tls=required", true),
            ("smtp://127.0.0.1:1025", true),
            ("smtp://me:pw@mail.example.org:587", false),
            ("smtp://me:pw@mail.example.org:587?tls=opportunistic", false),
            ("http://mail.example.org", false),
            ("smtp://", false),
            ("mail.example.org", false),
        ] {
            assert_eq!(is_mail_server(url), good, "{url}");
        }
    }

    #[test]
    fn a_key_with_signs_of_its_own_stays_one_password() {
        let url = Url::parse(&sendgrid("SG.a/b@c:d")).expect("an address");
        assert_eq!(url.host_str(), Some("smtp.sendgrid.net"));
        assert_eq!((url.username(), url.password()), ("apikey", Some("SG.a%2Fb%40c%3Ad")));
    }
}
