//! What is kept of a key's secret.

use hmac::Mac;
use subtle::ConstantTimeEq;

use crate::{
    app::App,
    secret::{ApiSecret, SecretKey, hex},
};

/// What the pepper is for that is derived from the secret of all.
const PURPOSE: &str = "turnout.api_key";

/// HMAC-SHA256 of the secret that a program shows, under the pepper. Only ever compared in constant time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// The hash to keep of a secret.
    #[must_use]
    pub fn of(app: &App, secret: &ApiSecret) -> Self {
        Self::under(&pepper(app), secret.reveal())
    }

    /// Whether `shown` is the secret: under the present pepper, or one derived from the secret before the last rotation.
    #[must_use]
    pub fn fits(&self, app: &App, shown: &str) -> bool {
        let before = match &app.api_key_pepper {
            Some(_) => None,
            None => app.previous_secret.as_deref().map(derived),
        };
        let is = |pepper: &SecretKey| bool::from(Self::under(pepper, shown).0.ct_eq(&self.0));
        is(&pepper(app)) | before.as_ref().is_some_and(is)
    }

    fn under(pepper: &SecretKey, secret: &str) -> Self {
        Self(pepper.mac(secret.as_bytes()).finalize().into_bytes().into())
    }
}

fn derived(secret: &SecretKey) -> SecretKey {
    SecretKey::of_purpose(secret.bytes(), PURPOSE)
}

/// The pepper in force.
fn pepper(app: &App) -> SecretKey {
    match &app.api_key_pepper {
        Some(given) => SecretKey::new(given.bytes()),
        None => derived(&app.secret),
    }
}

/// The secret that a program shows, of the text that the Django service keeps: HMAC-SHA256 under the pepper, in hex of lower
/// case (`domain.md` 1).
#[must_use]
pub fn secret_of_django(app: &App, kept: &str) -> ApiSecret {
    let mac = pepper(app).mac(kept.as_bytes()).finalize().into_bytes();
    ApiSecret::new(hex(&mac))
}
