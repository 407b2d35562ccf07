//! `/manage/profile/update_profile/`: one's name and clock.

use turnout_core::account::{ProfileError, factors, update_profile};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock},
        gate::Desk,
    },
    person_inputs, untexted,
};
use crate::http::{ApiError, Request};

const PATH: &str = "/manage/profile/update_profile/";
const TITLE: &str = "Name and time zone";

fn form(desk: &Desk) -> FormBlock {
    let user = &desk.user;
    FormBlock::new(PATH, "Save").inputs(person_inputs(&user.first_name, &user.last_name, user.time_zone))
}

/// `GET`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let lead = format!("You sign in with {}.", desk.user.email);
    let warning = untexted(&factors(request.app(), desk.user.id).await?);
    Ok(desk.page(TITLE).lead(lead).extend(warning).push(Block::Form(form(&desk))).answer())
}

/// `POST`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn submit(request: Request, desk: Desk) -> Answer {
    match update_profile(request.app(), desk.user.id, &desk.form.input()).await {
        Ok(_) => Ok(desk.back(request.app(), PATH, "Saved.")),
        Err(ProfileError::Problems(problems)) => {
            Ok(desk.page(TITLE).push(Block::Form(form(&desk).with(&problems, &desk.form))).answer())
        }
        Err(ProfileError::NotFound) => Err(ApiError::not_found()),
        Err(ProfileError::Store(error)) => Err(error.into()),
    }
}
