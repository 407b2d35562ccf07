//! Who is signed in where, and until when.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Session, SessionStage, User};
use crate::{
    app::App,
    change::Change,
    ids::{SessionId, UserId},
    ports::store::{StoreError, Unit},
};

/// How long a code may be awaited.
const CODE_AWAITED: TimeDelta = TimeDelta::minutes(10);
/// How long one may take to set up a second factor.
const FACTOR_AWAITED: TimeDelta = TimeDelta::hours(2);
/// How exactly it is known when a session was last used.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// The most characters of the name of a program.
const LONGEST_AGENT: usize = 100;

/// A session that is about to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the token that the browser gets.
    pub token_hash: [u8; 32],
    /// Which program it is: `Firefox on Linux`.
    pub agent: String,
}

/// How long a session lasts that comes to this stage now.
pub(super) fn lifetime(app: &App, stage: SessionStage) -> TimeDelta {
    let whole = app.settings.account.session_lifetime;
    match stage {
        SessionStage::Password => CODE_AWAITED.min(whole),
        SessionStage::SignedIn => FACTOR_AWAITED.min(whole),
        SessionStage::Verified => whole,
    }
}

/// Begins a session.
pub(super) async fn begin(
    app: &App,
    unit: &mut dyn Unit,
    user: UserId,
    stage: SessionStage,
    new: NewSession,
) -> Result<Session, StoreError> {
    let now = app.now();
    let session = Session {
        id: SessionId(app.ids.uuid()),
        user,
        token_hash: new.token_hash.to_vec(),
        stage,
        agent: new.agent.chars().take(LONGEST_AGENT).collect(),
        seen_at: now,
        expires: now + lifetime(app, stage),
        created_at: now,
    };
    unit.sessions_mut().insert(&session).await?;
    Ok(session)
}

/// The session as it is now, unless it has ended.
pub(super) async fn current(
    unit: &mut dyn Unit,
    session: &Session,
    now: DateTime<Utc>,
) -> Result<Option<Session>, StoreError> {
    let found = unit.sessions_mut().by_token(&session.token_hash).await?;
    Ok(found.filter(|it| it.id == session.id && it.user == session.user && now < it.expires))
}

/// Brings a session to another stage, under another token where one is given.
pub(super) async fn bring_to(
    app: &App,
    unit: &mut dyn Unit,
    session: &Session,
    stage: SessionStage,
    token_hash: Option<[u8; 32]>,
) -> Result<Session, StoreError> {
    let now = app.now();
    let token_hash = token_hash.map_or_else(|| session.token_hash.clone(), |it| it.to_vec());
    let expires = now + lifetime(app, stage);
    let session = Session { token_hash, stage, seen_at: now, expires, ..session.clone() };
    unit.sessions_mut().update(&session).await?;
    Ok(session)
}

/// Ends a session: its token opens nothing any more.
///
/// # Errors
/// When the store fails.
pub async fn sign_out(app: &App, session: &Session) -> Result<(), StoreError> {
    end_session(app, session.user, session.id).await.map(drop)
}

/// The sessions of somebody that have not ended, the one that was used last first.
///
/// # Errors
/// When the store fails.
pub async fn sessions(app: &App, user: UserId) -> Result<Vec<Session>, StoreError> {
    let mut all = app.store.view().await?.sessions().of_user(user).await?;
    let now = app.now();
    all.retain(|it| now < it.expires);
    Ok(all)
}

/// Ends a session of somebody. Says whether there was one.
///
/// # Errors
/// When the store fails.
pub async fn end_session(app: &App, user: UserId, id: SessionId) -> Result<bool, StoreError> {
    let mut unit = app.store.begin().await?;
    if !unit.sessions_mut().remove(user, id).await? {
        return Ok(false);
    }
    Change::new(app, Some(user), User::KIND, user, "signed_out").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(true)
}

/// Ends all other sessions of whoever has this one. Says how many.
///
/// # Errors
/// When the store fails.
pub async fn end_other_sessions(app: &App, session: &Session) -> Result<u64, StoreError> {
    let mut unit = app.store.begin().await?;
    let ended = unit.sessions_mut().remove_others(session.user, Some(session.id)).await?;
    if ended > 0 {
        let change = Change::new(app, Some(session.user), User::KIND, session.user, "ended_other_sessions");
        change.write(unit.as_mut()).await?;
        unit.commit().await?;
    }
    Ok(ended)
}

/// Notes that a session is used. Writes only when that was noted some minutes ago.
///
/// # Errors
/// When the store fails.
pub async fn touch(app: &App, session: &Session) -> Result<(), StoreError> {
    let now = app.now();
    if now - session.seen_at < SEEN_EVERY {
        return Ok(());
    }
    let mut unit = app.store.begin().await?;
    let Some(current) = current(unit.as_mut(), session, now).await? else { return Ok(()) };
    unit.sessions_mut().update(&Session { seen_at: now, ..current }).await?;
    unit.commit().await
}
