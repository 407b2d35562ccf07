//! The scenarios of `tests/browser/`, in a real browser.

use std::{path::Path, process::Command};

use serde_json::Value;

use super::Running;

/// Runs a scenario, of more than so many checks, against a server, and gives what it said. It is told what stands there in a
/// variable of that name.
///
/// Fails where node or Chromium is missing; `make test` installs both, and `scripts/browser.sh` says what it lacks.
pub(crate) async fn passes(
    scenario: &'static str,
    server: &Running,
    told: Option<(&'static str, Value)>,
    checks: usize,
) -> String {
    let address = server.url("");
    let ran = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/browser.sh");
        let mut command = Command::new("bash");
        command.arg(script).args([scenario, &address]);
        command.envs(told.map(|(variable, value)| (variable, value.to_string())));
        command.output().unwrap()
    });
    let ran = ran.await.unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let wrong: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert!(ran.status.success(), "{}\n{}", wrong.join("\n"), String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("axe") && said.lines().count() > checks, "{said}");
    said
}
