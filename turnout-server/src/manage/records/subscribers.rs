//! `/manage/admin/subscribers/{id}/edit/` and `…/add_slug/`, `/manage/admin/slugs/{id}/make_default/`: what superusers alone
//! decide about a subscriber. Its settings are edited under `/manage/subscription/subscribers/`.

use turnout_core::{
    App,
    back_office::Entity,
    ids::{SlugId, SubscriberId},
    ports::store::StoreError,
    subscriber::{EditError, Subscriber, add_slug, make_default, set_first_party},
};

use super::path;
use crate::{
    http::{ApiError, Request, Response},
    manage::{
        Answer,
        blocks::{Block, Button, FormBlock, Input, InputKind, Link},
        gate::Desk,
    },
};

fn path_of(id: SubscriberId) -> String {
    path(Entity::Subscribers, &id.to_string())
}

/// The subscriber that the path names.
async fn subscriber(request: &Request) -> Result<Subscriber, ApiError> {
    let id = SubscriberId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    request.app().store.view().await?.subscribers().by_id(id).await?.ok_or_else(ApiError::not_found)
}

/// The form of what is edited here.
///
/// # Errors
/// 404 for no subscriber; when the store fails.
pub(super) async fn form(request: &Request, desk: &Desk) -> Answer {
    let it = subscriber(request).await?;
    let here = path_of(it.id);
    let hint = "It may call the opt-in and opt-out of texts, and its mails are signed by the service's name and ask for donations.";
    let form = FormBlock::new(format!("{here}edit/"), "Save").cancel("Cancel", &here).input(
        Input::new("is_first_party", "Runs the service", InputKind::Check)
            .hint(hint)
            .checked(it.is_first_party),
    );
    Ok(desk
        .page(format!("Edit {}", it.name))
        .up(it.name, here)
        .lead("Its other settings are those that subscriber managers change.")
        .push(Block::Form(form))
        .answer())
}

/// Sets what was sent.
///
/// # Errors
/// 404 for no subscriber; when the store fails.
pub(super) async fn set(request: &Request, desk: &Desk) -> Answer {
    let app = request.app();
    let it = subscriber(request).await?;
    match set_first_party(app, desk.user.id, it.id, desk.form.is_checked("is_first_party")).await {
        Ok(_) => Ok(desk.back(app, &path_of(it.id), "Saved.")),
        Err(error) => Err(refused(error)),
    }
}

/// Why nothing was done where nothing was typed that could be wrong.
fn refused(error: EditError) -> ApiError {
    match error {
        EditError::NotFound => ApiError::not_found(),
        EditError::Problems(problems) => problems.into(),
        EditError::Store(error) => error.into(),
    }
}

/// The way to another slug, for the page of a subscriber.
pub(super) fn way_to_slug(here: &str) -> Link {
    Link::new("Add a slug", format!("{here}add_slug/"))
}

fn slug_page(desk: &Desk, it: &Subscriber, form: impl FnOnce(FormBlock) -> FormBlock) -> Response {
    let here = path_of(it.id);
    let hint = "Letters, digits, - and _, at most 50. No other subscriber has the same.";
    let bare = FormBlock::new(format!("{here}add_slug/"), "Add it")
        .cancel("Cancel", &here)
        .input(Input::new("slug", "Slug", InputKind::Text).hint(hint));
    desk.page(format!("A slug for {}", it.name))
        .up(&it.name, here)
        .lead("The subscriber is known by it beside the slugs that it has; none is taken away.")
        .push(Block::Form(form(bare)))
        .answer()
}

/// `GET /manage/admin/subscribers/{id}/add_slug/`
///
/// # Errors
/// 404 for no subscriber; when the store fails.
pub(in crate::manage) async fn ask_slug(request: Request, desk: Desk) -> Answer {
    let it = subscriber(&request).await?;
    Ok(slug_page(&desk, &it, |form| form))
}

/// `POST /manage/admin/subscribers/{id}/add_slug/`
///
/// # Errors
/// 404 for no subscriber; when the store fails.
pub(in crate::manage) async fn new_slug(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let it = subscriber(&request).await?;
    match add_slug(app, desk.user.id, it.id, &desk.form.input()).await {
        Ok(slug) => Ok(desk.back(app, &path(Entity::Slugs, &slug.id.to_string()), "It is added.")),
        Err(EditError::Problems(problems)) => {
            Ok(slug_page(&desk, &it, |form| form.with(&problems, &desk.form)))
        }
        Err(error) => Err(refused(error)),
    }
}

/// The button of a slug that is not yet the one of its subscriber's links.
///
/// # Errors
/// When the store fails.
pub(super) async fn slug_button(app: &App, id: &str) -> Result<Option<(Button, &'static str)>, StoreError> {
    let Some(id) = SlugId::parse(id) else { return Ok(None) };
    let mut view = app.store.view().await?;
    let Some(slug) = view.subscribers().slug(id).await? else { return Ok(None) };
    let whose = view.subscribers().by_id(slug.subscriber).await?;
    if whose.is_none_or(|it| it.default_slug == Some(id)) {
        return Ok(None);
    }
    let here = path(Entity::Slugs, &id.to_string());
    let button = Button::new("Make it the default", format!("{here}make_default/"));
    let what = "Its subscriber's links, and its pages of this site, go by it from then on. What went by another slug goes on \
                to count for the subscriber.";
    Ok(Some((button, what)))
}

/// `POST /manage/admin/slugs/{id}/make_default/`
///
/// # Errors
/// 404 for no slug; when the store fails.
pub(in crate::manage) async fn default_slug(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = SlugId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    match make_default(app, desk.user.id, id).await {
        Ok(it) => {
            let told = format!("The links of {} go by it now.", it.name);
            Ok(desk.back(app, &path(Entity::Slugs, &id.to_string()), &told))
        }
        Err(error) => Err(refused(error)),
    }
}
