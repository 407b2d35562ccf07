//! A subscriber with access to the API, and the key of its program.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use turnout_core::{
    api_key::{self, ApiKey},
    ids::{SlugId, SubscriberId},
    ports::{clock::Clock as _, store::Store as _},
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
};
use uuid::Uuid;

use super::{Ask, TestServer};

/// A partner and what its program shows.
pub(crate) struct Partner {
    pub(crate) subscriber: SubscriberId,
    pub(crate) key: ApiKey,
    pub(crate) secret: String,
}

/// The header of a name and a password.
pub(crate) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

impl Partner {
    /// The header that its program sends.
    pub(crate) fn header(&self) -> String {
        basic(&self.key.id.to_string(), &self.secret)
    }
}

impl TestServer {
    /// A new partner; its slug is `partner-{number}`.
    pub(crate) async fn partner(&self, number: u8) -> Partner {
        let now = self.clock.now();
        let id = SubscriberId(Uuid::from_u128(100 + u128::from(number)));
        let slug = Slug {
            id: SlugId(Uuid::from_u128(200 + u128::from(number))),
            subscriber: id,
            slug: format!("partner-{number}"),
            created_at: now,
        };
        let subscriber = Subscriber {
            id,
            name: format!("Partner {number}"),
            url: "https://partner.example.org/".into(),
            email: None,
            privacy_policy: None,
            terms_of_service: None,
            sms_enabled: None,
            sms_checkbox: None,
            sms_checkbox_default: None,
            sms_disclaimer: None,
            language: None,
            default_slug: Some(slug.id),
            status: SubscriberStatus::Active,
            is_first_party: false,
            has_api_access: true,
            sync_tmc: false,
            sync_bluelink: false,
            plan: Plan::Free,
            created_at: now + chrono::TimeDelta::hours(1),
            modified_at: now,
        };
        let mut unit = self.store.begin().await.unwrap();
        unit.subscribers_mut().insert(&subscriber).await.unwrap();
        unit.subscribers_mut().insert_slug(&slug).await.unwrap();
        unit.commit().await.unwrap();
        let created = api_key::create(&self.app, &slug.slug, None, [number; 32]).await.unwrap();
        Partner { subscriber: id, secret: created.secret.reveal().to_owned(), key: created.key }
    }

    /// Changes a subscriber's row.
    pub(crate) async fn change_subscriber(&self, id: SubscriberId, change: impl FnOnce(&mut Subscriber)) {
        let mut unit = self.store.begin().await.unwrap();
        let mut subscriber = unit.subscribers().by_id(id).await.unwrap().unwrap();
        change(&mut subscriber);
        unit.subscribers_mut().update(&subscriber).await.unwrap();
        unit.commit().await.unwrap();
    }
}

impl Ask<'_> {
    /// As the partner's program.
    pub(crate) fn by(self, partner: &Partner) -> Self {
        self.header("authorization", &partner.header())
    }
}
