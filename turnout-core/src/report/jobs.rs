//! How an export is made: rows in steps, into a file that is whole or not there.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Csv, Report, ReportStatus, RowKey, Sheet};
use crate::{
    app::App,
    decision::Place,
    file::{StoredFile, download_url},
    ids::ReportId,
    jobs::{JobContext, JobError, JobHandler, NewJob},
    language::Language,
    listing::{Listing, Span},
    mail::{self, speaker, subscriber_of},
    page::PageRequest,
    ports::{
        email::Mailbox,
        files::FileWriter,
        wording::{Message, ReportMail},
    },
};

/// How many rows are read at once. With 53 columns these are about a megabyte.
const STEP: u32 = 2_000;
/// After how many rows it is noted how far the export is.
const NOTED: u64 = 20_000;

/// What an export is called on the web.
const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// Makes the file of an export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Build {
    /// The export.
    pub report: ReportId,
}

/// Mails the link to an export to its author.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notify {
    /// The export.
    pub report: ReportId,
}

impl Build {
    /// The job's name.
    pub const KIND: &'static str = "report.build";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Writes the file from the beginning, however far another worker came: what that one wrote was never offered. Everything
    /// that is asked for and there when the job begins is in it.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let Some(report) = view.reports().by_id(self.report).await? else { return Ok(()) };
        if report.status == ReportStatus::Complete {
            return Ok(());
        }
        let file = match report.file {
            Some(id) => view.files().by_id(id).await?,
            None => None,
        };
        drop(view);
        let Some(file) = file.filter(|it| it.purged.is_none() && !it.key.is_empty()) else {
            return Err(JobError::GiveUp("the export has no place for its file".into()));
        };
        let now = app.now();
        let before = report.before.map_or(now, |before| before.min(now));
        let list = Listing { subscriber: report.subscriber, tool: report.kind.tool() };
        let span = Span { since: report.since, before: Some(before), state: None };
        let mut view = app.store.report_view().await?;
        let total = view.listings().count(list, &span, u64::MAX).await?;
        drop(view);
        self.note(app, 0, Some(total)).await?;
        let mut writer = app.files.begin(&file.key, CONTENT_TYPE).await?;
        let written = match self.write(app, &report, before, writer.as_mut()).await {
            Ok(written) => written,
            Err(error) => {
                writer.discard().await;
                return Err(error);
            }
        };
        app.reached("report.before_whole");
        writer.finish().await?;
        app.reached("report.after_file");
        self.complete(app, file, written).await
    }

    /// Writes header and rows; how many.
    async fn write(
        &self,
        app: &App,
        report: &Report,
        before: DateTime<Utc>,
        writer: &mut dyn FileWriter,
    ) -> Result<u64, JobError> {
        let csv = Csv::of(Sheet::of(report.kind));
        let mut bytes = Vec::new();
        csv.header(&mut bytes);
        // before every record that is as old as that
        let mut after = report.since.map(|created_at| RowKey { created_at, record: Uuid::nil() });
        let (mut written, mut noted) = (0_u64, 0_u64);
        loop {
            let mut view = app.store.report_view().await?;
            let page = PageRequest { after, limit: STEP };
            let rows = view.reports().rows(report.kind, report.subscriber, before, page).await?;
            drop(view);
            csv.lines(&rows, &mut bytes);
            written += rows.len() as u64;
            writer.write(Bytes::from(std::mem::take(&mut bytes))).await?;
            app.reached("report.after_step");
            if written - noted >= NOTED {
                self.note(app, written, None).await?;
                noted = written;
            }
            after = rows.next;
            if after.is_none() {
                return Ok(written);
            }
        }
    }

    /// Notes that nobody tries any more: whoever asked for it sees that, and may ask again.
    async fn fail(self, app: &App) -> Result<(), JobError> {
        let mut unit = app.store.begin().await?;
        let found = unit.reports_mut().lock(self.report).await?;
        if let Some(mut report) = found.filter(|it| it.status == ReportStatus::Pending) {
            (report.status, report.modified_at) = (ReportStatus::Failed, app.now());
            unit.reports_mut().update(&report).await?;
            unit.commit().await?;
        }
        Ok(())
    }

    /// Notes how far it is, unless another worker has completed it. One that had failed is tried again.
    async fn note(&self, app: &App, written: u64, total: Option<u64>) -> Result<(), JobError> {
        let mut unit = app.store.begin().await?;
        let found = unit.reports_mut().lock(self.report).await?;
        if let Some(mut report) = found.filter(|it| it.status != ReportStatus::Complete) {
            report.status = ReportStatus::Pending;
            report.written = written;
            report.total = total.or(report.total);
            report.modified_at = app.now();
            unit.reports_mut().update(&report).await?;
            unit.commit().await?;
        }
        Ok(())
    }

    /// From here on the file may be had, and its author is told. Where it was deleted meanwhile, or the export was asked for
    /// again and has another place by now, what was written is nobody's, and goes.
    async fn complete(&self, app: &App, file: StoredFile, written: u64) -> Result<(), JobError> {
        let now = app.now();
        let mut unit = app.store.begin().await?;
        let Some(mut report) = unit.reports_mut().lock(self.report).await? else { return Ok(()) };
        let is_its_place = report.file == Some(file.id);
        let kept = unit.files_mut().lock(file.id).await?;
        let Some(mut file) = kept.filter(|it| is_its_place && it.purged.is_none()) else {
            drop(unit);
            app.files.delete(&file.key).await?;
            return match is_its_place && report.status != ReportStatus::Complete {
                true => Err(JobError::GiveUp("the file of the export was deleted while it was made".into())),
                false => Ok(()),
            };
        };
        if report.status == ReportStatus::Complete {
            return Ok(());
        }
        file.claimed = true;
        file.expires = now + app.file_tokens.lifetime();
        file.modified_at = now;
        unit.files_mut().update(&file).await?;
        report.status = ReportStatus::Complete;
        (report.written, report.total, report.modified_at) = (written, Some(written), now);
        unit.reports_mut().update(&report).await?;
        let notify = Notify { report: report.id };
        unit.jobs_mut().enqueue(&notify.job(app).of(Some(report.subscriber))).await?;
        unit.commit().await?;
        app.reached("report.after_unit");
        Ok(())
    }
}

/// Makes exports, and notes of those that are given up that they failed.
pub(crate) struct Building;

impl JobHandler for Building {
    type Payload = Build;

    async fn run(&self, app: &App, job: Build, context: &JobContext) -> Result<(), JobError> {
        job.run(app, context).await
    }

    async fn give_up(&self, app: &App, job: Build, _reason: &str) -> Result<(), JobError> {
        job.fail(app).await
    }
}

impl Notify {
    /// The job's name.
    pub const KIND: &'static str = "report.notify";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Mails the link, in English, as the management site is.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let Some(report) = view.reports().by_id(self.report).await? else { return Ok(()) };
        let file = match report.file {
            Some(id) => view.files().by_id(id).await?,
            None => None,
        };
        let Some(file) = file.filter(|it| it.claimed && it.purged.is_none()) else { return Ok(()) };
        let Some(address) = file.email.clone() else { return Ok(()) };
        let subscriber = subscriber_of(view.as_mut(), Some(report.subscriber)).await?;
        drop(view);
        let message = Message::ReportReady(ReportMail {
            speaker: speaker(app, subscriber.as_ref()),
            kind: report.kind,
            download_url: download_url(app, &file),
            download_until: file.expires.with_timezone(&app.settings.file.timezone).date_naive(),
        });
        let from = match &subscriber {
            Some(it) => {
                let (name, address) = it.transactional_sender(&app.settings.email.default_from);
                Mailbox { name: Some(name), address }
            }
            None => Mailbox { name: None, address: app.settings.email.management_from.clone() },
        };
        let email = mail::compose(app, from, address, &message, &Language::default(), &context.unique())?;
        mail::hand_over(app, &email, message.purpose(), Some(report.subscriber), &Place::default()).await
    }
}
