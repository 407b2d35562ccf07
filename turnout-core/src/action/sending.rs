//! How often somebody may have messages sent: to one address, to one number, in the name of one subscriber.
//!
//! Whoever hands something in names the recipient, so without these limits one could have us write to anybody as often as
//! one likes. They are looked at before anything is stored.

use chrono::TimeDelta;

use crate::{app::App, ids::SubscriberId, person::Phone, ports::throttle::Verdict};

/// Who gets a message, and in whose name.
pub(crate) struct Sending<'a> {
    pub(crate) email: Option<&'a str>,
    pub(crate) phone: Option<&'a Phone>,
    pub(crate) subscriber: Option<SubscriberId>,
}

impl Sending<'_> {
    /// Counts one message.
    ///
    /// # Errors
    /// When there were too many; one more is allowed in so long.
    pub(crate) async fn count(&self, app: &App) -> Result<(), TimeDelta> {
        let limits = &app.settings.rate_limits;
        // letter case and blanks make no other mailbox
        let email = self.email.map(|it| it.trim().to_lowercase()).filter(|it| !it.is_empty());
        let keys = [
            (email.map(|it| format!("email:{it}")), limits.sends_per_email),
            (self.phone.map(|it| format!("phone:{}", it.e164())), limits.sends_per_phone),
            (self.subscriber.map(|it| format!("sends:{it}")), limits.sends_per_subscriber),
        ];
        for (key, quota) in keys {
            if let Some(key) = key
                && let Verdict::Wait(wait) = app.may(&key, quota).await
            {
                return Err(wait);
            }
        }
        Ok(())
    }

    /// Counts advice that nobody waits for, a mail and its text; whether it may go out. It is left out where there was too much.
    pub(crate) async fn is_welcome(&self, app: &App) -> bool {
        let counted = self.count(app).await.is_ok();
        if !counted {
            tracing::info!("advice was left out: its recipient or its subscriber had too much");
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{memory::World, ports::throttle::Quota, settings::Settings};

    #[tokio::test]
    async fn every_recipient_and_every_subscriber_has_its_own_count() {
        let mut settings = Settings::default();
        settings.rate_limits.sends_per_email = Quota::per_hour(2);
        settings.rate_limits.sends_per_phone = Quota::per_hour(2);
        settings.rate_limits.sends_per_subscriber = Quota::per_hour(5);
        let world = World::with(|app| app.with_settings(settings));
        let phone = Phone::parse("(617) 555-7890");
        let subscriber = Some(SubscriberId(uuid::Uuid::from_u128(1)));
        let to = |email| Sending { email, phone: None, subscriber: None };
        for _ in 0..2 {
            assert_eq!(to(Some("a@example.org")).count(&world.app).await, Ok(()));
        }
        assert!(to(Some(" A@Example.org")).count(&world.app).await.is_err());
        assert_eq!(to(Some("b@example.org")).count(&world.app).await, Ok(()));
        let texts = Sending { email: None, phone: phone.as_ref(), subscriber: None };
        assert_eq!((texts.count(&world.app).await, texts.count(&world.app).await), (Ok(()), Ok(())));
        assert!(texts.count(&world.app).await.is_err());
        let many = Sending { email: None, phone: None, subscriber };
        for _ in 0..5 {
            assert_eq!(many.count(&world.app).await, Ok(()));
        }
        assert!(many.count(&world.app).await.is_err());
        world.clock.advance(TimeDelta::hours(1));
        assert_eq!(many.count(&world.app).await, Ok(()));
    }
}
