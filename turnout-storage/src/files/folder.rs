//! A folder of whole files that only its owner may read.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use turnout_core::{
    error::BoxError,
    ports::files::{FileError, FileWriter},
};

/// How the name of a file begins that is not written yet. The leading dot is in no key.
const PARTIAL: &str = ".put-";

/// Files by name. A name is not checked: it must be one, without a dot at its beginning.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if there is none.
    pub(super) fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }

    /// Writes a file, whole or not at all.
    pub(super) async fn write(&self, name: &str, bytes: Bytes) -> Result<(), FileError> {
        let (folder, path, aside) = (self.0.clone(), self.0.join(name), self.aside(name));
        blocking(move || write_whole(&folder, &path, &aside, &bytes)).await
    }

    /// Begins a file that is written in pieces, whole or not at all.
    pub(super) async fn begin(&self, name: &str) -> Result<Box<dyn FileWriter>, FileError> {
        let (folder, path, aside) = (self.0.clone(), self.0.join(name), self.aside(name));
        let begun = self.0.clone();
        let file = tokio::task::spawn_blocking(move || write_beside(&begun, &aside)).await;
        let file = file.map_err(unavailable)?.map_err(unavailable)?;
        Ok(Box::new(Beside { folder, path, file: Some(file) }))
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Bytes>, FileError> {
        match tokio::fs::read(self.0.join(name)).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Deletes those of the files that are there, and what a crash left of them.
    pub(super) async fn delete(&self, names: &[String]) -> Result<(), FileError> {
        let paths: Vec<_> = names.iter().flat_map(|name| [self.0.join(name), self.aside(name)]).collect();
        let folder = self.0.clone();
        blocking(move || delete_for_good(&folder, &paths)).await
    }

    /// Where a file is until it is whole. Named after it, so that what a crash leaves goes with the file.
    fn aside(&self, name: &str) -> PathBuf {
        self.0.join(format!("{PARTIAL}{name}"))
    }
}

async fn blocking(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> Result<(), FileError> {
    tokio::task::spawn_blocking(work).await.map_err(unavailable)?.map_err(unavailable)
}

pub(super) fn unavailable(error: impl Into<BoxError>) -> FileError {
    FileError::Unavailable(error.into())
}

/// A file that is not whole yet.
struct Beside {
    folder: PathBuf,
    path: PathBuf,
    /// There but while somebody writes to it.
    file: Option<tempfile::NamedTempFile>,
}

#[async_trait]
impl FileWriter for Beside {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        // a write that failed leaves none
        let Some(mut file) = self.file.take() else { return Err(unavailable("an earlier piece is missing")) };
        let work = move || file.write_all(&bytes).map(|()| file);
        let written = tokio::task::spawn_blocking(work).await.map_err(unavailable)?;
        self.file = Some(written.map_err(unavailable)?);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), FileError> {
        let Self { folder, path, file } = *self;
        let Some(file) = file else { return Err(unavailable("an earlier piece is missing")) };
        blocking(move || put_in_place(&folder, &path, file)).await
    }

    async fn discard(self: Box<Self>) {
        let dropped = tokio::task::spawn_blocking(move || drop(self.file)).await;
        if let Err(error) = dropped {
            tracing::warn!(%error, "a file that was not finished may be left");
        }
    }
}

/// Writes beside, then renames: nobody ever sees half a file, and a power cut leaves the old or the new one.
fn write_whole(folder: &Path, path: &Path, aside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = write_beside(folder, aside)?;
    file.write_all(bytes)?;
    put_in_place(folder, path, file)
}

/// A file beside the others; dropping it deletes it.
fn write_beside(folder: &Path, aside: &Path) -> io::Result<tempfile::NamedTempFile> {
    Ok(match create_private(aside) {
        Ok(file) => tempfile::NamedTempFile::from_parts(file, tempfile::TempPath::try_from_path(aside)?),
        // another put of the same key is at work or broke off; tempfile gives mode 0600
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            tempfile::Builder::new().prefix(PARTIAL).tempfile_in(folder)?
        }
        Err(error) => return Err(error),
    })
}

/// Gives it its name, for good.
fn put_in_place(folder: &Path, path: &Path, file: tempfile::NamedTempFile) -> io::Result<()> {
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
