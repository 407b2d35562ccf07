//! From a message to a mail: who writes, to whom, in which language; and whether and when it goes.

use chrono::{DateTime, Utc};

use crate::{
    action::VoterDetails,
    app::App,
    consent::marks_of,
    decision::{Channel, Decision, Place, Purpose, Recipient, Rule, Whereabouts, decide},
    ids::SubscriberId,
    jobs::JobError,
    language::Language,
    ports::{
        email::{Email, Mailbox},
        store::{StoreError, View, unless_absent},
        wording::{Message, Speaker},
    },
    subscriber::Subscriber,
    suppression::{reason_against, unsubscribe_url},
};

/// Whose voter it is, if anybody's.
pub(crate) async fn subscriber_of(
    view: &mut dyn View,
    id: Option<SubscriberId>,
) -> Result<Option<Subscriber>, StoreError> {
    match id {
        Some(id) => view.subscribers().by_id(id).await,
        None => Ok(None),
    }
}

/// The name by which a subscriber is known in addresses of pages.
pub(crate) async fn slug_of(
    view: &mut dyn View,
    subscriber: Option<&Subscriber>,
) -> Result<Option<String>, StoreError> {
    match subscriber.and_then(|it| it.default_slug) {
        Some(id) => Ok(view.subscribers().slug(id).await?.map(|it| it.slug)),
        None => Ok(None),
    }
}

/// Who speaks for a subscriber to a voter. Where the first party asks for a donation, its page knows who the voter is, so
/// that nobody has to type it again (quirk Q97).
#[must_use]
pub fn speaker_to(app: &App, subscriber: Option<&Subscriber>, voter: &VoterDetails) -> Speaker {
    let mut speaker = speaker(app, subscriber);
    if speaker.is_first_party && !speaker.donate_url.is_empty() {
        speaker.donate_url = voter.contact(&speaker.donate_url);
    }
    speaker
}

/// Who speaks for a subscriber.
#[must_use]
pub fn speaker(app: &App, subscriber: Option<&Subscriber>) -> Speaker {
    Speaker {
        name: subscriber.map_or_else(|| "VoteAmerica".into(), Subscriber::transactional_name),
        is_first_party: subscriber.is_some_and(|it| it.is_first_party),
        donate_url: app.settings.origins.www_page("/donate/"),
    }
}

/// Puts a message into words. `unique` stays the same however often it is tried.
pub(crate) fn compose(
    app: &App,
    from: Mailbox,
    to: String,
    message: &Message,
    language: &Language,
    unique: &str,
) -> Result<Email, JobError> {
    let words = app.wording.render(message, language).map_err(|error| JobError::GiveUp(error.to_string()))?;
    let domain = from.address.rsplit('@').next().unwrap_or("localhost").to_owned();
    Ok(Email {
        message_id: format!("{unique}@{domain}"),
        from,
        to: Mailbox { name: None, address: to },
        cc: Vec::new(),
        reply_to: Vec::new(),
        subject: words.subject,
        html: words.html,
        text: words.text,
        attachments: Vec::new(),
        language: words.language,
        tag: message.tag(),
        unsubscribe_url: None,
    })
}

/// Hands a mail to an office over, if it is decided that it goes. Who gets a copy and is not to be mailed gets none.
///
/// # Errors
/// When the office's own address is not to be mailed, which is noted with the rule: that is for a person to mend.
pub(crate) async fn hand_to_office(
    app: &App,
    mut email: Email,
    sender: Option<SubscriberId>,
) -> Result<(), JobError> {
    let (purpose, somewhere) = (Purpose::Service, Place::default());
    let decision = decided(app, &email.to.address, purpose, sender, &somewhere).await?;
    if decision != Decision::Send {
        note_held(app, &email, purpose, sender, decision).await?;
    }
    match decision {
        Decision::Send => {}
        Decision::HoldUntil(until, _) => return Err(JobError::PutOff(until)),
        Decision::Refuse(rule) => {
            return Err(JobError::GiveUp(format!(
                "the office's address is not mailed ({rule}): find another"
            )));
        }
    }
    let mut copies = Vec::new();
    for copy in email.cc {
        if decided(app, &copy.address, purpose, sender, &somewhere).await? == Decision::Send {
            copies.push(copy);
        }
    }
    email.cc = copies;
    let sent = app.email.send(&email).await;
    app.handed_over(Channel::Email, &sent);
    Ok(sent?)
}

/// Sends a message to whoever tests what we send, by the same decision as every mail: as what its reader asked for.
///
/// # Errors
/// When it is not sent; [`JobError::GiveUp`] where the address is not mailed.
pub async fn send_test(app: &App, to: &str, message: &Message, language: &Language) -> Result<(), JobError> {
    let from = Mailbox { name: Some("VoteAmerica".into()), address: app.settings.email.default_from.clone() };
    let unique = app.ids.uuid().simple().to_string();
    let email = compose(app, from, to.to_owned(), message, language, &unique)?;
    let (purpose, somewhere) = (Purpose::Service, Place::default());
    if let Decision::Refuse(rule) = decided(app, to, purpose, None, &somewhere).await? {
        return Err(JobError::GiveUp(format!("an address is not mailed ({rule}): {}", rule.sentence())));
    }
    hand_over(app, &email, purpose, None, &somewhere).await
}

/// A voter who is written to.
pub(crate) struct Addressee<'a> {
    /// The address; nobody is written to without one.
    pub(crate) email: Option<&'a str>,
    /// Whose voter it is.
    pub(crate) subscriber: Option<&'a Subscriber>,
    /// The language.
    pub(crate) language: Language,
    /// Where answers go, if not to the sender.
    pub(crate) reply_to: Option<String>,
    /// Where the voter lives.
    pub(crate) place: Place,
}

/// What was decided about a mail, or a letter, that did not go at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMail {
    /// Its `Message-ID`, without angle brackets; of a letter what [`Letter::held_under`](crate::letter::Letter::held_under)
    /// says.
    pub message_id: String,
    /// What for it is written.
    pub purpose: Purpose,
    /// Whose mail it is.
    pub sender: Option<SubscriberId>,
    /// The rule that held it last, or refused it.
    pub rule: Rule,
    /// Until when that held it; nothing when it was refused.
    pub held_until: Option<DateTime<Utc>>,
    /// When that was decided.
    pub decided_at: DateTime<Utc>,
}

/// Sends a message to a voter in the name of the subscriber.
///
/// # Errors
/// [`JobError::PutOff`] when it is not the hour for it.
pub(crate) async fn send(
    app: &App,
    voter: Addressee<'_>,
    message: &Message,
    unique: &str,
) -> Result<(), JobError> {
    let Some(address) = voter.email.filter(|address| !address.is_empty()) else { return Ok(()) };
    let default = &app.settings.email.default_from;
    let (name, from) = match voter.subscriber {
        Some(it) => it.transactional_sender(default),
        None => ("VoteAmerica".to_owned(), default.clone()),
    };
    let from = Mailbox { name: Some(name), address: from };
    let mut email = compose(app, from, address.to_owned(), message, &voter.language, unique)?;
    email.reply_to = voter.reply_to.map(|address| Mailbox { name: None, address }).into_iter().collect();
    hand_over(app, &email, message.purpose(), voter.subscriber.map(|it| it.id), &voter.place).await
}

/// Hands a mail to a voter over, if it is decided that it goes. Of one that is held or refused it is noted by which rule.
///
/// # Errors
/// [`JobError::PutOff`] when it is not the hour for it.
pub(crate) async fn hand_over(
    app: &App,
    email: &Email,
    purpose: Purpose,
    sender: Option<SubscriberId>,
    place: &Place,
) -> Result<(), JobError> {
    let decision = decided(app, &email.to.address, purpose, sender, place).await?;
    if decision == Decision::Send {
        // what nobody asked for says where one asks for no more
        let is_asked_for = purpose == Purpose::Service;
        let unsubscribe_url = (!is_asked_for).then(|| unsubscribe_url(app, &email.to.address));
        let sent = app.email.send(&Email { unsubscribe_url, ..email.clone() }).await;
        app.handed_over(Channel::Email, &sent);
        return Ok(sent?);
    }
    note_held(app, email, purpose, sender, decision).await?;
    match decision {
        Decision::HoldUntil(until, _) => Err(JobError::PutOff(until)),
        Decision::Send | Decision::Refuse(_) => Ok(()),
    }
}

/// What is decided about a mail to an address, whose owner lives there.
async fn decided(
    app: &App,
    address: &str,
    purpose: Purpose,
    sender: Option<SubscriberId>,
    place: &Place,
) -> Result<Decision, JobError> {
    let mut view = app.store.view().await?;
    let consent = marks_of(view.as_mut(), Channel::Email, address).await?;
    let is_suppressed = reason_against(app, view.as_mut(), address, purpose).await?.is_some();
    drop(view);
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), place);
    let recipient = Recipient { sender, consent, is_suppressed, ..Recipient::at(whereabouts) };
    let decision = decide(&recipient, Channel::Email, purpose, app.now());
    app.measures.decided(Channel::Email, purpose, decision);
    Ok(decision)
}

/// Notes by which rule a mail does not go, or not yet.
async fn note_held(
    app: &App,
    email: &Email,
    purpose: Purpose,
    sender: Option<SubscriberId>,
    decision: Decision,
) -> Result<(), JobError> {
    if let Some(rule) = decision.rule() {
        let is_held = matches!(decision, Decision::HoldUntil(..));
        tracing::debug!(tag = email.tag, %rule, is_held, "a mail does not go now");
    }
    note_held_under(app, email.message_id.clone(), purpose, sender, decision).await
}

/// The same of anything that is known by such an id.
pub(crate) async fn note_held_under(
    app: &App,
    message_id: String,
    purpose: Purpose,
    sender: Option<SubscriberId>,
    decision: Decision,
) -> Result<(), JobError> {
    let (held_until, rule) = match decision {
        Decision::Send => return Ok(()),
        Decision::HoldUntil(until, rule) => (Some(until), rule),
        Decision::Refuse(rule) => (None, rule),
    };
    let held = HeldMail { message_id, purpose, sender, rule, held_until, decided_at: app.now() };
    let mut unit = app.store.begin().await?;
    unless_absent(unit.mails_mut().note_held(&held).await)?;
    Ok(unit.commit().await?)
}
