//! What tools say to a voter by text (`flows.md` 8.3 and 11): the greeting, and what comes after it.
//!
//! A voter is texted only with a number, and after agreeing to texts (quirks Q19 and Q20); what is not a greeting goes only
//! to numbers that are known, as those are that were greeted. These are texts of the organization that runs the service,
//! whoever's voter it is, and it is decided of each whether and when it goes (`decision`).

use super::{Number, Text, send};
use crate::{
    absentee::BallotRequest,
    action::{Source, VoterDetails},
    app::App,
    decision::{Channel, Decision, Place, Purpose, Whereabouts, next_allowed},
    error::ProviderError,
    ids::SubscriberId,
    jobs::{JobContext, JobError},
    language::Language,
    mail::{speaker, subscriber_of},
    person::Phone,
    ports::{
        store::{StoreError, Unit, View, unless_absent},
        wording::TextMessage,
    },
    register::{Registration, ToolName},
    reminder::ReminderRequest,
    verifier::Lookup,
};

/// A voter who may be texted.
pub(crate) struct Recipient {
    phone: Phone,
    /// The name that texts begin with.
    sender: String,
    language: Language,
    /// Where the voter lives.
    place: Place,
}

impl Recipient {
    async fn new(
        app: &App,
        view: &mut dyn View,
        phone: Option<&Phone>,
        agreed: Option<bool>,
        subscriber: Option<SubscriberId>,
        (language, place): (Language, Place),
    ) -> Result<Option<Self>, StoreError> {
        let Some(phone) = phone.filter(|_| agreed == Some(true)) else { return Ok(None) };
        let sender = speaker(app, subscriber_of(view, subscriber).await?.as_ref()).name;
        Ok(Some(Self { phone: phone.clone(), sender, language, place }))
    }

    /// The voter of a registration.
    pub(crate) async fn of_registration(
        app: &App,
        view: &mut dyn View,
        it: &Registration,
    ) -> Result<Option<Self>, StoreError> {
        let who = (it.language_or_english(), it.place(app, view).await?);
        Self::new(app, view, it.phone.as_ref(), it.sms_opt_in, it.subscriber, who).await
    }

    /// The voter of a ballot request.
    pub(crate) async fn of_ballot_request(
        app: &App,
        view: &mut dyn View,
        it: &BallotRequest,
    ) -> Result<Option<Self>, StoreError> {
        let who = (it.language_or_english(), it.place(app, view).await?);
        Self::new(app, view, it.phone.as_ref(), it.sms_opt_in, it.subscriber, who).await
    }

    /// The voter of a question to the voter roll.
    pub(crate) async fn of_lookup(
        app: &App,
        view: &mut dyn View,
        it: &Lookup,
    ) -> Result<Option<Self>, StoreError> {
        Self::of_details(app, view, &it.voter, it.subscriber).await
    }

    async fn of_reminder(
        app: &App,
        view: &mut dyn View,
        it: &ReminderRequest,
    ) -> Result<Option<Self>, StoreError> {
        Self::of_details(app, view, &it.voter, it.subscriber).await
    }

    async fn of_details(
        app: &App,
        view: &mut dyn View,
        it: &VoterDetails,
        subscriber: Option<SubscriberId>,
    ) -> Result<Option<Self>, StoreError> {
        let who = (it.language.clone().unwrap_or_default(), Place::of(&it.address));
        Self::new(app, view, it.phone.as_ref(), it.sms_opt_in, subscriber, who).await
    }

    /// The voter of an action's record.
    pub(crate) async fn of_source(
        app: &App,
        view: &mut dyn View,
        source: Source,
    ) -> Result<Option<Self>, StoreError> {
        match source {
            Source::Registration(id) => match view.registrations().by_id(id).await? {
                Some(it) => Self::of_registration(app, view, &it).await,
                None => Ok(None),
            },
            Source::BallotRequest(id) => match unless_absent(view.ballot_requests().by_id(id).await)? {
                Some(it) => Self::of_ballot_request(app, view, &it).await,
                None => Ok(None),
            },
            Source::Lookup(id) => match unless_absent(view.lookups().by_id(id).await)? {
                Some(it) => Self::of_lookup(app, view, &it).await,
                None => Ok(None),
            },
            Source::Reminder(id) => match unless_absent(view.reminders().by_id(id).await)? {
                Some(it) => Self::of_reminder(app, view, &it).await,
                None => Ok(None),
            },
            // nobody has their number
            Source::MoverLead(_) => Ok(None),
        }
    }

    /// Whether it is the hour for a text for that purpose. A job that asks first looks again at that hour whether there is
    /// still something to say: a text that waits would go though the voter has finished meanwhile.
    ///
    /// # Errors
    /// [`JobError::PutOff`] when it is not.
    pub(crate) fn awaits_hour(&self, app: &App, purpose: Purpose) -> Result<(), JobError> {
        let place = self.place.clone().with_phone(&self.phone);
        let there = Whereabouts::of(app.time_zones.as_ref(), &place);
        let now = app.now();
        match next_allowed(&there, Channel::Sms, purpose, now) {
            Some(hour) if hour > now => Err(JobError::PutOff(hour)),
            _ => Ok(()),
        }
    }

    /// Has it decided whether and when the text goes. Says whether it will.
    async fn enqueue(
        &self,
        app: &App,
        unit: &mut dyn Unit,
        number: &Number,
        purpose: Purpose,
        text: String,
    ) -> Result<bool, StoreError> {
        let text = Text { to: number, purpose, sender: None, place: self.place.clone(), text };
        Ok(!matches!(send::enqueue(app, unit, text).await?, Decision::Refuse(_)))
    }

    fn words(&self, app: &App, text: &TextMessage) -> Result<String, JobError> {
        let words = app.wording.text(text, &self.sender, &self.language);
        Ok(words.map_err(|error| JobError::GiveUp(error.to_string()))?.text)
    }
}

/// Greets the voter's number, which is known from then on. Not when it is stopped, has opted in by itself, or was greeted
/// before and may not be greeted again yet (`flows.md` 8.3). Says whether it did.
pub(super) async fn welcome(
    app: &App,
    unit: &mut dyn Unit,
    to: &Recipient,
    tool: Option<ToolName>,
) -> Result<bool, JobError> {
    let welcome = TextMessage::Welcome(tool);
    let text = to.words(app, &welcome)?;
    let fresh = Number::new(app, to.phone.clone());
    let mut number = match unit.messages_mut().lock_or_insert(&fresh).await {
        Ok(number) => number,
        Err(StoreError::Absent(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let now = app.now();
    let is_greeted = number
        .welcomed_at
        .is_some_and(|last| app.settings.sms.welcome_again_after.is_none_or(|pause| now - last < pause));
    if number.is_stopped() || number.opted_in_at.is_some() || is_greeted {
        return Ok(false);
    }
    if !to.enqueue(app, unit, &number, welcome.purpose(), text).await? {
        return Ok(false);
    }
    number.welcomed_at = Some(now);
    number.modified_at = now;
    number.language = Some(to.language.clone());
    unit.messages_mut().update_number(&number).await?;
    Ok(true)
}

/// Says something to the voter, if the number is known and not stopped. Says whether it did.
async fn say(app: &App, unit: &mut dyn Unit, to: &Recipient, text: &TextMessage) -> Result<bool, JobError> {
    let (purpose, text) = (text.purpose(), to.words(app, text)?);
    match unless_absent(unit.messages_mut().lock_number(&to.phone).await)? {
        Some(number) => Ok(to.enqueue(app, unit, &number, purpose, text).await?),
        None => Ok(false),
    }
}

/// Says these in order, and ends the job in the same unit: what a job says by text it says once, however often it runs.
pub(crate) async fn tell(
    app: &App,
    context: &JobContext,
    to: Option<Recipient>,
    texts: &[TextMessage],
) -> Result<(), JobError> {
    let Some(to) = to.filter(|_| !texts.is_empty()) else { return Ok(()) };
    let mut unit = app.store.begin().await?;
    for text in texts {
        say(app, unit.as_mut(), &to, text).await?;
    }
    context.finish_in(unit.as_mut(), app.now()).await?;
    Ok(unit.commit().await?)
}

/// Says something to the voter of an action's record, where there is something to be said; and ends the job with it.
pub(crate) async fn tell_voter(
    app: &App,
    context: &JobContext,
    source: Source,
    text: Option<TextMessage>,
) -> Result<(), JobError> {
    let mut view = app.store.view().await?;
    let to = Recipient::of_source(app, view.as_mut(), source).await?;
    drop(view);
    tell(app, context, to, text.as_slice()).await
}

/// Greets the number and says something to it, in the unit of a job.
pub(crate) async fn welcome_and_say(
    app: &App,
    unit: &mut dyn Unit,
    to: &Recipient,
    tool: Option<ToolName>,
    text: Option<&TextMessage>,
) -> Result<(), JobError> {
    welcome(app, unit, to, tool).await?;
    if let Some(text) = text {
        say(app, unit, to, text).await?;
    }
    Ok(())
}

/// A short link to the page that knows the voter already; to the plain page where nobody makes it short, since what is known
/// of a voter is too much for a text. Nothing where there is no such page.
pub(crate) async fn short_link(app: &App, prefilled: &str, plain: &str) -> Option<String> {
    if plain.is_empty() {
        return None;
    }
    Some(or_long(app.links.shorten(prefilled).await, plain))
}

/// A short link of a name that people can read; the long one where nobody makes it short.
pub(crate) async fn named_link(app: &App, name: &str, url: &str) -> String {
    or_long(app.links.shorten_as(name, url).await, url)
}

fn or_long(short: Result<String, ProviderError>, long: &str) -> String {
    short.unwrap_or_else(|error| {
        tracing::debug!(%error, "a link was not made short");
        long.to_owned()
    })
}
