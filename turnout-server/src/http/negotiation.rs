//! What the caller takes: JSON or nothing, and compressed or not (`http-api.md` 1.1).

use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, ACCEPT_ENCODING},
};

use super::error::ApiError;

/// Refuses a caller that wants something else than JSON: by `?format=` first, by `Accept` second.
pub(super) fn check(headers: &HeaderMap, format: Option<&str>) -> Result<(), ApiError> {
    if format.is_some_and(|format| !format.is_empty() && format != "json") {
        return Err(ApiError::unknown_format());
    }
    let lines: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok()).collect();
    let said = lines.join(",");
    if said.trim().is_empty() || said.split(',').any(takes_json) {
        Ok(())
    } else {
        Err(ApiError::not_acceptable())
    }
}

/// Whether a media range has JSON in it.
fn takes_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let Some((main, sub)) = parts.next().and_then(|kind| kind.split_once('/')) else { return false };
    let fits = |given: &str, ours: &str| given == "*" || given.eq_ignore_ascii_case(ours);
    fits(main, "application") && fits(sub, "json") && !parts.any(is_refusal)
}

/// Whether a parameter says "not this": `q=0`.
fn is_refusal(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32))
}

/// Whether the caller takes this encoding.
pub(super) fn takes_encoding(headers: &HeaderMap, encoding: &str) -> bool {
    let mut any = false;
    for range in headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
    {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let taken = !parts.any(is_refusal);
        if name.eq_ignore_ascii_case(encoding) {
            return taken;
        }
        any |= name == "*" && taken;
    }
    any
}

/// Leaves of `Accept-Encoding` what we can satisfy. A wish that we cannot satisfy is none (the layer that compresses
/// would answer 406).
pub(super) fn settle_encoding(headers: &mut HeaderMap) {
    let wish = match (takes_encoding(headers, "gzip"), takes_encoding(headers, "br")) {
        (true, true) => Some("br, gzip"),
        (true, false) => Some("gzip"),
        (false, true) => Some("br"),
        (false, false) => None,
    };
    match wish {
        Some(wish) => headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(wish)),
        None => headers.remove(ACCEPT_ENCODING),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: Option<&'static str>) -> HeaderMap {
        value.into_iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn whoever_excludes_json_is_refused() {
        for (accept, format, status) in [
            (None, None, None),
            (Some(""), None, None),
            (Some("*/*"), None, None),
            (Some("text/html, */*;q=0.1"), None, None),
            (Some("application/json; indent=2"), Some("json"), None),
            (Some("application/*"), Some(""), None),
            (Some("text/html"), None, Some(406)),
            (Some("application/xml"), None, Some(406)),
            (Some("application/json;q=0"), None, Some(406)),
            (None, Some("xml"), Some(404)),
            (Some("text/html"), Some("JSON"), Some(404)),
            (Some("text/html"), Some("json"), Some(406)),
        ] {
            let refused = check(&headers(ACCEPT, accept), format).err();
            assert_eq!(refused.map(|it| it.status().as_u16()), status, "{accept:?} {format:?}");
        }
    }

    #[test]
    fn a_wish_for_an_encoding_that_we_lack_is_no_wish() {
        for (wish, settled) in [
            (None, None),
            (Some("identity;q=0"), None),
            (Some("*;q=0"), None),
            (Some("zstd"), None),
            (Some("gzip, deflate, br"), Some("br, gzip")),
            (Some("gzip;q=0, *"), Some("br")),
            (Some("GZIP;q=0.5"), Some("gzip")),
        ] {
            let mut headers = headers(ACCEPT_ENCODING, wish);
            settle_encoding(&mut headers);
            let left = headers.get(ACCEPT_ENCODING).map(|value| value.to_str().expect("ours"));
            assert_eq!(left, settled, "{wish:?}");
        }
    }
}
