//! Letters.

use async_trait::async_trait;
use turnout_core::{
    ids::{ActionId, LetterId},
    letter::Letter,
    ports::store::{Letters, ReadLetters, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::letters::LetterRow,
    session::{Session, query},
    statements::letters as statements,
};

#[async_trait]
impl<D: Dialect> ReadLetters for Session<D> {
    async fn by_id(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        self.optional::<LetterRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, action: ActionId) -> Result<Option<Letter>, StoreError> {
        self.optional::<LetterRow, _>(query(statements::BY_ACTION).bind(action.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Letters for Session<D> {
    async fn insert(&mut self, letter: &Letter) -> Result<(), StoreError> {
        let statement = query(statements::INSERT)
            .bind(letter.id.0)
            .bind(&letter.external_id)
            .bind(letter.action.0)
            .bind(letter.subscriber.map(|subscriber| subscriber.0))
            .bind(Moment(letter.created_at))
            .bind(Moment(letter.modified_at));
        self.change_one("letter", statement).await
    }

    async fn lock(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        self.optional::<LetterRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn lock_by_external_id(&mut self, external_id: &str) -> Result<Option<Letter>, StoreError> {
        self.optional::<LetterRow, _>(query(statements::LOCK_BY_EXTERNAL_ID).bind(external_id)).await
    }

    async fn update(&mut self, letter: &Letter) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE)
            .bind(letter.id.0)
            .bind(&letter.external_id)
            .bind(Moment(letter.modified_at));
        self.change_one("letter", statement).await
    }
}
