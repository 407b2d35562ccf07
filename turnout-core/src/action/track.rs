//! A page reports that something happened to an action (`http-api.md` 8).

use uuid::Uuid;

use super::{EventType, hooks::tool_hook};
use crate::{
    app::App,
    asked::{self, Field},
    ids::ActionId,
    input::{Given, Input, Reader, Rules},
    ports::store::StoreError,
    problems::{Problem, Problems},
    webhook,
};

/// What was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tracked {
    /// The action.
    pub action: ActionId,
    /// What happened to it.
    pub event_type: EventType,
}

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum TrackError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn read(r: &mut Reader<'_>) -> (Given<Uuid>, Given<EventType>) {
    let action = r.uuid_key("action", Rules::required());
    (action, r.choice("event_type", Rules::required(), EventType::parse_from_client))
}

/// The fields that [`track`] reads.
#[must_use]
pub fn track_fields() -> Vec<Field> {
    asked::fields(|input| {
        let _ = read(&mut Reader::whole(input));
    })
}

/// Records an event that a browser can know of, and enqueues what follows from it.
///
/// # Errors
/// See [`TrackError`].
pub async fn track(app: &App, input: &Input, tool: Option<&str>) -> Result<Tracked, TrackError> {
    let mut reader = Reader::whole(input);
    let (action, kind) = read(&mut reader);
    if let Given::Value(id) = action {
        let mut view = app.store.view().await?;
        if view.actions().by_id(ActionId(id)).await?.is_none() {
            reader.complain("action", Problem::NoSuchObject(id.to_string()));
        }
    }
    let problems = reader.into_problems();
    let (Some(action), Some(event_type), true) = (action.value(), kind.value(), problems.is_empty()) else {
        return Err(problems.into());
    };
    let action = ActionId(action);
    let mut unit = app.store.begin().await?;
    webhook::happened(app, unit.as_mut(), &app.event(action, event_type)).await?;
    tool_hook(app, unit.as_mut(), action, event_type, tool).await?;
    unit.commit().await?;
    Ok(Tracked { action, event_type })
}
