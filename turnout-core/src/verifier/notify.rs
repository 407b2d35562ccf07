//! What we write to a voter who checked a registration (`flows.md` 10: V1).

use super::Lookup;
use crate::{
    app::App,
    jobs::JobError,
    mail::{self, Addressee, slug_of, speaker, subscriber_of},
    ports::wording::{Message, VerifiedMail},
};

/// Sends the mail about what is next. `unique` stays the same however often it is tried.
pub(super) async fn next_steps(app: &App, lookup: &Lookup, unique: &str) -> Result<(), JobError> {
    let mut view = app.store.view().await?;
    let subscriber = subscriber_of(view.as_mut(), lookup.subscriber).await?;
    let slug = slug_of(view.as_mut(), subscriber.as_ref()).await?;
    drop(view);
    let prefilled = |path: &str| {
        let page = app.settings.origins.www_page(path);
        if page.is_empty() { page } else { lookup.voter.prefill(&page, slug.as_deref()) }
    };
    let mail = VerifiedMail {
        speaker: speaker(app, subscriber.as_ref()),
        first_name: lookup.voter.name.first.clone().unwrap_or_default(),
        register_url: prefilled("/register-to-vote/"),
        vote_by_mail_url: prefilled("/vote-by-mail/"),
    };
    let voter = Addressee {
        email: lookup.voter.email.as_deref(),
        subscriber: subscriber.as_ref(),
        language: Default::default(),
        reply_to: None,
    };
    mail::send(app, voter, &Message::VerifiedNextSteps(mail), unique).await
}
