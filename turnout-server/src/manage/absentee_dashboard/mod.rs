//! `/manage/absentee_dashboard/` and below: how far signing online reaches, how offices are reached, and what went out
//! (`flows.md` 22).
//!
//! Here are the states and a state's regions; `region.rs` is one region with what is known better about its office,
//! `applications.rs` what voters signed.

pub(super) mod applications;
pub(super) mod region;

use turnout_core::{
    absentee::{
        SubmissionType,
        dashboard::{self, RegionLine, RegionWish, Sent, StateLine, Totals},
    },
    address::State,
    page::PageRequest,
};

use super::{
    Answer,
    absentee_overrides::region_id,
    blocks::{Block, Cell, Column, Details, Figure, Input, InputKind, Link, SearchBox, Table},
    gate::Desk,
    paging::{Paging, address},
};
use crate::http::{ApiError, Request};

/// Where the states are.
const STATES: &str = "/manage/absentee_dashboard/";
/// Where applications are.
const APPLICATIONS: &str = "/manage/absentee_dashboard/applications/";

/// The state in the path.
fn state_of(request: &Request) -> Result<State, ApiError> {
    State::parse(&request.segment("state").to_ascii_uppercase()).ok_or_else(ApiError::not_found)
}

fn state_path(state: State) -> String {
    format!("{STATES}{}/", state.code())
}

/// A way in words.
fn way(method: SubmissionType) -> &'static str {
    match method {
        SubmissionType::LeoEmail => "By e-mail",
        SubmissionType::LeoFax => "By fax",
        SubmissionType::SelfPrint => "Printed at home",
        SubmissionType::PrintAndForward => "Printed by a mail house",
    }
}

/// What a state takes, in words.
fn takes(line: &StateLine) -> &'static str {
    match (line.rules.email_allowed, line.rules.fax_allowed) {
        (true, true) => "E-mail and fax",
        (true, false) => "E-mail",
        (false, true) => "Fax",
        (false, false) => "Neither e-mail nor fax",
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn coverage(totals: &Totals) -> String {
    totals.coverage().map_or_else(|| "No region".to_owned(), |percent| format!("{percent} %"))
}

/// `GET /manage/absentee_dashboard/`
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: Request, desk: Desk) -> Answer {
    let lines = dashboard::states(request.app()).await?;
    let row = |it: &StateLine| {
        let totals = &it.totals;
        vec![
            Cell::link(it.state.code.name(), state_path(it.state.code)),
            Cell::text(takes(it)),
            Cell::text(coverage(totals)),
            Cell::Number(number(totals.regions)),
            Cell::Number(number(totals.email)),
            Cell::Number(number(totals.fax)),
            Cell::Number(number(totals.self_print)),
            Cell::Number(number(totals.overrides)),
            Cell::Number(number(totals.links)),
            Cell::Yes(it.has_link),
        ]
    };
    let mut columns: Vec<Column> = ["State", "It takes", "Coverage"].map(Column::new).into();
    let counted = ["Regions", "By e-mail", "By fax", "Printed at home", "Overrides", "Own links"];
    columns.extend(counted.map(Column::number));
    columns.push(Column::new("State has a link"));
    Ok(desk
        .page("Signing online")
        .lead("The states in which voters sign a ballot request online, and how the offices of their regions get it. Coverage is how many of a hundred regions are reached by e-mail or fax.")
        .push(Block::Actions(vec![Link::new("Applications of all subscribers", APPLICATIONS)]))
        .push(Block::Table(Table {
            caption: "States in which signing online is switched on".to_owned(),
            columns,
            rows: lines.iter().map(row).collect(),
            empty: "Signing online is switched on in no state. The feature switch is vbm_esign.".to_owned(),
        }))
        .answer())
}

/// `GET /manage/absentee_dashboard/{state}/`
///
/// # Errors
/// 404 for a state in which it is not switched on; when the store fails.
pub(super) async fn show(request: Request, desk: Desk) -> Answer {
    let code = state_of(&request)?;
    let filter = request.query("filter").unwrap_or_default();
    let overrides_only = request.query("overrides_only").is_some_and(|it| !it.is_empty() && it != "false");
    let wish = RegionWish::read(&filter, overrides_only);
    let filter = wish.method.map_or("", SubmissionType::wire);
    let paging = Paging::of(&request);
    let PageRequest { after, limit } = paging.request(region_id);
    let found = dashboard::state(request.app(), code, wish, PageRequest { after, limit }).await?;
    let sheet = found.ok_or_else(ApiError::not_found)?;
    let path = state_path(code);
    let choices =
        [("", "All"), ("leo_email", "By e-mail"), ("leo_fax", "By fax"), ("self_print", "Printed at home")];
    let choices = choices.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let search = SearchBox {
        action: path.clone(),
        label: String::new(),
        query: String::new(),
        filters: vec![
            Input::new("filter", "How requests go there", InputKind::Select(choices.into())).value(filter),
            Input::new("overrides_only", "Only regions with an override", InputKind::Check)
                .checked(overrides_only),
        ],
    };
    let pairs = vec![
        ("The state takes".to_owned(), Cell::text(takes(&sheet.line))),
        ("Coverage".to_owned(), Cell::text(coverage(&sheet.line.totals))),
        ("The state has a link of its own".to_owned(), Cell::Yes(sheet.line.has_link)),
    ];
    let row = |it: &RegionLine| region_row(code, it);
    let mut columns: Vec<Column> =
        ["Region", "How requests go there", "E-mail known", "Fax known", "Override", "Own link"]
            .map(Column::new)
            .into();
    columns.extend(SENT.map(Column::number));
    columns.push(Column::silent("What went there"));
    let only = if overrides_only { "true" } else { "" };
    let next = sheet.regions.next.map(|id| id.to_string());
    let count = format!("{} regions", sheet.found.regions);
    Ok(desk
        .page(format!("Signing online in {}", code.name()))
        .up("Signing online", STATES)
        .push(Block::Details(Details { heading: String::new(), pairs }))
        .push(Block::Search(search))
        .push(Block::Figures(figures(&sheet.found)))
        .push(Block::Table(Table {
            caption: "Regions, by name".to_owned(),
            columns,
            rows: sheet.regions.rows.iter().map(row).collect(),
            empty: "No region is like that.".to_owned(),
        }))
        .extend(paging.pager(&path, &[("filter", filter), ("overrides_only", only)], count, next))
        .answer())
}

/// What went out, as columns.
const SENT: [&str; 6] = [
    "E-mails, 24 hours",
    "E-mails, 7 days",
    "Faxes, 24 hours",
    "Faxes, 7 days",
    "Forms by letter, 24 hours",
    "Forms by letter, 7 days",
];

fn sent_counts(sent: &Sent) -> [i64; 6] {
    <[u64; 6]>::from(*sent).map(number)
}

/// The totals of the regions that were asked for.
fn figures(found: &Totals) -> Vec<Figure> {
    let mut figures = vec![
        Figure::new("Regions", number(found.regions)),
        Figure::new("By e-mail", number(found.email)),
        Figure::new("By fax", number(found.fax)),
        Figure::new("Printed at home", number(found.self_print)),
        Figure::new("Overrides", number(found.overrides)),
        Figure::new("Own links", number(found.links)),
    ];
    let sent = SENT.into_iter().zip(sent_counts(&found.sent));
    figures.extend(sent.map(|(label, count)| Figure::new(label, count)));
    figures
}

fn region_row(state: State, it: &RegionLine) -> Vec<Cell> {
    let id = it.region.id.to_string();
    let name = it.region.name.clone().unwrap_or_else(|| format!("Region {id}"));
    let applications = address(APPLICATIONS, [("region", id.as_str())]);
    let mut row = vec![
        Cell::link(&name, format!("{}{id}/", state_path(state))),
        Cell::text(way(it.method)),
        Cell::Yes(it.reach.email),
        Cell::Yes(it.reach.fax),
        Cell::Yes(it.reach.has_override),
        Cell::Yes(it.reach.has_link),
    ];
    row.extend(sent_counts(&it.sent).map(Cell::Number));
    row.push(Cell::Links(vec![Link::new("Applications", applications).note(format!("to {name}"))]));
    row
}
