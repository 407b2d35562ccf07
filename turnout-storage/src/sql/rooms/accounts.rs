//! People with accounts, whom they work for, how they are invited, and by what they sign in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    account::{Association, Authenticator, Invite, InviteAssociation, PhoneFactor, RecoveryCode, User},
    ids::{InviteId, RecoveryCodeId, RecoverySetId, SubscriberId, UserId},
    page::{Page, PageRequest},
    ports::store::{Accounts, ReadAccounts, StoreError},
    subscriber::Subscriber,
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::{END_OF_TIME, Moment},
    rows::{
        accounts::{AuthenticatorRow, CodeRow, InviteRow, PhoneRow, UserRow, bind_invite, bind_user},
        subscribers::SubscriberRow,
    },
    session::{Session, query},
    statements::accounts as statements,
};

#[async_trait]
impl<D: Dialect> ReadAccounts for Session<D> {
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.optional::<UserRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_email(&mut self, email: &str) -> Result<Option<User>, StoreError> {
        if is_unfindable(email) {
            return Ok(None);
        }
        let statement = query(statements::BY_EMAIL).bind(email).bind(email.to_ascii_lowercase());
        self.optional::<UserRow, _>(statement).await
    }

    async fn list(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, UserId)>,
    ) -> Result<Page<User, (DateTime<Utc>, UserId)>, StoreError> {
        let (moment, id) = page.after.unwrap_or((END_OF_TIME, UserId(Uuid::max())));
        let statement =
            query(statements::LIST).bind(Moment(moment)).bind(id.0).bind(i64::from(page.limit) + 1);
        let rows = self.all::<UserRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &User| (it.created_at, it.id)))
    }

    async fn members(&mut self, subscriber: SubscriberId) -> Result<Vec<User>, StoreError> {
        self.all::<UserRow, _>(query(statements::MEMBERS).bind(subscriber.0)).await
    }

    async fn is_member(&mut self, user: UserId, subscriber: SubscriberId) -> Result<bool, StoreError> {
        let statement = query(statements::IS_MEMBER).bind(user.0).bind(subscriber.0);
        Ok(!self.values::<Uuid>(statement).await?.is_empty())
    }

    async fn allowed(
        &mut self,
        whose: Option<UserId>,
        page: &PageRequest<(String, SubscriberId)>,
    ) -> Result<Page<Subscriber, (String, SubscriberId)>, StoreError> {
        let (name, id) = page.after.clone().unwrap_or((String::new(), SubscriberId(Uuid::nil())));
        let text = if whose.is_some() { statements::OWN_SUBSCRIBERS } else { statements::ALL_SUBSCRIBERS };
        let mut statement = query(text).bind(name).bind(id.0).bind(i64::from(page.limit) + 1);
        if let Some(user) = whose {
            statement = statement.bind(user.0);
        }
        let rows = self.all::<SubscriberRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &Subscriber| (it.name.to_ascii_lowercase(), it.id)))
    }

    async fn has_subscription(&mut self, subscriber: SubscriberId) -> Result<bool, StoreError> {
        let statement = query(statements::HAS_SUBSCRIPTION).bind(subscriber.0);
        Ok(!self.values::<Uuid>(statement).await?.is_empty())
    }

    async fn invite(&mut self, id: InviteId) -> Result<Option<Invite>, StoreError> {
        self.optional::<InviteRow, _>(query(statements::INVITE).bind(id.0)).await
    }

    async fn invite_by_imported_token(&mut self, hash: &[u8]) -> Result<Option<Invite>, StoreError> {
        self.optional::<InviteRow, _>(query(statements::INVITE_BY_TOKEN).bind(hash.to_vec())).await
    }

    async fn invites(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, InviteId)>,
    ) -> Result<Page<Invite, (DateTime<Utc>, InviteId)>, StoreError> {
        let (moment, id) = page.after.unwrap_or((END_OF_TIME, InviteId(Uuid::max())));
        let statement =
            query(statements::INVITES).bind(Moment(moment)).bind(id.0).bind(i64::from(page.limit) + 1);
        let rows = self.all::<InviteRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &Invite| (it.created_at, it.id)))
    }

    async fn invites_to(&mut self, email: &str) -> Result<Vec<Invite>, StoreError> {
        if is_unfindable(email) {
            return Ok(Vec::new());
        }
        self.all::<InviteRow, _>(query(statements::INVITES_TO).bind(email.to_ascii_lowercase())).await
    }

    async fn open_invites(
        &mut self,
        subscriber: SubscriberId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invite>, StoreError> {
        let statement = query(statements::OPEN_INVITES).bind(subscriber.0).bind(Moment(now));
        self.all::<InviteRow, _>(statement).await
    }

    async fn subscribers_of(&mut self, invite: InviteId) -> Result<Vec<SubscriberId>, StoreError> {
        let mut subscribers = Vec::new();
        for id in self.values::<Uuid>(query(statements::SUBSCRIBERS_OF).bind(invite.0)).await? {
            if !subscribers.contains(&SubscriberId(id)) {
                subscribers.push(SubscriberId(id));
            }
        }
        Ok(subscribers)
    }

    async fn authenticators(&mut self, user: UserId) -> Result<Vec<Authenticator>, StoreError> {
        self.all::<AuthenticatorRow, _>(query(statements::AUTHENTICATORS).bind(user.0)).await
    }

    async fn phones(&mut self, user: UserId) -> Result<Vec<PhoneFactor>, StoreError> {
        self.all::<PhoneRow, _>(query(statements::PHONES).bind(user.0)).await
    }

    async fn recovery_codes(&mut self, user: UserId) -> Result<Vec<RecoveryCode>, StoreError> {
        self.all::<CodeRow, _>(query(statements::CODES).bind(user.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Accounts for Session<D> {
    async fn insert(&mut self, user: &User) -> Result<(), StoreError> {
        let statement = bind_user(query(statements::INSERT), user).bind(Moment(user.created_at));
        self.change_one("user", statement).await
    }

    async fn lock(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.optional::<UserRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, user: &User) -> Result<(), StoreError> {
        self.change_one("user", bind_user(query(statements::UPDATE), user)).await
    }

    async fn associate(&mut self, association: &Association) -> Result<(), StoreError> {
        let statement = query(statements::ASSOCIATE)
            .bind(association.id.0)
            .bind(association.subscriber.0)
            .bind(association.user.0)
            .bind(Moment(association.created_at));
        self.change_one("association", statement).await
    }

    async fn dissociate(&mut self, user: UserId, subscriber: SubscriberId) -> Result<u64, StoreError> {
        self.change("association", query(statements::DISSOCIATE).bind(user.0).bind(subscriber.0)).await
    }

    async fn insert_invite(&mut self, invite: &Invite) -> Result<(), StoreError> {
        let statement = bind_invite(query(statements::INSERT_INVITE), invite).bind(Moment(invite.created_at));
        self.change_one("invite", statement).await
    }

    async fn lock_invite(&mut self, id: InviteId) -> Result<Option<Invite>, StoreError> {
        self.optional::<InviteRow, _>(query(statements::LOCK_INVITE).bind(id.0)).await
    }

    async fn update_invite(&mut self, invite: &Invite) -> Result<(), StoreError> {
        self.change_one("invite", bind_invite(query(statements::UPDATE_INVITE), invite)).await
    }

    async fn add_to_invite(&mut self, association: &InviteAssociation) -> Result<(), StoreError> {
        let statement = query(statements::ADD_TO_INVITE)
            .bind(association.id.0)
            .bind(association.subscriber.0)
            .bind(association.invite.0)
            .bind(Moment(association.created_at));
        self.change_one("association", statement).await
    }

    async fn take_from_invite(
        &mut self,
        invite: InviteId,
        subscriber: SubscriberId,
    ) -> Result<u64, StoreError> {
        let statement = query(statements::TAKE_FROM_INVITE).bind(invite.0).bind(subscriber.0);
        self.change("association", statement).await
    }

    async fn insert_authenticator(&mut self, authenticator: &Authenticator) -> Result<(), StoreError> {
        let statement = query(statements::INSERT_AUTHENTICATOR)
            .bind(authenticator.id.0)
            .bind(authenticator.user.0)
            .bind(&authenticator.secret[..])
            .bind(authenticator.confirmed_at.map(Moment))
            .bind(authenticator.last_step)
            .bind(authenticator.removed_at.map(Moment))
            .bind(Moment(authenticator.created_at));
        self.change_one("authenticator", statement).await
    }

    async fn update_authenticator(&mut self, authenticator: &Authenticator) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE_AUTHENTICATOR)
            .bind(authenticator.id.0)
            .bind(authenticator.confirmed_at.map(Moment))
            .bind(authenticator.last_step)
            .bind(authenticator.removed_at.map(Moment));
        self.change_one("authenticator", statement).await
    }

    async fn insert_phone(&mut self, phone: &PhoneFactor) -> Result<(), StoreError> {
        let statement = query(statements::INSERT_PHONE)
            .bind(phone.id.0)
            .bind(phone.user.0)
            .bind(phone.number.e164())
            .bind(&phone.secret[..])
            .bind(phone.is_backup)
            .bind(phone.confirmed_at.map(Moment))
            .bind(phone.last_step)
            .bind(phone.removed_at.map(Moment))
            .bind(Moment(phone.created_at));
        self.change_one("telephone", statement).await
    }

    async fn update_phone(&mut self, phone: &PhoneFactor) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE_PHONE)
            .bind(phone.id.0)
            .bind(phone.confirmed_at.map(Moment))
            .bind(phone.last_step)
            .bind(phone.removed_at.map(Moment))
            .bind(phone.is_backup);
        self.change_one("telephone", statement).await
    }

    async fn print_codes(
        &mut self,
        user: UserId,
        set: RecoverySetId,
        at: DateTime<Utc>,
        codes: &[RecoveryCode],
    ) -> Result<(), StoreError> {
        self.change("code", query(statements::VOID_CODES).bind(user.0).bind(Moment(at))).await?;
        if codes.is_empty() {
            return Ok(());
        }
        let statement = query(statements::INSERT_SET).bind(set.0).bind(user.0).bind(Moment(at));
        self.change_one("set of codes", statement).await?;
        for code in codes {
            let statement = query(statements::INSERT_CODE)
                .bind(code.id.0)
                .bind(set.0)
                .bind(&code.hash[..])
                .bind(code.used_at.map(Moment))
                .bind(Moment(code.created_at));
            self.change_one("code", statement).await?;
        }
        Ok(())
    }

    async fn use_code(&mut self, id: RecoveryCodeId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.change("code", query(statements::USE_CODE).bind(id.0).bind(Moment(at))).await? == 1)
    }
}
