//! Endpoints of subscribers, and what is delivered to them.

use sqlx::FromRow;
use turnout_core::{
    action::EventType,
    address::State,
    ids::{ActionId, DeliveryId, EndpointId, EventId, SubscriberId, UserId, VoterId},
    listing::Tool,
    ports::store::StoreError,
    webhook::{About, Delivery, DeliveryStatus, Endpoint, Failure, Health, Off, OffReason, Subject, Topic},
};
use uuid::Uuid;

use super::{corrupt, required, table};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::webhooks as statements};

#[derive(FromRow)]
pub(crate) struct EndpointRow {
    uuid: Uuid,
    partner_id: Uuid,
    address: String,
    description: Option<String>,
    topics: String,
    generation: i64,
    rotated_at: Option<Moment>,
    paused_at: Option<Moment>,
    off_at: Option<Moment>,
    off_reason: Option<String>,
    removed_at: Option<Moment>,
    failures: i64,
    failing_since: Option<Moment>,
    rest_until: Option<Moment>,
    modified_at: Moment,
    created_by_id: Option<Uuid>,
    created_at: Moment,
}
table!(EndpointRow, "webhook_endpoint", statements::ENDPOINT_COLUMNS, "endpoint");

fn moment(kept: Option<Moment>) -> Option<chrono::DateTime<chrono::Utc>> {
    kept.map(|moment| moment.0)
}

impl TryFrom<EndpointRow> for Endpoint {
    type Error = StoreError;

    fn try_from(row: EndpointRow) -> Result<Self, StoreError> {
        let topics = row.topics.split(',').filter(|topic| !topic.is_empty());
        let topics = topics.map(|topic| required::<EndpointRow, _>("topics", topic, Topic::parse));
        let reason = row
            .off_reason
            .as_deref()
            .map(|text| required::<EndpointRow, _>("off_reason", text, OffReason::parse))
            .transpose()?;
        Ok(Self {
            id: EndpointId(row.uuid),
            subscriber: SubscriberId(row.partner_id),
            address: row.address,
            description: row.description,
            topics: topics.collect::<Result<_, _>>()?,
            generation: u32::try_from(row.generation).map_err(|_| corrupt::<EndpointRow>("generation"))?,
            rotated_at: moment(row.rotated_at),
            paused_at: moment(row.paused_at),
            off: moment(row.off_at).zip(reason).map(|(since, reason)| Off { since, reason }),
            removed_at: moment(row.removed_at),
            health: Health {
                failures: u32::try_from(row.failures).map_err(|_| corrupt::<EndpointRow>("failures"))?,
                failing_since: moment(row.failing_since),
                rest_until: moment(row.rest_until),
            },
            created_by: row.created_by_id.map(UserId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT_ENDPOINT` (all but the last two) and `UPDATE_ENDPOINT` (all) take.
pub(crate) fn bind_endpoint<D: Dialect>(statement: Statement<D>, it: &Endpoint) -> Statement<D> {
    let topics: Vec<&str> = it.topics.iter().map(|topic| topic.wire()).collect();
    statement
        .bind(it.id.0)
        .bind(it.subscriber.0)
        .bind(&it.address)
        .bind(&it.description)
        .bind(topics.join(","))
        .bind(i64::from(it.generation))
        .bind(it.rotated_at.map(Moment))
        .bind(it.paused_at.map(Moment))
        .bind(it.off.map(|off| Moment(off.since)))
        .bind(it.off.map(|off| off.reason.wire()))
        .bind(it.removed_at.map(Moment))
        .bind(i64::from(it.health.failures))
        .bind(it.health.failing_since.map(Moment))
        .bind(it.health.rest_until.map(Moment))
        .bind(Moment(it.modified_at))
}

#[derive(FromRow)]
pub(crate) struct DeliveryRow {
    uuid: Uuid,
    status: String,
    queued_at: Moment,
    next_at: Moment,
    attempts: i64,
    tried_at: Option<Moment>,
    answer: Option<i64>,
    failure: Option<String>,
    endpoint_id: Uuid,
    topic: String,
    action_id: Option<Uuid>,
    tool: Option<String>,
    record_id: Option<Uuid>,
    state_id: Option<String>,
    event_id: Option<Uuid>,
    event_type: Option<String>,
    occurred_at: Moment,
    shard: i64,
    position: i64,
}
table!(DeliveryRow, "webhook_delivery", statements::DELIVERY_COLUMNS, "delivery");

fn read<T>(
    column: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| required::<DeliveryRow, _>(column, text, parse)).transpose()
}

impl DeliveryRow {
    fn about(&self) -> Result<Option<About>, StoreError> {
        let Some(action) = self.action_id.map(ActionId) else { return Ok(None) };
        let kind = read("event_type", self.event_type.as_deref(), EventType::parse)?;
        Ok(Some(About {
            action,
            tool: read("tool", self.tool.as_deref(), Tool::parse)?.ok_or_else(|| corrupt::<Self>("tool"))?,
            record: self.record_id.ok_or_else(|| corrupt::<Self>("record_id"))?,
            state: read("state_id", self.state_id.as_deref(), State::parse)?,
            event: self.event_id.map(EventId).zip(kind),
        }))
    }
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let answer = row.answer.map(u16::try_from).transpose();
        Ok(Self {
            id: DeliveryId(row.uuid),
            endpoint: EndpointId(row.endpoint_id),
            topic: required::<DeliveryRow, _>("topic", &row.topic, Topic::parse)?,
            about: row.about()?,
            occurred_at: row.occurred_at.0,
            shard: u8::try_from(row.shard).map_err(|_| corrupt::<DeliveryRow>("shard"))?,
            position: row.position,
            status: required::<DeliveryRow, _>("status", &row.status, DeliveryStatus::parse)?,
            queued_at: row.queued_at.0,
            next_at: row.next_at.0,
            attempts: u32::try_from(row.attempts).map_err(|_| corrupt::<DeliveryRow>("attempts"))?,
            tried_at: moment(row.tried_at),
            answer: answer.map_err(|_| corrupt::<DeliveryRow>("answer"))?,
            failure: read("failure", row.failure.as_deref(), Failure::parse)?,
        })
    }
}

/// Binds what `INSERT_DELIVERY` (the first eight) and `UPDATE_DELIVERY` (all) take.
pub(crate) fn bind_delivery<D: Dialect>(statement: Statement<D>, it: &Delivery) -> Statement<D> {
    statement
        .bind(it.id.0)
        .bind(it.status.wire())
        .bind(Moment(it.queued_at))
        .bind(Moment(it.next_at))
        .bind(i64::from(it.attempts))
        .bind(it.tried_at.map(Moment))
        .bind(it.answer.map(i64::from))
        .bind(it.failure.map(Failure::wire))
}

#[derive(FromRow)]
pub(crate) struct SubjectRow {
    tool: String,
    record_id: Uuid,
    state_id: Option<String>,
    pub(crate) partner_id: Uuid,
    voter_id: Option<Uuid>,
}
table!(SubjectRow, "action_action", statements::SUBJECT_COLUMNS, "subject");

impl SubjectRow {
    /// Whose action it is, where that is known.
    pub(crate) fn voter(&self) -> Option<VoterId> {
        self.voter_id.map(VoterId)
    }

    /// The record.
    pub(crate) fn subject(&self) -> Result<Subject, StoreError> {
        let state = self.state_id.as_deref().filter(|text| !text.is_empty());
        Ok(Subject {
            tool: required::<Self, _>("tool", &self.tool, Tool::parse)?,
            record: self.record_id,
            state: state.map(|text| required::<Self, _>("state_id", text, State::parse)).transpose()?,
        })
    }
}
