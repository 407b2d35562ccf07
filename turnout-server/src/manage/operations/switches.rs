//! `/manage/operations/switches/`: which features are on, and what they work with.

use std::collections::BTreeMap;

use turnout_core::{
    App,
    change::{Change, ChangeFilter},
    page::PageRequest,
    ports::store::StoreError,
    problems::{Problem, Problems},
    switch::{self, CATALOGUE, Preset, Setting, SwitchName, SwitchValue, Switches},
};

use super::changes;
use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, Button, Cell, Column, Details, FormBlock, Input, InputKind, Notice, Table},
        frame::PageOf,
        gate::Desk,
        people::Names,
    },
};

/// Where the list is.
const LIST: &str = "/manage/operations/switches/";

/// So many entries of the log are looked at for who set what.
const LATEST: u32 = 200;

/// What switches are set to, and what is in force.
struct Known {
    settings: Vec<Setting>,
    switches: Switches,
    /// What is kept and has no effect.
    complaints: Vec<String>,
}

impl Known {
    async fn of(app: &App) -> Result<Self, StoreError> {
        let settings = app.store.view().await?.switches().all().await?;
        let (switches, complaints) = Switches::from_settings(&settings);
        Ok(Self { settings, switches, complaints: complaints.iter().map(ToString::to_string).collect() })
    }

    fn setting(&self, name: SwitchName) -> Option<&Setting> {
        self.settings.iter().find(|it| (it.feature.as_str(), it.variable.as_str()) == name.key())
    }

    fn value(&self, name: SwitchName) -> Cell {
        value(self.switches.value(name))
    }

    /// How many states a feature is on in, where states have it one by one.
    fn states(&self, name: SwitchName) -> Option<usize> {
        let feature = name.feature();
        feature.by_state?;
        let on = |name: &SwitchName| {
            name.is_state() && self.switches.value(*name) == Some(&SwitchValue::Flag(true))
        };
        Some(SwitchName::of(feature).filter(on).count())
    }
}

fn value(value: Option<&SwitchValue>) -> Cell {
    match value {
        None => Cell::None,
        Some(SwitchValue::Flag(on)) => Cell::text(if *on { "On" } else { "Off" }),
        Some(SwitchValue::Number(number)) => Cell::Number((*number).into()),
        Some(SwitchValue::Text(text)) => Cell::Long(text.clone()),
    }
}

fn path(name: SwitchName) -> String {
    format!("{LIST}{name}/")
}

/// `GET /manage/operations/switches/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let known = Known::of(app).await?;
    let filter = ChangeFilter { kind: Some("switch".to_owned()), ..ChangeFilter::default() };
    let page = PageRequest { after: None, limit: LATEST };
    let entries = app.store.view().await?.changes().page(&filter, &page).await?.rows;
    let mut latest: BTreeMap<String, &Change> = BTreeMap::new();
    for entry in &entries {
        // the newest come first
        latest.entry(entry.subject.clone()).or_insert(entry);
    }
    let names = Names::of(app, latest.values().map(|it| it.by), []).await?;
    let mut page = desk
        .page("Feature switches")
        .lead("What is set here is in force everywhere within seconds. A variable counts only while its feature is on.");
    for complaint in &known.complaints {
        page = page.push(Block::Notice(Notice::plain(complaint.clone())));
    }
    for feature in CATALOGUE {
        let mut rows = Vec::new();
        for name in SwitchName::of(feature).filter(|name| !name.is_state()) {
            let who = latest.get(&name.to_string()).map_or(Cell::None, |entry| names.user(entry.by));
            let states = if name.key().1.is_empty() { known.states(name) } else { None };
            let meaning = match states {
                None => name.meaning(),
                Some(1) => format!("{} In 1 state at the moment.", name.meaning()),
                Some(count) => format!("{} In {count} states at the moment.", name.meaning()),
            };
            rows.push(vec![
                Cell::link(name.to_string(), path(name)),
                known.value(name),
                known.setting(name).map_or(Cell::text("As preset"), |it| Cell::Time(it.modified_at)),
                who,
                Cell::text(meaning),
            ]);
        }
        page = page.push(Block::Table(Table {
            caption: feature.name.to_owned(),
            columns: ["Switch", "Now", "Set", "By", "What it does"].map(Column::new).into(),
            rows,
            empty: String::new(),
        }));
    }
    Ok(page.answer())
}

/// The switch that the path names.
fn named(request: &Request) -> Result<SwitchName, ApiError> {
    SwitchName::parse(request.segment("name")).map_err(|_| ApiError::not_found())
}

/// `GET /manage/operations/switches/{name}/`
///
/// # Errors
/// 404 for what is no switch; when the store fails.
pub(in crate::manage) async fn one(request: Request, desk: Desk) -> Answer {
    let (app, name) = (request.app(), named(&request)?);
    let known = Known::of(app).await?;
    let form = form(name, known.switches.value(name));
    Ok(shown(app, &desk, name, &known, form).await?.answer())
}

/// What a switch is set by.
fn form(name: SwitchName, now: Option<&SwitchValue>) -> FormBlock {
    let form = FormBlock::new(path(name), "Set").heading("Set it").cancel("All switches", LIST);
    let input = match name.kind() {
        Preset::Flag(_) => {
            let choices =
                [("on", "On"), ("off", "Off")].map(|(value, word)| (value.to_owned(), word.to_owned()));
            let value = now.map_or_else(String::new, ToString::to_string);
            Input::new("value", "What it is from now on", InputKind::Radio(choices.into())).value(value)
        }
        Preset::Number(_) => {
            let value = now.map_or_else(String::new, ToString::to_string);
            Input::new("value", "The number", InputKind::Number)
                .hint("A whole number, 0 or more.")
                .value(value)
        }
        Preset::Text(_) => {
            let value = match now {
                Some(SwitchValue::Text(text)) => text.as_str(),
                _ => "",
            };
            Input::new("value", "The text", InputKind::Long)
                .hint("Without a text it is as if nothing was set.")
                .value(value)
                .optional()
        }
    };
    form.input(input)
}

async fn shown(
    app: &App,
    desk: &Desk,
    name: SwitchName,
    known: &Known,
    form: FormBlock,
) -> Result<PageOf, StoreError> {
    let history = changes::latest(app, "switch", &name.to_string()).await?;
    let setting = known.setting(name);
    let preset = name.preset();
    let details = Details {
        heading: String::new(),
        pairs: vec![
            ("Now".to_owned(), known.value(name)),
            ("Unless somebody sets it".to_owned(), value(preset.as_ref())),
            ("Set".to_owned(), setting.map_or(Cell::text("Nobody set it"), |it| Cell::Time(it.modified_at))),
        ],
    };
    let (up, up_href) = match name.key() {
        (_, "") => ("Feature switches".to_owned(), LIST.to_owned()),
        (feature, _) => (feature.to_owned(), format!("{LIST}{feature}/")),
    };
    let mut page =
        desk.page(name.to_string()).up(up, up_href).lead(name.meaning()).push(Block::Details(details));
    page = page.push(Block::Form(form));
    if setting.is_some() {
        let back = FormBlock::new(format!("{}take_back/", path(name)), "Take it back")
            .heading("Take back what was set")
            .lead("It is what it is unless somebody sets it.");
        page = page.push(Block::Form(back));
    }
    if name.key().1.is_empty() && name.feature().by_state.is_some() {
        page = page.push(Block::Table(states(name, known)));
    }
    Ok(page.push(Block::Table(history)))
}

/// The states that have a feature one by one, each with a button.
fn states(name: SwitchName, known: &Known) -> Table {
    let row = |state: SwitchName| {
        let is_on = known.switches.value(state) == Some(&SwitchValue::Flag(true));
        let (label, next) = if is_on { ("Switch off", "off") } else { ("Switch on", "on") };
        let button =
            Button::new(label, path(state)).about(format!("in {}", state.key().1)).with("value", next);
        vec![
            Cell::link(state.key().1, path(state)),
            known.value(state),
            known.setting(state).map_or(Cell::text("As preset"), |it| Cell::Time(it.modified_at)),
            Cell::Buttons(vec![button]),
        ]
    };
    let mut columns: Vec<Column> = ["State", "Now", "Set"].map(Column::new).into();
    columns.push(Column::silent("What to do"));
    Table {
        caption: "States".to_owned(),
        columns,
        rows: SwitchName::of(name.feature()).filter(SwitchName::is_state).map(row).collect(),
        empty: String::new(),
    }
}

/// Where one goes on: the page of the switch, of a state that of its feature, where its button is.
fn after(name: SwitchName) -> String {
    if name.is_state() { format!("{LIST}{}/", name.key().0) } else { path(name) }
}

/// `POST /manage/operations/switches/{name}/`
///
/// # Errors
/// 404 for what is no switch; when the store fails.
pub(in crate::manage) async fn set(request: Request, desk: Desk) -> Answer {
    let (app, name) = (request.app(), named(&request)?);
    let typed = desk.form.get("value").replace("\r\n", "\n");
    match name.read(&typed) {
        Ok(value) => {
            switch::set_by(app, Some(desk.user.id), name, Some(&value)).await?;
            Ok(desk.back(app, &after(name), &format!("{name} is {value} within seconds.")))
        }
        Err(error) => {
            let known = Known::of(app).await?;
            let mut problems = Problems::default();
            let problem = if typed.is_empty() {
                Problem::Required
            } else {
                Problem::Other("problem-switch", error.to_string())
            };
            problems.add("value", problem);
            let form = form(name, known.switches.value(name)).with(&problems, &desk.form);
            Ok(shown(app, &desk, name, &known, form).await?.answer())
        }
    }
}

/// `POST /manage/operations/switches/{name}/take_back/`
///
/// # Errors
/// 404 for what is no switch; when the store fails.
pub(in crate::manage) async fn take_back(request: Request, desk: Desk) -> Answer {
    let (app, name) = (request.app(), named(&request)?);
    switch::set_by(app, Some(desk.user.id), name, None).await?;
    Ok(desk.back(app, &after(name), &format!("What was set of {name} is taken back.")))
}
