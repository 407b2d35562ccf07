//! `/manage/<slug>/keys/`: by what a subscriber's programs show whose they are.

use turnout_core::{
    api_key::{self, ApiKey, CreateError, Deactivated},
    ids::ApiKeyId,
    input::Input as Sent,
    ports::store::StoreError,
};

use super::{
    Answer,
    blocks::{Block, Cell, Code, Column, FormBlock, Input, InputKind, Link, Notice, Table},
    frame::PageOf,
    gate::Desk,
    people::Names,
};
use crate::http::{ApiError, Request};

/// What the page of the keys is called.
const KEYS: &str = "API keys";

/// The keys.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let mut all = app.store.view().await?.api_keys().of_subscriber(desk.own().id).await?;
    all.reverse();
    let people = all.iter().flat_map(|key| [key.created_by, key.deactivated_by]);
    let names = Names::of(app, people.collect::<Vec<_>>(), []).await?;
    let (active, ended): (Vec<ApiKey>, Vec<ApiKey>) =
        all.into_iter().partition(|key| key.deactivated_at.is_none());
    let columns = |titles: &[&str]| titles.iter().map(|title| Column::new(*title)).collect::<Vec<_>>();
    let rows = active.iter().map(|key| {
        let end =
            Link::new("Deactivate", desk.link(&format!("keys/{}/deactivate/", key.id))).note(called(key));
        let mut cells = common(key, &names);
        cells.push(Cell::Links(vec![end]));
        cells
    });
    let mut titles = columns(&["What for", "ID", "Made", "By"]);
    titles.push(Column::silent("What can be done"));
    let table = Table {
        caption: "Active keys".into(),
        columns: titles,
        rows: rows.collect(),
        empty: "There is no active key.".into(),
    };
    let mut page = desk
        .page(KEYS)
        .lead("A program of yours shows the ID and the secret of a key with each call. The secret is shown once, when the key is made.")
        .push(Block::Actions(vec![
            Link::main("Make a key", desk.link("keys/create/")),
            Link::new("What programs can ask", "/docs/api/"),
        ]))
        .push(Block::Table(table));
    if !ended.is_empty() {
        let rows = ended.iter().map(|key| {
            let mut cells = common(key, &names);
            cells.push(Cell::time(key.deactivated_at));
            cells.push(key.deactivated_by.map_or(Cell::None, |id| Cell::text(names.name_of(id))));
            cells
        });
        page = page.push(Block::Table(Table {
            caption: "Deactivated keys".into(),
            columns: columns(&["What for", "ID", "Made", "By", "Deactivated", "By whom"]),
            rows: rows.collect(),
            empty: String::new(),
        }));
    }
    Ok(page.answer())
}

fn called(key: &ApiKey) -> String {
    match key.description.as_deref().map(str::trim) {
        None | Some("") => "No description".into(),
        Some(text) => text.to_owned(),
    }
}

fn common(key: &ApiKey, names: &Names) -> Vec<Cell> {
    vec![
        Cell::text(called(key)),
        Cell::Code(key.id.to_string()),
        Cell::Time(key.created_at),
        key.created_by.map_or(Cell::None, |id| Cell::text(names.name_of(id))),
    ]
}

/// Asks what a new key is for.
///
/// # Errors
/// Never.
pub(super) async fn ask(_request: Request, desk: Desk) -> Answer {
    Ok(making(&desk, form(&desk)).answer())
}

fn form(desk: &Desk) -> FormBlock {
    let what = Input::new("description", "What it is for", InputKind::Text)
        .hint("So that you know it again: the program, and where it runs.")
        .autocomplete("off");
    FormBlock::new(desk.link("keys/create/"), "Make the key")
        .input(what)
        .cancel("Back to the keys", desk.link("keys/"))
}

fn making(desk: &Desk, form: FormBlock) -> PageOf {
    desk.page("Make a key").up(KEYS, desk.link("keys/")).push(Block::Form(form))
}

/// Makes a key, and shows its secret this once.
///
/// # Errors
/// When the store fails.
pub(super) async fn create(request: Request, desk: Desk) -> Answer {
    let sent = Sent::form(desk.form.pairs());
    let own = desk.own().clone();
    let made = match api_key::create_own(request.app(), desk.user.id, own, &sent, rand::random()).await {
        Ok(made) => made,
        Err(CreateError::Problems(problems)) => {
            return Ok(making(&desk, form(&desk).with(&problems, &desk.form)).answer());
        }
        Err(CreateError::NoSuchSubscriber) => return Err(ApiError::not_found()),
        Err(CreateError::Store(error)) => return Err(error.into()),
    };
    let code = |label: &str, text: String| Block::Code(Code { label: label.into(), text });
    Ok(desk
        .page("The key was made")
        .up(KEYS, desk.link("keys/"))
        .lead(called(&made.key))
        .push(Block::Notice(Notice::warning(
            "Copy the secret now. It is kept nowhere, and nobody can show it again.",
        )))
        .push(code("ID, the user name", made.key.id.to_string()))
        .push(code("Secret, the password", made.secret.reveal().to_owned()))
        .push(Block::Actions(vec![Link::main("I have copied it", desk.link("keys/"))]))
        .answer())
}

/// A key of the subscriber that is active.
async fn active(request: &Request, desk: &Desk) -> Result<Option<ApiKey>, StoreError> {
    let Some(id) = ApiKeyId::parse(request.segment("id")) else { return Ok(None) };
    let key = request.app().store.view().await?.api_keys().by_id(id).await?;
    Ok(key.filter(|key| key.subscriber == Some(desk.own().id) && key.deactivated_at.is_none()))
}

/// Asks whether a key is to be ended.
///
/// # Errors
/// 404 for what is no active key of the subscriber; when the store fails.
pub(super) async fn ask_to_deactivate(request: Request, desk: Desk) -> Answer {
    let Some(key) = active(&request, &desk).await? else { return Err(ApiError::not_found()) };
    let form = FormBlock::new(desk.link(&format!("keys/{}/deactivate/", key.id)), "Deactivate the key")
        .lead("Programs that show it are refused from then on. This cannot be undone.")
        .danger()
        .cancel("Keep", desk.link("keys/"));
    let title = format!("Deactivate “{}”?", called(&key));
    Ok(desk.page(title).up(KEYS, desk.link("keys/")).push(Block::Form(form)).answer())
}

/// Ends a key.
///
/// # Errors
/// 404 for what is no key of the subscriber; when the store fails.
pub(super) async fn deactivate(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let Some(id) = ApiKeyId::parse(request.segment("id")) else { return Err(ApiError::not_found()) };
    let notice = match api_key::deactivate_own(app, desk.user.id, desk.own().id, id).await? {
        Deactivated::Now => "The key was deactivated.",
        Deactivated::Before(_) => "The key was deactivated before.",
        Deactivated::Unknown => return Err(ApiError::not_found()),
    };
    Ok(desk.back(app, &desk.link("keys/"), notice))
}
