//! What was decided about mails that did not go at once.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::Rooms;
use crate::{
    mail::HeldMail,
    ports::store::{Mails, ReadMails, StoreError},
};

#[async_trait]
impl ReadMails for Rooms {
    async fn held(&mut self, message_id: &str) -> Result<Option<HeldMail>, StoreError> {
        Ok(self.held_mails.get(message_id).cloned())
    }
}

#[async_trait]
impl Mails for Rooms {
    async fn note_held(&mut self, mail: &HeldMail) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.held_mails);
        match rows.get_mut(&mail.message_id) {
            Some(row) => {
                (row.rule, row.held_until, row.decided_at) = (mail.rule, mail.held_until, mail.decided_at);
            }
            None => {
                rows.insert(mail.message_id.clone(), mail.clone());
            }
        }
        Ok(())
    }
}
