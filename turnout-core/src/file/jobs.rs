//! What happens later to files: new links, left-over files, deletion of old ones.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{download_url, purge};
use crate::{
    app::App,
    decision::Place,
    ids::FileId,
    jobs::{JobContext, JobError, NewJob},
    mail::{self, speaker, subscriber_of},
    ports::{
        email::Mailbox,
        files::FileError,
        store::unless_absent,
        wording::{Message, NewLinkMail},
    },
};

/// How many files one run of the purge deletes: far fewer than fit into the lease of a job.
const MOST_AT_ONCE: usize = 5_000;

/// Mails a link to a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendLink {
    /// The file.
    pub file: FileId,
}

/// Deletes a file that no record claimed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiscardUnclaimed {
    /// The file.
    pub file: FileId,
}

/// Deletes files that are older than they may become.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Purge {}

impl From<FileError> for JobError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::BadKey | FileError::BadRedirect => Self::GiveUp(error.to_string()),
            other => Self::Retry(other.to_string()),
        }
    }
}

impl SendLink {
    /// The job's name.
    pub const KIND: &'static str = "file.send_link";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Mails the link in the language of the voter's record.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let found = view.files().by_id(self.file).await?;
        let Some(file) = found.filter(|file| file.purged.is_none()) else { return Ok(()) };
        let Some(address) = file.email.clone() else { return Ok(()) };
        let subscriber = subscriber_of(view.as_mut(), file.subscriber).await?;
        let language = match view.registrations().by_file(self.file).await? {
            Some(registration) => registration.language_or_english(),
            None => {
                let request = unless_absent(view.ballot_requests().by_file(self.file).await)?;
                request.map(|it| it.language_or_english()).unwrap_or_default()
            }
        };
        drop(view);
        let message = Message::NewDownloadLink(NewLinkMail {
            speaker: speaker(app, subscriber.as_ref()),
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
        let email = mail::compose(app, from, address, &message, &language, &context.unique())?;
        let sender = subscriber.map(|it| it.id);
        mail::hand_over(app, &email, message.purpose(), sender, &Place::default()).await
    }
}

impl DiscardUnclaimed {
    /// The job's name.
    pub const KIND: &'static str = "file.discard_unclaimed";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Deletes the bytes, unless a record has claimed the file.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let found = view.files().by_id(self.file).await?;
        drop(view);
        if let Some(file) = found.filter(|file| !file.claimed && !file.key.is_empty()) {
            purge::retire(app, &[file.id], &[]).await?;
            purge::delete(app, vec![(file.id, file.key)], Vec::new()).await?;
        }
        Ok(())
    }
}

impl Purge {
    /// The job's name.
    pub const KIND: &'static str = "file.purge";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Deletes voters' forms and signatures older than `FILE_PURGE_DAYS`, and what an earlier run left. What is too much
    /// for one run is left to the next, which is due at once.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let days = app.settings.file.purge_days;
        let before = days.map(|days| app.now() - TimeDelta::days(days.into()));
        let mut deleted = 0_usize;
        let outcome = loop {
            match step(app, before).await {
                Ok(Step { noted: 0, deleted: 0 }) => break Ok(()),
                Ok(step) => deleted += step.deleted,
                Err(error) => break Err(error),
            }
            if deleted >= MOST_AT_ONCE {
                let mut unit = app.store.begin().await?;
                unit.jobs_mut().enqueue(&Self {}.job(app)).await?;
                unit.commit().await?;
                break Ok(());
            }
        };
        tracing::info!(deleted, "old files were deleted");
        outcome
    }
}

/// What one step of a purge came to.
struct Step {
    noted: usize,
    deleted: usize,
}

async fn step(app: &App, before: Option<DateTime<Utc>>) -> Result<Step, JobError> {
    let noted = match before {
        Some(before) => purge::retire_old(app, before).await?,
        None => 0,
    };
    Ok(Step { noted, deleted: purge::sweep(app).await? })
}
