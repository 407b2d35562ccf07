//! Requests to the services of others: bytes out, bytes in.
//!
//! A vendor's module makes an [`HttpRequest`] and reads an [`HttpResponse`], both of them values; who carries them is
//! this port. Nothing here is printed that a vendor or a voter would not like to see printed: the `Debug` of a request
//! shows its method and where it goes, and neither path, query, headers nor body.

mod error;
mod request;
mod response;

pub use ::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use async_trait::async_trait;

pub use error::{HttpError, HttpErrorKind};
pub use request::HttpRequest;
pub use response::{HttpResponse, Unreadable};

use super::Disabled;

/// Carries a request to somebody else's service and brings the answer.
///
/// An answer of failure is an answer, and so is a redirection, which is not followed: whoever is sent elsewhere has
/// not been asked whether the keys and the voter's data may go there. A request is carried once; who wants it repeated
/// asks again.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::ports::http::{HttpClient, HttpError, HttpRequest, HttpResponse, StatusCode};
///
/// /// A world in which everything is a teapot.
/// struct Teapots;
/// #[async_trait]
/// impl HttpClient for Teapots {
///     async fn send(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
///         Ok(HttpResponse::new(StatusCode::IM_A_TEAPOT))
///     }
/// }
/// ```
#[async_trait]
pub trait HttpClient: Send + Sync {
    /// The answer, whatever it says.
    ///
    /// # Errors
    /// When there is none: see [`HttpErrorKind`].
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError>;
}

#[async_trait]
impl HttpClient for Disabled {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, HttpError> {
        Err(HttpErrorKind::Disabled.into())
    }
}

#[async_trait]
impl<T: HttpClient + ?Sized> HttpClient for std::sync::Arc<T> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        (**self).send(request).await
    }
}
