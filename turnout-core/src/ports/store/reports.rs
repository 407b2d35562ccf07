//! Exports, the rows that they are made of, and how often each tool was used.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    ids::{ReportId, SubscriberId},
    listing::Tool,
    page::{Page, PageRequest},
    report::{
        Report, ReportKey, ReportType, RowKey, Rows,
        stats::{DayCount, Totals, Used},
    },
};

/// What this room is called.
const ROOM: &str = "reports";

/// Reads exports and statistics.
#[async_trait]
pub trait ReadReports: Send {
    /// The export, if there is one.
    async fn by_id(&mut self, id: ReportId) -> Result<Option<Report>, StoreError>;

    /// Those of a subscriber, or of all; newest first.
    async fn page(
        &mut self,
        subscriber: Option<SubscriberId>,
        page: PageRequest<ReportKey>,
    ) -> Result<Page<Report, ReportKey>, StoreError>;

    /// Rows of the export of one kind: of what is visible to the subscriber, was made before a moment, and comes after a
    /// place; oldest first, of the same moment by id.
    async fn rows(
        &mut self,
        kind: ReportType,
        subscriber: SubscriberId,
        before: DateTime<Utc>,
        page: PageRequest<RowKey>,
    ) -> Result<Rows, StoreError>;

    /// How often the tools of a subscriber were used, and up to when that is counted.
    async fn totals(&mut self, subscriber: SubscriberId) -> Result<Totals, StoreError>;

    /// The same day by day, in UTC, from one day on, oldest first; a day without use is left out.
    async fn days(&mut self, subscriber: SubscriberId, since: NaiveDate)
    -> Result<Vec<DayCount>, StoreError>;
}

/// Changes exports and statistics.
#[async_trait]
pub trait Reports: ReadReports {
    /// A new export. Conflict when its id is taken.
    async fn insert(&mut self, report: &Report) -> Result<(), StoreError>;

    /// The export, held until the unit ends.
    async fn lock(&mut self, id: ReportId) -> Result<Option<Report>, StoreError>;

    /// Everything but what an export is of, and when it was asked for.
    async fn update(&mut self, report: &Report) -> Result<(), StoreError>;

    /// Up to when uses are counted; held until the unit ends, so that nobody counts twice.
    async fn lock_counted_to(&mut self) -> Result<DateTime<Utc>, StoreError>;

    /// How often a tool was used after one moment and up to another, by subscriber and day; uses without a subscriber are
    /// nobody's.
    async fn used(
        &mut self,
        tool: Tool,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Used>, StoreError>;

    /// Adds uses to the totals and to the days.
    async fn add_used(&mut self, used: &[Used]) -> Result<(), StoreError>;

    /// Notes up to when uses are counted.
    async fn put_counted_to(&mut self, until: DateTime<Utc>) -> Result<(), StoreError>;

    /// Forgets all counts: the next one begins at the beginning.
    async fn forget_counts(&mut self) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadReports for AbsentRoom {
    async fn by_id(&mut self, _id: ReportId) -> Result<Option<Report>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn page(
        &mut self,
        _subscriber: Option<SubscriberId>,
        _page: PageRequest<ReportKey>,
    ) -> Result<Page<Report, ReportKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn rows(
        &mut self,
        _kind: ReportType,
        _subscriber: SubscriberId,
        _before: DateTime<Utc>,
        _page: PageRequest<RowKey>,
    ) -> Result<Rows, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn totals(&mut self, _subscriber: SubscriberId) -> Result<Totals, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn days(
        &mut self,
        _subscriber: SubscriberId,
        _since: NaiveDate,
    ) -> Result<Vec<DayCount>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Reports for AbsentRoom {
    async fn insert(&mut self, _report: &Report) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock(&mut self, _id: ReportId) -> Result<Option<Report>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _report: &Report) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn lock_counted_to(&mut self) -> Result<DateTime<Utc>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn used(
        &mut self,
        _tool: Tool,
        _after: DateTime<Utc>,
        _until: DateTime<Utc>,
    ) -> Result<Vec<Used>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn add_used(&mut self, _used: &[Used]) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn put_counted_to(&mut self, _until: DateTime<Utc>) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn forget_counts(&mut self) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
