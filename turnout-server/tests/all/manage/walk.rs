//! The site in a real browser, from link to link: `tests/browser/manage.mjs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use chrono::{DateTime, Utc};
use http::Method;
use serde_json::json;
use turnout_server::{http::Route, manage::routes::routes};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use super::{
    reach::{PAGES, address},
    rows,
    site::{OLD_HASH, PASSWORD, Role, furnish},
};
use crate::support::Running;

/// Pages that are there only for a while, or for somebody else: what a mail leads to, what waits for a code.
const NOT_WALKED: &[&str] = &[
    "/account/register/{token}/",
    "/account/register/{token}/success/",
    "/account/two_factor/backup/phone/unregister/{id}/",
    "/account/two_factor/setup/phone/{id}/",
    "/manage/absentee_overrides/{region}/",
    "/manage/logout/",
    "/manage/password_reset_confirm/{uid}/{token}/",
];

/// An address of that line of the table, of a record that is there.
fn example(path: &str) -> Option<String> {
    let (_, _, segments) = PAGES.iter().find(|(it, ..)| *it == path)?;
    let is_there = segments.iter().all(|(_, value)| *value != rows::NOBODY) && !NOT_WALKED.contains(&path);
    is_there.then(|| address(path, segments, Role::Superuser.slug()))
}

#[expect(clippy::disallowed_methods, reason = "the program that is looked at goes by the real clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_site_is_reached_and_can_be_used_in_a_real_browser() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("RATE_LIMITS", "off"), ("TWO_FACTOR_SMS_NUMBER", "+12025550100")];
    let server = Running::start("all-in-one", folder.path(), &settings).await;
    let path = folder.path().join("var/turnout.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    furnish(&store, now(), OLD_HASH).await;
    drop(store);

    let table = routes();
    let paths: Vec<&str> = table.iter().filter(|it| it.answers(&Method::GET)).map(Route::path).collect();
    let pages: BTreeMap<&str, Option<String>> = paths.iter().map(|path| (*path, example(path))).collect();
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
    let missed: Vec<_> =
        paths.iter().filter(|path| !seen.contains(**path) && !NOT_WALKED.contains(path)).collect();
    assert!(missed.is_empty(), "nobody looked at {missed:?}");
    assert!(server.stop().await.success());
}
