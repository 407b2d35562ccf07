//! How people come to a team: they are invited, by mail where they have no account yet (`flows.md` 19.4 and 19.5).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Association, Invite, InviteAssociation, User, jobs::SendInvite};
use crate::{
    app::App,
    change::Change,
    ids::{AssociationId, InviteId, SubscriberId, UserId},
    ports::store::{StoreError, Unit},
    problems::Problems,
};

/// What became of the wish to have somebody in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invited {
    /// The person has an account, and belongs to the team from now on. No mail says so.
    Added(UserId),
    /// The person belongs to the team already.
    AlreadyMember(UserId),
    /// There is an open invitation, which leads to this team too from now on. No mail says so.
    Extended(InviteId),
    /// An invitation was made, and is mailed.
    Sent(InviteId),
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// There is no such open invitation to the subscriber.
    #[error("no such invitation")]
    NotFound,
    /// Mailed too often; one more is allowed in so long.
    #[error("mailed too often")]
    Throttled(TimeDelta),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has somebody in the team of a subscriber, in a unit of the caller's. The address is one that was checked.
///
/// # Errors
/// See [`InviteError`].
pub async fn invite_in(
    app: &App,
    unit: &mut dyn Unit,
    actor: UserId,
    email: &str,
    subscriber: SubscriberId,
) -> Result<Invited, InviteError> {
    if let Some(user) = unit.accounts_mut().by_email(email).await? {
        return Ok(add(app, unit, actor, user.id, subscriber).await?);
    }
    let now = app.now();
    let before = unit.accounts_mut().invites_to(email).await?;
    for open in before.iter().rev().filter(|it| it.is_open(now)) {
        let locked = unit.accounts_mut().lock_invite(open.id).await?;
        if let Some(invite) = locked.filter(|it| it.is_open(now)) {
            return Ok(extend(app, unit, actor, invite, subscriber).await?);
        }
    }
    let invite = Invite {
        id: InviteId(app.ids.uuid()),
        email: email.to_owned(),
        imported_token_hash: None,
        generation: 0,
        expires: now + app.settings.account.invite_lifetime,
        consumed_at: None,
        user: None,
        primary: subscriber,
        created_at: now,
        modified_at: now,
    };
    unit.accounts_mut().insert_invite(&invite).await?;
    lead_to(app, unit, invite.id, subscriber).await?;
    note(app, actor, &invite, "created").of(subscriber).write(unit).await?;
    unit.jobs_mut().enqueue(&SendInvite { invite: invite.id }.job(app)).await?;
    Ok(Invited::Sent(invite.id))
}

/// Somebody with an account belongs to the team from now on.
async fn add(
    app: &App,
    unit: &mut dyn Unit,
    actor: UserId,
    id: UserId,
    subscriber: SubscriberId,
) -> Result<Invited, StoreError> {
    let locked = unit.accounts_mut().lock(id).await?;
    if unit.accounts_mut().is_member(id, subscriber).await? {
        return Ok(Invited::AlreadyMember(id));
    }
    associate(app, unit, id, subscriber).await?;
    if let Some(mut user) = locked.filter(|it| it.active_subscriber.is_none()) {
        user.active_subscriber = Some(subscriber);
        user.modified_at = app.now();
        unit.accounts_mut().update(&user).await?;
    }
    Change::new(app, Some(actor), User::KIND, id, "joined").of(subscriber).write(unit).await?;
    Ok(Invited::Added(id))
}

/// An open invitation leads to one more subscriber, first of all, and is open as long as a new one.
async fn extend(
    app: &App,
    unit: &mut dyn Unit,
    actor: UserId,
    mut invite: Invite,
    subscriber: SubscriberId,
) -> Result<Invited, StoreError> {
    if !unit.accounts_mut().subscribers_of(invite.id).await?.contains(&subscriber) {
        lead_to(app, unit, invite.id, subscriber).await?;
    }
    invite.primary = subscriber;
    invite.modified_at = app.now();
    invite.expires = invite.modified_at + app.settings.account.invite_lifetime;
    unit.accounts_mut().update_invite(&invite).await?;
    note(app, actor, &invite, "extended").of(subscriber).write(unit).await?;
    Ok(Invited::Extended(invite.id))
}

pub(super) async fn associate(
    app: &App,
    unit: &mut dyn Unit,
    user: UserId,
    subscriber: SubscriberId,
) -> Result<(), StoreError> {
    let id = AssociationId(app.ids.uuid());
    unit.accounts_mut().associate(&Association { id, subscriber, user, created_at: app.now() }).await
}

async fn lead_to(
    app: &App,
    unit: &mut dyn Unit,
    invite: InviteId,
    subscriber: SubscriberId,
) -> Result<(), StoreError> {
    let id = AssociationId(app.ids.uuid());
    let association = InviteAssociation { id, subscriber, invite, created_at: app.now() };
    unit.accounts_mut().add_to_invite(&association).await
}

pub(super) fn note(app: &App, actor: UserId, invite: &Invite, act: &str) -> Change {
    Change::new(app, Some(actor), Invite::KIND, invite.id, act)
}
