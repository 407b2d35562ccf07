//! What the room of letters promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{action, at, letter, references, uuid},
    ids::{ActionId, LetterId},
    letter::Letter,
    ports::store::Store,
};

/// A test for every case of the room of letters.
#[macro_export]
macro_rules! letters_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            letters,
            [$($open)+],
            store::letters,
            [
                every_field_of_a_letter_comes_back,
                a_letter_is_found_by_its_action_and_by_the_mail_house,
                an_action_has_one_letter,
                an_update_of_a_letter_changes_who_has_it_alone,
            ]
        );
    };
}

/// Another one, that nobody has yet and that is nobody's.
fn bare() -> Letter {
    Letter {
        id: LetterId(uuid(2)),
        action: ActionId(uuid(2)),
        subscriber: None,
        external_id: None,
        ..letter(1)
    }
}

async fn two(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.actions_mut().insert(&action(2)).await.expect("an action");
    for letter in [letter(1), bare()] {
        unit.letters_mut().insert(&letter).await.expect("a letter");
    }
    commit(unit).await;
}

/// Nothing included.
pub async fn every_field_of_a_letter_comes_back(store: &dyn Store) {
    two(store).await;
    let mut unit = unit(store).await;
    for put in [letter(1), bare()] {
        assert_eq!(unit.letters().by_id(put.id).await.expect("a read"), Some(put.clone()));
        assert_eq!(unit.letters_mut().lock(put.id).await.expect("a lock"), Some(put));
    }
    assert_eq!(unit.letters().by_id(LetterId(uuid(9))).await.expect("a read"), None);
    assert_eq!(unit.letters_mut().lock(LetterId(uuid(9))).await.expect("a lock"), None);
}

/// One that nobody has is not found by an empty name.
pub async fn a_letter_is_found_by_its_action_and_by_the_mail_house(store: &dyn Store) {
    two(store).await;
    let mut view = view(store).await;
    for put in [letter(1), bare()] {
        assert_eq!(view.letters().by_action(put.action).await.expect("a read"), Some(put));
    }
    assert_eq!(view.letters().by_action(ActionId(uuid(9))).await.expect("a read"), None);
    let mut unit = unit(store).await;
    let letters = unit.letters_mut();
    assert_eq!(letters.lock_by_external_id("ltr_1").await.expect("a lock"), Some(letter(1)));
    for none in ["", "ltr_2", "LTR_1"] {
        assert_eq!(letters.lock_by_external_id(none).await.expect("a lock"), None, "{none}");
    }
}

/// Whatever its id.
pub async fn an_action_has_one_letter(store: &dyn Store) {
    two(store).await;
    for second in [letter(1), Letter { id: LetterId(uuid(3)), ..letter(1) }] {
        let mut unit = unit(store).await;
        assert!(is_conflict(&unit.letters_mut().insert(&second).await));
    }
}

/// Action, subscriber and the moment when it was made stay.
pub async fn an_update_of_a_letter_changes_who_has_it_alone(store: &dyn Store) {
    two(store).await;
    let mut unit = unit(store).await;
    let taken = Letter {
        action: ActionId(uuid(1)),
        subscriber: letter(1).subscriber,
        external_id: Some("ltr_2".into()),
        created_at: at(41),
        modified_at: at(42),
        ..bare()
    };
    unit.letters_mut().lock(taken.id).await.expect("a lock");
    unit.letters_mut().update(&taken).await.expect("an update");
    commit(unit).await;
    let kept = Letter { external_id: Some("ltr_2".into()), modified_at: at(42), ..bare() };
    assert_eq!(view(store).await.letters().by_id(kept.id).await.expect("a read"), Some(kept));
}
