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
    address::State,
    change::{Change, ChangeFilter},
    conformance::rows::{self, uuid},
    election::{
        FieldFormat,
        edit::{self, FactText},
    },
    file::FileType,
    ids::{ActionId, FileId, InformationId, RegionId, RegistrationId, SlugId, SubscriberId},
    page::PageRequest,
    person::Phone,
    ports::store::Store as _,
    subscriber::{Plan, Slug},
    subscription::{Contact, Subscription},
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

/// Facts beside those of a fresh installation, by number, state, kind and text.
const FACTS: [(u128, State, u128, &str); 4] = [
    (11, State::Oh, 1, "Ask at https://xyzzy.example/ or call. **Not** XYZZY: https://xyzzy.example/faq"),
    (12, State::Oh, 2, "https://xyzzy.example/tool"),
    (13, State::Ia, 1, "Nothing to see."),
    (14, State::Oh, 3, "https://xyzzy.example/flag"),
];

async fn with_facts(folder: &Path) -> App {
    said(folder, &["migrate"]);
    let app = app(folder).await;
    let mut unit = app.store.begin().await.unwrap();
    for (number, slug, format) in [
        (1, "made_up_text", FieldFormat::Markdown),
        (2, "made_up_tool", FieldFormat::Url),
        (3, "made_up_flag", FieldFormat::Boolean),
    ] {
        let field = rows::field_type(number, slug, Some(format));
        unit.elections_mut().insert_field_type(&field).await.unwrap();
    }
    for (number, state, kind, text) in FACTS {
        unit.elections_mut().insert_information(&rows::fact(number, state, kind, text)).await.unwrap();
    }
    unit.commit().await.unwrap();
    app
}

/// What the facts say, by number.
async fn texts(app: &App) -> Vec<String> {
    let facts = app.store.view().await.unwrap().elections().information().await.unwrap();
    let text = |number| {
        let fact = facts.iter().find(|fact| fact.id.0 == uuid(number)).unwrap();
        fact.text.clone()
    };
    FACTS.map(|(number, ..)| text(number)).to_vec()
}

async fn history(app: &App, kind: &str, subject: impl std::fmt::Display) -> Vec<Change> {
    let page = PageRequest { after: None, limit: 50 };
    let filter = ChangeFilter::history(kind, subject);
    app.store.view().await.unwrap().changes().page(&filter, &page).await.unwrap().rows
}

async fn history_of_fact(app: &App, number: u128) -> Vec<Change> {
    history(app, edit::KIND, InformationId(uuid(number))).await
}

#[tokio::test]
async fn a_text_is_replaced_in_facts_after_a_look() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let app = with_facts(folder).await;
    let nothing = said(folder, &["election", "replace", "Xyzzy", "plugh", "--apply"]);
    assert!(nothing.contains("nothing to replace"), "capital and small letters differ: {nothing}");
    let refused = complaint(folder, &["election", "replace", "", "plugh"]);
    assert!(refused.contains("old: "), "{refused}");

    let replace = ["election", "replace", "https://xyzzy.example", "https://plugh.example"];
    let looked = said(folder, &replace);
    let rows: Vec<Vec<&str>> = looked.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[1][..3], ["OH", "made_up_text", "2"], "{looked}");
    assert_eq!(rows[2], ["OH", "made_up_tool", "1", "https://plugh.example/tool"], "{looked}");
    assert!(looked.contains("Ask at https://plugh.example/ or call."), "{looked}");
    assert!(looked.contains("3 times in 2 facts. Nothing was changed: --apply does it."), "{looked}");
    assert_eq!(texts(&app).await, FACTS.map(|(.., text)| text));
    assert!(history_of_fact(&app, 11).await.is_empty() && history_of_fact(&app, 12).await.is_empty());

    let done = said(folder, &[&replace[..], &["--apply"]].concat());
    assert!(done.ends_with("Replaced: 3 times in 2 facts.\n"), "{done}");
    let expected = FACTS.map(|(number, .., text)| match number {
        11 | 12 => text.replace("https://xyzzy.example", "https://plugh.example"),
        _ => text.to_owned(),
    });
    assert_eq!(texts(&app).await, expected);
    for (number, before, after) in [(11, FACTS[0].3, &expected[0]), (12, FACTS[1].3, &expected[1])] {
        let [change] = history_of_fact(&app, number).await.try_into().unwrap();
        assert_eq!((change.by, change.act.as_str()), (None, "replaced"));
        let comment = r#"Replaced "https://xyzzy.example" with "https://plugh.example""#;
        assert_eq!(change.comment, comment);
        let said = |value: &Option<Value>| FactText::from_json(value.as_ref().unwrap()).unwrap();
        let (was, is) = (said(&change.before), said(&change.after));
        assert_eq!((was.text.as_str(), &is.text), (before, after));
        assert_eq!((is.notes.as_str(), was.source), ("notes", is.source), "the rest stays");
    }
    assert!(history_of_fact(&app, 13).await.is_empty() && history_of_fact(&app, 14).await.is_empty());
    let again = said(folder, &[&replace[..], &["--apply"]].concat());
    assert!(again.contains("nothing to replace"), "{again}");
}

#[tokio::test]
async fn where_one_fact_could_not_say_it_no_fact_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let app = with_facts(folder).await;
    // a text may say that, an address may not
    for apply in [&[][..], &["--apply"]] {
        let refused =
            complaint(folder, &[&["election", "replace", "https://xyzzy", "xyzzy"], apply].concat());
        let line = |slug: &str| refused.lines().find(|line| line.contains(slug)).unwrap();
        assert!(line("made_up_tool").ends_with("xyzzy.example/tool  NO: Enter a valid URL."), "{refused}");
        assert!(!line("made_up_text").contains("NO:"), "{refused}");
        assert!(refused.contains("Not all of them could say that; nothing was changed"), "{refused}");
        assert_eq!(texts(&app).await, FACTS.map(|(.., text)| text));
        assert!(history_of_fact(&app, 11).await.is_empty() && history_of_fact(&app, 12).await.is_empty());
    }
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
    // a list of offices that does not know it leaves it alone
    let list = "region_id,region_name,state_abbr\n1,Town of Brookline,MA\n";
    fs::write(folder.join("list.csv"), list).unwrap();
    for _ in 0..2 {
        said(folder, &["import", "offices", "list.csv"]);
        let mut view = app.store.view().await.unwrap();
        assert!(view.officials().region(id).await.unwrap().unwrap().hidden);
        assert_eq!(view.officials().offices(id).await.unwrap(), offices);
    }
    let changed = said(folder, &["offices", "test-region", "--state", "oh", "--fax", "617-555-0143"]);
    assert!(changed.contains("of Ohio") && changed.contains("by fax. It is changed"), "{changed}");
    let mut view = app.store.view().await.unwrap();
    let [office] = view.officials().offices(id).await.unwrap().try_into().unwrap();
    let address = &office.addresses[0];
    assert_eq!(address.fax.as_ref().map(Phone::e164), Some("+16175550143"));
    assert_eq!(
        (address.email.as_deref(), address.state),
        (None, Some(State::Oh)),
        "what is not named is gone"
    );
}

/// A database with a subscriber that has two slugs, and one that has another.
async fn with_subscribers(folder: &Path) -> App {
    said(folder, &["migrate"]);
    let app = app(folder).await;
    let mut unit = app.store.begin().await.unwrap();
    rows::references(unit.as_mut()).await;
    let other = Slug { id: SlugId(uuid(1_011)), ..rows::slug(1, "other-one") };
    unit.subscribers_mut().insert_slug(&other).await.unwrap();
    unit.subscribers_mut().insert(&rows::subscriber(2, 0)).await.unwrap();
    unit.subscribers_mut().insert_slug(&rows::slug(2, "two")).await.unwrap();
    unit.commit().await.unwrap();
    app
}

async fn subscription(app: &App, number: u128) -> Option<Subscription> {
    let subscriber = SubscriberId(uuid(number));
    app.store.view().await.unwrap().subscriptions().by_subscriber(subscriber).await.unwrap()
}

fn contacts(folder: &Path, table: &str, more: &[&str]) -> Output {
    fs::write(folder.join("contacts.csv"), table).unwrap();
    run(folder, &[&["import", "subscribers", "contacts.csv"], more].concat())
}

/// What an import that is taken prints.
fn taken(folder: &Path, table: &str, more: &[&str]) -> String {
    let output = contacts(folder, table, more);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The header of a table with all columns.
const CONTACTS: &str = "Subscriber Slug,Primary Contact First Name,Primary Contact Last Name,Primary Contact Email,\
    Primary Contact Phone,EIN,Plan,Internal Notes";

#[tokio::test]
async fn contacts_of_subscribers_are_taken_over_and_empty_cells_keep() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let app = with_subscribers(folder).await;
    let whole = format!(
        "{CONTACTS}\none,Ada,Lovelace,ada@example.org,(617) 555-0143,12-3456789,NonProfit,\"Pays by check, in May\"\n\
         two,Bo,,,,,,\n"
    );
    let dry = taken(folder, &whole, &["--dry-run"]);
    assert!(dry.contains("2 new, 0 changed, 0 as they were") && dry.contains("Nothing was written"), "{dry}");
    assert!(subscription(&app, 1).await.is_none() && subscription(&app, 2).await.is_none());

    let done = taken(folder, &whole, &[]);
    assert!(done.contains("2 new, 0 changed, 0 as they were") && !done.contains("dry run"), "{done}");
    let ada = subscription(&app, 1).await.unwrap();
    let contact = Contact {
        first_name: Some("Ada".into()),
        last_name: Some("Lovelace".into()),
        email: Some("ada@example.org".into()),
        phone: Phone::parse("+16175550143"),
    };
    assert_eq!(ada.contact, contact);
    assert_eq!((ada.ein.as_deref(), ada.plan), (Some("12-3456789"), Plan::Nonprofit));
    assert_eq!(ada.internal_notes.as_deref(), Some("Pays by check, in May"));
    let bo = subscription(&app, 2).await.unwrap();
    assert_eq!(bo.contact, Contact { first_name: Some("Bo".into()), ..Contact::default() });
    assert_eq!(
        (bo.plan, bo.ein, bo.internal_notes),
        (Plan::Premium, None, None),
        "as without a subscription"
    );

    // the same again, and one with nothing in it, are no change
    let nothing = format!("{CONTACTS}\none,,,,,,,\ntwo, , , , , , , \n");
    for table in [&whole, &nothing] {
        let again = taken(folder, table, &[]);
        assert!(again.contains("0 new, 0 changed, 2 as they were"), "{again}");
        assert_eq!(subscription(&app, 1).await.unwrap(), ada);
    }
    assert_eq!(history(&app, Subscription::KIND, ada.id).await.len(), 1);

    // columns that are not there keep too, in whatever order the others come, and any slug will do
    let table = "\u{feff}Plan,EIN,Subscriber Slug,Primary Contact Email\nfree,98-7654321,other-one,\n";
    let dry = taken(folder, table, &["--dry-run"]);
    assert!(dry.contains("0 new, 1 changed, 0 as they were"), "{dry}");
    assert_eq!(subscription(&app, 1).await.unwrap(), ada);
    let done = taken(folder, table, &[]);
    assert!(done.contains("0 new, 1 changed, 0 as they were"), "{done}");
    let after = subscription(&app, 1).await.unwrap();
    let ein = Some("98-7654321".to_owned());
    let expected = Subscription { plan: Plan::Free, ein, modified_at: after.modified_at, ..ada };
    assert_eq!(after, expected);
    let [newest, oldest] = history(&app, Subscription::KIND, after.id).await.try_into().unwrap();
    assert_eq!((newest.act.as_str(), oldest.act.as_str(), newest.by), ("changed", "created", None));
    assert_eq!(newest.before.unwrap()["ein"], "12-3456789");
    assert_eq!(newest.after.unwrap()["plan"], "free");
    assert_eq!(oldest.comment, "contact: first name, last name, e-mail, phone");
}

#[tokio::test]
async fn a_table_of_contacts_with_anything_wrong_changes_nothing_and_all_of_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let app = with_subscribers(folder).await;
    taken(folder, &format!("{CONTACTS}\none,Ada,Lovelace,,,,free,\n"), &[]);
    let before = subscription(&app, 1).await;
    let long = "9".repeat(21);
    let rows = [
        // these two are good, until the second slug of the first one's subscriber comes
        "one,Grace,Hopper,grace@example.org,617-555-0199,1,premium,new",
        "two,Bo,,,,,,",
        "other-one,Eve,,,,,,",
        ",Nobody,,,,,,",
        "nobody-has-this,Al,,,,,,",
        "two,Bo again,,,,,,",
        "a,,,needle at example,,,,",
        "b,,,,555-needle,,,",
        &format!("c,,,,,{long},,"),
        "d,,,,,,needle,",
        &format!("e,{},,,,,,", "n".repeat(201)),
        &format!("f,,,,,,,{}", "n".repeat(20_001)),
        "g,,,needle@,12,,gold,",
        "h,too few",
    ];
    let table = format!("{CONTACTS}\n{}\n", rows.join("\n"));
    let slug = "the slug is that of another row: contacts.csv, row 3";
    let expected = [
        "contacts.csv, row 5: the slug is missing",
        &format!("contacts.csv, row 7: {slug}"),
        "contacts.csv, row 8: the e-mail address is none",
        "contacts.csv, row 9: the phone number is none: write it with its area code, as 202-555-0143",
        "contacts.csv, row 10: the EIN is longer than 20 characters",
        "contacts.csv, row 11: the plan is none of free, premium, nonprofit",
        "contacts.csv, row 12: the first name is longer than 200 characters",
        "contacts.csv, row 13: the notes are longer than 20000 characters",
        "contacts.csv, row 14: the e-mail address is none",
        "contacts.csv, row 14: the phone number is none: write it with its area code, as 202-555-0143",
        "contacts.csv, row 14: the plan is none of free, premium, nonprofit",
        "contacts.csv, row 4: its subscriber is that of another row: contacts.csv, row 2",
        "contacts.csv, row 6: no subscriber has the slug \"nobody-has-this\"",
    ];
    for more in [&["--dry-run"][..], &[]] {
        let output = contacts(folder, &table, more);
        assert_eq!(output.status.code(), Some(1));
        let refused = String::from_utf8(output.stderr).unwrap();
        for line in expected {
            assert!(refused.contains(line), "{line}: {refused}");
        }
        assert!(refused.contains("contacts.csv, row 15: "), "it has too few cells: {refused}");
        assert_eq!(refused.matches("contacts.csv, row ").count(), expected.len() + 3, "{refused}");
        assert!(refused.contains("Nothing was imported"), "{refused}");
        assert!(!refused.contains("needle"), "who it is about is not repeated: {refused}");
        assert_eq!(subscription(&app, 1).await, before);
        assert!(subscription(&app, 2).await.is_none());
    }
    // one slip in a table that is good otherwise
    let output = contacts(folder, "Subscriber Slug,EIN\ntwo,1\none,2\nnobody-has-this,3\n", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!((subscription(&app, 1).await, subscription(&app, 2).await), (before.clone(), None));

    let heads = "Subscriber Slug,Nickname,EIN,EIN\none,Ada,1,2\n";
    let refused = String::from_utf8(contacts(folder, heads, &[]).stderr).unwrap();
    assert!(refused.contains("row 1: no column is called \"Nickname\""), "{refused}");
    assert!(refused.contains("row 1: the column \"EIN\" is there twice"), "{refused}");
    let refused = String::from_utf8(contacts(folder, "EIN\n1\n", &[]).stderr).unwrap();
    assert!(refused.contains("row 1: the column \"Subscriber Slug\" is missing"), "{refused}");
    assert_eq!(subscription(&app, 1).await, before);
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
