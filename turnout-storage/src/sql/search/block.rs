//! Blocks: their directory and their pages.

use chrono::{DateTime, Utc};

use super::{
    bytes::{Reader, write_number},
    slots::Slots,
};
use crate::sql::rows::search::Entry;

/// A page, with its row's key, fills one of SQLite's.
const PAGE: usize = 3_900;
/// How many slots' moments are in one page.
const MOMENTS: usize = 512;
/// How many letters a beginning has that is kept for itself.
const BEGINNING: usize = 2;

/// A block to be written.
pub(crate) struct Block {
    /// Its directory.
    pub(crate) directory: Vec<u8>,
    /// Its pages, by number.
    pub(crate) pages: Vec<Vec<u8>>,
}

/// What is in which page of a block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    /// How many slots there are.
    pub(crate) count: usize,
    /// The newest moment of each page of moments.
    newest: Vec<i64>,
    /// The first term or beginning of each page of terms, which follow those of moments.
    first: Vec<Vec<u8>>,
}

impl Block {
    /// Packs entries, the newest first.
    pub(crate) fn of(entries: &[Entry]) -> Self {
        let count = entries.len();
        let mut pages = Vec::new();
        let mut newest = Vec::new();
        for slots in entries.chunks(MOMENTS) {
            newest.push(micros(slots[0].key.created_at));
            pages.push(moments(slots));
        }
        let mut first: Vec<Vec<u8>> = Vec::new();
        let (mut page, mut before) = (Vec::new(), &[][..]);
        let all = postings(entries);
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            let key = same[0].0.as_bytes();
            let mut slots: Vec<usize> = same.iter().map(|(_, slot)| *slot).collect();
            slots.dedup();
            let mut set = Vec::new();
            Slots::write(&mut set, &slots, count);
            if !page.is_empty() && page.len() + key.len() + set.len() + 4 > PAGE {
                pages.push(std::mem::take(&mut page));
            }
            if page.is_empty() {
                first.push(key.to_vec());
                before = &[];
            }
            let shared = key.iter().zip(before).take_while(|(one, other)| one == other).count();
            write_number(&mut page, shared as u64);
            write_number(&mut page, (key.len() - shared) as u64);
            page.extend(&key[shared..]);
            page.extend(set);
            before = key;
        }
        if !page.is_empty() {
            pages.push(page);
        }
        Self { directory: Directory { count, newest, first }.written(), pages }
    }
}

/// Every term that is longer than a beginning, and every beginning, with its slots, in order.
fn postings(entries: &[Entry]) -> Vec<(&str, usize)> {
    let mut all = Vec::new();
    for (slot, entry) in entries.iter().enumerate() {
        for term in entry.terms.iter() {
            let mut ends = term.char_indices().map(|(start, letter)| start + letter.len_utf8());
            for end in ends.by_ref().take(BEGINNING) {
                all.push((&term[..end], slot));
            }
            if ends.next().is_some() {
                all.push((term, slot));
            }
        }
    }
    all.sort_unstable();
    all
}

fn micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros()
}

/// The first moment, then how much older each next one is.
fn moments(entries: &[Entry]) -> Vec<u8> {
    let mut page = Vec::new();
    let mut before = micros(entries[0].key.created_at);
    page.extend(before.to_le_bytes());
    for entry in entries {
        let moment = micros(entry.key.created_at);
        write_number(&mut page, before.abs_diff(moment));
        before = moment;
    }
    page
}

impl Directory {
    fn written(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_number(&mut bytes, self.count as u64);
        write_number(&mut bytes, self.newest.len() as u64);
        for moment in &self.newest {
            bytes.extend(moment.to_le_bytes());
        }
        for key in &self.first {
            write_number(&mut bytes, key.len() as u64);
            bytes.extend(key);
        }
        bytes
    }

    /// Reads what was written.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let count = reader.count()?;
        let mut newest = Vec::new();
        for _ in 0..reader.count()? {
            newest.push(i64::from_le_bytes(reader.take(8)?.try_into().ok()?));
        }
        let mut first = Vec::new();
        while !reader.is_at_end() {
            let length = reader.count()?;
            first.push(reader.take(length)?.to_vec());
        }
        (newest.len() == count.div_ceil(MOMENTS)).then_some(Self { count, newest, first })
    }

    /// The pages in which a word may be found.
    pub(crate) fn pages_of(&self, word: &str) -> std::ops::Range<usize> {
        let word_bytes = word.as_bytes();
        let begin = self.first.partition_point(|key| key.as_slice() <= word_bytes).saturating_sub(1);
        let end = self.first.partition_point(|key| {
            key.as_slice() <= word_bytes || (!is_beginning(word) && key.starts_with(word_bytes))
        });
        self.newest.len() + begin..self.newest.len() + end
    }

    /// The page with the moment of a slot.
    pub(crate) fn page_of(slot: usize) -> usize {
        slot / MOMENTS
    }

    /// The place of a slot's moment in its page.
    pub(crate) fn place_of(slot: usize) -> usize {
        slot % MOMENTS
    }

    /// The first slot of the page with which the slots at or before a moment begin.
    pub(crate) fn first_slot(&self, moment: DateTime<Utc>) -> usize {
        let moment = micros(moment);
        self.newest.partition_point(|newest| *newest > moment).saturating_sub(1) * MOMENTS
    }

    /// Adds the slots of a word in one of its pages.
    pub(crate) fn find(page: &[u8], word: &str, slots: &mut Slots) -> Option<()> {
        let bytes = word.as_bytes();
        let is_found = |key: &[u8]| if is_beginning(word) { key == bytes } else { key.starts_with(bytes) };
        let mut reader = Reader(page);
        let mut key = Vec::new();
        while !reader.is_at_end() {
            let shared = reader.count()?;
            let length = reader.count()?;
            key.truncate(shared);
            key.extend_from_slice(reader.take(length)?);
            if key.as_slice() < bytes {
                Slots::skip(&mut reader)?;
            } else if is_found(&key) {
                slots.read(&mut reader)?;
            } else {
                break;
            }
        }
        Some(())
    }

    /// The moments of a page.
    pub(crate) fn moments(page: &[u8]) -> Option<Vec<DateTime<Utc>>> {
        let mut reader = Reader(page);
        let mut moment = i64::from_le_bytes(reader.take(8)?.try_into().ok()?);
        let mut moments = Vec::with_capacity(MOMENTS);
        while !reader.is_at_end() {
            moment = moment.checked_sub(i64::try_from(reader.number()?).ok()?)?;
            moments.push(DateTime::from_timestamp_micros(moment)?);
        }
        Some(moments)
    }
}

/// Whether the slots of all terms that begin with the word are kept under the word itself.
fn is_beginning(word: &str) -> bool {
    word.chars().nth(BEGINNING).is_none()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use turnout_core::{
        ids::ActionId,
        search::{ListKey, SearchQuery, Terms},
    };
    use uuid::Uuid;

    use super::*;

    /// Entries a second apart, the newest first.
    fn entries(terms: &[String]) -> Vec<Entry> {
        let newest = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let entry = |(slot, terms): (usize, &String)| Entry {
            key: ListKey {
                created_at: newest - TimeDelta::seconds(slot as i64),
                action: ActionId(Uuid::from_u128(slot as u128)),
            },
            terms: Terms::from_text(terms.clone()),
        };
        terms.iter().enumerate().map(entry).collect()
    }

    /// Whom a word finds, by the pages that the directory names.
    fn found(block: &Block, word: &str) -> Vec<usize> {
        let directory = Directory::read(&block.directory).expect("a directory");
        let mut slots = Slots::none(directory.count);
        for page in directory.pages_of(word) {
            Directory::find(&block.pages[page], word, &mut slots).expect("a page");
        }
        slots.from(0).collect()
    }

    proptest! {
        #[test]
        fn a_block_finds_whom_the_terms_find(
            people in prop::collection::vec("[abé]{1,4}( [abé李]{1,4}){0,3}", 1..1_500),
            words in prop::collection::vec("[abé李c]{1,5}", 1..20),
        ) {
            let entries = entries(&people);
            let block = Block::of(&entries);
            for word in words {
                let query = SearchQuery::parse(&word);
                let [word] = query.words() else { continue };
                let expected: Vec<usize> = (0..entries.len())
                    .filter(|slot| entries[*slot].terms.iter().any(|term| term.starts_with(word.as_str())))
                    .collect();
                prop_assert_eq!(found(&block, word), expected, "{}", word);
            }
        }

        #[test]
        fn garbage_is_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Directory::read(&bytes).map(|it| it.pages_of("abc"));
            let _ = Directory::moments(&bytes);
            let _ = Directory::find(&bytes, "abc", &mut Slots::none(64));
        }
    }

    #[test]
    fn every_slot_has_its_moment_and_a_moment_leads_to_its_slot() {
        let people: Vec<String> = (0..1_300).map(|number| format!("person{number:05} x")).collect();
        let entries = entries(&people);
        let block = Block::of(&entries);
        let directory = Directory::read(&block.directory).expect("a directory");
        for (slot, entry) in entries.iter().enumerate() {
            let moments = Directory::moments(&block.pages[Directory::page_of(slot)]).expect("moments");
            assert_eq!(moments[slot % MOMENTS], entry.key.created_at);
            let first = directory.first_slot(entry.key.created_at);
            assert!(first <= slot && slot - first <= MOMENTS, "{first} {slot}");
        }
        assert!(block.pages.iter().all(|page| page.len() <= PAGE + 100));
        assert!(block.pages.len() > 5, "the terms take several pages");
        assert_eq!(found(&block, "person00777"), [777]);
        assert_eq!(found(&block, "person").len(), 1_300);
        assert_eq!(found(&block, "x").len(), 1_300);
        assert_eq!(found(&block, "pa"), [0; 0]);
    }
}
