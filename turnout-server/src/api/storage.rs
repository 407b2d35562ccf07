//! `/v1/storage/…` and `/download/…` (`http-api.md` 11 and 12).

use http::{Method, StatusCode};
use serde_json::json;
use turnout_core::file::{self, OpenError, Opened, RenewError, Renewed};

use crate::http::{ApiError, Request, Response, response};

/// `POST /v1/storage/reset/`
///
/// # Errors
/// See [`RenewError`].
pub async fn reset(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    Ok(match file::renew_link(request.app(), &input).await? {
        Renewed::Sent => response::empty(StatusCode::CREATED),
        Renewed::Purged(url) => response::redirect(&url),
    })
}

/// `GET /download/{id}/`. Only GET counts as a download, HEAD looks.
///
/// # Errors
/// See [`OpenError`].
pub async fn download(request: Request) -> Result<Response, ApiError> {
    let counts = request.method() == Method::GET;
    let token = request.query("token");
    let opened = file::open(request.app(), request.segment("id"), token.as_deref(), counts).await?;
    Ok(match opened {
        Opened::Bytes(url) | Opened::Reset(url) | Opened::Purged(url) => response::redirect(&url),
        Opened::NotFound => response::not_found_page(),
    })
}

impl From<RenewError> for ApiError {
    fn from(error: RenewError) -> Self {
        let refused = |text: &str| Self::new(StatusCode::BAD_REQUEST, json!({ "id": text }));
        match error {
            RenewError::Missing => refused("Required"),
            RenewError::NotAnId => refused("Must be a uuid or smalluuid"),
            RenewError::NotFound => Self::not_found(),
            RenewError::Throttled(wait) => Self::throttled(wait),
            RenewError::Store(error) => error.into(),
        }
    }
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::File(error) => error.into(),
        }
    }
}
