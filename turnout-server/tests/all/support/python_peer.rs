//! Servers that others wrote, in Python: `scripts/peers.sh` installs them, and `TURNOUT_TEST_PEERS` names the folder. Where
//! there is none, whoever would ask one says so; and fails where `CI` is set, as nobody reads there what was not asked.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

/// Runs until it is dropped.
pub(crate) struct PythonPeer {
    child: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
}

#[expect(clippy::disallowed_methods, reason = "where they were installed")]
fn installed() -> Option<PathBuf> {
    let folder = std::env::var_os("TURNOUT_TEST_PEERS").map(PathBuf::from);
    if folder.is_none() {
        let is_ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
        assert!(!is_ci, "TURNOUT_TEST_PEERS is not set, and CI is: scripts/peers.sh installs what is asked");
        println!("not asked: TURNOUT_TEST_PEERS is not set, scripts/peers.sh says to what");
    }
    folder
}

impl PythonPeer {
    /// Starts a script of `tests/all/providers/peers/`, and gives what it says first; nothing where none is installed.
    pub(crate) fn start(script: &str, arguments: &[String]) -> Option<(Self, Value)> {
        let python = installed()?.join("bin/python");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/providers/peers");
        let mut child = Command::new(python)
            .arg(folder.join(script))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (asks, says) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut peer = Self { child, asks, says };
        let first = peer.said();
        Some((peer, first))
    }

    /// What it says next. Waits for it.
    pub(crate) fn said(&mut self) -> Value {
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
    }

    /// Asks it, and gives what it says.
    pub(crate) fn ask(&mut self) -> Value {
        self.ask_about("")
    }

    /// Asks it about something that is named in one line, and gives what it says.
    pub(crate) fn ask_about(&mut self, what: &str) -> Value {
        self.asks.write_all(format!("{what}\n").as_bytes()).unwrap();
        self.asks.flush().unwrap();
        self.said()
    }
}

impl Drop for PythonPeer {
    fn drop(&mut self) {
        // both fail only when it has ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
