//! Jobs, switches, the log and forms through the pages of superusers.

use turnout_core::{ids::JobId, jobs::JobState, ports::store::Store as _, switch::movote};
use uuid::Uuid;

use super::{
    browser::{Browser, heading},
    operation_rows::{CHANGE, DEAD, TOMORROW},
    site::{Role, leave_jobs, signed_in, site},
};
use crate::support::TestServer;

const JOBS: &str = "/manage/operations/jobs/";
const SWITCHES: &str = "/manage/operations/switches/";
const CHANGES: &str = "/manage/operations/changes/";

async fn page(browser: &mut Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

async fn state(server: &TestServer, id: &str) -> JobState {
    let mut view = server.store.view().await.unwrap();
    let id = JobId(Uuid::parse_str(id).unwrap());
    view.jobs().by_id(id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn jobs_are_listed_by_how_far_they_are_and_run_again() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let all = page(&mut superuser, JOBS).await;
    assert!(all.contains("register.notify") && all.contains("register.remind"), "{all}");
    let dead = page(&mut superuser, &format!("{JOBS}?state=dead")).await;
    assert!(dead.contains("the payload is none") && !dead.contains("register.remind"), "{dead}");
    assert!(dead.contains("The votenow campaign"), "whose work it is: {dead}");
    let waiting = page(&mut superuser, &format!("{JOBS}?state=waiting&q=register.remind&lane=default")).await;
    assert!(waiting.contains(TOMORROW) && !waiting.contains(DEAD), "{waiting}");
    let none = page(&mut superuser, &format!("{JOBS}?q=no.such")).await;
    assert!(none.contains("No such jobs."), "{none}");

    let one = page(&mut superuser, &format!("{JOBS}{DEAD}/")).await;
    assert_eq!(heading(&one), "register.notify");
    assert!(one.contains("&#34;no&#34;: &#34;payload&#34;"), "{one}");
    let ran = superuser.submit(&format!("{JOBS}{DEAD}/run_again/"), &[]).await.text();
    assert!(ran.contains("The job runs now.") && ran.contains("Waiting"), "{ran}");
    assert_eq!(state(&server, DEAD).await, JobState::Waiting);
    let dropped = superuser.submit(&format!("{JOBS}{TOMORROW}/drop/"), &[]).await.text();
    assert!(dropped.contains("Nothing was done: only what was given up is dropped."), "{dropped}");
    let log = page(&mut superuser, &format!("{CHANGES}?kind=job&q={DEAD}")).await;
    assert!(log.contains("run again") && log.contains("Superuser Example"), "{log}");
    assert_eq!(superuser.get(&format!("{JOBS}nothing/")).await.status, 404);
}

#[tokio::test]
async fn what_was_given_up_runs_again_all_at_once_or_is_dropped() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let path = format!("{JOBS}run_again/");
    let token = superuser.token(JOBS).await;
    let none = superuser.send(&path, &token, &[("kind", "register.remind"), ("lane", "")]).await;
    assert_eq!(none.status, 303, "{}", none.text());
    assert_eq!(state(&server, DEAD).await, JobState::Dead);
    let dead = superuser.send(&format!("{JOBS}{DEAD}/drop/"), &token, &[]).await;
    assert_eq!(dead.header("location"), Some(&*format!("{JOBS}?state=dead")));
    assert_eq!(state(&server, DEAD).await, JobState::Cancelled);
    // of what was called off another one runs
    let again = superuser.send(&format!("{JOBS}{DEAD}/run_again/"), &token, &[]).await;
    let shown = again.header("location").unwrap().to_owned();
    assert_ne!(shown, format!("{JOBS}{DEAD}/"));
    let page = page(&mut superuser, &shown).await;
    assert!(page.contains("The same is done once more, by this job."), "{page}");
    leave_jobs(&server).await;
}

#[tokio::test]
async fn a_switch_is_set_with_who_and_when_and_taken_back() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let list = page(&mut superuser, SWITCHES).await;
    assert!(list.contains("drip.register_external") && list.contains("In 1 state at the moment."), "{list}");
    let path = format!("{SWITCHES}movote/");
    let set = superuser.submit(&path, &[("value", "on")]).await.text();
    assert!(set.contains("movote is on within seconds.") && set.contains("Superuser Example"), "{set}");
    assert!(server.app.switches().await.is_on(&movote::FEATURE));
    let list = page(&mut superuser, SWITCHES).await;
    assert!(list.contains("Superuser Example"), "who set it: {list}");
    let back = superuser.submit(&format!("{path}take_back/"), &[]).await.text();
    assert!(back.contains("What was set of movote is taken back."), "{back}");
    assert!(!server.app.switches().await.is_on(&movote::FEATURE));

    // a state leads back to its feature, where the button is
    let state = superuser.post(&format!("{SWITCHES}vbm_esign.MI/"), &[("value", "on")]).await;
    assert_eq!(state.header("location"), Some(&*format!("{SWITCHES}vbm_esign/")));
    let number = format!("{SWITCHES}voter_action_check.max_check/");
    for (value, complaint) in [("many", "takes a whole number"), ("", "This field is required.")] {
        let wrong = superuser.post(&number, &[("value", value)]).await;
        assert_eq!(wrong.status, 400);
        let text = wrong.text();
        assert!(text.contains(complaint) && text.contains("id=\"value-error\""), "{text}");
    }
    assert_eq!(superuser.get(&format!("{SWITCHES}no_such/")).await.status, 404);
}

#[tokio::test]
async fn the_log_says_who_did_what_and_what_was_different() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let all = page(&mut superuser, CHANGES).await;
    assert!(all.contains(CHANGE) && all.contains("Superuser Example"), "{all}");
    let narrowed = page(&mut superuser, &format!("{CHANGES}?kind=switch")).await;
    assert!(narrowed.contains(CHANGE) && narrowed.contains("Show everything"), "{narrowed}");
    let own = Role::Superuser.id();
    for (query, is_there) in [
        ("kind=job".to_owned(), false),
        (format!("by={own}"), true),
        (format!("by={}", Role::Member.id()), false),
        (format!("of={}", Uuid::from_u128(7)), false),
        ("kind=switch&q=movote".to_owned(), true),
        ("kind=switch&q=drip".to_owned(), false),
        ("after=nonsense".to_owned(), true),
    ] {
        let text = page(&mut superuser, &format!("{CHANGES}?{query}")).await;
        assert_eq!(text.contains(CHANGE), is_there, "{query}: {text}");
    }
    let one = page(&mut superuser, &format!("{CHANGES}{CHANGE}/")).await;
    assert!(one.contains("<th scope=\"row\">value</th>"), "{one}");
    assert!(one.contains("href=\"/manage/operations/switches/movote/\""), "{one}");
    assert_eq!(superuser.get(&format!("{CHANGES}{}/", Uuid::from_u128(7))).await.status, 404);
}

#[tokio::test]
async fn forms_are_filled_for_nobody_and_shown() {
    let server = site().await;
    let mut superuser = signed_in(&server, Role::Superuser).await;
    let list = page(&mut superuser, "/manage/operations/forms/").await;
    assert!(list.contains("href=\"/manage/operations/forms/OH/\""), "{list}");
    let one = page(&mut superuser, "/manage/operations/forms/OH/").await;
    assert_eq!(heading(&one), "Forms of Ohio");
    assert!(
        one.contains("Everything fits.") && one.contains("/manage/operations/forms/OH/leo_fax/"),
        "{one}"
    );
    let pdf = superuser.get("/manage/operations/forms/OH/leo_fax/").await;
    assert_eq!((pdf.status.as_u16(), pdf.header("content-type")), (200, Some("application/pdf")));
    assert_eq!(pdf.header("cache-control"), Some("no-store"));
    for path in ["ZZ/", "OH/nothing/"] {
        assert_eq!(superuser.get(&format!("/manage/operations/forms/{path}")).await.status, 404, "{path}");
    }
}
