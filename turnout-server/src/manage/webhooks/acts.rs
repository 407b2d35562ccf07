//! What is done with an endpoint.

use turnout_core::{
    ids::DeliveryId,
    input::Input as Sent,
    webhook::{self, Endpoint, kept_days, read_window},
};

use super::{called, failed, found, id, path};
use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind},
        frame::PageOf,
        gate::Desk,
    },
};

/// Does something with the endpoint of the address, and goes back to its page.
macro_rules! act {
    ($(#[$doc:meta])* $name:ident, $use_case:path, $notice:literal) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// 404 for what is no endpoint of the subscriber; when the store fails.
        pub(in crate::manage) async fn $name(request: Request, desk: Desk) -> Answer {
            let app = request.app();
            let Some(id) = id(&request) else { return Err(ApiError::not_found()) };
            $use_case(app, desk.user.id, desk.own().id, id).await.map_err(failed)?;
            Ok(desk.back(app, &path(&desk, id, ""), $notice))
        }
    };
}

act!(
    /// Has deliveries wait.
    pause, webhook::pause, "The endpoint is paused: what happens is kept and waits."
);
act!(
    /// Has deliveries go on.
    resume, webhook::resume, "The endpoint is on: what waited is being sent."
);
act!(
    /// Has a test sent.
    test, webhook::send_test, "A test is on its way. Look again in a moment."
);

/// Has one delivery sent again.
///
/// # Errors
/// 404 for what is no delivery to an endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn again(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let delivery = DeliveryId::parse(request.segment("delivery"));
    let (Some(id), Some(delivery)) = (id(&request), delivery) else { return Err(ApiError::not_found()) };
    webhook::send_again(app, desk.user.id, desk.own().id, id, delivery).await.map_err(failed)?;
    Ok(desk.back(app, &path(&desk, id, ""), "It is being sent again, under the same id."))
}

/// Asks which time is to be sent again.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn ask_to_replay(request: Request, desk: Desk) -> Answer {
    let endpoint = found(&request, &desk).await?;
    let form = replay_form(&desk, &endpoint, kept_days(request.app()));
    Ok(replaying(&desk, &endpoint, form).answer())
}

fn replay_form(desk: &Desk, endpoint: &Endpoint, days: Option<u32>) -> FormBlock {
    let moment = |name, label: &str, hint: &str| {
        Input::new(name, label, InputKind::Text).hint(hint).autocomplete("off")
    };
    let from = match days {
        Some(days) => format!("In UTC, such as 2026-11-03T14:00. At most {days} days ago."),
        None => "In UTC, such as 2026-11-03T14:00.".to_owned(),
    };
    FormBlock::new(path(desk, endpoint.id, "replay/"), "Send again")
        .input(moment("from", "From", &from))
        .input(moment("to", "To", "Before this moment. Left out, until now.").optional())
        .cancel("Back to the endpoint", path(desk, endpoint.id, ""))
}

fn replaying(desk: &Desk, endpoint: &Endpoint, form: FormBlock) -> PageOf {
    desk.page("Send a time again")
        .up(called(endpoint), path(desk, endpoint.id, ""))
        .lead("Whatever happened in that time is sent again, under the same ids, whether it was delivered or given up. What waits is left in its place.")
        .push(Block::Form(form))
}

/// Has a time sent again.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn replay(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let endpoint = found(&request, &desk).await?;
    let window = match read_window(app, &Sent::form(desk.form.pairs())) {
        Ok(window) => window,
        Err(problems) => {
            let form = replay_form(&desk, &endpoint, kept_days(app)).with(&problems, &desk.form);
            return Ok(replaying(&desk, &endpoint, form).answer());
        }
    };
    let replayed = webhook::replay(app, Some(desk.user.id), desk.own().id, endpoint.id, window).await;
    replayed.map_err(failed)?;
    Ok(desk.back(app, &path(&desk, endpoint.id, ""), "That time is being sent again."))
}

/// Asks whether an endpoint is to be removed.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn ask_to_remove(request: Request, desk: Desk) -> Answer {
    let endpoint = found(&request, &desk).await?;
    let form = FormBlock::new(path(&desk, endpoint.id, "remove/"), "Remove the endpoint")
        .lead("Nothing is sent to it any more, and its secret is void. This cannot be undone.")
        .danger()
        .cancel("Keep", path(&desk, endpoint.id, ""));
    let title = format!("Remove “{}”?", called(&endpoint));
    let page = desk.page(title).up(called(&endpoint), path(&desk, endpoint.id, ""));
    Ok(page.push(Block::Form(form)).answer())
}

/// Removes an endpoint.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn remove(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let Some(id) = id(&request) else { return Err(ApiError::not_found()) };
    webhook::remove(app, desk.user.id, desk.own().id, id).await.map_err(failed)?;
    Ok(desk.back(app, &desk.link("webhooks/"), "The endpoint was removed."))
}
