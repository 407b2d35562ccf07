//! Rows of another service: the statements of each table that takes some. Made once, of what the core says of the tables.

use std::{collections::BTreeMap, sync::LazyLock};

use turnout_core::{
    django::tables,
    ports::store::{Column, ColumnKind, Newer, Table},
};

use super::Text;

/// The statements of a table.
pub(crate) struct Statements {
    /// Adds the rows of a JSON list, or overwrites older ones.
    pub(crate) put: Text,
    /// Which keys of a JSON list no row has.
    pub(crate) missing: Text,
    /// The rows with the keys of a JSON list, each as a JSON list of its values in the order of the table's columns.
    pub(crate) rows: Text,
    /// Gives the row that means the same another key: where it is pointed at first, then itself. The key, then the natural
    /// columns.
    pub(crate) take_key: Vec<Text>,
}

static STATEMENTS: LazyLock<BTreeMap<&'static str, Statements>> =
    LazyLock::new(|| tables().map(|table| (table.name, Statements::of(table))).collect());

/// The statements of a table.
pub(crate) fn of(table: &Table) -> Option<&'static Statements> {
    STATEMENTS.get(table.name)
}

/// Every statement, by name.
pub fn all() -> impl Iterator<Item = (String, Text)> {
    let of_tables = STATEMENTS.iter().flat_map(|(table, statements)| {
        let take_key = statements.take_key.iter().map(|text| ("TAKE_KEY", *text));
        let one = [("PUT", statements.put), ("MISSING", statements.missing), ("ROWS", statements.rows)];
        one.into_iter().chain(take_key).map(move |(name, text)| (format!("{table}.{name}"), text))
    });
    of_tables.chain(ALL.iter().map(|(name, text)| ((*name).to_owned(), *text)))
}

statements! {
    CARRIED = "SELECT model, floor, began, after_key, rows_read, rows_written FROM django_carried \
               WHERE origin = $1 ORDER BY model";
    PUT_CARRIED = "INSERT INTO django_carried (origin, model, floor, began, after_key, rows_read, rows_written) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (origin, model) DO UPDATE SET floor = excluded.floor, \
                   began = excluded.began, after_key = excluded.after_key, rows_read = excluded.rows_read, \
                   rows_written = excluded.rows_written";
    FORGET_CARRIED = "DELETE FROM django_carried WHERE origin = $1";
    LEFT_OUT = "SELECT key, why FROM django_left_out WHERE origin = $1 AND model = $2 AND key > $3 ORDER BY key LIMIT $4";
    SETTLE_LEFT_OUT = "DELETE FROM django_left_out WHERE origin = $1 AND model = $2 \
                       AND key IN (SELECT asked.value FROM json_each($3) AS asked)",
        postgres "DELETE FROM django_left_out WHERE origin = $1 AND model = $2 \
                  AND key IN (SELECT jsonb_array_elements_text($3))";
    ADD_LEFT_OUT = "INSERT INTO django_left_out (origin, model, key, why) \
                    SELECT $1, $2, given.value ->> 0, given.value ->> 1 FROM json_each($3) AS given WHERE true \
                    ON CONFLICT (origin, model, key) DO UPDATE SET why = excluded.why",
        postgres "INSERT INTO django_left_out (origin, model, key, why) \
                  SELECT $1, $2, given.value ->> 0, given.value ->> 1 FROM jsonb_array_elements($3) AS given \
                  ON CONFLICT (origin, model, key) DO UPDATE SET why = excluded.why";
    FORGET_LEFT_OUT = "DELETE FROM django_left_out WHERE origin = $1";
}

/// They are made once and live as long as the process.
fn text(sqlite: String, postgres: String) -> Text {
    Text { sqlite: sqlite.leak(), postgres: postgres.leak() }
}

impl Statements {
    fn of(table: &Table) -> Self {
        let key = kind(table, table.key);
        let (name, column) = (table.name, table.key);
        let missing = text(
            format!(
                "SELECT CAST(asked.value AS TEXT) FROM json_each($1) AS asked \
                 WHERE NOT EXISTS (SELECT 1 FROM {name} WHERE {name}.{column} = {})",
                in_sqlite(key, "asked.value")
            ),
            format!(
                "SELECT asked.value FROM jsonb_array_elements_text($1) AS asked (value) \
                 WHERE NOT EXISTS (SELECT 1 FROM {name} WHERE {name}.{column} = {})",
                in_postgres(key, "asked.value")
            ),
        );
        let pointed = table.pointed_at.iter().map(|(other, column)| point_anew(table, other, column));
        let take_key = pointed.chain([take_key(table)]).filter(|_| !table.natural.is_empty());
        Self { put: put(table), missing, rows: rows(table), take_key: take_key.collect() }
    }
}

fn kind(table: &Table, column: &str) -> ColumnKind {
    table.columns.iter().find(|it| it.name == column).map_or(ColumnKind::Text, |column| column.kind)
}

/// A text as a value of SQLite.
fn in_sqlite(kind: ColumnKind, text: &str) -> String {
    match kind {
        ColumnKind::Uuid | ColumnKind::Bytes => format!("unhex({text})"),
        ColumnKind::Integer => format!("CAST({text} AS INTEGER)"),
        _ => text.to_owned(),
    }
}

/// A text as a value of PostgreSQL.
fn in_postgres(kind: ColumnKind, text: &str) -> String {
    match kind {
        ColumnKind::Uuid => format!("CAST({text} AS uuid)"),
        ColumnKind::Bytes => format!("decode({text}, 'hex')"),
        ColumnKind::Integer => format!("CAST({text} AS bigint)"),
        _ => text.to_owned(),
    }
}

/// The rows as they would be given to be put.
fn rows(table: &Table) -> Text {
    let key = kind(table, table.key);
    let list =
        |each: &dyn Fn(&Column) -> String| table.columns.iter().map(each).collect::<Vec<_>>().join(", ");
    // json_each has columns of its own
    let of_table = |column: &Column| format!("{}.{}", table.name, quoted(column.name));
    let of_sqlite = list(&|column| {
        let value = of_table(column);
        match column.kind {
            ColumnKind::Uuid | ColumnKind::Bytes => format!("nullif(lower(hex({value})), '')"),
            ColumnKind::Boolean => format!("json(CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"),
            ColumnKind::Json => format!("json({value})"),
            _ => value,
        }
    });
    let of_postgres = list(&|column| {
        let value = of_table(column);
        match column.kind {
            ColumnKind::Uuid => format!("replace({value}::text, '-', '')"),
            ColumnKind::Bytes => format!("encode({value}, 'hex')"),
            ColumnKind::Moment => {
                format!("to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
            }
            ColumnKind::Day => format!("to_char({value}, 'YYYY-MM-DD')"),
            _ => value,
        }
    });
    let (name, column) = (table.name, table.key);
    text(
        format!(
            "SELECT json_array({of_sqlite}) FROM json_each($1) AS asked JOIN {name} ON {name}.{column} = {}",
            in_sqlite(key, "asked.value")
        ),
        format!(
            "SELECT jsonb_build_array({of_postgres}) FROM jsonb_array_elements_text($1) AS asked (wanted) \
             JOIN {name} ON {name}.{column} = {}",
            in_postgres(key, "asked.wanted")
        ),
    )
}

/// A column may be called as a word of SQL is.
fn quoted(column: &str) -> String {
    format!("\"{column}\"")
}

fn put(table: &Table) -> Text {
    let names: Vec<String> = table.columns.iter().map(|column| quoted(column.name)).collect();
    let (name, columns) = (table.name, names.join(", "));
    let list = |each: fn(&Column) -> String| table.columns.iter().map(each).collect::<Vec<_>>().join(", ");
    let from_sqlite = list(|column| {
        let (path, value) = (format!("'$.{}'", column.name), format!("given.value ->> '$.{}'", column.name));
        match column.kind {
            ColumnKind::Json => {
                format!(
                    "CASE json_type(given.value, {path}) WHEN 'null' THEN NULL ELSE given.value -> {path} END"
                )
            }
            kind => in_sqlite(kind, &value),
        }
    });
    let from_postgres = list(|column| {
        let value = format!("given.{}", quoted(column.name));
        match column.kind {
            ColumnKind::Json => format!("nullif({value}, 'null'::jsonb)"),
            kind => in_postgres(kind, &value),
        }
    });
    let record = list(|column| {
        let kind = match column.kind {
            ColumnKind::Text | ColumnKind::Uuid | ColumnKind::Bytes => "text",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Integer => "bigint",
            ColumnKind::Real => "double precision",
            ColumnKind::Moment => "timestamptz",
            ColumnKind::Day => "date",
            ColumnKind::Json => "jsonb",
        };
        format!("{} {kind}", quoted(column.name))
    });
    let conflict = on_conflict(table, &names);
    text(
        format!(
            "INSERT INTO {name} ({columns}) SELECT {from_sqlite} FROM json_each($1) AS given WHERE true {conflict}"
        ),
        format!(
            "INSERT INTO {name} ({columns}) SELECT {from_postgres} FROM jsonb_to_recordset($1) AS given ({record}) \
             {conflict}"
        ),
    )
}

/// What becomes of a row whose key is taken.
fn on_conflict(table: &Table, names: &[String]) -> String {
    let (name, key) = (table.name, table.key);
    let is_newer = match table.newer {
        Newer::There => return format!("ON CONFLICT ({key}) DO NOTHING"),
        Newer::Changed => format!(
            "excluded.modified_at > {name}.modified_at \
             OR ({name}.created_at = {name}.modified_at AND {name}.created_at <> excluded.created_at)"
        ),
        Newer::Later => format!("excluded.modified_at > {name}.modified_at"),
        Newer::Supplied => format!(
            "({name}.external_updated IS NULL AND {name}.modified_at IS NULL) \
             OR excluded.external_updated > {name}.external_updated OR excluded.modified_at > {name}.modified_at"
        ),
    };
    let set = names.iter().filter(|column| **column != quoted(key));
    let set = set.map(|column| format!("{column} = excluded.{column}"));
    let set = set.collect::<Vec<_>>().join(", ");
    format!("ON CONFLICT ({key}) DO UPDATE SET {set} WHERE {is_newer}")
}

/// That the natural columns have the values of the second placeholder and those after it, and the key not that of the
/// first.
fn means_the_same(table: &Table) -> String {
    let natural = table.natural.iter().enumerate();
    let natural: Vec<String> = natural.map(|(at, column)| format!("{column} = ${}", at + 2)).collect();
    format!("{} AND {} <> $1", natural.join(" AND "), table.key)
}

fn point_anew(table: &Table, other: &str, column: &str) -> Text {
    let (name, key, same) = (table.name, table.key, means_the_same(table));
    let statement =
        format!("UPDATE {other} SET {column} = $1 WHERE {column} IN (SELECT {key} FROM {name} WHERE {same})");
    text(statement.clone(), statement)
}

fn take_key(table: &Table) -> Text {
    let statement = format!("UPDATE {} SET {} = $1 WHERE {}", table.name, table.key, means_the_same(table));
    text(statement.clone(), statement)
}
