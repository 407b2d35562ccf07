//! Invitations: what the mail leads to.

use chrono::TimeDelta;
use turnout_core::{
    account::SessionStage,
    ids::{SubscriberId, UserId},
    ports::store::Store as _,
};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    site::{OTHER, OWN, Role, signed_in, site},
};
use crate::support::TestServer;

const NEW: &str = "seven wild geese went north";
const EMAIL: &str = "zoe@example.org";
const SENT: [(&str, &str); 5] = [
    ("first_name", "Zoë"),
    ("last_name", "Lee"),
    ("time_zone", "US/Pacific"),
    ("password", NEW),
    ("password_again", NEW),
];

fn subscriber(number: u128) -> SubscriberId {
    SubscriberId(Uuid::from_u128(number))
}

/// Somebody invites, through the pages; where the mail leads.
async fn invited(server: &TestServer, role: Role, slug: &str) -> Option<String> {
    let mut inviter = signed_in(server, role).await;
    let answer = inviter.post(&format!("/manage/{slug}/invite/create/"), &[("email", EMAIL)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let mails = server.mails().await;
    let mail = mails.first()?;
    assert_eq!(mail.to.address, EMAIL);
    let link = mail.text.split("/account/register/").nth(1).unwrap().split_whitespace().next().unwrap();
    Some(format!("/account/register/{link}"))
}

async fn member_of(server: &TestServer, user: UserId) -> Vec<bool> {
    let mut view = server.store.view().await.unwrap();
    let mut is_member = Vec::new();
    for number in [OWN, OTHER] {
        is_member.push(view.accounts().is_member(user, subscriber(number)).await.unwrap());
    }
    is_member
}

#[tokio::test]
async fn an_invitation_makes_an_account_that_is_signed_in_and_needs_a_second_factor() {
    let server = site().await;
    let link = invited(&server, Role::Member, "votenow").await.unwrap();
    let success = format!("{link}success/");
    let mut browser = Browser::new(&server);
    assert_eq!(browser.get(&success).await.status, 404, "not yet");
    let page = browser.get(&link).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "the address is a secret");
    assert!(page.text().contains("The votenow campaign"), "{}", page.text());

    let wrong = browser
        .post(&link, &[("time_zone", "Mars"), ("password", "12345678"), ("password_again", "1")])
        .await;
    assert_eq!(wrong.status, 400);
    for id in ["password_again", "time_zone"] {
        assert!(wrong.text().contains(&format!("<a href=\"#{id}\">")), "{id}: {}", wrong.text());
    }
    let done = browser.post(&link, &SENT).await;
    assert_eq!(done.header("location"), Some(success.as_str()), "{}", done.text());
    let page = browser.get(&success).await.text();
    assert_eq!(heading(&page), "Welcome, Zoë");
    assert!(page.contains(EMAIL), "{page}");
    assert_eq!(browser.get("/manage/").await.header("location"), Some("/account/two_factor/"));

    let mut view = server.store.view().await.unwrap();
    let user = view.accounts().by_email(EMAIL).await.unwrap().unwrap();
    assert!(user.is_staff && user.is_active && !user.is_superuser);
    assert_eq!(user.active_subscriber, Some(subscriber(OWN)));
    let sessions = view.sessions().of_user(user.id).await.unwrap();
    assert_eq!(sessions[0].stage, SessionStage::SignedIn);
    assert_eq!(member_of(&server, user.id).await, [true, false]);

    // used: everybody is told the same, and nobody whose account it is
    let mut later = Browser::new(&server);
    assert_eq!(later.get(&link).await.header("location"), Some(success.as_str()));
    let page = later.get(&success).await.text();
    assert!(heading(&page) == "This invitation was accepted" && !page.contains(EMAIL), "{page}");
    let again = later.post(&link, &SENT).await;
    assert_eq!(again.header("location"), Some(success.as_str()));
    assert_eq!(later.cookie("turnout_session"), "", "nobody is signed in by it");
}

/// Only the subscriber of the accepted invitation was kept before (quirk Q73).
#[tokio::test]
async fn one_invitation_leads_to_every_team_that_invited() {
    let server = site().await;
    let link = invited(&server, Role::Member, "votenow").await.unwrap();
    assert_eq!(invited(&server, Role::Stranger, "elsewhere").await, None, "there is an open one");
    let mut browser = Browser::new(&server);
    assert_eq!(browser.post(&link, &SENT).await.status, 303);
    let mut view = server.store.view().await.unwrap();
    let user = view.accounts().by_email(EMAIL).await.unwrap().unwrap();
    assert_eq!(member_of(&server, user.id).await, [true, true]);
}

#[tokio::test]
async fn an_invitation_that_came_too_late_says_so_and_makes_nothing() {
    let server = site().await;
    let link = invited(&server, Role::Member, "votenow").await.unwrap();
    server.clock.advance(TimeDelta::days(8));
    let mut browser = Browser::new(&server);
    let page = browser.get(&link).await;
    assert_eq!((page.status.as_u16(), heading(&page.text())), (200, "This invitation has expired"));
    assert_eq!(browser.post(&link, &SENT).await.status, 404);
    let mut view = server.store.view().await.unwrap();
    assert!(view.accounts().by_email(EMAIL).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_of_no_invitation_opens_no_page() {
    let server = site().await;
    let link = invited(&server, Role::Member, "votenow").await.unwrap();
    let mut browser = Browser::new(&server);
    let cut = link.trim_end_matches('/');
    for wrong in
        ["/account/register/AAAA/".to_owned(), format!("{}x/", &cut[..cut.len() - 1]), format!("{cut}A/")]
    {
        assert_eq!(browser.get(&wrong).await.status, 404, "{wrong}");
        assert_eq!(browser.post(&wrong, &SENT).await.status, 404, "{wrong}");
    }
}
