//! Exports, their rows, and how often tools are used.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use turnout_core::{
    ids::{ReportId, SubscriberId},
    listing::Tool,
    page::{Page, PageRequest},
    ports::store::{ReadReports, Reports, StoreError},
    report::{
        Report, ReportKey, ReportType, RowKey, Rows, Sheet,
        stats::{DayCount, Totals, Used},
    },
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::{BEGINNING_OF_TIME, Day, END_OF_TIME, Moment},
    rows::{
        reports::{CountedRow, DayRow, ExportRow, ReportRow, TotalRow, UsedRow, bind_report, kept},
        required,
    },
    session::{Session, query},
    statements::reports as statements,
};

/// Where counts begin.
const BEGINNING: DateTime<Utc> = DateTime::from_timestamp(-2_208_988_800, 0).expect("1900-01-01");

#[async_trait]
impl<D: Dialect> ReadReports for Session<D> {
    async fn by_id(&mut self, id: ReportId) -> Result<Option<Report>, StoreError> {
        self.optional::<ReportRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn page(
        &mut self,
        subscriber: Option<SubscriberId>,
        page: PageRequest<ReportKey>,
    ) -> Result<Page<Report, ReportKey>, StoreError> {
        let (moment, id) = page.after.map_or((END_OF_TIME, Uuid::max()), |it| (it.created_at, it.id.0));
        let text = if subscriber.is_some() { statements::PAGE_OF } else { statements::PAGE };
        let statement = query(text).bind(Moment(moment)).bind(id).bind(i64::from(page.limit) + 1);
        let statement = match subscriber {
            Some(id) => statement.bind(id.0),
            None => statement,
        };
        let rows = self.all::<ReportRow, Report>(statement).await?;
        Ok(Page::cut(rows, page.limit, Report::key))
    }

    async fn rows(
        &mut self,
        kind: ReportType,
        subscriber: SubscriberId,
        before: DateTime<Utc>,
        page: PageRequest<RowKey>,
    ) -> Result<Rows, StoreError> {
        let after = page.after.map_or((BEGINNING_OF_TIME, Uuid::nil()), |it| (it.created_at, it.record));
        let statement = query(statements::rows(kind))
            .bind(subscriber.0)
            .bind(Moment(before))
            .bind(Moment(after.0))
            .bind(after.1)
            .bind(i64::from(page.limit) + 1);
        let rows = Self::rows::<ExportRow>(self, statement).await?;
        let page = Page::cut(rows, page.limit, |row| row.key);
        let mut rows = Rows::new(Sheet::of(kind).exported().count());
        for row in &page.rows {
            for cell in row.cells() {
                rows.push(cell);
            }
        }
        rows.next = page.next;
        Ok(rows)
    }

    async fn totals(&mut self, subscriber: SubscriberId) -> Result<Totals, StoreError> {
        let rows = Self::rows::<TotalRow>(self, query(statements::TOTALS).bind(subscriber.0)).await?;
        let by_tool = rows.iter().map(|row| {
            let tool = required::<TotalRow, _>("tool", &row.tool, Tool::parse)?;
            Ok((tool, row.count.unsigned_abs()))
        });
        let by_tool = by_tool.collect::<Result<_, StoreError>>()?;
        let counted = Self::rows::<CountedRow>(self, query(statements::COUNTED_TO)).await?;
        let counted_to = counted.first().map(|row| row.last_run.0).filter(|it| *it > BEGINNING);
        Ok(Totals { by_tool, counted_to })
    }

    async fn days(
        &mut self,
        subscriber: SubscriberId,
        since: NaiveDate,
    ) -> Result<Vec<DayCount>, StoreError> {
        self.all::<DayRow, _>(query(statements::DAYS).bind(subscriber.0).bind(Day(since))).await
    }
}

#[async_trait]
impl<D: Dialect> Reports for Session<D> {
    async fn insert(&mut self, report: &Report) -> Result<(), StoreError> {
        let statement = bind_report(query(statements::INSERT), report)
            .bind(report.kind.wire())
            .bind(report.subscriber.0)
            .bind(report.since.map(Moment))
            .bind(report.before.map(Moment))
            .bind(Moment(report.created_at));
        self.change_one("report", statement).await
    }

    async fn lock(&mut self, id: ReportId) -> Result<Option<Report>, StoreError> {
        self.optional::<ReportRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, report: &Report) -> Result<(), StoreError> {
        self.change_one("report", bind_report(query(statements::UPDATE), report)).await
    }

    async fn lock_counted_to(&mut self) -> Result<DateTime<Utc>, StoreError> {
        let counted = Self::rows::<CountedRow>(self, query(statements::LOCK_COUNTED_TO)).await?;
        Ok(counted.first().map_or(BEGINNING, |row| row.last_run.0))
    }

    async fn used(
        &mut self,
        tool: Tool,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Used>, StoreError> {
        let statement = query(statements::used(tool)).bind(Moment(after)).bind(Moment(until));
        let rows = Self::rows::<UsedRow>(self, statement).await?;
        let used = rows.into_iter().map(|row| Used {
            id: Uuid::nil(),
            subscriber: SubscriberId(row.partner_id),
            of_day: DayCount { day: row.day.0, tool, count: row.count.unsigned_abs() },
        });
        Ok(used.collect())
    }

    async fn add_used(&mut self, used: &[Used]) -> Result<(), StoreError> {
        for Used { id, subscriber, of_day: DayCount { day, tool, count } } in used {
            let total = query(statements::ADD_TOTAL)
                .bind(*id)
                .bind(subscriber.0)
                .bind(tool.wire())
                .bind(kept(*count));
            self.change_one("total", total).await?;
            let of_day = query(statements::ADD_DAY)
                .bind(subscriber.0)
                .bind(Day(*day))
                .bind(tool.wire())
                .bind(kept(*count));
            self.change_one("day", of_day).await?;
        }
        Ok(())
    }

    async fn put_counted_to(&mut self, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.change_one("refresh", query(statements::PUT_COUNTED_TO).bind(Moment(until))).await
    }

    async fn forget_counts(&mut self) -> Result<(), StoreError> {
        for text in [statements::FORGET_TOTALS, statements::FORGET_DAYS] {
            self.change("total", query(text)).await?;
        }
        self.put_counted_to(BEGINNING).await
    }
}
