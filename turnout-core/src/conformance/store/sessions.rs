//! What the room of sessions promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    account::{Session, SessionStage},
    conformance::rows::{at, session, user, uuid},
    ids::{SessionId, UserId},
    ports::store::{Store, Unit},
};

/// A test for every case of the room of sessions.
#[macro_export]
macro_rules! sessions_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            sessions,
            [$($open)+],
            store::sessions,
            [
                every_field_of_a_session_comes_back,
                a_session_is_found_by_its_own_token_alone,
                sessions_of_somebody_are_its_own_the_last_used_first,
                an_update_changes_all_of_a_session_but_id_user_and_creation,
                nobody_ends_a_session_of_somebody_else,
                all_sessions_of_somebody_but_one_are_ended,
                sessions_that_ended_long_ago_are_forgotten,
            ]
        );
    };
}

/// A unit with two people.
async fn begun(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    for number in [1, 2] {
        unit.accounts_mut().insert(&user(number, 0)).await.expect("a user");
    }
    unit
}

async fn with(store: &dyn Store, sessions: &[Session]) {
    let mut unit = begun(store).await;
    for session in sessions {
        unit.sessions_mut().insert(session).await.expect("a session");
    }
    commit(unit).await;
}

async fn of(store: &dyn Store, user: u128) -> Vec<u128> {
    let rows = view(store).await.sessions().of_user(UserId(uuid(user))).await.expect("a read");
    rows.iter().map(|it| it.id.0.as_u128()).collect()
}

/// Of every stage.
pub async fn every_field_of_a_session_comes_back(store: &dyn Store) {
    let sessions: Vec<Session> = (11..)
        .zip(SessionStage::ALL)
        .map(|(number, stage)| Session { stage: *stage, ..session(number, 1, 0) })
        .collect();
    with(store, &sessions).await;
    let mut view = view(store).await;
    for put in sessions {
        let found = view.sessions().by_token(&put.token_hash).await.expect("a read");
        assert_eq!(found, Some(put));
    }
}

/// No other one; and no two have the same.
pub async fn a_session_is_found_by_its_own_token_alone(store: &dyn Store) {
    with(store, &[session(11, 1, 0), session(12, 2, 0)]).await;
    let mut view = view(store).await;
    let found = view.sessions().by_token(&session(12, 2, 0).token_hash).await.expect("a read");
    assert_eq!(found.expect("it is there").user, UserId(uuid(2)));
    assert_eq!(view.sessions().by_token(b"another").await.expect("a read"), None);
    drop(view);
    let mut other = unit(store).await;
    let same = Session { token_hash: session(11, 1, 0).token_hash, ..session(13, 2, 0) };
    assert!(is_conflict(&other.sessions_mut().insert(&same).await));
}

/// Of the same moment, by id.
pub async fn sessions_of_somebody_are_its_own_the_last_used_first(store: &dyn Store) {
    with(store, &[session(11, 1, 5), session(14, 1, 9), session(12, 2, 7), session(13, 1, 9)]).await;
    assert_eq!(of(store, 1).await, [13, 14, 11]);
    assert_eq!(of(store, 2).await, [12]);
    assert_eq!(of(store, 3).await, []);
}

/// One that is not there says so.
pub async fn an_update_changes_all_of_a_session_but_id_user_and_creation(store: &dyn Store) {
    with(store, &[session(11, 1, 0)]).await;
    let changed = Session {
        id: SessionId(uuid(11)),
        stage: SessionStage::Verified,
        agent: "Safari".into(),
        ..session(77, 2, 50)
    };
    let mut other = unit(store).await;
    assert!(other.sessions_mut().update(&changed).await.expect("an update"));
    assert!(!other.sessions_mut().update(&session(12, 1, 0)).await.expect("an update"));
    commit(other).await;
    let kept = Session { user: UserId(uuid(1)), created_at: session(11, 1, 0).created_at, ..changed.clone() };
    let found = view(store).await.sessions().by_token(&changed.token_hash).await.expect("a read");
    assert_eq!(found, Some(kept));
}

/// Whose it is has to be said.
pub async fn nobody_ends_a_session_of_somebody_else(store: &dyn Store) {
    with(store, &[session(11, 1, 0), session(12, 2, 0)]).await;
    let mut other = unit(store).await;
    let (one, id) = (UserId(uuid(1)), SessionId(uuid(12)));
    assert!(!other.sessions_mut().remove(one, id).await.expect("no change"));
    assert!(other.sessions_mut().remove(one, SessionId(uuid(11))).await.expect("a change"));
    assert!(!other.sessions_mut().remove(one, SessionId(uuid(11))).await.expect("no change"));
    commit(other).await;
    assert_eq!((of(store, 1).await, of(store, 2).await), (vec![], vec![12]));
}

/// Or all of them.
pub async fn all_sessions_of_somebody_but_one_are_ended(store: &dyn Store) {
    with(store, &[session(11, 1, 0), session(12, 1, 1), session(13, 1, 2), session(14, 2, 0)]).await;
    let mut first = unit(store).await;
    let but = Some(SessionId(uuid(12)));
    assert_eq!(first.sessions_mut().remove_others(UserId(uuid(1)), but).await.expect("a change"), 2);
    commit(first).await;
    assert_eq!((of(store, 1).await, of(store, 2).await), (vec![12], vec![14]));
    let mut second = unit(store).await;
    assert_eq!(second.sessions_mut().remove_others(UserId(uuid(1)), None).await.expect("a change"), 1);
    commit(second).await;
    assert_eq!((of(store, 1).await, of(store, 2).await), (vec![], vec![14]));
}

/// So many at the most, and none that has not.
pub async fn sessions_that_ended_long_ago_are_forgotten(store: &dyn Store) {
    with(store, &[session(11, 1, 0), session(12, 1, 1), session(13, 1, 2), session(14, 2, 3)]).await;
    let mut other = unit(store).await;
    // they end a hundred seconds after they were seen
    assert_eq!(other.sessions_mut().forget(at(102), 1).await.expect("a change"), 1);
    assert_eq!(other.sessions_mut().forget(at(102), 5).await.expect("a change"), 1);
    assert_eq!(other.sessions_mut().forget(at(102), 5).await.expect("a change"), 0);
    commit(other).await;
    assert_eq!((of(store, 1).await, of(store, 2).await), (vec![13], vec![14]));
}
