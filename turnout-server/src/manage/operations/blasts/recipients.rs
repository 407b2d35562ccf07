//! `GET /manage/operations/blasts/{id}/recipients/`: what became of each number.

use turnout_core::{blast::Outcome, ids::MessageId, page::PageRequest};

use super::{named, path};
use crate::{
    http::Request,
    manage::{
        Answer,
        blocks::{Block, Cell, Column, Table},
        gate::Desk,
        paging::Paging,
    },
};

/// A page of them. Numbers are masked: what somebody needs to know of one is in the record of the text.
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn recipients(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let blast = named(app, &request).await?;
    let paging = Paging::of(&request);
    let page: PageRequest<MessageId> = paging.request(MessageId::parse);
    let found = app.store.view().await?.blasts().reached(blast.id, app.now(), page).await?;
    let rows = found.rows.iter().map(|(recipient, reached)| {
        let outcome = Outcome::of(reached);
        let number = recipient.phone.masked();
        // a text has the id of its recipient, once it is written
        let first = match reached.status {
            Some(_) => Cell::link(number, format!("/manage/admin/messages/{}/", recipient.id)),
            None => Cell::text(number),
        };
        let why = outcome.rule().map(|rule| rule.sentence().into_owned()).unwrap_or_default();
        vec![first, Cell::text(words(outcome)), Cell::text(why)]
    });
    let table = Table {
        caption: "What became of each number".to_owned(),
        columns: ["Number", "What became of it", "Why"].map(Column::new).into(),
        rows: rows.collect(),
        empty: "It is for nobody.".to_owned(),
    };
    let here = format!("{}recipients/", path(blast.id));
    let pager = paging.pager(&here, &[], String::new(), found.next.map(|id| id.to_string()));
    Ok(desk
        .page("Whom it is for")
        .up(blast.name.clone(), path(blast.id))
        .push(Block::Table(table))
        .extend(pager)
        .answer())
}

/// What people call it.
pub(super) fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Waiting => "Waits for its turn",
        Outcome::Held(_) => "Waits for its hour",
        Outcome::Sent => "With the carrier",
        Outcome::Delivered => "Arrived",
        Outcome::Failed(_) => "Failed",
        Outcome::Refused(_) => "Not written to",
        Outcome::Unknown => "Handed over, nothing heard",
    }
}
