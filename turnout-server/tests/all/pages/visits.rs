//! Pages as a browser asks for them.

use std::sync::{Arc, atomic::Ordering};

use chrono::TimeDelta;
use serde_json::json;
use turnout_core::{
    ids::{FileId, SlugId, SubscriberId},
    ports::{
        email::{Email, EmailSender, Mailbox},
        store::Store,
        wording::Wording,
    },
    register::Registration,
    subscriber::{Slug, Subscriber},
    tracking::Tracking,
    wording::{OwnWording, sample, sample_texts},
};
use turnout_server::{providers::outbox::Outbox, routes};
use uuid::Uuid;

use crate::support::{Answer, TestServer, voter_with};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
const NUMBER: &str = "QX4711Z";

const VOTER: &[(&str, &str)] = &[
    ("first_name", "Łucja"),
    ("last_name", "Nguyễn"),
    ("birth_month", "6"),
    ("birth_day", "19"),
    ("birth_year", "1990"),
    ("address1", "1 Main St"),
    ("city", "Lima"),
    ("zipcode", "45801"),
    ("email", "voter@example.org"),
    ("state_id_number", NUMBER),
    ("us_citizen", "true"),
    ("is_18_or_over", "true"),
    ("gender", ""),
    ("phone", ""),
];

pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(super) async fn send(server: &TestServer, path: &str, pairs: &[(&str, &str)]) -> Answer {
    server.ask("POST", path).header("sec-fetch-site", "same-origin").body(FORM, form(pairs)).send().await
}

pub(super) fn location(answer: &Answer) -> String {
    answer.header("location").unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_voter_gets_from_the_state_to_the_paper() {
    let server = TestServer::new().await;
    let chosen = server.get("/?state=OH&lang=es").await;
    assert_eq!((chosen.status.as_u16(), location(&chosen).as_str()), (303, "/register/OH/?lang=es"));
    let page = server.get("/register/OH/?lang=es").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("action=\"/register/OH/?lang=es\""));
    assert!(page.text().contains("mensajes de texto de VoteAmerica"));

    let sent = send(&server, "/register/OH/?lang=es", VOTER).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(sent.header("cache-control"), Some("no-store"));
    let filled = server.outside.filled.lock().unwrap().clone();
    assert!(filled.iter().any(|(name, value)| name == "date_of_birth" && value == "06/19/1990"));
    assert!(filled.iter().any(|(name, value)| name == "state_id_number" && value == NUMBER));

    let done = server.get(&location(&sent)).await;
    assert_eq!(done.status, 200);
    assert_eq!(done.header("cache-control"), Some("no-store"));
    assert!(done.text().contains("<html lang=\"es\">") && !done.text().contains(NUMBER));
    let link = done.text().split("href=\"/download/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let download = server.get(&format!("/download/{link}")).await;
    assert_eq!(download.status, 302);

    let wrong = location(&sent).replace("token=", "token=x");
    let refused = server.get(&wrong).await;
    assert_eq!(refused.status, 303);
    assert!(location(&refused).starts_with("/download/?id="), "{}", location(&refused));
    assert_eq!(server.get("/register/OH/done/?id=nonsense&token=x").await.status, 404);
    assert_eq!(server.work().await, ["register.form"]);
}

/// Where a voter came from, as a campaign's link says it.
pub(super) const CAMPAIGN: &str = "subscriber=partner&utm_source=news%26letter&utm_medium=e+mail&utm_campaign=&utm_term=t\
     &utm_content=c&source=footer&email_referrer=e1&mobile_referrer=m1\
     &session_id=497c340e-5f38-44a1-917e-81cbc55ea7ab&referring_tool=verify\
     &embed_url=https%3A%2F%2Fexample.org%2Fvote%3Fname%3Dx";

/// A third subscriber, which is neither the first one nor of the house.
pub(super) async fn add_partner(server: &TestServer) -> SubscriberId {
    let mut unit = server.store.begin().await.unwrap();
    let first = unit.subscribers().default().await.unwrap().unwrap();
    let partner = Subscriber {
        id: SubscriberId(Uuid::from_u128(3)),
        name: "Vote & Go".into(),
        is_first_party: false,
        created_at: first.created_at + TimeDelta::minutes(5),
        ..first
    };
    unit.subscribers_mut().insert(&partner).await.unwrap();
    let slug = Slug {
        id: SlugId(Uuid::from_u128(13)),
        subscriber: partner.id,
        slug: "partner".into(),
        created_at: partner.created_at,
    };
    unit.subscribers_mut().insert_slug(&slug).await.unwrap();
    unit.commit().await.unwrap();
    partner.id
}

/// The registration behind a result page.
async fn behind(server: &TestServer, done: &str) -> Registration {
    let id = done.split("id=").nth(1).unwrap().split('&').next().unwrap();
    let mut view = server.store.view().await.unwrap();
    view.registrations().by_file(FileId::parse(id).unwrap()).await.unwrap().unwrap()
}

/// Every address of ours in a page but for the assets, unescaped: links, forms and the buttons that change the language.
pub(super) fn addresses(html: &str) -> Vec<String> {
    let ends = [" href=\"/", " action=\"/", " formaction=\"/"];
    let found = ends.iter().flat_map(|start| html.split(start).skip(1));
    let found = found.map(|part| format!("/{}", part.split('"').next().unwrap()).replace("&#38;", "&"));
    found.filter(|address| !address.starts_with("/assets/") && !address.starts_with("/download/")).collect()
}

#[tokio::test]
async fn where_a_voter_came_from_is_kept_on_every_page_and_stored_as_the_api_would() {
    let server = TestServer::new().await;
    let partner = add_partner(&server).await;
    let body = voter_with(json!({
        "utm_source": "news&letter", "utm_medium": "e mail", "utm_campaign": "", "utm_term": "t", "utm_content": "c",
        "source": "footer", "email_referrer": "e1", "mobile_referrer": "m1", "referring_tool": "verify",
        "session_id": "497c340e-5f38-44a1-917e-81cbc55ea7ab", "embed_url": "https://example.org/vote?name=x",
    }));
    let answer = server.post("/v1/registration/register/?subscriber=partner", &body).await;
    let by_api = server.registration(answer.json()["uuid"].as_str().unwrap()).await;

    let start = server.get(&format!("/?{CAMPAIGN}")).await.text();
    for part in ["name=\"subscriber\" value=\"partner\"", "name=\"utm_source\" value=\"news&#38;letter\""] {
        assert!(start.contains(part), "{part}");
    }
    let mut way = location(&server.get(&format!("/?lang=es&state=OH&{CAMPAIGN}")).await);
    let page = server.get(&way).await.text();
    assert!(page.contains("name=\"sms_opt_in_subscriber\"") && page.contains("de Vote &#38; Go."));
    let mistakes = send(&server, &way, &[("first_name", "A"), ("email", "no")]).await.text();
    let switched = send(&server, &way, &[("first_name", "A"), ("language_switch", "es")]).await.text();
    let mut voter = VOTER.to_vec();
    voter.push(("sms_opt_in_subscriber", "true"));
    let sent = send(&server, &way, &voter).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    way = location(&sent);
    let done = server.get(&way).await.text();
    let stored = behind(&server, &way).await;
    let failed =
        server.get("/register/OH/done/?id=x&utm_source=news%26letter&subscriber=partner").await.text();
    for (name, html) in [
        ("start", start),
        ("page", page),
        ("mistakes", mistakes),
        ("switched", switched),
        ("done", done),
        ("failed", failed),
    ] {
        let all = addresses(&html);
        assert!(all.len() > 1, "{name}");
        for address in all.iter().filter(|it| !(name == "start" && *it == "/")) {
            let kept = address.contains("subscriber=partner") && address.contains("utm_source=news%26letter");
            assert!(kept, "{address} on {name}");
        }
    }

    assert_eq!(stored.tracking, by_api.tracking);
    assert_eq!(stored.tracking.embed_url.as_deref(), Some("https://example.org/vote"));
    assert_eq!((stored.subscriber, by_api.subscriber), (Some(partner), Some(partner)));
    assert_eq!(stored.referring_tool, by_api.referring_tool);
    assert_eq!((stored.sms_opt_in, stored.sms_opt_in_subscriber), (Some(false), Some(true)));
    assert_eq!(server.work().await, ["register.form"; 2]);
}

#[tokio::test]
async fn a_subscribers_own_words_stand_beside_the_box_for_texts() {
    let server = TestServer::new().await;
    let partner = add_partner(&server).await;
    let mut unit = server.store.begin().await.unwrap();
    let mut row = unit.subscribers().by_id(partner).await.unwrap().unwrap();
    row.sms_disclaimer = Some("Texts of ours,\r\nnow & then.".into());
    unit.subscribers_mut().update(&row).await.unwrap();
    unit.commit().await.unwrap();
    let page = server.get("/register/OH/?lang=es&subscriber=partner").await.text();
    assert!(page.contains("Texts of ours, now &#38; then.") && !page.contains("STOP"));
}

#[tokio::test]
async fn an_unknown_subscriber_is_the_default_one_and_a_bad_campaign_stops_no_voter() {
    let server = TestServer::new().await;
    let path = "/register/OH/?subscriber=nobody&session_id=no&utm_source=a%00b&utm_term=t&referring_tool=fax";
    assert!(server.get(path).await.text().contains("text messages from VoteAmerica"));
    let mut voter = VOTER.to_vec();
    voter.push(("sms_opt_in", "true"));
    let sent = send(&server, path, &voter).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let stored = behind(&server, &location(&sent)).await;
    assert_eq!(stored.subscriber, Some(SubscriberId(Uuid::from_u128(1))));
    assert_eq!(stored.tracking, Tracking { utm_term: Some("t".into()), ..Tracking::default() });
    assert_eq!((stored.sms_opt_in, stored.sms_opt_in_subscriber), (Some(true), Some(false)));
    let free = server.get("/register/OH/?subscriber=free").await.text();
    assert!(!free.contains("sms_opt_in"), "whose plan sees no voters sends no texts");
    assert_eq!(server.work().await, ["register.form"]);
}

#[tokio::test]
async fn another_language_keeps_what_was_typed_but_the_number_and_tells_no_mistake() {
    let server = TestServer::new().await;
    let mut pairs = VOTER.to_vec();
    pairs.extend([("zipcode", "458"), ("gender", "NonBinary"), ("language_switch", "es")]);
    let answer = send(&server, "/register/OH/?lang=es&utm_source=x", &pairs).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, Some("no-store")));
    let html = answer.text();
    for part in [
        "<html lang=\"es\">",
        "value=\"Łucja\"",
        "value=\"458\"",
        "value=\"NonBinary\" selected",
        "name=\"us_citizen\" value=\"true\" checked",
        "action=\"/register/OH/?lang=es&#38;utm_source=x\"",
        "formaction=\"/register/OH/?utm_source=x&#38;lang=en\"",
        "id=\"state_id_number-note\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains(NUMBER) && !html.contains("class=\"error\"") && !html.contains("aria-invalid"));
    assert!(server.jobs().await.is_empty());

    let start = server.get("/?lang=en&state=OH&language_switch=es").await;
    assert_eq!(start.status, 200);
    assert!(
        start.text().contains("<option value=\"OH\" selected>")
            && start.text().contains("<html lang=\"es\">")
    );
    let none = server.get("/?state=&language_switch=es").await;
    assert_eq!((none.status.as_u16(), none.text().contains("class=\"error\"")), (200, false));
}

#[tokio::test]
async fn mistakes_store_nothing_and_the_number_is_not_shown_again() {
    let server = TestServer::new().await;
    let mut pairs = VOTER.to_vec();
    pairs.extend([("zipcode", "458"), ("birth_day", "31"), ("phone", "12")]);
    let answer = send(&server, "/register/OH/", &pairs).await;
    assert_eq!(answer.status, 400);
    let html = answer.text();
    for id in ["zipcode-error", "date_of_birth-error", "phone-error"] {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(html.contains("value=\"Łucja\"") && !html.contains(NUMBER));
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let server = TestServer::new().await;
    for path in ["/register/OH/", "/download/"] {
        let ask = server.ask("POST", path).header("sec-fetch-site", "cross-site");
        let answer = ask.body(FORM, form(VOTER)).send().await;
        assert_eq!(answer.status, 403, "{path}");
        assert!(answer.text().contains("<h1>This form was sent from another site</h1>"));
    }
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn a_state_that_does_not_take_the_form_gets_none() {
    let server = TestServer::new().await;
    let page = server.get("/register/wy/").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("vote.gov did not list Wyoming"));
    assert!(!page.text().contains("<form class=\"register\""));
    let answer = send(&server, "/register/WY/", VOTER).await;
    assert_eq!(answer.status, 200);
    assert!(server.jobs().await.is_empty());
    assert_eq!(server.get("/register/ZZ/").await.status, 404);
    assert_eq!(server.get("/?state=ZZ").await.status, 400);
}

#[tokio::test]
async fn a_link_that_has_expired_is_renewed_by_mail() {
    let server = TestServer::new().await;
    let sent = send(&server, "/register/OH/", VOTER).await;
    let done = location(&sent);
    let id = done.split("id=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let before = server.jobs().await.len();
    server.clock.advance(TimeDelta::days(30));
    let offer = location(&server.get(&done).await);
    let page = server.get(&offer).await;
    assert!(page.text().contains(&format!("name=\"id\" value=\"{id}\"")));
    let renewed = send(&server, "/download/", &[("id", &id)]).await;
    assert_eq!((renewed.status.as_u16(), location(&renewed).as_str()), (303, "/download/?sent=1"));
    assert_eq!(server.jobs().await.len(), before + 1);
    assert!(server.get("/download/?sent=1").await.text().contains("A new link is on its way"));

    assert_eq!(send(&server, "/download/", &[("id", "x")]).await.status, 404);
    assert_eq!(send(&server, "/download/", &[]).await.status, 400);
    assert!(server.get("/download/").await.text().contains("lacks the number"));

    let mut unit = server.store.begin().await.unwrap();
    let mut file = unit.files_mut().lock(FileId::parse(&id).unwrap()).await.unwrap().unwrap();
    file.purged = Some(file.created_at);
    unit.files_mut().update(&file).await.unwrap();
    unit.commit().await.unwrap();
    let purged = send(&server, "/download/", &[("id", &id)]).await;
    assert!(location(&purged).contains("/download-purged/"), "{}", location(&purged));
    assert!(server.get("/download-purged/?purge_days=30").await.text().contains("after 30 days"));
    assert!(server.get("/download-purged/?purge_days=").await.text().contains("after a while"));
    // of a file that was deleted there is nothing to say
    assert_eq!(server.work().await, Vec::<&str>::new());
}

#[tokio::test]
async fn asking_for_links_too_often_is_a_page_that_says_how_long_to_wait() {
    let server = TestServer::with(|setup| setup.settings.rate_limits.enabled = true).await;
    let sent = send(&server, "/register/OH/", VOTER).await;
    let id = location(&sent).split("id=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let mut last = send(&server, "/download/", &[("id", &id)]).await;
    for _ in 0..5 {
        last = send(&server, "/download/", &[("id", &id)]).await;
    }
    assert_eq!(last.status, 429);
    assert!(last.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().unwrap() > 0));
    assert!(last.text().contains("<h1>Please wait a moment</h1>"));
    let mails = [vec!["file.new_link"; 5], vec!["register.form"]].concat();
    assert_eq!(server.work().await, mails);
}

#[tokio::test]
async fn what_fails_on_our_side_is_a_page_without_the_cause() {
    let server = TestServer::new().await;
    server.outside.forms_are_broken.store(true, Ordering::Relaxed);
    let answer = send(&server, "/register/OH/", VOTER).await;
    assert_eq!(answer.status, 500);
    let html = answer.text();
    assert!(html.contains("<h1>Something went wrong on our side</h1>"));
    assert!(!html.contains(NUMBER) && !html.contains("packet"), "{html}");
}

#[tokio::test]
async fn an_address_that_is_none_is_a_page_for_a_person_and_the_contract_for_a_program() {
    let server = TestServer::new().await;
    let browser = |path: &'static str| server.ask("GET", path).header("accept", "text/html,*/*;q=0.8").send();
    let page = browser("/nowhere/?lang=es").await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("<h1>No existe esa página</h1>"), "{}", page.text());
    for answer in [server.get("/nowhere/").await, browser("/v1/nowhere/").await] {
        assert_eq!(answer.status, 404);
        assert!(answer.text().starts_with("<h1>Not Found</h1>"));
    }
    let wrong_method = server.ask("DELETE", "/").send().await;
    assert_eq!((wrong_method.status.as_u16(), wrong_method.header("allow")), (405, Some("GET, HEAD")));
    assert!(wrong_method.text().contains("<!doctype html>"));
}

#[tokio::test]
async fn going_on_leads_to_the_form_and_shows_nothing_of_the_voter() {
    let server = TestServer::new().await;
    let (uuid, _) = server.begun().await;
    let page = server.get(&format!("/register-to-vote/resume/?uuid={uuid}")).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("href=\"/register/OH/\"") && !page.text().contains("Rizal"));
    for query in ["", "?uuid=x", "?token=x.y.z"] {
        let page = server.get(&format!("/register-to-vote/resume/{query}")).await;
        assert_eq!(page.status, 404, "{query}");
        assert!(page.text().contains("This link does not work any more"));
    }
}

fn own_words() -> Arc<dyn Wording> {
    Arc::new(OwnWording::new())
}

#[tokio::test]
async fn everything_we_say_can_be_looked_at_in_each_language() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Outbox::new(folder.path());
    let server = TestServer::with(move |setup| setup.more = routes::dev(&kept, &own_words())).await;
    let list = server.get("/dev/mail/").await.text();
    for message in sample() {
        for language in ["en", "es"] {
            let path = format!("/dev/mail/{}/{language}/", message.tag());
            assert!(list.contains(&format!("href=\"{path}\"")), "{path}");
            let page = server.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text().contains("<iframe class=\"mail\" sandbox"), "{path}");
            let html = server.get(&format!("{path}html/")).await;
            assert!(html.text().contains(&format!("<html lang=\"{language}\">")), "{path}");
            assert!(html.header("content-security-policy").unwrap().contains("sandbox;"));
        }
    }
    for text in sample_texts() {
        assert!(list.contains(text.tag()), "{}", text.tag());
    }
    assert!(list.contains("<h2 id=\"es\" lang=\"es\">Español</h2>"), "{list}");
    assert!(list.contains("2 segments (GSM-7, ") && list.contains("3 segments (UCS-2, "), "{list}");
    let spanish = server.get("/dev/mail/?lang=es").await.text();
    assert!(spanish.contains("Correos y mensajes de texto") && spanish.contains("un segmento (GSM-7, "));
    for nothing in ["/dev/mail/register.form/xx/", "/dev/mail/nothing/en/", "/dev/mail/nothing/en/html/"] {
        assert_eq!(server.get(nothing).await.status, 404, "{nothing}");
    }
    assert_eq!(TestServer::new().await.get("/dev/mail/").await.status, 404, "only where it was added");
}

#[tokio::test]
async fn mails_that_were_not_sent_can_be_read_and_can_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::new(folder.path());
    let kept = outbox.clone();
    let server = TestServer::with(move |setup| setup.more = routes::dev(&kept, &own_words())).await;
    assert!(server.get("/dev/outbox/").await.text().contains("There is no mail yet."));
    let mailbox = |address: &str| Mailbox { name: Some("José".into()), address: address.into() };
    let mail = Email {
        message_id: "1@example.org".into(),
        from: mailbox("from@example.org"),
        to: mailbox("to@example.org"),
        reply_to: Vec::new(),
        cc: Vec::new(),
        attachments: Vec::new(),
        subject: "Your <form>".into(),
        html: "<p>Here <script>alert(1)</script></p>".into(),
        text: "Here: https://vote.example/download/1/?token=2 .".into(),
        language: "en".into(),
        tag: "register.form",
        unsubscribe_url: None,
    };
    outbox.send(&mail).await.unwrap();
    let list = server.get("/dev/outbox/").await;
    let list = list.text();
    let path = list.split("href=\"/dev/outbox/").find(|it| it.starts_with(|c: char| c.is_ascii_hexdigit()));
    let path = &path.unwrap()[..32];
    let page = server.get(&format!("/dev/outbox/{path}/")).await;
    assert_eq!(page.status, 200);
    for part in [
        "Your &#60;form&#62;",
        "href=\"https://vote.example/download/1/?token=2\"",
        "<iframe class=\"mail\" sandbox",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    assert!(!page.text().contains("<script"));
    let html = server.get(&format!("/dev/outbox/{path}/html/")).await;
    assert_eq!(html.text(), mail.html);
    assert!(html.header("content-security-policy").unwrap().contains("sandbox;"));
    let json = server.get("/dev/outbox.json").await;
    assert_eq!(json.json()[0]["subject"], "Your <form>");
    assert_eq!(server.get("/dev/outbox/0123/").await.status, 404);
    assert_eq!(TestServer::new().await.get("/dev/outbox/").await.status, 404, "only where it was added");
}

#[tokio::test]
async fn the_style_sheet_of_a_page_is_there() {
    let server = TestServer::new().await;
    let page = server.get("/").await;
    let href =
        page.text().split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sheet = server.get(&href).await;
    assert_eq!((sheet.status.as_u16(), sheet.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert!(sheet.header("cache-control").unwrap().contains("immutable"));
    let etag = sheet.header("etag").unwrap().to_owned();
    let again = server.ask("GET", &href).header("if-none-match", &etag).send().await;
    assert_eq!((again.status.as_u16(), again.text().as_str()), (304, ""));
    assert_eq!(server.get("/assets/..%2FCargo.toml").await.status, 404);
}
