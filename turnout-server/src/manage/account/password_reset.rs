//! `/manage/password_reset/` and what follows it: a new password for who has forgotten the old one, by a link in a mail.

use turnout_core::account::{PasswordError, opened_reset, request_reset, reset_password};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind, Link},
        gate::{LOGIN, Visitor, to},
    },
    new_password_inputs, too_many,
};
use crate::http::{ApiError, Request};

const RESET: &str = "/manage/password_reset/";

fn form() -> FormBlock {
    let email = Input::new("email", "E-mail address", InputKind::Email).autocomplete("username");
    FormBlock::new(RESET, "Send the link").input(email).cancel("Back to signing in", LOGIN)
}

const LEAD: &str =
    "Type the address that you sign in with. We mail you a link that lets you choose a new password.";

/// `GET /manage/password_reset/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn show(_request: Request, visitor: Visitor) -> Answer {
    Ok(visitor.page("A new password").lead(LEAD).push(Block::Form(form())).answer())
}

/// `POST /manage/password_reset/`: the same answer whether there is such an account or not.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, visitor: Visitor) -> Answer {
    let sent = &visitor.form;
    let page = visitor.page("A new password").lead(LEAD);
    match request_reset(request.app(), &sent.input(), &request.client_key()).await {
        Ok(()) | Err(PasswordError::Void) => Ok(to("/manage/password_reset/done/")),
        Err(PasswordError::Problems(problems)) => {
            Ok(page.push(Block::Form(form().with(&problems, sent))).answer())
        }
        Err(PasswordError::Throttled(wait)) => too_many(page, form(), wait, sent),
        Err(PasswordError::Hash(error)) => Err(ApiError::internal(error)),
        Err(PasswordError::Store(error)) => Err(error.into()),
    }
}

/// `GET /manage/password_reset/done/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn done(_request: Request, visitor: Visitor) -> Answer {
    let text = "If there is an account with this address, a link is on its way to it. It is good for a day. Look into the folder \
                for spam if nothing comes.";
    let page = visitor.page("Look at your mail").lead(text);
    Ok(page.push(Block::Links(vec![Link::new("Back to signing in", LOGIN)])).answer())
}

fn confirm_form(request: &Request) -> FormBlock {
    FormBlock::new(request.path(), "Save the password").inputs(new_password_inputs())
}

/// What is said of a link that opens nothing.
fn void(visitor: &Visitor) -> Answer {
    let page = visitor
        .page("This link cannot be used any more")
        .lead("It was used already, is older than a day, or a newer one was sent.")
        .push(Block::Actions(vec![Link::main("Send me a new link", RESET)]));
    Ok(page.answer())
}

/// `GET /manage/password_reset_confirm/{uid}/{token}/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn open(request: Request, visitor: Visitor) -> Answer {
    match opened_reset(request.app(), request.segment("uid"), request.segment("token")).await? {
        Some(_) => {
            Ok(visitor.page("Choose a new password").push(Block::Form(confirm_form(&request))).answer())
        }
        None => void(&visitor),
    }
}

/// `POST /manage/password_reset_confirm/{uid}/{token}/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn confirm(request: Request, visitor: Visitor) -> Answer {
    let sent = &visitor.form;
    let (uid, token) = (request.segment("uid"), request.segment("token"));
    let page = visitor.page("Choose a new password");
    match reset_password(request.app(), uid, token, &sent.input()).await {
        Ok(_) => Ok(to("/manage/password_reset_complete/")),
        Err(PasswordError::Problems(problems)) => {
            Ok(page.push(Block::Form(confirm_form(&request).with(&problems, sent))).answer())
        }
        Err(PasswordError::Void) => void(&visitor),
        Err(PasswordError::Throttled(wait)) => too_many(page, confirm_form(&request), wait, sent),
        Err(PasswordError::Hash(error)) => Err(ApiError::internal(error)),
        Err(PasswordError::Store(error)) => Err(error.into()),
    }
}

/// `GET /manage/password_reset_complete/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn complete(_request: Request, visitor: Visitor) -> Answer {
    let page = visitor
        .page("Your password was changed")
        .lead("Wherever you were signed in, you are signed out now.");
    Ok(page.push(Block::Actions(vec![Link::main("Sign in", LOGIN)])).answer())
}
