//! Who works for a subscriber, and who is to.

use super::{
    Invite, InviteError, Invited, User,
    invite::{invite_in, note},
    jobs::SendInvite,
};
use crate::{
    app::App,
    change::Change,
    ids::{InviteId, SubscriberId, UserId},
    input::{Input, Reader, Rules},
    ports::{
        store::{StoreError, Unit},
        throttle::Verdict,
    },
};

/// Who works for a subscriber, and who is invited to.
#[derive(Debug, Clone)]
pub struct Team {
    /// Its members, by when their accounts were made.
    pub members: Vec<User>,
    /// Invitations that can be accepted, oldest first.
    pub invites: Vec<Invite>,
}

/// Why nobody was removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The person does not belong to the team.
    #[error("not a member")]
    NotFound,
    /// Nobody removes themselves.
    #[error("nobody removes themselves")]
    Oneself,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The team of a subscriber.
///
/// # Errors
/// When the store fails.
pub async fn team(app: &App, subscriber: SubscriberId) -> Result<Team, StoreError> {
    let mut view = app.store.view().await?;
    let members = view.accounts().members(subscriber).await?;
    let invites = view.accounts().open_invites(subscriber, app.now()).await?;
    Ok(Team { members, invites })
}

/// Has somebody in the team of a subscriber.
///
/// # Errors
/// See [`InviteError`].
pub async fn invite(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    input: &Input,
) -> Result<Invited, InviteError> {
    let mut reader = Reader::whole(input);
    let email = reader.email("email", Rules::required()).value();
    reader.into_problems().into_result()?;
    let Some(email) = email else { return Err(InviteError::NotFound) };
    let mut unit = app.store.begin().await?;
    let invited = invite_in(app, unit.as_mut(), actor, &email, subscriber).await?;
    unit.commit().await?;
    Ok(invited)
}

/// The open invitation to a subscriber, held until the unit ends.
async fn locked(
    app: &App,
    unit: &mut dyn Unit,
    subscriber: SubscriberId,
    id: InviteId,
) -> Result<(Invite, Vec<SubscriberId>), InviteError> {
    let locked = unit.accounts_mut().lock_invite(id).await?;
    let invite = locked.filter(|it| it.is_open(app.now())).ok_or(InviteError::NotFound)?;
    let subscribers = unit.accounts_mut().subscribers_of(id).await?;
    if subscribers.contains(&subscriber) { Ok((invite, subscribers)) } else { Err(InviteError::NotFound) }
}

/// Mails a new link to an invitation, which is open as long as a new one. Links that were mailed before are void.
///
/// # Errors
/// See [`InviteError`].
pub async fn invite_again(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: InviteId,
) -> Result<Invite, InviteError> {
    let mut unit = app.store.begin().await?;
    locked(app, unit.as_mut(), subscriber, id).await?;
    drop(unit);
    let quota = app.settings.rate_limits.account_mails;
    if let Verdict::Wait(wait) = app.may(&format!("invite:{id}"), quota).await {
        return Err(InviteError::Throttled(wait));
    }
    let mut unit = app.store.begin().await?;
    let (mut invite, _) = locked(app, unit.as_mut(), subscriber, id).await?;
    invite.generation += 1;
    invite.imported_token_hash = None;
    invite.modified_at = app.now();
    invite.expires = invite.modified_at + app.settings.account.invite_lifetime;
    unit.accounts_mut().update_invite(&invite).await?;
    note(app, actor, &invite, "sent_again").of(subscriber).write(unit.as_mut()).await?;
    unit.jobs_mut().enqueue(&SendInvite { invite: id }.job(app)).await?;
    unit.commit().await?;
    Ok(invite)
}

/// Takes back an invitation to a subscriber. One that leads nowhere else ends now.
///
/// # Errors
/// See [`InviteError`].
pub async fn withdraw(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    id: InviteId,
) -> Result<(), InviteError> {
    let mut unit = app.store.begin().await?;
    let (mut invite, mut others) = locked(app, unit.as_mut(), subscriber, id).await?;
    unit.accounts_mut().take_from_invite(id, subscriber).await?;
    others.retain(|it| *it != subscriber);
    invite.modified_at = app.now();
    match others.first() {
        Some(next) if invite.primary == subscriber => invite.primary = *next,
        Some(_) => {}
        None => invite.expires = invite.modified_at,
    }
    unit.accounts_mut().update_invite(&invite).await?;
    note(app, actor, &invite, "withdrawn").of(subscriber).write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

/// Somebody belongs to the team no more.
///
/// # Errors
/// See [`RemoveError`].
pub async fn remove_member(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    user: UserId,
) -> Result<User, RemoveError> {
    if actor == user {
        return Err(RemoveError::Oneself);
    }
    let mut unit = app.store.begin().await?;
    let mut user = unit.accounts_mut().lock(user).await?.ok_or(RemoveError::NotFound)?;
    if unit.accounts_mut().dissociate(user.id, subscriber).await? == 0 {
        return Err(RemoveError::NotFound);
    }
    if user.active_subscriber == Some(subscriber) {
        user.active_subscriber = None;
        user.modified_at = app.now();
        unit.accounts_mut().update(&user).await?;
    }
    let change = Change::new(app, Some(actor), User::KIND, user.id, "left").of(subscriber);
    change.write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(user)
}
