//! The link by which whoever reads a mail asks for no more (RFC 8058, January 2017): it works without a login, at once, and
//! for as long as the key by which it was made is known.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::Mac as _;
use subtle::ConstantTimeEq as _;

use super::{AddressKey, SuppressionReason, SuppressionSource, lift, suppress};
use crate::{app::App, ports::store::StoreError, secret::SecretKey};

/// What the tokens are for; part of the key, so that no other token fits.
const PURPOSE: &str = "turnout.unsubscribe";

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsubscribed {
    /// It holds, from now on or since before.
    Holds,
    /// The link is none of ours.
    WrongLink,
}

/// The address of the page for unsubscribing an e-mail address. It holds neither the address nor anything that is stored.
#[must_use]
pub fn unsubscribe_url(app: &App, address: &str) -> String {
    let key = AddressKey::of(address);
    let token = token(&SecretKey::of_purpose(app.secret.bytes(), PURPOSE), key);
    format!("{}/unsubscribe/?a={key}&t={token}", app.settings.origins.primary)
}

fn token(key: &SecretKey, address: AddressKey) -> String {
    URL_SAFE_NO_PAD.encode(&key.mac(address.0.as_bytes()).finalize().into_bytes()[..16])
}

/// The address of a link of ours. Compared in constant time.
fn read(app: &App, address: &str, given: &str) -> Option<AddressKey> {
    let address = AddressKey::parse(address)?;
    let is = |secret: &SecretKey| {
        let right = token(&SecretKey::of_purpose(secret.bytes(), PURPOSE), address);
        bool::from(right.as_bytes().ct_eq(given.as_bytes()))
    };
    let previous = app.previous_secret.as_ref().is_some_and(|secret| is(secret));
    (is(&app.secret) | previous).then_some(address)
}

/// Takes an address off what it did not ask for, by the parts `a` and `t` of its link.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn unsubscribe(app: &App, address: &str, token: &str) -> Result<Unsubscribed, StoreError> {
    let Some(address) = read(app, address, token) else { return Ok(Unsubscribed::WrongLink) };
    let mut unit = app.store.begin().await?;
    let (reason, source) = (SuppressionReason::Unsubscribe, SuppressionSource::Reader);
    suppress(app, unit.as_mut(), address, reason, source, app.now()).await?;
    unit.commit().await?;
    Ok(Unsubscribed::Holds)
}

/// Takes that back, by the same link.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn subscribe_again(app: &App, address: &str, token: &str) -> Result<Unsubscribed, StoreError> {
    let Some(address) = read(app, address, token) else { return Ok(Unsubscribed::WrongLink) };
    lift(app, address, Some(SuppressionReason::Unsubscribe)).await?;
    Ok(Unsubscribed::Holds)
}
