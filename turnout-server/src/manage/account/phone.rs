//! `/account/two_factor/setup/phone/` and `/account/two_factor/backup/phone/`: telephones that get codes by text.

use turnout_core::{
    account::{
        PhoneFactor, TwoFactorError, begin_phone, confirm_phone, factors, pending_phone, remove_phone,
        send_code,
    },
    ids::PhoneFactorId,
};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Input},
        frame::PageOf,
        gate::{Desk, TWO_FACTOR, to},
    },
    Refusal, again,
    app::confirmed_page,
    code_input, later, number_input, refused, stopped,
    two_factor::PHONE,
};
use crate::http::{ApiError, Request, session::Token};

const TITLE: &str = "Add a phone";

fn number_form(request: &Request) -> FormBlock {
    FormBlock::new(request.path(), "Text me a code").input(number_input()).cancel("Not now", TWO_FACTOR)
}

/// `GET`
///
/// # Errors
/// When the store fails; 404 where no codes are texted.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    if !factors(request.app(), desk.user.id).await?.texts {
        return Err(ApiError::not_found());
    }
    let lead = "We text a code to it. Once you have typed it, the phone counts.";
    Ok(desk.page(TITLE).lead(lead).push(Block::Form(number_form(&request))).answer())
}

/// `POST`
///
/// # Errors
/// When the store fails; 404 where no codes are texted.
pub(in crate::manage) async fn submit(request: Request, desk: Desk) -> Answer {
    let input = desk.form.input();
    match begin_phone(request.app(), &desk.session, &input, rand::random()).await {
        Ok(id) => Ok(to(&confirm_path(id))),
        Err(error) => {
            let refusal = refused(&request, &desk, error)?;
            again(desk.page(TITLE), number_form(&request), refusal, &desk.form)
        }
    }
}

fn confirm_path(id: PhoneFactorId) -> String {
    format!("{PHONE}{}/", id.0)
}

/// The telephone of the path, which waits for its code.
async fn pending(request: &Request, desk: &Desk) -> Result<PhoneFactor, ApiError> {
    let id = PhoneFactorId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    pending_phone(request.app(), &desk.user, id).await?.ok_or_else(ApiError::not_found)
}

fn confirm_form(phone: &PhoneFactor) -> FormBlock {
    FormBlock::new(confirm_path(phone.id), "Done").input(code_input()).cancel("Another number", PHONE)
}

fn confirm_page(desk: &Desk, phone: &PhoneFactor) -> PageOf {
    desk.page("Type the code").lead(format!("It was texted to {}.", phone.number.masked()))
}

fn once_more(phone: &PhoneFactor) -> Block {
    let form = FormBlock::new(confirm_path(phone.id), "Text it once more");
    Block::Form(form.input(Input::hidden("step", "text")))
}

/// `GET /account/two_factor/setup/phone/{id}/`
///
/// # Errors
/// When the store fails; 404 for a telephone that waits for no code.
pub(in crate::manage) async fn ask_code(request: Request, desk: Desk) -> Answer {
    let phone = pending(&request, &desk).await?;
    let page = confirm_page(&desk, &phone).push(Block::Form(confirm_form(&phone)));
    Ok(page.push(once_more(&phone)).answer())
}

/// `POST /account/two_factor/setup/phone/{id}/`: takes the code, or texts another one.
///
/// # Errors
/// When the store fails; 404 for a telephone that waits for no code.
pub(in crate::manage) async fn confirm(request: Request, desk: Desk) -> Answer {
    let phone = pending(&request, &desk).await?;
    let app = request.app();
    if desk.form.get("step") == "text" {
        let said = match send_code(app, &desk.session, phone.id).await {
            Ok(()) => "Another code is on its way.".to_owned(),
            Err(TwoFactorError::Stopped { code_number }) => stopped(&code_number),
            Err(error) => match refused(&request, &desk, error)? {
                Refusal::Later(wait) => later(wait),
                Refusal::Elsewhere(answer) => return Ok(answer),
                Refusal::Problems(_) => return Err(ApiError::not_found()),
            },
        };
        return Ok(desk.back(app, request.path(), &said));
    }
    let token = Token::new(rand::random());
    let input = desk.form.input();
    let done = confirm_phone(app, &desk.session, phone.id, &input, rand::random(), token.hash()).await;
    match done {
        Ok(confirmed) => confirmed_page(&request, desk, confirmed, token, "Your phone is set up"),
        Err(error) => {
            let refusal = refused(&request, &desk, error)?;
            again(confirm_page(&desk, &phone), confirm_form(&phone), refusal, &desk.form)
        }
    }
}

/// One of the person's telephones that count.
async fn own(request: &Request, desk: &Desk) -> Result<PhoneFactor, ApiError> {
    let id = PhoneFactorId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let factors = factors(request.app(), desk.user.id).await?;
    factors.phones.into_iter().find(|phone| phone.id == id).ok_or_else(ApiError::not_found)
}

fn remove_form(request: &Request) -> FormBlock {
    FormBlock::new(request.path(), "Remove the phone").danger().cancel("Keep it", TWO_FACTOR)
}

/// `GET /account/two_factor/backup/phone/unregister/{id}/`
///
/// # Errors
/// When the store fails; 404 for a telephone of somebody else, or of nobody.
pub(in crate::manage) async fn ask_remove(request: Request, desk: Desk) -> Answer {
    let phone = own(&request, &desk).await?;
    let page = desk
        .page(format!("Remove the phone {}?", phone.number.masked()))
        .up("Two-factor authentication", TWO_FACTOR)
        .lead("No codes are texted to it any more.");
    Ok(page.push(Block::Form(remove_form(&request))).answer())
}

/// `POST /account/two_factor/backup/phone/unregister/{id}/`
///
/// # Errors
/// When the store fails; 404 for a telephone of somebody else, or of nobody.
pub(in crate::manage) async fn remove(request: Request, desk: Desk) -> Answer {
    let phone = own(&request, &desk).await?;
    match remove_phone(request.app(), &desk.session, phone.id).await {
        Ok(()) => Ok(desk.back(request.app(), TWO_FACTOR, "The phone was removed.")),
        Err(error) => {
            let refusal = refused(&request, &desk, error)?;
            again(desk.page("Remove the phone?"), remove_form(&request), refusal, &desk.form)
        }
    }
}
