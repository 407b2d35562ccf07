//! What a subscriber's own people see and do through the pages.

use turnout_core::{
    ids::{ApiKeyId, SubscriberId, UserId},
    jobs::step,
    page::PageRequest,
    ports::store::Store as _,
    report::{ReportStatus, stats},
    subscriber::{SmsMode, Subscriber},
};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    own_rows,
    site::{OWN, Role, signed_in, site, site_with},
};
use crate::support::{TestServer, voter_with};

const HOME: &str = "/manage/votenow/";

fn own() -> SubscriberId {
    SubscriberId(Uuid::from_u128(OWN))
}

async fn subscriber(server: &TestServer) -> Subscriber {
    server.store.view().await.unwrap().subscribers().by_id(own()).await.unwrap().unwrap()
}

async fn page(browser: &mut Browser<'_>, rest: &str) -> String {
    let answer = browser.get(&format!("{HOME}{rest}")).await;
    assert_eq!(answer.status, 200, "{rest}: {}", answer.text());
    answer.text()
}

/// Where a link with that text leads.
fn link<'a>(page: &'a str, text: &str) -> Option<&'a str> {
    let before = page.split(&format!(">{text}")).next().filter(|before| before.len() < page.len())?;
    before.rsplit("href=\"").next()?.split('"').next()
}

#[tokio::test]
async fn the_first_page_says_how_often_each_tool_was_used_and_leads_on() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let text = page(&mut member, "").await;
    assert_eq!(heading(&text), "The votenow campaign");
    let registrations = text.split("<dt>Registrations</dt>").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(registrations.contains("1 in the last 24 hours"), "{registrations}");
    server.clock.advance(chrono::TimeDelta::minutes(2));
    let mut unit = server.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&stats::Count {}.job(&server.app)).await.unwrap();
    unit.commit().await.unwrap();
    step::run_all_due(&server.app).await.unwrap();
    let text = page(&mut member, "").await;
    // those that it does not see are counted too (`flows.md` 18.2)
    assert!(
        text.contains(&format!("<a href=\"{HOME}register/\">2<span class=\"aside\"> Registrations")),
        "{text}"
    );
    assert!(text.contains("<svg viewBox") && text.contains("The last 30 days"), "{text}");
    for rest in ["reports/", "embed/", "users/", "settings/", "subscription/", "keys/"] {
        assert!(text.contains(&format!("href=\"{HOME}{rest}\"")), "{rest}");
    }

    let mut free = signed_in(&server, Role::DataOff).await;
    let text = free.get("/manage/frugal/").await.text();
    assert!(
        !text.contains("/manage/frugal/register/") && !text.contains("/manage/frugal/reports/"),
        "{text}"
    );
    assert!(text.contains("/manage/frugal/settings/"), "{text}");
}

#[tokio::test]
async fn a_list_shows_what_is_the_subscribers_own_and_what_was_looked_for() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let text = page(&mut member, "register/").await;
    assert!(text.contains("Zoë Quill") && text.contains("1 in all"), "{text}");
    assert!(!text.contains("Strange") && !text.contains("Unseen"), "{text}");
    for (query, is_found) in [
        ("q=qui", true),
        ("q=zoe", true),
        ("q=strange", false),
        ("q=unseen", false),
        ("done=yes", true),
        ("done=no", false),
        ("from=2020-01-01", true),
        ("to=2020-01-01", false),
        ("state=ZZ", true),
    ] {
        let text = page(&mut member, &format!("register/?{query}")).await;
        assert_eq!(text.contains("Zoë Quill"), is_found, "{query}: {text}");
    }
    let odd = page(&mut member, "register/?from=soon&q=%3Cscript%3E").await;
    assert!(odd.contains("Enter a date, such as 2026-11-03.") && !odd.contains("<script>"), "{odd}");
    let places = page(&mut member, "pollingplace/").await;
    assert!(places.contains("id=\"q\"") && places.contains(own_rows::POLLING_PLACE), "{places}");
    assert!(page(&mut member, "verifier/").await.contains("Inactive"));
    assert!(page(&mut member, "reminder/").await.contains(own_rows::REMINDER));
    assert!(page(&mut member, "absentee/").await.contains(own_rows::BALLOT_REQUEST));
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page_forwards_and_back() {
    let server = site_with(|setup| setup.settings.listing.page_size = 2).await;
    for number in 0..4 {
        server.clock.advance(chrono::TimeDelta::seconds(1));
        let voter = voter_with(serde_json::json!({ "first_name": format!("Voter{number}") }));
        let answer = server.post("/v1/registration/register/?subscriber=votenow", &voter).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    server.mails().await;
    let mut member = signed_in(&server, Role::Member).await;
    let first = page(&mut member, "register/?state=").await;
    assert!(first.contains("Voter3") && first.contains("Voter2") && !first.contains("Voter1"), "{first}");
    assert!(first.contains("Page 1 · 5 in all") && link(&first, "Previous page").is_none(), "{first}");
    let follow =
        |page: &str, text: &str| link(page, text).unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let second = member.get(&follow(&first, "Next page")).await.text();
    assert!(second.contains("Voter1") && second.contains("Voter0") && second.contains("Page 2"), "{second}");
    let third = member.get(&follow(&second, "Next page")).await.text();
    assert!(third.contains("Zoë Quill") && link(&third, "Next page").is_none(), "{third}");
    let back = member.get(&follow(&third, "Previous page")).await.text();
    assert!(back.contains("Voter1") && back.contains("Page 2"), "{back}");
    let start = member.get(&follow(&back, "Previous page")).await.text();
    assert!(start.contains("Voter3") && start.contains("Page 1"), "{start}");
    assert_eq!(follow(&third, "First page"), format!("{HOME}register/"));
}

#[tokio::test]
async fn a_record_is_shown_whole_with_what_happened_to_it_and_to_nobody_else() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let text = page(&mut member, &format!("register/{}/", own_rows::REGISTRATION)).await;
    assert_eq!(heading(&text), "Zoë Quill");
    for part in [
        "voter@example.org",
        "(617) 555-7890",
        "Feb 29, 1980",
        "Started Form",
        "Finished with External Tool",
        "mailing address1",
        "previous first",
        own_rows::REGISTRATION,
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for (tool, record) in [
        ("register", own_rows::STRANGE),
        ("register", own_rows::UNSEEN),
        ("absentee", own_rows::REGISTRATION),
        ("register", "nonsense"),
    ] {
        let answer = member.get(&format!("{HOME}{tool}/{record}/")).await;
        assert_eq!(answer.status, 404, "{tool} {record}");
        assert_eq!(heading(&answer.text()), "Page not found");
    }
    for (tool, record, part) in [
        ("absentee", own_rows::BALLOT_REQUEST, "Fax to LEO"),
        ("verifier", own_rows::LOOKUP, "Status on the roll"),
        ("reminder", own_rows::REMINDER, "Agreed to texts of this subscriber"),
        ("pollingplace", own_rows::POLLING_PLACE, "Address as it was typed"),
    ] {
        let text = page(&mut member, &format!("{tool}/{record}/")).await;
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn an_export_is_asked_for_made_and_downloaded() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let create = format!("{HOME}reports/create/");
    let wrong = member.post(&create, &[("type", ""), ("from", "2026-09-03"), ("to", "2026-09-02")]).await;
    assert_eq!(wrong.status, 400);
    let text = wrong.text();
    assert!(
        text.contains("The last day comes before the first one.") && text.contains("id=\"type-error\""),
        "{text}"
    );
    let asked = member.submit(&create, &[("type", "register"), ("from", ""), ("to", "")]).await.text();
    assert!(
        asked.contains("A mail goes to member@example.org") && asked.contains("Waits for its turn"),
        "{asked}"
    );
    let mails = server.mails().await;
    let mail =
        mails.iter().find(|mail| mail.to.address == "member@example.org").expect("a mail to the author");
    assert!(mail.text.contains("/download/"), "{}", mail.text);

    let list = page(&mut member, "reports/").await;
    assert!(list.contains("12,345"), "the export before: {list}");
    let newest = list.split("<tbody>").nth(1).unwrap();
    let href = link(newest, "Download").unwrap();
    let answer = member.get(href).await;
    assert_eq!(answer.status, 303);
    let address = answer.header("location").unwrap().to_owned();
    let path = address.split_once("/download/").map(|(_, rest)| format!("/download/{rest}")).unwrap();
    let opened = member.get(&path).await;
    assert_eq!(opened.status, 302, "{}", opened.text());
    let bytes = opened.header("location").unwrap().to_owned();
    let bytes = bytes.split_once("/files/").map(|(_, rest)| format!("/files/{rest}")).unwrap();
    let file = member.get(&bytes).await;
    assert!(file.header("content-disposition").unwrap().contains("_votenow_register-tool-export_export.csv"));
    let text = file.text();
    assert!(text.starts_with("ID,Subscriber,") && text.contains(",Quill,"), "{text}");
    assert_eq!(text.matches("\r\n").count(), 2, "{text}");

    let mut elsewhere = signed_in(&server, Role::ApiOff).await;
    let id = href.split("/reports/").nth(1).unwrap();
    let refused = elsewhere.get(&format!("/manage/keyless/reports/{id}")).await;
    assert_eq!(refused.status, 404, "it is another subscriber's");
}

#[tokio::test]
async fn an_export_that_failed_is_asked_for_again_and_two_who_press_at_once_have_it_made_once() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    member.submit(&format!("{HOME}reports/create/"), &[("type", "register"), ("from", ""), ("to", "")]).await;
    let newest = PageRequest { after: None, limit: 1 };
    let page_of = server.store.view().await.unwrap().reports().page(Some(own()), newest).await.unwrap();
    let id = page_of.rows[0].id;
    let path = format!("{HOME}reports/{id}/again/");
    let token = member.token(&format!("{HOME}reports/")).await;
    let pending = member.send(&path, &token, &[]).await;
    assert_eq!(pending.status, 303);
    assert!(page(&mut member, "reports/").await.contains("this export has not failed"));
    server.work().await;
    let mut unit = server.store.begin().await.unwrap();
    let mut report = unit.reports_mut().lock(id).await.unwrap().unwrap();
    report.status = ReportStatus::Failed;
    unit.reports_mut().update(&report).await.unwrap();
    unit.commit().await.unwrap();
    let _ = server.mails().await;

    assert!(page(&mut member, "reports/").await.contains("It failed: ask again"));
    // a code signs nobody in twice
    server.clock.advance(chrono::TimeDelta::minutes(1));
    let mut other = signed_in(&server, Role::Member).await;
    let (first, second) =
        (member.token(&format!("{HOME}reports/")).await, other.token(&format!("{HOME}reports/")).await);
    let both = futures_util::join!(member.send(&path, &first, &[]), other.send(&path, &second, &[]));
    assert_eq!((both.0.status.as_u16(), both.1.status.as_u16()), (303, 303));
    let told = [page(&mut member, "reports/").await, page(&mut other, "reports/").await];
    let begun = told.iter().filter(|it| it.contains("is being made once more. A mail goes to ")).count();
    let refused = told.iter().filter(|it| it.contains("this export has not failed")).count();
    assert_eq!((begun, refused), (1, 1), "{told:?}");
    let mails = server.mails().await;
    assert_eq!(mails.iter().filter(|mail| mail.tag == "report.ready").count(), 1);
    let mut elsewhere = signed_in(&server, Role::ApiOff).await;
    let token = elsewhere.token("/manage/keyless/reports/").await;
    let strange = elsewhere.send(&format!("/manage/keyless/reports/{id}/again/"), &token, &[]).await;
    assert_eq!(strange.status, 404, "it is another subscriber's");
}

#[tokio::test]
async fn members_are_invited_and_removed() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let list = page(&mut member, "users/").await;
    assert!(list.contains("Cal League") && list.contains("invited@example.org"), "{list}");
    let create = format!("{HOME}invite/create/");
    let wrong = member.post(&create, &[("email", "nobody")]).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    let invited = member.submit(&create, &[("email", "new@example.org")]).await.text();
    assert!(invited.contains("An invitation is on its way to new@example.org."), "{invited}");
    assert!(server.mails().await.iter().any(|mail| mail.to.address == "new@example.org"));

    let remove = format!("{HOME}users/{}/remove/", own_rows::COLLEAGUE);
    assert_eq!(heading(&member.get(&remove).await.text()), "Remove Cal League (colleague@example.org)?");
    let removed = member.submit(&remove, &[]).await.text();
    assert!(removed.contains("was removed from the team"), "{removed}");
    let id = UserId::parse(own_rows::COLLEAGUE).unwrap();
    let mut view = server.store.view().await.unwrap();
    assert!(!view.accounts().is_member(id, own()).await.unwrap());
    assert_eq!(view.accounts().by_id(id).await.unwrap().unwrap().active_subscriber, None);
    drop(view);
    let oneself = format!("{HOME}users/{}/remove/", Role::Member.id());
    assert_eq!(member.get(&oneself).await.status, 404);

    let withdraw = format!("{HOME}invite/{}/remove/", own_rows::INVITE);
    assert!(member.get(&withdraw).await.text().contains("Withdraw the invitation to invited@example.org?"));
    let list = member.submit(&withdraw, &[]).await.text();
    assert!(list.contains("The invitation was withdrawn."), "{list}");
    assert!(!page(&mut member, "users/").await.contains("invited@example.org"));
}

#[tokio::test]
async fn an_invitation_is_sent_again_with_another_link() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let again = format!("{HOME}invite/{}/again/", own_rows::INVITE);
    let token = member.token(&format!("{HOME}users/")).await;
    let answer = member.send(&again, &token, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(server.mails().await.iter().any(|mail| mail.to.address == "invited@example.org"));
}

#[tokio::test]
async fn the_secret_of_a_key_is_shown_once_and_a_key_is_ended_after_a_question() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let create = format!("{HOME}keys/create/");
    assert_eq!(member.post(&create, &[("description", "")]).await.status, 400);
    let made = member.post(&create, &[("description", "a <b>program</b>")]).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let text = made.text();
    let is_secret = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let secret = text.split(['<', '>']).find(is_secret).expect("a secret").to_owned();
    let list = page(&mut member, "keys/").await;
    assert!(list.contains("a &#60;b&#62;program") && !list.contains(&secret), "{list}");
    assert!(list.contains("the nightly import"), "{list}");

    let end = format!("{HOME}keys/{}/deactivate/", own_rows::KEY);
    assert_eq!(heading(&member.get(&end).await.text()), "Deactivate “the nightly import”?");
    let ended = member.submit(&end, &[]).await.text();
    assert!(ended.contains("The key was deactivated.") && ended.contains("Deactivated keys"), "{ended}");
    assert_eq!(member.get(&end).await.status, 404, "it is ended");
    let id = ApiKeyId::parse(own_rows::KEY).unwrap();
    let key = server.store.view().await.unwrap().api_keys().by_id(id).await.unwrap().unwrap();
    assert_eq!(key.deactivated_by, Some(Role::Member.id()));
}

#[tokio::test]
async fn settings_are_saved_and_a_key_is_never_shown() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let path = format!("{HOME}settings/");
    let base = [("name", "New name"), ("url", "https://votenow.example"), ("sms_mode", "box_checked")];
    let synced = [&base[..], &[("sync_actionnetwork", "true"), ("actionnetwork_key", "an-own-key")]].concat();
    let saved = member.submit(&path, &synced).await.text();
    assert!(saved.contains("Saved.") && saved.contains("value=\"New name\""), "{saved}");
    assert!(saved.contains(&"_".repeat(32)) && !saved.contains("an-own-key"), "{saved}");
    let own = subscriber(&server).await;
    assert_eq!((own.name.as_str(), own.sms_mode()), ("New name", SmsMode::BoxChecked));

    let wrong = [
        ("name", ""),
        ("url", "nonsense"),
        ("sms_mode", "box_checked"),
        ("actionnetwork_key", "another-key"),
    ];
    let answer = member.post(&path, &wrong).await;
    assert_eq!(answer.status, 400);
    let text = answer.text();
    for field in ["name", "url", "sync_actionnetwork"] {
        assert!(text.contains(&format!("id=\"{field}-error\"")), "{field}: {text}");
    }
    assert!(text.contains("value=\"nonsense\"") && !text.contains("another-key"), "{text}");
    assert_eq!(subscriber(&server).await.name, "New name");

    let mut free = signed_in(&server, Role::DataOff).await;
    let text = free.get("/manage/frugal/settings/").await.text();
    assert!(text.contains("name=\"privacy_policy\"") && !text.contains("sms_mode"), "{text}");
    let saved =
        free.submit("/manage/frugal/settings/", &[("name", "Frugal"), ("url", "https://f.example")]).await;
    assert!(saved.text().contains("Saved."), "{}", saved.text());
}

#[tokio::test]
async fn whom_we_speak_with_is_changed_and_the_plan_is_shown() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let path = format!("{HOME}subscription/");
    assert!(page(&mut member, "subscription/").await.contains("Premium"));
    let wrong =
        member.post(&path, &[("primary_contact_email", "nobody"), ("primary_contact_phone", "12")]).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("id=\"primary_contact_email-error\""), "{}", wrong.text());
    let sent =
        [("primary_contact_first_name", "Zoë"), ("primary_contact_phone", "617-555-7890"), ("plan", "free")];
    let saved = member.submit(&path, &sent).await.text();
    assert!(saved.contains("value=\"Zoë\"") && saved.contains("value=\"(617) 555-7890\""), "{saved}");
    let kept =
        server.store.view().await.unwrap().subscriptions().by_subscriber(own()).await.unwrap().unwrap();
    assert_eq!(kept.contact.last_name, None);
    assert!(saved.contains("Premium"), "the plan is not theirs to change: {saved}");
}

#[tokio::test]
async fn tools_are_put_into_own_pages_by_links_and_frames() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let text = page(&mut member, "embed/").await;
    let www = &server.app.settings.origins.www;
    for path in [
        "register-to-vote",
        "am-i-registered-to-vote",
        "vote-by-mail",
        "where-to-vote",
        "local-election-offices",
    ] {
        assert!(text.contains(&format!("href=\"{www}/{path}/?subscriber=votenow\"")), "{path}: {text}");
    }
    // of these alone it is this server that has the page, whatever there is beside it
    let reminders = format!("{}/election-reminders/?subscriber=votenow", server.app.settings.origins.primary);
    assert!(text.contains(&format!("href=\"{reminders}\"")), "{text}");
    assert!(text.contains(&format!("&#60;iframe src=&#34;{reminders}&#34;")), "{text}");
    assert!(text.contains(&format!("&#60;a href=&#34;{reminders}&#34;")), "{text}");
    assert!(text.contains("Vote by mail (absentee ballot)") && text.contains("are one tool, with one page"));
    assert!(text.contains("&#60;iframe src=") && text.contains("sandbox=\"allow-forms\""), "{text}");
    for path in ["/", "/election-reminders/"] {
        let frame = format!("<iframe class=\"preview\" src=\"{path}?subscriber=votenow\"");
        assert!(text.contains(&frame), "{text}");
    }
}

/// Who may have a frame with that page in it.
async fn frame_ancestors(server: &TestServer, path: &str) -> String {
    let answer = server.ask("GET", path).header("accept", "text/html").send().await;
    assert_eq!(answer.status, 200, "{path}");
    let policy = answer.header("content-security-policy").unwrap();
    policy.split("frame-ancestors ").nth(1).unwrap().to_owned()
}

/// The subscriber's home page becomes this one.
async fn put_home_page(server: &TestServer, url: &str) {
    let mut unit = server.store.begin().await.unwrap();
    let mut own = unit.subscribers_mut().lock(own()).await.unwrap().unwrap();
    own.url = url.into();
    unit.subscribers_mut().update(&own).await.unwrap();
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn a_page_with_a_tool_is_framed_by_us_and_by_the_subscribers_own_site_alone() {
    let server = site().await;
    put_home_page(&server, "https://votenow.example/about").await;
    let allowed = "'self' https://votenow.example https://www.votenow.example";
    for path in [
        "/?subscriber=votenow",
        "/register/OH/?subscriber=votenow&lang=es",
        "/election-reminders/?subscriber=votenow",
        "/election-reminders/thanks/?subscriber=votenow&lang=es",
    ] {
        assert_eq!(frame_ancestors(&server, path).await, allowed, "{path}");
    }
    for path in ["/", "/?subscriber=nobody-has-this", "/register/OH/", "/election-reminders/"] {
        assert_eq!(frame_ancestors(&server, path).await, "'none'", "{path}");
    }
}

#[tokio::test]
async fn the_book_that_stands_beside_us_frames_the_pages_of_subscribers_too() {
    let book = "http://localhost:9003";
    let server = site_with(|setup| setup.settings.origins.book = Some(book.into())).await;
    put_home_page(&server, "https://votenow.example").await;
    let allowed = format!("'self' https://votenow.example https://www.votenow.example {book}");
    for path in ["/?subscriber=votenow", "/register/OH/?subscriber=votenow"] {
        assert_eq!(frame_ancestors(&server, path).await, allowed, "{path}");
    }
    put_home_page(&server, "").await;
    let without_a_site = frame_ancestors(&server, "/?subscriber=votenow").await;
    assert_eq!(without_a_site, format!("'self' {book}"));
    for path in ["/", "/?subscriber=nobody-has-this", "/register/OH/"] {
        assert_eq!(frame_ancestors(&server, path).await, "'none'", "{path}");
    }
}
