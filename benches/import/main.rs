//! `make bench-import`: a database of the Django service with a million actions (TURNOUT_BENCH_ACTIONS asks for another
//! number), taken over into an empty one of ours by the release binary. Both are on the server that `scripts/servers.sh` started.

#[expect(dead_code, reason = "the tests need more of it")]
#[path = "../../turnout-server/tests/all/import_django/contract.rs"]
mod contract;
#[expect(dead_code, reason = "the tests need more of it")]
#[path = "../../turnout-server/tests/all/import_django/origin.rs"]
mod origin;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use url::Url;

use origin::Origin;

/// So many actions unless another number is asked for.
const ACTIONS: u64 = 1_000_000;
/// How often we look how much memory it takes.
const LOOK: Duration = Duration::from_millis(100);

#[expect(clippy::disallowed_methods, reason = "how the script that starts the bench says it")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The server, and the databases on it.
struct Place {
    server: Url,
    folder: tempfile::TempDir,
    binary: PathBuf,
}

/// What a run took.
struct Run {
    seconds: f64,
    mebibytes: u64,
    said: String,
}

impl Place {
    fn open() -> Self {
        let server = told("TURNOUT_TEST_POSTGRES_URL").expect("run this by make bench-import");
        let binary = told("TURNOUT_BENCH_SERVER").expect("run this by make bench-import");
        Self {
            server: server.parse().expect("an address"),
            folder: tempfile::tempdir().expect("a folder"),
            binary: binary.into(),
        }
    }

    fn address(&self, database: &str) -> Url {
        let mut url = self.server.clone();
        url.set_path(database);
        url
    }

    async fn execute(&self, database: &str, statement: &str) {
        let mut connection =
            PgConnection::connect(self.address(database).as_str()).await.expect("a connection");
        let done = raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let begun = Instant::now();
        let said = self.folder.path().join("said");
        let mut child = Command::new(&self.binary)
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("SECRET_KEY", "0123456789abcdef0123456789abcdef")
            .env("API_KEY_PEEPER", "somepepper")
            .env("DATABASE_URL", self.address("turnout_bench").as_str())
            .stdout(fs::File::create(&said).expect("a file"))
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the binary");
        let mut mebibytes = 0;
        let status = loop {
            if let Some(status) = child.try_wait().expect("a look") {
                break status;
            }
            mebibytes = mebibytes.max(peak(child.id()));
            sleep(LOOK);
        };
        let said = fs::read_to_string(said).expect("a file");
        assert!(status.success(), "{arguments:?}: {said}");
        Run { seconds: begun.elapsed().as_secs_f64(), mebibytes, said }
    }
}

/// The most memory that a process took so far, in mebibytes.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// The rows of all models that were read.
fn read(said: &str) -> u64 {
    let lines = said.lines().skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok()).sum()
}

#[tokio::main]
async fn main() {
    let actions = told("TURNOUT_BENCH_ACTIONS").and_then(|text| text.parse().ok()).unwrap_or(ACTIONS);
    let place = Place::open();
    for database in ["django_bench", "turnout_bench"] {
        place.execute("postgres", &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await;
        place.execute("postgres", &format!("CREATE DATABASE {database}")).await;
    }
    let begun = Instant::now();
    for statement in Origin::of(actions).statements() {
        place.execute("django_bench", &statement).await;
    }
    place.execute("django_bench", "VACUUM ANALYZE").await;
    println!("{actions} actions made in {:.0} s", begun.elapsed().as_secs_f64());
    place.run(&["migrate"]);
    let from = place.address("django_bench");
    let import = ["import", "django", "--from", from.as_str()];
    let dry = place.run(&[&import[..], &["--dry-run"]].concat());
    let first = place.run(&import);
    println!("{}", first.said);
    let again = place.run(&import);
    let rows = read(&first.said);
    for (name, run) in [("dry run", &dry), ("import", &first), ("import again", &again)] {
        println!("{name:<14} {:>8.1} s {:>6} MiB", run.seconds, run.mebibytes);
    }
    println!(
        "{}",
        json!({
            "bench": "import", "actions": actions, "rows": rows,
            "dry_run_seconds": dry.seconds, "import_seconds": first.seconds, "again_seconds": again.seconds,
            "rows_per_second": (rows as f64 / first.seconds).round(), "peak_mebibytes": first.mebibytes,
        })
    );
}
