//! `/manage/admin/update-webhooks/…`: what cannot be set as a column is, since an address is as good as a password. It is
//! typed, and never shown again.

use turnout_core::{
    back_office::Entity,
    election::webhooks::{self, WebhookError},
    ids::UpdateWebhookId,
    problems::Problems,
};

use super::{list_path, path};
use crate::{
    http::{ApiError, Request, Response},
    manage::{
        Answer,
        blocks::{Block, Button, FormBlock, Input, InputKind, Link},
        gate::Desk,
    },
};

const ENTITY: Entity = Entity::UpdateWebhooks;

/// The way to a new one, for the list.
pub(super) fn way_to_new() -> Link {
    Link::main("Add one", format!("{}new/", list_path(ENTITY)))
}

/// What is done with one, for its page.
pub(super) fn buttons(here: &str) -> [(Button, &'static str); 2] {
    [
        (
            Button::new("Call it now", format!("{here}call/")),
            "Have its site built anew now, though nothing has changed.",
        ),
        (
            Button::new("Delete it", format!("{here}delete/")).danger(),
            "Forget it. Its site is not built any more when facts change.",
        ),
    ]
}

/// The way to another address, for its page.
pub(super) fn way_to_address(here: &str) -> Link {
    Link::new("Give it another address", format!("{here}address/"))
}

fn address() -> Input {
    let hint = "Who knows it can have the site built, so it is never shown again.";
    Input::new("url", "Address that is posted to", InputKind::Password).hint(hint)
}

fn id(request: &Request) -> Result<UpdateWebhookId, ApiError> {
    UpdateWebhookId::parse(request.segment("id")).ok_or_else(ApiError::not_found)
}

/// What is wrong with what was typed, if that is why nothing was done.
fn problems(error: WebhookError) -> Result<Problems, ApiError> {
    match error {
        WebhookError::Wrong(problems) => Ok(problems),
        WebhookError::NotFound => Err(ApiError::not_found()),
        WebhookError::Store(error) => Err(error.into()),
    }
}

fn new_form() -> FormBlock {
    let list = list_path(ENTITY);
    FormBlock::new(format!("{list}new/"), "Add it")
        .cancel("Cancel", list)
        .inputs([Input::new("name", "Name", InputKind::Text), address()])
}

fn new_page(desk: &Desk, form: FormBlock) -> Response {
    desk.page("New update webhook")
        .up(ENTITY.shape().many, list_path(ENTITY))
        .lead("It is called within ten minutes, and then whenever a fact about a state has changed.")
        .push(Block::Form(form))
        .answer()
}

/// `GET /manage/admin/update-webhooks/new/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn new(_request: Request, desk: Desk) -> Answer {
    Ok(new_page(&desk, new_form()))
}

/// `POST /manage/admin/update-webhooks/new/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn add(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    match webhooks::add(app, desk.user.id, desk.form.get("name"), desk.form.get("url")).await {
        Ok(id) => Ok(desk.back(app, &path(ENTITY, &id.to_string()), "It is added.")),
        Err(error) => Ok(new_page(&desk, new_form().with(&problems(error)?, &desk.form))),
    }
}

fn address_form(here: &str) -> FormBlock {
    FormBlock::new(format!("{here}address/"), "Save").cancel("Cancel", here).inputs([address()])
}

fn address_page(desk: &Desk, here: &str, form: FormBlock) -> Response {
    desk.page("Another address").up("Update webhook", here).push(Block::Form(form)).answer()
}

/// `GET /manage/admin/update-webhooks/{id}/address/`
///
/// # Errors
/// 404 for what is no webhook; when the store fails.
pub(in crate::manage) async fn readdress_form(request: Request, desk: Desk) -> Answer {
    let id = id(&request)?.to_string();
    let found = request.app().store.view().await?.records().one(ENTITY, &id).await?;
    found.ok_or_else(ApiError::not_found)?;
    let here = path(ENTITY, &id);
    Ok(address_page(&desk, &here, address_form(&here)))
}

/// `POST /manage/admin/update-webhooks/{id}/address/`
///
/// # Errors
/// 404 for what is no webhook; when the store fails.
pub(in crate::manage) async fn readdress(request: Request, desk: Desk) -> Answer {
    let (app, id) = (request.app(), id(&request)?);
    let here = path(ENTITY, &id.to_string());
    match webhooks::readdress(app, desk.user.id, id, desk.form.get("url")).await {
        Ok(()) => Ok(desk.back(app, &here, "It has another address.")),
        Err(error) => {
            let form = address_form(&here).with(&problems(error)?, &desk.form);
            Ok(address_page(&desk, &here, form))
        }
    }
}

/// `POST /manage/admin/update-webhooks/{id}/call/`
///
/// # Errors
/// 404 for what is no webhook; when the store fails.
pub(in crate::manage) async fn call(request: Request, desk: Desk) -> Answer {
    let (app, id) = (request.app(), id(&request)?);
    webhooks::call_again(app, desk.user.id, id).await.map_err(refused)?;
    Ok(desk.back(app, &path(ENTITY, &id.to_string()), "It is called now, if it is one that is called."))
}

/// `POST /manage/admin/update-webhooks/{id}/delete/`
///
/// # Errors
/// 404 for what is no webhook; when the store fails.
pub(in crate::manage) async fn delete(request: Request, desk: Desk) -> Answer {
    let (app, id) = (request.app(), id(&request)?);
    webhooks::remove(app, desk.user.id, id).await.map_err(refused)?;
    Ok(desk.back(app, &list_path(ENTITY), "It is gone."))
}

fn refused(error: WebhookError) -> ApiError {
    // nothing was typed that could be wrong
    problems(error).err().unwrap_or_else(ApiError::not_found)
}
