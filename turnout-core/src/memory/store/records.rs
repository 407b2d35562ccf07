//! Single rows, as record pages show and set them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::Rooms;
use crate::{
    back_office::{Entity, Order, Record, RecordKey, Shape, Value},
    fax::{FaxThen, TASK_OF_BALLOT_REQUEST},
    page::{Page, PageRequest},
    ports::store::{ReadRecords, Records, StoreError},
};

/// A record, and what it is narrowed by.
struct Row {
    record: Record,
    narrow: Option<String>,
}

fn text(it: impl Into<String>) -> Value {
    Value::Text(it.into())
}

fn id(it: Option<impl ToString>) -> Value {
    Value::from(it.map(|it| it.to_string()))
}

fn row(
    id: impl ToString,
    at: DateTime<Utc>,
    narrow: Option<impl ToString>,
    values: impl Into<Vec<Value>>,
) -> Row {
    Row {
        record: Record { key: RecordKey { at, id: id.to_string() }, values: values.into() },
        narrow: narrow.map(|it| it.to_string()),
    }
}

const NOBODY: Option<String> = None;

impl Rooms {
    /// Every record of an entity, whole.
    fn all_records(&self, entity: Entity) -> Vec<Row> {
        let moment = Value::Moment;
        match entity {
            Entity::ApiKeys => self
                .api_keys
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        it.subscriber,
                        [
                            id(it.subscriber),
                            Value::from(it.description.clone()),
                            Value::from(it.deactivated_at),
                            moment(it.created_at),
                            id(it.created_by),
                            id(it.deactivated_by),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Blasts => self
                .blasts
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            text(&it.name),
                            Value::from(it.campaign.clone()),
                            text(it.status.wire()),
                            id(it.sender),
                            moment(it.created_at),
                            text(&it.content),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Faxes => self
                .faxes
                .values()
                .map(|it| {
                    let request = it.then.map(|FaxThen::BallotRequest(request)| request);
                    row(
                        it.id,
                        it.created_at,
                        Some(it.status.wire()),
                        [
                            Value::from(it.to.as_ref().map(|to| to.e164())),
                            text(it.status.wire()),
                            Value::from(it.status_at),
                            moment(it.created_at),
                            Value::from(it.status_message.clone()),
                            text(it.file.to_string()),
                            Value::from(request.map(|_| TASK_OF_BALLOT_REQUEST)),
                            id(request),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::FieldTypes => self
                .field_types
                .values()
                .map(|it| {
                    row(
                        &it.slug,
                        it.modified_at,
                        NOBODY,
                        [
                            text(&it.long_name),
                            Value::from(it.format.map(|format| format.wire())),
                            Value::from(it.help_text.clone()),
                            moment(it.created_at),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Files => self
                .files
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        it.subscriber,
                        [
                            text(it.kind.wire()),
                            id(it.subscriber),
                            moment(it.expires),
                            Value::from(it.first_download),
                            Value::from(it.purged),
                            moment(it.created_at),
                            text(&it.name),
                            Value::from(it.email.clone()),
                            Value::Flag(it.claimed),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Interests => self
                .interests
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        Some(it.status.wire()),
                        [
                            Value::from(it.organization_name.clone()),
                            text(it.status.wire()),
                            text(it.plan.wire()),
                            moment(it.created_at),
                            Value::from(it.website.clone()),
                            Value::from(it.contact.first_name.clone()),
                            Value::from(it.contact.last_name.clone()),
                            Value::from(it.contact.email.clone()),
                            Value::from(it.contact.phone.as_ref().map(|phone| phone.e164())),
                            Value::from(it.ein.clone()),
                            text(it.sms_mode.wire()),
                            Value::from(it.reject_reason.clone()),
                            Value::from(it.nonprofit),
                            id(it.product),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Invites => self
                .invites
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            text(&it.email),
                            id(Some(it.primary)),
                            moment(it.expires),
                            Value::from(it.consumed_at),
                            moment(it.created_at),
                            id(it.user),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Letters => self
                .letters
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        it.subscriber,
                        [
                            id(it.subscriber),
                            Value::from(it.external_id.clone()),
                            moment(it.created_at),
                            text(it.action.to_string()),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Messages => self
                .messages
                .values()
                .map(|it| {
                    let phone = it.phone.as_ref().map(|phone| phone.e164());
                    row(
                        it.id,
                        it.created_at,
                        phone,
                        [
                            Value::from(phone),
                            text(it.direction.wire()),
                            Value::from(it.status.map(|status| status.wire())),
                            Value::from(it.purpose.map(|purpose| purpose.wire())),
                            moment(it.created_at),
                            Value::from(it.text.clone()),
                            Value::from(it.status_at),
                            Value::from(it.carrier_id.clone()),
                            id(it.blast),
                            id(it.sender),
                            Value::from(it.rule.map(|rule| rule.id().into_owned())),
                            Value::from(it.held_until),
                            Value::from(it.decided_at),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Numbers => self
                .numbers
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            text(it.phone.e164()),
                            Value::from(it.welcomed_at),
                            Value::from(it.opted_out_at),
                            Value::from(it.opted_in_at),
                            moment(it.created_at),
                            id(it.language.clone()),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Products => self
                .products
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            Value::from(it.months),
                            Value::from(it.cost),
                            Value::from(it.public),
                            moment(it.created_at),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Regions => self
                .regions
                .values()
                .map(|it| {
                    let gone = self.gone_regions.get(&it.id);
                    let successor = gone.and_then(|gone| gone.successor);
                    row(
                        it.id,
                        DateTime::UNIX_EPOCH,
                        it.state.map(|state| state.code()),
                        [
                            Value::from(it.name.clone()),
                            Value::from(it.county.clone()),
                            Value::from(it.state.map(|state| state.code())),
                            Value::Flag(it.hidden),
                            Value::from(gone.map(|gone| gone.at)),
                            Value::from(it.municipality.clone()),
                            Value::from(it.municipality_type.clone()),
                            Value::from(successor.map(|id| id.0)),
                            Value::from(it.external_updated),
                        ],
                    )
                })
                .collect(),
            Entity::Reports => self
                .reports
                .values()
                .map(|it| {
                    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
                    row(
                        it.id,
                        it.created_at,
                        Some(it.subscriber),
                        [
                            text(it.kind.wire()),
                            text(it.status.wire()),
                            id(Some(it.subscriber)),
                            id(it.author),
                            moment(it.created_at),
                            id(it.file),
                            Value::Number(count(it.written)),
                            Value::from(it.total.map(count)),
                            Value::from(it.since),
                            Value::from(it.before),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Slugs => self
                .slugs
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        Some(it.subscriber),
                        [text(&it.slug), id(Some(it.subscriber)), moment(it.created_at)],
                    )
                })
                .collect(),
            Entity::States => self
                .states
                .values()
                .map(|it| {
                    row(
                        it.code,
                        it.modified_at,
                        NOBODY,
                        [
                            text(&it.name),
                            Value::from(it.allow_print_and_forward),
                            Value::from(it.allow_absentee_print_and_forward),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Subscribers => self
                .subscribers
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            text(&it.name),
                            text(it.status.wire()),
                            Value::Flag(it.is_first_party),
                            Value::Flag(it.has_api_access),
                            moment(it.created_at),
                            text(&it.url),
                            Value::from(it.email.clone()),
                            Value::from(it.privacy_policy.clone()),
                            Value::from(it.terms_of_service.clone()),
                            Value::from(it.sms_enabled),
                            Value::from(it.sms_checkbox),
                            Value::from(it.sms_checkbox_default),
                            Value::from(it.sms_disclaimer.clone()),
                            id(it.default_slug),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Subscriptions => self
                .subscriptions
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        Some(it.subscriber),
                        [
                            id(Some(it.subscriber)),
                            text(it.plan.wire()),
                            id(it.expires),
                            moment(it.created_at),
                            Value::from(it.contact.first_name.clone()),
                            Value::from(it.contact.last_name.clone()),
                            Value::from(it.contact.email.clone()),
                            Value::from(it.contact.phone.as_ref().map(|phone| phone.e164())),
                            Value::from(it.ein.clone()),
                            Value::from(it.internal_notes.clone()),
                            id(it.interest),
                            id(it.product),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::UpdateWebhooks => self
                .update_webhooks
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            Value::from(it.name.clone()),
                            Value::Flag(it.is_active),
                            Value::from(it.last_triggered),
                            Value::from(it.failed_at),
                            moment(it.created_at),
                            Value::from(it.kind.map(|kind| kind.wire())),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Users => self
                .users
                .values()
                .map(|it| {
                    row(
                        it.id,
                        it.created_at,
                        NOBODY,
                        [
                            text(&it.email),
                            text(&it.first_name),
                            text(&it.last_name),
                            Value::Flag(it.is_staff),
                            Value::Flag(it.is_active),
                            Value::from(it.last_login),
                            moment(it.created_at),
                            Value::Flag(it.is_superuser),
                            Value::Flag(it.is_election_admin),
                            Value::Flag(it.is_subscriber_admin),
                            Value::Flag(it.is_esign_admin),
                            text(it.time_zone.wire()),
                            id(it.active_subscriber),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
            Entity::Webhooks => self
                .endpoints
                .values()
                .map(|it| {
                    let topics: Vec<&str> = it.topics.iter().map(|topic| topic.wire()).collect();
                    row(
                        it.id,
                        it.created_at,
                        Some(it.subscriber),
                        [
                            id(Some(it.subscriber)),
                            Value::from(it.description.clone()),
                            Value::from(it.paused_at),
                            Value::from(it.off.map(|off| off.since)),
                            Value::from(it.removed_at),
                            moment(it.created_at),
                            text(&it.address),
                            text(topics.join(",")),
                            Value::from(it.off.map(|off| off.reason.wire())),
                            Value::Number(it.health.failures.into()),
                            Value::from(it.health.failing_since),
                            Value::from(it.health.rest_until),
                            Value::from(it.rotated_at),
                            id(it.created_by),
                            moment(it.modified_at),
                        ],
                    )
                })
                .collect(),
        }
    }
}

/// Whether a record comes after a key, in the order of its entity.
fn is_after(shape: &Shape, key: &RecordKey, after: &RecordKey) -> bool {
    match shape.order {
        Order::Newest => (key.at, &key.id) < (after.at, &after.id),
        Order::Id => key.id > after.id,
        Order::Number => number(key) > number(after),
    }
}

fn number(key: &RecordKey) -> Option<i64> {
    key.id.parse().ok()
}

#[async_trait]
impl ReadRecords for Rooms {
    async fn page(
        &mut self,
        entity: Entity,
        narrow: Option<&str>,
        page: &PageRequest<RecordKey>,
    ) -> Result<Page<Record, RecordKey>, StoreError> {
        let shape = entity.shape();
        let mut records: Vec<Record> = self
            .all_records(entity)
            .into_iter()
            .filter(|row| narrow.is_none_or(|narrow| row.narrow.as_deref() == Some(narrow)))
            .map(|row| row.record)
            .filter(|record| page.after.as_ref().is_none_or(|after| is_after(shape, &record.key, after)))
            .collect();
        records.sort_by(|one, other| match shape.order {
            Order::Newest => (other.key.at, &other.key.id).cmp(&(one.key.at, &one.key.id)),
            Order::Id => one.key.id.cmp(&other.key.id),
            Order::Number => number(&one.key).cmp(&number(&other.key)),
        });
        for record in &mut records {
            record.values.truncate(shape.listed);
        }
        Ok(Page::cut(records, page.limit, |it: &Record| it.key.clone()))
    }

    async fn one(&mut self, entity: Entity, id: &str) -> Result<Option<Record>, StoreError> {
        Ok(self.all_records(entity).into_iter().map(|row| row.record).find(|it| it.key.id == id))
    }
}

fn unset(entity: Entity, column: &str) -> StoreError {
    StoreError::Other(format!("{column} of {} is not set by hand", entity.shape().many).into())
}

#[async_trait]
impl Records for Rooms {
    async fn lock(&mut self, entity: Entity, id: &str) -> Result<Option<Record>, StoreError> {
        if !entity.shape().is_editable() {
            return Err(unset(entity, "anything"));
        }
        ReadRecords::one(self, entity, id).await
    }

    async fn set(
        &mut self,
        entity: Entity,
        id: &str,
        column: &str,
        value: &Value,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        use std::sync::Arc;

        let flag = || match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        };
        let line = || value.text().map(str::to_owned);
        let missing = || StoreError::Other("there is no such record".into());
        match (entity, column) {
            (Entity::ApiKeys, "description") => {
                let key = Arc::make_mut(&mut self.api_keys).values_mut().find(|it| it.id.to_string() == id);
                let key = key.ok_or_else(missing)?;
                (key.description, key.modified_at) = (line(), now);
            }
            (Entity::FieldTypes, "long_name" | "help_text") => {
                let kind = Arc::make_mut(&mut self.field_types).values_mut().find(|it| it.slug == id);
                let kind = kind.ok_or_else(missing)?;
                match column {
                    "long_name" => kind.long_name = line().unwrap_or_default(),
                    _ => kind.help_text = line(),
                }
                kind.modified_at = now;
            }
            (Entity::UpdateWebhooks, "name" | "active") => {
                let webhooks = Arc::make_mut(&mut self.update_webhooks);
                let webhook = webhooks.values_mut().find(|it| it.id.to_string() == id).ok_or_else(missing)?;
                match column {
                    "name" => webhook.name = line(),
                    _ => webhook.is_active = flag().unwrap_or_default(),
                }
                webhook.modified_at = now;
            }
            (Entity::States, "allow_print_and_forward" | "allow_absentee_print_and_forward") => {
                let state = Arc::make_mut(&mut self.states).values_mut().find(|it| it.code.code() == id);
                let state = state.ok_or_else(missing)?;
                match column {
                    "allow_print_and_forward" => state.allow_print_and_forward = flag(),
                    _ => state.allow_absentee_print_and_forward = flag(),
                }
                state.modified_at = now;
            }
            _ => return Err(unset(entity, column)),
        }
        Ok(())
    }
}
