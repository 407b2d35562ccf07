//! A record is found by what people know it by, without that standing in a URL.

use super::{Entity, id_of_number};
use crate::{address::State, app::App, ids::parse_uuid, ports::store::StoreError};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The record with this id.
    One(String),
    /// The list that is narrowed by this: see [`Narrowing`](super::Narrowing).
    Of(String),
}

/// By what a record of a kind is found, in words.
#[must_use]
pub fn sought(entity: Entity) -> &'static str {
    match entity {
        Entity::Users | Entity::Invites => "Its e-mail address or id",
        Entity::Subscribers => "Its slug or id",
        Entity::ApiKeys
        | Entity::Files
        | Entity::Letters
        | Entity::Reports
        | Entity::Slugs
        | Entity::Subscriptions
        | Entity::Webhooks => "Its id, or the slug of a subscriber",
        Entity::Numbers => "The telephone number",
        Entity::Messages => "The telephone number, or the id of the text",
        Entity::States => "Its code or name",
        Entity::FieldTypes => "Its slug",
        Entity::Regions => "Its number, or the code of a state",
        Entity::Blasts | Entity::Faxes | Entity::Interests | Entity::Products | Entity::UpdateWebhooks => {
            "Its id"
        }
    }
}

/// Finds a record of a kind by what somebody typed: see [`sought`].
///
/// # Errors
/// When the store fails.
pub async fn find(app: &App, entity: Entity, typed: &str) -> Result<Option<Found>, StoreError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let mut view = app.store.view().await?;
    let id = match parse_uuid(typed) {
        Some(id) if entity.shape().has_uuid => id.to_string(),
        _ => typed.to_owned(),
    };
    if let Some(record) = view.records().one(entity, &id).await? {
        return Ok(Some(Found::One(record.key.id)));
    }
    Ok(match entity {
        Entity::Users => view.accounts().by_email(typed).await?.map(|it| Found::One(it.id.to_string())),
        Entity::Invites => {
            let newest = view.accounts().invites_to(typed).await?.pop();
            newest.map(|it| Found::One(it.id.to_string()))
        }
        Entity::Subscribers => {
            view.subscribers().by_slug(typed).await?.map(|it| Found::One(it.id.to_string()))
        }
        Entity::ApiKeys
        | Entity::Files
        | Entity::Letters
        | Entity::Reports
        | Entity::Slugs
        | Entity::Subscriptions
        | Entity::Webhooks => view.subscribers().by_slug(typed).await?.map(|it| Found::Of(it.id.to_string())),
        Entity::Numbers => id_of_number(app, typed).await?.map(Found::One),
        Entity::Messages => id_of_number(app, typed).await?.map(Found::Of),
        Entity::States => state(typed).map(|state| Found::One(state.code().to_owned())),
        Entity::Regions => state(typed).map(|state| Found::Of(state.code().to_owned())),
        Entity::Blasts
        | Entity::Faxes
        | Entity::FieldTypes
        | Entity::Interests
        | Entity::Products
        | Entity::UpdateWebhooks => None,
    })
}

/// A state by its code or name, in whatever letters.
fn state(typed: &str) -> Option<State> {
    State::parse(&typed.to_ascii_uppercase())
        .or_else(|| State::ALL.iter().copied().find(|state| state.name().eq_ignore_ascii_case(typed)))
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        conformance::rows,
        memory::{World, world},
        ports::store::Store as _,
    };

    async fn with_rows() -> World {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        rows::references(unit.as_mut()).await;
        unit.accounts_mut().insert(&rows::user(7, 1)).await.expect("a user");
        for (number, second) in [(8, 1), (9, 2)] {
            let invite = rows::invite(number, "guest@example.org", 1, second);
            unit.accounts_mut().insert_invite(&invite).await.expect("an invitation");
        }
        unit.messages_mut().lock_or_insert(&rows::number()).await.expect("a number");
        unit.commit().await.expect("it is kept");
        world
    }

    #[tokio::test]
    async fn a_record_is_found_by_what_people_know_it_by() {
        let world = with_rows().await;
        let id = |number: u128| rows::uuid(number).to_string();
        let phone = rows::number().id.to_string();
        let one = |id: String| Some(Found::One(id));
        let of = |id: String| Some(Found::Of(id));
        for (entity, typed, found) in [
            (Entity::Users, " user7@example.ORG ", one(id(7))),
            (Entity::Users, &id(7).replace('-', "").to_uppercase(), one(id(7))),
            (Entity::Users, "user8@example.org", None),
            (Entity::Invites, "guest@example.org", one(id(9))),
            (Entity::Subscribers, "one", one(id(1))),
            (Entity::Slugs, "one", of(id(1))),
            (Entity::Files, "one", of(id(1))),
            (Entity::Files, &id(2), one(id(2))),
            (Entity::Files, "two", None),
            (Entity::Numbers, "(617) 555-7895", one(phone.clone())),
            (Entity::Messages, "(617) 555-7895", of(phone)),
            (Entity::Messages, "(617) 555-0000", None),
            (Entity::States, "massachusetts", one("MA".into())),
            (Entity::States, "ma", one("MA".into())),
            (Entity::Regions, "5000000000", one("5000000000".into())),
            (Entity::Regions, "ma", of("MA".into())),
            (Entity::Faxes, "one", None),
            (Entity::Users, "  ", None),
        ] {
            let is = find(&world.app, entity, typed).await.expect("a read");
            assert_eq!(is, found, "{entity:?} {typed}");
        }
        for entity in Entity::ALL {
            assert!(!sought(entity).is_empty());
        }
    }
}
