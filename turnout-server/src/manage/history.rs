//! The history of one thing, out of the log of changes: who changed it when, what became different, and the way back.
//!
//! Each kind of thing that has a history says what it is called and where its pages are; what is shown is the same.

use chrono::{DateTime, Utc};
use serde_json::Value;
use turnout_core::{
    back_office::RecordKey,
    change::{Change, ChangeFilter},
    ids::ChangeId,
    page::PageRequest,
    problems::Problems,
};

use super::{
    blocks::{Block, Cell, Column, Details, Difference, FormBlock, Table},
    frame::PageOf,
    gate::Desk,
    paging::Paging,
    people::Names,
};
use crate::http::{ApiError, Request};

/// How many changes stand below a thing on its own page.
const LAST: u32 = 20;

/// A thing with a history.
pub(super) struct Subject {
    /// What the log calls its kind.
    pub(super) kind: &'static str,
    /// Its id in the log.
    pub(super) id: String,
    /// What people call it.
    pub(super) name: String,
    /// Where its own page is.
    pub(super) page: String,
    /// Where its history is, with a slash at the end; each entry is below it, and `restore/` below that.
    pub(super) history: String,
    /// Whether one can go back to before a change.
    pub(super) can_go_back: fn(&Change) -> bool,
}

/// The list of its changes, the newest first.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: &Request, desk: &Desk, subject: &Subject) -> Result<PageOf, ApiError> {
    let paging = Paging::of(request);
    let page = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some((key.at, ChangeId::parse(&key.id)?))
    });
    let (table, next) = table(request, desk, subject, page).await?;
    let pager = paging.pager(&subject.history, &[], String::new(), next);
    Ok(desk
        .page(format!("History of {}", subject.name))
        .up(&subject.name, &subject.page)
        .push(Block::Table(table))
        .extend(pager))
}

/// The last of its changes, below a thing on its own page.
///
/// # Errors
/// When the store fails.
pub(super) async fn last(request: &Request, desk: &Desk, subject: &Subject) -> Result<Block, ApiError> {
    let (table, _) = table(request, desk, subject, PageRequest { after: None, limit: LAST }).await?;
    Ok(Block::Table(table))
}

/// The table of some of its changes, and where it goes on.
///
/// # Errors
/// When the store fails.
pub(super) async fn table(
    request: &Request,
    desk: &Desk,
    subject: &Subject,
    page: PageRequest<(DateTime<Utc>, ChangeId)>,
) -> Result<(Table, Option<String>), ApiError> {
    let app = request.app();
    let filter = ChangeFilter::history(subject.kind, &subject.id);
    let found = app.store.view().await?.changes().page(&filter, &page).await?;
    let names = Names::of(app, found.rows.iter().map(|it| it.by).collect::<Vec<_>>(), []).await?;
    let row = |change: &Change| {
        vec![
            Cell::link(desk.local(change.at), format!("{}{}/", subject.history, change.id)),
            Cell::text(who(change, &names)),
            Cell::text(&change.act),
            Cell::text(differing(change).join(", ")),
            Cell::text(&change.comment),
        ]
    };
    let table = Table {
        caption: "Changes, the newest first".to_owned(),
        columns: ["When", "Who", "Did", "Different since", "About it"].map(Column::new).into(),
        rows: found.rows.iter().map(row).collect(),
        empty: "It was not changed since this record is kept.".to_owned(),
    };
    Ok((table, found.next.map(|(at, id)| RecordKey { at, id: id.to_string() }.cursor())))
}

/// One of its changes: what became different, and the way back where there is one.
///
/// # Errors
/// 404 when the change is not one of it; when the store fails.
pub(super) async fn entry(request: &Request, desk: &Desk, subject: &Subject) -> Result<PageOf, ApiError> {
    let app = request.app();
    let id = ChangeId::parse(request.segment("change")).ok_or_else(ApiError::not_found)?;
    let found = app.store.view().await?.changes().by_id(id).await?;
    let change = found.filter(|it| it.kind == subject.kind && it.subject == subject.id);
    let change = change.ok_or_else(ApiError::not_found)?;
    let names = Names::of(app, [change.by], []).await?;
    let mut pairs = vec![
        ("When".to_owned(), Cell::Time(change.at)),
        ("Who".to_owned(), Cell::text(who(&change, &names))),
        ("Did".to_owned(), Cell::text(&change.act)),
    ];
    if !change.comment.is_empty() {
        pairs.push(("About it".to_owned(), Cell::text(&change.comment)));
    }
    let mut page = desk
        .page(format!("A change of {}", subject.name))
        .up(format!("History of {}", subject.name), &subject.history)
        .push(Block::Details(Details { heading: String::new(), pairs }))
        .extend(differences(&change));
    if (subject.can_go_back)(&change) {
        let form = FormBlock::new(format!("{}{id}/restore/", subject.history), "Go back to before this change")
            .lead("What stood there before this change takes the place of what stands there now. That is noted as a change too.");
        page = page.push(Block::Form(form));
    }
    Ok(page)
}

/// What became different, part by part.
pub(super) fn differences(change: &Change) -> Vec<Block> {
    let parts = parts(change);
    if parts.is_empty() {
        return vec![Block::Text("Nothing of it is kept.".to_owned())];
    }
    let block = |(name, before, after): (String, String, String)| {
        Block::Difference(Difference { heading: spelled(&name), before, after })
    };
    parts.into_iter().map(block).collect()
}

/// The names of the parts that became different.
pub(super) fn differing(change: &Change) -> Vec<String> {
    parts(change).into_iter().map(|(name, ..)| spelled(&name)).collect()
}

/// Why what was before a change cannot stand there any more.
pub(super) fn unfit(problems: &Problems) -> String {
    let why: Vec<String> =
        problems.iter().flat_map(|(_, problems)| problems).map(ToString::to_string).collect();
    format!("Nothing was changed, as what was before cannot stand there any more. {}", why.join(" "))
}

fn who(change: &Change, names: &Names) -> String {
    change.by.map_or_else(|| "The service, or a command".to_owned(), |id| names.name_of(id))
}

/// The parts that became different: name, before and after.
fn parts(change: &Change) -> Vec<(String, String, String)> {
    let names = |value: &Option<Value>| -> Vec<String> {
        value.as_ref().and_then(Value::as_object).map_or_else(Vec::new, |it| it.keys().cloned().collect())
    };
    let mut all = names(&change.before);
    let more: Vec<String> = names(&change.after).into_iter().filter(|name| !all.contains(name)).collect();
    all.extend(more);
    let text = |value: &Option<Value>, name: &str| match value.as_ref().and_then(|it| it.get(name)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let part = |name: String| {
        let (before, after) = (text(&change.before, &name), text(&change.after, &name));
        (before != after).then_some((name, before, after))
    };
    all.into_iter().filter_map(part).collect()
}

/// A name of a part in words.
fn spelled(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn change(before: Option<Value>, after: Option<Value>) -> Change {
        Change {
            id: ChangeId(Uuid::nil()),
            at: DateTime::UNIX_EPOCH,
            by: None,
            subscriber: None,
            kind: "x".into(),
            subject: "1".into(),
            act: "changed".into(),
            comment: String::new(),
            before,
            after,
        }
    }

    #[test]
    fn the_parts_that_became_different_are_named() {
        let both = change(
            Some(json!({ "text": "a", "notes": "", "checked_on": null, "sync_tmc": true })),
            Some(json!({ "text": "b", "notes": null, "checked_on": "2026-11-03", "sync_tmc": true })),
        );
        assert_eq!(differing(&both), ["Checked on", "Text"]);
        let new = change(None, Some(json!({ "url": "https://a.test/" })));
        assert_eq!(parts(&new), [("url".to_owned(), String::new(), "https://a.test/".to_owned())]);
        assert!(differing(&change(None, None)).is_empty());
    }
}
