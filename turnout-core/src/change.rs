//! Who did what: the log of everything that is done on the site, and the history of records that have one.
//!
//! Entries are only added. Each is written in the unit of what it tells of, so that there is neither without the other.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    app::App,
    ids::{ChangeId, SubscriberId, UserId},
    ports::store::{StoreError, Unit},
};

/// That something was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; nobody where a job or a command did it.
    pub by: Option<UserId>,
    /// To whose things, where they are a subscriber's.
    pub subscriber: Option<SubscriberId>,
    /// To what kind of thing: `state_information`, `subscriber`, `user`.
    pub kind: String,
    /// To which of them: its id as text.
    pub subject: String,
    /// What: `created`, `changed`, `deleted`, `restored`, or a verb of the kind's own.
    pub act: String,
    /// Why, in somebody's words. Nothing that tells who a person is.
    pub comment: String,
    /// What it was before, of records that have a history.
    pub before: Option<Value>,
    /// What it is since.
    pub after: Option<Value>,
}

impl Change {
    /// An entry about something, now, by somebody.
    #[must_use]
    pub fn new(
        app: &App,
        by: Option<UserId>,
        kind: &str,
        subject: impl std::fmt::Display,
        act: &str,
    ) -> Self {
        Self {
            id: ChangeId(app.ids.uuid()),
            at: app.now(),
            by,
            subscriber: None,
            kind: kind.to_owned(),
            subject: subject.to_string(),
            act: act.to_owned(),
            comment: String::new(),
            before: None,
            after: None,
        }
    }

    /// Whose things they are.
    #[must_use]
    pub fn of(mut self, subscriber: SubscriberId) -> Self {
        self.subscriber = Some(subscriber);
        self
    }

    /// Why.
    #[must_use]
    pub fn because(mut self, comment: impl Into<String>) -> Self {
        self.comment = comment.into();
        self
    }

    /// What it was and what it is.
    #[must_use]
    pub fn from_to(mut self, before: Option<Value>, after: Option<Value>) -> Self {
        (self.before, self.after) = (before, after);
        self
    }

    /// Adds it to the log, in the unit of what it tells of.
    ///
    /// # Errors
    /// When the store fails, or has no such log.
    pub async fn write(self, unit: &mut dyn Unit) -> Result<(), StoreError> {
        unit.changes_mut().insert(&self).await
    }
}

/// Which entries are asked for: those that fit all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// By whom.
    pub by: Option<UserId>,
    /// To whose things.
    pub subscriber: Option<SubscriberId>,
    /// To what kind of thing.
    pub kind: Option<String>,
    /// To which of them.
    pub subject: Option<String>,
}

impl ChangeFilter {
    /// The history of one thing.
    #[must_use]
    pub fn history(kind: &str, subject: impl std::fmt::Display) -> Self {
        Self { kind: Some(kind.to_owned()), subject: Some(subject.to_string()), ..Self::default() }
    }

    /// Whether an entry fits.
    #[must_use]
    pub fn fits(&self, change: &Change) -> bool {
        self.by.is_none_or(|by| change.by == Some(by))
            && self.subscriber.is_none_or(|subscriber| change.subscriber == Some(subscriber))
            && self.kind.as_ref().is_none_or(|kind| change.kind == *kind)
            && self.subject.as_ref().is_none_or(|subject| change.subject == *subject)
    }
}
