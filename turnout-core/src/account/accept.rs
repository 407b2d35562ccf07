//! An invitation is accepted: an account is made of it (`flows.md` 19.5).

use super::{
    Invite, SessionStage, SignedIn, User, UserZone,
    invite::{associate, note},
    profile::{self, Profile},
    rules,
    session::{self, NewSession},
    token::{self, InviteToken},
};
use crate::{
    app::App,
    change::Change,
    ids::{SubscriberId, UserId},
    input::{Input, Reader},
    ports::{
        passwords::HashError,
        store::{StoreError, Unit, View},
    },
    problems::Problems,
};

/// What a link to an invitation leads to.
#[derive(Debug, Clone)]
pub enum OpenedInvite {
    /// It can be accepted.
    Open {
        /// The invitation.
        invite: Invite,
        /// The subscriber whose team it is.
        team: String,
    },
    /// It cannot be accepted any more.
    Expired,
    /// It was accepted.
    Used,
    /// There is none.
    Unknown,
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// There is no such invitation, or it is not open any more.
    #[error("no such open invitation")]
    NotOpen,
    /// It was accepted before.
    #[error("the invitation was accepted before")]
    Used,
    /// There is an account with this address by now.
    #[error("there is an account with this address")]
    AccountExists,
    /// No password can be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The invitation that a token opens.
async fn opened<V: View + ?Sized>(
    app: &App,
    view: &mut V,
    token: &InviteToken<'_>,
) -> Result<Option<Invite>, StoreError> {
    let found = match token {
        InviteToken::Own(id, _) => view.accounts().invite(*id).await?,
        InviteToken::Imported(hash) => view.accounts().invite_by_imported_token(hash).await?,
    };
    Ok(found.filter(|invite| token::opens(app, invite, token)))
}

/// What a link to an invitation leads to; the last part of its address.
///
/// # Errors
/// When the store fails.
pub async fn opened_invite(app: &App, token: &str) -> Result<OpenedInvite, StoreError> {
    let mut view = app.store.view().await?;
    let Some(invite) = opened(app, view.as_mut(), &InviteToken::parse(token)).await? else {
        return Ok(OpenedInvite::Unknown);
    };
    if invite.user.is_some() || invite.consumed_at.is_some() {
        return Ok(OpenedInvite::Used);
    }
    if !invite.is_open(app.now()) {
        return Ok(OpenedInvite::Expired);
    }
    let team = view.subscribers().by_id(invite.primary).await?.map_or_else(String::new, |it| it.name);
    Ok(OpenedInvite::Open { invite, team })
}

/// Makes the account, for every subscriber that an open invitation to this address leads to (quirk Q73), and signs in: a
/// second factor comes next.
///
/// # Errors
/// See [`AcceptError`].
pub async fn accept(app: &App, token: &str, input: &Input, new: NewSession) -> Result<SignedIn, AcceptError> {
    let invite = match opened_invite(app, token).await? {
        OpenedInvite::Open { invite, .. } => invite,
        OpenedInvite::Used => return Err(AcceptError::Used),
        OpenedInvite::Expired | OpenedInvite::Unknown => return Err(AcceptError::NotOpen),
    };
    let mut reader = Reader::whole(input);
    let profile = profile::read(&mut reader, UserZone::default());
    let about = [profile.first_name.as_str(), &profile.last_name, &invite.email];
    let password = rules::new_password(&mut reader, input, &about);
    reader.into_problems().into_result()?;
    let hash = match password {
        Some(password) => app.passwords.hash(&password, *app.ids.uuid().as_bytes()).await?,
        None => return Err(HashError.into()),
    };

    let mut unit = app.store.begin().await?;
    // all to this address, always in the same order
    let mut invites = Vec::new();
    for it in unit.accounts_mut().invites_to(&invite.email).await? {
        invites.extend(unit.accounts_mut().lock_invite(it.id).await?);
    }
    let parsed = InviteToken::parse(token);
    let is_good =
        |it: &&Invite| it.id == invite.id && it.is_open(app.now()) && token::opens(app, it, &parsed);
    let invite = invites.iter().find(is_good).cloned().ok_or(AcceptError::NotOpen)?;
    if unit.accounts_mut().by_email(&invite.email).await?.is_some() {
        return Err(AcceptError::AccountExists);
    }
    let user = made_of(app, &invite, profile, hash);
    match unit.accounts_mut().insert(&user).await {
        Err(StoreError::Conflict { .. }) => return Err(AcceptError::AccountExists),
        inserted => inserted?,
    }
    for subscriber in consume(app, unit.as_mut(), &invite, invites, user.id).await? {
        associate(app, unit.as_mut(), user.id, subscriber).await?;
        let change = Change::new(app, Some(user.id), User::KIND, user.id, "joined").of(subscriber);
        change.write(unit.as_mut()).await?;
    }
    let session = session::begin(app, unit.as_mut(), user.id, SessionStage::SignedIn, new).await?;
    unit.commit().await?;
    Ok(SignedIn { user, session })
}

fn made_of(app: &App, invite: &Invite, profile: Profile, hash: String) -> User {
    let now = app.now();
    let Profile { first_name, last_name, time_zone } = profile;
    User {
        password: Some(hash),
        first_name,
        last_name,
        time_zone,
        active_subscriber: Some(invite.primary),
        last_login: Some(now),
        ..User::new(UserId(app.ids.uuid()), invite.email.clone(), now)
    }
}

/// All invitations to this address, which are locked, are accepted. The subscribers that the open ones lead to, that of this one first.
async fn consume(
    app: &App,
    unit: &mut dyn Unit,
    accepted: &Invite,
    all: Vec<Invite>,
    user: UserId,
) -> Result<Vec<SubscriberId>, StoreError> {
    let now = app.now();
    let mut subscribers = vec![accepted.primary];
    for mut it in all {
        if it.user.is_some() || it.consumed_at.is_some() {
            continue;
        }
        if it.is_open(now) {
            for subscriber in unit.accounts_mut().subscribers_of(it.id).await? {
                if !subscribers.contains(&subscriber) {
                    subscribers.push(subscriber);
                }
            }
        }
        if it.id == accepted.id {
            it.user = Some(user);
        }
        it.consumed_at = Some(now);
        it.modified_at = now;
        unit.accounts_mut().update_invite(&it).await?;
        note(app, user, &it, "accepted").write(unit).await?;
    }
    Ok(subscribers)
}
