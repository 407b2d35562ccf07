//! From nothing to the present schema, whoever comes at the same time; and that the two databases have the same one.

use std::process::{Command, Stdio};

use turnout_core::{jobs::lanes::LANES, ports::store::Store};
use turnout_storage::error::OpenError;

/// Where the parent tells its children which database to migrate.
const PLACE: &str = "TURNOUT_TEST_MIGRATE";

/// Starts so many processes at once that each run the ignored test of this name, and waits for all of them.
fn sixteen_processes(test: &str, place: &str) {
    let children: Vec<_> = (0..16)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", test, "--ignored"])
                .env(PLACE, place)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{said}\n{why}");
    }
}

#[expect(clippy::disallowed_methods, reason = "how the parent names the database")]
fn place() -> String {
    std::env::var(PLACE).unwrap()
}

/// It is up to date, and answers.
async fn is_ready(store: &dyn Store) {
    assert_eq!(store.complaints().await, [""; 0]);
    store.view().await.unwrap().elections().states().await.unwrap();
}

/// Migrates a database in which lanes are missing, and finds the job of before.
async fn makes_up_for_lanes(store: &dyn Store, migrate: impl AsyncFnOnce() -> usize) {
    assert_eq!(store.complaints().await, ["database migrations pending"]);
    assert_eq!(migrate().await, 1);
    is_ready(store).await;
    let mut unit = store.begin().await.unwrap();
    let lease = chrono::TimeDelta::minutes(1);
    let jobs = unit.jobs_mut().claim(chrono::DateTime::UNIX_EPOCH, lease, 9, LANES).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["a.job"]);
    unit.commit().await.unwrap();
}

/// The same of every database; `$open` gives a store of a new one at each call.
macro_rules! from_nothing {
    ($open:path) => {
        #[tokio::test]
        async fn opening_migrates_nothing_and_the_store_complains_until_it_is_migrated() {
            let store = $open().await;
            assert_eq!(store.complaints().await, ["database migrations pending"]);
            let mut steps = Vec::new();
            let applied = store.migrate(|step| steps.push((step.done, step.total))).await.unwrap();
            assert!(applied >= 2);
            assert_eq!(steps, (0..applied).map(|done| (done, applied)).collect::<Vec<_>>());
            assert_eq!(store.complaints().await, [""; 0]);
            assert_eq!(store.migrate(|_| {}).await.unwrap(), 0);
        }
    };
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

    use super::*;
    use crate::world::{Fresh, empty, fresh};

    async fn open() -> Fresh {
        empty().await
    }

    from_nothing!(open);

    #[tokio::test]
    async fn a_file_of_a_newer_version_is_left_alone() {
        let store = fresh().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.path());
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1")
            .execute(&pool)
            .await
            .unwrap();
        assert!(matches!(store.migrate(|_| {}).await, Err(OpenError::Unknown { version: 1 })));
    }

    /// As it was before the migration 3, and with jobs of that time: 4 was there first.
    #[tokio::test]
    async fn a_migration_that_came_late_is_made_up_for_and_jobs_of_before_run() {
        let store = fresh().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.path());
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        for undo in [
            "DROP INDEX job_line",
            "DROP INDEX job_turn",
            "DROP INDEX job_delayed",
            "DROP INDEX job_cancelled",
            "ALTER TABLE job DROP COLUMN lane",
            "ALTER TABLE job DROP COLUMN place",
            "CREATE INDEX job_claim ON job (priority, due_at, uuid) WHERE state = 'waiting'",
            "CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting'",
            "DROP TABLE job_lane",
            "DELETE FROM _sqlx_migrations WHERE version = 3",
            "INSERT INTO job (uuid, kind, payload, priority, state, attempts, fence, due_at, created_at) \
             VALUES (x'00000000000000000000000000000001', 'a.job', '{}', 10, 'waiting', 0, 0, \
             '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z')",
        ] {
            sqlx::query(undo).execute(&pool).await.unwrap();
        }
        makes_up_for_lanes(&*store, async || store.migrate(|_| {}).await.unwrap()).await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_reads_the_database() {
        use std::os::unix::fs::PermissionsExt;
        let store = fresh().await;
        for suffix in ["", "-wal", "-shm"] {
            let path = format!("{}{suffix}", store.path().display());
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn sixteen_stores_on_one_new_file_all_succeed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let path = path.clone();
            tasks.spawn(async move {
                let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
                let applied = store.migrate(|_| {}).await.unwrap();
                is_ready(&store).await;
                applied
            });
        }
        let applied = tasks.join_all().await;
        assert_eq!(applied.iter().filter(|count| **count > 0).count(), 1, "{applied:?}");
    }

    #[test]
    fn sixteen_processes_on_one_new_file_all_succeed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        sixteen_processes("migrations::sqlite::one_of_many_processes", path.to_str().unwrap());
    }

    #[tokio::test]
    #[ignore = "sixteen_processes_on_one_new_file_all_succeed starts it"]
    async fn one_of_many_processes() {
        let store = SqliteStore::open(place(), SqliteOptions::default()).await.unwrap();
        store.migrate(|_| {}).await.unwrap();
        is_ready(&store).await;
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::time::Duration;

    use sqlx::{Connection as _, raw_sql};
    use turnout_storage::postgres::{PgOptions, PgStore};

    use super::*;
    use crate::postgres_server::{Database, Fresh, fresh};

    async fn open() -> Fresh {
        Database::empty().await.into()
    }

    from_nothing!(open);

    #[tokio::test]
    async fn a_database_of_a_newer_version_is_left_alone() {
        let store = fresh().await;
        let mut outside = store.database.connect().await;
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'of the future', TRUE, '', 0)";
        raw_sql(newer).execute(&mut outside).await.unwrap();
        assert!(matches!(store.migrate(|_| {}).await, Err(OpenError::Unknown { version: 9999 })));
        // a server goes on: what is newer only adds
        assert_eq!(store.complaints().await, [""; 0]);
    }

    /// As it was before the migration 3, and with jobs of that time: 4 was there first.
    #[tokio::test]
    async fn a_migration_that_came_late_is_made_up_for_and_jobs_of_before_run() {
        let store = fresh().await;
        let mut outside = store.database.connect().await;
        let undo = "DROP INDEX job_cancelled; ALTER TABLE job DROP COLUMN lane, DROP COLUMN place; \
                    CREATE INDEX job_claim ON job (priority, due_at, uuid) WHERE state = 'waiting'; \
                    CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting'; \
                    DROP TABLE job_lane; DELETE FROM _sqlx_migrations WHERE version = 3; \
                    INSERT INTO job (uuid, kind, payload, priority, state, attempts, fence, due_at, created_at) \
                    VALUES ('00000000-0000-0000-0000-000000000001', 'a.job', '{}', 10, 'waiting', 0, 0, \
                    '1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z')";
        raw_sql(undo).execute(&mut outside).await.unwrap();
        makes_up_for_lanes(&*store, async || store.migrate(|_| {}).await.unwrap()).await;
    }

    #[tokio::test]
    async fn a_migration_gives_way_to_who_holds_a_table_and_leaves_nothing_half_done() {
        let database = Database::empty().await;
        let store = database.open(PgOptions::default().with_lock_timeout(Duration::from_millis(200)));
        let mut outside = database.connect().await;
        let mut busy = outside.begin().await.unwrap();
        // somebody makes the very table, and does not say yet whether it is to last
        raw_sql("CREATE TABLE job (uuid uuid)").execute(&mut *busy).await.unwrap();
        let migrated = store.migrate(|_| {}).await;
        assert!(matches!(migrated, Err(OpenError::Migration(_))), "{migrated:?}");
        assert_eq!(store.complaints().await, ["database migrations pending"]);
        busy.rollback().await.unwrap();
        assert!(store.migrate(|_| {}).await.unwrap() > 0);
        is_ready(&store).await;
    }

    #[tokio::test]
    async fn sixteen_processes_on_one_new_database_all_succeed() {
        let database = Database::empty().await;
        sixteen_processes("migrations::postgres::one_of_many_processes", &database.url());
    }

    #[tokio::test]
    #[ignore = "sixteen_processes_on_one_new_database_all_succeed starts it"]
    async fn one_of_many_processes() {
        let store = PgStore::open(&place(), PgOptions::default()).unwrap();
        store.migrate(|_| {}).await.unwrap();
        is_ready(&store).await;
    }
}
