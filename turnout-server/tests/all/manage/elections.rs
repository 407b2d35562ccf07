//! Facts about elections are changed, published, taken back and replaced through the pages.

use turnout_core::{address::State, election::edit, ports::store::Store as _};

use super::{
    browser::{Browser, value_of},
    site::{Role, signed_in, site, site_with},
    staff_rows::{FIELD, TEXT},
};
use crate::support::TestServer;

const STATE: &str = "/manage/election/state/OH/";

fn fact_path() -> String {
    format!("{STATE}{FIELD}/")
}

/// What the fact says now.
async fn says(server: &TestServer) -> String {
    let mut view = server.store.view().await.unwrap();
    edit::sheet(view.as_mut(), State::Oh, FIELD).await.unwrap().unwrap().fact.text
}

/// A form of the fact with that text, as the page gives it.
async fn save(browser: &mut Browser<'_>, text: &str, more: &[(&str, &str)]) -> crate::support::Answer {
    let page = browser.get(&fact_path()).await.text();
    let seen = value_of(&page, "seen").unwrap();
    let mut pairs = vec![("text", text), ("notes", "n"), ("source", ""), ("checked_on", ""), ("seen", &seen)];
    pairs.extend_from_slice(more);
    browser.post(&fact_path(), &pairs).await
}

#[tokio::test]
async fn everybody_on_the_site_reads_what_a_state_says_and_editors_find_the_way_to_change_it() {
    let server = site().await;
    let mut editor = signed_in(&server, Role::ElectionAdmin).await;
    let page = editor.get(STATE).await.text();
    assert!(
        page.contains("Bring <strong>one</strong> of:") && page.contains("href=\"https://example.org/f\""),
        "{page}"
    );
    assert!(page.contains(&format!("href=\"{}\"", fact_path())));
    let mut member = signed_in(&server, Role::Member).await;
    let page = member.get(STATE).await.text();
    assert!(page.contains("Bring <strong>one</strong> of:"));
    assert!(!page.contains(&fact_path()) && !page.contains("href=\"/manage/election/state/\""), "{page}");
    let field = editor.get(&format!("/manage/election/fieldinformationtype/{FIELD}/")).await.text();
    assert!(field.contains(&format!("{}?ref=fieldinformationtype", fact_path())), "{field}");
    assert_eq!(editor.get("/manage/election/state/ZZ/").await.status, 404);
    assert_eq!(editor.get("/manage/election/").await.status, 404, "the broken page of the old site is gone");
}

#[tokio::test]
async fn a_text_is_looked_at_saved_and_taken_back() {
    let server = site().await;
    let mut editor = signed_in(&server, Role::ElectionAdmin).await;
    let new = "Bring **nothing**.\n\n<script>alert(1)</script>";
    let looked = save(&mut editor, new, &[("preview", "true")]).await;
    assert_eq!(looked.status, 200);
    let page = looked.text();
    assert!(page.contains("Bring <strong>nothing</strong>.") && !page.contains("<script>"), "{page}");
    assert!(page.contains("Nothing is saved yet."), "{page}");
    assert_eq!(says(&server).await, TEXT);

    let saved = save(&mut editor, new, &[]).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, Some(STATE)));
    assert!(editor.get(STATE).await.text().contains("Saved. Everybody sees it from now on."));
    assert_eq!(says(&server).await, new);

    let history = format!("{}history/", fact_path());
    let list = editor.get(&history).await.text();
    assert!(list.contains("ElectionAdmin Example") && list.contains("Text"), "{list}");
    let change = list.split(&history).nth(1).unwrap().split('/').next().unwrap();
    let entry = editor.get(&format!("{history}{change}/")).await.text();
    assert!(
        entry.contains("<ins>Bring **nothing**.</ins>") && entry.contains("<del>- a bill</del>"),
        "{entry}"
    );
    let back = editor.post(&format!("{history}{change}/restore/"), &[]).await;
    assert_eq!(back.status, 303, "{}", back.text());
    assert_eq!(says(&server).await, TEXT);
    assert!(editor.get(&history).await.text().contains("restored"));
}

#[tokio::test]
async fn who_comes_from_the_page_of_a_field_goes_back_there() {
    let server = site().await;
    let mut editor = signed_in(&server, Role::Superuser).await;
    let path = format!("{}?ref=fieldinformationtype", fact_path());
    let page = editor.get(&path).await.text();
    assert!(page.contains(&format!("action=\"{path}\"")), "{page}");
    let (token, seen) = (editor.token(&path).await, value_of(&page, "seen").unwrap());
    let sent = editor.send(&path, &token, &[("text", "x"), ("seen", &seen)]).await;
    let field = format!("/manage/election/fieldinformationtype/{FIELD}/");
    assert_eq!(sent.header("location"), Some(field.as_str()));
}

#[tokio::test]
async fn nobody_writes_over_what_somebody_else_wrote_meanwhile() {
    let server = site().await;
    let (mut one, mut other) =
        (signed_in(&server, Role::ElectionAdmin).await, signed_in(&server, Role::Superuser).await);
    let seen = value_of(&one.get(&fact_path()).await.text(), "seen").unwrap();
    server.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(save(&mut other, "The other's.", &[]).await.status, 303);
    let late = one.post(&fact_path(), &[("text", "Mine."), ("seen", &seen)]).await;
    assert_eq!(late.status, 400);
    let page = late.text();
    assert!(page.contains("Somebody else changed this fact") && page.contains("The other's."), "{page}");
    assert!(page.contains("Mine.</textarea>"), "{page}");
    assert_eq!(says(&server).await, "The other's.");
    // a form that was wrong for another reason still stands for what its editor saw
    let wrong = one.post(&fact_path(), &[("text", "Mine."), ("checked_on", "soon"), ("seen", &seen)]).await;
    assert_eq!(value_of(&wrong.text(), "seen").unwrap(), seen);
    assert!(wrong.text().contains("id=\"checked_on-error\""));
    // and the one that told of the other's text can be sent
    let seen = value_of(&page, "seen").unwrap();
    assert_eq!(one.post(&fact_path(), &[("text", "Mine."), ("seen", &seen)]).await.status, 303);
    assert_eq!(says(&server).await, "Mine.");
}

#[tokio::test]
async fn a_second_person_publishes_where_that_is_asked_for() {
    let server = site_with(|setup| setup.settings.election.second_person = true).await;
    let mut one = signed_in(&server, Role::ElectionAdmin).await;
    assert!(one.get(&fact_path()).await.text().contains("Propose this change"));
    save(&mut one, "By two.", &[]).await;
    assert_eq!(says(&server).await, TEXT);
    let list = one.get("/manage/election/proposals/").await.text();
    let id = list.split("/manage/election/proposals/").skip(1).find_map(|rest| {
        let id = rest.split('/').next()?;
        (id.len() == 36).then(|| id.to_owned())
    });
    let path = format!("/manage/election/proposals/{}/", id.unwrap());
    let page = one.get(&path).await.text();
    assert!(page.contains("<ins>By two.</ins>") && !page.contains("publish/"), "{page}");
    one.post(&format!("{path}publish/"), &[]).await;
    assert_eq!(says(&server).await, TEXT, "nobody publishes his own");
    let mut two = signed_in(&server, Role::Superuser).await;
    let published = two.submit(&format!("{path}publish/"), &[]).await;
    assert!(published.text().contains("Published. Everybody sees it"), "{}", published.text());
    assert_eq!(says(&server).await, "By two.");
    assert_eq!(two.get(&path).await.status, 404);
    save(&mut one, "Again.", &[]).await;
    let list = two.get("/manage/election/proposals/").await.text();
    let path = list.split("href=\"/manage/election/proposals/").find_map(|rest| {
        let id = rest.split('/').next()?;
        (id.len() == 36).then(|| format!("/manage/election/proposals/{id}/"))
    });
    two.post(&format!("{}withdraw/", path.unwrap()), &[]).await;
    assert!(two.get("/manage/election/proposals/").await.text().contains("Nothing waits to be published."));
}

#[tokio::test]
async fn a_text_is_replaced_everywhere_after_it_was_looked_at() {
    let server = site().await;
    let mut editor = signed_in(&server, Role::ElectionAdmin).await;
    let path = "/manage/election/replace/";
    let pairs = [("old", "https://example.org/f"), ("new", "https://example.org/g")];
    let page = editor.post(path, &pairs).await.text();
    assert!(page.contains("<del>- [a form](https://example.org/f)</del>"), "{page}");
    let seal = value_of(&page, "seal").unwrap();
    assert_eq!(says(&server).await, TEXT);
    let done =
        editor.submit("/manage/election/replace/apply/", &[&pairs[..], &[("seal", &seal)]].concat()).await;
    assert!(done.text().contains("Replaced in 1 fact."), "{}", done.text());
    assert!(says(&server).await.contains("https://example.org/g"));
    let late =
        editor.post("/manage/election/replace/apply/", &[&pairs[..], &[("seal", &seal)]].concat()).await;
    assert!(late.text().contains("This text is in no fact."), "{}", late.text());
    let nothing = editor.post(path, &[("old", ""), ("new", "x")]).await;
    assert_eq!(nothing.status, 400);
}
