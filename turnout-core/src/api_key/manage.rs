//! Keys are made, and ended.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

use super::{ApiKey, SecretHash, secret_of_django};
use crate::{
    app::App,
    change::Change,
    ids::{ApiKeyId, SubscriberId, UserId},
    input::{Input, Reader, Rules},
    ports::store::StoreError,
    problems::Problems,
    secret::ApiSecret,
    subscriber::Subscriber,
};

/// The most characters of what a key is for.
const LONGEST_DESCRIPTION: usize = 200;

/// A key that was just made.
pub struct Created {
    /// The key.
    pub key: ApiKey,
    /// Its secret, which nobody can find out again.
    pub secret: ApiSecret,
    /// Whose it is.
    pub subscriber: Subscriber,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// No subscriber has this slug.
    #[error("no subscriber has this slug")]
    NoSuchSubscriber,
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a key that was to be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deactivated {
    /// It opens nothing from now on.
    Now,
    /// It has opened nothing since then.
    Before(DateTime<Utc>),
    /// There is no such key.
    Unknown,
}

/// Makes a key for the subscriber with this slug. `random` is what nobody can guess: 32 bytes of a source of chance that
/// fits for keys.
///
/// # Errors
/// See [`CreateError`].
pub async fn create(
    app: &App,
    slug: &str,
    description: Option<String>,
    random: [u8; 32],
) -> Result<Created, CreateError> {
    let mut unit = app.store.begin().await?;
    let Some(subscriber) = unit.subscribers().by_slug(slug).await? else {
        return Err(CreateError::NoSuchSubscriber);
    };
    let (key, secret) = fresh(app, &subscriber, description, random);
    unit.api_keys_mut().insert(&key).await?;
    unit.commit().await?;
    Ok(Created { key, secret, subscriber })
}

/// Makes a key for a subscriber, asked for by one of its own people: `description` says what it is for. `random` as in
/// [`create`].
///
/// # Errors
/// See [`CreateError`].
pub async fn create_own(
    app: &App,
    actor: UserId,
    subscriber: Subscriber,
    input: &Input,
    random: [u8; 32],
) -> Result<Created, CreateError> {
    let mut reader = Reader::whole(input);
    let description = reader.text("description", Rules::required().at_most(LONGEST_DESCRIPTION)).value();
    reader.into_problems().into_result()?;
    let (key, secret) = fresh(app, &subscriber, description, random);
    let key = ApiKey { created_by: Some(actor), ..key };
    let mut unit = app.store.begin().await?;
    unit.api_keys_mut().insert(&key).await?;
    Change::new(app, Some(actor), ApiKey::KIND, key.id, "created")
        .of(subscriber.id)
        .write(unit.as_mut())
        .await?;
    unit.commit().await?;
    Ok(Created { key, secret, subscriber })
}

/// A key, and its secret.
fn fresh(
    app: &App,
    subscriber: &Subscriber,
    description: Option<String>,
    random: [u8; 32],
) -> (ApiKey, ApiSecret) {
    let secret = secret_of_django(app, &URL_SAFE_NO_PAD.encode(random));
    let now = app.now();
    let key = ApiKey {
        id: ApiKeyId(app.ids.uuid()),
        subscriber: Some(subscriber.id),
        hash: SecretHash::of(app, &secret),
        description,
        created_by: None,
        deactivated_by: None,
        deactivated_at: None,
        created_at: now,
        modified_at: now,
    };
    (key, secret)
}

/// Ends a key. One that was ended before keeps its time.
///
/// # Errors
/// When the store fails.
pub async fn deactivate(app: &App, id: ApiKeyId) -> Result<Deactivated, StoreError> {
    let mut unit = app.store.begin().await?;
    let Some(mut key) = unit.api_keys_mut().lock(id).await? else { return Ok(Deactivated::Unknown) };
    if let Some(before) = key.deactivated_at {
        return Ok(Deactivated::Before(before));
    }
    key.deactivated_at = Some(app.now());
    key.modified_at = app.now();
    unit.api_keys_mut().update(&key).await?;
    unit.commit().await?;
    Ok(Deactivated::Now)
}

/// Ends a key of a subscriber, asked for by one of its own people. A key of somebody else is none.
///
/// # Errors
/// When the store fails.
pub async fn deactivate_own(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: ApiKeyId,
) -> Result<Deactivated, StoreError> {
    let mut unit = app.store.begin().await?;
    let found = unit.api_keys_mut().lock(id).await?.filter(|key| key.subscriber == Some(subscriber));
    let Some(mut key) = found else { return Ok(Deactivated::Unknown) };
    if let Some(before) = key.deactivated_at {
        return Ok(Deactivated::Before(before));
    }
    let now = app.now();
    (key.deactivated_at, key.deactivated_by, key.modified_at) = (Some(now), Some(actor), now);
    unit.api_keys_mut().update(&key).await?;
    Change::new(app, Some(actor), ApiKey::KIND, id, "deactivated")
        .of(subscriber)
        .write(unit.as_mut())
        .await?;
    unit.commit().await?;
    Ok(Deactivated::Now)
}
