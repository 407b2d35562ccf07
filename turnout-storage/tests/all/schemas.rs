//! The two databases have the same tables, columns, keys and indexes.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, PgConnection, SqlitePool, query_as, sqlite::SqliteConnectOptions};

use crate::{postgres_server, world};

/// What a SQLite column of a type may be in PostgreSQL.
const TYPES: [(&str, &[&str]); 4] = [
    ("BLOB", &["uuid", "bytea"]),
    ("TEXT", &["text", "timestamp with time zone", "date", "jsonb"]),
    ("INTEGER", &["boolean", "smallint", "integer", "bigint"]),
    ("REAL", &["double precision"]),
];

/// One table. What is named by its columns has them in the order of the key.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Whether each is required.
    columns: BTreeMap<String, bool>,
    primary: String,
    /// Whether each holds for some rows only.
    unique: BTreeSet<(String, bool)>,
    /// Columns, the table they point to and its columns.
    foreign: BTreeSet<(String, String, String)>,
    /// The other indexes by name: columns, and whether each holds some rows only.
    indexes: BTreeMap<String, (String, bool)>,
}

type Types = BTreeMap<(String, String), String>;

async fn of_sqlite(pool: &SqlitePool) -> (BTreeMap<String, Table>, Types) {
    let (mut tables, mut types) = (BTreeMap::new(), Types::new());
    let names: Vec<(String,)> =
        query_as("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_sqlx_*'")
            .fetch_all(pool)
            .await
            .unwrap();
    for (name,) in names {
        let mut table = Table::default();
        let columns: Vec<(String, String, bool)> =
            query_as("SELECT name, type, \"notnull\" FROM pragma_table_info($1)")
                .bind(&name)
                .fetch_all(pool)
                .await
                .unwrap();
        for (column, kind, required) in columns {
            types.insert((name.clone(), column.clone()), kind);
            table.columns.insert(column, required);
        }
        let primary: Vec<(String,)> =
            query_as("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk")
                .bind(&name)
                .fetch_all(pool)
                .await
                .unwrap();
        table.primary = joined(primary);
        let indexes: Vec<(String, bool, String, bool)> = query_as(
            "SELECT name, \"unique\", origin, partial FROM pragma_index_list($1) WHERE origin <> 'pk'",
        )
        .bind(&name)
        .fetch_all(pool)
        .await
        .unwrap();
        for (index, unique, _, partial) in indexes {
            let columns: Vec<(String,)> =
                query_as("SELECT coalesce(name, '?') FROM pragma_index_info($1) ORDER BY seqno")
                    .bind(&index)
                    .fetch_all(pool)
                    .await
                    .unwrap();
            let columns = joined(columns);
            if unique {
                table.unique.insert((columns, partial));
            } else {
                table.indexes.insert(index, (columns, partial));
            }
        }
        let foreign: Vec<(String, String, String)> =
            query_as("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list($1)")
                .bind(&name)
                .fetch_all(pool)
                .await
                .unwrap();
        table.foreign = foreign.into_iter().collect();
        tables.insert(name, table);
    }
    (tables, types)
}

async fn of_postgres(connection: &mut PgConnection) -> (BTreeMap<String, Table>, Types) {
    let (mut tables, mut types) = (BTreeMap::<String, Table>::new(), Types::new());
    let of_ours =
        "c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '\\_sqlx\\_%'";
    let columns = format!(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attnotnull \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE {of_ours} AND a.attnum > 0 AND NOT a.attisdropped"
    );
    let columns: Vec<(String, String, String, bool)> =
        query_as(AssertSqlSafe(columns)).fetch_all(&mut *connection).await.unwrap();
    for (table, column, kind, required) in columns {
        types.insert((table.clone(), column.clone()), kind);
        tables.entry(table).or_default().columns.insert(column, required);
    }
    let indexes = format!(
        "SELECT c.relname::text, i.relname::text, x.indisunique, x.indisprimary, x.indpred IS NOT NULL, \
         (SELECT string_agg(coalesce(a.attname::text, '?'), ',' ORDER BY k.at) \
          FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, at) \
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0) \
         FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid WHERE {of_ours}"
    );
    let indexes: Vec<(String, String, bool, bool, bool, String)> =
        query_as(AssertSqlSafe(indexes)).fetch_all(&mut *connection).await.unwrap();
    for (table, index, unique, primary, partial, columns) in indexes {
        let table = tables.entry(table).or_default();
        if primary {
            table.primary = columns;
        } else if unique {
            table.unique.insert((columns, partial));
        } else {
            table.indexes.insert(index, (columns, partial));
        }
    }
    let foreign = format!(
        "SELECT c.relname::text, a.attname::text, f.confrelid::regclass::text, b.attname::text, \
         f.condeferrable AND f.condeferred \
         FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid \
         JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] \
         JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1] \
         WHERE {of_ours} AND f.contype = 'f'"
    );
    let foreign: Vec<(String, String, String, String, bool)> =
        query_as(AssertSqlSafe(foreign)).fetch_all(&mut *connection).await.unwrap();
    for (table, column, other, key, deferred) in foreign {
        assert!(
            deferred,
            "{table}.{column} is checked at once, and what it points to may follow later in a unit"
        );
        tables.entry(table).or_default().foreign.insert((column, other, key));
    }
    (tables, types)
}

fn joined(columns: Vec<(String,)>) -> String {
    columns.into_iter().map(|(column,)| column).collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let store = world::fresh().await;
    let options = SqliteConnectOptions::new().filename(store.path());
    let (sqlite, sqlite_types) = of_sqlite(&SqlitePool::connect_with(options).await.unwrap()).await;
    let store = postgres_server::fresh().await;
    let (postgres, postgres_types) = of_postgres(&mut store.database.connect().await).await;
    assert!(sqlite.len() > 10, "{:?}", sqlite.keys());
    for name in sqlite.keys().chain(postgres.keys()) {
        assert_eq!(sqlite.get(name), postgres.get(name), "{name}: SQLite left, PostgreSQL right");
    }
    for ((table, column), kind) in &sqlite_types {
        let (_, fitting) = TYPES.iter().find(|(name, _)| name == kind).unwrap();
        let other = &postgres_types[&(table.clone(), column.clone())];
        assert!(fitting.contains(&other.as_str()), "{table}.{column}: {kind} and {other}");
    }
}

#[test]
fn both_folders_have_the_same_migrations() {
    let files = |database: &str| -> BTreeSet<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
        let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect()
    };
    assert_eq!(files("sqlite"), files("postgres"));
}
