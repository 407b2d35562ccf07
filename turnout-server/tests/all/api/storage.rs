//! `/v1/storage/…`, `/download/…` and the files behind a link.

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType::Download,
    file::{SecureUpload, StoredFile},
    ids::small_uuid,
    ports::{public_files::PublicFile, store::Store, throttle::Quota},
};

use crate::support::{TestServer, voter};

const RESET: &str = "/v1/storage/reset/";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

/// The file of a completed registration and the action it belongs to.
async fn a_file(server: &TestServer) -> (StoredFile, String) {
    let body = server.post("/v1/registration/register/", &voter()).await.json();
    let item = server.registration(body["uuid"].as_str().unwrap()).await.result_item.unwrap();
    (stored(server, &item.to_string()).await, body["action_id"].as_str().unwrap().to_owned())
}

async fn stored(server: &TestServer, id: &str) -> StoredFile {
    let id = turnout_core::ids::FileId::parse(id).unwrap();
    server.store.view().await.unwrap().files().by_id(id).await.unwrap().unwrap()
}

async fn purge(server: &TestServer, file: &StoredFile) {
    let mut unit = server.store.begin().await.unwrap();
    let mut file = unit.files_mut().lock(file.id).await.unwrap().unwrap();
    file.purged = Some(server.app.now());
    unit.files_mut().update(&file).await.unwrap();
    unit.commit().await.unwrap();
}

fn token(server: &TestServer, file: &StoredFile) -> String {
    server.app.file_tokens.issue(file).text().to_owned()
}

#[tokio::test]
async fn a_link_leads_to_the_bytes_and_is_counted() {
    let server = TestServer::new().await;
    let (file, action) = a_file(&server).await;
    let token = token(&server, &file);
    for id in [file.id.to_string(), small_uuid(file.id.0), file.id.0.simple().to_string().to_uppercase()] {
        for path in [format!("/download/{id}/?token={token}"), format!("/download/{id}?token={token}")] {
            let answer = server.get(&path).await;
            assert_eq!((answer.status.as_u16(), answer.text().as_str()), (302, ""), "{path}");
            assert_eq!((answer.header("content-type"), answer.header("allow")), (None, None));
            assert_eq!(answer.header("vary"), Some("Origin"));
            let location = answer.header("location").unwrap();
            assert!(location.starts_with("http://localhost:8000/files/"), "{location}");
        }
    }
    assert_eq!(server.events(&action).await, [Download; 6]);
    assert_eq!(stored(&server, &file.id.to_string()).await.first_download, Some(server.app.now()));
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn a_look_without_get_is_not_counted() {
    let server = TestServer::new().await;
    let (file, action) = a_file(&server).await;
    let path = format!("/download/{}/?token={}", file.id, token(&server, &file));
    assert_eq!(server.ask("HEAD", &path).send().await.status, 302);
    for method in ["POST", "PUT", "OPTIONS", "DELETE"] {
        let answer = server.ask(method, &path).send().await;
        answer.is(405, &json!({ "detail": format!("Method \"{method}\" not allowed.") }));
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
    assert_eq!(server.events(&action).await, []);
    assert_eq!(stored(&server, &file.id.to_string()).await.first_download, None);
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn a_wrong_or_expired_link_leads_to_the_page_that_offers_a_new_one() {
    let server = TestServer::new().await;
    let (file, action) = a_file(&server).await;
    let token = token(&server, &file);
    let reset = format!("https://www.voteamerica.com/download/?id={}", file.id);
    let as_uuid = turnout_core::ids::parse_small_uuid(&token).unwrap().to_string();
    for query in [
        "".to_owned(),
        "?token=".into(),
        "?token=x".into(),
        format!("?token={as_uuid}"),
        format!("?token={token}&token=x"),
    ] {
        let answer = server.get(&format!("/download/{}/{query}", file.id)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (302, Some(reset.as_str())),
            "{query}"
        );
    }
    server.clock.advance(TimeDelta::hours(168));
    let expired = server.get(&format!("/download/{}/?token={token}", file.id)).await;
    assert_eq!(expired.header("location"), Some(reset.as_str()));
    assert_eq!(server.events(&action).await, []);
    // a reminder waits for the morning in Ohio
    server.clock.advance(TimeDelta::hours(3));
    assert_eq!(server.work().await, ["register.form", "register.reminder"]);
}

#[tokio::test]
async fn a_deleted_file_leads_to_its_page_whatever_the_token() {
    let server = TestServer::with(|setup| setup.settings.file.purge_days = Some(30)).await;
    let (file, _) = a_file(&server).await;
    purge(&server, &file).await;
    let purged = format!(
        "http://localhost:8000/download-purged/?id={}&filetype=Registration%20Form&purge_days=30",
        file.id
    );
    for query in [format!("?token={}", token(&server, &file)), "?token=x".into(), String::new()] {
        let answer = server.get(&format!("/download/{}/{query}", file.id)).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some(purged.as_str())));
    }
    let reset = server.post(RESET, &json!({"id": file.id})).await;
    assert_eq!((reset.status.as_u16(), reset.text().as_str()), (302, ""));
    assert_eq!(reset.header("location"), Some(purged.as_str()));
    assert_eq!(server.work().await, Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_no_file_is_a_page() {
    let server = TestServer::new().await;
    for id in [NOBODY, "zz", "a.b", "a%20b", "ABEiM0RVZneImaq7zN3u_w"] {
        let answer = server.get(&format!("/download/{id}/?token=x")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (404, Some("text/html")), "{id}");
        assert!(answer.text().starts_with("<h1>Not Found</h1>"));
    }
}

#[tokio::test]
async fn the_link_gives_the_form_as_an_attachment_for_a_few_seconds() {
    let server = TestServer::new().await;
    let (file, _) = a_file(&server).await;
    let answer = server.get(&format!("/download/{}/?token={}", file.id, token(&server, &file))).await;
    let link = answer.header("location").unwrap().replace("http://localhost:8000", "");
    let bytes = server.ask("GET", &link).header("accept-encoding", "gzip").send().await;
    assert_eq!((bytes.status.as_u16(), bytes.text().as_str()), (200, "%PDF-1.7 filled"));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
    ] {
        assert_eq!(bytes.header(name), Some(value));
    }
    assert_eq!(bytes.header("content-encoding"), None);
    let disposition = bytes.header("content-disposition").unwrap();
    assert_eq!(disposition, format!("attachment; filename=\"{}\"", file.name));
    let forged = link.replace("signature=", "signature=A");
    let other = link.replace("/files/", "/files/x");
    for path in [forged.as_str(), other.as_str(), "/files/x", "/files/..%2Ftest.db", "/files/%2E%2E/"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
    server.clock.advance(TimeDelta::seconds(16));
    assert_eq!(server.get(&link).await.status, 404);
    assert_eq!(server.work().await, ["register.form"]);
}

const UPLOAD: &str = "/v1/storage/secure_upload/?upload_type=Signature";
/// A picture of one gray point.
pub(super) const PNG: &[u8] =
    b"\x89\x50\x4E\x47\x0D\x0A\x1A\x0A\x00\x00\x00\x0D\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\
    \x08\x00\x00\x00\x00\x3A\x7E\x9B\x55\x00\x00\x00\x0A\x49\x44\x41\x54\x78\x9C\x63\xA8\x07\x00\x00\
    \x81\x00\x80\xD3\x94\x53\x4A\x00\x00\x00\x00\x49\x45\x4E\x44\xAE\x42\x60\x82";
const JPEG: &[u8] =
    b"\xFF\xD8\xFF\xC0\x00\x0B\x08\x00\x05\x00\x07\x01\x01\x11\x00\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\
    \x01\xFF\xD9";

/// The row of an upload and its bytes.
async fn kept(server: &TestServer, id: &Value) -> (SecureUpload, Option<Vec<u8>>) {
    let id = turnout_core::ids::UploadId::parse(id.as_str().unwrap()).unwrap();
    let row = server.store.view().await.unwrap().uploads().by_id(id).await.unwrap().unwrap();
    let bytes = server.app.files.get(&row.key).await.unwrap();
    (row, bytes.map(Vec::from))
}

#[tokio::test]
async fn a_signature_is_kept_in_private_as_what_it_is() {
    let server = TestServer::new().await;
    for (said, bytes, content_type) in [
        ("image/png", PNG, "image/png"),
        ("image/jpeg", JPEG, "image/jpeg"),
        ("image/webp; charset=utf-8", PNG, "image/png"),
        ("IMAGE/PNG", JPEG, "image/jpeg"),
    ] {
        let ask = server.ask("POST", UPLOAD).body(said, bytes.to_vec());
        let answer = ask.header("content-disposition", "attachment; filename=\"mine.png\"").send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        let (row, found) = kept(&server, &body["uuid"]).await;
        assert_eq!(
            (row.content_type.as_str(), row.purged, found.as_deref()),
            (content_type, None, Some(bytes))
        );
        assert!(row.key.len() == 22 && row.key != body["uuid"], "{}", row.key);
        for path in [format!("/files/{}", row.key), format!("/public/{}", row.key)] {
            assert_eq!(server.get(&path).await.status, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn an_upload_is_refused_by_what_is_wrong_with_it() {
    let server = TestServer::new().await;
    let kind = json!({"upload_type": ["Must provide a valid upload_type as a URL parameter"]});
    let header = json!({"Content-Type": ["Must provide a valid Content-Type header"]});
    let empty = json!({"file": ["The submitted file is empty."]});
    let text = "Upload a valid image. The file you uploaded was either not an image or a corrupted image.";
    let image = json!({ "file": [text] });
    let base = "/v1/storage/secure_upload/";
    for query in
        ["", "?upload_type=", "?upload_type=signature", "?upload_type=Photo", "?upload_type=Signature%20"]
    {
        let ask = server.ask("POST", &format!("{base}{query}")).body("image/png", PNG.to_vec());
        ask.send().await.is(400, &kind);
    }
    server.ask("POST", UPLOAD).send().await.is(400, &header);
    for said in ["application/json", "multipart/form-data; boundary=x", "text/plain", "image", "image/", "x"]
    {
        server.ask("POST", UPLOAD).body(said, PNG.to_vec()).send().await.is(400, &header);
    }
    server.ask("POST", UPLOAD).body("image/png", Vec::new()).send().await.is(400, &empty);
    for bytes in [&b"<svg/>"[..], b"GIF89a", b"%PDF-1.7", &PNG[..PNG.len() - 1], &JPEG[..20], b"{}"] {
        server.ask("POST", UPLOAD).body("image/png", bytes.to_vec()).send().await.is(400, &image);
    }
    let mut large = PNG.to_vec();
    large.resize(5 * 1024 * 1024, 0);
    assert_eq!(server.ask("POST", UPLOAD).body("image/png", large.clone()).send().await.status, 200);
    large.push(0);
    let too_large = json!({"detail": "Request body is too large."});
    server.ask("POST", UPLOAD).body("image/png", large).send().await.is(413, &too_large);
    let answer = server.get(UPLOAD).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("POST, OPTIONS")));
}

#[tokio::test]
async fn a_client_uploads_so_many_pictures_an_hour() {
    let server = TestServer::with(|setup| {
        setup.settings.rate_limits.enabled = true;
        setup.settings.rate_limits.uploads_per_address = Quota::per_hour(2);
    })
    .await;
    let upload =
        async |from: &str| server.ask("POST", UPLOAD).from(from).body("image/png", PNG.to_vec()).send().await;
    // what is not said to be a picture is not counted
    assert_eq!(server.ask("POST", UPLOAD).body("text/plain", "x").send().await.status, 400);
    for _ in 0..2 {
        assert_eq!(upload("192.0.2.1:1").await.status, 200);
    }
    let refused = upload("192.0.2.1:2").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, Some("1800")));
    assert_eq!(upload("192.0.2.2:1").await.status, 200);
    server.clock.advance(TimeDelta::minutes(30));
    assert_eq!(upload("192.0.2.1:1").await.status, 200);
}

#[tokio::test]
async fn a_public_file_is_read_by_everybody_and_may_be_kept() {
    let server = TestServer::new().await;
    let counties = PublicFile {
        bytes: "[]".into(),
        content_type: "application/json".into(),
        cache: TimeDelta::hours(1),
        redirect: None,
    };
    let public = &server.app.public_files;
    public.publish("pa-counties/counties.json", counties).await.unwrap();
    let address = public.url("pa-counties/counties.json").unwrap();
    let path = address.strip_prefix("http://localhost:8000").unwrap();
    for path in [path, "/public/pa-counties%2Fcounties.json"] {
        let answer = server.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "[]"), "{path}");
        for (name, value) in [
            ("content-type", "application/json"),
            ("cache-control", "public, max-age=3600"),
            ("x-content-type-options", "nosniff"),
            ("content-disposition", ""),
        ] {
            assert_eq!(answer.header(name).unwrap_or_default(), value, "{name}");
        }
    }
    for path in ["/public/nothing", "/public/..%2Ftest.db", "/public/", "/public/a/../b"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
    assert_eq!(server.ask("POST", path).send().await.status, 405);
}

#[tokio::test]
async fn a_public_file_may_send_its_visitors_on() {
    let server = TestServer::new().await;
    let tool = PublicFile::redirect("https://example.org/?a=b".parse().unwrap(), TimeDelta::minutes(5));
    server.app.public_files.publish("state-redirect/MA/external_tool_ovr", tool).await.unwrap();
    let answer = server.get("/public/state-redirect/MA/external_tool_ovr").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (301, ""));
    assert_eq!(answer.header("location"), Some("https://example.org/?a=b"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
}

#[tokio::test]
async fn a_new_link_is_mailed_and_its_token_renewed_only_when_it_has_expired() {
    let server = TestServer::new().await;
    let (file, _) = a_file(&server).await;
    let before = token(&server, &file);
    for body in [json!({"id": file.id}), json!({"id": small_uuid(file.id.0)})] {
        let answer = server.post(RESET, &body).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (201, ""));
        assert_eq!(answer.header("content-type"), None);
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    }
    let form = server.ask("POST", RESET).form(&format!("id={}", file.id)).send().await;
    assert_eq!(form.status, 201);
    let mails = server.job_kinds().await.iter().filter(|kind| *kind == "file.send_link").count();
    assert_eq!(mails, 3);
    assert_eq!(token(&server, &stored(&server, &file.id.to_string()).await), before);
    server.clock.advance(TimeDelta::hours(168));
    assert_eq!(server.post(RESET, &json!({"id": file.id})).await.status, 201);
    let renewed = stored(&server, &file.id.to_string()).await;
    assert_ne!(token(&server, &renewed), before);
    let old = server.get(&format!("/download/{}/?token={before}", file.id)).await;
    assert!(old.header("location").unwrap().starts_with("https://www.voteamerica.com/download/"));
    let new = server.get(&format!("/download/{}/?token={}", file.id, token(&server, &renewed))).await;
    assert!(new.header("location").unwrap().starts_with("http://localhost:8000/files/"));
    let mails = [vec!["file.new_link"; 4], vec!["register.form"]].concat();
    assert_eq!(server.work().await, mails);
}

#[tokio::test]
async fn what_is_no_id_gets_no_link() {
    let server = TestServer::new().await;
    let required = json!({ "id": "Required" });
    let not_an_id = json!({ "id": "Must be a uuid or smalluuid" });
    for (body, status, expected) in [
        (json!({}), 400, &required),
        (json!({"id": null}), 400, &required),
        (json!({"id": ""}), 400, &required),
        (json!({"id": "zz"}), 400, &not_an_id),
        (json!({"id": 5}), 400, &not_an_id),
        (json!({"id": true}), 400, &not_an_id),
        (json!({"id": [NOBODY]}), 400, &not_an_id),
        (json!({"id": {}}), 400, &not_an_id),
        (json!({"id": NOBODY}), 404, &json!({ "detail": "Not found." })),
    ] {
        let answer = server.post(RESET, &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()), (status, expected), "{body}");
    }
    let list = server.post(RESET, &Value::Array(Vec::new())).await;
    list.is(400, &json!({ "non_field_errors": ["Invalid data. Expected a dictionary, but got list."] }));
    assert!(server.jobs().await.is_empty());
}
