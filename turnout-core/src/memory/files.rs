//! Files in RAM.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{fails, locked};
use crate::ports::files::{FileError, FileStore, FileWriter, is_key};

/// A file as it was put.
#[derive(Debug, Clone)]
struct Kept {
    bytes: Bytes,
    content_type: String,
}

/// Keeps files in RAM. Its links lead nowhere; [`open`](Self::open) follows them as a browser would.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    kept: Arc<Mutex<BTreeMap<String, Kept>>>,
    failures: Arc<Mutex<u32>>,
}

impl MemoryFiles {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The keys of all files, in their order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        locked(&self.kept).keys().cloned().collect()
    }

    /// What the file was said to be when it was put.
    #[must_use]
    pub fn content_type(&self, key: &str) -> Option<String> {
        locked(&self.kept).get(key).map(|file| file.content_type.clone())
    }

    /// The bytes that a link leads to at `now`: nothing when it has ended or the file is gone.
    #[must_use]
    pub fn open(&self, link: &str, now: DateTime<Utc>) -> Option<Bytes> {
        let url = url::Url::parse(link).ok()?;
        let key = url.path().strip_prefix('/')?.to_owned();
        let (_, until) = url.query_pairs().find(|(name, _)| name == "until")?;
        (now.timestamp_micros() < until.parse().ok()?).then_some(())?;
        locked(&self.kept).get(&key).map(|file| file.bytes.clone())
    }

    /// The next `times` calls fail as if the store were away.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }

    fn answer(&self, key: &str) -> Result<(), FileError> {
        if !is_key(key) {
            return Err(FileError::BadKey);
        }
        if fails(&self.failures) {
            return Err(FileError::Unavailable("told to fail".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl FileStore for MemoryFiles {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        self.answer(key)?;
        let file = Kept { bytes, content_type: content_type.to_owned() };
        locked(&self.kept).insert(key.to_owned(), file);
        Ok(())
    }

    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        self.answer(key)?;
        let (key, content_type) = (key.to_owned(), content_type.to_owned());
        Ok(Box::new(MemoryWriter { files: self.clone(), key, content_type, bytes: Vec::new() }))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        self.answer(key)?;
        Ok(locked(&self.kept).get(key).map(|file| file.bytes.clone()))
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        self.answer(key)?;
        locked(&self.kept).remove(key);
        Ok(())
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        self.answer(key)?;
        let until = until.timestamp_micros().to_string();
        let base = format!("memory://files/{key}");
        let url = url::Url::parse_with_params(&base, [("name", name), ("until", &until)]);
        url.map(Into::into).map_err(|_| FileError::BadKey)
    }
}

/// A file that is being written.
struct MemoryWriter {
    files: MemoryFiles,
    key: String,
    content_type: String,
    bytes: Vec<u8>,
}

#[async_trait]
impl FileWriter for MemoryWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.files.answer(&self.key)?;
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), FileError> {
        self.files.put(&self.key, self.bytes.into(), &self.content_type).await
    }

    async fn discard(self: Box<Self>) {}
}
