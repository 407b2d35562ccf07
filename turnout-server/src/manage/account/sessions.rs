//! `/manage/profile/sessions/`: where one is signed in, and signing out from afar.

use turnout_core::{
    account::{SessionStage, end_other_sessions, end_session, sessions},
    ids::SessionId,
};

use super::super::{
    Answer,
    blocks::{Block, Button, Cell, Column, FormBlock, Table},
    gate::Desk,
};
use crate::http::{ApiError, Request};

const PATH: &str = "/manage/profile/sessions/";

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let all = sessions(request.app(), desk.user.id).await?;
    let all: Vec<_> = all.into_iter().filter(|it| it.stage != SessionStage::Password).collect();
    let rows = all.iter().map(|session| {
        let is_here = session.id == desk.session.id;
        let begun = desk.local(session.created_at);
        let button = Button::new("Sign out", format!("{PATH}{}/end/", session.id.0));
        let act = match is_here {
            true => Cell::text("This browser"),
            false => Cell::Buttons(vec![button.about(format!("{}, since {begun}", session.agent)).danger()]),
        };
        vec![
            Cell::text(session.agent.clone()),
            Cell::Time(session.created_at),
            Cell::Time(session.seen_at),
            act,
        ]
    });
    let table = Table {
        caption: "Open sessions".into(),
        columns: vec![
            Column::new("Program"),
            Column::new("Signed in"),
            Column::new("Last used"),
            Column::silent("Sign out there"),
        ],
        rows: rows.collect(),
        empty: "Nowhere.".into(),
    };
    let mut page = desk.page("Where you are signed in").push(Block::Table(table));
    if all.len() > 1 {
        page = page.push(Block::Form(FormBlock::new(PATH, "Sign out everywhere else").danger()));
    }
    Ok(page.answer())
}

/// `POST`: signs out everywhere else.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn end_others(request: Request, desk: Desk) -> Answer {
    let said = match end_other_sessions(request.app(), &desk.session).await? {
        0 => "You were signed in nowhere else.",
        _ => "You are signed out everywhere else.",
    };
    Ok(desk.back(request.app(), PATH, said))
}

/// `POST /manage/profile/sessions/{id}/end/`
///
/// # Errors
/// When the store fails; 404 for a session of somebody else, or of nobody.
pub(in crate::manage) async fn end(request: Request, desk: Desk) -> Answer {
    let id = SessionId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    if !end_session(request.app(), desk.user.id, id).await? {
        return Err(ApiError::not_found());
    }
    Ok(desk.back(request.app(), PATH, "You are signed out there."))
}
