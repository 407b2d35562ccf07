//! `/manage/election/fieldinformationtype/` and `…/{field}/`: the kinds of facts, and what one says of every state.

use turnout_core::election::{FieldType, StateInformation, sheet};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, Details, Prose, Table},
        gate::Desk,
    },
    FIELDS, fact_path, field_path, source, value,
};
use crate::http::{ApiError, Request};

/// `GET /manage/election/fieldinformationtype/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let fields = request.app().store.view().await?.elections().field_types().await?;
    let row = |it: &FieldType| {
        vec![
            Cell::link(&it.long_name, field_path(&it.slug)),
            Cell::Code(it.slug.clone()),
            Cell::text(format(it)),
        ]
    };
    Ok(desk
        .page("Election data by field")
        .lead("The kinds of facts that are kept about each state.")
        .push(Block::Table(Table {
            caption: "Fields".to_owned(),
            columns: ["Field", "Name in the API", "Format"].map(Column::new).into(),
            rows: fields.iter().map(row).collect(),
            empty: "There is no kind of fact yet.".to_owned(),
        }))
        .answer())
}

fn format(field: &FieldType) -> &'static str {
    field.format.map_or("Text", |it| it.label())
}

/// `GET /manage/election/fieldinformationtype/{field}/`
///
/// # Errors
/// 404 for a field that is not there; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let mut view = request.app().store.view().await?;
    let found = sheet::field(view.as_mut(), request.segment("field")).await?;
    let sheet = found.ok_or_else(ApiError::not_found)?;
    let field = &sheet.field;
    let row = |it: &StateInformation| {
        let path = format!("{}?ref=fieldinformationtype", fact_path(it.state, &field.slug));
        vec![
            Cell::link(it.state.name(), path),
            value(field.format, &it.text),
            Cell::long(&it.notes),
            source(it),
            Cell::Time(it.modified_at),
        ]
    };
    let pairs = vec![
        ("Name in the API".to_owned(), Cell::Code(field.slug.clone())),
        ("Format".to_owned(), Cell::text(format(field))),
    ];
    let mut page = desk
        .page(&field.long_name)
        .up("Election data by field", FIELDS)
        .push(Block::Details(Details { heading: String::new(), pairs }));
    if let Some(help) = field.help_text.as_deref().filter(|help| !help.trim().is_empty()) {
        page = page.push(Block::Prose(Prose::new("For editors", help)));
    }
    Ok(page
        .push(Block::Table(Table {
            caption: format!("{} by state", field.long_name),
            columns: ["State", "What it says", "Notes", "Source", "Last changed"].map(Column::new).into(),
            rows: sheet.facts.iter().map(row).collect(),
            empty: "It is kept for no state.".to_owned(),
        }))
        .answer())
}
