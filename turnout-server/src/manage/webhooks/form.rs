//! What is asked about an endpoint.

use turnout_core::{
    input::Input as Sent,
    webhook::{self, EditError, Endpoint, Topic},
};

use super::{WEBHOOKS, failed, found, id, path, secrets};
use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind},
        frame::PageOf,
        gate::Desk,
    },
};

/// Asks about a new endpoint.
///
/// # Errors
/// Never.
pub(in crate::manage) async fn ask(_request: Request, desk: Desk) -> Answer {
    Ok(adding(&desk, new_form(&desk)).answer())
}

fn adding(desk: &Desk, form: FormBlock) -> PageOf {
    desk.page("Add an endpoint")
        .up(WEBHOOKS, desk.link("webhooks/"))
        .lead("Its secret, by which your program knows our calls, is shown once it is made.")
        .push(Block::Form(form))
}

fn new_form(desk: &Desk) -> FormBlock {
    let form = FormBlock::new(desk.link("webhooks/create/"), "Add the endpoint");
    filled(form, None).cancel("Back to the webhooks", desk.link("webhooks/"))
}

fn filled(form: FormBlock, endpoint: Option<&Endpoint>) -> FormBlock {
    let address = Input::new("address", "Address", InputKind::Url)
        .hint("Begins with https:// and can be reached by everybody.")
        .autocomplete("off")
        .value(endpoint.map_or("", |it| it.address.as_str()));
    let description = Input::new("description", "What it is for", InputKind::Text)
        .hint("So that you know it again.")
        .autocomplete("off")
        .optional()
        .value(endpoint.and_then(|it| it.description.as_deref()).unwrap_or_default());
    let topics = Topic::offered().map(|topic| {
        let is_chosen = endpoint.is_some_and(|it| it.topics.contains(&topic));
        Input::new(topic.wire(), topic.label(), InputKind::Check).hint(topic.wire()).checked(is_chosen)
    });
    form.input(address).input(description).inputs(topics)
}

/// Makes an endpoint, and shows its secret this once.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn create(request: Request, desk: Desk) -> Answer {
    let sent = Sent::form(desk.form.pairs());
    match webhook::create(request.app(), desk.user.id, desk.own().id, &sent).await {
        Ok(made) => Ok(secrets::shown(&desk, &made, "The endpoint was added").answer()),
        Err(EditError::Problems(problems)) => {
            Ok(adding(&desk, new_form(&desk).with(&problems, &desk.form)).answer())
        }
        Err(error) => Err(failed(error)),
    }
}

/// Asks what is to be different.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn edit(request: Request, desk: Desk) -> Answer {
    let endpoint = found(&request, &desk).await?;
    Ok(editing(&desk, &endpoint, edit_form(&desk, &endpoint)).answer())
}

fn edit_form(desk: &Desk, endpoint: &Endpoint) -> FormBlock {
    let form = FormBlock::new(path(desk, endpoint.id, "edit/"), "Save");
    filled(form, Some(endpoint)).cancel("Back to the endpoint", path(desk, endpoint.id, ""))
}

fn editing(desk: &Desk, endpoint: &Endpoint, form: FormBlock) -> PageOf {
    desk.page("Change the endpoint")
        .up(super::called(endpoint), path(desk, endpoint.id, ""))
        .lead("What waits is sent to the new address; events that you choose now are told from now on.")
        .push(Block::Form(form))
}

/// Changes an endpoint.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn save(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let Some(id) = id(&request) else { return Err(ApiError::not_found()) };
    let sent = Sent::form(desk.form.pairs());
    match webhook::change(app, desk.user.id, desk.own().id, id, &sent).await {
        Ok(_) => Ok(desk.back(app, &path(&desk, id, ""), "The endpoint was changed.")),
        Err(EditError::Problems(problems)) => {
            let endpoint = found(&request, &desk).await?;
            let form = edit_form(&desk, &endpoint).with(&problems, &desk.form);
            Ok(editing(&desk, &endpoint, form).answer())
        }
        Err(error) => Err(failed(error)),
    }
}
