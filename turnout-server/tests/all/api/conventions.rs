//! What every answer has, whatever its route (`http-api.md` 1).

use http::{Method, StatusCode};
use serde_json::{Value, json};
use turnout_server::http::{Route, response};

use crate::support::{TestServer, voter};

const REGISTER: &str = "/v1/registration/register/";
const UUID: &str = "00000000-0000-4000-8000-0000000000ff";
const PAGE_404: &str = "<h1>Not Found</h1><p>The requested resource was not found on this server.</p>";

fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

#[tokio::test]
async fn a_path_that_is_no_route_is_a_page_whatever_the_method() {
    let server = TestServer::new().await;
    for path in [
        "/v1/",
        "/v1",
        "/nothing/",
        "/V1/registration/register/",
        "/v1/registration/Register/",
        "/v1//registration/register/",
        "/v1/registration/register//",
        "/v1/registration/status/",
        "/v1/registration/status/a.b/",
        "/v1/subscriber/id/",
        "/v1/official/region/",
        "/v1/official/state/C%20A/",
        "/v1/registration/register/a%2Fb/",
    ] {
        for method in ["GET", "POST", "OPTIONS", "DELETE", "PATCH"] {
            let answer = server.ask(method, path).header("accept", "application/xml").send().await;
            assert_eq!((answer.status.as_u16(), answer.text().as_str()), (404, PAGE_404), "{method} {path}");
            assert_eq!(answer.header("content-type"), Some("text/html"), "{method} {path}");
            assert_eq!(answer.header("vary"), Some("Origin"), "{method} {path}");
            assert_eq!(answer.header("x-frame-options"), Some("SAMEORIGIN"), "{method} {path}");
            assert_eq!(answer.header("allow"), None, "{method} {path}");
            assert!(answer.header("cache-tag").is_some(), "{method} {path}");
        }
    }
    let head = server.ask("HEAD", "/nothing/").send().await;
    assert_eq!((head.status.as_u16(), head.text().as_str()), (404, ""));
}

#[tokio::test]
async fn both_slash_forms_and_encoded_letters_are_one_route() {
    let server = TestServer::new().await;
    for path in [REGISTER, "/v1/registration/register", "/v1/registration/%72egister/"] {
        let answer = server.ask("POST", &format!("{path}?incomplete=true")).json(&voter()).send().await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(answer.header("location").is_none());
    }
    assert_eq!(server.jobs().await.len(), 3);
}

#[tokio::test]
async fn each_class_of_route_refuses_methods_in_its_way() {
    let server = TestServer::new().await;
    let register = format!("{REGISTER}{UUID}/");
    let status = format!("/v1/registration/status/{UUID}/");
    let open: [(&str, &[&str], &str); 8] = [
        (REGISTER, &["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"], "POST, OPTIONS"),
        (&register, &["GET", "HEAD", "POST", "DELETE"], "PUT, PATCH, OPTIONS"),
        (&status, &["GET", "HEAD", "POST", "DELETE"], "PUT, PATCH, OPTIONS"),
        ("/v1/registration/resume_token/", &["POST", "PUT", "PATCH", "DELETE"], "GET, HEAD, OPTIONS"),
        ("/v1/event/track/", &["GET", "PUT"], "POST, OPTIONS"),
        ("/v1/storage/reset/", &["GET", "PUT"], "POST, OPTIONS"),
        ("/v1/subscriber/id/default/", &["POST", "DELETE"], "GET, HEAD, OPTIONS"),
        ("/v1/official/address/", &["HEAD"], "GET, OPTIONS"),
    ];
    for (path, methods, allow) in open {
        for method in methods {
            let answer = server.ask(method, path).send().await;
            assert_eq!(answer.status, 405, "{method} {path}");
            if *method != "HEAD" {
                answer.is(405, &detail(&format!("Method \"{method}\" not allowed.")));
            }
            assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
            assert_eq!(answer.header("vary"), Some("Cookie, Origin"), "{method} {path}");
        }
        let answer = server.ask("OPTIONS", path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
        let body = answer.json();
        assert!(body["name"].is_string() && body["description"] == "", "{path}");
        assert_eq!(body["renders"], json!(["application/json"]));
        let parses = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];
        assert_eq!(body["parses"], json!(parses));
    }
    for path in [
        "/v1/election/state/",
        "/v1/election/state/CO/",
        "/v1/election/field/",
        "/v1/election/field/nothing/",
        "/v1/official/state/OH/",
        "/v1/official/region/1001/",
        "/v1/official/address/",
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = server.ask(method, path).body("text/plain", "x").send().await;
            answer.is(403, &detail("Authentication credentials were not provided."));
            assert!(answer.header("allow").is_some_and(|allow| allow.starts_with("GET, ")), "{path}");
        }
    }
    let lower = server.ask("purge", REGISTER).send().await;
    lower.is(405, &detail("Method \"PURGE\" not allowed."));
}

#[tokio::test]
async fn whoever_excludes_json_is_refused_before_anything_else() {
    let server = TestServer::new().await;
    for (method, path) in
        [("POST", REGISTER), ("GET", REGISTER), ("POST", "/v1/election/state/"), ("OPTIONS", REGISTER)]
    {
        for accept in ["text/html", "application/xml", "text/html, image/png;q=0.9"] {
            let answer = server.ask(method, path).header("accept", accept).send().await;
            answer.is(406, &detail("Could not satisfy the request Accept header."));
            assert_eq!(answer.header("vary"), Some("Origin"));
            assert!(answer.header("allow").is_some());
        }
        let answer = server.ask(method, &format!("{path}?format=xml")).send().await;
        answer.is(404, &detail("Not found."));
        assert_eq!(answer.header("vary"), Some("Origin"));
    }
    for (accept, query) in [
        ("*/*", ""),
        ("text/html, */*;q=0.1", ""),
        ("application/json", "?format=json"),
        ("application/json; indent=2", "?format="),
    ] {
        let path = format!("/v1/subscriber/id/default/{query}");
        let answer = server.ask("GET", &path).header("accept", accept).send().await;
        assert_eq!(answer.status, 200, "{accept} {query}");
    }
    // outside of the API nothing is negotiated
    let alive = server.ask("GET", "/-/alive/?format=xml").header("accept", "image/png").send().await;
    assert_eq!(alive.status, 200);
}

#[tokio::test]
async fn bodies_of_other_kinds_are_refused_and_an_empty_one_is_an_empty_object() {
    let server = TestServer::new().await;
    for kind in
        ["text/plain", "application/vnd.api+json", "text/plain;charset=UTF-8", "application/jsonx", "x"]
    {
        let answer = server.ask("POST", REGISTER).body(kind, "{}").send().await;
        answer.is(415, &detail(&format!("Unsupported media type \"{kind}\" in request.")));
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    }
    let unnamed = server.ask("POST", "/v1/storage/reset/").body("", "{}").send().await;
    unnamed.is(415, &detail("Unsupported media type \"\" in request."));
    for ask in [
        server.ask("POST", "/v1/storage/reset/"),
        server.ask("POST", "/v1/storage/reset/").body("application/json", ""),
        server.ask("POST", "/v1/storage/reset/").body("text/plain", ""),
        server.ask("POST", "/v1/storage/reset/").form(""),
        server.ask("POST", "/v1/storage/reset/").json(&json!({})),
    ] {
        ask.send().await.is(400, &json!({ "id": "Required" }));
    }
    for kind in ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=latin-1"] {
        let answer = server.ask("POST", "/v1/storage/reset/").body(kind, r#"{"id": 5}"#).send().await;
        answer.is(400, &json!({ "id": "Must be a uuid or smalluuid" }));
    }
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let server = TestServer::new().await;
    for path in [REGISTER.to_owned(), "/v1/event/track/".into(), "/v1/storage/reset/".into()] {
        for body in [
            &b"{"[..],
            b"{\"a\": NaN}",
            b"[Infinity]",
            b"-Infinity",
            b"\"\\ud83d\"",
            b"{\"a\":\"\xff\"}",
            b" ",
        ] {
            let answer = server.ask("POST", &path).body("application/json", body.to_vec()).send().await;
            assert_eq!(answer.status, 400, "{path} {body:?}");
            let body = answer.json();
            let text = body["detail"].as_str().unwrap();
            assert!(text.starts_with("JSON parse error - "), "{text}");
            assert_eq!(body.as_object().unwrap().len(), 1);
        }
        for (body, kind) in [
            ("[]", "list"),
            ("\"x\"", "str"),
            ("5", "int"),
            ("-7", "int"),
            ("5.0", "float"),
            ("true", "bool"),
        ] {
            let text = format!("Invalid data. Expected a dictionary, but got {kind}.");
            let answer = server.ask("POST", &path).body("application/json", body).send().await;
            answer.is(400, &json!({ "non_field_errors": [text] }));
        }
        let null = server.ask("POST", &path).body("application/json", "null").send().await;
        null.is(400, &json!({ "non_field_errors": ["No data provided"] }));
    }
    let twice = server.ask("POST", "/v1/storage/reset/").body("application/json", r#"{"id":"x","id":""}"#);
    twice.send().await.is(400, &json!({ "id": "Required" }));
}

#[tokio::test]
async fn forms_are_read_in_both_kinds() {
    let server = TestServer::new().await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nzz\r\n--b--\r\n";
    for ask in [
        server.ask("POST", "/v1/storage/reset/").form("id=first&id=zz"),
        server.ask("POST", "/v1/storage/reset/").body("multipart/form-data; boundary=b", body),
    ] {
        ask.send().await.is(400, &json!({ "id": "Must be a uuid or smalluuid" }));
    }
    let broken = server.ask("POST", "/v1/storage/reset/").body("multipart/form-data", body).send().await;
    broken.is(400, &detail("Multipart form parse error - Invalid boundary"));
}

#[tokio::test]
async fn a_file_in_a_form_is_refused_under_the_name_of_its_field() {
    let server = TestServer::new().await;
    let part =
        |head: &str, text: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let body = [
        part("name=first_name; filename=\"a.txt\"", "Ada"),
        part("name=state; filename=\"b.txt\"", "OH"),
        part("name=state_fields; filename=\"c.json\"", "{}"),
        part("name=address2; filename=\"\"", ""),
        part("name=nothing; filename=\"d.txt\"", "x"),
    ];
    let path = format!("{REGISTER}?incomplete=true");
    let ask = server.ask("POST", &path).body("multipart/form-data; boundary=b", body.concat() + "--b--\r\n");
    let found = ask.send().await.json();
    for (name, message) in [
        ("first_name", "Not a valid string."),
        ("state", "\"{'file': 'b.txt'}\" is not a valid choice."),
        ("state_fields", "Value must be valid JSON."),
        ("city", "This field is required."),
    ] {
        assert_eq!(found[name], json!([message]), "{found}");
    }
    assert!(found.get("address2").is_none() && found.get("nothing").is_none(), "{found}");
}

#[tokio::test]
async fn a_whole_number_is_taken_and_shown_with_all_its_digits() {
    let server = TestServer::new().await;
    let body = |more: &str| {
        let voter = voter().to_string();
        format!("{},{more}}}", voter.trim_end_matches('}'))
    };
    let path = format!("{REGISTER}?incomplete=true");
    let send = |more: &str| server.ask("POST", &path).body("application/json", body(more)).send();
    let large = "99999999999999999999";
    send(&format!("\"region\": {large}, \"gender\": {large}, \"session_id\": {large}{large}")).await.is(
        400,
        &json!({
            "region": [format!("Invalid pk \"{large}\" - object does not exist.")],
            "gender": [format!("\"{large}\" is not a valid choice.")],
            "session_id": ["Must be a valid UUID."],
        }),
    );
    let id = u128::from_str_radix("112233445566778899aabbccddeeff", 16).unwrap();
    let answer = send(&format!("\"session_id\": {id}, \"utm_term\": {large}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let tracking = server.registration(answer.json()["uuid"].as_str().unwrap()).await.tracking;
    assert_eq!(tracking.session_id.unwrap().to_string(), "00112233-4455-6677-8899-aabbccddeeff");
    assert_eq!(tracking.utm_term.as_deref(), Some(large));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let server = TestServer::with(|setup| setup.http.body_limit = 100).await;
    let fits = server.ask("POST", "/v1/storage/reset/").body("application/json", format!("{:100}", "{}"));
    fits.send().await.is(400, &json!({ "id": "Required" }));
    let large = server.ask("POST", "/v1/storage/reset/").body("application/json", format!("{:101}", "{}"));
    let answer = large.send().await;
    answer.is(413, &detail("Request body is too large."));
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    // the default of 1 MiB
    let server = TestServer::new().await;
    let large = server.ask("POST", REGISTER).body("application/json", vec![b' '; 1024 * 1024 + 1]);
    large.send().await.is(413, &detail("Request body is too large."));
}

#[tokio::test]
async fn only_our_hosts_are_answered_but_for_health() {
    let server = TestServer::new().await;
    for host in ["evil.test", "localhost.evil.test", "localhost:80@evil.test", ""] {
        for method in ["GET", "POST", "OPTIONS"] {
            let ask = server.ask(method, "/v1/subscriber/id/default/").header("host", host);
            let ask =
                ask.header("origin", "https://www.voteamerica.com").header("x-forwarded-host", "localhost");
            let answer = ask.header("access-control-request-method", "GET").send().await;
            assert_eq!(
                (answer.status.as_u16(), answer.text().as_str()),
                (400, "<h1>Bad Request (400)</h1>"),
                "{host}"
            );
            assert_eq!(answer.header("content-type"), Some("text/html"));
            assert_eq!(answer.header("x-frame-options"), None);
            assert_eq!(answer.header("allow"), None);
            assert!(answer.header("cache-tag").is_some());
        }
        assert_eq!(server.ask("GET", "/-/alive/").header("host", host).send().await.status, 200);
        assert_eq!(server.ask("GET", "/-/health").header("host", host).send().await.status, 200);
    }
    assert_eq!(server.ask("GET", "/v1/subscriber/id/default/").without_host().send().await.status, 400);
    let port = server.ask("GET", "/v1/subscriber/id/default/").header("host", "LOCALHOST:8000").send().await;
    assert_eq!(port.status, 200);
}

#[tokio::test]
async fn credentials_and_cookies_are_not_looked_at() {
    let server = TestServer::new().await;
    for value in ["Basic eDp5", "Bearer x", "nonsense"] {
        let ask = server.ask("GET", "/v1/subscriber/id/default/").header("authorization", value);
        assert_eq!(ask.header("cookie", "sessionid=x; csrftoken=y").send().await.status, 200);
    }
    let overridden = server.ask("POST", REGISTER).header("x-http-method-override", "GET");
    assert_eq!(overridden.form("_method=DELETE").send().await.status, 400);
}

#[tokio::test]
async fn a_preflight_is_answered_on_every_path() {
    let server = TestServer::new().await;
    let preflight = |path: &str, origin: &str| {
        let ask = server.ask("OPTIONS", path).header("origin", origin);
        ask.header("access-control-request-method", "PATCH").header("accept", "text/html").send()
    };
    for path in [REGISTER, "/nothing/", "/download/x/", "/-/alive/", "/v1/election/state/"] {
        let answer = preflight(path, "https://foo-bar.voteamerica.com").await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""), "{path}");
        for (name, value) in [
            ("access-control-allow-origin", Some("https://foo-bar.voteamerica.com")),
            ("access-control-allow-methods", Some("DELETE, GET, OPTIONS, PATCH, POST, PUT")),
            (
                "access-control-allow-headers",
                Some(
                    "accept, accept-encoding, authorization, content-type, dnt, idempotency-key, origin, user-agent, x-csrftoken, x-requested-with",
                ),
            ),
            ("access-control-max-age", Some("86400")),
            ("access-control-allow-credentials", None),
            ("content-length", Some("0")),
            ("content-type", Some("text/html; charset=utf-8")),
            ("vary", Some("Origin")),
            ("x-frame-options", None),
            ("allow", None),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        let other = preflight(path, "https://xvoteamerica.com").await;
        assert_eq!(other.status, 200);
        assert!(other.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{path}");
    }
}

#[tokio::test]
async fn an_allowed_origin_is_told_on_every_answer() {
    let server = TestServer::new().await;
    let origin = "https://voteamerica.com";
    for (method, path) in [
        ("GET", "/v1/subscriber/id/default/"),
        ("GET", "/v1/subscriber/id/unknown/"),
        ("POST", REGISTER),
        ("GET", "/nothing/"),
        ("GET", "/download/x/"),
        ("POST", "/v1/election/state/"),
        ("GET", "/v1/election/state/CO/"),
        ("GET", "/-/alive/"),
    ] {
        let answer = server.ask(method, path).header("origin", origin).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{method} {path}");
        assert_eq!(answer.header("access-control-allow-methods"), None, "{method} {path}");
        let other = server.ask(method, path).header("origin", "https://evil.test").send().await;
        let expected = path.ends_with("/CO/").then_some("*");
        assert_eq!(other.header("access-control-allow-origin"), expected, "{method} {path}");
    }
    let options = server.ask("OPTIONS", REGISTER).header("origin", origin).send().await;
    assert_eq!(options.header("access-control-max-age"), Some("86400"));
    assert_eq!(options.json()["renders"], json!(["application/json"]));
}

#[tokio::test]
async fn every_answer_carries_the_tags_of_the_deployment() {
    let server = TestServer::new().await;
    let expected = "topytestdetail_,topytesttag_123,topytestbuild_,topytestenv_pytest";
    for (method, path) in [
        ("GET", "/v1/subscriber/id/default/"),
        ("POST", REGISTER),
        ("GET", "/nothing/"),
        ("GET", "/-/alive/"),
        ("GET", "/download/x/"),
    ] {
        assert_eq!(server.ask(method, path).send().await.header("cache-tag"), Some(expected), "{path}");
    }
}

#[tokio::test]
async fn a_handler_that_panics_is_our_failure_and_its_answer_is_complete() {
    async fn panics(
        _: turnout_server::http::Request,
    ) -> Result<response::Response, turnout_server::http::ApiError> {
        panic!("for the test")
    }
    let server = TestServer::with(|setup| {
        setup.more.push(Route::open("/v1/panic/", "Panic").on(Method::GET, panics));
    })
    .await;
    let answer = server.ask("GET", "/v1/panic/").header("origin", "https://voteamerica.com").send().await;
    answer.is(500, &detail("A server error occurred."));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://voteamerica.com"));
    assert_eq!(answer.header("vary"), Some("Cookie, Origin"));
    assert_eq!(answer.header("allow"), None);
    assert!(answer.header("cache-tag").is_some() && answer.header("x-request-id").is_some());
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    async fn waits(
        _: turnout_server::http::Request,
    ) -> Result<response::Response, turnout_server::http::ApiError> {
        std::future::pending().await
    }
    let server = TestServer::with(|setup| {
        setup.http.request_timeout = std::time::Duration::from_millis(20);
        setup.more.push(Route::open("/v1/wait/", "Wait").on(Method::GET, waits));
    })
    .await;
    server.get("/v1/wait/").await.is(503, &json!({ "error": "The request took too long." }));
}

#[tokio::test]
async fn large_answers_are_compressed_if_the_caller_takes_that_and_never_refused() {
    async fn large(
        _: turnout_server::http::Request,
    ) -> Result<response::Response, turnout_server::http::ApiError> {
        Ok(response::json(StatusCode::OK, &"x".repeat(5000)))
    }
    let server = TestServer::with(|setup| {
        setup.more.push(Route::open("/v1/large/", "Large").on(Method::GET, large));
    })
    .await;
    for (wish, encoding) in [
        ("gzip", Some("gzip")),
        ("br, gzip", Some("br")),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("zstd", None),
    ] {
        let answer = server.ask("GET", "/v1/large/").header("accept-encoding", wish).send().await;
        assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, encoding), "{wish}");
        assert_eq!(answer.body.len() < 200, encoding.is_some(), "{wish}");
        assert_eq!(answer.header("vary"), Some("Cookie, Origin, Accept-Encoding"), "{wish}");
    }
    let small =
        server.ask("GET", "/v1/subscriber/id/default/").header("accept-encoding", "gzip").send().await;
    assert_eq!((small.header("content-encoding"), small.header("vary")), (None, Some("Cookie, Origin")));
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let server = TestServer::new().await;
    for path in
        ["/v1/subscriber/id/default/", "/v1/election/state/CO/", "/v1/subscriber/id/unknown/", "/-/health/"]
    {
        let get = server.get(path).await;
        let head = server.ask("HEAD", path).send().await;
        assert_eq!((head.status, head.text().as_str()), (get.status, ""), "{path}");
        for name in
            ["content-type", "content-length", "allow", "vary", "cache-tag", "access-control-allow-origin"]
        {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
        assert_eq!(get.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
    }
}

#[tokio::test]
async fn a_request_id_is_taken_from_a_trusted_proxy_alone() {
    let server = TestServer::with(|setup| {
        setup.http.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let asked = |peer: &'static str, id: &'static str| {
        server.ask("GET", "/-/alive/").from(peer).header("x-request-id", id).send()
    };
    assert_eq!(asked("10.0.0.1:1", UUID).await.header("x-request-id"), Some(UUID));
    for (peer, id) in [("192.0.2.1:1", UUID), ("10.0.0.1:1", "Jane Doe")] {
        let answer = asked(peer, id).await;
        let given = answer.header("x-request-id").unwrap();
        assert!(given != id && given.len() == 36, "{given}");
    }
}
