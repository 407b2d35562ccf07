//! Text messages and the numbers they go to.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    decision::Purpose,
    ids::MessageId,
    person::Phone,
    sms::{Message, Number},
};

/// What this room is called.
const ROOM: &str = "messages";

/// Reads texts and numbers.
#[async_trait]
pub trait ReadMessages: Send {
    /// The number, if there is a row of it.
    async fn number(&mut self, phone: &Phone) -> Result<Option<Number>, StoreError>;

    /// The text, if there is one.
    async fn by_id(&mut self, id: MessageId) -> Result<Option<Message>, StoreError>;

    /// Whether a text of this number is there that the carrier calls so.
    async fn is_known(&mut self, phone: &Phone, carrier_id: &str) -> Result<bool, StoreError>;

    /// The newest text that went to the number.
    async fn last_to(&mut self, phone: &Phone) -> Result<Option<Message>, StoreError>;

    /// What for and when the number was sent texts that were written since: those that were handed to the carrier, or are
    /// about to be, and did not fail. Of those whose purpose is not known nothing; at most the newest hundred.
    async fn sent_since(
        &mut self,
        phone: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<(Purpose, DateTime<Utc>)>, StoreError>;

    /// The same of several numbers, each named once, in any order.
    async fn sent_to_since(
        &mut self,
        phones: &[Phone],
        since: DateTime<Utc>,
    ) -> Result<Vec<(Phone, Purpose, DateTime<Utc>)>, StoreError> {
        let mut sent = Vec::new();
        for phone in phones {
            let to_one = self.sent_since(phone, since).await?;
            sent.extend(to_one.into_iter().map(|(purpose, at)| (phone.clone(), purpose, at)));
        }
        Ok(sent)
    }
}

/// Changes texts and numbers.
#[async_trait]
pub trait Messages: ReadMessages {
    /// The number, held until the unit ends: nobody else changes it, or adds a text of it by this room, meanwhile.
    async fn lock_number(&mut self, phone: &Phone) -> Result<Option<Number>, StoreError>;

    /// The same; where there is no row, `fresh` becomes it.
    async fn lock_or_insert(&mut self, fresh: &Number) -> Result<Number, StoreError>;

    /// Writes the times and the language of a number that was locked in this unit, and `modified_at`; nothing else changes.
    async fn update_number(&mut self, number: &Number) -> Result<(), StoreError>;

    /// A new text. Conflict when the id is taken.
    async fn insert(&mut self, message: &Message) -> Result<(), StoreError>;

    /// The text, held until the unit ends.
    async fn lock(&mut self, id: MessageId) -> Result<Option<Message>, StoreError>;

    /// Writes how far a text has come that was locked in this unit, since when, why it failed, what the carrier calls it, what was decided
    /// about it and `modified_at`; nothing else changes.
    async fn update(&mut self, message: &Message) -> Result<(), StoreError>;

    /// The numbers of which there is a row, held until the unit ends, as one is; each named once. In the order of the
    /// numbers, so that two who hold several do not wait for each other.
    async fn lock_numbers(&mut self, phones: &[Phone]) -> Result<Vec<Number>, StoreError> {
        let mut phones: Vec<&Phone> = phones.iter().collect();
        phones.sort();
        let mut numbers = Vec::new();
        for phone in phones {
            numbers.extend(self.lock_number(phone).await?);
        }
        Ok(numbers)
    }

    /// The texts that are there, held until the unit ends, in the order of their ids; each named once.
    async fn lock_all(&mut self, ids: &[MessageId]) -> Result<Vec<Message>, StoreError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut messages = Vec::new();
        for id in ids {
            messages.extend(self.lock(id).await?);
        }
        Ok(messages)
    }

    /// Writes of each text what [`update`](Self::update) writes.
    async fn update_all(&mut self, messages: &[Message]) -> Result<(), StoreError> {
        for message in messages {
            self.update(message).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl ReadMessages for AbsentRoom {
    async fn number(&mut self, _phone: &Phone) -> Result<Option<Number>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn by_id(&mut self, _id: MessageId) -> Result<Option<Message>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn is_known(&mut self, _phone: &Phone, _carrier_id: &str) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn last_to(&mut self, _phone: &Phone) -> Result<Option<Message>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn sent_since(
        &mut self,
        _phone: &Phone,
        _since: DateTime<Utc>,
    ) -> Result<Vec<(Purpose, DateTime<Utc>)>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Messages for AbsentRoom {
    async fn lock_number(&mut self, _phone: &Phone) -> Result<Option<Number>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_or_insert(&mut self, _fresh: &Number) -> Result<Number, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update_number(&mut self, _number: &Number) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert(&mut self, _message: &Message) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: MessageId) -> Result<Option<Message>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _message: &Message) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
