//! Whose program it is that shows an id and a secret.

use crate::{
    app::App,
    ids::ApiKeyId,
    ports::store::{StoreError, View},
    subscriber::{Subscriber, SubscriberStatus},
};

use super::ApiKey;

/// A partner's program that showed a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The key.
    pub key: ApiKeyId,
    /// Whose program it is.
    pub subscriber: Subscriber,
}

/// Why a program is not let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// There is no key of this id that opens anything.
    #[error("no such API key")]
    NoSuchKey,
    /// There is such a key, and this is not its secret.
    #[error("not the secret of this API key")]
    WrongSecret,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds the program of an id and a secret, both as they were sent. Blanks around them do not count.
///
/// A key opens nothing once it was deactivated, nor while its subscriber is disabled or has no access to the API
/// (quirks Q50 and Q68).
///
/// # Errors
/// See [`AuthenticateError`].
pub async fn authenticate(app: &App, id: &str, secret: &str) -> Result<Client, AuthenticateError> {
    let id = ApiKeyId::parse(id.trim()).ok_or(AuthenticateError::NoSuchKey)?;
    let mut view = app.store.view().await?;
    let Some(key) = view.api_keys().by_id(id).await? else { return Err(AuthenticateError::NoSuchKey) };
    let Some(subscriber) = opens_for(view.as_mut(), &key).await? else {
        return Err(AuthenticateError::NoSuchKey);
    };
    if !key.hash.fits(app, secret.trim()) {
        return Err(AuthenticateError::WrongSecret);
    }
    Ok(Client { key: id, subscriber })
}

/// The subscriber that a key opens something for.
async fn opens_for(view: &mut dyn View, key: &ApiKey) -> Result<Option<Subscriber>, StoreError> {
    let (None, Some(id)) = (key.deactivated_at, key.subscriber) else { return Ok(None) };
    let subscriber = view.subscribers().by_id(id).await?;
    Ok(subscriber.filter(|it| it.has_api_access && it.status == SubscriberStatus::Active))
}
