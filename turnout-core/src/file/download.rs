//! Opening a file by its link (`http-api.md` 12).

use super::StoredFile;
use crate::{
    action::EventType,
    app::App,
    ids::{ActionId, FileId},
    ports::{
        files::FileError,
        store::{StoreError, Unit, unless_absent},
    },
    webhook,
};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// To the bytes, for a few seconds.
    Bytes(String),
    /// To the page that offers a new link.
    Reset(String),
    /// To the page that explains why there is nothing any more.
    Purged(String),
    /// Nowhere: there is no such file.
    NotFound,
}

/// The address under which a voter downloads a file.
#[must_use]
pub fn download_url(app: &App, file: &StoredFile) -> String {
    let token = app.file_tokens.issue(file);
    format!("{}/download/{}/?token={}", app.settings.origins.primary, file.id, token.text())
}

/// The page for a file whose link is wrong or expired.
#[must_use]
pub fn reset_url(app: &App, id: FileId) -> String {
    app.settings.file.reset_url.replace("{item_id}", &id.to_string())
}

/// The page for a file that was deleted.
#[must_use]
pub fn purged_url(app: &App, file: &StoredFile) -> String {
    let days = app.settings.file.purge_days.map(|days| days.to_string()).unwrap_or_default();
    app.settings
        .file
        .purged_url
        .replace("{item_id}", &file.id.to_string())
        .replace("{filetype}", &file.kind.label().replace(' ', "%20"))
        .replace("{purge_days}", &days)
}

/// Opens a file. `counts` records the download (quirk Q107: only GET does); what cannot be recorded does not keep
/// the voter from the file.
///
/// # Errors
/// When the row cannot be read or the file store gives no link.
#[tracing::instrument(target = "turnout::trace", name = "file.open", skip_all)]
pub async fn open(app: &App, id: &str, token: Option<&str>, counts: bool) -> Result<Opened, OpenError> {
    let Some(id) = FileId::parse_any(id) else { return Ok(Opened::NotFound) };
    let now = app.now();
    let mut view = app.store.view().await?;
    let Some(file) = view.files().by_id(id).await?.filter(|file| file.claimed) else {
        return Ok(Opened::NotFound);
    };
    drop(view);
    if file.purged.is_some() {
        return Ok(Opened::Purged(purged_url(app, &file)));
    }
    if !token.is_some_and(|token| app.file_tokens.check(&file, token, now)) {
        return Ok(Opened::Reset(reset_url(app, id)));
    }
    let url = app.files.link(&file.key, &file.name, now + app.settings.file.link_lifetime).await?;
    if counts && let Err(error) = record(app, id).await {
        tracing::warn!(file.id = %id, %error, "a download was not recorded");
    }
    Ok(Opened::Bytes(url))
}

async fn record(app: &App, id: FileId) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    let Some(mut file) = unit.files_mut().lock(id).await? else { return Ok(()) };
    if file.first_download.is_none() {
        file.first_download = Some(app.now());
        unit.files_mut().update(&file).await?;
    }
    if let Some(action) = action_of(unit.as_mut(), id).await? {
        webhook::happened(app, unit.as_mut(), &app.event(action, EventType::Download)).await?;
    }
    unit.commit().await
}

/// The action of which opening this file is an event: of a registration by either form, of a ballot request by the voter's
/// own.
async fn action_of(unit: &mut dyn Unit, id: FileId) -> Result<Option<ActionId>, StoreError> {
    if let Some(registration) = unit.registrations().by_file(id).await? {
        return Ok(registration.action);
    }
    let request = unless_absent(unit.ballot_requests().by_file(id).await)?;
    Ok(request.filter(|it| it.result_item == Some(id)).and_then(|it| it.action))
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
}
