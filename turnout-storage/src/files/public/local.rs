//! Public files in a local folder.

use std::{io, path::PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use turnout_core::ports::{
    files::FileError,
    public_files::{PublicFile, PublicFiles, is_public_key},
};
use url::Url;

use super::checked;
use crate::files::folder::{Folder, unavailable};

/// Keeps public files in a folder. An address is `<origin>/public/<key>`; the server answers it with what
/// [`get`](Self::get) gives.
pub struct LocalPublicFiles {
    folder: Folder,
    origin: Url,
}

/// What stands in the first line of a file, as JSON; the bytes follow.
#[derive(Serialize, Deserialize)]
struct Head {
    content_type: String,
    /// In seconds.
    cache: i64,
    redirect: Option<Url>,
}

impl LocalPublicFiles {
    /// Keeps files in `folder`, which is made if there is none. Addresses begin with `origin`.
    pub fn open(folder: impl Into<PathBuf>, origin: Url) -> io::Result<Self> {
        Ok(Self { folder: Folder::open(folder)?, origin })
    }

    /// What is published under a key; nothing for what is no key.
    pub async fn get(&self, key: &str) -> Result<Option<PublicFile>, FileError> {
        if !is_public_key(key) {
            return Ok(None);
        }
        match self.folder.read(&file_name(key)).await? {
            Some(bytes) => {
                read(bytes).map(Some).ok_or_else(|| unavailable("a public file without its first line"))
            }
            None => Ok(None),
        }
    }
}

/// No key has a `+`, so that no two keys share a file and none is a folder to another.
fn file_name(key: &str) -> String {
    key.replace('/', "+")
}

fn read(mut bytes: Bytes) -> Option<PublicFile> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let head = bytes.split_to(end + 1);
    let Head { content_type, cache, redirect } = serde_json::from_slice(&head).ok()?;
    Some(PublicFile { bytes, content_type, cache: TimeDelta::try_seconds(cache)?, redirect })
}

fn written(file: PublicFile) -> Bytes {
    let PublicFile { bytes, content_type, cache, redirect } = file;
    let head = Head { content_type, cache: cache.num_seconds(), redirect };
    let mut text = serde_json::to_vec(&head).expect("texts and a number are JSON");
    text.push(b'\n');
    text.extend_from_slice(&bytes);
    text.into()
}

#[async_trait]
impl PublicFiles for LocalPublicFiles {
    async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError> {
        let name = file_name(checked(key)?);
        file.check()?;
        self.folder.write(&name, written(file)).await
    }

    async fn remove(&self, key: &str) -> Result<(), FileError> {
        self.folder.delete(&[file_name(checked(key)?)]).await
    }

    fn url(&self, key: &str) -> Result<String, FileError> {
        Ok(format!("{}/public/{}", self.origin.as_str().trim_end_matches('/'), checked(key)?))
    }
}
