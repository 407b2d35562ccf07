//! Which actions were passed on to contact lists.

use std::{cmp::Reverse, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    crm::{ContactLink, SyncRun},
    ids::{ActionId, SubscriberId, SyncRunId},
    person::Phone,
    ports::{
        crm::CrmPersonId,
        store::{
            ContactLinks, Listed, ListedAddress, MOST_REFUSALS, ReadContactLinks, StoreError, Unkeyed,
            Unlinked,
        },
    },
    suppression::AddressKey,
};

/// What of a tool's record concerns lists.
struct Recorded {
    action: ActionId,
    subscriber: Option<SubscriberId>,
    email: Option<String>,
    phone: Option<Phone>,
    created_at: DateTime<Utc>,
}

impl Rooms {
    fn recorded(&self) -> impl Iterator<Item = Recorded> {
        macro_rules! of {
            ($table:ident, $it:ident, $of:expr) => {
                self.$table.values().filter_map(|$it| {
                    let (email, phone) = ($of.email.clone(), $of.phone.clone());
                    let (subscriber, created_at) = ($it.subscriber, $it.created_at);
                    $it.action.map(|action| Recorded { action, subscriber, email, phone, created_at })
                })
            };
        }
        of!(registrations, it, it)
            .chain(of!(ballot_requests, it, it))
            .chain(of!(lookups, it, it.voter))
            .chain(of!(reminders, it, it.voter))
    }

    /// Whatever may be on a list, with whose list and the address.
    fn may_be_listed(&self) -> impl Iterator<Item = (Listed, Option<SubscriberId>, Option<String>)> {
        let links = self.contact_links.values().map(|link| {
            let record = self.recorded().find(|it| it.action == link.action);
            (Listed::Link(link.id), link.subscriber, record.and_then(|it| it.email))
        });
        let leads = self.movers.values().map(|lead| (Listed::Lead(lead.id), None, lead.email.clone()));
        links.chain(leads)
    }

    fn needs(&self, action: ActionId, subscriber: Option<SubscriberId>) -> bool {
        let mut links = self.contact_links.values();
        !links.any(|it| {
            it.action == action
                && it.subscriber == subscriber
                && (it.person.is_some() || it.refusals >= MOST_REFUSALS)
        })
    }
}

#[async_trait]
impl ReadContactLinks for Rooms {
    async fn of(
        &mut self,
        action: ActionId,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError> {
        let links = self.contact_links.values();
        let links = links.filter(|it| it.action == action && it.subscriber == subscriber);
        Ok(links.min_by_key(|it| (it.person.is_none(), it.created_at, it.id)).cloned())
    }

    async fn of_phone(&mut self, phone: &Phone) -> Result<Vec<ContactLink>, StoreError> {
        let mut records: Vec<_> = self.recorded().filter(|it| it.phone.as_ref() == Some(phone)).collect();
        records.sort_by_key(|it| Reverse((it.created_at, it.action)));
        let links = |of: &Recorded| {
            let of = of.action;
            self.contact_links.values().filter(move |it| it.action == of).cloned()
        };
        Ok(records.iter().flat_map(links).collect())
    }

    async fn last_of(
        &mut self,
        person: &CrmPersonId,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError> {
        let links = self.contact_links.values();
        let links = links.filter(|it| it.person.as_ref() == Some(person) && it.subscriber == subscriber);
        Ok(links.max_by_key(|it| (it.modified_at, it.id)).cloned())
    }

    async fn unkeyed(&mut self, limit: u32) -> Result<Vec<Unkeyed>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let of_kind = |is_link: bool| {
            let all = self.may_be_listed().filter(move |(of, ..)| matches!(of, Listed::Link(_)) == is_link);
            all.filter(|(of, ..)| !self.address_keys.contains_key(of)).take(limit)
        };
        let found = of_kind(true).chain(of_kind(false));
        Ok(found.map(|(of, _, email)| Unkeyed { of, email }).collect())
    }

    async fn of_address(&mut self, key: AddressKey) -> Result<Vec<ListedAddress>, StoreError> {
        let is_it = |of: &Listed| self.address_keys.get(of).copied().flatten() == Some(key);
        let found = self.may_be_listed().filter(|(of, ..)| is_it(of));
        let mut found: Vec<ListedAddress> = found
            .filter_map(|(_, subscriber, email)| Some(ListedAddress { subscriber, email: email? }))
            .collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    async fn unlinked(
        &mut self,
        before: DateTime<Utc>,
        after: Option<(DateTime<Utc>, ActionId)>,
        limit: u32,
    ) -> Result<Vec<Unlinked>, StoreError> {
        let records = self.recorded().filter_map(|it| Some((it.subscriber, self.actions.get(&it.action)?)));
        let is_meant = |at: (DateTime<Utc>, ActionId)| at.0 < before && after.is_none_or(|after| at > after);
        let mut found: Vec<Unlinked> = records
            .filter(|(_, action)| is_meant((action.created_at, action.id)))
            .map(|(subscriber, action)| Unlinked {
                action: action.id,
                created_at: action.created_at,
                subscriber,
                is_visible: action.visible_to_subscriber,
                of_service: self.needs(action.id, None),
                of_subscriber: subscriber.is_some() && self.needs(action.id, subscriber),
            })
            .collect();
        found.sort_by_key(|it| (it.created_at, it.action));
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn run(&mut self, id: SyncRunId) -> Result<Option<SyncRun>, StoreError> {
        Ok(self.sync_runs.get(&id).cloned())
    }
}

#[async_trait]
impl ContactLinks for Rooms {
    async fn lock_or_insert(&mut self, fresh: &ContactLink) -> Result<ContactLink, StoreError> {
        if let Some(known) = self.of(fresh.action, fresh.subscriber).await? {
            return Ok(known);
        }
        insert(&mut self.contact_links, fresh.id, fresh, "contact link")?;
        Ok(fresh.clone())
    }

    async fn update(&mut self, link: &ContactLink) -> Result<(), StoreError> {
        let row = row(&mut self.contact_links, &link.id, "contact link")?;
        let ContactLink { id, action, subscriber, created_at, .. } = *row;
        *row = ContactLink { id, action, subscriber, created_at, ..link.clone() };
        Ok(())
    }

    async fn note_key(&mut self, of: Listed, key: Option<AddressKey>) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.address_keys).insert(of, key);
        Ok(())
    }

    async fn insert_run(&mut self, run: &SyncRun) -> Result<(), StoreError> {
        insert(&mut self.sync_runs, run.id, run, "run")
    }

    async fn lock_run(&mut self, id: SyncRunId) -> Result<Option<SyncRun>, StoreError> {
        self.run(id).await
    }

    async fn update_run(&mut self, run: &SyncRun) -> Result<(), StoreError> {
        let row = row(&mut self.sync_runs, &run.id, "run")?;
        let SyncRun { id, most_percent, created_at, .. } = *row;
        *row = SyncRun { id, most_percent, created_at, ..run.clone() };
        Ok(())
    }
}
