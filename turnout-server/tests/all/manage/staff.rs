//! What people do on the site, in a real browser: `tests/browser/staff.mjs` with a server of nothing, and `staff_*.mjs`, each
//! with a server of its own on which there are people of every role and what their pages show.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use turnout_core::{
    account::{Session, SessionStage},
    conformance::rows as samples,
    ids::SessionId,
    person::Phone,
    ports::store::Store as _,
    sms::Number,
};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

use super::{
    operation_rows::{FILE, LETTER},
    site::{OLD_HASH, PASSWORD, Role, furnish},
    walk::{furnish_more, now, reset_path},
};
use crate::support::{Running, passes};

/// So many numbers agreed to texts: more than are written to before somebody can press a button.
const AGREED: u32 = 2_000;

/// A server on which somebody works.
struct Place {
    folder: TempDir,
    server: Running,
}

impl Place {
    async fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Running::start("all-in-one", folder.path(), settings).await;
        let place = Self { folder, server };
        let store = place.store().await;
        furnish(&store, now(), OLD_HASH).await;
        furnish_more(&store, now()).await;
        place
    }

    async fn store(&self) -> SqliteStore {
        let path = self.folder.path().join("var/turnout.db");
        SqliteStore::open(&path, SqliteOptions::default()).await.unwrap()
    }

    /// The path of the link by which somebody new sets the first password.
    fn link(&self, more: &[&str]) -> String {
        reset_path(self.folder.path(), more)
    }

    /// Runs a scenario, of more than so many checks. It is told who signs in with what, and `more`.
    async fn passes(self, scenario: &'static str, more: Value, checks: usize) {
        let mut told = json!({ "password": PASSWORD, "people": people() });
        told.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        passes(scenario, &self.server, Some(("TURNOUT_STAFF", told)), checks).await;
        assert!(self.server.stop().await.success());
    }
}

/// Everybody who is there, by what they may do: the address, and the key of the app.
fn people() -> Map<String, Value> {
    let one = |role: &Role| {
        let person = json!({ "email": role.email(), "secret": hex::encode(role.secret()), "id": role.id().to_string() });
        (format!("{role:?}"), person)
    };
    Role::ALL.iter().map(one).collect()
}

/// Somebody is signed in until then; what the cookie of that session says.
async fn signed_in_until(store: &SqliteStore, role: Role, until: DateTime<Utc>) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let token = [0x5e; 32];
    let session = Session {
        id: SessionId(Uuid::from_u128(0x5e55)),
        user: role.id(),
        token_hash: Sha256::digest(token).to_vec(),
        stage: SessionStage::Verified,
        agent: "Firefox on Linux".to_owned(),
        seen_at: now(),
        expires: until,
        created_at: now(),
    };
    let mut unit = store.begin().await.unwrap();
    unit.sessions_mut().insert(&session).await.unwrap();
    unit.commit().await.unwrap();
    URL_SAFE_NO_PAD.encode(token)
}

/// Many agree to texts; the numbers, as a list is uploaded.
async fn agreed(store: &SqliteStore) -> String {
    let mut list = "phone,state\n".to_owned();
    let mut unit = store.begin().await.unwrap();
    for at in 0..AGREED {
        let phone = format!("+1617555{:04}", 2_000 + at);
        list += &format!("{phone},MA\n");
        let number = Number {
            id: Uuid::from_u128(0x7000_0000 + u128::from(at)),
            phone: Phone::from_stored(phone),
            opted_in_at: Some(now()),
            opted_out_at: None,
            welcomed_at: Some(now()),
            created_at: now(),
            modified_at: now(),
            ..samples::number()
        };
        unit.messages_mut().lock_or_insert(&number).await.unwrap();
    }
    unit.commit().await.unwrap();
    list
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_form_is_filled_in_and_sent_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    let (superuser, nobody) = ("ann@example.org", "bob@example.org");
    let accounts = json!({
        "superuser": { "email": superuser, "link": reset_path(folder.path(), &[superuser, "--superuser"]) },
        "nobody": { "email": nobody, "link": reset_path(folder.path(), &[nobody]) },
    });
    passes("staff", &server, Some(("TURNOUT_STAFF", accounts)), 280).await;
    assert!(server.stop().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_looked_after_in_a_real_browser() {
    let settings = [("RATE_LIMITS", "off"), ("TWO_FACTOR_SMS_NUMBER", "+12025550100")];
    let place = Place::with(&settings).await;
    let until = now() + TimeDelta::seconds(60);
    let cookie = signed_in_until(&place.store().await, Role::Stranger, until).await;
    let bob = place.link(&["bob@example.org"]);
    let more = json!({
        "bob": { "email": "bob@example.org", "link": bob },
        "ends": { "cookie": cookie, "until": until.timestamp_millis() },
    });
    place.passes("staff_account", more, 360).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_guesses_has_to_wait_in_a_real_browser() {
    let settings = [
        ("RATE_LIMIT_SIGN_INS_PER_HOUR", "3"),
        ("RATE_LIMIT_CODES_PER_HOUR", "3"),
        ("RATE_LIMIT_ACCOUNT_MAILS_PER_HOUR", "2"),
        ("RATE_LIMIT_LEADS_PER_HOUR", "1"),
        ("RATE_LIMIT_LINKS_PER_HOUR", "1"),
    ];
    Place::with(&settings).await.passes("staff_limits", json!({ "file": FILE }), 55).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facts_offices_and_applications_are_looked_after_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off"), ("ABSENTEE_LEO_EMAIL_DISABLE", "false")]).await;
    place.passes("staff_offices", json!({}), 300).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_person_publishes_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off"), ("ELECTION_SECOND_PERSON", "true")]).await;
    place.passes("staff_publishing", json!({}), 95).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_works_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off")]).await;
    place.passes("staff_own", json!({}), 460).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_are_looked_after_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off")]).await;
    place.passes("staff_subscribers", json!({}), 215).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_is_kept_going_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off")]).await;
    let list = agreed(&place.store().await).await;
    let second = place.link(&["ann@example.org", "--superuser"]);
    let more = json!({ "list": list, "second": { "email": "ann@example.org", "link": second } });
    place.passes("staff_operations", more, 235).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn single_records_are_looked_after_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off")]).await;
    place.passes("staff_records", json!({ "ids": { "file": FILE, "letter": LETTER } }), 650).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_mails_lead_voters_to_is_used_in_a_real_browser() {
    let place = Place::with(&[("RATE_LIMITS", "off")]).await;
    place.passes("staff_mails", json!({}), 95).await;
}
