//! Rows of the Django service, from a document that its command `dumpdata` wrote (`tables.md`).
//!
//! The document is read twice. [`Survey`] looks at every record: types, values, what points where; it changes nothing and
//! gathers every complaint. [`Takeover`] then writes, in one unit of work: all of it is kept, or nothing. Rows are written
//! as they are, by table: `models.rs` says which model goes where, `value.rs` how a value of the document is read.
//! Scheduled work becomes jobs (`tasks.rs`).
//!
//! The same document again changes nothing, and a row that was changed here since stays as it is.

mod model;
mod models;
mod read;
mod survey;
mod takeover;
mod tasks;
mod value;

use serde_json::{Map, Value};

pub use models::tables;
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
