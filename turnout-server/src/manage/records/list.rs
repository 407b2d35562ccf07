//! `GET /manage/admin/{kind}/`: a page of the records of a kind; `POST`: the way to one of them.

use turnout_core::{
    App,
    back_office::{self, Entity, Found, Kind, Narrowing, Record, RecordKey, Shape},
    ids::SubscriberId,
    problems::{Problem, Problems},
};

use super::{
    cells::{cell, is_named_by_its_first, names, title},
    kind, list_path, path, webhooks,
};
use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, Cell, Column, FormBlock, Input, InputKind, Link, Table},
        frame::PageOf,
        gate::{Desk, to},
        paging::{Paging, address},
        people::Names,
    },
};

/// `GET /manage/admin/{kind}/`
///
/// # Errors
/// 404 for what is no kind; when the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let entity = kind(&request)?;
    let form = sought(entity);
    Ok(shown(&request, &desk, entity, form).await?.answer())
}

/// `POST /manage/admin/{kind}/`: what was typed stands in no address.
///
/// # Errors
/// 404 for what is no kind; when the store fails.
pub(in crate::manage) async fn find(request: Request, desk: Desk) -> Answer {
    let entity = kind(&request)?;
    let typed = desk.form.get("what");
    if typed.is_empty() {
        let form = sought(entity).with(&Problems::one("what", Problem::Required), &desk.form);
        return Ok(shown(&request, &desk, entity, form).await?.answer());
    }
    match back_office::find(request.app(), entity, typed).await? {
        Some(Found::One(id)) => Ok(to(&path(entity, &id))),
        Some(Found::Of(narrow)) => Ok(to(&address(&list_path(entity), [("of", narrow.as_str())]))),
        None => {
            let none = "Nothing is found by that.".to_owned();
            let problems = Problems::one("what", Problem::Other("problem-nothing-found", none));
            let form = sought(entity).with(&problems, &desk.form);
            Ok(shown(&request, &desk, entity, form).await?.answer())
        }
    }
}

fn sought(entity: Entity) -> FormBlock {
    let label = back_office::sought(entity);
    FormBlock::new(list_path(entity), "Find").input(Input::new("what", label, InputKind::Text))
}

async fn shown(request: &Request, desk: &Desk, entity: Entity, form: FormBlock) -> Result<PageOf, ApiError> {
    let (app, shape) = (request.app(), entity.shape());
    let paging = Paging::of(request);
    let narrow = request.query("of").filter(|text| !text.is_empty());
    let found = back_office::list(app, entity, narrow.as_deref(), &paging.request(RecordKey::parse)).await?;
    let names = names(app, shape, &found.rows).await?;
    let here = list_path(entity);
    let mut page = desk.page(shape.many).up("Records", super::ROOT).push(Block::Form(form));
    if entity == Entity::UpdateWebhooks {
        page = page.push(Block::Actions(vec![webhooks::way_to_new()]));
    }
    if let Some(Narrowing::Choice(choices)) = shape.narrowing {
        page = page.push(Block::Actions(ways(&here, choices)));
    }
    if let Some(narrow) = narrow.as_deref() {
        let whose = whose(app, shape, narrow).await?;
        page = page
            .push(Block::Text(format!("Only {whose}.")))
            .push(Block::Links(vec![Link::new("Show all", here.clone())]));
    }
    let next = found.next.map(|key| key.cursor());
    let of = narrow.unwrap_or_default();
    let pager = paging.pager(&here, &[("of", of.as_str())], String::new(), next);
    Ok(page.push(Block::Table(table(shape, &found.rows, &names))).extend(pager))
}

/// Links to the lists of one word each.
fn ways(here: &str, choices: &[(&str, &str)]) -> Vec<Link> {
    let mut links = vec![Link::new("All", here)];
    links.extend(choices.iter().map(|(word, words)| Link::new(*words, address(here, [("of", *word)]))));
    links
}

/// What a list is narrowed to, in words.
async fn whose(app: &App, shape: &Shape, narrow: &str) -> Result<String, ApiError> {
    Ok(match shape.narrowing {
        Some(Narrowing::Subscriber) => {
            let id = SubscriberId::parse(narrow);
            let found = match id {
                Some(id) => app.store.view().await?.subscribers().by_id(id).await?,
                None => None,
            };
            format!("those of {}", found.map_or_else(|| "a subscriber".to_owned(), |it| it.name))
        }
        Some(Narrowing::Number) => "those of one telephone number".to_owned(),
        Some(Narrowing::State) => format!("those in {narrow}"),
        Some(Narrowing::Choice(choices)) => {
            let words = choices.iter().find(|(word, _)| *word == narrow).map_or(narrow, |(_, words)| words);
            format!("those that are: {words}")
        }
        None => "some".to_owned(),
    })
}

fn table(shape: &Shape, records: &[Record], names: &Names) -> Table {
    let listed = shape.list_columns();
    let is_named = is_named_by_its_first(shape);
    let mut columns: Vec<Column> = Vec::new();
    if !is_named {
        columns.push(Column::new("Id"));
    }
    columns.extend(listed.iter().map(|column| match column.kind {
        Kind::Number => Column::number(column.label),
        _ => Column::new(column.label),
    }));
    let row = |record: &Record| {
        let link = Cell::link(title(shape, record), path(shape.entity, &record.key.id));
        let rest = listed.iter().zip(&record.values).skip(usize::from(is_named));
        let rest = rest.map(|(column, value)| cell(shape, column, value, names));
        std::iter::once(link).chain(rest).collect()
    };
    Table {
        caption: shape.many.to_owned(),
        columns,
        rows: records.iter().map(row).collect(),
        empty: "There are none.".to_owned(),
    }
}
