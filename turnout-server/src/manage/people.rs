//! The names of people and organizations whose ids stand in rows.

use std::collections::BTreeMap;

use turnout_core::{
    App,
    ids::{SubscriberId, UserId},
    ports::store::StoreError,
};

use super::blocks::Cell;

/// Names by id.
#[derive(Default)]
pub(super) struct Names {
    users: BTreeMap<UserId, String>,
    subscribers: BTreeMap<SubscriberId, String>,
}

impl Names {
    /// Looks them up, each once. Whom nobody knows has none.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn of(
        app: &App,
        users: impl IntoIterator<Item = Option<UserId>> + Send,
        subscribers: impl IntoIterator<Item = Option<SubscriberId>> + Send,
    ) -> Result<Self, StoreError> {
        let mut names = Self::default();
        let users: Vec<UserId> = users.into_iter().flatten().collect();
        let subscribers: Vec<SubscriberId> = subscribers.into_iter().flatten().collect();
        let mut view = app.store.view().await?;
        for id in users {
            if names.users.contains_key(&id) {
                continue;
            }
            if let Some(user) = view.accounts().by_id(id).await? {
                names.users.insert(id, user.display_name());
            }
        }
        for id in subscribers {
            if names.subscribers.contains_key(&id) {
                continue;
            }
            if let Some(subscriber) = view.subscribers().by_id(id).await? {
                names.subscribers.insert(id, subscriber.name);
            }
        }
        Ok(names)
    }

    /// A person, with the way to its record; nothing for nobody.
    pub(super) fn user(&self, id: Option<UserId>) -> Cell {
        let Some(id) = id else { return Cell::None };
        let name = self.users.get(&id).cloned().unwrap_or_else(|| id.to_string());
        Cell::link(name, format!("/manage/admin/users/{id}/"))
    }

    /// What a person is called; its id where nobody knows it.
    pub(super) fn name_of(&self, id: UserId) -> String {
        self.users.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// An organization, with the way to its record; nothing for none.
    pub(super) fn subscriber(&self, id: Option<SubscriberId>) -> Cell {
        let Some(id) = id else { return Cell::None };
        let name = self.subscribers.get(&id).cloned().unwrap_or_else(|| id.to_string());
        Cell::link(name, format!("/manage/admin/subscribers/{id}/"))
    }
}
