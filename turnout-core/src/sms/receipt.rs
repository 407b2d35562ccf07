//! How far the carrier has brought a text of ours.

use super::MessageStatus;
use crate::{app::App, ids::MessageId, ports::store::StoreError};

/// Where the carrier says how far this text has come; nowhere where it cannot reach us safely.
#[must_use]
pub fn receipt_url(app: &App, id: MessageId) -> Option<String> {
    let origin = &app.settings.origins.primary;
    origin.starts_with("https://").then(|| format!("{origin}/v1/smsbot/twilio-message-status/{id}/"))
}

/// Notes how far a text has come, what the carrier calls it if that is not known, and says whether there is such a text.
/// What is not known, and what would undo what is known, changes nothing (quirk Q49).
///
/// # Errors
/// When the store fails.
#[tracing::instrument(target = "turnout::trace", name = "sms.receipt", skip_all)]
pub async fn receipt(
    app: &App,
    id: MessageId,
    status: Option<&str>,
    carrier_id: Option<&str>,
) -> Result<bool, StoreError> {
    let Some(known) = app.store.view().await?.messages().by_id(id).await? else { return Ok(false) };
    let Some(status) = status.and_then(MessageStatus::parse) else { return Ok(true) };
    // ours alone, and no word of a carrier
    if status == MessageStatus::Unknown || !status.may_follow(known.status) {
        return Ok(true);
    }
    let carrier_id = carrier_id.filter(|id| !id.is_empty() && !id.contains('\0'));
    let mut unit = app.store.begin().await?;
    let Some(mut message) = unit.messages_mut().lock(id).await? else { return Ok(false) };
    if message.reach(status, app.now()) {
        // of a text whose hand-over nobody heard the end of
        if message.carrier_id.is_none() {
            message.carrier_id = carrier_id.map(str::to_owned);
        }
        unit.messages_mut().update(&message).await?;
        unit.commit().await?;
    }
    Ok(true)
}
