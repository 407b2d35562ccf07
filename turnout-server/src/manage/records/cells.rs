//! What a column of a record holds, as a page shows it.

use turnout_core::{
    App,
    back_office::{Column, Entity, Kind, Narrowing, Record, Shape, Value},
    ids::{SubscriberId, UserId},
    ports::store::StoreError,
};

use super::path;
use crate::manage::{blocks::Cell, people::Names};

/// The names of everybody whom these records point to.
///
/// # Errors
/// When the store fails.
pub(super) async fn names(app: &App, shape: &Shape, records: &[Record]) -> Result<Names, StoreError> {
    let (mut users, mut subscribers) = (Vec::new(), Vec::new());
    for (value, column) in records.iter().flat_map(|record| record.values.iter().zip(shape.columns)) {
        let Some(id) = value.text() else { continue };
        match column.kind {
            Kind::User => users.push(UserId::parse(id)),
            Kind::Record(Entity::Subscribers) => subscribers.push(SubscriberId::parse(id)),
            _ => {}
        }
    }
    Names::of(app, users, subscribers).await
}

/// A value.
pub(super) fn cell(shape: &Shape, column: &Column, value: &Value, names: &Names) -> Cell {
    match (column.kind, value) {
        (_, Value::Nothing) => Cell::None,
        (_, Value::Flag(flag)) => Cell::Yes(*flag),
        (_, Value::Moment(at)) => Cell::Time(*at),
        (_, Value::Number(number)) => Cell::Code(number.to_string()),
        (Kind::User, Value::Text(id)) => names.user(UserId::parse(id)),
        (Kind::Record(Entity::Subscribers), Value::Text(id)) => names.subscriber(SubscriberId::parse(id)),
        (Kind::Record(entity), Value::Text(id)) => Cell::link(short(id), path(entity, id)),
        (Kind::Id, Value::Text(id)) => Cell::Code(id.clone()),
        (Kind::Long, Value::Text(text)) => Cell::Long(text.clone()),
        (_, Value::Text(text)) => Cell::text(words(shape, column, text)),
    }
}

/// What people call a word for a choice by which the list is narrowed.
fn words<'t>(shape: &Shape, column: &Column, text: &'t str) -> &'t str {
    match shape.narrowing {
        Some(Narrowing::Choice(choices)) if column.name == "status" => {
            choices.iter().find(|(word, _)| *word == text).map_or(text, |(_, words)| words)
        }
        _ => text,
    }
}

/// As much of an id as tells it from others at a glance.
pub(super) fn short(id: &str) -> String {
    match id.len() {
        36 => id[..8].to_owned(),
        _ => id.to_owned(),
    }
}

/// What a record is called: its first column, where that is a text, else its id.
pub(super) fn title(shape: &Shape, record: &Record) -> String {
    let first = match shape.columns.first().map(|column| column.kind) {
        Some(Kind::Text | Kind::Phone) => record.values.first().and_then(Value::text),
        _ => None,
    };
    first.filter(|text| !text.is_empty()).map_or_else(|| short(&record.key.id), str::to_owned)
}

/// Whether the first column says which record it is.
pub(super) fn is_named_by_its_first(shape: &Shape) -> bool {
    matches!(shape.columns.first().map(|column| column.kind), Some(Kind::Text | Kind::Phone))
}
