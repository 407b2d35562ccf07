//! The first look at a document: every record, every complaint, nothing written.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use serde_json::{Map, Value, json};

use super::{
    Record, history,
    model::{Extra, Field, Kind, Model, text},
    models::{self, LEFT_BEHIND, NOT_YET, NUMBER, TASKS},
    tasks::{self, Task},
    value,
};
use crate::{
    absentee::SubmissionType,
    account::printed_hash,
    address::State,
    api_key::{SecretHash, secret_of_django},
    app::App,
    ids::{RecoverySetId, parse_uuid},
    person::Phone,
    ports::store::Row,
    secret::hex,
};

/// So many complaints are kept; of the others only their number.
const COMPLAINTS: usize = 1_000;

/// What is wrong with a record. It names no value but the record's key, and that only where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The model.
    pub model: String,
    /// The record's key; where that is none, which record of the document it is, counted from 1.
    pub pk: String,
    /// The field.
    pub field: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} {}", self.model, self.pk, self.field, self.what)
    }
}

/// What a document holds, and what becomes of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Records of models that are kept.
    pub kept: BTreeMap<&'static str, u64>,
    /// Of those, how many rows were new or changed. Counted while they are written.
    pub written: BTreeMap<&'static str, u64>,
    /// Records of models whose rooms are not here yet: left out.
    pub not_yet: BTreeMap<String, u64>,
    /// Records of models that a takeover leaves behind.
    pub left_behind: BTreeMap<String, u64>,
    /// Records of models that nobody knows: left out.
    pub unknown_models: BTreeMap<String, u64>,
    /// Fields that nobody knows, by model and field: left out.
    pub unknown_fields: BTreeMap<String, u64>,
    /// Scheduled work that we do not do yet, by name: left out.
    pub tasks_not_yet: BTreeMap<String, u64>,
    /// Scheduled work that was started there.
    pub tasks_started: u64,
    /// Scheduled work that is long overdue: left out.
    pub tasks_overdue: u64,
}

/// A key of a record, small.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Uuid(u128),
    Number(i64),
    Text(Box<str>),
}

impl Key {
    /// Of a value as a row has it.
    pub(super) fn of(kind: Kind, value: &Value) -> Option<Self> {
        match (kind, value) {
            (Kind::Uuid, Value::String(text)) => u128::from_str_radix(text, 16).ok().map(Self::Uuid),
            (_, Value::String(text)) => Some(Self::Text(text.as_str().into())),
            (_, value) => value.as_i64().map(Self::Number),
        }
    }

    /// As a row has it.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Uuid(id) => json!(format!("{id:032x}")),
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }
}

/// Who points to a record: a place in the list of models, its field, and its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pointer {
    pub(super) field: &'static str,
    pub(super) model: &'static str,
    pub(super) from: u128,
    pub(super) number: Option<i64>,
}

/// What the first look finds.
pub struct Survey {
    pub(super) app: App,
    pub(super) report: Report,
    pub(super) complaints: Vec<Complaint>,
    pub(super) more_complaints: u64,
    /// How many records were looked at.
    looked_at: u64,
    /// The keys of the records that others point to.
    seen: HashMap<&'static str, HashSet<Key>>,
    /// What is pointed to and was not seen yet, and one who does.
    pub(super) wanted: HashMap<&'static str, HashMap<Key, Pointer>>,
    taken: HashSet<(&'static str, &'static str, Key)>,
    pairs: HashSet<(Key, Key)>,
    /// The rows of which there are few, by model.
    pub(super) few: BTreeMap<usize, Vec<Row>>,
    /// Telephone numbers from abroad, by how the document writes them.
    pub(super) abroad: HashMap<String, String>,
    models: HashMap<&'static str, (usize, &'static Model)>,
    targets: HashSet<&'static str>,
}

impl Survey {
    /// Nothing seen yet. Of `app` the pepper of API keys, the clock and the kinds of jobs are needed.
    #[must_use]
    pub fn new(app: &App) -> Self {
        let models: HashMap<_, _> =
            models::kept().iter().enumerate().map(|(at, model)| (model.label, (at, model))).collect();
        let fields = |model: &'static Model| std::iter::once(&model.key).chain(&model.fields);
        let targets = models::kept().iter().flat_map(fields).filter_map(|field| field.to);
        Self {
            app: app.clone(),
            report: Report::default(),
            complaints: Vec::new(),
            more_complaints: 0,
            looked_at: 0,
            seen: HashMap::new(),
            wanted: HashMap::new(),
            taken: HashSet::new(),
            pairs: HashSet::new(),
            few: BTreeMap::new(),
            abroad: HashMap::new(),
            targets: targets.collect(),
            models,
        }
    }

    /// Looks at a record.
    pub fn look(&mut self, record: &Record) {
        self.looked_at += 1;
        let label = record.model.as_str();
        if label == TASKS {
            return self.look_at_task(record);
        }
        let Some((at, model)) = self.models.get(label).copied() else {
            let counts = match label {
                _ if is_in(NOT_YET, label) => &mut self.report.not_yet,
                _ if is_in(LEFT_BEHIND, label) => &mut self.report.left_behind,
                _ => &mut self.report.unknown_models,
            };
            *counts.entry(label.to_owned()).or_default() += 1;
            return;
        };
        *self.report.kept.entry(model.label).or_default() += 1;
        self.list_fields(model, record);
        let Some(row) = self.checked(model, record) else { return };
        self.note_pointers(model, record, &row);
        if model.few {
            self.few.entry(at).or_default().push(row);
        }
    }

    /// Everything that is wrong, as far as it is kept, and how much more there is.
    #[must_use]
    pub fn complaints(&self) -> (&[Complaint], u64) {
        (&self.complaints, self.more_complaints)
    }

    /// What the document holds.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    pub(super) fn complain(&mut self, model: &str, pk: &str, field: &str, what: impl Into<String>) {
        if self.complaints.len() >= COMPLAINTS {
            self.more_complaints += 1;
            return;
        }
        let [model, pk, field] = [model, pk, field].map(str::to_owned);
        self.complaints.push(Complaint { model, pk, field, what: what.into() });
    }

    /// The record that is looked at, for a person.
    fn called(&self, record: &Record) -> String {
        shown(&record.pk).unwrap_or_else(|| format!("record {}", self.looked_at))
    }

    fn look_at_task(&mut self, record: &Record) {
        *self.report.kept.entry(TASKS).or_default() += 1;
        match tasks::read(&self.app, record) {
            Ok(Task::Job(_)) => {}
            Ok(Task::Started) => self.report.tasks_started += 1,
            Ok(Task::Overdue) => self.report.tasks_overdue += 1,
            Ok(Task::NotYet(name)) => *self.report.tasks_not_yet.entry(name).or_default() += 1,
            Err((field, what)) => self.complain(TASKS, &self.called(record), field, what),
        }
    }

    fn list_fields(&mut self, model: &Model, record: &Record) {
        for name in record.fields.keys() {
            let is_known = model.fields.iter().any(|field| field.name == name)
                || model.made_anew.contains(&name.as_str());
            if is_known {
                continue;
            }
            *self.report.unknown_fields.entry(format!("{}.{name}", model.label)).or_default() += 1;
        }
    }

    fn checked(&mut self, model: &'static Model, record: &Record) -> Option<Row> {
        match row(&self.app, model, record) {
            Ok(row) => Some(row),
            Err(wrong) => {
                let pk = self.called(record);
                for (field, what) in wrong {
                    self.complain(model.label, &pk, field, what);
                }
                None
            }
        }
    }

    /// Notes what the record is, what it points to, and what nobody else may have.
    fn note_pointers(&mut self, model: &'static Model, record: &Record, row: &Row) {
        let pk = self.called(record);
        let key = row.get(model.key.column).and_then(|value| Key::of(model.key.kind, value));
        let Some(key) = key else { return };
        if self.targets.contains(model.label) {
            if let Some(wanted) = self.wanted.get_mut(model.label) {
                wanted.remove(&key);
            }
            if !self.seen.entry(model.label).or_default().insert(key.clone()) {
                self.complain(model.label, &pk, "pk", "is there twice");
            }
        }
        let fields = std::iter::once(&model.key).chain(&model.fields);
        for field in fields.filter(|field| field.to.is_some() || field.unique) {
            let pointed = row.get(field.column).and_then(|value| Key::of(field.kind, value));
            let Some(pointed) = pointed else { continue };
            if field.unique && !self.taken.insert((model.label, field.name, pointed.clone())) {
                self.complain(model.label, &pk, field.name, "is that of another record too");
            }
            self.want(model, field, &key, pointed);
        }
        self.note_pair(model, &pk, row);
    }

    fn want(&mut self, model: &'static Model, field: &Field, from: &Key, pointed: Key) {
        let Some(to) = field.to else { return };
        if self.seen.get(to).is_some_and(|seen| seen.contains(&pointed)) {
            return;
        }
        let (from, number) = match from {
            Key::Uuid(id) => (*id, None),
            Key::Number(number) => (0, Some(*number)),
            Key::Text(_) => (0, None),
        };
        let pointer = Pointer { field: field.name, model: model.label, from, number };
        self.wanted.entry(to).or_default().entry(pointed).or_insert(pointer);
    }

    /// A document has telephone numbers in the form of their country, which of those from abroad does not tell which number
    /// it is; who points to one has all of it (`tables.md` 12). So those that are pointed to are recovered.
    pub(super) fn recover_numbers(&mut self) {
        let Some(wanted) = self.wanted.get_mut(NUMBER) else { return };
        let seen = self.seen.get(NUMBER);
        let abroad = &mut self.abroad;
        wanted.retain(|key, _| {
            let Key::Text(e164) = key else { return true };
            let national = Phone::from_stored(e164.to_string()).national();
            let is_seen = seen.is_some_and(|seen| seen.contains(&Key::Text(national.as_str().into())));
            // of two that are written alike nobody knows which one it is
            if !is_seen || abroad.get(&national).is_some_and(|other| **other != **e164) {
                return true;
            }
            abroad.insert(national, e164.to_string());
            false
        });
    }

    /// No two facts of one kind about one state.
    fn note_pair(&mut self, model: &Model, pk: &str, row: &Row) {
        let [state, kind] = model.table.natural else { return };
        let key = |column: &str, kind| row.get(column).and_then(|value| Key::of(kind, value));
        if let (Some(state), Some(kind)) = (key(state, Kind::State), key(kind, Kind::Uuid))
            && !self.pairs.insert((state, kind))
        {
            self.complain(model.label, pk, "field_type", "is that of another record of this state too");
        }
    }
}

/// Whether a list of models, their tables and reasons has a model.
fn is_in(list: &[(&str, &str, &str)], label: &str) -> bool {
    list.iter().any(|(model, ..)| *model == label)
}

/// A key, for a person. What looks like none may be anything, such as somebody's address, and is not repeated.
pub(super) fn shown(pk: &Value) -> Option<String> {
    match pk {
        Value::String(text) => {
            (parse_uuid(text).is_some() || State::parse(text).is_some()).then(|| text.clone())
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The row of a record, or everything that is wrong with it.
pub(super) fn row(app: &App, model: &Model, record: &Record) -> Result<Row, Vec<(&'static str, String)>> {
    let (mut row, mut wrong) = (Row::new(), Vec::new());
    if let Err(what) = value::read(&model.key, Some(&record.pk), &mut row) {
        wrong.push(("pk", what.to_owned()));
    }
    for field in &model.fields {
        if let Err(what) = value::read(field, record.fields.get(field.name), &mut row) {
            wrong.push((field.name, what.to_owned()));
        }
    }
    match model.extra {
        Extra::Nothing => {}
        Extra::File => note_file(&mut row),
        Extra::BallotRequest => note_way(&mut row),
        Extra::ApiKey => {
            // by an id or by a natural key
            let ended = record.fields.get("deactivated_by").is_some_and(|by| !by.is_null());
            note_api_key(app, &mut row, ended).unwrap_or_else(|what| wrong.push(("secret", what)));
        }
        Extra::Authenticator => {
            for (field, usual) in USUAL_CODES {
                if record.fields.get(field).and_then(Value::as_i64).is_some_and(|it| it != usual) {
                    wrong.push((field, format!("is not {usual}, as it is of every authenticator app")));
                }
            }
            note_confirmed(app, &record.fields, &mut row);
        }
        Extra::PhoneFactor => {
            row.insert("is_backup".into(), json!(record.fields.get("name").is_some_and(|it| it == "backup")));
            row.insert("last_step".into(), json!(0));
            note_confirmed(app, &record.fields, &mut row);
        }
        Extra::RecoverySet => note_made(app, &mut row),
        Extra::Export => {
            row.insert("rows_written".into(), json!(0));
        }
        Extra::Version => history::note_version(record, &mut row).unwrap_or_else(|what| wrong.push(what)),
        Extra::RecoveryCode => {
            note_made(app, &mut row);
            let set = text(&row, "set_id").and_then(RecoverySetId::parse);
            if let (Some(set), Some(code)) = (set, record.fields.get("token").and_then(Value::as_str)) {
                row.insert("code_hash".into(), json!(hex(&printed_hash(&app.secret, set, code))));
            }
        }
    }
    if wrong.is_empty() { Ok(row) } else { Err(wrong) }
}

/// What codes of authenticator apps are made with, here and everywhere.
const USUAL_CODES: [(&str, i64); 3] = [("step", 30), ("t0", 0), ("digits", 6)];

/// When it was made is not known there: now.
fn note_made(app: &App, row: &mut Row) {
    row.insert("created_at".into(), json!(value::written(app.now())));
}

/// Since when it counts is not known there, only that it does: since now.
fn note_confirmed(app: &App, fields: &Map<String, Value>, row: &mut Row) {
    note_made(app, row);
    if fields.get("confirmed").is_some_and(|it| *it == true) {
        row.insert("confirmed_at".into(), json!(value::written(app.now())));
    }
}

/// How the form that was made goes to the office, by the rules of that service (`flows.md` 3.1). None was made yet where
/// there is no file.
fn note_way(row: &mut Row) {
    let is_given = |column: &str| text(row, column).is_some_and(|text| !text.is_empty());
    if !is_given("result_item_id") {
        return;
    }
    let method = text(row, "esign_method").and_then(SubmissionType::parse);
    let way = match () {
        () if is_given("request_mailing_address1") => SubmissionType::PrintAndForward,
        () if !is_given("signature_id") => SubmissionType::SelfPrint,
        () => method.unwrap_or(SubmissionType::SelfPrint),
    };
    row.insert("way".into(), json!(way.wire()));
}

/// `<YYMMDD>.<random>.<name>`: people download it by its name.
fn note_file(row: &mut Row) {
    let key = text(row, "file").unwrap_or_default();
    let name = key.rsplit('/').next().unwrap_or(key);
    let name = name.splitn(3, '.').nth(2).unwrap_or(name).to_owned();
    row.insert("name".into(), json!(name));
    row.insert("generation".into(), json!(1));
    row.insert("claimed".into(), json!(true));
}

/// The hash of the secret, under the pepper of either service. A key that was ended was so, as far as anybody knows, when
/// it was last changed; one without a secret opens nothing.
fn note_api_key(app: &App, row: &mut Row, ended: bool) -> Result<(), String> {
    let secret = row.remove("secret").and_then(|secret| secret.as_str().map(str::to_owned));
    let secret = secret.filter(|secret| !secret.is_empty());
    if secret.is_none() || ended {
        let ended = row.get("modified_at").cloned().unwrap_or_default();
        row.insert("deactivated_at".into(), ended);
    }
    let hash = match secret {
        None => SecretHash([0; 32]),
        Some(_) if app.api_key_pepper.is_none() => {
            return Err("can be hashed only under the pepper of that service: set API_KEY_PEPPER or API_KEY_PEEPER to it, \
                        somepepper where it was never set"
                .to_owned());
        }
        Some(secret) => SecretHash::of(app, &secret_of_django(app, &secret)),
    };
    row.insert("secret_hash".into(), json!(hex(&hash.0)));
    Ok(())
}
