//! The secrets that sign messages. They are kept nowhere: each is derived, under a key of this purpose alone, from the id of
//! its endpoint and the number of its generation.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use hmac::Mac as _;
use zeroize::Zeroizing;

use super::{Endpoint, OVERLAP};
use crate::{app::App, ids::EndpointId, secret::SecretKey};

/// What the key is for.
const PURPOSE: &str = "turnout.webhook";
/// How a secret begins, so that it is known for one.
const PREFIX: &str = "whsec_";

/// What a receiver verifies signatures by.
///
/// ```compile_fail
/// fn print(secret: turnout_core::webhook::SigningSecret) {
///     println!("{secret:?}");
/// }
/// ```
pub struct SigningSecret(Zeroizing<[u8; 32]>);

impl SigningSecret {
    /// The text that is shown once: `whsec_` and base64.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", BASE64_STANDARD.encode(self.0.as_slice())))
    }

    fn derived(key: &SecretKey, endpoint: EndpointId, generation: u32) -> Self {
        let mut mac = key.mac(b"endpoint");
        mac.update(endpoint.0.as_bytes());
        mac.update(&generation.to_be_bytes());
        Self(Zeroizing::new(mac.finalize().into_bytes().into()))
    }

    /// `v1,` and the base64 of HMAC-SHA256.
    fn sign(&self, signed: &[u8]) -> String {
        let mac = SecretKey::new(self.0.as_slice()).mac(signed).finalize().into_bytes();
        format!("v1,{}", BASE64_STANDARD.encode(mac))
    }
}

/// The secret in force.
#[must_use]
pub fn secret_of(app: &App, endpoint: &Endpoint) -> SigningSecret {
    SigningSecret::derived(&app.lasting_key(PURPOSE), endpoint.id, endpoint.generation)
}

/// The header `webhook-signature`: over `id.timestamp.body`, by every secret that is valid, separated by blanks. Valid are
/// the secret before the last change for [`OVERLAP`], and each of them under the key before its last rotation too, for as long as
/// the operator gives it.
#[must_use]
pub fn signature(app: &App, endpoint: &Endpoint, now: DateTime<Utc>, id: &str, body: &[u8]) -> String {
    let mut signed = format!("{id}.{}.", now.timestamp()).into_bytes();
    signed.extend_from_slice(body);
    let overlaps = endpoint.rotated_at.is_some_and(|at| now - at < OVERLAP);
    let before = endpoint.generation.checked_sub(1).filter(|generation| overlaps && *generation > 0);
    let keys = [Some(app.lasting_key(PURPOSE)), app.lasting_key_before(PURPOSE)];
    let mut signatures = Vec::new();
    for generation in std::iter::once(endpoint.generation).chain(before) {
        for key in keys.iter().flatten() {
            signatures.push(SigningSecret::derived(key, endpoint.id, generation).sign(&signed));
        }
    }
    signatures.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{conformance::rows::endpoint, memory::world};

    fn parts(app: &App, endpoint: &Endpoint, now: DateTime<Utc>) -> Vec<String> {
        signature(app, endpoint, now, "msg_1", b"{}").split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // the example of the specification's test vectors
        let mut bytes = [0_u8; 32];
        let secret = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        bytes[..24].copy_from_slice(&secret);
        let mac = SecretKey::new(&bytes[..24])
            .mac(b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}");
        let signed = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(signed, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_endpoint_and_each_generation_has_a_secret_of_its_own() {
        let app = world().app;
        let (one, other) = (endpoint(1, 1, 0), endpoint(2, 1, 0));
        let next = Endpoint { generation: one.generation + 1, ..one.clone() };
        let texts = [&one, &other, &next].map(|it| secret_of(&app, it).reveal().to_string());
        assert!(texts.iter().all(|text| text.starts_with("whsec_") && text.len() == 50));
        assert!(texts[0] != texts[1] && texts[0] != texts[2] && texts[1] != texts[2]);
        assert_eq!(*secret_of(&app, &one).reveal(), texts[0]);
    }

    #[test]
    fn the_secret_before_signs_for_a_day() {
        let app = world().app;
        let now = app.now();
        let first = Endpoint { generation: 1, rotated_at: None, ..endpoint(1, 1, 0) };
        let rotated = Endpoint { generation: 2, rotated_at: Some(now), ..first.clone() };
        let alone = parts(&app, &first, now);
        assert_eq!(alone.len(), 1);
        let both = parts(&app, &rotated, now);
        assert_eq!((both.len(), &both[1]), (2, &alone[0]));
        let later = now + OVERLAP;
        assert_eq!(parts(&app, &rotated, later).len(), 1);
    }

    #[test]
    fn while_the_secret_of_all_is_rotated_both_sign() {
        let mut app = world().app;
        let now = app.now();
        let one = Endpoint { generation: 1, rotated_at: None, ..endpoint(1, 1, 0) };
        let before = parts(&app, &one, now);
        app.previous_secret = Some(std::sync::Arc::clone(&app.secret));
        app.secret = std::sync::Arc::new(SecretKey::new(&b"another secret of all, long enough"[..]));
        let both = parts(&app, &one, now);
        assert_eq!((both.len(), &both[1]), (2, &before[0]));
        assert_ne!(both[0], both[1]);
    }
}
