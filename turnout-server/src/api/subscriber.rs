//! `/v1/subscriber/…` (`http-api.md` 13).

use http::StatusCode;
use serde::Serialize;
use turnout_core::subscriber::Subscriber;

use crate::http::{ApiError, Request, Response, response};

#[derive(Serialize)]
struct Answer {
    name: String,
    url: String,
    terms_of_service: Option<String>,
    privacy_policy: Option<String>,
    has_data_access: bool,
    sms_enabled: bool,
    sms_checkbox_default: bool,
    sms_disclaimer: Option<String>,
    sms_checkbox: bool,
    disclaimer: String,
}

impl From<Subscriber> for Answer {
    fn from(subscriber: Subscriber) -> Self {
        let has_data_access = subscriber.has_data_access();
        Self {
            disclaimer: subscriber.disclaimer(),
            has_data_access,
            sms_enabled: has_data_access && subscriber.sms_enabled == Some(true),
            sms_checkbox_default: subscriber.sms_checkbox_default == Some(true),
            sms_checkbox: subscriber.sms_checkbox == Some(true),
            name: subscriber.name,
            url: subscriber.url,
            terms_of_service: subscriber.terms_of_service,
            privacy_policy: subscriber.privacy_policy,
            sms_disclaimer: subscriber.sms_disclaimer,
        }
    }
}

/// `GET /v1/subscriber/id/{slug}/`: disabled ones too.
///
/// # Errors
/// When there is no such slug or the store fails.
pub async fn by_slug(request: Request) -> Result<Response, ApiError> {
    let mut view = request.app().store.view().await?;
    let found = view.subscribers().by_slug(request.segment("slug")).await?;
    let subscriber = found.ok_or_else(ApiError::not_found)?;
    Ok(response::json(StatusCode::OK, &Answer::from(subscriber)))
}
