//! `/manage/election/state/` and `/manage/election/state/{code}/`: the states, and every fact about one.

use turnout_core::election::{
    edit::FactSheet,
    sheet::{self, StateSheet},
};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, Link, Notice, Table},
        gate::Desk,
    },
    PROPOSALS, STATES, fact_path, source, state_of, state_path, value,
};
use crate::http::{ApiError, Request};

/// `GET /manage/election/state/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let mut view = request.app().store.view().await?;
    let states = sheet::states(view.as_mut()).await?;
    let waiting = sheet::proposals(view.as_mut()).await?.len();
    let row = |it: &turnout_core::election::StateProfile| {
        vec![
            Cell::link(it.code.name(), state_path(it.code)),
            Cell::text(it.code.code()),
            Cell::Yes(it.allow_print_and_forward == Some(true)),
            Cell::Yes(it.allow_absentee_print_and_forward == Some(true)),
        ]
    };
    let columns = [
        "State",
        "Code",
        "Registration forms are mailed for signing",
        "Ballot requests are mailed for signing",
    ];
    let mut page = desk.page("Election data by state").lead("What voters are told about each state.");
    if waiting > 0 {
        page = page.push(Block::Links(vec![
            Link::new("Changes that wait to be published", PROPOSALS).note(format!("({waiting})")),
        ]));
    }
    Ok(page
        .push(Block::Table(Table {
            caption: "States".to_owned(),
            columns: columns.map(Column::new).into(),
            rows: states.iter().map(row).collect(),
            empty: "No state is there yet.".to_owned(),
        }))
        .answer())
}

/// `GET /manage/election/state/{code}/`: everybody who may use the site reads it (Q03); those who keep the facts see the
/// way to change them.
///
/// # Errors
/// 404 for a state that is not there; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let code = state_of(&request)?;
    let mut view = request.app().store.view().await?;
    let found = sheet::state(view.as_mut(), code).await?;
    let StateSheet { facts, .. } = found.ok_or_else(ApiError::not_found)?;
    let keeps = desk.user.manages_elections();
    let waiting = facts.iter().filter(|it| it.proposal.is_some()).count();
    let row = |it: &FactSheet| {
        let name = match keeps {
            true => Cell::link(&it.field.long_name, fact_path(code, &it.field.slug)),
            false => Cell::text(&it.field.long_name),
        };
        vec![
            name,
            value(it.field.format, &it.fact.text),
            Cell::long(&it.fact.notes),
            source(&it.fact),
            Cell::Time(it.fact.modified_at),
        ]
    };
    let mut page = desk.page(code.name()).lead("Every fact as voters are told it.");
    if keeps {
        page = page.up("Election data by state", STATES);
    }
    if keeps && waiting > 0 {
        let text = format!("{waiting} of these facts have changes that wait to be published.");
        page = page.push(Block::Notice(Notice::plain(text)));
        page = page.push(Block::Links(vec![Link::new("Changes that wait to be published", PROPOSALS)]));
    }
    Ok(page
        .push(Block::Table(Table {
            caption: format!("Facts about {}", code.name()),
            columns: ["Fact", "What it says", "Notes", "Source", "Last changed"].map(Column::new).into(),
            rows: facts.iter().map(row).collect(),
            empty: "No fact is kept about this state.".to_owned(),
        }))
        .answer())
}
