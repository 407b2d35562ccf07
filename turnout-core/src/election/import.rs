//! Facts about states, taken over from another server's public API: what `/v1/election/field/` and `/v1/election/state/` say
//! (`http-api.md` 9, 2026-11). What is only here stays; each change is kept in the history of its fact.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use serde_json::{Map, Value, json};

use super::{
    FieldFormat, FieldType, StateInformation, StateProfile,
    edit::{self, FactInput, FactText, put},
    published,
};
use crate::{
    address::State,
    app::App,
    change::Change,
    ids::{FieldTypeId, InformationId},
    ports::store::{StoreError, Unit, View},
    problems::Problems,
};

/// The most characters of a slug and of a name.
const LONGEST_SLUG: usize = 50;
const LONGEST_NAME: usize = 200;
/// What kinds of facts are called in the log of changes.
const KIND: &str = "field_type";

/// A kind of fact, as another server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInfo {
    /// What it is called by people.
    pub name: String,
    /// How its texts are to be read.
    pub format: Option<FieldFormat>,
}

/// What another server knows of states.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateInfo {
    /// The kinds of facts, by slug.
    pub fields: BTreeMap<String, FieldInfo>,
    /// The facts, by state's code and slug.
    pub facts: BTreeMap<(&'static str, String), String>,
}

/// Reads what another server said. Everything that is wrong is gathered.
///
/// ```
/// use serde_json::json;
/// use turnout_core::election::import::StateInfoDraft;
///
/// let mut draft = StateInfoDraft::default();
/// draft.read("fields", &json!([{"slug": "a", "long_name": "A", "field_format": "URL"}]));
/// draft.read("states", &json!([{"code": "MA", "name": "Massachusetts", "state_information": [
///     {"field_type": "a", "text": "https://example.org/", "modified_at": "2026-01-01T00:00:00Z"}
/// ]}]));
/// let info = draft.check().unwrap();
/// assert_eq!(info.facts.len(), 1);
/// ```
#[derive(Debug, Default)]
pub struct StateInfoDraft {
    info: StateInfo,
    complaints: Vec<String>,
}

impl StateInfoDraft {
    /// Reads JSON: a list of kinds of facts or of states, as the API gives them, or `{"fields": […], "states": […]}`. `place`
    /// is where it is from, for complaints.
    pub fn read(&mut self, place: &str, json: &Value) {
        match json {
            Value::Array(items) => {
                for (number, item) in (1..).zip(items) {
                    self.item(&format!("{place}, record {number}"), item);
                }
            }
            Value::Object(object) if ["fields", "states"].iter().any(|name| object.contains_key(*name)) => {
                for name in ["fields", "states"] {
                    match object.get(name) {
                        Some(list @ Value::Array(_)) => self.read(&format!("{place}, {name}"), list),
                        Some(_) => self.complain(place, &format!("{name:?} is no list")),
                        None => {}
                    }
                }
            }
            _ => self.complain(place, "neither kinds of facts nor states"),
        }
    }

    /// Everything, if nothing was wrong with it.
    ///
    /// # Errors
    /// All complaints.
    pub fn check(self) -> Result<StateInfo, Vec<String>> {
        if self.complaints.is_empty() { Ok(self.info) } else { Err(self.complaints) }
    }

    /// Notes that something cannot be read.
    pub fn complain(&mut self, place: &str, what: &str) {
        self.complaints.push(format!("{place}: {what}"));
    }

    fn item(&mut self, place: &str, item: &Value) {
        match item {
            Value::Object(record) if record.contains_key("code") => self.state(place, record),
            Value::Object(record) if record.contains_key("slug") => self.field(place, record),
            _ => self.complain(place, "neither a kind of fact nor a state"),
        }
    }

    fn field(&mut self, place: &str, record: &Map<String, Value>) {
        let Some(slug) = slug(&record["slug"]) else {
            return self.complain(place, "\"slug\" is none");
        };
        let name = record.get("long_name").and_then(Value::as_str);
        let Some(name) = name.filter(|name| is_text(name, LONGEST_NAME)) else {
            return self.complain(place, "\"long_name\" is no name");
        };
        let format = match record.get("field_format") {
            None | Some(Value::Null) => None,
            Some(format) => match format.as_str().and_then(FieldFormat::parse) {
                Some(format) => Some(format),
                None => return self.complain(place, "\"field_format\" is none that there is"),
            },
        };
        let field = FieldInfo { name: name.to_owned(), format };
        if self.info.fields.insert(slug, field).is_some() {
            self.complain(place, "this kind of fact is there twice");
        }
    }

    fn state(&mut self, place: &str, record: &Map<String, Value>) {
        let Some(state) = record["code"].as_str().and_then(State::parse) else {
            return self.complain(place, "\"code\" is that of no state");
        };
        let Some(Value::Array(facts)) = record.get("state_information") else {
            return self.complain(place, "\"state_information\" is no list");
        };
        for (number, fact) in (1..).zip(facts) {
            let place = format!("{place}, fact {number}");
            let Some(slug) = fact.get("field_type").and_then(slug) else {
                self.complain(&place, "\"field_type\" is no slug");
                continue;
            };
            let Some(text) = fact.get("text").and_then(Value::as_str) else {
                self.complain(&place, "\"text\" is none");
                continue;
            };
            if self.info.facts.insert((state.code(), slug), text.to_owned()).is_some() {
                self.complain(&place, "this fact is there twice");
            }
        }
    }
}

fn slug(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let is_slug = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    (is_text(text, LONGEST_SLUG) && text.chars().all(is_slug)).then(|| text.to_owned())
}

fn is_text(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && !text.contains('\0') && text.chars().count() <= longest
}

/// What is done to a kind of fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its slug.
    pub slug: String,
    /// How it was; nothing where there was none.
    pub before: Option<FieldInfo>,
    /// How it is then.
    pub after: FieldInfo,
}

/// What is done to a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactChange {
    /// Its state.
    pub state: State,
    /// The slug of its kind.
    pub slug: String,
    /// What it said; nothing where there was none.
    pub before: Option<String>,
    /// What it says then.
    pub after: String,
}

/// A fact that is not taken over, as its text is not as its kind says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its state.
    pub state: State,
    /// The slug of its kind.
    pub slug: String,
    /// What is wrong with it.
    pub problems: Problems,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = self.problems.to_json();
        let said = problems["text"][0].as_str().unwrap_or("its text is not as its kind says");
        write!(f, "{} {}: {said}", self.state.code(), self.slug)
    }
}

/// What taking over does, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Kinds of facts that are new or have another name or format.
    pub fields: Vec<FieldChange>,
    /// Facts that are new or say something else, by state and slug.
    pub facts: Vec<FactChange>,
    /// Facts that are left as they are here, though the other server says something else.
    pub left_out: Vec<LeftOut>,
    /// How many facts say the same in both places.
    pub unchanged: usize,
    /// How many facts the other server does not have; they stay.
    pub only_here: usize,
}

impl Imported {
    /// Whether there is nothing to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.facts.is_empty()
    }
}

/// Why nothing was taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There are facts of kinds that neither server has.
    #[error("no kind of fact is called {}", .0.join(", "))]
    UnknownKinds(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes over what another server says, or only looks what that would do. `from` is where it is from, for the history.
///
/// # Errors
/// See [`ImportError`]: nothing is half-done then.
pub async fn take_over(
    app: &App,
    info: &StateInfo,
    from: &str,
    dry_run: bool,
) -> Result<Imported, ImportError> {
    let mut view = app.store.view().await?;
    let plan = Plan::make(app, view.as_mut(), info).await?;
    drop(view);
    if dry_run || plan.imported.is_empty() {
        return Ok(plan.imported);
    }
    let mut unit = app.store.begin().await?;
    // somebody may have been at it meanwhile
    let plan = Plan::make(app, unit.as_mut(), info).await?;
    plan.carry_out(app, unit.as_mut(), from).await?;
    unit.commit().await?;
    Ok(plan.imported)
}

/// What is to be done.
struct Plan {
    /// Kinds of facts by slug, as they are to be.
    fields: HashMap<String, FieldType>,
    /// The facts that there are, by state and kind.
    known: HashMap<(State, FieldTypeId), StateInformation>,
    /// The states that there are.
    states: Vec<State>,
    imported: Imported,
}

impl Plan {
    async fn make(app: &App, view: &mut dyn View, info: &StateInfo) -> Result<Self, ImportError> {
        let fields = view.elections().field_types().await?.into_iter().map(|it| (it.slug.clone(), it));
        let facts = view.elections().information().await?;
        let states = view.elections().states().await?.into_iter().map(|it| it.code).collect();
        let known = facts.into_iter().map(|it| ((it.state, it.field_type), it)).collect();
        let mut plan = Self { fields: fields.collect(), known, states, imported: Imported::default() };
        for (slug, after) in &info.fields {
            plan.field(app, slug, after);
        }
        let mut unknown: Vec<String> = info.facts.keys().map(|(_, slug)| slug.clone()).collect();
        unknown.retain(|slug| !plan.fields.contains_key(slug));
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            return Err(ImportError::UnknownKinds(unknown));
        }
        let mut shared = 0;
        for ((code, slug), text) in &info.facts {
            let state = State::parse(code).expect("its code was read");
            shared += usize::from(plan.fact(app, state, slug, text));
        }
        plan.imported.only_here = plan.known.len() - shared;
        Ok(plan)
    }

    fn field(&mut self, app: &App, slug: &str, after: &FieldInfo) {
        let now = app.now();
        let before = self.fields.get(slug);
        let known = before.map(|it| FieldInfo { name: it.long_name.clone(), format: it.format });
        if known.as_ref() == Some(after) {
            return;
        }
        let field = FieldType {
            id: before.map_or_else(|| FieldTypeId(app.ids.uuid()), |it| it.id),
            slug: slug.to_owned(),
            long_name: after.name.clone(),
            help_text: before.and_then(|it| it.help_text.clone()),
            format: after.format,
            created_at: before.map_or(now, |it| it.created_at),
            modified_at: now,
        };
        self.fields.insert(slug.to_owned(), field);
        let change = FieldChange { slug: slug.to_owned(), before: known, after: after.clone() };
        self.imported.fields.push(change);
    }

    /// Says whether there is such a fact here.
    fn fact(&mut self, app: &App, state: State, slug: &str, text: &str) -> bool {
        let field = &self.fields[slug];
        let before = self.known.get(&(state, field.id)).map(|it| it.text.clone());
        let is_known = before.is_some();
        match checked(field.format, text, app) {
            Ok(after) if before.as_ref() == Some(&after) => self.imported.unchanged += 1,
            Ok(after) => {
                self.imported.facts.push(FactChange { state, slug: slug.to_owned(), before, after });
            }
            Err(problems) => {
                self.imported.left_out.push(LeftOut { state, slug: slug.to_owned(), problems });
            }
        }
        is_known
    }

    async fn carry_out(&self, app: &App, unit: &mut dyn Unit, from: &str) -> Result<(), StoreError> {
        let comment = format!("From {from}");
        for change in &self.imported.fields {
            let field = &self.fields[&change.slug];
            match change.before {
                Some(_) => unit.elections_mut().update_field_type(field).await?,
                None => unit.elections_mut().insert_field_type(field).await?,
            }
            let said = |it: &FieldInfo| json!({ "long_name": it.name, "field_format": it.format.map(|format| format.wire()) });
            Change::new(app, None, KIND, &change.slug, "imported")
                .because(&comment)
                .from_to(change.before.as_ref().map(said), Some(said(&change.after)))
                .write(unit)
                .await?;
        }
        if !self.imported.fields.is_empty() {
            published::field_types(app, unit).await?;
        }
        let mut states = self.states.clone();
        for change in &self.imported.facts {
            if !states.contains(&change.state) {
                put_state(app, unit, change.state).await?;
                states.push(change.state);
            }
            self.put(app, unit, change, &comment).await?;
        }
        let changed = self.imported.facts.iter().map(|it| (it.state, self.fields[&it.slug].id));
        published::facts(app, unit, changed.collect::<Vec<_>>()).await
    }

    async fn put(
        &self,
        app: &App,
        unit: &mut dyn Unit,
        change: &FactChange,
        comment: &str,
    ) -> Result<(), StoreError> {
        let field = &self.fields[&change.slug];
        if let Some(known) = self.known.get(&(change.state, field.id)) {
            let fact = unit.edits_mut().lock(known.id).await?;
            let fact = fact.ok_or_else(|| StoreError::Other("a fact went away meanwhile".into()))?;
            let text = FactText { text: change.after.clone(), ..FactText::from(&fact) };
            put(app, unit, None, fact, text, ("imported", comment.to_owned())).await?;
            return Ok(());
        }
        let now = app.now();
        let fact = StateInformation {
            id: InformationId(app.ids.uuid()),
            state: change.state,
            field_type: field.id,
            text: change.after.clone(),
            notes: String::new(),
            source: String::new(),
            checked_on: None,
            created_at: now,
            modified_at: now,
        };
        unit.elections_mut().insert_information(&fact).await?;
        let change = Change::new(app, None, edit::KIND, fact.id, "imported").because(comment);
        change.from_to(None, Some(FactText::from(&fact).json())).write(unit).await
    }
}

async fn put_state(app: &App, unit: &mut dyn Unit, state: State) -> Result<(), StoreError> {
    let now = app.now();
    let profile = StateProfile {
        code: state,
        name: state.name().to_owned(),
        allow_print_and_forward: None,
        allow_absentee_print_and_forward: None,
        created_at: now,
        modified_at: now,
    };
    unit.elections_mut().put_state(&profile).await
}

/// A text as its kind takes it: in an older database a Boolean one may be written small, and nobody need have chosen one.
fn checked(format: Option<FieldFormat>, text: &str, app: &App) -> Result<String, Problems> {
    let text = match (format, text.trim()) {
        (_, "") => return Ok(String::new()),
        (Some(FieldFormat::Boolean), text) if text.eq_ignore_ascii_case("true") => "True",
        (Some(FieldFormat::Boolean), text) if text.eq_ignore_ascii_case("false") => "False",
        (_, text) => text,
    };
    let input = FactInput { text: text.to_owned(), ..FactInput::default() };
    edit::check(&input, format, app.now()).map(|fact| fact.text)
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        change::ChangeFilter,
        conformance::rows,
        memory::{World, world},
        page::PageRequest,
        ports::store::Store as _,
    };

    async fn with_facts() -> World {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        unit.elections_mut().put_state(&rows::state(State::Ma)).await.expect("a state");
        for kind in [
            rows::field_type(1, "tool", Some(FieldFormat::Url)),
            rows::field_type(2, "universal", Some(FieldFormat::Boolean)),
            rows::field_type(3, "ours", None),
        ] {
            unit.elections_mut().insert_field_type(&kind).await.expect("a kind");
        }
        for fact in [
            rows::fact(1, State::Ma, 1, "https://old.example.org/"),
            rows::fact(2, State::Ma, 2, "True"),
            rows::fact(3, State::Ma, 3, "only here"),
        ] {
            unit.elections_mut().insert_information(&fact).await.expect("a fact");
        }
        unit.commit().await.expect("a commit");
        world
    }

    fn info(json: &Value) -> StateInfo {
        let mut draft = StateInfoDraft::default();
        draft.read("a file", json);
        draft.check().expect("it is sound")
    }

    fn there() -> StateInfo {
        info(&json!({
            "fields": [
                { "slug": "tool", "long_name": "long tool", "field_format": "URL" },
                { "slug": "universal", "long_name": "Every voter gets a ballot", "field_format": "Boolean" },
                { "slug": "deadline", "long_name": "Deadline", "field_format": null },
            ],
            "states": [
                { "code": "MA", "name": "Massachusetts", "state_information": [
                    { "field_type": "tool", "text": "https://new.example.org/" },
                    { "field_type": "universal", "text": "true", "value": true },
                    { "field_type": "deadline", "text": "Ten days before" },
                ]},
                { "code": "OH", "name": "Ohio", "state_information": [
                    { "field_type": "tool", "text": "ask at the desk" },
                    { "field_type": "universal", "text": "" },
                ]},
            ],
        }))
    }

    async fn texts(world: &World) -> Vec<(String, String)> {
        let mut view = world.store.view().await.expect("a view");
        let facts = view.elections().information().await.expect("facts");
        facts.into_iter().map(|it| (it.state.code().to_owned(), it.text)).collect()
    }

    #[tokio::test]
    async fn what_differs_is_taken_over_and_what_is_only_here_stays() {
        let world = with_facts().await;
        let before = texts(&world).await;
        let looked = take_over(&world.app, &there(), "https://api.example.org/", true).await.expect("a look");
        assert_eq!(texts(&world).await, before);
        let done = take_over(&world.app, &there(), "https://api.example.org/", false).await.expect("done");
        assert_eq!(done, looked);
        let kinds: Vec<&str> = done.fields.iter().map(|it| it.slug.as_str()).collect();
        assert_eq!(kinds, ["deadline", "universal"]);
        let facts: Vec<(&str, &str, Option<&str>)> =
            done.facts.iter().map(|it| (it.state.code(), it.slug.as_str(), it.before.as_deref())).collect();
        assert_eq!(
            facts,
            [
                ("MA", "deadline", None),
                ("MA", "tool", Some("https://old.example.org/")),
                ("OH", "universal", None),
            ]
        );
        let left: Vec<String> = done.left_out.iter().map(ToString::to_string).collect();
        assert_eq!(left, ["OH tool: Enter a valid URL."]);
        assert_eq!((done.unchanged, done.only_here), (1, 1));
        let again = take_over(&world.app, &there(), "https://api.example.org/", false).await.expect("again");
        assert!(again.is_empty() && again.unchanged == 4, "{again:?}");
    }

    #[tokio::test]
    async fn the_history_says_what_it_was_and_where_it_is_from() {
        let world = with_facts().await;
        take_over(&world.app, &there(), "https://api.example.org/", false).await.expect("it is taken over");
        let mut view = world.store.view().await.expect("a view");
        let of = ChangeFilter::history(edit::KIND, InformationId(rows::uuid(1)));
        let page = view.changes().page(&of, &PageRequest { after: None, limit: 9 }).await.expect("a history");
        let [change] = page.rows.try_into().expect("one change");
        assert_eq!((change.act.as_str(), change.by), ("imported", None));
        assert_eq!(change.comment, "From https://api.example.org/");
        assert_eq!(change.before.as_ref().map(|it| &it["text"]), Some(&json!("https://old.example.org/")));
        assert!(edit::can_go_back(&change));
    }

    #[tokio::test]
    async fn facts_of_kinds_that_nobody_has_are_refused_whole() {
        let world = with_facts().await;
        let before = texts(&world).await;
        let strange = info(&json!([{ "code": "MA", "name": "Massachusetts", "state_information": [
            { "field_type": "tool", "text": "https://new.example.org/" },
            { "field_type": "nobodys", "text": "x" },
        ]}]));
        let error = take_over(&world.app, &strange, "a file", false).await.expect_err("it is refused");
        assert_eq!(error.to_string(), "no kind of fact is called nobodys");
        assert_eq!(texts(&world).await, before);
    }

    #[test]
    fn everything_that_cannot_be_read_is_said_at_once() {
        let mut draft = StateInfoDraft::default();
        draft.read("a", &json!("<html>"));
        draft.read("b", &json!([7, { "slug": "x y", "long_name": "X" }, { "slug": "x", "long_name": " " }]));
        draft.read("c", &json!([{ "slug": "x", "long_name": "X", "field_format": "Number" }]));
        draft.read("d", &json!({ "states": 7 }));
        let facts = json!([{ "field_type": "x", "text": null }, { "text": "y" }, { "field_type": "z", "text": "" },
                           { "field_type": "z", "text": "" }]);
        draft.read(
            "e",
            &json!([{ "code": "ZZ" }, { "code": "MA" }, { "code": "MA", "state_information": facts }]),
        );
        let said = draft.check().expect_err("complaints");
        assert_eq!(
            said,
            [
                "a: neither kinds of facts nor states",
                "b, record 1: neither a kind of fact nor a state",
                "b, record 2: \"slug\" is none",
                "b, record 3: \"long_name\" is no name",
                "c, record 1: \"field_format\" is none that there is",
                "d: \"states\" is no list",
                "e, record 1: \"code\" is that of no state",
                "e, record 2: \"state_information\" is no list",
                "e, record 3, fact 1: \"text\" is none",
                "e, record 3, fact 2: \"field_type\" is no slug",
                "e, record 3, fact 4: this fact is there twice",
            ]
        );
    }
}
