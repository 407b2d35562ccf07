//! Whether a form is one of ours, and was given to the one who sends it.
//!
//! Its token is an HMAC of the token of the session, or of the visit, under a key of this purpose alone. On each page it
//! is masked anew, so that the length of a compressed page says nothing about it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use turnout_core::secret::SecretKey;

use super::session::Token;

/// What the key is for.
const PURPOSE: &str = "turnout.csrf";

/// HMAC-SHA256 of these parts, each after its length, under a key of that purpose.
pub(super) fn mac(secret: &SecretKey, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    let key = SecretKey::of_purpose(secret.bytes(), purpose);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Compares in constant time.
pub(super) fn are_equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// What a form of the one with this token has to show.
pub(crate) fn token(secret: &SecretKey, bound_to: &Token, mask: [u8; 32]) -> String {
    let plain = mac(secret, PURPOSE, &[bound_to.bytes()]);
    let mut shown = mask.to_vec();
    shown.extend(plain.iter().zip(mask).map(|(plain, mask)| plain ^ mask));
    URL_SAFE_NO_PAD.encode(shown)
}

/// Whether a form shows it: under the present secret, or that before the last rotation.
pub(crate) fn fits(secrets: [Option<&SecretKey>; 2], bound_to: &Token, shown: &str) -> bool {
    let Ok(shown) = URL_SAFE_NO_PAD.decode(shown) else { return false };
    if shown.len() != 64 {
        return false;
    }
    let (mask, masked) = shown.split_at(32);
    let plain: Vec<u8> = masked.iter().zip(mask).map(|(masked, mask)| masked ^ mask).collect();
    secrets.into_iter().flatten().any(|secret| are_equal(&plain, &mac(secret, PURPOSE, &[bound_to.bytes()])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_from_the_one_it_was_given_to() {
        let (secret, before) = (SecretKey::new(b"now".to_vec()), SecretKey::new(b"before".to_vec()));
        let (mine, other) = (Token::new([1; 32]), Token::new([2; 32]));
        let shown = token(&secret, &mine, [5; 32]);
        assert_ne!(shown, token(&secret, &mine, [6; 32]));
        assert!(fits([Some(&secret), None], &mine, &shown));
        assert!(fits([Some(&secret), None], &mine, &token(&secret, &mine, [6; 32])));
        assert!(!fits([Some(&secret), None], &other, &shown));
        assert!(!fits([Some(&before), None], &mine, &shown));
        assert!(fits([Some(&secret), Some(&before)], &mine, &token(&before, &mine, [5; 32])));
        for wrong in ["", "AAAA", &shown[..shown.len() - 2], "%"] {
            assert!(!fits([Some(&secret), None], &mine, wrong), "{wrong}");
        }
        let mut changed = shown.into_bytes();
        changed[70] ^= 1;
        assert!(!fits([Some(&secret), None], &mine, &String::from_utf8_lossy(&changed)));
    }
}
