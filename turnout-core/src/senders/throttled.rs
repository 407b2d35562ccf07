//! No faster than a vendor takes it, over all processes that share a throttle.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        email::{Email, EmailSender},
        sms::{OutgoingSms, SentSms, SmsError, SmsSender},
        throttle::{Quota, Throttle, Verdict},
        timer::Timer,
    },
};

/// How long a sender waits for its turn. What would take longer is tried again by its job.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);

/// How fast something goes out.
#[derive(Clone)]
pub struct Pace {
    throttle: Arc<dyn Throttle>,
    timer: Arc<dyn Timer>,
    quota: Quota,
}

impl Pace {
    /// So many each minute, a second's worth of them at once, as counted by this throttle.
    #[must_use]
    pub fn per_minute(throttle: Arc<dyn Throttle>, timer: Arc<dyn Timer>, count: u32) -> Self {
        Self { throttle, timer, quota: Quota::per_minute(count, count.div_ceil(60)) }
    }

    /// Waits for its turn; not for long.
    async fn turn(&self, vendor: &'static str) -> Result<(), ProviderError> {
        let mut waited = TimeDelta::zero();
        loop {
            match self.throttle.check(vendor, self.quota).await {
                Verdict::Allowed => return Ok(()),
                Verdict::Wait(time) if waited + time > PATIENCE => {
                    return Err(ProviderError::new(vendor, ProviderErrorKind::Throttled));
                }
                Verdict::Wait(time) => {
                    // at least a little, or whoever is told to wait for nothing asks for ever
                    let time = time.max(TimeDelta::milliseconds(10));
                    self.timer.wait(time).await;
                    waited += time;
                }
            }
        }
    }
}

/// Mail at a pace.
pub struct ThrottledMail {
    inner: Arc<dyn EmailSender>,
    pace: Pace,
}

impl ThrottledMail {
    /// Hands everything to `inner` at this pace.
    #[must_use]
    pub fn new(inner: Arc<dyn EmailSender>, pace: Pace) -> Self {
        Self { inner, pace }
    }
}

#[async_trait]
impl EmailSender for ThrottledMail {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        self.pace.turn("sender:email").await?;
        self.inner.send(email).await
    }
}

/// Texts at a pace.
pub struct ThrottledTexts {
    inner: Arc<dyn SmsSender>,
    pace: Pace,
}

impl ThrottledTexts {
    /// Hands everything to `inner` at this pace.
    #[must_use]
    pub fn new(inner: Arc<dyn SmsSender>, pace: Pace) -> Self {
        Self { inner, pace }
    }
}

#[async_trait]
impl SmsSender for ThrottledTexts {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        self.pace.turn("sender:sms").await.map_err(SmsError::NotSent)?;
        self.inner.send(sms).await
    }
}

#[cfg(all(test, feature = "memory"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{
        ids::MessageId,
        memory::{FrozenClock, MemoryThrottle, TextOutbox},
        person::Phone,
        ports::clock::Clock as _,
    };

    fn sms(number: u128) -> OutgoingSms {
        OutgoingSms {
            id: MessageId(uuid::Uuid::from_u128(number)),
            from: None,
            to: Phone::from_stored("+16175557890".into()),
            text: "Vote.".into(),
            media: Vec::new(),
            receipt_url: None,
        }
    }

    #[tokio::test]
    async fn no_more_go_out_than_the_pace_allows_and_none_is_lost() {
        let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse().unwrap());
        let (texts, throttle) = (TextOutbox::new(), Arc::new(MemoryThrottle::new(clock.clone())));
        let pace = Pace::per_minute(throttle, Arc::new(clock.clone()), 120);
        let throttled = ThrottledTexts::new(Arc::new(texts.clone()), pace);
        let begun = clock.now();
        for number in 0..22 {
            throttled.send(&sms(number)).await.unwrap();
        }
        assert_eq!(texts.take().len(), 22);
        // two at once, then one each half second; who waits moves the clock
        let took = clock.now() - begun;
        assert!((9_900..=10_400).contains(&took.num_milliseconds()), "{took}");
    }

    #[tokio::test]
    async fn whose_turn_is_far_away_is_told_so_and_nothing_is_handed_over() {
        let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse().unwrap());
        let (texts, throttle) = (TextOutbox::new(), Arc::new(MemoryThrottle::new(clock.clone())));
        let pace = Pace::per_minute(throttle, Arc::new(clock.clone()), 1);
        let throttled = ThrottledTexts::new(Arc::new(texts.clone()), pace);
        throttled.send(&sms(1)).await.unwrap();
        let Err(SmsError::NotSent(error)) = throttled.send(&sms(2)).await else { panic!("it has to wait") };
        assert!(error.is_transient());
        assert_eq!(texts.take().len(), 1);
    }
}
