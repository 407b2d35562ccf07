//! Keyset pagination: a page of rows and the key where the next one begins.

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest<K> {
    /// Rows after this key; the first page without it.
    pub after: Option<K>,
    /// At most so many rows.
    pub limit: u32,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, K> {
    /// The rows, in the order of their keys.
    pub rows: Vec<T>,
    /// The key of the last row when more rows follow.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// The first `limit` of all rows that follow, or of one more than fit.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: u32, key: impl FnOnce(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Self { rows, next }
    }
}
