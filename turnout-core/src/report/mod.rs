//! Exports: what a subscriber sees of one tool's records, all of it or that of some days, as one file; and how often tools
//! are used.
//!
//! `columns.rs` is the one table of what an export and the views beside it hold, `rows.rs` and `csv.rs` are its rows and
//! their text, `request.rs` and `jobs.rs` make the file, `stats.rs` counts.

mod columns;
mod csv;
pub mod jobs;
mod request;
mod rows;
pub mod stats;

use chrono::{DateTime, Utc};

pub use columns::{CellKind, Column, Fact, Origin, Sheet};
pub use csv::Csv;
pub use request::{AskedAgain, RequestError, ask_again, link, request};
pub use rows::{RowKey, Rows};

use crate::{
    ids::{FileId, ReportId, SubscriberId, UserId},
    listing::Tool,
    person::demographics::choices,
};

choices! {
    /// What an export is of.
    ReportType {
        Verify = "verify", "Verify Tool Export";
        Register = "register", "Register Tool Export";
        Absentee = "absentee", "Absentee Tool Export";
        Locator = "locator", "Locator Tool Export";
    }
    /// How far an export is.
    ReportStatus {
        Pending = "Pending", "Pending";
        Complete = "Complete", "Complete";
        Failed = "Failed", "Failed";
    }
}

impl ReportType {
    /// The tool whose records it holds.
    #[must_use]
    pub fn tool(self) -> Tool {
        match self {
            Self::Verify => Tool::Verify,
            Self::Register => Tool::Register,
            Self::Absentee => Tool::Absentee,
            Self::Locator => Tool::Locate,
        }
    }
}

/// An export that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// What it is of.
    pub kind: ReportType,
    /// How far it is. The file may be had when it is complete, never before.
    pub status: ReportStatus,
    /// Whose voters it holds.
    pub subscriber: SubscriberId,
    /// Who asked for it, last where it was asked for again.
    pub author: Option<UserId>,
    /// The file, of which there is nothing yet while it is pending.
    pub file: Option<FileId>,
    /// It holds what was made at this moment or later; from the beginning without it.
    pub since: Option<DateTime<Utc>>,
    /// It holds what was made before this moment; up to when it is made without it.
    pub before: Option<DateTime<Utc>>,
    /// How many rows are written.
    pub written: u64,
    /// How many there will be, once they are counted.
    pub total: Option<u64>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// The place of an export among the others, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportKey {
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Its id.
    pub id: ReportId,
}

impl Report {
    /// What the log of changes calls it.
    pub const KIND: &'static str = "report";

    /// Its place among the others.
    #[must_use]
    pub fn key(&self) -> ReportKey {
        ReportKey { created_at: self.created_at, id: self.id }
    }

    /// How much of a pending one is done, in percent; nothing while the rows are not counted.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        match (self.status, self.total?) {
            (ReportStatus::Complete, _) => Some(100),
            (ReportStatus::Failed, _) => None,
            (ReportStatus::Pending, 0) => Some(99),
            (ReportStatus::Pending, total) => Some((self.written * 100 / total).min(99)),
        }
    }
}
