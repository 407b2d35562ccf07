//! One's own name, password, organizations and sessions.

use turnout_core::{
    account::{SessionStage, UserZone},
    ports::{clock::Clock as _, store::Store as _},
};

use super::{
    browser::{Browser, heading},
    site::{OTHER, OWN, PASSWORD, Role, code, signed_in, site, stage},
};
use crate::support::TestServer;

const NEW: &str = "seven wild geese went north";

async fn user(server: &TestServer, role: Role) -> turnout_core::account::User {
    server.store.view().await.unwrap().accounts().by_id(role.id()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_name_and_a_clock_are_saved_and_mistakes_are_told_all_at_once() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let path = "/manage/profile/update_profile/";
    let long = "x".repeat(300);
    let wrong = member.post(path, &[("first_name", ""), ("last_name", &long), ("time_zone", "Mars")]).await;
    assert_eq!(wrong.status, 400);
    let page = wrong.text();
    for id in ["last_name", "time_zone"] {
        assert!(page.contains(&format!("<a href=\"#{id}\">")), "{id} is not told: {page}");
        assert!(page.contains(&format!("aria-describedby=\"{id}")), "{id} does not name its mistake");
    }
    assert!(page.contains("<title>Error: Name and time zone"), "{page}");
    let sent = [("first_name", " Zoë "), ("last_name", "<b>"), ("time_zone", "US/Hawaii")];
    assert_eq!(member.post(path, &sent).await.header("location"), Some(path));
    let saved = user(&server, Role::Member).await;
    assert_eq!((saved.first_name.as_str(), saved.last_name.as_str()), ("Zoë", "<b>"));
    assert_eq!(saved.time_zone, UserZone::Hawaii);
    let page = member.get("/manage/profile/sessions/").await.text();
    assert!(
        page.contains("2:00 AM HST") && page.contains("Zoë &#60;b&#62;") && !page.contains("<b>"),
        "{page}"
    );
}

/// The page of the Django service said so and did not (quirk Q12).
#[tokio::test]
async fn a_changed_password_is_saved_and_ends_the_other_sessions() {
    let server = site().await;
    let path = "/manage/profile/change_password/";
    let mut elsewhere = signed_in(&server, Role::Member).await;
    server.clock.advance(chrono::TimeDelta::seconds(30));
    let mut member = signed_in(&server, Role::Member).await;
    for (old, new, again) in
        [("wrong", NEW, NEW), (PASSWORD, NEW, "another one here"), (PASSWORD, "12345678", "12345678")]
    {
        let sent = [("old_password", old), ("password", new), ("password_again", again)];
        let answer = member.post(path, &sent).await;
        assert_eq!(answer.status, 400, "{old} {new} {again}");
        let page = answer.text();
        for secret in [old, new, again] {
            assert!(!page.contains(&format!("value=\"{secret}\"")), "{secret} is shown again");
        }
    }
    let sent = [("old_password", PASSWORD), ("password", NEW), ("password_again", NEW)];
    assert_eq!(member.post(path, &sent).await.header("location"), Some(path));
    assert!(member.get(path).await.text().contains("Your password was changed."));
    assert!(elsewhere.get(path).await.header("location").unwrap().starts_with("/manage/login/"));

    let mut browser = Browser::new(&server);
    let email = Role::Member.email();
    for (password, status) in [(PASSWORD, 400), (NEW, 303)] {
        let sent = [("step", "password"), ("email", email.as_str()), ("password", password)];
        assert_eq!(browser.post("/manage/login/", &sent).await.status, status, "{password}");
    }
}

#[tokio::test]
async fn who_belongs_to_several_chooses_among_its_own() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let path = "/manage/profile/change_subscriber/";
    let id = |number: u128| uuid::Uuid::from_u128(number).to_string();
    let page = member.get(path).await.text();
    assert!(page.contains("The votenow campaign") && !page.contains("elsewhere"), "{page}");
    for other in [id(OTHER), "nonsense".to_owned(), String::new()] {
        assert_eq!(member.post(path, &[("subscriber", &other)]).await.status, 404, "{other}");
    }

    let mut unit = server.store.begin().await.unwrap();
    let association = turnout_core::account::Association {
        id: turnout_core::ids::AssociationId(uuid::Uuid::from_u128(9)),
        subscriber: turnout_core::ids::SubscriberId(uuid::Uuid::from_u128(OTHER)),
        user: Role::Member.id(),
        created_at: user(&server, Role::Member).await.created_at,
    };
    unit.accounts_mut().associate(&association).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(member.get("/manage/elsewhere/users/").await.status, 404, "not active yet");
    let answer = member.post(path, &[("subscriber", &id(OTHER))]).await;
    assert_eq!(answer.header("location"), Some("/manage/"));
    assert_eq!(member.get("/manage/").await.header("location"), Some("/manage/elsewhere/"));
    assert_eq!(member.get("/manage/votenow/users/").await.status, 404, "not active any more");

    let mut admin = signed_in(&server, Role::SubscriberAdmin).await;
    let page = admin.get(path).await.text();
    for name in ["votenow", "elsewhere", "frugal", "keyless"] {
        assert!(page.contains(&format!("The {name} campaign")), "{name}");
    }
    assert_eq!(admin.post(path, &[("subscriber", &id(OWN))]).await.status, 303);
}

#[tokio::test]
async fn who_works_for_nobody_is_told_so() {
    let server = site().await;
    let mut nobody = signed_in(&server, Role::ElectionAdmin).await;
    let page = nobody.open("/manage/").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("No organization is open to you"), "{}", page.text());
}

#[tokio::test]
async fn sessions_are_listed_and_ended_from_afar() {
    let server = site().await;
    let path = "/manage/profile/sessions/";
    let mut first = signed_in(&server, Role::Member).await;
    let mut others = signed_in(&server, Role::Superuser).await;
    server.clock.advance(chrono::TimeDelta::seconds(30));
    let mut second = signed_in(&server, Role::Member).await;
    let mut half = Browser::new(&server);
    let email = Role::Member.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(half.post("/manage/login/", &sent).await.status, 303);

    let page = second.get(path).await.text();
    assert_eq!(page.matches("<th scope=\"row\">").count(), 2, "who is half way in is not: {page}");
    let end = page.split("action=\"/manage/profile/sessions/").find(|it| it.contains("/end/\"")).unwrap();
    let end = format!("{path}{}", end.split('"').next().unwrap());
    assert_eq!(others.post(&end, &[]).await.status, 404, "another one's session is not there");
    assert_eq!(second.post(&end, &[]).await.header("location"), Some(path));
    assert!(first.get(path).await.header("location").unwrap().starts_with("/manage/login/"));
    assert_eq!(second.post(&end, &[]).await.status, 404, "it has ended");

    server.clock.advance(chrono::TimeDelta::seconds(30));
    let mut third = signed_in(&server, Role::Member).await;
    assert_eq!(second.post(path, &[]).await.header("location"), Some(path));
    assert!(third.get(path).await.header("location").unwrap().starts_with("/manage/login/"));
    assert_eq!(second.get(path).await.status, 200);
    assert_eq!(stage(&server, Role::Superuser).await, Some(SessionStage::Verified));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_that_is_good_once() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let mut browser = Browser::new(&server);
    let reset = "/manage/password_reset/";
    let mut bodies = Vec::new();
    for email in ["nobody@example.org", "MEMBER@example.org"] {
        let answer = browser.post(reset, &[("email", email)]).await;
        assert_eq!(answer.header("location"), Some("/manage/password_reset/done/"));
        bodies.push(browser.get("/manage/password_reset/done/").await.text());
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(browser.post(reset, &[("email", "no address")]).await.status, 400);
    let mails = server.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to.address, Role::Member.email());
    let link = mails[0].text.split("/manage/password_reset_confirm/").nth(1).unwrap();
    let link = format!("/manage/password_reset_confirm/{}", link.split_whitespace().next().unwrap());
    assert_eq!(heading(&browser.get(&link).await.text()), "Choose a new password");
    let wrong = browser.post(&link, &[("password", "short"), ("password_again", "short")]).await;
    assert_eq!(wrong.status, 400);
    let done = browser.post(&link, &[("password", NEW), ("password_again", NEW)]).await;
    assert_eq!(done.header("location"), Some("/manage/password_reset_complete/"));
    assert_eq!(browser.get("/manage/password_reset_complete/").await.status, 200);
    assert_eq!(heading(&browser.get(&link).await.text()), "This link cannot be used any more");
    let again = browser.post(&link, &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!(heading(&again.text()), "This link cannot be used any more");
    assert!(
        member.get("/manage/profile/sessions/").await.header("location").is_some(),
        "sessions have ended"
    );

    let email = Role::Member.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", NEW)];
    assert_eq!(browser.post("/manage/login/", &sent).await.status, 303);
    let code = code(&Role::Member.secret(), server.clock.now() + chrono::TimeDelta::seconds(30));
    let answer = browser.post("/manage/login/", &[("step", "code"), ("code", &code)]).await;
    assert_eq!(answer.status, 303, "the second factor is still needed, and still there");
}
