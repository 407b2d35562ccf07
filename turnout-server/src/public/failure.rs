//! Pages for what did not work.

use askama::Template;
use http::{
    HeaderMap, HeaderValue, StatusCode, Uri,
    header::{ACCEPT, ALLOW, CONNECTION, CONTENT_SECURITY_POLICY, RETRY_AFTER},
};

use super::{
    Answer,
    frame::{Frame, Keep, page},
    visit::Visit,
};
use crate::http::Response;

#[derive(Template)]
#[template(path = "public/failure.html")]
struct FailurePage<'a> {
    frame: Frame<'a>,
    text: String,
}

/// The statuses with sentences of their own; another one of the same hundred is told as the first or last of these.
const TOLD: [u16; 7] = [400, 403, 404, 413, 429, 500, 503];

/// A page for that status.
#[must_use]
pub fn failed(visit: Visit<'_>, status: StatusCode) -> Answer {
    let told = match status.as_u16() {
        code if TOLD.contains(&code) && code != 429 => code,
        400..500 => 400,
        _ => 500,
    };
    let speech = visit.speech();
    let frame = visit.frame(speech.say(&format!("error-{told}-title")));
    page(status, Keep::Never, &FailurePage { frame, text: speech.say(&format!("error-{told}")) })
}

/// Whether an address that is no route was asked for by a person: a browser asks for HTML, and the API has none.
pub(crate) fn is_for_a_person(uri: &Uri, headers: &HeaderMap) -> bool {
    let takes_html =
        headers.get(ACCEPT).and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains("text/html"));
    takes_html && !["/v1/", "/-/"].iter().any(|part| uri.path().starts_with(part))
}

/// The answer of a page, or, when it is a failure without a page of its own, one that says so in words.
pub(crate) fn in_words(visit: Visit<'_>, response: Response) -> Response {
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    if !is_failure || response.headers().contains_key(CONTENT_SECURITY_POLICY) {
        return response;
    }
    let wait = response.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()?.parse().ok());
    let mut answer = match wait {
        Some(seconds) if status == StatusCode::TOO_MANY_REQUESTS => throttled(visit, seconds),
        _ => failed(visit, status),
    };
    for name in [ALLOW, CONNECTION, RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer.map(Into::into)
}

/// 404.
#[must_use]
pub fn not_found(visit: Visit<'_>) -> Answer {
    failed(visit, StatusCode::NOT_FOUND)
}

/// 429, with the time to wait in seconds.
#[must_use]
pub fn throttled(visit: Visit<'_>, seconds: i64) -> Answer {
    let seconds = seconds.max(1);
    let speech = visit.speech();
    let text = speech.say_with("error-429", [("seconds", seconds.into())]);
    let frame = visit.frame(speech.say("error-429-title"));
    let mut answer = page(StatusCode::TOO_MANY_REQUESTS, Keep::Never, &FailurePage { frame, text });
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// 500. The cause is for the log, never for the page.
#[must_use]
pub(super) fn broken(visit: Visit<'_>, cause: &(dyn std::error::Error + 'static)) -> Answer {
    tracing::error!(error = cause, path = visit.path(), "a page failed");
    failed(visit, StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Uri};

    use super::*;

    #[test]
    fn every_failure_is_told_in_both_languages() {
        let headers = HeaderMap::new();
        for address in ["/x?lang=en", "/x?lang=es"] {
            let uri = Uri::from_static(address);
            let visit = Visit::new(&uri, &headers);
            for code in TOLD.into_iter().chain([418, 502]).filter(|code| *code != 429) {
                let status = StatusCode::from_u16(code).expect("a status");
                let answer = failed(visit, status);
                assert_eq!(answer.status(), status);
                assert!(String::from_utf8_lossy(answer.body()).contains("<h1"), "{code}");
            }
            let answer = throttled(visit, 3);
            assert_eq!(answer.headers()[RETRY_AFTER], "3");
            assert!(String::from_utf8_lossy(answer.body()).contains(" 3 segundos") ^ address.ends_with("en"));
        }
    }
}
