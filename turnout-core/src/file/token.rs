//! The default [`FileTokens`]: derived from a key, never stored (decision 22).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::Mac;
use sha2::{Digest, Sha256};

use super::StoredFile;
use crate::{
    ports::file_tokens::FileTokens,
    secret::{FileToken, SecretKey},
};

/// What the tokens of this room are for; part of every MAC, so that no other room's token fits here.
const PURPOSE: &str = "turnout.file";

/// Tokens of 22 characters: the first 16 bytes of HMAC-SHA256 over purpose, id and generation.
///
/// Of a file that was imported the token of the other service opens it too, until it ends or is renewed: the link is in
/// a mail that the voter has.
pub struct DerivedTokens {
    current: SecretKey,
    previous: Option<SecretKey>,
    lifetime: TimeDelta,
}

impl DerivedTokens {
    /// Tokens under `secret`, valid for `lifetime` from their issue or renewal.
    #[must_use]
    pub fn new(secret: &[u8], lifetime: TimeDelta) -> Self {
        Self { current: SecretKey::of_purpose(secret, PURPOSE), previous: None, lifetime }
    }

    /// Also takes tokens that were issued under the key before the present one.
    #[must_use]
    pub fn with_previous(mut self, secret: &[u8]) -> Self {
        self.previous = Some(SecretKey::of_purpose(secret, PURPOSE));
        self
    }

    fn derive(key: &SecretKey, file: &StoredFile) -> FileToken {
        let mut mac = key.mac(file.id.0.as_bytes());
        mac.update(&file.generation.to_be_bytes());
        FileToken::new(URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16]))
    }
}

/// What is kept of a token that another service issued: SHA-256 of its text. The text of the Django service's tokens is
/// the short form of their UUID ([`small_uuid`](crate::ids::small_uuid)), and no other form of it opens anything.
#[must_use]
pub fn imported_token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Compared in constant time.
fn is_imported(hash: &[u8], token: &str) -> bool {
    use subtle::ConstantTimeEq;
    imported_token_hash(token).ct_eq(hash).into()
}

impl FileTokens for DerivedTokens {
    fn issue(&self, file: &StoredFile) -> FileToken {
        Self::derive(&self.current, file)
    }

    fn check(&self, file: &StoredFile, token: &str, now: DateTime<Utc>) -> bool {
        let imported = file.imported_token_hash.as_ref().is_some_and(|hash| is_imported(hash, token));
        let current = Self::derive(&self.current, file).is(token);
        let previous = self.previous.as_ref().is_some_and(|key| Self::derive(key, file).is(token));
        (imported | current | previous) && now < file.expires
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
