//! Files in a local folder, and links to them that the server itself answers.

use std::{io, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use turnout_core::{
    ports::{
        clock::Clock,
        files::{FileError, FileStore, FileWriter, is_key},
    },
    secret::SecretKey,
};
use url::{Url, form_urlencoded};

use super::folder::Folder;

/// What the signatures of this room are for.
const PURPOSE: &[u8] = b"turnout.local-files.link";

/// Keeps each object as a file that only its owner may read.
///
/// A link is `<origin>/files/<key>?name=…&until=<seconds since 1970>&signature=…`; the server answers it with what
/// [`open_link`](Self::open_link) gives.
pub struct LocalFiles {
    folder: Folder,
    origin: Url,
    key: SecretKey,
    previous: Option<SecretKey>,
    clock: Arc<dyn Clock>,
}

impl LocalFiles {
    /// Keeps files in `folder`, which is made if there is none. Links begin with `origin` and are signed under a key
    /// derived from `secret`.
    pub fn open(
        folder: impl Into<PathBuf>,
        origin: Url,
        secret: &[u8],
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        Ok(Self { folder: Folder::open(folder)?, origin, key: purpose_key(secret), previous: None, clock })
    }

    /// Also opens links that were signed under the secret before the present one.
    #[must_use]
    pub fn with_previous(mut self, secret: &[u8]) -> Self {
        self.previous = Some(purpose_key(secret));
        self
    }

    /// What a link opens: the bytes and the name to download them under. `query` is the link's, without `?`.
    /// Nothing when the signature is wrong, the link has ended, or the bytes are gone.
    pub async fn open_link(&self, key: &str, query: &str) -> Result<Option<(Bytes, String)>, FileError> {
        let (mut name, mut until, mut signature) = (None, None, None);
        for (field, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*field {
                "name" => name = Some(value.into_owned()),
                "until" => until = value.parse::<i64>().ok(),
                "signature" => signature = URL_SAFE_NO_PAD.decode(value.as_bytes()).ok(),
                _ => {}
            }
        }
        let (Some(name), Some(until), Some(signature)) = (name, until, signature) else { return Ok(None) };
        // verify_slice compares in constant time
        let is_signed =
            |under: &SecretKey| link_mac(under, key, &name, until).verify_slice(&signature).is_ok();
        if !is_signed(&self.key) && !self.previous.as_ref().is_some_and(is_signed) {
            return Ok(None);
        }
        if self.clock.now().timestamp() >= until {
            return Ok(None);
        }
        Ok(self.get(key).await?.map(|bytes| (bytes, name)))
    }
}

fn checked(key: &str) -> Result<&str, FileError> {
    if is_key(key) { Ok(key) } else { Err(FileError::BadKey) }
}

/// The key of this room alone.
fn purpose_key(secret: &[u8]) -> SecretKey {
    SecretKey::new(mac(secret, &[PURPOSE]).finalize().into_bytes().to_vec())
}

fn link_mac(under: &SecretKey, key: &str, name: &str, until: i64) -> Hmac<Sha256> {
    mac(under.bytes(), &[key.as_bytes(), name.as_bytes(), &until.to_be_bytes()])
}

/// A MAC over the parts, each with its length before it, so that no two lists of parts give the same text.
fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[async_trait]
impl FileStore for LocalFiles {
    async fn put(&self, key: &str, bytes: Bytes, _content_type: &str) -> Result<(), FileError> {
        self.folder.write(checked(key)?, bytes).await
    }

    async fn begin(&self, key: &str, _content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        self.folder.begin(checked(key)?).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        self.folder.read(checked(key)?).await
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        self.delete_all(&[key.to_owned()]).await
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        for key in keys {
            checked(key)?;
        }
        self.folder.delete(keys).await
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        checked(key)?;
        let until = until.timestamp();
        let signature = link_mac(&self.key, key, name, until).finalize().into_bytes();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("name", name)
            .append_pair("until", &until.to_string())
            .append_pair("signature", &URL_SAFE_NO_PAD.encode(signature))
            .finish();
        Ok(format!("{}/files/{key}?{query}", self.origin.as_str().trim_end_matches('/')))
    }
}
