//! Everything that is kept of one person, over all rooms: given to them, or forgotten.
//!
//! `catalogue.rs` says in which tables a person is, how the rows are found and what becomes of them; `gather.rs` finds
//! them; `erase.rs` forgets them, in one unit; `receipt.rs` is what is left: what was done, when and by whom, signed, and
//! nothing about the person. How long records are kept without anybody asking is the room `retention`, which erases by the
//! same catalogue.

mod catalogue;
mod erase;
mod gather;
mod receipt;

pub use catalogue::{
    Blank, Clue, FORGOTTEN, Fate, HOLDINGS, Holding, LEFT_OUT, PACKED_SEARCH, Part, Set, of_table,
};
pub(crate) use erase::erase_found;
pub use erase::{Erasure, export_noted, forget};
pub(crate) use gather::gather_from;
pub use gather::{Found, Options, Person, Sets, gather};
pub use receipt::{Count, Receipt, SignedReceipt, What};
