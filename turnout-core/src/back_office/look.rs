//! Records are listed and looked at.

use std::str::FromStr as _;

use super::{Entity, Kind, Narrowing, Record, RecordKey, Shape, Value};
use crate::{
    address::State,
    app::App,
    change::Change,
    ids::{SubscriberId, UserId},
    page::{Page, PageRequest},
    person::Phone,
    ports::store::StoreError,
};

/// A page of the records of a kind. `narrow` is what the kind's [`Narrowing`] says; with something that is none of that,
/// nothing is found. Telephone numbers are masked.
///
/// # Errors
/// When the store fails.
pub async fn list(
    app: &App,
    entity: Entity,
    narrow: Option<&str>,
    page: &PageRequest<RecordKey>,
) -> Result<Page<Record, RecordKey>, StoreError> {
    let shape = entity.shape();
    let mut view = app.store.view().await?;
    let nobody = Page { rows: Vec::new(), next: None };
    let by = match (shape.narrowing, narrow) {
        (None, _) | (_, None) => None,
        (Some(Narrowing::Subscriber), Some(id)) => match SubscriberId::parse(id) {
            Some(id) => Some(id.to_string()),
            None => return Ok(nobody),
        },
        (Some(Narrowing::State), Some(code)) => match State::parse(code) {
            Some(state) => Some(state.code().to_owned()),
            None => return Ok(nobody),
        },
        (Some(Narrowing::Number), Some(id)) => match view.records().one(Entity::Numbers, id).await? {
            Some(number) => number.value(Entity::Numbers.shape(), "phone").text().map(str::to_owned),
            None => return Ok(nobody),
        },
        (Some(Narrowing::Choice(words)), Some(word)) => match words.iter().find(|(it, _)| *it == word) {
            Some((word, _)) => Some((*word).to_owned()),
            None => return Ok(nobody),
        },
    };
    let mut found = view.records().page(entity, by.as_deref(), page).await?;
    found.rows.iter_mut().for_each(|record| mask(shape, record));
    Ok(found)
}

fn mask(shape: &Shape, record: &mut Record) {
    for (value, column) in record.values.iter_mut().zip(shape.columns) {
        if let (Value::Text(number), Kind::Phone) = (&mut *value, column.kind) {
            *number = Phone::from_stored(std::mem::take(number)).masked();
        }
    }
}

/// A record, whole. Where it says something of a person, it is noted that `actor` saw it.
///
/// # Errors
/// When the store fails.
pub async fn look(app: &App, actor: UserId, entity: Entity, id: &str) -> Result<Option<Record>, StoreError> {
    let shape = entity.shape();
    let found = app.store.view().await?.records().one(entity, id).await?;
    let Some(record) = found else { return Ok(None) };
    if shape.is_personal {
        let mut unit = app.store.begin().await?;
        about(app, actor, shape, &record, "seen").write(unit.as_mut()).await?;
        unit.commit().await?;
    }
    Ok(Some(record))
}

/// An entry of the log about a record.
pub(super) fn about(app: &App, actor: UserId, shape: &Shape, record: &Record, act: &str) -> Change {
    let subscriber = match shape.entity {
        Entity::Subscribers => SubscriberId::parse(&record.key.id),
        _ => shape
            .subscriber_column()
            .and_then(|column| record.value(shape, column.name).text())
            .and_then(SubscriberId::parse),
    };
    Change { subscriber, ..Change::new(app, Some(actor), shape.kind, &record.key.id, act) }
}

/// The id of the record of a telephone number, as somebody typed it; so that no number stands in a URL.
///
/// # Errors
/// When the store fails.
pub async fn id_of_number(app: &App, typed: &str) -> Result<Option<String>, StoreError> {
    let Some(phone) = Phone::parse(typed) else { return Ok(None) };
    let found = app.store.view().await?.messages().number(&phone).await?;
    Ok(found.map(|number| number.id.to_string()))
}

impl RecordKey {
    /// As text, for a link to the next page.
    #[must_use]
    pub fn cursor(&self) -> String {
        format!("{}~{}", self.at.timestamp_micros(), self.id)
    }

    /// Reads such a text.
    #[must_use]
    pub fn parse(cursor: &str) -> Option<Self> {
        let (at, id) = cursor.split_once('~')?;
        let at = chrono::DateTime::from_timestamp_micros(i64::from_str(at).ok()?)?;
        (!id.is_empty() && id.len() <= 200).then(|| Self { at, id: id.to_owned() })
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        change::ChangeFilter,
        conformance::rows,
        memory::{World, world},
        ports::store::Store as _,
        sms::Number,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

    async fn with_texts() -> World {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        let other = Number {
            phone: Phone::from_stored("+12165550199".into()),
            id: rows::uuid(701),
            ..rows::number()
        };
        for number in [&rows::number(), &other] {
            unit.messages_mut().lock_or_insert(number).await.expect("a number");
        }
        unit.messages_mut().insert(&rows::message(1)).await.expect("a text");
        let to_other = crate::sms::Message { phone: Some(other.phone), ..rows::message(2) };
        unit.messages_mut().insert(&to_other).await.expect("a text");
        unit.commit().await.expect("it is kept");
        world
    }

    #[tokio::test]
    async fn a_list_masks_numbers_and_a_look_at_one_is_noted() {
        let world = with_texts().await;
        let app = &world.app;
        let page = PageRequest { after: None, limit: 10 };
        let shape = Entity::Messages.shape();
        let found = list(app, Entity::Messages, None, &page).await.expect("a read");
        assert_eq!(found.rows.len(), 2);
        for record in &found.rows {
            assert!(record.value(shape, "phone_id").text().is_some_and(|it| it.contains("****")));
            assert_eq!(record.value(shape, "message"), &Value::Nothing, "no list says what a text says");
        }
        let changes = async || {
            let mut view = world.store.view().await.expect("a view");
            let page = PageRequest { after: None, limit: 10 };
            view.changes().page(&ChangeFilter::default(), &page).await.expect("a read").rows
        };
        assert_eq!(changes().await.len(), 0, "a list is no look at a person");

        let id = rows::uuid(1).to_string();
        let record = look(app, ACTOR, Entity::Messages, &id).await.expect("a read").expect("a text");
        assert_eq!(record.value(shape, "message").text(), Some("Vote."));
        assert_eq!(record.value(shape, "phone_id").text(), Some(rows::number().phone.e164()));
        let noted = changes().await;
        let noted: Vec<_> =
            noted.iter().map(|it| (it.by, it.kind.as_str(), it.subject.as_str(), it.act.as_str())).collect();
        assert_eq!(noted, [(Some(ACTOR), "message", id.as_str(), "seen")]);
        assert!(look(app, ACTOR, Entity::Messages, "1").await.expect("a read").is_none());
    }

    #[tokio::test]
    async fn texts_of_a_number_are_found_without_the_number() {
        let world = with_texts().await;
        let app = &world.app;
        let id = id_of_number(app, "(617) 555-7895").await.expect("a read").expect("it is known");
        assert_eq!(id, rows::number().id.to_string());
        assert_eq!(id_of_number(app, "nobody's").await.expect("a read"), None);
        let page = PageRequest { after: None, limit: 10 };
        for (narrow, ids) in [(id.as_str(), vec![rows::uuid(1).to_string()]), ("+16175557895", vec![])] {
            let found = list(app, Entity::Messages, Some(narrow), &page).await.expect("a read");
            assert_eq!(found.rows.into_iter().map(|it| it.key.id).collect::<Vec<_>>(), ids);
        }
    }

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let key = RecordKey { at: rows::at(5), id: "a~b".into() };
        assert_eq!(RecordKey::parse(&key.cursor()), Some(key));
        for text in ["", "5", "5~", "x~y", "99999999999999999999~y"] {
            assert_eq!(RecordKey::parse(text), None, "{text}");
        }
    }
}
