//! A Redis server of a test's own, which may be stopped and started again.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A Redis server of one test, ended with it.
pub(crate) struct OwnRedis {
    port: u16,
    process: Option<Child>,
    folder: tempfile::TempDir,
}

impl OwnRedis {
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
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.stop();
        }
    }
}
