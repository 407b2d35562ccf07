//! A subscriber's settings as they were before a change.

use serde_json::Value;

use super::{EditError, Editor, KIND, Subscriber, edit::Held};
use crate::{
    app::App,
    ids::{ChangeId, SubscriberId, UserId},
    input::Input,
};

/// Goes back to what stood in the settings before a change. They have to be settings of today: what may not stand there any
/// more is refused. Its key to ActionNetwork stays as it is, as no key is in any record.
///
/// # Errors
/// See [`EditError`]: there is none where the change is not one of this subscriber, or nothing stood there before.
pub async fn restore(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    change: ChangeId,
) -> Result<Subscriber, EditError> {
    let mut view = app.store.view().await?;
    let found = view.changes().by_id(change).await?;
    let found = found.filter(|it| it.kind == KIND && it.subject == subscriber.to_string());
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
    let texts = [
        "name",
        "url",
        "email",
        "privacy_policy",
        "terms_of_service",
        "sms_disclaimer",
        "language",
        "status",
    ];
    let text = |name: &str| kept.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut pairs: Vec<(String, String)> =
        texts.iter().map(|name| ((*name).to_owned(), text(name))).collect();
    pairs.push(("sms_mode".to_owned(), mode.sms_mode().wire().to_owned()));
    for name in ["has_api_access", "sync_tmc", "sync_bluelink"] {
        pairs.push((name.to_owned(), (flag(name) == Some(true)).to_string()));
    }
    pairs.push(("sync_actionnetwork".to_owned(), has_key.to_string()));
    pairs
}
