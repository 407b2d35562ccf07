//! The use-case: a voter asks whether he is registered (`http-api.md` 5, `flows.md` 4).

use chrono::{DateTime, Utc};

use super::{Lookup, VoterStatus, jobs};
use crate::{
    action::{self, Action, DetailsDraft, EventType},
    app::App,
    asked::{self, Field},
    consent::given_on_form,
    error::ProviderError,
    ids::LookupId,
    input::{Input, Reader, Rules},
    ports::{
        store::StoreError,
        voter_roll::{RollAnswer, RollQuestion},
    },
    problems::Problems,
    search::{self, Listed},
    subscriber, webhook,
};

/// Why there is no answer. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The roll gave no answer.
    #[error("the voter roll gave no answer")]
    Roll(#[from] ProviderError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What somebody asks.
struct Question {
    draft: DetailsDraft,
    age: Option<i64>,
    last_updated: Option<DateTime<Utc>>,
}

impl Question {
    fn read(r: &mut Reader<'_>) -> Self {
        Self {
            draft: DetailsDraft::read(r, Rules::required()),
            age: r.integer("age", Rules::optional().or_null()).value(),
            last_updated: r.datetime("last_updated", Rules::optional().or_null()).value(),
        }
    }
}

/// The fields that [`verify`] reads.
#[must_use]
pub fn fields() -> Vec<Field> {
    asked::fields(|input| {
        let _ = Question::read(&mut Reader::whole(input));
    })
}

/// Asks the voter roll, and keeps question and answer.
///
/// A voter is registered when the roll has exactly one such voter, whose registration is active. Many may share a name
/// and a year of birth, so of several nobody is taken for the voter.
///
/// # Errors
/// See [`VerifyError`].
#[tracing::instrument(target = "turnout::trace", name = "verifier.verify", skip_all)]
pub async fn verify(app: &App, input: &Input, slug: Option<&str>) -> Result<Lookup, VerifyError> {
    let mut reader = Reader::whole(input);
    let Question { draft, age, last_updated } = Question::read(&mut reader);
    reader.into_problems().into_result()?;
    let mut view = app.store.view().await?;
    let subscriber = subscriber::choose_for_call(app, view.as_mut(), slug).await?;
    drop(view);
    let (voter, events) = draft.into_details(subscriber.as_ref());
    let answer = app.voter_roll.find(&RollQuestion::about(&voter)).await?;

    let action = Action::begin(app, subscriber.as_ref());
    let voter_status = status(&answer);
    let lookup = Lookup {
        id: LookupId(app.ids.uuid()),
        action: Some(action.id),
        subscriber: subscriber.map(|it| it.id),
        created_at: action.created_at,
        modified_at: action.created_at,
        voter,
        age,
        last_updated,
        registered: Some(voter_status == VoterStatus::Active),
        too_many: Some(answer.voters.len() > 1),
        voter_status: Some(voter_status),
        response: answer.response,
    };
    let mut unit = app.store.begin().await?;
    unit.actions_mut().insert(&action).await?;
    unit.lookups_mut().insert(&lookup).await?;
    search::list(unit.as_mut(), &action, Listed::lookup(&lookup)).await?;
    given_on_form(app, unit.as_mut(), None, lookup.voter.ticked(lookup.subscriber)).await?;
    webhook::begun(app, unit.as_mut(), action.id).await?;
    for event in [EventType::Finish].iter().chain(&events) {
        webhook::happened(app, unit.as_mut(), &app.event(action.id, *event)).await?;
    }
    if events.contains(&EventType::FinishExternal) {
        unit.jobs_mut().enqueue(&jobs::next_steps(app, &lookup)).await?;
    }
    let finish = action::jobs::Finish { action: action.id }.job(app);
    unit.jobs_mut().enqueue(&finish.of(lookup.subscriber)).await?;
    unit.commit().await?;
    app.measures.looked_up(lookup.voter.address.state, voter_status == VoterStatus::Active);
    Ok(lookup)
}

/// What the answer says of the voter: nothing, unless there is exactly one.
fn status(answer: &RollAnswer) -> VoterStatus {
    match answer.voters.as_slice() {
        [voter] => voter.status,
        _ => VoterStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::voter_roll::RollVoter;

    #[test]
    fn of_several_voters_nobody_is_taken_for_the_one_who_asks() {
        let voter = |status| RollVoter { status, ..RollVoter::default() };
        for (voters, expected) in [
            (vec![], VoterStatus::Unknown),
            (vec![VoterStatus::Active], VoterStatus::Active),
            (vec![VoterStatus::Inactive], VoterStatus::Inactive),
            (vec![VoterStatus::Unknown], VoterStatus::Unknown),
            (vec![VoterStatus::Active, VoterStatus::Active], VoterStatus::Unknown),
        ] {
            let answer = RollAnswer { voters: voters.iter().map(|it| voter(*it)).collect(), response: None };
            assert_eq!(status(&answer), expected, "{voters:?}");
        }
    }
}
