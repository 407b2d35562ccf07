//! `/manage/subscription/subscribers/{subscriber}/edit/`: a subscriber's settings, all of them, with their history.

use turnout_core::{
    ids::ChangeId,
    input::Input as Sent,
    problems::Problems,
    subscriber::{self, EditError, Editor, KEY_MASK, SmsMode, Subscriber, SubscriberStatus},
    subscription::ExternalTool,
};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind, Link},
        gate::Desk,
        history::{self, Subject},
    },
    SUBSCRIBERS, choices,
    list::{address_of, subscriber_of},
    optional,
};
use crate::http::{ApiError, Request, Response};

/// The form of a subscriber's settings.
fn settings(it: &Subscriber, path: &str, has_key: bool) -> FormBlock {
    // a mode that is not offered any more can be kept (Q101)
    let mut modes = SmsMode::OFFERED.to_vec();
    if !modes.contains(&it.sms_mode()) {
        modes.push(it.sms_mode());
    }
    let (optional_url, email) = (InputKind::Url, optional(it.email.as_ref()));
    let key = if has_key { KEY_MASK } else { "" };
    FormBlock::new(format!("{path}edit/"), "Save")
        .input(Input::new("name", "Name", InputKind::Text).value(&it.name))
        .input(Input::new("url", "Website", InputKind::Url).value(&it.url))
        .input(
            Input::new("email", "Sender of its mails", InputKind::Email)
                .hint("The address that mails to its voters come from.")
                .value(email)
                .optional(),
        )
        .input(
            Input::new("privacy_policy", "Privacy policy", optional_url)
                .value(optional(it.privacy_policy.as_ref()))
                .optional(),
        )
        .input(
            Input::new("terms_of_service", "Terms of service", InputKind::Url)
                .value(optional(it.terms_of_service.as_ref()))
                .optional(),
        )
        .input(
            Input::new("sms_mode", "Texts to voters", choices(&modes, SmsMode::wire, SmsMode::label))
                .hint("How its tools ask whether somebody wants texts.")
                .value(it.sms_mode().wire()),
        )
        .input(
            Input::new("sms_disclaimer", "Words beside the box for texts", InputKind::Long)
                .hint("Left empty, the usual words stand there.")
                .value(optional(it.sms_disclaimer.as_ref()))
                .optional(),
        )
        .input(
            Input::new("language", "Language of voters who chose none", InputKind::Text)
                .hint("A language tag, such as en or es.")
                .value(it.language.as_ref().map(ToString::to_string).unwrap_or_default())
                .optional(),
        )
        .input(
            Input::new(
                "status",
                "Status",
                choices(SubscriberStatus::ALL, SubscriberStatus::wire, SubscriberStatus::label),
            )
            .hint("The tools of a disabled subscriber count for the default one, and its people do not see its pages.")
            .value(it.status.wire()),
        )
        .input(Input::new("has_api_access", "It may have API keys", InputKind::Check).checked(it.has_api_access))
        .input(
            Input::new("sync_tmc", "Its voters go to The Movement Cooperative each night", InputKind::Check)
                .checked(it.sync_tmc),
        )
        .input(Input::new("sync_bluelink", "Its voters go to Bluelink each night", InputKind::Check).checked(it.sync_bluelink))
        .input(Input::new("sync_actionnetwork", "Its voters go to ActionNetwork", InputKind::Check).checked(has_key))
        .input(
            Input::new("actionnetwork_key", "API key of its ActionNetwork group", InputKind::Text)
                .hint("A key that is kept is shown as underscores; left so, it stays.")
                .value(key)
                .optional()
                .autocomplete("off"),
        )
        .cancel("Cancel", SUBSCRIBERS)
}

async fn settings_page(
    request: &Request,
    desk: &Desk,
    it: &Subscriber,
    problems: &Problems,
) -> Result<Response, ApiError> {
    let app = request.app();
    let (_, path) = address_of(app, it).await?;
    let has_key = {
        let mut view = app.store.view().await?;
        view.subscriptions().integration_key(it.id, ExternalTool::ActionNetwork).await?.is_some()
    };
    let form = settings(it, &path, has_key);
    let form = if problems.is_empty() { form } else { form.with(problems, &desk.form) };
    let changes = history::last(request, desk, &subject(it, &path)).await?;
    Ok(desk
        .page(&it.name)
        .up("Subscribers", SUBSCRIBERS)
        .push(Block::Actions(vec![Link::new("Subscription", format!("{path}edit_subscription/"))]))
        .push(Block::Form(form))
        .push(changes)
        .answer())
}

/// The subscriber in the path, as its history knows it.
async fn subject_of(request: &Request) -> Result<Subject, ApiError> {
    let it = subscriber_of(request).await?;
    let (_, path) = address_of(request.app(), &it).await?;
    Ok(subject(&it, &path))
}

fn subject(it: &Subscriber, path: &str) -> Subject {
    Subject {
        kind: subscriber::KIND,
        id: it.id.to_string(),
        name: it.name.clone(),
        page: format!("{path}edit/"),
        history: format!("{path}history/"),
        can_go_back: subscriber::can_go_back,
    }
}

/// `GET /manage/subscription/subscribers/{subscriber}/edit/`
///
/// # Errors
/// 404 for a subscriber that is not there; when the store fails.
pub(in crate::manage) async fn edit(request: Request, desk: Desk) -> Answer {
    let it = subscriber_of(&request).await?;
    settings_page(&request, &desk, &it, &Problems::new()).await
}

/// `POST /manage/subscription/subscribers/{subscriber}/edit/`
///
/// # Errors
/// 404 for a subscriber that is not there; when the store fails.
pub(in crate::manage) async fn save(request: Request, desk: Desk) -> Answer {
    let it = subscriber_of(&request).await?;
    let app = request.app();
    let input = Sent::form(desk.form.pairs());
    match subscriber::edit(app, desk.user.id, it.id, Editor::Staff, &input).await {
        Ok(after) => Ok(desk.back(app, SUBSCRIBERS, &format!("The settings of {} are saved.", after.name))),
        Err(EditError::Problems(problems)) => settings_page(&request, &desk, &it, &problems).await,
        Err(EditError::NotFound) => Err(ApiError::not_found()),
        Err(EditError::Store(error)) => Err(error.into()),
    }
}

/// `GET /manage/subscription/subscribers/{subscriber}/history/`
///
/// # Errors
/// 404 for a subscriber that is not there; when the store fails.
pub(in crate::manage) async fn history(request: Request, desk: Desk) -> Answer {
    Ok(history::list(&request, &desk, &subject_of(&request).await?).await?.answer())
}

/// `GET /manage/subscription/subscribers/{subscriber}/history/{change}/`
///
/// # Errors
/// 404 for a change that is not one of this subscriber; when the store fails.
pub(in crate::manage) async fn entry(request: Request, desk: Desk) -> Answer {
    Ok(history::entry(&request, &desk, &subject_of(&request).await?).await?.answer())
}

/// `POST /manage/subscription/subscribers/{subscriber}/history/{change}/restore/`
///
/// # Errors
/// 404 for a change that is not one of this subscriber, or of which nothing goes back; when the store fails.
pub(in crate::manage) async fn restore(request: Request, desk: Desk) -> Answer {
    let it = subscriber_of(&request).await?;
    let app = request.app();
    let Some(change) = ChangeId::parse(request.segment("change")) else { return Err(ApiError::not_found()) };
    let (_, path) = address_of(app, &it).await?;
    let page = format!("{path}edit/");
    match subscriber::restore(app, desk.user.id, it.id, change).await {
        Ok(_) => {
            let told = "The earlier settings are back. The key to ActionNetwork, the default slug, and whether it runs the \
                        service are as they were.";
            Ok(desk.back(app, &page, told))
        }
        Err(EditError::Problems(problems)) => Ok(desk.back(app, &page, &history::unfit(&problems))),
        Err(EditError::NotFound) => Err(ApiError::not_found()),
        Err(EditError::Store(error)) => Err(error.into()),
    }
}
