//! The rotation of `SECRET_KEY` as `docs/operations.md` has it, step by step: links that were mailed before it work until its
//! last step, and the keys of partners' programs for good.

use std::{path::Path, process::Command, time::Duration};

use reqwest::{StatusCode, header::LOCATION};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use turnout_server::providers::outbox::Outbox;

use crate::support::{Running, basic};

const FIRST: (&str, &str) = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");
const SECOND: (&str, &str) = ("SECRET_KEY", "a second key of thirty-two bytes");
const BEFORE: (&str, &str) = ("SECRET_KEY_PREVIOUS", FIRST.1);
const PEPPER: (&str, &str) = ("API_KEY_PEPPER", "a pepper that stays what it is");

/// Path and query of the link in the only mail of the outbox.
async fn mailed_link(folder: &Path) -> String {
    let outbox = Outbox::new(folder.join("var/outbox"));
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if let [mail] = outbox.list().unwrap().as_slice() {
            let mail = serde_json::to_value(mail).unwrap();
            let mut words = mail["text"].as_str().unwrap().split_whitespace();
            let link = words.find(|word| word.contains("/download/")).unwrap();
            return link[link.find("/download/").unwrap()..].to_owned();
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("no mail");
}

/// Id and secret of a new key of the subscriber `default`.
fn api_key(folder: &Path) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(["api-key", "create", "default", "--json"]).current_dir(folder).env_clear();
    let output = command.envs([FIRST, PEPPER]).output().unwrap();
    let key: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (key["id"].as_str().unwrap().to_owned(), key["secret"].as_str().unwrap().to_owned())
}

/// Whether the link leads to the form.
async fn opens(server: &Running, link: &str) -> bool {
    let opened = server.client().get(server.url(link)).send().await.unwrap();
    assert_eq!(opened.status(), StatusCode::FOUND);
    let place = opened.headers()[LOCATION].to_str().unwrap();
    let form = server.client().get(place).send().await.unwrap();
    form.status() == StatusCode::OK && form.bytes().await.unwrap().starts_with(b"%PDF-")
}

async fn partner_is_known(server: &Running, (id, secret): &(String, String)) -> bool {
    let asked =
        server.client().get(server.url("/v1/apikey/check/")).header("authorization", basic(id, secret));
    asked.send().await.unwrap().status() == StatusCode::OK
}

#[tokio::test]
async fn links_of_before_a_rotation_work_until_its_last_step_and_api_keys_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = Running::start("all-in-one", folder, &[FIRST, PEPPER]).await;
    let voter = json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202", "us_citizen": true,
        "is_18_or_over": true, "declaration": true, "state_id_number": "ZQ-9137-4411",
    });
    let register = server.client().post(server.url("/v1/registration/register/")).json(&voter);
    assert_eq!(register.send().await.unwrap().status(), StatusCode::OK);
    let link = mailed_link(folder).await;
    assert_eq!(server.stop().await.code(), Some(0));
    let key = api_key(folder);

    for (settings, is_open) in
        [(&[FIRST, PEPPER][..], true), (&[SECOND, BEFORE, PEPPER], true), (&[SECOND, PEPPER], false)]
    {
        let server = Running::start("all-in-one", folder, settings).await;
        assert_eq!(opens(&server, &link).await, is_open, "{settings:?}");
        assert!(partner_is_known(&server, &key).await, "{settings:?}");
        assert_eq!(server.stop().await.code(), Some(0));
    }
}
