//! Who does something at a terminal: somebody with an account, by the address that he signs in by.

use anyhow::{Context as _, ensure};
use turnout_core::{App, account::User};

/// The account of whoever does it.
///
/// # Errors
/// When nobody has such an account, or it is closed.
pub(super) async fn account(app: &App, email: &str) -> anyhow::Result<User> {
    let found = find(app, email).await?;
    let user = found.with_context(|| {
        format!("nobody has an account with the address {email}: --by is that of one; `user list` shows them")
    })?;
    ensure!(user.is_active, "the account of {email} is closed");
    Ok(user)
}

/// The account with that address, if there is one.
pub(super) async fn find(app: &App, email: &str) -> anyhow::Result<Option<User>> {
    Ok(app.store.view().await?.accounts().by_email(email.trim()).await?)
}
