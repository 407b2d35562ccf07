//! Files in a local folder, and links to them that the server itself answers.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use turnout_core::{
    ports::{
        clock::Clock,
        files::{FileError, FileStore, is_key},
    },
    secret::SecretKey,
};
use url::{Url, form_urlencoded};

/// What the signatures of this room are for.
const PURPOSE: &[u8] = b"turnout.local-files.link";
/// How the name of an object begins that is not written yet. The leading dot is in no key.
const PARTIAL: &str = ".put-";

/// Keeps each object as a file that only its owner may read.
///
/// A link is `<origin>/files/<key>?name=…&until=<seconds since 1970>&signature=…`; the server answers it with what
/// [`open_link`](Self::open_link) gives.
pub struct LocalFiles {
    folder: PathBuf,
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
        let folder = folder.into();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self { folder, origin, key: purpose_key(secret), previous: None, clock })
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

    /// No key leaves the folder or is a temporary file of ours.
    fn path(&self, key: &str) -> Result<PathBuf, FileError> {
        if is_key(key) { Ok(self.folder.join(key)) } else { Err(FileError::BadKey) }
    }

    /// Where the object is until it is whole. Named after it, so that what a crash leaves goes with the object.
    fn aside(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{PARTIAL}{key}"))
    }
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

/// Writes beside, then renames: nobody ever sees half a file, and a power cut leaves the old or the new one.
fn write_whole(folder: &Path, path: &Path, aside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = match create_private(aside) {
        Ok(file) => tempfile::NamedTempFile::from_parts(file, tempfile::TempPath::try_from_path(aside)?),
        // another put of the same key is at work or broke off; tempfile gives mode 0600
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            tempfile::Builder::new().prefix(PARTIAL).tempfile_in(folder)?
        }
        Err(error) => return Err(error),
    };
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// A new file that only its owner may read.
fn create_private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Deletes what is there; a power cut afterwards does not bring it back.
fn delete_for_good(folder: &Path, paths: &[PathBuf]) -> io::Result<()> {
    let mut is_changed = false;
    for path in paths {
        match std::fs::remove_file(path) {
            Ok(()) => is_changed = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if is_changed { sync_folder(folder) } else { Ok(()) }
}

/// Makes a change of names last.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn unavailable(error: impl Into<turnout_core::error::BoxError>) -> FileError {
    FileError::Unavailable(error.into())
}

/// A missing file is no failure.
fn found<T>(result: io::Result<T>) -> Result<Option<T>, FileError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unavailable(error)),
    }
}

#[async_trait]
impl FileStore for LocalFiles {
    async fn put(&self, key: &str, bytes: Bytes, _content_type: &str) -> Result<(), FileError> {
        let path = self.path(key)?;
        let (folder, aside) = (self.folder.clone(), self.aside(key));
        let written = tokio::task::spawn_blocking(move || write_whole(&folder, &path, &aside, &bytes)).await;
        written.map_err(unavailable)?.map_err(unavailable)
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        Ok(found(tokio::fs::read(self.path(key)?).await)?.map(Bytes::from))
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        self.delete_all(&[key.to_owned()]).await
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        let mut paths = Vec::with_capacity(2 * keys.len());
        for key in keys {
            paths.extend([self.path(key)?, self.aside(key)]);
        }
        let folder = self.folder.clone();
        let deleted = tokio::task::spawn_blocking(move || delete_for_good(&folder, &paths)).await;
        deleted.map_err(unavailable)?.map_err(unavailable)
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        self.path(key)?;
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
