//! The use-case: a voter signs up (`http-api.md` 6).

use super::ReminderRequest;
use crate::{
    action::{self, Action, DetailsDraft},
    app::App,
    asked::{self, Field},
    consent::given_on_form,
    ids::ReminderId,
    input::{Input, Reader, Rules},
    ports::store::StoreError,
    problems::Problems,
    search::{self, Listed},
    subscriber, webhook,
};

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Something is wrong with the input; nothing was stored.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn read(r: &mut Reader<'_>) -> DetailsDraft {
    DetailsDraft::read(r, Rules::required().or_null())
}

/// The fields that [`submit`] reads.
#[must_use]
pub fn fields() -> Vec<Field> {
    asked::fields(|input| {
        let _ = read(&mut Reader::whole(input));
    })
}

/// Keeps a voter's request, and has done what follows a finished action.
///
/// # Errors
/// See [`SubmitError`].
#[tracing::instrument(target = "turnout::trace", name = "reminder.submit", skip_all)]
pub async fn submit(app: &App, input: &Input, slug: Option<&str>) -> Result<ReminderRequest, SubmitError> {
    let mut reader = Reader::whole(input);
    let draft = read(&mut reader);
    reader.into_problems().into_result()?;
    let mut view = app.store.view().await?;
    let subscriber = subscriber::choose_for_call(app, view.as_mut(), slug).await?;
    drop(view);

    let action = Action::begin(app, subscriber.as_ref());
    let (voter, events) = draft.into_details(subscriber.as_ref());
    let request = ReminderRequest {
        id: ReminderId(app.ids.uuid()),
        action: Some(action.id),
        subscriber: subscriber.map(|it| it.id),
        created_at: action.created_at,
        modified_at: action.created_at,
        voter,
    };
    let mut unit = app.store.begin().await?;
    unit.actions_mut().insert(&action).await?;
    unit.reminders_mut().insert(&request).await?;
    search::list(unit.as_mut(), &action, Listed::reminder(&request)).await?;
    given_on_form(app, unit.as_mut(), None, request.voter.ticked(request.subscriber)).await?;
    webhook::begun(app, unit.as_mut(), action.id).await?;
    for event in events {
        webhook::happened(app, unit.as_mut(), &app.event(action.id, event)).await?;
    }
    let finish = action::jobs::Finish { action: action.id }.job(app);
    unit.jobs_mut().enqueue(&finish.of(request.subscriber)).await?;
    unit.commit().await?;
    Ok(request)
}
