//! What somebody of the organization enters: a no that came by letter or telephone, and that an entry was wrong.
//!
//! Both are new entries, with the reason, and who entered them is in the log. Nobody enters a yes for somebody else: what
//! was taken back counts no more, and what was said before it counts again.

use chrono::{DateTime, Utc};

use super::{Choice, Entry, Mark, Origin, Scope, Standing, Statement, ledger, record_entry};
use crate::{
    app::App,
    change::Change,
    crm,
    decision::{Channel, Purpose},
    ids::{ConsentId, SubscriberId, UserId},
    mail::slug_of,
    person::{Phone, is_email},
    ports::store::{StoreError, Unit, View, unless_absent},
    sms::Number,
    suppression::{AddressKey, SuppressionReason},
};

/// The most characters of a reason.
const MOST_REASON: usize = 500;

/// Why nothing was entered.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// There is no reason, or too long a one.
    #[error("say why, in 1 to {MOST_REASON} characters")]
    Reason,
    /// Nothing was said for these messages that still counts.
    #[error("nothing was said for just these messages that could be taken back")]
    Nothing,
    /// Something was said since, be it a stop.
    #[error("something was said since this was shown; look at what it is")]
    Newer,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Of whom something is entered. No `Debug`: it is an address.
#[derive(Clone, PartialEq, Eq)]
pub struct About {
    /// The channel.
    pub channel: Channel,
    /// The number or mail address, as entries have it.
    pub address: String,
    /// For whose messages.
    pub scope: Scope,
}

impl About {
    /// Reads an address as somebody typed it. Nothing of what is no address of that channel; nor of a letter, as nobody is
    /// known here by where he lives: who wants no letters says so for his e-mail address.
    #[must_use]
    pub fn read(channel: Channel, typed: &str, scope: Scope) -> Option<Self> {
        let typed = typed.trim();
        let address = match channel {
            Channel::Sms | Channel::Fax => Phone::parse(typed)?.e164().to_owned(),
            Channel::Email => Some(typed.to_lowercase()).filter(|typed| is_email(typed))?,
            Channel::Letter => return None,
        };
        Some(Self { channel, address, scope })
    }
}

/// All that was said of an address on a channel. No `Debug`: it may be what a voter wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Said {
    /// The entries of the ledger, by when it was said.
    pub entries: Vec<Entry>,
    /// What the row of a number says that no entry does: of numbers that were taken over.
    pub row: Vec<Mark>,
}

impl Said {
    fn marks(&self) -> Vec<Mark> {
        self.entries.iter().map(|entry| entry.mark).chain(self.row.iter().copied()).collect()
    }

    /// Whether it was taken back.
    #[must_use]
    pub fn is_taken_back(&self, mark: &Mark) -> bool {
        self.entries.iter().any(|entry| entry.mark.takes_back(mark))
    }

    /// What all of it comes to: of the service, and of each subscriber of whom something was said; for a purpose alone only
    /// where it is another word for that purpose.
    #[must_use]
    pub fn standings(&self, now: DateTime<Utc>) -> Vec<(Option<SubscriberId>, Option<Purpose>, Standing)> {
        let marks = self.marks();
        let mut senders = vec![None];
        let mut purposes = Vec::new();
        for mark in &marks {
            match mark.scope {
                Scope::Subscriber(it) if !senders.contains(&Some(it)) => senders.push(Some(it)),
                Scope::Purpose(it) if !purposes.contains(&it) => purposes.push(it),
                _ => {}
            }
        }
        // of a purpose that nobody named there is what there is of all of them
        let unnamed = Purpose::ALL.iter().find(|purpose| !purposes.contains(purpose));
        let mut standings = Vec::new();
        for sender in senders {
            let of = |purpose| Standing::of(&marks, sender, purpose, now);
            let general = unnamed.map(|purpose| of(*purpose));
            standings.extend(general.map(|standing| (sender, None, standing)));
            let others = purposes.iter().map(|purpose| (sender, Some(*purpose), of(*purpose)));
            standings.extend(others.filter(|(.., standing)| Some(*standing) != general));
        }
        standings
    }
}

/// All that was said of an address.
///
/// # Errors
/// When the store fails.
pub async fn said_of(view: &mut dyn View, channel: Channel, address: &str) -> Result<Said, StoreError> {
    let address = ledger::as_kept(channel, address);
    let entries = unless_absent(view.consents().of(channel, &address).await)?;
    let number = match channel {
        Channel::Sms => unless_absent(view.messages().number(&Phone::from_stored(address)).await)?,
        Channel::Email | Channel::Fax | Channel::Letter => None,
    };
    Ok(Said { row: row_alone(number.as_ref(), &entries), entries })
}

/// What the row says that no entry does.
fn row_alone(number: Option<&Number>, entries: &[Entry]) -> Vec<Mark> {
    let marks = number.map(Number::marks).unwrap_or_default();
    marks.into_iter().filter(|mark| !entries.iter().any(|entry| entry.mark == *mark)).collect()
}

/// Reads for whose messages something is said, as somebody typed it: `all`, `service`, `subscriber:acme` by slug or id, or
/// `purpose:chase`. Nothing of what is none of these, or names nobody.
///
/// # Errors
/// When the store fails.
pub async fn read_scope(view: &mut dyn View, typed: &str) -> Result<Option<Scope>, StoreError> {
    let typed = typed.trim();
    Ok(match typed.split_once(':') {
        None if typed == Scope::All.wire() => Some(Scope::All),
        None if typed == Scope::Service.wire() => Some(Scope::Service),
        Some(("subscriber", named)) => {
            let found = match SubscriberId::parse(named.trim()) {
                Some(id) => view.subscribers().by_id(id).await?,
                None => view.subscribers().by_slug(named.trim()).await?,
            };
            found.map(|subscriber| Scope::Subscriber(subscriber.id))
        }
        Some(("purpose", purpose)) => Purpose::parse(purpose.trim()).map(Scope::Purpose),
        _ => None,
    })
}

/// The same the other way round, for people.
///
/// # Errors
/// When the store fails.
pub async fn write_scope(view: &mut dyn View, scope: Scope) -> Result<String, StoreError> {
    Ok(match scope {
        Scope::All | Scope::Service => scope.wire().to_owned(),
        Scope::Purpose(purpose) => format!("purpose:{}", purpose.wire()),
        Scope::Subscriber(id) => {
            let subscriber = view.subscribers().by_id(id).await?;
            let slug = slug_of(view, subscriber.as_ref()).await?;
            format!("subscriber:{}", slug.unwrap_or_else(|| id.to_string()))
        }
    })
}

fn checked(reason: &str) -> Result<String, EnterError> {
    let reason = reason.trim();
    let is_one = (1..=MOST_REASON).contains(&reason.chars().count());
    is_one.then(|| reason.to_owned()).ok_or(EnterError::Reason)
}

/// Enters a no, said at that moment, or now. It is for a stop that came by letter, by telephone or across a counter, and
/// for an office that wants no faxes. The contact lists of those for whose messages it is are told.
///
/// # Errors
/// See [`EnterError`].
pub async fn stop(
    app: &App,
    by: UserId,
    about: &About,
    at: Option<DateTime<Utc>>,
    reason: &str,
) -> Result<ConsentId, EnterError> {
    let reason = checked(reason)?;
    let now = app.now();
    let at = at.map_or(now, |at| at.min(now));
    let mut unit = app.store.begin().await?;
    let mut number = None;
    if let Some(phone) = phone_of(about) {
        let mut row = unit.messages_mut().lock_or_insert(&Number::new(app, phone)).await?;
        // what the number said since counts
        let is_newer = |known: Option<DateTime<Utc>>| known.is_none_or(|known| known <= at);
        if about.scope == Scope::All && is_newer(row.opted_in_at) && is_newer(row.opted_out_at) {
            row.stop(at, now);
            unit.messages_mut().update_number(&row).await?;
        }
        number = Some(row);
    }
    let said = Statement {
        context: Some(reason),
        ..Statement::new(Choice::Stopped, about.scope, Origin::Staff, at)
    };
    let entry = record_entry(app, unit.as_mut(), about.channel, &about.address, said).await?;
    let entry = entry.ok_or(StoreError::Absent("consents"))?;
    tell_lists(app, unit.as_mut(), about, Choice::Stopped, entry).await?;
    note(app, unit.as_mut(), by, number.as_ref(), entry, "stopped by hand").await?;
    unit.commit().await?;
    Ok(entry)
}

/// Takes back what was said last for these messages, a no or a yes: from now on what counts is what would count if it had
/// never been said. Nothing is deleted. Gives what was taken back.
///
/// # Errors
/// See [`EnterError`].
pub async fn undo(app: &App, by: UserId, about: &About, reason: &str) -> Result<Mark, EnterError> {
    undo_shown(app, by, about, None, reason).await
}

/// The same, by somebody who was shown so many entries of that address: where there are others by now nothing is taken back,
/// as what was said last may be a stop that came meanwhile.
///
/// # Errors
/// See [`EnterError`].
pub async fn undo_shown(
    app: &App,
    by: UserId,
    about: &About,
    shown: Option<usize>,
    reason: &str,
) -> Result<Mark, EnterError> {
    let reason = checked(reason)?;
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let mut number = None;
    if let Some(phone) = phone_of(about) {
        number = unless_absent(unit.messages_mut().lock_number(&phone).await)?;
    }
    let entries = unless_absent(unit.consents().of(about.channel, &about.address).await)?;
    if shown.is_some_and(|shown| shown != entries.len()) {
        return Err(EnterError::Newer);
    }
    let mut said = Said { row: row_alone(number.as_ref(), &entries), entries };
    let counts =
        |mark: &Mark| mark.scope == about.scope && mark.choice.is_said() && !said.is_taken_back(mark);
    // of the same moment the no was the one that counted
    let newest = said.marks().into_iter().filter(counts).max_by_key(|mark| (mark.at, mark.choice));
    let taken = newest.ok_or(EnterError::Nothing)?;
    let entry = Entry {
        id: ConsentId(app.ids.uuid()),
        channel: about.channel,
        address: about.address.clone(),
        // it names what it takes back by when that was said
        mark: Mark { choice: Choice::Withdrawn, ..taken },
        origin: Origin::Staff,
        text: None,
        language: None,
        context: Some(reason),
        recorded_at: now,
    };
    unit.consents_mut().insert(&entry).await?;
    let id = entry.id;
    said.entries.push(entry);
    if let Some(row) = &mut number
        && about.scope == Scope::All
    {
        let standing = said
            .marks()
            .into_iter()
            .filter(|mark| mark.scope == Scope::All && mark.choice.is_said() && !said.is_taken_back(mark));
        row.say_as(standing.max_by_key(|mark| (mark.at, mark.choice)), now);
        unit.messages_mut().update_number(row).await?;
    }
    tell_lists(app, unit.as_mut(), about, Choice::Withdrawn, id).await?;
    let act = if taken.choice == Choice::Stopped { "stop taken back" } else { "yes taken back" };
    note(app, unit.as_mut(), by, number.as_ref(), id, act).await?;
    unit.commit().await?;
    Ok(taken)
}

/// Has contact lists told of it, where it concerns what those who are on them are sent. The jobs look at what counts by then,
/// and leave a list as it is where nothing is left that anybody said.
async fn tell_lists(
    app: &App,
    unit: &mut dyn Unit,
    about: &About,
    said: Choice,
    entry: ConsentId,
) -> Result<(), StoreError> {
    if matches!(about.scope, Scope::Purpose(purpose) if purpose != Purpose::Campaign) {
        return Ok(());
    }
    match about.channel {
        Channel::Sms => crm::jobs::follow(app, unit, said, Some(entry)).await,
        Channel::Email => {
            let address = AddressKey::of(app, &about.address);
            crm::jobs::follow_address(app, unit, address, SuppressionReason::Unsubscribe).await
        }
        Channel::Fax | Channel::Letter => Ok(()),
    }
}

fn phone_of(about: &About) -> Option<Phone> {
    (about.channel == Channel::Sms).then(|| Phone::from_stored(about.address.clone()))
}

/// Notes in the log who did it: with a number it stands in that record's history. Why stands in the ledger, which goes with
/// the person; the log stays.
async fn note(
    app: &App,
    unit: &mut dyn Unit,
    by: UserId,
    number: Option<&Number>,
    entry: ConsentId,
    act: &'static str,
) -> Result<(), StoreError> {
    let change = match number {
        Some(number) => {
            Change::new(app, Some(by), "number", number.id, act).because(format!("entry {entry}"))
        }
        None => Change::new(app, Some(by), "consent", entry, act),
    };
    // a store that keeps no log keeps none of this
    unless_absent(change.write(unit).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_entries_have_it_and_nothing_else_is_one() {
        for (channel, typed, kept) in [
            (Channel::Sms, " (617) 555-7890", Some("+16175557890")),
            (Channel::Fax, "+1 617 555 7890", Some("+16175557890")),
            (Channel::Email, "Ada@Example.org ", Some("ada@example.org")),
            (Channel::Sms, "ada@example.org", None),
            (Channel::Fax, "12", None),
            (Channel::Email, "ada", None),
            (Channel::Letter, "1 Main St, Springfield", None),
        ] {
            let read = About::read(channel, typed, Scope::All);
            assert_eq!(read.map(|it| it.address).as_deref(), kept, "{channel:?} {typed}");
        }
    }
}
