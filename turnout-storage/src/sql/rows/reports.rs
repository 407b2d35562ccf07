//! Exports, their rows, and counts.

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use turnout_core::{
    ids::{FileId, ReportId, SubscriberId, UserId},
    listing::Tool,
    ports::store::StoreError,
    report::{Report, ReportStatus, ReportType, RowKey, stats::DayCount},
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{
    dialect::Dialect,
    moment::{Day, Moment},
    session::Statement,
    statements::reports as statements,
};

#[derive(FromRow)]
pub(crate) struct ReportRow {
    uuid: Uuid,
    status: String,
    author_id: Option<Uuid>,
    result_item_id: Option<Uuid>,
    rows_written: i64,
    rows_total: Option<i64>,
    modified_at: Moment,
    r#type: String,
    partner_id: Uuid,
    made_since: Option<Moment>,
    made_before: Option<Moment>,
    created_at: Moment,
}
table!(ReportRow, "reporting_report", statements::COLUMNS, "report");

impl TryFrom<ReportRow> for Report {
    type Error = StoreError;

    fn try_from(row: ReportRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ReportId(row.uuid),
            kind: required::<ReportRow, _>("type", &row.r#type, ReportType::parse)?,
            status: required::<ReportRow, _>("status", &row.status, ReportStatus::parse)?,
            subscriber: SubscriberId(row.partner_id),
            since: row.made_since.map(|it| it.0),
            before: row.made_before.map(|it| it.0),
            author: row.author_id.map(UserId),
            file: row.result_item_id.map(FileId),
            written: row.rows_written.unsigned_abs(),
            total: row.rows_total.map(i64::unsigned_abs),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// A count as the databases keep it.
pub(crate) fn kept(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Binds what `UPDATE` takes.
pub(crate) fn bind_report<D: Dialect>(statement: Statement<D>, report: &Report) -> Statement<D> {
    statement
        .bind(report.id.0)
        .bind(report.status.wire())
        .bind(report.author.map(|id| id.0))
        .bind(report.file.map(|id| id.0))
        .bind(kept(report.written))
        .bind(report.total.map(kept))
        .bind(Moment(report.modified_at))
}

/// The place of a row, and its cells one after the other with where each ends.
pub(crate) struct ExportRow {
    pub(crate) key: RowKey,
    text: String,
    ends: Vec<(usize, bool)>,
}
table!(ExportRow, "a tool's records", "the columns of an export", "record");

impl ExportRow {
    /// The cells.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Option<&str>> {
        self.ends.iter().enumerate().map(|(index, (end, is_there))| {
            let begin = index.checked_sub(1).map_or(0, |before| self.ends[before].0);
            is_there.then(|| &self.text[begin..*end])
        })
    }
}

impl<'r, R> FromRow<'r, R> for ExportRow
where
    R: Row,
    usize: ColumnIndex<R>,
    Moment: Decode<'r, R::Database> + Type<R::Database>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    Option<&'r str>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let moment: Moment = row.try_get(0)?;
        let key = RowKey { created_at: moment.0, record: row.try_get(1)? };
        let mut text = String::with_capacity(512);
        let mut ends = Vec::with_capacity(row.len());
        for index in 2..row.len() {
            let cell: Option<&str> = row.try_get(index)?;
            text.push_str(cell.unwrap_or_default());
            ends.push((text.len(), cell.is_some()));
        }
        Ok(Self { key, text, ends })
    }
}

#[derive(FromRow)]
pub(crate) struct TotalRow {
    pub(crate) tool: String,
    pub(crate) count: i64,
}
table!(TotalRow, "reporting_subscriberstats", statements::TOTAL_COLUMNS, "total");

#[derive(FromRow)]
pub(crate) struct DayRow {
    day: Day,
    tool: String,
    count: i64,
}
table!(DayRow, "reporting_subscriberday", statements::DAY_COLUMNS, "day");

impl TryFrom<DayRow> for DayCount {
    type Error = StoreError;

    fn try_from(row: DayRow) -> Result<Self, StoreError> {
        let tool = required::<DayRow, _>("tool", &row.tool, Tool::parse)?;
        Ok(Self { day: row.day.0, tool, count: row.count.unsigned_abs() })
    }
}

#[derive(FromRow)]
pub(crate) struct UsedRow {
    pub(crate) partner_id: Uuid,
    pub(crate) day: Day,
    pub(crate) count: i64,
}
table!(UsedRow, "a tool's records", statements::USED_COLUMNS, "use");

#[derive(FromRow)]
pub(crate) struct CountedRow {
    pub(crate) last_run: Moment,
}
table!(CountedRow, "reporting_statsrefresh", statements::COUNTED_COLUMNS, "refresh");
