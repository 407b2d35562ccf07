//! What we write to who moved (`flows.md` 10: M1 to M3).

use super::MoverLead;
use crate::{
    address::State,
    app::App,
    decision::Place,
    jobs::JobError,
    language::Language,
    mail::{self, Addressee, speaker},
    official::directory_url,
    ports::{
        store::{StoreError, View},
        wording::{Message, MoverMail, SameDay},
    },
};

/// What a mail about the blank forms may say.
pub(super) async fn mail(app: &App, lead: &MoverLead) -> Result<MoverMail, StoreError> {
    let state = lead.new.address.state;
    let mut view = app.store.view().await?;
    let mut fact = async |slug| fact(view.as_mut(), state, slug).await;
    let is_true = |text: &str| text.eq_ignore_ascii_case("true");
    Ok(MoverMail {
        speaker: speaker(app, None),
        first_name: lead.first_name.clone().unwrap_or_default(),
        state,
        mail_deadline: fact("registration_deadline_mail").await?,
        online_deadline: fact("registration_deadline_online").await?,
        in_person_deadline: fact("registration_deadline_in_person").await?,
        early_voting_starts: fact("early_voting_starts").await?,
        early_voting_ends: fact("early_voting_ends").await?,
        same_day: SameDay {
            early: is_true(&fact("sdr_early_voting").await?),
            election_day: is_true(&fact("sdr_election_day").await?),
        },
        // Wis. Stat. 6.34
        needs_proof: state == Some(State::Wi),
        check_url: fact("external_tool_verify_status").await?,
        offices_url: directory_url(&app.settings.origins, state),
    })
}

async fn fact(view: &mut dyn View, state: Option<State>, slug: &str) -> Result<String, StoreError> {
    match state {
        Some(state) => Ok(view.elections().text(state, slug).await?.unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// Puts a message into words and sends it, in the name of the organization that runs the service. `unique` stays the same
/// however often it is tried.
pub(super) async fn send(
    app: &App,
    lead: &MoverLead,
    message: &Message,
    unique: &str,
) -> Result<(), JobError> {
    let email = lead.email.as_deref();
    let mut view = app.store.view().await?;
    let place = Place::of(&lead.new.address).in_region(app, view.as_mut(), lead.new.region).await?;
    drop(view);
    let mover = Addressee { email, subscriber: None, language: Language::english(), reply_to: None, place };
    mail::send(app, mover, message, unique).await
}
