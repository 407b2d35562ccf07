//! Rolls are asked about who used a tool, and the action is linked to the voter they know (`flows.md` 9).

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use turnout_core::{
    address::State,
    error::{ProviderError, ProviderErrorKind},
    ids::ActionId,
    jobs::JobState,
    memory::World,
    ports::{
        clock::Clock as _,
        store::Store as _,
        voter_roll::{RollAnswer, RollQuestion, RollVoter, VoterRoll},
    },
    reminder,
    switch::{self, SwitchName, SwitchValue},
    verifier::{self, VoterStatus},
    voter::{
        Standing, Voter,
        jobs::{CheckNew, Recheck},
    },
};

use crate::voter::{
    COMPLETE, INCOMPLETE, complete, input, jobs, minimum, rows, run_due, seeded_with, submit, with,
};

/// A roll that answers what it was told, and remembers whom it was asked about.
#[derive(Clone)]
struct Roll {
    state: Option<State>,
    answer: Arc<Mutex<Result<Vec<RollVoter>, ProviderErrorKind>>>,
    asked: Arc<Mutex<Vec<RollQuestion>>>,
}

impl Roll {
    fn of(state: Option<State>) -> Self {
        Self { state, answer: Arc::new(Mutex::new(Ok(Vec::new()))), asked: Arc::default() }
    }

    fn knows(&self, voters: Vec<RollVoter>) {
        *self.answer.lock().unwrap() = Ok(voters);
    }

    fn fails(&self, kind: ProviderErrorKind) {
        *self.answer.lock().unwrap() = Err(kind);
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

#[async_trait]
impl VoterRoll for Roll {
    async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        self.asked.lock().unwrap().push(question.clone());
        match &*self.answer.lock().unwrap() {
            Ok(voters) => Ok(RollAnswer { voters: voters.clone(), response: None }),
            Err(kind) => Err(ProviderError::new("roll", *kind)),
        }
    }

    fn covers(&self, state: State) -> bool {
        self.state.is_none_or(|own| own == state)
    }
}

/// A voter as a roll has him, registered since a day of March 2020.
fn known(id: &str, day: u32) -> RollVoter {
    RollVoter {
        id: Some(id.into()),
        status: VoterStatus::Active,
        registered: Some(true),
        registration_date: NaiveDate::from_ymd_opt(2020, 3, day),
        city: Some(format!("City of {id}")),
        record: json!({"entry": id}),
        ..RollVoter::default()
    }
}

/// A world with a roll of all states and one of Massachusetts.
async fn world() -> (World, Roll, Roll) {
    let (national, own) = (Roll::of(None), Roll::of(Some(State::Ma)));
    let (first, second) = (national.clone(), own.clone());
    let world = seeded_with(|app| app.with_voter_roll(first).with_state_roll(second)).await;
    (world, national, own)
}

async fn set(world: &World, name: &str, value: SwitchValue) {
    switch::set(&world.app, SwitchName::parse(name).unwrap(), Some(&value)).await.unwrap();
}

/// Runs what is due, and a minute later what had to wait for its turn, until nothing is due.
async fn work(world: &World) {
    while run_due(world).await > 0 {
        world.clock.advance(TimeDelta::seconds(2));
    }
}

async fn voter_of(world: &World, action: ActionId) -> Option<Voter> {
    let mut view = world.store.view().await.unwrap();
    let id = view.voters().of_action(action).await.unwrap()?;
    view.voters().by_id(id).await.unwrap()
}

async fn finished(world: &World) -> ActionId {
    let action = submit(world, complete(), &COMPLETE).await.registration.action.unwrap();
    work(world).await;
    action
}

#[tokio::test]
async fn a_finished_action_is_linked_to_the_one_voter_whom_the_roll_knows() {
    let (world, national, own) = world().await;
    national.knows(vec![known("MA-7", 4)]);
    let action = finished(&world).await;
    let voter = voter_of(&world, action).await.unwrap();
    assert_eq!((voter.roll_id.as_deref(), voter.state), (Some("MA-7"), Some(State::Ma)));
    assert_eq!(
        (voter.email.as_deref(), voter.city.as_deref()),
        (Some("ada@example.org"), Some("City of MA-7"))
    );
    assert_eq!(voter.roll_result, Some(json!({"entry": "MA-7"})));
    assert_eq!(voter.standing.registered, Some(true));
    assert_eq!(voter.standing.since, NaiveDate::from_ymd_opt(2020, 3, 4));
    assert_eq!(own.asked(), 0, "a state's own roll is asked where a switch says so");
    // the same voter again
    let other = finished(&world).await;
    assert_ne!(action, other);
    assert_eq!(voter_of(&world, other).await.unwrap().id, voter.id);
}

#[tokio::test]
async fn of_several_voters_nobody_is_taken_and_no_roll_is_asked_where_there_is_none() {
    let (world, national, _) = world().await;
    for voters in [vec![], vec![known("MA-7", 4), known("MA-8", 4)]] {
        national.knows(voters);
        let action = finished(&world).await;
        assert_eq!(voter_of(&world, action).await, None);
        let asked = world.store.view().await.unwrap().actions().by_id(action).await.unwrap().unwrap();
        assert!(asked.last_voter_lookup.is_some());
    }
    let lonely = crate::voter::seeded().await;
    let action = submit(&lonely, complete(), &COMPLETE).await.registration.action.unwrap();
    work(&lonely).await;
    let action = lonely.store.view().await.unwrap().actions().by_id(action).await.unwrap().unwrap();
    assert_eq!(action.last_voter_lookup, None);
}

#[tokio::test]
async fn a_states_own_roll_knows_better_when_it_is_switched_on() {
    let (world, national, own) = world().await;
    set(&world, "voter_state_api", SwitchValue::Flag(true)).await;
    set(&world, "voter_state_api.MA", SwitchValue::Flag(true)).await;
    national.knows(vec![known("MA-7", 4)]);
    own.knows(vec![known("own", 9)]);
    let action = finished(&world).await;
    let voter = voter_of(&world, action).await.unwrap();
    assert_eq!((voter.roll_id.as_deref(), voter.state_voter_id.as_deref()), (Some("MA-7"), Some("own")));
    assert_eq!(voter.city.as_deref(), Some("City of own"));
    assert_eq!(voter.standing.since, NaiveDate::from_ymd_opt(2020, 3, 9));
    assert_eq!(voter.last_state_refresh, Some(world.clock.now().date_naive()));
    // alone it is enough, and finds the same voter
    national.knows(vec![]);
    let other = finished(&world).await;
    assert_eq!(voter_of(&world, other).await.unwrap().id, voter.id);
    // what it cannot say does not keep the roll of all states from being believed
    own.fails(ProviderErrorKind::Unreachable);
    national.knows(vec![known("MA-9", 4)]);
    let third = finished(&world).await;
    assert_eq!(voter_of(&world, third).await.unwrap().roll_id.as_deref(), Some("MA-9"));
}

#[tokio::test]
async fn a_roll_that_gives_no_answer_is_asked_again_and_one_that_refuses_is_not() {
    let (world, national, _) = world().await;
    national.fails(ProviderErrorKind::Throttled);
    let action = submit(&world, complete(), &COMPLETE).await.registration.action.unwrap();
    run_due(&world).await;
    let waiting = jobs(&world).await.into_iter().find(|job| job.kind == "voter.look_up").unwrap();
    assert_eq!((waiting.state, waiting.attempts, waiting.lane.as_str()), (JobState::Waiting, 1, "voter"));
    national.knows(vec![known("MA-7", 4)]);
    world.clock.advance(TimeDelta::minutes(10));
    work(&world).await;
    assert!(voter_of(&world, action).await.is_some());
    national.fails(ProviderErrorKind::Rejected);
    let asked = national.asked();
    let action = finished(&world).await;
    assert_eq!((voter_of(&world, action).await, national.asked()), (None, asked + 1));
}

#[tokio::test]
async fn an_unfinished_action_is_looked_up_too_and_wisconsin_goes_slowly() {
    let (world, national, _) = world().await;
    submit(&world, with(minimum(), json!({"state": "WI"})), &INCOMPLETE).await;
    run_due(&world).await;
    assert_eq!(national.asked(), 0);
    world.clock.advance(TimeDelta::minutes(16));
    run_due(&world).await;
    assert_eq!(national.asked(), 1);
    // every tool's voter
    let voter = json!({
        "first_name": "Ada", "last_name": "Byron", "address1": "1 Elm St", "city": "Boston", "state": "MA",
        "zipcode": "02139", "date_of_birth": "1990-12-10", "email": "ada@example.org",
    });
    verifier::verify(&world.app, &input(voter.clone()), None).await.unwrap_or_else(|_| panic!("an answer"));
    reminder::submit(&world.app, &input(voter), None).await.unwrap_or_else(|_| panic!("it is taken"));
    let before = national.asked();
    work(&world).await;
    assert_eq!(national.asked(), before + 2);
}

#[tokio::test]
async fn switched_off_nobody_is_asked() {
    let (world, national, _) = world().await;
    set(&world, "voter_action_check", SwitchValue::Flag(false)).await;
    finished(&world).await;
    assert_eq!(national.asked(), 0);
}

#[tokio::test]
async fn what_nobody_asked_about_is_looked_up_as_much_as_a_switch_allows() {
    let (world, national, _) = world().await;
    set(&world, "voter_action_check", SwitchValue::Flag(false)).await;
    for _ in 0..3 {
        finished(&world).await;
    }
    set(&world, "voter_action_check", SwitchValue::Flag(true)).await;
    check(&world).await;
    assert_eq!(national.asked(), 0, "none unless a switch says how many");
    set(&world, "voter_action_check.max_check", SwitchValue::Number(2)).await;
    check(&world).await;
    assert_eq!(national.asked(), 0, "younger ones have their own look");
    world.clock.advance(TimeDelta::minutes(20));
    check(&world).await;
    // two by the switch; the unfinished of them are none, as all were finished
    assert_eq!(national.asked(), 2);
    check(&world).await;
    check(&world).await;
    assert_eq!(national.asked(), 3);
}

async fn check(world: &World) {
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&CheckNew {}.job(&world.app)).await.unwrap();
    })
    .await;
    work(world).await;
}

#[tokio::test]
async fn who_was_not_known_or_not_registered_is_looked_up_again_after_a_week_for_a_quarter() {
    let (world, national, _) = world().await;
    let unknown = finished(&world).await;
    national.knows(vec![RollVoter { registered: Some(false), ..known("MA-1", 4) }]);
    finished(&world).await;
    national.knows(vec![known("MA-2", 4)]);
    finished(&world).await;
    let recheck = async || {
        let before = national.asked();
        rows(&world, async |unit| {
            unit.jobs_mut().enqueue(&Recheck {}.job(&world.app)).await.unwrap();
        })
        .await;
        work(&world).await;
        national.asked() - before
    };
    world.clock.advance(TimeDelta::days(6));
    work(&world).await;
    assert_eq!(recheck().await, 0);
    set(&world, "voter_action_check.max_recheck", SwitchValue::Number(5)).await;
    assert_eq!(recheck().await, 0, "not within a week");
    world.clock.advance(TimeDelta::days(2));
    assert_eq!(recheck().await, 2, "who is registered is not looked up again");
    assert_eq!(voter_of(&world, unknown).await.unwrap().roll_id.as_deref(), Some("MA-2"));
    world.clock.advance(TimeDelta::days(90));
    work(&world).await;
    assert_eq!(recheck().await, 0, "not after a quarter");
}

#[test]
fn a_standing_of_nothing_says_nothing() {
    assert_eq!(Standing::default(), Standing { registered: None, since: None, as_of: None });
}
