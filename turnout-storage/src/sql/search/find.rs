//! Finding: who is not packed is looked at one by one, the others block by block, from the newest on.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    page::{Page, PageRequest},
    ports::store::StoreError,
    search::{ListKey, SearchQuery, VoterList},
};

use super::{block::Directory, of_list, page_number, slots::Slots};
use crate::sql::{
    dialect::Dialect,
    moment::{END_OF_TIME, Moment},
    rows::{
        corrupt,
        search::{BlockRow, Entry, EntryRow, FreshRow, PageRow},
    },
    session::Session,
    statements::search as statements,
};

/// How many blocks are asked at once, after the newest one alone, which is often enough.
const BLOCKS_AT_ONCE: usize = 16;

/// Who in the list is found, newest first.
pub(in crate::sql) async fn find<D: Dialect>(
    session: &mut Session<D>,
    list: VoterList,
    query: &SearchQuery,
    page: PageRequest<ListKey>,
) -> Result<Page<ListKey, ListKey>, StoreError> {
    // first, so that nobody is missed who is packed in the meantime
    let until = page.after.map_or(END_OF_TIME, |after| after.created_at);
    let fresh = of_list(statements::FRESH, list).bind(Moment(until));
    let fresh: Vec<Entry> = session.all::<FreshRow, _>(fresh).await?;
    let wanted = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
    let mut search =
        PackedSearch { session, list, query, after: page.after, until, wanted, found: Vec::new() };
    search.run().await?;
    let mut found = std::mem::take(&mut search.found);
    found.extend(fresh.into_iter().filter(|entry| search.is_found(entry)).map(|entry| entry.key));
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.dedup();
    Ok(Page::cut(found, page.limit, |key| *key))
}

/// A search among packed entries.
struct PackedSearch<'s, 'q, D: Dialect> {
    session: &'s mut Session<D>,
    list: VoterList,
    query: &'q SearchQuery,
    after: Option<ListKey>,
    /// The last moment that may be found.
    until: DateTime<Utc>,
    wanted: usize,
    /// From the newest on, until they are as many as wanted.
    found: Vec<ListKey>,
}

/// A block and those of its slots that may be found.
struct Candidates {
    block: i64,
    directory: Directory,
    slots: Slots,
}

/// A place among candidates.
struct Place {
    index: usize,
    slot: usize,
}

impl Place {
    /// The next candidates that may be of a moment up to `until`: their blocks and slots, `count` at the most.
    fn next(&mut self, candidates: &[Candidates], until: DateTime<Utc>, count: usize) -> Vec<(i64, usize)> {
        let mut found = Vec::new();
        while let Some(it) = candidates.get(self.index) {
            let first = self.slot.max(it.directory.first_slot(until));
            for slot in it.slots.from(first) {
                if found.len() == count {
                    self.slot = slot;
                    return found;
                }
                found.push((it.block, slot));
            }
            *self = Self { index: self.index + 1, slot: 0 };
        }
        found
    }
}

impl<D: Dialect> PackedSearch<'_, '_, D> {
    fn is_found(&self, entry: &Entry) -> bool {
        self.after.is_none_or(|after| entry.key < after) && self.query.finds(&entry.terms)
    }

    async fn run(&mut self) -> Result<(), StoreError> {
        let blocks = of_list(statements::BLOCKS, self.list).bind(Moment(self.until));
        let blocks: Vec<BlockRow> = self.session.rows(blocks).await?;
        let (mut begin, mut end) = (0, 1);
        while self.found.len() < self.wanted && begin < blocks.len() {
            let some = &blocks[begin..end.min(blocks.len())];
            let candidates = self.candidates(some).await?;
            self.look_at(&candidates).await?;
            (begin, end) = (end, end + BLOCKS_AT_ONCE);
        }
        Ok(())
    }

    /// The slots in which all words are found, by block.
    async fn candidates(&mut self, blocks: &[BlockRow]) -> Result<Vec<Candidates>, StoreError> {
        let mut candidates = Vec::with_capacity(blocks.len());
        let mut numbers = BTreeSet::new();
        for row in blocks {
            let directory =
                Directory::read(&row.directory).ok_or_else(|| corrupt::<BlockRow>("directory"))?;
            for word in self.query.words() {
                numbers.extend(directory.pages_of(word).map(|page| page_number(row.block, page)));
            }
            let slots = Slots::all(directory.count);
            candidates.push(Candidates { block: row.block, directory, slots });
        }
        let pages = self.pages(numbers).await?;
        for Candidates { block, directory, slots } in &mut candidates {
            for word in self.query.words() {
                let mut with_word = Slots::none(directory.count);
                for page in directory.pages_of(word) {
                    let content = pages.get(&page_number(*block, page)).map_or(&[][..], Vec::as_slice);
                    Directory::find(content, word, &mut with_word)
                        .ok_or_else(|| corrupt::<PageRow>("content"))?;
                }
                slots.keep(&with_word);
            }
        }
        candidates.retain(|it| !it.slots.is_empty());
        Ok(candidates)
    }

    /// Reads the rows of candidates, as many as are still wanted at a time: they decide.
    async fn look_at(&mut self, candidates: &[Candidates]) -> Result<(), StoreError> {
        let mut place = Place { index: 0, slot: 0 };
        let mut pages: HashMap<i64, Vec<DateTime<Utc>>> = HashMap::new();
        // two entries of one moment are read together
        let mut before = None;
        while self.found.len() < self.wanted {
            let some = place.next(candidates, self.until, self.wanted - self.found.len());
            if some.is_empty() {
                break;
            }
            let number = |(block, slot): (i64, usize)| page_number(block, Directory::page_of(slot));
            let missing = some.iter().map(|it| number(*it)).filter(|number| !pages.contains_key(number));
            for (number, content) in self.pages(missing.collect()).await? {
                let moments = Directory::moments(&content).ok_or_else(|| corrupt::<PageRow>("content"))?;
                pages.insert(number, moments);
            }
            let mut moments = Vec::with_capacity(some.len());
            for it in some {
                let moment = pages.get(&number(it)).and_then(|page| page.get(Directory::place_of(it.1)));
                let moment = *moment.ok_or_else(|| corrupt::<PageRow>("content"))?;
                if moment <= self.until && before.is_none_or(|before| moment < before) {
                    moments.push(Moment(moment).text());
                    before = Some(moment);
                }
            }
            self.read_at(moments).await?;
        }
        Ok(())
    }

    /// Adds whoever is found of these moments.
    async fn read_at(&mut self, moments: Vec<String>) -> Result<(), StoreError> {
        if moments.is_empty() {
            return Ok(());
        }
        let rows = of_list(statements::PACKED_AT, self.list).bind(Json(moments));
        let entries: Vec<Entry> = self.session.all::<EntryRow, _>(rows).await?;
        let mut found: Vec<ListKey> =
            entries.into_iter().filter(|entry| self.is_found(entry)).map(|entry| entry.key).collect();
        found.sort_unstable_by(|one, other| other.cmp(one));
        self.found.extend(found);
        Ok(())
    }

    async fn pages(&mut self, numbers: BTreeSet<i64>) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let pages: Vec<PageRow> =
            self.session.rows(of_list(statements::PAGES, self.list).bind(Json(numbers))).await?;
        Ok(pages.into_iter().map(|page| (page.number, page.content)).collect())
    }
}
