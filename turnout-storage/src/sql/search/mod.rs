//! How a list is packed for quick search.
//!
//! The entries of a list lie in blocks, each some thousand that follow each other in time. Within a block an entry is a
//! slot, the newest is slot 0. A block has a small directory and numbered pages of about 4 kB: first those that say of
//! what moment each slot is, then those that hold, in order, each term of the block and each beginning of one or two
//! letters, with its slots. So a word of any length is answered by few pages of each block, two words that never meet
//! by the intersection of their slots, and the newest that are found by the first blocks.
//!
//! Blocks may hold what was true once: entries that changed or are gone. Nobody is found by a block alone; the entry's
//! row decides.

mod block;
mod bytes;
mod find;
mod pack;
mod slots;

use turnout_core::search::VoterList;

pub(super) use self::{
    find::find,
    pack::{block_of, pack, pack_anew},
};

use super::{
    dialect::Dialect,
    session::{Statement, query},
    statements::Text,
};

/// A statement about a list, which is its first two values.
pub(super) fn of_list<D: Dialect>(text: Text, list: VoterList) -> Statement<D> {
    query(text).bind(list.subscriber.0).bind(list.tool.wire())
}

/// The number of a page among those of all blocks of its list.
fn page_number(block: i64, page: usize) -> i64 {
    (block << 16) + page as i64
}
