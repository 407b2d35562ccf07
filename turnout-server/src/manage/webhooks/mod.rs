//! `/manage/<slug>/webhooks/`: where a subscriber's programs are called, and what they were told.

mod acts;
mod deliveries;
mod form;
mod secrets;

use turnout_core::{
    App,
    ids::EndpointId,
    ports::store::StoreError,
    webhook::{EditError, Endpoint, OffReason, kept_days},
};

pub(super) use acts::{again, ask_to_remove, ask_to_replay, pause, remove, replay, resume, test};
pub(super) use deliveries::show;
pub(super) use form::{ask, create, edit, save};
pub(super) use secrets::{ask_to_rotate, rotate};

use super::{
    Answer,
    blocks::{Block, Cell, Column, Link, Notice, Table},
    gate::Desk,
};
use crate::http::{ApiError, Request};

/// What the page of the endpoints is called.
const WEBHOOKS: &str = "Webhooks";

/// The endpoints.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: Request, desk: Desk) -> Answer {
    let all = request.app().store.view().await?.webhooks().of_subscriber(desk.own().id).await?;
    let row = |it: &Endpoint| {
        vec![
            Cell::link(called(it), path(&desk, it.id, "")),
            Cell::Code(it.address.clone()),
            Cell::text(state(it)),
            Cell::Number(i64::try_from(it.topics.len()).unwrap_or(i64::MAX)),
            Cell::Time(it.created_at),
        ]
    };
    let table = Table {
        caption: "Endpoints".into(),
        columns: vec![
            Column::new("What for"),
            Column::new("Address"),
            Column::new("State"),
            Column::number("Events"),
            Column::new("Made"),
        ],
        rows: all.iter().map(row).collect(),
        empty: "There is no endpoint yet.".into(),
    };
    let mut page = desk
        .page(WEBHOOKS)
        .lead("We call an address of yours when something happens: a registration begins, a ballot request is done. A call says what happened to which record, and nothing about the voter.");
    for off in all.iter().filter_map(|endpoint| notice(request.app(), endpoint)) {
        page = page.push(off);
    }
    Ok(page
        .push(Block::Actions(vec![Link::main("Add an endpoint", desk.link("webhooks/create/"))]))
        .push(Block::Table(table))
        .answer())
}

/// What its people have to know of a subscriber's endpoints, wherever they look first.
///
/// # Errors
/// When the store fails.
pub(super) async fn notices(app: &App, desk: &Desk) -> Result<Vec<Block>, StoreError> {
    if !desk.own().has_api_access {
        return Ok(Vec::new());
    }
    let all = app.store.view().await?.webhooks().of_subscriber(desk.own().id).await?;
    Ok(all.iter().filter_map(|endpoint| notice(app, endpoint)).collect())
}

/// What an endpoint is called.
fn called(endpoint: &Endpoint) -> String {
    endpoint.description.clone().unwrap_or_else(|| "No description".into())
}

/// The address of a page of an endpoint.
fn path(desk: &Desk, id: EndpointId, rest: &str) -> String {
    desk.link(&format!("webhooks/{id}/{rest}"))
}

/// How an endpoint is.
fn state(endpoint: &Endpoint) -> &'static str {
    match endpoint {
        it if it.off.is_some() => "Switched off",
        it if it.paused_at.is_some() => "Paused",
        it if it.health.failing_since.is_some() => "Failing",
        _ => "On",
    }
}

/// What its people have to know of an endpoint, if there is something.
fn notice(app: &App, endpoint: &Endpoint) -> Option<Block> {
    let off = endpoint.off?;
    let why = match off.reason {
        OffReason::Gone => "it answered 410, Gone",
        OffReason::Failing => "it took nothing for five days",
    };
    let kept = kept_days(app).map(|days| format!(" for {days} days")).unwrap_or_default();
    let text = format!(
        "The webhook “{}” is switched off, as {why}. What happens meanwhile is kept{kept} and is sent when you switch it on again.",
        called(endpoint)
    );
    Some(Block::Notice(Notice::warning(text)))
}

/// The endpoint of the address, if it is one of the subscriber's.
async fn found(request: &Request, desk: &Desk) -> Result<Endpoint, ApiError> {
    let Some(id) = id(request) else { return Err(ApiError::not_found()) };
    let found: Result<_, StoreError> = request.app().store.view().await?.webhooks().endpoint(id).await;
    let its = |it: &Endpoint| it.subscriber == desk.own().id && it.removed_at.is_none();
    found?.filter(its).ok_or_else(ApiError::not_found)
}

fn id(request: &Request) -> Option<EndpointId> {
    EndpointId::parse(request.segment("id"))
}

/// What a use-case that has nothing to say about input came to.
fn failed(error: EditError) -> ApiError {
    match error {
        EditError::Store(error) => error.into(),
        EditError::NotFound | EditError::Problems(_) => ApiError::not_found(),
    }
}
