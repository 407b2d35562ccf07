//! The database of the Django service, in one transaction that changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt::Write as _,
};

use async_trait::async_trait;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, types::Json};
use turnout_core::ports::{
    origin::{Filled, Origin, OriginError, OriginRow, Wanted, Which},
    store::StoreError,
};

use super::{Address, PgOptions};
use crate::error::failed;

/// What every database of the Django service has, and no other.
const MARKS: [&str; 3] = ["django_content_type", "action_action", "multi_tenant_client"];
/// What every database of ours has.
const OURS: &str = "django_carried";

/// Where the history of records is.
const VERSIONS: &str = "reversion_version";
/// Beside each version: what it is of, who made it and why, and what was before it.
const OF_VERSIONS: [(&str, &str); 5] = [
    ("model", "c.app_label || '.' || c.model"),
    ("date_created", "r.date_created"),
    ("comment", "r.comment"),
    ("user_id", "r.user_id"),
    (
        "previous",
        "(SELECT p.serialized_data FROM reversion_version p WHERE p.db = t.db AND p.content_type_id = t.content_type_id \
         AND p.object_id = t.object_id AND p.id < t.id ORDER BY p.id DESC LIMIT 1)",
    ),
];
const JOINED: &str = " JOIN reversion_revision r ON r.id = t.revision_id JOIN django_content_type c ON c.id = t.content_type_id";

const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')";
const BOUND: &str = "SELECT c.relname::text, a.attname::text FROM pg_constraint k \
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] \
    WHERE k.contype = 'f' AND k.convalidated AND cardinality(k.conkey) = 1 \
    AND c.relnamespace = current_schema()::regnamespace";
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; \
    SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1";

/// A database of the Django service, seen as it was when it was opened.
///
/// ```no_run
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// use turnout_core::ports::origin::Origin as _;
/// use turnout_storage::postgres::PgOrigin;
///
/// let origin = PgOrigin::open("postgres://reader@db.example.org/turnout").await?;
/// println!("{} tables", origin.tables().len());
/// # Ok(())
/// # }
/// ```
pub struct PgOrigin {
    connection: PgConnection,
    name: String,
    mark: i64,
    tables: BTreeMap<String, BTreeSet<String>>,
    types: BTreeMap<(String, String), String>,
    bound: HashSet<(String, String)>,
}

impl PgOrigin {
    /// Connects, and begins the one transaction.
    ///
    /// # Errors
    /// When the address is none, nobody answers there, or what answers is no database of the Django service.
    pub async fn open(url: &str) -> Result<Self, OriginError> {
        let address = Address::read(url, &PgOptions::default().with_application_name("turnout-import"))
            .map_err(|error| OriginError::Other(error.into()))?;
        let mut connection = PgConnection::connect_with(&address.patient).await.map_err(unread)?;
        sqlx::raw_sql(BEGIN).execute(&mut connection).await.map_err(unread)?;
        let columns: Vec<(String, String, String)> =
            sqlx::query_as(COLUMNS).fetch_all(&mut connection).await.map_err(unread)?;
        let mut tables = BTreeMap::<String, BTreeSet<String>>::new();
        for (table, column, _) in &columns {
            tables.entry(table.clone()).or_default().insert(column.clone());
        }
        if tables.contains_key(OURS) {
            return Err(OriginError::Another("it is one of Turnout's own"));
        }
        if MARKS.iter().any(|table| !tables.contains_key(*table)) {
            return Err(OriginError::Another("it lacks tables that the service has"));
        }
        if let Some(versions) = tables.get_mut(VERSIONS) {
            versions.extend(OF_VERSIONS.map(|(name, _)| name.to_owned()));
        }
        let bound: Vec<(String, String)> =
            sqlx::query_as(BOUND).fetch_all(&mut connection).await.map_err(unread)?;
        let mark = sqlx::query_scalar("SELECT txid_snapshot_xmin(txid_current_snapshot())");
        let mark = mark.fetch_one(&mut connection).await.map_err(unread)?;
        let name = name(&mut connection).await?;
        let types = columns.into_iter().map(|(table, column, kind)| ((table, column), kind)).collect();
        Ok(Self { connection, name, mark, tables, types, bound: bound.into_iter().collect() })
    }

    /// Ends the transaction and the connection.
    pub async fn close(self) {
        // a connection that is lost is closed as well
        self.connection.close().await.unwrap_or_default();
    }

    fn kind(&self, table: &str, column: &str) -> &str {
        let kind = self.types.get(&(table.to_owned(), column.to_owned()));
        kind.map_or("text", String::as_str)
    }

    /// A column as a value of JSON.
    fn value(&self, table: &str, column: &str) -> String {
        if let Some((_, joined)) = OF_VERSIONS.iter().find(|(name, _)| table == VERSIONS && *name == column) {
            return (*joined).to_owned();
        }
        let plain = ["boolean", "integer", "bigint", "smallint", "jsonb", "json", "date", "uuid", "text"];
        let kind = self.kind(table, column);
        let is_plain =
            plain.contains(&kind) || kind.starts_with("character varying") || kind.starts_with("timestamp");
        // a point is read from its text
        format!("t.{}{}", quoted(column), if is_plain { "" } else { "::text" })
    }

    /// The table and the conditions, from `FROM` on. `$1` is the key after which rows are wanted, `$2` which keys.
    fn source(&self, wanted: &Wanted, which: Which<'_>) -> String {
        let joined = if wanted.table == VERSIONS { JOINED } else { "" };
        let mut text = format!(" FROM {} t{joined} WHERE true", quoted(wanted.table));
        let mut and =
            |condition: String| write!(text, " AND {condition}").expect("a String takes every text");
        match wanted.only {
            Some((column, Filled::No)) => and(format!("t.{} IS NULL", quoted(column))),
            Some((column, Filled::Yes)) => and(format!("t.{} IS NOT NULL", quoted(column))),
            None => {}
        }
        match which {
            Which::All => {}
            // transactions are numbered in 32 bits, around and around
            Which::Since(mark) => and(format!("age(t.xmin) <= age('{}'::xid)", mark.rem_euclid(1 << 32))),
            Which::Keys(_) => {
                let kind = self.kind(wanted.table, wanted.key);
                and(format!("t.{} = ANY (CAST($2 AS {kind}[]))", quoted(wanted.key)));
            }
            Which::Astray { column, to, key } => and(format!(
                "t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {} o WHERE o.{} = t.{column})",
                quoted(to),
                quoted(key),
                column = quoted(column)
            )),
        }
        text
    }
}

/// A name may be that of a word of SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn unread(error: sqlx::Error) -> OriginError {
    match failed("row", error) {
        StoreError::Unavailable(cause) => OriginError::Unavailable(cause),
        error => OriginError::Other(error.into()),
    }
}

/// What the server and the database are called, by numbers that a copy of the files keeps and a restored dump does not.
async fn name(connection: &mut PgConnection) -> Result<String, OriginError> {
    let allowed = sqlx::query_scalar("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')");
    let server: String = match allowed.fetch_one(&mut *connection).await.map_err(unread)? {
        true => sqlx::query_scalar("SELECT system_identifier::text FROM pg_control_system()")
            .fetch_one(&mut *connection)
            .await
            .map_err(unread)?,
        false => "?".to_owned(),
    };
    let database =
        "SELECT oid::text || '/' || datname::text FROM pg_database WHERE datname = current_database()";
    let database: String = sqlx::query_scalar(database).fetch_one(connection).await.map_err(unread)?;
    Ok(format!("{server}/{database}"))
}

#[async_trait]
impl Origin for PgOrigin {
    fn name(&self) -> &str {
        &self.name
    }

    fn mark(&self) -> i64 {
        self.mark
    }

    fn tables(&self) -> &BTreeMap<String, BTreeSet<String>> {
        &self.tables
    }

    fn is_bound(&self, table: &str, column: &str) -> bool {
        self.bound.contains(&(table.to_owned(), column.to_owned()))
    }

    async fn count(&mut self, wanted: &Wanted, which: Which<'_>) -> Result<u64, OriginError> {
        // both placeholders are there, whether they are used or not
        let text = format!(
            "SELECT count(*){} AND ($1::text IS NULL OR true) AND ($2::text[] IS NULL OR true)",
            self.source(wanted, which)
        );
        let keys = if let Which::Keys(keys) = which { Some(keys) } else { None };
        let count = sqlx::query_scalar(AssertSqlSafe(text)).bind(None::<&str>).bind(keys);
        let count: i64 = count.fetch_one(&mut self.connection).await.map_err(unread)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn rows(
        &mut self,
        wanted: &Wanted,
        which: Which<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<OriginRow>, OriginError> {
        let (table, key) = (wanted.table, quoted(wanted.key));
        let mut columns = String::new();
        for (column, name) in &wanted.columns {
            write!(columns, ", {} AS {}", self.value(table, column), quoted(name))
                .expect("a String takes every text");
        }
        let after_key = match after {
            Some(_) => format!(" AND t.{key} > CAST($1 AS {})", self.kind(table, wanted.key)),
            None => " AND $1::text IS NULL".to_owned(),
        };
        // both placeholders are there, whether they are used or not
        let text = format!(
            "SELECT r.pk::text, to_json(r) FROM (SELECT t.{key} AS pk{columns}{}{after_key} \
             AND ($2::text[] IS NULL OR true) ORDER BY t.{key} LIMIT {limit}) r",
            self.source(wanted, which)
        );
        let keys = if let Which::Keys(keys) = which { Some(keys) } else { None };
        let rows = sqlx::query_as(AssertSqlSafe(text)).bind(after).bind(keys);
        let rows: Vec<(String, Json<Map<String, Value>>)> =
            rows.fetch_all(&mut self.connection).await.map_err(unread)?;
        let row = |(key, Json(mut fields)): (String, Json<Map<String, Value>>)| OriginRow {
            pk: fields.remove("pk").unwrap_or_default(),
            key,
            fields,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}
