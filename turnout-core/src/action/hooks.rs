//! What follows an event that a page reports (`flows.md` 1.4, `http-api.md` 8).

use super::{EventType, Source};
use crate::{
    app::App,
    ids::ActionId,
    ports::store::{StoreError, Unit},
    register::{self, Registration},
    verifier,
};

/// Runs the registration's hook for events recorded in this unit. Only the first `FinishExternal` of an action has
/// one: the mail about what is next.
pub(crate) async fn hooks(
    app: &App,
    unit: &mut dyn Unit,
    action: ActionId,
    recorded: &[EventType],
    registration: &Registration,
) -> Result<(), StoreError> {
    if !is_first_external(unit, action, recorded).await? {
        return Ok(());
    }
    if let Some(state) = registration.address.state
        && unit.elections().text(state, "vbm_universal").await?.as_deref() == Some("True")
    {
        return Ok(());
    }
    // two calls at once may each be the first
    let job = register::jobs::NextSteps { registration: registration.id }
        .job(app)
        .of(registration.subscriber)
        .at(app.now() + app.settings.register.next_steps_delay)
        .once(format!("{}:{}", register::jobs::NextSteps::KIND, registration.id));
    unit.jobs_mut().enqueue(&job).await?;
    Ok(())
}

/// Whether the action's first `FinishExternal` is among those recorded in this unit.
async fn is_first_external(
    unit: &mut dyn Unit,
    action: ActionId,
    recorded: &[EventType],
) -> Result<bool, StoreError> {
    let now = recorded.iter().filter(|kind| **kind == EventType::FinishExternal).count();
    if now == 0 {
        return Ok(false);
    }
    let events = unit.actions().events(action).await?;
    Ok(events.iter().filter(|event| event.kind == EventType::FinishExternal).count() == now)
}

/// Runs the hook of the tool that reported an event; a tool that does not fit the action has none (quirk Q45).
pub(super) async fn tool_hook(
    app: &App,
    unit: &mut dyn Unit,
    action: ActionId,
    kind: EventType,
    tool: Option<&str>,
) -> Result<(), StoreError> {
    match (tool, unit.actions().source(action).await?) {
        (Some("register"), Some(Source::Registration(id))) => match unit.registrations().by_id(id).await? {
            Some(registration) => hooks(app, unit, action, &[kind], &registration).await,
            None => Ok(()),
        },
        (Some("verify"), Some(Source::Lookup(id))) => {
            let found = unit.lookups().by_id(id).await?;
            if let Some(lookup) = found
                && is_first_external(unit, action, &[kind]).await?
            {
                unit.jobs_mut().enqueue(&verifier::jobs::next_steps(app, &lookup)).await?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
