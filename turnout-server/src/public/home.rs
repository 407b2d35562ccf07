//! `GET /`: choose a state.

use askama::Template;
use http::StatusCode;
use turnout_core::address::State;

use super::{
    Answer, embedded,
    frame::{Frame, Keep, page, see_other},
    visit::Visit,
};
use crate::http::Request;

#[derive(Template)]
#[template(path = "public/home.html")]
struct HomePage<'a> {
    frame: Frame<'a>,
    /// Code and name, in the order of the names.
    states: Vec<(&'static str, String)>,
    /// The code of the state that was picked before the language was changed.
    picked: &'static str,
    unknown: bool,
}

/// The page, or the way to the state that was chosen on it.
///
/// # Errors
/// Never.
pub async fn home(request: Request) -> super::Result {
    let visit = Visit::of(&request);
    super::answered(embedded::for_subscriber(request.app(), visit, chooser(visit)).await)
}

fn chooser(visit: Visit<'_>) -> Answer {
    let asked = visit.asked("state");
    let chosen = asked.as_deref().and_then(|code| State::parse(&code.trim().to_ascii_uppercase()));
    let speech = visit.speech();
    let mut frame = visit.frame(speech.say("home-title")).around_form("chooser");
    let switched = visit.switched_speech().is_some();
    if let Some(state) = chosen.filter(|_| !switched) {
        return see_other(&frame.link(&format!("/register/{}/", state.code())));
    }
    let unknown = asked.is_some() && !switched;
    if unknown {
        frame.title = speech.say_with("mistake-title", [("title", frame.title.into())]);
    }
    let states = super::facts::states_by_name(speech);
    let status = if unknown { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, Keep::Public, &HomePage { frame, states, picked: chosen.map_or("", State::code), unknown })
}
