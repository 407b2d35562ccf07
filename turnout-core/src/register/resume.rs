//! Going on with a registration that was begun elsewhere: signed tokens (`http-api.md` 3.5).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SubsecRound, Utc};
use hmac::Mac;
use serde::{Deserialize, Serialize};

use super::Registration;
use crate::{
    app::App,
    ids::{ActionId, RegistrationId},
    ports::store::StoreError,
    secret::SecretKey,
};

/// What the tokens' key is for: another one than that of every other token (quirk Q67).
const PURPOSE: &str = "turnout.resume";

/// How far clocks may differ.
const LEEWAY_SECONDS: i64 = 30;

/// A registration to go on with.
pub struct Resumed {
    /// The record.
    pub registration: Registration,
    /// Whether the state allows that we print the form and send it for signing.
    pub allow_print_and_forward: Option<bool>,
}

/// Why nothing can be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// Neither an id nor a token was given.
    #[error("neither token nor uuid")]
    NothingGiven,
    /// The token is wrong, expired or for something else.
    #[error("the token is not valid")]
    InvalidToken,
    /// There is no such registration.
    #[error("no such registration")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    exp: i64,
    action_type: String,
    action_id: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// A token for going on with the registration of this action, a JWT under HS256, and the second in which it ends.
#[must_use]
pub fn issue(app: &App, action: ActionId) -> (String, DateTime<Utc>) {
    let ends = (app.now() + app.settings.register.resume_lifetime).trunc_subsecs(0);
    let claims = Claims {
        iss: app.settings.origins.primary.clone(),
        exp: ends.timestamp(),
        action_type: "registration".into(),
        action_id: action.to_string(),
    };
    let claims = serde_json::to_vec(&claims).expect("texts and a number are JSON");
    let body = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let signature = key(&app.secret).mac(body.as_bytes()).finalize().into_bytes();
    (format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature)), ends)
}

fn key(secret: &SecretKey) -> SecretKey {
    SecretKey::of_purpose(secret.bytes(), PURPOSE)
}

fn check(app: &App, token: &str, now: DateTime<Utc>) -> Option<ActionId> {
    let (body, signature) = token.rsplit_once('.')?;
    let (header, claims) = body.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let secrets = std::iter::once(&app.secret).chain(&app.previous_secret);
    let fits = |secret: &SecretKey| key(secret).mac(body.as_bytes()).verify_slice(&signature).is_ok();
    let right = secrets.fold(false, |right, secret| right | fits(secret));
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let valid = right
        && header.alg == "HS256"
        && claims.iss == app.settings.origins.primary
        && claims.action_type == "registration"
        && now.timestamp() <= claims.exp.saturating_add(LEEWAY_SECONDS);
    if valid { ActionId::parse(&claims.action_id) } else { None }
}

/// Finds the registration of an id, or of a token when there is no id.
///
/// # Errors
/// See [`ResumeError`].
#[tracing::instrument(target = "turnout::trace", name = "register.resume", skip_all)]
pub async fn resume(app: &App, uuid: Option<&str>, token: Option<&str>) -> Result<Resumed, ResumeError> {
    let uuid = uuid.filter(|text| !text.is_empty());
    let token = token.filter(|text| !text.is_empty());
    let mut view = app.store.view().await?;
    let found = match (uuid, token) {
        (Some(uuid), _) => {
            let id = RegistrationId::parse(uuid).ok_or(ResumeError::NotFound)?;
            view.registrations().by_id(id).await?
        }
        (None, Some(token)) => {
            let action = check(app, token, app.now()).ok_or(ResumeError::InvalidToken)?;
            view.registrations().by_action(action).await?
        }
        (None, None) => return Err(ResumeError::NothingGiven),
    };
    let registration = found.ok_or(ResumeError::NotFound)?;
    let allow_print_and_forward = match registration.address.state {
        Some(state) => view.elections().state(state).await?.and_then(|it| it.allow_print_and_forward),
        None => None,
    };
    Ok(Resumed { registration, allow_print_and_forward })
}
