//! `/manage/election/state/{code}/{field}/` and below: one fact, changed, with its history.

use turnout_core::{
    App,
    address::State,
    election::{
        FieldFormat,
        edit::{self, EditError, FactInput, FactSheet, FactText, Saved},
    },
    ids::ChangeId,
};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind, Link, Notice, Prose},
        gate::Desk,
        history::{self, Subject},
    },
    PROPOSALS, fact_name, fact_path, field_path, state_of, state_path,
};
use crate::{
    http::{ApiError, Request},
    manage::frame::PageOf,
};

/// The fact in the path.
async fn sheet_of(request: &Request) -> Result<(State, FactSheet), ApiError> {
    let state = state_of(request)?;
    let mut view = request.app().store.view().await?;
    let found = edit::sheet(view.as_mut(), state, request.segment("field")).await?;
    found.map(|sheet| (state, sheet)).ok_or_else(ApiError::not_found)
}

/// Whether the editor came by the page of the field, and goes back there.
fn came_by_field(request: &Request) -> bool {
    request.query("ref").is_some_and(|from| from == "fieldinformationtype")
}

/// Where the editor came from.
fn origin(request: &Request, state: State, sheet: &FactSheet) -> (String, String) {
    match came_by_field(request) {
        true => (sheet.field.long_name.clone(), field_path(&sheet.field.slug)),
        false => (state.name().to_owned(), state_path(state)),
    }
}

/// `GET /manage/election/state/{code}/{field}/`
///
/// # Errors
/// 404 for a fact that is not there; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let (state, sheet) = sheet_of(&request).await?;
    let form = form(request.app(), &request, state, &sheet, &now(&sheet));
    Ok(page(&request, &desk, state, &sheet).extend(current(&sheet)).push(Block::Form(form)).answer())
}

/// `POST /manage/election/state/{code}/{field}/`: changes it, or with `preview` shows how it would look.
///
/// # Errors
/// 404 for a fact that is not there; when the store fails.
pub(in crate::manage) async fn save(request: Request, desk: Desk) -> Answer {
    let (state, sheet) = sheet_of(&request).await?;
    let app = request.app();
    let sent = &desk.form;
    let input = FactInput {
        text: sent.get("text").to_owned(),
        notes: sent.get("notes").to_owned(),
        source: sent.get("source").to_owned(),
        checked_on: sent.get("checked_on").to_owned(),
    };
    // a form that was refused stands for the fact as its editor saw it first
    let form = form(app, &request, state, &sheet, sent.get("seen"));
    let page = page(&request, &desk, state, &sheet);
    if sent.is_checked("preview") {
        return Ok(match edit::check(&input, sheet.field.format, app.now()) {
            Ok(text) => {
                let preview = Prose::new("How it would look. Nothing is saved yet.", &text.text);
                page.push(Block::Prose(preview)).push(Block::Form(form.again(sent))).answer()
            }
            Err(problems) => page.push(Block::Form(form.with(&problems, sent))).answer(),
        });
    }
    let seen = sent.get("seen").parse().ok();
    match edit::save(app, desk.user.id, (state, &sheet.field.slug), &input, seen).await {
        Ok(saved) => {
            let (_, back) = origin(&request, state, &sheet);
            Ok(desk.back(app, &back, said(saved)))
        }
        Err(EditError::Wrong(problems)) => Ok(page.push(Block::Form(form.with(&problems, sent))).answer()),
        Err(EditError::Overtaken) => {
            // the next form stands for the fact as it is now
            let form = self::form(app, &request, state, &sheet, &now(&sheet));
            let mistake = "Somebody else changed this fact since you opened it. What it says now is above; yours is below, and takes its place when you save it again.";
            Ok(page.extend(current(&sheet)).push(Block::Form(form.mistake(mistake, sent))).answer())
        }
        Err(error) => Err(refused(error)),
    }
}

/// When the fact was changed last, as the form sends it back.
fn now(sheet: &FactSheet) -> String {
    sheet.fact.modified_at.to_rfc3339()
}

/// What came of an edit, in words.
fn said(saved: Saved) -> &'static str {
    match saved {
        Saved::Published => "Saved. Everybody sees it from now on.",
        Saved::Proposed => "Your change waits for somebody else to publish it.",
        Saved::Unchanged => "It says that already: nothing was changed.",
    }
}

/// What no form can say.
pub(super) fn refused(error: EditError) -> ApiError {
    match error {
        EditError::NotFound => ApiError::not_found(),
        EditError::Wrong(problems) => problems.into(),
        EditError::Store(error) => error.into(),
        error @ (EditError::Overtaken | EditError::Own) => ApiError::internal(error),
    }
}

/// The page, with what waits to be published.
fn page(request: &Request, desk: &Desk, state: State, sheet: &FactSheet) -> PageOf {
    let (text, href) = origin(request, state, sheet);
    let path = fact_path(state, &sheet.field.slug);
    let mut page = desk.page(fact_name(state, &sheet.field)).up(text, href);
    page = page.push(Block::Actions(vec![Link::new("History", format!("{path}history/"))]));
    if let Some(proposal) = &sheet.proposal {
        let text = "A change of this fact waits to be published. Another change takes its place.";
        let link = Link::new("Look at the change that waits", format!("{PROPOSALS}{}/", proposal.id));
        page = page.push(Block::Notice(Notice::plain(text))).push(Block::Links(vec![link]));
    }
    page
}

/// What it says now, where that is not seen in its field.
fn current(sheet: &FactSheet) -> Option<Block> {
    let is_markdown = sheet.field.format == Some(FieldFormat::Markdown);
    (is_markdown && !sheet.fact.text.is_empty())
        .then(|| Block::Prose(Prose::new("As voters read it now", &sheet.fact.text)))
}

fn form(app: &App, request: &Request, state: State, sheet: &FactSheet, seen: &str) -> FormBlock {
    let FactInput { text, notes, source, checked_on } = FactInput::from(&FactText::from(&sheet.fact));
    let what = "What it says";
    let line = |kind| Input::new("text", what, kind).optional();
    let field = match sheet.field.format {
        Some(FieldFormat::Boolean) => {
            let choices = [("True", "Yes"), ("False", "No")];
            let choices = choices.map(|(value, words)| (value.to_owned(), words.to_owned()));
            Input::new("text", what, InputKind::Radio(choices.into()))
        }
        Some(FieldFormat::Url) => line(InputKind::Url).hint("A whole address, with https://."),
        Some(FieldFormat::Date) => line(InputKind::Text).hint("Year, month and day: 2026-11-03."),
        Some(FieldFormat::Markdown) => line(InputKind::Long).hint(
            "Markdown: **strong**, *emphasis*, [a link](https://…), lists with - or 1. before each line.",
        ),
        None => line(InputKind::Long),
    };
    let help = sheet.field.help_text.as_deref().unwrap_or_default().trim().to_owned();
    let button = if app.settings.election.second_person { "Propose this change" } else { "Save" };
    let mut action = fact_path(state, &sheet.field.slug);
    if came_by_field(request) {
        action += "?ref=fieldinformationtype";
    }
    let (_, back) = origin(request, state, sheet);
    let mut form = FormBlock::new(action, button)
        .lead(help)
        .input(field.value(text))
        .input(
            Input::new("notes", "Notes", InputKind::Long)
                .hint("Remarks for those who keep these facts. The API has them too.")
                .value(notes)
                .optional(),
        )
        .input(
            Input::new("source", "Source", InputKind::Text)
                .hint("Where it comes from: an address on the web, or a law.")
                .value(source)
                .optional(),
        )
        .input(
            Input::new("checked_on", "Checked on", InputKind::Text)
                .hint("When somebody last looked whether it still holds: year, month and day, 2026-11-03.")
                .value(checked_on)
                .optional(),
        )
        .input(Input::hidden("seen", seen))
        .cancel("Cancel", back);
    if sheet.field.format == Some(FieldFormat::Markdown) {
        form = form.beside("preview", "Show a preview");
    }
    form
}

fn subject(state: State, sheet: &FactSheet) -> Subject {
    let page = fact_path(state, &sheet.field.slug);
    Subject {
        kind: edit::KIND,
        id: sheet.fact.id.to_string(),
        name: fact_name(state, &sheet.field),
        history: format!("{page}history/"),
        page,
        can_go_back: edit::can_go_back,
    }
}

/// `GET /manage/election/state/{code}/{field}/history/`
///
/// # Errors
/// 404 for a fact that is not there; when the store fails.
pub(in crate::manage) async fn history(request: Request, desk: Desk) -> Answer {
    let (state, sheet) = sheet_of(&request).await?;
    Ok(history::list(&request, &desk, &subject(state, &sheet)).await?.answer())
}

/// `GET /manage/election/state/{code}/{field}/history/{change}/`
///
/// # Errors
/// 404 for a change that is not one of this fact; when the store fails.
pub(in crate::manage) async fn entry(request: Request, desk: Desk) -> Answer {
    let (state, sheet) = sheet_of(&request).await?;
    Ok(history::entry(&request, &desk, &subject(state, &sheet)).await?.answer())
}

/// `POST /manage/election/state/{code}/{field}/history/{change}/restore/`
///
/// # Errors
/// 404 for a change that is not one of this fact, or of which nothing before is kept; when the store fails.
pub(in crate::manage) async fn restore(request: Request, desk: Desk) -> Answer {
    let (state, sheet) = sheet_of(&request).await?;
    let app = request.app();
    let change = ChangeId::parse(request.segment("change")).ok_or_else(ApiError::not_found)?;
    let path = fact_path(state, &sheet.field.slug);
    match edit::go_back(app, desk.user.id, (state, &sheet.field.slug), change).await {
        Ok(saved) => Ok(desk.back(app, &path, said(saved))),
        Err(EditError::Wrong(problems)) => Ok(desk.back(app, &path, &history::unfit(&problems))),
        Err(error) => Err(refused(error)),
    }
}
