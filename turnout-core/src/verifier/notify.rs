//! What we write to a voter who checked a registration (`flows.md` 10: V1).

use super::Lookup;
use crate::{
    app::App,
    decision::Place,
    jobs::JobContext,
    jobs::JobError,
    mail::{self, Addressee, slug_of, speaker_to, subscriber_of},
    ports::wording::{Message, TextMessage, VerifiedMail},
    sms::say::{Recipient, short_link, tell},
};

/// Sends the mail about what is next, and two texts: where one registers, and where one asks for a ballot.
pub(super) async fn next_steps(app: &App, lookup: &Lookup, context: &JobContext) -> Result<(), JobError> {
    let mut view = app.store.view().await?;
    let subscriber = subscriber_of(view.as_mut(), lookup.subscriber).await?;
    let slug = slug_of(view.as_mut(), subscriber.as_ref()).await?;
    drop(view);
    let prefilled = |path: &str| {
        let page = app.settings.origins.www_page(path);
        if page.is_empty() { page } else { lookup.voter.prefill(&page, slug.as_deref()) }
    };
    let mail = VerifiedMail {
        speaker: speaker_to(app, subscriber.as_ref(), &lookup.voter),
        first_name: lookup.voter.name.first.clone().unwrap_or_default(),
        register_url: prefilled("/register-to-vote/"),
        vote_by_mail_url: prefilled("/vote-by-mail/"),
    };
    let voter = Addressee {
        email: lookup.voter.email.as_deref(),
        subscriber: subscriber.as_ref(),
        language: lookup.voter.language.clone().unwrap_or_default(),
        reply_to: None,
        place: Place::of(&lookup.voter.address),
    };
    let links = [mail.register_url.clone(), mail.vote_by_mail_url.clone()];
    mail::send(app, voter, &Message::VerifiedNextSteps(mail), &context.unique()).await?;

    let mut view = app.store.view().await?;
    let to = Recipient::of_lookup(app, view.as_mut(), lookup).await?;
    drop(view);
    if to.is_none() {
        return Ok(());
    }
    let is_embedded = lookup.voter.tracking.was_embedded(&app.settings.origins.www);
    let mut texts = Vec::new();
    for (prefilled, path, text) in [
        (&links[0], "/register-to-vote/", TextMessage::VerifiedRegister as fn(String) -> TextMessage),
        (&links[1], "/vote-by-mail/", TextMessage::VerifiedVoteByMail),
    ] {
        let page = app.settings.origins.www_page(path);
        let link = short_link(app, if is_embedded { &page } else { prefilled }, &page).await;
        texts.extend(link.map(text));
    }
    tell(app, context, to, &texts).await
}
