//! Who is signed in.

use std::{cmp::Reverse, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert};
use crate::{
    account::Session,
    ids::{SessionId, UserId},
    ports::store::{ReadSessions, Sessions, StoreError},
};

#[async_trait]
impl ReadSessions for Rooms {
    async fn by_token(&mut self, hash: &[u8]) -> Result<Option<Session>, StoreError> {
        Ok(self.sessions.values().find(|it| it.token_hash == hash).cloned())
    }

    async fn of_user(&mut self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let mut rows: Vec<Session> = self.sessions.values().filter(|it| it.user == user).cloned().collect();
        rows.sort_by_key(|it| (Reverse(it.seen_at), it.id));
        Ok(rows)
    }
}

#[async_trait]
impl Sessions for Rooms {
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError> {
        if self.sessions.values().any(|it| it.token_hash == session.token_hash) {
            return Err(StoreError::Conflict { entity: "session" });
        }
        insert(&mut self.sessions, session.id, session, "session")
    }

    async fn update(&mut self, session: &Session) -> Result<bool, StoreError> {
        let Some(row) = Arc::make_mut(&mut self.sessions).get_mut(&session.id) else { return Ok(false) };
        *row = Session { user: row.user, created_at: row.created_at, ..session.clone() };
        Ok(true)
    }

    async fn remove(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let is_there = self.sessions.get(&id).is_some_and(|it| it.user == user);
        if is_there {
            Arc::make_mut(&mut self.sessions).remove(&id);
        }
        Ok(is_there)
    }

    async fn remove_others(&mut self, user: UserId, but: Option<SessionId>) -> Result<u64, StoreError> {
        let before = self.sessions.len();
        Arc::make_mut(&mut self.sessions).retain(|id, it| it.user != user || Some(*id) == but);
        Ok((before - self.sessions.len()) as u64)
    }

    async fn forget(&mut self, ended_before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let ended = self.sessions.values().filter(|it| it.expires < ended_before).map(|it| it.id);
        let ended: Vec<SessionId> = ended.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect();
        let rows = Arc::make_mut(&mut self.sessions);
        ended.iter().for_each(|id| drop(rows.remove(id)));
        Ok(ended.len() as u64)
    }
}
