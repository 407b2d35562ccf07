//! Movers: people who told another organization that they moved, who sold or gave us their new and old address
//! (`flows.md` 17).
//!
//! They are nobody's voters yet, and asked us for nothing. Who moved to another state and rents gets one letter with two
//! blank registration forms, and three mails about it.

use chrono::{DateTime, Utc};

use crate::{
    address::Address,
    decision::Rule,
    ids::{ActionId, FileId, MoverLeadId, RegionId},
};

/// Somebody who moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoverLead {
    /// Its id.
    pub id: MoverLeadId,
    /// When the source heard of it. With the e-mail address it says whether two leads are the same; nothing only in rows
    /// of the Django service.
    pub source_created_at: Option<DateTime<Utc>>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The e-mail address; nothing only in rows of the Django service.
    pub email: Option<String>,
    /// When they moved or are going to.
    pub move_date: Option<DateTime<Utc>>,
    /// Where to.
    pub new: Home,
    /// Where from.
    pub old: Home,
    /// What the contact list calls them, once they are in it.
    pub crm_person: Option<String>,
    /// The action of the letter with blank forms, once there is one.
    pub action: Option<ActionId>,
    /// The letter's pages.
    pub file: Option<FileId>,
    /// When it was asked which regions the two addresses are in, whatever the answer.
    pub located_at: Option<DateTime<Utc>>,
    /// Why they get no letter and are not put onto the contact list: they said no.
    pub left_alone: Option<Rule>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// Where somebody lives or lived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// The address, with the first five digits of the ZIP code.
    pub address: Address,
    /// The other four.
    pub zipcode_plus4: Option<String>,
    /// Whether it is rented or owned, in the source's word: `rent`.
    pub tenure: Option<String>,
    /// The region of its election office, once it was matched.
    pub region: Option<RegionId>,
}

impl MoverLead {
    /// The whole name, as it stands on an envelope.
    #[must_use]
    pub fn full_name(&self) -> String {
        let parts =
            [&self.first_name, &self.last_name].map(|part| part.as_deref().unwrap_or_default().trim());
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Whether it is known that they moved to another state; nothing where a state is not known.
    #[must_use]
    pub fn crossed_states(&self) -> Option<bool> {
        Some(self.new.address.state? != self.old.address.state?)
    }

    /// Whether it is known that another election office is theirs; nothing where a region is not known.
    #[must_use]
    pub fn crossed_regions(&self) -> Option<bool> {
        Some(self.new.region? != self.old.region?)
    }
}
