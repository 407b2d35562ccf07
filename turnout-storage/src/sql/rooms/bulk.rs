//! Rows of another service.

use std::collections::HashSet;

use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::types::Json;
use turnout_core::{
    ids::parse_uuid,
    ports::store::{Bulk, Carried, ColumnKind, LeftOut, Row, StoreError, Table},
};

use crate::sql::{
    dialect::Dialect,
    rows::bulk::{CarriedRow, LeftOutRow},
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

    async fn rows(&mut self, table: &'static Table, keys: &[Value]) -> Result<Vec<Row>, StoreError> {
        let rows: Vec<Json<Vec<Value>>> =
            self.values(query(statements(table)?.rows).bind(Json(keys))).await?;
        let named = |values: Vec<Value>| {
            let columns = table.columns.iter().map(|column| column.name.to_owned());
            columns.zip(values).filter(|(_, value)| !value.is_null()).collect()
        };
        Ok(rows.into_iter().map(|Json(values)| named(values)).collect())
    }

    async fn carried(&mut self, origin: &str) -> Result<Vec<Carried>, StoreError> {
        self.all::<CarriedRow, _>(query(bulk::CARRIED).bind(origin.to_owned())).await
    }

    async fn put_carried(&mut self, origin: &str, carried: &Carried) -> Result<(), StoreError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let statement = query(bulk::PUT_CARRIED)
            .bind(origin.to_owned())
            .bind(carried.model.clone())
            .bind(carried.floor)
            .bind(carried.began)
            .bind(carried.after.clone())
            .bind(number(carried.read))
            .bind(number(carried.written));
        self.change("model", statement).await.map(drop)
    }

    async fn left_out(
        &mut self,
        origin: &str,
        model: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LeftOut>, StoreError> {
        let statement = query(bulk::LEFT_OUT).bind(origin.to_owned()).bind(model.to_owned());
        self.all::<LeftOutRow, _>(statement.bind(after.to_owned()).bind(i64::from(limit))).await
    }

    async fn settle_left_out(
        &mut self,
        origin: &str,
        model: &str,
        looked_at: &[String],
        left_out: &[LeftOut],
    ) -> Result<(), StoreError> {
        if !looked_at.is_empty() {
            let statement = query(bulk::SETTLE_LEFT_OUT).bind(origin.to_owned()).bind(model.to_owned());
            self.change("row", statement.bind(Json(looked_at))).await?;
        }
        if !left_out.is_empty() {
            let pairs: Vec<Value> = left_out.iter().map(|row| json!([row.key, row.why])).collect();
            let statement = query(bulk::ADD_LEFT_OUT).bind(origin.to_owned()).bind(model.to_owned());
            self.change("row", statement.bind(Json(pairs))).await?;
        }
        Ok(())
    }

    async fn forget_carried(&mut self, origin: &str) -> Result<(), StoreError> {
        for text in [bulk::FORGET_CARRIED, bulk::FORGET_LEFT_OUT] {
            self.change("model", query(text).bind(origin.to_owned())).await?;
        }
        Ok(())
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
