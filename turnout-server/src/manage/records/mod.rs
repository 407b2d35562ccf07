//! `/manage/admin/…`: single rows of every kind that has record pages. For superusers.
//!
//! What there is, which columns are shown and which may be set, is a table in core
//! ([`back_office`](turnout_core::back_office)); one list, one page and one form serve all of it. `users.rs` is the form of
//! what an account opens, `acts.rs` what is done with a file or a letter, `consent.rs` what a number said of texts, `webhooks.rs`
//! how a webhook gets its address, `subscribers.rs` who runs the service and which slugs a subscriber has.

pub(super) mod acts;
mod cells;
pub(super) mod consent;
mod list;
mod one;
pub(super) mod subscribers;
mod users;
pub(super) mod webhooks;

use turnout_core::back_office::Entity;

pub(super) use list::{find, list};
pub(super) use one::{edit, form, one};

use super::{
    Answer,
    blocks::{Block, Link},
    gate::Desk,
};
use crate::http::{ApiError, Request};

/// Where they begin.
const ROOT: &str = "/manage/admin/";

/// The list of a kind.
fn list_path(entity: Entity) -> String {
    format!("{ROOT}{}/", entity.shape().path)
}

/// The page of a record. Ids are UUIDs, numbers, codes and slugs: nothing that has to be escaped.
fn path(entity: Entity, id: &str) -> String {
    format!("{ROOT}{}/{id}/", entity.shape().path)
}

/// The kind that the path names.
fn kind(request: &Request) -> Result<Entity, ApiError> {
    Entity::by_path(request.segment("kind")).ok_or_else(ApiError::not_found)
}

/// `GET /manage/admin/`
///
/// # Errors
/// Never.
pub(super) async fn index(_request: Request, desk: Desk) -> Answer {
    let mut links: Vec<Link> =
        Entity::ALL.iter().map(|entity| Link::new(entity.shape().many, list_path(*entity))).collect();
    links.push(Link::new("Job results", "/manage/operations/jobs/?state=done"));
    links.sort_by(|one, other| one.text.cmp(&other.text));
    let page =
        desk.page("Records").lead("Single rows, as they are kept. Secrets are not shown, and are not read.");
    Ok(page.push(Block::Links(links)).answer())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_pages_of_its_own_that_are_no_other_ones() {
        for entity in Entity::ALL {
            assert_eq!(list_path(entity), format!("/manage/admin/{}/", entity.shape().path));
            assert!(!["login", "logout"].contains(&entity.shape().path));
        }
    }
}
