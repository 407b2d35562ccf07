//! `/manage/operations/blasts/…`: texts to many at once (`flows.md` 8.6): planned by one, approved by another, started,
//! stopped, and what became of each.

mod act;
mod plan;
mod recipients;
mod show;

use turnout_core::{
    App,
    back_office::{self, Entity, RecordKey, Value},
    blast::{Blast, BlastStatus, By},
    ids::{BlastId, SubscriberId},
};

pub(in crate::manage) use act::{approve, start, stop, test};
pub(in crate::manage) use plan::{begin, form, form_again, plan_again};
pub(in crate::manage) use recipients::recipients;
pub(in crate::manage) use show::one;

use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, Cell, Column, Link, Table},
        gate::Desk,
        paging::Paging,
        people::Names,
    },
};

/// Where the list is.
const LIST: &str = "/manage/operations/blasts/";

fn path(id: BlastId) -> String {
    format!("{LIST}{id}/")
}

/// The blast that the path names.
async fn named(app: &App, request: &Request) -> Result<Blast, ApiError> {
    let id = BlastId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    app.store.view().await?.blasts().by_id(id).await?.ok_or_else(ApiError::not_found)
}

/// Who does something here.
fn by(desk: &Desk) -> By {
    // a name in a blast has 100 characters at most
    By::user(desk.user.id, desk.user.display_name().chars().take(100).collect::<String>())
}

/// `GET /manage/operations/blasts/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let (app, paging) = (request.app(), Paging::of(&request));
    let shape = Entity::Blasts.shape();
    let found = back_office::list(app, Entity::Blasts, None, &paging.request(RecordKey::parse)).await?;
    let sender = |record: &back_office::Record| {
        record.value(shape, "subscriber_id").text().and_then(SubscriberId::parse)
    };
    let names = Names::of(app, [], found.rows.iter().map(sender).collect::<Vec<_>>()).await?;
    let row = |record: &back_office::Record| {
        let text = |column: &str| record.value(shape, column).text().unwrap_or_default().to_owned();
        let status = BlastStatus::parse(&text("status"));
        // those that were taken over cannot be started, and have no page but their record's
        let href = match status {
            Some(_) => format!("{LIST}{}/", record.key.id),
            None => format!("/manage/admin/blasts/{}/", record.key.id),
        };
        let made = match record.value(shape, "created_at") {
            Value::Moment(at) => Cell::Time(*at),
            _ => Cell::None,
        };
        let name = text("description");
        vec![
            Cell::link(if name.is_empty() { record.key.id.clone() } else { name }, href),
            Cell::text(status.map_or("Taken over", words)),
            Cell::text(text("campaign")),
            names.subscriber(sender(record)),
            made,
        ]
    };
    let table = Table {
        caption: "Blasts, the newest first".to_owned(),
        columns: ["Name", "How far", "Campaign", "Sender", "Made"].map(Column::new).into(),
        rows: found.rows.iter().map(row).collect(),
        empty: "There are none.".to_owned(),
    };
    let next = found.next.map(|key| key.cursor());
    Ok(desk
        .page("Blasts")
        .lead("The same text to many at once. One person plans it, another one approves it; then it can be started.")
        .push(Block::Actions(vec![Link::main("Plan a blast", format!("{LIST}new/"))]))
        .push(Block::Table(table))
        .extend(paging.pager(LIST, &[], String::new(), next))
        .answer())
}

/// What people call it.
fn words(status: BlastStatus) -> &'static str {
    match status {
        BlastStatus::Planning => "Being planned",
        BlastStatus::Planned => "Planned",
        BlastStatus::Approved => "Approved",
        BlastStatus::Running => "Running",
        BlastStatus::Stopped => "Stopped",
        BlastStatus::Done => "Done",
    }
}
