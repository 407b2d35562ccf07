//! Faxes.

use async_trait::async_trait;
use turnout_core::{
    fax::Fax,
    ids::FaxId,
    ports::store::{Faxes, ReadFaxes, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::faxes::{FaxRow, columns_of},
    session::{Session, query},
    statements::faxes as statements,
};

#[async_trait]
impl<D: Dialect> ReadFaxes for Session<D> {
    async fn by_id(&mut self, id: FaxId) -> Result<Option<Fax>, StoreError> {
        self.optional::<FaxRow, _>(query(statements::BY_ID).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Faxes for Session<D> {
    async fn insert(&mut self, fax: &Fax) -> Result<(), StoreError> {
        let (task, argument) = columns_of(fax.then);
        let statement = query(statements::INSERT)
            .bind(fax.id.0)
            .bind(fax.token)
            .bind(fax.file.0)
            .bind(fax.to.as_ref().map(|number| number.e164()))
            .bind(fax.status.wire())
            .bind(&fax.status_message)
            .bind(fax.status_at.map(Moment))
            .bind(task)
            .bind(argument)
            .bind(Moment(fax.created_at))
            .bind(Moment(fax.modified_at));
        self.change_one("fax", statement).await
    }

    async fn lock(&mut self, id: FaxId) -> Result<Option<Fax>, StoreError> {
        self.optional::<FaxRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, fax: &Fax) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE)
            .bind(fax.id.0)
            .bind(fax.status.wire())
            .bind(&fax.status_message)
            .bind(fax.status_at.map(Moment))
            .bind(Moment(fax.modified_at));
        self.change_one("fax", statement).await
    }
}
