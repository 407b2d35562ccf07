//! The suites that every implementation of a port has to pass: feature `conformance`.
//!
//! A case is a plain async function whose name is the fact it proves. Each room has one macro that makes a
//! `#[tokio::test]` of every case; it is given a function that opens something fresh, and the caller needs tokio
//! among its dev-dependencies:
//!
//! ```
//! # mod tests {
//! use turnout_core::memory::MemoryStore;
//!
//! async fn open() -> MemoryStore {
//!     MemoryStore::new()
//! }
//! turnout_core::actions_conformance!(open);
//! # }
//! ```
//!
//! In a program, `actions_conformance!(run, open)` runs the cases one after the other, panics at the first that does not
//! hold, and gives the number of those that do.
//!
//! What a case may not assume is an argument: the cases about time need a clock that the test turns, and are asked for
//! by a second function. Something that lives as long as what is tested, such as a folder, goes into a [`Guarded`].

pub mod addresses;
pub mod cache;
pub mod crm;
pub mod faxes;
pub mod file_tokens;
pub mod files;
pub mod geocoder;
pub mod http;
pub mod letters;
pub mod public_files;
pub mod rows;
pub mod state_registrar;
pub mod store;
pub mod texts;
pub mod throttle;
pub mod timer;
pub mod wake;

mod together;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

pub use together::{now_or_never, together};

use public_files::Visitor;

use crate::{
    address::Address,
    error::ProviderError,
    ids::ActionId,
    person::Phone,
    ports::{
        addresses::{AddressVerifier, Deliverability},
        crm::{CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPerson, CrmPersonId, CrmSync, ListStatus},
        fax::{FaxSender, OutgoingFax},
        files::{FileError, FileStore, FileWriter},
        letters::{LetterSender, OutgoingLetter, TakenLetter},
        public_files::PublicFile,
        sms::{ListedSms, OutgoingSms, ReceivedSms, SentSms, SmsError, SmsLog, SmsSender},
        store::{Store, StoreError, Unit, View},
    },
};

/// Something to be tested and what has to live as long: a folder, a server.
pub struct Guarded<T, G> {
    it: T,
    _guard: G,
}

impl<T, G> Guarded<T, G> {
    /// Keeps `guard` as long as `it`.
    #[must_use]
    pub fn new(it: T, guard: G) -> Self {
        Self { it, _guard: guard }
    }
}

#[async_trait]
impl<T: Store, G: Send + Sync + 'static> Store for Guarded<T, G> {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.it.view().await
    }

    async fn report_view(&self) -> Result<Box<dyn View>, StoreError> {
        self.it.report_view().await
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.it.begin().await
    }

    async fn complaints(&self) -> Vec<String> {
        self.it.complaints().await
    }
}

#[async_trait]
impl<T: AddressVerifier, G: Send + Sync + 'static> AddressVerifier for Guarded<T, G> {
    async fn verify(&self, address: &Address) -> Result<Deliverability, ProviderError> {
        self.it.verify(address).await
    }
}

#[async_trait]
impl<T: CrmSync, G: Send + Sync + 'static> CrmSync for Guarded<T, G> {
    fn has(&self, account: &CrmAccount) -> bool {
        self.it.has(account)
    }

    async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
        self.it.form(account, form).await
    }

    async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError> {
        self.it.by_email(account, email).await
    }

    async fn person(
        &self,
        account: &CrmAccount,
        id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        self.it.person(account, id).await
    }

    async fn enter(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError> {
        self.it.enter(account, form, entry).await
    }

    async fn was_entered(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        person: &CrmPersonId,
        since: DateTime<Utc>,
    ) -> Result<bool, ProviderError> {
        self.it.was_entered(account, form, person, since).await
    }

    async fn set_phone(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        phone: &Phone,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        self.it.set_phone(account, person, phone, status).await
    }

    async fn set_email(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        email: &str,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        self.it.set_email(account, person, email, status).await
    }
}

#[async_trait]
impl<T: FaxSender, G: Send + Sync + 'static> FaxSender for Guarded<T, G> {
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError> {
        self.it.send(fax).await
    }
}

#[async_trait]
impl<T: LetterSender, G: Send + Sync + 'static> LetterSender for Guarded<T, G> {
    async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
        self.it.send(letter).await
    }

    async fn of_action(&self, action: ActionId) -> Result<Vec<TakenLetter>, ProviderError> {
        self.it.of_action(action).await
    }

    async fn call_off(&self, id: &str) -> Result<(), ProviderError> {
        self.it.call_off(id).await
    }
}

#[async_trait]
impl<T: SmsSender, G: Send + Sync + 'static> SmsSender for Guarded<T, G> {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        self.it.send(sms).await
    }
}

#[async_trait]
impl<T: SmsLog, G: Send + Sync + 'static> SmsLog for Guarded<T, G> {
    async fn sent_to(&self, to: &Phone, since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError> {
        self.it.sent_to(to, since).await
    }

    async fn received_by(
        &self,
        number: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<ReceivedSms>, ProviderError> {
        self.it.received_by(number, since).await
    }
}

#[async_trait]
impl<T: Visitor, G: Send + Sync + 'static> Visitor for Guarded<T, G> {
    async fn visit(&self, url: &str) -> Option<PublicFile> {
        self.it.visit(url).await
    }
}

#[async_trait]
impl<T: FileStore, G: Send + Sync + 'static> FileStore for Guarded<T, G> {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        self.it.put(key, bytes, content_type).await
    }

    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        self.it.begin(key, content_type).await
    }
    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        self.it.get(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        self.it.delete(key).await
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        self.it.delete_all(keys).await
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        self.it.link(key, name, until).await
    }
}

/// A test for each case, or with `run` the number of cases after all have passed: not called by hand, each room's macro
/// calls it.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_cases {
    ($module:ident, [run, $open:path], $($room:ident)::+, [$($case:ident,)*]) => {{
        use $crate::conformance::$($room)::+ as cases;

        let mut passed = 0;
        $(
            cases::$case(&$open().await).await;
            passed += 1;
        )*
        passed
    }};
    ($module:ident, [$open:path], $($room:ident)::+, [$($case:ident,)*]) => {
        mod $module {
            use super::*;
            use $crate::conformance::$($room)::+ as cases;

            $(
                #[::tokio::test]
                async fn $case() {
                    cases::$case(&$open().await).await;
                }
            )*
        }
    };
}
