//! Documents as `dumpdata` writes them, made of the contract's columns.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::contract::{Column, Model, enumerations, models};

/// A moment with milliseconds, so many days into 2020.
pub(super) fn moment(day: u64) -> String {
    format!("2020-{:02}-{:02}T03:04:05.678Z", day / 28 % 12 + 1, day % 28 + 1)
}

/// The key of the record with that number of the model at that place.
fn uuid(place: usize, number: usize) -> String {
    uuid::Builder::from_random_bytes((place as u128 * 1_000_003 + number as u128 + 1).to_be_bytes())
        .into_uuid()
        .to_string()
}

/// Some records of every model of the contract, with a value in every field.
pub(super) struct Contract {
    pub(super) models: Vec<Model>,
    enumerations: BTreeMap<String, Vec<String>>,
}

impl Contract {
    pub(super) fn read() -> Self {
        Self { models: models(), enumerations: enumerations() }
    }

    pub(super) fn model(&self, label: &str) -> &Model {
        self.models.iter().find(|model| model.label == label).unwrap()
    }

    fn place(&self, label: &str) -> usize {
        self.models.iter().position(|model| model.label == label).unwrap()
    }

    /// The key of a record.
    pub(super) fn pk(&self, label: &str, number: usize) -> Value {
        let model = self.model(label);
        if model.key.key.contains("→") {
            return self.target(&model.key, number);
        }
        match model.key.kind.as_str() {
            "uuid" => json!(uuid(self.place(label), number)),
            "integer" => json!(100 + number),
            "varchar(2)" => json!(["OH", "MA", "CO"][number % 3]),
            "timestamptz" => json!(moment(number as u64)),
            _ => json!(format!("(617) 555-{:04}", 1000 + number)),
        }
    }

    /// The key that a foreign key points to.
    fn target(&self, column: &Column, number: usize) -> Value {
        let target = column.key.split("→ ").nth(1).unwrap();
        let table = target.split('.').next().unwrap().trim_matches('`');
        let label = &self.models.iter().find(|model| model.table == table).unwrap().label;
        self.pk(label, number)
    }

    fn value(&self, model: &Model, column: &Column, number: usize) -> Value {
        let key = column.key.as_str();
        if key.contains("→") {
            return self.target(column, number);
        }
        if let Some(name) = key.split("enum ").nth(1) {
            let name = name.split([',', ' ', ';']).next().unwrap();
            return json!(
                self.enumerations
                    .get(name)
                    .map(|values| &values[0])
                    .unwrap_or_else(|| panic!("{name} is in no table of the contract"))
            );
        }
        match (column.kind.as_str(), column.field.as_str()) {
            // a token opens one invitation
            (_, "token") if model.label == "accounts.invite" => json!(uuid(800, number)),
            (_, "token") if key.contains("SmallUUID") => json!("ABEiM0RVZneImaq7zN3u_w"),
            (_, "timezone") => json!("US/Pacific"),
            (_, "key") => json!(format!("{:040x}", 4_000_000_007_u64 + number as u64)),
            (_, "step") => json!(30),
            (_, "t0") => json!(0),
            (_, "digits") => json!(6),
            (_, "slug") => json!(format!("slug-{number}")),
            (_, "file") => json!(format!("201002.aB3dE6gH9jK.ma-{number}-form.pdf")),
            (_, "on_complete_task") => {
                json!("absentee.tasks.send_ballotrequest_leo_fax_sent_notification")
            }
            (_, "on_complete_task_arg") => self.pk("absentee.ballotrequest", number),
            (_, "task_name") => json!("register.tasks.send_registration_reminder"),
            (_, "args") => json!([self.pk("register.registration", number)]),
            (_, "kwargs") => json!({}),
            (_, "started_at") => Value::Null,
            ("uuid", _) => json!(uuid(900 + self.place(&model.label), number)),
            ("boolean", _) => json!(number.is_multiple_of(2)),
            ("jsonb", _) => json!({ "a": [1, null, "é \"x\""], "n": number }),
            ("timestamptz", "created_at") => json!(moment(number as u64)),
            ("timestamptz", "modified_at") => json!(moment(40 + number as u64)),
            ("timestamptz", _) => json!(moment(80 + number as u64)),
            ("date", _) => json!("1980-02-29"),
            ("geography(Point,4326)", _) => json!("SRID=4326;POINT (-122.263 37.799)"),
            ("tsvector", _) => json!("'ada':1A"),
            ("integer" | "bigint" | "smallint", _) => json!(7 + number),
            (_, "email") => json!(format!("person-{number}@example.org")),
            _ if key.contains("phone") => json!("(617) 555-1234"),
            _ => json!(format!("{} {number}", column.field)),
        }
    }

    /// A record with a value in every field.
    pub(super) fn record(&self, label: &str, number: usize) -> Value {
        let model = self.model(label);
        let mut fields = Map::new();
        for column in &model.columns {
            fields.insert(column.field.clone(), self.value(model, column, number));
        }
        json!({ "model": label, "pk": self.pk(label, number), "fields": fields })
    }

    /// Two records of every model.
    pub(super) fn everything(&self) -> Vec<Value> {
        let of = |model: &Model| [0, 1].map(|number| self.record(&model.label, number));
        self.models.iter().flat_map(of).collect()
    }
}

/// A record with other values in some fields.
pub(super) fn with(mut record: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        record["fields"][name] = value.clone();
    }
    record
}

/// The id in a record's key.
pub(super) fn id(record: &Value) -> Uuid {
    record["pk"].as_str().unwrap().parse().unwrap()
}
