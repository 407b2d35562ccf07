//! What was decided about mails that did not go at once.

use async_trait::async_trait;
use turnout_core::{
    mail::HeldMail,
    ports::store::{Mails, ReadMails, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::mails::HeldMailRow,
    session::{Session, query},
    statements::mails as statements,
};

#[async_trait]
impl<D: Dialect> ReadMails for Session<D> {
    async fn held(&mut self, message_id: &str) -> Result<Option<HeldMail>, StoreError> {
        self.optional::<HeldMailRow, _>(query(statements::HELD).bind(message_id)).await
    }
}

#[async_trait]
impl<D: Dialect> Mails for Session<D> {
    async fn note_held(&mut self, mail: &HeldMail) -> Result<(), StoreError> {
        let statement = query(statements::NOTE)
            .bind(&mail.message_id)
            .bind(mail.purpose.wire())
            .bind(mail.sender.map(|sender| sender.0))
            .bind(mail.rule.id().into_owned())
            .bind(mail.held_until.map(Moment))
            .bind(Moment(mail.decided_at));
        self.change_one("mail", statement).await
    }
}
