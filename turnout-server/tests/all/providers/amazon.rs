//! The fax queue and files, against servers of Amazon's kinds that others wrote (moto).

use serde_json::{Value, json};
use turnout_core::conformance::faxes::fax;
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    wiring::{self, Wired},
};

use crate::support::PythonPeer;

/// A process on moto; nothing where that is not installed.
async fn on_moto(folder: &std::path::Path) -> Option<(PythonPeer, Wired)> {
    let (peer, place) = PythonPeer::start("cloud.py", &[])?;
    let (endpoint, queue) = (place["endpoint"].as_str().unwrap(), place["queue"].as_str().unwrap());
    let text = format!(
        "TURNOUT_DATA_DIR={}\nFAX_DISABLE=false\nFAX_GATEWAY_SQS_QUEUE={queue}\nAWS_ENDPOINT_URL_SQS={endpoint}\n\
         ATTACHMENT_USE_S3=true\nAWS_ENDPOINT_URL_S3={endpoint}\nAWS_ACCESS_KEY_ID=AKIATURNOUT\n\
         AWS_SECRET_ACCESS_KEY=hush\nAWS_STORAGE_PRIVATE_BUCKET_NAME=turnout-private\n\
         AWS_STORAGE_BUCKET_NAME=turnout-public",
        folder.display()
    );
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(&text, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    Some((peer, wiring::wire(&config).await.unwrap()))
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
