//! The default [`FileTokens`]: derived from a key, never stored (decision 22).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::StoredFile;
use crate::{
    ports::file_tokens::FileTokens,
    secret::{FileToken, SecretKey},
};

/// What the tokens of this room are for; part of every MAC, so that no other room's token fits here.
const PURPOSE: &[u8] = b"turnout.file";

/// Tokens of 22 characters: the first 16 bytes of HMAC-SHA256 over purpose, id and generation.
pub struct DerivedTokens {
    current: SecretKey,
    previous: Option<SecretKey>,
    lifetime: TimeDelta,
}

impl DerivedTokens {
    /// Tokens under `secret`, valid for `lifetime` from their issue or renewal.
    #[must_use]
    pub fn new(secret: &[u8], lifetime: TimeDelta) -> Self {
        Self { current: purpose_key(secret), previous: None, lifetime }
    }

    /// Also takes tokens that were issued under the key before the present one.
    #[must_use]
    pub fn with_previous(mut self, secret: &[u8]) -> Self {
        self.previous = Some(purpose_key(secret));
        self
    }

    fn derive(key: &SecretKey, file: &StoredFile) -> FileToken {
        let mut mac = mac(key.bytes());
        mac.update(file.id.0.as_bytes());
        mac.update(&file.generation.to_be_bytes());
        FileToken::new(URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16]))
    }
}

fn mac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// A key of this purpose alone.
fn purpose_key(secret: &[u8]) -> SecretKey {
    let mut mac = mac(secret);
    mac.update(PURPOSE);
    SecretKey::new(mac.finalize().into_bytes().to_vec())
}

impl FileTokens for DerivedTokens {
    fn issue(&self, file: &StoredFile) -> FileToken {
        Self::derive(&self.current, file)
    }

    fn check(&self, file: &StoredFile, token: &str, now: DateTime<Utc>) -> bool {
        let right = match &file.imported_token_hash {
            Some(hash) => {
                use subtle::ConstantTimeEq;
                Sha256::digest(token.as_bytes()).as_slice().ct_eq(hash).into()
            }
            None => {
                let current = Self::derive(&self.current, file).is(token);
                let previous = self.previous.as_ref().is_some_and(|key| Self::derive(key, file).is(token));
                current | previous
            }
        };
        right && now < file.expires
    }

    fn renew(&self, file: &mut StoredFile, now: DateTime<Utc>) {
        file.generation += 1;
        file.imported_token_hash = None;
        file.expires = now + self.lifetime;
    }

    fn lifetime(&self) -> TimeDelta {
        self.lifetime
    }
}
