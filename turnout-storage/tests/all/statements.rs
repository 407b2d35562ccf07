//! Every statement is one that the database understands, and none reads a whole table without need.

use sqlx::{AssertSqlSafe, Executor, Row, SqlSafeStr, SqlitePool, sqlite::SqliteConnectOptions};
use turnout_storage::sql::statements::{self, Text};

use crate::world::{Fresh, fresh};

type Room = (&'static str, &'static [(&'static str, Text)]);

const ROOMS: [Room; 8] = [
    ("actions", statements::actions::ALL),
    ("elections", statements::elections::ALL),
    ("files", statements::files::ALL),
    ("jobs", statements::jobs::ALL),
    ("officials", statements::officials::ALL),
    ("registrations", statements::registrations::ALL),
    ("subscribers", statements::subscribers::ALL),
    ("uploads", statements::uploads::ALL),
];

/// Those that answer with a whole table, and `PUT_STATE`: its plan names the rows that point to a state, which are
/// looked at only while the unit holds a reference to a row that is not there yet.
const WHOLE: [&str; 4] =
    ["elections.STATES", "elections.FIELD_TYPES", "elections.INFORMATION", "elections.PUT_STATE"];

async fn pool(store: &Fresh) -> SqlitePool {
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(store.path())).await.unwrap()
}

/// Every statement by its name and its room's.
fn every_statement() -> impl Iterator<Item = (String, Text)> {
    ROOMS.into_iter().flat_map(|(room, all)| {
        assert!(all.len() > 3, "{room}");
        all.iter().map(move |(name, text)| (format!("{room}.{name}"), *text))
    })
}

#[tokio::test]
async fn every_statement_can_be_prepared_on_sqlite() {
    let store = fresh().await;
    let pool = pool(&store).await;
    for (name, text) in every_statement() {
        let prepared = (&pool).prepare(AssertSqlSafe(text.sqlite).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn every_statement_can_be_prepared_on_postgres() {
    let database = crate::postgres_server::Database::migrated().await;
    let mut connection = database.connect().await;
    for (name, text) in every_statement() {
        let prepared = (&mut connection).prepare(AssertSqlSafe(text.postgres).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
}

#[tokio::test]
async fn no_statement_searches_a_table_from_end_to_end() {
    let store = fresh().await;
    let pool = pool(&store).await;
    for (room, all) in ROOMS {
        for (name, text) in all {
            let plan = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", text.sqlite)));
            let steps: Vec<String> =
                plan.fetch_all(&pool).await.unwrap().iter().map(|step| step.get("detail")).collect();
            let scans = |step: &&String| {
                step.starts_with("SCAN ") && !step.contains(" USING ") && !step.contains("json_each")
            };
            // a subquery's result and a constant row are no tables
            let tables: Vec<_> = steps
                .iter()
                .filter(scans)
                .filter(|step| {
                    !step.contains("subquery") && !step.contains("CONSTANT") && !step.contains("(sub")
                })
                .collect();
            let whole = WHOLE.contains(&format!("{room}.{name}").as_str());
            assert!(tables.is_empty() || whole, "{room}.{name}: {steps:#?}");
        }
    }
}

#[tokio::test]
async fn the_claim_finds_its_jobs_in_order_by_the_index() {
    let store = fresh().await;
    let pool = pool(&store).await;
    let (_, claim) = statements::jobs::ALL.iter().find(|(name, _)| *name == "CLAIM").unwrap();
    let plan = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", claim.sqlite)));
    let steps: Vec<String> =
        plan.fetch_all(&pool).await.unwrap().iter().map(|step| step.get("detail")).collect();
    let seeks = |index: &str| steps.iter().filter(|step| step.contains(index)).count();
    assert_eq!(seeks("INDEX job_claim (priority=? AND due_at<?)"), 2, "{steps:#?}");
    assert_eq!(seeks("INDEX job_lease (lease_until<?)"), 1, "{steps:#?}");
}
