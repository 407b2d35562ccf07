//! The models of the contract: `tables.md` and the enumerations of `domain.md`, from the shared folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A column of a model, and its field in a document.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) column: String,
    pub(super) field: String,
    pub(super) kind: String,
    pub(super) null: bool,
    pub(super) key: String,
}

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) label: String,
    pub(super) table: String,
    pub(super) key: Column,
    pub(super) columns: Vec<Column>,
    /// Columns that together are there once.
    pub(super) together: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "where the shared folder is, is told by the environment")]
fn contract(name: &str) -> String {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("TURNOUT_SHARED").map_or(beside, PathBuf::from);
    let file = shared.join("contract").join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}. Set TURNOUT_SHARED to the folder that holds contract/.", file.display())
    })
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn columns(line: &str) -> Vec<Column> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [columns, field, kind, null, key] = cells[..] else { panic!("{line}") };
    let make = |column: &&str| Column {
        column: (*column).to_owned(),
        field: if field == "=" { (*column).to_owned() } else { field.to_owned() },
        kind: kind.to_owned(),
        null: null == "yes",
        key: key.to_owned(),
    };
    quoted(columns).iter().map(make).collect()
}

/// The blocks of columns that many models share.
const SHARED: [(&str, &str, &str); 3] = [
    ("T", "`created_at` `modified_at` | = | timestamptz | no", ""),
    (
        "K",
        "`embed_url` `utm_campaign` `utm_source` `utm_medium` `utm_term` `utm_content` `source` `email_referrer` \
         `mobile_referrer` | = | text | yes",
        "",
    ),
    ("K", "`session_id` | = | uuid | yes", ""),
];

/// Every model of `tables.md`.
pub(super) fn models() -> Vec<Model> {
    let text = contract("tables.md");
    let mut models = Vec::new();
    for section in text.split("\n### ").skip(1) {
        let (heading, body) = section.split_once('\n').expect("a body");
        let [label, table] = quoted(heading)[..] else { continue };
        let mut found: Vec<Column> = Vec::new();
        for (block, line, _) in SHARED {
            let blocks = heading.split_once("(+").map_or("", |(_, blocks)| blocks);
            if blocks.contains(block) {
                found.extend(columns(&format!("| {line} | |")));
            }
        }
        let lines = body.lines().skip_while(|line| !line.starts_with("| column")).skip(2);
        found.extend(lines.take_while(|line| line.starts_with("| `")).flat_map(columns));
        let at = found.iter().position(|column| column.key.contains("PK")).expect("a key");
        let key = found.remove(at);
        let together = body.lines().find_map(|line| line.strip_prefix("Unique: ("));
        let together = together.map(|line| quoted(line).join(", "));
        models.push(Model {
            label: label.to_owned(),
            table: table.to_owned(),
            key,
            columns: found,
            together,
        });
    }
    models
}

/// The wire values of each enumeration.
pub(super) fn enumerations() -> BTreeMap<String, Vec<String>> {
    let text = contract("domain.md");
    let section = text.split("## 6. Enumerations").nth(1).expect("the section");
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let values: Vec<String> = quoted(cells[2]).into_iter().map(str::to_owned).collect();
        Some((cells[1].split(' ').next()?.to_owned(), values)).filter(|(_, values)| !values.is_empty())
    };
    // the one that tables.md explains itself
    rows.filter_map(row).chain([("PhoneType".to_owned(), vec!["m".to_owned()])]).collect()
}
