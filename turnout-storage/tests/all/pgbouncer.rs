//! Stores behind a real PgBouncer that pools transactions: it hands the one connection to another client after each.

use std::{
    net::TcpListener,
    os::unix::fs::MetadataExt as _,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use tokio::task::JoinSet;
use turnout_core::{
    conformance::rows::{action, job, uuid},
    ids::ActionId,
    ports::store::Store,
};
use turnout_storage::{
    error::OpenError,
    postgres::{PgOptions, PgStore},
};
use url::Url;

use crate::postgres_server::Database;

/// A pooler of one test, ended with it.
struct PgBouncer {
    url: String,
    process: Child,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// Stands before the server of that database.
    async fn before(database: &Database) -> Self {
        let mut url: Url = database.url().parse().unwrap();
        let (user, password) = (url.username().to_owned(), url.password().unwrap().to_owned());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let users = folder.path().join("users.txt");
        std::fs::write(&users, format!("\"{user}\" \"{password}\"\n")).unwrap();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\npool_mode = transaction\n\
             default_pool_size = 1\n",
            url.port().unwrap(),
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new("pgbouncer");
        if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            // it refuses to run as root
            let given = Command::new("chown").args(["-R", "postgres:"]).arg(folder.path()).status().unwrap();
            assert!(given.success());
            command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "pgbouncer"]);
        }
        // Debian has it where only root looks
        let path = format!("/usr/sbin:{}", path());
        command.env("PATH", path).arg("-q").arg(file).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("PgBouncer is installed");
        url.set_port(Some(port)).unwrap();
        url.query_pairs_mut().append_pair("pgbouncer", "true");
        let pooler = Self { url: url.into(), process, _folder: folder };
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return pooler;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("PgBouncer does not listen on port {port}");
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "where programs are")]
fn path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stores_of_several_processes_share_one_connection_behind_pgbouncer() {
    let database = Database::migrated().await;
    let pooler = PgBouncer::before(&database).await;
    let stores: Vec<_> =
        (0..4).map(|_| Arc::new(PgStore::open(&pooler.url, PgOptions::default()).unwrap())).collect();
    let mut tasks = JoinSet::new();
    for task in 0..8_u128 {
        let store = Arc::clone(&stores[task as usize % stores.len()]);
        tasks.spawn(async move {
            for turn in 0..20 {
                let number = 1_000 * (task + 1) + turn;
                let mut unit = store.begin().await.unwrap();
                unit.actions_mut().insert(&action(number)).await.unwrap();
                unit.jobs_mut().enqueue(&job(number, 0)).await.unwrap();
                unit.commit().await.unwrap();
                assert_eq!(store.complaints().await, [""; 0]);
                let mut view = store.view().await.unwrap();
                assert!(view.actions().by_id(ActionId(uuid(number))).await.unwrap().is_some());
            }
        });
    }
    tasks.join_all().await;
    assert!(matches!(stores[0].migrate(|_| {}).await, Err(OpenError::Pooled)));
}
