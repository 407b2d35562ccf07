//! Rows of an export, as a store gives them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The place of a row in an export: oldest first, of the same moment by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// The record's id.
    pub record: Uuid,
}

/// Some rows of an export: the cells of its columns, in their order, as texts. All of them share a few allocations, as
/// there may be a million.
///
/// Ids are hyphenated, moments as `2026-11-03 12:00:00.000000+00:00`, days as `2026-11-03`, yes and no as `True` and
/// `False`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    columns: usize,
    text: String,
    /// Where each cell ends, and whether there is one.
    ends: Vec<(u32, bool)>,
    /// The place of the last row when more follow.
    pub next: Option<RowKey>,
}

impl Rows {
    /// No rows of so many columns.
    #[must_use]
    pub fn new(columns: usize) -> Self {
        Self { columns: columns.max(1), ..Self::default() }
    }

    /// The next cell.
    pub fn push(&mut self, cell: Option<&str>) {
        self.text.push_str(cell.unwrap_or_default());
        let end = u32::try_from(self.text.len()).expect("some thousand rows are less than 4 GB");
        self.ends.push((end, cell.is_some()));
    }

    /// How many rows are whole.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() / self.columns.max(1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of each row.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = Option<&str>>> {
        let columns = self.columns.max(1);
        (0..self.len()).map(move |row| {
            (row * columns..(row + 1) * columns).map(move |cell| {
                let begin = cell.checked_sub(1).map_or(0, |before| self.ends[before].0 as usize);
                let (end, is_there) = self.ends[cell];
                is_there.then(|| &self.text[begin..end as usize])
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cell_is_another_thing_than_none() {
        let mut rows = Rows::new(2);
        for cell in [Some("a"), None, Some(""), Some("é")] {
            rows.push(cell);
        }
        let read: Vec<Vec<_>> = rows.iter().map(Iterator::collect).collect();
        assert_eq!(read, [[Some("a"), None], [Some(""), Some("é")]]);
        assert_eq!(rows.len(), 2);
        assert!(Rows::new(3).is_empty());
    }
}
