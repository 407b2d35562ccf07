//! Each statement finds its rows by an index, in a database that is new and in one of 100,000 rows a table, as the
//! planner sees it with the settings that it comes with.

use std::collections::BTreeMap;

use sqlx::{
    AssertSqlSafe, Row as _, SqlitePool, query_as, query_scalar, raw_sql, sqlite::SqliteConnectOptions,
};

use crate::{
    statements::every_statement,
    world::{Fresh, fresh},
};

/// How many rows each table has.
const ROWS: u32 = 100_000;

/// Tables that do not grow with use, and their rows. Reading one of them whole is what the planner should do.
const FIXED: [(&str, u32); 7] = [
    ("job_lane", 12),
    ("reporting_statsrefresh", 1),
    ("election_state", 56),
    ("webhook_endpoint", 500),
    ("switch", 400),
    ("election_stateinformationfieldtype", 60),
    ("election_stateinformation", 56 * 60),
];

/// Statements that read a table that grows, or an index of it, from end to end, and why.
const WHOLE: [(&str, &str); 14] = [
    ("jobs.COUNTS", "a total"),
    ("jobs.DEPTHS", "totals"),
    ("edits.LIST", "at most one for each fact, of which there are some thousands"),
    ("esign.LINKS", "at most one for each of those regions"),
    ("subjects.search_fresh.action_id.FIND", NOT_PACKED),
    ("subjects.search_fresh.action_id.DELETE", NOT_PACKED),
    ("subjects.subscription_interest.email.FIND", A_WISH),
    ("subjects.subscription_interest.email.CLEAR", A_WISH),
    ("subjects.subscription_interest.phone.FIND", A_WISH),
    ("subjects.subscription_interest.phone.CLEAR", A_WISH),
    ("subjects.subscription_subscription.primary_contact_email.FIND", A_SUBSCRIPTION),
    ("subjects.subscription_subscription.primary_contact_email.CLEAR", A_SUBSCRIPTION),
    ("subjects.subscription_subscription.primary_contact_phone.FIND", A_SUBSCRIPTION),
    ("subjects.subscription_subscription.primary_contact_phone.CLEAR", A_SUBSCRIPTION),
];

const NOT_PACKED: &str = "all that is not packed, which is kept short";
/// Nobody but a person who wants to be forgotten looks for these two by address: an index would be there for that alone.
const A_WISH: &str = "one for each organization that ever asked, and looked at only where --staff is given";
const A_SUBSCRIPTION: &str = "one for each organization, and looked at only where --staff is given";

/// Statements that may do so, as the planner likes, and why.
const MAY: [(&str, &str); 16] = [
    ("jobs.ENDED_DONE_OF", OF_A_KIND),
    ("jobs.ENDED_DEAD_OF", OF_A_KIND),
    ("update_webhooks.ALL_OF_THEM", "a handful"),
    ("search.LONG_LIST", NOT_PACKED),
    ("reports.FORGET_DAYS", "all of them, and everything is counted again"),
    ("reports.FORGET_TOTALS", "all of them, and everything is counted again"),
    ("esign.STATES", "all regions of the country, of which there are some thousands"),
    ("subjects.blast_recipient.COUNT_OLDER", HOW_OLD),
    ("subjects.change_entry.COUNT_OLDER", HOW_OLD),
    ("subjects.held_mail.COUNT_OLDER", HOW_OLD),
    ("subjects.integration_moverlead.COUNT_OLDER", HOW_OLD),
    ("subjects.smsbot_smsmessage.COUNT_OLDER", HOW_OLD),
    ("subjects.voter_voter.COUNT_OLDER", HOW_OLD),
    ("subjects.webhook_delivery.COUNT_OLDER", HOW_OLD),
    ("subjects.voter_voter.OLDER", LED_TO),
    ("subjects.voter_voter.DELETE_OLDER", LED_TO),
];

/// They are found among all that ended: each job would pay for an index that a person alone looks at.
const OF_A_KIND: &str = "one kind, on a page for superusers";
/// There is an index; where much is old, the table is read faster.
const HOW_OLD: &str = "a total, for `retention --dry-run` alone";
/// There are indexes for that too.
const LED_TO: &str = "it is asked of each old voter whether an action leads there, which may be most of them";

/// Of a table that every table without one of its own shares, of a column: what row `i` has, `{value}` being what it would
/// have. Every other column has a value of its own in each row.
const VALUES: [(&str, &str, &str); 11] = [
    ("", "state_id", "'S' || (i % 56 + 1)"),
    ("", "code", "'S' || i"),
    ("", "purged", "CASE WHEN i % 2 = 0 THEN {value} END"),
    (
        "job",
        "state",
        "CASE i % 50 WHEN 0 THEN 'waiting' WHEN 1 THEN 'running' WHEN 2 THEN 'dead' ELSE 'done' END",
    ),
    ("job", "priority", "i % 2 * 10"),
    ("job", "lane", "CASE i % 3 WHEN 0 THEN 'voter' ELSE 'default' END"),
    ("job", "last_error", "CASE WHEN i % 50 = 2 OR i % 1000 = 3 THEN {value} END"),
    ("job", "place", "CASE WHEN i % 100 = 0 THEN {value} END"),
    ("integration_link", "external_tool", "CASE WHEN i % 2 = 0 THEN 'lob' ELSE {value} END"),
    (
        "webhook_delivery",
        "status",
        "CASE i % 50 WHEN 0 THEN 'waiting' WHEN 1 THEN 'dead' ELSE 'delivered' END",
    ),
    ("job", "lease_until", "CASE WHEN i % 50 = 1 THEN {value} END"),
];

fn rows_of(table: &str) -> u32 {
    FIXED.iter().find(|(name, _)| *name == table).map_or(ROWS, |(_, rows)| *rows)
}

fn is_fixed(table: &str) -> bool {
    FIXED.iter().any(|(name, _)| *name == table)
}

/// What is read to fill a column, given what it would have by its type.
fn value(table: &str, column: &str, by_type: &str) -> String {
    let own = VALUES.iter().find(|(of, name, _)| (*of == table || of.is_empty()) && *name == column);
    own.map_or_else(|| by_type.to_owned(), |(.., value)| value.replace("{value}", by_type))
}

/// A statement that fills a table; `numbers` is where `i` comes from.
fn fill(table: &str, columns: &[(String, String)], numbers: &str) -> String {
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let values: Vec<String> = columns.iter().map(|(name, by_type)| value(table, name, by_type)).collect();
    format!("INSERT INTO {table} ({}) SELECT {} FROM {numbers}", names.join(", "), values.join(", "))
}

/// Statements and their plans, of those that read a growing table whole.
type Whole = BTreeMap<String, String>;

/// Fails for each that is not on the list, and for each on the list that is none.
fn are_those_on_the_list(found: &Whole) {
    let is_known = |name: &str| WHOLE.iter().chain(&MAY).any(|(known, _)| *known == name);
    let new: Vec<String> = found
        .iter()
        .filter(|(name, _)| !is_known(name))
        .map(|(name, plan)| format!("{name} reads a whole table:\n{plan}"))
        .collect();
    assert!(new.is_empty(), "{}", new.join("\n"));
    for (name, _) in WHOLE {
        assert!(found.contains_key(name), "{name} reads no whole table any more: take it off the list");
    }
}

/// Statements that should be seen to read a table whole, and some that should not.
const SEEN: [(&str, bool); 7] = [
    ("SELECT uuid FROM register_registration WHERE email = 'S7'", true),
    ("SELECT count(*) FROM event_tracking_event", true),
    ("SELECT a.uuid FROM action_action a ORDER BY a.modified_at LIMIT 5", true),
    ("UPDATE action_action SET created_at = modified_at WHERE visible_to_subscriber IS NOT NULL", true),
    ("SELECT c.uuid FROM multi_tenant_client c ORDER BY c.created_at, c.uuid LIMIT 5", false),
    (
        "DELETE FROM event_tracking_event WHERE action_id IN (SELECT uuid FROM multi_tenant_partnerslug WHERE slug = 'S7')",
        false,
    ),
    ("SELECT name FROM election_state WHERE territory IS NULL", false),
];

mod sqlite {
    use super::*;

    async fn pool(store: &Fresh) -> SqlitePool {
        let options = SqliteConnectOptions::new().filename(store.path()).foreign_keys(false);
        SqlitePool::connect_with(options.synchronous(sqlx::sqlite::SqliteSynchronous::Off)).await.unwrap()
    }

    async fn tables(pool: &SqlitePool) -> Vec<String> {
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                      AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_sqlx_*'";
        query_scalar(tables).fetch_all(pool).await.unwrap()
    }

    async fn fill_all(pool: &SqlitePool) {
        for table in tables(pool).await {
            let columns: Vec<(String, String)> = query_as("SELECT name, type FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_all(pool)
                .await
                .unwrap();
            let by_type = |kind: &str| match kind {
                "BLOB" => "unhex(printf('%032x', i))",
                "TEXT" => "'text' || i",
                _ => "i",
            };
            let columns: Vec<_> =
                columns.into_iter().map(|(name, kind)| (name, by_type(&kind).to_owned())).collect();
            let numbers = format!(
                "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n)",
                rows_of(&table)
            );
            let filled = raw_sql(AssertSqlSafe(fill(&table, &columns, &numbers))).execute(pool).await;
            assert!(filled.is_ok(), "VALUES lacks something for {table}: {:?}", filled.err());
        }
        raw_sql("ANALYZE").execute(pool).await.unwrap();
    }

    async fn plan(pool: &SqlitePool, text: &str) -> Vec<String> {
        let plan = raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")));
        plan.fetch_all(pool).await.unwrap().iter().map(|step| step.get("detail")).collect()
    }

    /// The steps that read a growing table whole. Going along an index as far as the limit does not.
    fn whole<'p>(text: &str, plan: &'p [String], tables: &[String]) -> Vec<&'p String> {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let table_of = |name: &str| {
            let is_alias = |pair: &&[&str]| pair[1] == name && tables.iter().any(|table| table == pair[0]);
            let named = words.windows(2).find(is_alias).map_or(name, |pair| pair[0]);
            tables.iter().find(|table| *table == named)
        };
        let is_sorted = plan.iter().all(|step| !step.starts_with("USE TEMP B-TREE"));
        let is_bounded = text.contains(" LIMIT ") && is_sorted;
        let is_whole = |step: &&String| {
            let read = step.strip_prefix("SCAN ").and_then(|read| read.split(' ').next());
            let table = read.and_then(table_of);
            table.is_some_and(|table| !is_fixed(table)) && !(step.contains(" USING ") && is_bounded)
        };
        plan.iter().filter(is_whole).collect()
    }

    async fn all_whole(pool: &SqlitePool) -> Whole {
        let tables = tables(pool).await;
        let mut found = Whole::new();
        for (name, text) in every_statement() {
            let plan = plan(pool, text.sqlite).await;
            if !whole(text.sqlite, &plan, &tables).is_empty() {
                found.insert(name, plan.join("\n"));
            }
        }
        found
    }

    #[tokio::test]
    async fn no_statement_reads_a_growing_table_whole() {
        let store = fresh().await;
        let pool = pool(&store).await;
        are_those_on_the_list(&all_whole(&pool).await);
        fill_all(&pool).await;
        are_those_on_the_list(&all_whole(&pool).await);
        let tables = tables(&pool).await;
        for (text, is_whole) in SEEN {
            let plan = plan(&pool, text).await;
            assert_eq!(!whole(text, &plan, &tables).is_empty(), is_whole, "{text}: {plan:#?}");
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use serde_json::Value;
    use sqlx::PgConnection;

    use super::*;
    use crate::postgres_server::Database;

    /// After so many runs of a prepared statement the planner may take one plan for all values.
    const CUSTOM_PLANS: usize = 5;

    async fn run(connection: &mut PgConnection, statement: String) {
        let ran = raw_sql(AssertSqlSafe(statement.clone())).execute(connection).await;
        assert!(ran.is_ok(), "{statement}: {:?}", ran.err());
    }

    async fn fill_all(connection: &mut PgConnection) {
        let columns = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL) \
                       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
                       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
                       AND c.relname NOT LIKE '\\_sqlx\\_%' AND a.attnum > 0 AND NOT a.attisdropped";
        let columns: Vec<(String, String, String)> =
            query_as(columns).fetch_all(&mut *connection).await.unwrap();
        let mut tables = BTreeMap::<String, Vec<(String, String)>>::new();
        for (table, column, kind) in columns {
            let by_type = match kind.as_str() {
                "uuid" => "lpad(to_hex(i), 32, '0')::uuid",
                "bytea" => "decode(lpad(to_hex(i), 8, '0'), 'hex')",
                "text" => "'text' || i",
                "jsonb" => "'{}'::jsonb",
                "boolean" => "i % 2 = 0",
                "date" => "date '2000-01-01' + i % 10000",
                "timestamp with time zone" => "timestamptz '2026-01-01' + i * interval '1 second'",
                _ => "i",
            };
            tables.entry(table).or_default().push((column, by_type.to_owned()));
        }
        // what points to another row is not looked up
        run(connection, "SET session_replication_role = replica".to_owned()).await;
        for (table, columns) in tables {
            let numbers = format!("generate_series(1, {}) AS i", rows_of(&table));
            run(connection, fill(&table, &columns, &numbers)).await;
        }
        run(connection, "SET session_replication_role = origin".to_owned()).await;
        run(connection, "ANALYZE".to_owned()).await;
    }

    /// What a parameter of a type may well be.
    fn likely(kind: &str) -> &'static str {
        match kind {
            "uuid" => "'00000000-0000-0000-0000-000000000007'",
            "bytea" => "'\\x00000007'",
            "text" => "'S7'",
            "jsonb" => "'[\"text7\"]'",
            "boolean" => "true",
            "date" => "'2001-02-03'",
            "timestamp with time zone" => "'2026-01-01 12:00Z'",
            _ => "10",
        }
    }

    /// The plans that a statement is given one after the other, as a connection runs it again and again.
    async fn plans(connection: &mut PgConnection, text: &str) -> Vec<Value> {
        run(connection, format!("PREPARE planned AS {text}")).await;
        let kinds = "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'planned'";
        let kinds: Vec<String> = query_scalar(kinds).fetch_one(&mut *connection).await.unwrap();
        let values: Vec<&str> = kinds.iter().map(|kind| likely(kind)).collect();
        let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE planned{values}");
        let mut plans = Vec::new();
        for _ in 0..=CUSTOM_PLANS {
            let plan = query_scalar(AssertSqlSafe(explain.clone())).fetch_one(&mut *connection).await;
            plans.push(plan.unwrap());
        }
        run(connection, "DEALLOCATE planned".to_owned()).await;
        plans
    }

    /// Whether a step, or one below it, reads a growing table whole. `is_bounded` is a step whose rows are taken one by one
    /// until there are enough.
    fn is_whole(step: &Value, is_bounded: bool) -> bool {
        let kind = step["Node Type"].as_str().unwrap();
        let reads = step["Relation Name"].as_str().is_some_and(|table| !is_fixed(table));
        let all_of_it = match kind {
            "Seq Scan" | "Sample Scan" => true,
            "Index Scan" | "Index Only Scan" => step["Index Cond"].is_null() && !is_bounded,
            _ => false,
        };
        if reads && all_of_it {
            return true;
        }
        let below = match kind {
            "Limit" => true,
            "Sort" | "Incremental Sort" | "Aggregate" | "Hash" | "HashAggregate" | "SetOp"
            | "Materialize" | "WindowAgg" | "ModifyTable" => false,
            _ => is_bounded,
        };
        let steps = step["Plans"].as_array().into_iter().flatten();
        let inner = |below: &Value| below["Parent Relationship"] == "Inner";
        steps.into_iter().any(|step| is_whole(step, below && !inner(step)))
    }

    async fn all_whole(connection: &mut PgConnection) -> Whole {
        let mut found = Whole::new();
        for (name, text) in every_statement() {
            for plan in plans(connection, text.postgres).await {
                if is_whole(&plan[0]["Plan"], false) {
                    found.insert(name.clone(), serde_json::to_string_pretty(&plan).unwrap());
                }
            }
        }
        found
    }

    #[tokio::test]
    async fn no_statement_reads_a_growing_table_whole() {
        let database = Database::migrated().await;
        let mut connection = database.connect().await;
        fill_all(&mut connection).await;
        are_those_on_the_list(&all_whole(&mut connection).await);
        for (text, whole) in SEEN {
            let plan = plans(&mut connection, text).await.remove(0);
            assert_eq!(is_whole(&plan[0]["Plan"], false), whole, "{text}: {plan:#}");
        }
    }
}
