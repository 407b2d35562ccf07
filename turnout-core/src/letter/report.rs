//! What a mail house reports of a letter, by webhook (`flows.md` 15.3, `http-api.md` 17).

use hmac::Mac as _;
use subtle::ConstantTimeEq as _;

use super::jobs::TakeReport;
use crate::{action::EventType, app::App, ports::store::StoreError, secret::hex};

/// Something that happened to a letter, as the mail house calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterReport {
    /// The letter.
    pub letter: String,
    /// What happened: `letter.mailed`.
    pub event: String,
}

impl LetterReport {
    /// The event of the letter's action; nothing for those that nobody asks about.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        match self.event.as_str() {
            "letter.mailed" => Some(EventType::LobMailed),
            "letter.processed_for_delivery" => Some(EventType::LobProcessedForDelivery),
            "letter.re-routed" => Some(EventType::LobRerouted),
            "letter.returned_to_sender" => Some(EventType::LobReturned),
            _ => None,
        }
    }
}

/// Whether the mail house signed this body at this time: HMAC-SHA256 in lower-case hex over time, dot and body. Nothing is,
/// where no secret was agreed on. How old the time is does not count, as late reports must not be lost; those that come
/// twice do nothing twice (quirk Q70).
#[must_use]
pub fn is_signed(app: &App, timestamp: &[u8], body: &[u8], signature: &[u8]) -> bool {
    let Some(secret) = &app.letter_webhook_secret else { return false };
    let mut mac = secret.mac(timestamp);
    mac.update(b".");
    mac.update(body);
    hex(&mac.finalize().into_bytes()).as_bytes().ct_eq(signature).into()
}

/// Takes a report: what follows from it is a job's.
///
/// # Errors
/// When the store fails.
#[tracing::instrument(target = "turnout::trace", name = "letter.report", skip_all)]
pub async fn take_report(app: &App, report: &LetterReport) -> Result<(), StoreError> {
    let job = TakeReport { letter: report.letter.clone(), event: report.event.clone() };
    let mut unit = app.store.begin().await?;
    unit.jobs_mut().enqueue(&job.job(app)).await?;
    unit.commit().await
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{memory::world, secret::SecretKey};

    /// Made elsewhere: `printf '%s' "$time.$body" | openssl dgst -sha256 -hmac whs_0123456789abcdef` (OpenSSL 3.0.19).
    #[test]
    fn a_signature_that_openssl_made_is_one_and_nothing_else_is() {
        let (time, body) = (
            "1796054400000",
            r#"{"id":"evt_d95ff8ffd2b5cfb4","reference_id":"ltr_4868c3b754655f90","event_type":{"id":"letter.mailed","resource":"letters"},"note":"José ✓"}"#,
        );
        let signature = "5913ceb71f40c730c046ce35e05c09728e9afee60888d191f5bc588facc1d526";
        let mut app = world().app;
        let signed = |app: &App, time: &str, body: &str, signature: &str| {
            is_signed(app, time.as_bytes(), body.as_bytes(), signature.as_bytes())
        };
        assert!(!signed(&app, time, body, signature), "without a secret none is");
        app.letter_webhook_secret = Some(Arc::new(SecretKey::new(b"whs_0123456789abcdef")));
        assert!(signed(&app, time, body, signature));
        let (other, longer) = (body.replace("mailed", "viewed"), format!("0.{body}"));
        let loud = signature.to_uppercase();
        for (time, body, signature) in [
            ("1796054400001", body, signature),
            (time, other.as_str(), signature),
            (time, body, loud.as_str()),
            (time, body, &signature[1..]),
            (time, body, ""),
            // the dot belongs to neither
            ("179605440000", longer.as_str(), signature),
        ] {
            assert!(!signed(&app, time, body, signature), "{time} {signature}");
        }
        app.letter_webhook_secret = Some(Arc::new(SecretKey::new(b"whs_0123456789abcdeg")));
        assert!(!signed(&app, time, body, signature), "of another secret");
    }
}
