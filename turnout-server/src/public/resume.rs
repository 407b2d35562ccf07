//! `GET /register-to-vote/resume/`: going on with a registration that was begun.

use askama::Template;
use http::StatusCode;
use turnout_core::{
    app::App,
    register::{ResumeError, resume},
};

use super::{
    Answer, failure,
    frame::{Frame, Keep, page},
    visit::Visit,
};
use crate::http::Request;

#[derive(Template)]
#[template(path = "public/resume.html")]
struct ResumePage<'a> {
    frame: Frame<'a>,
    lead: String,
    go: String,
    href: String,
}

/// Leads on to the form of the state, without showing what was entered: a link may be in other hands.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn show(request: Request) -> super::Result {
    super::answered(lead_on(request.app(), Visit::of(&request)).await)
}

async fn lead_on(app: &App, visit: Visit<'_>) -> Answer {
    let (uuid, token) = (visit.asked("uuid"), visit.asked("token"));
    let state = match resume(app, uuid.as_deref(), token.as_deref()).await {
        Ok(resumed) => resumed.registration.address.state,
        Err(ResumeError::NothingGiven | ResumeError::InvalidToken | ResumeError::NotFound) => None,
        Err(error @ ResumeError::Store(_)) => return failure::broken(visit, &error),
    };
    let speech = visit.speech();
    let frame = visit.frame(speech.say("resume-title"));
    let (status, lead, go, path) = match state {
        Some(state) => {
            let name = speech.state(state);
            let say = |key| speech.say_with(key, [("state", name.as_str().into())]);
            let path = format!("/register/{}/", state.code());
            (StatusCode::OK, say("resume-lead"), say("resume-go"), path)
        }
        None => {
            let (lead, go) = (speech.say("resume-unknown"), speech.say("resume-new"));
            (StatusCode::NOT_FOUND, lead, go, "/".to_owned())
        }
    };
    let href = frame.link(&path);
    page(status, Keep::Never, &ResumePage { frame, lead, go, href })
}
