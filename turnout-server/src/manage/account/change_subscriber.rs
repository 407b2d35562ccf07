//! `/manage/profile/change_subscriber/`: whom one works for, of several.

use turnout_core::{
    account::{ProfileError, work_for, workplaces},
    ids::SubscriberId,
    page::PageRequest,
    subscriber::SubscriberStatus,
};

use super::super::{
    Answer,
    blocks::{Block, Button, Cell, Column, Notice, Pager, Table},
    gate::Desk,
};
use crate::http::{ApiError, Request};

const PATH: &str = "/manage/profile/change_subscriber/";

/// So many stand on a page.
const SHOWN: u32 = 100;

/// The page after the subscriber with that name and id.
fn after(request: &Request) -> Option<(String, SubscriberId)> {
    Some((request.query("after")?, SubscriberId::parse(&request.query("id")?)?))
}

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let after = after(&request);
    let first = after.is_some().then(|| PATH.to_owned());
    let places = workplaces(request.app(), &desk.user, &PageRequest { after, limit: SHOWN }).await?;
    if places.rows.is_empty() && first.is_none() {
        let none = "No organization is open to you at the moment. Whoever invited you can tell you why.";
        return Ok(desk.page("Your organizations").push(Block::Notice(Notice::plain(none))).answer());
    }
    let now = desk.subscriber.as_ref().filter(|_| desk.is_at_work).map(|it| it.id);
    let rows = places.rows.iter().map(|place| {
        let button = Button::new("Work for it", PATH).about(format!(": {}", place.name));
        let act = match now == Some(place.id) {
            true => Cell::link("Where you work now", desk.link("")),
            false => Cell::Buttons(vec![button.with("subscriber", place.id.0.to_string())]),
        };
        let status = if place.status == SubscriberStatus::Active { "Active" } else { "Disabled" };
        vec![Cell::text(place.name.clone()), Cell::text(status), act]
    });
    let table = Table {
        caption: "Organizations that are open to you".into(),
        columns: vec![Column::new("Name"), Column::new("Status"), Column::silent("Choose")],
        rows: rows.collect(),
        empty: "There are no more.".into(),
    };
    let next = places.next.map(|(name, id)| {
        let mut query = url::form_urlencoded::Serializer::new(format!("{PATH}?"));
        query.append_pair("after", &name).append_pair("id", &id.0.to_string());
        query.finish()
    });
    let mut page = desk.page("Your organizations").push(Block::Table(table));
    if next.is_some() || first.is_some() {
        page = page.push(Block::Pager(Pager { first, next, ..Pager::default() }));
    }
    Ok(page.answer())
}

/// `POST`
///
/// # Errors
/// When the store fails; 404 for a subscriber that is not open to the person.
pub(in crate::manage) async fn choose(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = SubscriberId::parse(desk.form.get("subscriber")).ok_or_else(ApiError::not_found)?;
    match work_for(app, desk.user.id, id).await {
        Ok(place) => Ok(desk.back(app, "/manage/", &format!("You work for {} now.", place.name))),
        Err(ProfileError::NotFound | ProfileError::Problems(_)) => Err(ApiError::not_found()),
        Err(ProfileError::Store(error)) => Err(error.into()),
    }
}
