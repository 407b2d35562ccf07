//! The document: the described operations of a table of routes.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    fields,
    operation::{Answer, Body, Content, Operation},
    shape::{Detail, Failure, Shape, Shapes},
};
use crate::http::{Access, LONGEST_KEY, PROBLEM, Route};

/// What holds of every operation, Markdown.
const ABOUT: &str = "\
Registers voters, takes requests of ballots, looks voters up, and tells what there is to know about elections.

- Every path ends in a slash; the form without it is the same route.
- Bodies are JSON or forms; answers are JSON. `Accept` that excludes JSON is 406, `?format=` other than `json` is 404, a \
path that is no route a 404 page. `GET` answers `HEAD` too, and every route under `/v1/` answers `OPTIONS`; another method \
is 405 with `Allow`, or 403 where nothing can be written.
- A refused call stores nothing, but for an undeliverable address. All complaints come at once, each under the name of \
its field, those about several fields under `non_field_errors`.
- A call to a POST that creates something may carry an `Idempotency-Key`: a repetition has the answer of the first call and \
no effect of its own. Too many calls are 429 with `Retry-After`.
- Of a repeated parameter of the query the last counts. Unknown parameters and, with one exception, unknown names in a \
body are passed over.
- Identification numbers are printed on the form and nothing else: they are not stored, not logged, and in no answer.";

/// OpenAPI 3.1 for the operations of `routes` that are described.
#[must_use]
pub fn document(routes: &[Route]) -> Value {
    let mut shapes = Shapes::default();
    let mut paths = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for route in routes {
        let mut methods = Map::new();
        for (method, operation) in route.operations() {
            let tag = tag(route.path());
            if !tags.contains(&tag) {
                tags.push(tag);
            }
            let described = described(route, method, operation, tag, &mut shapes);
            methods.insert(method.as_str().to_ascii_lowercase(), described);
        }
        if !methods.is_empty() {
            paths.insert(route.path().to_owned(), methods.into());
        }
    }
    let tags: Vec<Value> = tags.iter().map(|tag| json!({ "name": tag })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Turnout",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": shapes.into_json(),
            "headers": headers(),
            "securitySchemes": { "apiKey": {
                "type": "http",
                "scheme": "basic",
                "description": "The id of an API key, and its hashed secret as password.",
            } },
        },
    })
}

/// The family of a path: `registration` of `/v1/registration/…`.
fn tag(path: &'static str) -> &'static str {
    match path.strip_prefix("/v1/") {
        Some("openapi.json") => "api",
        Some(rest) => rest.split('/').next().unwrap_or(rest),
        None if path.starts_with("/-/") => "health",
        None => "files",
    }
}

fn described(route: &Route, method: &Method, operation: &Operation, tag: &str, shapes: &mut Shapes) -> Value {
    let parameter = |it: &super::operation::Parameter| {
        json!({
            "name": it.name,
            "in": it.place,
            "required": it.place == "path",
            "description": it.description,
            "schema": it.schema,
        })
    };
    let mut parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
    if route.is_once() && *method == Method::POST {
        parameters.push(idempotency_key());
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [tag],
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses(route, method, operation, shapes),
    });
    if !operation.description.is_empty() {
        described["description"] = json!(operation.description);
    }
    if let Some(body) = &operation.body {
        described["requestBody"] = request_body(body, shapes);
    }
    if route.access() == Access::ApiKey {
        described["security"] = json!([{ "apiKey": [] }]);
    }
    described
}

fn request_body(body: &Body, shapes: &mut Shapes) -> Value {
    match body {
        Body::Fields { name, fields, closed } => {
            let as_json = shapes.named(name, |_| fields::json_body(fields, *closed));
            let as_form = shapes.named(&format!("{name}Form"), |_| fields::form_body(fields, *closed));
            json!({
                "required": fields.iter().any(|field| field.required),
                "content": {
                    "application/json": { "schema": as_json },
                    "application/x-www-form-urlencoded": { "schema": as_form },
                    "multipart/form-data": { "schema": as_form },
                },
            })
        }
        Body::Form { name, fields } => {
            let form = shapes.named(name, |_| fields::form_body(fields, false));
            json!({
                "required": fields.iter().any(|field| field.required),
                "content": { "application/x-www-form-urlencoded": { "schema": form } },
            })
        }
        Body::List { name, fields } => {
            let item = shapes.named(name, |_| fields::json_body(fields, false));
            json!({
                "required": true,
                "content": { "application/json": { "schema": { "type": "array", "items": item } } },
            })
        }
        Body::Picture => {
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            json!({ "required": true, "content": { "image/png": bytes, "image/jpeg": bytes } })
        }
    }
}

/// What an operation answers: what it says itself, and what every route answers that is guarded alike.
fn responses(route: &Route, method: &Method, operation: &Operation, shapes: &mut Shapes) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    let mut add = |status: StatusCode, description: &str, content: Option<(&str, Value)>| {
        let response =
            responses.entry(status.as_str()).or_insert_with(|| json!({ "description": description }));
        let told = response["description"].as_str().unwrap_or_default().to_owned();
        if told != description && !told.split(", or: ").any(|part| part == description) {
            response["description"] = json!(format!("{told}, or: {description}"));
        }
        if let Some((kind, schema)) = content {
            let schemas = &mut response["content"][kind]["schema"];
            match schemas {
                Value::Null => *schemas = schema,
                one if *one == schema => {}
                Value::Object(many) if many.contains_key("anyOf") => {
                    let of = many["anyOf"].as_array_mut().expect("it is made here, as a list");
                    if !of.contains(&schema) {
                        of.push(schema);
                    }
                }
                one => *one = json!({ "anyOf": [one.take(), schema] }),
            }
        }
    };
    let json = "application/json";
    let (detail, error) = (Detail::schema(shapes), Failure::schema(shapes));
    for Answer { status, description, content } in &operation.answers {
        let content = match content {
            Content::Nothing | Content::Redirect => None,
            Content::Text => Some(("text/plain", json!({ "type": "string" }))),
            Content::Html => Some(("text/html", json!({ "type": "string" }))),
            Content::Xml => Some(("application/xml", json!({ "type": "string" }))),
            Content::Json(schema) => Some((json, schema(shapes))),
            Content::Complaints => {
                let Some(Body::Fields { name, fields, .. }) = &operation.body else { continue };
                Some((json, shapes.named(&format!("{name}Problems"), |_| fields::complaints(fields))))
            }
        };
        add(*status, description, content);
    }
    let access = route.access();
    if access.is_api() {
        add(StatusCode::NOT_ACCEPTABLE, "`Accept` excludes JSON", Some((json, detail.clone())));
        add(StatusCode::NOT_FOUND, "`format` is given and not `json`", Some((json, detail.clone())));
    }
    if access.is_api() && has_segments(route) {
        let page = "A segment that is none of a route, such as one with a dot";
        add(StatusCode::NOT_FOUND, page, Some(("text/html", json!({ "type": "string" }))));
    }
    if access == Access::ApiKey {
        add(
            StatusCode::UNAUTHORIZED,
            "No API key, or none that opens anything",
            Some((json, detail.clone())),
        );
    }
    if route.is_once() && *method == Method::POST {
        let problem = shapes.named("Problem", |_| problem());
        for (status, description) in [
            (StatusCode::BAD_REQUEST, "The `Idempotency-Key` is not valid"),
            (StatusCode::CONFLICT, "A call with the `Idempotency-Key` is being answered, or was broken off"),
            (StatusCode::UNPROCESSABLE_ENTITY, "The call with the `Idempotency-Key` held something else"),
        ] {
            add(status, description, Some((PROBLEM, problem.clone())));
        }
    }
    if operation.body.is_some() {
        let late = "The body did not arrive in time";
        add(StatusCode::REQUEST_TIMEOUT, late, Some((json, detail.clone())));
        add(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large", Some((json, detail.clone())));
    }
    if matches!(operation.body, Some(Body::Fields { .. })) {
        add(StatusCode::BAD_REQUEST, "The body is not what its type says", Some((json, detail.clone())));
        let kind = "The body is neither JSON nor a form";
        add(StatusCode::UNSUPPORTED_MEDIA_TYPE, kind, Some((json, detail.clone())));
    }
    if !is_safe(method) {
        let often = "Too often; `Retry-After` says when to come again";
        add(StatusCode::TOO_MANY_REQUESTS, often, Some((json, detail.clone())));
    }
    if operation.touches_store {
        add(StatusCode::INTERNAL_SERVER_ERROR, "A failure of ours", Some((json, detail)));
        let unavailable = "Something that is needed does not answer";
        add(StatusCode::SERVICE_UNAVAILABLE, unavailable, Some((json, error)));
    }
    for (status, response) in &mut responses {
        response["headers"] = response_headers(route, method, operation, status);
        if access.is_api() && route.is_counted() && !is_safe(method) {
            response["headers"]["RateLimit-Policy"] = refer("RateLimit-Policy");
        }
        if status == "200" && !operation.links.is_empty() {
            response["links"] = links(operation);
        }
    }
    responses.into()
}

/// The header by which a call has one effect.
fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A text of the caller's for this call, a UUID for example, with or without quotes \
                        (draft-ietf-httpapi-idempotency-key-header-07). The same call with the same key has the answer of \
                        the first and no effect of its own, for 24 hours. Refused and failed calls are not remembered.",
        "schema": { "type": "string", "pattern": format!("^[ -~]{{1,{LONGEST_KEY}}}$") },
    })
}

/// RFC 9457.
fn problem() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "description": "A problem in the form of RFC 9457.",
        "required": ["type", "title", "status", "detail"],
        "properties": { "type": text, "title": text, "status": { "type": "integer" }, "detail": text },
    })
}

fn has_segments(route: &Route) -> bool {
    route.path().contains('{')
}

fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD].contains(method)
}

fn links(operation: &Operation) -> Value {
    let link = |it: &super::operation::Link| {
        let mut link = json!({ "operationId": it.operation });
        if it.parameters.as_object().is_some_and(|them| !them.is_empty()) {
            link["parameters"] = it.parameters.clone();
        }
        if let Some(body) = &it.body {
            link["requestBody"] = body.clone();
        }
        (it.name.to_owned(), link)
    };
    operation.links.iter().map(link).collect::<Map<_, _>>().into()
}

fn response_headers(route: &Route, method: &Method, operation: &Operation, status: &str) -> Value {
    let mut names = vec!["Cache-Tag", "Vary", "X-Frame-Options", "X-Request-Id"];
    let access = route.access();
    // a path that is no route is nobody's
    let is_of_route = !(status == "404" && has_segments(route));
    if access.is_api() && status != "500" && is_of_route {
        names.push("Allow");
    }
    if route.is_read_by_every_site() && status == "200" {
        names.push("Access-Control-Allow-Origin");
    }
    match status {
        "401" => names.push("WWW-Authenticate"),
        "429" if route.is_counted() && !is_safe(method) => names.extend(["RateLimit", "Retry-After"]),
        "429" if !is_safe(method) => names.push("Retry-After"),
        "302" if operation.answers.iter().any(|it| matches!(it.content, Content::Redirect)) => {
            names.push("Location");
        }
        _ => {}
    }
    names.into_iter().map(|name| (name.to_owned(), refer(name))).collect::<Map<_, _>>().into()
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn headers() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer", "minimum": 1 });
    let described = [
        ("Access-Control-Allow-Origin", "`*`, or the origin that asked, where it is one of ours", &text),
        ("Allow", "The methods that the path answers", &text),
        ("Cache-Tag", "What a purge at the CDN can name", &text),
        ("Location", "Where to go", &text),
        ("Retry-After", "In how many seconds one more call is allowed", &number),
        ("Vary", "The headers of the request on which the answer depends", &text),
        ("WWW-Authenticate", "How to show a key", &text),
        ("X-Frame-Options", "`SAMEORIGIN`", &text),
        ("X-Request-Id", "The id of the request in our logs", &text),
    ];
    let sometimes = [
        (
            "RateLimit",
            "`\"calls\";r=0;t=…`: of what `RateLimit-Policy` says nothing is left for so many seconds \
             (draft-ietf-httpapi-ratelimit-headers-10). Not there where another limit is reached",
            &text,
        ),
        (
            "RateLimit-Policy",
            "`\"calls\";q=…;w=…`: a caller may make so many calls in so many seconds \
             (draft-ietf-httpapi-ratelimit-headers-10). Not there where limits are off",
            &text,
        ),
    ];
    let header = |required: bool| {
        move |(name, description, schema): (&str, &str, &Value)| {
            let header = json!({ "description": description, "required": required, "schema": schema });
            (name.to_owned(), header)
        }
    };
    let described = described.into_iter().map(header(true));
    described.chain(sometimes.into_iter().map(header(false))).collect::<Map<_, _>>().into()
}
