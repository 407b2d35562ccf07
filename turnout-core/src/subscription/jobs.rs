//! What happens later: the team hears of a new wish, and the first user of a new subscriber is welcomed.

use serde::{Deserialize, Serialize};

use crate::{
    account::{self, Invited},
    app::App,
    ids::{InterestId, SubscriberId},
    jobs::{JobContext, JobError, NewJob},
    mail::speaker,
    ports::wording::{ActivatedMail, Message},
};

/// Tells the team of a new wish to subscribe.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotifyLead {
    /// The wish.
    pub interest: InterestId,
}

impl NotifyLead {
    /// The job's name.
    pub const KIND: &'static str = "subscription.notify_lead";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Says what the organization is, what plan it asks for (quirk Q102) and where it is looked at; not who asks.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let Some(interest) = view.subscriptions().interest(self.interest).await? else { return Ok(()) };
        drop(view);
        let origin = &app.settings.origins.primary;
        let text = format!(
            "New subscription lead: {} ({}), plan {}.\n{origin}/manage/subscription/leads/{}/",
            interest.organization_name.as_deref().unwrap_or("no name"),
            interest.website.as_deref().unwrap_or("no website"),
            interest.plan.label(),
            interest.id,
        );
        app.chat.say(&text).await?;
        Ok(())
    }
}

/// Tells the first user of a new subscriber that it is active: S4 of `flows.md` 10.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Welcome {
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// How the first user came to it.
    pub invited: Invited,
}

impl Welcome {
    /// The job's name.
    pub const KIND: &'static str = "subscription.welcome";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).of(Some(self.subscriber))
    }

    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let Some(subscriber) = view.subscribers().by_id(self.subscriber).await? else { return Ok(()) };
        let (email, is_invited) = match self.invited {
            Invited::Added(id) | Invited::AlreadyMember(id) => {
                (view.accounts().by_id(id).await?.map(|it| it.email), false)
            }
            Invited::Extended(id) | Invited::Sent(id) => {
                (view.accounts().invite(id).await?.map(|it| it.email), true)
            }
        };
        drop(view);
        let Some(email) = email else { return Ok(()) };
        let origin = &app.settings.origins.primary;
        let has_api = subscriber.has_api_access;
        let message = Message::SubscriberActivated(ActivatedMail {
            speaker: speaker(app, None),
            team: subscriber.name,
            portal_url: format!("{origin}/manage/"),
            api_url: if has_api { format!("{origin}/v1/openapi.json") } else { String::new() },
            is_invited,
            contact: app.settings.email.default_from.clone(),
        });
        account::jobs::send(app, email, &message, context).await
    }
}

#[cfg(all(test, feature = "conformance"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{conformance::rows, jobs::step, memory::world, subscription::Interest};

    #[tokio::test]
    async fn the_team_hears_of_an_organization_and_not_who_asked() {
        let world = world();
        let wish: Interest = rows::interest(11, 0);
        let mut unit = world.app.store.begin().await.unwrap();
        unit.subscriptions_mut().insert_interest(&wish).await.unwrap();
        unit.jobs_mut().enqueue(&NotifyLead { interest: wish.id }.job(&world.app)).await.unwrap();
        unit.commit().await.unwrap();
        world.chat.fail_next(1);
        step::run_all_due(&world.app).await.unwrap();
        assert!(world.chat.take().is_empty());
        world.clock.advance(chrono::TimeDelta::hours(1));
        step::run_all_due(&world.app).await.unwrap();
        let [said] = world.chat.take().try_into().unwrap();
        assert!(said.contains("Voters of Springfield") && said.contains("plan Premium"), "{said}");
        assert!(said.contains(&format!("/manage/subscription/leads/{}/", wish.id)), "{said}");
        for private in ["Ada", "Núñez", "ada@", "7890"] {
            assert!(!said.contains(private), "{said}");
        }
    }
}
