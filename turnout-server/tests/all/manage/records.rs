//! The record pages of superusers.

use turnout_core::{
    back_office::Entity,
    ids::{FileId, UserId},
    jobs::{JobFilter, JobState},
    page::PageRequest,
    ports::store::Store as _,
};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    operation_rows::{FAX, FILE, LETTER, MESSAGE, NUMBER, PHONE, SLUG, SUBSCRIBER, WEBHOOK},
    own_rows::COLLEAGUE,
    site::{OWN, Role, leave_jobs, signed_in, site},
    staff_rows::REGION,
};
use crate::support::TestServer;

const ROOT: &str = "/manage/admin/";

async fn page(browser: &mut Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

/// The kinds of jobs that wait.
async fn waiting(server: &TestServer) -> Vec<String> {
    let filter = JobFilter { state: Some(JobState::Waiting), ..JobFilter::default() };
    let mut view = server.store.view().await.unwrap();
    let page = PageRequest { after: None, limit: 100 };
    view.jobs().list(&filter, page).await.unwrap().rows.into_iter().map(|job| job.kind).collect()
}

#[tokio::test]
async fn every_kind_has_a_list_and_each_of_its_records_a_page_and_no_secret_is_on_it() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let index = page(&mut superuser, ROOT).await;
    for entity in Entity::ALL {
        let list = format!("{ROOT}{}/", entity.shape().path);
        assert!(index.contains(&format!("href=\"{list}\"")), "{entity:?}");
        let text = page(&mut superuser, &list).await;
        assert_eq!(heading(&text), entity.shape().many);
        let table = text.split("<tbody>").nth(1);
        let Some(table) = table else {
            assert!(text.contains("There are none."), "{entity:?}: {text}");
            continue;
        };
        let href = table.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(href.starts_with(&list), "{entity:?}: {href}");
        let one = page(&mut superuser, href).await;
        for column in entity.shape().columns {
            let label = column.label.replace('\'', "&#39;");
            assert!(one.contains(&format!("<dt>{label}</dt>")), "{entity:?} {}: {one}", column.name);
        }
        for secret in
            ["pbkdf2", "argon2", "an encoded hash", "secret_hash", "token_hash", "builds.example.org"]
        {
            assert!(!one.contains(secret) && !text.contains(secret), "{entity:?}: {secret}");
        }
    }
    assert_eq!(superuser.get(&format!("{ROOT}passwords/")).await.status, 404);
    assert_eq!(superuser.get(&format!("{ROOT}users/{}/", Uuid::from_u128(7))).await.status, 404);
}

#[tokio::test]
async fn a_record_is_found_by_what_stands_in_no_address() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let member = Role::Member.id();
    for (kind, typed, location) in [
        ("users", "member@example.org", format!("{ROOT}users/{member}/")),
        ("numbers", PHONE, format!("{ROOT}numbers/{NUMBER}/")),
        ("messages", "(617) 555-0190", format!("{ROOT}messages/?of={NUMBER}")),
        ("files", "votenow", format!("{ROOT}files/?of={}", Uuid::from_u128(OWN))),
        ("regions", "ohio", format!("{ROOT}regions/?of=OH")),
    ] {
        let found = superuser.post(&format!("{ROOT}{kind}/"), &[("what", typed)]).await;
        assert_eq!(found.header("location"), Some(location.as_str()), "{kind} {typed}: {}", found.text());
        let text = page(&mut superuser, &location).await;
        assert!(location.contains("?of=") == text.contains("Show all"), "{location}: {text}");
    }
    for (typed, complaint) in
        [("", "This field is required."), ("nobody@example.org", "Nothing is found by that.")]
    {
        let none = superuser.post(&format!("{ROOT}users/"), &[("what", typed)]).await;
        assert_eq!(none.status, 400);
        assert!(none.text().contains(complaint), "{}", none.text());
    }
}

#[tokio::test]
async fn who_looks_at_a_text_is_noted_and_lists_mask_the_number() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let list = page(&mut superuser, &format!("{ROOT}messages/")).await;
    assert!(
        list.contains(MESSAGE) && !list.contains("5550190") && !list.contains("Bring your ID."),
        "{list}"
    );
    let one = page(&mut superuser, &format!("{ROOT}messages/{MESSAGE}/")).await;
    assert!(one.contains("Bring your ID.") && one.contains(PHONE), "{one}");
    let log = page(&mut superuser, &format!("/manage/operations/changes/?kind=message&q={MESSAGE}")).await;
    assert!(log.contains("seen") && log.contains("Superuser Example"), "{log}");
}

#[tokio::test]
async fn roles_are_given_and_taken_and_nobody_shuts_himself_out() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{ROOT}users/{COLLEAGUE}/edit/");
    let form = page(&mut superuser, &path).await;
    assert!(form.contains("name=\"is_esign_admin\""), "{form}");
    let on = [("is_active", "true"), ("is_staff", "true"), ("is_election_admin", "true")];
    let saved = superuser.submit(&path, &on).await.text();
    assert!(saved.contains("Saved."), "{saved}");
    let id = UserId(Uuid::parse_str(COLLEAGUE).unwrap());
    let user = server.store.view().await.unwrap().accounts().by_id(id).await.unwrap().unwrap();
    assert!(user.manages_elections() && user.is_staff && user.is_active && !user.is_superuser);

    let own = format!("{ROOT}users/{}/edit/", Role::Superuser.id());
    let refused = superuser.post(&own, &on).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("You cannot take this from yourself."), "{}", refused.text());
    assert_eq!(superuser.get(ROOT).await.status, 200, "and is still one");

    // somebody who is shut out is signed out
    let mut member = signed_in(&server, Role::Member).await;
    let path = format!("{ROOT}users/{}/edit/", Role::Member.id());
    superuser.post(&path, &[("is_active", "true")]).await;
    assert_eq!(member.get("/manage/votenow/").await.status, 303);
}

#[tokio::test]
async fn second_factors_of_somebody_who_lost_them_are_taken_away() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{ROOT}users/{}/reset_second_factor/", Role::Member.id());
    let done = superuser.submit(&path, &[]).await.text();
    assert!(done.contains("The second factors are gone."), "{done}");
    let left = server.store.view().await.unwrap().accounts().authenticators(Role::Member.id()).await.unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn what_may_be_set_of_a_record_is_set_and_the_rest_has_no_form() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{ROOT}states/OH/edit/");
    let saved = superuser.submit(&path, &[("allow_absentee_print_and_forward", "true")]).await.text();
    assert!(saved.contains("Saved.") && heading(&saved) == "Ohio", "{saved}");
    let record =
        server.store.view().await.unwrap().records().one(Entity::States, "OH").await.unwrap().unwrap();
    let flag = |column: &str| record.value(Entity::States.shape(), column).clone();
    assert_eq!(flag("allow_print_and_forward"), turnout_core::back_office::Value::Flag(false));
    assert_eq!(flag("allow_absentee_print_and_forward"), turnout_core::back_office::Value::Flag(true));
    let empty =
        superuser.post(&format!("{ROOT}field-types/rule_of_the_tests/edit/"), &[("long_name", " ")]).await;
    assert_eq!(empty.status, 400);
    assert!(empty.text().contains("id=\"long_name-error\""), "{}", empty.text());
    for path in [format!("{ROOT}messages/{MESSAGE}/edit/"), format!("{ROOT}regions/{REGION}/edit/")] {
        assert_eq!(superuser.get(&path).await.status, 404, "{path}");
    }
    let region = page(&mut superuser, &format!("{ROOT}regions/{REGION}/")).await;
    assert!(region.contains("Addresses of office 6001"), "{region}");
}

#[tokio::test]
async fn a_file_is_mailed_and_deleted_and_a_letter_handed_over() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let file = format!("{ROOT}files/{FILE}/");
    let mailed = superuser.submit(&format!("{file}mail_link/"), &[]).await.text();
    assert!(mailed.contains("The link is on its way."), "{mailed}");
    assert!(waiting(&server).await.contains(&"file.send_link".to_owned()));
    let deleted = superuser.submit(&format!("{file}delete_file/"), &[]).await.text();
    assert!(deleted.contains("The file is deleted.") && !deleted.contains("Mail the link"), "{deleted}");
    let id = FileId(Uuid::parse_str(FILE).unwrap());
    let found = server.store.view().await.unwrap().files().by_id(id).await.unwrap().unwrap();
    assert!(found.purged.is_some());
    let again = superuser.submit(&format!("{file}mail_link/"), &[]).await.text();
    assert!(again.contains("Nothing was done: it is deleted."), "{again}");

    let letter = format!("{ROOT}letters/{LETTER}/send_again/");
    let sent = superuser.submit(&letter, &[]).await.text();
    assert!(sent.contains("The letter is handed over now."), "{sent}");
    let twice = superuser.submit(&letter, &[]).await.text();
    assert!(twice.contains("It is in line already."), "{twice}");
    let fax = superuser.submit(&format!("{ROOT}faxes/{FAX}/send_again/"), &[]).await.text();
    assert!(fax.contains("Nothing was done: its job is not known any more."), "{fax}");
    leave_jobs(&server).await;
}

#[tokio::test]
async fn a_no_that_came_by_letter_is_entered_and_one_that_was_wrong_taken_back() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let number = format!("{ROOT}numbers/{NUMBER}/");
    let words = format!("{number}consent/");
    assert!(page(&mut superuser, &number).await.contains(&format!("href=\"{words}\"")));
    let before = page(&mut superuser, &words).await;
    assert!(before.contains(PHONE) && before.contains("Enter a no"), "{before}");

    let no_reason = superuser.post(&format!("{words}stop/"), &[("scope", "all"), ("reason", " ")]).await;
    assert_eq!(no_reason.status, 400);
    assert!(no_reason.text().contains("Say why, in 1 to 500 characters."), "{}", no_reason.text());
    let nothing =
        superuser.post(&format!("{words}undo/"), &[("scope", "purpose:chase"), ("reason", "wrong")]).await;
    assert_eq!(nothing.status, 400);
    assert!(nothing.text().contains("Nothing was said for just these messages"), "{}", nothing.text());
    let none = superuser.post(&format!("{words}stop/"), &[("scope", "everybody"), ("reason", "x")]).await;
    assert_eq!(none.status, 400);

    let letter = [("scope", "all"), ("reason", "a letter of June 2")];
    let entered = superuser.submit(&format!("{words}stop/"), &letter).await.text();
    assert!(entered.contains("The no is entered.") && entered.contains("a letter of June 2"), "{entered}");
    assert!(entered.contains("Somebody of the organization") && entered.contains("Stopped"), "{entered}");
    let is_stopped = async || {
        let phone = turnout_core::person::Phone::from_stored(PHONE.to_owned());
        let mut view = server.store.view().await.unwrap();
        view.messages().number(&phone).await.unwrap().unwrap().is_stopped()
    };
    assert!(is_stopped().await);
    let wrong = [("scope", "all"), ("reason", "it was the number of a namesake")];
    // somebody looked before the no was there, and would take back what they did not see
    let stale = [wrong[0], wrong[1], ("shown", "0")];
    let refused = superuser.post(&format!("{words}undo/"), &stale).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Something was said since this was shown"), "{}", refused.text());
    assert!(is_stopped().await);
    let undone = superuser.submit(&format!("{words}undo/"), &wrong).await.text();
    assert!(undone.contains("It is taken back.") && undone.contains("namesake"), "{undone}");
    assert!(!is_stopped().await);
    // the log says who did it, and not why: that is the person's
    let log = page(&mut superuser, &format!("/manage/operations/changes/?kind=number&q={NUMBER}")).await;
    assert!(log.contains("stopped by hand") && log.contains("stop taken back"), "{log}");
    assert!(log.contains("Superuser Example") && !log.contains("namesake"), "{log}");
    assert_eq!(superuser.get(&format!("{ROOT}numbers/{MESSAGE}/consent/")).await.status, 404);
}

#[tokio::test]
async fn a_webhook_is_added_called_and_deleted_and_its_address_is_never_shown() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let list = format!("{ROOT}update-webhooks/");
    let new = format!("{list}new/");
    assert!(page(&mut superuser, &list).await.contains(&format!("href=\"{new}\"")));
    let wrong = superuser.post(&new, &[("name", " "), ("url", "ftp://builds.example.org/secret")]).await;
    assert_eq!(wrong.status, 400);
    let text = wrong.text();
    assert!(text.contains("id=\"name-error\"") && text.contains("Enter a valid URL."), "{text}");
    assert!(!text.contains("builds.example.org"), "{text}");
    let good = [("name", "The second site"), ("url", "https://builds.example.org/hooks/second")];
    let added = superuser.submit(&new, &good).await.text();
    assert!(added.contains("It is added.") && heading(&added) == "The second site", "{added}");
    assert!(!added.contains("builds.example.org"), "{added}");

    let one = format!("{list}{WEBHOOK}/");
    let moved = [("url", "https://builds.example.org/hooks/third")];
    let moved = superuser.submit(&format!("{one}address/"), &moved).await.text();
    assert!(moved.contains("It has another address.") && !moved.contains("builds.example.org"), "{moved}");
    let bad = superuser.post(&format!("{one}address/"), &[("url", "")]).await;
    assert_eq!(bad.status, 400);
    let called = superuser.submit(&format!("{one}call/"), &[]).await.text();
    assert!(called.contains("It is called now"), "{called}");
    assert!(waiting(&server).await.contains(&"election.call_webhooks".to_owned()));
    let log =
        page(&mut superuser, &format!("/manage/operations/changes/?kind=update_webhook&q={WEBHOOK}")).await;
    assert!(log.contains("readdressed") && log.contains("called"), "{log}");
    assert!(!log.contains("builds.example.org"), "{log}");
    let deleted = superuser.submit(&format!("{one}delete/"), &[]).await.text();
    assert!(deleted.contains("It is gone.") && !deleted.contains("The public site"), "{deleted}");
    for path in [one.clone(), format!("{one}address/")] {
        assert_eq!(superuser.get(&path).await.status, 404, "{path}");
    }
    for act in ["call/", "delete/", "address/"] {
        let again = superuser.post(&format!("{one}{act}"), &[("url", "https://example.org/")]).await;
        assert_eq!(again.status, 404, "{act}");
    }
    leave_jobs(&server).await;
}

#[tokio::test]
async fn who_runs_the_service_is_set_and_the_log_says_by_whom() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{ROOT}subscribers/{SUBSCRIBER}/");
    let edit = format!("{path}edit/");
    assert!(page(&mut superuser, &path).await.contains(&format!("href=\"{edit}\"")));
    let form = page(&mut superuser, &edit).await;
    assert!(form.contains("name=\"is_first_party\"") && !form.contains(" checked"), "{form}");
    let is_first = async || {
        let mut view = server.store.view().await.unwrap();
        view.subscribers().by_slug("votenow").await.unwrap().unwrap().is_first_party
    };
    for (pairs, is) in [(&[("is_first_party", "true")][..], true), (&[][..], false)] {
        let saved = superuser.submit(&edit, pairs).await.text();
        assert!(saved.contains("Saved.") && heading(&saved) == "The votenow campaign", "{saved}");
        assert_eq!(is_first().await, is);
    }
    let log = format!("/manage/operations/changes/?kind=subscriber&q={SUBSCRIBER}");
    let log = page(&mut superuser, &log).await;
    let by = format!("/manage/operations/changes/?by={}", Role::Superuser.id());
    assert!(log.matches(&by).count() == 2 && log.contains("changed"), "{log}");
    // who looks after subscribers sees it in the history, and has no way to set it
    let mut manager = signed_in(&server, Role::SubscriberAdmin).await;
    let settings = page(&mut manager, "/manage/subscription/subscribers/votenow/edit/").await;
    assert!(settings.contains("Superuser Example") && !settings.contains("is_first_party"), "{settings}");
    assert_eq!(manager.get(&edit).await.status, 403);
    let nobody = format!("{ROOT}subscribers/{}/", Uuid::from_u128(7));
    for part in ["edit/", "add_slug/"] {
        assert_eq!(superuser.get(&format!("{nobody}{part}")).await.status, 404, "{part}");
        assert_eq!(superuser.post(&format!("{nobody}{part}"), &[("slug", "x")]).await.status, 404, "{part}");
    }
}

#[tokio::test]
async fn a_slug_is_added_beside_the_others_and_made_the_default() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{ROOT}subscribers/{SUBSCRIBER}/");
    let add = format!("{path}add_slug/");
    assert!(page(&mut superuser, &path).await.contains(&format!("href=\"{add}\"")));
    for (slug, complaint) in [
        ("", "id=\"slug-error\""),
        ("elsewhere", "A subscriber with this slug exists already."),
        ("Operations", "This name is a part of our own addresses."),
        ("vote now", "Enter a valid"),
    ] {
        let refused = superuser.post(&add, &[("slug", slug)]).await;
        assert_eq!(refused.status, 400, "{slug}");
        assert!(refused.text().contains(complaint), "{slug}: {}", refused.text());
    }
    let added = superuser.submit(&add, &[("slug", "vote-now")]).await.text();
    assert!(added.contains("It is added.") && heading(&added) == "vote-now", "{added}");
    let found =
        async |slug: &str| server.store.view().await.unwrap().subscribers().by_slug(slug).await.unwrap();
    let whose = found("vote-now").await.unwrap();
    assert_eq!(whose.id.to_string(), SUBSCRIBER);
    let action = added.split("action=\"").find(|it| it.contains("make_default/")).unwrap();
    let action = action.split('"').next().unwrap().to_owned();
    let set = superuser.submit(&action, &[]).await.text();
    assert!(set.contains("The links of The votenow campaign go by it now."), "{set}");
    assert!(!set.contains("make_default/"), "what is so already has no button: {set}");
    assert_ne!(found("vote-now").await.unwrap().default_slug, whose.default_slug);
    // its pages go by the new one, and what went by the old one goes on to be the same subscriber's
    assert_eq!(superuser.get("/manage/vote-now/").await.status, 200);
    assert_eq!(found("votenow").await.unwrap().id, whose.id);
    let back = page(&mut superuser, &format!("{ROOT}slugs/{SLUG}/")).await;
    assert!(back.contains(&format!("{ROOT}slugs/{SLUG}/make_default/")), "{back}");
    let log = page(&mut superuser, &format!("/manage/operations/changes/?of={SUBSCRIBER}")).await;
    assert!(log.contains("created") && log.contains("changed") && log.contains("Superuser Example"), "{log}");
    let none = format!("{ROOT}slugs/{}/make_default/", Uuid::from_u128(7));
    assert_eq!(superuser.post(&none, &[]).await.status, 404);
}
