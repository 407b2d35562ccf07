//! The fax queue, files and redirects, against servers of Amazon's kinds that others wrote (moto).

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    conformance::faxes::fax, election::jobs::PublishRedirects, jobs::step, ports::store::Store as _,
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::support::PythonPeer;

/// What is set for a process whose cloud is there.
fn settings(folder: &Path, place: &Value) -> Vec<(&'static str, String)> {
    let (endpoint, queue) = (place["endpoint"].as_str().unwrap(), place["queue"].as_str().unwrap());
    let cloud = [
        ("FAX_DISABLE", "false"),
        // that of the fax: this is no deployment that may fax others
        ("FAX_REDIRECT_TO", "+16175557890"),
        ("FAX_GATEWAY_SQS_QUEUE", queue),
        ("AWS_ENDPOINT_URL_SQS", endpoint),
        ("ATTACHMENT_USE_S3", "true"),
        ("AWS_ENDPOINT_URL_S3", endpoint),
        ("AWS_ACCESS_KEY_ID", "AKIATURNOUT"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
        ("AWS_STORAGE_PRIVATE_BUCKET_NAME", "turnout-private"),
        ("AWS_STORAGE_BUCKET_NAME", "turnout-public"),
        ("STATE_TOOL_REDIRECT_BUCKET", REDIRECTS),
        ("WWW_ORIGIN", "https://www.example.org"),
    ];
    let own = [("TURNOUT_DATA_DIR", folder.display().to_string())];
    own.into_iter().chain(cloud.map(|(name, value)| (name, value.to_owned()))).collect()
}

/// The bucket of the redirects.
const REDIRECTS: &str = "turnout-redirects";

async fn wired(settings: &[(&'static str, String)]) -> Wired {
    let text: String = settings.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(&text, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    wiring::wire(&config).await.unwrap()
}

/// A process on moto; nothing where that is not installed.
async fn on_moto(folder: &Path) -> Option<(PythonPeer, Wired)> {
    let (peer, place) = PythonPeer::start("cloud.py", &[])?;
    let wired = wired(&settings(folder, &place)).await;
    Some((peer, wired))
}

#[tokio::test]
async fn faxes_are_in_the_queue_once_and_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let Some((mut peer, wired)) = on_moto(folder.path()).await else { return };
    for number in [1, 2, 1, 3, 2] {
        wired.app.fax.send(&fax(number)).await.unwrap();
    }
    let expected: Vec<Value> = [1, 2, 3]
        .map(|number| {
            let fax = fax(number);
            let body = json!({
                "fax_id": fax.id, "to": fax.to.e164(), "pdf_url": fax.pdf_url,
                "callback_url": fax.callback_url,
            });
            json!({"body": body, "group": fax.to.e164()})
        })
        .to_vec();
    assert_eq!(peer.ask(), json!(expected));
    wired.rows.close().await;
}

#[tokio::test]
async fn files_come_back_by_their_links_and_are_gone_when_they_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let Some((_peer, wired)) = on_moto(folder.path()).await else { return };
    let files = &wired.app.files;
    files.put("a-b.pdf", "%PDF-1.7 é".into(), "application/pdf").await.unwrap();
    assert_eq!(files.get("a-b.pdf").await.unwrap().as_deref(), Some("%PDF-1.7 é".as_bytes()));
    let until = wired.app.now() + chrono::TimeDelta::minutes(1);
    let link = files.link("a-b.pdf", "form.pdf", until).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let answer = reqwest::get(link).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("form.pdf"));
    assert_eq!(answer.bytes().await.unwrap(), "%PDF-1.7 é".as_bytes());
    files.delete("a-b.pdf").await.unwrap();
    assert_eq!(files.get("a-b.pdf").await.unwrap(), None);
    wired.rows.close().await;
}

/// What lies in the bucket of the redirects, by key.
fn objects(cloud: &mut PythonPeer) -> BTreeMap<String, Value> {
    serde_json::from_value(cloud.ask_about(REDIRECTS)).unwrap()
}

/// The keys whose objects are others than before; none comes and none goes.
fn changed(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<String> {
    assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
    after.iter().filter(|(key, it)| before[*key] != **it).map(|(key, _)| key.clone()).collect()
}

fn leads(found: &BTreeMap<String, Value>, key: &str) -> String {
    found[&format!("state-redirect/{key}")]["redirect"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn redirects_are_objects_that_send_visitors_on_and_follow_the_facts() {
    let folder = tempfile::tempdir().unwrap();
    let Some((mut cloud, place)) = PythonPeer::start("cloud.py", &[]) else { return };
    let settings = settings(&folder.path().join("var"), &place);
    let run = async |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(folder.path()).env_clear().env("DEBUG", "true");
        command.env("SECRET_KEY", "0123456789abcdef0123456789abcdef").envs(settings.clone());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(output.status.success() && !said.contains("hush"), "{said}");
        said
    };
    run(&["migrate"]).await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("var/turnout.db"));
    let execute = async |statement: &'static str| {
        let mut rows = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut rows).await.unwrap();
        rows.close().await.unwrap();
    };
    // what a fresh installation knows of states
    execute("DELETE FROM election_stateinformation; DELETE FROM election_stateinformationfieldtype").await;
    let kind = |slug: &str| json!({ "slug": slug, "long_name": slug, "field_format": "URL" });
    let kinds = json!([kind("external_tool_ovr"), kind("external_tool_verify_status")]);
    let fact = |slug: &str, text: &str| json!({ "field_type": slug, "text": text });
    let (ovr, status) = ("https://ma.example.org/ovr?a=1&b=2", "https://ma.example.org/status");
    let facts = json!([fact("external_tool_ovr", ovr), fact("external_tool_verify_status", status)]);
    let states = json!([{ "code": "MA", "name": "Massachusetts", "state_information": facts }]);
    let both = json!({ "fields": kinds, "states": states }).to_string();
    std::fs::write(folder.path().join("facts.json"), both).unwrap();
    run(&["import", "state-info", "facts.json"]).await;
    let said = run(&["sync", "redirects", "--dry-run"]).await;
    assert!(said.contains("Nothing was published: this was a dry run."), "{said}");
    assert!(
        said.contains("state-redirect/MA/external_tool_ovr → https://ma.example.org/ovr?a=1&b=2\n"),
        "{said}"
    );
    assert!(objects(&mut cloud).is_empty());

    let said = run(&["sync", "redirects"]).await;
    assert!(said.contains("255 addresses were published."), "{said}");
    let first = objects(&mut cloud);
    assert_eq!(first.len(), 51 * 5, "each tool of each state, and none of a territory");
    assert_eq!(cloud.ask_about("turnout-public"), json!({}), "they have a bucket of their own");
    assert_eq!(leads(&first, "MA/external_tool_ovr"), ovr);
    assert_eq!(leads(&first, "MA/external_tool_verify_status"), status);
    for (key, it) in &first {
        let is_bare = it["length"] == 0 && it["type"] == "text/plain" && it["cache"] == "public, max-age=300";
        assert!(
            is_bare && it["redirect"].as_str().is_some_and(|to| to.starts_with("https://")),
            "{key}: {it}"
        );
    }

    // another fact is looked at and published; all others lead where they led
    execute(
        "UPDATE election_stateinformation SET text = 'https://ma.example.org/new' WHERE text LIKE '%/ovr?%'",
    )
    .await;
    let said = run(&["sync", "redirects", "--dry-run"]).await;
    assert!(said.contains("state-redirect/MA/external_tool_ovr → https://ma.example.org/new\n"), "{said}");
    assert_eq!(objects(&mut cloud), first);
    run(&["sync", "redirects"]).await;
    let second = objects(&mut cloud);
    assert_eq!(changed(&first, &second), ["state-redirect/MA/external_tool_ovr"]);
    assert_eq!(leads(&second, "MA/external_tool_ovr"), "https://ma.example.org/new");

    // a fact that is gone takes no address away, as it stands in print: it leads to a page of ours; by the job this time
    execute("DELETE FROM election_stateinformation WHERE text LIKE '%/status'").await;
    let wired = wired(&settings).await;
    let mut unit = wired.app.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&PublishRedirects {}.job(&wired.app)).await.unwrap();
    unit.commit().await.unwrap();
    step::run_all_due(&wired.app).await.unwrap();
    let third = objects(&mut cloud);
    assert_eq!(changed(&second, &third), ["state-redirect/MA/external_tool_verify_status"]);
    let ours = leads(&third, "MA/external_tool_verify_status");
    assert!(ours.starts_with("https://www.example.org/"), "{ours}");
    wired.rows.close().await;
}
