//! Sites that are built of what is known about states, and are built anew when that changes (`flows.md` 21, 2026-11).
//!
//! A webhook's address is as good as a password: it is shown nowhere, and is in no log. What it stands for is a digest of all
//! facts as they were when it was called last, so that deletions count as changes too.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::{StateInformation, edit::web_address};
use crate::{
    app::App,
    change::Change,
    error::ProviderError,
    ids::{UpdateWebhookId, UserId},
    jobs::{JobContext, JobError, NewJob},
    person::demographics::choices,
    ports::store::{StoreError, unless_absent},
    problems::{Problem, Problems},
    secret::hex,
};

/// What webhooks are called in the log of changes.
const KIND: &str = "update_webhook";
/// The most characters of a name and of an address.
const LONGEST_NAME: usize = 200;
const LONGEST_URL: usize = 200;

choices! {
    /// Whose webhook it is.
    WebhookType {
        Netlify = "Netlify", "Netlify";
    }
}

/// A site that is built anew when facts change.
#[derive(Clone, PartialEq, Eq)]
pub struct UpdateWebhook {
    /// Its id.
    pub id: UpdateWebhookId,
    /// What people call it.
    pub name: Option<String>,
    /// Whose webhook it is.
    pub kind: Option<WebhookType>,
    /// Where it is called, which only who may call it knows.
    pub url: Option<String>,
    /// Whether it is called.
    pub is_active: bool,
    /// When it was called last.
    pub last_triggered: Option<DateTime<Utc>>,
    /// Which facts there were then, as [`digest`] says it. Nothing where that is not known.
    pub seen: Option<String>,
    /// When a call failed, if none was taken since.
    pub failed_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When somebody last changed it.
    pub modified_at: DateTime<Utc>,
}

/// Without its address.
impl fmt::Debug for UpdateWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateWebhook")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

/// What a webhook has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// Facts changed since it was called.
    Call,
    /// Nothing changed, but it is not known which facts it has seen: it came from somewhere else.
    Remember,
    /// Nothing.
    Nothing,
}

/// A text that is another one when any fact is new, gone or changed.
#[must_use]
pub fn digest(facts: &[StateInformation]) -> String {
    let mut rows: Vec<_> =
        facts.iter().map(|it| (it.id, it.modified_at.timestamp_micros(), &it.text)).collect();
    rows.sort_unstable();
    let mut digest = Sha256::new();
    for (id, at, text) in rows {
        digest.update(id.0);
        digest.update(at.to_be_bytes());
        digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(text.as_bytes());
    }
    hex(&digest.finalize())
}

impl UpdateWebhook {
    fn due(&self, now: &str, newest: Option<DateTime<Utc>>) -> Due {
        if !self.is_active || self.url.is_none() {
            return Due::Nothing;
        }
        match (&self.seen, self.last_triggered) {
            (Some(seen), Some(_)) if seen == now => Due::Nothing,
            (None, Some(at)) if newest.is_none_or(|newest| newest < at) => Due::Remember,
            _ => Due::Call,
        }
    }
}

/// Why a webhook is not as somebody wants it.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no such webhook.
    #[error("there is no such webhook")]
    NotFound,
    /// It cannot be like that.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads an address; blanks at the ends do not count.
fn address(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Required);
    }
    if text.chars().count() > LONGEST_URL {
        return Err(Problem::TooLong(LONGEST_URL));
    }
    match web_address(text) {
        Some(_) if !text.contains('\0') => Ok(text.to_owned()),
        _ => Err(Problem::Other("problem-url", "Enter a valid URL.".into())),
    }
}

/// Adds a webhook, which is called at the next look: it has seen no facts yet.
///
/// # Errors
/// See [`WebhookError`].
pub async fn add(app: &App, by: UserId, name: &str, url: &str) -> Result<UpdateWebhookId, WebhookError> {
    let mut problems = Problems::new();
    let name = name.trim();
    if name.is_empty() {
        problems.add("name", Problem::Required);
    }
    if name.chars().count() > LONGEST_NAME {
        problems.add("name", Problem::TooLong(LONGEST_NAME));
    }
    if name.contains('\0') {
        problems.add("name", Problem::NullCharacters);
    }
    let url = address(url).map_err(|problem| problems.add("url", problem));
    problems.into_result()?;
    let (id, now) = (UpdateWebhookId(app.ids.uuid()), app.now());
    let webhook = UpdateWebhook {
        id,
        name: Some(name.to_owned()),
        kind: Some(WebhookType::Netlify),
        url: url.ok(),
        is_active: true,
        last_triggered: None,
        seen: None,
        failed_at: None,
        created_at: now,
        modified_at: now,
    };
    let mut unit = app.store.begin().await?;
    unit.update_webhooks_mut().insert(&webhook).await?;
    Change::new(app, Some(by), KIND, id, "created").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(id)
}

/// Gives a webhook another address.
///
/// # Errors
/// See [`WebhookError`].
pub async fn readdress(app: &App, by: UserId, id: UpdateWebhookId, url: &str) -> Result<(), WebhookError> {
    let url = address(url).map_err(|problem| Problems::one("url", problem))?;
    let mut unit = app.store.begin().await?;
    if !unit.update_webhooks_mut().readdress(id, &url, app.now()).await? {
        return Err(WebhookError::NotFound);
    }
    Change::new(app, Some(by), KIND, id, "readdressed").write(unit.as_mut()).await?;
    Ok(unit.commit().await?)
}

/// Takes a webhook away.
///
/// # Errors
/// See [`WebhookError`].
pub async fn remove(app: &App, by: UserId, id: UpdateWebhookId) -> Result<(), WebhookError> {
    let mut unit = app.store.begin().await?;
    if !unit.update_webhooks_mut().remove(id).await? {
        return Err(WebhookError::NotFound);
    }
    Change::new(app, Some(by), KIND, id, "deleted").write(unit.as_mut()).await?;
    Ok(unit.commit().await?)
}

/// Has a webhook called though nothing changed: the next look, which is now, takes it for one that was never called.
///
/// # Errors
/// See [`WebhookError`].
pub async fn call_again(app: &App, by: UserId, id: UpdateWebhookId) -> Result<(), WebhookError> {
    let mut unit = app.store.begin().await?;
    if !unit.update_webhooks_mut().forget(id).await? {
        return Err(WebhookError::NotFound);
    }
    Change::new(app, Some(by), KIND, id, "called").write(unit.as_mut()).await?;
    unit.jobs_mut().enqueue(&CallWebhooks {}.job(app)).await?;
    Ok(unit.commit().await?)
}

/// Calls every active webhook that has not seen the facts as they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallWebhooks {}

impl CallWebhooks {
    /// The job's name.
    pub const KIND: &'static str = "election.call_webhooks";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Calls them one after the other and notes each at once. One that does not take the call is noted too, and is called
    /// at the next look; it keeps none of the others waiting. What changes during a call makes it due again.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let webhooks = unless_absent(view.update_webhooks().all().await)?;
        if webhooks.is_empty() {
            return Ok(());
        }
        let facts = view.elections().information().await?;
        drop(view);
        let newest = facts.iter().map(|fact| fact.modified_at).max();
        let now = digest(&facts);
        for webhook in webhooks {
            match webhook.due(&now, newest) {
                Due::Nothing => continue,
                Due::Remember => {
                    let at = webhook.last_triggered.unwrap_or_else(|| app.now());
                    note(app, webhook.id, at, &now).await?;
                }
                Due::Call => match call(app, &webhook).await {
                    Ok(()) => {
                        note(app, webhook.id, app.now(), &now).await?;
                        tracing::info!(webhook.id = %webhook.id, "a site is built anew");
                    }
                    Err(error) => {
                        tracing::warn!(webhook.id = %webhook.id, %error, "a webhook did not take the call");
                        let mut unit = app.store.begin().await?;
                        unit.update_webhooks_mut().failed(webhook.id, app.now()).await?;
                        unit.commit().await?;
                    }
                },
            }
        }
        Ok(())
    }
}

async fn call(app: &App, webhook: &UpdateWebhook) -> Result<(), ProviderError> {
    let url = webhook.url.as_deref().and_then(|url| Url::parse(url).ok());
    // one that was taken over may be anything
    let rejected = || ProviderError::new("builds", crate::error::ProviderErrorKind::Rejected);
    app.builds.begin(&url.ok_or_else(rejected)?).await
}

async fn note(app: &App, id: UpdateWebhookId, at: DateTime<Utc>, seen: &str) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unit.update_webhooks_mut().called(id, at, seen).await?;
    unit.commit().await
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{
        address::State,
        conformance::rows,
        election::edit::{self, FactInput},
        jobs::step,
        memory::{BuildLog, World},
        ports::store::Store as _,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));
    const HOOK: &str = "https://api.example.org/build_hooks/5f3c";

    async fn world() -> (World, BuildLog) {
        let builds = BuildLog::new();
        let world = World::with(|app| app.with_builds(builds.clone()));
        let mut unit = world.store.begin().await.expect("a unit");
        unit.elections_mut().put_state(&rows::state(State::Ma)).await.expect("a state");
        unit.elections_mut().insert_field_type(&rows::field_type(1, "a", None)).await.expect("a kind");
        unit.elections_mut().insert_information(&rows::fact(1, State::Ma, 1, "one")).await.expect("a fact");
        unit.commit().await.expect("a commit");
        (world, builds)
    }

    async fn look(world: &World) {
        let mut unit = world.store.begin().await.expect("a unit");
        unit.jobs_mut().enqueue(&CallWebhooks {}.job(&world.app)).await.expect("a job");
        unit.commit().await.expect("a commit");
        step::run_all_due(&world.app).await.expect("they run");
        world.clock.advance(TimeDelta::minutes(10));
    }

    async fn change(world: &World, text: &str) {
        let input = FactInput { text: text.into(), ..FactInput::default() };
        edit::save(&world.app, ACTOR, (State::Ma, "a"), &input, None).await.expect("it is saved");
    }

    async fn only(world: &World) -> UpdateWebhook {
        let all = world.store.view().await.expect("a view").update_webhooks().all().await.expect("webhooks");
        all.into_iter().next().expect("one")
    }

    #[tokio::test]
    async fn a_site_is_built_when_facts_changed_and_only_then() {
        let (world, builds) = world().await;
        add(&world.app, ACTOR, " The site ", HOOK).await.expect("it is added");
        look(&world).await;
        assert_eq!(builds.take(), [HOOK]);
        look(&world).await;
        assert_eq!(builds.take(), [""; 0]);
        change(&world, "two").await;
        look(&world).await;
        assert_eq!(builds.take(), [HOOK]);
        let webhook = only(&world).await;
        assert_eq!(webhook.name.as_deref(), Some("The site"));
        assert!(webhook.last_triggered.is_some() && webhook.failed_at.is_none());
        call_again(&world.app, ACTOR, webhook.id).await.expect("it is called");
        step::run_all_due(&world.app).await.expect("they run");
        assert_eq!(builds.take(), [HOOK]);
    }

    #[tokio::test]
    async fn one_that_does_not_answer_is_called_again_and_keeps_no_other_waiting() {
        let (world, builds) = world().await;
        let other = "https://api.example.org/build_hooks/other";
        for url in [HOOK, other] {
            add(&world.app, ACTOR, "site", url).await.expect("it is added");
        }
        builds.fail_at(Some(HOOK));
        look(&world).await;
        assert_eq!(builds.take(), [other]);
        let all = world.store.view().await.expect("a view").update_webhooks().all().await.expect("webhooks");
        let failed: Vec<bool> = all.iter().map(|it| it.failed_at.is_some()).collect();
        assert_eq!(failed.iter().filter(|it| **it).count(), 1);
        builds.fail_at(None);
        look(&world).await;
        assert_eq!(builds.take(), [HOOK]);
        let all = world.store.view().await.expect("a view").update_webhooks().all().await.expect("webhooks");
        assert!(all.iter().all(|it| it.failed_at.is_none()));
    }

    #[tokio::test]
    async fn one_that_is_not_active_sleeps_and_one_that_is_gone_is_gone() {
        let (world, builds) = world().await;
        let id = add(&world.app, ACTOR, "site", HOOK).await.expect("it is added");
        let mut unit = world.store.begin().await.expect("a unit");
        let inactive = crate::back_office::Value::Flag(false);
        let entity = crate::back_office::Entity::UpdateWebhooks;
        let set = unit.records_mut().set(entity, &id.to_string(), "active", &inactive, world.app.now()).await;
        set.expect("it is set");
        unit.commit().await.expect("a commit");
        look(&world).await;
        assert_eq!(builds.take(), [""; 0]);
        remove(&world.app, ACTOR, id).await.expect("it is removed");
        assert!(matches!(remove(&world.app, ACTOR, id).await, Err(WebhookError::NotFound)));
        assert!(matches!(readdress(&world.app, ACTOR, id, HOOK).await, Err(WebhookError::NotFound)));
        assert!(matches!(call_again(&world.app, ACTOR, id).await, Err(WebhookError::NotFound)));
    }

    #[tokio::test]
    async fn one_that_was_taken_over_is_called_when_there_is_something_newer() {
        let (world, builds) = world().await;
        let taken = |at: DateTime<Utc>| UpdateWebhook {
            id: UpdateWebhookId(rows::uuid(1)),
            name: None,
            kind: None,
            url: Some(HOOK.into()),
            is_active: true,
            last_triggered: Some(at),
            seen: None,
            failed_at: None,
            created_at: at,
            modified_at: at,
        };
        let newest = rows::fact(1, State::Ma, 1, "one").modified_at;
        let mut unit = world.store.begin().await.expect("a unit");
        unit.update_webhooks_mut().insert(&taken(newest + TimeDelta::seconds(1))).await.expect("a webhook");
        unit.commit().await.expect("a commit");
        look(&world).await;
        assert_eq!(builds.take(), [""; 0]);
        assert!(only(&world).await.seen.is_some());
        assert_eq!(taken(newest).due("now", Some(newest)), Due::Call);
        change(&world, "two").await;
        look(&world).await;
        assert_eq!(builds.take(), [HOOK]);
    }

    #[test]
    fn whatever_happens_to_facts_is_another_digest() {
        let (one, two) = (rows::fact(1, State::Ma, 1, "one"), rows::fact(2, State::Oh, 1, "two"));
        let all = digest(&[one.clone(), two.clone()]);
        assert_eq!(all, digest(&[two.clone(), one.clone()]));
        let touched = StateInformation { modified_at: rows::at(9), ..two.clone() };
        let said = StateInformation { text: "three".into(), ..two };
        for other in [vec![], vec![one.clone()], vec![one.clone(), touched], vec![one, said]] {
            assert_ne!(all, digest(&other));
        }
    }

    #[tokio::test]
    async fn everything_that_is_wrong_with_a_webhook_is_said_at_once_and_its_address_never() {
        let (world, _) = world().await;
        let wrong = add(&world.app, ACTOR, " ", "ftp://example.org/secret").await.expect_err("it is wrong");
        let WebhookError::Wrong(problems) = wrong else { panic!("{wrong}") };
        let said = problems.to_json().to_string();
        assert!(said.contains("\"name\"") && said.contains("\"url\"") && !said.contains("secret"), "{said}");
        let long = format!("https://example.org/{}", "x".repeat(200));
        assert!(add(&world.app, ACTOR, "site", &long).await.is_err());
        let id = add(&world.app, ACTOR, "site", HOOK).await.expect("it is added");
        readdress(&world.app, ACTOR, id, "https://example.org/other").await.expect("it is changed");
        assert!(!format!("{:?}", only(&world).await).contains("example.org"));
    }
}
