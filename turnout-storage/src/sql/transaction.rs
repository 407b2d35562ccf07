//! Views and units over a [`Session`].

use std::sync::Arc;

use async_trait::async_trait;
use turnout_core::ports::{
    store::{
        Accounts, Actions, ApiKeys, BallotRequests, Blasts, Bulk, Changes, Consents, ContactLinks, Edits,
        Elections, Faxes, Files, Jobs, KeyedCalls, Letters, Lookups, Mails, Messages, Movers, OfficeLists,
        Officials, PollingPlaces, ReadAccounts, ReadActions, ReadApiKeys, ReadBallotRequests, ReadBlasts,
        ReadChanges, ReadConsents, ReadContactLinks, ReadEdits, ReadElections, ReadEsign, ReadFaxes,
        ReadFiles, ReadJobs, ReadKeyedCalls, ReadLetters, ReadListings, ReadLookups, ReadMails, ReadMessages,
        ReadMovers, ReadOfficeLists, ReadOfficials, ReadPollingPlaces, ReadRecords, ReadRegistrations,
        ReadReminders, ReadReports, ReadSearch, ReadSessions, ReadSubscribers, ReadSubscriptions,
        ReadSuppressions, ReadSwitches, ReadUpdateWebhooks, ReadUploads, ReadVoters, ReadWebhooks, Records,
        Registrations, Reminders, Reports, Search, Sessions, StoreError, Subscribers, Subscriptions,
        Suppressions, Switches, Unit, UpdateWebhooks, Uploads, View, Voters, Webhooks,
    },
    wake::Wake,
};

use super::{dialect::Dialect, session::Session};

/// One snapshot.
pub(crate) struct SqlView<D: Dialect>(pub(crate) Session<D>);

/// One transaction that may write.
pub(crate) struct SqlUnit<D: Dialect> {
    /// The transaction.
    pub(crate) session: Session<D>,
    /// Whom to wake in this process after a commit that enqueued a job which is due.
    pub(crate) wake: Option<Arc<dyn Wake>>,
}

/// Both hand out the session as each of the rooms.
macro_rules! view {
    ($kind:ident, $session:tt) => {
        impl<D: Dialect> View for $kind<D> {
            fn actions(&mut self) -> &mut dyn ReadActions {
                &mut self.$session
            }
            fn registrations(&mut self) -> &mut dyn ReadRegistrations {
                &mut self.$session
            }
            fn subscribers(&mut self) -> &mut dyn ReadSubscribers {
                &mut self.$session
            }
            fn elections(&mut self) -> &mut dyn ReadElections {
                &mut self.$session
            }
            fn officials(&mut self) -> &mut dyn ReadOfficials {
                &mut self.$session
            }
            fn files(&mut self) -> &mut dyn ReadFiles {
                &mut self.$session
            }
            fn jobs(&mut self) -> &mut dyn ReadJobs {
                &mut self.$session
            }
            fn ballot_requests(&mut self) -> &mut dyn ReadBallotRequests {
                &mut self.$session
            }
            fn blasts(&mut self) -> &mut dyn ReadBlasts {
                &mut self.$session
            }
            fn edits(&mut self) -> &mut dyn ReadEdits {
                &mut self.$session
            }
            fn esign(&mut self) -> &mut dyn ReadEsign {
                &mut self.$session
            }
            fn faxes(&mut self) -> &mut dyn ReadFaxes {
                &mut self.$session
            }
            fn letters(&mut self) -> &mut dyn ReadLetters {
                &mut self.$session
            }
            fn update_webhooks(&mut self) -> &mut dyn ReadUpdateWebhooks {
                &mut self.$session
            }
            fn uploads(&mut self) -> &mut dyn ReadUploads {
                &mut self.$session
            }
            fn api_keys(&mut self) -> &mut dyn ReadApiKeys {
                &mut self.$session
            }
            fn search(&mut self) -> &mut dyn ReadSearch {
                &mut self.$session
            }
            fn office_lists(&mut self) -> &mut dyn ReadOfficeLists {
                &mut self.$session
            }
            fn lookups(&mut self) -> &mut dyn ReadLookups {
                &mut self.$session
            }
            fn contact_links(&mut self) -> &mut dyn ReadContactLinks {
                &mut self.$session
            }
            fn consents(&mut self) -> &mut dyn ReadConsents {
                &mut self.$session
            }
            fn mails(&mut self) -> &mut dyn ReadMails {
                &mut self.$session
            }
            fn messages(&mut self) -> &mut dyn ReadMessages {
                &mut self.$session
            }
            fn movers(&mut self) -> &mut dyn ReadMovers {
                &mut self.$session
            }
            fn reminders(&mut self) -> &mut dyn ReadReminders {
                &mut self.$session
            }
            fn polling_places(&mut self) -> &mut dyn ReadPollingPlaces {
                &mut self.$session
            }
            fn subjects(&mut self) -> &mut dyn turnout_core::ports::store::ReadSubjects {
                &mut self.$session
            }
            fn subscriptions(&mut self) -> &mut dyn ReadSubscriptions {
                &mut self.$session
            }
            fn listings(&mut self) -> &mut dyn ReadListings {
                &mut self.$session
            }
            fn reports(&mut self) -> &mut dyn ReadReports {
                &mut self.$session
            }
            fn records(&mut self) -> &mut dyn ReadRecords {
                &mut self.$session
            }
            fn suppressions(&mut self) -> &mut dyn ReadSuppressions {
                &mut self.$session
            }
            fn switches(&mut self) -> &mut dyn ReadSwitches {
                &mut self.$session
            }
            fn keyed_calls(&mut self) -> &mut dyn ReadKeyedCalls {
                &mut self.$session
            }
            fn accounts(&mut self) -> &mut dyn ReadAccounts {
                &mut self.$session
            }
            fn sessions(&mut self) -> &mut dyn ReadSessions {
                &mut self.$session
            }
            fn changes(&mut self) -> &mut dyn ReadChanges {
                &mut self.$session
            }
            fn voters(&mut self) -> &mut dyn ReadVoters {
                &mut self.$session
            }
            fn webhooks(&mut self) -> &mut dyn ReadWebhooks {
                &mut self.$session
            }
        }
    };
}
view!(SqlView, 0);
view!(SqlUnit, session);

#[async_trait]
impl<D: Dialect> Unit for SqlUnit<D> {
    fn actions_mut(&mut self) -> &mut dyn Actions {
        &mut self.session
    }
    fn registrations_mut(&mut self) -> &mut dyn Registrations {
        &mut self.session
    }
    fn subscribers_mut(&mut self) -> &mut dyn Subscribers {
        &mut self.session
    }
    fn elections_mut(&mut self) -> &mut dyn Elections {
        &mut self.session
    }
    fn officials_mut(&mut self) -> &mut dyn Officials {
        &mut self.session
    }
    fn files_mut(&mut self) -> &mut dyn Files {
        &mut self.session
    }
    fn jobs_mut(&mut self) -> &mut dyn Jobs {
        &mut self.session
    }
    fn ballot_requests_mut(&mut self) -> &mut dyn BallotRequests {
        &mut self.session
    }
    fn blasts_mut(&mut self) -> &mut dyn Blasts {
        &mut self.session
    }
    fn edits_mut(&mut self) -> &mut dyn Edits {
        &mut self.session
    }
    fn faxes_mut(&mut self) -> &mut dyn Faxes {
        &mut self.session
    }
    fn letters_mut(&mut self) -> &mut dyn Letters {
        &mut self.session
    }
    fn update_webhooks_mut(&mut self) -> &mut dyn UpdateWebhooks {
        &mut self.session
    }
    fn uploads_mut(&mut self) -> &mut dyn Uploads {
        &mut self.session
    }
    fn api_keys_mut(&mut self) -> &mut dyn ApiKeys {
        &mut self.session
    }
    fn search_mut(&mut self) -> &mut dyn Search {
        &mut self.session
    }
    fn office_lists_mut(&mut self) -> &mut dyn OfficeLists {
        &mut self.session
    }
    fn lookups_mut(&mut self) -> &mut dyn Lookups {
        &mut self.session
    }
    fn contact_links_mut(&mut self) -> &mut dyn ContactLinks {
        &mut self.session
    }
    fn consents_mut(&mut self) -> &mut dyn Consents {
        &mut self.session
    }
    fn mails_mut(&mut self) -> &mut dyn Mails {
        &mut self.session
    }
    fn messages_mut(&mut self) -> &mut dyn Messages {
        &mut self.session
    }
    fn movers_mut(&mut self) -> &mut dyn Movers {
        &mut self.session
    }
    fn reminders_mut(&mut self) -> &mut dyn Reminders {
        &mut self.session
    }
    fn polling_places_mut(&mut self) -> &mut dyn PollingPlaces {
        &mut self.session
    }
    fn subjects_mut(&mut self) -> &mut dyn turnout_core::ports::store::Subjects {
        &mut self.session
    }
    fn subscriptions_mut(&mut self) -> &mut dyn Subscriptions {
        &mut self.session
    }
    fn reports_mut(&mut self) -> &mut dyn Reports {
        &mut self.session
    }
    fn records_mut(&mut self) -> &mut dyn Records {
        &mut self.session
    }
    fn suppressions_mut(&mut self) -> &mut dyn Suppressions {
        &mut self.session
    }
    fn switches_mut(&mut self) -> &mut dyn Switches {
        &mut self.session
    }
    fn keyed_calls_mut(&mut self) -> &mut dyn KeyedCalls {
        &mut self.session
    }
    fn accounts_mut(&mut self) -> &mut dyn Accounts {
        &mut self.session
    }
    fn sessions_mut(&mut self) -> &mut dyn Sessions {
        &mut self.session
    }
    fn changes_mut(&mut self) -> &mut dyn Changes {
        &mut self.session
    }
    fn voters_mut(&mut self) -> &mut dyn Voters {
        &mut self.session
    }
    fn webhooks_mut(&mut self) -> &mut dyn Webhooks {
        &mut self.session
    }
    fn bulk_mut(&mut self) -> &mut dyn Bulk {
        &mut self.session
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { session, wake } = *self;
        let due = session.commit().await?;
        if let (true, Some(wake)) = (due, wake) {
            wake.wake();
        }
        Ok(())
    }
}
