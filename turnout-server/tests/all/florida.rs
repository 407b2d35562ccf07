//! `turnout-server sync florida-links`, over real sockets.

use std::process::Command;

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    conformance::http::{Behavior, Heard, HttpPeer as _},
    ports::http::{HttpResponse, StatusCode},
};

use crate::support::TcpPeer;

/// A folder whose database has two regions in Florida, one of them hidden, and one elsewhere.
struct Place {
    folder: tempfile::TempDir,
    peer: TcpPeer,
}

impl Place {
    async fn new() -> Self {
        let peer = TcpPeer::that_refuses(unlike_a_browser).await;
        let place = Self { folder: tempfile::tempdir().unwrap(), peer };
        assert!(place.run(&["migrate"]).await.0);
        let regions = [
            (1, "Saint Johns County", "FL"),
            (2, "Bay County", "FL"),
            (3, "Hidden County", "FL"),
            (4, "Bay County", "MI"),
        ];
        let regions: Vec<Value> = regions
            .iter()
            .map(|(id, name, state)| json!({ "id": id, "region_name": name, "state_abbr": state }))
            .collect();
        let list = json!({ "regions": regions }).to_string();
        std::fs::write(place.folder.path().join("list.json"), list).unwrap();
        let (done, said) =
            place.run(&["import", "offices", "list.json", "--state", "FL", "--state", "MI"]).await;
        assert!(done, "{said}");
        place.execute("UPDATE official_region SET hidden = TRUE WHERE external_id = 3").await;
        place
    }

    async fn connect(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("var/turnout.db"));
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Whether the program is content, and what it says.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("SECRET_KEY", "0123456789abcdef0123456789abcdef").env("DEBUG", "true");
        command.env("FLORIDA_LIST_BASE_URL", self.peer.origin().as_str());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    async fn sync(&self, page: &str, more: &[&str]) -> (bool, String) {
        self.peer.will(Behavior::Answers(HttpResponse::new(StatusCode::OK).with_body(page.to_owned())));
        self.run(&[&["sync", "florida-links"], more].concat()).await
    }

    async fn apply(&self, file: &str) -> (bool, String) {
        self.run(&["sync", "florida-links", "--apply", file]).await
    }

    fn read(&self, file: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder.path().join(file)).unwrap()).unwrap()
    }

    fn write(&self, file: &str, content: &str) {
        std::fs::write(self.folder.path().join(file), content).unwrap();
    }

    async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(&mut self.connect().await).await.unwrap();
    }

    /// How often a page was noted in the history.
    async fn noted(&self) -> i64 {
        let noted = "SELECT count(*) FROM change_entry WHERE kind = 'region_ovbm_link'";
        sqlx::query_scalar(noted).fetch_one(&mut self.connect().await).await.unwrap()
    }

    async fn links(&self) -> Vec<(i64, String)> {
        let links = "SELECT region_id, url FROM absentee_regionovbmlink ORDER BY region_id";
        sqlx::query_as(links).fetch_all(&mut self.connect().await).await.unwrap()
    }
}

/// The page is at one address, and is for browsers (`flows.md` 3.5).
pub(crate) fn unlike_a_browser(heard: &Heard) -> Option<StatusCode> {
    let agent = heard.headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    match (heard.path.as_str(), agent.starts_with("Mozilla/5.0 (")) {
        ("/mail/", true) => None,
        ("/mail/", false) => Some(StatusCode::FORBIDDEN),
        _ => Some(StatusCode::NOT_FOUND),
    }
}

pub(crate) fn page(counties: &[(&str, &str)]) -> String {
    let item = |(name, url): &(&str, &str)| {
        format!(
            "<div class=\"nectar-hor-list-item\"><h5>{name}</h5><a class=\"full-link\" href=\"{url}\"></a></div>"
        )
    };
    let items: String = counties.iter().map(item).collect();
    format!("<html><body><div id=\"counties\" class=\"row\">{items}</div></body></html>")
}

#[tokio::test]
async fn all_pages_are_taken_over_or_none() {
    let place = Place::new().await;
    let good = page(&[("St. Johns", "https://a.example.org/"), ("Bay", "https://b.example.org/")]);
    let (done, said) = place.sync(&good, &["--dry-run"]).await;
    assert!(
        done && said.contains("https://a.example.org/") && said.contains("Nothing was written."),
        "{said}"
    );
    assert!(place.links().await.is_empty());
    let (done, said) = place.sync(&good, &[]).await;
    assert!(done, "{said}");
    let links = [(1, "https://a.example.org/".to_owned()), (2, "https://b.example.org/".to_owned())];
    assert_eq!(place.links().await, links);
    let (done, said) = place.sync(&good, &[]).await;
    assert!(done && said.contains("Nothing has changed."), "{said}");

    let cut = page(&[("St. Johns", "https://c.example.org/")]);
    let (done, said) = place.sync(&cut, &[]).await;
    assert!(!done && said.contains("Bay County: is not listed"), "{said}");
    let strange = page(&[
        ("St. Johns", "ftp://c.example.org/"),
        ("Bay", "https://b.example.org/"),
        ("Hidden", "https://h.example.org/"),
    ]);
    let (done, said) = place.sync(&strange, &[]).await;
    assert!(
        !done && said.contains("Hidden: no region has this name") && said.contains("St. Johns: its page"),
        "{said}"
    );
    let (done, said) = place.sync("<html>Moved</html>", &[]).await;
    assert!(!done && said.contains("the page has no list of counties"), "{said}");
    for broken in [Behavior::HangsUp, Behavior::StopsHalfway] {
        place.peer.will(broken);
        assert!(!place.run(&["sync", "florida-links"]).await.0);
    }
    assert_eq!(place.links().await, links, "whatever goes wrong, what was there stays");
}

fn linked(region: i64, url: &str) -> (i64, String) {
    (region, url.to_owned())
}

#[tokio::test]
async fn a_change_set_is_saved_looked_at_and_applied_without_the_list() {
    let place = Place::new().await;
    let list = page(&[("St. Johns", "https://a.example.org/"), ("Bay", "https://b.example.org/")]);
    let (done, said) = place.sync(&list, &["--save", "links.json"]).await;
    let how = "Nothing was written; sync florida-links --apply links.json does this.";
    assert!(done && said.contains("https://a.example.org/") && said.contains(how), "{said}");
    assert_eq!((place.links().await, place.noted().await), (vec![], 0));
    let mut set = place.read("links.json");
    let change = |region: i64, name: &str, now: &str| json!({ "region": region, "name": name, "before": null, "now": now });
    let both = [
        change(2, "Bay County", "https://b.example.org/"),
        change(1, "Saint Johns County", "https://a.example.org/"),
    ];
    assert_eq!((&set["state"], &set["changes"]), (&json!("FL"), &json!(both)));

    // somebody takes out what is wrong, and mends the rest
    set["changes"] = json!([change(2, "Bay County", "https://mended.example.org/")]);
    place.write("links.json", &set.to_string());
    let asked = place.peer.heard().len();
    let (done, said) = place.apply("links.json").await;
    assert!(done && said.contains("https://mended.example.org/") && !said.contains("Saint"), "{said}");
    assert_eq!(place.links().await, [linked(2, "https://mended.example.org/")]);
    assert_eq!(place.noted().await, 1);
    assert_eq!(place.peer.heard().len(), asked, "nobody is asked for the list");

    // what the next set says stood before is what was applied
    let (done, said) = place.sync(&list, &["--save", "links.json"]).await;
    assert!(done, "{said}");
    assert_eq!(place.read("links.json")["changes"][0]["before"], "https://mended.example.org/");
    assert!(place.apply("links.json").await.0);
    let whole = [linked(1, "https://a.example.org/"), linked(2, "https://b.example.org/")];
    assert_eq!((place.links().await, place.noted().await), (whole.to_vec(), 3));
    let (done, said) = place.sync(&list, &["--save", "links.json"]).await;
    assert!(done && said.contains("Nothing has changed."), "{said}");
    let (done, said) = place.apply("links.json").await;
    assert!(done && said.contains("Nothing has changed."), "{said}");
    assert_eq!((place.links().await, place.noted().await), (whole.to_vec(), 3));
}

#[tokio::test]
async fn a_change_set_that_no_longer_fits_is_refused_whole_and_says_what_differs() {
    let place = Place::new().await;
    let first = page(&[("St. Johns", "https://a.example.org/"), ("Bay", "https://b.example.org/")]);
    assert!(place.sync(&first, &[]).await.0);
    let second = page(&[("St. Johns", "https://c.example.org/"), ("Bay", "https://d.example.org/")]);
    let (done, said) = place.sync(&second, &["--save", "links.json"]).await;
    assert!(done, "{said}");
    let set = place.read("links.json");
    let (before, noted) = (place.links().await, place.noted().await);
    let refused = async |file: &str, named: &[&str], unnamed: &[&str]| {
        let (done, said) = place.apply(file).await;
        assert!(!done && said.contains("nothing was"), "{file}: {said}");
        assert!(named.iter().all(|it| said.contains(it)), "{file}, {named:?}: {said}");
        assert!(!unnamed.iter().any(|it| said.contains(it)), "{file}, {unnamed:?}: {said}");
    };

    // what somebody made of the file
    let with = |file: &str, change: &dyn Fn(&mut Value)| {
        let mut set = set.clone();
        change(&mut set);
        place.write(file, &set.to_string());
    };
    with("elsewhere.json", &|set| set["changes"][1]["region"] = json!(4));
    with("script.json", &|set| set["changes"][1]["now"] = json!("javascript:alert(1)"));
    with("twice.json", &|set| set["changes"][1] = set["changes"][0].clone());
    with("strange.json", &|set| set["changes"][0]["url"] = json!("https://f.example.org/"));
    place.write("cut.json", &set.to_string()[..40]);
    refused("elsewhere.json", &["Saint Johns County changed since the list was compared"], &["Bay"]).await;
    refused("script.json", &["Saint Johns County: its page is no http or https address"], &["Bay"]).await;
    refused("twice.json", &["Bay County changed since the list was compared"], &["Saint Johns"]).await;
    refused("strange.json", &["strange.json is no file of --save", "url"], &[]).await;
    refused("cut.json", &["cut.json is no file of --save"], &[]).await;
    let (done, said) = place.apply("nowhere.json").await;
    assert!(!done && said.contains("nowhere.json cannot be read"), "{said}");
    assert_eq!((place.links().await, place.noted().await), (before, noted), "none of it was done");

    // the page of one county is another one by now
    place
        .execute("UPDATE absentee_regionovbmlink SET url = 'https://e.example.org/' WHERE region_id = 2")
        .await;
    refused("links.json", &["Bay County changed since the list was compared"], &["Saint Johns"]).await;
    let one_changed = [linked(1, "https://a.example.org/"), linked(2, "https://e.example.org/")];
    assert_eq!(place.links().await, one_changed);
    // it has none any more, and the other county is hidden
    place.execute("DELETE FROM absentee_regionovbmlink WHERE region_id = 2").await;
    place.execute("UPDATE official_region SET hidden = TRUE WHERE external_id = 1").await;
    refused("links.json", &["Bay County, Saint Johns County changed since the list was compared"], &[]).await;
    assert_eq!((place.links().await, place.noted().await), (one_changed[..1].to_vec(), noted));
}

#[tokio::test]
async fn what_only_looks_writes_nothing_and_two_wishes_at_once_are_none() {
    let place = Place::new().await;
    let list = page(&[("St. Johns", "https://a.example.org/"), ("Bay", "https://b.example.org/")]);
    let files = || std::fs::read_dir(place.folder.path()).unwrap().count();
    let before = files();
    let (done, said) = place.sync(&list, &["--dry-run"]).await;
    assert!(done && said.contains("Nothing was written."), "{said}");
    let (done, said) = place.sync(&list, &["--save", "no/such/folder/links.json"]).await;
    assert!(!done && said.contains("no/such/folder/links.json cannot be written"), "{said}");
    assert_eq!((place.links().await, place.noted().await, files()), (vec![], 0, before));
    let asked = place.peer.heard().len();
    for both in [
        ["--dry-run", "--save", "links.json"],
        ["--dry-run", "--apply", "links.json"],
        ["--save=links.json", "--apply", "links.json"],
    ] {
        let (done, said) = place.run(&[&["sync", "florida-links"], &both[..]].concat()).await;
        assert!(!done && said.contains("cannot be used with"), "{said}");
    }
    assert_eq!((place.links().await, files(), place.peer.heard().len()), (vec![], before, asked));
}
