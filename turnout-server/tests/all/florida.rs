//! `turnout-server sync florida-links`, over real sockets.

use std::process::Command;

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    conformance::http::{Behavior, HttpPeer as _},
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
        let place = Self { folder: tempfile::tempdir().unwrap(), peer: TcpPeer::start().await };
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
        let hide = "UPDATE official_region SET hidden = TRUE WHERE external_id = 3";
        sqlx::query(hide).execute(&mut place.connect().await).await.unwrap();
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

    async fn links(&self) -> Vec<(i64, String)> {
        let links = "SELECT region_id, url FROM absentee_regionovbmlink ORDER BY region_id";
        sqlx::query_as(links).fetch_all(&mut self.connect().await).await.unwrap()
    }
}

fn page(counties: &[(&str, &str)]) -> String {
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
