//! What the room of the ledger of consent promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, consent, references, uuid},
    consent::{Choice, Entry, Mark, Origin, Scope},
    decision::{Channel, Purpose},
    ids::ConsentId,
    ports::store::Store,
};

/// A test for every case of the room of the ledger.
#[macro_export]
macro_rules! consents_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            consents,
            [$($open)+],
            store::consents,
            [
                every_field_of_an_entry_comes_back,
                an_entry_is_added_once,
                the_entries_of_an_address_come_by_when_they_were_said,
            ]
        );
    };
}

/// One of each scope; the last has nothing in it that may be missing.
fn entries() -> [Entry; 5] {
    let mark = |scope| Mark { scope, ..consent(1).mark };
    [
        consent(1),
        Entry { id: ConsentId(uuid(2)), mark: mark(Scope::Service), ..consent(1) },
        Entry { id: ConsentId(uuid(3)), mark: mark(Scope::Purpose(Purpose::Campaign)), ..consent(1) },
        Entry {
            id: ConsentId(uuid(5)),
            mark: Mark { choice: Choice::Withdrawn, ..consent(1).mark },
            origin: Origin::Staff,
            ..consent(1)
        },
        Entry {
            id: ConsentId(uuid(4)),
            mark: Mark { choice: Choice::Stopped, scope: Scope::All, at: at(1) },
            origin: Origin::Carrier,
            text: None,
            language: None,
            context: None,
            ..consent(1)
        },
    ]
}

/// Nothing included.
pub async fn every_field_of_an_entry_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for entry in entries() {
        unit.consents_mut().insert(&entry).await.expect("an entry");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for entry in entries() {
        assert_eq!(view.consents().by_id(entry.id).await.expect("a read"), Some(entry));
    }
    assert_eq!(view.consents().by_id(ConsentId(uuid(9))).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn an_entry_is_added_once(store: &dyn Store) {
    let [.., last] = entries();
    let mut unit = unit(store).await;
    unit.consents_mut().insert(&last).await.expect("an entry");
    assert!(is_conflict(&unit.consents_mut().insert(&last).await));
}

/// Those of the same moment by when they were recorded; those of other addresses and channels are left out.
pub async fn the_entries_of_an_address_come_by_when_they_were_said(store: &dyn Store) {
    let [.., last] = entries();
    let entry = |number, said, recorded| Entry {
        id: ConsentId(uuid(number)),
        mark: Mark { at: at(said), ..last.mark },
        recorded_at: at(recorded),
        ..last.clone()
    };
    let mut unit = unit(store).await;
    for entry in [
        entry(1, 5, 9),
        entry(2, 3, 10),
        entry(3, 5, 8),
        Entry { address: "+16175550000".into(), ..entry(4, 1, 1) },
        Entry { channel: Channel::Email, ..entry(5, 1, 1) },
    ] {
        unit.consents_mut().insert(&entry).await.expect("an entry");
    }
    let of = unit.consents().of(Channel::Sms, &last.address).await.expect("a read");
    assert_eq!(of.iter().map(|entry| entry.id.0).collect::<Vec<_>>(), [uuid(2), uuid(3), uuid(1)]);
    assert_eq!(unit.consents().of(Channel::Sms, "nobody").await.expect("a read"), []);
}
