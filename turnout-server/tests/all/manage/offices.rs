//! Links of regions, what is known better about offices, and what voters signed, through the pages.

use bytes::Bytes;
use chrono::TimeDelta;
use turnout_core::{
    absentee::{BallotRequest, StateForm, SubmissionType, preview},
    action::{Event, EventType},
    address::State,
    change::ChangeFilter,
    conformance::rows as samples,
    ids::{BallotRequestId, EventId, RegionId},
    page::PageRequest,
    ports::{clock::Clock as _, files::FileStore as _, store::Store as _},
};

use super::{
    site::{Role, signed_in, site},
    staff_rows::{APPLICATION, LINK_CHANGE, OVERRIDE_CHANGE, REGION},
};
use crate::support::TestServer;

async fn link(server: &TestServer, region: &str) -> Option<String> {
    let mut view = server.store.view().await.unwrap();
    let link = view.ballot_requests().region_link(RegionId(region.parse().unwrap())).await.unwrap();
    link.map(|link| link.url)
}

#[tokio::test]
async fn a_link_of_a_region_is_added_changed_brought_back_and_deleted() {
    let server = site().await;
    let mut editor = signed_in(&server, Role::ElectionAdmin).await;
    let list = editor.get("/manage/absentee_overrides/").await.text();
    assert!(list.contains("https://ballots.example.org/test") && list.contains("Test County"), "{list}");
    let new = "/manage/absentee_overrides/new/?state=OH";
    let page = editor.get(new).await.text();
    assert!(page.contains("Untouched County") && !page.contains("<option value=\"6001\">"), "{page}");
    let wrong = editor.post(new, &[("region", "6002"), ("url", "no address")]).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("id=\"url-error\"") && wrong.text().contains("value=\"6002\" selected"));
    assert_eq!(editor.post(new, &[("region", "6002"), ("url", "https://a.test/")]).await.status, 303);
    assert_eq!(link(&server, "6002").await.as_deref(), Some("https://a.test/"));

    let florida = editor.get("/manage/absentee_overrides/new/?state=FL").await.text();
    assert!(florida.contains("taken from a list each day") && !florida.contains("name=\"url\""), "{florida}");

    let path = format!("/manage/absentee_overrides/{REGION}/");
    assert_eq!(editor.post(&format!("{path}edit/"), &[("url", "https://b.test/")]).await.status, 303);
    assert_eq!(link(&server, REGION).await.as_deref(), Some("https://b.test/"));
    editor.post(&format!("{path}history/{LINK_CHANGE}/restore/"), &[]).await;
    assert_eq!(link(&server, REGION).await.as_deref(), Some("https://ballots.example.org/before"));
    let asked = editor.get(&format!("{path}delete/")).await.text();
    assert!(asked.contains("Delete the link of Test County?"), "{asked}");
    assert_eq!(editor.post(&format!("{path}delete/"), &[]).await.status, 303);
    assert_eq!(link(&server, REGION).await, None);
    assert_eq!(editor.get(&format!("{path}delete/")).await.status, 404);
    let history = editor.get(&format!("{path}history/")).await.text();
    for act in ["deleted", "restored", "changed"] {
        assert!(history.contains(act), "{act}: {history}");
    }
}

#[tokio::test]
async fn what_is_known_better_about_an_office_is_changed_on_its_page() {
    let server = site().await;
    let mut keeper = signed_in(&server, Role::EsignAdmin).await;
    let all = keeper.get("/manage/absentee_dashboard/").await.text();
    assert!(all.contains("href=\"/manage/absentee_dashboard/OH/\""), "{all}");
    let only =
        keeper.get("/manage/absentee_dashboard/OH/?overrides_only=true&filter=self_print").await.text();
    assert!(only.contains("Test County") && !only.contains("Untouched County"), "{only}");
    assert_eq!(keeper.get("/manage/absentee_dashboard/CA/").await.status, 404, "it is off there");

    let path = format!("/manage/absentee_dashboard/OH/{REGION}/");
    let page = keeper.get(&path).await.text();
    assert!(page.contains("Printed at home") && page.contains("office@example.org"), "{page}");
    let form = keeper.get(&format!("{path}edit/")).await.text();
    // nothing says that Ohio takes requests by mail or fax
    assert!(
        form.contains("value=\"leo_fax\" disabled") && form.contains("not permitted by the state"),
        "{form}"
    );
    let wrong = [("method", ""), ("email", "no"), ("phone", "12"), ("fax", ""), ("notes", "")];
    let wrong = keeper.post(&format!("{path}edit/"), &wrong).await;
    assert!(
        wrong.status == 400
            && wrong.text().contains("id=\"phone-error\"")
            && wrong.text().contains("value=\"no\"")
    );
    let good = [
        ("method", "self_print"),
        ("email", "new@example.org"),
        ("phone", ""),
        ("fax", ""),
        ("notes", "by phone"),
    ];
    let saved = keeper.submit(&format!("{path}edit/"), &good).await.text();
    assert!(saved.contains("new@example.org") && saved.contains("by phone"), "{saved}");
    let entry = keeper.get(&format!("{path}history/{OVERRIDE_CHANGE}/")).await.text();
    assert!(entry.contains("before@example.org"), "{entry}");
    let back = keeper.submit(&format!("{path}history/{OVERRIDE_CHANGE}/restore/"), &[]).await.text();
    assert!(back.contains("before@example.org") && !back.contains("by phone"), "{back}");
    keeper.post(&format!("{path}delete/"), &[]).await;
    assert_eq!(
        keeper.get(&format!("{path}edit/")).await.header("location"),
        Some(format!("{path}new/").as_str())
    );
    let mut view = server.store.view().await.unwrap();
    let known = view.ballot_requests().contact_override(RegionId(REGION.parse().unwrap())).await.unwrap();
    assert!(known.is_none());
}

/// What a figure of a page says.
fn figure(page: &str, label: &str) -> String {
    let (_, rest) = page.split_once(&format!("<dt>{label}</dt><dd>")).expect(label);
    rest.split_once("</dd>").unwrap().0.trim().to_owned()
}

#[tokio::test]
async fn forms_that_voters_asked_for_by_letter_are_counted_on_the_pages_of_the_state_and_the_region() {
    let server = site().await;
    let now = server.clock.now();
    let mut unit = server.store.begin().await.unwrap();
    for (number, region, hours) in
        [(7001, 6001, 1), (7002, 6001, 30), (7003, 6001, 8 * 24), (7004, 6002, 100), (7005, 6002, 3)]
    {
        let action = samples::action(number);
        unit.actions_mut().insert(&action).await.unwrap();
        let id = BallotRequestId(samples::uuid(number));
        let mut request = BallotRequest::new(id, action.id, None, now);
        request.region = Some(RegionId(region));
        unit.ballot_requests_mut().insert(&request).await.unwrap();
        let confirmed = Event {
            id: EventId(samples::uuid(number)),
            action: action.id,
            kind: EventType::FinishLobConfirm,
            created_at: now - TimeDelta::hours(hours),
        };
        unit.actions_mut().record(&confirmed).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut keeper = signed_in(&server, Role::EsignAdmin).await;
    for (page, day, week) in [("", "2", "4"), ("6001/", "1", "2"), ("6002/", "1", "2")] {
        let page = keeper.get(&format!("/manage/absentee_dashboard/OH/{page}")).await.text();
        assert_eq!(figure(&page, "Forms by letter, 24 hours"), day, "{page}");
        assert_eq!(figure(&page, "Forms by letter, 7 days"), week, "{page}");
    }
    // of the regions that were asked for alone
    let page = keeper.get("/manage/absentee_dashboard/OH/?overrides_only=true").await.text();
    assert_eq!(figure(&page, "Forms by letter, 7 days"), "2", "{page}");
    // whoever works for a subscriber alone does not see them
    let mut owner = signed_in(&server, Role::Member).await;
    assert_eq!(owner.get("/manage/absentee_dashboard/OH/6001/").await.status, 403);
}

#[tokio::test]
async fn an_application_is_looked_at_without_the_voters_number_and_that_is_noted() {
    let server = site().await;
    server.outside.state_forms.lock().unwrap().insert(State::Oh, StateForm::default().into());
    server.app.files.put("key-6005", Bytes::from_static(b"a signature"), "image/png").await.unwrap();
    let mut keeper = signed_in(&server, Role::EsignAdmin).await;
    let list = "/manage/absentee_dashboard/applications/";
    for (query, is_there) in [
        ("", true),
        ("?q=nunez", true),
        ("?q=somebody", false),
        ("?region=6001", true),
        ("?region=6002", false),
    ] {
        let page = keeper.get(&format!("{list}{query}")).await.text();
        assert_eq!(page.contains("ada.voter@example.org"), is_there, "{query}: {page}");
    }
    let path = format!("{list}{APPLICATION}/");
    let page = keeper.get(&path).await.text();
    assert!(page.contains("FinishLEO") && page.contains("pass nothing on"), "{page}");
    let pdf = keeper.get(&format!("{path}preview/")).await;
    assert_eq!((pdf.status.as_u16(), pdf.header("content-type")), (200, Some("application/pdf")));
    assert_eq!(pdf.header("cache-control"), Some("no-store"));
    assert_eq!(pdf.header("content-disposition"), Some("inline; filename=\"preview.pdf\""));
    let filled = server.outside.filled.lock().unwrap().clone();
    assert!(filled.iter().any(|(_, text)| text == "XXXX"), "{filled:?}");
    assert_eq!(server.outside.packets.lock().unwrap().len(), 1);
    assert_eq!(keeper.get(&format!("{path}preview/")).await.body, pdf.body);
    assert_eq!(server.outside.packets.lock().unwrap().len(), 1, "it is made once");
    let mut view = server.store.view().await.unwrap();
    let filter = ChangeFilter::history(preview::KIND, APPLICATION);
    let noted = view.changes().page(&filter, &PageRequest { after: None, limit: 9 }).await.unwrap().rows;
    assert_eq!(noted.len(), 2);
    assert!(noted.iter().all(|it| it.by == Some(Role::EsignAdmin.id()) && it.act == "previewed"));
    let way =
        view.ballot_requests().by_id(turnout_core::ids::BallotRequestId::parse(APPLICATION).unwrap()).await;
    assert_ne!(way.unwrap().unwrap().way, Some(SubmissionType::SelfPrint), "looking changes nothing of it");
}
