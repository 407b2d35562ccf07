//! People with accounts, how they are invited, and by what they sign in.

use sqlx::FromRow;
use turnout_core::{
    account::{Authenticator, Invite, PhoneFactor, RecoveryCode, User, UserZone},
    ids::{AuthenticatorId, InviteId, PhoneFactorId, RecoveryCodeId, RecoverySetId, SubscriberId, UserId},
    person::Phone,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{optional, table};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::accounts as statements};

#[derive(FromRow)]
pub(crate) struct UserRow {
    uuid: Uuid,
    email: String,
    password: Option<String>,
    first_name: String,
    last_name: String,
    is_staff: bool,
    is_active: bool,
    is_superuser: bool,
    is_election_admin: Option<bool>,
    is_subscriber_admin: Option<bool>,
    is_esign_admin: Option<bool>,
    timezone: Option<String>,
    active_client_id: Option<Uuid>,
    last_login: Option<Moment>,
    generation: i64,
    reset_expires: Option<Moment>,
    created_at: Moment,
    modified_at: Moment,
}
table!(UserRow, "accounts_user", statements::USER_COLUMNS, "user");

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let zone = optional::<UserRow, _>("timezone", row.timezone.as_deref(), UserZone::parse)?;
        Ok(Self {
            id: UserId(row.uuid),
            email: row.email,
            password: row.password,
            first_name: row.first_name,
            last_name: row.last_name,
            is_staff: row.is_staff,
            is_active: row.is_active,
            is_superuser: row.is_superuser,
            is_election_admin: row.is_election_admin.unwrap_or(false),
            is_subscriber_admin: row.is_subscriber_admin.unwrap_or(false),
            is_esign_admin: row.is_esign_admin.unwrap_or(false),
            time_zone: zone.unwrap_or_default(),
            active_subscriber: row.active_client_id.map(SubscriberId),
            last_login: row.last_login.map(|moment| moment.0),
            generation: row.generation,
            reset_expires: row.reset_expires.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT` (all but the last) and `UPDATE` (all) take.
pub(crate) fn bind_user<D: Dialect>(statement: Statement<D>, user: &User) -> Statement<D> {
    statement
        .bind(user.id.0)
        .bind(&user.email)
        .bind(&user.password)
        .bind(&user.first_name)
        .bind(&user.last_name)
        .bind(user.is_staff)
        .bind(user.is_active)
        .bind(user.is_superuser)
        .bind(user.is_election_admin)
        .bind(user.is_subscriber_admin)
        .bind(user.is_esign_admin)
        .bind(user.time_zone.wire())
        .bind(user.active_subscriber.map(|id| id.0))
        .bind(user.last_login.map(Moment))
        .bind(user.generation)
        .bind(user.reset_expires.map(Moment))
        .bind(Moment(user.modified_at))
}

#[derive(FromRow)]
pub(crate) struct InviteRow {
    uuid: Uuid,
    email: String,
    imported_token_hash: Option<Vec<u8>>,
    generation: i64,
    expires: Moment,
    consumed_at: Option<Moment>,
    user_id: Option<Uuid>,
    primary_client_id: Uuid,
    created_at: Moment,
    modified_at: Moment,
}
table!(InviteRow, "accounts_invite", statements::INVITE_COLUMNS, "invite");

impl TryFrom<InviteRow> for Invite {
    type Error = StoreError;

    fn try_from(row: InviteRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: InviteId(row.uuid),
            email: row.email,
            imported_token_hash: row.imported_token_hash,
            generation: row.generation,
            expires: row.expires.0,
            consumed_at: row.consumed_at.map(|moment| moment.0),
            user: row.user_id.map(UserId),
            primary: SubscriberId(row.primary_client_id),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT_INVITE` (all but the last) and `UPDATE_INVITE` (all) take.
pub(crate) fn bind_invite<D: Dialect>(statement: Statement<D>, invite: &Invite) -> Statement<D> {
    statement
        .bind(invite.id.0)
        .bind(&invite.email)
        .bind(invite.imported_token_hash.clone())
        .bind(invite.generation)
        .bind(Moment(invite.expires))
        .bind(invite.consumed_at.map(Moment))
        .bind(invite.user.map(|id| id.0))
        .bind(invite.primary.0)
        .bind(Moment(invite.modified_at))
}

#[derive(FromRow)]
pub(crate) struct AuthenticatorRow {
    uuid: Uuid,
    user_id: Uuid,
    secret: Vec<u8>,
    confirmed_at: Option<Moment>,
    last_step: i64,
    removed_at: Option<Moment>,
    created_at: Moment,
}
table!(AuthenticatorRow, "account_authenticator", statements::AUTHENTICATOR_COLUMNS, "authenticator");

impl TryFrom<AuthenticatorRow> for Authenticator {
    type Error = StoreError;

    fn try_from(row: AuthenticatorRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AuthenticatorId(row.uuid),
            user: UserId(row.user_id),
            secret: row.secret,
            confirmed_at: row.confirmed_at.map(|moment| moment.0),
            last_step: row.last_step,
            removed_at: row.removed_at.map(|moment| moment.0),
            created_at: row.created_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct PhoneRow {
    uuid: Uuid,
    user_id: Uuid,
    number: String,
    secret: Vec<u8>,
    is_backup: bool,
    confirmed_at: Option<Moment>,
    last_step: i64,
    removed_at: Option<Moment>,
    created_at: Moment,
}
table!(PhoneRow, "account_phone", statements::PHONE_COLUMNS, "telephone");

impl TryFrom<PhoneRow> for PhoneFactor {
    type Error = StoreError;

    fn try_from(row: PhoneRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: PhoneFactorId(row.uuid),
            user: UserId(row.user_id),
            number: Phone::from_stored(row.number),
            secret: row.secret,
            is_backup: row.is_backup,
            confirmed_at: row.confirmed_at.map(|moment| moment.0),
            last_step: row.last_step,
            removed_at: row.removed_at.map(|moment| moment.0),
            created_at: row.created_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct CodeRow {
    uuid: Uuid,
    set_id: Uuid,
    code_hash: Vec<u8>,
    used_at: Option<Moment>,
    created_at: Moment,
}
table!(CodeRow, "account_recovery_code", statements::CODE_COLUMNS, "code");

impl TryFrom<CodeRow> for RecoveryCode {
    type Error = StoreError;

    fn try_from(row: CodeRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: RecoveryCodeId(row.uuid),
            set: RecoverySetId(row.set_id),
            hash: row.code_hash,
            used_at: row.used_at.map(|moment| moment.0),
            created_at: row.created_at.0,
        })
    }
}
