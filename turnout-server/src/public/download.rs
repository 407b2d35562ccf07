//! `GET` and `POST /download/`, `GET /download-purged/`: what a link that does not work any more leads to.

use askama::Template;
use http::StatusCode;
use turnout_core::{
    app::App,
    file::{RenewError, Renewed, renew_link_for},
    input::Input,
};

use super::{
    Answer, failure,
    frame::{Frame, Keep, page, see_other},
    visit::Visit,
};
use crate::http::Request;

#[derive(Template)]
#[template(path = "public/download.html")]
struct DownloadPage<'a> {
    frame: Frame<'a>,
    state: Link,
    action: String,
}

/// How far somebody has come on the way to a new link.
enum Link {
    /// It can be asked for, for the file of that id.
    Offered(String),
    /// It is on its way.
    Sent,
    /// The address of the page names no file.
    Nameless,
    /// There is no such file.
    Unknown,
}

#[derive(Template)]
#[template(path = "public/purged.html")]
struct PurgedPage<'a> {
    frame: Frame<'a>,
    lead: String,
}

/// Offers a new link; with `?sent=1`, says that it is on its way.
///
/// # Errors
/// Never.
pub async fn show(request: Request) -> super::Result {
    super::answered(offer(Visit::of(&request)))
}

/// Mails a new link.
///
/// # Errors
/// When the body is too large or does not arrive.
pub async fn renew(mut request: Request) -> super::Result {
    let body = request.bytes().await?;
    super::answered(mail_link(request.app(), Visit::of(&request), &request.client_key(), &body).await)
}

/// Says that a file was deleted, and why.
///
/// # Errors
/// Never.
pub async fn purged(request: Request) -> super::Result {
    super::answered(explain(Visit::of(&request)))
}

fn offer(visit: Visit<'_>) -> Answer {
    let link = match visit.asked("id").filter(|id| !id.trim().is_empty()) {
        _ if visit.asked("sent").is_some() => Link::Sent,
        Some(id) => Link::Offered(id),
        None => Link::Nameless,
    };
    render(visit, StatusCode::OK, link)
}

async fn mail_link(app: &App, visit: Visit<'_>, client: &str, body: &[u8]) -> Answer {
    if !visit.is_from_our_pages(&app.settings.origins.primary) {
        return failure::failed(visit, StatusCode::FORBIDDEN);
    }
    let input = Input::form(url::form_urlencoded::parse(body).into_owned());
    match renew_link_for(app, &input, Some(client)).await {
        Ok(Renewed::Sent) => see_other(&visit.link("/download/?sent=1")),
        Ok(Renewed::Purged(address)) => see_other(&address),
        Err(RenewError::Missing) => render(visit, StatusCode::BAD_REQUEST, Link::Nameless),
        Err(RenewError::NotAnId | RenewError::NotFound) => {
            render(visit, StatusCode::NOT_FOUND, Link::Unknown)
        }
        Err(RenewError::Throttled(wait)) => failure::throttled(visit, wait.num_seconds()),
        Err(error @ RenewError::Store(_)) => failure::broken(visit, &error),
    }
}

fn explain(visit: Visit<'_>) -> Answer {
    let speech = visit.speech();
    let days = visit.asked("purge_days").and_then(|days| days.parse::<u32>().ok()).filter(|days| *days > 0);
    let lead = match days {
        Some(days) => speech.say_with("purged-lead-days", [("days", days.into())]),
        None => speech.say("purged-lead"),
    };
    let frame = visit.frame(speech.say("purged-title"));
    page(StatusCode::OK, Keep::Public, &PurgedPage { frame, lead })
}

fn render(visit: Visit<'_>, status: StatusCode, state: Link) -> Answer {
    let speech = visit.speech();
    let title = match state {
        Link::Offered(_) => speech.say("download-title"),
        Link::Sent => speech.say("download-sent-title"),
        Link::Nameless | Link::Unknown => speech.say("download-lost-title"),
    };
    let frame = visit.frame(title);
    let action = frame.link("/download/");
    page(status, Keep::Never, &DownloadPage { frame, state, action })
}
