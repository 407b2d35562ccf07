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

/// For whose mails a link is: everybody's, as it is one person who reads them. Part of the token, so that a link for less, if
/// there is ever one, is not one for all.
const SCOPE: &str = "all";

/// What a link of ours has in its query. No `Debug`: it does what it is for.
#[derive(Clone, Copy)]
pub struct UnsubscribeLink<'a> {
    /// `a`: by what the address is found on the list, from which nobody but us can tell the address.
    pub id: &'a str,
    /// `s`: for whose mails it is.
    pub scope: &'a str,
    /// `t`: what only we can make of both.
    pub token: &'a str,
}

/// The address of the page for unsubscribing an e-mail address, which it does not hold, nor anything of which one can be
/// found by trying.
#[must_use]
pub fn unsubscribe_url(app: &App, address: &str) -> String {
    let id = AddressKey::of(app, address);
    let token = token(&SecretKey::of_purpose(app.secret.bytes(), PURPOSE), id, SCOPE);
    format!("{}/unsubscribe/?a={id}&s={SCOPE}&t={token}", app.settings.origins.primary)
}

fn token(key: &SecretKey, id: AddressKey, scope: &str) -> String {
    let mac = key.mac(id.0.as_bytes()).chain_update(scope.as_bytes());
    URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16])
}

/// The address of a link of ours. Compared in constant time.
fn read(app: &App, link: UnsubscribeLink<'_>) -> Option<AddressKey> {
    let address = AddressKey::parse(link.id)?;
    if link.scope != SCOPE {
        return None;
    }
    let is = |secret: &SecretKey| {
        let right = token(&SecretKey::of_purpose(secret.bytes(), PURPOSE), address, link.scope);
        bool::from(right.as_bytes().ct_eq(link.token.as_bytes()))
    };
    let previous = app.previous_secret.as_ref().is_some_and(|secret| is(secret));
    (is(&app.secret) | previous).then_some(address)
}

/// Takes an address off what it did not ask for, by its link.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn unsubscribe(app: &App, link: UnsubscribeLink<'_>) -> Result<Unsubscribed, StoreError> {
    let Some(address) = read(app, link) else { return Ok(Unsubscribed::WrongLink) };
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
pub async fn subscribe_again(app: &App, link: UnsubscribeLink<'_>) -> Result<Unsubscribed, StoreError> {
    let Some(address) = read(app, link) else { return Ok(Unsubscribed::WrongLink) };
    lift(app, address, Some(SuppressionReason::Unsubscribe)).await?;
    Ok(Unsubscribed::Holds)
}
