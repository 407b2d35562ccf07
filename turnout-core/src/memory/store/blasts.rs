//! Blasts, whom they are for, and what became of each.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rooms::{Rooms, insert, row};
use crate::{
    action::jobs::FINISHED,
    address::Address,
    blast::{Blast, BlastStatus, Filter, Planned, Reached, Recipient, Tool, filter::Facts, note_of},
    decision::Purpose,
    ids::{ActionId, BlastId, MessageId, RegionId, SubscriberId},
    page::{Page, PageRequest},
    person::Phone,
    ports::store::{Blasts, Messages, Reachable, ReadBlasts, Reckoned, StoreError},
    sms::{Direction, Message, Number},
};

/// What a tool's record says of a voter.
struct Record<'a> {
    id: Uuid,
    phone: Option<&'a Phone>,
    address: &'a Address,
    subscriber: Option<SubscriberId>,
    action: Option<ActionId>,
    region: Option<RegionId>,
    opted_in: Option<bool>,
    opted_in_to_subscriber: Option<bool>,
    created_at: DateTime<Utc>,
}

/// The records of a table: who the voter of each row is, and its region.
macro_rules! records {
    ($rows:expr, $row:ident => $voter:expr, $region:expr) => {
        $rows
            .values()
            .map(|$row| Record {
                id: $row.id.0,
                phone: $voter.phone.as_ref(),
                address: &$voter.address,
                subscriber: $row.subscriber,
                action: $row.action,
                region: $region,
                opted_in: $voter.sms_opt_in,
                opted_in_to_subscriber: $voter.sms_opt_in_subscriber,
                created_at: $row.created_at,
            })
            .collect()
    };
}

impl Rooms {
    fn records(&self, tool: Tool) -> Vec<Record<'_>> {
        match tool {
            Tool::Register => records!(self.registrations, it => it, it.region),
            Tool::Absentee => records!(self.ballot_requests, it => it, it.region),
            Tool::Verify => records!(self.lookups, it => it.voter, None),
            Tool::Remind => records!(self.reminders, it => it.voter, None),
        }
    }

    fn is_described(&self, filter: &Filter, tool: Tool, it: &Record<'_>) -> bool {
        let region = it.region.and_then(|region| self.regions.get(&region));
        let is_end =
            |event: &crate::action::Event| Some(event.action) == it.action && FINISHED.contains(&event.kind);
        filter.describes(&Facts {
            tool,
            subscriber: it.subscriber,
            state: it.address.state,
            zip: it.address.zipcode.as_deref(),
            region: it.region,
            county: region.and_then(|region| region.county.as_deref()),
            opted_in: it.opted_in == Some(true),
            opted_in_to_subscriber: it.opted_in_to_subscriber == Some(true),
            finished: self.events.iter().any(is_end),
            began_at: it.created_at,
        })
    }

    fn recipients_of(&self, blast: BlastId, after: Option<MessageId>) -> Vec<Recipient> {
        let is_of = |(id, (of, _)): &(&MessageId, &(BlastId, Recipient))| {
            *of == blast && after.is_none_or(|after| **id > after)
        };
        self.recipients.iter().filter(is_of).map(|(_, (_, recipient))| recipient.clone()).collect()
    }

    fn reached_by(&self, recipient: &Recipient, now: DateTime<Utc>) -> Reached {
        let message = self.messages.get(&recipient.id);
        let held_until = message.and_then(|message| message.held_until);
        Reached {
            planned: recipient.planned,
            planned_rule: recipient.rule,
            status: message.and_then(|message| message.status),
            rule: message.and_then(|message| message.rule),
            was_held: held_until.is_some(),
            is_held: held_until.is_some_and(|until| until > now),
            failure: message.and_then(|message| message.failure),
            has_carrier_id: message.is_some_and(|message| message.carrier_id.is_some()),
        }
    }
}

#[async_trait]
impl ReadBlasts for Rooms {
    async fn by_id(&mut self, id: BlastId) -> Result<Option<Blast>, StoreError> {
        Ok(self.blasts.get(&id).cloned())
    }

    async fn list(&mut self, page: PageRequest<BlastId>) -> Result<Page<Blast, BlastId>, StoreError> {
        let rows = self.blasts.values().filter(|it| page.after.is_none_or(|after| it.id > after));
        Ok(Page::cut(rows.cloned().collect(), page.limit, |it: &Blast| it.id))
    }

    async fn is_running(&mut self, id: BlastId) -> Result<bool, StoreError> {
        Ok(self.blasts.get(&id).is_some_and(|it| it.status == BlastStatus::Running))
    }

    async fn audience(
        &mut self,
        filter: &Filter,
        tool: Tool,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Reachable, Uuid>, StoreError> {
        let records =
            self.records(tool).into_iter().filter(|it| page.after.is_none_or(|after| it.id > after));
        let rows = records.filter(|it| self.is_described(filter, tool, it)).filter_map(|it| {
            let phone = it.phone.filter(|phone| !phone.e164().is_empty())?.clone();
            Some(Reachable { record: it.id, phone, address: it.address.clone() })
        });
        Ok(Page::cut(rows.collect(), page.limit, |it: &Reachable| it.record))
    }

    async fn recipients(
        &mut self,
        blast: BlastId,
        page: PageRequest<MessageId>,
    ) -> Result<Page<Recipient, MessageId>, StoreError> {
        let rows = self.recipients_of(blast, page.after);
        Ok(Page::cut(rows, page.limit, |it: &Recipient| it.id))
    }

    async fn recipient(&mut self, id: MessageId) -> Result<Option<(BlastId, Recipient)>, StoreError> {
        Ok(self.recipients.get(&id).cloned())
    }

    async fn reached(
        &mut self,
        blast: BlastId,
        now: DateTime<Utc>,
        page: PageRequest<MessageId>,
    ) -> Result<Page<(Recipient, Reached), MessageId>, StoreError> {
        let rows = self.recipients_of(blast, page.after).into_iter();
        let rows: Vec<(Recipient, Reached)> = rows
            .map(|it| {
                let reached = self.reached_by(&it, now);
                (it, reached)
            })
            .collect();
        Ok(Page::cut(rows, page.limit, |(it, _): &(Recipient, Reached)| it.id))
    }

    async fn reckon(&mut self, blast: BlastId, now: DateTime<Utc>) -> Result<Vec<Reckoned>, StoreError> {
        let mut reckoned: Vec<Reckoned> = Vec::new();
        for recipient in self.recipients_of(blast, None) {
            let reached = self.reached_by(&recipient, now);
            match reckoned.iter_mut().find(|it| it.reached == reached) {
                Some(it) => it.count += 1,
                None => reckoned.push(Reckoned { reached, count: 1 }),
            }
        }
        Ok(reckoned)
    }
}

#[async_trait]
impl Blasts for Rooms {
    async fn lock(&mut self, id: BlastId) -> Result<Option<Blast>, StoreError> {
        Ok(self.blasts.get(&id).cloned())
    }

    async fn insert(&mut self, blast: &Blast) -> Result<(), StoreError> {
        insert(&mut self.blasts, blast.id, blast, "blast")
    }

    async fn update(&mut self, blast: &Blast) -> Result<(), StoreError> {
        let row = row(&mut self.blasts, &blast.id, "blast")?;
        *row = Blast { created_at: row.created_at, ..blast.clone() };
        Ok(())
    }

    async fn add(&mut self, blast: BlastId, recipients: &[Recipient]) -> Result<u64, StoreError> {
        let mut added = 0;
        for recipient in recipients {
            let is_there = |(of, it): &(BlastId, Recipient)| *of == blast && it.phone == recipient.phone;
            if !self.recipients.values().any(is_there) {
                insert(&mut self.recipients, recipient.id, &(blast, recipient.clone()), "recipient")?;
                added += 1;
            }
        }
        Ok(added)
    }

    async fn clear(&mut self, blast: BlastId, limit: u32) -> Result<u64, StoreError> {
        let all = self.recipients_of(blast, None);
        let cleared = all.iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
        let ids: Vec<MessageId> = cleared.map(|it| it.id).collect();
        let rows = Arc::make_mut(&mut self.recipients);
        ids.iter().for_each(|id| drop(rows.remove(id)));
        Ok(ids.len() as u64)
    }

    async fn forget_addresses(&mut self, blast: BlastId) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.recipients).values_mut();
        rows.filter(|(of, _)| *of == blast).for_each(|(_, it)| it.address = None);
        Ok(())
    }

    async fn write_texts(
        &mut self,
        blast: BlastId,
        now: DateTime<Utc>,
        page: PageRequest<MessageId>,
    ) -> Result<Page<MessageId, MessageId>, StoreError> {
        let of = ReadBlasts::by_id(self, blast).await?;
        let of = of.ok_or_else(|| StoreError::Other("there is no such blast".into()))?;
        let page = ReadBlasts::recipients(self, blast, page).await?;
        let mut waiting = Vec::new();
        for it in page.rows.iter().filter(|it| it.planned != Planned::Refuse) {
            if !self.messages.contains_key(&it.id) {
                let number = Number {
                    phone: it.phone.clone(),
                    id: it.id.0,
                    welcomed_at: None,
                    opted_out_at: None,
                    opted_in_at: None,
                    language: None,
                    created_at: now,
                    modified_at: now,
                };
                Messages::lock_or_insert(self, &number).await?;
                let message = Message {
                    id: it.id,
                    phone: Some(it.phone.clone()),
                    direction: Direction::Out,
                    text: Some(of.content.clone()),
                    status: None,
                    status_at: None,
                    failure: None,
                    carrier_id: None,
                    more: of.map.map(note_of),
                    blast: Some(blast),
                    purpose: Some(Purpose::Campaign),
                    sender: of.sender,
                    whereabouts: Some(it.whereabouts.clone()),
                    rule: None,
                    held_until: None,
                    decided_at: None,
                    created_at: now,
                    modified_at: now,
                };
                Messages::insert(self, &message).await?;
            }
            if self.messages.get(&it.id).is_some_and(|message| message.status.is_none()) {
                waiting.push(it.id);
            }
        }
        Ok(Page { rows: waiting, next: page.next })
    }
}
