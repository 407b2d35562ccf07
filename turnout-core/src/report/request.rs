//! Asking for an export, and getting it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{Report, ReportStatus, ReportType, jobs::Build};
use crate::{
    account::User,
    app::App,
    change::Change,
    file::{self, FileType, StoredFile},
    ids::{ReportId, SubscriberId},
    input::{Input, Reader, Rules},
    listing::Filter,
    mail::{slug_of, subscriber_of},
    ports::{files::is_key, store::StoreError},
    problems::{Problem, Problems},
    subscriber::Subscriber,
};

/// Why no export is made.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Something is wrong with the input; nothing was noted.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is asked for.
struct Asked {
    kind: ReportType,
    since: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

/// Asks for an export of what the subscriber sees of one tool: `type`, and the first and the last day, `from` and `to`, both
/// optional, as the author's clock has them. Its author is mailed when it is there.
///
/// The row of the file comes with it, so that no bytes are ever lost sight of; nobody gets it before it is whole.
///
/// # Errors
/// See [`RequestError`].
pub async fn request(
    app: &App,
    author: &User,
    subscriber: &Subscriber,
    input: &Input,
) -> Result<Report, RequestError> {
    let Asked { kind, since, before } = read(author, input)?;
    let mut unit = app.store.begin().await?;
    let slug = slug_of(unit.as_mut(), Some(subscriber)).await?;
    let now = app.now();
    let file = place(app, author, subscriber.id, slug.as_deref(), kind);
    let report = Report {
        id: ReportId(app.ids.uuid()),
        kind,
        status: ReportStatus::Pending,
        subscriber: subscriber.id,
        author: Some(author.id),
        file: Some(file.id),
        since,
        before,
        written: 0,
        total: None,
        created_at: now,
        modified_at: now,
    };
    unit.files_mut().insert(&file).await?;
    unit.reports_mut().insert(&report).await?;
    let build = Build { report: report.id };
    unit.jobs_mut().enqueue(&build.job(app).of(Some(subscriber.id))).await?;
    Change::new(app, Some(author.id), Report::KIND, report.id, "created")
        .of(subscriber.id)
        .from_to(None, Some(json!({ "type": kind.wire(), "since": since, "before": before })))
        .write(unit.as_mut())
        .await?;
    unit.commit().await?;
    Ok(report)
}

/// A place for the file of an export, whose link is mailed to whoever asks. Its name says when, of whom and what.
fn place(
    app: &App,
    author: &User,
    subscriber: SubscriberId,
    slug: Option<&str>,
    kind: ReportType,
) -> StoredFile {
    let when = app.now().format("%Y%m%d%H%M");
    let name = format!("{when}_{}_{}_export", slug.unwrap_or_default(), kind.label());
    let name = format!("{}.csv", file::slug(&name));
    file::reserve(app, FileType::Report, name, Some(author.email.clone()), Some(subscriber))
}

/// What became of asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedAgain {
    /// It is made.
    Begun,
    /// It had not failed: it is made already, or is there.
    NotFailed,
    /// The subscriber has no such export.
    NotFound,
}

/// Has an export of that subscriber made that had failed, once however many ask at the same time. From now on it is theirs who
/// asks: they are mailed when it is there, as whoever asked before may have left the team.
///
/// # Errors
/// When the store fails.
pub async fn ask_again(
    app: &App,
    actor: &User,
    subscriber: SubscriberId,
    id: ReportId,
) -> Result<AskedAgain, StoreError> {
    let mut unit = app.store.begin().await?;
    let found = unit.reports_mut().lock(id).await?.filter(|it| it.subscriber == subscriber);
    let Some(mut report) = found else { return Ok(AskedAgain::NotFound) };
    if report.status != ReportStatus::Failed {
        return Ok(AskedAgain::NotFailed);
    }
    let kept = match report.file {
        Some(file) => unit.files_mut().lock(file).await?,
        None => None,
    };
    // one that was deleted, or came from elsewhere, is no place for bytes
    match kept.filter(|it| it.purged.is_none() && is_key(&it.key)) {
        Some(mut file) => {
            (file.email, file.modified_at) = (Some(actor.email.clone()), app.now());
            unit.files_mut().update(&file).await?;
        }
        None => {
            let whose = subscriber_of(unit.as_mut(), Some(subscriber)).await?;
            let slug = slug_of(unit.as_mut(), whose.as_ref()).await?;
            let file = place(app, actor, subscriber, slug.as_deref(), report.kind);
            unit.files_mut().insert(&file).await?;
            report.file = Some(file.id);
        }
    }
    (report.status, report.written, report.total) = (ReportStatus::Pending, 0, None);
    (report.author, report.modified_at) = (Some(actor.id), app.now());
    unit.reports_mut().update(&report).await?;
    unit.jobs_mut().enqueue(&Build { report: id }.job(app).of(Some(subscriber))).await?;
    Change::new(app, Some(actor.id), Report::KIND, id, "asked again")
        .of(subscriber)
        .write(unit.as_mut())
        .await?;
    unit.commit().await?;
    Ok(AskedAgain::Begun)
}

fn read(author: &User, input: &Input) -> Result<Asked, Problems> {
    let mut reader = Reader::whole(input);
    let kind = reader.choice("type", Rules::required(), ReportType::parse).value();
    let mut day = |name| -> Option<NaiveDate> { reader.date(name, Rules::optional().or_null()).value() };
    let (from, to) = (day("from"), day("to"));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let what = "The last day comes before the first one.";
        reader.complain("to", Problem::Other("problem-days", what.into()));
    }
    reader.into_problems().into_result()?;
    let Some(kind) = kind else { return Err(Problems::one("type", Problem::Required)) };
    let days = Filter::default().of_days(from, to, author.time_zone.tz());
    Ok(Asked { kind, since: days.since, before: days.before })
}

/// The link to a complete export of that subscriber, which works until its end; the file stays. Nothing while it is pending,
/// when the file is gone, or when it is another subscriber's. That somebody took it is noted.
///
/// # Errors
/// When the store fails.
pub async fn link(
    app: &App,
    actor: &User,
    subscriber: SubscriberId,
    id: ReportId,
) -> Result<Option<String>, StoreError> {
    let mut unit = app.store.begin().await?;
    let found = unit.reports().by_id(id).await?.filter(|it| it.subscriber == subscriber);
    let Some(report) = found.filter(|it| it.status == ReportStatus::Complete) else { return Ok(None) };
    let Some(file) = report.file else { return Ok(None) };
    let found = unit.files_mut().lock(file).await?;
    let Some(mut file) = found.filter(|it: &StoredFile| it.claimed && it.purged.is_none()) else {
        return Ok(None);
    };
    let now = app.now();
    if now >= file.expires {
        app.file_tokens.renew(&mut file, now);
        file.modified_at = now;
        unit.files_mut().update(&file).await?;
    }
    Change::new(app, Some(actor.id), Report::KIND, id, "downloaded")
        .of(subscriber)
        .write(unit.as_mut())
        .await?;
    unit.commit().await?;
    Ok(Some(file::download_url(app, &file)))
}
