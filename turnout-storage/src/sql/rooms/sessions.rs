//! Who is signed in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    account::Session as SignedIn,
    ids::{SessionId, UserId},
    ports::store::{ReadSessions, Sessions, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::sessions::SessionRow,
    session::{Session, query},
    statements::sessions as statements,
};

#[async_trait]
impl<D: Dialect> ReadSessions for Session<D> {
    async fn by_token(&mut self, hash: &[u8]) -> Result<Option<SignedIn>, StoreError> {
        self.optional::<SessionRow, _>(query(statements::BY_TOKEN).bind(hash.to_vec())).await
    }

    async fn of_user(&mut self, user: UserId) -> Result<Vec<SignedIn>, StoreError> {
        self.all::<SessionRow, _>(query(statements::OF_USER).bind(user.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Sessions for Session<D> {
    async fn insert(&mut self, session: &SignedIn) -> Result<(), StoreError> {
        let statement = query(statements::INSERT)
            .bind(session.id.0)
            .bind(session.user.0)
            .bind(&session.token_hash[..])
            .bind(session.stage.wire())
            .bind(&session.agent)
            .bind(Moment(session.seen_at))
            .bind(Moment(session.expires))
            .bind(Moment(session.created_at));
        self.change_one("session", statement).await
    }

    async fn update(&mut self, session: &SignedIn) -> Result<bool, StoreError> {
        let statement = query(statements::UPDATE)
            .bind(session.id.0)
            .bind(&session.token_hash[..])
            .bind(session.stage.wire())
            .bind(&session.agent)
            .bind(Moment(session.seen_at))
            .bind(Moment(session.expires));
        Ok(self.change("session", statement).await? == 1)
    }

    async fn remove(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.change("session", query(statements::REMOVE).bind(id.0).bind(user.0)).await? == 1)
    }

    async fn remove_others(&mut self, user: UserId, but: Option<SessionId>) -> Result<u64, StoreError> {
        let statement = match but {
            None => query(statements::REMOVE_ALL).bind(user.0),
            Some(but) => query(statements::REMOVE_OTHERS).bind(user.0).bind(but.0),
        };
        self.change("session", statement).await
    }

    async fn forget(&mut self, ended_before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let statement = query(statements::FORGET).bind(Moment(ended_before)).bind(i64::from(limit));
        self.change("session", statement).await
    }
}
