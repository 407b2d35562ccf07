//! From a message to a mail: who writes, to whom, in which language.

use crate::{
    app::App,
    ids::SubscriberId,
    jobs::JobError,
    language::Language,
    ports::{
        email::{Email, Mailbox},
        store::{StoreError, View},
        wording::{Message, Speaker},
    },
    subscriber::Subscriber,
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
    })
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
}

/// Sends a message to a voter in the name of the subscriber.
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
    app.email.send(&email).await?;
    Ok(())
}
