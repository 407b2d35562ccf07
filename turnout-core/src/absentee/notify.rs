//! What we write about a ballot request, to the voter and to the office (`flows.md` 10: A1 to A12).

use super::{
    BallotRequest,
    contact::office_contact,
    form::{self, RequestFacts},
};
use crate::{
    app::App,
    file::{self, StoredFile, download_url},
    jobs::JobError,
    language::Language,
    letter::confirm_token,
    mail::{self, Addressee, slug_of, speaker_to, subscriber_of},
    ports::{
        email::{Attachment, Email, Mailbox},
        wording::{BallotNextStepsMail, ConfirmMail, FaxMail, FormMail, LetterMail, Message, OfficeMail},
    },
    sms::say::short_link,
    subscriber::Subscriber,
};

/// The mail about a form that waits to be downloaded. Nothing when there is no form.
pub(super) async fn form_mail(
    app: &App,
    request: &BallotRequest,
) -> Result<Option<(FormMail, Option<Subscriber>)>, JobError> {
    let Some(item) = request.result_item else { return Ok(None) };
    let mut view = app.store.view().await?;
    let Some(file) = view.files().by_id(item).await?.filter(|file| file.purged.is_none()) else {
        return Ok(None);
    };
    let facts = form::request_facts(view.as_mut(), request, &app.settings.origins).await?;
    let subscriber = subscriber_of(view.as_mut(), request.subscriber).await?;
    let mail = FormMail {
        speaker: speaker_to(app, subscriber.as_ref(), &request.details()),
        first_name: request.name.first.clone().unwrap_or_default(),
        state: request.address.state,
        download_url: download_url(app, &file),
        download_until: file.expires.with_timezone(&app.settings.file.timezone).date_naive(),
        mailing_address: office_lines(&facts),
        mail_deadline: facts.deadline,
        warnings: facts.warnings,
        check_url: facts.tracker_url,
        offices_url: facts.directory_url,
    };
    Ok(Some((mail, subscriber)))
}

/// The mail that asks whether the form is to be mailed. Nothing when there is no form, or none for the mail house.
pub(super) async fn confirm_mail(
    app: &App,
    request: &BallotRequest,
) -> Result<Option<(ConfirmMail, Option<Subscriber>)>, JobError> {
    let (Some(file), Some(action)) = (request.result_item_mail, request.action) else { return Ok(None) };
    let Some((form, subscriber)) = form_mail(app, request).await? else { return Ok(None) };
    let again_url = again_url(app, request, subscriber.as_ref()).await?;
    let token = confirm_token(app, file);
    let www = &app.settings.origins.www;
    let mail = ConfirmMail {
        form,
        address: request.request_mailing_address.lines(),
        confirm_url: format!("{www}/vote-by-mail/confirm/?id={action}&token={token}"),
        correct_url: again_url,
    };
    Ok(Some((mail, subscriber)))
}

/// The mail about a form that was mailed.
pub(crate) async fn letter_mail(
    app: &App,
    request: &BallotRequest,
) -> Result<(LetterMail, Option<Subscriber>), JobError> {
    let mut view = app.store.view().await?;
    let facts = form::request_facts(view.as_mut(), request, &app.settings.origins).await?;
    let subscriber = subscriber_of(view.as_mut(), request.subscriber).await?;
    drop(view);
    let mail = LetterMail {
        speaker: speaker_to(app, subscriber.as_ref(), &request.details()),
        first_name: request.name.first.clone().unwrap_or_default(),
        state: request.address.state,
        address: request.request_mailing_address.lines(),
        office: office_lines(&facts),
        mail_deadline: facts.deadline,
        offices_url: facts.directory_url,
        check_url: facts.tracker_url,
        again_url: again_url(app, request, subscriber.as_ref()).await?,
    };
    Ok((mail, subscriber))
}

/// The page for requesting a ballot, with what is known of the voter; empty where there is no such page.
async fn again_url(
    app: &App,
    request: &BallotRequest,
    subscriber: Option<&Subscriber>,
) -> Result<String, JobError> {
    let page = app.settings.origins.www_page("/vote-by-mail/");
    if page.is_empty() {
        return Ok(page);
    }
    let mut view = app.store.view().await?;
    let slug = slug_of(view.as_mut(), subscriber).await?;
    Ok(request.details().prefill(&page, slug.as_deref()))
}

/// A short link to the page for requesting a ballot, which knows the voter unless the tool stood in somebody else's page.
/// Nothing where there is no such page.
pub(crate) async fn tool_link(app: &App, request: &BallotRequest) -> Result<Option<String>, JobError> {
    let page = app.settings.origins.www_page("/vote-by-mail/");
    let prefilled = if request.tracking.was_embedded(&app.settings.origins.www) {
        page.clone()
    } else {
        let mut view = app.store.view().await?;
        let subscriber = subscriber_of(view.as_mut(), request.subscriber).await?;
        drop(view);
        again_url(app, request, subscriber.as_ref()).await?
    };
    Ok(short_link(app, &prefilled, &page).await)
}

fn office_lines(facts: &RequestFacts) -> Vec<String> {
    facts.contact.address.as_ref().map(|address| address.lines()).unwrap_or_default()
}

/// The mail with the form to the office, or while such mail is diverted to whom it is diverted. The office, the voter and
/// we are answered together.
pub(super) async fn office_mail(
    app: &App,
    request: &BallotRequest,
    form: &StoredFile,
    unique: &str,
) -> Result<Email, JobError> {
    let settings = &app.settings.absentee;
    let mut view = app.store.view().await?;
    let contact = match request.region {
        Some(region) => office_contact(view.as_mut(), region).await?.contact,
        None => return Err(JobError::GiveUp("the request has no region".into())),
    };
    drop(view);
    // it may be known at a later try
    let office = contact.email.ok_or_else(|| JobError::Retry("the office has no e-mail address".into()))?;
    let diverted = !settings.email_offices;
    let to = match (diverted, &settings.office_email_instead_to) {
        (false, _) => office.clone(),
        (true, Some(other)) => other.clone(),
        (true, None) => {
            let why = "mail to offices is switched off: set ABSENTEE_LEO_EMAIL_OVERRIDE_ADDRESS, or \
                       ABSENTEE_LEO_EMAIL_DISABLE=false";
            return Err(JobError::GiveUp(why.into()));
        }
    };
    let pdf = app.files.get(&form.key).await?;
    let pdf = pdf.ok_or_else(|| JobError::GiveUp("the form is gone".into()))?;
    let name = |part: &Option<String>| part.clone().unwrap_or_default();
    let (first, last) = (name(&request.name.first), name(&request.name.last));
    let message = Message::BallotRequestToOffice(OfficeMail {
        first_name: first.clone(),
        last_name: last.clone(),
        full_name: request.name.full(),
        state: request.address.state,
        contact: settings.office_email_from.clone(),
        instead_of: diverted.then_some(office),
    });
    let from =
        Mailbox { name: Some(one_line(&request.name.full())), address: settings.office_email_from.clone() };
    let english = Language::default();
    let mut email = mail::compose(app, from, to, &message, &english, unique)?;
    let voter = request.email.clone().filter(|address| !address.is_empty());
    let voter = voter.map(|address| Mailbox { name: None, address });
    let ours = Mailbox { name: None, address: settings.office_email_from.clone() };
    email.reply_to = [ours, email.to.clone()].into_iter().chain(voter.clone()).collect();
    email.cc = voter.into_iter().collect();
    email.attachments = vec![Attachment {
        name: file::file_name(&["ballot request", &last, &first]),
        content_type: "application/pdf",
        bytes: pdf,
    }];
    Ok(email)
}

/// A name for a header: on one line, not longer than a name is.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(100)
        .collect()
}

/// The mail about a fax; with a copy of the form while it is on its way.
pub(super) async fn fax_mail(
    app: &App,
    request: &BallotRequest,
    form: Option<&StoredFile>,
) -> Result<(FaxMail, Option<Subscriber>), JobError> {
    let mut view = app.store.view().await?;
    let facts = form::request_facts(view.as_mut(), request, &app.settings.origins).await?;
    let subscriber = subscriber_of(view.as_mut(), request.subscriber).await?;
    let mail = FaxMail {
        speaker: speaker_to(app, subscriber.as_ref(), &request.details()),
        first_name: request.name.first.clone().unwrap_or_default(),
        office: facts.region.clone().into_iter().chain(office_lines(&facts)).collect(),
        office_email: facts.contact.email,
        office_phone: facts.contact.phone.map(|phone| phone.national()),
        office_fax: facts.contact.fax.map(|fax| fax.national()),
        help_address: app.settings.absentee.fax_reply_to.clone(),
        download_url: form.map(|file| download_url(app, file)),
    };
    Ok((mail, subscriber))
}

/// The mail after a ballot was asked for online.
pub(super) async fn next_steps_mail(
    app: &App,
    request: &BallotRequest,
) -> Result<(BallotNextStepsMail, Option<Subscriber>), JobError> {
    let mut view = app.store.view().await?;
    let subscriber = subscriber_of(view.as_mut(), request.subscriber).await?;
    let [mut tracker_url, mut id_rules, mut drop_boxes, mut polling_place_url] = [const { String::new() }; 4];
    if let Some(state) = request.address.state {
        for (slug, fact) in [
            ("external_tool_absentee_ballot_tracker", &mut tracker_url),
            ("id_requirements_vbm", &mut id_rules),
            ("vbm_state_provides_dropboxes", &mut drop_boxes),
            ("external_tool_polling_place", &mut polling_place_url),
        ] {
            *fact = view.elections().text(state, slug).await?.unwrap_or_default();
        }
    }
    let mail = BallotNextStepsMail {
        speaker: speaker_to(app, subscriber.as_ref(), &request.details()),
        first_name: request.name.first.clone().unwrap_or_default(),
        state: request.address.state,
        tracker_url,
        id_rules,
        has_drop_boxes: drop_boxes.trim().eq_ignore_ascii_case("true"),
        polling_place_url,
    };
    Ok((mail, subscriber))
}

/// Puts a message into words and sends it to the voter. Answers to mails about faxes go to those who look after them.
pub(crate) async fn send(
    app: &App,
    request: &BallotRequest,
    subscriber: Option<&Subscriber>,
    message: &Message,
    unique: &str,
) -> Result<(), JobError> {
    let reply_to = match message {
        Message::BallotRequestFaxing(mail)
        | Message::BallotRequestFaxed(mail)
        | Message::BallotRequestNotFaxed(mail) => Some(mail.help_address.clone()),
        _ => None,
    };
    let language = request.language_or_english();
    let mut view = app.store.view().await?;
    let place = request.place(app, view.as_mut()).await?;
    drop(view);
    let voter = Addressee { email: request.email.as_deref(), subscriber, language, reply_to, place };
    mail::send(app, voter, message, unique).await
}
