//! `turnout-server data-subject`, `retention`, `election replace`, `offices test-region`, `import subscribers` and
//! `forms signature-sample`, from the command line.

use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use turnout_core::{
    App,
    conformance::rows::{self, uuid},
    file::FileType,
    ids::{ActionId, FileId, RegionId, RegistrationId},
    ports::store::Store as _,
};
use turnout_server::system::{RandomIds, SystemClock};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(arguments).current_dir(folder).env_clear().env("SECRET_KEY", KEY);
    command.env("PRIMARY_ORIGIN", "https://vote.example.org").env("KEEP_REGISTRATIONS_DAYS", "30");
    command.output().unwrap()
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let remark = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {remark}");
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

async fn app(folder: &Path) -> App {
    let store = SqliteStore::open(folder.join("var/turnout.db"), SqliteOptions::default()).await.unwrap();
    App::builder(store, SystemClock, RandomIds, KEY.as_bytes()).build()
}

/// A registration with its form, in a data folder as the server has it.
async fn registered(folder: &Path) {
    said(folder, &["migrate"]);
    let app = app(folder).await;
    let mut unit = app.store.begin().await.unwrap();
    rows::references(unit.as_mut()).await;
    let file = rows::file(3, FileType::RegForm, 5);
    let key = file.key.clone();
    unit.files_mut().insert(&file).await.unwrap();
    let mut registration = rows::registration();
    (registration.result_item, registration.result_item_mail) = (Some(FileId(uuid(3))), None);
    unit.registrations_mut().insert(&registration).await.unwrap();
    unit.commit().await.unwrap();
    let files = folder.join("var/files");
    fs::create_dir_all(&files).unwrap();
    fs::write(files.join(key), b"%PDF of a voter").unwrap();
}

fn entry(archive: &mut zip::ZipArchive<File>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn a_person_is_given_everything_and_then_forgotten_with_a_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    registered(folder).await;
    assert!(complaint(folder, &["data-subject", "delete"]).contains("--email, --phone or --uuid"));
    let wrong = complaint(folder, &["data-subject", "delete", "--phone", "abc"]);
    assert!(wrong.contains("this is no telephone number"), "{wrong}");
    let nobody = said(folder, &["data-subject", "delete", "--email", "nobody@example.org", "--apply"]);
    assert!(nobody.contains("Nothing is kept"), "{nobody}");

    let whom = ["--email", "Voter@example.org"];
    let made = said(folder, &["data-subject", "export", whom[0], whom[1], "--to", "me.zip"]);
    assert!(made.contains("Receipt ") && made.contains("1 other addresses or numbers"), "{made}");
    assert!(!made.contains("oter@example.org"), "{made}");
    let twice = complaint(folder, &["data-subject", "export", whom[0], whom[1], "--to", "me.zip"]);
    assert!(twice.contains("it must not be there yet"), "{twice}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.join("me.zip")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let mut archive = zip::ZipArchive::new(File::open(folder.join("me.zip")).unwrap()).unwrap();
    let rows: Value =
        serde_json::from_slice(&entry(&mut archive, "tables/register_registration.json")).unwrap();
    assert_eq!(rows[0]["last_name"], "Nguyễn-Łukasz");
    assert_eq!(rows[0]["uuid"], uuid(500).to_string());
    let form = format!("files/{}-form.pdf", uuid(3));
    assert_eq!(entry(&mut archive, &form), b"%PDF of a voter");

    let plan = said(folder, &["data-subject", "delete", whom[0], whom[1]]);
    assert!(plan.contains("register_registration") && plan.contains("--apply does it"), "{plan}");
    let view = app(folder).await;
    let id = RegistrationId(uuid(500));
    assert!(view.store.view().await.unwrap().registrations().by_id(id).await.unwrap().is_some());

    let apply = ["data-subject", "delete", whom[0], whom[1], "--apply", "--receipt", "receipt.json"];
    let done = said(folder, &apply);
    assert!(done.starts_with("Forgotten: "), "{done}");
    let app = app(folder).await;
    let mut view = app.store.view().await.unwrap();
    assert!(view.registrations().by_id(id).await.unwrap().is_none());
    assert!(view.actions().by_id(ActionId(uuid(1))).await.unwrap().is_none());
    assert_eq!(fs::read_dir(folder.join("var/files")).unwrap().count(), 0, "the form is deleted at once");
    drop(view);

    let verified = said(folder, &["data-subject", "verify", "receipt.json", whom[0], whom[1]]);
    assert!(verified.contains("ours and unchanged") && verified.contains("about this person"), "{verified}");
    let other = said(folder, &["data-subject", "verify", "receipt.json", "--email", "other@example.org"]);
    assert!(other.contains("not about anybody"), "{other}");
    let receipt = fs::read_to_string(folder.join("receipt.json")).unwrap();
    assert!(!receipt.to_lowercase().contains("voter@") && !receipt.contains("617555"), "{receipt}");
    fs::write(folder.join("changed.json"), receipt.replace("\"deleted\": 1", "\"deleted\": 2")).unwrap();
    assert!(
        complaint(folder, &["data-subject", "verify", "changed.json"]).contains("not ours, or was changed")
    );
    let list = said(folder, &["data-subject", "receipts"]);
    assert!(list.contains("deletion") && list.contains("export"), "{list}");
    let id = list.lines().nth(1).unwrap().split(' ').next().unwrap();
    assert!(said(folder, &["data-subject", "verify", id]).contains("ours and unchanged"));
}

#[tokio::test]
async fn what_is_old_is_counted_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    registered(folder).await;
    let app = app(folder).await;
    // some hundred days ago
    let mut unit = app.store.begin().await.unwrap();
    let mut registration = rows::bare_registration();
    registration.created_at = app.now() - chrono::TimeDelta::days(200);
    unit.registrations_mut().insert(&registration).await.unwrap();
    unit.commit().await.unwrap();
    let counted = said(folder, &["retention", "--dry-run"]);
    let line = counted.lines().find(|line| line.starts_with("registrations")).unwrap();
    assert!(line.contains("30 days"), "{counted}");
    assert!(
        counted.contains("never (KEEP_TEXTS_DAYS)") && counted.contains("Nothing was deleted"),
        "{counted}"
    );
    let deleted = said(folder, &["retention"]);
    assert!(deleted.contains("DELETED"), "{deleted}");
    let mut view = app.store.view().await.unwrap();
    assert!(view.registrations().by_id(registration.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_text_is_replaced_in_facts_after_a_look() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["migrate"]);
    let nothing = said(folder, &["election", "replace", "xyzzy", "plugh"]);
    assert!(nothing.contains("nothing to replace"), "{nothing}");
    let refused = complaint(folder, &["election", "replace", "", "plugh"]);
    assert!(refused.contains("old: "), "{refused}");
    let looked = said(folder, &["election", "replace", "https://", "http://"]);
    assert!(looked.contains("--apply does it") || looked.contains("nothing to replace"), "{looked}");
}

#[tokio::test]
async fn a_test_region_is_hidden_and_reaches_whoever_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["migrate"]);
    let region = ["offices", "test-region", "--email", "me@example.org"];
    let dry = said(folder, &[&region[..], &["--dry-run"]].concat());
    assert!(dry.contains("nothing was written"), "{dry}");
    let app = app(folder).await;
    let id = RegionId(999_999_999);
    assert!(app.store.view().await.unwrap().officials().region(id).await.unwrap().is_none());
    let put = said(folder, &region);
    assert!(put.contains("by e-mail") && put.contains("It is new"), "{put}");
    let mut view = app.store.view().await.unwrap();
    let kept = view.officials().region(id).await.unwrap().unwrap();
    assert!(kept.hidden);
    let offices = view.officials().offices(id).await.unwrap();
    assert_eq!(offices[0].office.id.0, 999_999_998);
    assert_eq!(offices[0].addresses[0].id.unwrap().0, 999_999_997);
    assert_eq!(offices[0].addresses[0].email.as_deref(), Some("me@example.org"));
    drop(view);
    assert!(said(folder, &["offices", "test-region"]).contains("It is changed"));
}

#[tokio::test]
async fn contacts_of_subscribers_are_taken_over_and_empty_cells_keep() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["migrate"]);
    let app = app(folder).await;
    let mut unit = app.store.begin().await.unwrap();
    rows::references(unit.as_mut()).await;
    unit.commit().await.unwrap();
    let table = "Subscriber Slug,Primary Contact First Name,EIN\none,Ada,12-3456789\n";
    fs::write(folder.join("contacts.csv"), table).unwrap();
    let dry = said(folder, &["import", "subscribers", "contacts.csv", "--dry-run"]);
    assert!(dry.contains("1 new") && dry.contains("Nothing was written"), "{dry}");
    assert!(said(folder, &["import", "subscribers", "contacts.csv"]).contains("1 new"));
    fs::write(
        folder.join("contacts.csv"),
        "Subscriber Slug,Primary Contact First Name,EIN\none,,98-7654321\n",
    )
    .unwrap();
    assert!(said(folder, &["import", "subscribers", "contacts.csv"]).contains("1 changed"));
    let subscriber = rows::subscriber(1, 0).id;
    let mut view = app.store.view().await.unwrap();
    let kept = view.subscriptions().by_subscriber(subscriber).await.unwrap().unwrap();
    assert_eq!((kept.contact.first_name.as_deref(), kept.ein.as_deref()), (Some("Ada"), Some("98-7654321")));
    drop(view);
    fs::write(folder.join("contacts.csv"), "Subscriber Slug,Nickname\nnobody,Ada\n").unwrap();
    let refused = complaint(folder, &["import", "subscribers", "contacts.csv"]);
    assert!(
        refused.contains("no column is called \"Nickname\"")
            && refused.contains("no subscriber has the slug"),
        "{refused}"
    );
}

#[test]
fn a_sample_of_a_signature_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let dry = said(folder, &["forms", "signature-sample", "MA", "--dry-run"]);
    assert!(dry.contains("would be written") && !folder.join("signature-sample-MA.pdf").exists(), "{dry}");
    assert!(said(folder, &["forms", "signature-sample", "MA"]).contains("signed by nobody"));
    assert!(fs::read(folder.join("signature-sample-MA.pdf")).unwrap().starts_with(b"%PDF"));
    fs::write(folder.join("x.txt"), "no picture").unwrap();
    let refused = complaint(folder, &["forms", "signature-sample", "MA", "--signature", "x.txt"]);
    assert!(refused.contains("neither PNG nor JPEG"), "{refused}");
}
