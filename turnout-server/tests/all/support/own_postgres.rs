//! A PostgreSQL server of a test's own, which may be stopped as a power cut does and started again.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A PostgreSQL server of one test, ended with it.
pub(crate) struct OwnPostgres {
    port: u16,
    password: String,
    programs: PathBuf,
    folder: tempfile::TempDir,
}

impl OwnPostgres {
    /// One that is up. What it confirms is on the disk, as in production.
    pub(crate) fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let password = format!("{:032x}", rand::random::<u128>());
        let server = Self { port, password, programs: programs(), folder };
        std::fs::write(server.path("password"), &server.password).unwrap();
        if is_root() {
            // it refuses to run as root
            run(Command::new("chown").arg("-R").arg("postgres:").arg(server.folder.path()));
        }
        let data = server.path("data");
        let mut initdb = server.program("initdb");
        initdb.arg("--pgdata").arg(data).arg("--pwfile").arg(server.path("password"));
        run(initdb.args(["--username", "turnout", "--auth", "scram-sha-256"]).args([
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ]));
        server.start_again();
        server
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("postgres://turnout:{}@127.0.0.1:{}/postgres?sslmode=disable", self.password, self.port)
    }

    /// Starts it after [`stop_at_once`](Self::stop_at_once); it answers when this returns.
    pub(crate) fn start_again(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on -c synchronous_commit=on",
            self.port
        );
        run(self.pg_ctl().args(["--options", &options, "start"]));
    }

    /// As a power cut: nothing is written down any more.
    pub(crate) fn stop_at_once(&self) {
        run(self.pg_ctl().args(["--mode", "immediate", "stop"]));
    }

    fn pg_ctl(&self) -> Command {
        let mut command = self.program("pg_ctl");
        command.args(["--wait", "--silent", "--pgdata"]).arg(self.path("data"));
        command.arg("--log").arg(self.path("log"));
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        // it may not be up
        let _ = self.pg_ctl().args(["--mode", "immediate", "stop"]).stderr(Stdio::null()).status();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Where the newest version's programs are.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.map(|folder| folder.unwrap().path()).max_by_key(|folder| version(folder));
    newest.expect("PostgreSQL is installed").join("bin")
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}
