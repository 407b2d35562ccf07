//! Faxes to election offices (`flows.md` 16).
//!
//! A gateway fetches the document by a link, sends it in its own time and reports by a callback: `callback.rs` reads and
//! believes it or not, [`settle`] is what such a report does.

mod callback;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use callback::{CallbackError, Heard, callback_fields, hear};

use crate::{
    absentee,
    app::App,
    consent::marks_of,
    decision::{Channel, Decision, Place, Purpose, Recipient, Whereabouts, decide},
    ids::{BallotRequestId, FaxId, FileId, SubscriberId},
    person::{Phone, demographics::choices},
    ports::store::{StoreError, Unit},
};

/// What follows the fax of a ballot request, as the Django service and the table call it (`flows.md` 12.5).
pub const TASK_OF_BALLOT_REQUEST: &str = "absentee.tasks.send_ballotrequest_leo_fax_sent_notification";

/// What is said of a fax between the gateway's yes and its first report.
const HANDED_OVER: &str = "handed to the gateway";

choices! {
    /// How far a fax has come.
    FaxStatus {
        Pending = "pending", "Pending";
        Sent = "sent", "Sent";
        TemporaryFailure = "tmp_fail", "Temporary Failure";
        PermanentFailure = "perm_fail", "Permanent Failure";
    }
}

/// A document on its way to a fax machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fax {
    /// Its id, by which the gateway reports.
    pub id: FaxId,
    /// What the gateway has to know to report.
    pub token: Uuid,
    /// The document.
    pub file: FileId,
    /// The number of the machine.
    pub to: Option<Phone>,
    /// How far it has come.
    pub status: FaxStatus,
    /// What the gateway said about it.
    pub status_message: Option<String>,
    /// When the gateway said so.
    pub status_at: Option<DateTime<Utc>>,
    /// What follows when it was sent or given up.
    pub then: Option<FaxThen>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl Fax {
    /// Whether the gateway is known to have it. A gateway knows a fax again for five minutes only, so one that it has is
    /// not handed over again when what follows has to be tried once more.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        self.status != FaxStatus::Pending || self.status_at.is_some() || self.status_message.is_some()
    }
}

/// What is decided about a fax to an office's number: it goes at any hour, unless the ledger says that the office wants none.
///
/// # Errors
/// When the store fails.
pub(crate) async fn decided(
    app: &App,
    to: &Phone,
    sender: Option<SubscriberId>,
) -> Result<Decision, StoreError> {
    let mut view = app.store.view().await?;
    let consent = marks_of(view.as_mut(), Channel::Fax, to.e164()).await?;
    drop(view);
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), &Place::default().with_phone(to));
    let office = Recipient { sender, consent, ..Recipient::at(whereabouts) };
    let decision = decide(&office, Channel::Fax, Purpose::Service, app.now());
    app.measures.decided(Channel::Fax, Purpose::Service, decision);
    Ok(decision)
}

/// Notes that the gateway has taken the fax, unless it has said more about it already.
///
/// # Errors
/// When the store fails.
pub async fn note_handed_over(app: &App, id: FaxId) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    let Some(mut fax) = unit.faxes_mut().lock(id).await? else { return Ok(()) };
    if fax.is_handed_over() {
        return Ok(());
    }
    fax.status_message = Some(HANDED_OVER.into());
    fax.modified_at = app.now();
    unit.faxes_mut().update(&fax).await?;
    unit.commit().await
}

/// What follows a fax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaxThen {
    /// The voter of this ballot request is told.
    BallotRequest(BallotRequestId),
}

/// Notes what the gateway reports of a fax that was locked in this unit, and enqueues what follows. A temporary failure is
/// only noted.
///
/// # Errors
/// When the store fails.
pub async fn settle(
    app: &App,
    unit: &mut dyn Unit,
    fax: &mut Fax,
    report: FaxReport,
    subscriber: Option<SubscriberId>,
) -> Result<(), StoreError> {
    fax.status = report.status;
    fax.status_message = report.message;
    fax.status_at = Some(report.at);
    fax.modified_at = app.now();
    unit.faxes_mut().update(fax).await?;
    if let (FaxStatus::Sent | FaxStatus::PermanentFailure, Some(FaxThen::BallotRequest(id))) =
        (report.status, fax.then)
    {
        let status = report.status;
        let job = absentee::jobs::FaxSettled { ballot_request: id, fax: fax.id, status }.job(app);
        unit.jobs_mut().enqueue(&job.of(subscriber)).await?;
    }
    Ok(())
}

/// What the gateway reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaxReport {
    /// How far the fax has come.
    pub status: FaxStatus,
    /// What there is to say about it.
    pub message: Option<String>,
    /// As of when.
    pub at: DateTime<Utc>,
}
