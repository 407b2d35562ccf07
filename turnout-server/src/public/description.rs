//! `GET /docs/api/`: the description of the API, to read.
//!
//! Everything on it comes from the document that `/v1/openapi.json` is, so it says neither more nor less. It is in
//! English, as the document is.

use askama::Template;
use http::StatusCode;
use serde_json::{Map, Value};

use super::{
    Answer,
    frame::{Frame, Keep, page},
    visit::Visit,
};
use crate::http::{PROBLEM, Request};

#[derive(Template)]
#[template(path = "public/description.html")]
struct DescriptionPage<'a> {
    frame: Frame<'a>,
    version: &'a str,
    about: Vec<Paragraph<'a>>,
    families: Vec<Family<'a>>,
    shapes: Vec<ShapeShown<'a>>,
}

/// A piece of a sentence.
struct Piece<'a> {
    text: &'a str,
    code: bool,
}

/// A paragraph, or an item of a list.
struct Paragraph<'a> {
    item: bool,
    pieces: Vec<Piece<'a>>,
}

struct Family<'a> {
    name: &'a str,
    operations: Vec<OperationShown<'a>>,
}

struct OperationShown<'a> {
    id: &'a str,
    method: String,
    path: &'a str,
    summary: &'a str,
    description: Vec<Piece<'a>>,
    key: bool,
    parameters: Vec<Row<'a>>,
    body: Vec<(&'a str, Vec<Kind>)>,
    answers: Vec<AnswerShown<'a>>,
}

/// A parameter, or a member of an object.
struct Row<'a> {
    name: &'a str,
    place: &'a str,
    required: bool,
    kinds: Vec<Kind>,
    description: Vec<Piece<'a>>,
}

struct AnswerShown<'a> {
    status: &'a str,
    description: Vec<Piece<'a>>,
    kinds: Vec<Kind>,
}

struct ShapeShown<'a> {
    name: &'a str,
    description: Vec<Piece<'a>>,
    closed: bool,
    members: Vec<Row<'a>>,
}

/// What a value may be: words, or the name of a shape to go to.
struct Kind {
    text: String,
    shape: Option<String>,
}

/// The page.
///
/// # Errors
/// Never.
pub async fn show(request: Request) -> super::Result {
    super::answered(of(Visit::of(&request), &request.description().document))
}

fn of(visit: Visit<'_>, document: &Value) -> Answer {
    let info = &document["info"];
    let shown = DescriptionPage {
        frame: visit.frame("API".to_owned()),
        version: text(&info["version"]),
        about: text(&info["description"]).lines().filter(|line| !line.is_empty()).map(paragraph).collect(),
        families: families(document),
        shapes: object(&document["components"]["schemas"]).map(shape).collect(),
    };
    page(StatusCode::OK, Keep::Public, &shown)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A line of Markdown, of which only lists and `code` are used.
fn paragraph(line: &str) -> Paragraph<'_> {
    let (item, line) = line.strip_prefix("- ").map_or((false, line), |line| (true, line));
    Paragraph { item, pieces: pieces(line) }
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let pieces = line.split('`').enumerate().map(|(number, text)| Piece { text, code: number % 2 == 1 });
    pieces.filter(|piece| !piece.text.is_empty()).collect()
}

fn families(document: &Value) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = list(&document["tags"])
        .map(|tag| Family { name: text(&tag["name"]), operations: Vec::new() })
        .collect();
    for (path, methods) in object(&document["paths"]) {
        for (method, operation) in object(methods) {
            let tag = text(&operation["tags"][0]);
            let shown = operation_shown(path, method, operation);
            if let Some(family) = families.iter_mut().find(|family| family.name == tag) {
                family.operations.push(shown);
            }
        }
    }
    families
}

fn operation_shown<'a>(path: &'a str, method: &str, operation: &'a Value) -> OperationShown<'a> {
    let parameter = |it: &'a Value| Row {
        name: text(&it["name"]),
        place: text(&it["in"]),
        required: it["required"] == true,
        kinds: kinds(&it["schema"]),
        description: pieces(text(&it["description"])),
    };
    let answer = |(status, it): (&'a str, &'a Value)| AnswerShown {
        status,
        description: pieces(text(&it["description"])),
        kinds: object(&it["content"])
            .flat_map(|(kind, content)| match kind {
                "application/json" | PROBLEM => kinds(&content["schema"]),
                other => vec![Kind { text: other.to_owned(), shape: None }],
            })
            .collect(),
    };
    OperationShown {
        id: text(&operation["operationId"]),
        method: method.to_ascii_uppercase(),
        path,
        summary: text(&operation["summary"]),
        description: pieces(text(&operation["description"])),
        key: operation.get("security").is_some(),
        parameters: list(&operation["parameters"]).map(parameter).collect(),
        body: object(&operation["requestBody"]["content"])
            .map(|(kind, content)| (kind, kinds(&content["schema"])))
            .collect(),
        answers: object(&operation["responses"]).map(answer).collect(),
    }
}

fn shape<'a>((name, schema): (&'a str, &'a Value)) -> ShapeShown<'a> {
    let required: Vec<&str> = list(&schema["required"]).map(text).collect();
    let member = |(name, of): (&'a str, &'a Value)| Row {
        name,
        place: "",
        required: required.contains(&name),
        kinds: kinds(of),
        description: pieces(text(&of["description"])),
    };
    ShapeShown {
        name,
        description: pieces(text(&schema["description"])),
        closed: schema["additionalProperties"] == false,
        members: object(&schema["properties"]).map(member).collect(),
    }
}

/// What a schema allows, in words.
fn kinds(schema: &Value) -> Vec<Kind> {
    let words = |text: String| Kind { text, shape: None };
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return vec![Kind { text: name.to_owned(), shape: Some(format!("shape-{name}")) }];
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return any.iter().flat_map(kinds).collect();
    }
    if let Some(choices) = schema["enum"].as_array() {
        return vec![words(one_of(choices))];
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let format = schema["format"].as_str();
    let spelled = |kind: &str| match (kind, format) {
        ("string", Some(format)) => format.to_owned(),
        ("string", None) => "text".to_owned(),
        ("", _) => "any JSON".to_owned(),
        (kind, _) => kind.to_owned(),
    };
    let mut found = Vec::new();
    for kind in types {
        if kind == "array" && schema.get("items").is_some() {
            for mut of in kinds(&schema["items"]) {
                of.text = format!("list of {}", of.text);
                found.push(of);
            }
        } else {
            found.push(words(spelled(kind)));
        }
    }
    found
}

/// The choices, or the first of many.
fn one_of(choices: &[Value]) -> String {
    const MOST: usize = 12;
    let shown = choices
        .iter()
        .take(MOST)
        .map(|it| it.as_str().map_or_else(|| it.to_string(), |it| format!("“{it}”")));
    let shown = shown.collect::<Vec<_>>().join(", ");
    if choices.len() > MOST { format!("{shown} … ({} in all)", choices.len()) } else { shown }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_said_in_words() {
        for (schema, said) in [
            (json!({"type": ["string", "null"], "format": "uuid"}), "uuid or null"),
            (json!({"$ref": "#/components/schemas/Detail"}), "Detail"),
            (json!({"type": "array", "items": {"type": "string"}}), "list of text"),
            (json!({"anyOf": [{"type": "integer"}, {"enum": ["a", 1]}]}), "integer or “a”, 1"),
            (json!({}), "any JSON"),
        ] {
            let spelled: Vec<String> = kinds(&schema).into_iter().map(|kind| kind.text).collect();
            assert_eq!(spelled.join(" or "), said);
        }
    }

    #[test]
    fn code_stands_between_backticks() {
        let pieces: Vec<(&str, bool)> = pieces("a `b` c").into_iter().map(|it| (it.text, it.code)).collect();
        assert_eq!(pieces, [("a ", false), ("b", true), (" c", false)]);
    }
}
