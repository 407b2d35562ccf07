//! Every statement is one that the database understands.

use sqlx::{AssertSqlSafe, Executor, Row, SqlSafeStr, SqlitePool, sqlite::SqliteConnectOptions};
use turnout_storage::sql::statements::{self, Text};

use crate::world::{Fresh, fresh};

type Room = (&'static str, &'static [(&'static str, Text)]);

const ROOMS: [Room; 37] = [
    ("accounts", statements::accounts::ALL),
    ("actions", statements::actions::ALL),
    ("api_keys", statements::api_keys::ALL),
    ("ballot_requests", statements::ballot_requests::ALL),
    ("blasts", statements::blasts::ALL),
    ("changes", statements::changes::ALL),
    ("consents", statements::consents::ALL),
    ("contact_links", statements::contact_links::ALL),
    ("edits", statements::edits::ALL),
    ("elections", statements::elections::ALL),
    ("esign", statements::esign::ALL),
    ("faxes", statements::faxes::ALL),
    ("files", statements::files::ALL),
    ("jobs", statements::jobs::ALL),
    ("letters", statements::letters::ALL),
    ("office_lists", statements::office_lists::ALL),
    ("officials", statements::officials::ALL),
    ("registrations", statements::registrations::ALL),
    ("reports", statements::reports::ALL),
    ("search", statements::search::ALL),
    ("sessions", statements::sessions::ALL),
    ("subscribers", statements::subscribers::ALL),
    ("subscriptions", statements::subscriptions::ALL),
    ("lookups", statements::lookups::ALL),
    ("mails", statements::mails::ALL),
    ("messages", statements::messages::ALL),
    ("movers", statements::movers::ALL),
    ("reminders", statements::reminders::ALL),
    ("polling_places", statements::polling_places::ALL),
    ("records", statements::records::ALL),
    ("suppressions", statements::suppressions::ALL),
    ("switches", statements::switches::ALL),
    ("keyed_calls", statements::keyed_calls::ALL),
    ("update_webhooks", statements::update_webhooks::ALL),
    ("uploads", statements::uploads::ALL),
    ("voters", statements::voters::ALL),
    ("webhooks", statements::webhooks::ALL),
];

async fn pool(store: &Fresh) -> SqlitePool {
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(store.path())).await.unwrap()
}

/// Every statement by its name and its room's.
pub(crate) fn every_statement() -> impl Iterator<Item = (String, Text)> {
    let rooms = ROOMS.into_iter().flat_map(|(room, all)| {
        assert!(all.len() > 1, "{room}");
        all.iter().map(move |(name, text)| (format!("{room}.{name}"), *text))
    });
    let bulk = statements::bulk::all().map(|(name, text)| (format!("bulk.{name}"), text));
    let listings = statements::listings::all().map(|(name, text)| (format!("listings.{name}"), text));
    let reports = statements::reports::made().map(|(name, text)| (format!("reports.{name}"), text));
    let subjects = statements::subjects::ALL.iter().map(|(name, text)| ((*name).to_owned(), *text));
    let subjects = subjects.chain(statements::subjects::made());
    let subjects = subjects.map(|(name, text)| (format!("subjects.{name}"), text));
    rooms.chain(bulk).chain(listings).chain(reports).chain(subjects)
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
async fn lines_of_jobs_are_entered_and_left_by_their_indexes() {
    let store = fresh().await;
    let pool = pool(&store).await;
    let steps = async |statement: &str| {
        let (_, text) = statements::jobs::ALL.iter().find(|(name, _)| *name == statement).unwrap();
        let plan = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", text.sqlite)));
        let steps = plan.fetch_all(&pool).await.unwrap();
        steps.iter().map(|step| step.get("detail")).collect::<Vec<String>>()
    };
    for (statement, index) in [
        ("CLAIM", "INDEX job_line (lane=? AND priority=?"),
        ("CLAIM", "SEARCH job USING INDEX sqlite_autoindex_job_1 (uuid=?)"),
        ("LOOK", "INDEX job_line (lane=? AND priority=? AND place>?)"),
        ("ENQUEUE", "INDEX job_line (lane=? AND priority=? AND place>?)"),
        ("ENQUEUE", "INDEX job_turn (lane=? AND priority=? AND subscriber_id=? AND place>?)"),
        ("JOIN_DELAYED", "INDEX job_delayed (due_at<?)"),
        ("JOIN_LOST", "INDEX job_lease (lease_until<?)"),
        ("SETTLE", "SEARCH job USING INDEX sqlite_autoindex_job_1 (uuid=?)"),
    ] {
        let steps = steps(statement).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{statement}, {index}: {steps:#?}");
        let is_sorted = |step: &&String| step.contains("TEMP B-TREE FOR ORDER BY");
        assert!(statement != "CLAIM" || !steps.iter().any(|step| is_sorted(&step)), "{steps:#?}");
    }
}
