//! `/manage/admin/numbers/{id}/consent/`: what a number said of texts; a no is entered that came by letter or telephone, and
//! what was wrong is taken back. Each is noted in the log, with who did it.

use turnout_core::{
    App,
    back_office::{self, Entity},
    consent::{self, About, Choice, EnterError, Entry, Mark, Said, Scope, Standing},
    decision::{Channel, Purpose},
    ports::store::{StoreError, View},
    problems::{Problem, Problems},
};

use super::path;
use crate::{
    http::{ApiError, Request, Response},
    manage::{
        Answer,
        blocks::{Block, Cell, Column, FormBlock, Input, InputKind, Link, Table},
        gate::Desk,
    },
};

/// The way there, for the page of a number.
pub(super) fn way(here: &str) -> Link {
    Link::main("What it agreed to", format!("{here}consent/"))
}

/// The number of the path.
async fn number(request: &Request) -> Result<(String, String), ApiError> {
    let id = request.segment("id").to_owned();
    let record = request.app().store.view().await?.records().one(Entity::Numbers, &id).await?;
    let phone = record.as_ref().and_then(|it| it.value(Entity::Numbers.shape(), "phone").text());
    Ok((id, phone.ok_or_else(ApiError::not_found)?.to_owned()))
}

/// For whose messages a word may be: as it is typed at a terminal, and in words.
async fn scopes(view: &mut dyn View, said: &Said) -> Result<Vec<(String, String)>, StoreError> {
    let mut scopes = vec![Scope::All, Scope::Service];
    let named = said.entries.iter().map(|entry| entry.mark.scope);
    let named =
        named.chain(Purpose::ALL.iter().filter(|it| **it != Purpose::Reply).map(|it| Scope::Purpose(*it)));
    for scope in named {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let mut choices = Vec::new();
    for scope in scopes {
        choices.push((consent::write_scope(view, scope).await?, words(view, scope).await?));
    }
    Ok(choices)
}

async fn words(view: &mut dyn View, scope: Scope) -> Result<String, StoreError> {
    Ok(match scope {
        Scope::All => "All texts, whoever sends them".to_owned(),
        Scope::Service => "Those of the organization that runs the service".to_owned(),
        Scope::Purpose(purpose) => format!("For one purpose: {}", purpose.label()),
        Scope::Subscriber(id) => match view.subscribers().by_id(id).await? {
            Some(subscriber) => format!("Those of {}", subscriber.name),
            None => format!("Those of {id}"),
        },
    })
}

fn reason(id: &str, hint: &str) -> Input {
    let mut input = Input::new("reason", "Why", InputKind::Text).hint(hint);
    id.clone_into(&mut input.id);
    input
}

fn scope(id: &str, choices: Vec<(String, String)>) -> Input {
    let mut input = Input::new("scope", "For which texts", InputKind::Select(choices));
    id.clone_into(&mut input.id);
    input
}

fn stop_form(id: &str, choices: Vec<(String, String)>) -> FormBlock {
    FormBlock::new(format!("{}consent/stop/", path(Entity::Numbers, id)), "Enter the no")
        .heading("Enter a no")
        .lead("For a stop that came by letter, by telephone or across a counter.")
        .input(scope("stop_scope", choices))
        .input(reason("stop_reason", "How it came, and when: it is kept with the entry."))
}

/// With how many entries are shown beside it.
fn undo_form(id: &str, choices: Vec<(String, String)>, shown: usize) -> FormBlock {
    FormBlock::new(format!("{}consent/undo/", path(Entity::Numbers, id)), "Take it back")
        .heading("Take something back")
        .lead(
            "What was said last for just these texts counts no more, and what was said before counts again. The entry stays. \
             Where nothing was said before, no text goes until the owner writes JOIN or ticks a box.",
        )
        .input(scope("undo_scope", choices))
        .input(reason("undo_reason", "What was wrong: it is kept with the entry."))
        .input(Input::hidden("shown", shown.to_string()))
        .danger()
}

async fn forms(app: &App, id: &str, phone: &str) -> Result<[FormBlock; 2], ApiError> {
    let mut view = app.store.view().await?;
    let said = consent::said_of(view.as_mut(), Channel::Sms, phone).await?;
    let choices = scopes(view.as_mut(), &said).await?;
    Ok([stop_form(id, choices.clone()), undo_form(id, choices, said.entries.len())])
}

async fn answer(
    app: &App,
    desk: &Desk,
    id: &str,
    phone: &str,
    [stop, undo]: [FormBlock; 2],
) -> Result<Response, ApiError> {
    let mut view = app.store.view().await?;
    let said = consent::said_of(view.as_mut(), Channel::Sms, phone).await?;
    let mut rows = Vec::new();
    for mark in &said.row {
        let more = ["The number's row".to_owned(), String::new()];
        rows.push((mark.at, row(view.as_mut(), &said, mark, more).await?));
    }
    for entry in &said.entries {
        let Entry { mark, origin, context, text, .. } = entry;
        let why = [context, text].into_iter().flatten().cloned().collect::<Vec<_>>().join("\n");
        rows.push((mark.at, row(view.as_mut(), &said, mark, [origin.label().to_owned(), why]).await?));
    }
    rows.sort_by_key(|(at, _)| *at);
    let entries = Table {
        caption: "What was said".to_owned(),
        columns: [
            "Said",
            "What",
            "For which texts",
            "By which way",
            "Why, where or in which words",
            "Standing",
        ]
        .map(Column::new)
        .into(),
        rows: rows.into_iter().map(|(_, cells)| cells).collect(),
        empty: "Nothing was said.".to_owned(),
    };
    let mut counts = Vec::new();
    for (sender, purpose, standing) in said.standings(app.now()) {
        let scope = sender.map_or(Scope::Service, Scope::Subscriber);
        let standing = match standing {
            Standing::Granted => "Agreed",
            Standing::Stopped => "Stopped",
            Standing::Unknown => "Nothing was said that counts: no text goes",
        };
        counts.push(vec![
            Cell::text(words(view.as_mut(), scope).await?),
            Cell::text(purpose.map_or("", |purpose| purpose.label())),
            Cell::text(standing),
        ]);
    }
    let counts = Table {
        caption: "What counts".to_owned(),
        columns: ["Texts", "For one purpose", "The owner"].map(Column::new).into(),
        rows: counts,
        empty: String::new(),
    };
    Ok(desk
        .page("What a number agreed to")
        .up(phone.to_owned(), path(Entity::Numbers, id))
        .lead("Entries are only added. It is noted that you looked at this, and what you enter.")
        .push(Block::Table(counts))
        .push(Block::Table(entries))
        .push(Block::Form(stop))
        .push(Block::Form(undo))
        .answer())
}

async fn row(
    view: &mut dyn View,
    said: &Said,
    mark: &Mark,
    [by, why]: [String; 2],
) -> Result<Vec<Cell>, StoreError> {
    let standing = match said.is_taken_back(mark) {
        true => "Taken back",
        false if mark.choice.is_said() => "It counts",
        false => "",
    };
    let what = match mark.choice {
        Choice::Granted => "Yes",
        Choice::Stopped => "No",
        Choice::Withdrawn => "Taken back",
    };
    Ok(vec![
        Cell::Time(mark.at),
        Cell::text(what),
        Cell::text(words(view, mark.scope).await?),
        Cell::text(by),
        Cell::long(why),
        Cell::text(standing),
    ])
}

/// `GET /manage/admin/numbers/{id}/consent/`
///
/// # Errors
/// 404 for no number; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (id, phone) = number(&request).await?;
    back_office::look(app, desk.user.id, Entity::Numbers, &id).await?;
    let forms = forms(app, &id, &phone).await?;
    answer(app, &desk, &id, &phone, forms).await
}

/// What is entered: for which texts of the number.
async fn about(app: &App, desk: &Desk, phone: &str) -> Result<Option<About>, ApiError> {
    let mut view = app.store.view().await?;
    let scope = consent::read_scope(view.as_mut(), desk.form.get("scope")).await?;
    Ok(scope.and_then(|scope| About::read(Channel::Sms, phone, scope)))
}

/// What is wrong with what was entered.
fn problems(error: EnterError) -> Result<Problems, ApiError> {
    let (field, key) = match error {
        EnterError::Reason => ("reason", "problem-reason"),
        EnterError::Nothing => ("scope", "problem-nothing-said"),
        EnterError::Newer => ("scope", "problem-said-since"),
        EnterError::Store(error) => return Err(error.into()),
    };
    let mut text = error.to_string();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Ok(Problems::one(field, Problem::Other(key, format!("{text}."))))
}

fn no_scope() -> Problems {
    Problems::one("scope", Problem::Required)
}

/// `POST /manage/admin/numbers/{id}/consent/stop/`
///
/// # Errors
/// 404 for no number; when the store fails.
pub(in crate::manage) async fn stop(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (id, phone) = number(&request).await?;
    let wrong = match about(app, &desk, &phone).await? {
        Some(about) => {
            let reason = desk.form.get("reason");
            match consent::stop(app, desk.user.id, &about, None, reason).await {
                Ok(_) => {
                    let here = format!("{}consent/", path(Entity::Numbers, &id));
                    return Ok(desk.back(app, &here, "The no is entered."));
                }
                Err(error) => problems(error)?,
            }
        }
        None => no_scope(),
    };
    let [stop, undo] = forms(app, &id, &phone).await?;
    answer(app, &desk, &id, &phone, [stop.with(&wrong, &desk.form), undo]).await
}

/// `POST /manage/admin/numbers/{id}/consent/undo/`
///
/// # Errors
/// 404 for no number; when the store fails.
pub(in crate::manage) async fn undo(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (id, phone) = number(&request).await?;
    let wrong = match about(app, &desk, &phone).await? {
        Some(about) => {
            let (reason, shown) = (desk.form.get("reason"), desk.form.get("shown").parse().ok());
            match consent::undo_shown(app, desk.user.id, &about, shown, reason).await {
                Ok(_) => {
                    let here = format!("{}consent/", path(Entity::Numbers, &id));
                    return Ok(desk.back(app, &here, "It is taken back."));
                }
                Err(error) => problems(error)?,
            }
        }
        None => no_scope(),
    };
    let [stop, undo] = forms(app, &id, &phone).await?;
    answer(app, &desk, &id, &phone, [stop, undo.with(&wrong, &desk.form)]).await
}
