//! What is kept of one person.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    ids::ReceiptId,
    ports::store::{ReadSubjects, Row, StoreError, Subjects},
    retention::Kind,
    subject::{Clue, Fate, Holding, SignedReceipt},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::subjects::{FoundRow, Place, PlaceRow, ReceiptRow},
    search,
    session::{Session, query},
    statements::subjects::{self as statements, Statements},
};

fn made(holding: &'static Holding, clue: &'static Clue) -> Result<&'static Statements, StoreError> {
    statements::of(holding, clue)
        .ok_or_else(|| StoreError::Other(format!("{} is in no catalogue", holding.name).into()))
}

#[async_trait]
impl<D: Dialect> ReadSubjects for Session<D> {
    async fn find(
        &mut self,
        holding: &'static Holding,
        clue: &'static Clue,
        values: &[String],
    ) -> Result<Vec<Row>, StoreError> {
        let rows: Vec<FoundRow> = self.rows(query(made(holding, clue)?.find).bind(Json(values))).await?;
        let shown = |FoundRow(mut row): FoundRow| {
            row.retain(|column, _| !holding.hidden.contains(&column.as_str()));
            row
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    async fn count_older(&mut self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let count = query(statements::of_kind(kind).count).bind(Moment(before));
        let count: Vec<i64> = self.values(count).await?;
        Ok(count.first().map_or(0, |count| count.unsigned_abs()))
    }

    async fn older(
        &mut self,
        kind: Kind,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        self.values(query(statements::of_kind(kind).ids).bind(Moment(before)).bind(i64::from(limit))).await
    }

    async fn receipt(&mut self, id: ReceiptId) -> Result<Option<SignedReceipt>, StoreError> {
        self.optional::<ReceiptRow, _>(query(statements::RECEIPT).bind(id.0)).await
    }

    async fn receipts(&mut self, limit: u32) -> Result<Vec<SignedReceipt>, StoreError> {
        self.all::<ReceiptRow, _>(query(statements::RECEIPTS).bind(i64::from(limit))).await
    }
}

#[async_trait]
impl<D: Dialect> Subjects for Session<D> {
    async fn erase(
        &mut self,
        holding: &'static Holding,
        clue: &'static Clue,
        values: &[String],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let made = made(holding, clue)?;
        let packed = if statements::is_packed(holding) {
            let places = query(statements::PACKED_PLACES).bind(Json(values));
            self.all::<PlaceRow, Place>(places).await?
        } else {
            Vec::new()
        };
        if let Some(clear) = made.clear {
            let clear = query(clear).bind(Json(values));
            let is_dated = matches!(holding.fate, Fate::Discarded(_));
            let clear = if is_dated { clear.bind(Moment(now)) } else { clear };
            self.change(holding.table, clear).await?;
        }
        let deleted = match made.delete {
            Some(delete) => self.change(holding.table, query(delete).bind(Json(values))).await?,
            None => 0,
        };
        let mut anew = BTreeSet::new();
        for place in packed {
            let block = search::block_of(self, place.list, place.moment).await?;
            if anew.insert((place.list.subscriber, place.list.tool.wire(), block)) {
                search::pack_anew(self, place.list, place.moment).await?;
            }
        }
        Ok(deleted)
    }

    async fn delete_older(
        &mut self,
        kind: Kind,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let delete = query(statements::of_kind(kind).delete).bind(Moment(before)).bind(i64::from(limit));
        self.change(kind.aging().table, delete).await
    }

    async fn insert_receipt(&mut self, receipt: &SignedReceipt) -> Result<(), StoreError> {
        let content =
            serde_json::to_string(&receipt.receipt).map_err(|error| StoreError::Other(Box::new(error)))?;
        let insert = query(statements::INSERT_RECEIPT)
            .bind(receipt.receipt.id.0)
            .bind(Moment(receipt.receipt.at))
            .bind(content)
            .bind(&receipt.signature);
        self.change_one("receipt", insert).await
    }
}
