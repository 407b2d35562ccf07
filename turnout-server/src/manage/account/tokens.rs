//! `/account/two_factor/backup/tokens/`: codes on paper, each good once.

use turnout_core::account::{factors, print_codes};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock},
        gate::{Desk, TWO_FACTOR},
    },
    again, codes_page, refused,
    two_factor::TOKENS,
};
use crate::http::Request;

const TITLE: &str = "Recovery codes";

fn form() -> FormBlock {
    FormBlock::new(TOKENS, "Print new codes").cancel("Not now", TWO_FACTOR)
}

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let left = match factors(request.app(), desk.user.id).await?.codes_left {
        0 => "You have none.".to_owned(),
        1 => "You have one left.".to_owned(),
        left => format!("You have {left} left."),
    };
    let lead =
        format!("{left} They let you sign in when your phone is lost. New codes make those before void.");
    let page = desk.page(TITLE).up("Two-factor authentication", TWO_FACTOR).lead(lead);
    Ok(page.push(Block::Form(form())).answer())
}

/// `POST`: shows new ones, this once.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn print(request: Request, desk: Desk) -> Answer {
    match print_codes(request.app(), &desk.session, rand::random()).await {
        Ok(codes) => codes_page(&desk, "Your new recovery codes", &codes),
        Err(error) => again(desk.page(TITLE), form(), refused(&request, &desk, error)?, &desk.form),
    }
}
