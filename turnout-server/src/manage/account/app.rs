//! `/account/two_factor/setup/app/`: an authenticator app. A secret is made, shown as a picture and as text, and counts
//! once a code of it was typed.

use http::header::SET_COOKIE;
use turnout_core::account::{
    AuthenticatorSetup, Confirmed, begin_authenticator, confirm_authenticator, pending_authenticator,
    remove_authenticator,
};

use super::{
    super::{
        Answer,
        blocks::{Block, Code, FormBlock},
        frame::PageOf,
        gate::{Desk, TWO_FACTOR, to},
    },
    again, code_input, codes_page, refused,
    two_factor::{APP, SETUP},
};
use crate::http::{Request, session::Token};

fn form() -> FormBlock {
    FormBlock::new(APP, "Done").input(code_input()).cancel("Choose another way", SETUP)
}

fn page(desk: &Desk, setup: &AuthenticatorSetup) -> PageOf {
    let lead = "Open the app on your phone, add an account, and scan this picture. Then type the code that the app shows.";
    let secret = Code { label: "Or type this key into the app".into(), text: setup.secret.clone() };
    desk.page("Set up your authenticator app")
        .lead(lead)
        .push(Block::Raw(picture(&setup.qr)))
        .push(Block::Code(secret))
}

/// The picture as a part of a page: an SVG document of our own making, without what stands before its root.
fn picture(svg: &str) -> String {
    let root = svg.find("<svg").map_or("", |at| &svg[at..]);
    format!("<div class=\"qr\" role=\"img\" aria-label=\"QR code of the key below\">{root}</div>")
}

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    match pending_authenticator(request.app(), &desk.user).await? {
        Some(setup) => Ok(page(&desk, &setup).push(Block::Form(form())).answer()),
        None => Ok(to(SETUP)),
    }
}

/// `GET /account/two_factor/qrcode/`: the picture had an address of its own before.
///
/// # Errors
/// Never.
pub(in crate::manage) async fn qrcode(_request: Request, _desk: Desk) -> Answer {
    Ok(to(APP))
}

/// `POST`: makes a secret, or takes a code of it.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, desk: Desk) -> Answer {
    if desk.form.get("step") == "begin" {
        return match begin_authenticator(request.app(), &desk.session, rand::random()).await {
            Ok(()) => Ok(to(APP)),
            Err(error) => again(
                desk.page("Set up your authenticator app"),
                form(),
                refused(&request, &desk, error)?,
                &desk.form,
            ),
        };
    }
    let token = Token::new(rand::random());
    let input = desk.form.input();
    let done =
        confirm_authenticator(request.app(), &desk.session, &input, rand::random(), token.hash()).await;
    let error = match done {
        Ok(confirmed) => return confirmed_page(&request, desk, confirmed, token, "Your app is set up"),
        Err(error) => error,
    };
    let refusal = refused(&request, &desk, error)?;
    let Some(setup) = pending_authenticator(request.app(), &desk.user).await? else { return Ok(to(SETUP)) };
    again(page(&desk, &setup), form(), refusal, &desk.form)
}

/// What follows a factor that counts now: codes for when it is lost, where the person has none, else the list of factors.
pub(super) fn confirmed_page(
    request: &Request,
    desk: Desk,
    confirmed: Confirmed,
    token: Token,
    said: &str,
) -> Answer {
    let desk = desk.renewed(request, confirmed.session, token);
    match &confirmed.codes {
        Some(codes) => codes_page(&desk, said, codes),
        None => {
            let mut answer = desk.back(request.app(), TWO_FACTOR, &format!("{said}."));
            // the session goes on under the token that it has now
            answer.headers_mut().append(SET_COOKIE, desk.keys.begin(request.app(), &desk.session));
            Ok(answer)
        }
    }
}

const REMOVE: &str = "/account/two_factor/setup/app/remove/";

/// `GET /account/two_factor/setup/app/remove/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn ask(_request: Request, desk: Desk) -> Answer {
    let form = FormBlock::new(REMOVE, "Remove the app").danger().cancel("Keep it", TWO_FACTOR);
    let page = desk.page("Remove the authenticator app?").up("Two-factor authentication", TWO_FACTOR);
    Ok(page.lead("Its codes open nothing any more.").push(Block::Form(form)).answer())
}

/// `POST /account/two_factor/setup/app/remove/`
///
/// # Errors
/// When the store fails; 404 where there is no app.
pub(in crate::manage) async fn remove(request: Request, desk: Desk) -> Answer {
    match remove_authenticator(request.app(), &desk.session).await {
        Ok(()) => Ok(desk.back(request.app(), TWO_FACTOR, "The authenticator app was removed.")),
        Err(error) => {
            let form = FormBlock::new(REMOVE, "Remove the app").danger();
            again(
                desk.page("Remove the authenticator app?"),
                form,
                refused(&request, &desk, error)?,
                &desk.form,
            )
        }
    }
}
