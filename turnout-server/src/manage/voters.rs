//! `GET /manage/<slug>/register/`, `absentee/`, `verifier/`, `reminder/`, `pollingplace/`: what a subscriber's voters did with
//! each tool, newest first. One record whole is in `voter.rs`.

use chrono::NaiveDate;
use turnout_core::{
    address::State,
    back_office::RecordKey,
    ids::ActionId,
    input::parse_date,
    listing::{self, Counted, Entry, Filter, Listing, Tool},
    search::{ListKey, SearchQuery},
};

use super::{
    Answer,
    blocks::{Block, Cell, Column, Input, InputKind, Link, SearchBox, Table, thousands},
    gate::Desk,
    paging::Paging,
};
use crate::http::Request;

/// Where the list of a tool is, below the subscriber's own address.
pub(super) fn path(tool: Tool) -> &'static str {
    match tool {
        Tool::Register => "register/",
        Tool::Absentee => "absentee/",
        Tool::Verify => "verifier/",
        Tool::Remind => "reminder/",
        Tool::Locate => "pollingplace/",
    }
}

/// What is asked for, as it stands in the address and as it is understood.
struct Asked {
    words: String,
    state: Option<State>,
    from: Day,
    to: Day,
    finished: Option<bool>,
}

/// A day as it was entered.
struct Day {
    text: String,
    day: Option<NaiveDate>,
}

impl Day {
    fn of(request: &Request, name: &str) -> Self {
        let text = request.query(name).unwrap_or_default().trim().to_owned();
        Self { day: parse_date(&text), text }
    }

    fn input(&self, name: &'static str, label: &str) -> Input {
        let mut input = Input::new(name, label, InputKind::Date).optional().value(self.text.clone());
        if self.day.is_none() && !self.text.is_empty() {
            input.errors.push("Enter a date, such as 2026-11-03.".into());
        }
        input
    }
}

impl Asked {
    fn of(request: &Request) -> Self {
        let text = |name: &str| request.query(name).unwrap_or_default().trim().to_owned();
        Self {
            words: text("q"),
            state: State::parse(&text("state")),
            from: Day::of(request, "from"),
            to: Day::of(request, "to"),
            finished: match text("done").as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        }
    }

    fn filter(&self, desk: &Desk) -> Filter {
        let filter = Filter { state: self.state, finished: self.finished, ..Filter::default() };
        filter.of_days(self.from.day, self.to.day, desk.user.time_zone.tz())
    }

    fn done(&self) -> &'static str {
        match self.finished {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        }
    }

    /// What every page of the list keeps in its address.
    fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("q", &self.words),
            ("state", self.state.map(State::code).unwrap_or_default()),
            ("from", &self.from.text),
            ("to", &self.to.text),
            ("done", self.done()),
        ]
    }

    fn is_everything(&self) -> bool {
        self.pairs().iter().all(|(_, value)| value.is_empty())
    }

    fn search_box(&self, action: String, tool: Tool) -> SearchBox {
        let mut states: Vec<(String, String)> =
            State::ALL.iter().map(|it| (it.code().to_owned(), it.name().to_owned())).collect();
        states.sort_unstable_by(|one, other| one.1.cmp(&other.1));
        states.insert(0, (String::new(), "All states".into()));
        let done = [("", "Finished or not"), ("yes", "Finished"), ("no", "Not finished")];
        let done = done.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
        let select = |name, label: &str, choices, value: &str| {
            Input::new(name, label, InputKind::Select(choices)).value(value)
        };
        SearchBox {
            action,
            label: if tool == Tool::Locate { "Address" } else { "Name or e-mail address" }.into(),
            query: self.words.clone(),
            filters: vec![
                select("state", "State", states, self.state.map(State::code).unwrap_or_default()),
                self.from.input("from", "From"),
                self.to.input("to", "To"),
                select("done", "Finished", done, self.done()),
            ],
        }
    }
}

/// A page of the list.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(tool: Tool, request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let list = Listing { subscriber: desk.own().id, tool };
    let asked = Asked::of(&request);
    let (filter, query) = (asked.filter(&desk), SearchQuery::parse(&asked.words));
    let paging = Paging::of(&request);
    let place = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some(ListKey { created_at: key.at, action: ActionId::parse(&key.id)? })
    });
    let entries = listing::page(app, list, &filter, &query, place).await?;
    let counted = listing::count(app, list, &filter, &query).await?;

    let here = desk.link(path(tool));
    let next = entries.next.map(|key| RecordKey { at: key.created_at, id: key.action.to_string() }.cursor());
    let empty = match (&next, asked.is_everything()) {
        (Some(_), _) => "Nothing was found so far. There are older entries to look through.",
        (None, true) => "Nothing yet. What voters do with this tool appears here within moments.",
        (None, false) => "Nothing was found. Search for fewer words, or with fewer filters.",
    };
    let pager = paging.pager(&here, &asked.pairs(), in_all(counted), next);
    let (columns, cells) = columns(tool);
    let rows = entries.rows.iter().map(|entry| cells(&desk, entry)).collect();
    let mut page = desk
        .page(tool.label())
        .push(Block::Search(asked.search_box(here.clone(), tool)))
        .push(Block::Table(Table { caption: tool.label().into(), columns, rows, empty: empty.into() }))
        .extend(pager);
    if !asked.is_everything() {
        page = page.push(Block::Links(vec![Link::new("Show everything", here)]));
    }
    Ok(page.answer())
}

/// What is said about how many there are.
fn in_all(counted: Option<Counted>) -> String {
    let number = |number: u64| thousands(i64::try_from(number).unwrap_or(i64::MAX));
    match counted {
        Some(Counted::Exactly(0)) | None => String::new(),
        Some(Counted::Exactly(count)) => format!("{} in all", number(count)),
        Some(Counted::MoreThan(count)) => format!("more than {} in all", number(count)),
    }
}

/// The columns of a list, and what makes the cells of a row.
type Columns = (Vec<Column>, fn(&Desk, &Entry) -> Vec<Cell>);

fn columns(tool: Tool) -> Columns {
    let titles = |titles: &[&str]| titles.iter().map(|title| Column::new(*title)).collect();
    match tool {
        Tool::Register => (titles(&PERSON), |desk, it| person(desk, Tool::Register, it)),
        Tool::Absentee => (titles(&PERSON), |desk, it| person(desk, Tool::Absentee, it)),
        Tool::Remind => (titles(&PERSON), |desk, it| person(desk, Tool::Remind, it)),
        Tool::Verify => {
            (titles(&["Name", "E-mail", "Born", "State", "Status", "Finished", "Started"]), |desk, it| {
                let mut cells = person(desk, Tool::Verify, it);
                cells.insert(4, it.voter_status.map_or(Cell::None, |status| Cell::text(status.label())));
                cells
            })
        }
        Tool::Locate => (titles(&["Address", "State", "Finished", "Started"]), |desk, it| {
            let place = it.place.clone().filter(|place| !place.trim().is_empty());
            vec![
                Cell::link(place.unwrap_or_else(|| "No address".into()), address(desk, Tool::Locate, it)),
                state(it),
                Cell::Yes(it.is_finished),
                Cell::Time(it.key.created_at),
            ]
        }),
    }
}

const PERSON: [&str; 6] = ["Name", "E-mail", "Born", "State", "Finished", "Started"];

fn address(desk: &Desk, tool: Tool, entry: &Entry) -> String {
    desk.link(&format!("{}{}/", path(tool), entry.record))
}

fn state(entry: &Entry) -> Cell {
    entry.state.map_or(Cell::None, |state| Cell::text(state.code()))
}

fn person(desk: &Desk, tool: Tool, entry: &Entry) -> Vec<Cell> {
    let name = entry.name.full();
    let name = if name.trim().is_empty() { "No name".to_owned() } else { name };
    vec![
        Cell::link(name, address(desk, tool, entry)),
        Cell::text(entry.email.clone().unwrap_or_default()),
        entry.date_of_birth.map_or(Cell::None, |day| Cell::text(day.format("%b %-d, %Y").to_string())),
        state(entry),
        Cell::Yes(entry.is_finished),
        Cell::Time(entry.key.created_at),
    ]
}
