//! `/v1/apikey/…` (`http-api.md` 14).

use http::StatusCode;

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Operation, shape},
};

shape! {
    /// Whose key it is.
    struct Answer: "ApiKeyCheck" {
        /// Always true.
        ok: bool,
        /// The slug of the key's subscriber.
        subscriber: Option<String>,
    }
}

/// Describes [`check`].
#[must_use]
pub fn check_operation() -> Operation {
    Operation::new("checkApiKey", "Whose key it is").answers::<Answer>(StatusCode::OK, "The key is good")
}

/// `GET /v1/apikey/check/`
///
/// # Errors
/// When the store fails.
pub async fn check(request: Request) -> Result<Response, ApiError> {
    let slug = match request.partner().subscriber.default_slug {
        Some(id) => request.app().store.view().await?.subscribers().slug(id).await?,
        None => None,
    };
    let subscriber = slug.map(|slug| slug.slug);
    Ok(response::json(StatusCode::OK, &Answer { ok: true, subscriber }))
}
