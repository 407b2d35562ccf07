//! `/manage/subscription/subscribers/{subscriber}/edit_subscription/`: a subscription, all of it, with its history.

use turnout_core::{
    change::Change,
    ids::ChangeId,
    input::Input as Sent,
    problems::Problems,
    subscriber::{Plan, Subscriber},
    subscription::{ContactError, Subscription, change_subscription, restore_subscription},
};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind},
        gate::Desk,
        history::{self, Subject},
    },
    SUBSCRIBERS, choices,
    list::{address_of, subscriber_of},
    optional,
};
use crate::http::{ApiError, Request, Response};

/// The form of a subscription; of a subscriber that has none, of the one that it gets.
fn form(it: Option<&Subscription>, path: &str) -> FormBlock {
    let contact = it.map(|it| it.contact.clone()).unwrap_or_default();
    let plan = it.map_or(Plan::Premium, |it| it.plan);
    FormBlock::new(
        format!("{path}edit_subscription/"),
        if it.is_some() { "Save" } else { "Make a subscription" },
    )
    .input(
        Input::new("primary_contact_first_name", "First name of the contact", InputKind::Text)
            .value(optional(contact.first_name.as_ref()))
            .optional(),
    )
    .input(
        Input::new("primary_contact_last_name", "Last name of the contact", InputKind::Text)
            .value(optional(contact.last_name.as_ref()))
            .optional(),
    )
    .input(
        Input::new("primary_contact_email", "E-mail of the contact", InputKind::Email)
            .value(optional(contact.email.as_ref()))
            .optional(),
    )
    .input(
        Input::new("primary_contact_phone", "Phone of the contact", InputKind::Tel)
            .value(contact.phone.as_ref().map(|it| it.national()).unwrap_or_default())
            .optional(),
    )
    .input(
        Input::new("plan", "Plan", choices(Plan::ALL, Plan::wire, Plan::label))
            .hint("On the free plan a subscriber does not see its voters.")
            .value(plan.wire()),
    )
    .input(
        Input::new("ein", "EIN", InputKind::Text)
            .hint("The number by which the tax authority knows it.")
            .value(optional(it.and_then(|it| it.ein.as_ref())))
            .optional(),
    )
    .input(
        Input::new("expires", "Paid until", InputKind::Text)
            .hint("Year, month and day, 2026-11-03. Nothing ends by it.")
            .value(it.and_then(|it| it.expires).map(|day| day.to_string()).unwrap_or_default())
            .optional(),
    )
    .input(
        Input::new("internal_notes", "Notes", InputKind::Long)
            .hint("For ourselves: the subscriber does not see them.")
            .value(optional(it.and_then(|it| it.internal_notes.as_ref())))
            .optional(),
    )
    .cancel("Cancel", SUBSCRIBERS)
}

async fn page_of(
    request: &Request,
    desk: &Desk,
    it: &Subscriber,
    problems: &Problems,
) -> Result<Response, ApiError> {
    let app = request.app();
    let (_, path) = address_of(app, it).await?;
    let known = app.store.view().await?.subscriptions().by_subscriber(it.id).await?;
    let form = form(known.as_ref(), &path);
    let form = if problems.is_empty() { form } else { form.with(problems, &desk.form) };
    let mut page = desk
        .page(format!("Subscription of {}", it.name))
        .up(&it.name, format!("{path}edit/"))
        .push(Block::Form(form));
    if let Some(known) = known {
        page = page.push(history::last(request, desk, &subject(it, &known, &path)).await?);
    }
    Ok(page.answer())
}

fn subject(it: &Subscriber, known: &Subscription, path: &str) -> Subject {
    Subject {
        kind: Subscription::KIND,
        id: known.id.to_string(),
        name: format!("the subscription of {}", it.name),
        page: format!("{path}edit_subscription/"),
        history: format!("{path}subscription_history/"),
        can_go_back: |change: &Change| change.before.is_some(),
    }
}

/// `GET /manage/subscription/subscribers/{subscriber}/edit_subscription/`
///
/// # Errors
/// 404 for a subscriber that is not there; when the store fails.
pub(in crate::manage) async fn edit(request: Request, desk: Desk) -> Answer {
    let it = subscriber_of(&request).await?;
    page_of(&request, &desk, &it, &Problems::new()).await
}

/// `POST /manage/subscription/subscribers/{subscriber}/edit_subscription/`
///
/// # Errors
/// 404 for a subscriber that is not there; when the store fails.
pub(in crate::manage) async fn save(request: Request, desk: Desk) -> Answer {
    let it = subscriber_of(&request).await?;
    let app = request.app();
    let input = Sent::form(desk.form.pairs());
    match change_subscription(app, desk.user.id, it.id, &input).await {
        Ok(_) => Ok(desk.back(app, SUBSCRIBERS, &format!("The subscription of {} is saved.", it.name))),
        Err(ContactError::Problems(problems)) => page_of(&request, &desk, &it, &problems).await,
        Err(ContactError::NotFound) => Err(ApiError::not_found()),
        Err(ContactError::Store(error)) => Err(error.into()),
    }
}

/// The subscription of the subscriber in the path, as its history knows it.
async fn subject_of(request: &Request) -> Result<Subject, ApiError> {
    let it = subscriber_of(request).await?;
    let app = request.app();
    let (_, path) = address_of(app, &it).await?;
    let known = app.store.view().await?.subscriptions().by_subscriber(it.id).await?;
    known.map(|known| subject(&it, &known, &path)).ok_or_else(ApiError::not_found)
}

/// `GET /manage/subscription/subscribers/{subscriber}/subscription_history/`
///
/// # Errors
/// 404 for a subscriber without a subscription; when the store fails.
pub(in crate::manage) async fn history(request: Request, desk: Desk) -> Answer {
    Ok(history::list(&request, &desk, &subject_of(&request).await?).await?.answer())
}

/// `GET /manage/subscription/subscribers/{subscriber}/subscription_history/{change}/`
///
/// # Errors
/// 404 for a change that is not one of this subscription; when the store fails.
pub(in crate::manage) async fn entry(request: Request, desk: Desk) -> Answer {
    Ok(history::entry(&request, &desk, &subject_of(&request).await?).await?.answer())
}

/// `POST /manage/subscription/subscribers/{subscriber}/subscription_history/{change}/restore/`
///
/// # Errors
/// 404 for a change that is not one of this subscription; when the store fails.
pub(in crate::manage) async fn restore(request: Request, desk: Desk) -> Answer {
    let it = subscriber_of(&request).await?;
    let app = request.app();
    let Some(change) = ChangeId::parse(request.segment("change")) else { return Err(ApiError::not_found()) };
    let (_, path) = address_of(app, &it).await?;
    match restore_subscription(app, desk.user.id, it.id, change).await {
        Ok(_) => {
            let notice =
                "The earlier plan, end and EIN are back. The contact and the notes are as they were.";
            Ok(desk.back(app, &format!("{path}edit_subscription/"), notice))
        }
        Err(ContactError::NotFound | ContactError::Problems(_)) => Err(ApiError::not_found()),
        Err(ContactError::Store(error)) => Err(error.into()),
    }
}
