//! Who is signed in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AbsentRoom, StoreError};
use crate::{
    account::Session,
    ids::{SessionId, UserId},
};

/// What this room is called.
const ROOM: &str = "sessions";

/// Reads sessions, whether they have ended or not.
#[async_trait]
pub trait ReadSessions: Send {
    /// The session with the token of this hash.
    async fn by_token(&mut self, hash: &[u8]) -> Result<Option<Session>, StoreError>;

    /// All sessions of somebody, the one that was used last first; of the same moment, by id.
    async fn of_user(&mut self, user: UserId) -> Result<Vec<Session>, StoreError>;
}

/// Changes sessions.
#[async_trait]
pub trait Sessions: ReadSessions {
    /// A new session. Conflict when the id or the token is taken.
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Writes every column of a session but for id, user and `created_at`. Says whether there is such a session.
    async fn update(&mut self, session: &Session) -> Result<bool, StoreError>;

    /// Ends a session of somebody. Says whether there was one.
    async fn remove(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError>;

    /// Ends all sessions of somebody but one, or all. Says how many.
    async fn remove_others(&mut self, user: UserId, but: Option<SessionId>) -> Result<u64, StoreError>;

    /// Forgets up to `limit` sessions that ended before this moment. Says how many.
    async fn forget(&mut self, ended_before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError>;
}

#[async_trait]
impl ReadSessions for AbsentRoom {
    async fn by_token(&mut self, _hash: &[u8]) -> Result<Option<Session>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn of_user(&mut self, _user: UserId) -> Result<Vec<Session>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Sessions for AbsentRoom {
    async fn insert(&mut self, _session: &Session) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _session: &Session) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove(&mut self, _user: UserId, _id: SessionId) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove_others(&mut self, _user: UserId, _but: Option<SessionId>) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn forget(&mut self, _ended_before: DateTime<Utc>, _limit: u32) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
