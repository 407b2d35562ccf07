//! What happens later: mails about accounts, codes by text, and sessions that have ended.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{PhoneFactor, factor::STEPS_OF_A_TEXT, otp, token};
use crate::{
    app::App,
    decision::Place,
    ids::{InviteId, PhoneFactorId, UserId},
    jobs::{JobContext, JobError, NewJob},
    language::Language,
    mail::{self, speaker},
    ports::{
        email::Mailbox,
        store::StoreError,
        wording::{InviteMail, Message, PasswordResetMail, TextMessage},
    },
    sms::unkept::{self, Unkept},
};

/// Mails an invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendInvite {
    /// The invitation.
    pub invite: InviteId,
}

impl SendInvite {
    /// The job's name.
    pub const KIND: &'static str = "account.send_invite";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Mails the link, unless the invitation is open no more.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let invite = view.accounts().invite(self.invite).await?;
        let Some(invite) = invite.filter(|it| it.is_open(app.now())) else { return Ok(()) };
        let Some(team) = view.subscribers().by_id(invite.primary).await? else { return Ok(()) };
        drop(view);
        let message = Message::AccountInvite(InviteMail {
            speaker: speaker(app, None),
            team: team.name,
            accept_url: token::accept_url(app, &invite),
            until: invite.expires.date_naive(),
        });
        send(app, invite.email, &message, context).await
    }
}

/// Mails a message to somebody with an account, in English, as the site is.
pub(crate) async fn send(
    app: &App,
    to: String,
    message: &Message,
    context: &JobContext,
) -> Result<(), JobError> {
    let address = app.settings.email.management_from.clone();
    let from = Mailbox { name: Some("VoteAmerica".into()), address };
    let email = mail::compose(app, from, to, message, &Language::default(), &context.unique())?;
    mail::hand_over(app, &email, message.purpose(), None, &Place::default()).await
}

/// Mails a link to a new password: S5 of `flows.md` 10.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendReset {
    /// Whose password.
    pub user: UserId,
}

impl SendReset {
    /// The job's name.
    pub const KIND: &'static str = "account.send_reset";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Mails the link, unless it is good no more.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let user = app.store.view().await?.accounts().by_id(self.user).await?;
        let is_asked = |until: DateTime<Utc>| app.now() < until;
        let user = user.filter(|it| it.is_active && it.reset_expires.is_some_and(is_asked));
        let Some(user) = user else { return Ok(()) };
        let message = Message::PasswordReset(PasswordResetMail {
            speaker: speaker(app, None),
            email: user.email.clone(),
            reset_url: token::reset_url(app, &user),
        });
        send(app, user.email, &message, context).await
    }
}

/// Texts a code to a telephone. The code is in no row: it is derived from the telephone's secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendCode {
    /// Whose telephone.
    pub user: UserId,
    /// The telephone.
    pub phone: PhoneFactorId,
    /// Which step's code.
    pub step: i64,
}

impl SendCode {
    /// The job's name.
    pub const KIND: &'static str = "account.send_code";

    /// The present code of a telephone.
    pub(super) fn now(app: &App, phone: &PhoneFactor) -> Self {
        Self { user: phone.user, phone: phone.id, step: otp::step_at(app.now()) }
    }

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Texts the code while it is good, unless the telephone asked for no texts. Rather not at all than twice: one asks for
    /// another. The code itself is kept nowhere.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let Some(from) = app.settings.account.code_number.clone() else { return Ok(()) };
        if otp::step_at(app.now()) >= self.step + STEPS_OF_A_TEXT {
            return Ok(());
        }
        let phones = app.store.view().await?.accounts().phones(self.user).await?;
        let Some(phone) = phones.into_iter().find(|it| it.id == self.phone) else { return Ok(()) };
        let words = TextMessage::SignInCode(otp::code(&phone.secret, self.step));
        let sender = speaker(app, None).name;
        let text = app.wording.text(&words, &sender, &Language::default());
        let text = text.map_err(|error| JobError::GiveUp(error.to_string()))?.text;
        let (purpose, to) = (words.purpose(), phone.number);
        unkept::hand_over(app, context, Unkept { purpose, from, to, text }).await
    }
}

/// Forgets sessions that have ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForgetSessions {}

/// How many sessions are forgotten at once.
const FORGOTTEN_AT_ONCE: u32 = 1_000;
/// How long an ended session is kept.
const KEEP_ENDED: TimeDelta = TimeDelta::days(1);

impl ForgetSessions {
    /// The job's name.
    pub const KIND: &'static str = "account.forget_sessions";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Forgets them in steps.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        loop {
            let mut unit = app.store.begin().await?;
            let ended = app.now() - KEEP_ENDED;
            let forgotten = match unit.sessions_mut().forget(ended, FORGOTTEN_AT_ONCE).await {
                // who brings no store for accounts has no sessions
                Err(StoreError::Absent(_)) => return Ok(()),
                forgotten => forgotten?,
            };
            unit.commit().await?;
            if forgotten < u64::from(FORGOTTEN_AT_ONCE) {
                return Ok(());
            }
        }
    }
}
