//! People with accounts, whom they work for, how they are invited, and by what they sign in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    account::{Association, Authenticator, Invite, InviteAssociation, PhoneFactor, RecoveryCode, User},
    ids::{InviteId, RecoveryCodeId, RecoverySetId, SubscriberId, UserId},
    page::{Page, PageRequest},
    subscriber::Subscriber,
};

/// What this room is called.
const ROOM: &str = "accounts";

/// Where a page of rows goes on: the moment when its last row was made, and its id.
type At<K> = (DateTime<Utc>, K);

/// Where a page of subscribers goes on: the last one's name in the small letters of ASCII, and its id.
type Named = (String, SubscriberId);

/// Reads accounts.
#[async_trait]
pub trait ReadAccounts: Send {
    /// The person with this id.
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>, StoreError>;

    /// The person who signs in by this address. ASCII case does not matter; where two differ by it alone, the one
    /// spelled like this, else the one made first.
    async fn by_email(&mut self, email: &str) -> Result<Option<User>, StoreError>;

    /// A page of everybody, newest first; of the same moment, the greater id first.
    async fn list(&mut self, page: &PageRequest<At<UserId>>) -> Result<Page<User, At<UserId>>, StoreError>;

    /// Who belongs to a subscriber, each once, in the order in which their accounts were made; of the same moment, by id.
    async fn members(&mut self, subscriber: SubscriberId) -> Result<Vec<User>, StoreError>;

    /// Whether somebody belongs to a subscriber.
    async fn is_member(&mut self, user: UserId, subscriber: SubscriberId) -> Result<bool, StoreError>;

    /// A page of the active subscribers that somebody belongs to, or of all subscribers, by name in the small letters of
    /// ASCII, then by id.
    async fn allowed(
        &mut self,
        whose: Option<UserId>,
        page: &PageRequest<Named>,
    ) -> Result<Page<Subscriber, Named>, StoreError>;

    /// Whether a subscriber has a subscription.
    async fn has_subscription(&mut self, subscriber: SubscriberId) -> Result<bool, StoreError>;

    /// An invitation.
    async fn invite(&mut self, id: InviteId) -> Result<Option<Invite>, StoreError>;

    /// The invitation whose link of another service has a token of this hash.
    async fn invite_by_imported_token(&mut self, hash: &[u8]) -> Result<Option<Invite>, StoreError>;

    /// A page of all invitations, newest first; of the same moment, the greater id first.
    async fn invites(
        &mut self,
        page: &PageRequest<At<InviteId>>,
    ) -> Result<Page<Invite, At<InviteId>>, StoreError>;

    /// All invitations to an address, oldest first; of the same moment, by id. ASCII case does not matter.
    async fn invites_to(&mut self, email: &str) -> Result<Vec<Invite>, StoreError>;

    /// The invitations to a subscriber that can be accepted, each once, oldest first; of the same moment, by id.
    async fn open_invites(
        &mut self,
        subscriber: SubscriberId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invite>, StoreError>;

    /// The subscribers that an invitation leads to, each once, in the order in which they were added; of the same moment,
    /// by the id of the association.
    async fn subscribers_of(&mut self, invite: InviteId) -> Result<Vec<SubscriberId>, StoreError>;

    /// The authenticator apps of somebody that were not removed, oldest first; of the same moment, by id.
    async fn authenticators(&mut self, user: UserId) -> Result<Vec<Authenticator>, StoreError>;

    /// The telephones of somebody that were not removed, oldest first; of the same moment, by id.
    async fn phones(&mut self, user: UserId) -> Result<Vec<PhoneFactor>, StoreError>;

    /// The codes that were printed for somebody last, used ones too, by id.
    async fn recovery_codes(&mut self, user: UserId) -> Result<Vec<RecoveryCode>, StoreError>;
}

/// Changes accounts.
#[async_trait]
pub trait Accounts: ReadAccounts {
    /// A new person. Conflict when the id is taken, or an address spelled like this.
    async fn insert(&mut self, user: &User) -> Result<(), StoreError>;

    /// The person, held until the unit ends: nobody else changes it, or what it signs in by, meanwhile.
    async fn lock(&mut self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Writes every column of somebody who was locked in this unit, but for id and `created_at`. Conflict when the address
    /// is taken.
    async fn update(&mut self, user: &User) -> Result<(), StoreError>;

    /// Somebody belongs to a subscriber from now on. Conflict when the id is taken.
    async fn associate(&mut self, association: &Association) -> Result<(), StoreError>;

    /// Somebody belongs to a subscriber no more. Says how many rows said so.
    async fn dissociate(&mut self, user: UserId, subscriber: SubscriberId) -> Result<u64, StoreError>;

    /// A new invitation. Conflict when the id is taken.
    async fn insert_invite(&mut self, invite: &Invite) -> Result<(), StoreError>;

    /// The invitation, held until the unit ends.
    async fn lock_invite(&mut self, id: InviteId) -> Result<Option<Invite>, StoreError>;

    /// Writes every column of an invitation that was locked in this unit, but for id and `created_at`.
    async fn update_invite(&mut self, invite: &Invite) -> Result<(), StoreError>;

    /// An invitation leads to one more subscriber. Conflict when the id is taken.
    async fn add_to_invite(&mut self, association: &InviteAssociation) -> Result<(), StoreError>;

    /// An invitation leads to a subscriber no more. Says how many rows said so.
    async fn take_from_invite(
        &mut self,
        invite: InviteId,
        subscriber: SubscriberId,
    ) -> Result<u64, StoreError>;

    /// A new authenticator app. Conflict when the id is taken.
    async fn insert_authenticator(&mut self, authenticator: &Authenticator) -> Result<(), StoreError>;

    /// Writes what changes of an authenticator app: whether it is confirmed or removed, and its last step.
    async fn update_authenticator(&mut self, authenticator: &Authenticator) -> Result<(), StoreError>;

    /// A new telephone. Conflict when the id is taken.
    async fn insert_phone(&mut self, phone: &PhoneFactor) -> Result<(), StoreError>;

    /// Writes what changes of a telephone: whether it is a backup, confirmed or removed, and its last step.
    async fn update_phone(&mut self, phone: &PhoneFactor) -> Result<(), StoreError>;

    /// Codes that were printed for somebody; those before are void. No codes: none are left.
    async fn print_codes(
        &mut self,
        user: UserId,
        set: RecoverySetId,
        at: DateTime<Utc>,
        codes: &[RecoveryCode],
    ) -> Result<(), StoreError>;

    /// Notes that a code was used. Says whether it was not before.
    async fn use_code(&mut self, id: RecoveryCodeId, at: DateTime<Utc>) -> Result<bool, StoreError>;
}

#[async_trait]
impl ReadAccounts for AbsentRoom {
    async fn by_id(&mut self, _id: UserId) -> Result<Option<User>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_email(&mut self, _email: &str) -> Result<Option<User>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn list(&mut self, _page: &PageRequest<At<UserId>>) -> Result<Page<User, At<UserId>>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn members(&mut self, _subscriber: SubscriberId) -> Result<Vec<User>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn is_member(&mut self, _user: UserId, _subscriber: SubscriberId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn allowed(
        &mut self,
        _whose: Option<UserId>,
        _page: &PageRequest<Named>,
    ) -> Result<Page<Subscriber, Named>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn has_subscription(&mut self, _subscriber: SubscriberId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn invite(&mut self, _id: InviteId) -> Result<Option<Invite>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn invite_by_imported_token(&mut self, _hash: &[u8]) -> Result<Option<Invite>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn invites(
        &mut self,
        _page: &PageRequest<At<InviteId>>,
    ) -> Result<Page<Invite, At<InviteId>>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn invites_to(&mut self, _email: &str) -> Result<Vec<Invite>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn open_invites(
        &mut self,
        _subscriber: SubscriberId,
        _now: DateTime<Utc>,
    ) -> Result<Vec<Invite>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn subscribers_of(&mut self, _invite: InviteId) -> Result<Vec<SubscriberId>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn authenticators(&mut self, _user: UserId) -> Result<Vec<Authenticator>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn phones(&mut self, _user: UserId) -> Result<Vec<PhoneFactor>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn recovery_codes(&mut self, _user: UserId) -> Result<Vec<RecoveryCode>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Accounts for AbsentRoom {
    async fn insert(&mut self, _user: &User) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: UserId) -> Result<Option<User>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _user: &User) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn associate(&mut self, _association: &Association) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn dissociate(&mut self, _user: UserId, _subscriber: SubscriberId) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_invite(&mut self, _invite: &Invite) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_invite(&mut self, _id: InviteId) -> Result<Option<Invite>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_invite(&mut self, _invite: &Invite) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn add_to_invite(&mut self, _association: &InviteAssociation) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn take_from_invite(
        &mut self,
        _invite: InviteId,
        _subscriber: SubscriberId,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_authenticator(&mut self, _authenticator: &Authenticator) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_authenticator(&mut self, _authenticator: &Authenticator) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_phone(&mut self, _phone: &PhoneFactor) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_phone(&mut self, _phone: &PhoneFactor) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn print_codes(
        &mut self,
        _user: UserId,
        _set: RecoverySetId,
        _at: DateTime<Utc>,
        _codes: &[RecoveryCode],
    ) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn use_code(&mut self, _id: RecoveryCodeId, _at: DateTime<Utc>) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
