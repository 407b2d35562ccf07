//! From an empty file to the present schema, whoever comes at the same time.

use std::process::{Command, Stdio};

use turnout_core::ports::store::Store;
use turnout_storage::{
    error::OpenError,
    sqlite::{SqliteOptions, SqliteStore},
};

use crate::world::fresh;

/// Where the parent tells its children which file to migrate.
const FILE: &str = "TURNOUT_TEST_MIGRATE_FILE";

#[tokio::test]
async fn opening_migrates_nothing_and_the_store_complains_until_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("a.db"), SqliteOptions::default()).await.unwrap();
    assert_eq!(store.complaints().await, ["database migrations pending"]);
    let mut steps = Vec::new();
    let applied = store.migrate(|step| steps.push((step.done, step.total))).await.unwrap();
    assert!(applied >= 2);
    assert_eq!(steps, (0..applied).map(|done| (done, applied)).collect::<Vec<_>>());
    assert_eq!(store.complaints().await, [""; 0]);
    assert_eq!(store.migrate(|_| {}).await.unwrap(), 0);
}

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
            assert_eq!(store.complaints().await, [""; 0]);
            applied
        });
    }
    let applied = tasks.join_all().await;
    assert_eq!(applied.iter().filter(|count| **count > 0).count(), 1, "{applied:?}");
}

#[test]
fn sixteen_processes_on_one_new_file_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..16)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "migrations::one_of_many_processes", "--ignored"])
                .env(FILE, folder.path().join("a.db"))
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }
}

#[tokio::test]
#[ignore = "sixteen_processes_on_one_new_file_all_succeed starts it"]
#[expect(clippy::disallowed_methods, reason = "how the parent names the file")]
async fn one_of_many_processes() {
    let path = std::env::var_os(FILE).unwrap();
    let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
    store.migrate(|_| {}).await.unwrap();
    assert_eq!(store.complaints().await, [""; 0]);
    store.view().await.unwrap().elections().states().await.unwrap();
}
