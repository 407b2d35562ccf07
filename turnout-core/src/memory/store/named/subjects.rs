//! What is kept of one person, by the catalogue: every row of a table is looked at.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    super::rooms::{Rooms, insert},
    field, mark, moment,
};
use crate::{
    ids::{BlastId, ReceiptId, VoterId, parse_uuid},
    ports::store::{ReadSubjects, Row, StoreError, Subjects},
    retention::Kind,
    subject::{Blank, Clue, FORGOTTEN, Fate, Holding, Set, SignedReceipt},
};

/// The values of a clue, as they are compared.
struct Wanted<'c> {
    clue: &'c Clue,
    values: BTreeSet<String>,
}

impl<'c> Wanted<'c> {
    fn new(clue: &'c Clue, values: &[String]) -> Self {
        let value = |value: &String| {
            if clue.set.is_text() { Some(value.clone()) } else { parse_uuid(value).map(|id| id.to_string()) }
        };
        Self { clue, values: values.iter().filter_map(value).collect() }
    }

    fn has(&self, row: &Row) -> bool {
        let Some(text) = row.get(self.clue.column).and_then(Value::as_str) else { return false };
        if self.clue.set == Set::Emails {
            self.values.contains(&text.to_lowercase())
        } else {
            self.values.contains(text)
        }
    }
}

/// Whether a row says that somebody wants no messages.
fn is_refusal(row: &Row, column: &str, says: Option<&str>) -> bool {
    match says {
        Some(says) => row.get(column).and_then(Value::as_str) == Some(says),
        None => row.get(column).is_some_and(|value| !value.is_null()),
    }
}

fn clear(row: &mut Row, id: &str, columns: &[(&str, Blank)]) {
    for (column, blank) in columns {
        let nothing = match blank {
            Blank::Null => Value::Null,
            Blank::Empty => "".into(),
            Blank::No => false.into(),
            Blank::Unique => format!("{FORGOTTEN}{id}@invalid").into(),
        };
        row.insert((*column).to_owned(), nothing);
    }
}

impl Rooms {
    /// Rows of a kind that are older than a moment, the oldest first.
    fn old(&mut self, kind: Kind, before: DateTime<Utc>) -> Vec<Row> {
        let aging = kind.aging();
        let before = moment(before);
        let mut old = Vec::new();
        for row in self.named_rows(aging.table) {
            let at = match kind {
                // who a blast was for has no time of its own
                Kind::Recipients => {
                    let blast = field::<BlastId>(&row, "blast_id").and_then(|id| self.blasts.get(&id));
                    blast.and_then(|blast| blast.finished_at).map(moment)
                }
                // a voter stays while an action leads to him
                Kind::Voters
                    if field::<VoterId>(&row, "uuid")
                        .is_some_and(|id| self.voter_links.values().any(|voter| *voter == id)) =>
                {
                    None
                }
                _ => field::<String>(&row, aging.moment),
            };
            old.extend(at.filter(|at| *at < before).map(|at| (at, mark(aging.table, &row), row)));
        }
        old.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        old.into_iter().map(|(_, _, row)| row).collect()
    }
}

#[async_trait]
impl ReadSubjects for Rooms {
    async fn find(
        &mut self,
        holding: &'static Holding,
        clue: &'static Clue,
        values: &[String],
    ) -> Result<Vec<Row>, StoreError> {
        let wanted = Wanted::new(clue, values);
        let mut rows = self.named_rows(holding.table);
        rows.retain(|row| wanted.has(row));
        for row in &mut rows {
            row.retain(|column, _| !holding.hidden.contains(&column.as_str()));
        }
        Ok(rows)
    }

    async fn count_older(&mut self, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError> {
        Ok(self.old(kind, before).len() as u64)
    }

    async fn older(
        &mut self,
        kind: Kind,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let old = self.old(kind, before);
        Ok(old.iter().take(limit).map(|row| mark(kind.aging().table, row)).collect())
    }

    async fn receipt(&mut self, id: ReceiptId) -> Result<Option<SignedReceipt>, StoreError> {
        Ok(self.receipts.get(&id).cloned())
    }

    async fn receipts(&mut self, limit: u32) -> Result<Vec<SignedReceipt>, StoreError> {
        let mut receipts: Vec<SignedReceipt> = self.receipts.values().cloned().collect();
        receipts.sort_by_key(|it| std::cmp::Reverse((it.receipt.at, it.receipt.id)));
        receipts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(receipts)
    }
}

#[async_trait]
impl Subjects for Rooms {
    async fn erase(
        &mut self,
        holding: &'static Holding,
        clue: &'static Clue,
        values: &[String],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let wanted = Wanted::new(clue, values);
        let mut rows = self.named_rows(holding.table);
        rows.retain(|row| wanted.has(row));
        let mut deleted = 0;
        for mut row in rows {
            let id = mark(holding.table, &row);
            let stays = match &holding.fate {
                Fate::Stays(_) => continue,
                Fate::Gone => None,
                Fate::Cleared(columns) => Some(*columns),
                Fate::GoneUnlessRefusal { column, says, cleared } => {
                    is_refusal(&row, column, *says).then_some(*cleared)
                }
                Fate::Discarded(columns) => {
                    if row.get("purged").is_none_or(Value::is_null) {
                        row.insert("purged".to_owned(), moment(now).into());
                    }
                    row.insert("modified_at".to_owned(), moment(now).into());
                    Some(*columns)
                }
            };
            match stays {
                Some(columns) => {
                    clear(&mut row, &id, columns);
                    self.put_named(holding.table, &row);
                }
                None => {
                    self.remove_named(holding.table, &row);
                    deleted += 1;
                }
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
        let mut old = self.old(kind, before);
        old.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        for row in &old {
            self.remove_named(kind.aging().table, row);
        }
        Ok(old.len() as u64)
    }

    async fn insert_receipt(&mut self, receipt: &SignedReceipt) -> Result<(), StoreError> {
        insert(&mut self.receipts, receipt.receipt.id, receipt, "receipt")
    }
}
