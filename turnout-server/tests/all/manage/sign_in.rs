//! The ways in and out.

use chrono::TimeDelta;
use turnout_core::{
    account::{PhoneFactor, SessionStage},
    ids::PhoneFactorId,
    person::Phone,
    ports::{clock::Clock as _, store::Store as _},
    sms::{self, Incoming},
};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    site::{PASSWORD, Role, code, signed_in, site, site_with, stage},
};
use crate::support::TestServer;

const LOGIN: &str = "/manage/login/";

async fn first_step(browser: &mut Browser<'_>, path: &str, role: Role) -> crate::support::Answer {
    let email = role.email();
    browser.post(path, &[("step", "password"), ("email", &email), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn who_was_sent_to_sign_in_comes_back_to_the_page() {
    let server = site().await;
    let mut browser = Browser::new(&server);
    let sent = browser.get("/manage/profile/sessions/?a=1&b=2").await;
    let login = "/manage/login/?next=%2Fmanage%2Fprofile%2Fsessions%2F%3Fa%3D1%26b%3D2";
    assert_eq!(sent.header("location"), Some(login));
    let page = browser.get(login).await.text();
    assert_eq!(heading(&page), "Sign in");
    assert!(page.contains("action=\"/manage/login/?next=%2Fmanage%2Fprofile"), "{page}");

    let first = first_step(&mut browser, login, Role::Member).await;
    assert_eq!((first.status.as_u16(), first.header("location")), (303, Some(login)));
    let half = browser.cookie("turnout_session").to_owned();
    assert_eq!(stage(&server, Role::Member).await, Some(SessionStage::Password));
    let page = browser.get(login).await.text();
    assert_eq!(heading(&page), "Your code");
    assert!(!page.contains("Member Example"), "who has given half only is not greeted");

    let code = code(&Role::Member.secret(), server.clock.now());
    let second = browser.post(login, &[("step", "code"), ("code", &code)]).await;
    assert_eq!(second.header("location"), Some("/manage/profile/sessions/?a=1&b=2"));
    assert_ne!(browser.cookie("turnout_session"), half, "the token is another one from here on");
    assert_eq!(stage(&server, Role::Member).await, Some(SessionStage::Verified));
    assert_eq!(browser.get("/manage/profile/sessions/").await.status, 200);
    assert_eq!(browser.get(LOGIN).await.header("location"), Some("/manage/"));

    let mut thief = Browser::new(&server);
    thief.set_cookie("turnout_session", &half);
    let told = thief.get("/manage/profile/sessions/").await;
    assert!(told.header("location").unwrap().starts_with(LOGIN), "the first step's token opens nothing");
}

#[tokio::test]
async fn nobody_is_led_away_from_the_site() {
    let server = site().await;
    for next in ["https://evil.example/", "//evil.example/manage/", "/manage/../x", "/register/OH/"] {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let mut browser = Browser::new(&server);
        let login = format!("{LOGIN}?next={next}");
        let page = browser.get(&login).await.text();
        assert!(page.contains("action=\"/manage/login/\""), "{page}");
        let first = first_step(&mut browser, &login, Role::NoSecondFactor).await;
        assert_eq!(first.header("location"), Some("/account/two_factor/"), "{next}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_not_said() {
    let server = site().await;
    let mut unit = server.store.begin().await.unwrap();
    let mut closed = unit.accounts_mut().lock(Role::Stranger.id()).await.unwrap().unwrap();
    closed.is_active = false;
    unit.accounts_mut().update(&closed).await.unwrap();
    unit.commit().await.unwrap();
    let mut pages = Vec::new();
    for (email, password) in [
        (Role::Member.email(), "wrong"),
        ("nobody@example.org".to_owned(), PASSWORD),
        (Role::Stranger.email(), PASSWORD),
    ] {
        let mut browser = Browser::new(&server);
        let answer =
            browser.post(LOGIN, &[("step", "password"), ("email", &email), ("password", password)]).await;
        assert_eq!(answer.status, 400);
        assert_eq!(browser.cookie("turnout_session"), "");
        let page = answer.text();
        assert!(
            page.contains(&email) && !page.contains(password),
            "the address is kept, the password is not"
        );
        let mistakes =
            page.split("class=\"mistakes\"").nth(1).unwrap().split("</div>").next().unwrap().to_owned();
        pages.push(mistakes);
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
}

#[tokio::test]
async fn a_code_is_good_once_and_a_wrong_one_never() {
    let server = site().await;
    let mut browser = Browser::new(&server);
    assert_eq!(first_step(&mut browser, LOGIN, Role::Member).await.status, 303);
    let good = code(&Role::Member.secret(), server.clock.now());
    let wrong = if good == "000000" { "000001" } else { "000000" };
    for bad in [wrong, "", "abc", &good[..5]] {
        let answer = browser.post(LOGIN, &[("step", "code"), ("code", bad)]).await;
        assert_eq!(answer.status, 400, "{bad:?}");
        assert_eq!(heading(&answer.text()), "Your code");
    }
    assert_eq!(browser.post(LOGIN, &[("step", "code"), ("code", &good)]).await.status, 303);

    let mut again = Browser::new(&server);
    assert_eq!(first_step(&mut again, LOGIN, Role::Member).await.status, 303);
    assert_eq!(again.post(LOGIN, &[("step", "code"), ("code", &good)]).await.status, 400, "it was used");
    server.clock.advance(TimeDelta::seconds(30));
    let next = code(&Role::Member.secret(), server.clock.now());
    assert_eq!(again.post(LOGIN, &[("step", "code"), ("code", &next)]).await.status, 303);
}

#[tokio::test]
async fn who_begins_again_is_asked_for_the_password() {
    let server = site().await;
    let mut browser = signed_in(&server, Role::HalfWay).await;
    let page = browser.submit(LOGIN, &[("step", "restart")]).await.text();
    assert_eq!(heading(&page), "Sign in");
    assert_eq!(browser.cookie("turnout_session"), "");
    assert_eq!(stage(&server, Role::HalfWay).await, None);
}

#[tokio::test]
async fn a_code_that_comes_late_leads_back_to_the_first_step() {
    let server = site().await;
    let mut browser = signed_in(&server, Role::HalfWay).await;
    let token = browser.token(LOGIN).await;
    server.clock.advance(TimeDelta::minutes(11));
    let code = code(&Role::HalfWay.secret(), server.clock.now());
    let answer = browser.send(LOGIN, &token, &[("step", "code"), ("code", &code)]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(LOGIN)));
    let page = browser.get(LOGIN).await.text();
    assert_eq!(heading(&page), "Sign in");
    assert!(page.contains("Your session has ended"), "{page}");
    assert!(!browser.get(LOGIN).await.text().contains("Your session has ended"), "it is said once");
}

async fn end_of(server: &TestServer, role: Role) -> chrono::DateTime<chrono::Utc> {
    let mut view = server.store.view().await.unwrap();
    view.sessions().of_user(role.id()).await.unwrap()[0].expires
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let server = site().await;
    let mut browser = signed_in(&server, Role::Member).await;
    let token = browser.token("/manage/profile/update_profile/").await;
    let left = end_of(&server, Role::Member).await - server.clock.now();
    server.clock.advance(left - TimeDelta::seconds(1));
    assert_eq!(browser.get("/manage/profile/sessions/").await.status, 200);
    server.clock.advance(TimeDelta::seconds(1));
    let sent = [("first_name", "A"), ("last_name", "B"), ("time_zone", "UTC")];
    let answer = browser.send("/manage/profile/update_profile/", &token, &sent).await;
    let login = "/manage/login/?next=%2Fmanage%2Fprofile%2Fupdate_profile%2F";
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(login)));
    assert_eq!(browser.cookie("turnout_session"), "", "the browser forgets it");
    let page = browser.get(login).await.text();
    assert!(page.contains("Your session has ended. Please sign in again to go on."), "{page}");
    let mut view = server.store.view().await.unwrap();
    let member = view.accounts().by_id(Role::Member.id()).await.unwrap().unwrap();
    assert_eq!(member.first_name, "Member", "nothing was changed");
}

#[tokio::test]
async fn an_account_that_is_closed_has_no_session_any_more() {
    let server = site().await;
    let mut browser = signed_in(&server, Role::Member).await;
    let mut unit = server.store.begin().await.unwrap();
    let mut closed = unit.accounts_mut().lock(Role::Member.id()).await.unwrap().unwrap();
    closed.is_active = false;
    unit.accounts_mut().update(&closed).await.unwrap();
    unit.commit().await.unwrap();
    let answer = browser.get("/manage/profile/sessions/").await;
    assert!(answer.header("location").unwrap().starts_with(LOGIN));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_asks_before_a_link_does_it() {
    let server = site().await;
    let mut browser = signed_in(&server, Role::Member).await;
    let asked = browser.get("/manage/logout/").await;
    assert_eq!((asked.status.as_u16(), heading(&asked.text())), (200, "Sign out?"));
    let token = browser.cookie("turnout_session").to_owned();
    assert_eq!(browser.get("/manage/profile/sessions/").await.status, 200, "a link alone does nothing");
    let page = browser.submit("/manage/logout/", &[]).await.text();
    assert_eq!(heading(&page), "You are signed out");
    assert_eq!(stage(&server, Role::Member).await, None);
    browser.set_cookie("turnout_session", &token);
    let answer = browser.get("/manage/profile/sessions/").await;
    assert!(answer.header("location").unwrap().starts_with(LOGIN), "the token opens nothing any more");
}

#[tokio::test]
async fn the_doors_of_the_old_record_admin_lead_to_the_new_ones() {
    let server = site().await;
    let mut browser = Browser::new(&server);
    for (old, new) in [
        ("/manage/admin/login/", "/manage/login/"),
        ("/manage/admin/login/?next=/manage/admin/", "/manage/login/?next=/manage/admin/"),
        ("/manage/admin/logout/", "/manage/logout/"),
        ("/account/login/", "/manage/login/"),
    ] {
        let answer = browser.get(old).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some(new)));
    }
}

#[tokio::test]
async fn whoever_waits_for_a_code_on_a_telephone_that_wants_no_texts_is_told() {
    let server = site_with(|setup| setup.settings.account.code_number = Phone::parse("+12025550100")).await;
    let phone = PhoneFactor {
        id: PhoneFactorId(Uuid::from_u128(0x51a0)),
        user: Role::NoSecondFactor.id(),
        number: Phone::parse("+12025550142").unwrap(),
        secret: vec![9; 20],
        is_backup: false,
        confirmed_at: Some(server.clock.now()),
        last_step: 0,
        removed_at: None,
        created_at: server.clock.now(),
    };
    let mut unit = server.store.begin().await.unwrap();
    unit.accounts_mut().insert_phone(&phone).await.unwrap();
    unit.commit().await.unwrap();
    let writes = async |text: &str| {
        server.clock.advance(TimeDelta::minutes(1));
        let from = phone.number.e164().to_owned();
        let incoming = Incoming { from, text: Some(text.to_owned()), carrier_id: None, at: None };
        sms::receive(&server.app, incoming).await.unwrap();
    };
    writes("STOP").await;
    let mut browser = Browser::new(&server);
    assert_eq!(first_step(&mut browser, LOGIN, Role::NoSecondFactor).await.status, 303);
    let told = "No code is texted to this phone, as it asked for no more texts. Text START from it to (202) 555-0100";
    let page = browser.get(LOGIN).await.text();
    assert!(page.contains(told), "{page}");
    assert!(!browser.get(LOGIN).await.text().contains(told), "it is said once");
    let id = phone.id.0.to_string();
    assert_eq!(browser.post(LOGIN, &[("step", "text"), ("phone", &id)]).await.status, 303);
    assert!(browser.get(LOGIN).await.text().contains(told), "and whenever a code is asked for");
    server.work().await;
    assert!(server.texts.take().is_empty());

    writes("START").await;
    assert_eq!(browser.post(LOGIN, &[("step", "text"), ("phone", &id)]).await.status, 303);
    assert!(browser.get(LOGIN).await.text().contains("A code is on its way to your phone."));
    server.work().await;
    assert_eq!(server.texts.take().len(), 1);
}
