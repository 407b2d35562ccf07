//! Blasts, whom they are for, and what became of each.

use serde::Serialize;
use sqlx::FromRow;
use turnout_core::{
    action::jobs::FINISHED,
    address::{Address, State},
    blast::{Blast, BlastStatus, Filter, Micros, Planned, Reached, Recipient, Seal, Signed, filter::Values},
    decision::Rule,
    ids::{BlastId, MessageId, SubscriberId, UserId},
    person::Phone,
    ports::{
        maps::Voting,
        store::{Reachable, Reckoned, StoreError},
    },
    sms::{Failure, MessageStatus},
};
use uuid::Uuid;

use super::{
    corrupt,
    messages::{states, whereabouts, zones},
    optional, required, table,
};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::blasts as statements};

#[derive(FromRow)]
pub(crate) struct BlastRow {
    uuid: Uuid,
    description: Option<String>,
    campaign: Option<String>,
    content: Option<String>,
    subscriber_id: Option<Uuid>,
    audience: Option<String>,
    status: String,
    price: Option<i64>,
    budget: Option<i64>,
    segments: Option<i64>,
    sendable: Option<i64>,
    planned_by: Option<String>,
    planned_by_id: Option<Uuid>,
    planned_at: Option<Moment>,
    seal: Option<String>,
    tested_by: Option<String>,
    tested_by_id: Option<Uuid>,
    tested_at: Option<Moment>,
    approved_by: Option<String>,
    approved_by_id: Option<Uuid>,
    approved_at: Option<Moment>,
    approved_seal: Option<String>,
    run: Option<i64>,
    enqueued: Option<i64>,
    started_by: Option<String>,
    started_by_id: Option<Uuid>,
    started_at: Option<Moment>,
    stopped_by: Option<String>,
    stopped_by_id: Option<Uuid>,
    stopped_at: Option<Moment>,
    finished_at: Option<Moment>,
    modified_at: Moment,
    map: Option<String>,
    created_at: Moment,
}
table!(BlastRow, "smsbot_blast", statements::COLUMNS, "blast");

impl TryFrom<BlastRow> for Blast {
    type Error = StoreError;

    fn try_from(row: BlastRow) -> Result<Self, StoreError> {
        let seal =
            |column, text: Option<String>| optional::<BlastRow, _>(column, text.as_deref(), Seal::parse);
        Ok(Self {
            id: BlastId(row.uuid),
            name: row.description.unwrap_or_default(),
            campaign: row.campaign,
            content: row.content.unwrap_or_default(),
            map: optional::<BlastRow, _>("map", row.map.as_deref(), Voting::parse)?,
            sender: row.subscriber_id.map(SubscriberId),
            filter: row.audience,
            status: required::<BlastRow, _>("status", &row.status, BlastStatus::parse)?,
            price: Micros(row.price.ok_or_else(|| corrupt::<BlastRow>("price"))?),
            budget: Micros(row.budget.ok_or_else(|| corrupt::<BlastRow>("budget"))?),
            segments: count("segments", row.segments)?,
            sendable: count("sendable", row.sendable)?,
            planned: signed("planned_by", row.planned_by, row.planned_by_id, row.planned_at)?,
            seal: seal("seal", row.seal)?,
            tested: signed("tested_by", row.tested_by, row.tested_by_id, row.tested_at)?,
            approved: signed("approved_by", row.approved_by, row.approved_by_id, row.approved_at)?,
            approved_seal: seal("approved_seal", row.approved_seal)?,
            run: count("run", row.run)?,
            enqueued: count("enqueued", row.enqueued)?,
            started: signed("started_by", row.started_by, row.started_by_id, row.started_at)?,
            stopped: signed("stopped_by", row.stopped_by, row.stopped_by_id, row.stopped_at)?,
            finished_at: row.finished_at.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

fn count<T: TryFrom<i64>>(column: &'static str, number: Option<i64>) -> Result<T, StoreError> {
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| corrupt::<BlastRow>(column))
}

fn signed(
    column: &'static str,
    by: Option<String>,
    user: Option<Uuid>,
    at: Option<Moment>,
) -> Result<Option<Signed>, StoreError> {
    match (by, at) {
        (Some(by), Some(at)) => Ok(Some(Signed { by, user: user.map(UserId), at: at.0 })),
        (None, None) => Ok(None),
        _ => Err(corrupt::<BlastRow>(column)),
    }
}

/// Binds what `UPDATE` takes; `INSERT` takes `created_at` too.
pub(crate) fn bind_blast<D: Dialect>(statement: Statement<D>, blast: &Blast) -> Statement<D> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let by = |signed: &Option<Signed>| signed.as_ref().map(|it| it.by.clone());
    let user = |signed: &Option<Signed>| signed.as_ref().and_then(|it| it.user).map(|id| id.0);
    let at = |signed: &Option<Signed>| signed.as_ref().map(|it| Moment(it.at));
    statement
        .bind(blast.id.0)
        .bind(blast.name.clone())
        .bind(blast.campaign.clone())
        .bind(blast.content.clone())
        .bind(blast.sender.map(|id| id.0))
        .bind(blast.filter.clone())
        .bind(blast.status.wire())
        .bind(blast.price.0)
        .bind(blast.budget.0)
        .bind(i64::from(blast.segments))
        .bind(number(blast.sendable))
        .bind(by(&blast.planned))
        .bind(user(&blast.planned))
        .bind(at(&blast.planned))
        .bind(blast.seal.map(|seal| seal.to_string()))
        .bind(by(&blast.tested))
        .bind(user(&blast.tested))
        .bind(at(&blast.tested))
        .bind(by(&blast.approved))
        .bind(user(&blast.approved))
        .bind(at(&blast.approved))
        .bind(blast.approved_seal.map(|seal| seal.to_string()))
        .bind(i64::from(blast.run))
        .bind(number(blast.enqueued))
        .bind(by(&blast.started))
        .bind(user(&blast.started))
        .bind(at(&blast.started))
        .bind(by(&blast.stopped))
        .bind(user(&blast.stopped))
        .bind(at(&blast.stopped))
        .bind(blast.finished_at.map(Moment))
        .bind(Moment(blast.modified_at))
        .bind(blast.map.map(Voting::wire))
}

#[derive(FromRow)]
pub(crate) struct RecipientRow {
    uuid: Uuid,
    phone: String,
    zones: String,
    states: String,
    planned: String,
    rule: Option<String>,
    address: Option<String>,
}
table!(RecipientRow, "blast_recipient", statements::RECIPIENT_COLUMNS, "recipient");

impl TryFrom<RecipientRow> for Recipient {
    type Error = StoreError;

    fn try_from(row: RecipientRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MessageId(row.uuid),
            phone: Phone::from_stored(row.phone),
            whereabouts: whereabouts::<RecipientRow>(&row.zones, &row.states)?,
            address: row.address,
            planned: required::<RecipientRow, _>("planned", &row.planned, Planned::parse)?,
            rule: optional::<RecipientRow, _>("rule", row.rule.as_deref(), Rule::parse)?,
        })
    }
}

/// Somebody, and the blast.
#[derive(FromRow)]
pub(crate) struct OneRecipientRow {
    #[sqlx(flatten)]
    recipient: RecipientRow,
    blast_id: Uuid,
}
table!(OneRecipientRow, "blast_recipient", statements::RECIPIENT_COLUMNS, "recipient");

impl OneRecipientRow {
    pub(crate) fn read(self) -> Result<(BlastId, Recipient), StoreError> {
        Ok((BlastId(self.blast_id), self.recipient.try_into()?))
    }
}

/// How far somebody is.
#[derive(FromRow)]
pub(crate) struct ReachedRow {
    planned: String,
    planned_rule: Option<String>,
    status: Option<String>,
    text_rule: Option<String>,
    was_held: bool,
    is_held: bool,
    failure: Option<String>,
    has_carrier_id: bool,
}
table!(ReachedRow, "blast_recipient", statements::REACHED_COLUMNS, "recipient");

impl TryFrom<ReachedRow> for Reached {
    type Error = StoreError;

    fn try_from(row: ReachedRow) -> Result<Self, StoreError> {
        let rule =
            |column, text: Option<String>| optional::<ReachedRow, _>(column, text.as_deref(), Rule::parse);
        Ok(Self {
            planned: required::<ReachedRow, _>("planned", &row.planned, Planned::parse)?,
            planned_rule: rule("rule", row.planned_rule)?,
            status: optional::<ReachedRow, _>("status", row.status.as_deref(), MessageStatus::parse)?,
            rule: rule("rule", row.text_rule)?,
            was_held: row.was_held,
            is_held: row.is_held,
            failure: optional::<ReachedRow, _>("failure", row.failure.as_deref(), Failure::parse)?,
            has_carrier_id: row.has_carrier_id,
        })
    }
}

/// Somebody, and how far.
#[derive(FromRow)]
pub(crate) struct RecipientReachedRow {
    #[sqlx(flatten)]
    recipient: RecipientRow,
    #[sqlx(flatten)]
    reached: ReachedRow,
}
table!(RecipientReachedRow, "blast_recipient", statements::RECIPIENT_COLUMNS, "recipient");

impl RecipientReachedRow {
    pub(crate) fn read(self) -> Result<(Recipient, Reached), StoreError> {
        Ok((self.recipient.try_into()?, self.reached.try_into()?))
    }
}

/// How many are as far.
#[derive(FromRow)]
pub(crate) struct ReckonedRow {
    #[sqlx(flatten)]
    reached: ReachedRow,
    total: i64,
}
table!(ReckonedRow, "blast_recipient", statements::REACHED_COLUMNS, "recipient");

impl TryFrom<ReckonedRow> for Reckoned {
    type Error = StoreError;

    fn try_from(row: ReckonedRow) -> Result<Self, StoreError> {
        Ok(Self { reached: row.reached.try_into()?, count: u64::try_from(row.total).unwrap_or_default() })
    }
}

/// Somebody who left a number at a tool.
#[derive(FromRow)]
pub(crate) struct ReachableRow {
    uuid: Uuid,
    phone: String,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state_id: Option<String>,
    zipcode: Option<String>,
}
table!(ReachableRow, "register_registration", statements::REACHABLE_COLUMNS, "voter");

impl TryFrom<ReachableRow> for Reachable {
    type Error = StoreError;

    fn try_from(row: ReachableRow) -> Result<Self, StoreError> {
        Ok(Self {
            record: row.uuid,
            phone: Phone::from_stored(row.phone),
            address: Address {
                address1: row.address1,
                address2: row.address2,
                city: row.city,
                state: optional::<ReachableRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
                zipcode: row.zipcode,
            },
        })
    }
}

/// Whom a blast is for, to be added.
#[derive(Serialize)]
pub(crate) struct AddedRecipient<'a> {
    uuid: String,
    phone: &'a str,
    zones: String,
    states: String,
    planned: &'static str,
    rule: Option<String>,
    address: Option<&'a str>,
}

impl<'a> From<&'a Recipient> for AddedRecipient<'a> {
    fn from(it: &'a Recipient) -> Self {
        Self {
            uuid: it.id.0.simple().to_string(),
            phone: it.phone.e164(),
            zones: zones(&it.whereabouts),
            states: states(&it.whereabouts),
            planned: it.planned.wire(),
            rule: it.rule.map(|rule| rule.id().into_owned()),
            address: it.address.as_deref(),
        }
    }
}

/// What a filter asks of a tool's records, as the statements read it.
#[derive(Serialize)]
pub(crate) struct Asked {
    subscribers: Both<String>,
    states: Both<&'static str>,
    zips: Both<String>,
    regions: Both<i64>,
    counties: Both<String>,
    opted_in: Option<bool>,
    opted_in_to_subscriber: Option<bool>,
    finished: Option<bool>,
    since: Option<String>,
    before: Option<String>,
    /// The events that end an action.
    ends: Vec<&'static str>,
}

#[derive(Serialize)]
struct Both<T> {
    any: Vec<T>,
    none: Vec<T>,
}

impl<T> Both<T> {
    fn of<V>(values: &Values<V>, each: impl Fn(&V) -> T) -> Self {
        Self { any: values.any.iter().map(&each).collect(), none: values.none.iter().map(each).collect() }
    }
}

impl From<&Filter> for Asked {
    fn from(filter: &Filter) -> Self {
        Self {
            subscribers: Both::of(&filter.subscribers, |id| id.0.simple().to_string()),
            states: Both::of(&filter.states, |state| state.code()),
            zips: Both::of(&filter.zips, String::clone),
            regions: Both::of(&filter.regions, |region| region.0),
            counties: Both::of(&filter.counties, String::clone),
            opted_in: filter.opted_in,
            opted_in_to_subscriber: filter.opted_in_to_subscriber,
            finished: filter.finished,
            since: filter.since.map(|moment| Moment(moment).text()),
            before: filter.before.map(|moment| Moment(moment).text()),
            ends: FINISHED.iter().map(|kind| kind.wire()).collect(),
        }
    }
}
