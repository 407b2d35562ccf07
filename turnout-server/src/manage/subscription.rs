//! `/manage/<slug>/subscription/`: what a subscriber pays for, and whom we speak with there.

use turnout_core::{
    input::Input as Sent,
    subscription::{ContactError, Subscription, change_contact},
};

use super::{
    Answer,
    blocks::{Block, Cell, Details, FormBlock, Input, InputKind},
    frame::PageOf,
    gate::Desk,
};
use crate::http::{ApiError, Request};

/// The subscription.
///
/// # Errors
/// When the store fails.
pub(super) async fn show(request: Request, desk: Desk) -> Answer {
    let found = found(&request, &desk).await?;
    Ok(page(&desk, &found, form(&desk, &found)).answer())
}

/// Changes whom we speak with.
///
/// # Errors
/// When the store fails.
pub(super) async fn save(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let sent = Sent::form(desk.form.pairs());
    match change_contact(app, desk.user.id, desk.own().id, &sent).await {
        Ok(_) => Ok(desk.back(app, &desk.link("subscription/"), "Saved.")),
        Err(ContactError::Problems(problems)) => {
            let found = found(&request, &desk).await?;
            let form = form(&desk, &found).with(&problems, &desk.form);
            Ok(page(&desk, &found, form).answer())
        }
        Err(ContactError::NotFound) => Err(ApiError::not_found()),
        Err(ContactError::Store(error)) => Err(error.into()),
    }
}

async fn found(request: &Request, desk: &Desk) -> Result<Subscription, ApiError> {
    let mut view = request.app().store.view().await?;
    view.subscriptions().by_subscriber(desk.own().id).await?.ok_or_else(ApiError::not_found)
}

fn page(desk: &Desk, subscription: &Subscription, form: FormBlock) -> PageOf {
    let mut pairs = vec![("Plan".to_owned(), Cell::text(subscription.plan.label()))];
    if let Some(day) = subscription.expires {
        pairs.push(("Paid until".to_owned(), Cell::text(day.format("%b %-d, %Y").to_string())));
    }
    desk.page("Subscription")
        .push(Block::Details(Details { heading: "What you have".into(), pairs }))
        .push(Block::Form(form))
}

fn form(desk: &Desk, subscription: &Subscription) -> FormBlock {
    let contact = &subscription.contact;
    let line = |name, label: &str, kind, value: Option<&str>, known| {
        Input::new(name, label, kind).value(value.unwrap_or_default()).autocomplete(known).optional()
    };
    let phone = contact.phone.as_ref().map(turnout_core::person::Phone::national);
    FormBlock::new(desk.link("subscription/"), "Save").heading("Whom we speak with").inputs([
        line(
            "primary_contact_first_name",
            "First name",
            InputKind::Text,
            contact.first_name.as_deref(),
            "given-name",
        ),
        line(
            "primary_contact_last_name",
            "Last name",
            InputKind::Text,
            contact.last_name.as_deref(),
            "family-name",
        ),
        line("primary_contact_email", "E-mail", InputKind::Email, contact.email.as_deref(), "email"),
        line("primary_contact_phone", "Phone", InputKind::Tel, phone.as_deref(), "tel"),
    ])
}
