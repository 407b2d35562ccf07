//! Links of regions, what is known better about offices, and what voters signed, through the pages.

use bytes::Bytes;
use turnout_core::{
    absentee::{StateForm, SubmissionType, preview},
    address::State,
    change::ChangeFilter,
    ids::RegionId,
    page::PageRequest,
    ports::{files::FileStore as _, store::Store as _},
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
