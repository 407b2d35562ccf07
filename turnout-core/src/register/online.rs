//! A registration goes to the registrar of its state instead of onto paper (`flows.md` 2.4).
//!
//! What an application needs, and how it is written, is the registrar's business
//! ([`ports::state_registrar`](crate::ports::state_registrar)). Whatever becomes of it, the voter can complete again: online,
//! or, without answers to the state's questions, on paper.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::{Registration, Status, draft::Numbers, jobs};
use crate::{
    action::{self, EventType, Record, SubmitError},
    address::State,
    app::App,
    ids::{RegionId, UploadId, parse_uuid},
    input::is_truthy,
    official::Region,
    ports::{
        regions::RegionMatch,
        state_registrar::{Application, Refused, Registered, Signature, no_registrar},
        store::{RegionFilter, StoreError, unless_absent},
    },
    secret::StateIdNumber,
    webhook,
};

/// How long an application may be on its way. Older than that, its process has ended before the answer came.
const ON_ITS_WAY: TimeDelta = TimeDelta::minutes(5);

/// Since when an application is on its way, in the result that is kept.
const SENT: &str = "sent";

/// What became of the last application, as pages are told (`http-api.md` 3.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlineStatus {
    /// `success` or `failure`.
    pub status: &'static str,
    /// The code of a failure.
    pub error: Option<String>,
}

impl Registration {
    /// What became of the last application to a state's registrar; nothing before there was an answer.
    #[must_use]
    pub fn online_status(&self) -> Option<OnlineStatus> {
        let result = self.state_api_result.as_ref()?;
        let status = match result.get("status")?.as_str()? {
            "success" => "success",
            "failure" => "failure",
            _ => return None,
        };
        Some(OnlineStatus { status, error: result.get("error").and_then(Value::as_str).map(str::to_owned) })
    }

    /// Whether a state's registrar has it.
    fn is_registered_online(&self) -> bool {
        self.online_status().is_some_and(|it| it.status == "success")
    }
}

/// Whether a completion goes to the registrar of the state: where answers to the state's questions were given.
/// Pennsylvania's are for its registrar even while there is none (`http-api.md` 3.1.3).
pub(super) fn goes_online(app: &App, registration: &Registration) -> bool {
    has_registrar(app, registration).is_some() && registration.state_fields.as_ref().is_some_and(is_truthy)
}

fn has_registrar(app: &App, registration: &Registration) -> Option<State> {
    registration.address.state.filter(|state| *state == State::Pa || app.registrar(*state).is_some())
}

/// The regions from which the voter chooses while the answers name none: those of the address, else all of the state.
pub(super) async fn candidates(
    app: &App,
    registration: &Registration,
) -> Result<Option<Vec<Region>>, StoreError> {
    let Some(state) = has_registrar(app, registration) else { return Ok(None) };
    match &registration.state_fields {
        Some(Value::Object(fields)) if !fields.get("region_id").is_some_and(is_truthy) => {}
        _ => return Ok(None),
    }
    let ids = match action::find_region(app, &registration.address).await? {
        RegionMatch::One(id) => vec![id],
        RegionMatch::Several(ids) => ids,
        RegionMatch::None => Vec::new(),
    };
    let (mut view, mut regions) = (app.store.view().await?, Vec::new());
    for id in ids {
        regions.extend(view.officials().region(id).await?);
    }
    if regions.is_empty() {
        regions = view.officials().regions(state, &RegionFilter::default()).await?;
    }
    Ok(Some(regions))
}

/// Gathers what the registrar gets, before anything is written.
pub(super) async fn gather(
    app: &App,
    registration: &Registration,
    numbers: Numbers,
) -> Result<Application, SubmitError> {
    let answer = |name: &str| registration.state_fields.as_ref().and_then(|fields| fields.get(name));
    let mut view = app.store.view().await?;
    let region = match answer("region_id").and_then(region_id) {
        Some(id) => view.officials().region(id).await?,
        None => None,
    };
    let upload = match answer("signature").and_then(Value::as_str).and_then(parse_uuid) {
        Some(id) => unless_absent(view.uploads().by_id(UploadId(id)).await)?,
        None => None,
    };
    drop(view);
    let signature = match upload.filter(|it| it.purged.is_none()) {
        Some(upload) => app.files.get(&upload.key).await?.map(|bytes| (bytes, upload.content_type)),
        None => None,
    };
    let number = |number: Option<StateIdNumber>| number.filter(|it| !it.is_blank());
    Ok(Application {
        registration: registration.clone(),
        // an application that names another state's county would go astray
        region: region.filter(|it| it.state == registration.address.state),
        license: number(numbers.license),
        ssn4: number(numbers.ssn4),
        signature: signature.map(|(bytes, content_type)| Signature { bytes, content_type }),
    })
}

/// A region's id as pages send it: a number, or its digits.
fn region_id(value: &Value) -> Option<RegionId> {
    let id = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Some(RegionId(id))
}

/// Notes in a record that its application is on its way, beside what became of the one before.
pub(super) fn send_off(app: &App, registration: &mut Registration) {
    let mut result = match registration.state_api_result.take() {
        Some(Value::Object(before)) => before,
        _ => Map::new(),
    };
    result.insert(SENT.into(), json!(app.now()));
    registration.state_api_result = Some(Value::Object(result));
}

/// For how long another application of the same record has to wait for the answer to the one on its way.
pub(super) fn wait(app: &App, registration: &Registration) -> Option<TimeDelta> {
    let sent = registration.state_api_result.as_ref()?.get(SENT)?;
    let sent: DateTime<Utc> = sent.as_str()?.parse().ok()?;
    let over = sent + ON_ITS_WAY - app.now();
    (over > TimeDelta::zero()).then_some(over)
}

/// Whether the registrar has it already, and the call says nothing new.
pub(super) fn is_done(before: &Registration, changed: &Registration) -> bool {
    before.is_registered_online() && before == changed
}

/// Hands the application in, and in one unit notes the answer, enqueues what follows, and records the events of the page,
/// which come last.
pub(super) async fn hand_in(
    app: &App,
    application: Application,
    events: &[EventType],
) -> Result<Registration, SubmitError> {
    let id = application.registration.id;
    let registrar = application.registration.address.state.and_then(|state| app.registrar(state));
    let outcome = match registrar {
        Some(registrar) => registrar.register(application).await,
        None => Err(no_registrar()),
    };
    app.reached("register.after_registrar");
    let mut unit = app.store.begin().await?;
    let Some(mut current) = unit.registrations_mut().lock(id).await? else {
        return Err(SubmitError::NotFound);
    };
    match outcome {
        Ok(registered) => {
            tracing::info!(registration.id = %id, "the state took an application");
            current.state_api_result = Some(success(&registered));
            current.status = Status::Pending;
            if let Some(action) = current.action {
                webhook::happened(app, unit.as_mut(), &app.event(action, EventType::FinishExternalApi))
                    .await?;
            }
            jobs::enqueue_online_follow_ups(app, unit.as_mut(), &current).await?;
        }
        Err(refused) => {
            let (code, remedy) = (refused.code.wire(), refused.remedy.wire());
            tracing::warn!(registration.id = %id, code, remedy, reason = refused.reason, "the state did not take an application");
            // what the state took before, it still has
            match current.state_api_result.as_mut().and_then(Value::as_object_mut) {
                Some(before) if before.get("status").is_some_and(|it| it == "success") => {
                    before.remove(SENT);
                }
                _ => current.state_api_result = Some(failure(&refused)),
            }
        }
    }
    current.modified_at = app.now();
    unit.registrations_mut().update(&current).await?;
    action::report(app, unit.as_mut(), Record::Registration(&current), events).await?;
    unit.commit().await?;
    Ok(current)
}

fn success(registered: &Registered) -> Value {
    json!({
        "status": "success",
        "application_id": registered.application_id,
        "signature_source": registered.signature_source,
    })
}

fn failure(refused: &Refused) -> Value {
    json!({
        "status": "failure",
        "error": refused.code.wire(),
        "exception": refused.reason,
        "remedy": refused.remedy.wire(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_named_by_a_number_or_its_digits() {
        for (value, id) in [
            (json!(4211), Some(4211)),
            (json!("4211"), Some(4211)),
            (json!("004211"), Some(4211)),
            (json!("Adams"), None),
            (json!(42.5), None),
            (json!([4211]), None),
            (json!(null), None),
        ] {
            assert_eq!(region_id(&value), id.map(RegionId), "{value}");
        }
    }
}
