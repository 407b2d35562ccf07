//! Packing: what is not packed goes into the block of its time, which is made anew; one that is full becomes several.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use turnout_core::{
    ports::store::StoreError,
    search::{Packing, VoterList},
};

use super::{block::Block, of_list, page_number};
use crate::sql::{
    dialect::Dialect,
    moment::{BEGINNING_OF_TIME, END_OF_TIME, Moment},
    rows::search::{BlockRow, Entry, EntryRow, FreshRow, ListRow, Packed},
    session::{Session, query},
    statements::search as statements,
};

/// The number of a list's first block: it is there when any is, and always the oldest.
const FIRST: i64 = 0;

/// The number of the block in which a moment of a list lies.
pub(in crate::sql) async fn block_of<D: Dialect>(
    session: &mut Session<D>,
    list: VoterList,
    moment: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let blocks: Vec<BlockRow> =
        session.rows(of_list(statements::BLOCKS, list).bind(Moment(END_OF_TIME))).await?;
    Ok(span_of(moment, &blocks).block)
}

/// Makes the block of that moment anew from the entries that are there, so that nothing is left in it of those that are not.
pub(in crate::sql) async fn pack_anew<D: Dialect>(
    session: &mut Session<D>,
    list: VoterList,
    moment: DateTime<Utc>,
) -> Result<(), StoreError> {
    let _held: Vec<i64> = session.values(of_list(statements::LOCK, list)).await?;
    let blocks: Vec<BlockRow> =
        session.rows(of_list(statements::BLOCKS, list).bind(Moment(END_OF_TIME))).await?;
    if blocks.is_empty() {
        return Ok(());
    }
    let span = span_of(moment, &blocks);
    let entries = of_list(statements::PACKED, list).bind(Moment(span.from)).bind(Moment(span.to));
    let entries: Vec<Entry> = session.all::<EntryRow, _>(entries).await?;
    write(session, list, &span, entries, true).await
}

/// The time that a block is responsible for, and which one it is.
struct Span {
    block: i64,
    from: DateTime<Utc>,
    /// The first moment that is no longer in it.
    to: DateTime<Utc>,
}

/// Packs some entries of one list. Whether there was one.
pub(in crate::sql) async fn pack<D: Dialect>(
    session: &mut Session<D>,
    packing: Packing,
) -> Result<bool, StoreError> {
    let long = query(statements::LONG_LIST).bind(i64::from(packing.from.max(1)));
    let Some(list) = session.optional::<ListRow, VoterList>(long).await? else { return Ok(false) };
    let _held: Vec<i64> = session.values(of_list(statements::LOCK, list)).await?;
    let blocks = of_list(statements::BLOCKS, list).bind(Moment(END_OF_TIME));
    let blocks: Vec<BlockRow> = session.rows(blocks).await?;
    let oldest: Vec<Moment> = session.values(of_list(statements::OLDEST_FRESH, list)).await?;
    // none: another unit packed them while this one waited
    let Some(Moment(oldest)) = oldest.first().copied() else { return Ok(true) };
    let span = span_of(oldest, &blocks);
    let to = end_of_batch(session, list, &span, packing.block).await?;
    let batch = of_list(statements::TAKE_FRESH, list).bind(Moment(span.from)).bind(Moment(to));
    let batch: Vec<Entry> = session.all::<FreshRow, _>(batch).await?;
    let batch: Vec<Packed<'_>> = batch.iter().map(Packed::of).collect();
    session.change("list entry", of_list(statements::INSERT_PACKED, list).bind(Json(batch))).await?;
    let all = of_list(statements::PACKED, list).bind(Moment(span.from)).bind(Moment(span.to));
    let entries: Vec<Entry> = session.all::<EntryRow, _>(all).await?;

    let mut pieces = pieces(entries, packing.block, span.to == END_OF_TIME).into_iter();
    let first = pieces.next().unwrap_or_default();
    write(session, list, &span, first, !blocks.is_empty()).await?;
    let last = blocks.iter().map(|it| it.block).max().unwrap_or(FIRST);
    for (block, piece) in (last + 1..).zip(pieces) {
        let span = Span { block, from: piece[0].key.created_at, to: span.to };
        write(session, list, &span, piece, false).await?;
    }
    Ok(true)
}

/// The block in which a moment is, of those there are, the newest first. The first block begins with time.
fn span_of(moment: DateTime<Utc>, blocks: &[BlockRow]) -> Span {
    let mut to = END_OF_TIME;
    for row in blocks {
        if row.since.0 <= moment {
            return Span { block: row.block, from: row.since.0, to };
        }
        to = row.since.0;
    }
    Span { block: FIRST, from: BEGINNING_OF_TIME, to }
}

/// What is not packed of a block's time is packed up to here, about `most` entries.
async fn end_of_batch<D: Dialect>(
    session: &mut Session<D>,
    list: VoterList,
    span: &Span,
    most: u32,
) -> Result<DateTime<Utc>, StoreError> {
    let last = of_list(statements::NTH_FRESH, list)
        .bind(Moment(span.from))
        .bind(Moment(span.to))
        .bind(i64::from(most.max(1)) - 1);
    let last: Vec<Moment> = session.values(last).await?;
    Ok(last.first().map_or(span.to, |last| last.0 + TimeDelta::microseconds(1)))
}

/// Entries, the oldest first, in pieces for a block each: full ones and a rest at the end of the list, where more will
/// come, and equal ones elsewhere. Nothing of one moment is torn apart.
fn pieces(mut entries: Vec<Entry>, size: u32, at_the_end: bool) -> Vec<Vec<Entry>> {
    let size = usize::try_from(size.max(1)).unwrap_or(usize::MAX);
    let count = entries.len().div_ceil(size).max(1);
    let size = if at_the_end { size } else { entries.len().div_ceil(count).max(1) };
    let mut pieces = Vec::with_capacity(count);
    while entries.len() > size {
        let moment = entries[size - 1].key.created_at;
        let end = entries.partition_point(|entry| entry.key.created_at <= moment);
        let rest = entries.split_off(end);
        pieces.push(entries);
        entries = rest;
    }
    if pieces.is_empty() || !entries.is_empty() {
        pieces.push(entries);
    }
    pieces
}

/// Writes a block in place of the one that is there, if it is. Conflict when another unit began the list's first block
/// at the same moment.
async fn write<D: Dialect>(
    session: &mut Session<D>,
    list: VoterList,
    span: &Span,
    mut entries: Vec<Entry>,
    is_there: bool,
) -> Result<(), StoreError> {
    entries.reverse();
    let block = Block::of(&entries);
    let text = if is_there { statements::UPDATE_BLOCK } else { statements::INSERT_BLOCK };
    let row = of_list(text, list).bind(span.block).bind(Moment(span.from)).bind(&block.directory);
    session.change_one("block", row).await?;
    if is_there {
        let pages = of_list(statements::DELETE_PAGES, list)
            .bind(page_number(span.block, 0))
            .bind(page_number(span.block + 1, 0));
        session.change("page", pages).await?;
    }
    for (number, content) in block.pages.iter().enumerate() {
        let page = of_list(statements::INSERT_PAGE, list).bind(page_number(span.block, number)).bind(content);
        session.change_one("page", page).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        ids::ActionId,
        search::{ListKey, Terms},
    };
    use uuid::Uuid;

    use super::*;

    fn sizes(seconds: &[i64], size: u32, at_the_end: bool) -> Vec<usize> {
        let entry = |second: &i64| Entry {
            key: ListKey {
                created_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(*second),
                action: ActionId(Uuid::nil()),
            },
            terms: Terms::from_text(String::new()),
        };
        pieces(seconds.iter().map(entry).collect(), size, at_the_end).iter().map(Vec::len).collect()
    }

    #[test]
    fn blocks_are_full_at_the_end_and_equal_elsewhere_and_never_tear_a_moment_apart() {
        for (seconds, size, at_the_end, expected) in [
            (&[1, 2, 3, 4, 5, 6, 7][..], 3, true, &[3, 3, 1][..]),
            (&[1, 2, 3, 4, 5, 6, 7], 3, false, &[3, 3, 1]),
            (&[1, 2, 3, 4], 3, true, &[3, 1]),
            (&[1, 2, 3, 4], 3, false, &[2, 2]),
            (&[1, 2, 3], 3, true, &[3]),
            (&[1, 2, 2, 2, 3], 2, true, &[4, 1]),
            (&[5; 9], 2, false, &[9]),
            (&[], 2, true, &[0]),
        ] {
            assert_eq!(sizes(seconds, size, at_the_end), expected, "{seconds:?}");
        }
    }
}
