//! A database to import into, and the program over it.

use std::process::Command;

use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Connection as _};

#[cfg(feature = "postgres")]
use crate::support::Database;

/// The pepper of the service that is taken over.
pub(super) const PEPPER: &str = "somepepper";
/// Our own secret.
pub(super) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A folder with a database in it or beside it.
pub(super) struct Place {
    pub(super) folder: tempfile::TempDir,
    #[cfg(feature = "postgres")]
    server: Option<Database>,
    pub(super) pepper: Option<&'static str>,
}

/// What the program said.
#[cfg(feature = "postgres")]
pub(super) struct Said {
    pub(super) success: bool,
    pub(super) text: String,
}

impl Place {
    pub(super) fn sqlite() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            #[cfg(feature = "postgres")]
            server: None,
            pepper: Some(PEPPER),
        };
        place.run(&["migrate"]).unwrap();
        place
    }

    #[cfg(feature = "postgres")]
    pub(super) async fn postgres() -> Self {
        let server = Some(Database::empty().await);
        let place = Self { folder: tempfile::tempdir().unwrap(), server, pepper: Some(PEPPER) };
        place.run(&["migrate"]).unwrap();
        place
    }

    /// Where the server is, if there is one.
    #[cfg(feature = "postgres")]
    pub(super) fn url(&self) -> Option<url::Url> {
        self.server.as_ref().map(|server| server.url().clone())
    }

    /// A look at the server from outside.
    #[cfg(feature = "postgres")]
    pub(super) async fn connect(&self) -> sqlx::PgConnection {
        self.server.as_ref().unwrap().connect().await
    }

    /// Whether the rows are in a file of SQLite.
    pub(super) fn is_sqlite(&self) -> bool {
        #[cfg(feature = "postgres")]
        return self.server.is_none();
        #[cfg(not(feature = "postgres"))]
        true
    }

    /// Runs the program: what it prints, or what it complains about.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    /// Runs the program: whether it is content, and all that it prints and complains about.
    #[cfg(feature = "postgres")]
    pub(super) fn command_output(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Said { success: output.status.success(), text: String::from_utf8(text).unwrap() }
    }

    /// Starts the program.
    #[cfg(feature = "postgres")]
    pub(super) fn spawn(&self, arguments: &[&str]) -> std::process::Child {
        let silent = std::process::Stdio::null;
        self.command(arguments).stdout(silent()).stderr(silent()).spawn().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("SECRET_KEY", SECRET);
        if let Some(pepper) = self.pepper {
            command.env("API_KEY_PEEPER", pepper);
        }
        #[cfg(feature = "postgres")]
        if let Some(server) = &self.server {
            command.env("DATABASE_URL", server.url().as_str());
        }
        command
    }

    pub(super) fn import(&self, records: &[Value]) -> Result<String, String> {
        self.import_text(&Value::from(records).to_string(), &[])
    }

    pub(super) fn import_text(&self, document: &str, more: &[&str]) -> Result<String, String> {
        std::fs::write(self.folder.path().join("dump.json"), document).unwrap();
        self.run(&[&["import", "django", "--from", "dump.json"], more].concat())
    }

    /// The rows of a table by its columns, ids in hex without hyphens.
    pub(super) async fn rows(&self, table: &str) -> Vec<Map<String, Value>> {
        #[cfg(feature = "postgres")]
        if let Some(server) = &self.server {
            let statement = format!("SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM {table} t");
            let rows: Value = sqlx::query_scalar(AssertSqlSafe(statement))
                .fetch_one(&mut server.connect().await)
                .await
                .unwrap();
            return serde_json::from_value(rows).unwrap();
        }
        self.rows_of_the_file(table, None).await
    }

    /// The row with that key, written as text in whatever form; bytes are in hex.
    #[cfg(feature = "postgres")]
    pub(super) async fn found(&self, table: &str, key: &str, value: &Value) -> Option<Map<String, Value>> {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned).replace('-', "");
        let Some(server) = &self.server else {
            return self.rows_of_the_file(table, Some((key, &value))).await.pop();
        };
        let statement =
            format!("SELECT to_jsonb(t) FROM {table} t WHERE replace(t.\"{key}\"::text, '-', '') = $1");
        let row: Option<Value> = sqlx::query_scalar(AssertSqlSafe(statement))
            .bind(value)
            .fetch_optional(&mut server.connect().await)
            .await
            .unwrap();
        let mut row: Map<String, Value> = serde_json::from_value(row?).unwrap();
        for value in row.values_mut() {
            if let Some(hex) = value.as_str().and_then(|text| text.strip_prefix("\\x")) {
                *value = json!(hex);
            }
        }
        Some(row)
    }

    /// The rows of a table of the file, or those whose key is this.
    async fn rows_of_the_file(&self, table: &str, key: Option<(&str, &str)>) -> Vec<Map<String, Value>> {
        let options = sqlx::sqlite::SqliteConnectOptions::new();
        let options = options.filename(self.folder.path().join("var/turnout.db"));
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let names = format!("SELECT name FROM pragma_table_info('{table}')");
        let names: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(names)).fetch_all(&mut connection).await.unwrap();
        let pairs: Vec<String> = names
            .iter()
            .map(|name| {
                let value = format!("\"{name}\"");
                format!(
                    "'{name}', CASE typeof({value}) WHEN 'blob' THEN lower(hex({value})) ELSE {value} END"
                )
            })
            .collect();
        // no more than 63 pairs fit into one call
        let objects = pairs.chunks(30).map(|pairs| format!("json_object({})", pairs.join(", ")));
        let mut statement =
            format!("SELECT json_array({}) FROM {table}", objects.collect::<Vec<_>>().join(", "));
        if let Some((key, _)) = key {
            statement += &format!(
                " WHERE CASE typeof(\"{key}\") WHEN 'blob' THEN lower(hex(\"{key}\")) \
                 ELSE replace(CAST(\"{key}\" AS TEXT), '-', '') END = $1"
            );
        }
        let rows = sqlx::query_scalar(AssertSqlSafe(statement));
        let rows = if let Some((_, value)) = key { rows.bind(value) } else { rows };
        let rows: Vec<String> = rows.fetch_all(&mut connection).await.unwrap();
        let read = |row: &String| {
            let parts: Vec<Map<String, Value>> = serde_json::from_str(row).unwrap();
            parts.into_iter().flatten().collect()
        };
        rows.iter().map(read).collect()
    }

    pub(super) async fn row(&self, table: &str, key: &str, value: &Value) -> Map<String, Value> {
        let rows = self.rows(table).await;
        let is_it = |row: &&Map<String, Value>| normal(&row[key]) == normal(value);
        rows.iter().find(is_it).unwrap_or_else(|| panic!("{table} has no {value}: {rows:#?}")).clone()
    }

    pub(super) async fn execute(&self, statement: &str) {
        #[cfg(feature = "postgres")]
        if let Some(server) = &self.server {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server.connect().await).await.unwrap();
            return;
        }
        let options = sqlx::sqlite::SqliteConnectOptions::new();
        let options = options.filename(self.folder.path().join("var/turnout.db"));
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
}

/// A value of either database, and of a document, as one and the same.
pub(super) fn normal(value: &Value) -> Value {
    match value {
        Value::Bool(yes) => json!(i64::from(*yes)),
        Value::String(text) => {
            if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) {
                return json!(moment.timestamp_micros());
            }
            if let Some(id) = turnout_core::ids::parse_uuid(text) {
                return json!(id.simple().to_string());
            }
            match serde_json::from_str::<Value>(text) {
                Ok(inner) if inner.is_object() => inner,
                _ => value.clone(),
            }
        }
        other => other.clone(),
    }
}
