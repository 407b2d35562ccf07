//! `/v1/integration/…` (`http-api.md` 17).

use http::StatusCode;
use serde_json::Value;
use turnout_core::{
    asked::{Field, Kind},
    letter::{self, LetterReport},
    suppression,
};

use crate::{
    http::{ApiError, BodyKind, Request, Response, response},
    openapi::{Detail, Operation},
    providers::sendgrid,
};

/// The longest name of a letter or of what happened to one; a mail house has none that are longer.
const LONGEST_NAME: usize = 100;

/// Describes [`lob_letter_status`].
#[must_use]
pub fn lob_letter_status_operation() -> Operation {
    let part = |name: &str| Field {
        name: name.to_owned(),
        kind: Kind::Json,
        required: false,
        null: true,
        blank: false,
        most: None,
    };
    Operation::new("lobStatus", "Take a report about a letter")
        .says("Signed by Lob in the headers `Lob-Signature-Timestamp` and `Lob-Signature`.")
        .takes("LobEvent", ["body", "event_type"].map(part).to_vec())
        .answers_nothing(StatusCode::OK, "Taken")
        .answers_text(StatusCode::FORBIDDEN, "It is not signed so")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no letter in it")
}

/// `POST /v1/integration/lob-letter-status/`: what the mail house reports of a letter.
///
/// # Errors
/// When the body cannot be read, there is no letter in it, or the store does not answer.
pub async fn lob_letter_status(mut request: Request) -> Result<Response, ApiError> {
    let header = |name| request.headers().get(name).map(|value| value.as_bytes().to_vec());
    let (timestamp, signature) = (header("lob-signature-timestamp"), header("lob-signature"));
    let body = request.bytes().await?;
    let is_signed = match (timestamp, signature) {
        (Some(timestamp), Some(signature)) => letter::is_signed(request.app(), &timestamp, &body, &signature),
        _ => false,
    };
    if !is_signed {
        return Ok(response::text(StatusCode::FORBIDDEN, "Bad lob signature"));
    }
    let body: Value = match request.body_kind() {
        Some(BodyKind::Json) if !body.is_empty() => serde_json::from_slice(&body)
            .map_err(|error| ApiError::unreadable(&format!("JSON parse error - {error}")))?,
        None if !body.is_empty() => return Err(request.unsupported_media_type()),
        // a form has no letter in it
        _ => Value::Null,
    };
    let letter = named(&body, "body").ok_or_else(ApiError::not_found)?;
    if let Some(event) = named(&body, "event_type") {
        letter::take_report(request.app(), &LetterReport { letter, event }).await?;
    }
    Ok(response::empty(StatusCode::OK))
}

/// Describes [`sendgrid_events`].
#[must_use]
pub fn sendgrid_events_operation() -> Operation {
    let part = |(name, kind): (&str, Kind)| Field {
        name: name.to_owned(),
        kind,
        required: false,
        null: false,
        blank: true,
        most: None,
    };
    let text = |name| (name, Kind::Text);
    let parts = [text("email"), text("event"), text("type"), text("reason"), ("timestamp", Kind::Integer)];
    Operation::new("sendgridEvents", "Take reports about mails")
        .says(
            "Signed by SendGrid in the headers `X-Twilio-Email-Event-Webhook-Timestamp` and \
             `X-Twilio-Email-Event-Webhook-Signature`. Bounces, complaints and wishes keep an address from being mailed; \
             other events, and what is told again or too late, change nothing.",
        )
        .takes_list("MailEvent", parts.map(part).to_vec())
        .answers_nothing(StatusCode::OK, "Taken")
        .answers::<Detail>(StatusCode::BAD_REQUEST, "It is no list")
        .answers_text(StatusCode::FORBIDDEN, "It is not signed so")
}

/// The most bytes of a call of SendGrid's, which gathers events up to 768 kB.
pub const LARGEST_EVENTS: usize = 1024 * 1024;

/// `POST /v1/integration/sendgrid-events/`: what SendGrid reports of mails. What is told again or too late changes nothing.
///
/// # Errors
/// When the body is no list, or the store does not answer.
pub async fn sendgrid_events(mut request: Request) -> Result<Response, ApiError> {
    let header = |name| request.headers().get(name).map(|value| value.as_bytes().to_vec());
    let timestamp = header("x-twilio-email-event-webhook-timestamp");
    let signature = header("x-twilio-email-event-webhook-signature");
    let body = request.bytes().await?;
    let is_signed = match (&request.settings().sendgrid_key, timestamp, signature) {
        (Some(key), Some(timestamp), Some(signature)) => key.is_signed(&timestamp, &body, &signature),
        _ => false,
    };
    if !is_signed {
        return Ok(response::text(StatusCode::FORBIDDEN, "Bad sendgrid signature"));
    }
    let reports = sendgrid::reports(&body)
        .map_err(|error| ApiError::unreadable(&format!("JSON parse error - {error}")))?;
    suppression::take_reports(request.app(), &reports).await?;
    Ok(response::empty(StatusCode::OK))
}

/// The `id` of a part of the report.
fn named(report: &Value, part: &str) -> Option<String> {
    let id = report.get(part)?.get("id")?.as_str()?;
    let is_name = (1..=LONGEST_NAME).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    is_name.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_name_is_a_name() {
        for (report, name) in [
            (json!({"body": {"id": "ltr_1"}}), Some("ltr_1")),
            (json!({"body": {"id": ""}}), None),
            (json!({"body": {"id": 7}}), None),
            (json!({"body": {"id": "a b"}}), None),
            (json!({"body": {"id": "a\u{0}"}}), None),
            (json!({"body": {"id": "x".repeat(101)}}), None),
            (json!({"body": "ltr_1"}), None),
            (json!({"body": null}), None),
            (json!([{"id": "ltr_1"}]), None),
            (json!(null), None),
        ] {
            assert_eq!(named(&report, "body").as_deref(), name, "{report}");
        }
    }
}
