//! Finished answers, kept per process: the election data is half a megabyte and rarely changes (decision 20).

use std::{
    collections::HashMap,
    io::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::{Compression, write::GzEncoder};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, VARY},
};

use super::{
    error::ApiError,
    request::Request,
    response::{self, Response},
};

/// How long an answer is kept when nobody says that it changed: another process may have changed it.
const LIFETIME: TimeDelta = TimeDelta::seconds(60);

/// Answers smaller than this are not compressed.
pub(super) const WORTH_COMPRESSING: u64 = 1024;

#[derive(Clone)]
struct Entry {
    generation: u64,
    until: DateTime<Utc>,
    plain: Bytes,
    gzip: Option<Bytes>,
}

/// Finished answers by key. Keys name things that exist.
pub(crate) struct Kept {
    generation: AtomicU64,
    entries: Mutex<HashMap<String, Entry>>,
    /// So many at the most: the next one takes the place of all.
    most: usize,
}

impl Kept {
    /// None yet, and never more than so many.
    pub(crate) fn at_most(most: usize) -> Self {
        Self { generation: AtomicU64::default(), entries: Mutex::default(), most }
    }

    /// Forgets everything: what the answers are made of has changed.
    pub(crate) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    fn fresh(&self, key: &str, now: DateTime<Utc>) -> Option<Entry> {
        let generation = self.generation.load(Ordering::Acquire);
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).filter(|it| it.generation == generation && now < it.until).cloned()
    }

    /// What is kept under `key`, or what `make` makes, which is then kept.
    pub(crate) async fn bytes<M>(&self, key: &str, now: DateTime<Utc>, make: M) -> Result<Bytes, ApiError>
    where
        M: Future<Output = Result<Vec<u8>, ApiError>> + Send,
    {
        Ok(self.entry(key, now, make).await?.plain)
    }

    async fn entry<M>(&self, key: &str, now: DateTime<Utc>, make: M) -> Result<Entry, ApiError>
    where
        M: Future<Output = Result<Vec<u8>, ApiError>> + Send,
    {
        if let Some(entry) = self.fresh(key, now) {
            return Ok(entry);
        }
        // read before the rows are: a change in between makes this entry stale at once
        let generation = self.generation.load(Ordering::Acquire);
        let plain = Bytes::from(make.await?);
        let gzip = (plain.len() as u64 >= WORTH_COMPRESSING).then(|| compress(&plain));
        let entry = Entry { generation, until: now + LIFETIME, plain, gzip };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most && !entries.contains_key(key) {
            entries.clear();
        }
        entries.insert(key.to_owned(), entry.clone());
        Ok(entry)
    }

    /// The same as a JSON answer, compressed if the caller takes that.
    pub(crate) async fn json<M>(&self, request: &Request, key: &str, make: M) -> Result<Response, ApiError>
    where
        M: Future<Output = Result<Vec<u8>, ApiError>> + Send,
    {
        let takes_gzip = request.takes_gzip();
        let entry = self.entry(key, request.app().now(), make).await?;
        Ok(match entry.gzip {
            Some(gzip) if takes_gzip => {
                let mut response = response::json_bytes(StatusCode::OK, gzip);
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
                response
            }
            _ => response::json_bytes(StatusCode::OK, entry.plain),
        })
    }
}

fn compress(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::default());
    encoder.write_all(plain).expect("a Vec takes every byte");
    encoder.finish().expect("a Vec takes every byte").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn never_more_than_the_most_are_kept() {
        let kept = Kept::at_most(2);
        let now = DateTime::UNIX_EPOCH;
        let put = async |key: &str| {
            let made = kept.bytes(key, now, async { Ok(b"{}".to_vec()) }).await;
            assert!(made.is_ok_and(|bytes| bytes == "{}"), "{key}");
            kept.entries.lock().expect("nobody panicked").len()
        };
        assert_eq!([put("a").await, put("b").await, put("a").await, put("c").await], [1, 2, 2, 1]);
    }
}
