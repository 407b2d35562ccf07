//! Public files in RAM.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use super::{fails, locked};
use crate::ports::{
    files::FileError,
    public_files::{PublicFile, PublicFiles, is_public_key},
};

/// How the addresses begin.
const ORIGIN: &str = "memory://public/";

/// Keeps public files in RAM. Their addresses lead nowhere; [`visit`](Self::visit) follows them as a browser would.
#[derive(Debug, Clone, Default)]
pub struct MemoryPublicFiles {
    files: Arc<Mutex<BTreeMap<String, PublicFile>>>,
    failures: Arc<Mutex<u32>>,
}

impl MemoryPublicFiles {
    /// Nothing is published.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The keys of all files, in their order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        locked(&self.files).keys().cloned().collect()
    }

    /// What is published under an address.
    #[must_use]
    pub fn visit(&self, url: &str) -> Option<PublicFile> {
        locked(&self.files).get(url.strip_prefix(ORIGIN)?).cloned()
    }

    /// The next `times` changes fail as if the store were away.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }

    fn answer(&self) -> Result<(), FileError> {
        if fails(&self.failures) { Err(FileError::Unavailable("told to fail".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl PublicFiles for MemoryPublicFiles {
    async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError> {
        self.url(key)?;
        file.check()?;
        self.answer()?;
        locked(&self.files).insert(key.to_owned(), file);
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), FileError> {
        self.url(key)?;
        self.answer()?;
        locked(&self.files).remove(key);
        Ok(())
    }

    fn url(&self, key: &str) -> Result<String, FileError> {
        if is_public_key(key) { Ok(format!("{ORIGIN}{key}")) } else { Err(FileError::BadKey) }
    }
}
