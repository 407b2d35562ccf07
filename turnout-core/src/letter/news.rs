//! What a voter is told of a form that we mail: by text that our mail asks whether it is to be mailed; by mail and text that it
//! is about to arrive, or that it came back; and by mail, two weeks after it arrived, where to look what became of it.
//!
//! Registrations and ballot requests are told the same. The names of the jobs are those of their rooms, whose mails they are.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::is_asked_for;
use crate::{
    absentee::{self, BallotRequest, SubmissionType},
    action::{self, EventType, Source},
    app::App,
    decision::Purpose,
    ids::{ActionId, BallotRequestId, RegistrationId},
    jobs::{JobContext, JobError, JobHandler, JobKind, NewJob},
    ports::{
        store::{StoreError, View},
        wording::{FormKind, LetterMail, Message, TextMessage},
    },
    register::{self, Registration},
    sms::say::{Recipient, tell_voter, welcome_and_say},
    switch::{Flag, drip},
};

/// Whose form it is, as the payloads of the jobs have it: `{"registration": "…"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    /// That of a registration.
    Registration(RegistrationId),
    /// That of a ballot request.
    BallotRequest(BallotRequestId),
}

impl Form {
    /// That of a record, where letters about it are those of this room.
    pub(crate) fn of(source: Source) -> Option<Self> {
        match source {
            Source::Registration(id) => Some(Self::Registration(id)),
            Source::BallotRequest(id) => Some(Self::BallotRequest(id)),
            Source::MoverLead(_) | Source::Lookup(_) | Source::Reminder(_) => None,
        }
    }

    fn kind(self) -> FormKind {
        match self {
            Self::Registration(_) => FormKind::Registration,
            Self::BallotRequest(_) => FormKind::BallotRequest,
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::Registration(id) => id.0,
            Self::BallotRequest(id) => id.0,
        }
    }

    fn source(self) -> Source {
        match self {
            Self::Registration(id) => Source::Registration(id),
            Self::BallotRequest(id) => Source::BallotRequest(id),
        }
    }

    async fn record(self, app: &App) -> Result<Record, JobError> {
        Ok(match self {
            Self::Registration(id) => Record::Registration(Box::new(register::jobs::load(app, id).await?)),
            Self::BallotRequest(id) => Record::BallotRequest(Box::new(absentee::jobs::load(app, id).await?)),
        })
    }
}

/// What a voter is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// That our mail asks whether the form is to be mailed: who has answered meanwhile, or need not, is greeted alone.
    Asked,
    /// That it is about to arrive.
    Mailed,
    /// That it came back.
    Returned,
    /// Where to look what became of it.
    Chase,
}

/// The kinds of jobs by which voters are told.
pub(crate) fn kinds() -> impl Iterator<Item = JobKind> {
    let forms = [FormKind::Registration, FormKind::BallotRequest];
    let news = [News::Asked, News::Mailed, News::Returned, News::Chase];
    forms.into_iter().flat_map(move |form| news.map(|it| JobKind::new(it.kind(form), it)))
}

impl News {
    /// The name of its job.
    const fn kind(self, form: FormKind) -> &'static str {
        match (form, self) {
            (FormKind::Registration, Self::Asked) => "register.confirm_nag",
            (FormKind::Registration, Self::Mailed) => "register.letter_mailed",
            (FormKind::Registration, Self::Returned) => "register.letter_returned",
            (FormKind::Registration, Self::Chase) => "register.mail_chase",
            (FormKind::BallotRequest, Self::Asked) => "absentee.confirm_nag",
            (FormKind::BallotRequest, Self::Mailed) => "absentee.letter_mailed",
            (FormKind::BallotRequest, Self::Returned) => "absentee.letter_returned",
            (FormKind::BallotRequest, Self::Chase) => "absentee.mail_chase",
        }
    }

    /// The job, of a form once: due now, and the text about our question a few minutes later.
    pub(crate) fn job(self, app: &App, form: Form) -> NewJob {
        let kind = self.kind(form.kind());
        let job = app.job(kind, &form).once(format!("{kind}:{}", form.id()));
        match (self, form) {
            (Self::Asked, Form::Registration(_)) => {
                job.at(app.now() + app.settings.register.confirm_nag_delay)
            }
            (Self::Asked, Form::BallotRequest(_)) => {
                job.at(app.now() + app.settings.absentee.confirm_nag_delay)
            }
            // as urgent as in the Django service (`flows.md` 12.5)
            (_, Form::Registration(_)) => job.high(),
            (_, Form::BallotRequest(_)) => job,
        }
    }
}

impl JobHandler for News {
    type Payload = Form;

    /// Tells it while its switch is on. Nobody is asked what became of a form that came back, or who has done it at the
    /// state's own tool since.
    async fn run(&self, app: &App, form: Form, context: &JobContext) -> Result<(), JobError> {
        let kind = form.kind();
        let (switch, message): (&'static Flag, fn(LetterMail) -> Message) = match (self, kind) {
            (Self::Asked, _) => return ask_by_text(app, form, context).await,
            (Self::Mailed, FormKind::Registration) => {
                (&drip::REGISTER_LOB_MAILED, Message::RegistrationLetterMailed)
            }
            (Self::Mailed, FormKind::BallotRequest) => {
                (&drip::ABSENTEE_LOB_MAILED, Message::BallotRequestLetterMailed)
            }
            (Self::Returned, FormKind::Registration) => {
                (&drip::REGISTER_LOB_RETURNED, Message::RegistrationLetterReturned)
            }
            (Self::Returned, FormKind::BallotRequest) => {
                (&drip::ABSENTEE_LOB_RETURNED, Message::BallotRequestLetterReturned)
            }
            (Self::Chase, FormKind::Registration) => {
                (&drip::REGISTER_MAIL_CHASE, Message::RegistrationMailChase)
            }
            (Self::Chase, FormKind::BallotRequest) => {
                (&drip::ABSENTEE_MAIL_CHASE, Message::BallotRequestMailChase)
            }
        };
        if !app.switches().await.flag(switch) {
            return Ok(());
        }
        let record = form.record(app).await?;
        if *self == Self::Chase && action::is_chase_idle(app, record.action()).await? {
            return Ok(());
        }
        record.mail(app, message, &context.unique()).await?;
        let text = match self {
            Self::Mailed => Some(TextMessage::LetterMailed(kind)),
            Self::Returned => Some(TextMessage::LetterReturned(kind)),
            Self::Asked | Self::Chase => None,
        };
        tell_voter(app, context, form.source(), text).await
    }
}

/// Greets the voter and, unless that is settled meanwhile, says where an answer is waited for.
async fn ask_by_text(app: &App, form: Form, context: &JobContext) -> Result<(), JobError> {
    let record = form.record(app).await?;
    let mut view = app.store.view().await?;
    let is_settled = is_settled(view.as_mut(), &record).await?;
    let Some(to) = Recipient::of_source(app, view.as_mut(), form.source()).await? else { return Ok(()) };
    drop(view);
    to.awaits_hour(app, Purpose::Unfinished)?;
    let email = record.email().filter(|email| !email.is_empty() && !is_settled);
    let text = email.map(|email| TextMessage::ConfirmNag(form.kind(), email.to_owned()));
    let mut unit = app.store.begin().await?;
    welcome_and_say(app, unit.as_mut(), &to, form.source().tool(), text.as_ref()).await?;
    context.finish_in(unit.as_mut(), app.now()).await?;
    Ok(unit.commit().await?)
}

/// Whether no answer is waited for any more: there was a yes, the form was downloaded or goes another way by now, or the voter
/// did at the state's own tool what it is for.
async fn is_settled(view: &mut dyn View, record: &Record) -> Result<bool, StoreError> {
    if !record.is_forwarded() || is_asked_for(view, record.action()).await? {
        return Ok(true);
    }
    let Some(action) = record.action() else { return Ok(false) };
    Ok(view.actions().has_event(action, &[EventType::Download]).await?
        || view.actions().has_event(action, &action::jobs::DONE_ELSEWHERE).await?)
}

/// The record of a form.
enum Record {
    Registration(Box<Registration>),
    BallotRequest(Box<BallotRequest>),
}

impl Record {
    fn action(&self) -> Option<ActionId> {
        match self {
            Self::Registration(it) => it.action,
            Self::BallotRequest(it) => it.action,
        }
    }

    fn email(&self) -> Option<&str> {
        match self {
            Self::Registration(it) => it.email.as_deref(),
            Self::BallotRequest(it) => it.email.as_deref(),
        }
    }

    /// Whether the form is to be mailed by us, when the voter says so.
    fn is_forwarded(&self) -> bool {
        match self {
            Self::Registration(it) => it.is_forwarded(),
            Self::BallotRequest(it) => it.way == Some(SubmissionType::PrintAndForward),
        }
    }

    /// Writes to the voter about the letter.
    async fn mail(
        &self,
        app: &App,
        message: fn(LetterMail) -> Message,
        unique: &str,
    ) -> Result<(), JobError> {
        match self {
            Self::Registration(it) => {
                let (mail, subscriber) = register::notify::letter_mail(app, it).await?;
                register::notify::send(app, it, subscriber.as_ref(), &message(mail), unique).await
            }
            Self::BallotRequest(it) => {
                let (mail, subscriber) = absentee::notify::letter_mail(app, it).await?;
                absentee::notify::send(app, it, subscriber.as_ref(), &message(mail), unique).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jobs::Registry;

    #[test]
    fn the_jobs_are_called_what_an_older_version_calls_them() {
        let registry = Registry::new();
        for room in ["register", "absentee"] {
            for verb in ["confirm_nag", "letter_mailed", "letter_returned", "mail_chase"] {
                assert!(registry.name(&format!("{room}.{verb}")).is_some(), "{room}.{verb}");
            }
        }
    }

    #[test]
    fn jobs_that_an_older_version_enqueued_are_read() {
        let id = Uuid::from_u128(7);
        for (form, payload) in [
            (Form::Registration(RegistrationId(id)), json!({ "registration": id })),
            (Form::BallotRequest(BallotRequestId(id)), json!({ "ballot_request": id })),
        ] {
            assert_eq!(serde_json::to_value(form).ok(), Some(payload.clone()));
            assert_eq!(serde_json::from_value::<Form>(payload).ok(), Some(form));
        }
    }
}
