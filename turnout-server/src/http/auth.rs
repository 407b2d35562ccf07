//! HTTP Basic, by which a partner's program shows its API key (`http-api.md` 14).

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use turnout_core::{
    App,
    api_key::{self, AuthenticateError, Client},
};

use super::error::ApiError;

/// The program that a request comes from.
///
/// # Errors
/// When it shows no key, or none that opens anything: 401. When the store fails.
pub(super) async fn client(app: &App, headers: &HeaderMap) -> Result<Client, ApiError> {
    let Some((id, secret)) = basic(headers) else {
        return Err(ApiError::unauthorized("Authentication credentials were not provided."));
    };
    Ok(api_key::authenticate(app, &id, &secret).await?)
}

/// The user's name and password of the header. Another scheme, other than two words, no base64 and no colon are as if
/// nothing was said (quirk Q48).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let header = String::from_utf8_lossy(headers.get(AUTHORIZATION)?.as_bytes());
    let mut words = header.split_ascii_whitespace();
    let (Some(scheme), Some(word), None) = (words.next(), words.next(), words.next()) else { return None };
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(word).ok()?;
    let decoded = String::from_utf8_lossy(&decoded);
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

impl From<AuthenticateError> for ApiError {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::NoSuchKey => Self::unauthorized("No such API key"),
            AuthenticateError::WrongSecret => Self::unauthorized("Incorrect API key secret"),
            AuthenticateError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_two_words_of_which_the_second_is_base64_with_a_colon_say_something() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            basic(&headers)
        };
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        // "id:secret", "id", "id:a:b"
        assert_eq!(read("Basic aWQ6c2VjcmV0"), pair("id", "secret"));
        assert_eq!(read("bASIC  aWQ6c2VjcmV0"), pair("id", "secret"));
        assert_eq!(read("Basic aWQ6YTpi"), pair("id", "a:b"));
        for nothing in [
            "",
            "Basic",
            "Basic aWQ=",
            "Basic aWQ6c2VjcmV0 more",
            "Bearer aWQ6c2VjcmV0",
            "Basic %%%",
            "Basic aWQ6c2VjcmV0=",
        ] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
        assert_eq!(basic(&HeaderMap::new()), None);
    }
}
