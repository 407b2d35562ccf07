//! `/manage/<slug>/reports/`: exports, asked for and fetched.

use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    back_office::RecordKey,
    ids::ReportId,
    input::Input as Sent,
    report::{self, AskedAgain, Report, ReportKey, ReportStatus, ReportType, RequestError},
};

use super::{
    Answer,
    blocks::{Block, Button, Cell, Column, FormBlock, Input, InputKind, Link, Table, thousands},
    frame::PageOf,
    gate::{Desk, to},
    paging::Paging,
    people::Names,
};
use crate::http::{ApiError, Request};

/// What the page of the exports is called.
const EXPORTS: &str = "Exports";

/// After how long something is said of an export that does not go on.
const SLOW: TimeDelta = TimeDelta::minutes(15);

/// The exports of a subscriber, newest first.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let paging = Paging::of(&request);
    let place = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some(ReportKey { created_at: key.at, id: ReportId::parse(&key.id)? })
    });
    let reports = app.store.view().await?.reports().page(Some(desk.own().id), place).await?;
    let names = Names::of(app, reports.rows.iter().map(|it| it.author).collect::<Vec<_>>(), []).await?;
    let now = app.now();
    let is_any_pending = reports.rows.iter().any(|it| it.status == ReportStatus::Pending);
    let rows = reports.rows.iter().map(|it| row(&desk, &names, it, now)).collect();
    let next = reports.next.map(|key| RecordKey { at: key.created_at, id: key.id.to_string() }.cursor());
    let here = desk.link("reports/");
    let mut actions = vec![Link::main("Ask for an export", desk.link("reports/create/"))];
    if is_any_pending {
        actions.push(Link::new("Look again", here.clone()));
    }
    let table = Table {
        caption: EXPORTS.into(),
        columns: vec![
            Column::new("What"),
            Column::new("Days"),
            Column::new("Asked for"),
            Column::new("By"),
            Column::number("Rows"),
            Column::new("How far"),
        ],
        rows,
        empty: "Nobody has asked for an export yet.".into(),
    };
    Ok(desk
        .page(EXPORTS)
        .lead("Who asks for an export gets a mail when it is there. Everybody in the team can download it here.")
        .push(Block::Actions(actions))
        .push(Block::Table(table))
        .extend(paging.pager(&here, &[], String::new(), next))
        .answer())
}

fn row(desk: &Desk, names: &Names, it: &Report, now: DateTime<Utc>) -> Vec<Cell> {
    let rows = match (it.status, it.total) {
        (ReportStatus::Complete, _) => Cell::Number(number(it.written)),
        (ReportStatus::Pending, Some(total)) => {
            Cell::text(format!("{} of {}", thousands(number(it.written)), thousands(number(total))))
        }
        (ReportStatus::Pending, None) | (ReportStatus::Failed, _) => Cell::None,
    };
    let when = desk.local(it.created_at);
    let far = match (it.status, it.percent()) {
        (ReportStatus::Complete, _) => Cell::Links(vec![
            Link::new("Download", desk.link(&format!("reports/{}/download/", it.id)))
                .note(format!("{}, asked for {when}", it.kind.label())),
        ]),
        (ReportStatus::Failed, _) => Cell::Buttons(vec![
            Button::new("It failed: ask again", desk.link(&format!("reports/{}/again/", it.id)))
                .about(format!("{}, asked for {when}", it.kind.label())),
        ]),
        _ if now - it.modified_at > SLOW => Cell::text("Takes longer than it should. It goes on by itself."),
        (ReportStatus::Pending, Some(percent)) => Cell::text(format!("{percent} %")),
        (ReportStatus::Pending, None) => Cell::text("Waits for its turn"),
    };
    vec![
        Cell::text(it.kind.label()),
        Cell::text(days(desk, it)),
        Cell::Time(it.created_at),
        it.author.map_or(Cell::None, |id| Cell::text(names.name_of(id))),
        rows,
        far,
    ]
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Which days it is of, by the reader's clock.
fn days(desk: &Desk, it: &Report) -> String {
    let zone = desk.user.time_zone.tz();
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%b %-d, %Y").to_string();
    let from = it.since.map(day);
    // the last moment that is in it
    let to = it.before.map(|before| day(before - TimeDelta::microseconds(1)));
    match (from, to) {
        (None, None) => "All".into(),
        (Some(from), None) => format!("From {from}"),
        (None, Some(to)) => format!("To {to}"),
        (Some(from), Some(to)) if from == to => from,
        (Some(from), Some(to)) => format!("{from} to {to}"),
    }
}

/// Asks what is to be exported.
///
/// # Errors
/// Never.
pub(super) async fn ask(_request: Request, desk: Desk) -> Answer {
    Ok(asking(&desk, form(&desk)).answer())
}

fn form(desk: &Desk) -> FormBlock {
    let kinds = [ReportType::Register, ReportType::Absentee, ReportType::Verify, ReportType::Locator];
    let kinds = kinds.iter().map(|kind| (kind.wire().to_owned(), kind.tool().label().to_owned())).collect();
    let day = |name, label: &str, hint: &str| Input::new(name, label, InputKind::Date).hint(hint).optional();
    FormBlock::new(desk.link("reports/create/"), "Ask for the export")
        .input(Input::new("type", "What", InputKind::Radio(kinds)))
        .input(day("from", "First day", "Left out, it begins with the first one."))
        .input(day("to", "Last day", "Left out, it ends with the last one."))
        .cancel("Back to the exports", desk.link("reports/"))
}

fn asking(desk: &Desk, form: FormBlock) -> PageOf {
    desk.page("Ask for an export")
        .up(EXPORTS, desk.link("reports/"))
        .lead("You get a mail with a link to the file, a table as programs for tables read it (CSV). Days are those of your time zone.")
        .push(Block::Form(form))
}

/// Asks for one.
///
/// # Errors
/// When the store fails.
pub(super) async fn create(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let sent = Sent::form(desk.form.pairs());
    match report::request(app, &desk.user, desk.own(), &sent).await {
        Ok(_) => {
            let notice =
                format!("The export is being made. A mail goes to {} when it is there.", desk.user.email);
            Ok(desk.back(app, &desk.link("reports/"), &notice))
        }
        Err(RequestError::Problems(problems)) => {
            Ok(asking(&desk, form(&desk).with(&problems, &desk.form)).answer())
        }
        Err(RequestError::Store(error)) => Err(error.into()),
    }
}

/// Asks once more for one that failed.
///
/// # Errors
/// 404 for what is no export of the subscriber; when the store fails.
pub(super) async fn again(request: Request, desk: Desk) -> Answer {
    let Some(id) = ReportId::parse(request.segment("id")) else { return Err(ApiError::not_found()) };
    let app = request.app();
    let notice = match report::ask_again(app, &desk.user, desk.own().id, id).await? {
        AskedAgain::Begun => {
            format!(
                "The export is being made once more. A mail goes to {} when it is there.",
                desk.user.email
            )
        }
        AskedAgain::NotFailed => "Nothing was done: this export has not failed.".to_owned(),
        AskedAgain::NotFound => return Err(ApiError::not_found()),
    };
    Ok(desk.back(app, &desk.link("reports/"), &notice))
}

/// 303 to the file, by a link that works for a while.
///
/// # Errors
/// 404 for what is no complete export of the subscriber; when the store fails.
pub(super) async fn download(request: Request, desk: Desk) -> Answer {
    let Some(id) = ReportId::parse(request.segment("id")) else { return Err(ApiError::not_found()) };
    match report::link(request.app(), &desk.user, desk.own().id, id).await? {
        Some(address) => Ok(to(&address)),
        None => Err(ApiError::not_found()),
    }
}
