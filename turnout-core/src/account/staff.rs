//! What is done to accounts by those who look after all of them: at the terminal, and on the record pages.

use super::{User, factor, password::allow_reset, token};
use crate::{app::App, change::Change, ids::UserId, person, ports::store::StoreError};

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// That is no e-mail address.
    #[error("not an e-mail address")]
    NotAnAddress,
    /// There is an account with this address.
    #[error("there is an account with this address")]
    Exists,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody's account, and the link by which they set its password.
pub struct CreatedUser {
    /// The account.
    pub user: User,
    /// The link, good for a day and once.
    pub link: String,
}

/// Makes an account without a password, and a link by which its owner sets one.
///
/// # Errors
/// See [`CreateUserError`].
pub async fn create_user(app: &App, email: &str, is_superuser: bool) -> Result<CreatedUser, CreateUserError> {
    let email = email.trim();
    if !person::is_email(email) {
        return Err(CreateUserError::NotAnAddress);
    }
    let mut unit = app.store.begin().await?;
    if unit.accounts_mut().by_email(email).await?.is_some() {
        return Err(CreateUserError::Exists);
    }
    let user = User { is_superuser, ..User::new(UserId(app.ids.uuid()), email.to_owned(), app.now()) };
    match unit.accounts_mut().insert(&user).await {
        Err(StoreError::Conflict { .. }) => return Err(CreateUserError::Exists),
        inserted => inserted?,
    }
    let user = allow_reset(app, unit.as_mut(), user).await?;
    let act = if is_superuser { "created_superuser" } else { "created" };
    Change::new(app, None, User::KIND, user.id, act).write(unit.as_mut()).await?;
    unit.commit().await?;
    let link = token::reset_url(app, &user);
    Ok(CreatedUser { user, link })
}

/// Takes all second factors of somebody away, for one who has lost them, and ends all sessions. Says whether there was
/// anything to take; nothing where there is no such person.
///
/// # Errors
/// When the store fails.
pub async fn reset_two_factor(
    app: &App,
    actor: Option<UserId>,
    user: UserId,
) -> Result<Option<bool>, StoreError> {
    let mut unit = app.store.begin().await?;
    if unit.accounts_mut().lock(user).await?.is_none() {
        return Ok(None);
    }
    let had_any = factor::clear(app, unit.as_mut(), user).await?;
    unit.sessions_mut().remove_others(user, None).await?;
    Change::new(app, actor, User::KIND, user, "reset_second_factor").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(Some(had_any))
}

/// Opens or closes an account; closing ends all its sessions. Nothing where there is no such person.
///
/// # Errors
/// When the store fails.
pub async fn set_active(
    app: &App,
    actor: Option<UserId>,
    user: UserId,
    is_active: bool,
) -> Result<Option<User>, StoreError> {
    let mut unit = app.store.begin().await?;
    let Some(mut user) = unit.accounts_mut().lock(user).await? else { return Ok(None) };
    user.is_active = is_active;
    user.modified_at = app.now();
    unit.accounts_mut().update(&user).await?;
    if !is_active {
        unit.sessions_mut().remove_others(user.id, None).await?;
    }
    let act = if is_active { "opened" } else { "closed" };
    Change::new(app, actor, User::KIND, user.id, act).write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(Some(user))
}
