//! The shapes of bodies: from the fields that a use-case reads, as JSON and as a form.

use serde_json::{Map, Value, json};
use turnout_core::{
    address::State,
    asked::{Field, Kind},
    input::{NEITHER, NO, YES},
    person::LONGEST_EMAIL,
    problems::NON_FIELD,
};

use super::shape::or_null;

/// Anything but a null character.
const NO_NUL: &str = "^[^\\u0000]*$";
/// The same, and something to see.
const SOMETHING: &str = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$";

/// The object that a JSON body is; `closed` where names that are not known are refused.
pub(super) fn json_body(fields: &[Field], closed: bool) -> Value {
    object(fields, json_field, closed)
}

/// The same as a form.
pub(super) fn form_body(fields: &[Field], closed: bool) -> Value {
    object(fields, form_field, closed)
}

fn object(fields: &[Field], schema: fn(&Field) -> Value, closed: bool) -> Value {
    let members: Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), schema(field))).collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    let mut object = json!({ "type": "object", "properties": members });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if closed {
        object["additionalProperties"] = json!(false);
    }
    object
}

/// What is complained of: under each field a list of sentences, or one by index of a list's elements.
pub(super) fn complaints(fields: &[Field]) -> Value {
    let sentences = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    let mut members = Map::new();
    for field in fields {
        let schema = match field.kind {
            Kind::FileId | Kind::Language => continue,
            Kind::Choices(_) => json!({ "anyOf": [
                sentences,
                { "type": "object", "description": "By the index of the element.", "additionalProperties": sentences },
            ] }),
            _ => sentences.clone(),
        };
        members.insert(field.name.clone(), schema);
    }
    members.insert(NON_FIELD.to_owned(), sentences);
    json!({
        "type": "object",
        "description": "Every complaint, under the name of its field.",
        "properties": members,
        "additionalProperties": false,
        "minProperties": 1,
    })
}

fn json_field(field: &Field) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let schema = match &field.kind {
        Kind::Text => {
            let mut schema = text(if field.blank { NO_NUL } else { SOMETHING });
            schema["type"] = json!(["string", "number"]);
            if let Some(most) = field.most {
                schema["maxLength"] = json!(most);
            }
            schema
        }
        Kind::Zipcode => {
            let digits = if field.blank { "^([0-9]{5})?$" } else { "^[0-9]{5}$" };
            json!({ "anyOf": [text(digits), { "type": "integer", "minimum": 10_000, "maximum": 99_999 }] })
        }
        Kind::Email if field.blank => {
            json!({ "anyOf": [email(field), { "type": "string", "maxLength": 0 }] })
        }
        Kind::Email => email(field),
        Kind::Phone => json!({ "type": "string", "minLength": 1 }),
        Kind::Choice(choices) => choice(choices, field.blank),
        Kind::StateKey => choice(&State::ALL.iter().map(|state| state.code()).collect::<Vec<_>>(), false),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Boolean => {
            let mut written: Vec<Value> = YES.iter().chain(&NO).map(|text| json!(text)).collect();
            if field.null {
                written.extend(NEITHER.map(|text| json!(text)));
            }
            written.extend([json!(0), json!(1)]);
            json!({ "anyOf": [{ "type": "boolean" }, { "enum": written }] })
        }
        Kind::MustBeTrue => {
            let mut written = vec![json!(true)];
            written.extend(YES.iter().map(|text| json!(text)).chain([json!(1)]));
            json!({ "enum": written })
        }
        Kind::Uuid => json!({ "anyOf": [
            { "type": "string", "format": "uuid" },
            { "type": "integer", "minimum": 0, "description": "The same as a number of 128 bits." },
        ] }),
        Kind::UuidKey => json!({ "type": "string", "format": "uuid" }),
        Kind::FileId => text("^[A-Za-z0-9_-]{22,}$"),
        Kind::Region => json!({ "anyOf": [{ "type": "integer" }, text("^[+-]?[0-9]+$")] }),
        Kind::Integer => json!({ "anyOf": [{ "type": "integer" }, text("^[+-]?[0-9]+$")] }),
        Kind::Number => json!({ "anyOf": [
            { "type": "number" },
            text("^\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*$"),
        ] }),
        Kind::Json if field.null => json!({}),
        Kind::Json => json!({ "type": ["array", "boolean", "number", "object", "string"] }),
        Kind::Choices(choices) => json!({ "type": "array", "items": choice(choices, false) }),
        Kind::Language => {
            json!({ "description": "A tag of BCP 47, such as `es`; anything else is passed over." })
        }
    };
    if field.null { or_null(schema) } else { schema }
}

fn email(field: &Field) -> Value {
    json!({ "type": "string", "format": "email", "maxLength": field.most.unwrap_or(LONGEST_EMAIL) })
}

fn choice(choices: &[&str], blank: bool) -> Value {
    let mut choices = choices.to_vec();
    if blank {
        choices.push("");
    }
    json!({ "type": "string", "enum": choices })
}

/// In a form every value is a text, and an empty one is what the field accepts.
fn form_field(field: &Field) -> Value {
    let text = json!({ "type": "string" });
    match &field.kind {
        Kind::Choice(choices) => choice(choices, field.blank || field.null || !field.required),
        Kind::Choices(choices) => json!({ "type": "array", "items": choice(choices, false) }),
        Kind::MustBeTrue => json!({ "type": "string", "enum": YES }),
        Kind::Boolean => {
            let mut written: Vec<&str> = YES.iter().chain(&NO).copied().collect();
            written.extend(NEITHER.iter().filter(|_| field.null));
            json!({ "type": "string", "enum": written })
        }
        Kind::Json => json!({ "type": "string", "contentMediaType": "application/json" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Email => json!({ "type": "string", "format": "email" }),
        Kind::Uuid | Kind::UuidKey => json!({ "type": "string", "format": "uuid" }),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        asked,
        input::{Reader, Rules},
    };

    use super::*;

    #[test]
    fn a_body_is_what_its_reader_takes() {
        let fields = asked::fields(|input| {
            let mut r = Reader::whole(input);
            r.text("name", Rules::required());
            r.state("state", Rules::optional().or_null());
            r.must_be_true("box", Rules::required());
        });
        let body = json_body(&fields, true);
        assert_eq!(body["required"], json!(["name", "box"]));
        assert_eq!(body["additionalProperties"], json!(false));
        assert_eq!(body["properties"]["name"], json!({"type": ["string", "number"], "pattern": SOMETHING}));
        let states = body["properties"]["state"]["enum"].as_array().map(Vec::len);
        assert_eq!(states, Some(57));
        assert_eq!(complaints(&fields)["properties"].as_object().map(Map::len), Some(4));
    }
}
