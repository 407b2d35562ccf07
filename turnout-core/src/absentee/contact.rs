//! How the office of a region is reached about ballot requests, and what is said of that here (`flows.md` 3.3).

use chrono::{DateTime, Utc};

use super::SubmissionType;
use crate::{
    ids::RegionId,
    official::{Contact, Purpose},
    person::Phone,
    ports::store::{StoreError, View, unless_absent},
};

/// What an administrator knows better than the data supplier about a region's office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactOverride {
    /// The region.
    pub region: RegionId,
    /// The one way in which requests signed online go there; nothing leaves it to the state's rules.
    pub method: Option<SubmissionType>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Fax.
    pub fax: Option<Phone>,
    /// Remarks.
    pub notes: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl ContactOverride {
    /// Writes what is known better over a contact. An empty text is nothing (quirk Q93).
    pub fn write_over(&self, contact: &mut Contact) {
        let email = self.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        let number = |phone: &Option<Phone>| phone.clone().filter(|phone| !phone.e164().is_empty());
        if let Some(email) = email {
            contact.email = Some(email.to_owned());
        }
        contact.phone = number(&self.phone).or(contact.phone.take());
        contact.fax = number(&self.fax).or(contact.fax.take());
    }
}

/// Where the voters of a region ask for a ballot online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionLink {
    /// The region.
    pub region: RegionId,
    /// The page.
    pub url: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// How an office is reached, and by which way alone when an administrator said so.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfficeContact {
    /// E-mail address, telephone, fax and postal address.
    pub contact: Contact,
    /// The one way.
    pub method: Option<SubmissionType>,
}

/// Reads how the office of a region is reached.
///
/// # Errors
/// When the store fails.
pub async fn office_contact(view: &mut dyn View, region: RegionId) -> Result<OfficeContact, StoreError> {
    let mut contact = Contact::of(&view.officials().offices(region).await?, Purpose::BallotRequest);
    // another may have taken its place
    let region = view.officials().region(region).await?.map_or(region, |it| it.id);
    let known_better = unless_absent(view.ballot_requests().contact_override(region).await)?;
    if let Some(it) = &known_better {
        it.write_over(&mut contact);
    }
    Ok(OfficeContact { contact, method: known_better.and_then(|it| it.method) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_administrator_knows_better_counts_each_for_itself() {
        let moment = DateTime::UNIX_EPOCH;
        let phone = |text: &str| Some(Phone::from_stored(text.into()));
        let mut contact = Contact {
            address: None,
            email: Some("office@example.org".into()),
            phone: phone("+16175557890"),
            fax: None,
        };
        let known = ContactOverride {
            region: RegionId(1),
            method: None,
            email: Some(" ".into()),
            phone: phone(""),
            fax: phone("+16175557891"),
            notes: None,
            created_at: moment,
            modified_at: moment,
        };
        known.write_over(&mut contact);
        assert_eq!(contact.email.as_deref(), Some("office@example.org"));
        assert_eq!((contact.phone, contact.fax), (phone("+16175557890"), phone("+16175557891")));
        let mut nobody = Contact::default();
        ContactOverride { email: Some("clerk@example.org".into()), ..known }.write_over(&mut nobody);
        assert_eq!(nobody.email.as_deref(), Some("clerk@example.org"));
    }
}
