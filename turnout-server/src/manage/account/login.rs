//! `/manage/login/`: signing in, in two steps. First address and password, then a code.
//!
//! Whoever was sent here comes back to where they wanted to go (`?next=`). Each step gives the browser a new token.

use http::{StatusCode, header::SET_COOKIE};
use turnout_core::{
    App,
    account::{
        Factors, NewSession, Session, SessionStage, SignInError, SignedIn, TwoFactorError, factors,
        second_step, send_code, sign_in, sign_out,
    },
    ids::PhoneFactorId,
};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind, Link},
        frame::PageOf,
        gate::{Keys, LOGIN, TWO_FACTOR, Visitor, agent, local, to, with_next},
    },
    code_input, later, stopped, too_many,
};
use crate::http::{ApiError, Request, Response, session::Token};

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn show(request: Request, visitor: Visitor) -> Answer {
    let Some((user, session)) = &visitor.known else {
        return Ok(visitor.page("Sign in").extend(first_step(&request, password_form(&request))).answer());
    };
    match session.stage {
        SessionStage::Password => {
            let factors = factors(request.app(), user.id).await?;
            let form = code_form(&request, &factors);
            Ok(code_page(&request, &visitor, &factors, form).answer())
        }
        SessionStage::SignedIn if factors(request.app(), user.id).await?.is_set_up() => {
            Ok(visitor.page("Sign in").extend(first_step(&request, password_form(&request))).answer())
        }
        SessionStage::SignedIn | SessionStage::Verified => Ok(to(&destination(&request))),
    }
}

/// `POST`: either step, a text with a code, or back to the first step.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, visitor: Visitor) -> Answer {
    let half_way = visitor.known.as_ref().filter(|(_, session)| session.stage == SessionStage::Password);
    match (visitor.form.get("step"), half_way) {
        ("code", Some((_, session))) => second(&request, &visitor, session).await,
        ("text", Some((_, session))) => text(&request, &visitor, session).await,
        ("restart", Some((_, session))) => {
            sign_out(request.app(), session).await?;
            let mut answer = to(&here(&request));
            answer.headers_mut().append(SET_COOKIE, visitor.keys.end());
            Ok(answer)
        }
        ("password", _) => first(&request, &visitor).await,
        _ => Ok(to(&here(&request))),
    }
}

async fn first(request: &Request, visitor: &Visitor) -> Answer {
    let app = request.app();
    let token = Token::new(rand::random());
    let new = NewSession { token_hash: token.hash(), agent: agent(request.headers()) };
    let done = sign_in(app, &visitor.form.input(), &request.client_key(), new).await;
    let (page, form, sent) = (visitor.page("Sign in"), password_form(request), &visitor.form);
    let wrong = match done {
        Ok(signed_in) => {
            if signed_in.session.stage == SessionStage::Password {
                let told = text_at_once(app, &signed_in).await?;
                return Ok(begun_with(app, visitor, token, &signed_in.session, &here(request), told));
            }
            return Ok(begun(app, visitor, token, &signed_in.session, TWO_FACTOR));
        }
        Err(SignInError::Problems(problems)) => form.with(&problems, sent),
        Err(SignInError::Refused | SignInError::Expired) => {
            form.mistake("The e-mail address and the password do not go together.", sent)
        }
        Err(SignInError::Throttled(wait)) => return too_many(page, form, wait, sent),
        Err(SignInError::Store(error)) => return Err(error.into()),
    };
    Ok(page.extend(first_step(request, wrong)).answer())
}

async fn second(request: &Request, visitor: &Visitor, session: &Session) -> Answer {
    let app = request.app();
    let token = Token::new(rand::random());
    let sent = &visitor.form;
    let done = second_step(app, session, &sent.input(), &request.client_key(), token.hash()).await;
    let error = match done {
        Ok(signed_in) => {
            // whom telephones alone let in while nobody is texted sets up an app first, unless there is somewhere to go
            let is_fine = factors(app, session.user).await?.takes_codes() || !next(request).is_empty();
            let path = if is_fine { destination(request) } else { TWO_FACTOR.to_owned() };
            return Ok(begun(app, visitor, token, &signed_in.session, &path));
        }
        Err(error) => error,
    };
    let factors = factors(app, session.user).await?;
    let form = code_form(request, &factors);
    let (wrong, status) = match error {
        SignInError::Problems(problems) => (form.with(&problems, sent), StatusCode::BAD_REQUEST),
        SignInError::Refused => {
            let text = "That is not the code, or it was used already. Wait for the next one.";
            (form.mistake(text, sent), StatusCode::BAD_REQUEST)
        }
        SignInError::Throttled(wait) => (form.mistake(later(wait), sent), StatusCode::TOO_MANY_REQUESTS),
        SignInError::Expired => {
            let mut answer = visitor.back(app, &here(request), "That took too long. Please begin once more.");
            answer.headers_mut().append(SET_COOKIE, visitor.keys.end());
            return Ok(answer);
        }
        SignInError::Store(error) => return Err(error.into()),
    };
    Ok(code_page(request, visitor, &factors, wrong).status(status).answer())
}

/// Texts a code to one of the person's telephones.
async fn text(request: &Request, visitor: &Visitor, session: &Session) -> Answer {
    let app = request.app();
    let Some(phone) = PhoneFactorId::parse(visitor.form.get("phone")) else {
        return Err(ApiError::not_found());
    };
    let said = match send_code(app, session, phone).await {
        Ok(()) => "A code is on its way to your phone.".to_owned(),
        Err(TwoFactorError::Throttled(wait)) => later(wait),
        Err(TwoFactorError::Stopped { code_number }) => stopped(&code_number),
        Err(TwoFactorError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(ApiError::not_found()),
    };
    Ok(visitor.back(app, &here(request), &said))
}

/// Who has nothing but telephones gets the first code without asking for it. Gives what there is to say if it does not come.
async fn text_at_once(app: &App, signed_in: &SignedIn) -> Result<Option<String>, ApiError> {
    let factors = factors(app, signed_in.user.id).await?;
    let first = factors.phones.first().filter(|_| factors.texts && factors.authenticator.is_none());
    let Some(phone) = first else { return Ok(None) };
    match send_code(app, &signed_in.session, phone.id).await {
        Err(TwoFactorError::Store(error)) => Err(error.into()),
        Err(TwoFactorError::Stopped { code_number }) => Ok(Some(stopped(&code_number))),
        // the page that follows has a button for it
        Ok(()) | Err(_) => Ok(None),
    }
}

/// 303 with the session's new token.
fn begun(app: &App, visitor: &Visitor, token: Token, session: &Session, path: &str) -> Response {
    begun_with(app, visitor, token, session, path, None)
}

/// The same, to a page that says `told` once, if there is that.
fn begun_with(
    app: &App,
    visitor: &Visitor,
    token: Token,
    session: &Session,
    path: &str,
    told: Option<String>,
) -> Response {
    let keys = Keys { cookies: visitor.keys.cookies, token };
    let mut answer = told.map_or_else(|| to(path), |told| keys.back(app, path, &told));
    answer.headers_mut().append(SET_COOKIE, keys.begin(app, session));
    answer
}

fn next(request: &Request) -> String {
    let next = request.query("next").unwrap_or_default();
    local(&next).map(str::to_owned).unwrap_or_default()
}

/// This page, with where to go afterwards.
fn here(request: &Request) -> String {
    with_next(LOGIN, &next(request))
}

fn destination(request: &Request) -> String {
    let next = next(request);
    if next.is_empty() || next.starts_with(LOGIN) { "/manage/".to_owned() } else { next }
}

fn password_form(request: &Request) -> FormBlock {
    FormBlock::new(here(request), "Sign in").inputs([
        Input::hidden("step", "password"),
        Input::new("email", "E-mail address", InputKind::Email).autocomplete("username"),
        Input::new("password", "Password", InputKind::Password).autocomplete("current-password"),
    ])
}

fn first_step(_request: &Request, form: FormBlock) -> [Block; 2] {
    let reset = Link::new("I do not know my password", "/manage/password_reset/");
    [Block::Form(form), Block::Links(vec![reset])]
}

/// Whether the code is asked for that was printed, or there is no other.
fn is_recovery(request: &Request, factors: &Factors) -> bool {
    factors.codes_left > 0 && (request.query("way").as_deref() == Some("recovery") || !factors.takes_codes())
}

fn other_way(request: &Request, way: &str) -> String {
    let here = here(request);
    let join = if here.contains('?') { '&' } else { '?' };
    format!("{here}{join}way={way}")
}

fn code_form(request: &Request, factors: &Factors) -> FormBlock {
    let step = Input::hidden("step", "code");
    if is_recovery(request, factors) {
        let code = Input::new("code", "Recovery code", InputKind::Text)
            .hint("One of those that you printed. Each is good once.")
            .autocomplete("off");
        return FormBlock::new(other_way(request, "recovery"), "Sign in").inputs([step, code]);
    }
    let lead = match (&factors.authenticator, factors.phones.first()) {
        (Some(_), _) => "Open the authenticator app on your phone and type the code that it shows.".into(),
        (None, Some(phone)) if factors.texts => {
            format!("Type the code that was texted to {}.", phone.number.masked())
        }
        (None, _) => "Type the code.".into(),
    };
    FormBlock::new(here(request), "Sign in").lead(lead).inputs([step, code_input()])
}

/// What is said to somebody who has nothing but telephones while nobody is texted, with what to do.
fn untexted(factors: &Factors) -> Option<&'static str> {
    (!factors.takes_codes()).then_some(match factors.codes_left {
        0 => {
            "Your second step is a phone, and codes are not texted at present. None of your recovery codes is left either, so \
             you cannot sign in: ask whoever looks after this site to take back your second step. Then you sign in with your \
             password, and set up an authenticator app."
        }
        _ => {
            "Your second step is a phone, and codes are not texted at present. Use one of the recovery codes that you printed, \
             then set up an authenticator app. Without one, ask whoever looks after this site to take back your second step."
        }
    })
}

fn code_page(request: &Request, visitor: &Visitor, factors: &Factors, form: FormBlock) -> PageOf {
    let text = |phone: &turnout_core::account::PhoneFactor| {
        let button = format!("Text a code to {}", phone.number.masked());
        FormBlock::new(here(request), button)
            .inputs([Input::hidden("step", "text"), Input::hidden("phone", phone.id.0.to_string())])
    };
    let texts = factors.phones.iter().filter(|_| factors.texts).map(|phone| Block::Form(text(phone)));
    let (takes_codes, has_printed) = (factors.takes_codes(), factors.codes_left > 0);
    let mut ways = Vec::new();
    if takes_codes && is_recovery(request, factors) {
        ways.push(Link::new("Use a code of your phone instead", here(request)));
    } else if takes_codes && has_printed {
        ways.push(Link::new("Use a recovery code instead", other_way(request, "recovery")));
    }
    let mut page = visitor.page("Your code");
    if let Some(told) = untexted(factors) {
        page = page.lead(told);
    }
    if takes_codes || has_printed {
        page = page.push(Block::Form(form)).extend(texts);
    }
    if !ways.is_empty() {
        page = page.push(Block::Links(ways));
    }
    let restart = FormBlock::new(here(request), "Sign in as somebody else");
    page.push(Block::Form(restart.input(Input::hidden("step", "restart"))))
}
