//! What the room of people who moved promises.

use chrono::TimeDelta;

use super::{commit, is_conflict, unit, view};
use crate::{
    action::Source,
    address::State,
    conformance::rows::{action, at, file, lead, references, uuid},
    decision::Rule,
    file::FileType,
    ids::{ActionId, FileId, MoverLeadId, RegionId},
    mover::{Home, MoverLead},
    ports::store::Store,
};

/// A test for every case of the room of people who moved.
#[macro_export]
macro_rules! movers_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            movers,
            [$($open)+],
            store::movers,
            [
                every_field_of_a_lead_comes_back,
                a_lead_of_the_same_address_and_moment_is_stored_once,
                an_update_of_a_lead_changes_what_we_did_alone,
                what_is_left_to_be_done_is_listed_by_id,
                leads_without_a_letter_are_listed_by_state,
                an_action_belongs_to_its_lead,
                it_is_kept_up_to_when_a_source_was_asked,
            ]
        );
    };
}

/// Another one, with as little as rows of the Django service may have.
fn bare() -> MoverLead {
    MoverLead {
        source_created_at: None,
        first_name: None,
        last_name: None,
        email: None,
        move_date: None,
        new: Home::default(),
        old: Home::default(),
        crm_person: None,
        action: None,
        file: None,
        located_at: None,
        left_alone: None,
        ..lead(9)
    }
}

/// With that number, with nothing done.
fn fresh(number: u128) -> MoverLead {
    let mut it = lead(number);
    (it.new.region, it.old.region) = (None, None);
    MoverLead { crm_person: None, action: None, file: None, located_at: None, left_alone: None, ..it }
}

async fn put(store: &dyn Store, leads: &[MoverLead]) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for lead in leads {
        assert!(unit.movers_mut().insert(lead).await.expect("a lead"));
    }
    commit(unit).await;
}

/// Nothing included.
pub async fn every_field_of_a_lead_comes_back(store: &dyn Store) {
    let stopped = MoverLead { left_alone: Some(Rule::Stopped), ..fresh(2) };
    put(store, &[lead(1), stopped.clone(), bare()]).await;
    let mut unit = unit(store).await;
    for put in [lead(1), stopped, bare()] {
        assert_eq!(unit.movers().by_id(put.id).await.expect("a read"), Some(put.clone()));
        assert_eq!(unit.movers_mut().lock(put.id).await.expect("a lock"), Some(put));
    }
    let nobody = MoverLeadId(uuid(77));
    assert_eq!(unit.movers().by_id(nobody).await.expect("a read"), None);
    assert_eq!(unit.movers_mut().lock(nobody).await.expect("a lock"), None);
}

/// Whatever else it says; letters of an address count.
pub async fn a_lead_of_the_same_address_and_moment_is_stored_once(store: &dyn Store) {
    put(store, &[lead(1), bare()]).await;
    let mut one = unit(store).await;
    let again = MoverLead { email: lead(1).email, source_created_at: lead(1).source_created_at, ..fresh(2) };
    let (email, moment) = (lead(1).email.expect("one"), lead(1).source_created_at.expect("one"));
    assert!(!one.movers_mut().insert(&again).await.expect("no failure"));
    assert!(one.movers().is_known(&email, moment).await.expect("a read"));
    let later = moment + TimeDelta::microseconds(1);
    assert!(!one.movers().is_known(&email, later).await.expect("a read"));
    assert!(!one.movers().is_known(&email.to_uppercase(), moment).await.expect("a read"));
    let another = MoverLead { source_created_at: Some(later), ..again };
    assert!(one.movers_mut().insert(&another).await.expect("a lead"));
    // of those without either nothing is known
    assert!(
        one.movers_mut().insert(&MoverLead { id: MoverLeadId(uuid(10)), ..bare() }).await.expect("a lead")
    );
    commit(one).await;
    let mut two = unit(store).await;
    let same_id = MoverLead { source_created_at: Some(at(900)), ..lead(1) };
    assert!(is_conflict(&two.movers_mut().insert(&same_id).await));
}

/// What the source said stays.
pub async fn an_update_of_a_lead_changes_what_we_did_alone(store: &dyn Store) {
    put(store, &[fresh(1)]).await;
    let mut one = unit(store).await;
    one.actions_mut().insert(&action(2)).await.expect("an action");
    one.files_mut().insert(&file(3, FileType::BlankRegForms, 0)).await.expect("a file");
    let done = |it: MoverLead| MoverLead {
        new: Home { region: Some(RegionId(5_000_000_000)), ..it.new },
        old: Home { region: Some(RegionId(1)), ..it.old },
        crm_person: Some("somebody".into()),
        action: Some(ActionId(uuid(2))),
        file: Some(FileId(uuid(3))),
        located_at: Some(at(60)),
        left_alone: Some(Rule::Suppressed),
        modified_at: at(61),
        ..it
    };
    let other = MoverLead { id: fresh(1).id, ..fresh(5) };
    one.movers_mut().lock(other.id).await.expect("a lock");
    one.movers_mut().update(&done(other)).await.expect("an update");
    commit(one).await;
    assert_eq!(view(store).await.movers().by_id(fresh(1).id).await.expect("a read"), Some(done(fresh(1))));
}

/// Page by page.
pub async fn what_is_left_to_be_done_is_listed_by_id(store: &dyn Store) {
    let mut half = fresh(4);
    half.new.region = Some(RegionId(1));
    let asked = MoverLead { located_at: Some(at(3)), ..fresh(5) };
    let stopped = MoverLead { left_alone: Some(Rule::Stopped), ..fresh(6) };
    let known = MoverLead { crm_person: Some("somebody".into()), ..fresh(7) };
    put(store, &[fresh(8), known, stopped, asked, half, fresh(3), bare()]).await;
    let id = |number| MoverLeadId(uuid(number));
    let mut view = view(store).await;
    let movers = view.movers();
    let ids = |numbers: &[u128]| numbers.iter().copied().map(id).collect::<Vec<_>>();
    assert_eq!(movers.unlocated(None, 9).await.expect("a list"), ids(&[3, 6, 7, 8, 9]));
    assert_eq!(movers.unlocated(Some(id(3)), 2).await.expect("a list"), ids(&[6, 7]));
    assert_eq!(movers.unlocated(Some(id(9)), 2).await.expect("a list"), ids(&[]));
    let since = fresh(4).source_created_at.expect("one");
    assert_eq!(movers.unpushed(at(0), None, 9).await.expect("a list"), ids(&[3, 4, 5, 8, 9]));
    // the one without a moment of the source counts from when it was stored
    let later = bare().created_at.min(since);
    assert_eq!(movers.unpushed(later, Some(id(3)), 2).await.expect("a list").len(), 2);
    assert_eq!(movers.unpushed(at(1_000_000), None, 9).await.expect("a list"), ids(&[]));
}

/// Those who rent there.
pub async fn leads_without_a_letter_are_listed_by_state(store: &dyn Store) {
    let mut owner = fresh(2);
    owner.new.tenure = Some("own".into());
    let mut elsewhere = fresh(3);
    elsewhere.new.address.state = Some(State::Ny);
    let stopped = MoverLead { left_alone: Some(Rule::Stopped), ..fresh(4) };
    let mailed = MoverLead { id: MoverLeadId(uuid(5)), source_created_at: Some(at(0)), ..lead(1) };
    put(store, &[fresh(8), stopped, elsewhere.clone(), owner, fresh(6), mailed]).await;
    let mut view = view(store).await;
    let movers = view.movers();
    let state = lead(1).new.address.state.expect("one");
    assert_eq!(movers.unmailed(state, at(0), None, 9).await.expect("a list"), [fresh(6), fresh(8)]);
    assert_eq!(movers.unmailed(state, at(0), None, 1).await.expect("a list"), [fresh(6)]);
    assert_eq!(movers.unmailed(state, at(0), Some(fresh(6).id), 9).await.expect("a list"), [fresh(8)]);
    assert_eq!(movers.unmailed(State::Ny, at(0), None, 9).await.expect("a list"), [elsewhere]);
    assert_eq!(movers.unmailed(state, at(1_000_000), None, 9).await.expect("a list"), []);
}

/// As those of the tools do to their records.
pub async fn an_action_belongs_to_its_lead(store: &dyn Store) {
    put(store, &[fresh(1), lead(2)]).await;
    let source = view(store).await.actions().source(ActionId(uuid(1))).await.expect("a read");
    assert_eq!(source, Some(Source::MoverLead(lead(2).id)));
}

/// Source by source.
pub async fn it_is_kept_up_to_when_a_source_was_asked(store: &dyn Store) {
    let mut unit = unit(store).await;
    assert_eq!(unit.movers().pulled_until("one").await.expect("a read"), None);
    for (source, until) in [("one", at(5)), ("two", at(6)), ("one", at(7))] {
        unit.movers_mut().set_pulled_until(source, until).await.expect("a note");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(view.movers().pulled_until("one").await.expect("a read"), Some(at(7)));
    assert_eq!(view.movers().pulled_until("two").await.expect("a read"), Some(at(6)));
}
