//! `/account/two_factor/`: by what somebody proves who they are beside the password, and the way to more of it.

use turnout_core::account::{Factors, SessionStage, factors};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, FormBlock, Input, Link, Notice, Table},
        gate::{Desk, TWO_FACTOR, to},
    },
    number_input, untexted,
};
use crate::http::Request;

/// Where an app or a telephone is chosen.
pub(super) const SETUP: &str = "/account/two_factor/setup/";
/// Where an authenticator app is set up.
pub(super) const APP: &str = "/account/two_factor/setup/app/";
/// Where the first telephone is set up.
pub(super) const PHONE: &str = "/account/two_factor/setup/phone/";
/// Where another telephone is.
pub(super) const BACKUP_PHONE: &str = "/account/two_factor/backup/phone/register/";
/// Where recovery codes are printed.
pub(super) const TOKENS: &str = "/account/two_factor/backup/tokens/";

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let factors = factors(request.app(), desk.user.id).await?;
    if !factors.is_set_up() {
        let lead = "Beside your password, this site asks for a code of your phone, so that a stolen password alone opens nothing. \
                    Choose where your codes come from.";
        return Ok(desk.page("Set up the second step").lead(lead).extend(ways(&factors)).answer());
    }
    let lead = if factors.takes_codes() {
        "When you sign in, you are asked for your password and for a code of one of these."
    } else {
        "When you sign in, you are asked for your password and for one of your recovery codes."
    };
    let mut page = desk.page("Two-factor authentication").lead(lead).extend(untexted(&factors));
    if desk.session.stage != SessionStage::Verified {
        page = page.push(Block::Notice(Notice::warning("Sign in with a code to change any of this.")));
    }
    page = page.push(Block::Table(table(&factors)));
    let mut more = Vec::new();
    if factors.authenticator.is_none() {
        more.push(Link::new("Add an authenticator app", SETUP));
    }
    if factors.texts {
        more.push(Link::new("Add a phone", BACKUP_PHONE));
    }
    more.push(Link::new("Recovery codes", TOKENS));
    if factors.authenticator.is_some() {
        more.push(Link::new("Move to another app or phone", SETUP));
    }
    more.push(Link::new("Turn two-factor authentication off", "/account/two_factor/disable/"));
    Ok(page.push(Block::Links(more)).answer())
}

fn table(factors: &Factors) -> Table {
    let app = factors.authenticator.as_ref().map(|app| {
        let remove =
            Link::new("Remove", "/account/two_factor/setup/app/remove/").note("the authenticator app");
        vec![Cell::text("Authenticator app"), Cell::Time(app.created_at), Cell::Links(vec![remove])]
    });
    let phones = factors.phones.iter().map(|phone| {
        let number = phone.number.masked();
        let path = format!("/account/two_factor/backup/phone/unregister/{}/", phone.id.0);
        let kind = if phone.is_backup { "Backup phone" } else { "Phone" };
        let remove = Link::new("Remove", path).note(format!("the phone {number}"));
        let off = if factors.texts { "" } else { ", off: codes are not texted at present" };
        let what = Cell::text(format!("{kind} {number}{off}"));
        vec![what, Cell::Time(phone.created_at), Cell::Links(vec![remove])]
    });
    let codes = match factors.codes_left {
        0 => "None are left".to_owned(),
        1 => "One is left".to_owned(),
        left => format!("{left} are left"),
    };
    let codes = vec![
        Cell::text("Recovery codes"),
        Cell::text(codes),
        Cell::Links(vec![Link::new("Print new ones", TOKENS).note("as recovery codes")]),
    ];
    Table {
        caption: "Your second factors".into(),
        columns: vec![Column::new("What"), Column::new("Since"), Column::silent("Change")],
        rows: app.into_iter().chain(phones).chain([codes]).collect(),
        empty: String::new(),
    }
}

/// The ways to a first factor.
fn ways(factors: &Factors) -> Vec<Block> {
    let app = FormBlock::new(APP, "Use an app")
        .heading("An authenticator app")
        .lead("Works without a network. Any app for one-time codes will do: Google Authenticator, 1Password, Aegis and others.")
        .input(Input::hidden("step", "begin"));
    let mut ways = vec![Block::Form(app)];
    if factors.texts {
        let phone = FormBlock::new(PHONE, "Text me a code").heading("A text message").input(number_input());
        ways.push(Block::Form(phone.lead("We text you a code each time you sign in.")));
    }
    ways
}

/// `GET /account/two_factor/setup/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn choose(request: Request, desk: Desk) -> Answer {
    let factors = factors(request.app(), desk.user.id).await?;
    let mut page = desk.page("Where your codes come from").extend(ways(&factors));
    if factors.is_set_up() {
        page = page.up("Two-factor authentication", TWO_FACTOR);
    }
    if factors.authenticator.is_some() {
        page = page
            .lead("A new app takes the place of the one that you have, once you have typed a code of it.");
    }
    Ok(page.answer())
}

/// `GET /account/two_factor/setup/complete/`: where the first setup ended before.
///
/// # Errors
/// Never.
pub(in crate::manage) async fn complete(_request: Request, _desk: Desk) -> Answer {
    Ok(to(TWO_FACTOR))
}
