//! Forms are taken from those who were given them, from pages of ours, and from nobody else.

use turnout_core::ports::store::Store as _;

use super::{
    browser::{Browser, heading},
    site::{PASSWORD, Role, signed_in, site},
};
use crate::support::TestServer;

const PROFILE: &str = "/manage/profile/update_profile/";
const NEW: [(&str, &str); 3] = [("first_name", "Zoë"), ("last_name", "Lee"), ("time_zone", "US/Hawaii")];

async fn name(server: &TestServer) -> String {
    let mut view = server.store.view().await.unwrap();
    view.accounts().by_id(Role::Member.id()).await.unwrap().unwrap().first_name
}

#[tokio::test]
async fn a_form_is_taken_from_the_one_it_was_given_to() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let mut other = signed_in(&server, Role::Stranger).await;
    let (mine, theirs) = (member.token(PROFILE).await, other.token(PROFILE).await);
    let mut anonymous = Browser::new(&server);
    let nobodys = anonymous.token("/manage/login/").await;
    let cut = mine[..mine.len() - 4].to_owned();
    for wrong in [theirs.as_str(), nobodys.as_str(), cut.as_str(), "", "AAAA"] {
        let answer = member.send(PROFILE, wrong, &NEW).await;
        assert_eq!(
            (answer.status.as_u16(), heading(&answer.text())),
            (403, "This form cannot be used any more")
        );
        assert_eq!(name(&server).await, "Member");
    }
    let answer = member.send(PROFILE, &mine, &NEW).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(PROFILE)));
    assert_eq!(name(&server).await, "Zoë");
    let page = member.get(PROFILE).await.text();
    assert!(page.contains("Saved.") && page.contains("Zoë Lee"), "{page}");
    assert!(!member.get(PROFILE).await.text().contains("Saved."), "it is said once");
}

#[tokio::test]
async fn the_token_of_a_form_looks_different_on_every_page() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    assert_ne!(member.token(PROFILE).await, member.token(PROFILE).await);
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused_though_its_token_fits() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let token = member.token(PROFILE).await;
    let cookie = format!("turnout_session={}", member.cookie("turnout_session"));
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    let body = body.extend_pairs(NEW).append_pair("csrf", &token).finish();
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let ask = server.ask("POST", PROFILE).header("cookie", &cookie).header(header, value);
        assert_eq!(ask.form(&body).send().await.status, 403, "{header}");
    }
    assert_eq!(name(&server).await, "Member");
}

#[tokio::test]
async fn a_password_is_asked_for_by_our_own_page_alone() {
    let server = site().await;
    let mut browser = Browser::new(&server);
    let email = Role::Member.email();
    let sent = [("step", "password"), ("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.send("/manage/login/", "AAAA", &sent).await.status, 403);
    assert_eq!(browser.cookie("turnout_session"), "");
}

#[tokio::test]
async fn a_body_that_is_no_form_is_one_without_a_token() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    for (kind, body) in
        [("application/json", "{\"csrf\": 1}"), ("text/plain", "csrf=AAAA"), ("image/png", "x")]
    {
        assert_eq!(member.send_body(PROFILE, kind, body).await.status, 403, "{kind}");
    }
    let broken = member.send_body(PROFILE, "multipart/form-data; boundary=x", "no parts").await;
    assert_eq!(broken.status, 400);
}
