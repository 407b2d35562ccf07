//! `/manage/subscription/subscribers/`: every subscriber, by name.

use turnout_core::{
    App, ids::SubscriberId, page::PageRequest, ports::store::StoreError, subscriber::Subscriber,
};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, Link, SearchBox, Table},
        gate::Desk,
        paging::Paging,
    },
    SUBSCRIBERS,
};
use crate::http::{ApiError, Request};

/// Where a page of subscribers goes on: the name of the last one in small letters, and its id.
type Named = (String, SubscriberId);

fn key_text((name, id): &Named) -> String {
    format!("{id}~{name}")
}

fn read_key(text: &str) -> Option<Named> {
    let (id, name) = text.split_once('~')?;
    Some((name.to_owned(), SubscriberId::parse(id)?))
}

/// A subscriber's name in addresses: its slug, or its id where it has none.
pub(super) async fn address_of(app: &App, it: &Subscriber) -> Result<(Option<String>, String), StoreError> {
    let slug = match it.default_slug {
        Some(id) => app.store.view().await?.subscribers().slug(id).await?.map(|it| it.slug),
        None => None,
    };
    let name = slug.clone().unwrap_or_else(|| it.id.to_string());
    Ok((slug, format!("{SUBSCRIBERS}{name}/")))
}

/// `GET /manage/subscription/subscribers/`: by name, from `q` on; the subscriber whose slug that is comes first.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let q = request.query("q").unwrap_or_default().trim().to_owned();
    let paging = Paging::of(&request);
    let PageRequest { after, limit } = paging.request(read_key);
    let begins = (!q.is_empty()).then(|| (q.to_ascii_lowercase(), SubscriberId(uuid::Uuid::nil())));
    let is_first = after.is_none();
    let page = PageRequest { after: after.or(begins), limit };
    let (of_slug, found) = {
        let mut view = app.store.view().await?;
        let of_slug = match is_first && !q.is_empty() {
            true => view.subscribers().by_slug(&q).await?,
            false => None,
        };
        (of_slug, view.accounts().allowed(None, &page).await?)
    };
    let mut rows = Vec::new();
    let others = found.rows.iter().filter(|it| of_slug.as_ref().is_none_or(|first| first.id != it.id));
    for it in of_slug.iter().chain(others) {
        rows.push(row(app, it).await?);
    }
    let mut columns: Vec<Column> =
        ["Subscriber", "Slug", "Plan", "Status", "API access", "Since"].map(Column::new).into();
    columns.push(Column::silent("What can be changed"));
    let next = found.next.as_ref().map(key_text);
    Ok(desk
        .page("Subscribers")
        .lead("Every organization that uses Turnout, by name.")
        .push(Block::Search(SearchBox {
            action: SUBSCRIBERS.to_owned(),
            label: "Slug, or how the name begins".to_owned(),
            query: q.clone(),
            filters: Vec::new(),
        }))
        .push(Block::Table(Table {
            caption: "Subscribers, by name".to_owned(),
            columns,
            rows,
            empty: "No subscriber comes after that.".to_owned(),
        }))
        .extend(paging.pager(SUBSCRIBERS, &[("q", q.as_str())], String::new(), next))
        .answer())
}

async fn row(app: &App, it: &Subscriber) -> Result<Vec<Cell>, StoreError> {
    let (slug, path) = address_of(app, it).await?;
    let link = Link::new("Subscription", format!("{path}edit_subscription/")).note(format!("of {}", it.name));
    Ok(vec![
        Cell::link(&it.name, format!("{path}edit/")),
        Cell::text(slug.unwrap_or_default()),
        Cell::text(it.plan.label()),
        Cell::text(it.status.label()),
        Cell::Yes(it.has_api_access),
        Cell::Time(it.created_at),
        Cell::Links(vec![link]),
    ])
}

/// The subscriber in the path, by slug or by id.
pub(super) async fn subscriber_of(request: &Request) -> Result<Subscriber, ApiError> {
    let name = request.segment("subscriber");
    let mut view = request.app().store.view().await?;
    if let Some(found) = view.subscribers().by_slug(name).await? {
        return Ok(found);
    }
    let id = SubscriberId::parse(name).ok_or_else(ApiError::not_found)?;
    view.subscribers().by_id(id).await?.ok_or_else(ApiError::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_written() {
        let id = SubscriberId(uuid::Uuid::from_u128(7));
        for name in ["votes, etc.", "a~b", ""] {
            let key = (name.to_owned(), id);
            assert_eq!(read_key(&key_text(&key)), Some(key));
        }
        assert_eq!(read_key("votes"), None);
    }
}
