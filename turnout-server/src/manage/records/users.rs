//! `/manage/admin/users/{id}/edit/`: what an account opens.

use turnout_core::{
    App,
    account::{Access, AccessError, User, set_access},
    back_office::Entity,
    ids::UserId,
};

use super::path;
use crate::{
    http::{ApiError, Request, Response},
    manage::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind},
        gate::Desk,
    },
};

/// The form.
///
/// # Errors
/// 404 for nobody; when the store fails.
pub(super) async fn form(request: &Request, desk: &Desk) -> Answer {
    let id = UserId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let user = user(request.app(), id).await?;
    Ok(page(desk, &user, boxes(id, Access::of(&user))))
}

async fn user(app: &App, id: UserId) -> Result<User, ApiError> {
    app.store.view().await?.accounts().by_id(id).await?.ok_or_else(ApiError::not_found)
}

fn page(desk: &Desk, user: &User, form: FormBlock) -> Response {
    let here = path(Entity::Users, &user.id.to_string());
    desk.page(format!("What {} may do", user.display_name()))
        .up(user.display_name(), here)
        .lead("Who may not use the site any more is signed out everywhere.")
        .push(Block::Form(form))
        .answer()
}

fn boxes(id: UserId, access: Access) -> FormBlock {
    let here = path(Entity::Users, &id.to_string());
    let tick = |name, label: &str, hint: &str, is_on| {
        Input::new(name, label, InputKind::Check).hint(hint).checked(is_on)
    };
    FormBlock::new(format!("{here}edit/"), "Save").cancel("Cancel", here).inputs([
        tick("is_active", "Active", "The account can be used to sign in.", access.is_active),
        tick(
            "is_staff",
            "May use the site",
            "Without it every page but the second factor is closed.",
            access.is_staff,
        ),
        tick(
            "is_subscriber_admin",
            "Subscriber manager",
            "Leads, subscribers and subscriptions, and the pages of every subscriber.",
            access.is_subscriber_admin,
        ),
        tick(
            "is_election_admin",
            "Election admin",
            "The facts about elections, links and contacts of offices.",
            access.is_election_admin,
        ),
        tick(
            "is_esign_admin",
            "E-sign admin",
            "Dashboards of ballot requests and the signed applications.",
            access.is_esign_admin,
        ),
        tick(
            "is_superuser",
            "Superuser",
            "Everything, these records and the operations too.",
            access.is_superuser,
        ),
    ])
}

/// Sets what was sent.
///
/// # Errors
/// 404 for nobody; when the store fails.
pub(super) async fn set(app: &App, desk: &Desk, id: UserId) -> Answer {
    let is = |name: &str| desk.form.is_checked(name);
    let access = Access {
        is_active: is("is_active"),
        is_staff: is("is_staff"),
        is_superuser: is("is_superuser"),
        is_election_admin: is("is_election_admin"),
        is_subscriber_admin: is("is_subscriber_admin"),
        is_esign_admin: is("is_esign_admin"),
    };
    match set_access(app, desk.user.id, id, access).await {
        Ok(_) => Ok(desk.back(app, &path(Entity::Users, &id.to_string()), "Saved.")),
        Err(AccessError::NotFound) => Err(ApiError::not_found()),
        Err(AccessError::Problems(problems)) => {
            let user = user(app, id).await?;
            Ok(page(desk, &user, boxes(id, access).with(&problems, &desk.form)))
        }
        Err(AccessError::Store(error)) => Err(error.into()),
    }
}
