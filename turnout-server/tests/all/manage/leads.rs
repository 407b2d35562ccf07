//! Leads are made subscribers or declined, and subscribers are changed, through the pages.

use std::collections::BTreeSet;

use turnout_core::{
    ids::InterestId,
    ports::store::Store as _,
    subscriber::{Plan, Subscriber, SubscriberStatus},
    subscription::InterestStatus,
};
use turnout_server::{http::Route, manage::routes::routes};

use super::{
    site::{Role, signed_in, site},
    staff_rows::LEAD,
};
use crate::support::TestServer;

const LEADS: &str = "/manage/subscription/leads/";
const SUBSCRIBERS: &str = "/manage/subscription/subscribers/";

async fn subscriber(server: &TestServer, slug: &str) -> Option<Subscriber> {
    server.store.view().await.unwrap().subscribers().by_slug(slug).await.unwrap()
}

async fn status(server: &TestServer) -> InterestStatus {
    let id = InterestId::parse(LEAD).unwrap();
    server.store.view().await.unwrap().subscriptions().interest(id).await.unwrap().unwrap().status
}

#[tokio::test]
async fn a_lead_becomes_a_subscriber_whose_first_user_is_invited() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let path = format!("{LEADS}{LEAD}/");
    assert!(reviewer.get(LEADS).await.text().contains(&path));
    let page = reviewer.get(&path).await.text();
    assert!(page.contains("Voters of Springfield") && page.contains("12-3456789"), "{page}");
    let activate = format!("{path}activate/");
    let form = reviewer.get(&activate).await.text();
    assert!(
        form.contains("value=\"Voters of Springfield\"") && form.contains("value=\"ada@example.org\""),
        "{form}"
    );
    let base = [("name", "Springfield"), ("url", "https://example.org"), ("email", "first@example.org")];
    let taken = reviewer.post(&activate, &[&base[..], &[("slug", "votenow")]].concat()).await;
    assert_eq!(taken.status, 400);
    assert!(
        taken.text().contains("id=\"slug-error\"") && taken.text().contains("value=\"first@example.org\"")
    );
    let done = reviewer.submit(&activate, &[&base[..], &[("slug", "springfield")]].concat()).await.text();
    assert!(done.contains("Springfield is a subscriber now"), "{done}");
    let made = subscriber(&server, "springfield").await.unwrap();
    assert_eq!((made.plan, made.status), (Plan::Premium, SubscriberStatus::Active));
    assert_eq!(status(&server).await, InterestStatus::Subscribed);
    assert!(!server.work().await.is_empty(), "the first user is written to");
    for part in ["activate/", "reject/"] {
        let again = reviewer.get(&format!("{path}{part}")).await;
        assert_eq!(again.header("location"), Some(path.as_str()), "{part}");
    }
    assert!(reviewer.get(&path).await.text().contains("A subscriber was made of this lead."));
    assert!(!reviewer.get(LEADS).await.text().contains(&path));
    assert!(reviewer.get(&format!("{LEADS}?status=subscribed")).await.text().contains(&path));
}

/// What stands after `/manage/` in the paths of our own pages, where those of a subscriber have its slug.
fn own_words() -> BTreeSet<&'static str> {
    let paths = routes();
    let words =
        paths.iter().map(Route::path).filter_map(|path| path.strip_prefix("/manage/")?.split('/').next());
    words.filter(|word| !word.is_empty() && *word != "{slug}").collect()
}

#[tokio::test]
async fn no_subscriber_is_called_as_a_page_of_our_own() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let activate = format!("{LEADS}{LEAD}/activate/");
    let token = reviewer.token(&activate).await;
    let words = own_words();
    assert!(words.len() > 9 && words.contains("operations"), "{words:?}");
    for word in words {
        assert!(!word.contains('{'), "/manage/{word}/ hides the pages of every subscriber");
        for slug in [word.to_owned(), word.to_uppercase()] {
            let pairs = [
                ("name", "x"),
                ("url", "https://x.example"),
                ("email", "x@example.org"),
                ("slug", slug.as_str()),
            ];
            let answer = reviewer.send(&activate, &token, &pairs).await;
            let text = answer.text();
            assert_eq!(answer.status, 400, "{slug} would hide its pages");
            assert!(text.contains("This name is a part of our own addresses."), "{slug}: {text}");
        }
    }
    assert_eq!(status(&server).await, InterestStatus::Pending);
}

#[tokio::test]
async fn a_lead_is_declined_with_a_reason_and_nobody_is_written_to() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let path = format!("{LEADS}{LEAD}/");
    let empty = reviewer.post(&format!("{path}reject/"), &[("reject_reason", "")]).await;
    assert_eq!(empty.status, 400);
    let done = reviewer.submit(&format!("{path}reject/"), &[("reject_reason", "No voters there.")]).await;
    assert!(done.text().contains("is rejected"), "{}", done.text());
    assert_eq!(status(&server).await, InterestStatus::Rejected);
    assert!(reviewer.get(&path).await.text().contains("No voters there."));
    assert!(server.work().await.is_empty());
}

#[tokio::test]
async fn subscribers_are_found_and_changed_with_their_subscriptions() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let path = format!("{SUBSCRIBERS}elsewhere/");
    assert!(reviewer.get(SUBSCRIBERS).await.text().contains(&format!("{path}edit/")));
    let found = reviewer.get(&format!("{SUBSCRIBERS}?q=elsewhere")).await.text();
    assert!(found.contains(&format!("{path}edit/")), "by its slug");
    let later = reviewer.get(&format!("{SUBSCRIBERS}?q=the%20f")).await.text();
    assert!(later.contains("frugal") && !later.contains(&format!("{path}edit/")), "from there on by name");

    let base = [
        ("name", "Elsewhere and more"),
        ("url", "https://example.org"),
        ("email", ""),
        ("sms_mode", "none"),
        ("sms_disclaimer", ""),
        ("language", ""),
        ("status", "active"),
    ];
    let key = [("actionnetwork_key", "hush")];
    let wrong = reviewer.post(&format!("{path}edit/"), &[&base[..], &key[..]].concat()).await;
    assert_eq!(wrong.status, 400, "a key without the sync");
    let sync = [("sync_actionnetwork", "true"), ("actionnetwork_key", "hush")];
    let saved = reviewer.submit(&format!("{path}edit/"), &[&base[..], &sync[..]].concat()).await.text();
    assert!(saved.contains("The settings of Elsewhere and more are saved."), "{saved}");
    let form = reviewer.get(&format!("{path}edit/")).await.text();
    assert!(!form.contains("hush") && form.contains("________________________________"), "{form}");
    assert!(form.contains("SubscriberAdmin Example"), "the history is below");
    assert!(!subscriber(&server, "elsewhere").await.unwrap().has_api_access);

    let plan = [("plan", "free"), ("ein", "98-7654321"), ("internal_notes", "pays late"), ("expires", "")];
    let saved = reviewer.submit(&format!("{path}edit_subscription/"), &plan).await.text();
    assert!(saved.contains("is saved"), "{saved}");
    assert_eq!(subscriber(&server, "elsewhere").await.unwrap().plan, Plan::Free);
    let form = reviewer.get(&format!("{path}edit_subscription/")).await.text();
    assert!(form.contains("pays late") && form.contains("Ein"), "{form}");
    let bad = reviewer.post(&format!("{path}edit_subscription/"), &[("plan", "gold")]).await;
    assert_eq!(bad.status, 400);
    assert_eq!(reviewer.get(&format!("{SUBSCRIBERS}nobody/edit/")).await.status, 404);
}

#[tokio::test]
async fn an_organization_asks_on_the_public_page_and_is_seen_among_the_leads() {
    let server = site().await;
    let page = server.get("/subscribe/").await;
    assert_eq!(page.status, 200);
    let pairs = [
        ("organization_name", "Voters of Shelbyville"),
        ("website", "shelbyville.example.org"),
        ("first_name", "Ada"),
        ("last_name", "Núñez"),
        ("email", "ada@example.org"),
        ("plan", "nonprofit"),
        ("ein", "12-3456789"),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let form = "application/x-www-form-urlencoded";
    let foreign = server.ask("POST", "/subscribe/").header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.body(form, body.clone()).send().await.status, 403);
    let sent = server.ask("POST", "/subscribe/").header("sec-fetch-site", "same-origin").body(form, body);
    let sent = sent.send().await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some("/subscribe/thanks/")));
    assert_eq!(server.get("/subscribe/thanks/").await.status, 200);
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    assert!(reviewer.get(LEADS).await.text().contains("Voters of Shelbyville"));
}

#[tokio::test]
async fn leads_are_found_by_words_of_the_organization_its_website_and_who_asked() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let path = format!("{LEADS}{LEAD}/");
    for (q, is_found) in [
        ("springf", true),
        ("VOTERS+springfield", true),
        ("example.org", true),
        ("ada%40example.org", true),
        ("nunez", true),
        ("shelbyville", false),
        ("voters+shelbyville", false),
        ("ada%40example.com", false),
    ] {
        let page = reviewer.get(&format!("{LEADS}?q={q}")).await.text();
        assert_eq!(page.contains(&path), is_found, "{q}: {page}");
        assert_eq!(page.contains("There is no such lead."), !is_found, "{q}");
        let typed = q.replace('+', " ").replace("%40", "@");
        assert!(page.contains(&format!("value=\"{typed}\"")), "{q}: {page}");
    }
    let others = reviewer.get(&format!("{LEADS}?q=springfield&status=rejected")).await.text();
    assert!(!others.contains(&path), "the status counts too: {others}");
}
