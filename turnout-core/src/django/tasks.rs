//! Scheduled work of the Django service as jobs.

use serde_json::Value;

use super::{Record, value};
use crate::{
    absentee,
    app::App,
    ids::{ActionId, BallotRequestId, JobId, LookupId, RegistrationId, parse_uuid},
    jobs::NewJob,
    register::jobs::{NextSteps, Remind},
    verifier,
};

/// A piece of scheduled work.
pub(super) enum Task {
    /// It is to be done.
    Job(NewJob),
    /// It was started there.
    Started,
    /// It should have been done longer ago than we remember what was done, so nobody could tell a second time.
    Overdue,
    /// We do not do this yet.
    NotYet(String),
}

/// The job of a piece of work. Its id is kept, so that it is not done twice.
pub(super) fn read(app: &App, record: &Record) -> Result<Task, (&'static str, &'static str)> {
    let fields = &record.fields;
    let id = record.pk.as_str().and_then(parse_uuid).ok_or(("pk", "is no UUID"))?;
    if fields.get("started_at").is_some_and(|moment| !moment.is_null()) {
        return Ok(Task::Started);
    }
    let name = fields.get("task_name").and_then(Value::as_str).unwrap_or_default();
    let due = fields.get("due_at").and_then(Value::as_str).and_then(value::moment);
    let due = due.ok_or(("due_at", "is no moment, as 2020-10-02T03:04:05.678Z"))?;
    let first = || subject(record).ok_or(("args", "does not begin with a UUID"));
    let job = match name {
        "register.tasks.send_registration_reminder" => {
            Remind { registration: RegistrationId(first()?) }.job(app)
        }
        "register.tasks.external_tool_upsell" => {
            NextSteps { registration: RegistrationId(first()?) }.job(app)
        }
        "absentee.tasks.send_download_reminder" => {
            absentee::jobs::Remind { ballot_request: BallotRequestId(first()?) }.job(app)
        }
        "absentee.tasks.external_tool_upsell" => {
            absentee::jobs::NextSteps { ballot_request: BallotRequestId(first()?) }.job(app)
        }
        "verifier.tasks.external_tool_upsell" => {
            verifier::jobs::NextSteps { lookup: LookupId(first()?) }.job(app)
        }
        "action.tasks.action_check_unfinished" => {
            crate::action::jobs::CheckUnfinished { action: ActionId(first()?) }.job(app)
        }
        other => return Ok(Task::NotYet(other.to_owned())),
    };
    if due + app.settings.jobs.keep_finished < app.now() {
        return Ok(Task::Overdue);
    }
    Ok(Task::Job(NewJob { id: JobId(id), ..job.at(due) }))
}

/// What the work is about: its first argument, or its only named one.
fn subject(record: &Record) -> Option<uuid::Uuid> {
    let args = record.fields.get("args").and_then(Value::as_array).and_then(|args| args.first());
    let named = || {
        let kwargs = record.fields.get("kwargs").and_then(Value::as_object)?;
        kwargs.values().next().filter(|_| kwargs.len() == 1)
    };
    args.or_else(named).and_then(Value::as_str).and_then(parse_uuid)
}
