//! The shapes of answers: JSON Schema 2020-12, from the types that are written.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use turnout_core::{
    absentee::{SubmissionType, state_form::Section},
    action::EventType,
    address::State,
    asked::Choice,
    election::FieldFormat,
    ids::{ActionId, BallotRequestId, RegionId, RegistrationId, UploadId},
    register::Status,
};

/// The named shapes of a document.
#[derive(Default)]
pub struct Shapes(BTreeMap<String, Value>);

impl Shapes {
    /// Refers to a named shape, which `make` makes when nobody did yet.
    pub fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            let shape = make(self);
            self.0.insert(name.to_owned(), shape);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    pub(super) fn into_json(self) -> Value {
        json!(self.0)
    }
}

/// A type whose values are written as JSON of one shape.
pub trait Shape {
    /// Its schema.
    fn schema(shapes: &mut Shapes) -> Value;
}

/// The type of a member that may be missing.
pub trait Maybe {
    /// What is there when it is not.
    type Of: Shape;
}

impl<T: Shape> Maybe for Option<T> {
    type Of = T;
}

/// Defines the type of an answer: its members, how they are written, and their description, once. Members after `maybe`
/// are left out where there is nothing.
macro_rules! shape {
    (
        $(#[doc = $about:literal])*
        $vis:vis struct $name:ident $(<$life:lifetime>)?: $title:literal {
            $($(#[doc = $doc:literal])* $member:ident: $type:ty,)*
        }
        $(maybe {
            $($(#[doc = $maybe_doc:literal])* $maybe:ident: $maybe_type:ty,)*
        })?
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, serde::Serialize)]
        $vis struct $name $(<$life>)? {
            $($(#[doc = $doc])* $member: $type,)*
            $($(
                $(#[doc = $maybe_doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                $maybe: $maybe_type,
            )*)?
        }

        impl $(<$life>)? $crate::openapi::Shape for $name $(<$life>)? {
            fn schema(shapes: &mut $crate::openapi::Shapes) -> serde_json::Value {
                shapes.named($title, |shapes| {
                    let mut members = $crate::openapi::Members::new(concat!($($about),*));
                    $(members.always(
                        stringify!($member),
                        concat!($($doc),*),
                        <$type as $crate::openapi::Shape>::schema(shapes),
                    );)*
                    $($(members.sometimes(
                        stringify!($maybe),
                        concat!($($maybe_doc),*),
                        <<$maybe_type as $crate::openapi::Maybe>::Of as $crate::openapi::Shape>::schema(shapes),
                    );)*)?
                    members.into_schema()
                })
            }
        }
    };
}
pub(crate) use shape;

/// The members of an object, as `shape!` gathers them.
pub struct Members {
    description: &'static str,
    members: serde_json::Map<String, Value>,
    required: Vec<&'static str>,
}

impl Members {
    /// None yet.
    #[must_use]
    pub fn new(description: &'static str) -> Self {
        Self { description, members: serde_json::Map::new(), required: Vec::new() }
    }

    /// One that is always there.
    pub fn always(&mut self, name: &'static str, description: &'static str, schema: Value) {
        self.required.push(name);
        self.sometimes(name, description, schema);
    }

    /// One that may be missing.
    pub fn sometimes(&mut self, name: &'static str, description: &'static str, mut schema: Value) {
        if !description.is_empty() {
            schema["description"] = json!(description.trim());
        }
        self.members.insert(name.to_owned(), schema);
    }

    /// The object.
    #[must_use]
    pub fn into_schema(self) -> Value {
        json!({
            "type": "object",
            "description": self.description.trim(),
            "required": self.required,
            "properties": self.members,
        })
    }
}

/// The same, or null.
pub(super) fn or_null(mut schema: Value) -> Value {
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.push(Value::Null);
    }
    match schema.get("type") {
        Some(Value::String(kind)) => schema["type"] = json!([kind, "null"]),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<&Value> = kinds.iter().filter(|kind| *kind != "null").collect();
            let mut kinds = json!(kinds);
            kinds.as_array_mut().expect("made of a list").push(json!("null"));
            schema["type"] = kinds;
        }
        _ if schema.get("enum").is_some() || schema == json!({}) => {}
        _ => return json!({ "anyOf": [schema, { "type": "null" }] }),
    }
    schema
}

macro_rules! shapes {
    ($($type:ty = $schema:tt;)*) => {$(
        impl Shape for $type {
            fn schema(_: &mut Shapes) -> Value {
                json!($schema)
            }
        }
    )*};
}

shapes! {
    String = { "type": "string" };
    &str = { "type": "string" };
    bool = { "type": "boolean" };
    f64 = { "type": "number" };
    Value = {};
    ActionId = { "type": "string", "format": "uuid" };
    BallotRequestId = { "type": "string", "format": "uuid" };
    RegistrationId = { "type": "string", "format": "uuid" };
    UploadId = { "type": "string", "format": "uuid" };
    RegionId = { "type": "integer" };
    Section = { "type": "object" };
}

impl<T: Shape> Shape for Option<T> {
    fn schema(shapes: &mut Shapes) -> Value {
        or_null(T::schema(shapes))
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn schema(shapes: &mut Shapes) -> Value {
        json!({ "type": "array", "items": T::schema(shapes) })
    }
}

impl<T: Shape> Shape for &[T] {
    fn schema(shapes: &mut Shapes) -> Value {
        json!({ "type": "array", "items": T::schema(shapes) })
    }
}

/// A refusal: `{"detail": "…"}`.
pub struct Detail;

/// A failure, or a refusal of some routes: `{"error": "…"}`.
pub struct Failure;

impl Shape for Detail {
    fn schema(shapes: &mut Shapes) -> Value {
        sentence(shapes, "Detail", "detail")
    }
}

impl Shape for Failure {
    fn schema(shapes: &mut Shapes) -> Value {
        sentence(shapes, "Error", "error")
    }
}

/// An object of one sentence.
fn sentence(shapes: &mut Shapes, name: &str, member: &str) -> Value {
    shapes.named(
        name,
        |_| json!({ "type": "object", "required": [member], "properties": { member: { "type": "string" } } }),
    )
}

macro_rules! choices {
    ($($type:ty),*) => {$(
        impl Shape for $type {
            fn schema(_: &mut Shapes) -> Value {
                let wires: Vec<&str> = <$type>::EVERY.iter().map(|choice| choice.spellings()[0]).collect();
                json!({ "type": "string", "enum": wires })
            }
        }
    )*};
}

choices!(EventType, FieldFormat, State, Status, SubmissionType);

#[cfg(test)]
mod tests {
    use super::*;

    shape! {
        /// A thing.
        struct Thing<'a>: "Thing" {
            /// Its name.
            name: &'a str,
            state: Option<State>,
        }
        maybe {
            region: Option<Option<RegionId>>,
            parts: Option<Vec<bool>>,
        }
    }

    #[test]
    fn a_shape_is_written_as_it_says() {
        let thing = Thing { name: "a", state: None, region: Some(None), parts: None };
        assert_eq!(json!(thing), json!({"name": "a", "state": null, "region": null}));
        let mut shapes = Shapes::default();
        assert_eq!(Thing::schema(&mut shapes), json!({"$ref": "#/components/schemas/Thing"}));
        let shape = &shapes.0["Thing"];
        assert_eq!(shape["description"], "A thing.");
        assert_eq!(shape["required"], json!(["name", "state"]));
        assert_eq!(shape["properties"]["name"], json!({"type": "string", "description": "Its name."}));
        assert_eq!(shape["properties"]["region"], json!({"type": ["integer", "null"]}));
        assert_eq!(shape["properties"]["parts"], json!({"type": "array", "items": {"type": "boolean"}}));
    }

    #[test]
    fn what_may_be_null_says_so_in_every_form() {
        for (schema, nullable) in [
            (json!({"type": "string"}), json!({"type": ["string", "null"]})),
            (json!({"type": ["string", "number"]}), json!({"type": ["string", "number", "null"]})),
            (
                json!({"type": "string", "enum": ["a"]}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (json!({"enum": ["a", 1]}), json!({"enum": ["a", 1, null]})),
            (json!({}), json!({})),
            (json!({"$ref": "#/x"}), json!({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]})),
        ] {
            assert_eq!(or_null(schema), nullable);
        }
    }
}
