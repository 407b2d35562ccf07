//! Text messages and the numbers they go to.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert, row};
use crate::{
    decision::Purpose,
    ids::MessageId,
    person::Phone,
    ports::store::{Messages, ReadMessages, StoreError},
    sms::{Direction, Message, MessageStatus, Number},
};

#[async_trait]
impl ReadMessages for Rooms {
    async fn number(&mut self, phone: &Phone) -> Result<Option<Number>, StoreError> {
        Ok(self.numbers.get(phone).cloned())
    }

    async fn by_id(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        Ok(self.messages.get(&id).cloned())
    }

    async fn is_known(&mut self, phone: &Phone, carrier_id: &str) -> Result<bool, StoreError> {
        let is_it =
            |it: &Message| it.phone.as_ref() == Some(phone) && it.carrier_id.as_deref() == Some(carrier_id);
        Ok(self.messages.values().any(is_it))
    }

    async fn last_to(&mut self, phone: &Phone) -> Result<Option<Message>, StoreError> {
        let went = |it: &&Message| it.phone.as_ref() == Some(phone) && it.direction == Direction::Out;
        Ok(self.messages.values().filter(went).max_by_key(|it| (it.created_at, it.id)).cloned())
    }

    async fn sent_since(
        &mut self,
        phone: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<(Purpose, DateTime<Utc>)>, StoreError> {
        let went = |it: &&Message| {
            it.phone.as_ref() == Some(phone)
                && it.direction == Direction::Out
                && it.created_at >= since
                && it.status.is_some_and(|status| status != MessageStatus::Failed)
        };
        let mut sent: Vec<&Message> = self.messages.values().filter(went).collect();
        sent.sort_by_key(|it| std::cmp::Reverse((it.created_at, it.id)));
        Ok(sent.into_iter().filter_map(|it| it.purpose.zip(it.decided_at)).take(100).collect())
    }
}

#[async_trait]
impl Messages for Rooms {
    async fn lock_number(&mut self, phone: &Phone) -> Result<Option<Number>, StoreError> {
        ReadMessages::number(self, phone).await
    }

    async fn lock_or_insert(&mut self, fresh: &Number) -> Result<Number, StoreError> {
        if let Some(number) = self.numbers.get(&fresh.phone) {
            return Ok(number.clone());
        }
        insert(&mut self.numbers, fresh.phone.clone(), fresh, "number")?;
        Ok(fresh.clone())
    }

    async fn update_number(&mut self, number: &Number) -> Result<(), StoreError> {
        let row = row(&mut self.numbers, &number.phone, "number")?;
        (row.welcomed_at, row.opted_out_at, row.opted_in_at, row.modified_at) =
            (number.welcomed_at, number.opted_out_at, number.opted_in_at, number.modified_at);
        row.language.clone_from(&number.language);
        Ok(())
    }

    async fn insert(&mut self, message: &Message) -> Result<(), StoreError> {
        insert(&mut self.messages, message.id, message, "message")
    }

    async fn lock(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        Ok(self.messages.get(&id).cloned())
    }

    async fn update(&mut self, message: &Message) -> Result<(), StoreError> {
        let row = row(&mut self.messages, &message.id, "message")?;
        (row.status, row.status_at) = (message.status, message.status_at);
        row.failure = message.failure;
        row.carrier_id.clone_from(&message.carrier_id);
        (row.rule, row.held_until, row.decided_at) = (message.rule, message.held_until, message.decided_at);
        row.modified_at = message.modified_at;
        Ok(())
    }
}
