//! Adds entries to the ledger, and reads what it says.

use chrono::{DateTime, Utc};

use super::{Choice, Entry, Mark, Origin, Scope};
use crate::{
    app::App,
    decision::Channel,
    ids::{ConsentId, SubscriberId},
    language::Language,
    person::Phone,
    ports::store::{StoreError, Unit, View, unless_absent},
};

/// The most characters of a text that are kept: a text of ten parts.
const MOST_TEXT: usize = 1_600;

/// What somebody said. No `Debug`: it may be what a voter wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// Yes or no.
    pub choice: Choice,
    /// For whose messages.
    pub scope: Scope,
    /// By which way.
    pub origin: Origin,
    /// The text that was shown, or written.
    pub text: Option<String>,
    /// Its language.
    pub language: Option<Language>,
    /// Where it was shown, or why it was taken back.
    pub context: Option<String>,
    /// When it was said. What is said to be said later is said now.
    pub at: DateTime<Utc>,
}

impl Statement {
    /// What a voter said in so many words, or ticked, with no more known than that.
    #[must_use]
    pub fn new(choice: Choice, scope: Scope, origin: Origin, at: DateTime<Utc>) -> Self {
        Self { choice, scope, origin, text: None, language: None, context: None, at }
    }
}

/// Adds an entry, in the same unit as what follows from it. Nothing of a store without this room: it has no numbers either.
///
/// # Errors
/// When the store fails.
pub async fn record(
    app: &App,
    unit: &mut dyn Unit,
    channel: Channel,
    address: &str,
    said: Statement,
) -> Result<(), StoreError> {
    record_entry(app, unit, channel, address, said).await.map(drop)
}

/// The same, with the entry's id, by which what follows finds it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn record_entry(
    app: &App,
    unit: &mut dyn Unit,
    channel: Channel,
    address: &str,
    said: Statement,
) -> Result<Option<ConsentId>, StoreError> {
    let now = app.now();
    let address = as_kept(channel, address);
    let entry = Entry {
        id: ConsentId(app.ids.uuid()),
        channel,
        address,
        mark: Mark { choice: said.choice, scope: said.scope, at: said.at.min(now) },
        origin: said.origin,
        text: said.text.map(|text| text.chars().take(MOST_TEXT).collect()),
        language: said.language,
        context: said.context,
        recorded_at: now,
    };
    let kept = unit.consents_mut().insert(&entry).await.map(|()| Some(entry.id));
    unless_absent(kept)
}

/// An address as entries have it: mail in lower case.
pub(super) fn as_kept(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Sms | Channel::Fax | Channel::Letter => address.to_owned(),
        Channel::Email => address.to_lowercase(),
    }
}

/// Everything that was said of an address.
///
/// # Errors
/// When the store fails.
pub async fn marks_of(view: &mut dyn View, channel: Channel, address: &str) -> Result<Vec<Mark>, StoreError> {
    let address = as_kept(channel, address);
    let entries = unless_absent(view.consents().of(channel, &address).await)?;
    Ok(entries.into_iter().map(|entry| entry.mark).collect())
}

/// What a voter ticked on a form of a tool: a yes to texts of the organization that runs the service, and one to those of
/// the subscriber. A box that was left alone says nothing, and one that was ticked `before` is no news: whoever sends the
/// form again with what was in it does not take back a stop.
///
/// # Errors
/// When the store fails.
pub async fn given_on_form(
    app: &App,
    unit: &mut dyn Unit,
    before: Option<Ticked<'_>>,
    form: Ticked<'_>,
) -> Result<(), StoreError> {
    let Some(phone) = form.phone else { return Ok(()) };
    let before = before.filter(|before| before.phone == Some(phone)).map(Ticked::scopes).unwrap_or_default();
    for scope in
        form.scopes().into_iter().filter(|scope| scope.is_some() && !before.contains(scope)).flatten()
    {
        let said = Statement {
            language: form.language.cloned(),
            context: form.page.map(str::to_owned),
            ..Statement::new(Choice::Granted, scope, Origin::Form, app.now())
        };
        record(app, unit, Channel::Sms, phone.e164(), said).await?;
    }
    Ok(())
}

/// The boxes about texts on a form.
#[derive(Clone, Copy)]
pub struct Ticked<'a> {
    /// The number.
    pub phone: Option<&'a Phone>,
    /// To texts of the organization that runs the service.
    pub to_service: Option<bool>,
    /// To texts of the subscriber.
    pub to_subscriber: Option<bool>,
    /// The subscriber.
    pub subscriber: Option<SubscriberId>,
    /// The language of the form.
    pub language: Option<&'a Language>,
    /// The page it was on.
    pub page: Option<&'a str>,
}

impl Ticked<'_> {
    fn scopes(self) -> [Option<Scope>; 2] {
        let subscriber = self.subscriber.filter(|_| self.to_subscriber == Some(true));
        [(self.to_service == Some(true)).then_some(Scope::Service), subscriber.map(Scope::Subscriber)]
    }
}
