//! `/v1/smsbot/…` (`http-api.md` 15).

use std::fmt::Write as _;

use http::StatusCode;
use turnout_core::{
    asked::{Field, Kind},
    ids::MessageId,
    input::Input,
    sms::{self, Incoming, OptError},
};

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::Operation,
    providers::twilio,
};

/// The most bytes that Twilio sends: a text has 1,600 characters at the most.
pub const LARGEST_CALL: usize = 64 * 1024;

/// Who may call.
const SIGNED: &str = "Signed by Twilio in the header `X-Twilio-Signature`.";

/// Describes [`incoming`].
#[must_use]
pub fn incoming_operation() -> Operation {
    Operation::new("twilioIncoming", "Take a text that a voter wrote")
        .says(SIGNED)
        .takes_form("IncomingText", texts(&["From", "Body", "MessageSid"]))
        .answers_xml(StatusCode::OK, "TwiML: what to answer, or nothing")
        .answers_text(StatusCode::BAD_REQUEST, "It does not say who wrote")
        .answers_text(StatusCode::FORBIDDEN, "It is not signed so")
}

/// Describes [`message_status`].
#[must_use]
pub fn message_status_operation() -> Operation {
    Operation::new("twilioStatus", "Take a receipt of a text of ours")
        .says(SIGNED)
        .uuid("uuid", "The text.")
        .takes_form("TextReceipt", texts(&["MessageStatus", "MessageSid"]))
        .answers_text(StatusCode::OK, "Taken")
        .answers_text(StatusCode::FORBIDDEN, "It is not signed so")
        .answers_text(StatusCode::NOT_FOUND, "There is no such text")
}

/// Describes [`opt_out`].
#[must_use]
pub fn opt_out_operation() -> Operation {
    opt_operation("optoutPhone", "Write no more to a number")
}

/// Describes [`opt_in`].
#[must_use]
pub fn opt_in_operation() -> Operation {
    opt_operation("optinPhone", "A number may be written to")
}

fn opt_operation(id: &'static str, summary: &'static str) -> Operation {
    Operation::new(id, summary)
        .says("For keys of first-party subscribers. `time` is now unless given; what the number said since then counts.")
        .reads("OptInOut", sms::opt_fields())
        .answers_nothing(StatusCode::OK, "Noted, or something newer is known")
        .answers_nothing(StatusCode::FORBIDDEN, "The key is not a first-party subscriber's")
}

/// Texts that may be missing.
fn texts(names: &[&str]) -> Vec<Field> {
    let text = |name: &&str| Field {
        name: (*name).to_owned(),
        kind: Kind::Text,
        required: false,
        null: false,
        blank: true,
        most: None,
    };
    names.iter().map(text).collect()
}

/// `POST /v1/smsbot/twilio/`
///
/// # Errors
/// When the store fails.
pub async fn incoming(mut request: Request) -> Result<Response, ApiError> {
    let Some(fields) = signed_fields(&mut request).await? else { return Ok(not_signed()) };
    let field = |name: &str| last(&fields, name);
    let Some(from) = field("From").filter(|from| !from.is_empty()) else {
        return Ok(response::text(StatusCode::BAD_REQUEST, ""));
    };
    let app = request.app();
    let text = Incoming { from, text: field("Body"), carrier_id: field("MessageSid"), at: None };
    let reply = sms::receive(app, text).await?;
    let reply = reply.map(|reply| (reply.text, sms::receipt_url(app, reply.id)));
    Ok(response::bytes(StatusCode::OK, "application/xml", twiml(reply)))
}

/// `POST /v1/smsbot/twilio-message-status/{uuid}/`
///
/// # Errors
/// When the store fails.
pub async fn message_status(mut request: Request) -> Result<Response, ApiError> {
    let Some(fields) = signed_fields(&mut request).await? else { return Ok(not_signed()) };
    let (status, name) = (last(&fields, "MessageStatus"), last(&fields, "MessageSid"));
    let is_there = match MessageId::parse(request.segment("uuid")) {
        Some(id) => sms::receipt(request.app(), id, status.as_deref(), name.as_deref()).await?,
        None => false,
    };
    Ok(match is_there {
        true => response::text(StatusCode::OK, ""),
        false => response::text(StatusCode::NOT_FOUND, "Message id not found"),
    })
}

/// `POST /v1/smsbot/opt-out/`
///
/// # Errors
/// See [`OptError`].
pub async fn opt_out(mut request: Request) -> Result<Response, ApiError> {
    let Some(input) = first_party_input(&mut request).await? else { return Ok(not_first_party()) };
    sms::opt_out(request.app(), &input).await?;
    Ok(response::empty(StatusCode::OK))
}

/// `POST /v1/smsbot/opt-in/`
///
/// # Errors
/// See [`OptError`].
pub async fn opt_in(mut request: Request) -> Result<Response, ApiError> {
    let Some(input) = first_party_input(&mut request).await? else { return Ok(not_first_party()) };
    sms::opt_in(request.app(), &input).await?;
    Ok(response::empty(StatusCode::OK))
}

/// The body, unless the key is somebody else's than a first-party subscriber's: then it is not looked at.
async fn first_party_input(request: &mut Request) -> Result<Option<Input>, ApiError> {
    if !request.partner().subscriber.is_first_party {
        return Ok(None);
    }
    Ok(Some(request.input().await?))
}

fn not_first_party() -> Response {
    response::empty(StatusCode::FORBIDDEN)
}

/// The fields of a call that Twilio signed. A signature covers nothing but an address and a form, so another body is not
/// signed (quirk Q70).
async fn signed_fields(request: &mut Request) -> Result<Option<Vec<(String, String)>>, ApiError> {
    let Some(fields) = request.form_pairs().await? else { return Ok(None) };
    let signature = request.headers().get("x-twilio-signature").and_then(|it| it.to_str().ok());
    let (Some(token), Some(signature)) = (&request.settings().twilio_token, signature) else {
        return Ok(None);
    };
    let address = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let url = format!("{}{address}", request.app().settings.origins.primary);
    Ok(twilio::is_signed(token.reveal(), &url, &fields, signature).then_some(fields))
}

fn not_signed() -> Response {
    response::text(StatusCode::FORBIDDEN, "Bad twilio signature")
}

/// Of a repeated field the last counts.
fn last(fields: &[(String, String)], name: &str) -> Option<String> {
    fields.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.clone())
}

/// What Twilio is to do: send this text, and say to that address how far it has come; or nothing.
fn twiml(reply: Option<(String, Option<String>)>) -> String {
    let mut xml = r#"<?xml version="1.0" encoding="UTF-8"?>"#.to_owned();
    match reply {
        None => xml.push_str("<Response />"),
        Some((text, receipt_url)) => {
            xml.push_str("<Response><Message");
            if let Some(url) = receipt_url {
                write!(xml, r#" action="{}""#, escaped(&url)).expect("a String takes every text");
            }
            write!(xml, ">{}</Message></Response>", escaped(&text)).expect("a String takes every text");
        }
    }
    xml
}

/// A text inside XML. Characters that XML has none of are left out.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\n' | '\t' => xml.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => xml.push(letter),
        }
    }
    xml
}

impl From<OptError> for ApiError {
    fn from(error: OptError) -> Self {
        match error {
            OptError::Problems(problems) => problems.into(),
            OptError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_xml_whatever_it_says() {
        let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
        assert_eq!(twiml(None), format!("{head}<Response />"));
        let said = twiml(Some(("<b> & \"c\"\u{1}\n👍".into(), None)));
        assert_eq!(
            said,
            format!("{head}<Response><Message>&lt;b&gt; &amp; &quot;c&quot;\n👍</Message></Response>")
        );
        let said = twiml(Some(("a".into(), Some("https://x.org/?a&b".into()))));
        assert_eq!(
            said,
            format!(r#"{head}<Response><Message action="https://x.org/?a&amp;b">a</Message></Response>"#)
        );
    }
}
