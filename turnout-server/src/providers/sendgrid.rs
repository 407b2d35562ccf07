//! SendGrid: what a mail carries for it in `X-SMTPAPI`, and the signed events that it calls us with (docs of Twilio
//! SendGrid: "Building an X-SMTPAPI Header", "Event Webhook Reference", "Event Webhook Security Features", 2026-11).
//! Mail itself goes to it by SMTP.

use std::{fmt, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;
use turnout_core::suppression::{MailReport, SuppressionReason};

/// What stands before the point of a P-256 key in its SubjectPublicKeyInfo (RFC 5480, 2.1.1.1): an elliptic curve's key, of
/// the curve prime256v1, with 65 bytes.
const BEFORE_THE_POINT: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The bytes of a point that is not compressed.
const POINT: usize = 65;

/// The public key by which events of SendGrid's are known to be its own.
#[derive(Clone, PartialEq, Eq)]
pub struct EventKey([u8; POINT]);

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventKey")
    }
}

impl EventKey {
    /// Reads a key as SendGrid shows it: base64 of a SubjectPublicKeyInfo. Whether its point is on the curve shows when a
    /// signature is looked at.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let der = STANDARD.decode(text.trim()).ok()?;
        let point = der.strip_prefix(&BEFORE_THE_POINT)?;
        point.first().filter(|form| **form == 4)?;
        Some(Self(point.try_into().ok()?))
    }

    /// Whether SendGrid signed this body at this moment, the text of a header: ECDSA with SHA-256 over both.
    #[cfg(feature = "serve")]
    #[must_use]
    pub fn is_signed(&self, timestamp: &[u8], body: &[u8], signature: &[u8]) -> bool {
        use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let signed = [timestamp, body].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, self.0).verify(&signed, &signature).is_ok()
    }
}

/// An event, as far as it is ours to read.
#[derive(Deserialize)]
struct Event {
    email: String,
    event: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
    timestamp: i64,
}

/// What the events of a call say of addresses that are not to be mailed. Other events, and what is no event, say nothing.
///
/// # Errors
/// When the body is no list.
pub fn reports(body: &[u8]) -> Result<Vec<MailReport>, serde_json::Error> {
    let events: Vec<Value> = serde_json::from_slice(body)?;
    Ok(events.into_iter().filter_map(|event| report(serde_json::from_value(event).ok()?)).collect())
}

fn report(event: Event) -> Option<MailReport> {
    use SuppressionReason::{Bounce, Complaint, Unsubscribe};
    let reason = match (event.event.as_str(), event.kind.as_deref(), event.reason.as_deref()) {
        // a server that did not want this one mail
        ("bounce", Some("blocked"), _) => return None,
        ("bounce", ..) => Bounce,
        ("spamreport", ..) => Complaint,
        ("unsubscribe" | "group_unsubscribe", ..) => Unsubscribe,
        // what SendGrid has on its own lists, be it from before we kept one
        ("dropped", _, Some("Bounced Address" | "Invalid")) => Bounce,
        ("dropped", _, Some("Spam Reporting Address")) => Complaint,
        ("dropped", _, Some("Unsubscribed Address")) => Unsubscribe,
        _ => return None,
    };
    let at = DateTime::from_timestamp(event.timestamp, 0).filter(|at| at.timestamp() > 0)?;
    Some(MailReport { address: event.email, reason, at })
}

/// The value of `X-SMTPAPI` with these unique arguments, which come back with every event about the mail. In ASCII, as a
/// header is, with blanks at which it can be folded.
#[must_use]
pub fn smtpapi<'a>(arguments: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let quoted = |text: &str| {
        let mut plain = String::new();
        for sign in Value::from(text).to_string().chars() {
            if sign.is_ascii() {
                plain.push(sign);
            } else {
                for unit in sign.encode_utf16(&mut [0; 2]) {
                    write!(plain, "\\u{unit:04x}").expect("a String takes every text");
                }
            }
        }
        plain
    };
    let pairs = arguments.into_iter().map(|(name, value)| format!("{}: {}", quoted(name), quoted(value)));
    format!("{{\"unique_args\": {{{}}}}}", pairs.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The key of SendGrid's own examples ("Verify the Signature", and the tests of its client libraries).
    const KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";

    #[cfg(feature = "serve")]
    #[test]
    fn the_example_of_the_vendor_is_signed_and_nothing_else_is() {
        let body = concat!(
            r#"[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","#,
            r#""sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","#,
            r#""sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","#,
            r#""smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]"#,
            "\r\n"
        )
        .as_bytes();
        let signature: &[u8] =
            b"MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=";
        let other: &[u8] =
            b"MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0=";
        let stranger = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==";
        let key = EventKey::parse(KEY).expect("a key");
        assert!(key.is_signed(b"1600112502", body, signature));
        let later = String::from_utf8_lossy(body).replace("1600112492", "1700112492");
        for (timestamp, body, signature) in [
            (&b"1600112503"[..], body, signature),
            (b"", body, signature),
            (b"1600112502", later.as_bytes(), signature),
            (b"1600112502", &body[..body.len() - 2], signature),
            (b"1600112502", body, other),
            (b"1600112502", body, b""),
            (b"1600112502", body, b"MEUCIGHQVtGj"),
            (b"1600112502", body, b"not base64"),
        ] {
            assert!(!key.is_signed(timestamp, body, signature));
        }
        assert!(!EventKey::parse(stranger).expect("a key").is_signed(b"1600112502", body, signature));
        // not on the curve: it opens nothing
        let mut der = STANDARD.decode(KEY).expect("base64");
        *der.last_mut().expect("it has an end") ^= 1;
        let off = EventKey::parse(&STANDARD.encode(der)).expect("its form is right");
        assert!(!off.is_signed(b"1600112502", body, signature));
    }

    #[test]
    fn a_key_of_another_kind_or_length_is_none() {
        let der = STANDARD.decode(KEY).expect("base64");
        assert!(EventKey::parse(&format!(" {KEY}\n")).is_some());
        let mut compressed = der.clone();
        compressed[26] = 2;
        let mut p384 = der.clone();
        p384[22] = 0x22;
        for wrong in [&der[..der.len() - 1], &[&der[..], &[0]].concat(), &der[26..], &compressed, &p384, &[]]
        {
            assert_eq!(EventKey::parse(&STANDARD.encode(wrong)), None);
        }
        for wrong in ["", "hush", "-----BEGIN PUBLIC KEY-----"] {
            assert_eq!(EventKey::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn events_say_who_is_not_to_be_mailed_and_others_say_nothing() {
        use SuppressionReason::{Bounce, Complaint, Unsubscribe};
        let event = |more: Value| {
            let mut event =
                json!({"email": "ann@example.org", "timestamp": 1_600_112_492, "sg_event_id": "x"});
            event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            event
        };
        for (more, reason) in [
            (json!({"event": "bounce", "type": "bounce", "status": "5.1.1"}), Some(Bounce)),
            (json!({"event": "bounce"}), Some(Bounce)),
            (json!({"event": "bounce", "type": "blocked", "status": "5.2.2"}), None),
            (json!({"event": "dropped", "reason": "Bounced Address"}), Some(Bounce)),
            (json!({"event": "dropped", "reason": "Invalid"}), Some(Bounce)),
            (json!({"event": "dropped", "reason": "Spam Reporting Address"}), Some(Complaint)),
            (json!({"event": "dropped", "reason": "Unsubscribed Address"}), Some(Unsubscribe)),
            (json!({"event": "dropped", "reason": "Invalid SMTPAPI header"}), None),
            (json!({"event": "dropped", "reason": "Spam Content (if spam checker app enabled)"}), None),
            (json!({"event": "dropped"}), None),
            (json!({"event": "spamreport"}), Some(Complaint)),
            (json!({"event": "unsubscribe"}), Some(Unsubscribe)),
            (json!({"event": "group_unsubscribe", "asm_group_id": 1}), Some(Unsubscribe)),
            (json!({"event": "delivered"}), None),
            (json!({"event": "deferred"}), None),
            (json!({"event": "bounce", "email": null}), None),
            (json!({"event": "bounce", "timestamp": "soon"}), None),
            (json!({"event": "bounce", "timestamp": -1}), None),
        ] {
            let body = json!([event(more.clone()), 7, null, {}]).to_string();
            let found = reports(body.as_bytes()).expect("a list");
            let expected = reason.map(|reason| MailReport {
                address: "ann@example.org".into(),
                reason,
                at: "2020-09-14T19:41:32Z".parse().expect("a moment"),
            });
            assert!(found == expected.into_iter().collect::<Vec<_>>(), "{more}");
        }
        assert!(reports(b"{}").is_err() && reports(b"").is_err());
    }

    #[test]
    fn arguments_are_json_in_ascii() {
        let value = smtpapi([("env", "prod"), ("build", "7"), ("tag", "v1 \"ñ\" 👍")]);
        assert!(value.is_ascii(), "{value}");
        let read: Value = serde_json::from_str(&value).expect("JSON");
        assert_eq!(read, json!({"unique_args": {"env": "prod", "build": "7", "tag": "v1 \"ñ\" 👍"}}));
    }
}
