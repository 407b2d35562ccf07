//! Redis: the server that all tests share, and one of a test's own that may be stopped.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use turnout_storage::redis::Redis;

/// The address of the shared server.
#[expect(clippy::disallowed_methods, reason = "scripts/servers.sh says where the server is")]
pub(crate) fn address() -> String {
    let name = "TURNOUT_TEST_REDIS_URL";
    std::env::var(name).unwrap_or_else(|_| panic!("{name} names no server: make test starts one"))
}

/// A connection to the shared server under a prefix that no other test has.
pub(crate) fn fresh() -> (Redis, String) {
    // random, as the server outlives a run of the tests
    let prefix = format!("test-{:x}", RandomState::new().build_hasher().finish());
    (Redis::new(&address(), &prefix, None).unwrap(), prefix)
}

/// A server of one test, ended with it.
pub(crate) struct OwnServer {
    port: u16,
    process: Option<Child>,
    folder: tempfile::TempDir,
}

impl OwnServer {
    /// A free port, on which nothing runs yet.
    pub(crate) fn new() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { port, process: None, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) async fn start(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "no", "--dir"]).arg(self.folder.path()).stdout(Stdio::null());
        self.process = Some(command.spawn().expect("redis-server is installed"));
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("redis-server does not listen on port {}", self.port);
    }

    /// Ends it as a power cut does.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// It hangs from now on, or goes on.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.process.as_ref().expect("it runs").id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.stop();
        }
    }
}
