//! What is done with a file, a letter, a fax or an account, by a button of its record page.

use turnout_core::{
    account::reset_two_factor,
    back_office::{Entity, Record, Value},
    file,
    ids::{FileId, JobId, LetterId, UserId},
    jobs,
    letter::{self, Again, AgainError},
};

use super::{path, webhooks};
use crate::{
    http::{ApiError, Request},
    manage::{Answer, blocks::Button, gate::Desk},
};

/// The buttons of a record, each with what it does. Those that would do nothing are left out.
pub(super) fn buttons(entity: Entity, record: &Record) -> Vec<(Button, &'static str)> {
    let shape = entity.shape();
    let here = path(entity, &record.key.id);
    let is_nothing = |column: &str| *record.value(shape, column) == Value::Nothing;
    let is = |column: &str, word: &str| record.value(shape, column).text() == Some(word);
    let mut buttons = Vec::new();
    match entity {
        Entity::Files if is_nothing("purged") => {
            if *record.value(shape, "claimed") == Value::Flag(true) && !is_nothing("email") {
                let mail = Button::new("Mail the link", format!("{here}mail_link/"));
                buttons.push((
                    mail,
                    "Mail its link once more, to whom it was made for. One that has expired is renewed.",
                ));
            }
            let delete = Button::new("Delete the file", format!("{here}delete_file/")).danger();
            buttons.push((delete, "Delete its bytes. The record stays, and nobody gets the file any more."));
        }
        Entity::Letters if is_nothing("external_id") => {
            let send = Button::new("Hand it over", format!("{here}send_again/"));
            buttons.push((
                send,
                "Hand it to the mail house, which has not taken it yet. No second letter goes.",
            ));
        }
        Entity::Faxes if is("status", "pending") && is_nothing("status_message") => {
            let send = Button::new("Hand it over", format!("{here}send_again/"));
            buttons.push((send, "Run the job again that hands it to the gateway, if it was given up."));
        }
        Entity::UpdateWebhooks => buttons.extend(webhooks::buttons(&here)),
        Entity::Users => {
            let reset = Button::new("Take them away", format!("{here}reset_second_factor/")).danger();
            buttons.push((
                reset,
                "Take all second factors away, for somebody who lost them. Every session ends.",
            ));
        }
        _ => {}
    }
    buttons
}

/// `POST /manage/admin/users/{id}/reset_second_factor/`
///
/// # Errors
/// 404 for nobody; when the store fails.
pub(in crate::manage) async fn reset_second_factor(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = UserId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let told = match reset_two_factor(app, Some(desk.user.id), id).await? {
        None => return Err(ApiError::not_found()),
        Some(true) => "The second factors are gone. A new one has to be set up at the next sign-in.",
        Some(false) => "There was no second factor. Every session has ended.",
    };
    Ok(desk.back(app, &path(Entity::Users, &id.to_string()), told))
}

/// `POST /manage/admin/files/{id}/mail_link/`
///
/// # Errors
/// 404 for no file; when the store fails.
pub(in crate::manage) async fn mail_link(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = FileId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let told = told(file::mail_link(app, desk.user.id, id).await, "The link is on its way.")?;
    Ok(desk.back(app, &path(Entity::Files, &id.to_string()), &told))
}

/// `POST /manage/admin/files/{id}/delete_file/`
///
/// # Errors
/// 404 for no file; when the store fails.
pub(in crate::manage) async fn delete_file(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = FileId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let told = told(file::delete_now(app, desk.user.id, id).await, "The file is deleted.")?;
    Ok(desk.back(app, &path(Entity::Files, &id.to_string()), &told))
}

/// What is said of what was done with a file, or why it was not.
fn told(done: Result<(), file::ManageError>, good: &str) -> Result<String, ApiError> {
    match done {
        Ok(()) => Ok(good.to_owned()),
        Err(file::ManageError::NotFound) => Err(ApiError::not_found()),
        Err(file::ManageError::State(why)) => Ok(format!("Nothing was done: {why}.")),
        Err(file::ManageError::Store(error)) => Err(error.into()),
    }
}

/// `POST /manage/admin/letters/{id}/send_again/`
///
/// # Errors
/// 404 for no letter; when the store fails.
pub(in crate::manage) async fn send_letter(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = LetterId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let told = match letter::send_again(app, desk.user.id, id).await {
        Ok(Again::InLine) => "The letter is handed over now.".to_owned(),
        Ok(Again::WasInLine) => "It is in line already.".to_owned(),
        Err(AgainError::NotFound) => return Err(ApiError::not_found()),
        Err(error @ AgainError::HandedOver) => format!("Nothing was done: {error}."),
        Err(AgainError::Store(error)) => return Err(error.into()),
    };
    Ok(desk.back(app, &path(Entity::Letters, &id.to_string()), &told))
}

/// `POST /manage/admin/faxes/{id}/send_again/`: a fax has the id of the job that hands it over.
///
/// # Errors
/// 404 for no fax; when the store fails.
pub(in crate::manage) async fn send_fax(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = JobId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let fax = app.store.view().await?.records().one(Entity::Faxes, &id.to_string()).await?;
    let fax = fax.ok_or_else(ApiError::not_found)?;
    let job = app.store.view().await?.jobs().by_id(id).await?;
    let told = match job {
        Some(job) if job.state == jobs::JobState::Dead && !buttons(Entity::Faxes, &fax).is_empty() => {
            match jobs::run_again(app, desk.user.id, id).await {
                Ok(_) => "The fax is handed over now.".to_owned(),
                Err(jobs::ManageError::Store(error)) => return Err(error.into()),
                Err(error) => format!("Nothing was done: {error}."),
            }
        }
        Some(_) => "Nothing was done: its job was not given up.".to_owned(),
        None => "Nothing was done: its job is not known any more.".to_owned(),
    };
    Ok(desk.back(app, &path(Entity::Faxes, &id.to_string()), &told))
}
