//! Rows of another service.

use std::collections::HashSet;

use async_trait::async_trait;
use serde_json::Value;
use sqlx::types::Json;
use turnout_core::{
    ids::parse_uuid,
    ports::store::{Bulk, ColumnKind, Row, StoreError, Table},
};

use crate::sql::{
    dialect::Dialect,
    session::{Session, Statement, query},
    statements::bulk::{self, Statements},
};

fn statements(table: &Table) -> Result<&'static Statements, StoreError> {
    bulk::of(table)
        .ok_or_else(|| StoreError::Other(format!("{} takes no rows of another service", table.name).into()))
}

#[async_trait]
impl<D: Dialect> Bulk for Session<D> {
    async fn put(&mut self, table: &'static Table, rows: &[Row]) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.change(table.name, query(statements(table)?.put).bind(Json(rows))).await
    }

    async fn take_key(&mut self, table: &'static Table, row: &Row) -> Result<(), StoreError> {
        for text in &statements(table)?.take_key {
            let statement = bind_key(query(*text), table, row, table.key);
            let bind = |statement, column: &&str| bind_key(statement, table, row, column);
            let statement = table.natural.iter().fold(statement, bind);
            self.change(table.name, statement).await?;
        }
        Ok(())
    }

    async fn missing(&mut self, table: &'static Table, keys: &[Value]) -> Result<Vec<Value>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let missing: Vec<String> = self.values(query(statements(table)?.missing).bind(Json(keys))).await?;
        // as they were given
        let missing: HashSet<String> = missing.into_iter().collect();
        Ok(keys.iter().filter(|key| missing.contains(&written(key))).cloned().collect())
    }
}

/// A UUID as one, all else as a text.
fn bind_key<D: Dialect>(statement: Statement<D>, table: &Table, row: &Row, column: &str) -> Statement<D> {
    let text = row.get(column).and_then(Value::as_str).unwrap_or_default();
    let is_uuid = table.columns.iter().any(|it| it.name == column && it.kind == ColumnKind::Uuid);
    if is_uuid { statement.bind(parse_uuid(text)) } else { statement.bind(text) }
}

/// A key as the database gives it back.
fn written(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}
