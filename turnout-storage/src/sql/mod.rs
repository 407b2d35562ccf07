//! What all SQL databases share: the statements' texts and the shapes of the rows.
//!
//! A database's own folder (`sqlite/`) opens connections, binds values and runs the statements; it holds no SQL of
//! the rooms. Where two databases need different texts, both belong here, side by side.

pub(crate) mod moment;
pub(crate) mod rows;
pub mod statements;
