//! What somebody says of themselves, and whom they work for at the moment.

use super::{User, UserZone};
use crate::{
    app::App,
    change::Change,
    ids::{SubscriberId, UserId},
    input::{Given, Input, Reader, Rules},
    page::{Page, PageRequest},
    ports::store::StoreError,
    problems::Problems,
    subscriber::{Subscriber, SubscriberStatus},
};

/// The most characters of a first name (`tables.md` 1).
const LONGEST_FIRST: usize = 100;
/// The most characters of a last name.
const LONGEST_LAST: usize = 200;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Something is wrong with the input.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// There is no such person, or the subscriber is not open to them.
    #[error("not found")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Names, and the zone in which times are shown.
pub(super) struct Profile {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) time_zone: UserZone,
}

/// Reads them. Names may be empty.
pub(super) fn read(reader: &mut Reader<'_>, before: UserZone) -> Profile {
    let mut name = |field, most| {
        let rules = Rules::optional().or_blank().or_null().at_most(most);
        reader.text(field, rules).value().unwrap_or_default()
    };
    let (first_name, last_name) = (name("first_name", LONGEST_FIRST), name("last_name", LONGEST_LAST));
    let time_zone = match reader.choice("time_zone", Rules::optional(), UserZone::parse) {
        Given::Value(zone) => zone,
        Given::Absent | Given::Null => before,
    };
    Profile { first_name, last_name, time_zone }
}

/// Changes names and zone of somebody.
///
/// # Errors
/// See [`ProfileError`].
pub async fn update_profile(app: &App, user: UserId, input: &Input) -> Result<User, ProfileError> {
    let mut unit = app.store.begin().await?;
    let mut user = unit.accounts_mut().lock(user).await?.ok_or(ProfileError::NotFound)?;
    let mut reader = Reader::whole(input);
    let profile = read(&mut reader, user.time_zone);
    reader.into_problems().into_result()?;
    let Profile { first_name, last_name, time_zone } = profile;
    (user.first_name, user.last_name, user.time_zone) = (first_name, last_name, time_zone);
    user.modified_at = app.now();
    unit.accounts_mut().update(&user).await?;
    Change::new(app, Some(user.id), User::KIND, user.id, "changed_profile").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(user)
}

/// A page of the subscribers that somebody may work for, by name.
///
/// # Errors
/// When the store fails.
pub async fn workplaces(
    app: &App,
    user: &User,
    page: &PageRequest<(String, SubscriberId)>,
) -> Result<Page<Subscriber, (String, SubscriberId)>, StoreError> {
    let whose = (!user.manages_subscribers()).then_some(user.id);
    app.store.view().await?.accounts().allowed(whose, page).await
}

/// From now on somebody works for that subscriber.
///
/// # Errors
/// See [`ProfileError`].
pub async fn work_for(app: &App, user: UserId, subscriber: SubscriberId) -> Result<Subscriber, ProfileError> {
    let mut unit = app.store.begin().await?;
    let mut user = unit.accounts_mut().lock(user).await?.ok_or(ProfileError::NotFound)?;
    let found = unit.subscribers().by_id(subscriber).await?.ok_or(ProfileError::NotFound)?;
    let is_own = found.status == SubscriberStatus::Active
        && unit.accounts_mut().is_member(user.id, subscriber).await?;
    if !is_own && !user.manages_subscribers() {
        return Err(ProfileError::NotFound);
    }
    user.active_subscriber = Some(subscriber);
    user.modified_at = app.now();
    unit.accounts_mut().update(&user).await?;
    let change = Change::new(app, Some(user.id), User::KIND, user.id, "changed_subscriber").of(subscriber);
    change.write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(found)
}
