//! Rows of a database of the Django service, field by field against what is kept of them here. What has another form here is
//! worked out once more, by what the contract says and not by our code.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, PgConnection};
use turnout_core::ids::{parse_uuid, small_uuid};

use super::{
    contract::Model,
    origin::Origin,
    place::{PEPPER, Place, SECRET, normal},
};

/// Tables of other names here, and models that become something else or stay behind.
pub(super) fn here(model: &Model) -> Option<&str> {
    match model.label.as_str() {
        "otp_totp.totpdevice" => Some("account_authenticator"),
        "two_factor.phonedevice" => Some("account_phone"),
        "otp_static.staticdevice" => Some("account_recovery_set"),
        "otp_static.statictoken" => Some("account_recovery_code"),
        "reversion.version" => Some("change_entry"),
        label if LEFT_BEHIND.iter().any(|behind| label.starts_with(behind)) => None,
        _ => Some(&model.table),
    }
}

const LEFT_BEHIND: [&str; 14] = [
    "accounts.user_",
    "admin.",
    "auth.",
    "common.delayedtask",
    "contenttypes.",
    "django_celery_results.",
    "official.regiongeom",
    "people.",
    "reporting.statsrefresh",
    "reporting.subscriberstats",
    "reversion.revision",
    "sessions.",
    "verifier.alloydataupdate",
    "voter.tsearlyvoteandballot",
];

/// Versions with what they are of, who made them and why, and what was before them.
const VERSIONS: &str = "SELECT v.id, v.object_id, v.serialized_data, r.date_created, r.comment, r.user_id, \
    c.app_label || '.' || c.model AS model, \
    lag(v.serialized_data) OVER (PARTITION BY v.db, v.content_type_id, v.object_id ORDER BY v.id) AS previous \
    FROM reversion_version v JOIN reversion_revision r ON r.id = v.revision_id \
    JOIN django_content_type c ON c.id = v.content_type_id";

/// What has to stand in a column.
enum Says {
    Is(Value),
    /// A moment that nobody knew there, or none.
    Something(bool),
    Degrees(f64),
}

/// The key of a row here, and what its columns have to say.
struct Kept<'m> {
    key: (&'m str, Value),
    columns: Vec<(&'m str, Says)>,
}

fn is(given: &Value) -> Says {
    Says::Is(normal(given))
}

fn bytes(bytes: impl AsRef<[u8]>) -> Says {
    Says::Is(json!(hex::encode(bytes)))
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// The id here of a row that had a number: a UUID (version 8) of its hash, so that it is always the same.
fn numbered(label: &str, number: &Value) -> [u8; 16] {
    let mut id: [u8; 16] = Sha256::digest(format!("{label} {number}"))[..16].try_into().unwrap();
    (id[6], id[8]) = (id[6] & 0x0f | 0x80, id[8] & 0x3f | 0x80);
    id
}

/// Of a link's token only the hash of what stands in the link.
fn hash_of_token(given: &Value) -> Says {
    let token = parse_uuid(given.as_str().unwrap()).unwrap();
    bytes(Sha256::digest(small_uuid(token)))
}

/// What PostGIS gives for a point in degrees: bytes in hex, the last ones first.
fn point(given: &Value) -> [(&'static str, Says); 2] {
    let degrees = |at: usize| match given.as_str() {
        None => Says::Is(Value::Null),
        Some(text) => {
            let numbers = text.strip_prefix("0101000020E6100000").unwrap();
            let number = hex::decode(&numbers[at..at + 16]).unwrap();
            Says::Degrees(f64::from_le_bytes(number.try_into().unwrap()))
        }
    };
    [("location_lng", degrees(0)), ("location_lat", degrees(16))]
}

/// A record as the log of changes has it, of the text of a version.
fn state(model: &str, text: &Value) -> Value {
    let Some(text) = text.as_str() else { return Value::Null };
    let records: Value = serde_json::from_str(text).unwrap();
    let mut fields: Map<String, Value> = records[0]["fields"].as_object().unwrap().clone();
    match model {
        "multi_tenant.client" => {
            for of_the_row in ["created_at", "modified_at"] {
                fields.remove(of_the_row);
            }
            Value::Object(fields)
        }
        "election.stateinformation" => {
            json!({ "text": fields["text"], "notes": fields["notes"], "source": "", "checked_on": null })
        }
        _ => {
            let filled = |name: &str| fields.get(name).filter(|it| **it != "").cloned().unwrap_or_default();
            let phone = |name: &str| match filled(name) {
                Value::String(text) => {
                    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                    json!(format!("+1{digits}"))
                }
                none => none,
            };
            json!({
                "submission_method": filled("submission_method"), "email": filled("email"), "phone": phone("phone"),
                "fax": phone("fax"), "notes": filled("notes"),
            })
        }
    }
}

/// What is kept of a version: who made which change to what, when and why.
fn change(row: &Value) -> Vec<(&'static str, Says)> {
    let model = row["model"].as_str().unwrap();
    let is_subscriber = model == "multi_tenant.client";
    let kind = match model {
        "multi_tenant.client" => "subscriber",
        "election.stateinformation" => "state_information",
        "absentee.leocontactoverride" => "leo_contact_override",
        other => panic!("{other} has no history"),
    };
    let act = if row["previous"].is_null() { "created" } else { "changed" };
    vec![
        ("at", is(&row["date_created"])),
        ("by_id", is(&row["user_id"])),
        ("comment", is(&row["comment"])),
        ("kind", is(&json!(kind))),
        ("subject", is(&row["object_id"])),
        ("subscriber_id", if is_subscriber { is(&row["object_id"]) } else { is(&Value::Null) }),
        ("act", is(&json!(act))),
        ("before", is(&state(model, &row["previous"]))),
        ("after", is(&state(model, &row["serialized_data"]))),
    ]
}

/// What is kept of a second factor or a version, whose keys are others here.
fn renumbered<'m>(model: &'m Model, row: &Value) -> Option<Kept<'m>> {
    let confirmed = || ("confirmed_at", Says::Something(row["confirmed"] == true));
    let secret = || ("secret", is(&json!(row["key"].as_str().unwrap().to_lowercase())));
    let user = || ("user_id", is(&row["user_id"]));
    let columns = match model.label.as_str() {
        "otp_totp.totpdevice" => vec![user(), secret(), ("last_step", is(&row["last_t"])), confirmed()],
        "two_factor.phonedevice" => {
            let is_backup = ("is_backup", is(&json!(row["name"] == "backup")));
            vec![user(), secret(), ("number", is(&row["number"])), is_backup, confirmed()]
        }
        "otp_static.staticdevice" => vec![user()],
        "otp_static.statictoken" => {
            // hashed under a key that only this is done with
            let set = numbered("otp_static.staticdevice", &row["device_id"]);
            let code = [&set[..], row["token"].as_str().unwrap().as_bytes()].concat();
            let hash = mac(&mac(SECRET.as_bytes(), b"turnout.recovery_code"), &code);
            vec![("set_id", bytes(set)), ("code_hash", bytes(hash))]
        }
        "reversion.version" => change(row),
        _ => return None,
    };
    let key = ("uuid", json!(hex::encode(numbered(&model.label, &row["id"]))));
    Some(Kept { key, columns })
}

/// What is kept of a row, column by column.
fn kept<'m>(model: &'m Model, row: &Value) -> Kept<'m> {
    if let Some(kept) = renumbered(model, row) {
        return kept;
    }
    let mut columns = Vec::new();
    for column in model.columns.iter().map(|column| column.column.as_str()) {
        let given = &row[column];
        match (model.label.as_str(), column) {
            // made anew by a job
            (_, "search") => {}
            (_, "location") => columns.extend(point(given)),
            ("storage.storageitem" | "accounts.invite", "token") => {
                columns.push(("imported_token_hash", hash_of_token(given)));
            }
            ("apikey.apikey", "secret") => {
                // what its program shows is hashed once more
                let shown = hex::encode(mac(PEPPER.as_bytes(), given.as_str().unwrap().as_bytes()));
                let is_ended = !row["deactivated_by_id"].is_null();
                let ended = if is_ended { is(&row["modified_at"]) } else { is(&Value::Null) };
                columns.push(("secret_hash", bytes(mac(PEPPER.as_bytes(), shown.as_bytes()))));
                columns.push(("deactivated_at", ended));
            }
            ("storage.storageitem", "file") => {
                let name = given.as_str().unwrap().splitn(3, '.').nth(2).unwrap();
                columns.extend([("file", is(given)), ("name", is(&json!(name)))]);
            }
            _ => columns.push((column, is(given))),
        }
    }
    let key = model.key.column.as_str();
    Kept { key: (key, row[key].clone()), columns }
}

/// 30 rows of each table, by chance, field by field: what there is in `there` against what is here. How many they were.
pub(super) async fn compare(there: &mut PgConnection, origin: &Origin, place: &Place) -> u64 {
    let mut compared = 0;
    for (model, _) in origin.models() {
        let Some(table) = here(model) else { continue };
        let key = &model.key.column;
        let from =
            if model.label == "reversion.version" { format!("({VERSIONS})") } else { model.table.clone() };
        let rows =
            format!("SELECT to_jsonb(t) FROM {from} t ORDER BY md5(t.\"{key}\"::text || 'x') LIMIT 30");
        let rows: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut *there).await.unwrap();
        assert!(!rows.is_empty(), "{table}: there is nothing to compare");
        for row in rows {
            let Kept { key: (key, value), columns } = kept(model, &row);
            let ours = place.found(table, key, &value).await;
            let ours = ours.unwrap_or_else(|| panic!("{table} {value} is not here"));
            for (column, says) in columns {
                let found = &ours[column];
                match says {
                    Says::Is(expected) => assert_eq!(normal(found), expected, "{table} {value} {column}"),
                    Says::Something(is_there) => {
                        assert_eq!(!found.is_null(), is_there, "{table} {value} {column}: {found}");
                    }
                    Says::Degrees(degrees) => {
                        let found = found.as_f64().unwrap();
                        assert!(
                            (found - degrees).abs() < 1e-9,
                            "{table} {value} {column}: {found}, {degrees}"
                        );
                    }
                }
            }
            compared += 1;
        }
    }
    compared
}
