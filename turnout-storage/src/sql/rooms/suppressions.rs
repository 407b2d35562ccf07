//! E-mail addresses that are not mailed.

use async_trait::async_trait;
use turnout_core::{
    ports::store::{ReadSuppressions, StoreError, Suppressions},
    suppression::{AddressKey, Suppression, SuppressionReason},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::suppressions::SuppressionRow,
    session::{Session, query},
    statements::suppressions as statements,
};

#[async_trait]
impl<D: Dialect> ReadSuppressions for Session<D> {
    async fn of(&mut self, address: AddressKey) -> Result<Vec<Suppression>, StoreError> {
        self.all::<SuppressionRow, _>(query(statements::OF).bind(address.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Suppressions for Session<D> {
    async fn lock(
        &mut self,
        address: AddressKey,
        reason: SuppressionReason,
    ) -> Result<Option<Suppression>, StoreError> {
        let statement = query(statements::LOCK).bind(address.0).bind(reason.wire());
        self.optional::<SuppressionRow, _>(statement).await
    }

    async fn lock_or_insert(&mut self, fresh: &Suppression) -> Result<Suppression, StoreError> {
        if let Some(row) = Suppressions::lock(self, fresh.address, fresh.reason).await? {
            return Ok(row);
        }
        let statement = query(statements::INSERT)
            .bind(fresh.address.0)
            .bind(fresh.reason.wire())
            .bind(fresh.source.wire())
            .bind(Moment(fresh.since))
            .bind(fresh.lifted_at.map(Moment))
            .bind(Moment(fresh.created_at))
            .bind(Moment(fresh.modified_at));
        self.change("suppression", statement).await?;
        // ours, or that of somebody who was faster
        let row = Suppressions::lock(self, fresh.address, fresh.reason).await?;
        row.ok_or_else(|| StoreError::Other("a suppression that was just made is gone".into()))
    }

    async fn update(&mut self, suppression: &Suppression) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE)
            .bind(suppression.address.0)
            .bind(suppression.reason.wire())
            .bind(suppression.source.wire())
            .bind(Moment(suppression.since))
            .bind(suppression.lifted_at.map(Moment))
            .bind(Moment(suppression.modified_at));
        self.change_one("suppression", statement).await
    }
}
