//! Text messages and the numbers they go to.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    decision::Purpose,
    ids::MessageId,
    person::Phone,
    ports::store::{Messages, ReadMessages, StoreError},
    sms::{Failure, Message, Number},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::messages::{ChangedMessage, MessageRow, NumberRow, SentRow, SentToRow, states, zones},
    session::{Session, query},
    statements::messages as statements,
};

#[async_trait]
impl<D: Dialect> ReadMessages for Session<D> {
    async fn number(&mut self, phone: &Phone) -> Result<Option<Number>, StoreError> {
        self.optional::<NumberRow, _>(query(statements::NUMBER).bind(phone.e164())).await
    }

    async fn by_id(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.optional::<MessageRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn is_known(&mut self, phone: &Phone, carrier_id: &str) -> Result<bool, StoreError> {
        let statement = query(statements::KNOWN).bind(phone.e164()).bind(carrier_id);
        let found: Vec<Uuid> = self.values(statement).await?;
        Ok(!found.is_empty())
    }

    async fn last_to(&mut self, phone: &Phone) -> Result<Option<Message>, StoreError> {
        self.optional::<MessageRow, _>(query(statements::LAST_TO).bind(phone.e164())).await
    }

    async fn sent_since(
        &mut self,
        phone: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<(Purpose, DateTime<Utc>)>, StoreError> {
        let statement = query(statements::SENT_SINCE).bind(phone.e164()).bind(Moment(since));
        self.rows::<SentRow>(statement).await?.into_iter().map(SentRow::read).collect()
    }

    async fn sent_to_since(
        &mut self,
        phones: &[Phone],
        since: DateTime<Utc>,
    ) -> Result<Vec<(Phone, Purpose, DateTime<Utc>)>, StoreError> {
        let statement = query(statements::SENT_TO_SINCE).bind(numbers(phones)).bind(Moment(since));
        self.rows::<SentToRow>(statement).await?.into_iter().map(SentToRow::read).collect()
    }
}

#[async_trait]
impl<D: Dialect> Messages for Session<D> {
    async fn lock_number(&mut self, phone: &Phone) -> Result<Option<Number>, StoreError> {
        self.optional::<NumberRow, _>(query(statements::LOCK_NUMBER).bind(phone.e164())).await
    }

    async fn lock_or_insert(&mut self, fresh: &Number) -> Result<Number, StoreError> {
        if let Some(number) = self.lock_number(&fresh.phone).await? {
            return Ok(number);
        }
        let statement = query(statements::INSERT_NUMBER)
            .bind(fresh.phone.e164())
            .bind(fresh.id)
            .bind(fresh.welcomed_at.map(Moment))
            .bind(fresh.opted_out_at.map(Moment))
            .bind(fresh.opted_in_at.map(Moment))
            .bind(fresh.language.as_ref().map(ToString::to_string))
            .bind(Moment(fresh.created_at))
            .bind(Moment(fresh.modified_at));
        self.change("number", statement).await?;
        // ours, or that of somebody who was faster
        let number = self.lock_number(&fresh.phone).await?;
        number.ok_or_else(|| StoreError::Other("a number that was just made is gone".into()))
    }

    async fn update_number(&mut self, number: &Number) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE_NUMBER)
            .bind(number.phone.e164())
            .bind(number.welcomed_at.map(Moment))
            .bind(number.opted_out_at.map(Moment))
            .bind(number.opted_in_at.map(Moment))
            .bind(Moment(number.modified_at))
            .bind(number.language.as_ref().map(ToString::to_string));
        self.change_one("number", statement).await
    }

    async fn insert(&mut self, message: &Message) -> Result<(), StoreError> {
        let statement = query(statements::INSERT)
            .bind(message.id.0)
            .bind(message.phone.as_ref().map(|phone| phone.e164()))
            .bind(message.direction.wire())
            .bind(&message.text)
            .bind(message.status.map(|status| status.wire()))
            .bind(message.status_at.map(Moment))
            .bind(&message.carrier_id)
            .bind(message.more.as_ref().map(Json))
            .bind(message.blast.map(|blast| blast.0))
            .bind(Moment(message.created_at))
            .bind(Moment(message.modified_at))
            .bind(message.purpose.map(|purpose| purpose.wire()))
            .bind(message.sender.map(|sender| sender.0))
            .bind(message.whereabouts.as_ref().map(zones))
            .bind(message.whereabouts.as_ref().map(states))
            .bind(message.rule.map(|rule| rule.id().into_owned()))
            .bind(message.held_until.map(Moment))
            .bind(message.decided_at.map(Moment))
            .bind(message.failure.map(Failure::wire));
        self.change_one("message", statement).await
    }

    async fn lock(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.optional::<MessageRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, message: &Message) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE)
            .bind(message.id.0)
            .bind(message.status.map(|status| status.wire()))
            .bind(message.status_at.map(Moment))
            .bind(&message.carrier_id)
            .bind(Moment(message.modified_at))
            .bind(message.rule.map(|rule| rule.id().into_owned()))
            .bind(message.held_until.map(Moment))
            .bind(message.decided_at.map(Moment))
            .bind(message.failure.map(Failure::wire));
        self.change_one("message", statement).await
    }

    async fn lock_numbers(&mut self, phones: &[Phone]) -> Result<Vec<Number>, StoreError> {
        self.all::<NumberRow, _>(query(statements::LOCK_NUMBERS).bind(numbers(phones))).await
    }

    async fn lock_all(&mut self, ids: &[MessageId]) -> Result<Vec<Message>, StoreError> {
        let ids: Vec<String> = ids.iter().map(|id| id.0.simple().to_string()).collect();
        self.all::<MessageRow, _>(query(statements::LOCK_ALL).bind(Json(&ids))).await
    }

    async fn update_all(&mut self, messages: &[Message]) -> Result<(), StoreError> {
        if messages.is_empty() {
            return Ok(());
        }
        let changed: Vec<ChangedMessage<'_>> = messages.iter().map(ChangedMessage::from).collect();
        let changed = self.change("message", query(statements::UPDATE_ALL).bind(Json(&changed))).await?;
        match usize::try_from(changed) {
            Ok(changed) if changed == messages.len() => Ok(()),
            _ => Err(StoreError::Other("there is no such message".into())),
        }
    }
}

fn numbers(phones: &[Phone]) -> Json<Vec<&str>> {
    Json(phones.iter().map(Phone::e164).collect())
}
