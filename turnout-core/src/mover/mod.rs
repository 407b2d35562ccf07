//! Movers: people who told another organization that they moved, who sold or gave us their new and old address
//! (`flows.md` 17).
//!
//! They are nobody's voters yet, and asked us for nothing. `draft.rs` is a lead as somebody else wrote it, `import.rs` takes
//! leads in, `law.rs` is who gets a letter, `blank_forms.rs` the letter with two blank registration forms, `notify.rs` the
//! mails about it, `push.rs` puts them onto the contact list, `jobs.rs` what happens when. Who knows of people that moved is behind
//! [`MoverSource`](crate::ports::movers::MoverSource).

mod blank_forms;
mod draft;
mod import;
pub mod jobs;
mod law;
mod notify;
mod push;

use chrono::{DateTime, Utc};

pub use blank_forms::{CoverGap, cover, sample_cover};
pub use draft::{LEAD_FIELDS, LeadComplaint, LeadDraft};
pub use import::{PullError, TakenIn, pull, take_in};
pub use law::{LETTERS, LetterRule, RENTED, cover_points, since};

use crate::{
    address::Address,
    app::App,
    consent::marks_of,
    decision::{Channel, Decision, Place, Purpose, Recipient, Rule, Whereabouts, decide},
    ids::{ActionId, FileId, MoverLeadId, RegionId},
    ports::store::StoreError,
    suppression::{SuppressionReason, noted},
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

/// What is decided about writing to somebody who moved, and asked for nothing: whoever said no to our mail, or called it
/// spam, gets no letter either and is put onto no list. An address that takes no mail is no such word.
///
/// # Errors
/// When the store fails.
pub(crate) async fn decided(app: &App, lead: &MoverLead, channel: Channel) -> Result<Decision, StoreError> {
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), &Place::of(&lead.new.address));
    let mut recipient = Recipient::at(whereabouts);
    if let Some(email) = &lead.email {
        let mut view = app.store.view().await?;
        recipient.consent = marks_of(view.as_mut(), Channel::Email, email).await?;
        drop(view);
        let noted = noted(app, email).await?;
        let said_no = noted.iter().filter(|it| it.reason != SuppressionReason::Bounce);
        recipient.is_suppressed = said_no.filter(|it| it.lifted_at.is_none()).count() > 0;
    }
    let decision = decide(&recipient, channel, Purpose::Campaign, app.now());
    app.measures.decided(channel, Purpose::Campaign, decision);
    Ok(decision)
}

/// What is decided about a letter to somebody who moved, right before it is handed over.
///
/// # Errors
/// When the store fails.
pub(crate) async fn decided_letter(app: &App, lead: MoverLeadId) -> Result<Decision, StoreError> {
    let mut view = app.store.view().await?;
    let found = view.movers().by_id(lead).await?;
    drop(view);
    match found {
        Some(lead) => decided(app, &lead, Channel::Letter).await,
        // whoever is gone gets nothing
        None => Ok(Decision::Refuse(Rule::Stopped)),
    }
}

/// Leaves a lead alone, for good.
///
/// # Errors
/// When the store fails.
async fn leave_alone(app: &App, id: MoverLeadId, rule: Rule) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    if let Some(mut lead) = unit.movers_mut().lock(id).await? {
        (lead.left_alone, lead.modified_at) = (Some(rule), app.now());
        unit.movers_mut().update(&lead).await?;
        unit.commit().await?;
    }
    Ok(())
}
