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
/// Jobs that ask are in the lane `actionnetwork`, whose turns are for requests, as one question may be many of them: carry
/// them by [`PacedHttp`](crate::senders::PacedHttp), or nobody paces them.
///
/// ```
/// use std::sync::{Mutex, MutexGuard, PoisonError};
///
/// use async_trait::async_trait;
/// use chrono::{DateTime, Utc};
/// use turnout_core::{
///     error::{ProviderError, ProviderErrorKind},
///     person::Phone,
///     ports::crm::{CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPerson, CrmPersonId, CrmSync, ListStatus},
/// };
///
/// /// The service's own list as a sheet, with a line for each person. Subscribers have none here.
/// #[derive(Default)]
/// struct Sheet(Mutex<Vec<Line>>);
///
/// struct Line {
///     person: CrmPerson,
///     entered: Vec<(CrmFormId, DateTime<Utc>)>,
/// }
///
/// impl Sheet {
///     fn lines(&self, account: &CrmAccount) -> Result<MutexGuard<'_, Vec<Line>>, ProviderError> {
///         if !self.has(account) {
///             return Err(ProviderError::new("sheet", ProviderErrorKind::Disabled));
///         }
///         Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner))
///     }
/// }
///
/// fn rejected() -> ProviderError {
///     ProviderError::new("sheet", ProviderErrorKind::Rejected)
/// }
///
/// /// The number is on the line once.
/// fn put_phone(person: &mut CrmPerson, phone: &Phone, status: ListStatus) {
///     person.phones.retain(|(known, _)| known != phone);
///     person.phones.push((phone.clone(), status));
/// }
///
/// #[async_trait]
/// impl CrmSync for Sheet {
///     fn has(&self, account: &CrmAccount) -> bool {
///         matches!(account, CrmAccount::Service)
///     }
///
///     async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
///         drop(self.lines(account)?);
///         // a word on the line: there is one as soon as somebody names it
///         Ok(Some(CrmFormId(form.identifier.clone())))
///     }
///
///     async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError> {
///         let lines = self.lines(account)?;
///         Ok(lines.iter().map(|line| &line.person).find(|it| it.email_status(email).is_some()).cloned())
///     }
///
///     async fn person(&self, account: &CrmAccount, id: &CrmPersonId) -> Result<Option<CrmPerson>, ProviderError> {
///         let lines = self.lines(account)?;
///         Ok(lines.iter().map(|line| &line.person).find(|it| it.id == *id).cloned())
///     }
///
///     async fn enter(
///         &self,
///         account: &CrmAccount,
///         form: &CrmFormId,
///         entry: &CrmEntry,
///     ) -> Result<CrmPersonId, ProviderError> {
///         let mut lines = self.lines(account)?;
///         // people are known here by their addresses alone
///         let email = entry.email.as_deref().ok_or_else(rejected)?.trim().to_lowercase();
///         let at = match lines.iter().position(|line| line.person.email_status(&email).is_some()) {
///             Some(at) => at,
///             None => {
///                 let id = CrmPersonId(lines.len().to_string());
///                 let emails = vec![(email.clone(), ListStatus::Subscribed)];
///                 let person = CrmPerson { id, emails, phones: Vec::new(), fields: Vec::new() };
///                 lines.push(Line { person, entered: Vec::new() });
///                 lines.len() - 1
///             }
///         };
///         let Line { person, entered } = &mut lines[at];
///         // what an entry does not say stays as it is
///         if let Some(status) = entry.email_status {
///             person.emails = vec![(email, status)];
///         }
///         if let Some((phone, status)) = &entry.phone {
///             put_phone(person, phone, *status);
///         }
///         person.fields.extend(entry.fields.keys().cloned());
///         person.fields.sort();
///         person.fields.dedup();
///         // a list has a clock of its own
///         entered.push((form.clone(), Utc::now()));
///         Ok(person.id.clone())
///     }
///
///     async fn was_entered(
///         &self,
///         account: &CrmAccount,
///         form: &CrmFormId,
///         person: &CrmPersonId,
///         since: DateTime<Utc>,
///     ) -> Result<bool, ProviderError> {
///         let lines = self.lines(account)?;
///         let line = lines.iter().find(|line| line.person.id == *person);
///         Ok(line.is_some_and(|line| line.entered.iter().any(|(on, at)| on == form && *at >= since)))
///     }
///
///     async fn set_phone(
///         &self,
///         account: &CrmAccount,
///         person: &CrmPersonId,
///         phone: &Phone,
///         status: ListStatus,
///     ) -> Result<(), ProviderError> {
///         let mut lines = self.lines(account)?;
///         let line = lines.iter_mut().find(|line| line.person.id == *person).ok_or_else(rejected)?;
///         put_phone(&mut line.person, phone, status);
///         Ok(())
///     }
///
///     async fn set_email(
///         &self,
///         account: &CrmAccount,
///         person: &CrmPersonId,
///         email: &str,
///         status: ListStatus,
///     ) -> Result<(), ProviderError> {
///         let mut lines = self.lines(account)?;
///         let line = lines.iter_mut().find(|line| line.person.id == *person).ok_or_else(rejected)?;
///         let its = line.person.emails.iter_mut().find(|(known, _)| *known == email.trim().to_lowercase());
///         its.ok_or_else(rejected)?.1 = status;
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ProviderError> {
/// let (list, service, begun) = (Sheet::default(), CrmAccount::Service, Utc::now());
/// let form = CrmForm { identifier: "voteamerica:prod_lookup".into(), title: Some("Verify".into()) };
/// let form = list.form(&service, &form).await?.expect("it is made");
/// let ada = CrmEntry { email: Some("ada@example.org".into()), ..CrmEntry::default() };
/// let id = list.enter(&service, &form, &ada).await?;
/// assert_eq!(list.enter(&service, &form, &ada).await?, id, "nobody is there twice");
/// assert!(list.was_entered(&service, &form, &id, begun).await?);
/// let known = list.by_email(&service, "Ada@example.org").await?.expect("somebody");
/// assert_eq!(known.email_status("ada@example.org"), Some(ListStatus::Subscribed));
/// let phone = Phone::parse("617-555-0143").expect("a number");
/// list.set_phone(&service, &id, &phone, ListStatus::Unsubscribed).await?;
/// let known = list.person(&service, &id).await?.expect("somebody");
/// assert_eq!(known.phone_status(&phone), Some(ListStatus::Unsubscribed));
/// let refused = list.enter(&CrmAccount::Subscribers, &form, &ada).await.unwrap_err();
/// assert_eq!(refused.kind, ProviderErrorKind::Disabled);
/// # Ok(())
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

    /// Says what an e-mail address that the person has is to be on the list from now on, and leaves all else.
    ///
    /// # Errors
    /// [`Rejected`](ProviderErrorKind::Rejected) also when there is no such person.
    async fn set_email(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        email: &str,
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

    async fn set_email(
        &self,
        _account: &CrmAccount,
        _person: &CrmPersonId,
        _email: &str,
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

    async fn set_email(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        email: &str,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        (**self).set_email(account, person, email, status).await
    }
}
