//! What verification and reminders have in common: who and where a voter is.

use serde_json::{Value, json};

/// Everything that has to be there.
pub(super) fn minimum() -> Value {
    json!({
        "first_name": "Jose", "last_name": "Rizal", "address1": "1 Main St", "city": "Lima", "state": "OH",
        "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "voter@example.org",
    })
}

/// `base` with the fields of `more` over it.
pub(super) fn with(mut base: Value, more: &Value) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

/// Fields that are refused, and with which words.
pub(super) fn bad_fields() -> Vec<(Value, Value)> {
    let one = |field: &str, value: Value, message: &str| (json!({field: value}), json!({field: [message]}));
    let (null, blank) = ("This field may not be null.", "This field may not be blank.");
    vec![
        one("first_name", json!(null), null),
        one("first_name", json!(" "), blank),
        one("last_name", json!([]), "Not a valid string."),
        one("address1", json!({}), "Not a valid string."),
        one("state", json!(null), null),
        one("state", json!("oh"), "\"oh\" is not a valid choice."),
        one("state", json!(""), "\"\" is not a valid choice."),
        one("zipcode", json!("4580"), "Zip codes are 5 digits"),
        one("zipcode", json!(null), null),
        one("zipcode", json!(""), blank),
        one(
            "date_of_birth",
            json!("06/19/1990"),
            "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
        ),
        one("email", json!("nobody"), "Enter a valid email address."),
        one("phone", json!("12"), "Enter a valid phone number."),
        one("phone", json!(6_175_557_890_u64), "Enter a valid phone number."),
        one("phone", json!(null), null),
        one("phone", json!(""), blank),
        one("sms_opt_in", json!("maybe"), "Must be a valid boolean."),
        one("sms_opt_in_subscriber", json!(null), null),
        one("session_id", json!("zz"), "Must be a valid UUID."),
        one("utm_source", json!("a\0"), "Null characters are not allowed."),
        one("initial_events", json!("Start"), "Expected a list of items but got type \"str\"."),
        (
            json!({"initial_events": ["Start", "FinishLEO"]}),
            json!({"initial_events": {"1": ["\"FinishLEO\" is not a valid choice."]}}),
        ),
        (
            json!({"first_name": null, "zipcode": "x"}),
            json!({"first_name": [(null)], "zipcode": ["Zip codes are 5 digits"]}),
        ),
    ]
}
