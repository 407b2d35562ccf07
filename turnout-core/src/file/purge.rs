//! Deletion of files and uploads, so that nothing leaks and nothing dangles.
//!
//! First the rows are noted as purged, and from then on nobody is sent to the bytes; then the bytes go; then the rows
//! forget the key. A process that stops in between leaves rows that are purged and have a key: whoever comes next goes on
//! with those. Deleting bytes twice is right.

use chrono::{DateTime, Utc};

use super::{FileType, UploadType};
use crate::{
    app::App,
    ids::{FileId, UploadId},
    jobs::JobError,
    ports::{
        files::is_key,
        store::{StoreError, unless_absent},
    },
};

/// How many rows of a kind are worked on at once.
const BATCH: u32 = 100;

/// What is deleted when it is old. Reports stay (`flows.md` 7).
const FILES: &[FileType] = &[FileType::RegForm, FileType::AbsForm, FileType::BlankRegForms];
const UPLOADS: &[UploadType] = &[UploadType::Signature];

/// Notes some of what was made before `before` as purged; how much it was.
pub(super) async fn retire_old(app: &App, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut view = app.store.view().await?;
    let files: Vec<FileId> =
        view.files().unpurged(FILES, before, BATCH).await?.into_iter().map(|it| it.id).collect();
    let uploads = unless_absent(view.uploads().unpurged(UPLOADS, before, BATCH).await)?;
    let uploads: Vec<UploadId> = uploads.into_iter().map(|it| it.id).collect();
    drop(view);
    retire(app, &files, &uploads).await?;
    Ok(files.len() + uploads.len())
}

/// Notes these as purged, those that are not yet.
pub(super) async fn retire(app: &App, files: &[FileId], uploads: &[UploadId]) -> Result<(), StoreError> {
    if files.is_empty() && uploads.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let mut unit = app.store.begin().await?;
    for id in files {
        if let Some(mut file) = unit.files_mut().lock(*id).await?.filter(|it| it.purged.is_none()) {
            (file.purged, file.modified_at) = (Some(now), now);
            unit.files_mut().update(&file).await?;
        }
    }
    for id in uploads {
        if let Some(mut upload) = unit.uploads_mut().lock(*id).await?.filter(|it| it.purged.is_none()) {
            (upload.purged, upload.modified_at) = (Some(now), now);
            unit.uploads_mut().update(&upload).await?;
        }
    }
    unit.commit().await
}

/// Deletes the bytes of some of what is purged; of how much.
pub(super) async fn sweep(app: &App) -> Result<usize, JobError> {
    let mut view = app.store.view().await?;
    let files = view.files().undeleted(BATCH).await?.into_iter().map(|it| (it.id, it.key)).collect();
    let uploads = unless_absent(view.uploads().undeleted(BATCH).await)?;
    let uploads = uploads.into_iter().map(|it| (it.id, it.key)).collect();
    drop(view);
    delete(app, files, uploads).await
}

/// Deletes the bytes of everything that is noted as purged, at once and not by the next `file.purge`; of how much.
///
/// # Errors
/// When the store or the files fail. The job goes on with the rest.
pub async fn delete_purged(app: &App) -> Result<usize, JobError> {
    let mut deleted = 0;
    loop {
        match sweep(app).await? {
            0 => return Ok(deleted),
            more => deleted += more,
        }
    }
}

/// Deletes the bytes of purged rows, and lets the rows forget the keys; of how many.
///
/// What is no key of ours was imported and names no bytes here: it is left, and said.
pub(super) async fn delete(
    app: &App,
    mut files: Vec<(FileId, String)>,
    mut uploads: Vec<(UploadId, String)>,
) -> Result<usize, JobError> {
    let found = files.len() + uploads.len();
    files.retain(|(_, key)| is_key(key));
    uploads.retain(|(_, key)| is_key(key));
    let good = files.len() + uploads.len();
    if good < found {
        tracing::warn!(rows = found - good, "purged files have keys that are none, and are left");
    }
    if good == 0 {
        return Ok(0);
    }
    let keys: Vec<String> =
        files.iter().map(|it| &it.1).chain(uploads.iter().map(|it| &it.1)).cloned().collect();
    app.reached("file.purge.before_bytes");
    app.files.delete_all(&keys).await?;
    app.reached("file.purge.after_bytes");
    let now = app.now();
    let mut unit = app.store.begin().await?;
    for (id, key) in files {
        if let Some(mut file) = unit.files_mut().lock(id).await?.filter(|it| it.key == key) {
            (file.key, file.modified_at) = (String::new(), now);
            unit.files_mut().update(&file).await?;
        }
    }
    for (id, key) in uploads {
        if let Some(mut upload) = unit.uploads_mut().lock(id).await?.filter(|it| it.key == key) {
            (upload.key, upload.modified_at) = (String::new(), now);
            unit.uploads_mut().update(&upload).await?;
        }
    }
    unit.commit().await?;
    app.reached("file.purge.after_unit");
    Ok(good)
}
