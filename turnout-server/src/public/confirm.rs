//! `GET` and `POST /register-to-vote/confirm/` and `/vote-by-mail/confirm/`: the voter says that the form is to be mailed.
//!
//! Following the link of the mail mails nothing: programs that look through mails follow links, too.

use askama::Template;
use http::StatusCode;
use turnout_core::{
    app::App,
    ids::ActionId,
    letter::{self, ConfirmError},
    register::ToolName,
};

use super::{
    Answer, failure,
    frame::{Frame, Keep, page, see_other},
    visit::Visit,
};
use crate::http::{Request, last_value};

#[derive(Template)]
#[template(path = "public/confirm.html")]
struct ConfirmPage<'a> {
    frame: Frame<'a>,
    step: Step,
    action: &'static str,
}

/// How far the voter has come.
enum Step {
    /// Is asked.
    Asked { id: String, token: String },
    /// Has said yes.
    Said,
    /// There is nothing to be mailed under this address.
    Unknown,
    /// Nobody mails forms here.
    Off,
}

/// Asks; with `?said=1`, says what comes next.
///
/// # Errors
/// Never.
pub async fn show(tool: ToolName, request: Request) -> super::Result {
    let visit = Visit::of(&request);
    let step = match (visit.asked("id"), visit.asked("token")) {
        _ if visit.asked("said").is_some() => Step::Said,
        (Some(id), Some(token)) => Step::Asked { id, token },
        _ => Step::Unknown,
    };
    super::answered(render(visit, tool, StatusCode::OK, step))
}

/// Has the form mailed.
///
/// # Errors
/// When the body is too large or does not arrive.
pub async fn say(tool: ToolName, mut request: Request) -> super::Result {
    let body = request.bytes().await?;
    super::answered(have_mailed(request.app(), Visit::of(&request), tool, &body).await)
}

async fn have_mailed(app: &App, visit: Visit<'_>, tool: ToolName, body: &[u8]) -> Answer {
    if !visit.is_from_our_pages(&app.settings.origins.primary) {
        return failure::failed(visit, StatusCode::FORBIDDEN);
    }
    let field = |name: &str| last_value(body, name).unwrap_or_default();
    let Some(action) = ActionId::parse(&field("id")) else {
        return render(visit, tool, StatusCode::NOT_FOUND, Step::Unknown);
    };
    match letter::confirm(app, tool, action, &field("token")).await {
        Ok(_) => see_other(&visit.link(&format!("{}?said=1", path(tool)))),
        Err(ConfirmError::NotFound) => render(visit, tool, StatusCode::NOT_FOUND, Step::Unknown),
        Err(ConfirmError::Disabled) => render(visit, tool, StatusCode::SERVICE_UNAVAILABLE, Step::Off),
        Err(error @ ConfirmError::Store(_)) => failure::broken(visit, &error),
    }
}

fn path(tool: ToolName) -> &'static str {
    match tool {
        ToolName::Absentee => "/vote-by-mail/confirm/",
        _ => "/register-to-vote/confirm/",
    }
}

fn render(visit: Visit<'_>, tool: ToolName, status: StatusCode, step: Step) -> Answer {
    let speech = visit.speech();
    let title = match step {
        Step::Asked { .. } => speech.say("confirm-title"),
        Step::Said => speech.say("confirm-said-title"),
        Step::Unknown => speech.say("download-lost-title"),
        Step::Off => speech.say("confirm-off-title"),
    };
    page(status, Keep::Never, &ConfirmPage { frame: visit.frame(title), step, action: path(tool) })
}
