//! Blasts, whom they are for, and what became of each.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    blast::{Blast, Filter, Reached, Recipient, Tool},
    decision::Purpose,
    ids::{BlastId, MessageId},
    page::{Page, PageRequest},
    ports::store::{Blasts, Reachable, ReadBlasts, Reckoned, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::blasts::{
        AddedRecipient, Asked, BlastRow, OneRecipientRow, ReachableRow, RecipientReachedRow, RecipientRow,
        ReckonedRow, bind_blast,
    },
    session::{Session, query},
    statements::blasts as statements,
};

/// Behind whom a page begins: nobody has the smallest id.
fn after(page: &PageRequest<MessageId>) -> Uuid {
    page.after.map_or(Uuid::nil(), |id| id.0)
}

/// One more than fit, so that it is known whether more follow.
fn limit<K>(page: &PageRequest<K>) -> i64 {
    i64::from(page.limit) + 1
}

#[async_trait]
impl<D: Dialect> ReadBlasts for Session<D> {
    async fn by_id(&mut self, id: BlastId) -> Result<Option<Blast>, StoreError> {
        self.optional::<BlastRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn list(&mut self, page: PageRequest<BlastId>) -> Result<Page<Blast, BlastId>, StoreError> {
        let statement =
            query(statements::LIST).bind(page.after.map_or(Uuid::nil(), |id| id.0)).bind(limit(&page));
        let rows = self.all::<BlastRow, Blast>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it| it.id))
    }

    async fn is_running(&mut self, id: BlastId) -> Result<bool, StoreError> {
        let found: Vec<Uuid> = self.values(query(statements::RUNNING).bind(id.0)).await?;
        Ok(!found.is_empty())
    }

    async fn audience(
        &mut self,
        filter: &Filter,
        tool: Tool,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Reachable, Uuid>, StoreError> {
        let text = match tool {
            Tool::Register => statements::REGISTERED,
            Tool::Absentee => statements::REQUESTED_BALLOTS,
            Tool::Verify => statements::VERIFIED,
            Tool::Remind => statements::REMINDED,
        };
        let statement = query(text)
            .bind(Json(Asked::from(filter)))
            .bind(page.after.unwrap_or_else(Uuid::nil))
            .bind(limit(&page));
        let rows = self.all::<ReachableRow, Reachable>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it| it.record))
    }

    async fn recipients(
        &mut self,
        blast: BlastId,
        page: PageRequest<MessageId>,
    ) -> Result<Page<Recipient, MessageId>, StoreError> {
        let statement = query(statements::RECIPIENTS).bind(blast.0).bind(after(&page)).bind(limit(&page));
        let rows = self.all::<RecipientRow, Recipient>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it| it.id))
    }

    async fn recipient(&mut self, id: MessageId) -> Result<Option<(BlastId, Recipient)>, StoreError> {
        let rows = self.rows::<OneRecipientRow>(query(statements::RECIPIENT).bind(id.0)).await?;
        rows.into_iter().next().map(OneRecipientRow::read).transpose()
    }

    async fn reached(
        &mut self,
        blast: BlastId,
        now: DateTime<Utc>,
        page: PageRequest<MessageId>,
    ) -> Result<Page<(Recipient, Reached), MessageId>, StoreError> {
        let statement =
            query(statements::REACHED).bind(blast.0).bind(Moment(now)).bind(after(&page)).bind(limit(&page));
        let rows = self.rows::<RecipientReachedRow>(statement).await?;
        let rows: Vec<(Recipient, Reached)> =
            rows.into_iter().map(RecipientReachedRow::read).collect::<Result<_, _>>()?;
        Ok(Page::cut(rows, page.limit, |(it, _)| it.id))
    }

    async fn reckon(&mut self, blast: BlastId, now: DateTime<Utc>) -> Result<Vec<Reckoned>, StoreError> {
        self.all::<ReckonedRow, _>(query(statements::RECKON).bind(blast.0).bind(Moment(now))).await
    }
}

#[async_trait]
impl<D: Dialect> Blasts for Session<D> {
    async fn lock(&mut self, id: BlastId) -> Result<Option<Blast>, StoreError> {
        self.optional::<BlastRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn insert(&mut self, blast: &Blast) -> Result<(), StoreError> {
        let statement = bind_blast(query(statements::INSERT), blast).bind(Moment(blast.created_at));
        self.change_one("blast", statement).await
    }

    async fn update(&mut self, blast: &Blast) -> Result<(), StoreError> {
        self.change_one("blast", bind_blast(query(statements::UPDATE), blast)).await
    }

    async fn add(&mut self, blast: BlastId, recipients: &[Recipient]) -> Result<u64, StoreError> {
        if recipients.is_empty() {
            return Ok(0);
        }
        let recipients: Vec<AddedRecipient<'_>> = recipients.iter().map(AddedRecipient::from).collect();
        self.change("recipient", query(statements::ADD).bind(blast.0).bind(Json(&recipients))).await
    }

    async fn clear(&mut self, blast: BlastId, limit: u32) -> Result<u64, StoreError> {
        self.change("recipient", query(statements::CLEAR).bind(blast.0).bind(i64::from(limit))).await
    }

    async fn forget_addresses(&mut self, blast: BlastId) -> Result<(), StoreError> {
        self.change("recipient", query(statements::FORGET_ADDRESSES).bind(blast.0)).await.map(drop)
    }

    async fn write_texts(
        &mut self,
        blast: BlastId,
        now: DateTime<Utc>,
        page: PageRequest<MessageId>,
    ) -> Result<Page<MessageId, MessageId>, StoreError> {
        let first = after(&page);
        let statement = query(statements::PAGE).bind(blast.0).bind(first).bind(limit(&page));
        let ids: Page<Uuid, Uuid> = Page::cut(self.values(statement).await?, page.limit, |id| *id);
        let next = ids.next.map(MessageId);
        let Some(last) = ids.rows.last() else { return Ok(Page { rows: Vec::new(), next }) };
        let numbers = query(statements::NUMBERS).bind(blast.0).bind(first).bind(*last).bind(Moment(now));
        self.change("number", numbers).await?;
        let texts = query(statements::TEXTS)
            .bind(blast.0)
            .bind(first)
            .bind(*last)
            .bind(Moment(now))
            .bind(Purpose::Campaign.wire());
        self.change("message", texts).await?;
        let waiting = query(statements::WAITING).bind(blast.0).bind(first).bind(*last);
        let rows: Vec<Uuid> = self.values(waiting).await?;
        Ok(Page { rows: rows.into_iter().map(MessageId).collect(), next })
    }
}
