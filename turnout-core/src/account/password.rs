//! Passwords are changed: by whoever knows the present one, or by a link that was mailed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Session, SessionStage, User, jobs::SendReset, rules, session, token};
use crate::{
    app::App,
    change::Change,
    ids::UserId,
    input::{Input, Reader, Rules},
    ports::{
        passwords::{HashError, PasswordCheck},
        store::{StoreError, Unit},
        throttle::Verdict,
    },
    problems::Problems,
};

/// For how long a link to a new password is good. The mail says so in words.
pub(super) const RESET_LIFETIME: TimeDelta = TimeDelta::days(1);

/// Why no password was changed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The link is not good, or not any more; or the session has ended.
    #[error("the link is void")]
    Void,
    /// Tried too often; one more is allowed in so long.
    #[error("tried too often")]
    Throttled(TimeDelta),
    /// No password can be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Mails a link to a new password to whoever has an account with this address. Says the same to everybody.
///
/// # Errors
/// See [`PasswordError`].
pub async fn request_reset(app: &App, input: &Input, client: &str) -> Result<(), PasswordError> {
    let mut reader = Reader::whole(input);
    let email = reader.email("email", Rules::required()).value();
    reader.into_problems().into_result()?;
    let Some(email) = email else { return Ok(()) };
    let limits = &app.settings.rate_limits;
    for (key, quota) in [
        (format!("sign-in from:{client}"), limits.sign_ins_per_address),
        (format!("reset:{}", email.to_lowercase()), limits.account_mails),
    ] {
        if let Verdict::Wait(wait) = app.may(&key, quota).await {
            return Err(PasswordError::Throttled(wait));
        }
    }
    let mut unit = app.store.begin().await?;
    let Some(found) = unit.accounts_mut().by_email(&email).await? else { return Ok(()) };
    let Some(user) = unit.accounts_mut().lock(found.id).await?.filter(|it| it.is_active) else {
        return Ok(());
    };
    let user = allow_reset(app, unit.as_mut(), user).await?;
    unit.jobs_mut().enqueue(&SendReset { user: user.id }.job(app)).await?;
    Change::new(app, None, User::KIND, user.id, "asked_for_password").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

/// From now on a link to a new password is good for a day.
pub(super) async fn allow_reset(app: &App, unit: &mut dyn Unit, mut user: User) -> Result<User, StoreError> {
    user.reset_expires = Some(app.now() + RESET_LIFETIME);
    unit.accounts_mut().update(&user).await?;
    Ok(user)
}

/// Whether a link to a new password is good for this person.
fn is_good(app: &App, user: &User, token: &str, now: DateTime<Utc>) -> bool {
    let is_right = token::resets(app, user, token);
    is_right && user.is_active && user.reset_expires.is_some_and(|until| now < until)
}

/// Whose new password is set by a link, if it is good: the last two parts of its address.
///
/// # Errors
/// When the store fails.
pub async fn opened_reset(app: &App, uid: &str, token: &str) -> Result<Option<User>, StoreError> {
    let Some(id) = token::reset_id(uid) else { return Ok(None) };
    let user = app.store.view().await?.accounts().by_id(id).await?;
    Ok(user.filter(|user| is_good(app, user, token, app.now())))
}

/// Sets a new password by a link, which is void from then on. All sessions of the person end.
///
/// # Errors
/// See [`PasswordError`].
pub async fn reset_password(app: &App, uid: &str, token: &str, input: &Input) -> Result<User, PasswordError> {
    let user = opened_reset(app, uid, token).await?.ok_or(PasswordError::Void)?;
    let hash = new_hash(app, input, &user, None).await?;
    let mut unit = app.store.begin().await?;
    let locked = unit.accounts_mut().lock(user.id).await?;
    let user = locked.filter(|it| is_good(app, it, token, app.now())).ok_or(PasswordError::Void)?;
    let user = set(app, unit.as_mut(), user, hash).await?;
    unit.sessions_mut().remove_others(user.id, None).await?;
    unit.commit().await?;
    Ok(user)
}

/// Sets a new password of whoever has the session, as the present one is given (quirk Q12). All other sessions end.
///
/// # Errors
/// See [`PasswordError`].
pub async fn change_password(app: &App, session: &Session, input: &Input) -> Result<(), PasswordError> {
    let quota = app.settings.rate_limits.codes_per_account;
    if let Verdict::Wait(wait) = app.may(&format!("password:{}", session.user), quota).await {
        return Err(PasswordError::Throttled(wait));
    }
    let user = app.store.view().await?.accounts().by_id(session.user).await?.ok_or(PasswordError::Void)?;
    let hash = new_hash(app, input, &user, Some("old_password")).await?;
    let mut unit = app.store.begin().await?;
    let before = user.password;
    let locked = unit.accounts_mut().lock(user.id).await?;
    let user = locked.filter(|it| it.is_active && it.password == before).ok_or(PasswordError::Void)?;
    let current = session::current(unit.as_mut(), session, app.now()).await?;
    let current = current.filter(|it| it.stage != SessionStage::Password).ok_or(PasswordError::Void)?;
    set(app, unit.as_mut(), user, hash).await?;
    unit.sessions_mut().remove_others(current.user, Some(current.id)).await?;
    unit.commit().await?;
    Ok(())
}

/// The hash of a new password that was sent, and, where its field is named, the present one beside it.
async fn new_hash(
    app: &App,
    input: &Input,
    user: &User,
    present: Option<&str>,
) -> Result<String, PasswordError> {
    let mut reader = Reader::whole(input);
    if let Some(field) = present
        && let Some(old) = rules::typed(&mut reader, input, field)
        && app.passwords.check(&old, user.password.as_deref()).await == PasswordCheck::Wrong
    {
        reader.complain(field, rules::wrong_password());
    }
    let about = [user.first_name.as_str(), &user.last_name, &user.email];
    let password = rules::new_password(&mut reader, input, &about);
    reader.into_problems().into_result()?;
    let password = password.ok_or(HashError)?;
    Ok(app.passwords.hash(&password, *app.ids.uuid().as_bytes()).await?)
}

/// Every link to a new password is void from now on.
async fn set(app: &App, unit: &mut dyn Unit, mut user: User, hash: String) -> Result<User, StoreError> {
    user.password = Some(hash);
    user.generation += 1;
    user.reset_expires = None;
    user.modified_at = app.now();
    unit.accounts_mut().update(&user).await?;
    note(app, unit, user.id).await?;
    Ok(user)
}

async fn note(app: &App, unit: &mut dyn Unit, user: UserId) -> Result<(), StoreError> {
    Change::new(app, Some(user), User::KIND, user, "changed_password").write(unit).await
}
