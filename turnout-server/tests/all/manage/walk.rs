//! The site in a real browser, from link to link: `tests/browser/manage.mjs`.

use std::{collections::BTreeSet, path::Path, process::Command};

use chrono::{DateTime, Utc};
use http::Method;
use serde_json::json;
use turnout_server::{http::Route, manage::routes::routes};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use super::site::{OLD_HASH, PASSWORD, Role, furnish};
use crate::support::Running;

/// Pages to which no link leads somebody who is signed in: what a mail leads to, what is seen after a form was sent, what
/// leads on at once.
const NOT_WALKED: &[&str] = &[
    "/account/register/{token}/",
    "/account/register/{token}/success/",
    "/account/two_factor/backup/phone/unregister/{id}/",
    "/manage/absentee_overrides/{region}/",
    "/manage/logout/",
    "/manage/password_reset_confirm/{uid}/{token}/",
];

#[expect(clippy::disallowed_methods, reason = "the program that is looked at goes by the real clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_site_is_reached_and_can_be_used_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start("all-in-one", folder.path(), &[("RATE_LIMITS", "off")]).await;
    let path = folder.path().join("var/turnout.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    furnish(&store, now(), OLD_HASH).await;
    drop(store);

    let table = routes();
    let pages: Vec<&str> = table.iter().filter(|it| it.answers(&Method::GET)).map(Route::path).collect();
    let look_at = json!({
        "email": Role::Superuser.email(),
        "password": PASSWORD,
        "secret": hex::encode(Role::Superuser.secret()),
        "pages": pages,
    });
    let address = server.url("");
    let ran = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/browser.sh");
        let mut command = Command::new("bash");
        command.arg(script).args(["manage", &address]).env("TURNOUT_MANAGE", look_at.to_string());
        command.output().unwrap()
    });
    let ran = ran.await.unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let wrong: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert!(ran.status.success(), "{}\n{}", wrong.join("\n"), String::from_utf8_lossy(&ran.stderr));
    let seen = said.lines().find_map(|line| line.strip_prefix("seen ")).unwrap();
    let seen: BTreeSet<String> = serde_json::from_str(seen).unwrap();
    let missed = pages.iter().filter(|page| !seen.contains(**page) && !NOT_WALKED.contains(page));
    let missed: Vec<_> = missed.collect();
    assert!(missed.is_empty(), "no link leads to {missed:?}");
    assert!(server.stop().await.success());
}
