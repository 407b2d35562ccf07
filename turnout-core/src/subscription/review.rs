//! Those who look after subscribers make a subscriber of a wish, or decline it (`flows.md` 19.2 and 19.3).

use serde_json::json;

use super::{Interest, InterestStatus, Subscription, edit, jobs::Welcome};
use crate::{
    account,
    app::App,
    change::Change,
    crm::jobs::SyncSubscriber,
    ids::{InterestId, SlugId, SubscriberId, UserId},
    input::{Input, Reader, Rules},
    ports::{crm::CrmAccount, store::StoreError},
    problems::Problems,
    subscriber::{self, LONGEST_NAME, Slug, Subscriber, read_slug, slug_is_taken, snapshot, web_address},
};

/// The most characters of a reason.
const LONGEST_REASON: usize = 2_000;

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no such wish.
    #[error("no such lead")]
    NotFound,
    /// A subscriber was made of it before.
    #[error("the lead was activated before")]
    Consumed,
    /// Something is wrong with the input; nothing was changed.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The first user could not be invited; nothing was changed.
    #[error(transparent)]
    Invite(#[from] account::InviteError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a subscriber of a wish: with its slug, its subscription and an invitation for its first user, who is welcomed.
///
/// # Errors
/// See [`ReviewError`].
pub async fn activate(
    app: &App,
    actor: UserId,
    id: InterestId,
    input: &Input,
) -> Result<Subscriber, ReviewError> {
    let mut reader = Reader::whole(input);
    let name = reader.text("name", Rules::required().at_most(LONGEST_NAME)).value();
    let url = web_address(&mut reader, "url", true);
    let slug = read_slug(&mut reader);
    let email = reader.email("email", Rules::required()).value();

    let mut unit = app.store.begin().await?;
    let Some(mut interest) = unit.subscriptions_mut().lock_interest(id).await? else {
        return Err(ReviewError::NotFound);
    };
    if interest.is_consumed() {
        return Err(ReviewError::Consumed);
    }
    if let Some(slug) = &slug
        && unit.subscribers().by_slug(slug).await?.is_some()
    {
        reader.complain("slug", slug_is_taken());
    }
    reader.into_problems().into_result()?;
    let (Some(name), Some(url), Some(slug), Some(email)) = (name, url, slug, email) else {
        return Err(ReviewError::Problems(Problems::new()));
    };

    let now = app.now();
    let slug =
        Slug { id: SlugId(app.ids.uuid()), subscriber: SubscriberId(app.ids.uuid()), slug, created_at: now };
    let mut subscriber = Subscriber {
        email: Some(app.settings.email.default_from.clone()),
        default_slug: Some(slug.id),
        ..Subscriber::new(slug.subscriber, name, url, now)
    };
    subscriber.set_sms_mode(interest.sms_mode);
    unit.subscribers_mut().insert(&subscriber).await?;
    match unit.subscribers_mut().insert_slug(&slug).await {
        Err(StoreError::Conflict { .. }) => return Err(Problems::one("slug", slug_is_taken()).into()),
        inserted => inserted?,
    }
    subscriber.plan = interest.plan;
    let subscription = Subscription {
        interest: Some(interest.id),
        product: interest.product,
        plan: interest.plan,
        contact: interest.contact.clone(),
        ein: interest.ein.clone(),
        ..edit::bare(app, subscriber.id)
    };
    edit::write(app, Some(actor), unit.as_mut(), None, &subscription).await?;
    Change::new(app, Some(actor), subscriber::KIND, subscriber.id, "created")
        .of(subscriber.id)
        .from_to(None, Some(snapshot(&subscriber, false)))
        .write(unit.as_mut())
        .await?;
    let before = interest.status;
    interest.status = InterestStatus::Subscribed;
    interest.modified_at = now;
    unit.subscriptions_mut().update_interest(&interest).await?;
    note(app, actor, &interest, before, "activated").write(unit.as_mut()).await?;

    let invited = account::invite_in(app, unit.as_mut(), actor, &email, subscriber.id).await?;
    unit.jobs_mut().enqueue(&Welcome { subscriber: subscriber.id, invited }.job(app)).await?;
    if app.crm.has(&CrmAccount::Subscribers) {
        unit.jobs_mut().enqueue(&SyncSubscriber { subscriber: subscriber.id }.job(app)).await?;
    }
    unit.commit().await?;
    Ok(subscriber)
}

/// Declines a wish. The reason is for ourselves: nobody is sent it (quirk Q98).
///
/// # Errors
/// See [`ReviewError`].
pub async fn reject(
    app: &App,
    actor: UserId,
    id: InterestId,
    input: &Input,
) -> Result<Interest, ReviewError> {
    let mut reader = Reader::whole(input);
    let reason = reader.text("reject_reason", Rules::required().at_most(LONGEST_REASON)).value();
    let mut unit = app.store.begin().await?;
    let Some(mut interest) = unit.subscriptions_mut().lock_interest(id).await? else {
        return Err(ReviewError::NotFound);
    };
    if interest.is_consumed() {
        return Err(ReviewError::Consumed);
    }
    reader.into_problems().into_result()?;
    let before = interest.status;
    interest.status = InterestStatus::Rejected;
    interest.reject_reason = reason;
    interest.modified_at = app.now();
    unit.subscriptions_mut().update_interest(&interest).await?;
    note(app, actor, &interest, before, "rejected").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(interest)
}

fn note(app: &App, actor: UserId, interest: &Interest, before: InterestStatus, act: &str) -> Change {
    let status = |it: InterestStatus| Some(json!({ "status": it.wire(), "plan": interest.plan.wire() }));
    Change::new(app, Some(actor), Interest::KIND, interest.id, act)
        .from_to(status(before), status(interest.status))
}
