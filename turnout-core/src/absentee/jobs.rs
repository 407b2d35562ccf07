//! What happens later to a ballot request: it goes to the office, and the voter is written to.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{BallotRequest, LinksError, SubmissionType, apply_links, compare_links, notify, office_contact};
use crate::{
    action::{self, EventType, Sending, Source},
    address::State,
    app::App,
    decision::{Channel, Decision, Purpose, Whereabouts, first_in_days},
    fax::{self, Fax, FaxReport, FaxStatus, FaxThen},
    file::StoredFile,
    ids::{BallotRequestId, FaxId},
    jobs::{JobContext, JobError, NewJob},
    letter::{self, Form, News},
    mail,
    person::Phone,
    ports::{
        fax::OutgoingFax,
        store::{StoreError, Unit},
        wording::{FormKind, Message, TextMessage},
    },
    register::Status,
    sms::say::{Recipient, named_link, tell_voter},
    switch::drip,
    webhook,
};

/// How long the gateway can fetch the document of a fax: it tries for 12 hours.
const FAX_LINK: TimeDelta = TimeDelta::hours(24);

/// Writes to the voter that the form is ready to print.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notify {
    /// Whose form.
    pub ballot_request: BallotRequestId,
}

/// Writes again when the form was not downloaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remind {
    /// Whose form.
    pub ballot_request: BallotRequestId,
}

/// Mails the form to the election office, with a copy to the voter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EmailOffice {
    /// Whose form.
    pub ballot_request: BallotRequestId,
}

/// Hands the form to the fax gateway, and tells the voter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FaxOffice {
    /// Whose form.
    pub ballot_request: BallotRequestId,
}

/// Tells the voter what became of the fax.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FaxSettled {
    /// Whose form.
    pub ballot_request: BallotRequestId,
    /// The fax.
    pub fax: FaxId,
    /// What became of it.
    pub status: FaxStatus,
}

/// Writes what is next to a voter who asked for a ballot online.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NextSteps {
    /// Whose request.
    pub ballot_request: BallotRequestId,
}

/// Takes over the pages of Florida's counties (`flows.md` 3.5).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefreshLinks {}

/// Enqueues what follows a completion: the form goes its way now, a form to print is reminded of tomorrow in a polite hour
/// there, and the action ends.
pub(super) async fn enqueue_follow_ups(
    app: &App,
    unit: &mut dyn Unit,
    request: &BallotRequest,
    way: SubmissionType,
) -> Result<(), StoreError> {
    let ballot_request = request.id;
    let mut jobs = match way {
        SubmissionType::LeoEmail => vec![EmailOffice { ballot_request }.job(app)],
        SubmissionType::LeoFax => vec![FaxOffice { ballot_request }.job(app)],
        SubmissionType::SelfPrint | SubmissionType::PrintAndForward => {
            let there = Whereabouts::of(app.time_zones.as_ref(), &request.place(app, unit).await?);
            let tomorrow = first_in_days(&there, Channel::Email, Purpose::Reminder, app.now(), 1);
            vec![Notify { ballot_request }.job(app), Remind { ballot_request }.job(app).at(tomorrow)]
        }
    };
    for job in &mut jobs {
        job.unique_key = Some(format!("{}:{ballot_request}", job.kind));
    }
    if let Some(action) = request.action {
        jobs.push(action::jobs::Finish { action }.job(app).once(format!("action.finish:{action}")));
    }
    let jobs: Vec<NewJob> = jobs.into_iter().map(|job| job.of(request.subscriber)).collect();
    unit.jobs_mut().enqueue_all(&jobs).await?;
    Ok(())
}

pub(crate) async fn load(app: &App, id: BallotRequestId) -> Result<BallotRequest, JobError> {
    let mut view = app.store.view().await?;
    let found = view.ballot_requests().by_id(id).await?;
    found.ok_or_else(|| JobError::GiveUp("the ballot request is gone".into()))
}

/// Whether the form waits to go that way.
fn waits(request: &BallotRequest, way: SubmissionType) -> bool {
    request.status == Status::Pending && request.way == Some(way)
}

/// The file of the form that was made last, while it is there.
async fn form_of(app: &App, request: &BallotRequest) -> Result<Option<StoredFile>, JobError> {
    let Some(id) = request.result_item else { return Ok(None) };
    let mut view = app.store.view().await?;
    Ok(view.files().by_id(id).await?.filter(|file| file.purged.is_none()))
}

/// Notes, once per completion, that the form went its way (quirk Q25). Says whether it is still the one that went: another
/// may have been made meanwhile.
async fn note_sent(
    app: &App,
    unit: &mut dyn Unit,
    id: BallotRequestId,
    way: SubmissionType,
    sent: Option<&StoredFile>,
    event: EventType,
) -> Result<bool, JobError> {
    let locked = unit.ballot_requests_mut().lock(id).await?;
    let Some(mut request) = locked.filter(|it| waits(it, way)) else { return Ok(true) };
    if let Some(action) = request.action {
        webhook::happened(app, unit, &app.event(action, event)).await?;
    }
    let now = match (request.result_item, sent) {
        (Some(id), Some(_)) => unit.files().by_id(id).await?,
        _ => None,
    };
    if let (Some(now), Some(sent)) = (now, sent)
        && now.key != sent.key
    {
        return Ok(false);
    }
    request.status = Status::SentPdf;
    request.modified_at = app.now();
    unit.ballot_requests_mut().update(&request).await?;
    Ok(true)
}

/// A text that is the same at every try of a job to send this file.
fn unique(context: &JobContext, file: &StoredFile) -> String {
    format!("{}.{}", context.unique(), file.modified_at.timestamp_micros())
}

impl Notify {
    /// The job's name.
    pub const KIND: &'static str = "absentee.notify";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Sends the mail, which asks first where the form is to be mailed and was not yet; then notes that the form was sent.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let request = load(app, self.ballot_request).await?;
        let way = match request.way {
            Some(way @ (SubmissionType::SelfPrint | SubmissionType::PrintAndForward)) => way,
            _ => return Ok(()),
        };
        if !waits(&request, way) {
            return Ok(());
        }
        let mut view = app.store.view().await?;
        let asks = way == SubmissionType::PrintAndForward
            && !letter::is_asked_for(view.as_mut(), request.action).await?;
        drop(view);
        let (written, event) = if asks {
            let mail = notify::confirm_mail(app, &request).await?;
            (mail.map(|(mail, who)| (Message::BallotRequestConfirm(mail), who)), EventType::FinishLob)
        } else {
            let mail = notify::form_mail(app, &request).await?;
            (mail.map(|(mail, who)| (Message::BallotRequestForm(mail), who)), EventType::FinishPrint)
        };
        if let Some((message, subscriber)) = written {
            app.reached("absentee.notify.before_send");
            notify::send(app, &request, subscriber.as_ref(), &message, &context.unique()).await?;
            app.reached("absentee.notify.after_send");
        }
        let mut unit = app.store.begin().await?;
        note_sent(app, unit.as_mut(), request.id, way, None, event).await?;
        if asks {
            let nag = News::Asked.job(app, Form::BallotRequest(request.id));
            unit.jobs_mut().enqueue(&nag.of(request.subscriber)).await?;
        }
        unit.commit().await?;
        app.reached("absentee.notify.after_unit");
        Ok(())
    }
}

impl Remind {
    /// The job's name.
    pub const KIND: &'static str = "absentee.remind";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes again, unless the form was downloaded, or where we mail it, unless the voter said so; not where it went to
    /// the office since, or the voter asked for the ballot at the state's own tool.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let request = load(app, self.ballot_request).await?;
        let (switch, done) = match request.way {
            Some(SubmissionType::SelfPrint) => (&drip::ABSENTEE_DOWNLOAD_REMINDER, EventType::Download),
            Some(SubmissionType::PrintAndForward) => {
                (&drip::ABSENTEE_CONFIRM_REMINDER, EventType::FinishLobConfirm)
            }
            Some(SubmissionType::LeoEmail | SubmissionType::LeoFax) | None => return Ok(()),
        };
        if !app.switches().await.flag(switch) {
            return Ok(());
        }
        if let Some(action) = request.action {
            let mut view = app.store.view().await?;
            if view.actions().has_event(action, &[done]).await?
                || view.actions().has_event(action, &action::jobs::DONE_ELSEWHERE).await?
            {
                return Ok(());
            }
        }
        let mut view = app.store.view().await?;
        let texted = Recipient::of_ballot_request(app, view.as_mut(), &request).await?;
        drop(view);
        if let Some(texted) = texted {
            texted.awaits_hour(app, Purpose::Reminder)?;
        }
        let written = if request.way == Some(SubmissionType::PrintAndForward) {
            let mail = notify::confirm_mail(app, &request).await?;
            mail.map(|(mail, who)| (Message::BallotRequestConfirmReminder(mail), who))
        } else {
            let mail = notify::form_mail(app, &request).await?;
            mail.map(|(mail, who)| (Message::BallotRequestReminder(mail), who))
        };
        let Some((message, subscriber)) = written else { return Ok(()) };
        notify::send(app, &request, subscriber.as_ref(), &message, &context.unique()).await?;
        let text = match (request.email.clone().filter(|it| !it.is_empty()), request.way) {
            (Some(email), Some(SubmissionType::PrintAndForward)) => {
                Some(TextMessage::ConfirmReminder(FormKind::BallotRequest, email))
            }
            (Some(email), _) => Some(TextMessage::FormReminder(FormKind::BallotRequest, email)),
            (None, _) => None,
        };
        tell_voter(app, context, Source::BallotRequest(request.id), text).await
    }
}

impl EmailOffice {
    /// The job's name.
    pub const KIND: &'static str = "absentee.email_office";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Sends the mail; then notes that the form was sent. A form that was made meanwhile is sent by another job.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let request = load(app, self.ballot_request).await?;
        if !waits(&request, SubmissionType::LeoEmail) {
            return Ok(());
        }
        let Some(file) = form_of(app, &request).await? else { return Ok(()) };
        let email = notify::office_mail(app, &request, &file, &unique(context, &file)).await?;
        mail::hand_to_office(app, email, request.subscriber).await?;
        let mut unit = app.store.begin().await?;
        let way = SubmissionType::LeoEmail;
        if !note_sent(app, unit.as_mut(), request.id, way, Some(&file), EventType::FinishLeo).await? {
            unit.jobs_mut().enqueue(&self.job(app).of(request.subscriber)).await?;
        }
        Ok(unit.commit().await?)
    }
}

impl FaxOffice {
    /// The job's name.
    pub const KIND: &'static str = "absentee.fax_office";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Hands the fax over and writes to the voter; then notes that it is on its way. Where faxes are switched off and no
    /// other number is set, nothing is handed over and a success is reported (`flows.md` 16).
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let request = load(app, self.ballot_request).await?;
        if !waits(&request, SubmissionType::LeoFax) {
            return Ok(());
        }
        let Some(file) = form_of(app, &request).await? else { return Ok(()) };
        let number = office_number(app, &request).await?;
        let settings = &app.settings.fax;
        let (to, is_sent) = match (settings.enabled, settings.instead_to.clone()) {
            (true, _) => (number, true),
            (false, Some(other)) => (other, true),
            (false, None) => (number, false),
        };
        let mut fax = self.fax(app, context, &file, to.clone()).await?;
        if is_sent && !fax.is_handed_over() {
            if let Decision::Refuse(rule) = fax::decided(app, &to, request.subscriber).await? {
                // the voter is told that it did not arrive, and what else can be done
                let report = FaxReport {
                    status: FaxStatus::PermanentFailure,
                    message: Some(rule.to_string()),
                    at: app.now(),
                };
                let mut unit = app.store.begin().await?;
                unit.faxes_mut().lock(fax.id).await?;
                fax::settle(app, unit.as_mut(), &mut fax, report, request.subscriber).await?;
                context.finish_in(unit.as_mut(), app.now()).await?;
                return Ok(unit.commit().await?);
            }
            let until = app.now() + FAX_LINK;
            let outgoing = OutgoingFax {
                id: fax.id,
                to,
                pdf_url: app.files.link(&file.key, &file.name, until).await?,
                callback_url: format!("{}?token={}", settings.callback_url, fax.token),
            };
            app.reached("fax.before_send");
            let sent = app.fax.send(&outgoing).await;
            app.handed_over(Channel::Fax, &sent);
            sent?;
            app.reached("fax.after_send");
            fax::note_handed_over(app, fax.id).await?;
            app.reached("fax.after_note");
        }
        let (mail, subscriber) = notify::fax_mail(app, &request, Some(&file)).await?;
        let message = Message::BallotRequestFaxing(mail);
        notify::send(app, &request, subscriber.as_ref(), &message, &unique(context, &file)).await?;
        app.reached("fax.after_mail");

        let mut unit = app.store.begin().await?;
        let (way, event) = (SubmissionType::LeoFax, EventType::FinishLeoFaxPending);
        if !note_sent(app, unit.as_mut(), request.id, way, Some(&file), event).await? {
            unit.jobs_mut().enqueue(&self.job(app).of(request.subscriber)).await?;
        }
        if !is_sent {
            let message = Some("faxes are switched off".into());
            let report = FaxReport { status: FaxStatus::Sent, message, at: app.now() };
            unit.faxes_mut().lock(fax.id).await?;
            fax::settle(app, unit.as_mut(), &mut fax, report, request.subscriber).await?;
        }
        context.finish_in(unit.as_mut(), app.now()).await?;
        unit.commit().await?;
        app.reached("fax.after_unit");
        Ok(())
    }

    /// The fax of this job: noted once, however often the job is tried.
    async fn fax(
        &self,
        app: &App,
        context: &JobContext,
        file: &StoredFile,
        to: Phone,
    ) -> Result<Fax, JobError> {
        let id = FaxId(context.id.0);
        let mut unit = app.store.begin().await?;
        if let Some(fax) = unit.faxes().by_id(id).await? {
            return Ok(fax);
        }
        let now = app.now();
        let fax = Fax {
            id,
            token: app.ids.uuid(),
            file: file.id,
            to: Some(to),
            status: FaxStatus::Pending,
            status_message: None,
            status_at: None,
            then: Some(FaxThen::BallotRequest(self.ballot_request)),
            created_at: now,
            modified_at: now,
        };
        unit.faxes_mut().insert(&fax).await?;
        unit.commit().await?;
        Ok(fax)
    }
}

/// The number of the office; it may be known at a later try.
async fn office_number(app: &App, request: &BallotRequest) -> Result<Phone, JobError> {
    let mut view = app.store.view().await?;
    let number = match request.region {
        Some(region) => office_contact(view.as_mut(), region).await?.contact.fax,
        None => None,
    };
    number.ok_or_else(|| JobError::Retry("the office has no fax number".into()))
}

impl FaxSettled {
    /// The job's name.
    pub const KIND: &'static str = "absentee.fax_settled";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes to the voter, and notes it once.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let request = load(app, self.ballot_request).await?;
        let (mail, subscriber) = notify::fax_mail(app, &request, None).await?;
        let (message, event) = match self.status {
            FaxStatus::Sent => (Message::BallotRequestFaxed(mail), EventType::FinishLeoFaxSent),
            FaxStatus::PermanentFailure => {
                (Message::BallotRequestNotFaxed(mail), EventType::FinishLeoFaxFailed)
            }
            FaxStatus::Pending | FaxStatus::TemporaryFailure => return Ok(()),
        };
        notify::send(app, &request, subscriber.as_ref(), &message, &context.unique()).await?;
        let mut unit = app.store.begin().await?;
        if let Some(action) = request.action {
            webhook::happened(app, unit.as_mut(), &app.event(action, event)).await?;
        }
        context.finish_in(unit.as_mut(), app.now()).await?;
        Ok(unit.commit().await?)
    }
}

impl RefreshLinks {
    /// The job's name.
    pub const KIND: &'static str = "absentee.refresh_links";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Takes the list over. One that is wrong waits for a person: the pages stay as they are.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let done = async {
            let set = compare_links(app, State::Fl).await?;
            apply_links(app, &set).await?;
            Ok(set.changes.len())
        };
        match done.await {
            Ok(changed) => {
                tracing::info!(changed, "the pages of Florida's counties were taken over");
                Ok(())
            }
            // somebody was at it at that moment
            Err(error @ LinksError::Overtaken(_)) => Err(JobError::Retry(error.to_string())),
            Err(LinksError::Provider(error)) => Err(error.into()),
            Err(LinksError::Store(error)) => Err(error.into()),
            Err(LinksError::Wrong(complaints)) => {
                // a complaint repeats what the list says, whatever that is: `sync florida-links --dry-run` shows them
                let places = complaints.len();
                Err(JobError::GiveUp(format!("the list of Florida's counties is wrong in {places} places")))
            }
        }
    }
}

impl NextSteps {
    /// The job's name.
    pub const KIND: &'static str = "absentee.next_steps";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes what is next.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        if !app.switches().await.flag(&drip::ABSENTEE_EXTERNAL) {
            return Ok(());
        }
        let request = load(app, self.ballot_request).await?;
        let sending = Sending {
            email: request.email.as_deref(),
            phone: request.phone.as_ref(),
            subscriber: request.subscriber,
        };
        if !sending.is_welcome(app).await {
            return Ok(());
        }
        let (mail, subscriber) = notify::next_steps_mail(app, &request).await?;
        let tracker = Some(mail.tracker_url.clone()).filter(|url| url.starts_with("http"));
        let message = Message::BallotRequestNextSteps(mail);
        notify::send(app, &request, subscriber.as_ref(), &message, &context.unique()).await?;
        let tracker = match (tracker, request.address.state) {
            (Some(url), Some(state)) => {
                Some(named_link(app, &format!("track-ballot-{}", state.code()), &url).await)
            }
            (tracker, _) => tracker,
        };
        let text = TextMessage::BallotRequestNextSteps(tracker);
        tell_voter(app, context, Source::BallotRequest(request.id), Some(text)).await
    }
}
