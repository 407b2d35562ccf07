//! Secrets of endpoints, each shown once.

use turnout_core::webhook::{self, Made};

use super::{called, failed, found, id, path};
use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, Code, FormBlock, Link, Notice},
        frame::PageOf,
        gate::Desk,
    },
};

/// The page with a secret that was just made.
pub(super) fn shown(desk: &Desk, made: &Made, title: &str) -> PageOf {
    let secret = made.secret.reveal().to_string();
    desk.page(title)
        .up(called(&made.endpoint), path(desk, made.endpoint.id, ""))
        .lead(made.endpoint.address.clone())
        .push(Block::Notice(Notice::warning(
            "Copy the secret now. It is kept nowhere, and is not shown again.",
        )))
        .push(Block::Code(Code { label: "Secret for signatures".into(), text: secret }))
        .push(Block::Text(
            "Each call is signed as the Standard Webhooks specification says; for most languages there is a library that \
             verifies it."
                .into(),
        ))
        .push(Block::Actions(vec![Link::main("I have copied it", path(desk, made.endpoint.id, ""))]))
}

/// Asks whether the secret is to be changed.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn ask_to_rotate(request: Request, desk: Desk) -> Answer {
    let endpoint = found(&request, &desk).await?;
    let form = FormBlock::new(path(&desk, endpoint.id, "rotate/"), "Make a new secret")
        .lead(
            "The present secret is valid for 24 hours more: until then each call has a signature by either.",
        )
        .cancel("Keep the secret", path(&desk, endpoint.id, ""));
    let page = desk.page("Change the secret?").up(called(&endpoint), path(&desk, endpoint.id, ""));
    Ok(page.push(Block::Form(form)).answer())
}

/// Changes the secret, and shows the new one this once.
///
/// # Errors
/// 404 for what is no endpoint of the subscriber; when the store fails.
pub(in crate::manage) async fn rotate(request: Request, desk: Desk) -> Answer {
    let Some(id) = id(&request) else { return Err(ApiError::not_found()) };
    let made = webhook::rotate(request.app(), desk.user.id, desk.own().id, id).await.map_err(failed)?;
    Ok(shown(&desk, &made, "The secret was changed").answer())
}
