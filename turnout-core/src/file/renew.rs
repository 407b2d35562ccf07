//! A new link for a file whose link has expired (`http-api.md` 11.1).

use chrono::TimeDelta;
use serde_json::Value;

use super::purged_url;
use crate::{
    action::Sending,
    app::App,
    asked::{Field, Kind},
    ids::FileId,
    input::Input,
    ports::{store::StoreError, throttle::Verdict},
};

/// What became of the wish for a new link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewed {
    /// A mail with the link is on its way.
    Sent,
    /// The file was deleted; the page that explains it.
    Purged(String),
}

/// Why there is no new link.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// No id was given.
    #[error("no id")]
    Missing,
    /// The id is none.
    #[error("not an id")]
    NotAnId,
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// Too many new links; one more is allowed in so long.
    #[error("asked too often")]
    Throttled(TimeDelta),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The field that [`renew_link`] reads, without a reader: what it says of it is no list.
#[must_use]
pub fn renew_fields() -> Vec<Field> {
    let name = "id".to_owned();
    vec![Field { name, kind: Kind::FileId, required: true, null: false, blank: false, most: None }]
}

/// Mails a link to the file. Its token is renewed only when it has expired.
///
/// # Errors
/// See [`RenewError`].
pub async fn renew_link(app: &App, input: &Input) -> Result<Renewed, RenewError> {
    renew_link_for(app, input, None).await
}

/// The same for a client, by the key under which its calls are counted: it may not have links sent to many.
///
/// # Errors
/// See [`RenewError`].
#[tracing::instrument(target = "turnout::trace", name = "file.renew_link", skip_all)]
pub async fn renew_link_for(app: &App, input: &Input, client: Option<&str>) -> Result<Renewed, RenewError> {
    let id = match input.value("id") {
        None | Some(Value::Null) => return Err(RenewError::Missing),
        Some(Value::String(text)) if text.is_empty() => return Err(RenewError::Missing),
        Some(Value::String(text)) => FileId::parse_any(text.trim()).ok_or(RenewError::NotAnId)?,
        Some(_) => return Err(RenewError::NotAnId),
    };
    let mut view = app.store.view().await?;
    let found = view.files().by_id(id).await?.filter(|file| file.claimed);
    drop(view);
    let file = found.ok_or(RenewError::NotFound)?;
    if file.purged.is_some() {
        return Ok(Renewed::Purged(purged_url(app, &file)));
    }
    let limits = &app.settings.rate_limits;
    let counted = [
        client.map(|client| (format!("links:{client}"), limits.links_per_address)),
        Some((format!("link:{id}"), limits.links_per_file)),
    ];
    for (key, quota) in counted.into_iter().flatten() {
        if let Verdict::Wait(wait) = app.may(&key, quota).await {
            return Err(RenewError::Throttled(wait));
        }
    }
    let sending = Sending { email: file.email.as_deref(), phone: None, subscriber: file.subscriber };
    sending.count(app).await.map_err(RenewError::Throttled)?;
    let mut unit = app.store.begin().await?;
    let Some(mut file) = unit.files_mut().lock(id).await? else { return Err(RenewError::NotFound) };
    let now = app.now();
    if now >= file.expires {
        app.file_tokens.renew(&mut file, now);
        file.modified_at = now;
        unit.files_mut().update(&file).await?;
    }
    if file.email.as_deref().is_some_and(|address| !address.is_empty()) {
        let link = super::jobs::SendLink { file: id }.job(app).of(file.subscriber);
        unit.jobs_mut().enqueue(&link).await?;
    }
    unit.commit().await?;
    Ok(Renewed::Sent)
}
