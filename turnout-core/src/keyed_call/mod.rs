//! Calls that carry a key of their caller, so that a repetition has the first one's answer and no effect of its own.
//!
//! A call is first written down, then made, then its answer is kept; a repetition finds one or the other. What is kept names
//! no voter: the key and the body are known by HMACs, and an answer is kept without links and tokens. Calls are forgotten
//! after [`KEPT`].

mod ids;
mod turn;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::Mac;
use serde_json::Value;
use uuid::Uuid;

pub use ids::IdsOfCall;
pub use turn::{Turn, begin, break_off, finish, forget_old};

use crate::{app::App, secret::SecretKey};

/// How long a call is remembered.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// What the HMACs' key is for.
const PURPOSE: &str = "turnout.keyed_call";

/// A call that carries a key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyedCall {
    /// Where and by whom it was made, and its key: [`CallKey::place`].
    pub place: [u8; 32],
    /// What was sent: [`CallKey::fingerprint`].
    pub fingerprint: [u8; 32],
    /// What the ids of its records are made of.
    pub seed: Uuid,
    /// Until when somebody is at work on it, unless it is answered.
    pub lease_until: DateTime<Utc>,
    /// Its answer, once there is one.
    pub answer: Option<KeptAnswer>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// An answer, without what is made anew each time it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAnswer {
    /// The status.
    pub status: u16,
    /// What is needed to give it again.
    pub body: Value,
}

/// How a call is recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallKey {
    /// An HMAC of the route, the caller and the key: callers cannot meet each other's keys.
    pub place: [u8; 32],
    /// An HMAC of what was sent.
    pub fingerprint: [u8; 32],
}

impl CallKey {
    /// The key of a call to `route` by `caller`, with `sent`, which holds no identification number.
    #[must_use]
    pub fn new(app: &App, route: &str, caller: &str, key: &str, sent: &[u8]) -> Self {
        let secret = SecretKey::of_purpose(app.secret.bytes(), PURPOSE);
        // the length of each part stands before it, so that no two lists of parts are one text
        let over = |parts: &[&[u8]]| {
            let mut mac = secret.mac(b"");
            for part in parts {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part);
            }
            mac.finalize().into_bytes().into()
        };
        Self {
            place: over(&[b"place", route.as_bytes(), caller.as_bytes(), key.as_bytes()]),
            fingerprint: over(&[b"sent", sent]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::world;

    #[test]
    fn a_key_is_another_one_elsewhere_and_for_others() {
        let app = world().app;
        let place = |route, caller, key| CallKey::new(&app, route, caller, key, b"").place;
        let all = [
            place("/a/", "x", "k"),
            place("/b/", "x", "k"),
            place("/a/", "y", "k"),
            place("/a/", "x", "l"),
            place("/a/x", "", "k"),
        ];
        for (number, one) in all.iter().enumerate() {
            assert!(!all[number + 1..].contains(one));
        }
        assert_eq!(place("/a/", "x", "k"), all[0]);
        let sent = |bytes: &[u8]| CallKey::new(&app, "/a/", "x", "k", bytes).fingerprint;
        assert_ne!(sent(b"a"), sent(b"b"));
    }
}
