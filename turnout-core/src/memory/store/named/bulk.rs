//! Rows of another service, taken over as they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use super::{super::rooms::Rooms, Cell, mark, written};
use crate::ports::store::{Bulk, Carried, ColumnKind, LeftOut, Newer, Row, StoreError, Table};

/// A value as rows have it here: ids with hyphens.
fn kept(kind: ColumnKind, value: &Value) -> Value {
    match kind {
        ColumnKind::Uuid => Uuid::read(value).map_or_else(|| value.clone(), |id| id.value()),
        _ => value.clone(),
    }
}

/// As the other service has it: ids without.
fn given(kind: ColumnKind, value: Value) -> Value {
    match kind {
        ColumnKind::Uuid => Uuid::read(&value).map_or(value, |id| id.simple().to_string().into()),
        _ => value,
    }
}

/// A row with every column of the table.
fn whole(table: &Table, row: &Row) -> Row {
    let value = |name: &str| row.get(name).unwrap_or(&Value::Null);
    let columns = table.columns.iter();
    columns.map(|column| (column.name.to_owned(), kept(column.kind, value(column.name)))).collect()
}

fn key_kind(table: &Table) -> ColumnKind {
    table.columns.iter().find(|it| it.name == table.key).map_or(ColumnKind::Text, |column| column.kind)
}

/// Whether a row counts for more than the one that is there.
fn is_newer(newer: Newer, row: &Row, there: &Row) -> bool {
    let text = |row: &Row, column: &str| row.get(column).and_then(Value::as_str).map(str::to_owned);
    let made = (text(row, "created_at"), text(there, "created_at"));
    // what has no time of its own was not changed since it was made
    let changed = (text(row, "modified_at"), text(there, "modified_at").or_else(|| made.1.clone()));
    let is_later = |(row, there): &(Option<String>, Option<String>)| match (row, there) {
        (Some(row), Some(there)) => row > there,
        _ => false,
    };
    match newer {
        Newer::There => false,
        Newer::Later => is_later(&changed),
        Newer::Changed => is_later(&changed) || (made.1 == changed.1 && made.0 != made.1),
        Newer::Supplied => {
            let updated = (text(row, "external_updated"), text(there, "external_updated"));
            let is_unknown = updated.1.is_none() && text(there, "modified_at").is_none();
            is_unknown || is_later(&updated) || is_later(&changed)
        }
    }
}

/// What a row means, where that is another thing than its key.
fn meaning<'r>(table: &Table, row: &'r Row) -> Option<Vec<&'r Value>> {
    (!table.natural.is_empty()).then(|| table.natural.iter().filter_map(|column| row.get(*column)).collect())
}

#[async_trait]
impl Bulk for Rooms {
    async fn put(&mut self, table: &'static Table, rows: &[Row]) -> Result<u64, StoreError> {
        let there = self.named_rows(table.name).into_iter();
        let mut there: BTreeMap<String, Row> = there.map(|row| (mark(table.name, &row), row)).collect();
        let mut count = 0;
        for row in rows {
            let row = whole(table, row);
            let mark = mark(table.name, &row);
            let before = there.get(&mark);
            if before.is_some_and(|before| !is_newer(table.newer, &row, before)) {
                continue;
            }
            if let Some(meaning) = meaning(table, &row)
                && there
                    .iter()
                    .any(|(key, it)| *key != mark && self::meaning(table, it) == Some(meaning.clone()))
            {
                return Err(StoreError::Conflict { entity: table.name });
            }
            let mut merged = before.cloned().unwrap_or_default();
            merged.extend(row);
            self.put_named(table.name, &merged);
            there.insert(mark, merged);
            count += 1;
        }
        Ok(count)
    }

    async fn take_key(&mut self, table: &'static Table, row: &Row) -> Result<(), StoreError> {
        let row = whole(table, row);
        let (Some(meant), Some(key)) = (meaning(table, &row), row.get(table.key)) else { return Ok(()) };
        for mut same in self.named_rows(table.name) {
            let before = same.get(table.key).cloned();
            if meaning(table, &same).as_ref() != Some(&meant) || before.as_ref() == Some(key) {
                continue;
            }
            for (other, column) in table.pointed_at {
                for mut pointing in self.named_rows(other) {
                    if pointing.get(*column) == before.as_ref() {
                        pointing.insert((*column).to_owned(), key.clone());
                        self.put_named(other, &pointing);
                    }
                }
            }
            self.remove_named(table.name, &same);
            same.insert(table.key.to_owned(), key.clone());
            self.put_named(table.name, &same);
        }
        Ok(())
    }

    async fn missing(&mut self, table: &'static Table, keys: &[Value]) -> Result<Vec<Value>, StoreError> {
        let there: BTreeSet<String> =
            self.named_rows(table.name).iter().map(|row| mark(table.name, row)).collect();
        let kind = key_kind(table);
        Ok(keys.iter().filter(|key| !there.contains(&written(&kept(kind, key)))).cloned().collect())
    }

    async fn rows(&mut self, table: &'static Table, keys: &[Value]) -> Result<Vec<Row>, StoreError> {
        let kind = key_kind(table);
        let keys: BTreeSet<String> = keys.iter().map(|key| written(&kept(kind, key))).collect();
        let rows = self.named_rows(table.name).into_iter();
        let rows = rows.filter(|row| keys.contains(&mark(table.name, row)));
        let as_given = |mut row: Row| {
            let columns = table.columns.iter().filter_map(|column| {
                let value = row.remove(column.name).filter(|value| !value.is_null())?;
                Some((column.name.to_owned(), given(column.kind, value)))
            });
            columns.collect()
        };
        Ok(rows.map(as_given).collect())
    }

    async fn carried(&mut self, origin: &str) -> Result<Vec<Carried>, StoreError> {
        let of_origin = self.carried.iter().filter(|((from, _), _)| from == origin);
        Ok(of_origin.map(|(_, carried)| carried.clone()).collect())
    }

    async fn put_carried(&mut self, origin: &str, carried: &Carried) -> Result<(), StoreError> {
        let key = (origin.to_owned(), carried.model.clone());
        Arc::make_mut(&mut self.carried).insert(key, carried.clone());
        Ok(())
    }

    async fn left_out(
        &mut self,
        origin: &str,
        model: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LeftOut>, StoreError> {
        let is_meant = |(from, of, key): &(String, String, String)| {
            from == origin && of == model && key.as_str() > after
        };
        let meant = self.left_out.iter().filter(|(place, _)| is_meant(place));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let row = |((_, _, key), why): (&(String, String, String), &String)| LeftOut {
            key: key.clone(),
            why: why.clone(),
        };
        Ok(meant.take(limit).map(row).collect())
    }

    async fn settle_left_out(
        &mut self,
        origin: &str,
        model: &str,
        looked_at: &[String],
        left_out: &[LeftOut],
    ) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.left_out);
        let place = |key: &str| (origin.to_owned(), model.to_owned(), key.to_owned());
        for key in looked_at {
            rows.remove(&place(key));
        }
        rows.extend(left_out.iter().map(|row| (place(&row.key), row.why.clone())));
        Ok(())
    }

    async fn forget_carried(&mut self, origin: &str) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.carried).retain(|(from, _), _| from != origin);
        Arc::make_mut(&mut self.left_out).retain(|(from, _, _), _| from != origin);
        Ok(())
    }
}
