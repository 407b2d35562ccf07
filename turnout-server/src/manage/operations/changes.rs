//! `/manage/operations/changes/`: who did what.

use serde_json::Value;
use turnout_core::{
    App,
    back_office::{Entity, RecordKey},
    change::{Change, ChangeFilter},
    diff::{Line, lines},
    ids::{ChangeId, SubscriberId, UserId},
    page::PageRequest,
    ports::store::StoreError,
};

use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, Cell, Column, Details, Input, InputKind, Link, SearchBox, Table},
        gate::Desk,
        paging::{Paging, address},
        people::Names,
    },
};

/// Where the list is.
const LIST: &str = "/manage/operations/changes/";

/// What is asked for, as it was typed.
struct Asked {
    subject: String,
    kind: String,
    by: Option<UserId>,
    subscriber: Option<SubscriberId>,
    by_text: String,
    subscriber_text: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let text = |name: &str| request.query(name).unwrap_or_default().trim().to_owned();
        let (by, subscriber) = (UserId::parse(&text("by")), SubscriberId::parse(&text("of")));
        Self {
            subject: text("q"),
            kind: text("kind"),
            by,
            subscriber,
            by_text: by.map(|id| id.to_string()).unwrap_or_default(),
            subscriber_text: subscriber.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    fn filter(&self) -> ChangeFilter {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ChangeFilter {
            by: self.by,
            subscriber: self.subscriber,
            kind: some(&self.kind),
            subject: some(&self.subject),
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 4] {
        [
            ("q", self.subject.as_str()),
            ("kind", self.kind.as_str()),
            ("by", self.by_text.as_str()),
            ("of", self.subscriber_text.as_str()),
        ]
    }
}

/// `GET /manage/operations/changes/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (asked, paging) = (Asked::of(&request), Paging::of(&request));
    let page = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some((key.at, ChangeId::parse(&key.id)?))
    });
    let found = app.store.view().await?.changes().page(&asked.filter(), &page).await?;
    let names = names(app, &found.rows, &asked).await?;
    let mut page = desk
        .page("Who did what")
        .lead("Everything that people change on this site, and looks at single voters' data. Entries are only added.")
        .push(Block::Search(search(&asked)));
    let mut narrowed = Vec::new();
    if let Some(by) = asked.by {
        narrowed.push(format!("by {}", names.name_of(by)));
    }
    if asked.subscriber.is_some() {
        narrowed.push("to the things of one subscriber".to_owned());
    }
    if !narrowed.is_empty() {
        page = page.push(Block::Text(format!("Only what was done {}.", narrowed.join(", "))));
    }
    if asked.pairs().iter().any(|(_, text)| !text.is_empty()) {
        page = page.push(Block::Links(vec![Link::new("Show everything", LIST)]));
    }
    let row = |change: &Change| {
        let by = change.by.map(|id| id.to_string()).unwrap_or_default();
        let who = match change.by {
            Some(id) => Cell::link(names.name_of(id), address(LIST, [("by", by.as_str())])),
            None => Cell::text("The service, or a command"),
        };
        vec![
            Cell::link(desk.local(change.at), format!("{LIST}{}/", change.id)),
            who,
            Cell::text(&change.act),
            Cell::link(&change.kind, address(LIST, [("kind", change.kind.as_str())])),
            subject(change),
            names.subscriber(change.subscriber),
            Cell::text(&change.comment),
        ]
    };
    let columns = ["When", "Who", "Did", "To what", "Which", "Of subscriber", "About it"];
    page = page.push(Block::Table(Table {
        caption: "Entries, the newest first".to_owned(),
        columns: columns.map(Column::new).into(),
        rows: found.rows.iter().map(row).collect(),
        empty: "Nothing of that kind was done.".to_owned(),
    }));
    let next = found.next.map(|(at, id)| RecordKey { at, id: id.to_string() }.cursor());
    Ok(page.extend(paging.pager(LIST, &asked.pairs(), String::new(), next)).answer())
}

async fn names(app: &App, rows: &[Change], asked: &Asked) -> Result<Names, StoreError> {
    let users = rows.iter().map(|it| it.by).chain([asked.by]);
    Names::of(app, users.collect::<Vec<_>>(), rows.iter().map(|it| it.subscriber).collect::<Vec<_>>()).await
}

fn search(asked: &Asked) -> SearchBox {
    SearchBox {
        action: LIST.to_owned(),
        label: "Which: the id, code or name of one thing".to_owned(),
        query: asked.subject.clone(),
        filters: vec![
            Input::new("kind", "To what", InputKind::Text)
                .hint("As the list calls it: user, subscriber, job, switch, blast, api_key.")
                .value(&asked.kind)
                .optional(),
            Input::hidden("by", &asked.by_text),
            Input::hidden("of", &asked.subscriber_text),
        ],
    }
}

/// Which thing it was, with the way to its page where it has one.
fn subject(change: &Change) -> Cell {
    let subject = change.subject.as_str();
    let href = match change.kind.as_str() {
        "job" if ChangeId::parse(subject).is_some() => Some(format!("/manage/operations/jobs/{subject}/")),
        "switch" => Some(format!("/manage/operations/switches/{subject}/")),
        "blast" => Some(format!("/manage/operations/blasts/{subject}/")),
        kind => Entity::ALL
            .iter()
            .find(|it| it.shape().kind == kind)
            .map(|it| format!("/manage/admin/{}/{subject}/", it.shape().path)),
    };
    match href {
        Some(href) => Cell::link(subject, href),
        None => Cell::text(subject),
    }
}

/// How many entries of its history the page of a thing shows.
const LATEST: u32 = 20;

/// The latest entries about one thing, for its own page.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn latest(app: &App, kind: &str, id: &str) -> Result<Table, StoreError> {
    let page = PageRequest { after: None, limit: LATEST };
    let rows = app.store.view().await?.changes().page(&ChangeFilter::history(kind, id), &page).await?.rows;
    let names = Names::of(app, rows.iter().map(|it| it.by).collect::<Vec<_>>(), []).await?;
    Ok(history(&rows, &names))
}

fn history(rows: &[Change], names: &Names) -> Table {
    let row = |change: &Change| {
        let who = match change.by {
            Some(_) => names.user(change.by),
            None => Cell::text("The service, or a command"),
        };
        vec![
            Cell::Time(change.at),
            who,
            Cell::text(&change.act),
            Cell::Long(plain(change.before.as_ref())),
            Cell::Long(plain(change.after.as_ref())),
            Cell::Links(vec![Link::new("Details", format!("{LIST}{}/", change.id))]),
        ]
    };
    let mut columns: Vec<Column> = ["When", "Who", "Did", "Before", "After"].map(Column::new).into();
    columns.push(Column::silent("More"));
    Table {
        caption: "Who did what with it".to_owned(),
        columns,
        rows: rows.iter().map(row).collect(),
        empty: "Nobody has changed it here yet.".to_owned(),
    }
}

/// A value as people read it.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(fields)) => {
            let line = |(name, value): (&String, &Value)| format!("{name}: {}", plain(Some(value)));
            fields.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Some(Value::Array(values)) => {
            values.iter().map(|value| plain(Some(value))).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

/// `GET /manage/operations/changes/{id}/`
///
/// # Errors
/// 404 where there is no such entry; when the store fails.
pub(in crate::manage) async fn one(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = ChangeId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let change = app.store.view().await?.changes().by_id(id).await?.ok_or_else(ApiError::not_found)?;
    let names = Names::of(app, [change.by], [change.subscriber]).await?;
    let who = match change.by {
        Some(_) => names.user(change.by),
        None => Cell::text("The service, or a command"),
    };
    let of_it = address(LIST, [("kind", change.kind.as_str()), ("q", change.subject.as_str())]);
    let details = Details {
        heading: String::new(),
        pairs: vec![
            ("When".to_owned(), Cell::Time(change.at)),
            ("Who".to_owned(), who),
            ("Did".to_owned(), Cell::text(&change.act)),
            ("To what".to_owned(), Cell::text(&change.kind)),
            ("Which".to_owned(), subject(&change)),
            ("Of subscriber".to_owned(), names.subscriber(change.subscriber)),
            ("About it".to_owned(), Cell::text(&change.comment)),
            ("All that was done to it".to_owned(), Cell::link("Its history", of_it)),
        ],
    };
    let page = desk.page(format!("{} {}", change.kind, change.act)).up("Who did what", LIST);
    let different = Table {
        caption: "What is different".to_owned(),
        columns: ["What", "Before", "After"].map(Column::new).into(),
        rows: difference(change.before.as_ref(), change.after.as_ref()),
        empty: "The entry does not say what was different.".to_owned(),
    };
    Ok(page.push(Block::Details(details)).push(Block::Table(different)).answer())
}

/// The fields that differ: their names, what they were and what they are. Of long texts only the lines that differ.
fn difference(before: Option<&Value>, after: Option<&Value>) -> Vec<Vec<Cell>> {
    let fields = |value: Option<&Value>| match value {
        Some(Value::Object(fields)) => fields.clone(),
        Some(Value::Null) | None => serde_json::Map::new(),
        Some(other) => std::iter::once(("value".to_owned(), other.clone())).collect(),
    };
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let mut rows = Vec::new();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        if old == new {
            continue;
        }
        let (old, new) = match (old, new) {
            (Some(Value::String(old)), Some(Value::String(new)))
                if old.contains('\n') || new.contains('\n') =>
            {
                of_lines(old, new)
            }
            _ => (plain(old), plain(new)),
        };
        rows.push(vec![Cell::text(name), Cell::Long(old), Cell::Long(new)]);
    }
    rows
}

/// The lines that are only in the one, and only in the other.
fn of_lines(before: &str, after: &str) -> (String, String) {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for line in lines(before, after) {
        match line {
            Line::Same(_) => {}
            Line::Gone(line) => gone.push(line),
            Line::New(line) => new.push(line),
        }
    }
    (gone.join("\n"), new.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(rows: Vec<Vec<Cell>>) -> Vec<Vec<String>> {
        let text = |cell: Cell| match cell {
            Cell::Text(text) | Cell::Long(text) => text,
            _ => String::new(),
        };
        rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect()
    }

    #[test]
    fn only_what_differs_is_shown_and_of_long_texts_only_their_lines() {
        let before = json!({"a": 1, "same": "x", "text": "one\ntwo\nthree", "gone": true});
        let after = json!({"a": 2, "same": "x", "text": "one\n2\nthree", "new": ["p", "q"]});
        assert_eq!(
            texts(difference(Some(&before), Some(&after))),
            [["a", "1", "2"], ["gone", "yes", "–"], ["new", "–", "p, q"], ["text", "two", "2"]]
        );
        assert_eq!(texts(difference(None, Some(&json!(false)))), [["value", "–", "no"]]);
        assert_eq!(texts(difference(Some(&json!("a")), None)), [["value", "a", "–"]]);
        assert!(difference(None, None).is_empty());
    }
}
