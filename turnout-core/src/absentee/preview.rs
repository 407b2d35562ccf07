//! The form of a request that went to an office, as staff may look at it: without the voter's number (`flows.md` 22.2,
//! 2026-11).

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{BallotRequest, SubmissionType, dashboard::HandOver, form, past::today_everywhere};
use crate::{
    action::Event,
    app::App,
    change::Change,
    file::{self, FileType, StoredFile},
    ids::{BallotRequestId, UserId},
    ports::{
        files::FileError,
        forms::FormsError,
        store::{StoreError, View, unless_absent},
    },
    secret::StateIdNumber,
};

/// What requests are called in the log of changes.
pub const KIND: &str = "ballot_request";

/// What stands in place of the voter's number, which nobody has kept.
const NO_NUMBER: &str = "XXXX";

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// There is no such request, or none that went to an office.
    #[error("there is no such application")]
    NotFound,
    /// The signature or the form was deleted, as everything of voters is after a while.
    #[error("the signature or the form is gone")]
    Gone,
    /// The form cannot be filled.
    #[error(transparent)]
    Forms(#[from] FormsError),
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A request that went to an office, with what staff may see of it. No `Debug`: it is a person's data.
#[derive(Clone, PartialEq)]
pub struct Filed {
    /// The request.
    pub request: BallotRequest,
    /// Which way it went last.
    pub by: HandOver,
    /// When.
    pub at: DateTime<Utc>,
    /// Everything that happened to its action, the oldest first.
    pub events: Vec<Event>,
    /// Whether signature and form are still there, so that there is a preview.
    pub can_preview: bool,
}

/// Reads a request that went to an office; nothing for another.
///
/// # Errors
/// When the store fails.
pub async fn application(app: &App, id: BallotRequestId) -> Result<Option<Filed>, StoreError> {
    let mut view = app.store.view().await?;
    read(view.as_mut(), id).await
}

async fn read(view: &mut dyn View, id: BallotRequestId) -> Result<Option<Filed>, StoreError> {
    let Some(request) = unless_absent(view.ballot_requests().by_id(id).await)? else { return Ok(None) };
    let Some(action) = request.action else { return Ok(None) };
    let events = view.actions().events(action).await?;
    let last = events.iter().filter_map(|it| Some((it.created_at, it.id, HandOver::of(it.kind)?))).max();
    let Some((at, _, by)) = last else { return Ok(None) };
    let has_form = original(view, &request).await?.is_some();
    let can_preview = has_form && signature_key(view, &request).await?.is_some();
    Ok(Some(Filed { request, by, at, events, can_preview }))
}

async fn original(view: &mut dyn View, request: &BallotRequest) -> Result<Option<StoredFile>, StoreError> {
    let Some(id) = request.result_item else { return Ok(None) };
    Ok(view.files().by_id(id).await?.filter(|it| it.purged.is_none()))
}

async fn signature_key(view: &mut dyn View, request: &BallotRequest) -> Result<Option<String>, StoreError> {
    let Some(id) = request.signature else { return Ok(None) };
    let upload = unless_absent(view.uploads().by_id(id).await)?;
    Ok(upload.filter(|it| it.purged.is_none()).map(|it| it.key))
}

/// The preview of a request that went to an office, a PDF. It is made once, and again when the request has changed since; it
/// is deleted when the voter's form is. That somebody looked at it is noted in the log of changes.
///
/// # Errors
/// See [`PreviewError`].
pub async fn preview(app: &App, by: UserId, id: BallotRequestId) -> Result<Bytes, PreviewError> {
    let mut view = app.store.view().await?;
    let filed = read(view.as_mut(), id).await?.ok_or(PreviewError::NotFound)?;
    drop(view);
    let subscriber = filed.request.subscriber;
    let pdf = made(app, filed).await?;
    let mut unit = app.store.begin().await?;
    let mut change = Change::new(app, Some(by), KIND, id, "previewed");
    change.subscriber = subscriber;
    unless_absent(change.write(unit.as_mut()).await)?;
    unit.commit().await?;
    Ok(pdf)
}

/// The preview as it was kept, or anew.
async fn made(app: &App, filed: Filed) -> Result<Bytes, PreviewError> {
    let mut view = app.store.view().await?;
    let request = filed.request;
    let original = original(view.as_mut(), &request).await?.ok_or(PreviewError::Gone)?;
    let signature = signature_key(view.as_mut(), &request).await?.ok_or(PreviewError::Gone)?;
    let before = unless_absent(view.files().preview_of(original.id).await)?;
    if let Some(kept) = before.as_ref().filter(|it| it.modified_at >= request.modified_at) {
        drop(view);
        if let Some(pdf) = app.files.get(&kept.key).await? {
            return Ok(pdf);
        }
        view = app.store.view().await?;
    }
    let facts = form::request_facts(view.as_mut(), &request, &app.settings.origins).await?;
    drop(view);
    let signature = app.files.get(&signature).await?.ok_or(PreviewError::Gone)?;
    let way = match request.way {
        Some(way @ (SubmissionType::LeoEmail | SubmissionType::LeoFax)) => way,
        _ => filed.by.method(),
    };
    let number = Some(StateIdNumber::new(NO_NUMBER.to_owned()));
    let today = today_everywhere(app.now());
    let filled =
        form::fill(app.forms.as_ref(), &request, way, &facts, number, Some(signature), today).await?;
    keep(app, &original, before, filled.pdf.clone()).await?;
    Ok(filled.pdf)
}

/// Keeps a preview, in place of an earlier one.
async fn keep(
    app: &App,
    original: &StoredFile,
    before: Option<StoredFile>,
    pdf: Bytes,
) -> Result<(), PreviewError> {
    let name = format!("preview-{}", original.name);
    let mut reserved = file::reserve(app, FileType::AbsForm, name, None, original.subscriber);
    // so that it is purged with it
    reserved.created_at = original.created_at;
    let mut unit = app.store.begin().await?;
    file::note(app, unit.as_mut(), &reserved).await?;
    unit.commit().await?;
    app.files.put(&reserved.key, pdf, "application/pdf").await?;
    let mut unit = app.store.begin().await?;
    // who deletes the form meanwhile is not overtaken by a new preview of it
    let there = unit.files_mut().lock(original.id).await?.is_some_and(|it| it.purged.is_none());
    if there {
        let claimed = file::claim(app, unit.as_mut(), before.map(|it| it.id), reserved).await?;
        match unit.files_mut().set_preview(claimed.file.id, original.id).await {
            // such a store makes it anew each time
            Ok(()) => unit.commit().await?,
            Err(StoreError::Absent(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
