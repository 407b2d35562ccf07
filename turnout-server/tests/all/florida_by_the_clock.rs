//! The job that takes over the pages of Florida's counties, over real sockets: at its time, and where one sees that it failed.

use std::process::Command;

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    address::State,
    conformance::http::{Behavior, HttpPeer as _},
    ids::RegionId,
    jobs::{schedule, step},
    memory::FrozenClock,
    ports::{
        clock::Clock as _,
        http::{HttpResponse, StatusCode},
    },
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::{
    florida::{page, unlike_a_browser},
    support::TcpPeer,
};

struct Place {
    folder: tempfile::TempDir,
    peer: TcpPeer,
}

impl Place {
    /// With two counties, on a day at half past four.
    async fn new() -> (Self, Wired, FrozenClock) {
        let peer = TcpPeer::that_refuses(unlike_a_browser).await;
        let place = Self { folder: tempfile::tempdir().unwrap(), peer };
        place.said(&["migrate"]).await;
        let regions = [(1, "Bay County"), (2, "Lee County")]
            .map(|(id, name)| json!({ "id": id, "region_name": name, "state_abbr": State::Fl.code() }));
        std::fs::write(place.folder.path().join("list.json"), json!(regions).to_string()).unwrap();
        place.said(&["import", "offices", "list.json"]).await;
        let mut complaints = Complaints::default();
        let settings: String =
            place.settings().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        let config = Config::read(&Env::parse(&settings, &mut complaints), Role::AllInOne, &mut complaints);
        assert!(complaints.is_empty(), "{complaints}");
        let mut wired = wiring::wire(&config).await.unwrap();
        // the day after tomorrow: what the commands made is due
        let day = wired.app.now().date_naive() + TimeDelta::days(2);
        let clock = FrozenClock::at(day.and_hms_opt(4, 30, 30).unwrap().and_utc());
        wired.app.clock = std::sync::Arc::new(clock.clone());
        (place, wired, clock)
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef".into()),
            ("DEBUG", "true".into()),
            ("TURNOUT_DATA_DIR", self.folder.path().join("var").display().to_string()),
            ("FLORIDA_LIST_BASE_URL", self.peer.origin().to_string()),
            ("OVBM_SYNC", "true".into()),
        ]
    }

    async fn said(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(self.settings());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What `jobs list` shows of it: the last failure of those in this state.
    async fn job(&self, state: &str) -> Vec<String> {
        let list = ["jobs", "list", "--json", "--kind", "absentee.refresh_links", "--state", state];
        let listed: Value = serde_json::from_str(&self.said(&list).await).unwrap();
        let why = |job: &Value| job["reason"].as_str().unwrap_or_default().to_owned();
        listed["jobs"].as_array().unwrap().iter().map(why).collect()
    }

    fn lists(&self, page: String) {
        self.peer.will(Behavior::Answers(HttpResponse::new(StatusCode::OK).with_body(page)));
    }
}

async fn by_the_clock(wired: &Wired, clock: &FrozenClock) {
    schedule::run(&wired.app, clock.now() - TimeDelta::minutes(1)).await.unwrap();
    step::run_all_due(&wired.app).await.unwrap();
}

async fn link(wired: &Wired, region: i64) -> Option<String> {
    let mut view = wired.app.store.view().await.unwrap();
    view.ballot_requests().region_link(RegionId(region)).await.unwrap().map(|link| link.url)
}

#[tokio::test]
async fn a_wrong_list_leaves_a_dead_job_that_says_why_and_one_that_is_away_is_asked_for_again() {
    let (place, wired, clock) = Place::new().await;
    place.lists(page(&[("Bay", "https://b.example.org/")]));
    by_the_clock(&wired, &clock).await;
    let wrong = "the list of Florida's counties is wrong in 1 places";
    assert_eq!(place.job("dead").await, [wrong]);
    let shown = place.said(&["jobs", "list", "--state", "dead"]).await;
    assert!(shown.contains("absentee.refresh_links") && shown.contains(wrong), "{shown}");
    assert_eq!((link(&wired, 1).await, link(&wired, 2).await), (None, None));
    // the page is another one by now, and is no list at all
    place.lists("<html>Moved</html>".into());
    place.said(&["jobs", "retry", "--dead", "--kind", "absentee.refresh_links"]).await;
    clock.advance(TimeDelta::hours(1));
    step::run_all_due(&wired.app).await.unwrap();
    assert_eq!(place.job("dead").await, ["florida list: gave an answer that cannot be read"]);

    // the next day it is away, breaks off, and is there
    clock.advance(TimeDelta::hours(23));
    place.peer.will(Behavior::Answers(HttpResponse::new(StatusCode::BAD_GATEWAY)));
    by_the_clock(&wired, &clock).await;
    let away = ["florida list: cannot be reached"];
    assert_eq!(place.job("waiting").await, away);
    place.peer.will(Behavior::StopsHalfway);
    clock.advance(TimeDelta::hours(1));
    step::run_all_due(&wired.app).await.unwrap();
    assert_eq!(
        (place.job("waiting").await, place.job("dead").await.len()),
        (away.map(Into::into).to_vec(), 1)
    );
    place.lists(page(&[("Bay", "https://b.example.org/"), ("Lee", "https://l.example.org/")]));
    clock.advance(TimeDelta::hours(1));
    step::run_all_due(&wired.app).await.unwrap();
    assert_eq!((place.job("waiting").await, place.job("done").await.len()), (vec![], 1));
    assert_eq!(link(&wired, 1).await.as_deref(), Some("https://b.example.org/"));
    assert_eq!(link(&wired, 2).await.as_deref(), Some("https://l.example.org/"));
}
