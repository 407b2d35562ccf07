//! Single rows, as record pages show and set them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    back_office::{Column, Entity, Narrowing, Order, Record, RecordKey, Value},
    ids::parse_uuid,
    page::{Page, PageRequest},
    ports::store::{ReadRecords, Records, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::{END_OF_TIME, Moment},
    rows::records::RecordRow,
    session::{Session, Statement, query},
    statements::{Text, records as statements},
};

/// The statements of a table: a page, the same narrowed, one row, and one that is held.
struct Statements {
    page: Text,
    narrowed: Option<Text>,
    one: Text,
    lock: Option<Text>,
}

fn statements_of(entity: Entity) -> Statements {
    use statements as it;

    let (page, narrowed, one, lock) = match entity {
        Entity::ApiKeys => (it::API_KEYS, Some(it::API_KEYS_OF), it::API_KEY, Some(it::API_KEY_LOCK)),
        Entity::Blasts => (it::BLASTS, None, it::BLAST, None),
        Entity::Faxes => (it::FAXES, Some(it::FAXES_OF), it::FAX, None),
        Entity::FieldTypes => (it::FIELD_TYPES, None, it::FIELD_TYPE, Some(it::FIELD_TYPE_LOCK)),
        Entity::Files => (it::FILES, Some(it::FILES_OF), it::FILE, None),
        Entity::Interests => (it::INTERESTS, Some(it::INTERESTS_OF), it::INTEREST, None),
        Entity::Invites => (it::INVITES, None, it::INVITE, None),
        Entity::Letters => (it::LETTERS, Some(it::LETTERS_OF), it::LETTER, None),
        Entity::Messages => (it::MESSAGES, Some(it::MESSAGES_OF), it::MESSAGE, None),
        Entity::Numbers => (it::NUMBERS, None, it::NUMBER, None),
        Entity::Products => (it::PRODUCTS, None, it::PRODUCT, None),
        Entity::Regions => (it::REGIONS, Some(it::REGIONS_OF), it::REGION, None),
        Entity::Reports => (it::REPORTS, Some(it::REPORTS_OF), it::REPORT, None),
        Entity::Slugs => (it::SLUGS, Some(it::SLUGS_OF), it::SLUG, None),
        Entity::States => (it::STATES, None, it::STATE, Some(it::STATE_LOCK)),
        Entity::Subscribers => (it::SUBSCRIBERS, None, it::SUBSCRIBER, None),
        Entity::Subscriptions => (it::SUBSCRIPTIONS, Some(it::SUBSCRIPTIONS_OF), it::SUBSCRIPTION, None),
        Entity::UpdateWebhooks => {
            (it::UPDATE_WEBHOOKS, None, it::UPDATE_WEBHOOK, Some(it::UPDATE_WEBHOOK_LOCK))
        }
        Entity::Users => (it::USERS, None, it::USER, None),
        Entity::Webhooks => (it::WEBHOOKS, Some(it::WEBHOOKS_OF), it::WEBHOOK, None),
    };
    Statements { page, narrowed, one, lock }
}

/// The statement that sets a column, where one may be set.
fn setter(entity: Entity, column: &str) -> Option<Text> {
    Some(match (entity, column) {
        (Entity::ApiKeys, "description") => statements::API_KEY_DESCRIPTION,
        (Entity::FieldTypes, "long_name") => statements::FIELD_TYPE_LONG_NAME,
        (Entity::FieldTypes, "help_text") => statements::FIELD_TYPE_HELP_TEXT,
        (Entity::UpdateWebhooks, "name") => statements::UPDATE_WEBHOOK_NAME,
        (Entity::UpdateWebhooks, "active") => statements::UPDATE_WEBHOOK_ACTIVE,
        (Entity::States, "allow_print_and_forward") => statements::STATE_REGISTRATIONS_MAILED,
        (Entity::States, "allow_absentee_print_and_forward") => statements::STATE_BALLOT_REQUESTS_MAILED,
        _ => return None,
    })
}

fn unset(entity: Entity, column: &str) -> StoreError {
    StoreError::Other(format!("{column} of {} is not set by hand", entity.shape().many).into())
}

/// The statement with the id bound to it; nothing where the text is no id of the entity.
fn with_id<D: Dialect>(entity: Entity, text: Text, id: &str) -> Option<Statement<D>> {
    let shape = entity.shape();
    match (shape.has_uuid, shape.order) {
        (true, _) => parse_uuid(id).map(|id| query(text).bind(id)),
        (false, Order::Number) => number(id).map(|id| query(text).bind(id)),
        (false, _) => (!is_unfindable(id)).then(|| query(text).bind(id.to_owned())),
    }
}

/// The id of what goes by a number.
fn number(id: &str) -> Option<i64> {
    id.bytes().all(|byte| byte.is_ascii_digit()).then(|| id.parse().ok())?
}

impl<D: Dialect> Session<D> {
    async fn records_of(
        &mut self,
        entity: Entity,
        columns: &[Column],
        statement: Statement<D>,
    ) -> Result<Vec<Record>, StoreError> {
        let rows: Vec<RecordRow> = self.rows(statement).await?;
        rows.into_iter().map(|row| row.read(columns, entity.shape().has_uuid)).collect()
    }

    async fn record(&mut self, entity: Entity, text: Text, id: &str) -> Result<Option<Record>, StoreError> {
        let Some(statement) = with_id(entity, text, id) else { return Ok(None) };
        Ok(self.records_of(entity, entity.shape().columns, statement).await?.into_iter().next())
    }
}

#[async_trait]
impl<D: Dialect> ReadRecords for Session<D> {
    async fn page(
        &mut self,
        entity: Entity,
        narrow: Option<&str>,
        page: &PageRequest<RecordKey>,
    ) -> Result<Page<Record, RecordKey>, StoreError> {
        let shape = entity.shape();
        let nobody = Page { rows: Vec::new(), next: None };
        let one_more = i64::from(page.limit) + 1;
        let statements = statements_of(entity);
        let statement = match (shape.order, narrow, statements.narrowed) {
            (Order::Id, ..) => {
                let after = page.after.as_ref().map_or("", |after| after.id.as_str());
                if is_unfindable(after) {
                    return Ok(nobody);
                }
                query(statements.page).bind(after.to_owned()).bind(one_more)
            }
            (Order::Number, narrow, narrowed) => {
                let after = page.after.as_ref().map_or(Some(i64::MIN), |after| number(&after.id));
                let Some(after) = after else { return Ok(nobody) };
                match (narrow, narrowed) {
                    (None, _) => query(statements.page).bind(after).bind(one_more),
                    (Some(narrow), Some(text)) if !is_unfindable(narrow) => {
                        query(text).bind(after).bind(one_more).bind(narrow.to_owned())
                    }
                    (Some(_), _) => return Ok(nobody),
                }
            }
            (Order::Newest, narrow, narrowed) => {
                let after = page.after.as_ref();
                let moment = after.map_or(END_OF_TIME, |after| after.at);
                let id = after.map_or(Uuid::max(), |after| parse_uuid(&after.id).unwrap_or(Uuid::nil()));
                let begun = |text| query(text).bind(Moment(moment)).bind(id).bind(one_more);
                match (narrow, narrowed, shape.narrowing) {
                    (Some(narrow), Some(text), Some(Narrowing::Subscriber)) => match parse_uuid(narrow) {
                        Some(subscriber) => begun(text).bind(subscriber),
                        None => return Ok(nobody),
                    },
                    (Some(narrow), Some(text), _) if !is_unfindable(narrow) => {
                        begun(text).bind(narrow.to_owned())
                    }
                    (Some(_), ..) => return Ok(nobody),
                    (None, ..) => begun(statements.page),
                }
            }
        };
        let rows = self.records_of(entity, shape.list_columns(), statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &Record| it.key.clone()))
    }

    async fn one(&mut self, entity: Entity, id: &str) -> Result<Option<Record>, StoreError> {
        self.record(entity, statements_of(entity).one, id).await
    }
}

#[async_trait]
impl<D: Dialect> Records for Session<D> {
    async fn lock(&mut self, entity: Entity, id: &str) -> Result<Option<Record>, StoreError> {
        let lock = statements_of(entity).lock.ok_or_else(|| unset(entity, "anything"))?;
        self.record(entity, lock, id).await
    }

    async fn set(
        &mut self,
        entity: Entity,
        id: &str,
        column: &str,
        value: &Value,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let refused = || unset(entity, column);
        let text = setter(entity, column).ok_or_else(refused)?;
        let statement = with_id(entity, text, id).ok_or_else(refused)?;
        let statement = match value {
            Value::Number(number) => statement.bind(*number),
            Value::Flag(flag) => statement.bind(*flag),
            Value::Text(text) => statement.bind(text.clone()),
            Value::Nothing => statement.bind(None::<String>),
            Value::Moment(moment) => statement.bind(Moment(*moment)),
        };
        self.change_one(entity.shape().one, statement.bind(Moment(now))).await
    }
}
