//! `/manage/logout/`: signing out. A link asks first, as pictures and prefetching follow links too.

use http::header::SET_COOKIE;
use turnout_core::account::sign_out;

use super::super::{
    Answer,
    blocks::{Block, FormBlock, Link},
    gate::{LOGIN, Visitor, to},
};
use crate::http::Request;

/// Where one signs out.
const LOGOUT: &str = "/manage/logout/";

/// `GET`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn show(_request: Request, visitor: Visitor) -> Answer {
    let page = if visitor.known.is_some() {
        let form = FormBlock::new(LOGOUT, "Sign out").cancel("Stay signed in", "/manage/");
        visitor.page("Sign out?").push(Block::Form(form))
    } else {
        let again = vec![Link::main("Sign in", LOGIN)];
        visitor
            .page("You are signed out")
            .lead("On a computer that others use, close the browser too.")
            .push(Block::Actions(again))
    };
    Ok(page.answer())
}

/// `POST`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, visitor: Visitor) -> Answer {
    let mut answer = to(LOGOUT);
    if let Some((_, session)) = &visitor.known {
        sign_out(request.app(), session).await?;
        answer.headers_mut().append(SET_COOKIE, visitor.keys.end());
    }
    Ok(answer)
}
