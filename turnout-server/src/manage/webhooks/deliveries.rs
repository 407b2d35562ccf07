//! An endpoint, and what was delivered to it.

use turnout_core::{
    back_office::RecordKey,
    ids::DeliveryId,
    webhook::{Delivery, DeliveryKey, DeliveryStatus, Endpoint, Failure, message_id},
};

use super::{WEBHOOKS, called, found, notice, path, state};
use crate::{
    http::Request,
    manage::{
        Answer,
        blocks::{Block, Button, Cell, Column, Details, Input, InputKind, Link, SearchBox, Table, thousands},
        gate::Desk,
        paging::Paging,
    },
};

/// Up to which number deliveries are counted.
const COUNTED: u32 = 1_000;

/// The page of an endpoint.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let endpoint = found(&request, &desk).await?;
    let paging = Paging::of(&request);
    let asked = request.query("status").unwrap_or_default();
    let status = DeliveryStatus::parse(&asked);
    let place = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some(DeliveryKey { occurred_at: key.at, id: DeliveryId::parse(&key.id)? })
    });
    let mut view = request.app().store.view().await?;
    let found = view.webhooks().deliveries(endpoint.id, status, &place).await?;
    let waiting = view.webhooks().count(endpoint.id, DeliveryStatus::Waiting, COUNTED).await?;
    let dead = view.webhooks().count(endpoint.id, DeliveryStatus::Dead, COUNTED).await?;
    drop(view);

    let next = found.next.map(|key| RecordKey { at: key.occurred_at, id: key.id.to_string() }.cursor());
    let here = path(&desk, endpoint.id, "");
    let kept = [("status", status.map_or("", DeliveryStatus::wire))];
    let mut page = desk.page(called(&endpoint)).up(WEBHOOKS, desk.link("webhooks/"));
    if let Some(notice) = notice(request.app(), &endpoint) {
        page = page.push(notice);
    }
    Ok(page
        .push(Block::Details(details(&desk, &endpoint, waiting, dead)))
        .push(Block::Actions(links(&desk, &endpoint)))
        .push(Block::Search(filter(&here, kept[0].1)))
        .push(Block::Table(table(&desk, &endpoint, &found.rows)))
        .extend(paging.pager(&here, &kept, String::new(), next))
        .answer())
}

fn details(desk: &Desk, endpoint: &Endpoint, waiting: u64, dead: u64) -> Details {
    let pair = |name: &str, cell| (name.to_owned(), cell);
    let topics: Vec<&str> = endpoint.topics.iter().map(|topic| topic.wire()).collect();
    let mut pairs = vec![
        pair("Address", Cell::Code(endpoint.address.clone())),
        pair("Events", Cell::text(topics.join(", "))),
        pair("State", Cell::text(state(endpoint))),
        pair("Waiting", Cell::text(counted(waiting))),
        pair("Given up", Cell::text(counted(dead))),
    ];
    if let Some(since) = endpoint.health.failing_since {
        pairs.push(pair("Takes nothing since", Cell::Time(since)));
    }
    if let Some(at) = endpoint.rotated_at {
        pairs.push(pair("Secret changed", Cell::Time(at)));
    }
    pairs.push(pair("Made", Cell::Time(endpoint.created_at)));
    pairs.push(pair("What to do", Cell::Buttons(buttons(desk, endpoint))));
    Details { heading: String::new(), pairs }
}

fn counted(count: u64) -> String {
    let number = thousands(i64::try_from(count).unwrap_or(i64::MAX));
    if count >= COUNTED.into() { format!("{number} or more") } else { number }
}

fn buttons(desk: &Desk, endpoint: &Endpoint) -> Vec<Button> {
    let button = |label: &str, rest: &str| Button::new(label, path(desk, endpoint.id, rest));
    match endpoint {
        it if it.off.is_some() => vec![button("Switch on again", "resume/")],
        it if it.paused_at.is_some() => vec![button("Resume", "resume/")],
        it if it.health.rest_until.is_some() => {
            vec![
                button("Send a test", "test/"),
                button("Try again now", "resume/"),
                button("Pause", "pause/"),
            ]
        }
        _ => vec![button("Send a test", "test/"), button("Pause", "pause/")],
    }
}

fn links(desk: &Desk, endpoint: &Endpoint) -> Vec<Link> {
    [
        ("Change", "edit/"),
        ("Change the secret", "rotate/"),
        ("Send a time again", "replay/"),
        ("Remove", "remove/"),
    ]
    .map(|(text, rest)| Link::new(text, path(desk, endpoint.id, rest)))
    .into()
}

fn filter(here: &str, status: &str) -> SearchBox {
    let mut choices = vec![(String::new(), "All".to_owned())];
    choices.extend(DeliveryStatus::ALL.iter().map(|it| (it.wire().to_owned(), it.label().to_owned())));
    let input = Input::new("status", "How far", InputKind::Select(choices)).optional().value(status);
    SearchBox { action: here.into(), label: String::new(), query: String::new(), filters: vec![input] }
}

fn table(desk: &Desk, endpoint: &Endpoint, rows: &[Delivery]) -> Table {
    let row = |it: &Delivery| {
        let again =
            Button::new("Send again", path(desk, endpoint.id, &format!("deliveries/{}/again/", it.id)));
        let can_be_sent = it.status != DeliveryStatus::Waiting;
        vec![
            Cell::Time(it.occurred_at),
            Cell::text(it.topic.wire()),
            Cell::Code(message_id(it.id)),
            Cell::text(it.status.label()),
            Cell::text(answer(it)),
            Cell::Number(it.attempts.into()),
            Cell::time(it.tried_at),
            if can_be_sent { Cell::Buttons(vec![again.about(message_id(it.id))]) } else { Cell::None },
        ]
    };
    Table {
        caption: "Deliveries".into(),
        columns: vec![
            Column::new("Happened"),
            Column::new("Event"),
            Column::new("webhook-id"),
            Column::new("How far"),
            Column::new("Last answer"),
            Column::number("Tries"),
            Column::new("Last try"),
            Column::silent("What can be done"),
        ],
        rows: rows.iter().map(row).collect(),
        empty: "There is none.".into(),
    }
}

/// What the endpoint said last.
fn answer(delivery: &Delivery) -> String {
    match (delivery.answer, delivery.failure) {
        (Some(status), _) => status.to_string(),
        (None, Some(failure)) => Failure::label(failure).to_owned(),
        (None, None) => String::new(),
    }
}
