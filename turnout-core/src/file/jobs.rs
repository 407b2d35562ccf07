//! What happens later to files: new links, left-over files, deletion of old ones.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{FileType, StoredFile};
use crate::{
    app::App,
    ids::FileId,
    jobs::{JobContext, JobError, NewJob},
    ports::{
        email::{Email, Mailbox},
        files::FileError,
        wording::{Message, NewLinkMail},
    },
    register::{form::download_url, notify::speaker},
};

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

    /// Mails the link in the language of the voter's registration.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let found = view.files().by_id(self.file).await?;
        let Some(file) = found.filter(|file| file.purged.is_none()) else { return Ok(()) };
        let Some(address) = file.email.clone() else { return Ok(()) };
        let subscriber = match file.subscriber {
            Some(id) => view.subscribers().by_id(id).await?,
            None => None,
        };
        let registration = view.registrations().by_file(self.file).await?;
        drop(view);
        let message = Message::NewDownloadLink(NewLinkMail {
            speaker: speaker(app, subscriber.as_ref()),
            download_url: download_url(app, &file),
            download_until: file.expires.with_timezone(&app.settings.file.timezone).date_naive(),
        });
        let language = registration.map(|it| it.language_or_english()).unwrap_or_default();
        let words =
            app.wording.render(&message, &language).map_err(|error| JobError::GiveUp(error.to_string()))?;
        let from = match &subscriber {
            Some(it) => {
                let (name, address) = it.transactional_sender(&app.settings.email.default_from);
                Mailbox { name: Some(name), address }
            }
            None => Mailbox { name: None, address: app.settings.email.management_from.clone() },
        };
        let domain = from.address.rsplit('@').next().unwrap_or("localhost").to_owned();
        let email = Email {
            message_id: format!("{}@{domain}", context.unique()),
            from,
            to: Mailbox { name: None, address },
            reply_to: Vec::new(),
            subject: words.subject,
            html: words.html,
            text: words.text,
            language: words.language,
            tag: message.tag(),
        };
        app.email.send(&email).await?;
        Ok(())
    }
}

/// Deletes a file's bytes, then notes it. In this order nothing is lost sight of.
async fn purge_file(app: &App, file: &StoredFile) -> Result<(), JobError> {
    app.files.delete(&file.key).await?;
    let mut unit = app.store.begin().await?;
    if let Some(mut row) = unit.files_mut().lock(file.id).await?
        && row.purged.is_none()
        && row.key == file.key
    {
        row.purged = Some(app.now());
        row.modified_at = app.now();
        unit.files_mut().update(&row).await?;
        unit.commit().await?;
    }
    Ok(())
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
        match found {
            Some(file) if !file.claimed && file.purged.is_none() => purge_file(app, &file).await,
            _ => Ok(()),
        }
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

    /// Deletes voters' forms older than `FILE_PURGE_DAYS`, a hundred at a time. Reports stay (`flows.md` 7).
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let Some(days) = app.settings.file.purge_days else { return Ok(()) };
        let before = app.now() - TimeDelta::days(days.into());
        let kinds = [FileType::RegForm, FileType::AbsForm, FileType::BlankRegForms];
        let mut deleted = 0_usize;
        loop {
            let mut view = app.store.view().await?;
            let old = view.files().unpurged(&kinds, before, 100).await?;
            drop(view);
            if old.is_empty() {
                tracing::info!(deleted, "old files were deleted");
                return Ok(());
            }
            for file in &old {
                purge_file(app, file).await?;
            }
            deleted += old.len();
        }
    }
}
