//! What is done with a plan: its text is sent to one number, it is approved, started, stopped.

use turnout_core::{
    App,
    blast::{self, Blast, RunError},
    decision::Decision,
    ids::BlastId,
    person::Phone,
    problems::{Problem, Problems},
};

use super::{by, named, path, show};
use crate::{
    http::{ApiError, Request},
    manage::{Answer, gate::Desk},
};

fn id(request: &Request) -> Result<BlastId, ApiError> {
    BlastId::parse(request.segment("id")).ok_or_else(ApiError::not_found)
}

/// The page of the blast, with what was done, or why it was not.
fn back(app: &App, desk: &Desk, id: BlastId, done: Result<Blast, RunError>, good: &str) -> Answer {
    let notice = match done {
        Ok(_) => good.to_owned(),
        Err(RunError::NotFound) => return Err(ApiError::not_found()),
        Err(RunError::Store(error)) => return Err(error.into()),
        Err(error) => format!("Nothing was done: {error}."),
    };
    Ok(desk.back(app, &path(id), &notice))
}

/// `POST /manage/operations/blasts/{id}/test/`
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn test(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let blast = named(app, &request).await?;
    let Some(to) = Phone::parse(desk.form.get("to")) else {
        let problems = Problems::one("to", Problem::Phone);
        let form = show::test_form(&blast).with(&problems, &desk.form);
        return Ok(show::page(app, &desk, &blast, Some(form)).await?.answer());
    };
    match blast::test(app, blast.id, to, by(&desk)).await {
        Ok(decision) => {
            let notice = match decision {
                Decision::Send => "The text is on its way to that number.".to_owned(),
                Decision::HoldUntil(until, rule) => {
                    format!("The text waits until {}. {}", desk.local(until), rule.sentence())
                }
                Decision::Refuse(rule) => {
                    format!("The text is not sent. {} The number can write JOIN first.", rule.sentence())
                }
            };
            Ok(desk.back(app, &path(blast.id), &notice))
        }
        Err(error) => back(app, &desk, blast.id, Err(error), ""),
    }
}

/// `POST /manage/operations/blasts/{id}/approve/`: the plan that was looked at is named by its seal.
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn approve(request: Request, desk: Desk) -> Answer {
    let (app, id) = (request.app(), id(&request)?);
    let done = blast::approve(app, id, desk.form.get("plan"), by(&desk)).await;
    back(app, &desk, id, done, "Approved. It can be started now.")
}

/// `POST /manage/operations/blasts/{id}/start/`
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn start(request: Request, desk: Desk) -> Answer {
    let (app, id) = (request.app(), id(&request)?);
    let done = blast::start(app, id, by(&desk)).await;
    back(app, &desk, id, done, "It runs. Open this page again to see how far it is.")
}

/// `POST /manage/operations/blasts/{id}/stop/`
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn stop(request: Request, desk: Desk) -> Answer {
    let (app, id) = (request.app(), id(&request)?);
    let done = blast::stop(app, id, by(&desk)).await;
    back(app, &desk, id, done, "Stopped. No more texts of it are handed over.")
}
