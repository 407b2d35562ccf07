//! An export of some thousand registrations, as `make bench-manage` makes one of a million: it is what SQL of its own says, and
//! a byte that is another one is found.
#![expect(clippy::unwrap_used, reason = "tests")]

#[expect(dead_code, reason = "the bench uses all of it")]
mod people;
mod truth;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use turnout_core::{
    App,
    conformance::rows,
    ids::{SubscriberId, UserId},
    input::Input,
    jobs::step,
    memory::{FrozenClock, SeededIds},
    ports::store::Store as _,
    report,
};
use turnout_storage::{
    files::LocalFiles,
    postgres::{PgOptions, PgStore},
};
use url::Url;
use uuid::Uuid;

use people::run;
use truth::{Compared, compare};

/// So many that an export is written in several steps.
const VOTERS: u32 = 5_000;
/// The header, everybody, and the one that all others are made of.
const LINES: u64 = 5_002;

/// A database of its own with registrations, and their export.
struct Exported {
    name: String,
    folder: TempDir,
    file: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "where scripts/servers.sh puts it")]
fn server() -> Url {
    let address = std::env::var("TURNOUT_TEST_POSTGRES_URL").expect("run this by scripts/with_servers.sh");
    address.parse().unwrap()
}

fn address_of(name: &str) -> Url {
    let mut address = server();
    address.set_path(name);
    address
}

impl Exported {
    async fn new() -> Self {
        let name = format!("turnout_bench_{}", rand::random::<u64>());
        let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
        run(&mut connection, &format!("CREATE DATABASE {name}")).await.unwrap();
        let address = address_of(&name);
        let store = PgStore::open(address.as_str(), PgOptions::default()).unwrap();
        store.migrate(|_| {}).await.unwrap();
        people::fill(address.as_str(), VOTERS).await.unwrap();

        let folder = tempfile::tempdir().unwrap();
        let clock = FrozenClock::at(rows::at(86_400));
        let origin = "http://localhost".parse().unwrap();
        let files = LocalFiles::open(folder.path(), origin, b"a secret", Arc::new(clock.clone())).unwrap();
        let app = App::builder(store, clock, SeededIds::new(7), b"a secret").with_files(files).build();
        let mut view = app.store.view().await.unwrap();
        let author = view.accounts().by_id(UserId(Uuid::from_u128(9))).await.unwrap().unwrap();
        let subscriber = view.subscribers().by_id(SubscriberId(Uuid::from_u128(1))).await.unwrap().unwrap();
        drop(view);
        let input = Input::form([("type".to_owned(), "register".to_owned())]);
        let asked = report::request(&app, &author, &subscriber, &input).await.unwrap();
        step::run_all_due(&app).await.unwrap();
        let mut view = app.store.view().await.unwrap();
        let file = view.files().by_id(asked.file.unwrap()).await.unwrap().unwrap();
        assert!(file.claimed, "it is complete");
        let file = folder.path().join(file.key);
        Self { name, folder, file }
    }

    async fn compare(&self, file: &Path) -> Compared {
        let mut connection = PgConnection::connect(address_of(&self.name).as_str()).await.unwrap();
        compare(&mut connection, file).await.unwrap()
    }

    /// Drops the database.
    async fn end(self) {
        let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
        run(&mut connection, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.unwrap();
    }
}

#[tokio::test]
async fn an_export_is_to_the_byte_what_sql_of_its_own_says() {
    let exported = Exported::new().await;
    let compared = exported.compare(&exported.file).await;
    assert_eq!(compared.difference.map(|it| it.to_string()), None);
    assert_eq!(compared.lines, LINES);

    // what a line has to take care with is there
    let text = fs::read_to_string(&exported.file).unwrap();
    for part in [
        ",\"'=Vota \"\"Sí\"\", now\",",
        ",\"a, b\",",
        ",\"two\nlines\",",
        ",\"two\r\nlines\",",
        ",\"a\rreturn\",",
        ",\"ends so\r\n\",",
        ",\"\"\"\",",
        ",'=1+1,",
        ",'+1 617,",
        ",'-2,",
        ",'@SUM(A1),",
        ",'\ttab,",
        ",\"'\rreturn\",",
        ",\"'=HYPERLINK(\"\"x\"\",1)\",",
        ", =1,",
        ",Núñez-Łukasz 東京 🗳,",
        ",\\.,",
        ",+16175557890,",
        ",'+1 617 555 0123,",
        // finished, printed, elsewhere, to the office, downloads, by letter
        ",False,True,False,False,0,False,",
        ",True,True,False,False,2,False,",
        ",True,False,True,False,,False,",
        ",True,False,False,True,,False,",
        ",True,False,False,False,,True,",
        ",False,False,False,False,,False,",
    ] {
        assert!(text.contains(part), "{part:?}");
    }
    // the last cell is a moment
    let ends = text.split_terminator("+00:00\r\n").map(|line| line.as_bytes()[line.len() - 7] == b'.');
    let mut ends: Vec<bool> = ends.collect();
    ends.sort_unstable();
    ends.dedup();
    assert_eq!(ends, [false, true], "whole seconds, and others");
    exported.end().await;
}

#[tokio::test]
async fn the_first_byte_that_is_another_one_is_found_and_named() {
    let exported = Exported::new().await;
    let text = fs::read_to_string(&exported.file).unwrap();
    let id = Uuid::from_u128(1_000_000_000 + 1_234).to_string();
    let other = Uuid::from_u128(1_000_000_000 + 9_999_999).to_string();
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from:?}");
        text.replacen(from, to, 1)
    };
    for (file, line, column, found) in [
        (changed(",City,", ",Town,"), 1, "City", "Town"),
        // everybody is there in the order in which they came
        (changed(&id, &other), 1_235, "ID", "3c33607f"),
        (changed("two\r\nlines", "two\nlines"), 12, "Previous Address 1", "two\\nlines"),
        (changed(",'=1+1,", ",=1+1,"), 12, "Mailing City", ",=1+1,"),
        (text[..text.len() - 1].to_owned(), LINES, "Updated At (UTC)", "\\r"),
        (format!("{text}\r\n"), LINES + 1, "ID", "\\r\\n"),
        (String::new(), 1, "ID", "\"\""),
    ] {
        let path = exported.folder.path().join("changed.csv");
        fs::write(&path, file).unwrap();
        let difference = exported.compare(&path).await.difference.unwrap();
        let told = difference.to_string();
        assert!(told.contains(found), "{told}");
        assert_eq!((difference.line, difference.column.as_str()), (line, column), "{told}");
    }
    exported.end().await;
}
