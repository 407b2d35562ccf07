//! Rows of the Django service, from its database or from a document that its command `dumpdata` wrote (`tables.md`).
//!
//! A document is read twice. [`Survey`] looks at every record: types, values, what points where; it changes nothing and
//! gathers every complaint. [`Takeover`] then writes, in one unit of work: all of it is kept, or nothing. A database is
//! read model after model by [`move_over`], in many units. Rows are written as they are, by table: `models.rs` says
//! which model goes where, `value.rs` how a value is read, `history.rs` what the versions of records become, `order.rs` what comes
//! first. Scheduled work becomes jobs (`tasks.rs`).
//!
//! The same again changes nothing, and a row that was changed here since stays as it is.

mod history;
mod model;
mod models;
mod moving;
mod order;
mod read;
mod survey;
mod takeover;
mod tasks;
mod value;

use serde_json::{Map, Value};

pub use models::tables;
pub use moving::{FilesSeen, Group, MoveError, Moved, Moving, Seen, Tally, move_over};
pub use read::{ReadError, records};
pub use survey::{Complaint, Report, Survey};
pub use takeover::{Takeover, TakeoverError};

/// One record of the document.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct Record {
    /// The model, as `action.action`.
    pub model: String,
    /// The primary key.
    pub pk: Value,
    /// The other columns, by the names of their fields.
    pub fields: Map<String, Value>,
}
