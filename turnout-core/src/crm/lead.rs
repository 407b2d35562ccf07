//! People who moved (`flows.md` 17.3): nobody's voters yet, on the list of the organization that runs the service.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    forms,
    person::{Word, word_of_email},
    sync,
};
use crate::{
    address::Address,
    app::App,
    jobs::JobError,
    person::PersonName,
    ports::crm::{CrmAccount, CrmEntry, CrmPersonId, ListStatus, Referral},
};

/// Everything that a list is told of somebody who moved. No `Debug`: it is about a person.
#[derive(Clone, PartialEq)]
pub struct CrmLead {
    /// Who told us: `MOVER_SOURCE`. Part of the form's name.
    pub source: String,
    /// The name.
    pub name: PersonName,
    /// The e-mail address.
    pub email: Option<String>,
    /// Where the person lives now.
    pub address: Address,
    /// What else is said of the person, under the list's own names.
    pub fields: BTreeMap<String, Value>,
}

/// Puts somebody who moved on the list of the organization that runs the service, and says what the list calls the person;
/// nobody where there is no list, or no address to find the person by. Twice is once. Whoever asked us or the list for no
/// more mails is on it as such.
///
/// # Errors
/// [`JobError::Retry`] for what may pass, which the person may be on the list after; [`JobError::GiveUp`] when the list does
/// not take the person.
pub async fn push_lead(app: &App, lead: CrmLead) -> Result<Option<CrmPersonId>, JobError> {
    let account = CrmAccount::Service;
    let email = lead.email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
    let Some(email) = email.filter(|_| app.crm.has(&account)) else { return Ok(None) };
    let mut view = app.store.view().await?;
    let word = word_of_email(app, view.as_mut(), &email, None).await?;
    drop(view);
    let entry = CrmEntry {
        name: lead.name,
        email_status: (word == Word::No).then_some(ListStatus::Unsubscribed),
        email: Some(email),
        address: lead.address,
        referral: Referral { source: Some(lead.source.clone()), ..Referral::default() },
        fields: lead.fields,
        ..CrmEntry::default()
    };
    let form = forms::of_leads(app, &lead.source);
    sync::enter(app, &account, &form, &entry).await.map(Some).map_err(JobError::though_unread)
}
