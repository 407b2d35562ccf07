//! What is in a message: ids, times and kinds. The form is versioned; a version is only ever added to.

use serde_json::{Value, json};

use super::Delivery;
use crate::ids::{DeliveryId, SubscriberId};

/// The version of the form.
pub const VERSION: u32 = 1;

/// The header `webhook-id`.
#[must_use]
pub fn message_id(id: DeliveryId) -> String {
    format!("msg_{}", id.0.simple())
}

/// The body: the same bytes at every try.
#[must_use]
pub fn body(delivery: &Delivery, subscriber: SubscriberId) -> Vec<u8> {
    let mut data = json!({ "subscriber": subscriber });
    if let (Some(about), Value::Object(data)) = (delivery.about, &mut data) {
        data.insert("action".into(), json!(about.action));
        data.insert("tool".into(), json!(about.tool.wire()));
        data.insert("record".into(), json!(about.record));
        data.insert("state".into(), json!(about.state.map(|state| state.code())));
        data.insert("event".into(), json!(about.event.map(|(id, _)| id)));
        data.insert("event_type".into(), json!(about.event.map(|(_, kind)| kind.wire())));
    }
    let message = json!({
        "type": delivery.topic.wire(),
        "timestamp": delivery.occurred_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "version": VERSION,
        "data": data,
    });
    message.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::rows::{delivery, uuid};

    #[test]
    fn a_message_holds_ids_times_and_kinds() {
        let text = String::from_utf8(body(&delivery(7, 1, 3, 0), SubscriberId(uuid(1)))).expect("a text");
        let read: Value = serde_json::from_str(&text).expect("JSON");
        let names: Vec<&String> = read["data"].as_object().expect("an object").keys().collect();
        assert_eq!(names, ["action", "event", "event_type", "record", "state", "subscriber", "tool"]);
        assert_eq!(read["type"], "registration.completed");
        assert_eq!(read["timestamp"], "2026-09-21T14:13:20.000000Z");
        assert_eq!((&read["version"], &read["data"]["state"]), (&json!(1), &json!("MA")));
        assert_eq!(read["data"]["event_type"], "FinishPrint");
    }

    #[test]
    fn a_test_tells_of_nobody() {
        let test = Delivery { about: None, topic: super::super::Topic::Test, ..delivery(7, 1, 3, 0) };
        let read: Value = serde_json::from_slice(&body(&test, SubscriberId(uuid(1)))).expect("JSON");
        assert_eq!(read["data"], json!({ "subscriber": uuid(1) }));
        assert_eq!(read["type"], "webhook.test");
    }
}
