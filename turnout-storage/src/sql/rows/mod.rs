//! The shapes of the rows, and how they become the domain's types.
//!
//! A row that holds what the domain does not know becomes [`StoreError::Corrupt`], never a default.

pub(crate) mod accounts;
pub(crate) mod actions;
pub(crate) mod api_keys;
pub(crate) mod ballot_requests;
pub(crate) mod blasts;
pub(crate) mod bulk;
pub(crate) mod changes;
pub(crate) mod consents;
pub(crate) mod contact_links;
pub(crate) mod details;
pub(crate) mod edits;
pub(crate) mod elections;
pub(crate) mod esign;
pub(crate) mod faxes;
pub(crate) mod files;
pub(crate) mod jobs;
pub(crate) mod keyed_calls;
pub(crate) mod letters;
pub(crate) mod listings;
pub(crate) mod lookups;
pub(crate) mod mails;
pub(crate) mod messages;
pub(crate) mod movers;
pub(crate) mod officials;
pub(crate) mod polling_places;
pub(crate) mod records;
pub(crate) mod registrations;
pub(crate) mod reminders;
pub(crate) mod reports;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod subjects;
pub(crate) mod subscribers;
pub(crate) mod subscriptions;
pub(crate) mod suppressions;
pub(crate) mod switches;
pub(crate) mod update_webhooks;
pub(crate) mod uploads;
pub(crate) mod voters;
pub(crate) mod webhooks;

use turnout_core::{address::Address, ports::store::StoreError, tracking::Tracking};

use super::{dialect::Dialect, session::Statement};

/// A row of one table, and the columns it is read from.
pub(crate) trait Table {
    /// The table's name.
    const TABLE: &'static str;
    /// The columns, comma-separated.
    const COLUMNS: &'static str;
    /// What one row is called in a message.
    const ENTITY: &'static str;
}

/// Implements [`Table`].
macro_rules! table {
    ($row:ty, $table:literal, $columns:expr, $entity:literal) => {
        impl $crate::sql::rows::Table for $row {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static str = $columns;
            const ENTITY: &'static str = $entity;
        }
    };
}
use table;

/// The complaint about a column, without its value.
pub(crate) fn corrupt<R: Table>(column: &'static str) -> StoreError {
    StoreError::Corrupt { table: R::TABLE, column, source: None }
}

/// Reads a column that must hold one of the domain's values.
pub(crate) fn required<R: Table, T>(
    column: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StoreError> {
    parse(text).ok_or_else(|| corrupt::<R>(column))
}

/// Reads a column that may be empty: null and the empty text are nothing.
pub(crate) fn optional<R: Table, T>(
    column: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    text.filter(|text| !text.is_empty()).map(|text| required::<R, T>(column, text, parse)).transpose()
}

/// Binds the five columns of an address, in the order of the tables.
fn bind_address<D: Dialect>(statement: Statement<D>, address: &Address) -> Statement<D> {
    statement
        .bind(&address.address1)
        .bind(&address.address2)
        .bind(&address.city)
        .bind(address.state.map(|state| state.code()))
        .bind(&address.zipcode)
}

/// Binds the ten columns that say where a voter came from, in the order of the tables.
fn bind_tracking<D: Dialect>(statement: Statement<D>, tracking: &Tracking) -> Statement<D> {
    statement
        .bind(&tracking.embed_url)
        .bind(&tracking.utm_campaign)
        .bind(&tracking.utm_source)
        .bind(&tracking.utm_medium)
        .bind(&tracking.utm_term)
        .bind(&tracking.utm_content)
        .bind(&tracking.source)
        .bind(&tracking.email_referrer)
        .bind(&tracking.mobile_referrer)
        .bind(tracking.session_id)
}
