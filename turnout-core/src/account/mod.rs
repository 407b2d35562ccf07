//! Accounts of people who use the site: users, whom they work for, how they are invited, and by what they sign in.
//!
//! `permissions.rs` decides who may see what. `sign_in.rs` and `session.rs` are about being signed in, `two_factor.rs`,
//! `factor.rs` and `otp.rs` about the second factor, `password.rs`, `rules.rs` and `hash.rs` about passwords. `team.rs` and
//! `invite.rs` bring people to a subscriber, `accept.rs` makes accounts of invitations, `profile.rs` is what somebody says of
//! themselves, `staff.rs` what is done to them, `access.rs` what their accounts open. `token.rs` has the texts that links hold, `jobs.rs` is what happens later.
//! `change.rs` one floor up is the log of who did what.

mod accept;
mod access;
mod factor;
#[cfg(feature = "accounts")]
mod hash;
mod invite;
pub mod jobs;
mod otp;
mod password;
pub mod permissions;
mod profile;
mod rules;
mod session;
mod sign_in;
mod staff;
mod team;
mod token;
mod two_factor;

pub(crate) use factor::printed_hash;
#[cfg(feature = "accounts")]
pub use hash::Argon2;
pub use {
    accept::{AcceptError, OpenedInvite, accept, opened_invite},
    access::{Access, AccessError, set_access},
    factor::Factors,
    invite::{InviteError, Invited, invite_in},
    password::{PasswordError, change_password, opened_reset, request_reset, reset_password},
    profile::{ProfileError, update_profile, work_for, workplaces},
    rules::PASSWORD_RULES,
    session::{NewSession, end_other_sessions, end_session, sessions, sign_out, touch},
    sign_in::{SignInError, SignedIn, factors, second_step, sign_in},
    staff::{CreateUserError, CreatedUser, create_user, reset_two_factor, set_active},
    team::{RemoveError, Team, invite, invite_again, remove_member, team, withdraw},
    two_factor::{
        AuthenticatorSetup, Confirmed, TwoFactorError, begin_authenticator, begin_phone,
        confirm_authenticator, confirm_phone, disable, pending_authenticator, pending_phone, print_codes,
        remove_authenticator, remove_phone, send_code,
    },
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    ids::{
        AssociationId, AuthenticatorId, InviteId, PhoneFactorId, RecoveryCodeId, RecoverySetId, SessionId,
        SubscriberId, UserId,
    },
    person::{Phone, demographics::choices},
};

choices! {
    /// The zone in which a user is shown times (`domain.md` 1).
    UserZone {
        Alaska = "US/Alaska", "Alaska";
        Arizona = "US/Arizona", "Arizona";
        Central = "US/Central", "Central";
        Eastern = "US/Eastern", "Eastern";
        Hawaii = "US/Hawaii", "Hawaii";
        Mountain = "US/Mountain", "Mountain";
        Pacific = "US/Pacific", "Pacific";
        Utc = "UTC", "UTC";
    }
    /// How far somebody has come with signing in.
    SessionStage {
        Password = "password", "Password given, code awaited";
        SignedIn = "signed_in", "Signed in without a second factor";
        Verified = "verified", "Signed in";
    }
}

impl UserZone {
    /// The zone in the database of zones.
    #[must_use]
    pub fn tz(self) -> Tz {
        match self {
            Self::Alaska => Tz::US__Alaska,
            Self::Arizona => Tz::US__Arizona,
            Self::Central => Tz::US__Central,
            Self::Eastern => Tz::US__Eastern,
            Self::Hawaii => Tz::US__Hawaii,
            Self::Mountain => Tz::US__Mountain,
            Self::Pacific => Tz::US__Pacific,
            Self::Utc => Tz::UTC,
        }
    }
}

#[expect(clippy::derivable_impls, reason = "choices have no default of their own")]
impl Default for UserZone {
    fn default() -> Self {
        Self::Eastern
    }
}

/// A person with an account.
///
/// Its `Debug` leaves out the password's hash.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address by which the person signs in. Case does not matter when somebody is looked for by it.
    pub email: String,
    /// The encoded hash of the password. Without one, or with one that begins with `!`, no password opens the account.
    pub password: Option<String>,
    /// The first name, perhaps empty.
    pub first_name: String,
    /// The last name, perhaps empty.
    pub last_name: String,
    /// Whether the site is open to the person at all.
    pub is_staff: bool,
    /// Whether the account can be used.
    pub is_active: bool,
    /// Whether the person may do everything.
    pub is_superuser: bool,
    /// Whether the person keeps the facts about elections.
    pub is_election_admin: bool,
    /// Whether the person looks after subscribers.
    pub is_subscriber_admin: bool,
    /// Whether the person looks after signed applications.
    pub is_esign_admin: bool,
    /// In which zone the person is shown times.
    pub time_zone: UserZone,
    /// The subscriber whose pages the person works in.
    pub active_subscriber: Option<SubscriberId>,
    /// When the person last signed in.
    pub last_login: Option<DateTime<Utc>>,
    /// How often links to a new password were made void: each change of the password does.
    pub generation: i64,
    /// Until when a link to a new password opens the account.
    pub reset_expires: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

impl User {
    /// What the record of changes calls it.
    pub const KIND: &'static str = "user";

    /// Somebody who may use the site, by an address that was checked, without a password and a role.
    #[must_use]
    pub fn new(id: UserId, email: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            email,
            password: None,
            first_name: String::new(),
            last_name: String::new(),
            is_staff: true,
            is_active: true,
            is_superuser: false,
            is_election_admin: false,
            is_subscriber_admin: false,
            is_esign_admin: false,
            time_zone: UserZone::default(),
            active_subscriber: None,
            last_login: None,
            generation: 0,
            reset_expires: None,
            created_at: now,
            modified_at: now,
        }
    }

    /// How the person is called: first and last name, else the first name, else the address (`domain.md` 1).
    #[must_use]
    pub fn display_name(&self) -> String {
        match (self.first_name.as_str(), self.last_name.as_str()) {
            ("", _) => self.email.clone(),
            (first, "") => first.to_owned(),
            (first, last) => format!("{first} {last}"),
        }
    }

    /// Whether the person may look after subscribers.
    #[must_use]
    pub fn manages_subscribers(&self) -> bool {
        self.is_superuser || self.is_subscriber_admin
    }

    /// Whether the person may keep the facts about elections.
    #[must_use]
    pub fn manages_elections(&self) -> bool {
        self.is_superuser || self.is_election_admin
    }

    /// Whether the person may look after signed applications.
    #[must_use]
    pub fn manages_esign(&self) -> bool {
        self.is_superuser || self.is_esign_admin
    }
}

/// That a person belongs to a subscriber. The same may stand there twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// Its id.
    pub id: AssociationId,
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// The person.
    pub user: UserId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// An invitation to have an account.
///
/// Its `Debug` leaves out the address.
#[derive(Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// Whom it was sent to.
    pub email: String,
    /// What is kept of a token that another service issued: it opens the invitation until it is renewed.
    pub imported_token_hash: Option<Vec<u8>>,
    /// How often its links were made void.
    pub generation: i64,
    /// Until when it can be accepted.
    pub expires: DateTime<Utc>,
    /// When it was accepted, or another one to the same address.
    pub consumed_at: Option<DateTime<Utc>>,
    /// The account that was made of it.
    pub user: Option<UserId>,
    /// The subscriber that is active at first.
    pub primary: SubscriberId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl std::fmt::Debug for Invite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invite").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Invite {
    /// What the record of changes calls it.
    pub const KIND: &'static str = "invite";

    /// Whether it can be accepted: not expired, not accepted yet.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.user.is_none() && self.consumed_at.is_none() && now < self.expires
    }
}

/// A subscriber that an invitation leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteAssociation {
    /// Its id.
    pub id: AssociationId,
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// The invitation.
    pub invite: InviteId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// An authenticator app: six digits that change every 30 seconds (RFC 6238, HMAC-SHA1).
///
/// Its `Debug` leaves out the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Authenticator {
    /// Its id.
    pub id: AuthenticatorId,
    /// Whose it is.
    pub user: UserId,
    /// The secret that the app has too: 20 bytes.
    pub secret: Vec<u8>,
    /// Since when the person has shown a code of it. Until then it proves nothing.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The step of the last code that was taken: neither it nor an older one is taken again.
    pub last_step: i64,
    /// Since when it is no more.
    pub removed_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A telephone that gets codes by text.
///
/// Its `Debug` leaves out number and secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneFactor {
    /// Its id.
    pub id: PhoneFactorId,
    /// Whose it is.
    pub user: UserId,
    /// The number.
    pub number: Phone,
    /// What the codes are made of: 20 bytes.
    pub secret: Vec<u8>,
    /// Whether it is there for when the first factor is lost.
    pub is_backup: bool,
    /// Since when the person has shown a code of it. Until then it proves nothing.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The step of the last code that was taken: neither it nor an older one is taken again.
    pub last_step: i64,
    /// Since when it is no more.
    pub removed_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// One of the codes that were printed for a person, each good once.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    /// Its id.
    pub id: RecoveryCodeId,
    /// With which others it was printed. Part of the hash.
    pub set: RecoverySetId,
    /// What is kept of it.
    pub hash: Vec<u8>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

macro_rules! debug_by_id {
    ($($name:ident)*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("id", &self.id).finish_non_exhaustive()
            }
        }
    )*};
}
debug_by_id!(Authenticator PhoneFactor RecoveryCode);

/// That a person is signed in, or about to be, in one browser. The cookie holds a random token, of which only the hash is
/// kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which opens nothing.
    pub id: SessionId,
    /// Who it is.
    pub user: UserId,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// How far the person has come.
    pub stage: SessionStage,
    /// Which program it is, as far as it says so: `Firefox on Linux`.
    pub agent: String,
    /// When it was last used, to the minute or so.
    pub seen_at: DateTime<Utc>,
    /// When it ends, used or not.
    pub expires: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_in_the_database_under_its_own_name() {
        for zone in UserZone::ALL {
            assert_eq!(zone.tz().name(), zone.wire());
        }
        assert_eq!(UserZone::default().wire(), "US/Eastern");
    }

    #[test]
    fn a_person_is_called_by_what_is_known() {
        let user = |first: &str, last: &str| {
            let email = "ann@example.org".into();
            permissions::tests::user(|user| {
                (user.email, user.first_name, user.last_name) = (email, first.into(), last.into());
            })
        };
        for (first, last, name) in [
            ("Ann", "Lee", "Ann Lee"),
            ("Ann", "", "Ann"),
            ("", "Lee", "ann@example.org"),
            ("", "", "ann@example.org"),
        ] {
            assert_eq!(user(first, last).display_name(), name);
        }
    }

    #[test]
    fn what_is_printed_of_a_person_tells_nothing_about_it() {
        let user = permissions::tests::user(|user| user.password = Some("a hash".into()));
        let text = format!("{user:?}");
        assert!(!text.contains("hash") && !text.contains('@'), "{text}");
    }
}
