//! What the room of voters promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    action::Action,
    address::State,
    conformance::rows::{action, at, bare_voter, references, uuid, whole_voter},
    ids::{ActionId, VoterId},
    person::Phone,
    ports::store::{Asked, Store, Unmatched},
    voter::{Standing, Voter},
};

/// A test for every case of the room of voters.
#[macro_export]
macro_rules! voters_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            voters,
            [$($open)+],
            store::voters,
            [
                every_field_of_a_voter_comes_back,
                a_voter_is_inserted_once_and_updated_whole,
                a_voter_is_found_by_what_a_roll_of_the_state_calls_it,
                a_voter_is_found_by_the_number_of_whom_was_changed_last,
                an_action_keeps_its_voter_until_it_gets_another,
                actions_that_nobody_asked_about_come_oldest_first,
                actions_without_a_registered_voter_come_again,
            ]
        );
    };
}

/// Nothing included.
pub async fn every_field_of_a_voter_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_voter(), bare_voter()] {
        unit.voters_mut().insert(&put).await.expect("it is inserted");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [whole_voter(), bare_voter()] {
        assert_eq!(view.voters().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.voters().by_id(VoterId(uuid(9))).await.expect("a read"), None);
}

/// But for the id, and when it was made.
pub async fn a_voter_is_inserted_once_and_updated_whole(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.voters_mut().hold().await.expect("it is held");
    unit.voters_mut().insert(&bare_voter()).await.expect("it is inserted");
    let (id, created_at) = (bare_voter().id, bare_voter().created_at);
    let update = Voter { id, created_at: at(77), ..whole_voter() };
    unit.voters_mut().update(&update).await.expect("it is updated");
    commit(unit).await;
    let mut unit = super::unit(store).await;
    let found = unit.voters().by_id(id).await.expect("a read");
    assert_eq!(found, Some(Voter { id, created_at, ..whole_voter() }));
    let missing = Voter { id: VoterId(uuid(9)), ..whole_voter() };
    assert!(unit.voters_mut().update(&missing).await.is_err());
    drop(unit);
    let mut unit = super::unit(store).await;
    assert!(is_conflict(&unit.voters_mut().insert(&bare_voter()).await));
}

/// Of several by the oldest; in no other state.
pub async fn a_voter_is_found_by_what_a_roll_of_the_state_calls_it(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for (number, seconds) in [(801, 20), (802, 10), (803, 30)] {
        let voter = Voter { id: VoterId(uuid(number)), created_at: at(seconds), ..whole_voter() };
        unit.voters_mut().insert(&voter).await.expect("it is inserted");
    }
    let whole = whole_voter();
    let (state, roll_id) = (whole.state.expect("a state"), whole.roll_id.expect("an id"));
    let own_id = whole.state_voter_id.expect("an id");
    let voters = unit.voters();
    let found = voters.by_roll_id(state, &roll_id).await.expect("a read");
    assert_eq!(found.map(|it| it.id), Some(VoterId(uuid(802))));
    let found = voters.by_state_voter_id(state, &own_id).await.expect("a read");
    assert_eq!(found.map(|it| it.id), Some(VoterId(uuid(802))));
    assert_eq!(voters.by_roll_id(State::Ny, &roll_id).await.expect("a read"), None);
    assert_eq!(voters.by_roll_id(state, &own_id).await.expect("a read"), None);
    assert_eq!(voters.by_state_voter_id(state, &roll_id).await.expect("a read"), None);
}

/// Of nobody else.
pub async fn a_voter_is_found_by_the_number_of_whom_was_changed_last(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    let phone = whole_voter().phone.expect("a number");
    for (number, seconds) in [(801, 20), (802, 30), (803, 10)] {
        let voter = Voter { id: VoterId(uuid(number)), modified_at: at(seconds), ..whole_voter() };
        unit.voters_mut().insert(&voter).await.expect("it is inserted");
    }
    unit.voters_mut().insert(&bare_voter()).await.expect("it is inserted");
    let found = unit.voters().by_phone(&phone).await.expect("a read");
    assert_eq!(found.map(|it| it.id), Some(VoterId(uuid(802))));
    let other = Phone::from_stored("+12125550199".into());
    assert_eq!(unit.voters().by_phone(&other).await.expect("a read"), None);
}

/// And remembers when the rolls were asked about it.
pub async fn an_action_keeps_its_voter_until_it_gets_another(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for put in [whole_voter(), bare_voter()] {
        unit.voters_mut().insert(&put).await.expect("it is inserted");
    }
    let id = ActionId(uuid(1));
    assert_eq!(unit.voters().of_action(id).await.expect("a read"), None);
    let (first, second) = (whole_voter().id, bare_voter().id);
    for (seconds, voter, linked) in [
        (50, None, None),
        (51, Some(first), Some(first)),
        (52, None, Some(first)),
        (53, Some(second), Some(second)),
    ] {
        unit.voters_mut().link(id, voter, at(seconds)).await.expect("it is linked");
        assert_eq!(unit.voters().of_action(id).await.expect("a read"), linked);
        let action = unit.actions().by_id(id).await.expect("a read").expect("the action");
        assert_eq!((action.last_voter_lookup, action.modified_at), (Some(at(seconds)), at(seconds)));
    }
    assert!(unit.voters_mut().link(ActionId(uuid(99)), None, at(1)).await.is_err());
}

/// Of the same moment, by id; not those made at the moment itself.
pub async fn actions_that_nobody_asked_about_come_oldest_first(store: &dyn Store) {
    let mut unit = unit(store).await;
    let ids = |numbers: &[u128]| numbers.iter().map(|it| ActionId(uuid(*it))).collect::<Vec<_>>();
    for (number, seconds, asked) in
        [(41, 30, None), (42, 10, None), (43, 20, Some(5)), (44, 10, None), (45, 40, None)]
    {
        let action = Action {
            id: ActionId(uuid(number)),
            created_at: at(seconds),
            last_voter_lookup: asked.map(at),
            ..action(number)
        };
        unit.actions_mut().insert(&action).await.expect("an action");
    }
    let voters = unit.voters();
    assert_eq!(voters.unasked(at(40), 9).await.expect("a read"), ids(&[42, 44, 41]));
    assert_eq!(voters.unasked(at(40), 2).await.expect("a read"), ids(&[42, 44]));
    assert_eq!(voters.unasked(at(10), 9).await.expect("a read"), []);
}

/// Longest ago first, of the same moment by id; page by page.
pub async fn actions_without_a_registered_voter_come_again(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for (number, registered) in [(811, Some(true)), (812, Some(false)), (813, None)] {
        let standing = Standing { registered, ..whole_voter().standing };
        let voter = Voter { id: VoterId(uuid(number)), standing, ..whole_voter() };
        unit.voters_mut().insert(&voter).await.expect("it is inserted");
    }
    for (number, made, asked, voter) in [
        (51, 100, Some(300), None),
        (52, 100, Some(200), Some(811)),
        (53, 100, Some(250), Some(812)),
        (54, 100, Some(200), Some(813)),
        (55, 100, Some(400), None),
        (56, 50, Some(200), None),
        (57, 100, None, None),
        (58, 100, Some(200), None),
    ] {
        let action = Action {
            id: ActionId(uuid(number)),
            created_at: at(made),
            last_voter_lookup: None,
            ..action(number)
        };
        unit.actions_mut().insert(&action).await.expect("an action");
        if let Some(asked) = asked {
            let voter = voter.map(|number| VoterId(uuid(number)));
            unit.voters_mut().link(action.id, voter, at(asked)).await.expect("it is linked");
        }
    }
    let asked = |number, seconds| Asked { at: at(seconds), action: ActionId(uuid(number)) };
    let all = [asked(54, 200), asked(58, 200), asked(53, 250), asked(51, 300)];
    let which = Unmatched { asked_before: at(400), made_after: at(50), after: None };
    for (which, limit, found) in [
        (which, 9, &all[..]),
        (which, 2, &all[..2]),
        (Unmatched { after: Some(all[0]), ..which }, 2, &all[1..3]),
        (Unmatched { after: Some(all[3]), ..which }, 2, &[]),
        (Unmatched { asked_before: at(250), ..which }, 9, &all[..2]),
        (which, 0, &[]),
    ] {
        assert_eq!(unit.voters().unmatched(&which, limit).await.expect("a read"), found, "{which:?}");
    }
}
