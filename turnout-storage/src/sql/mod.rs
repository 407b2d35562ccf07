//! What all SQL databases share: the statements' texts, the shapes of the rows, the rooms, views and units.
//!
//! A database's own folder (`sqlite/`, `postgres/`) opens connections, begins transactions, migrates, and says in its
//! `dialect.rs` what it does differently; it holds no SQL of the rooms. Where two databases need different texts, both
//! stand side by side in `statements/`.

pub(crate) mod dialect;
pub(crate) mod migrate;
pub(crate) mod moment;
pub mod pool_use;
mod rooms;
pub(crate) mod rows;
mod search;
pub(crate) mod session;
pub mod statements;
pub(crate) mod transaction;

/// Whether a text holds a null character. PostgreSQL keeps no such text and refuses to look for one, so it is found
/// nowhere.
pub(crate) fn is_unfindable(text: &str) -> bool {
    text.contains('\0')
}
