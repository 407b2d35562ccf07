//! What a partner's program says of a number: it opted out, or in (`flows.md` 8.2). Only programs of first-party
//! subscribers may, which is for the caller to see to.

use chrono::{DateTime, Utc};

use super::{Number, Text, send, words::words};
use crate::{
    app::App,
    asked::{Field, fields},
    consent::{Choice, Origin, Scope, Statement, record_entry},
    crm,
    decision::{Channel, Decision, Place, Purpose},
    ids::ConsentId,
    input::{Given, Input, Reader, Rules},
    person::Phone,
    ports::{
        store::{StoreError, Unit},
        wording::TextMessage,
    },
    problems::Problems,
    switch::smsbot,
};

/// Why nothing was noted.
#[derive(Debug, thiserror::Error)]
pub enum OptError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes that a number is not to be written to any more, be it one that we have never seen. The number's row is left as it is
/// when the number has said otherwise since, or was greeted since; the ledger has it in any case, where the newest word
/// counts.
///
/// # Errors
/// See [`OptError`].
#[tracing::instrument(target = "turnout::trace", name = "sms.opt_out", skip_all)]
pub async fn opt_out(app: &App, input: &Input) -> Result<(), OptError> {
    let (phone, at) = said(app, input)?;
    let mut unit = app.store.begin().await?;
    let mut number = unit.messages_mut().lock_or_insert(&Number::new(app, phone)).await?;
    let consent = note(app, unit.as_mut(), &number, Choice::Stopped, at).await?;
    // a no counts by the ledger too, whatever becomes of the row
    crm::jobs::follow(app, unit.as_mut(), Choice::Stopped, consent).await?;
    let is_older = |known: Option<DateTime<Utc>>| known.is_some_and(|known| known > at);
    if is_older(number.opted_out_at) || is_older(number.opted_in_at) || is_older(number.welcomed_at) {
        return Ok(unit.commit().await?);
    }
    number.stop(at, app.now());
    unit.messages_mut().update_number(&number).await?;
    Ok(unit.commit().await?)
}

/// Notes that a number may be written to, and greets it if nobody did yet. The number's row is left as it is, and nobody
/// greeted, when the number has said otherwise since, at the same moment too, or was greeted since; the ledger has it in
/// any case. Who was stopped until now is not greeted.
///
/// # Errors
/// See [`OptError`].
#[tracing::instrument(target = "turnout::trace", name = "sms.opt_in", skip_all)]
pub async fn opt_in(app: &App, input: &Input) -> Result<(), OptError> {
    let (phone, at) = said(app, input)?;
    let switches = app.switches().await;
    let mut unit = app.store.begin().await?;
    let mut number = unit.messages_mut().lock_or_insert(&Number::new(app, phone)).await?;
    let consent = note(app, unit.as_mut(), &number, Choice::Granted, at).await?;
    let is_older = |known: Option<DateTime<Utc>>| known.is_some_and(|known| known > at);
    let is_stop_as_new = number.opted_out_at.is_some_and(|stop| stop >= at);
    if is_stop_as_new || is_older(number.opted_in_at) || is_older(number.welcomed_at) {
        return Ok(unit.commit().await?);
    }
    let language = number.language.clone().unwrap_or_default();
    let (switch, ours) = (&smsbot::AUTOREPLY_JOINED, TextMessage::Joined);
    let greeting = words(app, &switches, switch, &ours, &language);
    let greets = number.welcomed_at.is_none() && !number.is_stopped() && switches.is_on(&smsbot::FEATURE);
    number.join(at, app.now());
    if let Some(text) = greeting.filter(|_| greets) {
        let (purpose, place) = (Purpose::Welcome, Place::default());
        let welcome = Text { to: &number, purpose, sender: None, place, text };
        if !matches!(send::enqueue(app, unit.as_mut(), welcome).await?, Decision::Refuse(_)) {
            number.welcomed_at = Some(app.now());
        }
    }
    unit.messages_mut().update_number(&number).await?;
    crm::jobs::follow(app, unit.as_mut(), Choice::Granted, consent).await?;
    Ok(unit.commit().await?)
}

/// The fields that [`opt_in`] and [`opt_out`] read.
#[must_use]
pub fn opt_fields() -> Vec<Field> {
    fields(|input| drop(read(input)))
}

/// Adds it to the ledger.
async fn note(
    app: &App,
    unit: &mut dyn Unit,
    number: &Number,
    choice: Choice,
    at: DateTime<Utc>,
) -> Result<Option<ConsentId>, StoreError> {
    let said = Statement::new(choice, Scope::All, Origin::Program, at);
    record_entry(app, unit, Channel::Sms, number.phone.e164(), said).await
}

/// The number and the moment, now unless one is given. What is said to happen later happens now, so that nothing that the
/// number says meanwhile is older.
fn said(app: &App, input: &Input) -> Result<(Phone, DateTime<Utc>), Problems> {
    let (phone, time) = read(input)?;
    let now = app.now();
    Ok((phone, time.map_or(now, |time| time.min(now))))
}

fn read(input: &Input) -> Result<(Phone, Option<DateTime<Utc>>), Problems> {
    let mut reader = Reader::whole(input);
    let phone = reader.phone("phone", Rules::required());
    let time = reader.datetime("time", Rules::optional());
    let problems = reader.into_problems();
    match phone {
        Given::Value(phone) if problems.is_empty() => Ok((phone, time.value())),
        _ => Err(problems),
    }
}
