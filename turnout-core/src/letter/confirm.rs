//! The use-case: a voter says that the form is to be mailed (`http-api.md` 3.6 and 4.4).

use chrono::{DateTime, Utc};
use hmac::Mac as _;
use subtle::ConstantTimeEq as _;

use super::{Forwardable, Letter, jobs::Send};
use crate::{
    action::{EventType, Source},
    app::App,
    ids::{ActionId, FileId, LetterId},
    ports::store::{StoreError, Unit, View, unless_absent},
    register::ToolName,
    secret::{SecretKey, hex},
    webhook,
};

/// Why no letter was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// There is no such action of this tool, nothing was made for the mail house, or the token is not that of the form.
    #[error("no such form to mail")]
    NotFound,
    /// Nobody mails forms here: `PRINT_AND_FORWARD_CONFIRM` is off.
    #[error("mailing of forms is switched off")]
    Disabled,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The token that confirms the form in this file: HMAC-SHA256 under the secret over the file's id, as in the mails of the
/// Django service, whose links go on working. It ends with the file.
#[must_use]
pub fn confirm_token(app: &App, file: FileId) -> String {
    token(&app.secret, file)
}

fn token(key: &SecretKey, file: FileId) -> String {
    hex(&key.mac(file.to_string().as_bytes()).finalize().into_bytes())
}

/// Compared in constant time.
fn is_token(app: &App, file: FileId, given: &str) -> bool {
    let is = |key: &SecretKey| bool::from(token(key, file).as_bytes().ct_eq(given.as_bytes()));
    let previous = app.previous_secret.as_ref().is_some_and(|key| is(key));
    is(&app.secret) | previous
}

/// Asks for the letter of an action, once however often it is asked: the event `FinishLobConfirm`, the letter, and the job
/// that hands it over are one unit. Gives the moment when it was first asked for.
///
/// # Errors
/// See [`ConfirmError`].
#[tracing::instrument(target = "turnout::trace", name = "letter.confirm", skip_all)]
pub async fn confirm(
    app: &App,
    tool: ToolName,
    action: ActionId,
    token: &str,
) -> Result<DateTime<Utc>, ConfirmError> {
    let mut view = app.store.view().await?;
    let found = Forwardable::of_action(view.as_mut(), action).await?;
    let found = found.filter(|it| it.source.tool() == Some(tool) && is_token(app, it.file, token));
    let Some(Forwardable { source, file, .. }) = found else { return Err(ConfirmError::NotFound) };
    let is_there = view.files().by_id(file).await?.is_some_and(|file| file.purged.is_none());
    drop(view);
    if !is_there {
        return Err(ConfirmError::NotFound);
    }
    if !app.settings.letter.enabled {
        return Err(ConfirmError::Disabled);
    }

    let mut unit = app.store.begin().await?;
    let Some(Forwardable { subscriber, .. }) = locked(unit.as_mut(), source).await? else {
        return Err(ConfirmError::NotFound);
    };
    if let Some(before) = asked_before(unit.as_mut(), action).await? {
        return Ok(before);
    }
    let now = app.now();
    let letter = Letter {
        id: LetterId(app.ids.uuid()),
        action,
        subscriber,
        external_id: None,
        created_at: now,
        modified_at: now,
    };
    unit.letters_mut().insert(&letter).await?;
    webhook::happened(app, unit.as_mut(), &app.event(action, EventType::FinishLobConfirm)).await?;
    let send = Send { letter: letter.id }.job(app).once(format!("{}:{}", Send::KIND, letter.id));
    unit.jobs_mut().enqueue(&send.of(subscriber)).await?;
    unit.commit().await?;
    app.reached("letter.after_confirm");
    Ok(now)
}

/// The record, held until the unit ends, so that of two calls at once the second finds the letter of the first.
async fn locked(unit: &mut dyn Unit, source: Source) -> Result<Option<Forwardable>, StoreError> {
    Ok(match source {
        Source::Registration(id) => {
            unit.registrations_mut().lock(id).await?.as_ref().and_then(Forwardable::of_registration)
        }
        Source::BallotRequest(id) => {
            unit.ballot_requests_mut().lock(id).await?.as_ref().and_then(Forwardable::of_ballot_request)
        }
        Source::Lookup(_) | Source::Reminder(_) | Source::MoverLead(_) => None,
    })
}

/// When the letter was asked for, here or at the service whose actions were taken over.
async fn asked_before(view: &mut dyn View, action: ActionId) -> Result<Option<DateTime<Utc>>, StoreError> {
    if let Some(letter) = unless_absent(view.letters().by_action(action).await)? {
        return Ok(Some(letter.created_at));
    }
    let events = view.actions().events(action).await?;
    let asked = events.iter().find(|event| event.kind == EventType::FinishLobConfirm);
    Ok(asked.map(|event| event.created_at))
}
