//! A subscriber's settings as they were before a change.

use serde_json::Value;

use super::{EditError, Editor, KIND, Subscriber, edit::Held};
use crate::{
    app::App,
    change::Change,
    ids::{ChangeId, SubscriberId, UserId},
    input::Input,
};

/// The settings that go back, as a record and a form name them: texts,
const TEXTS: [&str; 8] =
    ["name", "url", "email", "privacy_policy", "terms_of_service", "sms_disclaimer", "language", "status"];
/// flags,
const FLAGS: [&str; 3] = ["has_api_access", "sync_tmc", "sync_bluelink"];
/// and those that are one mode in a form.
const MODE: [&str; 3] = ["sms_enabled", "sms_checkbox", "sms_checkbox_default"];

/// Whether a change changed settings that go back. The key to ActionNetwork is in no record; the default slug, and whether it
/// runs the service, are for superusers.
#[must_use]
pub fn can_go_back(change: &Change) -> bool {
    let Some(before) = &change.before else { return false };
    let was = |name: &str| before.get(name).filter(|value| !value.is_null());
    let is = |name: &str| change.after.as_ref()?.get(name).filter(|value| !value.is_null());
    change.kind == KIND && TEXTS.iter().chain(&FLAGS).chain(&MODE).any(|&name| was(name) != is(name))
}

/// Goes back to what stood in the settings before a change. They have to be settings of today: what may not stand there any
/// more is refused. Its key to ActionNetwork stays as it is, as no key is in any record; so do its default slug, and whether
/// it runs the service.
///
/// # Errors
/// See [`EditError`]: there is none where the change is not one of this subscriber, or nothing of it goes back
/// ([`can_go_back`]).
pub async fn restore(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    change: ChangeId,
) -> Result<Subscriber, EditError> {
    let mut view = app.store.view().await?;
    let found = view.changes().by_id(change).await?;
    let found = found.filter(|it| it.subject == subscriber.to_string() && can_go_back(it));
    let Some(kept) = found.and_then(|it| it.before) else { return Err(EditError::NotFound) };
    drop(view);
    // what stays as it is has to be what it is now: somebody may just have changed it
    let held = Held::lock(app, subscriber).await?;
    let input = Input::form(pairs(&kept, &held.before, held.had_key));
    held.change(app, actor, Editor::Staff, &input, "restored").await
}

/// What was kept, as a form sends it.
fn pairs(kept: &Value, now: &Subscriber, has_key: bool) -> Vec<(String, String)> {
    let flag = |name: &str| kept.get(name).and_then(Value::as_bool);
    let mut mode = now.clone();
    mode.sms_enabled = flag("sms_enabled");
    mode.sms_checkbox = flag("sms_checkbox");
    mode.sms_checkbox_default = flag("sms_checkbox_default");
    let text = |name: &str| kept.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut pairs: Vec<(String, String)> =
        TEXTS.iter().map(|name| ((*name).to_owned(), text(name))).collect();
    pairs.push(("sms_mode".to_owned(), mode.sms_mode().wire().to_owned()));
    for name in FLAGS {
        pairs.push((name.to_owned(), (flag(name) == Some(true)).to_string()));
    }
    pairs.push(("sync_actionnetwork".to_owned(), has_key.to_string()));
    pairs
}
