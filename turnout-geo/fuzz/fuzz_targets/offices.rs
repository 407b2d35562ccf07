//! Any bytes as a list of election offices: JSON in a supplier's shape, read as one list and in passes, or a row of a
//! table. What is taken points to nothing that is not there, and is the same when it is read again.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use turnout_core::official::{ListDraft, OfficeList};

fuzz_target!(|data: &[u8]| {
    let Some((format, rest)) = data.split_first() else { return };
    let Ok(json) = serde_json::from_slice::<Value>(rest) else { return };
    let read = || {
        let mut draft = if format & 1 == 0 { ListDraft::default() } else { ListDraft::of_passes() };
        match (&json, format & 2) {
            (Value::Object(row), 2) => draft.row("row 2", row),
            _ => draft.read("list", &json),
        }
        draft.check()
    };
    match read() {
        Ok(list) => {
            whole(&list);
            assert_eq!(read().as_ref(), Ok(&list));
        }
        Err(complaints) => assert!(!complaints.is_empty(), "it is refused without a word"),
    }
});

fn whole(list: &OfficeList) {
    let regions: BTreeSet<_> = list.regions.iter().map(|region| region.id).collect();
    let offices: BTreeSet<_> = list.offices.iter().map(|office| office.id).collect();
    assert_eq!(regions.len(), list.regions.len());
    assert_eq!(offices.len(), list.offices.len());
    assert!(list.offices.iter().filter_map(|office| office.region).all(|region| regions.contains(&region)));
    assert!(list.addresses.iter().filter_map(|address| address.office).all(|office| offices.contains(&office)));
}
