//! `GET` and `POST /unsubscribe/`: whoever reads our mail asks for no more of it (RFC 8058).
//!
//! Following the link changes nothing: programs that look through mails follow links, too. A mail program posts to it, and
//! so does the button of the page; the answer is the page either way, at once, without a login.

use askama::Template;
use http::StatusCode;
use turnout_core::suppression::{UnsubscribeLink, Unsubscribed, subscribe_again, unsubscribe};

use super::{
    Answer, failure,
    frame::{Frame, Keep, page},
    visit::Visit,
};
use crate::http::Request;

#[derive(Template)]
#[template(path = "public/unsubscribe.html")]
struct UnsubscribePage<'a> {
    frame: Frame<'a>,
    step: Step,
    /// Where the button posts to.
    action: String,
}

/// How far the reader has come.
enum Step {
    /// Is asked.
    Asked,
    /// Gets no more.
    Done,
    /// Has taken it back.
    Undone,
    /// The link is none of ours.
    Unknown,
}

/// Asks.
///
/// # Errors
/// Never.
pub async fn show(request: Request) -> super::Result {
    let visit = Visit::of(&request);
    let step = match link(visit) {
        Some(_) => Step::Asked,
        None => Step::Unknown,
    };
    super::answered(render(visit, step))
}

/// Does it, or with `undo=1` in the body takes it back.
///
/// # Errors
/// When the body is too large or does not arrive.
pub async fn say(mut request: Request) -> super::Result {
    let body = request.bytes().await?;
    let undo = url::form_urlencoded::parse(&body).any(|(name, value)| name == "undo" && value == "1");
    let (visit, app) = (Visit::of(&request), request.app());
    let Some([id, scope, token]) = link(visit) else { return super::answered(render(visit, Step::Unknown)) };
    let link = UnsubscribeLink { id: &id, scope: &scope, token: &token };
    let (done, step) = if undo {
        (subscribe_again(app, link).await, Step::Undone)
    } else {
        (unsubscribe(app, link).await, Step::Done)
    };
    super::answered(match done {
        Ok(Unsubscribed::Holds) => render(visit, step),
        Ok(Unsubscribed::WrongLink) => render(visit, Step::Unknown),
        Err(error) => failure::broken(visit, &error),
    })
}

/// The id, the scope and the token of a link.
fn link(visit: Visit<'_>) -> Option<[String; 3]> {
    Some([visit.asked("a")?, visit.asked("s")?, visit.asked("t")?])
}

fn render(visit: Visit<'_>, step: Step) -> Answer {
    let speech = visit.speech();
    let (status, title) = match step {
        Step::Asked => (StatusCode::OK, "unsubscribe-title"),
        Step::Done => (StatusCode::OK, "unsubscribe-done-title"),
        Step::Undone => (StatusCode::OK, "unsubscribe-undone-title"),
        Step::Unknown => (StatusCode::NOT_FOUND, "download-lost-title"),
    };
    let action = match link(visit) {
        Some([id, scope, token]) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("a", &id)
                .append_pair("s", &scope)
                .append_pair("t", &token)
                .finish();
            visit.link(&format!("/unsubscribe/?{query}"))
        }
        None => visit.link("/unsubscribe/"),
    };
    page(status, Keep::Never, &UnsubscribePage { frame: visit.frame(speech.say(title)), step, action })
}
