//! A contact list that nobody sends anything to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::locked;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    person::Phone,
    ports::{
        clock::Clock,
        crm::{CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPerson, CrmPersonId, CrmSync, ListStatus},
    },
};

/// Keeps people in RAM, each account's its own. Clones are the same lists.
#[derive(Clone)]
pub struct ContactList {
    clock: Arc<dyn Clock>,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    accounts: BTreeMap<String, Account>,
    troubles: Vec<ListTrouble>,
    counted: u32,
    asked: u32,
    taken_away: u32,
    is_closed: bool,
}

#[derive(Default)]
struct Account {
    /// Each with how many were taken away before it was made.
    forms: Vec<(CrmForm, u32)>,
    people: Vec<(CrmPerson, BTreeMap<String, Value>)>,
    entered: Vec<Entered>,
}

struct Entered {
    form: CrmFormId,
    person: CrmPersonId,
    entry: CrmEntry,
    at: DateTime<Utc>,
}

/// What goes wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListTrouble {
    /// It is not taken.
    Refused(ProviderErrorKind),
    /// It is taken, and the answer is lost.
    Unanswered,
}

impl ContactList {
    /// Has nobody yet, and an account for everybody.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self { clock: Arc::new(clock), inside: Arc::default() }
    }

    /// From now on, or no more, there is no account.
    pub fn close(&self, is_closed: bool) {
        locked(&self.inside).is_closed = is_closed;
    }

    /// What goes wrong with the next entries, the first one first.
    pub fn next_troubles(&self, troubles: impl IntoIterator<Item = ListTrouble>) {
        locked(&self.inside).troubles.extend(troubles);
    }

    /// A form that is there already.
    pub fn put_form(&self, account: &CrmAccount, form: CrmForm) {
        locked(&self.inside).accounts.entry(account.name()).or_default().forms.push((form, 0));
    }

    /// Somebody takes a form away; one that is made again is another one.
    pub fn take_form(&self, account: &CrmAccount, identifier: &str) {
        let mut inside = locked(&self.inside);
        inside.taken_away += 1;
        let forms = &mut inside.accounts.entry(account.name()).or_default().forms;
        forms.retain(|(form, _)| form.identifier != identifier);
    }

    /// The forms of an account.
    #[must_use]
    pub fn forms(&self, account: &CrmAccount) -> Vec<CrmForm> {
        locked(&self.inside)
            .accounts
            .get(&account.name())
            .map(|it| it.forms.iter().map(|(form, _)| form.clone()).collect())
            .unwrap_or_default()
    }

    /// Somebody who is there already.
    pub fn put_person(&self, account: &CrmAccount, person: CrmPerson) {
        let fields = person.fields.iter().map(|name| (name.clone(), Value::Null)).collect();
        locked(&self.inside).accounts.entry(account.name()).or_default().people.push((person, fields));
    }

    /// Changes the status of an e-mail address, as its owner would.
    pub fn say_email(&self, account: &CrmAccount, address: &str, status: ListStatus) {
        let mut inside = locked(&self.inside);
        let people = &mut inside.accounts.entry(account.name()).or_default().people;
        for (known, its) in people.iter_mut().flat_map(|(person, _)| &mut person.emails) {
            if known == address {
                *its = status;
            }
        }
    }

    /// Everybody on an account's list with what is said of them, in the order in which they came.
    #[must_use]
    pub fn people(&self, account: &CrmAccount) -> Vec<(CrmPerson, BTreeMap<String, Value>)> {
        locked(&self.inside).accounts.get(&account.name()).map(|it| it.people.clone()).unwrap_or_default()
    }

    /// Every entry that was taken, again and again included, in their order.
    #[must_use]
    pub fn entries(&self, account: &CrmAccount) -> Vec<CrmEntry> {
        let inside = locked(&self.inside);
        let entered = inside.accounts.get(&account.name()).map(|it| it.entered.as_slice());
        entered.unwrap_or_default().iter().map(|it| it.entry.clone()).collect()
    }

    /// How often anything was asked, or given.
    #[must_use]
    pub fn asked(&self) -> u32 {
        locked(&self.inside).asked
    }
}

fn rejected() -> ProviderError {
    ProviderError::new("contact list", ProviderErrorKind::Rejected)
}

impl Inside {
    fn account(&mut self, account: &CrmAccount) -> Result<&mut Account, ProviderError> {
        self.asked += 1;
        match self.is_closed {
            true => Err(ProviderError::new("contact list", ProviderErrorKind::Disabled)),
            false => Ok(self.accounts.entry(account.name()).or_default()),
        }
    }
}

impl Account {
    fn take(&mut self, id: CrmPersonId, entry: &CrmEntry) -> CrmPersonId {
        let email = entry.email.as_deref().map(|email| email.trim().to_lowercase());
        let is_it = |person: &CrmPerson| {
            email.as_deref().is_some_and(|email| person.email_status(email).is_some())
                || entry.phone.as_ref().is_some_and(|(phone, _)| person.phone_status(phone).is_some())
        };
        let at = match self.people.iter().position(|(person, _)| is_it(person)) {
            Some(at) => at,
            None => {
                let (emails, phones, fields) = (Vec::new(), Vec::new(), Vec::new());
                self.people.push((CrmPerson { id, emails, phones, fields }, BTreeMap::new()));
                self.people.len() - 1
            }
        };
        let (person, said) = &mut self.people[at];
        if let Some(email) = email {
            match (person.emails.iter_mut().find(|(known, _)| *known == email), entry.email_status) {
                (Some((_, its)), Some(status)) => *its = status,
                (Some(_), None) => {}
                (None, status) => person.emails.push((email, status.unwrap_or(ListStatus::Subscribed))),
            }
        }
        if let Some((phone, status)) = &entry.phone {
            person.phones.retain(|(known, _)| known != phone);
            person.phones.push((phone.clone(), *status));
        }
        said.extend(entry.fields.clone());
        person.fields = said.keys().cloned().collect();
        person.id.clone()
    }
}

#[async_trait]
impl CrmSync for ContactList {
    fn has(&self, _account: &CrmAccount) -> bool {
        !locked(&self.inside).is_closed
    }

    async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
        let mut inside = locked(&self.inside);
        let taken_away = inside.taken_away;
        let forms = &mut inside.account(account)?.forms;
        let id = |made: u32| Some(CrmFormId(format!("{}/{made}", form.identifier)));
        match (forms.iter_mut().find(|(known, _)| known.identifier == form.identifier), &form.title) {
            (Some((known, made)), Some(title)) => {
                known.title = Some(title.clone());
                Ok(id(*made))
            }
            (Some((_, made)), None) => Ok(id(*made)),
            (None, Some(_)) => {
                forms.push((form.clone(), taken_away));
                Ok(id(taken_away))
            }
            (None, None) => Ok(None),
        }
    }

    async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError> {
        let mut inside = locked(&self.inside);
        let mut people = inside.account(account)?.people.iter().map(|(person, _)| person);
        Ok(people.find(|person| person.email_status(email).is_some()).cloned())
    }

    async fn person(
        &self,
        account: &CrmAccount,
        id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        let mut inside = locked(&self.inside);
        let mut people = inside.account(account)?.people.iter().map(|(person, _)| person);
        Ok(people.find(|person| person.id == *id).cloned())
    }

    async fn enter(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError> {
        let mut inside = locked(&self.inside);
        inside.account(account)?;
        let trouble = (!inside.troubles.is_empty()).then(|| inside.troubles.remove(0));
        if let Some(ListTrouble::Refused(kind)) = trouble {
            return Err(ProviderError::new("contact list", kind));
        }
        inside.counted += 1;
        let id = CrmPersonId(format!("person-{}", inside.counted));
        let account = inside.accounts.entry(account.name()).or_default();
        let is_it = |(known, made): &(CrmForm, u32)| form.0 == format!("{}/{made}", known.identifier);
        if !account.forms.iter().any(is_it) {
            return Err(rejected());
        }
        let id = account.take(id, entry);
        let (form, person, entry) = (form.clone(), id.clone(), entry.clone());
        account.entered.push(Entered { form, person, entry, at: self.clock.now() });
        match trouble {
            Some(_) => Err(ProviderError::new("contact list", ProviderErrorKind::Unreachable)),
            None => Ok(id),
        }
    }

    async fn was_entered(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        person: &CrmPersonId,
        since: DateTime<Utc>,
    ) -> Result<bool, ProviderError> {
        let mut inside = locked(&self.inside);
        let entered = &inside.account(account)?.entered;
        Ok(entered.iter().any(|it| it.form == *form && it.person == *person && it.at >= since))
    }

    async fn set_phone(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        phone: &Phone,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        let mut inside = locked(&self.inside);
        let people = &mut inside.account(account)?.people;
        let (person, _) = people.iter_mut().find(|(it, _)| it.id == *person).ok_or_else(rejected)?;
        person.phones.retain(|(known, _)| known != phone);
        person.phones.push((phone.clone(), status));
        Ok(())
    }

    async fn set_email(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        email: &str,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        let email = email.trim().to_lowercase();
        let mut inside = locked(&self.inside);
        let people = &mut inside.account(account)?.people;
        let (person, _) = people.iter_mut().find(|(it, _)| it.id == *person).ok_or_else(rejected)?;
        let its = person.emails.iter_mut().find(|(known, _)| *known == email).ok_or_else(rejected)?;
        its.1 = status;
        Ok(())
    }
}
