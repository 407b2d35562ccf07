//! Asking for an export, and getting it.

use super::{Report, ReportStatus, ReportType, jobs::Build};
use crate::{
    app::App,
    file::{self, FileType, StoredFile},
    ids::{ReportId, UserId},
    ports::store::StoreError,
    subscriber::Subscriber,
};

/// Asks for an export of everything that the subscriber sees of one tool. Its author is mailed when it is there.
///
/// The row of the file comes with it, so that no bytes are ever lost sight of; nobody gets it before it is whole.
///
/// # Errors
/// When the store fails.
pub async fn request(
    app: &App,
    author: UserId,
    email: &str,
    subscriber: &Subscriber,
    kind: ReportType,
) -> Result<Report, StoreError> {
    let mut unit = app.store.begin().await?;
    let slug = match subscriber.default_slug {
        Some(id) => unit.subscribers().slug(id).await?.map(|it| it.slug),
        None => None,
    };
    let now = app.now();
    let name = format!(
        "{}_{}_{}_export",
        now.format("%Y%m%d%H%M"),
        slug.as_deref().unwrap_or_default(),
        kind.label()
    );
    let name = format!("{}.csv", file::slug(&name));
    let file = file::reserve(app, FileType::Report, name, Some(email.to_owned()), Some(subscriber.id));
    let report = Report {
        id: ReportId(app.ids.uuid()),
        kind,
        status: ReportStatus::Pending,
        subscriber: subscriber.id,
        author: Some(author),
        file: Some(file.id),
        written: 0,
        total: None,
        created_at: now,
        modified_at: now,
    };
    unit.files_mut().insert(&file).await?;
    unit.reports_mut().insert(&report).await?;
    let build = Build { report: report.id };
    unit.jobs_mut().enqueue(&build.job(app).of(Some(subscriber.id))).await?;
    unit.commit().await?;
    Ok(report)
}

/// The link to a complete export, which works until its end; the file stays. Nothing while it is pending, or when the file
/// is gone.
///
/// # Errors
/// When the store fails.
pub async fn link(app: &App, report: &Report) -> Result<Option<String>, StoreError> {
    let (ReportStatus::Complete, Some(id)) = (report.status, report.file) else { return Ok(None) };
    let mut unit = app.store.begin().await?;
    let found = unit.files_mut().lock(id).await?;
    let Some(mut file) = found.filter(|it: &StoredFile| it.claimed && it.purged.is_none()) else {
        return Ok(None);
    };
    let now = app.now();
    if now >= file.expires {
        app.file_tokens.renew(&mut file, now);
        file.modified_at = now;
        unit.files_mut().update(&file).await?;
        unit.commit().await?;
    }
    Ok(Some(file::download_url(app, &file)))
}
