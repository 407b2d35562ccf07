//! What we write to a voter about a registration (`flows.md` 10: R1 to R9).

use super::{Registration, form};
use crate::{
    app::App,
    ids::RegistrationId,
    jobs::JobError,
    letter::confirm_token,
    mail::{self, Addressee, slug_of, speaker_to, subscriber_of},
    official::directory_url,
    ports::wording::{ConfirmMail, FormMail, LetterMail, Message, NextStepsMail, OnlineMail, TextMessage},
    sms::say::short_link,
    subscriber::Subscriber,
};

pub use crate::mail::speaker;

/// Where the voter goes on with the registration.
pub(crate) fn resume_link(app: &App, registration: RegistrationId) -> String {
    format!("{}?uuid={registration}", app.settings.register.resume_url)
}

/// The mail about a form that waits to be downloaded. Nothing when there is no form or no address to write to.
pub(super) async fn form_mail(
    app: &App,
    registration: &Registration,
) -> Result<Option<(FormMail, Option<Subscriber>)>, JobError> {
    let Some(item) = registration.result_item else { return Ok(None) };
    let mut view = app.store.view().await?;
    let Some(file) = view.files().by_id(item).await?.filter(|file| file.purged.is_none()) else {
        return Ok(None);
    };
    let facts = form::mailing_facts(view.as_mut(), registration).await?;
    let subscriber = subscriber_of(view.as_mut(), registration.subscriber).await?;
    let mail = FormMail {
        speaker: speaker_to(app, subscriber.as_ref(), &registration.details()),
        first_name: registration.name.first.clone().unwrap_or_default(),
        state: registration.address.state,
        download_url: form::download_url(app, &file),
        download_until: file.expires.with_timezone(&app.settings.file.timezone).date_naive(),
        mailing_address: facts.lines,
        mail_deadline: facts.deadline,
        warnings: facts.warnings,
        check_url: facts.status_tool_url,
        offices_url: directory_url(&app.settings.origins, registration.address.state),
    };
    Ok(Some((mail, subscriber)))
}

/// The mail that asks whether the form is to be mailed. Nothing when there is no form, or none for the mail house.
pub(super) async fn confirm_mail(
    app: &App,
    registration: &Registration,
) -> Result<Option<(ConfirmMail, Option<Subscriber>)>, JobError> {
    let (Some(file), Some(action)) = (registration.result_item_mail, registration.action) else {
        return Ok(None);
    };
    let Some((form, subscriber)) = form_mail(app, registration).await? else { return Ok(None) };
    let token = confirm_token(app, file);
    let www = &app.settings.origins.www;
    let mail = ConfirmMail {
        form,
        address: registration.request_mailing_address.lines(),
        confirm_url: format!("{www}/register-to-vote/confirm/?id={action}&token={token}"),
        correct_url: resume_link(app, registration.id),
    };
    Ok(Some((mail, subscriber)))
}

/// The mail about a form that was mailed.
pub(crate) async fn letter_mail(
    app: &App,
    registration: &Registration,
) -> Result<(LetterMail, Option<Subscriber>), JobError> {
    let mut view = app.store.view().await?;
    let facts = form::mailing_facts(view.as_mut(), registration).await?;
    let subscriber = subscriber_of(view.as_mut(), registration.subscriber).await?;
    let slug = slug_of(view.as_mut(), subscriber.as_ref()).await?;
    drop(view);
    let page = app.settings.origins.www_page("/register-to-vote/");
    let again_url = if page.is_empty() {
        resume_link(app, registration.id)
    } else {
        registration.details().prefill(&page, slug.as_deref())
    };
    let mail = LetterMail {
        speaker: speaker_to(app, subscriber.as_ref(), &registration.details()),
        first_name: registration.name.first.clone().unwrap_or_default(),
        state: registration.address.state,
        address: registration.request_mailing_address.lines(),
        mail_deadline: facts.deadline,
        office: facts.lines,
        offices_url: directory_url(&app.settings.origins, registration.address.state),
        check_url: facts.status_tool_url,
        again_url,
    };
    Ok((mail, subscriber))
}

/// The mail when a state's registrar took the registration.
pub(super) async fn online_mail(
    app: &App,
    registration: &Registration,
) -> Result<(OnlineMail, Option<Subscriber>), JobError> {
    let mut view = app.store.view().await?;
    let facts = form::mailing_facts(view.as_mut(), registration).await?;
    let subscriber = subscriber_of(view.as_mut(), registration.subscriber).await?;
    let mail = OnlineMail {
        speaker: speaker_to(app, subscriber.as_ref(), &registration.details()),
        first_name: registration.name.first.clone().unwrap_or_default(),
        state: registration.address.state,
        check_url: facts.status_tool_url,
        offices_url: directory_url(&app.settings.origins, registration.address.state),
    };
    Ok((mail, subscriber))
}

/// The mail after an online registration.
pub(super) async fn next_steps_mail(
    app: &App,
    registration: &Registration,
) -> Result<(NextStepsMail, Option<Subscriber>), JobError> {
    let mut view = app.store.view().await?;
    let subscriber = subscriber_of(view.as_mut(), registration.subscriber).await?;
    let mut facts = Vec::new();
    for slug in [
        "vbm_absentee_ballot_rules",
        "early_voting_starts",
        "early_voting_ends",
        "external_tool_polling_place",
    ] {
        facts.push(match registration.address.state {
            Some(state) => view.elections().text(state, slug).await?.unwrap_or_default(),
            None => String::new(),
        });
    }
    let mut facts = facts.into_iter();
    let mut next = || facts.next().unwrap_or_default();
    let mail = NextStepsMail {
        speaker: speaker_to(app, subscriber.as_ref(), &registration.details()),
        first_name: registration.name.first.clone().unwrap_or_default(),
        state: registration.address.state,
        vote_by_mail_rules: next(),
        vote_by_mail_url: app.settings.origins.www_page("/vote-by-mail/"),
        early_voting_starts: next(),
        early_voting_ends: next(),
        polling_place_url: next(),
    };
    Ok((mail, subscriber))
}

/// The text after an online registration: where a ballot is asked for, which knows the voter unless the tool stood in
/// somebody else's page. Nothing where there is no such page.
pub(super) async fn next_steps_text(
    app: &App,
    registration: &Registration,
    subscriber: Option<&Subscriber>,
) -> Result<Option<TextMessage>, JobError> {
    let page = app.settings.origins.www_page("/vote-by-mail/");
    let prefilled = if registration.tracking.was_embedded(&app.settings.origins.www) {
        page.clone()
    } else {
        let mut view = app.store.view().await?;
        let slug = slug_of(view.as_mut(), subscriber).await?;
        registration.details().prefill(&page, slug.as_deref())
    };
    Ok(short_link(app, &prefilled, &page).await.map(TextMessage::RegistrationNextSteps))
}

/// Puts a message into words and sends it to the voter. `unique` stays the same however often it is tried.
pub(crate) async fn send(
    app: &App,
    registration: &Registration,
    subscriber: Option<&Subscriber>,
    message: &Message,
    unique: &str,
) -> Result<(), JobError> {
    let (email, language) = (registration.email.as_deref(), registration.language_or_english());
    let mut view = app.store.view().await?;
    let place = registration.place(app, view.as_mut()).await?;
    drop(view);
    let voter = Addressee { email, subscriber, language, reply_to: None, place };
    mail::send(app, voter, message, unique).await
}
