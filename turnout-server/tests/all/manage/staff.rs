//! What staff do on the site, in a real browser: `tests/browser/staff.mjs`.

use std::{path::Path, process::Command};

use serde_json::json;

use super::walk::reset_path;
use crate::support::Running;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_form_is_filled_in_and_sent_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    let (superuser, nobody) = ("ann@example.org", "bob@example.org");
    let accounts = json!({
        "superuser": { "email": superuser, "link": reset_path(folder.path(), &[superuser, "--superuser"]) },
        "nobody": { "email": nobody, "link": reset_path(folder.path(), &[nobody]) },
    });
    let address = server.url("");
    let ran = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/browser.sh");
        let mut command = Command::new("bash");
        command.arg(script).args(["staff", &address]).env("TURNOUT_STAFF", accounts.to_string());
        command.output().unwrap()
    });
    let ran = ran.await.unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let wrong: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert!(ran.status.success(), "{}\n{}", wrong.join("\n"), String::from_utf8_lossy(&ran.stderr));
    assert!(said.lines().count() > 250, "{said}");
    assert!(server.stop().await.success());
}
