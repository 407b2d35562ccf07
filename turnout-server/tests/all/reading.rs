//! Whoever reads never waits for whoever writes.

use std::{collections::BTreeSet, sync::Arc};

use http::Method;
use turnout_core::{
    ports::{
        email::{Email, EmailSender, Mailbox},
        store::Store,
        wording::Wording,
    },
    wording::OwnWording,
};
use turnout_server::{providers::outbox::Outbox, routes};

use crate::support::{TestServer, voter};

/// Every address that answers GET, as the table has it, and how it is asked here. `UUID`, `FILE` and `TOKEN` stand for a
/// registration, its form and the token of that.
const ASKED: &[(&str, &[&str])] = &[
    (
        "/v1/registration/resume_token/",
        &["/v1/registration/resume_token/?uuid=UUID", "/v1/registration/resume_token/"],
    ),
    ("/v1/apikey/check/", &["/v1/apikey/check/"]),
    ("/v1/absentee/state/{code}/", &["/v1/absentee/state/OH/"]),
    ("/v1/election/state/", &["/v1/election/state/"]),
    ("/v1/election/state/{code}/", &["/v1/election/state/CO/", "/v1/election/state/ZZ/"]),
    ("/v1/election/field/", &["/v1/election/field/"]),
    ("/v1/election/field/{slug}/", &["/v1/election/field/external_tool_ovr/"]),
    ("/v1/official/state/{code}/", &["/v1/official/state/OH/"]),
    ("/v1/official/region/{external_id}/", &["/v1/official/region/1001/"]),
    ("/v1/official/address/", &["/v1/official/address/?address1=1+Main+St&city=Lima&state=OH&zipcode=45801"]),
    // with its token it counts as a download: the other test
    ("/download/{id}/", &["/download/FILE/?token=x", "/download/FILE/", "/download/x/"]),
    ("/v1/subscriber/id/{slug}/", &["/v1/subscriber/id/default/", "/v1/subscriber/id/nobody/"]),
    ("/", &["/", "/?state=OH", "/?state=ZZ", "/?state=OH&language_switch=es"]),
    ("/register/{code}/", &["/register/OH/?subscriber=nobody&utm_source=x", "/register/WY/"]),
    ("/register/{code}/done/", &["/register/OH/done/?id=FILE&token=TOKEN", "/register/OH/done/?id=FILE"]),
    (
        "/register-to-vote/resume/",
        &["/register-to-vote/resume/?uuid=UUID", "/register-to-vote/resume/?token=x"],
    ),
    ("/register-to-vote/confirm/", &["/register-to-vote/confirm/?id=UUID&token=TOKEN"]),
    ("/vote-by-mail/confirm/", &["/vote-by-mail/confirm/?id=UUID&token=TOKEN", "/vote-by-mail/confirm/"]),
    ("/election-reminders/", &["/election-reminders/", "/election-reminders/?subscriber=nobody&lang=es"]),
    ("/election-reminders/thanks/", &["/election-reminders/thanks/?utm_source=x"]),
    ("/download/", &["/download/?id=FILE", "/download/?sent=1"]),
    ("/download-purged/", &["/download-purged/?purge_days=30"]),
    ("/unsubscribe/", &["/unsubscribe/", "/unsubscribe/?a=FILE&t=TOKEN"]),
    ("/assets/{name}/", &["/assets/turnout.css"]),
    ("/v1/openapi.json", &["/v1/openapi.json"]),
    ("/docs/api/", &["/docs/api/"]),
    ("/-/alive/", &["/-/alive/"]),
    ("/-/health/", &["/-/health/"]),
    ("/dev/outbox/", &["/dev/outbox/"]),
    ("/dev/outbox/{id}/", &["/dev/outbox/MAIL/"]),
    ("/dev/outbox/{id}/html/", &["/dev/outbox/MAIL/html/"]),
    ("/dev/outbox.json/", &["/dev/outbox.json"]),
    ("/dev/mail/", &["/dev/mail/"]),
    ("/dev/mail/{tag}/{language}/", &["/dev/mail/register.form/es/"]),
    ("/subscribe/", &["/subscribe/"]),
    ("/subscribe/thanks/", &["/subscribe/thanks/"]),
    ("/dev/mail/{tag}/{language}/html/", &["/dev/mail/register.form/es/html/"]),
];

/// A server with a finished registration, and its id, its form's and the token of that.
async fn with_a_form(more: Vec<turnout_server::http::Route>) -> (TestServer, String, String, String) {
    let server = TestServer::with(|setup| setup.more = more).await;
    let answer = server.post("/v1/registration/register/", &voter()).await.json();
    let uuid = answer["uuid"].as_str().unwrap().to_owned();
    let file = server.registration(&uuid).await.result_item.unwrap();
    let row = server.store.view().await.unwrap().files().by_id(file).await.unwrap().unwrap();
    let token = server.app.file_tokens.issue(&row).text().to_owned();
    (server, uuid, file.to_string(), token)
}

async fn outbox_with_a_mail(folder: &std::path::Path) -> Outbox {
    let outbox = Outbox::new(folder);
    let mailbox = Mailbox { name: None, address: "to@example.org".into() };
    let mail = Email {
        message_id: "1@example.org".into(),
        from: mailbox.clone(),
        to: mailbox,
        reply_to: Vec::new(),
        cc: Vec::new(),
        attachments: Vec::new(),
        subject: "Form".into(),
        html: "<p>Form</p>".into(),
        text: "Form".into(),
        language: "en".into(),
        tag: "register.form",
        unsubscribe_url: None,
    };
    outbox.send(&mail).await.unwrap();
    outbox
}

#[tokio::test]
async fn no_address_that_is_read_takes_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = outbox_with_a_mail(folder.path()).await;
    let words: Arc<dyn Wording> = Arc::new(OwnWording::new());
    let table: Vec<_> = routes::all().into_iter().chain(routes::dev(&outbox, &words)).collect();
    // the pages of an account note when they were used last
    let is_of_the_site = |path: &str| path.starts_with("/manage/") || path.starts_with("/account/");
    let read: BTreeSet<_> = table
        .iter()
        .filter(|it| it.answers(&Method::GET))
        .map(|it| it.path())
        .filter(|path| !is_of_the_site(path))
        .collect();
    let asked: BTreeSet<_> = ASKED.iter().map(|(path, _)| *path).collect();
    assert_eq!(read, asked, "an address of the table is not asked here, or the other way round");

    let (server, uuid, file, token) = with_a_form(routes::dev(&outbox, &words)).await;
    let partner = server.partner(1).await;
    let list = server.get("/dev/outbox/").await.text();
    let mail = list.split("href=\"/dev/outbox/").find(|it| it.starts_with(|c: char| c.is_ascii_hexdigit()));
    let mail = mail.unwrap()[..32].to_owned();
    for address in ASKED.iter().flat_map(|(_, addresses)| *addresses) {
        let address = address.replace("UUID", &uuid).replace("FILE", &file);
        let address = address.replace("TOKEN", &token).replace("MAIL", &mail);
        for method in ["GET", "HEAD"] {
            let before = server.store.units();
            let answer = server.ask(method, &address).by(&partner).send().await;
            assert!(answer.status.as_u16() < 500, "{method} {address}: {}", answer.status);
            assert_eq!(server.store.units(), before, "{method} {address}");
        }
    }
    assert_eq!(server.work().await, ["register.form"]);
}

/// The contract records a download (`http-api.md` 12), and only of GET (quirk Q107): one unit, after which the file is
/// read without any.
#[tokio::test]
async fn only_a_download_is_recorded() {
    let (server, _, file, token) = with_a_form(Vec::new()).await;
    let before = server.store.units();
    let link = format!("/download/{file}/?token={token}");
    let looked = server.ask("HEAD", &link).send().await;
    assert_eq!((looked.status.as_u16(), server.store.units()), (302, before));
    let opened = server.get(&link).await;
    assert_eq!((opened.status.as_u16(), server.store.units()), (302, before + 1));
    let bytes = opened.header("location").unwrap().replace("http://localhost:8000", "");
    let form = server.get(&bytes).await;
    assert_eq!((form.status.as_u16(), &form.body[..5]), (200, &b"%PDF-"[..]));
    assert_eq!(server.store.units(), before + 1);
    assert_eq!(server.work().await, ["register.form"]);
}
