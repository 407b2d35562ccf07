//! `/v1/openapi.json`, `/docs/api/`, and the description beside the contract's. That every answer is as described is
//! looked at wherever a test asks: [`support::described`](crate::support).

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use turnout_server::routes;

use crate::support::{DOCUMENT, TestServer, validate};

#[test]
fn every_method_of_every_route_that_is_no_page_is_described() {
    for route in routes::all() {
        let described: Vec<_> = route.operations().iter().map(|(method, _)| method).collect();
        if route.access() != turnout_server::http::Access::Page {
            assert_eq!(described, route.methods().collect::<Vec<_>>(), "{}", route.path());
        }
    }
}

/// Method, path and operation.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let of = |(path, methods): (&'static String, &'static Value)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn ids_are_unique_and_links_lead_to_them() {
    let ids: Vec<&str> = operations().iter().map(|it| it.2["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let mut links = 0;
    for (_, _, operation) in operations() {
        for response in operation["responses"].as_object().unwrap().values() {
            for link in response["links"].as_object().into_iter().flat_map(serde_json::Map::values) {
                assert!(ids.contains(&link["operationId"].as_str().unwrap()), "{link}");
                links += 1;
            }
        }
    }
    assert!(links > 5);
}

#[test]
fn every_segment_of_a_path_is_described_and_no_other() {
    for (method, path, operation) in operations() {
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let described = operation["parameters"].as_array().unwrap().iter();
        let described: BTreeSet<&str> =
            described.filter(|it| it["in"] == "path").map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!(described, in_path, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                references.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                object.values().for_each(|it| walk(it, references));
            }
            Value::Array(list) => list.iter().for_each(|it| walk(it, references)),
            _ => {}
        }
    }
    let mut references = Vec::new();
    walk(&DOCUMENT, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        assert!(DOCUMENT.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn what_looks_at_answers_finds_what_is_wrong_with_them() {
    let schema = json!({"$ref": "#/components/schemas/LookupResult"});
    let id = "00000000-0000-4000-8000-000000000000";
    assert_eq!(validate(&schema, &json!({"registered": true, "action_id": id})), Ok(()));
    for wrong in [
        json!({"registered": "true", "action_id": id}),
        json!({"registered": true}),
        json!({"registered": true, "action_id": "x"}),
        json!({"registered": true, "action_id": id, "more": 1}),
        json!([]),
    ] {
        assert!(validate(&schema, &wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn the_document_is_served_to_every_site_and_the_page_shows_all_of_it() {
    let server = TestServer::new().await;
    let answer = server.get("/v1/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.json()["paths"], DOCUMENT["paths"]);

    let page = server.get("/docs/api/").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let html = page.text();
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        assert!(html.contains(&format!("<code>{} {path}</code>", method.to_ascii_uppercase())), "{path}");
    }
    for (name, shape) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        assert!(html.contains(&format!("id=\"shape-{name}\"")), "{name}");
        for member in shape["properties"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            assert!(html.contains(&format!("<code>{member}</code>")), "{member}");
        }
    }
    let ids: Vec<&str> = html.split(" id=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id comes twice");
    for target in html.split("href=\"#").skip(1).map(|it| it.split('"').next().unwrap()) {
        assert!(ids.contains(&target), "{target}");
    }
}

/// Where our description differs from the contract's on purpose: what, as [`differences`] says it. The reasons are in
/// docs/parity.md, which names each of these.
const DEVIATIONS: [&str; 5] = [
    "an operation is missing",
    "status 405",
    "200 action_id: may be null",
    "200 state: may be null",
    "200 subscriber: may be null",
];

#[test]
fn the_description_is_that_of_the_contract() {
    let contract = contract();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut compared = 0;
    for (path, methods) in contract["paths"].as_object().unwrap() {
        // what the contract has and we have not yet is no difference of the description
        let Some(ours) = DOCUMENT["paths"].get(path) else { continue };
        for (method, operation) in
            methods.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters")
        {
            compared += 1;
            let asked = format!("{method} {path}");
            let Some(ours) = ours.get(method) else {
                found.entry("an operation is missing".to_owned()).or_default().push(asked);
                continue;
            };
            for difference in differences(&contract, operation, ours) {
                found.entry(difference).or_default().push(asked.clone());
            }
        }
    }
    assert!(compared > 20, "{compared}");
    let parity =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/parity.md")).unwrap();
    for deviation in DEVIATIONS {
        assert!(found.remove(deviation).is_some(), "this difference is gone: {deviation}");
        assert!(parity.contains(&format!("| {deviation} |")), "docs/parity.md does not name: {deviation}");
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The contract's description, from the shared folder: `TURNOUT_SHARED`, or the folder beside the workspace.
fn contract() -> Value {
    #[expect(clippy::disallowed_methods, reason = "a test has no Config")]
    let shared = std::env::var_os("TURNOUT_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let file = shared.join("contract/openapi.yaml");
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}. TURNOUT_SHARED names its folder.", file.display()));
    serde_saphyr::from_str(&text).unwrap()
}

fn differences(contract: &Value, theirs: &Value, ours: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for parameter in theirs["parameters"].as_array().into_iter().flatten().filter(|it| it["in"] == "query") {
        let name = &parameter["name"];
        if !ours["parameters"].as_array().unwrap().iter().any(|it| it["name"] == *name) {
            found.push(format!("parameter {name} is missing"));
        }
    }
    let body = |of: &Value| of["requestBody"]["content"]["application/json"]["schema"].clone();
    let (their_body, our_body) = (flat(contract, &body(theirs)), flat(&DOCUMENT, &body(ours)));
    for name in their_body.members.keys().filter(|name| !our_body.members.contains_key(*name)) {
        found.push(format!("body: {name} is missing"));
    }
    if their_body.required != our_body.required {
        found.push(format!("body: {:?} are required, not {:?}", our_body.required, their_body.required));
    }
    for (status, response) in theirs["responses"].as_object().unwrap() {
        let Some(our_response) = ours["responses"].get(status) else {
            found.push(format!("status {status}"));
            continue;
        };
        for (kind, content) in response["content"].as_object().into_iter().flatten() {
            match our_response["content"].get(kind) {
                None => found.push(format!("status {status} as {kind}")),
                Some(our_content) if kind == "application/json" => {
                    let (theirs, ours) = (&content["schema"], &our_content["schema"]);
                    compare(contract, theirs, ours, status, &mut found);
                }
                Some(_) => {}
            }
        }
    }
    found
}

/// What a schema says of an object, with its parts put together.
#[derive(Default)]
struct Flat {
    members: BTreeMap<String, Value>,
    required: BTreeSet<String>,
    items: Option<Value>,
    types: BTreeSet<String>,
    /// One of several shapes, which are compared as a whole.
    open: bool,
}

fn flat(document: &Value, schema: &Value) -> Flat {
    let mut flat = Flat::default();
    gather(document, schema, &mut flat);
    flat
}

fn gather(document: &Value, schema: &Value, into: &mut Flat) {
    if let Some(reference) = schema["$ref"].as_str() {
        return gather(document, document.pointer(reference.trim_start_matches('#')).unwrap(), into);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(document, part, into);
    }
    let any = schema["anyOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    let objects = any.iter().filter(|it| it["type"] != "null" && it["type"] != "boolean").count();
    into.open |= objects > 1;
    for part in any {
        gather(document, part, into);
    }
    match &schema["type"] {
        Value::String(one) => drop(into.types.insert(one.clone())),
        Value::Array(many) => into.types.extend(many.iter().map(|it| it.as_str().unwrap().to_owned())),
        _ => {}
    }
    let members = schema["properties"].as_object().into_iter().flatten();
    into.members.extend(members.map(|(name, of)| (name.clone(), of.clone())));
    let required = schema["required"].as_array().into_iter().flatten();
    into.required.extend(required.map(|it| it.as_str().unwrap().to_owned()));
    if let Some(items) = schema.get("items") {
        into.items = Some(items.clone());
    }
}

/// Every member of theirs is in ours, is always there where it is there, and holds nothing that theirs does not.
fn compare(contract: &Value, theirs: &Value, ours: &Value, place: &str, found: &mut Vec<String>) {
    let (theirs, ours) = (flat(contract, theirs), flat(&DOCUMENT, ours));
    if theirs.open || ours.open {
        // refusals of several shapes: theirs say no more than that there are names with sentences
        return;
    }
    for kind in ours.types.difference(&theirs.types) {
        let is_allowed = theirs.types.is_empty() || kind == "integer" && theirs.types.contains("number");
        if !is_allowed {
            found.push(format!("{place}: may be {kind}"));
        }
    }
    for (name, member) in &theirs.members {
        let place = format!("{place} {name}");
        match ours.members.get(name) {
            None => found.push(format!("{place} is missing")),
            Some(our_member) => compare(contract, member, our_member, &place, found),
        }
        if theirs.required.contains(name) && !ours.required.contains(name) {
            found.push(format!("{place} is not always there"));
        }
    }
    if let (Some(their_items), Some(our_items)) = (&theirs.items, &ours.items) {
        compare(contract, their_items, our_items, &format!("{place}[]"), found);
    }
}
