//! `/manage/profile/change_password/`: a new password for who knows the old one. It is saved, unlike before (Q12).

use turnout_core::account::{PasswordError, change_password};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind, Link},
        gate::Desk,
    },
    new_password_inputs, too_many,
};
use crate::http::{ApiError, Request};

const PATH: &str = "/manage/profile/change_password/";
const TITLE: &str = "Password";

fn form() -> FormBlock {
    let old = Input::new("old_password", "Your password now", InputKind::Password);
    FormBlock::new(PATH, "Change the password")
        .input(old.autocomplete("current-password"))
        .inputs(new_password_inputs())
}

/// `GET`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn show(_request: Request, desk: Desk) -> Answer {
    let reset = Link::new("I do not know it any more", "/manage/password_reset/");
    let page = desk.page(TITLE).lead("Wherever else you are signed in, you are signed out with it.");
    Ok(page.push(Block::Form(form())).push(Block::Links(vec![reset])).answer())
}

/// `POST`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, desk: Desk) -> Answer {
    let (page, sent) = (desk.page(TITLE), &desk.form);
    match change_password(request.app(), &desk.session, &sent.input()).await {
        Ok(()) => Ok(desk.back(request.app(), PATH, "Your password was changed.")),
        Err(PasswordError::Problems(problems)) => {
            Ok(page.push(Block::Form(form().with(&problems, sent))).answer())
        }
        Err(PasswordError::Throttled(wait)) => too_many(page, form(), wait, sent),
        Err(PasswordError::Void) => Err(ApiError::not_found()),
        Err(PasswordError::Hash(error)) => Err(ApiError::internal(error)),
        Err(PasswordError::Store(error)) => Err(error.into()),
    }
}
