//! Pages about one's own account: signing in, second factors, invitations, the profile.
//!
//! Each file is named as in its URL. What is right and what is wrong is decided in `turnout_core::account`; here are the
//! pages around it, and what several of them say.

pub(super) mod app;
pub(super) mod change_password;
pub(super) mod change_subscriber;
pub(super) mod disable;
pub(super) mod login;
pub(super) mod logout;
pub(super) mod password_reset;
pub(super) mod phone;
pub(super) mod register;
pub(super) mod sessions;
pub(super) mod tokens;
pub(super) mod two_factor;
pub(super) mod update_profile;

use chrono::TimeDelta;
use http::{
    StatusCode,
    header::{HeaderValue, RETRY_AFTER},
};
use turnout_core::{
    account::{Factors, PASSWORD_RULES, TwoFactorError, User, UserZone},
    person::Phone,
    problems::{Problem, Problems},
};

use super::{
    Answer,
    blocks::{Block, Code, FormBlock, Input, InputKind, Link, Notice},
    form::Form,
    frame::PageOf,
    gate::{Desk, LOGIN, TWO_FACTOR},
};
use crate::http::{ApiError, Request};

/// How long somebody has to wait, in a sentence.
fn later(wait: TimeDelta) -> String {
    let minutes = (wait.num_seconds().max(1) + 59) / 60;
    let time = match minutes {
        1 => "a minute".to_owned(),
        2..=90 => format!("{minutes} minutes"),
        _ => format!("{} hours", (minutes + 59) / 60),
    };
    format!("There were too many attempts. Please try again in {time}.")
}

/// What stands on the pages of somebody who has nothing but telephones while nobody is texted: that, and the way to an app.
fn untexted(factors: &Factors) -> Vec<Block> {
    if !factors.is_set_up() || factors.takes_codes() {
        return Vec::new();
    }
    let left = match factors.codes_left {
        0 => "none is left: without an app you cannot sign in again".to_owned(),
        1 => "one is left".to_owned(),
        left => format!("{left} are left"),
    };
    let text = format!(
        "Codes are not texted at present, so your phone does not let you in. Until you set up an authenticator app, each \
         sign-in takes one of your recovery codes, of which {left}."
    );
    vec![
        Block::Notice(Notice::warning(text)),
        Block::Actions(vec![Link::main("Set up an authenticator app", two_factor::SETUP)]),
    ]
}

/// A page that asks for patience.
fn too_many(page: PageOf, form: FormBlock, wait: TimeDelta, sent: &Form) -> Answer {
    let page = page.push(Block::Form(form.mistake(later(wait), sent)));
    let mut answer = page.status(StatusCode::TOO_MANY_REQUESTS).answer();
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.num_seconds().max(1)));
    Ok(answer)
}

/// Where a code is typed.
fn code_input() -> Input {
    Input::new("code", "Code", InputKind::Code).hint("Six digits.").autocomplete("one-time-code")
}

/// Where a number is typed that gets texts.
fn number_input() -> Input {
    Input::new("number", "Phone number", InputKind::Tel)
        .hint("A number that gets texts, with area code.")
        .autocomplete("tel")
}

/// A new password, twice.
fn new_password_inputs() -> [Input; 2] {
    let new = Input::new("password", "New password", InputKind::Password);
    let again = Input::new("password_again", "New password, once more", InputKind::Password);
    [new.hint(PASSWORD_RULES.join(" ")).autocomplete("new-password"), again.autocomplete("new-password")]
}

/// Who somebody is, and by which clock.
fn person_inputs(first_name: &str, last_name: &str, zone: UserZone) -> [Input; 3] {
    let zones = UserZone::ALL.iter().map(|it| (it.wire().to_owned(), it.label().to_owned())).collect();
    [
        Input::new("first_name", "First name", InputKind::Text)
            .value(first_name)
            .autocomplete("given-name")
            .optional(),
        Input::new("last_name", "Last name", InputKind::Text)
            .value(last_name)
            .autocomplete("family-name")
            .optional(),
        Input::new("time_zone", "Time zone", InputKind::Select(zones))
            .value(zone.wire())
            .hint("Times are shown by its clock."),
    ]
}

/// What is done about a second factor that could not be changed; the problems of a form, where it is that.
fn refused(request: &Request, desk: &Desk, error: TwoFactorError) -> Result<Refusal, ApiError> {
    match error {
        TwoFactorError::Problems(problems) => Ok(Refusal::Problems(problems)),
        TwoFactorError::Throttled(wait) => Ok(Refusal::Later(wait)),
        TwoFactorError::NotFound => Err(ApiError::not_found()),
        TwoFactorError::NotVerified => {
            let answer = desk.back(request.app(), LOGIN, "Please sign in again, with a code, to go on.");
            Ok(Refusal::Elsewhere(answer))
        }
        TwoFactorError::LastOne => {
            let text = "Nothing was removed: this is the only way you have to prove who you are. Add another one first.";
            Ok(Refusal::Elsewhere(desk.back(request.app(), TWO_FACTOR, text)))
        }
        TwoFactorError::Stopped { code_number } => {
            let problem = Problem::Other("problem-phone-stopped", stopped(&code_number));
            Ok(Refusal::Problems(Problems::one("number", problem)))
        }
        TwoFactorError::Store(error) => Err(error.into()),
    }
}

/// What is said to whoever waits for a code on a telephone that asked for no texts.
fn stopped(code_number: &Phone) -> String {
    format!(
        "No code is texted to this phone, as it asked for no more texts. Text START from it to {}, then try again; or use \
         another phone or a recovery code.",
        code_number.national()
    )
}

/// Why a second factor was not changed.
enum Refusal {
    /// Something is wrong with the form.
    Problems(turnout_core::problems::Problems),
    /// Too many tries.
    Later(TimeDelta),
    /// Another page says it.
    Elsewhere(crate::http::Response),
}

/// A form again after it was refused.
fn again(page: PageOf, form: FormBlock, refusal: Refusal, sent: &Form) -> Answer {
    match refusal {
        Refusal::Problems(problems) => Ok(page.push(Block::Form(form.with(&problems, sent))).answer()),
        Refusal::Later(wait) => too_many(page, form, wait, sent),
        Refusal::Elsewhere(answer) => Ok(answer),
    }
}

/// Codes for when the second factor is lost, which are shown this once.
fn codes_page(desk: &Desk, title: &str, codes: &[String]) -> Answer {
    let text = "These codes are shown only now. Print them or write them down, and keep them where nobody else finds them. Each \
                of them lets you sign in once, should your phone be lost.";
    let page = desk
        .page(title)
        .push(Block::Notice(Notice::warning(text)))
        .push(Block::Code(Code { label: "Your recovery codes".into(), text: codes.join("\n") }))
        .push(Block::Actions(vec![Link::main("I have kept them", "/manage/")]));
    Ok(page.answer())
}

/// How somebody is called in a greeting.
fn first_name(user: &User) -> String {
    if user.first_name.is_empty() { user.display_name() } else { user.first_name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_said_in_round_numbers() {
        for (seconds, words) in
            [(0, "a minute"), (60, "a minute"), (61, "2 minutes"), (5400, "90 minutes"), (5401, "2 hours")]
        {
            let said = later(TimeDelta::seconds(seconds));
            assert!(said.ends_with(&format!("try again in {words}.")), "{seconds}: {said}");
        }
    }
}
