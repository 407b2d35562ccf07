//! The use-case: the rolls are asked about who used a tool, and the action is linked to the voter they know (`flows.md` 9).

use chrono::{DateTime, Utc};

use super::Voter;
use crate::{
    action::{Source, VoterDetails},
    address::State,
    app::App,
    error::ProviderError,
    ids::{ActionId, VoterId},
    jobs::JobError,
    person::PersonName,
    ports::{
        store::{StoreError, Unit, View, unless_absent},
        voter_roll::{RollQuestion, RollVoter, VoterRoll},
    },
    switch::voter_state_api,
    verifier::VoterStatus,
};

/// Whether there is any roll at all.
pub(crate) fn has_rolls(app: &App) -> bool {
    !app.state_rolls.is_empty() || State::ALL.iter().any(|state| app.voter_roll.covers(*state))
}

/// Whether some roll may know somebody of this state: otherwise nobody need be asked.
pub(crate) fn is_asked(app: &App, state: State) -> bool {
    app.voter_roll.covers(state) || app.state_rolls.iter().any(|roll| roll.covers(state))
}

/// Who used the tool.
pub(super) async fn person(
    view: &mut dyn View,
    action: ActionId,
) -> Result<Option<VoterDetails>, StoreError> {
    Ok(match view.actions().source(action).await? {
        Some(Source::Registration(id)) => view.registrations().by_id(id).await?.map(|it| it.details()),
        Some(Source::BallotRequest(id)) => view.ballot_requests().by_id(id).await?.map(|it| it.details()),
        Some(Source::Lookup(id)) => view.lookups().by_id(id).await?.map(|it| it.voter),
        Some(Source::Reminder(id)) => view.reminders().by_id(id).await?.map(|it| it.voter),
        // they did nothing themselves, and nobody knows when they were born
        Some(Source::MoverLead(_)) | None => None,
    })
}

/// What the rolls know.
#[derive(Default)]
struct Known {
    /// In the roll of all states.
    national: Option<RollVoter>,
    /// In the state's own.
    state: Option<RollVoter>,
}

/// Asks the rolls about who did this, and links the action to the voter they know. That they were asked is noted whatever
/// they say.
///
/// Of several voters nobody is taken for the one (quirk Q16). A roll that says no to the question has no match; one that
/// gives no answer is asked again later, unless it is a state's own, whose answer is only more.
pub(super) async fn link(app: &App, action: ActionId) -> Result<(), JobError> {
    let mut view = app.store.view().await?;
    let person = person(view.as_mut(), action).await?;
    drop(view);
    let Some(person) = person else { return Ok(note(app, action).await?) };
    let Some(state) = person.address.state.filter(|state| is_asked(app, *state)) else {
        return Ok(note(app, action).await?);
    };
    let known = ask(app, state, &RollQuestion::about(&person)).await?;

    let now = app.now();
    let mut unit = app.store.begin().await?;
    let voter = match known {
        Known { national: None, state: None } => None,
        known => {
            unit.voters_mut().hold().await?;
            let voter = keep(app, unit.as_mut(), state, &person, known, now).await?;
            Some(voter)
        }
    };
    unit.voters_mut().link(action, voter, now).await?;
    unit.commit().await?;
    tracing::info!(action.id = %action, matched = voter.is_some(), "voter rolls were asked about an action");
    Ok(())
}

/// Notes that there was nobody to ask, or nobody to ask about.
async fn note(app: &App, action: ActionId) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unless_absent(unit.voters_mut().link(action, None, app.now()).await)?;
    unit.commit().await
}

async fn ask(app: &App, state: State, question: &RollQuestion) -> Result<Known, JobError> {
    let mut known = Known::default();
    if app.voter_roll.covers(state) {
        known.national = match one(app.voter_roll.as_ref(), question).await {
            Err(error) if error.is_transient() => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "a voter roll did not take a question");
                None
            }
            Ok(found) => found,
        };
    }
    if !app.switches().await.in_state(&voter_state_api::FEATURE, state) {
        return Ok(known);
    }
    for roll in app.state_rolls.iter().filter(|roll| roll.covers(state)) {
        match one(roll.as_ref(), question).await {
            Ok(Some(found)) => {
                known.state = Some(found);
                break;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "a state's own voter roll gave no answer"),
        }
    }
    Ok(known)
}

/// The voter, if the roll has exactly one.
async fn one(roll: &dyn VoterRoll, question: &RollQuestion) -> Result<Option<RollVoter>, ProviderError> {
    let mut voters = roll.find(question).await?.voters;
    Ok(if voters.len() == 1 { voters.pop() } else { None })
}

/// Finds or makes the voter, by what the rolls call it, and takes in what they say.
async fn keep(
    app: &App,
    unit: &mut dyn Unit,
    state: State,
    person: &VoterDetails,
    known: Known,
    now: DateTime<Utc>,
) -> Result<VoterId, StoreError> {
    let id = |found: &Option<RollVoter>| found.as_ref().and_then(|it| it.id.clone());
    let (roll_id, state_voter_id) = (id(&known.national), id(&known.state));
    let mut found = match &roll_id {
        Some(id) => unit.voters().by_roll_id(state, id).await?,
        None => None,
    };
    if let (None, Some(id)) = (&found, &state_voter_id) {
        found = unit.voters().by_state_voter_id(state, id).await?;
    }
    let is_new = found.is_none();
    let mut voter = found.unwrap_or_else(|| Voter::new(VoterId(app.ids.uuid()), state, now));
    voter.roll_id = roll_id.or(voter.roll_id);
    voter.state_voter_id = state_voter_id.or(voter.state_voter_id);
    voter.phone = person.phone.clone().or(voter.phone);
    voter.email = person.email.clone().or(voter.email);
    describe(&mut voter, &known);
    if let Some(national) = known.national {
        let since = national.registration_date;
        let as_of = since.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
        voter.standing.refresh(national.registered == Some(true), since, as_of);
        (voter.roll_result, voter.last_roll_refresh) = (Some(national.record), Some(now));
    }
    if let Some(own) = known.state {
        let is_registered = own.status == VoterStatus::Active;
        voter.standing.refresh(is_registered, own.registration_date, Some(now));
        (voter.state_result, voter.last_state_refresh) = (Some(own.record), Some(now.date_naive()));
    }
    voter.modified_at = now;
    if is_new {
        unit.voters_mut().insert(&voter).await?;
    } else {
        unit.voters_mut().update(&voter).await?;
    }
    Ok(voter.id)
}

/// The name as the roll of all states has it, which knows its parts, else as the state's own; of everything else the state's
/// own is preferred.
fn describe(voter: &mut Voter, known: &Known) {
    let has_name = |name: &PersonName| name.first.is_some() || name.last.is_some();
    let names = [&known.national, &known.state].into_iter().flatten().map(|it| &it.name);
    if let Some(name) = names.into_iter().find(|name| has_name(name)) {
        voter.name = PersonName { title: None, ..name.clone() };
    }
    for it in [&known.national, &known.state].into_iter().flatten() {
        voter.date_of_birth = it.date_of_birth.or(voter.date_of_birth);
        for (ours, theirs) in [
            (&mut voter.address, &it.address),
            (&mut voter.city, &it.city),
            (&mut voter.zipcode, &it.zipcode),
        ] {
            if theirs.is_some() {
                ours.clone_from(theirs);
            }
        }
    }
}
