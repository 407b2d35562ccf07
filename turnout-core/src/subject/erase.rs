//! Forgets a person: everything in one unit, so that a process that stops leaves either all of it or nothing. What is not
//! in rows, the bytes of files, is deleted by `file.purge`, which is enqueued in the same unit and goes on where it was
//! stopped.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Count, Fate, Found, Options, Person, Receipt, SignedReceipt, What, gather, receipt::subject};
use crate::{
    app::App,
    change::Change,
    file::jobs::Purge,
    ids::{ReceiptId, UserId},
    ports::store::{Row, StoreError, Unit},
};

/// What came of forgetting somebody.
pub enum Erasure {
    /// Nothing was kept of them; nothing was changed.
    Nobody,
    /// It is done.
    Done(SignedReceipt),
}

/// Forgets a person, as far as the catalogue says so, and leaves a receipt.
///
/// # Errors
/// When the store fails; nothing has happened then.
pub async fn forget(
    app: &App,
    person: &Person,
    options: Options,
    by: Option<UserId>,
) -> Result<Erasure, StoreError> {
    let mut unit = app.store.begin().await?;
    let found = gather(app, unit.as_mut(), person, options).await?;
    if found.total() == 0 {
        return Ok(Erasure::Nobody);
    }
    let tables = erase_found(app, unit.as_mut(), &found).await?;
    let signed = note(app, unit.as_mut(), person, What::Deletion, by, tables).await?;
    app.reached("subject.forget.before_commit");
    unit.commit().await?;
    Ok(Erasure::Done(signed))
}

/// Notes that a person is given what is kept of them.
///
/// # Errors
/// When the store fails.
pub async fn export_noted(
    app: &App,
    person: &Person,
    found: &Found,
    by: Option<UserId>,
) -> Result<SignedReceipt, StoreError> {
    let mut unit = app.store.begin().await?;
    let kept = found.rows.iter().map(|(holding, rows)| {
        let ids = ids(holding.id, rows);
        (holding.name.to_owned(), Count { deleted: 0, kept: rows.len() as u64, ids })
    });
    let signed = note(app, unit.as_mut(), person, What::Export, by, kept.collect()).await?;
    unit.commit().await?;
    Ok(signed)
}

/// Erases what was found; what became of it, by table.
pub(crate) async fn erase_found(
    app: &App,
    unit: &mut dyn Unit,
    found: &Found,
) -> Result<BTreeMap<String, Count>, StoreError> {
    let now = app.now();
    let mut tables = BTreeMap::new();
    for (holding, rows) in &found.rows {
        let mut deleted = 0;
        for clue in holding.clues {
            let Some(values) = found.sets.get(&clue.set).filter(|values| !values.is_empty()) else {
                continue;
            };
            let values: Vec<String> = values.iter().cloned().collect();
            deleted += unit.subjects_mut().erase(holding, clue, &values, now).await?;
        }
        let kept = (rows.len() as u64).saturating_sub(deleted);
        tables.insert(holding.name.to_owned(), Count { deleted, kept, ids: ids(holding.id, rows) });
    }
    if found.rows.iter().any(|(holding, _)| matches!(holding.fate, Fate::Discarded(_))) {
        unit.jobs_mut().enqueue(&Purge {}.job(app)).await?;
    }
    Ok(tables)
}

async fn note(
    app: &App,
    unit: &mut dyn Unit,
    person: &Person,
    what: What,
    by: Option<UserId>,
    tables: BTreeMap<String, Count>,
) -> Result<SignedReceipt, StoreError> {
    let id = ReceiptId(app.ids.uuid());
    let receipt = Receipt { id, what, at: app.now(), by, subject: subject(app, person), tables };
    let signed = receipt.sign(app);
    unit.subjects_mut().insert_receipt(&signed).await?;
    let act = match what {
        What::Deletion => "forgotten",
        What::Export => "exported",
    };
    Change::new(app, by, "data_subject", id, act).write(unit).await?;
    Ok(signed)
}

fn ids(column: &str, rows: &[Row]) -> Vec<String> {
    rows.iter().filter_map(|row| row.get(column).and_then(Value::as_str)).map(str::to_owned).collect()
}
