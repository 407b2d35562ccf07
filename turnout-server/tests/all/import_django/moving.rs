//! A database of the Django service comes over.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::{AssertSqlSafe, PgConnection};
use turnout_core::ids::{parse_uuid, small_uuid};

use super::{
    contract::Model,
    origin::Origin,
    place::{PEPPER, Place, normal},
};
use crate::support::{Database, Running};

/// So many actions most tests have.
const FEW: u64 = 300;
/// And the one that counts and compares.
const MANY: u64 = 100_000;

/// A database of the Django service.
struct Theirs {
    database: Database,
    origin: Origin,
}

impl Theirs {
    async fn with(actions: u64) -> Self {
        let origin = Origin::of(actions);
        let database = Database::empty().await;
        let theirs = Self { database, origin };
        for statement in theirs.origin.statements() {
            theirs.execute(&statement).await;
        }
        theirs
    }

    async fn execute(&self, statement: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut self.database.connect().await)
            .await;
        done.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }

    fn url(&self) -> String {
        self.database.url().to_string()
    }

    fn import(&self, place: &Place, more: &[&str]) -> Result<String, String> {
        place.run(&[&["import", "django", "--from", &self.url()], more].concat())
    }
}

/// What is said of a model: there, read, new or changed, left out.
fn counts(said: &str, label: &str) -> [u64; 4] {
    let line = said.lines().find(|line| line.split_whitespace().next() == Some(label));
    let line = line.unwrap_or_else(|| panic!("{label} is not in {said}"));
    let counts: Vec<u64> = line.split_whitespace().skip(1).map(|count| count.parse().unwrap_or(0)).collect();
    counts.try_into().unwrap()
}

/// Tables of other names here, and models that become something else or stay behind.
fn here(model: &Model) -> Option<&str> {
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

const LEFT_BEHIND: [&str; 15] = [
    "accounts.user_",
    "admin.",
    "auth.",
    "common.delayedtask",
    "contenttypes.",
    "django_celery_results.",
    "election.updatenotificationwebhook",
    "official.regiongeom",
    "people.",
    "reporting.statsrefresh",
    "reporting.subscriberstats",
    "reversion.revision",
    "sessions.",
    "verifier.alloydataupdate",
    "voter.tsearlyvoteandballot",
];

async fn count(connection: &mut PgConnection, table: &str) -> u64 {
    let count = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")));
    u64::try_from(count.fetch_one(connection).await.unwrap_or_else(|error| panic!("{table}: {error}")) as i64)
        .unwrap()
}

/// Columns that get another form here.
const OTHERWISE: [&str; 5] = ["token", "secret", "search", "location", "key"];

/// 500 rows, from all tables by turns, field by field: what there is in `theirs` against what is here.
async fn compare(theirs: &Theirs, place: &Place) -> u64 {
    let mut there = theirs.database.connect().await;
    let mut here_rows = PgConnection::connect_to(place).await;
    let models: Vec<(&Model, &str)> = theirs
        .origin
        .models()
        .filter_map(|(model, _)| Some((model, here(model)?)))
        .filter(|(model, table)| model.table == *table)
        .collect();
    let (mut compared, each) = (0, 500_usize.div_ceil(models.len()));
    for (model, table) in models {
        let key = &model.key.column;
        let rows =
            format!("SELECT to_jsonb(t) FROM {table} t ORDER BY md5(\"{key}\"::text || 'x') LIMIT {each}");
        let rows: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut there).await.unwrap();
        for row in rows {
            let found = format!("SELECT to_jsonb(t) FROM {table} t WHERE \"{key}\"::text = $1");
            let pk = row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned);
            let ours: Option<Value> = sqlx::query_scalar(AssertSqlSafe(found))
                .bind(&pk)
                .fetch_optional(&mut here_rows)
                .await
                .unwrap();
            let ours = ours.unwrap_or_else(|| panic!("{table} {pk} is not here"));
            for column in model.columns.iter().map(|column| column.column.as_str()) {
                if !OTHERWISE.contains(&column) {
                    assert_eq!(normal(&ours[column]), normal(&row[column]), "{table} {pk} {column}");
                }
            }
            compared += 1;
        }
    }
    compared
}

trait ConnectTo {
    async fn connect_to(place: &Place) -> PgConnection;
}

impl ConnectTo for PgConnection {
    async fn connect_to(place: &Place) -> Self {
        sqlx::Connection::connect(place.url().unwrap().as_str()).await.unwrap()
    }
}

#[tokio::test]
async fn a_hundred_thousand_actions_come_over_and_nothing_is_lost() {
    let begun = std::time::Instant::now();
    let theirs = Theirs::with(MANY).await;
    let made = begun.elapsed();
    let place = Place::postgres().await;
    let seeded: BTreeMap<&str, u64> =
        BTreeMap::from([("multi_tenant_client", 2), ("multi_tenant_partnerslug", 2)]);
    let said = theirs.import(&place, &[]).unwrap_or_else(|error| panic!("{error}"));
    let took = begun.elapsed() - made;
    let (mut there, mut ours) = (theirs.database.connect().await, PgConnection::connect_to(&place).await);
    for (model, rows) in theirs.origin.models() {
        let Some(table) = here(model) else { continue };
        assert_eq!(count(&mut there, &model.table).await, rows, "{}", model.table);
        let more = match table {
            "election_stateinformationfieldtype" | "election_stateinformation" => continue,
            _ => seeded.get(table).copied().unwrap_or_default(),
        };
        assert_eq!(count(&mut ours, table).await, rows + more, "{table}");
        assert_eq!(counts(&said, &model.label), [rows, rows, rows, 0], "{said}");
    }
    assert!(compare(&theirs, &place).await >= 500);
    println!("made in {made:?}, taken over in {took:?}, compared in {:?}", begun.elapsed() - made - took);

    // and what was handed out there opens here what it opened there
    let database = place.url().unwrap().to_string();
    let folder = place.folder.path();
    let settings = [
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("API_KEY_PEEPER", PEPPER),
        ("DATABASE_URL", database.as_str()),
    ];
    let running = Running::start("serve", folder, &settings).await;
    links_open_their_files(&theirs, &running, folder).await;
    keys_open_their_subscribers(&theirs, &running).await;
}

/// Of files that are not ended; of those that are, none.
async fn links_open_their_files(theirs: &Theirs, running: &Running, folder: &std::path::Path) {
    let items = "SELECT uuid::text, token::text, file, expires > now() FROM storage_storageitem \
                 WHERE purged IS NULL AND abs(extract(epoch FROM expires - now())) > 600 ORDER BY md5(uuid::text) LIMIT 20";
    let items: Vec<(String, String, String, bool)> =
        sqlx::query_as(items).fetch_all(&mut theirs.database.connect().await).await.unwrap();
    let mut opened = 0;
    for (id, token, file, is_valid) in items {
        let private = folder.join("var/files");
        std::fs::create_dir_all(&private).unwrap();
        std::fs::write(private.join(&file), format!("%PDF {id}")).unwrap();
        let token = small_uuid(parse_uuid(&token).unwrap());
        let url = running.url(&format!("/download/{id}/?token={token}"));
        let answer = running.client().get(url).send().await.unwrap();
        let location =
            answer.headers().get("location").and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
        let got = match location.split_once("/files/") {
            Some((_, link)) => {
                let url = running.url(&format!("/files/{link}"));
                running.client().get(url).send().await.unwrap().text().await.unwrap()
            }
            None => String::new(),
        };
        assert_eq!(got == format!("%PDF {id}"), is_valid, "{id} {} {location}", answer.status());
        opened += u32::from(is_valid);
    }
    assert!(opened > 5, "{opened}");
}

async fn keys_open_their_subscribers(theirs: &Theirs, running: &Running) {
    let keys = "SELECT k.uuid::text, k.secret, k.deactivated_by_id IS NULL FROM apikey_apikey k ORDER BY k.uuid LIMIT 30";
    let keys: Vec<(String, String, bool)> =
        sqlx::query_as(keys).fetch_all(&mut theirs.database.connect().await).await.unwrap();
    let (mut opened, mut closed) = (0, 0);
    for (id, secret, is_open) in keys {
        let mut mac = Hmac::<Sha256>::new_from_slice(PEPPER.as_bytes()).unwrap();
        mac.update(secret.as_bytes());
        let shown = hex::encode(mac.finalize().into_bytes());
        let ask = running.client().post(running.url("/v1/registration/external/request/"));
        let ask = ask.basic_auth(&id, Some(shown)).json(&json!({}));
        // whoever is let in hears that everything is missing
        let status = ask.send().await.unwrap().status().as_u16();
        assert!(matches!(status, 400 | 401 | 403), "{status}");
        let refused = status != 400;
        assert_eq!(refused, !is_open, "{id}");
        if is_open { opened += 1 } else { closed += 1 }
    }
    assert!(opened > 10 && closed > 0, "{opened} {closed}");
}
