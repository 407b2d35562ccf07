//! The site in a real browser, from link to link: `tests/browser/manage.mjs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::json;
use turnout_core::{
    account::{Invite, InviteAssociation, PhoneFactor},
    conformance::rows as samples,
    file::imported_token_hash,
    ids::{AssociationId, InviteId, PhoneFactorId, ReportId, SubscriberId},
    person::Phone,
    ports::store::Store,
    report::{Report, ReportStatus, ReportType},
};
use turnout_server::{http::Route, manage::routes::routes};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

use super::{
    reach::{PAGES, address},
    rows,
    site::{OLD_HASH, OWN, PASSWORD, Role, furnish},
};
use crate::support::{Running, passes};

/// Pages that the links of the site do not lead to: what a mail leads to, which is looked at before somebody signs in, and
/// what leads on elsewhere.
const NOT_WALKED: &[&str] = &[
    "/account/register/{token}/",
    "/account/register/{token}/success/",
    "/manage/absentee_overrides/{region}/",
    "/manage/logout/",
    "/manage/password_reset_confirm/{uid}/{token}/",
];

/// What opens an invitation: a text as the service before issued them.
const INVITATION: &str = "an-invitation-of-the-walk";
/// A telephone of the superuser that waits for its code, and one that counts.
const PENDING: &str = "00000000-0000-0000-0000-000000001a01";
const BACKUP: &str = "00000000-0000-0000-0000-000000001a02";
/// A page of each kind of record that is new, beside those to which the first links lead.
const ALSO: &[&str] =
    &["/manage/votenow/reports/", "/manage/admin/update-webhooks/", "/manage/admin/webhooks/"];

/// An address of that line of the table, of a record that is there.
fn example(path: &str) -> Option<String> {
    let (_, _, segments) = PAGES.iter().find(|(it, ..)| *it == path)?;
    match path {
        "/account/two_factor/setup/phone/{id}/" => return Some(path.replace("{id}", PENDING)),
        "/account/two_factor/backup/phone/unregister/{id}/" => return Some(path.replace("{id}", BACKUP)),
        _ => {}
    }
    let is_there = segments.iter().all(|(_, value)| *value != rows::NOBODY) && !NOT_WALKED.contains(&path);
    is_there.then(|| address(path, segments, Role::Superuser.slug()))
}

/// An open invitation, telephones, and an export that failed, beside what every test of the site finds.
pub(super) async fn furnish_more(store: &dyn Store, now: DateTime<Utc>) {
    let mut unit = store.begin().await.unwrap();
    let own = SubscriberId(Uuid::from_u128(OWN));
    let invite = Invite {
        id: InviteId(Uuid::from_u128(0x1a03)),
        imported_token_hash: Some(imported_token_hash(INVITATION)),
        expires: now + TimeDelta::days(7),
        created_at: now,
        ..samples::invite(0x1a03, "zoe@example.org", OWN, 0)
    };
    unit.accounts_mut().insert_invite(&invite).await.unwrap();
    let id = AssociationId(Uuid::from_u128(0x1a04));
    let leads_to = InviteAssociation { id, subscriber: own, invite: invite.id, created_at: now };
    unit.accounts_mut().add_to_invite(&leads_to).await.unwrap();
    let phone = |id: &str, role: Role, confirmed_at| PhoneFactor {
        id: PhoneFactorId::parse(id).unwrap(),
        user: role.id(),
        number: Phone::parse("+12025550142").unwrap(),
        secret: vec![9; 20],
        is_backup: role == Role::Superuser,
        confirmed_at,
        last_step: 0,
        removed_at: None,
        created_at: now,
    };
    for phone in [
        phone(PENDING, Role::Superuser, None),
        phone(BACKUP, Role::Superuser, Some(now)),
        phone("00000000-0000-0000-0000-000000001a05", Role::NoSecondFactor, Some(now)),
    ] {
        unit.accounts_mut().insert_phone(&phone).await.unwrap();
    }
    let failed = Report {
        id: ReportId(Uuid::from_u128(0x1a06)),
        kind: ReportType::Register,
        status: ReportStatus::Failed,
        subscriber: own,
        author: Some(Role::Member.id()),
        file: None,
        since: None,
        before: Some(now),
        written: 6_000,
        total: Some(12_345),
        created_at: now - TimeDelta::minutes(4),
        modified_at: now,
    };
    unit.reports_mut().insert(&failed).await.unwrap();
    unit.commit().await.unwrap();
}

/// The path of the link by which somebody new sets the first password, as the command prints it.
pub(super) fn reset_path(folder: &Path, more: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(["user", "create"]).args(more).current_dir(folder).env_clear();
    let said = command.output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    let Some((_, rest)) = text.split_once("/manage/password_reset_confirm/") else {
        panic!("{text}{}", String::from_utf8_lossy(&said.stderr))
    };
    format!("/manage/password_reset_confirm/{}", rest.split_whitespace().next().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "the program that is looked at goes by the real clock")]
pub(super) fn now() -> DateTime<Utc> {
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
    furnish_more(&store, now()).await;
    drop(store);
    let reset = reset_path(folder.path(), &["walker@example.org"]);

    let table = routes();
    let paths: Vec<&str> = table.iter().filter(|it| it.answers(&Method::GET)).map(Route::path).collect();
    let pages: BTreeMap<&str, Option<String>> = paths.iter().map(|path| (*path, example(path))).collect();
    let look_at = json!({
        "email": Role::Superuser.email(),
        "password": PASSWORD,
        "secret": hex::encode(Role::Superuser.secret()),
        "pages": pages,
        "also": ALSO,
        "invitation": format!("/account/register/{INVITATION}/"),
        "reset": reset,
        "texted": Role::NoSecondFactor.email(),
    });
    // each page is looked at several times
    let said = passes("manage", &server, Some(("TURNOUT_MANAGE", look_at)), paths.len()).await;
    let seen = said.lines().find_map(|line| line.strip_prefix("seen ")).unwrap();
    let seen: BTreeSet<String> = serde_json::from_str(seen).unwrap();
    let missed: Vec<_> =
        paths.iter().filter(|path| !seen.contains(**path) && !NOT_WALKED.contains(path)).collect();
    assert!(missed.is_empty(), "nobody looked at {missed:?}");
    assert!(server.stop().await.success());
}
