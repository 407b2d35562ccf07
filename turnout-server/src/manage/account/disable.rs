//! `/account/two_factor/disable/`: beginning anew with second factors. The site stays closed until there is one again.

use turnout_core::account::disable;

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind},
        frame::PageOf,
        gate::{Desk, TWO_FACTOR},
    },
    again, refused,
};
use crate::http::Request;

fn form() -> FormBlock {
    let password =
        Input::new("password", "Your password", InputKind::Password).autocomplete("current-password");
    FormBlock::new("/account/two_factor/disable/", "Turn it off")
        .input(password)
        .danger()
        .cancel("Leave it on", TWO_FACTOR)
}

fn page(desk: &Desk) -> PageOf {
    let lead = "Your app, your phones and your recovery codes are forgotten. The site asks you to set up another one before \
                it opens again.";
    desk.page("Turn two-factor authentication off?").up("Two-factor authentication", TWO_FACTOR).lead(lead)
}

/// `GET`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn show(_request: Request, desk: Desk) -> Answer {
    Ok(page(&desk).push(Block::Form(form())).answer())
}

/// `POST`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, desk: Desk) -> Answer {
    match disable(request.app(), &desk.session, &desk.form.input()).await {
        Ok(_) => Ok(desk.back(request.app(), TWO_FACTOR, "It is off.")),
        Err(error) => again(page(&desk), form(), refused(&request, &desk, error)?, &desk.form),
    }
}
