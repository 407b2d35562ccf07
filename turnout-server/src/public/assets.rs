//! `GET /assets/{name}`: the style sheet and the icon, embedded in the binary.

use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS},
};
use rust_embed::RustEmbed;

use super::{Answer, failure, visit::Visit};
use crate::http::Request;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The address of an asset, with a mark of its content, so that browsers may keep it for good.
pub(crate) fn address(name: &str) -> String {
    match Assets::get(name) {
        Some(file) => format!("/assets/{name}?v={}", mark(&file)),
        None => format!("/assets/{name}"),
    }
}

fn mark(file: &rust_embed::EmbeddedFile) -> String {
    hex::encode(&file.metadata.sha256_hash()[..8])
}

/// One asset; 304 when the browser has it.
///
/// # Errors
/// Never.
pub async fn get(request: Request) -> super::Result {
    super::answered(asset(Visit::of(&request), request.segment("name")))
}

fn asset(visit: Visit<'_>, name: &str) -> Answer {
    let Some(file) = Assets::get(name) else { return failure::not_found(visit) };
    let etag = format!("\"{}\"", mark(&file));
    let known = visit
        .header(&IF_NONE_MATCH)
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let named = visit.asked("v").is_some_and(|given| given == mark(&file));
    let kept = if named { "public, max-age=31536000, immutable" } else { "no-cache" };
    let body = if known { Bytes::new() } else { Bytes::from(file.data.into_owned()) };
    let mut answer = Answer::new(body);
    if known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(ETAG, HeaderValue::from_str(&etag).expect("hexadecimal digits in quotes"));
    answer
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http::{HeaderMap, Uri};

    use super::*;

    #[test]
    fn an_asset_is_sent_once_and_then_known() {
        let uri: Uri = address("turnout.css").parse().unwrap();
        let mut headers = HeaderMap::new();
        let first = asset(Visit::new(&uri, &headers), "turnout.css");
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(first.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert!(!first.body().is_empty());
        headers.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        let again = asset(Visit::new(&uri, &headers), "turnout.css");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(again.body().is_empty());
    }

    #[test]
    fn nothing_outside_the_folder_is_an_asset() {
        let headers = HeaderMap::new();
        for name in ["../Cargo.toml", "..%2fCargo.toml", "", "no.css", "/etc/passwd"] {
            let uri = Uri::from_static("/assets/x");
            assert_eq!(asset(Visit::new(&uri, &headers), name).status(), StatusCode::NOT_FOUND, "{name}");
        }
    }
}
