//! Second factors: an app, telephones, codes on paper.

use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    account::{Authenticator, PhoneFactor, SessionStage},
    ids::PhoneFactorId,
    person::Phone,
    ports::{
        clock::Clock as _,
        store::{Store as _, Unit},
    },
};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    site::{PASSWORD, Role, code, signed_in, site, site_with, stage},
};
use crate::support::TestServer;

const PAGE: &str = "/account/two_factor/";
const APP: &str = "/account/two_factor/setup/app/";
const PHONE: &str = "/account/two_factor/setup/phone/";
const PROFILE: &str = "/manage/profile/update_profile/";
const TOKENS: &str = "/account/two_factor/backup/tokens/";

/// The bytes of a secret as a page shows it, base32 in groups (RFC 4648).
fn secret(page: &str) -> Vec<u8> {
    let text = page.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.chars().filter(|it| !it.is_whitespace()) {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
        bits = bits << 5 | u32::try_from(value).unwrap();
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}

/// The codes on paper that a page shows.
fn printed(page: &str) -> Vec<String> {
    let code = page.split("<pre").nth(1).unwrap().split("<code>").nth(1).unwrap();
    code.split("</code>").next().unwrap().lines().map(str::to_owned).collect()
}

async fn second_step(server: &TestServer, role: Role, code: &str) -> u16 {
    let mut browser = Browser::new(server);
    let email = role.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.post("/manage/login/", &sent).await.status, 303);
    browser.post("/manage/login/", &[("step", "code"), ("code", code)]).await.status.as_u16()
}

#[tokio::test]
async fn an_app_is_set_up_with_a_picture_and_opens_the_site() {
    let server = site().await;
    let mut person = signed_in(&server, Role::NoSecondFactor).await;
    let other = signed_in(&server, Role::NoSecondFactor).await;
    assert_eq!(person.get("/manage/").await.header("location"), Some(PAGE));
    assert_eq!(heading(&person.get(PAGE).await.text()), "Set up the second step");
    assert_eq!(
        person.get(APP).await.header("location"),
        Some("/account/two_factor/setup/"),
        "nothing was begun"
    );

    assert_eq!(person.post(APP, &[("step", "begin")]).await.header("location"), Some(APP));
    let page = person.get(APP).await.text();
    let picture = page.split("<div class=\"qr\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(
        picture.contains("<svg") && !picture.contains("<?xml") && !picture.contains("style"),
        "{picture}"
    );
    let secret = secret(&page);
    assert_eq!(secret.len(), 20);
    assert_eq!(
        person.get(APP).await.text().matches("<svg").count(),
        1,
        "it is the same one until it is confirmed"
    );

    let wrong = person.post(APP, &[("code", "000")]).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("<svg"), "the picture stays");
    let before = person.cookie("turnout_session").to_owned();
    let now = code(&secret, server.clock.now());
    let done = person.post(APP, &[("code", &now)]).await;
    assert_eq!(done.status, 200);
    let page = done.text();
    assert_eq!(heading(&page), "Your app is set up");
    let codes = printed(&page);
    assert_eq!(codes.len(), 10);
    assert_ne!(person.cookie("turnout_session"), before, "the token is another one");
    assert!(page.contains("href=\"/manage/votenow/\""), "the menu is there now");

    // a form of the page with the codes is taken
    let token = super::browser::value_of(&page, "csrf").unwrap();
    let path = "/manage/profile/update_profile/";
    let sent = [("first_name", "A"), ("last_name", "B"), ("time_zone", "UTC")];
    assert_eq!(person.send(path, &token, &sent).await.header("location"), Some(path));
    assert_eq!(person.get("/manage/").await.header("location"), Some("/manage/votenow/"));
    let mut other = other;
    assert!(
        other.get(PAGE).await.header("location").unwrap().starts_with("/manage/login/"),
        "others have ended"
    );

    assert_eq!(second_step(&server, Role::NoSecondFactor, &now).await, 400, "it was used");
    server.clock.advance(TimeDelta::seconds(30));
    let next = code(&secret, server.clock.now());
    assert_eq!(second_step(&server, Role::NoSecondFactor, &next).await, 303);
    assert_eq!(
        second_step(&server, Role::NoSecondFactor, &codes[3]).await,
        303,
        "a printed code does it too"
    );
    assert_eq!(second_step(&server, Role::NoSecondFactor, &codes[3]).await, 400, "once");
    let page = person.get(TOKENS).await.text();
    assert!(page.contains("You have 9 left."), "{page}");
    assert!(codes.iter().all(|code| !page.contains(code.as_str())), "they are shown once");
}

#[tokio::test]
async fn who_has_a_factor_changes_none_before_a_code_was_shown() {
    let server = site().await;
    let mut half = signed_in(&server, Role::HalfWay).await;
    for path in [PAGE, APP, PHONE, TOKENS, "/account/two_factor/disable/"] {
        assert!(half.get(path).await.header("location").unwrap().starts_with("/manage/login/"), "{path}");
    }
}

#[tokio::test]
async fn printing_anew_voids_what_was_printed_before() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let first = printed(&member.post(TOKENS, &[]).await.text());
    let second = printed(&member.post(TOKENS, &[]).await.text());
    assert!(first.iter().all(|code| !second.contains(code)));
    assert_eq!(second_step(&server, Role::Member, &first[0]).await, 400);
    assert_eq!(second_step(&server, Role::Member, &second[0]).await, 303);
    let mut browser = signed_in(&server, Role::HalfWay).await;
    let page = browser.get("/manage/login/").await.text();
    assert!(!page.contains("recovery code"), "who has none is not asked for one: {page}");
}

/// A server that texts codes.
async fn texting() -> TestServer {
    site_with(|setup| setup.settings.account.code_number = Phone::parse("+12025550100")).await
}

/// The code of the only text that was sent.
async fn texted(server: &TestServer, to: &str) -> String {
    server.mails().await;
    let texts = server.texts.take();
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].to.to_string(), to);
    let digits = texts[0].text.split(|it: char| !it.is_ascii_digit()).find(|it| it.len() == 6);
    digits.unwrap_or_else(|| panic!("{}", texts[0].text)).to_owned()
}

#[tokio::test]
async fn a_telephone_is_set_up_by_the_code_that_was_texted_to_it() {
    let server = texting().await;
    let mut person = signed_in(&server, Role::NoSecondFactor).await;
    assert!(person.get(PAGE).await.text().contains("A text message"));
    assert_eq!(person.post(PHONE, &[("number", "12")]).await.status, 400);
    let begun = person.post(PHONE, &[("number", "(202) 555-0142")]).await;
    let path = begun.header("location").unwrap().to_owned();
    assert!(path.starts_with(PHONE), "{path}");
    let page = person.get(&path).await.text();
    assert!(page.contains("+1202*****42") && !page.contains("5550142"), "{page}");
    let code = texted(&server, "+12025550142").await;
    assert_eq!(person.post(&path, &[("code", "1")]).await.status, 400);
    let done = person.post(&path, &[("code", &code)]).await;
    assert_eq!((done.status.as_u16(), heading(&done.text())), (200, "Your phone is set up"));
    assert_eq!(person.get("/manage/").await.header("location"), Some("/manage/votenow/"));
    assert_eq!(person.get(&path).await.status, 404, "it waits for no code any more");

    // signing in: the code is texted without being asked for
    server.clock.advance(TimeDelta::minutes(5));
    let mut browser = signed_in(&server, Role::Anonymous).await;
    let email = Role::NoSecondFactor.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.post("/manage/login/", &sent).await.status, 303);
    let first = texted(&server, "+12025550142").await;
    let page = browser.get("/manage/login/").await.text();
    assert!(page.contains("Text a code to +1202*****42"), "{page}");
    assert!(page.contains("Use a recovery code instead"), "{page}");
    server.clock.advance(TimeDelta::minutes(2));
    let phone = super::browser::value_of(&page, "phone").unwrap();
    let again = browser.post("/manage/login/", &[("step", "text"), ("phone", &phone)]).await;
    assert_eq!(again.status, 303);
    let second = texted(&server, "+12025550142").await;
    assert_ne!(first, second);
    let answer = browser.post("/manage/login/", &[("step", "code"), ("code", &second)]).await;
    assert_eq!(answer.header("location"), Some("/manage/"));
    assert_eq!(stage(&server, Role::NoSecondFactor).await, Some(SessionStage::Verified));
}

#[tokio::test]
async fn nobody_has_codes_texted_to_the_telephone_of_somebody_else() {
    let server = texting().await;
    let mut member = signed_in(&server, Role::Member).await;
    let begun =
        member.post("/account/two_factor/backup/phone/register/", &[("number", "202-555-0142")]).await;
    let path = begun.header("location").unwrap().to_owned();
    let id = path.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
    texted(&server, "+12025550142").await;
    let mut half = signed_in(&server, Role::HalfWay).await;
    assert_eq!(half.post("/manage/login/", &[("step", "text"), ("phone", &id)]).await.status, 404);
    let mut other = signed_in(&server, Role::Stranger).await;
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(other.post(&path, &[("step", "text")]).await.status, 404);
    assert_eq!(other.post(&path, &[("code", "123456")]).await.status, 404);
    let remove = format!("/account/two_factor/backup/phone/unregister/{id}/");
    for browser in [&mut other, &mut member] {
        assert_eq!(browser.get(&remove).await.status, 404, "it does not count yet, or is another one's");
    }
    assert!(PhoneFactorId::parse(&id).is_some());
}

#[tokio::test]
async fn the_last_factor_stays_and_others_can_be_removed() {
    let server = texting().await;
    let mut member = signed_in(&server, Role::Member).await;
    let remove = "/account/two_factor/setup/app/remove/";
    let told = member.submit(remove, &[]).await.text();
    assert!(told.contains("Nothing was removed"), "{told}");

    let begun =
        member.post("/account/two_factor/backup/phone/register/", &[("number", "202-555-0142")]).await;
    let path = begun.header("location").unwrap().to_owned();
    let code = texted(&server, "+12025550142").await;
    let page = member.post(&path, &[("code", &code)]).await.text();
    assert_eq!(heading(&page), "Your phone is set up", "{page}");
    let list = member.get(PAGE).await.text();
    assert!(list.contains("Authenticator app") && list.contains("+1202*****42"), "{list}");
    let unregister = list.split("/backup/phone/unregister/").nth(1).unwrap().split('"').next().unwrap();
    let unregister = format!("/account/two_factor/backup/phone/unregister/{unregister}");
    assert_eq!(member.get(&unregister).await.status, 200);
    assert!(member.submit(&unregister, &[]).await.text().contains("The phone was removed."));
    assert!(!member.get(PAGE).await.text().contains("+1202*****42"));
    assert_eq!(member.post(&unregister, &[]).await.status, 404);
}

#[tokio::test]
async fn where_no_codes_are_texted_no_telephone_is_asked_for() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    assert!(!member.get(PAGE).await.text().contains("phone/register"));
    assert_eq!(member.get(PHONE).await.status, 404);
    assert_eq!(member.post(PHONE, &[("number", "202-555-0142")]).await.status, 404);
}

#[tokio::test]
async fn turning_it_off_takes_the_password_and_closes_the_site_until_there_is_another_factor() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let path = "/account/two_factor/disable/";
    assert_eq!(member.post(path, &[("password", "wrong")]).await.status, 400);
    assert_eq!(member.post(path, &[("password", PASSWORD)]).await.header("location"), Some(PAGE));
    assert_eq!(heading(&member.get(PAGE).await.text()), "Set up the second step");
    assert_eq!(member.get("/manage/profile/sessions/").await.header("location"), Some(PAGE));
    let mut view = server.store.view().await.unwrap();
    assert!(view.accounts().authenticators(Role::Member.id()).await.unwrap().is_empty());
}

/// Puts a telephone that counts.
async fn with_phone(unit: &mut dyn Unit, role: Role, now: DateTime<Utc>) {
    let phone = PhoneFactor {
        id: PhoneFactorId(Uuid::from_u128(role.id().0.as_u128() + 3000)),
        user: role.id(),
        number: Phone::parse("+12025550142").unwrap(),
        secret: vec![9; 20],
        is_backup: false,
        confirmed_at: Some(now),
        last_step: 0,
        removed_at: None,
        created_at: now,
    };
    unit.accounts_mut().insert_phone(&phone).await.unwrap();
}

#[tokio::test]
async fn who_has_nothing_but_a_telephone_is_told_what_to_do_while_nobody_is_texted() {
    let server = site().await;
    let codes = printed(&signed_in(&server, Role::Member).await.post(TOKENS, &[]).await.text());
    let now = server.clock.now();
    let mut unit = server.store.begin().await.unwrap();
    for role in [Role::NoSecondFactor, Role::Member, Role::HalfWay] {
        with_phone(unit.as_mut(), role, now).await;
    }
    for app in unit.accounts_mut().authenticators(Role::Member.id()).await.unwrap() {
        let lost = Authenticator { removed_at: Some(now), ..app };
        unit.accounts_mut().update_authenticator(&lost).await.unwrap();
    }
    unit.commit().await.unwrap();

    let mut stuck = signed_in(&server, Role::NoSecondFactor).await;
    let page = stuck.get("/manage/login/").await.text();
    assert!(page.contains("codes are not texted at present"), "{page}");
    assert!(page.contains("ask whoever looks after this site"), "{page}");
    assert!(!page.contains("id=\"code\"") && page.contains("Sign in as somebody else"), "{page}");
    assert!(server.texts.take().is_empty());

    let mut member = Browser::new(&server);
    let email = Role::Member.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(member.post("/manage/login/", &sent).await.status, 303);
    let page = member.get("/manage/login/").await.text();
    assert!(page.contains("Use one of the recovery codes that you printed"), "{page}");
    assert!(page.contains("id=\"code\"") && !page.contains("Use a code of your phone"), "{page}");
    let answer = member.post("/manage/login/", &[("step", "code"), ("code", &codes[0])]).await;
    assert_eq!(answer.header("location"), Some(PAGE), "there an app is set up");
    for path in [PAGE, PROFILE] {
        let page = member.get(path).await.text();
        assert!(page.contains("so your phone does not let you in") && page.contains("9 are left"), "{page}");
        assert!(page.contains("href=\"/account/two_factor/setup/\""), "{page}");
    }
    let page = member.get(PAGE).await.text();
    assert!(page.contains("Phone +1202*****42, off: codes are not texted at present"), "{page}");
    assert!(!page.contains("a code of one of these") && !page.contains("phone/register"), "{page}");

    // with an app it is as it has to be; and the app stays, as the phone would not let anybody in
    assert_eq!(member.post(APP, &[("step", "begin")]).await.header("location"), Some(APP));
    let shown = code(&secret(&member.get(APP).await.text()), server.clock.now());
    assert_eq!(member.post(APP, &[("code", &shown)]).await.header("location"), Some(PAGE));
    for (path, title) in [(PAGE, "Two-factor authentication"), (PROFILE, "Name and time zone")] {
        let page = member.get(path).await.text();
        assert_eq!(heading(&page), title, "still signed in");
        assert!(!page.contains("does not let you in"), "{page}");
    }
    assert!(member.get(PAGE).await.text().contains("Phone +1202*****42, off"));
    let told = member.submit("/account/two_factor/setup/app/remove/", &[]).await.text();
    assert!(told.contains("Nothing was removed"), "{told}");

    let mut with_app = signed_in(&server, Role::HalfWay).await;
    let page = with_app.get("/manage/login/").await.text();
    assert!(page.contains("Open the authenticator app") && !page.contains("not texted"), "{page}");
}
