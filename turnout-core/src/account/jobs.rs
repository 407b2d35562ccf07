//! What happens later: mails about accounts.

use serde::{Deserialize, Serialize};

use super::token;
use crate::{
    app::App,
    decision::Place,
    ids::InviteId,
    jobs::{JobContext, JobError, NewJob},
    language::Language,
    mail::{self, speaker},
    ports::{
        email::Mailbox,
        wording::{InviteMail, Message},
    },
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
