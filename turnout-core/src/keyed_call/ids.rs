//! Ids of the records of one call: the same each time that it is made, and known to nobody beforehand.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use hmac::Mac;
use uuid::{Builder, Uuid};

use super::PURPOSE;
use crate::{app::App, ports::ids::IdSource, secret::SecretKey};

/// Ids made of a seed. When a call that was broken off is made again, it meets the records of the first and stops, where
/// fresh ids would make them twice.
pub struct IdsOfCall {
    secret: SecretKey,
    seed: Uuid,
    given: AtomicU64,
    others: Arc<dyn IdSource>,
}

impl IdsOfCall {
    /// The ids of the call with that seed.
    #[must_use]
    pub fn new(app: &App, seed: Uuid) -> Self {
        Self {
            secret: SecretKey::of_purpose(app.secret.bytes(), PURPOSE),
            seed,
            given: AtomicU64::new(0),
            others: Arc::clone(&app.ids),
        }
    }
}

impl IdSource for IdsOfCall {
    fn uuid(&self) -> Uuid {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let mut mac = self.secret.mac(b"id");
        mac.update(self.seed.as_bytes());
        mac.update(&number.to_be_bytes());
        let made = mac.finalize().into_bytes();
        let (bytes, _) = made.split_at(16);
        Builder::from_random_bytes(bytes.try_into().expect("it was split there")).into_uuid()
    }

    fn fraction(&self) -> f64 {
        self.others.fraction()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::world;

    #[test]
    fn a_call_that_is_made_again_has_the_same_ids_and_another_call_has_others() {
        let app = world().app;
        let take = |seed| {
            let ids = IdsOfCall::new(&app, Uuid::from_u128(seed));
            [ids.uuid(), ids.uuid()]
        };
        let (first, again, other) = (take(1), take(1), take(2));
        assert_eq!(first, again);
        assert!(first[0] != first[1] && !other.contains(&first[0]) && first[0].get_version_num() == 4);
    }
}
