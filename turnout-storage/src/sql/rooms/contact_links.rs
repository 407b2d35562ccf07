//! Which actions were passed on to contact lists.

use std::{cmp::Reverse, collections::BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    crm::{ContactLink, SyncRun},
    ids::{ActionId, ContactLinkId, MoverLeadId, SubscriberId, SyncRunId},
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
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::{BEGINNING_OF_TIME, Moment},
    rows::contact_links::{AddressRow, ContactLinkRow, RecordedLinkRow, RunRow, UnkeyedRow, UnlinkedRow},
    session::{Session, query},
    statements::contact_links as statements,
};

/// The key of a row without an address. No address has it.
const NO_KEY: AddressKey = AddressKey(Uuid::nil());

#[async_trait]
impl<D: Dialect> ReadContactLinks for Session<D> {
    async fn of(
        &mut self,
        action: ActionId,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError> {
        let statement = query(statements::OF).bind(action.0).bind(subscriber.map(|id| id.0));
        self.optional::<ContactLinkRow, _>(statement).await
    }

    async fn of_phone(&mut self, phone: &Phone) -> Result<Vec<ContactLink>, StoreError> {
        let statement = query(statements::OF_PHONE).bind(phone.e164().to_owned());
        let mut found: Vec<(Moment, ContactLink)> = self.all::<RecordedLinkRow, _>(statement).await?;
        found.sort_by_key(|(recorded, link)| Reverse((recorded.0, link.action)));
        Ok(found.into_iter().map(|(_, link)| link).collect())
    }

    async fn last_of(
        &mut self,
        person: &CrmPersonId,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<ContactLink>, StoreError> {
        if is_unfindable(&person.0) {
            return Ok(None);
        }
        let statement = query(statements::LAST_OF).bind(person.0.clone()).bind(subscriber.map(|id| id.0));
        self.optional::<ContactLinkRow, _>(statement).await
    }

    async fn unkeyed(&mut self, limit: u32) -> Result<Vec<Unkeyed>, StoreError> {
        let limited = |text| query(text).bind(i64::from(limit));
        let links = Self::rows::<UnkeyedRow>(self, limited(statements::UNKEYED_LINKS)).await?;
        let leads = Self::rows::<UnkeyedRow>(self, limited(statements::UNKEYED_LEADS)).await?;
        let links = links.into_iter().map(|it| (Listed::Link(ContactLinkId(it.uuid)), it.email));
        let leads = leads.into_iter().map(|it| (Listed::Lead(MoverLeadId(it.uuid)), it.email));
        Ok(links.chain(leads).map(|(of, email)| Unkeyed { of, email }).collect())
    }

    async fn of_address(&mut self, key: AddressKey) -> Result<Vec<ListedAddress>, StoreError> {
        if key == NO_KEY {
            return Ok(Vec::new());
        }
        let mut found = BTreeSet::new();
        for text in [statements::LINKS_OF_KEY, statements::LEADS_OF_KEY] {
            let rows = Self::rows::<AddressRow>(self, query(text).bind(key.0)).await?;
            found.extend(rows.into_iter().filter_map(AddressRow::address));
        }
        Ok(found.into_iter().collect())
    }

    async fn unlinked(
        &mut self,
        before: DateTime<Utc>,
        after: Option<(DateTime<Utc>, ActionId)>,
        limit: u32,
    ) -> Result<Vec<Unlinked>, StoreError> {
        let (at, action) = after.map_or((BEGINNING_OF_TIME, Uuid::nil()), |(at, action)| (at, action.0));
        let statement = query(statements::UNLINKED)
            .bind(Moment(before))
            .bind(Moment(at))
            .bind(action)
            .bind(i64::from(limit))
            .bind(i64::from(MOST_REFUSALS));
        let mut found: Vec<Unlinked> = self.all::<UnlinkedRow, _>(statement).await?;
        found.sort_by_key(|it| (it.created_at, it.action));
        Ok(found)
    }

    async fn run(&mut self, id: SyncRunId) -> Result<Option<SyncRun>, StoreError> {
        self.optional::<RunRow, _>(query(statements::RUN).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> ContactLinks for Session<D> {
    async fn lock_or_insert(&mut self, fresh: &ContactLink) -> Result<ContactLink, StoreError> {
        let lock = || query(statements::LOCK).bind(fresh.action.0).bind(fresh.subscriber.map(|id| id.0));
        if let Some(known) = self.optional::<ContactLinkRow, _>(lock()).await? {
            return Ok(known);
        }
        let statement = query(statements::INSERT)
            .bind(fresh.id.0)
            .bind(fresh.person.as_ref().map(|id| id.0.clone()))
            .bind(fresh.action.0)
            .bind(fresh.subscriber.map(|id| id.0))
            .bind(fresh.email.map(|status| status.wire()))
            .bind(fresh.phone.map(|status| status.wire()))
            .bind(i64::from(fresh.refusals))
            .bind(Moment(fresh.created_at))
            .bind(Moment(fresh.modified_at));
        self.change("contact link", statement).await?;
        // ours, or that of somebody who was faster
        let kept = self.optional::<ContactLinkRow, _>(lock()).await?;
        kept.ok_or_else(|| StoreError::Other("a contact link was not kept".into()))
    }

    async fn update(&mut self, link: &ContactLink) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE)
            .bind(link.id.0)
            .bind(link.person.as_ref().map(|id| id.0.clone()))
            .bind(link.email.map(|status| status.wire()))
            .bind(link.phone.map(|status| status.wire()))
            .bind(i64::from(link.refusals))
            .bind(Moment(link.modified_at));
        self.change_one("contact link", statement).await
    }

    async fn note_key(&mut self, of: Listed, key: Option<AddressKey>) -> Result<(), StoreError> {
        let (text, id) = match of {
            Listed::Link(id) => (statements::NOTE_LINK_KEY, id.0),
            Listed::Lead(id) => (statements::NOTE_LEAD_KEY, id.0),
        };
        self.change("contact link", query(text).bind(id).bind(key.unwrap_or(NO_KEY).0)).await.map(drop)
    }

    async fn insert_run(&mut self, run: &SyncRun) -> Result<(), StoreError> {
        let statement = query(statements::INSERT_RUN)
            .bind(run.id.0)
            .bind(i64::from(run.most_percent))
            .bind(i64::from(run.people))
            .bind(i64::from(run.changes))
            .bind(run.stopped_at.map(Moment))
            .bind(Moment(run.created_at))
            .bind(Moment(run.modified_at));
        self.change_one("run", statement).await
    }

    async fn lock_run(&mut self, id: SyncRunId) -> Result<Option<SyncRun>, StoreError> {
        self.optional::<RunRow, _>(query(statements::LOCK_RUN).bind(id.0)).await
    }

    async fn update_run(&mut self, run: &SyncRun) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE_RUN)
            .bind(run.id.0)
            .bind(i64::from(run.people))
            .bind(i64::from(run.changes))
            .bind(run.stopped_at.map(Moment))
            .bind(Moment(run.modified_at));
        self.change_one("run", statement).await
    }
}
