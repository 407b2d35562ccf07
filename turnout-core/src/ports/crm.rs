//! Contact lists: whom an organization writes to, kept at somebody else's service.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Disabled;
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
    ids::SubscriberId,
    person::{PersonName, Phone, demographics::choices},
    secret::IntegrationKey,
};

choices! {
    /// Whether the list is sent to an address or a number.
    ListStatus {
        Subscribed = "subscribed", "Subscribed";
        Unsubscribed = "unsubscribed", "Asked for no more";
        Bouncing = "bouncing", "What is sent comes back";
        Complained = "complained", "Called spam";
    }
}

/// Whose list.
#[derive(Debug, Clone)]
pub enum CrmAccount {
    /// That of the organization that runs the service: everybody.
    Service,
    /// Its list of contacts at subscribers.
    Subscribers,
    /// A subscriber's own, with what opens it.
    Subscriber(SubscriberId, IntegrationKey),
}

impl CrmAccount {
    /// Whose voters are on it, if they are one subscriber's.
    #[must_use]
    pub fn subscriber(&self) -> Option<SubscriberId> {
        match self {
            Self::Subscriber(subscriber, _) => Some(*subscriber),
            Self::Service | Self::Subscribers => None,
        }
    }

    /// Its name in keys of caches. Nothing secret.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Service => "service".to_owned(),
            Self::Subscribers => "subscribers".to_owned(),
            Self::Subscriber(subscriber, _) => subscriber.to_string(),
        }
    }
}

/// What people are entered on: each way by which they come has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrmForm {
    /// By what it is found, such as `voteamerica:prod_lookup`.
    pub identifier: String,
    /// What it is to be called. Without one it is left as it is, and not made when it is not there.
    pub title: Option<String>,
}

/// What the service calls a form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrmFormId(pub String);

/// What the service calls a person. Others than we may know whom it means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrmPersonId(pub String);

/// Somebody who is to be on the list, with what is known. No `Debug`: it is about a person.
#[derive(Clone, PartialEq, Default)]
pub struct CrmEntry {
    /// The name.
    pub name: PersonName,
    /// The e-mail address.
    pub email: Option<String>,
    /// What the address is to be on the list. Without it somebody who is known stays as he is, and who is new is subscribed.
    pub email_status: Option<ListStatus>,
    /// The number with what it is to be. A number of which nothing is to be said is not passed on.
    pub phone: Option<(Phone, ListStatus)>,
    /// Where the person lives, in the United States.
    pub address: Address,
    /// By which way the person came.
    pub referral: Referral,
    /// What else is said of the person, under the list's own names.
    pub fields: BTreeMap<String, Value>,
}

/// By which way somebody came.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Referral {
    /// Through what: a campaign, a tool.
    pub source: Option<String>,
    /// The page.
    pub website: Option<String>,
    /// Who sent the link by e-mail.
    pub email: Option<String>,
    /// Who sent the link by text.
    pub mobile: Option<String>,
}

/// Somebody as the list has him. No `Debug`: it is about a person.
#[derive(Clone, PartialEq)]
pub struct CrmPerson {
    /// What the service calls the person.
    pub id: CrmPersonId,
    /// E-mail addresses, in lower case.
    pub emails: Vec<(String, ListStatus)>,
    /// Numbers, as E.164.
    pub phones: Vec<(Phone, ListStatus)>,
    /// The names of what else is said of the person, where something is said.
    pub fields: Vec<String>,
}

impl CrmPerson {
    /// What an address is on the list, if it is there.
    #[must_use]
    pub fn email_status(&self, address: &str) -> Option<ListStatus> {
        let address = address.trim().to_lowercase();
        self.emails.iter().find(|(known, _)| *known == address).map(|(_, status)| *status)
    }

    /// What a number is on the list, if it is there.
    #[must_use]
    pub fn phone_status(&self, phone: &Phone) -> Option<ListStatus> {
        self.phones.iter().find(|(known, _)| known == phone).map(|(_, status)| *status)
    }
}

/// Keeps contact lists in step with what voters do.
///
/// Whoever is entered on the same form twice is on it once, with what was said last. Nobody's status on the list is changed
/// by an entry that does not say so.
///
/// ```
/// # #[cfg(feature = "memory")] {
/// use turnout_core::{
///     memory::{ContactList, FrozenClock},
///     ports::crm::{CrmAccount, CrmEntry, CrmForm, CrmSync, ListStatus},
/// };
///
/// # async fn enter() -> Result<(), turnout_core::error::ProviderError> {
/// let list = ContactList::new(FrozenClock::at(chrono::DateTime::UNIX_EPOCH));
/// let form = CrmForm { identifier: "voteamerica:prod_lookup".into(), title: Some("Verify".into()) };
/// let form = list.form(&CrmAccount::Service, &form).await?.expect("it is made");
/// let ada = CrmEntry { email: Some("ada@example.org".into()), ..CrmEntry::default() };
/// let id = list.enter(&CrmAccount::Service, &form, &ada).await?;
/// let known = list.person(&CrmAccount::Service, &id).await?.expect("somebody");
/// assert_eq!(known.email_status("Ada@example.org"), Some(ListStatus::Subscribed));
/// # Ok(())
/// # }
/// # }
/// ```
#[async_trait]
pub trait CrmSync: Send + Sync {
    /// Whether there is such an account: whether anybody can be entered there at all.
    fn has(&self, account: &CrmAccount) -> bool;

    /// The form: found, renamed when its title is another one, made when it is not there and is to have a title.
    ///
    /// # Errors
    /// [`Disabled`](ProviderErrorKind::Disabled) where there is no such account or what opens it is not taken, here and
    /// below; otherwise when the service gives no answer.
    async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError>;

    /// Who has this e-mail address.
    ///
    /// # Errors
    /// When the service gives no answer.
    async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError>;

    /// The person of that id.
    ///
    /// # Errors
    /// When the service gives no answer.
    async fn person(
        &self,
        account: &CrmAccount,
        id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError>;

    /// Enters somebody on a form, who is found by e-mail address or number, or new.
    ///
    /// # Errors
    /// [`Rejected`](ProviderErrorKind::Rejected) when the service does not take the person; otherwise when there is no
    /// answer, in which case the person may have been entered.
    async fn enter(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError>;

    /// Whether the person was entered on the form at that moment or later.
    ///
    /// # Errors
    /// When the service gives no answer.
    async fn was_entered(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        person: &CrmPersonId,
        since: DateTime<Utc>,
    ) -> Result<bool, ProviderError>;

    /// Says what a number of the person is to be on the list from now on, and leaves all else.
    ///
    /// # Errors
    /// [`Rejected`](ProviderErrorKind::Rejected) also when there is no such person.
    async fn set_phone(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        phone: &Phone,
        status: ListStatus,
    ) -> Result<(), ProviderError>;
}

fn disabled() -> ProviderError {
    ProviderError::new("contact list", ProviderErrorKind::Disabled)
}

#[async_trait]
impl CrmSync for Disabled {
    fn has(&self, _account: &CrmAccount) -> bool {
        false
    }

    async fn form(&self, _account: &CrmAccount, _form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
        Err(disabled())
    }

    async fn by_email(
        &self,
        _account: &CrmAccount,
        _email: &str,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        Err(disabled())
    }

    async fn person(
        &self,
        _account: &CrmAccount,
        _id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        Err(disabled())
    }

    async fn enter(
        &self,
        _account: &CrmAccount,
        _form: &CrmFormId,
        _entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError> {
        Err(disabled())
    }

    async fn was_entered(
        &self,
        _account: &CrmAccount,
        _form: &CrmFormId,
        _person: &CrmPersonId,
        _since: DateTime<Utc>,
    ) -> Result<bool, ProviderError> {
        Err(disabled())
    }

    async fn set_phone(
        &self,
        _account: &CrmAccount,
        _person: &CrmPersonId,
        _phone: &Phone,
        _status: ListStatus,
    ) -> Result<(), ProviderError> {
        Err(disabled())
    }
}

#[async_trait]
impl<T: CrmSync + ?Sized> CrmSync for std::sync::Arc<T> {
    fn has(&self, account: &CrmAccount) -> bool {
        (**self).has(account)
    }

    async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
        (**self).form(account, form).await
    }

    async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError> {
        (**self).by_email(account, email).await
    }

    async fn person(
        &self,
        account: &CrmAccount,
        id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        (**self).person(account, id).await
    }

    async fn enter(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError> {
        (**self).enter(account, form, entry).await
    }

    async fn was_entered(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        person: &CrmPersonId,
        since: DateTime<Utc>,
    ) -> Result<bool, ProviderError> {
        (**self).was_entered(account, form, person, since).await
    }

    async fn set_phone(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        phone: &Phone,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        (**self).set_phone(account, person, phone, status).await
    }
}
