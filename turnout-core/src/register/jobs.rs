//! What happens later to a registration: the mail with the form, the reminder, the mails after registering online; and the
//! lists of counties.

use serde::{Deserialize, Serialize};

use super::{Registration, Status, counties, notify};
use crate::{
    action::{self, EventType, Sending, Source},
    app::App,
    decision::{Channel, Purpose, Whereabouts, first_in_days},
    ids::RegistrationId,
    jobs::{JobContext, JobError, NewJob},
    letter::{self, Form, News},
    ports::{
        store::{StoreError, Unit},
        wording::{FormKind, Message, TextMessage},
    },
    sms::say::{Recipient, tell_voter},
    switch::drip,
    webhook,
};

/// Writes to the voter that the form is ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notify {
    /// Whose form.
    pub registration: RegistrationId,
}

/// Writes again when the form was not downloaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remind {
    /// Whose form.
    pub registration: RegistrationId,
}

/// Writes to the voter that the state has the registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmOnline {
    /// Whose registration.
    pub registration: RegistrationId,
}

/// Publishes the counties that registrars of states know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishCounties {}

/// Writes what is next to a voter who registered online.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NextSteps {
    /// Whose registration.
    pub registration: RegistrationId,
}

/// Enqueues what follows a completion: the mail now, the reminder tomorrow in a polite hour there, and the
/// end of the action.
pub(super) async fn enqueue_follow_ups(
    app: &App,
    unit: &mut dyn Unit,
    registration: &Registration,
) -> Result<(), StoreError> {
    let id = registration.id;
    let there = Whereabouts::of(app.time_zones.as_ref(), &registration.place(app, unit).await?);
    let tomorrow = first_in_days(&there, Channel::Email, Purpose::Reminder, app.now(), 1);
    let mut jobs = vec![
        Notify { registration: id }.job(app).once(format!("register.notify:{id}")),
        Remind { registration: id }.job(app).at(tomorrow).once(format!("register.remind:{id}")),
    ];
    if let Some(action) = registration.action {
        jobs.push(action::jobs::Finish { action }.job(app).once(format!("action.finish:{action}")));
    }
    let jobs: Vec<NewJob> = jobs.into_iter().map(|job| job.of(registration.subscriber)).collect();
    unit.jobs_mut().enqueue_all(&jobs).await?;
    Ok(())
}

/// Enqueues what follows when a state's registrar took the registration: the mail that says so, and the end of the action.
pub(super) async fn enqueue_online_follow_ups(
    app: &App,
    unit: &mut dyn Unit,
    registration: &Registration,
) -> Result<(), StoreError> {
    let id = registration.id;
    let mut jobs =
        vec![ConfirmOnline { registration: id }.job(app).once(format!("register.confirm_online:{id}"))];
    if let Some(action) = registration.action {
        jobs.push(action::jobs::Finish { action }.job(app).once(format!("action.finish:{action}")));
    }
    let jobs: Vec<NewJob> = jobs.into_iter().map(|job| job.of(registration.subscriber)).collect();
    unit.jobs_mut().enqueue_all(&jobs).await?;
    Ok(())
}

pub(crate) async fn load(app: &App, id: RegistrationId) -> Result<Registration, JobError> {
    let mut view = app.store.view().await?;
    let found = view.registrations().by_id(id).await?;
    found.ok_or_else(|| JobError::GiveUp("the registration is gone".into()))
}

impl Notify {
    /// The job's name.
    pub const KIND: &'static str = "register.notify";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Sends the mail, which asks first where the form is to be mailed and was not yet; then, once per completion, notes that
    /// the form was sent (quirk Q25).
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let registration = load(app, self.registration).await?;
        if registration.status != Status::Pending {
            return Ok(());
        }
        let mut view = app.store.view().await?;
        let asks =
            registration.is_forwarded() && !letter::is_asked_for(view.as_mut(), registration.action).await?;
        drop(view);
        let (written, event) = if asks {
            let mail = notify::confirm_mail(app, &registration).await?;
            (mail.map(|(mail, who)| (Message::RegistrationConfirm(mail), who)), EventType::FinishLob)
        } else {
            let mail = notify::form_mail(app, &registration).await?;
            (mail.map(|(mail, who)| (Message::RegistrationForm(mail), who)), EventType::FinishPrint)
        };
        if let Some((message, subscriber)) = written {
            app.reached("register.notify.before_send");
            notify::send(app, &registration, subscriber.as_ref(), &message, &context.unique()).await?;
            app.reached("register.notify.after_send");
        }
        let mut unit = app.store.begin().await?;
        let locked = unit.registrations_mut().lock(self.registration).await?;
        if let Some(mut registration) = locked.filter(|it| it.status == Status::Pending) {
            registration.status = Status::SentPdf;
            registration.modified_at = app.now();
            unit.registrations_mut().update(&registration).await?;
            if let Some(action) = registration.action {
                webhook::happened(app, unit.as_mut(), &app.event(action, event)).await?;
            }
            if asks {
                let nag = News::Asked.job(app, Form::Registration(registration.id));
                unit.jobs_mut().enqueue(&nag.of(registration.subscriber)).await?;
            }
            unit.commit().await?;
        }
        app.reached("register.notify.after_unit");
        Ok(())
    }
}

impl Remind {
    /// The job's name.
    pub const KIND: &'static str = "register.remind";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes again, unless the form was downloaded, or where we mail it, unless the voter said so; or the voter registered
    /// at the state's own tool since.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let registration = load(app, self.registration).await?;
        let (switch, done) = match registration.is_forwarded() {
            true => (&drip::REGISTER_CONFIRM_REMINDER, EventType::FinishLobConfirm),
            false => (&drip::REGISTER_DOWNLOAD_REMINDER, EventType::Download),
        };
        if !app.switches().await.flag(switch) {
            return Ok(());
        }
        if let Some(action) = registration.action {
            let mut view = app.store.view().await?;
            if view.actions().has_event(action, &[done]).await?
                || view.actions().has_event(action, &action::jobs::DONE_ELSEWHERE).await?
            {
                return Ok(());
            }
        }
        let mut view = app.store.view().await?;
        let texted = Recipient::of_registration(app, view.as_mut(), &registration).await?;
        drop(view);
        if let Some(texted) = texted {
            texted.awaits_hour(app, Purpose::Reminder)?;
        }
        let written = if registration.is_forwarded() {
            let mail = notify::confirm_mail(app, &registration).await?;
            mail.map(|(mail, who)| (Message::RegistrationConfirmReminder(mail), who))
        } else {
            let mail = notify::form_mail(app, &registration).await?;
            mail.map(|(mail, who)| (Message::RegistrationReminder(mail), who))
        };
        let Some((message, subscriber)) = written else { return Ok(()) };
        notify::send(app, &registration, subscriber.as_ref(), &message, &context.unique()).await?;
        let text = match (registration.email.clone().filter(|it| !it.is_empty()), registration.is_forwarded())
        {
            (Some(email), true) => Some(TextMessage::ConfirmReminder(FormKind::Registration, email)),
            (Some(email), false) => Some(TextMessage::FormReminder(FormKind::Registration, email)),
            (None, _) => None,
        };
        tell_voter(app, context, Source::Registration(registration.id), text).await
    }
}

impl ConfirmOnline {
    /// The job's name.
    pub const KIND: &'static str = "register.confirm_online";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes. The status stays as it is: how far the state has come, only the state knows.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let registration = load(app, self.registration).await?;
        let (mail, subscriber) = notify::online_mail(app, &registration).await?;
        let message = Message::RegistrationOnline(mail);
        notify::send(app, &registration, subscriber.as_ref(), &message, &context.unique()).await
    }
}

impl PublishCounties {
    /// The job's name.
    pub const KIND: &'static str = "register.publish_counties";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Asks each registrar, and publishes its list.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        for list in counties::fetch(app).await? {
            counties::publish(app, &list).await.map_err(|error| JobError::Retry(error.to_string()))?;
            tracing::info!(key = list.key, counties = list.counties.len(), "counties were published");
        }
        Ok(())
    }
}

impl NextSteps {
    /// The job's name.
    pub const KIND: &'static str = "register.next_steps";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Writes what is next, but in states that send every voter a ballot (`http-api.md` 8).
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        if !app.switches().await.flag(&drip::REGISTER_EXTERNAL) {
            return Ok(());
        }
        let registration = load(app, self.registration).await?;
        if let Some(state) = registration.address.state {
            let mut view = app.store.view().await?;
            if view.elections().text(state, "vbm_universal").await?.as_deref() == Some("True") {
                return Ok(());
            }
        }
        let sending = Sending {
            email: registration.email.as_deref(),
            phone: registration.phone.as_ref(),
            subscriber: registration.subscriber,
        };
        if !sending.is_welcome(app).await {
            return Ok(());
        }
        let (mail, subscriber) = notify::next_steps_mail(app, &registration).await?;
        let message = Message::RegistrationNextSteps(mail);
        notify::send(app, &registration, subscriber.as_ref(), &message, &context.unique()).await?;
        let text = notify::next_steps_text(app, &registration, subscriber.as_ref()).await?;
        tell_voter(app, context, Source::Registration(registration.id), text).await
    }
}
