//! What the room of what is proposed for facts promises.

use chrono::{NaiveDate, TimeDelta};

use super::{commit, unit, view};
use crate::{
    address::State,
    conformance::rows::{at, fact, field_type, state, uuid},
    election::{Proposal, StateInformation},
    ids::{InformationId, ProposalId, UserId},
    ports::store::{Store, Unit},
};

/// A test for every case of the room of what is proposed for facts.
#[macro_export]
macro_rules! edits_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            edits,
            [$($open)+],
            store::edits,
            [
                every_field_of_a_proposal_comes_back,
                a_proposal_takes_the_place_of_another_for_the_same_fact,
                proposals_come_oldest_first,
                a_proposal_is_forgotten,
                a_fact_is_locked_as_it_is,
            ]
        );
    };
}

fn proposal(number: u128, information: u128, second: i64) -> Proposal {
    Proposal {
        id: ProposalId(uuid(number)),
        information: InformationId(uuid(information)),
        text: "Bring **ID**.\nCall first.".into(),
        notes: "notes".into(),
        source: "https://example.org/law".into(),
        checked_on: NaiveDate::from_ymd_opt(2026, 2, 28),
        by: UserId(uuid(77)),
        at: at(second),
        base: at(2) + TimeDelta::microseconds(7),
    }
}

/// Two facts about one state.
async fn facts(store: &dyn Store) -> (Box<dyn Unit>, [StateInformation; 2]) {
    let mut unit = unit(store).await;
    unit.elections_mut().put_state(&state(State::Ma)).await.expect("a state");
    for kind in [field_type(1, "a", None), field_type(2, "b", None)] {
        unit.elections_mut().insert_field_type(&kind).await.expect("a field type");
    }
    let facts = [fact(1, State::Ma, 1, "one"), fact(2, State::Ma, 2, "two")];
    for fact in &facts {
        unit.elections_mut().insert_information(fact).await.expect("a fact");
    }
    (unit, facts)
}

/// By its fact and by its id. A text may be empty, and nobody need have checked it.
pub async fn every_field_of_a_proposal_comes_back(store: &dyn Store) {
    let (mut unit, _) = facts(store).await;
    let bare = Proposal {
        text: String::new(),
        notes: String::new(),
        source: String::new(),
        checked_on: None,
        ..proposal(11, 2, 6)
    };
    for put in [&proposal(10, 1, 5), &bare] {
        unit.edits_mut().put(put).await.expect("a proposal");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [proposal(10, 1, 5), bare] {
        assert_eq!(view.edits().of(put.information).await.expect("a read"), Some(put.clone()));
        assert_eq!(view.edits().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.edits().of(InformationId(uuid(9))).await.expect("a read"), None);
    assert_eq!(view.edits().by_id(ProposalId(uuid(9))).await.expect("a read"), None);
}

/// Who read the older one does not publish the newer by mistake.
pub async fn a_proposal_takes_the_place_of_another_for_the_same_fact(store: &dyn Store) {
    let (mut unit, _) = facts(store).await;
    unit.edits_mut().put(&proposal(10, 1, 5)).await.expect("a proposal");
    let newer = Proposal { text: "newer".into(), by: UserId(uuid(78)), ..proposal(11, 1, 6) };
    unit.edits_mut().put(&newer).await.expect("a proposal");
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.edits().by_id(ProposalId(uuid(10))).await.expect("a read"), None);
    assert_eq!(view.edits().list().await.expect("a read"), [newer]);
}

/// Whatever the order they were put in.
pub async fn proposals_come_oldest_first(store: &dyn Store) {
    let (mut unit, _) = facts(store).await;
    for put in [proposal(10, 1, 6), proposal(11, 2, 5)] {
        unit.edits_mut().put(&put).await.expect("a proposal");
    }
    commit(unit).await;
    let found = view(store).await.edits().list().await.expect("a read");
    assert_eq!(found, [proposal(11, 2, 5), proposal(10, 1, 6)]);
}

/// Once, and no other.
pub async fn a_proposal_is_forgotten(store: &dyn Store) {
    let (mut first, _) = facts(store).await;
    for put in [proposal(10, 1, 5), proposal(11, 2, 6)] {
        first.edits_mut().put(&put).await.expect("a proposal");
    }
    commit(first).await;
    let mut second = unit(store).await;
    for was_there in [true, false] {
        let removed = second.edits_mut().remove(InformationId(uuid(1))).await.expect("a removal");
        assert_eq!(removed, was_there);
    }
    commit(second).await;
    assert_eq!(view(store).await.edits().list().await.expect("a read"), [proposal(11, 2, 6)]);
}

/// And is not there when it is not.
pub async fn a_fact_is_locked_as_it_is(store: &dyn Store) {
    let (mut unit, facts) = facts(store).await;
    let locked = unit.edits_mut().lock(facts[1].id).await.expect("a lock");
    assert_eq!(locked.as_ref(), Some(&facts[1]));
    assert_eq!(unit.edits_mut().lock(InformationId(uuid(9))).await.expect("a lock"), None);
}
