//! What the room of states and facts promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    address::State,
    conformance::rows::{BYTEWISE, at, fact, field_type, state},
    election::{FieldFormat, StateInformation, StateProfile},
    ports::store::{Store, Unit},
};

/// A test for every case of the room of states and facts.
#[macro_export]
macro_rules! elections_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            elections,
            [$($open)+],
            store::elections,
            [
                states_come_by_code_and_are_overwritten,
                field_types_come_by_slug_and_a_slug_is_taken_once,
                a_field_type_keeps_its_slug_whatever_else_changes,
                facts_come_by_state_and_slug,
                slugs_are_sorted_by_their_bytes,
                a_state_has_one_fact_of_a_kind,
                an_empty_text_is_another_thing_than_no_fact,
                an_update_of_a_fact_changes_what_it_says_and_the_moment,
            ]
        );
    };
}

/// Two states, two kinds of facts and four facts, put in the wrong order.
async fn facts(unit: &mut dyn Unit) -> [StateInformation; 4] {
    for code in [State::Ny, State::Ma] {
        unit.elections_mut().put_state(&state(code)).await.expect("a state");
    }
    for kind in [field_type(1, "b", None), field_type(2, "a", Some(FieldFormat::Url))] {
        unit.elections_mut().insert_field_type(&kind).await.expect("a field type");
    }
    let facts = [
        fact(4, State::Ma, 2, ""),
        fact(3, State::Ma, 1, "ma b"),
        fact(2, State::Ny, 2, "ny a"),
        fact(1, State::Ny, 1, "ny b"),
    ];
    for fact in facts.iter().rev() {
        unit.elections_mut().insert_information(fact).await.expect("a fact");
    }
    facts
}

/// Territories among them. A state that is put again is changed as a whole.
pub async fn states_come_by_code_and_are_overwritten(store: &dyn Store) {
    let mut unit = unit(store).await;
    for code in [State::Ny, State::Pr, State::Ma, State::As] {
        unit.elections_mut().put_state(&state(code)).await.expect("a state");
    }
    let changed = StateProfile {
        name: "Bay State".into(),
        allow_print_and_forward: None,
        allow_absentee_print_and_forward: Some(false),
        modified_at: at(60),
        ..state(State::Ma)
    };
    unit.elections_mut().put_state(&changed).await.expect("a state");
    commit(unit).await;
    let mut view = view(store).await;
    let all = view.elections().states().await.expect("a read");
    assert_eq!(all, [state(State::As), changed.clone(), state(State::Ny), state(State::Pr)]);
    assert_eq!(view.elections().state(State::Ma).await.expect("a read"), Some(changed));
    assert_eq!(view.elections().state(State::Pa).await.expect("a read"), None);
}

/// And when it was made; one that is not there is an error.
pub async fn a_field_type_keeps_its_slug_whatever_else_changes(store: &dyn Store) {
    let mut first = unit(store).await;
    first.elections_mut().insert_field_type(&field_type(1, "a", None)).await.expect("a field type");
    let other = crate::election::FieldType {
        slug: "other".into(),
        long_name: "another name".into(),
        help_text: None,
        created_at: at(70),
        modified_at: at(71),
        ..field_type(1, "a", Some(FieldFormat::Date))
    };
    first.elections_mut().update_field_type(&other).await.expect("a change");
    commit(first).await;
    let kept = crate::election::FieldType { slug: "a".into(), created_at: at(1), ..other };
    assert_eq!(view(store).await.elections().field_type("a").await.expect("a read"), Some(kept));
    let mut second = unit(store).await;
    assert!(second.elections_mut().update_field_type(&field_type(9, "z", None)).await.is_err());
}

/// Slugs are case-sensitive.
pub async fn field_types_come_by_slug_and_a_slug_is_taken_once(store: &dyn Store) {
    let (a, b) = (field_type(2, "a", Some(FieldFormat::Boolean)), field_type(1, "b", None));
    let mut first = unit(store).await;
    for kind in [&b, &a] {
        first.elections_mut().insert_field_type(kind).await.expect("a field type");
    }
    commit(first).await;
    let mut view = view(store).await;
    assert_eq!(view.elections().field_types().await.expect("a read"), [a, b.clone()]);
    assert_eq!(view.elections().field_type("b").await.expect("a read"), Some(b));
    for unknown in ["B", "b\0", "\0"] {
        assert_eq!(view.elections().field_type(unknown).await.expect("a read"), None);
    }
    let mut second = unit(store).await;
    let taken = field_type(3, "a", None);
    assert!(is_conflict(&second.elections_mut().insert_field_type(&taken).await));
}

/// Of one state, of one kind, or all.
pub async fn facts_come_by_state_and_slug(store: &dyn Store) {
    let mut unit = unit(store).await;
    let all = facts(unit.as_mut()).await;
    commit(unit).await;
    let mut view = view(store).await;
    let elections = view.elections();
    assert_eq!(elections.information().await.expect("a read"), all);
    assert_eq!(elections.information_of_state(State::Ny).await.expect("a read"), all[2..]);
    assert_eq!(elections.information_of_state(State::Pa).await.expect("a read"), []);
    let of_a = [all[0].clone(), all[2].clone()];
    assert_eq!(elections.information_of_field("a").await.expect("a read"), of_a);
    for unknown in ["A", "a\0"] {
        assert_eq!(elections.information_of_field(unknown).await.expect("a read"), []);
    }
}

/// Whatever the language of the database; those of kinds and of facts alike.
pub async fn slugs_are_sorted_by_their_bytes(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.elections_mut().put_state(&state(State::Ma)).await.expect("a state");
    for (number, slug) in (1..).zip(BYTEWISE.into_iter().rev()) {
        unit.elections_mut().insert_field_type(&field_type(number, slug, None)).await.expect("a field type");
        let fact = fact(number, State::Ma, number, slug);
        unit.elections_mut().insert_information(&fact).await.expect("a fact");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let kinds = view.elections().field_types().await.expect("a read");
    assert_eq!(kinds.iter().map(|kind| kind.slug.as_str()).collect::<Vec<_>>(), BYTEWISE);
    let of_state = view.elections().information_of_state(State::Ma).await.expect("a read");
    assert_eq!(of_state.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>(), BYTEWISE);
    assert_eq!(view.elections().information().await.expect("a read"), of_state);
}

/// A second one is a conflict.
pub async fn a_state_has_one_fact_of_a_kind(store: &dyn Store) {
    let mut unit = unit(store).await;
    facts(unit.as_mut()).await;
    let second = fact(5, State::Ny, 1, "x");
    assert!(is_conflict(&unit.elections_mut().insert_information(&second).await));
}

/// An empty text is known to be empty.
pub async fn an_empty_text_is_another_thing_than_no_fact(store: &dyn Store) {
    let mut unit = unit(store).await;
    facts(unit.as_mut()).await;
    commit(unit).await;
    let mut view = view(store).await;
    for (state, slug, text) in [
        (State::Ma, "a", Some("")),
        (State::Ma, "b", Some("ma b")),
        (State::Ma, "c", None),
        (State::Ma, "b\0", None),
        (State::Pa, "a", None),
    ] {
        let found = view.elections().text(state, slug).await.expect("a read");
        assert_eq!(found.as_deref(), text, "{state} {slug}");
    }
}

/// State, kind and the moment of creation stay.
pub async fn an_update_of_a_fact_changes_what_it_says_and_the_moment(store: &dyn Store) {
    let mut first = unit(store).await;
    let all = facts(first.as_mut()).await;
    commit(first).await;
    let edited = StateInformation {
        text: "new".into(),
        notes: "why".into(),
        source: String::new(),
        checked_on: None,
        modified_at: at(50),
        ..all[3].clone()
    };
    let given = StateInformation { state: State::Ma, created_at: at(70), ..edited.clone() };
    let mut second = unit(store).await;
    second.elections_mut().update_information(&given).await.expect("an update");
    commit(second).await;
    let found = view(store).await.elections().information_of_state(State::Ny).await.expect("a read");
    assert_eq!(found, [all[2].clone(), edited]);
}
