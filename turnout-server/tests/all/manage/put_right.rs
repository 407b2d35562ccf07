//! What went wrong is put right through the pages: an export that failed, jobs that were given up, settings as they were before.

use turnout_core::{
    change::{Change, ChangeFilter},
    ids::{JobId, ReportId, SubscriberId},
    jobs::JobState,
    page::PageRequest,
    ports::store::Store as _,
    report::{Report, ReportStatus},
    subscriber::{self, Plan, Subscriber, SubscriberStatus},
    subscription::Subscription,
};
use uuid::Uuid;

use super::{
    browser::Browser,
    operation_rows::{DEAD, TOMORROW},
    site::{OTHER, OWN, Role, leave_jobs, signed_in, site},
    staff_rows::{SUBSCRIBER_CHANGE, SUBSCRIPTION_CHANGE},
};
use crate::support::TestServer;

const REPORTS: &str = "/manage/votenow/reports/";
const JOBS: &str = "/manage/operations/jobs/";
const SUBSCRIBERS: &str = "/manage/subscription/subscribers/";

async fn newest_report(server: &TestServer) -> Report {
    let own = SubscriberId(Uuid::from_u128(OWN));
    let mut view = server.store.view().await.unwrap();
    view.reports().page(Some(own), PageRequest { after: None, limit: 1 }).await.unwrap().rows.remove(0)
}

async fn status(server: &TestServer, report: ReportId) -> ReportStatus {
    server.store.view().await.unwrap().reports().by_id(report).await.unwrap().unwrap().status
}

/// An export that was asked for and cannot be made, as its file is gone before the job runs.
async fn failed_export(server: &TestServer, member: &mut Browser<'_>) -> ReportId {
    member.submit(&format!("{REPORTS}create/"), &[("type", "register"), ("from", ""), ("to", "")]).await;
    let report = newest_report(server).await;
    let mut unit = server.store.begin().await.unwrap();
    let mut file = unit.files_mut().lock(report.file.unwrap()).await.unwrap().unwrap();
    file.purged = Some(server.app.now());
    unit.files_mut().update(&file).await.unwrap();
    unit.commit().await.unwrap();
    assert!(server.work().await.is_empty(), "nobody is mailed");
    // the job that was given up stays for superusers
    leave_jobs(server).await;
    report.id
}

#[tokio::test]
async fn an_export_that_failed_says_so_and_is_made_when_it_is_asked_for_again() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let report = failed_export(&server, &mut member).await;
    assert_eq!(status(&server, report).await, ReportStatus::Failed);
    let again = format!("{REPORTS}{report}/again/");
    let list = member.get(REPORTS).await.text();
    assert!(list.contains("It failed: ask again") && list.contains(&format!("action=\"{again}\"")), "{list}");
    let download = format!("{REPORTS}{report}/download/");
    assert!(!list.contains(&download), "{list}");
    assert_eq!(member.get(&download).await.status, 404);

    let mut elsewhere = signed_in(&server, Role::ApiOff).await;
    let theirs = "/manage/keyless/reports/";
    let token = elsewhere.token(&format!("{theirs}create/")).await;
    let sent = elsewhere.send(&format!("{theirs}{report}/again/"), &token, &[]).await;
    assert_eq!(sent.status, 404);
    assert_eq!(status(&server, report).await, ReportStatus::Failed, "it is another subscriber's");

    let asked = member.submit(&again, &[]).await.text();
    assert!(asked.contains("The export is being made once more.") && !asked.contains(&again), "{asked}");
    assert_eq!(status(&server, report).await, ReportStatus::Pending);
    let twice = member.submit(&again, &[]).await.text();
    assert!(twice.contains("Nothing was done: this export has not failed."), "{twice}");
    let mails = server.mails().await;
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.address.as_str()).collect();
    assert_eq!(to, ["member@example.org"]);
    assert!(mails[0].text.contains("/download/"), "{}", mails[0].text);
    assert!(member.get(REPORTS).await.text().contains(&download));
    assert_eq!(member.get(&download).await.status, 303);
    assert_eq!(newest_report(&server).await.written, 1, "all that the subscriber sees is in it");
}

async fn state(server: &TestServer, id: &str) -> JobState {
    let id = JobId::parse(id).unwrap();
    server.store.view().await.unwrap().jobs().by_id(id).await.unwrap().unwrap().state
}

/// What was done with jobs, by whom, in the order of the words.
async fn done_with_jobs(server: &TestServer) -> Vec<(String, String)> {
    let filter = ChangeFilter { kind: Some("job".to_owned()), ..ChangeFilter::default() };
    let mut view = server.store.view().await.unwrap();
    let noted = view.changes().page(&filter, &PageRequest { after: None, limit: 9 }).await.unwrap().rows;
    assert!(noted.iter().all(|it| it.by == Some(Role::Superuser.id())));
    let mut done: Vec<_> = noted.into_iter().map(|it| (it.act, it.subject)).collect();
    done.sort();
    done
}

#[tokio::test]
async fn jobs_that_were_chosen_run_again_and_no_others() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let list = superuser.get(JOBS).await.text();
    for id in [DEAD, TOMORROW] {
        let check = format!("type=\"checkbox\" form=\"chosen\" name=\"job\" value=\"{id}\"");
        assert!(list.contains(&check), "{id}: {list}");
    }
    assert!(list.contains("<form id=\"chosen\""), "{list}");
    let path = format!("{JOBS}chosen/");
    let none = superuser.submit(&path, &[]).await.text();
    assert!(none.contains("Choose jobs first"), "{none}");
    let odd = superuser.submit(&path, &[("job", "nothing"), ("other", DEAD)]).await.text();
    assert!(odd.contains("Choose jobs first"), "{odd}");
    assert_eq!(state(&server, DEAD).await, JobState::Dead);

    let gone = Uuid::from_u128(7).to_string();
    let ran = superuser.submit(&path, &[("job", DEAD), ("job", &gone)]).await.text();
    assert!(ran.contains("One job runs again. With 1 nothing could be done"), "{ran}");
    assert_eq!(state(&server, DEAD).await, JobState::Waiting);
    assert_eq!(done_with_jobs(&server).await, [("run again".to_owned(), DEAD.to_owned())]);
    let both = superuser.submit(&path, &[("job", DEAD), ("job", TOMORROW)]).await.text();
    assert!(both.contains("2 jobs run again."), "{both}");
    let due = server.jobs().await.into_iter().find(|job| job.id.to_string() == TOMORROW).unwrap().due_at;
    assert!(due <= server.app.now(), "it does not wait any more");
    leave_jobs(&server).await;
}

#[tokio::test]
async fn of_jobs_that_were_chosen_those_that_were_given_up_are_dropped() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{JOBS}chosen/");
    let sent = [("job", DEAD), ("job", TOMORROW), ("drop", "true")];
    let dropped = superuser.submit(&path, &sent).await.text();
    assert!(dropped.contains("One job is dropped. With 1 nothing could be done"), "{dropped}");
    assert_eq!(state(&server, DEAD).await, JobState::Cancelled);
    assert_eq!(state(&server, TOMORROW).await, JobState::Waiting);
    assert_eq!(done_with_jobs(&server).await, [("dropped".to_owned(), DEAD.to_owned())]);
    // nobody else chooses
    let mut member = signed_in(&server, Role::Member).await;
    let token = member.token(REPORTS).await;
    assert_eq!(member.send(&path, &token, &[("job", DEAD)]).await.status, 403);
    assert_eq!(state(&server, DEAD).await, JobState::Cancelled);
}

async fn subscriber_of(server: &TestServer, slug: &str) -> Subscriber {
    server.store.view().await.unwrap().subscribers().by_slug(slug).await.unwrap().unwrap()
}

async fn subscription_of(server: &TestServer, slug: &str) -> Subscription {
    let id = subscriber_of(server, slug).await.id;
    server.store.view().await.unwrap().subscriptions().by_subscriber(id).await.unwrap().unwrap()
}

/// The change of it that was noted last.
async fn last_change(server: &TestServer, kind: &str, subject: &str) -> Change {
    let filter = ChangeFilter::history(kind, subject);
    let mut view = server.store.view().await.unwrap();
    view.changes().page(&filter, &PageRequest { after: None, limit: 1 }).await.unwrap().rows.remove(0)
}

#[tokio::test]
async fn a_subscribers_settings_go_back_and_those_of_no_other() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let path = format!("{SUBSCRIBERS}elsewhere/");
    let id = SubscriberId(Uuid::from_u128(OTHER)).to_string();
    // a way of asking voters that there is today
    let mut unit = server.store.begin().await.unwrap();
    let mut asks = unit.subscribers_mut().lock(SubscriberId(Uuid::from_u128(OTHER))).await.unwrap().unwrap();
    (asks.sms_enabled, asks.sms_checkbox, asks.sms_checkbox_default) = (Some(true), Some(true), Some(false));
    unit.subscribers_mut().update(&asks).await.unwrap();
    unit.commit().await.unwrap();
    let before = subscriber_of(&server, "elsewhere").await;
    server.clock.advance(chrono::TimeDelta::minutes(1));
    let changed = [
        ("name", "Elsewhere and more"),
        ("url", "https://more.example.org"),
        ("sms_mode", "box_checked"),
        ("status", "disabled"),
        ("sync_actionnetwork", "true"),
        ("actionnetwork_key", "hush"),
    ];
    reviewer.submit(&format!("{path}edit/"), &changed).await;
    let after = subscriber_of(&server, "elsewhere").await;
    assert_eq!((after.name.as_str(), after.status), ("Elsewhere and more", SubscriberStatus::Disabled));
    let change = last_change(&server, subscriber::KIND, &id).await;
    let entry = reviewer.get(&format!("{path}history/{}/", change.id)).await.text();
    assert!(entry.contains("Go back to before this change") && !entry.contains("hush"), "{entry}");

    // not by the address of another one
    let others = subscriber_of(&server, "frugal").await;
    let token = reviewer.token(&format!("{path}edit/")).await;
    let refused =
        reviewer.send(&format!("{SUBSCRIBERS}frugal/history/{}/restore/", change.id), &token, &[]).await;
    assert_eq!(refused.status, 404);
    assert_eq!(subscriber_of(&server, "frugal").await, others);

    server.clock.advance(chrono::TimeDelta::minutes(1));
    let restore = format!("{path}history/{}/restore/", change.id);
    let back = reviewer.submit(&restore, &[]).await.text();
    assert!(
        back.contains("The earlier settings are back.") && back.contains("The elsewhere campaign"),
        "{back}"
    );
    let now = subscriber_of(&server, "elsewhere").await;
    assert_eq!(Subscriber { modified_at: before.modified_at, ..now }, before);
    let mut view = server.store.view().await.unwrap();
    let tool = turnout_core::subscription::ExternalTool::ActionNetwork;
    let key = view.subscriptions().integration_key(before.id, tool).await.unwrap().unwrap();
    assert_eq!(key.reveal(), "hush", "it is in no record, so it stays");
    drop(view);
    let noted = last_change(&server, subscriber::KIND, &id).await;
    assert_eq!((noted.act.as_str(), noted.by), ("restored", Some(Role::SubscriberAdmin.id())));

    // of this one not all is known that has to stand there
    let unfit = reviewer.submit(&format!("{path}history/{SUBSCRIBER_CHANGE}/restore/"), &[]).await.text();
    assert!(
        unfit.contains("Nothing was changed, as what was before cannot stand there any more."),
        "{unfit}"
    );
    assert_eq!(subscriber_of(&server, "elsewhere").await.name, before.name);
}

#[tokio::test]
async fn a_subscription_goes_back_and_that_of_no_other() {
    let server = site().await;
    let mut reviewer = signed_in(&server, Role::SubscriberAdmin).await;
    let path = format!("{SUBSCRIBERS}elsewhere/");
    let before = subscription_of(&server, "elsewhere").await;
    server.clock.advance(chrono::TimeDelta::minutes(1));
    let changed = [
        ("plan", "free"),
        ("ein", "98-7654321"),
        ("expires", ""),
        ("internal_notes", "pays late"),
        ("primary_contact_first_name", "Zoë"),
    ];
    reviewer.submit(&format!("{path}edit_subscription/"), &changed).await;
    assert_eq!(subscriber_of(&server, "elsewhere").await.plan, Plan::Free);
    let change = last_change(&server, Subscription::KIND, &before.id.to_string()).await;

    let others = subscription_of(&server, "frugal").await;
    let token = reviewer.token(&format!("{path}edit/")).await;
    for (slug, change) in [
        ("frugal", change.id.to_string()),
        // that one is a change of the settings
        ("elsewhere", SUBSCRIBER_CHANGE.to_owned()),
        ("elsewhere", "nothing".to_owned()),
    ] {
        let restore = format!("{SUBSCRIBERS}{slug}/subscription_history/{change}/restore/");
        assert_eq!(reviewer.send(&restore, &token, &[]).await.status, 404, "{restore}");
    }
    let settings = format!("{path}history/{SUBSCRIPTION_CHANGE}/restore/");
    assert_eq!(reviewer.send(&settings, &token, &[]).await.status, 404, "nor the other way round");
    assert_eq!(subscription_of(&server, "frugal").await, others);
    assert_eq!(subscription_of(&server, "elsewhere").await.plan, Plan::Free);

    let restore = format!("{path}subscription_history/{}/restore/", change.id);
    let back = reviewer.submit(&restore, &[]).await.text();
    assert!(back.contains("The earlier plan, end and EIN are back."), "{back}");
    let now = subscription_of(&server, "elsewhere").await;
    assert_eq!((now.plan, now.expires, &now.ein), (before.plan, before.expires, &before.ein));
    assert_eq!(now.internal_notes.as_deref(), Some("pays late"), "notes are in no record");
    assert_eq!(now.contact.first_name.as_deref(), Some("Zoë"));
    assert_eq!(subscriber_of(&server, "elsewhere").await.plan, before.plan);
}
