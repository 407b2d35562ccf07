//! A subscriber's settings are changed: by one of its own people, or by those who look after subscribers (`flows.md` 20.2).

use url::{Host, Url};

use super::{KIND, SmsMode, Subscriber, SubscriberStatus, snapshot};
use crate::{
    app::App,
    change::Change,
    ids::{IntegrationId, SubscriberId, UserId},
    input::{Given, Input, Reader, Rules},
    language::Language,
    ports::store::{StoreError, Unit, unless_absent},
    problems::{Problem, Problems},
    secret::IntegrationKey,
    subscription::{ExternalTool, Integration},
};

/// The most characters of a name.
pub const LONGEST_NAME: usize = 200;
/// The most characters of an address on the web.
pub const LONGEST_URL: usize = 200;
/// What is shown in place of a key that is kept. Sent back, it leaves the key as it is.
pub const KEY_MASK: &str = "________________________________";

/// The most characters of the words beside the box for consent to texts.
const LONGEST_DISCLAIMER: usize = 2_000;
/// The most characters of a key.
const LONGEST_KEY: usize = 200;

/// Who changes a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    /// One of its own people: what its plan lets it decide.
    Member,
    /// Somebody who looks after subscribers: also its sender, its words about texts, its standing and its access to the API.
    Staff,
}

/// Why a subscriber was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such subscriber.
    #[error("no such subscriber")]
    NotFound,
    /// Something is wrong with the input; nothing was changed.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to become of the key to ActionNetwork.
enum KeyWish {
    Keep,
    Replace(IntegrationKey),
    Remove,
}

/// Changes a subscriber, and notes what it was before. What is as it was makes no note.
///
/// Without access to its data a subscriber decides of its name and its addresses alone; what else is sent is passed over
/// (quirk Q101).
///
/// # Errors
/// See [`EditError`].
pub async fn edit(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    editor: Editor,
    input: &Input,
) -> Result<Subscriber, EditError> {
    Held::lock(app, subscriber).await?.change(app, actor, editor, input, "changed").await
}

/// A subscriber that nobody else changes meanwhile.
pub(super) struct Held {
    /// In which it is held.
    pub(super) unit: Box<dyn Unit>,
    /// What it is.
    pub(super) before: Subscriber,
    /// Whether it has a key to ActionNetwork.
    pub(super) had_key: bool,
}

impl Held {
    /// Holds it, until it is changed or let go.
    pub(super) async fn lock(app: &App, subscriber: SubscriberId) -> Result<Self, EditError> {
        let mut unit = app.store.begin().await?;
        let Some(before) = unit.subscribers_mut().lock(subscriber).await? else {
            return Err(EditError::NotFound);
        };
        let tool = ExternalTool::ActionNetwork;
        let had_key = unless_absent(unit.subscriptions().integration_key(subscriber, tool).await)?.is_some();
        Ok(Self { unit, before, had_key })
    }

    /// Makes it what it is to be, with the key that it has, and notes what it was before. What is as it was makes no note.
    pub(super) async fn replace(
        self,
        app: &App,
        actor: UserId,
        mut after: Subscriber,
    ) -> Result<Subscriber, StoreError> {
        let Self { mut unit, before, had_key } = self;
        if after == before {
            return Ok(before);
        }
        after.modified_at = app.now();
        unit.subscribers_mut().update(&after).await?;
        Change::new(app, Some(actor), KIND, after.id, "changed")
            .of(after.id)
            .from_to(Some(snapshot(&before, had_key)), Some(snapshot(&after, had_key)))
            .write(unit.as_mut())
            .await?;
        unit.commit().await?;
        Ok(after)
    }

    /// Changes it, and notes what it was before, under what the log calls that.
    pub(super) async fn change(
        self,
        app: &App,
        actor: UserId,
        editor: Editor,
        input: &Input,
        act: &str,
    ) -> Result<Subscriber, EditError> {
        let Self { mut unit, before, had_key } = self;
        let subscriber = before.id;
        let mut reader = Reader::whole(input);
        let (mut after, wish) = read(&mut reader, &before, editor, had_key);
        reader.into_problems().into_result()?;

        let has_key = match wish {
            KeyWish::Keep => had_key,
            KeyWish::Replace(_) => true,
            KeyWish::Remove => false,
        };
        let was_replaced = had_key && matches!(wish, KeyWish::Replace(_));
        let is_new = after != before || has_key != had_key || was_replaced;
        if !is_new {
            return Ok(before);
        }
        keep_key(app, unit.as_mut(), subscriber, wish).await?;
        after.modified_at = app.now();
        unit.subscribers_mut().update(&after).await?;
        let note = if was_replaced { "the key to ActionNetwork was replaced" } else { "" };
        Change::new(app, Some(actor), KIND, subscriber, act)
            .of(subscriber)
            .because(note)
            .from_to(Some(snapshot(&before, had_key)), Some(snapshot(&after, has_key)))
            .write(unit.as_mut())
            .await?;
        unit.commit().await?;
        Ok(after)
    }
}

/// Whether a subscriber has a key to ActionNetwork: then its voters are synced there.
///
/// # Errors
/// When the store fails.
pub async fn has_action_network_key(app: &App, subscriber: SubscriberId) -> Result<bool, StoreError> {
    let mut view = app.store.view().await?;
    let key = view.subscriptions().integration_key(subscriber, ExternalTool::ActionNetwork).await;
    Ok(unless_absent(key)?.is_some())
}

fn read(
    reader: &mut Reader<'_>,
    before: &Subscriber,
    editor: Editor,
    had_key: bool,
) -> (Subscriber, KeyWish) {
    let mut after = before.clone();
    if let Given::Value(name) = reader.text("name", Rules::required().at_most(LONGEST_NAME)) {
        after.name = name;
    }
    if let Some(url) = web_address(reader, "url", true) {
        after.url = url;
    }
    after.privacy_policy = web_address(reader, "privacy_policy", false);
    after.terms_of_service = web_address(reader, "terms_of_service", false);
    if editor == Editor::Staff {
        read_standing(reader, &mut after);
    }
    if editor == Editor::Member && !before.has_data_access() {
        return (after, KeyWish::Keep);
    }
    let mode = before.sms_mode();
    let offered = |wire: &str| SmsMode::parse(wire).filter(|it| SmsMode::OFFERED.contains(it) || *it == mode);
    if let Given::Value(chosen) = reader.choice("sms_mode", Rules::required(), offered)
        && chosen != mode
    {
        after.set_sms_mode(chosen);
    }
    after.language = language(reader);
    let checked =
        |reader: &mut Reader<'_>, name| reader.boolean(name, Rules::optional()) == Given::Value(true);
    after.sync_tmc = checked(reader, "sync_tmc");
    after.sync_bluelink = checked(reader, "sync_bluelink");
    let syncs = checked(reader, "sync_actionnetwork");
    let key = reader.text("actionnetwork_key", Rules::optional().or_null().or_blank().at_most(LONGEST_KEY));
    let typed = key.value().filter(|key| !key.is_empty() && key != KEY_MASK);
    let wish = match (syncs, typed) {
        (true, Some(key)) => KeyWish::Replace(IntegrationKey::new(key)),
        (true, None) if had_key => KeyWish::Keep,
        (true, None) => {
            let what = "Enter the API key of your ActionNetwork group, or uncheck the sync.";
            reader.complain("actionnetwork_key", Problem::Other("problem-key-missing", what.into()));
            KeyWish::Keep
        }
        (false, Some(_)) => {
            let what = "A key is of use only with the sync to ActionNetwork: check it, or leave the key out.";
            reader.complain("sync_actionnetwork", Problem::Other("problem-key-without-sync", what.into()));
            KeyWish::Keep
        }
        (false, None) => KeyWish::Remove,
    };
    (after, wish)
}

fn read_standing(reader: &mut Reader<'_>, after: &mut Subscriber) {
    let optional = Rules::optional().or_null().or_blank();
    after.email = reader.email("email", optional).value();
    let words = reader.text("sms_disclaimer", optional.at_most(LONGEST_DISCLAIMER));
    after.sms_disclaimer = words.value().filter(|text| !text.is_empty());
    if let Given::Value(status) = reader.choice("status", Rules::required(), SubscriberStatus::parse) {
        after.status = status;
    }
    after.has_api_access = reader.boolean("has_api_access", Rules::optional()) == Given::Value(true);
}

/// The language of its voters who chose none: a tag, or nothing.
fn language(reader: &mut Reader<'_>) -> Option<Language> {
    let tag = reader.text("language", Rules::optional().or_null().or_blank()).value()?;
    if tag.is_empty() {
        return None;
    }
    let language = Language::parse(&tag);
    if language.is_none() {
        reader.complain("language", Problem::NotAChoice(tag));
    }
    language
}

/// An address on the web, with `https://` put before one that was typed without.
pub fn web_address(reader: &mut Reader<'_>, name: &str, required: bool) -> Option<String> {
    let rules = if required { Rules::required() } else { Rules::optional().or_null().or_blank() };
    let text = reader.text(name, rules.at_most(LONGEST_URL)).value().filter(|text| !text.is_empty())?;
    let whole = if text.contains("://") { text } else { format!("https://{text}") };
    if is_web_address(&whole) && whole.chars().count() <= LONGEST_URL {
        return Some(whole);
    }
    reader.complain(name, Problem::Other("problem-url", "Enter a valid URL.".into()));
    None
}

/// Whether a browser finds a site by it: a name with a dot, or this very machine.
fn is_web_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_host = match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name.rsplit_once('.').is_some_and(|(host, top)| !host.is_empty() && !top.is_empty())
        }
        Some(_) => true,
        None => false,
    };
    matches!(url.scheme(), "http" | "https") && is_host && !text.contains(char::is_whitespace)
}

async fn keep_key(
    app: &App,
    unit: &mut dyn Unit,
    subscriber: SubscriberId,
    wish: KeyWish,
) -> Result<(), StoreError> {
    let tool = ExternalTool::ActionNetwork;
    match wish {
        KeyWish::Keep => {}
        KeyWish::Remove => {
            unless_absent(unit.subscriptions_mut().remove_integration(subscriber, tool).await)?;
        }
        KeyWish::Replace(key) => {
            let (id, now) = (IntegrationId(app.ids.uuid()), app.now());
            let integration = Integration { id, subscriber, tool, key, created_at: now, modified_at: now };
            unit.subscriptions_mut().put_integration(&integration).await?;
        }
    }
    Ok(())
}
