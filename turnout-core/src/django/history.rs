//! Versions of records as entries of the log of changes (`tables.md` 11).

use serde_json::{Map, Value, json};

use super::{Record, model::text};
use crate::{absentee, election, ids::parse_uuid, person::Phone, ports::store::Row, subscriber};

/// Fields of a version that tell of it and not of the record.
const OF_ITSELF: [&str; 2] = ["created_at", "modified_at"];
/// What a contact override says.
const OVERRIDE: [&str; 5] = ["submission_method", "email", "phone", "fax", "notes"];

/// What is kept of the fields of a record.
type Read = fn(Map<String, Value>) -> Value;

/// Fills in what was done to what: the whole record after the change, and as the version before has it.
pub(super) fn note_version(record: &Record, row: &mut Row) -> Result<(), (&'static str, String)> {
    let model = record.fields.get("model").and_then(Value::as_str).unwrap_or_default();
    let (kind, read): (&str, Read) = match model {
        "election.stateinformation" => (election::edit::KIND, fact),
        "multi_tenant.client" => (subscriber::KIND, subscriber_fields),
        "absentee.leocontactoverride" => (absentee::overrides::OVERRIDE_KIND, contact),
        _ => return Err(("content_type", "is that of a model that has no history here".to_owned())),
    };
    let subject = text(row, "subject").unwrap_or_default();
    if let Some(id) = parse_uuid(subject) {
        if kind == subscriber::KIND {
            row.insert("subscriber_id".into(), json!(id.simple().to_string()));
        }
        row.insert("subject".into(), json!(id.to_string()));
    }
    let state = |field: &'static str| match record.fields.get(field).and_then(Value::as_str) {
        None => Ok(None),
        Some(text) => fields(text).map(read).map(Some).ok_or((field, "is no record as JSON".to_owned())),
    };
    let after = state("serialized_data")?.ok_or(("serialized_data", "may not be null".to_owned()))?;
    // what nobody can read any more is nothing
    let before = state("previous").unwrap_or_default();
    row.insert("kind".into(), json!(kind));
    row.insert("act".into(), json!(if before.is_some() { "changed" } else { "created" }));
    row.insert("after".into(), after);
    row.extend(before.map(|before| ("before".to_owned(), before)));
    Ok(())
}

/// The fields of the one record of a dump.
fn fields(text: &str) -> Option<Map<String, Value>> {
    let mut records: Vec<Value> = serde_json::from_str(text).ok()?;
    if text.contains("\\u0000") || records.len() != 1 {
        return None;
    }
    match records.pop()?.get_mut("fields")?.take() {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

fn fact(fields: Map<String, Value>) -> Value {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    json!({ "text": text("text"), "notes": text("notes"), "source": "", "checked_on": null })
}

fn subscriber_fields(mut fields: Map<String, Value>) -> Value {
    for name in OF_ITSELF {
        fields.remove(name);
    }
    Value::Object(fields)
}

fn contact(mut fields: Map<String, Value>) -> Value {
    let mut kept = Map::new();
    for name in OVERRIDE {
        let value = fields.remove(name).filter(|value| value != "").unwrap_or_default();
        let number = value.as_str().filter(|_| matches!(name, "phone" | "fax")).and_then(Phone::parse);
        kept.insert(name.to_owned(), number.map_or(value, |phone| json!(phone.e164())));
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(model: &str, subject: &str, after: &str, previous: Option<&str>) -> Result<Row, String> {
        let fields = json!({ "model": model, "serialized_data": after, "previous": previous });
        let fields = fields.as_object().expect("an object").clone();
        let record = Record { model: "reversion.version".into(), pk: json!(1), fields };
        let mut row = Row::new();
        row.insert("subject".into(), json!(subject));
        note_version(&record, &mut row).map_err(|(field, what)| format!("{field} {what}"))?;
        Ok(row)
    }

    #[test]
    fn a_version_tells_what_was_before_and_what_is_since() {
        let of = |fields: Value| json!([{ "model": "m", "pk": "p", "fields": fields }]).to_string();
        let id = "00112233-4455-6677-8899-aabbccddeeff";
        let (old, new) = (of(json!({ "text": "a", "notes": "" })), of(json!({ "text": "b", "state": "AK" })));
        let row = noted("election.stateinformation", id, &new, Some(&old)).expect("a row");
        assert_eq!((text(&row, "kind"), text(&row, "act")), (Some("state_information"), Some("changed")));
        assert_eq!((&row["before"]["text"], &row["after"]["text"]), (&json!("a"), &json!("b")));
        assert!(election::edit::FactText::from_json(&row["after"]).is_some_and(|fact| fact.text == "b"));

        let client = of(json!({ "name": "Ours", "created_at": "2020-01-01T00:00:00Z" }));
        let row = noted("multi_tenant.client", id, &client, None).expect("a row");
        assert_eq!((text(&row, "act"), row.get("before")), (Some("created"), None));
        assert_eq!(row["after"], json!({ "name": "Ours" }));
        assert_eq!(text(&row, "subscriber_id"), Some("00112233445566778899aabbccddeeff"));

        let contact = of(json!({ "fax": "(617) 555-1234", "email": "", "notes": "n" }));
        let row = noted("absentee.leocontactoverride", "430001", &contact, None).expect("a row");
        let kept = json!({ "submission_method": null, "email": null, "phone": null, "fax": "+16175551234", "notes": "n" });
        assert_eq!((&row["after"], text(&row, "subject")), (&kept, Some("430001")));
    }

    #[test]
    fn what_is_no_version_of_a_record_with_a_history_is_refused() {
        for (model, after) in
            [("accounts.user", "[]"), ("multi_tenant.client", "[]"), ("multi_tenant.client", "{")]
        {
            assert!(noted(model, "x", after, None).is_err(), "{model} {after}");
        }
    }
}
