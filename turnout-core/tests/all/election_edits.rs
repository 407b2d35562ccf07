//! Facts about states are changed, published by a second person, taken back, and replaced everywhere, each time with a note.

use chrono::TimeDelta;
use turnout_core::{
    address::State,
    app::App,
    change::{Change, ChangeFilter},
    conformance::rows,
    election::{
        FieldFormat, ReplaceError, StateInformation,
        edit::{self, EditError, FactInput, FactText, Saved, go_back, publish, save, withdraw},
        find_to_replace, replace, sheet,
    },
    ids::UserId,
    memory::World,
    page::PageRequest,
    settings::Settings,
};

/// The world with three facts: a text and an address of Ohio, and a text of Iowa.
async fn facts(second_person: bool) -> World {
    let mut settings = Settings::default();
    settings.election.second_person = second_person;
    let world = World::with(|app| app.with_settings(settings));
    let mut unit = world.app.store.begin().await.unwrap();
    for state in [State::Oh, State::Ia, State::Pr] {
        unit.elections_mut().put_state(&rows::state(state)).await.unwrap();
    }
    for (number, slug, format) in [
        (1, "deadline", Some(FieldFormat::Markdown)),
        (2, "tool", Some(FieldFormat::Url)),
        (3, "online", Some(FieldFormat::Boolean)),
    ] {
        unit.elections_mut().insert_field_type(&rows::field_type(number, slug, format)).await.unwrap();
    }
    for (number, state, kind, text) in [
        (11, State::Oh, 1, "Ask at https://old.example.org/ or call."),
        (12, State::Oh, 2, "https://old.example.org/tool"),
        (13, State::Ia, 1, "Nothing to see."),
        (14, State::Oh, 3, ""),
    ] {
        unit.elections_mut().insert_information(&rows::fact(number, state, kind, text)).await.unwrap();
    }
    unit.commit().await.unwrap();
    world
}

fn user(number: u128) -> UserId {
    UserId(rows::uuid(number))
}

/// Ann and Bob keep the facts.
const ANN: u128 = 41;
const BOB: u128 = 42;

fn says(text: &str) -> FactInput {
    FactInput { text: text.into(), ..FactInput::default() }
}

async fn fact(app: &App, state: State, slug: &str) -> StateInformation {
    let mut view = app.store.view().await.unwrap();
    edit::sheet(view.as_mut(), state, slug).await.unwrap().unwrap().fact
}

/// What happened to a fact, the newest first.
async fn changes(app: &App, fact: &StateInformation) -> Vec<Change> {
    let mut view = app.store.view().await.unwrap();
    let filter = ChangeFilter::history(edit::KIND, fact.id);
    view.changes().page(&filter, &PageRequest { after: None, limit: 50 }).await.unwrap().rows
}

const DEADLINE: (State, &str) = (State::Oh, "deadline");

#[tokio::test]
async fn a_change_is_seen_at_once_and_noted_with_what_was_before() {
    let world = facts(false).await;
    let before = fact(&world.app, State::Oh, "deadline").await;
    world.clock.advance(TimeDelta::hours(1));
    let input = FactInput {
        text: "  By mail.\r\n\r\nOr **online**. ".into(),
        notes: "Called them.".into(),
        source: "https://example.org/law".into(),
        checked_on: "2026-08-31".into(),
    };
    let seen = Some(before.modified_at);
    assert_eq!(save(&world.app, user(ANN), DEADLINE, &input, seen).await.unwrap(), Saved::Published);
    let after = fact(&world.app, State::Oh, "deadline").await;
    assert_eq!(after.text, "By mail.\n\nOr **online**.");
    assert_eq!(
        (after.notes.as_str(), after.checked_on.unwrap().to_string()),
        ("Called them.", "2026-08-31".into())
    );
    assert_eq!(after.modified_at, world.app.now());
    let [change] = changes(&world.app, &after).await.try_into().unwrap();
    assert_eq!((change.by, change.act.as_str()), (Some(user(ANN)), "changed"));
    let kept = |value: &Option<serde_json::Value>| FactText::from_json(value.as_ref().unwrap()).unwrap().text;
    assert_eq!((kept(&change.before), kept(&change.after)), (before.text, after.text.clone()));

    // the same again is no change
    let again = save(&world.app, user(BOB), DEADLINE, &input, Some(after.modified_at)).await.unwrap();
    assert_eq!(again, Saved::Unchanged);
    assert_eq!(changes(&world.app, &after).await.len(), 1);
}

#[tokio::test]
async fn who_saw_an_older_text_does_not_write_over_the_newer_one() {
    let world = facts(false).await;
    let seen = Some(fact(&world.app, State::Oh, "deadline").await.modified_at);
    save(&world.app, user(ANN), DEADLINE, &says("Ann's"), seen).await.unwrap();
    let late = save(&world.app, user(BOB), DEADLINE, &says("Bob's"), seen).await;
    assert!(matches!(late, Err(EditError::Overtaken)));
    assert_eq!(fact(&world.app, State::Oh, "deadline").await.text, "Ann's");
    let wrong = save(&world.app, user(BOB), (State::Oh, "tool"), &says("no address"), None).await;
    assert!(matches!(wrong, Err(EditError::Wrong(problems)) if problems.has("text")));
    let nowhere = save(&world.app, user(BOB), (State::Oh, "nothing"), &says("x"), None).await;
    assert!(matches!(nowhere, Err(EditError::NotFound)));
}

#[tokio::test]
async fn what_is_proposed_is_published_by_somebody_else() {
    let world = facts(true).await;
    let app = &world.app;
    let old = fact(app, State::Oh, "deadline").await;
    assert_eq!(save(app, user(ANN), DEADLINE, &says("New."), None).await.unwrap(), Saved::Proposed);
    assert_eq!(fact(app, State::Oh, "deadline").await, old, "nobody sees it yet");
    let proposal = |app: App| async move {
        let mut view = app.store.view().await.unwrap();
        let waiting = sheet::proposals(view.as_mut()).await.unwrap();
        waiting.into_iter().map(|(_, it)| it).collect::<Vec<_>>()
    };
    let [first] = proposal(app.clone()).await.try_into().unwrap();
    assert!(matches!(publish(app, user(ANN), first.id).await, Err(EditError::Own)));
    // another proposal takes its place, and the old one cannot be published any more
    save(app, user(BOB), DEADLINE, &says("Newer."), None).await.unwrap();
    assert!(matches!(publish(app, user(ANN), first.id).await, Err(EditError::NotFound)));
    let [second] = proposal(app.clone()).await.try_into().unwrap();
    assert!(matches!(publish(app, user(BOB), second.id).await, Err(EditError::Own)));
    assert_eq!(publish(app, user(ANN), second.id).await.unwrap().text, "Newer.");
    assert!(proposal(app.clone()).await.is_empty());
    let acts: Vec<String> = changes(app, &old).await.into_iter().map(|it| it.act).collect();
    assert_eq!(acts.iter().filter(|act| *act == "proposed").count(), 2);
    assert!(acts.contains(&"published".to_owned()) && acts.len() == 3, "{acts:?}");
}

#[tokio::test]
async fn a_proposal_for_a_fact_that_changed_is_not_published_and_can_be_withdrawn() {
    let world = facts(true).await;
    let app = &world.app;
    save(app, user(ANN), DEADLINE, &says("Ann's"), None).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    // the operator needs no second person
    replace(app, None, "call", "write", None).await.unwrap();
    let id = {
        let mut view = app.store.view().await.unwrap();
        sheet::proposals(view.as_mut()).await.unwrap()[0].1.id
    };
    assert!(matches!(publish(app, user(BOB), id).await, Err(EditError::Overtaken)));
    withdraw(app, user(ANN), id).await.unwrap();
    assert!(matches!(withdraw(app, user(ANN), id).await, Err(EditError::NotFound)));
    assert!(fact(app, State::Oh, "deadline").await.text.ends_with("or write."));
}

#[tokio::test]
async fn one_goes_back_to_what_was_before_a_change() {
    let world = facts(false).await;
    let app = &world.app;
    let old = fact(app, State::Oh, "deadline").await;
    for text in ["Second.", "Third."] {
        world.clock.advance(TimeDelta::minutes(1));
        save(app, user(ANN), DEADLINE, &says(text), None).await.unwrap();
    }
    let all = changes(app, &old).await;
    assert!(all.iter().all(edit::can_go_back));
    world.clock.advance(TimeDelta::minutes(1));
    let first = all.last().unwrap().id;
    assert_eq!(go_back(app, user(BOB), DEADLINE, first).await.unwrap(), Saved::Published);
    let now = fact(app, State::Oh, "deadline").await;
    assert_eq!(FactText::from(&now), FactText::from(&old));
    assert_eq!(changes(app, &old).await[0].act, "restored");
    // a change of another fact is none of this one
    let other = go_back(app, user(BOB), (State::Oh, "tool"), first).await;
    assert!(matches!(other, Err(EditError::NotFound)));
}

#[tokio::test]
async fn a_text_is_replaced_in_every_fact_that_was_looked_at() {
    let world = facts(false).await;
    let app = &world.app;
    let found = find_to_replace(app, "https://old.example.org/", "https://new.example.org/").await.unwrap();
    let slugs: Vec<&str> = found.facts.iter().map(|it| it.slug.as_str()).collect();
    assert_eq!((slugs, found.occurrences(), found.is_good()), (vec!["deadline", "tool"], 2, true));
    assert!(find_to_replace(app, "https://OLD.", "x").await.unwrap().facts.is_empty(), "letter case counts");

    // somebody changes one of them meanwhile
    save(app, user(BOB), (State::Oh, "tool"), &says("https://old.example.org/other"), None).await.unwrap();
    let late = replace(app, Some(user(ANN)), &found.old, &found.new, Some(&found.seal)).await;
    let Err(ReplaceError::Overtaken(now)) = late else { panic!("it was done") };
    assert!(fact(app, State::Oh, "deadline").await.text.contains("old.example"), "nothing was replaced");
    let done = replace(app, Some(user(ANN)), &now.old, &now.new, Some(&now.seal)).await.unwrap();
    assert_eq!((done.facts.len(), done.proposed), (2, false));
    assert_eq!(fact(app, State::Oh, "tool").await.text, "https://new.example.org/other");
    let deadline = fact(app, State::Oh, "deadline").await;
    assert_eq!(deadline.text, "Ask at https://new.example.org/ or call.");
    let [change] = changes(app, &deadline).await.try_into().unwrap();
    assert_eq!(change.act, "replaced");
    assert!(change.comment.contains("https://new.example.org/"), "{}", change.comment);
}

#[tokio::test]
async fn nothing_is_replaced_where_one_fact_could_not_say_that() {
    let world = facts(false).await;
    let app = &world.app;
    let done = replace(app, Some(user(ANN)), "https://old.example.org/", "", None).await;
    let Err(ReplaceError::Unfit(found)) = done else { panic!("it was done") };
    let wrong: Vec<&str> =
        found.facts.iter().filter(|it| it.complaint.is_some()).map(|it| it.slug.as_str()).collect();
    assert_eq!(wrong, ["tool"]);
    assert!(fact(app, State::Oh, "deadline").await.text.contains("old.example"));
    for (old, new, field) in [("", "x", "old"), ("x", "x", "new"), ("x", &"y".repeat(2_001), "new")] {
        let wrong = find_to_replace(app, old, new).await;
        assert!(
            matches!(wrong, Err(ReplaceError::Wrong(problems)) if problems.has(field)),
            "{old:?} {field}"
        );
    }
}

#[tokio::test]
async fn where_a_second_person_publishes_replacements_wait_too() {
    let world = facts(true).await;
    let app = &world.app;
    let done = replace(app, Some(user(ANN)), "old.example", "new.example", None).await.unwrap();
    assert!(done.proposed);
    assert!(fact(app, State::Oh, "tool").await.text.contains("old.example"));
    let mut view = app.store.view().await.unwrap();
    assert_eq!(sheet::proposals(view.as_mut()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn facts_are_looked_at_by_state_and_by_kind() {
    let world = facts(true).await;
    save(&world.app, user(ANN), DEADLINE, &says("New."), None).await.unwrap();
    let mut view = world.app.store.view().await.unwrap();
    let states: Vec<State> =
        sheet::states(view.as_mut()).await.unwrap().into_iter().map(|it| it.code).collect();
    assert_eq!(states, [State::Ia, State::Oh], "there are no facts about territories");
    let ohio = sheet::state(view.as_mut(), State::Oh).await.unwrap().unwrap();
    let told: Vec<_> = ohio.facts.iter().map(|it| (it.field.slug.as_str(), it.proposal.is_some())).collect();
    assert_eq!(told, [("deadline", true), ("online", false), ("tool", false)]);
    let deadline = sheet::field(view.as_mut(), "deadline").await.unwrap().unwrap();
    let told: Vec<State> = deadline.facts.iter().map(|it| it.state).collect();
    assert_eq!(told, [State::Ia, State::Oh]);
    assert!(sheet::field(view.as_mut(), "nothing").await.unwrap().is_none());
    assert!(sheet::state(view.as_mut(), State::Wy).await.unwrap().is_none());
}
