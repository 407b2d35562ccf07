//! A text of ours begins its way: it is decided whether and when it goes; then a row, and the job that hands it over.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Direction, MEDIA, Message, Number, jobs::Send};
use crate::{
    app::App,
    consent::Mark,
    decision::{self, Channel, Decision, Place, Purpose, Recipient, Whereabouts},
    ids::{MessageId, SubscriberId},
    jobs::NewJob,
    person::Phone,
    ports::store::{StoreError, Unit, View, unless_absent},
};

/// How long ago a text may have been written that counts for the month: it may have been held for days.
const WRITTEN_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(decision::A_MONTH.num_days() + 15);

/// A text of ours. No `Debug`: it says what to whom.
#[derive(Clone)]
pub struct Text<'a> {
    /// Who gets it.
    pub to: &'a Number,
    /// What for.
    pub purpose: Purpose,
    /// Whose text it is; nothing for the organization that runs the service.
    pub sender: Option<SubscriberId>,
    /// Where the voter lives, as far as it is known. The number need not be said again.
    pub place: Place,
    /// What it says.
    pub text: String,
}

/// Decides whether the text goes, and when; unless it is refused, writes it down and enqueues its way in the same unit. The
/// job decides again right before it hands it over. Says what was decided.
///
/// # Errors
/// When the store fails.
pub async fn enqueue(app: &App, unit: &mut dyn Unit, text: Text<'_>) -> Result<Decision, StoreError> {
    enqueue_with_pictures(app, unit, text, &[]).await
}

/// The same with pictures, each an address at which the carrier fetches it: an MMS.
///
/// # Errors
/// When the store fails.
pub async fn enqueue_with_pictures(
    app: &App,
    unit: &mut dyn Unit,
    text: Text<'_>,
    pictures: &[String],
) -> Result<Decision, StoreError> {
    let more = (!pictures.is_empty()).then(|| json!({ MEDIA: pictures }));
    enqueue_by(app, unit, text, more, |message| Send { message }.job(app)).await
}

/// The same with what is noted of the text, and with another job that hands it over.
pub(crate) async fn enqueue_by(
    app: &App,
    unit: &mut dyn Unit,
    text: Text<'_>,
    more: Option<Value>,
    job: impl FnOnce(MessageId) -> NewJob,
) -> Result<Decision, StoreError> {
    let Text { to, purpose, sender, place, text } = text;
    let now = app.now();
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), &place.with_phone(&to.phone));
    let recipient = recipient(unit, to, sender, whereabouts, now).await?;
    let decision = decision::decide(&recipient, Channel::Sms, purpose, now);
    let due = match decision {
        Decision::Send => now,
        Decision::HoldUntil(until, _) => until,
        Decision::Refuse(rule) => {
            tracing::debug!(%rule, purpose = purpose.wire(), "a text was refused");
            // of one that is enqueued that is counted when it is handed over
            app.measures.decided(Channel::Sms, purpose, decision);
            return Ok(decision);
        }
    };
    let mut message = Message::new(app, to.phone.clone(), Direction::Out, Some(text));
    message.more = more;
    message.purpose = Some(purpose);
    message.sender = sender;
    message.whereabouts = Some(recipient.whereabouts);
    message.decided(decision, now);
    unit.messages_mut().insert(&message).await?;
    unit.jobs_mut().enqueue(&job(message.id).at(due).of(sender)).await?;
    Ok(decision)
}

/// All that counts of whoever has this number.
pub(crate) async fn recipient(
    view: &mut dyn View,
    number: &Number,
    sender: Option<SubscriberId>,
    whereabouts: Whereabouts,
    now: DateTime<Utc>,
) -> Result<Recipient, StoreError> {
    let known = known_of(view, std::slice::from_ref(number), now).await?;
    let known = known.into_values().next().unwrap_or_default();
    Ok(Recipient { sender, ..known.at(whereabouts) })
}

/// What is known of a number, whoever writes to it.
#[derive(Default)]
pub(super) struct Known {
    consent: Vec<Mark>,
    counted: Vec<DateTime<Utc>>,
}

impl Known {
    /// Somebody of whom this is known, and where he may be.
    pub(super) fn at(self, whereabouts: Whereabouts) -> Recipient {
        Recipient { consent: self.consent, counted: self.counted, ..Recipient::at(whereabouts) }
    }
}

/// What is known of each of these numbers.
pub(super) async fn known_of(
    view: &mut dyn View,
    numbers: &[Number],
    now: DateTime<Utc>,
) -> Result<HashMap<Phone, Known>, StoreError> {
    let addresses: Vec<&str> = numbers.iter().map(|number| number.phone.e164()).collect();
    let entries = unless_absent(view.consents().of_all(Channel::Sms, &addresses).await)?;
    let phones: Vec<Phone> = numbers.iter().map(|number| number.phone.clone()).collect();
    let sent = view.messages().sent_to_since(&phones, now - WRITTEN_WITHIN).await?;
    let marks = |number: &Number| Known { consent: number.marks(), counted: Vec::new() };
    let mut known: HashMap<Phone, Known> =
        numbers.iter().map(|number| (number.phone.clone(), marks(number))).collect();
    for entry in entries {
        if let Some(known) = known.get_mut(&Phone::from_stored(entry.address)) {
            known.consent.push(entry.mark);
        }
    }
    for (phone, purpose, at) in sent {
        if let Some(known) = known.get_mut(&phone).filter(|_| purpose.is_counted()) {
            known.counted.push(at);
        }
    }
    Ok(known)
}
