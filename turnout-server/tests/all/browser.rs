//! The pages in a real browser, against the real program: `tests/browser/register.mjs`.

use std::{path::Path, process::Command};

use crate::support::Running;

/// The identification number of the voter in `register.mjs`.
const NUMBER: &[u8] = b"QX471199";

/// Fails where node or Chromium is missing; `make test` installs both, and `scripts/browser.sh` says what it lacks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voter_registers_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    let address = server.url("");
    let ran = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/browser.sh");
        Command::new("bash").arg(script).args(["register", &address]).output().unwrap()
    });
    let ran = ran.await.unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let wrong: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert!(ran.status.success(), "{}\n{}", wrong.join("\n"), String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("axe") && said.lines().count() > 90, "{said}");

    assert!(server.stop().await.success());
    let mut read = 0;
    search(folder.path(), &mut read);
    assert!(read > 3, "log, database and mails were to be read: {read}");
}

/// No file holds the number but the forms themselves.
fn search(folder: &Path, read: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("files") {
                search(&path, read);
            }
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(NUMBER.len()).any(|part| part == NUMBER);
        assert!(!found, "the number is in {}", path.display());
        *read += 1;
    }
}
