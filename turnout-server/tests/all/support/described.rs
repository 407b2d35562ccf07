//! Whether an answer is what the description of the API says: its status, its headers, its body. Every answer of every
//! test that asks a route of the API is looked at.

use std::sync::LazyLock;

use http::{
    HeaderMap, Method, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use serde_json::Value;
use turnout_server::{openapi, routes};

/// The description of the usual routes.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| openapi::document(&routes::all()));

/// Panics where the answer is not described so.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let Some(operation) = operation(method, path).filter(|_| status != StatusCode::METHOD_NOT_ALLOWED) else {
        return;
    };
    let asked = format!("{method} {path}: {status}");
    let declared = &operation["responses"][status.as_str()];
    // a host that is not ours, and a path that only looks like a route
    if kind == "text/html" && declared["content"].get(kind).is_none() {
        return;
    }
    assert!(declared.is_object(), "{asked} is not described");
    for (name, header) in declared["headers"].as_object().into_iter().flatten() {
        let required = resolve(header)["required"] == true;
        assert!(!required || headers.contains_key(name), "{asked} has no {name}");
    }
    if method == Method::HEAD {
        return;
    }
    let Some(content) = declared["content"].as_object() else {
        assert!(body.is_empty(), "{asked} has a body, which is not described");
        return;
    };
    let schema = content.get(kind).unwrap_or_else(|| panic!("{asked} is {kind}, which is not described"));
    // a body that is compressed is the twin of one that is not
    if kind.ends_with("json") && !headers.contains_key(CONTENT_ENCODING) {
        let value: Value = serde_json::from_slice(body).unwrap();
        if let Err(problem) = validate(&schema["schema"], &value) {
            panic!("{asked} is not as described: {problem}: {value}");
        }
    }
}

/// The described operation of a request.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.trim_end_matches('/').split('/').collect();
        template.len() == parts.len()
            && template.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
    };
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_ascii_lowercase() };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let exact = paths.iter().find(|(template, _)| template.trim_end_matches('/') == path);
    let found = exact.or_else(|| paths.iter().find(|(template, _)| fits(template)))?;
    found.1.get(&method)
}

fn resolve(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).expect(reference),
        None => schema,
    }
}

/// Whether a value is as a schema says. Knows the words that our schemas of answers use, and no others. An object holds
/// nothing that its schema does not name.
pub(crate) fn validate(schema: &Value, value: &Value) -> Result<(), String> {
    let schema = resolve(schema);
    for (word, of) in schema.as_object().unwrap() {
        match word.as_str() {
            "description" | "properties" | "additionalProperties" => {}
            "anyOf" => {
                let tried: Vec<_> = of.as_array().unwrap().iter().map(|it| validate(it, value)).collect();
                if tried.iter().all(Result::is_err) {
                    return Err(tried.into_iter().filter_map(Result::err).collect::<Vec<_>>().join(" | "));
                }
            }
            "type" => {
                let types: Vec<&str> = match of {
                    Value::Array(types) => types.iter().map(|it| it.as_str().unwrap()).collect(),
                    one => vec![one.as_str().unwrap()],
                };
                if !types.iter().any(|kind| is(kind, value)) {
                    return Err(format!("{value} is none of {types:?}"));
                }
            }
            "enum" if of.as_array().unwrap().contains(value) => {}
            "format" => {
                let good = value.as_str().is_none_or(|text| match of.as_str().unwrap() {
                    "uuid" => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
                    "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
                    other => panic!("no test knows the format {other}"),
                });
                if !good {
                    return Err(format!("{value} is no {of}"));
                }
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    validate(of, item)?;
                }
            }
            "required" => {
                for name in of.as_array().unwrap().iter().map(|it| it.as_str().unwrap()) {
                    if value.as_object().is_some_and(|object| !object.contains_key(name)) {
                        return Err(format!("{name} is missing"));
                    }
                }
            }
            "minItems" if value.as_array().is_none_or(|list| !list.is_empty()) => {}
            "minProperties" if value.as_object().is_none_or(|object| !object.is_empty()) => {}
            "maxProperties" if value.as_object().is_none_or(|object| object.len() == 1) => {}
            "enum" | "minItems" | "minProperties" | "maxProperties" => {
                return Err(format!("{value} breaks {word} {of}"));
            }
            other => panic!("no test knows {other}"),
        }
    }
    let names = schema["properties"].as_object();
    let more = schema.get("additionalProperties").filter(|it| it.is_object());
    if let (Value::Object(object), true) = (value, names.is_some() || more.is_some()) {
        for (name, member) in object {
            match names.and_then(|names| names.get(name)).or(more) {
                Some(of) => validate(of, member).map_err(|problem| format!("{name}: {problem}"))?,
                None => return Err(format!("{name} is not described")),
            }
        }
    }
    Ok(())
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no test knows the type {other}"),
    }
}
