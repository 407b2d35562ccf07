//! A voter was sent to the state's online registration (`http-api.md` 3.3).

use super::Status;
use crate::{
    action::Scope,
    app::App,
    asked::{self, Field},
    ids::RegistrationId,
    input::{Given, Input, Reader, Rules},
    ports::store::StoreError,
    problems::{Problem, Problems},
};

/// Why a status was not set.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// There is no such registration, or it is not incomplete.
    #[error("no such registration")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn read(r: &mut Reader<'_>) -> Given<Status> {
    r.choice("status", Rules::required(), Status::parse)
}

/// The fields that [`set_status`] reads of so much of a record.
#[must_use]
pub fn status_fields(scope: Scope) -> Vec<Field> {
    asked::fields(|input| {
        let _ = read(&mut scope.reader(input));
    })
}

/// Notes that the voter went to the state's online registration. Only incomplete registrations are seen.
///
/// # Errors
/// See [`StatusError`].
#[tracing::instrument(target = "turnout::trace", name = "register.status", skip_all)]
pub async fn set_status(
    app: &App,
    id: RegistrationId,
    input: &Input,
    scope: Scope,
) -> Result<Status, StatusError> {
    let mut view = app.store.view().await?;
    let stored = view.registrations().by_id(id).await?;
    drop(view);
    if stored.is_none_or(|it| it.status != Status::Incomplete) {
        return Err(StatusError::NotFound);
    }
    let mut reader = scope.reader(input);
    let given = read(&mut reader);
    reader.into_problems().into_result()?;
    match given {
        Given::Value(Status::ReferOvr) => {}
        Given::Value(_) => {
            let text = "Registration status can only be ReferOVR".to_owned();
            return Err(Problems::one("status", Problem::Other("problem-status", text)).into());
        }
        Given::Absent | Given::Null => return Ok(Status::Incomplete),
    }
    let mut unit = app.store.begin().await?;
    let Some(mut registration) = unit.registrations_mut().lock(id).await? else {
        return Err(StatusError::NotFound);
    };
    if registration.status != Status::Incomplete {
        return Err(StatusError::NotFound);
    }
    registration.status = Status::ReferOvr;
    registration.modified_at = app.now();
    unit.registrations_mut().update(&registration).await?;
    unit.commit().await?;
    Ok(Status::ReferOvr)
}
