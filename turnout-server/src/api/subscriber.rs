//! `/v1/subscriber/…` (`http-api.md` 13).

use http::StatusCode;
use serde_json::json;
use turnout_core::subscriber::Subscriber;

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Detail, Operation, shape},
};

shape! {
    /// An organization that uses Turnout.
    struct Answer: "Subscriber" {
        /// Its name.
        name: String,
        /// Its web site.
        url: String,
        /// The address of its terms of service.
        terms_of_service: Option<String>,
        /// The address of its privacy policy.
        privacy_policy: Option<String>,
        /// Whether it sees the data of its voters.
        has_data_access: bool,
        /// Whether it sends texts.
        sms_enabled: bool,
        /// Whether the box for texts is checked at first.
        sms_checkbox_default: bool,
        /// Its own sentence about texts.
        sms_disclaimer: Option<String>,
        /// Whether a box asks for consent to texts.
        sms_checkbox: bool,
        /// The sentence about texts to show; empty where none are sent.
        disclaimer: String,
    }
}

/// Describes [`by_slug`].
#[must_use]
pub fn by_slug_operation() -> Operation {
    Operation::new("getSubscriber", "A subscriber")
        .segment("slug", "The subscriber's slug.", json!({ "type": "string" }))
        .answers::<Answer>(StatusCode::OK, "The subscriber, a disabled one, too")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such slug")
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
