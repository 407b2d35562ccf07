//! People with accounts, whom they work for, how they are invited, and by what they sign in.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    account::{Association, Authenticator, Invite, InviteAssociation, PhoneFactor, RecoveryCode, User},
    ids::{InviteId, RecoveryCodeId, RecoverySetId, SubscriberId, UserId},
    page::{Page, PageRequest},
    ports::store::{Accounts, ReadAccounts, StoreError},
    subscriber::{Plan, Subscriber, SubscriberStatus},
};

/// Newest first, those after the page's key.
fn newest<T: Clone, K: Ord + Copy>(
    rows: impl Iterator<Item = T>,
    page: &PageRequest<(DateTime<Utc>, K)>,
    key: impl Fn(&T) -> (DateTime<Utc>, K),
) -> Page<T, (DateTime<Utc>, K)> {
    let mut rows: Vec<T> = rows.filter(|row| page.after.is_none_or(|after| key(row) < after)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(key(row)));
    Page::cut(rows, page.limit, key)
}

/// Those that fit, by a key.
fn sorted<'a, T: Clone + 'a, K: Ord>(
    rows: impl Iterator<Item = &'a T>,
    fits: impl Fn(&T) -> bool,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut rows: Vec<T> = rows.filter(|row| fits(row)).cloned().collect();
    rows.sort_by_key(key);
    rows
}

#[async_trait]
impl ReadAccounts for Rooms {
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.users.get(&id).cloned())
    }

    async fn by_email(&mut self, email: &str) -> Result<Option<User>, StoreError> {
        let fits = |it: &User| it.email.eq_ignore_ascii_case(email);
        let found = sorted(self.users.values(), fits, |it| (it.email != email, it.created_at, it.id));
        Ok(found.into_iter().next())
    }

    async fn list(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, UserId)>,
    ) -> Result<Page<User, (DateTime<Utc>, UserId)>, StoreError> {
        Ok(newest(self.users.values().cloned(), page, |it| (it.created_at, it.id)))
    }

    async fn members(&mut self, subscriber: SubscriberId) -> Result<Vec<User>, StoreError> {
        let belongs = |user: &User| {
            self.associations.values().any(|it| it.user == user.id && it.subscriber == subscriber)
        };
        Ok(sorted(self.users.values(), belongs, |it| (it.created_at, it.id)))
    }

    async fn is_member(&mut self, user: UserId, subscriber: SubscriberId) -> Result<bool, StoreError> {
        Ok(self.associations.values().any(|it| it.user == user && it.subscriber == subscriber))
    }

    async fn allowed(
        &mut self,
        whose: Option<UserId>,
        page: &PageRequest<(String, SubscriberId)>,
    ) -> Result<Page<Subscriber, (String, SubscriberId)>, StoreError> {
        let key = |it: &Subscriber| (it.name.to_ascii_lowercase(), it.id);
        let fits = |it: &Subscriber| {
            let belongs = whose.is_none_or(|user| {
                let member = |own: &Association| own.user == user && own.subscriber == it.id;
                it.status == SubscriberStatus::Active && self.associations.values().any(member)
            });
            belongs && page.after.as_ref().is_none_or(|after| key(it) > *after)
        };
        Ok(Page::cut(sorted(self.subscribers.values(), fits, key), page.limit, key))
    }

    async fn has_subscription(&mut self, subscriber: SubscriberId) -> Result<bool, StoreError> {
        // here one without a subscription is one of the plan that nobody has to subscribe to
        Ok(self.subscribers.get(&subscriber).is_some_and(|it| it.plan != Plan::Premium))
    }

    async fn invite(&mut self, id: InviteId) -> Result<Option<Invite>, StoreError> {
        Ok(self.invites.get(&id).cloned())
    }

    async fn invite_by_imported_token(&mut self, hash: &[u8]) -> Result<Option<Invite>, StoreError> {
        Ok(self.invites.values().find(|it| it.imported_token_hash.as_deref() == Some(hash)).cloned())
    }

    async fn invites(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, InviteId)>,
    ) -> Result<Page<Invite, (DateTime<Utc>, InviteId)>, StoreError> {
        Ok(newest(self.invites.values().cloned(), page, |it| (it.created_at, it.id)))
    }

    async fn invites_to(&mut self, email: &str) -> Result<Vec<Invite>, StoreError> {
        let fits = |it: &Invite| it.email.eq_ignore_ascii_case(email);
        Ok(sorted(self.invites.values(), fits, |it| (it.created_at, it.id)))
    }

    async fn open_invites(
        &mut self,
        subscriber: SubscriberId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invite>, StoreError> {
        let fits = |invite: &Invite| {
            let mut own = self.invite_associations.values();
            invite.is_open(now) && own.any(|it| it.invite == invite.id && it.subscriber == subscriber)
        };
        Ok(sorted(self.invites.values(), fits, |it| (it.created_at, it.id)))
    }

    async fn subscribers_of(&mut self, invite: InviteId) -> Result<Vec<SubscriberId>, StoreError> {
        let fits = |it: &InviteAssociation| it.invite == invite;
        let rows = sorted(self.invite_associations.values(), fits, |it| (it.created_at, it.id));
        let mut subscribers = Vec::new();
        for row in rows {
            if !subscribers.contains(&row.subscriber) {
                subscribers.push(row.subscriber);
            }
        }
        Ok(subscribers)
    }

    async fn authenticators(&mut self, user: UserId) -> Result<Vec<Authenticator>, StoreError> {
        let fits = |it: &Authenticator| it.user == user && it.removed_at.is_none();
        Ok(sorted(self.authenticators.values(), fits, |it| (it.created_at, it.id)))
    }

    async fn phones(&mut self, user: UserId) -> Result<Vec<PhoneFactor>, StoreError> {
        let fits = |it: &PhoneFactor| it.user == user && it.removed_at.is_none();
        Ok(sorted(self.phone_factors.values(), fits, |it| (it.created_at, it.id)))
    }

    async fn recovery_codes(&mut self, user: UserId) -> Result<Vec<RecoveryCode>, StoreError> {
        let fits = |it: &RecoveryCode| self.recovery_sets.get(&it.set) == Some(&user);
        Ok(sorted(self.recovery_codes.values(), fits, |it| it.id))
    }
}

#[async_trait]
impl Accounts for Rooms {
    async fn insert(&mut self, user: &User) -> Result<(), StoreError> {
        if self.users.values().any(|it| it.email == user.email) {
            return Err(StoreError::Conflict { entity: "user" });
        }
        insert(&mut self.users, user.id, user, "user")
    }

    async fn lock(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.users.get(&id).cloned())
    }

    async fn update(&mut self, user: &User) -> Result<(), StoreError> {
        if self.users.values().any(|it| it.email == user.email && it.id != user.id) {
            return Err(StoreError::Conflict { entity: "user" });
        }
        let row = row(&mut self.users, &user.id, "user")?;
        *row = User { created_at: row.created_at, ..user.clone() };
        Ok(())
    }

    async fn associate(&mut self, association: &Association) -> Result<(), StoreError> {
        insert(&mut self.associations, association.id, association, "association")
    }

    async fn dissociate(&mut self, user: UserId, subscriber: SubscriberId) -> Result<u64, StoreError> {
        let before = self.associations.len();
        Arc::make_mut(&mut self.associations).retain(|_, it| it.user != user || it.subscriber != subscriber);
        Ok((before - self.associations.len()) as u64)
    }

    async fn insert_invite(&mut self, invite: &Invite) -> Result<(), StoreError> {
        insert(&mut self.invites, invite.id, invite, "invite")
    }

    async fn lock_invite(&mut self, id: InviteId) -> Result<Option<Invite>, StoreError> {
        Ok(self.invites.get(&id).cloned())
    }

    async fn update_invite(&mut self, invite: &Invite) -> Result<(), StoreError> {
        let row = row(&mut self.invites, &invite.id, "invite")?;
        *row = Invite { created_at: row.created_at, ..invite.clone() };
        Ok(())
    }

    async fn add_to_invite(&mut self, association: &InviteAssociation) -> Result<(), StoreError> {
        insert(&mut self.invite_associations, association.id, association, "association")
    }

    async fn take_from_invite(
        &mut self,
        invite: InviteId,
        subscriber: SubscriberId,
    ) -> Result<u64, StoreError> {
        let before = self.invite_associations.len();
        let rows = Arc::make_mut(&mut self.invite_associations);
        rows.retain(|_, it| it.invite != invite || it.subscriber != subscriber);
        Ok((before - rows.len()) as u64)
    }

    async fn insert_authenticator(&mut self, authenticator: &Authenticator) -> Result<(), StoreError> {
        insert(&mut self.authenticators, authenticator.id, authenticator, "authenticator")
    }

    async fn update_authenticator(&mut self, authenticator: &Authenticator) -> Result<(), StoreError> {
        let row = row(&mut self.authenticators, &authenticator.id, "authenticator")?;
        (row.confirmed_at, row.last_step) = (authenticator.confirmed_at, authenticator.last_step);
        row.removed_at = authenticator.removed_at;
        Ok(())
    }

    async fn insert_phone(&mut self, phone: &PhoneFactor) -> Result<(), StoreError> {
        insert(&mut self.phone_factors, phone.id, phone, "telephone")
    }

    async fn update_phone(&mut self, phone: &PhoneFactor) -> Result<(), StoreError> {
        let row = row(&mut self.phone_factors, &phone.id, "telephone")?;
        (row.confirmed_at, row.last_step) = (phone.confirmed_at, phone.last_step);
        (row.removed_at, row.is_backup) = (phone.removed_at, phone.is_backup);
        Ok(())
    }

    async fn print_codes(
        &mut self,
        user: UserId,
        set: RecoverySetId,
        _at: DateTime<Utc>,
        codes: &[RecoveryCode],
    ) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.recovery_sets).retain(|_, whose| *whose != user);
        if !codes.is_empty() {
            insert(&mut self.recovery_sets, set, &user, "set of codes")?;
        }
        for code in codes {
            insert(&mut self.recovery_codes, code.id, &RecoveryCode { set, ..code.clone() }, "code")?;
        }
        Ok(())
    }

    async fn use_code(&mut self, id: RecoveryCodeId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = row(&mut self.recovery_codes, &id, "code")?;
        let is_news = row.used_at.is_none();
        if is_news {
            row.used_at = Some(at);
        }
        Ok(is_news)
    }
}
