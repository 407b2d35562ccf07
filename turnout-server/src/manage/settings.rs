//! `/manage/<slug>/settings/`: what a subscriber decides about itself.

use turnout_core::{
    App,
    input::Input as Sent,
    ports::store::StoreError,
    subscriber::{EditError, Editor, KEY_MASK, SmsMode, Subscriber, edit, has_action_network_key},
};

use super::{
    Answer,
    blocks::{Block, FormBlock, Input, InputKind},
    frame::PageOf,
    gate::Desk,
};
use crate::http::{ApiError, Request};

/// The settings.
///
/// # Errors
/// When the store fails.
pub(super) async fn show(request: Request, desk: Desk) -> Answer {
    let form = form(request.app(), &desk).await?;
    Ok(page(&desk, form).answer())
}

/// Changes them.
///
/// # Errors
/// When the store fails.
pub(super) async fn save(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let sent = Sent::form(desk.form.pairs());
    match edit(app, desk.user.id, desk.own().id, Editor::Member, &sent).await {
        Ok(_) => Ok(desk.back(app, &desk.link("settings/"), "Saved.")),
        Err(EditError::Problems(problems)) => {
            let form = form(app, &desk).await?.with(&problems, &desk.form);
            Ok(page(&desk, form).answer())
        }
        Err(EditError::NotFound) => Err(ApiError::not_found()),
        Err(EditError::Store(error)) => Err(error.into()),
    }
}

fn page(desk: &Desk, form: FormBlock) -> PageOf {
    desk.page("Settings").push(Block::Form(form))
}

async fn form(app: &App, desk: &Desk) -> Result<FormBlock, StoreError> {
    let own = desk.own();
    let url = |name, label: &str, value: &str| Input::new(name, label, InputKind::Url).value(value);
    let form = FormBlock::new(desk.link("settings/"), "Save")
        .input(
            Input::new("name", "Name", InputKind::Text)
                .hint("Voters read it in mails and beside the box for texts.")
                .value(own.name.clone())
                .autocomplete("organization"),
        )
        .input(url("url", "Home page", &own.url))
        .input(
            url("privacy_policy", "Privacy policy", own.privacy_policy.as_deref().unwrap_or_default())
                .optional(),
        )
        .input(
            url("terms_of_service", "Terms of service", own.terms_of_service.as_deref().unwrap_or_default())
                .optional(),
        );
    if !own.has_data_access() {
        return Ok(form);
    }
    let has_key = has_action_network_key(app, own.id).await?;
    let check = |name, label: &str, is_on| Input::new(name, label, InputKind::Check).checked(is_on);
    Ok(form
        .input(sms_mode(own))
        .input(language(app, own))
        .input(
            check("sync_tmc", "The Movement Cooperative takes our voters along in its nightly export", own.sync_tmc),
        )
        .input(check("sync_bluelink", "Bluelink takes our voters along in its nightly export", own.sync_bluelink))
        .input(check("sync_actionnetwork", "Sync our voters to our group at ActionNetwork", has_key))
        .input(
            Input::new("actionnetwork_key", "API key of our group at ActionNetwork", InputKind::Password)
                .hint(if has_key {
                    "A key is kept. Leave this as it is to keep it; enter another one to replace it. Without the sync above it is deleted."
                } else {
                    "Only needed with the sync above."
                })
                .value(if has_key { KEY_MASK } else { "" })
                .autocomplete("new-password")
                .optional(),
        ))
}

fn sms_mode(own: &Subscriber) -> Input {
    let mode = own.sms_mode();
    let mut choices: Vec<(String, String)> = SmsMode::OFFERED.iter().map(|it| choice(*it)).collect();
    // who has it may keep it; nobody can choose it any more
    if !SmsMode::OFFERED.contains(&mode) {
        choices.push(choice(mode));
    }
    Input::new("sms_mode", "How voters agree to texts of yours", InputKind::Radio(choices)).value(mode.wire())
}

fn choice(mode: SmsMode) -> (String, String) {
    let words = match mode {
        SmsMode::BoxUnchecked => "A box that is not checked at first",
        SmsMode::BoxChecked => "A box that is checked at first",
        SmsMode::None => "We send no texts, and voters are not asked",
        SmsMode::AutoOptIn => "Whoever gives a number agrees (no longer offered: once changed, it is gone)",
    };
    (mode.wire().to_owned(), words.to_owned())
}

/// The language of voters who chose none.
fn language(app: &App, own: &Subscriber) -> Input {
    let mut choices = vec![(String::new(), "English".to_owned())];
    for language in app.wording.languages() {
        let tag = language.to_string();
        if tag != "en" {
            choices.push((tag.clone(), name(&tag)));
        }
    }
    let chosen = own.language.as_ref().map(ToString::to_string).filter(|tag| tag != "en").unwrap_or_default();
    if !choices.iter().any(|(tag, _)| *tag == chosen) {
        choices.push((chosen.clone(), name(&chosen)));
    }
    Input::new("language", "Language of mails and texts to voters who chose none", InputKind::Select(choices))
        .value(chosen)
        .optional()
}

/// What a language is called in English, as far as we know it.
fn name(tag: &str) -> String {
    match tag {
        "es" => "Spanish".into(),
        other => other.to_owned(),
    }
}
