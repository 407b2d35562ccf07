//! The host a request is meant for (`http-api.md` 1.1).

use http::{
    Uri,
    header::{HOST, HeaderMap},
};

/// Whether the request is meant for one of `allowed`.
pub(super) fn is_allowed(allowed: &[String], headers: &HeaderMap, uri: &Uri) -> bool {
    let host = match headers.get(HOST) {
        Some(value) => value.to_str().ok(),
        None => uri.authority().map(http::uri::Authority::as_str),
    };
    let Some(name) = host.and_then(name) else { return false };
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix('.').unwrap_or(&name);
    allowed.iter().any(|pattern| match pattern.strip_prefix('.') {
        _ if pattern == "*" => true,
        Some(domain) => name == domain || name.strip_suffix(domain).is_some_and(|label| label.ends_with('.')),
        None => name == pattern,
    })
}

/// The host without its port; nothing when it is no host.
fn name(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let end = rest.find(']')? + 2;
            host.split_at(end)
        }
        None => host.find(':').map_or((host, ""), |at| host.split_at(at)),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_digits);
    let is_name = name.starts_with('[')
        || (!name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)));
    (is_port && is_name).then_some(name)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_our_hosts_are_answered() {
        let allowed = ["localhost", "[::1]", ".example.org"].map(str::to_owned);
        let uri = Uri::from_static("/");
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:8000", true),
            ("localhost.", true),
            ("[::1]:80", true),
            ("example.org", true),
            ("a.b.example.org:443", true),
            ("badexample.org", false),
            ("example.com", false),
            ("localhost:80@evil.test", false),
            ("localhost:x", false),
            ("local host", false),
            ("[::1", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            assert_eq!(is_allowed(&allowed, &headers, &uri), expected, "{host}");
            assert_eq!(is_allowed(&["*".to_owned()], &headers, &uri), name(host).is_some(), "{host}");
        }
        assert!(!is_allowed(&allowed, &HeaderMap::new(), &uri));
        assert!(is_allowed(&allowed, &HeaderMap::new(), &Uri::from_static("http://localhost:1/x")));
    }
}
