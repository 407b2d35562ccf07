//! What vendors take, as schemas of ours in `tests/all/providers/schemas/`: peers refuse what does not fit. They are JSON
//! Schema (2020-12), of which the words below are known and no others, so that none is passed over.

use std::path::PathBuf;

use regex::Regex;
use serde_json::Value;

/// Where the schemas lie.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/all/providers/schemas")
}

/// Everything by which a value does not fit the schema of that name; empty when it does.
pub(crate) fn misfits(name: &str, value: &Value) -> Vec<String> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let mut misfits = Vec::new();
    check(&schema, &schema, value, "", &mut misfits);
    misfits
}

fn check(whole: &Value, schema: &Value, value: &Value, at: &str, misfits: &mut Vec<String>) {
    let length = value.as_str().map(|text| text.chars().count() as u64);
    let count = value.as_array().map(|items| items.len() as u64);
    let mut no = |what: String| misfits.push(format!("{at}: {what}"));
    let mut below: Vec<(&Value, &Value, String)> = Vec::new();
    for (word, of) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "$schema" | "$comment" | "$defs" | "description" | "additionalProperties" => {}
            "$ref" => {
                let target = whole.pointer(of.as_str().unwrap().trim_start_matches('#'));
                below.push((target.expect("it points into the schema"), value, at.to_owned()));
            }
            "type" => {
                let of = of.as_str().unwrap();
                let fits = match of {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    other => panic!("no peer knows the type {other}"),
                };
                if !fits {
                    no(format!("is no {of}"));
                }
            }
            "enum" if !of.as_array().unwrap().contains(value) => no(format!("is none of {of}")),
            "const" if of != value => no(format!("is not {of}")),
            "pattern" => {
                let pattern = Regex::new(of.as_str().unwrap()).unwrap();
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    no(format!("does not match {of}"));
                }
            }
            "minLength" if length.is_some_and(|length| length < of.as_u64().unwrap()) => {
                no("is too short".into())
            }
            "maxLength" if length.is_some_and(|length| length > of.as_u64().unwrap()) => {
                no("is too long".into())
            }
            "minItems" if count.is_some_and(|count| count < of.as_u64().unwrap()) => no("has too few".into()),
            "maxItems" if count.is_some_and(|count| count > of.as_u64().unwrap()) => {
                no("has too many".into())
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                below.extend(items.map(|(index, item)| (of, item, format!("{at}/{index}"))));
            }
            "required" => {
                for name in of.as_array().unwrap().iter().map(|name| name.as_str().unwrap()) {
                    if value.as_object().is_some_and(|object| !object.contains_key(name)) {
                        no(format!("lacks {name}"));
                    }
                }
            }
            "anyOf" => {
                let fits = |one: &Value| {
                    let mut inner = Vec::new();
                    check(whole, one, value, at, &mut inner);
                    inner.is_empty()
                };
                if !of.as_array().unwrap().iter().any(fits) {
                    no("fits none of several".into());
                }
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    match of.get(name) {
                        Some(of) => below.push((of, member, format!("{at}/{name}"))),
                        None if schema["additionalProperties"] == false => no(format!("has {name}")),
                        None => {}
                    }
                }
            }
            "enum" | "const" | "minLength" | "maxLength" | "minItems" | "maxItems" => {}
            other => panic!("no peer knows {other}"),
        }
    }
    for (schema, value, at) in below {
        check(whole, schema, value, &at, misfits);
    }
}
