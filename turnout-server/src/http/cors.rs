//! Which web sites may read our answers (`http-api.md` 1.7).

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    },
};

use super::response::{self, Response};

const SITES: [&str; 3] = ["https://voteamerica.com", "http://localhost:8000", "http://localhost:6007"];

/// What may follow a label under `https://`.
const FAMILIES: [&str; 4] =
    [".voteamerica.com", "--voteamerica.netlify.com", "--voteamerica.netlify.app", ".creditkarma.com"];

const METHODS: &str = "DELETE, GET, OPTIONS, PATCH, POST, PUT";
const HEADERS: &str = "accept, accept-encoding, authorization, content-type, dnt, idempotency-key, origin, user-agent, \
                       x-csrftoken, x-requested-with";
const MAX_AGE: &str = "86400";

/// Whether a page of this origin may read our answers. Origins are compared letter by letter.
fn is_allowed(origin: &str) -> bool {
    let is_label = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    SITES.contains(&origin)
        || origin
            .strip_prefix("https://")
            .is_some_and(|host| FAMILIES.iter().any(|family| host.strip_suffix(family).is_some_and(is_label)))
}

/// The request's origin, when its page may read our answers.
pub(super) fn allowed_origin(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get(ORIGIN).filter(|origin| origin.to_str().is_ok_and(is_allowed)).cloned()
}

/// Whether a browser asks beforehand if it may ask.
pub(super) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to that, for every path.
pub(super) fn preflight() -> Response {
    response::html(StatusCode::OK, "")
}

/// Adds what an allowed origin has to be told.
pub(super) fn allow(origin: HeaderValue, method: &Method, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if method == Method::OPTIONS {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sites_of_the_contract_may_read() {
        for origin in [
            "https://voteamerica.com",
            "https://www.voteamerica.com",
            "https://foo-bar.voteamerica.com",
            "https://deploy-preview-1--voteamerica.netlify.com",
            "https://x--voteamerica.netlify.app",
            "http://localhost:8000",
            "http://localhost:6007",
            "https://a_b.creditkarma.com",
        ] {
            assert!(is_allowed(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://voteamerica.com",
            "https://voteamerica.com:8443",
            "https://voteamerica.com/",
            "https://xvoteamerica.com",
            "https://fooXvoteamerica.com",
            "https://.voteamerica.com",
            "https://a.b.voteamerica.com",
            "https://VOTEAMERICA.com",
            "https://voteamerica.com.evil.test",
            "https://--voteamerica.netlify.com",
            "https://voteamerica.netlify.com",
            "https://creditkarma.com",
            "http://localhost:8001",
            "https://localhost:8000",
        ] {
            assert!(!is_allowed(origin), "{origin}");
        }
    }
}
