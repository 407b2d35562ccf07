//! Which statements the server runs for a request, in its order, and with which values. `seen.rs` compares them with
//! those that the server really runs.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value as Anything, json};
use turnout_core::{
    file::FileType,
    jobs::Priority,
    register::{Status, ToolName},
};
use turnout_storage::sql::statements::{
    Text, actions, elections, files, jobs, officials, registrations, search, subscribers,
};
use uuid::Uuid;

use crate::{
    calls::{Call, STATE},
    sql::{Value, moment_text},
};

/// One statement.
pub(crate) struct Step {
    pub(crate) text: Text,
    pub(crate) values: Vec<Value>,
}

/// What the store's statements are.
pub(crate) struct Texts {
    pub(crate) subscriber: Text,
    state: Text,
    fact: Text,
    action: Text,
    insert_action: Text,
    record: Text,
    insert_registration: Text,
    lock_registration: Text,
    update_registration: Text,
    list: Text,
    enqueue: Text,
    insert_file: Text,
    update_file: Text,
}

/// All statements of the rooms that are asked.
pub(crate) fn rooms() -> impl Iterator<Item = Text> {
    [
        actions::ALL,
        elections::ALL,
        files::ALL,
        jobs::ALL,
        officials::ALL,
        registrations::ALL,
        search::ALL,
        subscribers::ALL,
    ]
    .into_iter()
    .flatten()
    .map(|(_, text)| *text)
}

/// As PostgreSQL tells those who listen that a job is due; SQLite tells nobody.
const ANNOUNCE: Text = Text { sqlite: "", postgres: "SELECT pg_notify($1, '')" };

impl Texts {
    pub(crate) fn of_the_store() -> Self {
        let of = |room: &[(&str, Text)], name: &str| {
            let found = room.iter().find(|(known, _)| *known == name);
            found.unwrap_or_else(|| panic!("the store has no statement {name}")).1
        };
        Self {
            subscriber: of(subscribers::ALL, "DEFAULT"),
            state: of(elections::ALL, "STATE"),
            fact: of(elections::ALL, "TEXT"),
            action: of(actions::ALL, "BY_ID"),
            insert_action: of(actions::ALL, "INSERT"),
            record: of(actions::ALL, "RECORD"),
            insert_registration: of(registrations::ALL, "INSERT"),
            lock_registration: of(registrations::ALL, "LOCK"),
            update_registration: of(registrations::ALL, "UPDATE"),
            list: of(search::ALL, "INSERT"),
            enqueue: of(jobs::ALL, "ENQUEUE"),
            insert_file: of(files::ALL, "INSERT"),
            update_file: of(files::ALL, "UPDATE"),
        }
    }

    /// The statements of a call whose values do not matter here.
    pub(crate) fn of(&self, call: Call) -> Vec<Text> {
        let steps = match call {
            // kept as finished bytes
            Call::States | Call::State | Call::Region => Vec::new(),
            Call::Event => self.event(&Happened { action: Uuid::nil(), event_type: String::new() }),
            Call::Incomplete => Record::new(Voter::default(), Uuid::nil()).incomplete(self),
            Call::Complete => Record::new(Voter::default(), Uuid::nil()).complete(self),
        };
        steps.into_iter().map(|step| step.text).collect()
    }

    /// An event is recorded.
    pub(crate) fn event(&self, event: &Happened) -> Vec<Step> {
        vec![
            step(self.action, vec![Value::Id(Some(event.action))]),
            step(self.record, recorded(event.action, &event.event_type, now())),
        ]
    }
}

fn step(text: Text, values: Vec<Value>) -> Step {
    Step { text, values }
}

fn text(it: &str) -> Value {
    Value::Text(Some(it.to_owned()))
}

#[expect(clippy::disallowed_methods, reason = "a bench has no port")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn fresh() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

fn recorded(action: Uuid, kind: &str, now: DateTime<Utc>) -> Vec<Value> {
    vec![Value::Id(Some(fresh())), Value::Id(Some(action)), text(kind), Value::Moment(Some(now))]
}

/// The body of an event.
#[derive(Deserialize)]
pub(crate) struct Happened {
    pub(crate) action: Uuid,
    pub(crate) event_type: String,
}

/// The body of a registration.
#[derive(Default, Deserialize)]
pub(crate) struct Voter {
    first_name: String,
    last_name: String,
    address1: String,
    city: String,
    state: String,
    zipcode: String,
    date_of_birth: NaiveDate,
    email: String,
    utm_source: String,
    session_id: Uuid,
    us_citizen: Option<bool>,
}

/// A registration on its way into the database.
pub(crate) struct Record {
    voter: Voter,
    subscriber: Uuid,
    pub(crate) id: Uuid,
    pub(crate) action: Uuid,
    file: Uuid,
    key: String,
    now: DateTime<Utc>,
}

impl Record {
    pub(crate) fn new(voter: Voter, subscriber: Uuid) -> Self {
        let file = fresh();
        let key = format!("261128.{}.oh-{}-registrationform.pdf", file.simple(), voter.last_name);
        Self { voter, subscriber, id: fresh(), action: fresh(), file, key, now: now() }
    }

    /// Begun and left.
    pub(crate) fn incomplete(&self, texts: &Texts) -> Vec<Step> {
        let mut steps = self.begun(texts);
        steps.push(step(texts.record, recorded(self.action, "Start", self.now)));
        steps.push(step(texts.state, vec![text(STATE)]));
        steps
    }

    /// With its form.
    pub(crate) fn complete(&self, texts: &Texts) -> Vec<Step> {
        let mut steps = self.begun(texts);
        let mut inserted = self.stored_file(false);
        inserted.push(Value::Moment(Some(self.now)));
        steps.push(step(texts.insert_file, inserted));
        let discard =
            self.job("file.discard_unclaimed", json!({ "file": self.file }), self.now + DAY, false, None);
        steps.push(step(texts.enqueue, vec![Value::Json(Some(json!([discard])))]));
        for slug in [
            "registration_nvrf_submission_address",
            "registration_deadline_mail",
            "warnings_registration",
            "external_tool_verify_status",
        ] {
            steps.push(step(texts.fact, vec![text(STATE), text(slug)]));
        }
        steps.push(step(texts.lock_registration, vec![Value::Id(Some(self.id))]));
        steps.push(step(texts.update_file, self.stored_file(true)));
        let job = |kind: &str, due: DateTime<Utc>| {
            let key = format!("{kind}:{}", self.id);
            self.job(kind, json!({ "registration": self.id }), due, true, Some(key))
        };
        let key = format!("action.finish:{}", self.action);
        let finish = self.job("action.finish", json!({ "action": self.action }), self.now, false, Some(key));
        let follow =
            json!([job("register.notify", self.now), job("register.remind", self.now + DAY), finish]);
        steps.push(step(texts.enqueue, vec![Value::Json(Some(follow))]));
        steps.push(step(texts.update_registration, self.columns(Status::Pending, Some(self.file))));
        steps.push(step(ANNOUNCE, vec![text("turnout_job")]));
        steps.push(step(texts.state, vec![text(STATE)]));
        steps
    }

    /// Whose voter it is; action, registration, what the voter is found by, and the look whether it was finished.
    fn begun(&self, texts: &Texts) -> Vec<Step> {
        let (id, moment) = (|id| Value::Id(Some(id)), |at| Value::Moment(Some(at)));
        let mut registration = self.columns(Status::Incomplete, None);
        registration.extend([id(self.action), id(self.subscriber), moment(self.now)]);
        let terms = format!("{} {}", self.voter.email, self.voter.last_name);
        let check = json!({ "action": self.action });
        let quarter = TimeDelta::minutes(15);
        let check = self.job("action.check_unfinished", check, self.now + quarter, true, None);
        vec![
            step(texts.subscriber, Vec::new()),
            step(
                texts.insert_action,
                vec![
                    id(self.action),
                    Value::Flag(Some(true)),
                    Value::Moment(None),
                    moment(self.now),
                    moment(self.now),
                ],
            ),
            step(texts.insert_registration, registration),
            step(
                texts.list,
                vec![
                    id(self.subscriber),
                    text(ToolName::Register.wire()),
                    moment(self.now),
                    id(self.action),
                    text(&terms),
                ],
            ),
            step(texts.enqueue, vec![Value::Json(Some(json!([check])))]),
        ]
    }

    fn job(
        &self,
        kind: &str,
        payload: Anything,
        due: DateTime<Utc>,
        high: bool,
        key: Option<String>,
    ) -> Anything {
        let priority = if high { Priority::High } else { Priority::Default };
        json!({
            "uuid": fresh().simple().to_string(), "kind": kind, "payload": payload, "priority": priority as i64,
            "lane": "default", "unique_key": key, "subscriber_id": self.subscriber.simple().to_string(),
            "is_due": due <= self.now, "due_at": moment_text(due), "created_at": moment_text(self.now),
        })
    }

    /// The columns of a file but the last.
    fn stored_file(&self, claimed: bool) -> Vec<Value> {
        let moment = |at| Value::Moment(Some(at));
        vec![
            Value::Id(Some(self.file)),
            text(FileType::RegForm.wire()),
            text(&self.key),
            text("oh-registrationform.pdf"),
            text(&self.voter.email),
            Value::Id(Some(self.subscriber)),
            Value::Small(1),
            Value::Bytes(None),
            moment(self.now + DAY * 7),
            Value::Moment(None),
            Value::Moment(None),
            Value::Flag(Some(claimed)),
            moment(self.now),
        ]
    }

    /// The columns of a registration but the last three.
    fn columns(&self, status: Status, file: Option<Uuid>) -> Vec<Value> {
        let voter = &self.voter;
        let empty = |count: usize| std::iter::repeat_with(|| Value::Text(None)).take(count);
        let mut columns = Vec::with_capacity(65);
        columns.extend([Value::Id(Some(self.id)), Value::Moment(Some(self.now)), text(status.wire())]);
        columns.push(Value::Text(None));
        columns.extend([
            text(&voter.first_name),
            Value::Text(None),
            text(&voter.last_name),
            Value::Text(None),
        ]);
        columns.extend([Value::Day(Some(voter.date_of_birth)), text(&voter.email), text("+14135550123")]);
        // gender, race, party
        columns.extend(empty(3));
        columns.push(Value::Flag(voter.us_citizen));
        columns.extend([text(&voter.address1), Value::Text(None), text(&voter.city), text(&voter.state)]);
        columns.push(text(&voter.zipcode));
        // the previous name and address, where mail goes, where the form is mailed to
        columns.extend(empty(20));
        columns.extend([Value::Flag(None), Value::Flag(None), Value::Flag(Some(false)), Value::Text(None)]);
        columns.extend([Value::Json(None), Value::Json(None), Value::Text(None)]);
        columns.extend([Value::Number(None), Value::Number(None), Value::Id(file), Value::Id(None)]);
        // language, the page, the campaign
        columns.extend(empty(3));
        columns.push(text(&voter.utm_source));
        columns.extend(empty(6));
        columns.push(Value::Id(Some(voter.session_id)));
        columns
    }
}

const DAY: TimeDelta = TimeDelta::days(1);
