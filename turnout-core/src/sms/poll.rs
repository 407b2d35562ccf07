//! Asking the carrier for texts that came in, where it did not tell us of one (`flows.md` 8.5). What is known already is
//! taken once, so looking back further than needed does no harm.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Incoming, receive::receive_later};
use crate::{
    app::App, error::ProviderError, ports::store::StoreError, settings::PollSettings, switch::smsbot,
};

/// Under which name it is remembered up to when the carrier was asked.
const WATERMARK: &str = "sms.poll.watermark";
/// For how long that is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(2);

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum PollError {
    /// The carrier does not answer.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes the texts that came in since the carrier was asked last, oldest first; those of the last day when that is not
/// known. Not while the switch is off, nor where somebody asked just now.
pub(super) async fn take_new(app: &App, settings: &PollSettings) -> Result<usize, PollError> {
    let switches = app.switches().await;
    if !switches.is_on(&smsbot::FEATURE) || !switches.flag(&smsbot::POLL) {
        return Ok(0);
    }
    let seconds = |number: Option<u32>| number.map(|seconds| TimeDelta::seconds(seconds.into()));
    let slop = seconds(switches.number(&smsbot::POLL_SLOP_SECONDS)).unwrap_or(TimeDelta::zero());
    let most = seconds(switches.number(&smsbot::POLL_MAX_SECONDS)).unwrap_or(settings.look_back);
    let now = app.now();
    let since = match watermark(app).await {
        // a job of before is still at it
        Some(last) if now - last < settings.every / 2 => return Ok(0),
        Some(last) => (last - slop).max(now - most),
        None => now - most,
    };
    let mut received = app.sms_log.received_by(&settings.number, since).await?;
    received.sort_by_key(|text| text.at);
    let count = received.len();
    for text in received {
        let incoming = Incoming {
            from: text.from,
            text: text.text,
            carrier_id: Some(text.carrier_id),
            at: Some(text.at),
        };
        receive_later(app, incoming).await?;
    }
    app.cache.set(WATERMARK, now.timestamp_millis().to_string().into(), REMEMBERED).await;
    Ok(count)
}

async fn watermark(app: &App) -> Option<DateTime<Utc>> {
    let kept = app.cache.get(WATERMARK).await?;
    let millis = std::str::from_utf8(&kept).ok()?.parse().ok()?;
    DateTime::from_timestamp_millis(millis)
}
