//! What administrators know better: how the office of a region is reached, and where its voters ask for a ballot online
//! (`flows.md` 22.1, `domain.md` 5.2, 2026-11). Each change is noted with what it was before; that is its history.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    ContactOverride, RegionLink, SubmissionType,
    dashboard::{EMAIL_ALLOWED, FAX_ALLOWED},
    esign::{EsignRules, esign_method, is_allowed},
};
use crate::{
    address::State,
    app::App,
    change::Change,
    election::edit::web_address,
    ids::{ChangeId, RegionId, UserId},
    official::{Contact, Purpose, Region},
    person::{LONGEST_EMAIL, Phone, is_email},
    ports::store::{StoreError, Unit, View, unless_absent},
    problems::{Problem, Problems},
};

/// What is known better about an office, as the log of changes calls it.
pub const OVERRIDE_KIND: &str = "leo_contact_override";
/// The page of a region, as the log of changes calls it.
pub const LINK_KIND: &str = "region_ovbm_link";

/// The most characters of notes, and of an address of the web.
const LONGEST_NOTES: usize = 10_000;
const LONGEST_URL: usize = 200;

/// The ways that an administrator can choose. That a mail house prints is none (quirk Q94).
const METHODS: [SubmissionType; 3] =
    [SubmissionType::LeoEmail, SubmissionType::LeoFax, SubmissionType::SelfPrint];

/// An override as an administrator typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverrideInput {
    /// The one way; empty leaves it to the state's rules.
    pub method: String,
    /// E-mail address.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Fax.
    pub fax: String,
    /// Remarks.
    pub notes: String,
}

impl From<&ContactOverride> for OverrideInput {
    fn from(known: &ContactOverride) -> Self {
        let number = |phone: &Option<Phone>| phone.as_ref().map(|it| it.national()).unwrap_or_default();
        Self {
            method: known.method.map(|it| it.wire().to_owned()).unwrap_or_default(),
            email: known.email.clone().unwrap_or_default(),
            phone: number(&known.phone),
            fax: number(&known.fax),
            notes: known.notes.clone().unwrap_or_default(),
        }
    }
}

/// Why a way cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The state does not take requests that way.
    NotPermitted,
    /// Nothing is known of how the office is reached that way.
    NoContact,
}

impl Refusal {
    /// In words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NotPermitted => "not permitted by the state",
            Self::NoContact => "no contact is known",
        }
    }
}

/// Everything that an administrator sees of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionSheet {
    /// The region.
    pub region: Region,
    /// What is known better.
    pub known: Option<ContactOverride>,
    /// How the supplier says that its office is reached.
    pub office: Contact,
    /// What its state takes.
    pub rules: EsignRules,
    /// Its own page.
    pub link: Option<RegionLink>,
}

impl RegionSheet {
    /// How the office is reached, all in all.
    #[must_use]
    pub fn contact(&self) -> Contact {
        let mut contact = self.office.clone();
        if let Some(known) = &self.known {
            known.write_over(&mut contact);
        }
        contact
    }

    /// Which way requests go there.
    #[must_use]
    pub fn method(&self) -> SubmissionType {
        esign_method(self.rules, &self.contact(), self.known.as_ref().and_then(|it| it.method))
    }

    /// The ways, and why some of them cannot be chosen.
    #[must_use]
    pub fn options(&self) -> [(SubmissionType, Option<Refusal>); 3] {
        let contact = self.contact();
        METHODS.map(|method| (method, refusal(self.rules, &contact, method)))
    }
}

fn refusal(rules: EsignRules, contact: &Contact, method: SubmissionType) -> Option<Refusal> {
    let (is_allowed, is_known) = match method {
        SubmissionType::LeoEmail => (rules.email_allowed, contact.email.is_some()),
        SubmissionType::LeoFax => (rules.fax_allowed, contact.fax.is_some()),
        SubmissionType::SelfPrint => return None,
        SubmissionType::PrintAndForward => (false, false),
    };
    match (is_allowed, is_known) {
        (false, _) => Some(Refusal::NotPermitted),
        (true, false) => Some(Refusal::NoContact),
        (true, true) => None,
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OverrideError {
    /// There is no such region, or nothing of the kind.
    #[error("there is no such region")]
    NotFound,
    /// It cannot be like that.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads everything about a region.
///
/// # Errors
/// When the store fails.
pub async fn region_sheet(view: &mut dyn View, id: RegionId) -> Result<Option<RegionSheet>, StoreError> {
    let Some(region) = view.officials().region(id).await? else { return Ok(None) };
    let (mut email_allowed, mut fax_allowed) = (false, false);
    if let Some(state) = region.state {
        email_allowed = is_allowed(view, state, EMAIL_ALLOWED).await?;
        fax_allowed = is_allowed(view, state, FAX_ALLOWED).await?;
    }
    Ok(Some(RegionSheet {
        known: unless_absent(view.ballot_requests().contact_override(region.id).await)?,
        office: Contact::of(&view.officials().offices(region.id).await?, Purpose::BallotRequest),
        rules: EsignRules { enabled: true, email_allowed, fax_allowed },
        link: unless_absent(view.ballot_requests().region_link(region.id).await)?,
        region,
    }))
}

/// What an override says; this is what its history keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptOverride {
    submission_method: Option<SubmissionType>,
    email: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    notes: Option<String>,
}

impl KeptOverride {
    fn of(known: &ContactOverride) -> Self {
        let number = |phone: &Option<Phone>| phone.as_ref().map(|it| it.e164().to_owned());
        Self {
            submission_method: known.method,
            email: known.email.clone(),
            phone: number(&known.phone),
            fax: number(&known.fax),
            notes: known.notes.clone(),
        }
    }

    fn json(&self) -> Value {
        serde_json::to_value(self).expect("texts are JSON")
    }
}

/// Reads what an administrator typed of a region.
fn check(sheet: &RegionSheet, input: &OverrideInput) -> Result<KeptOverride, Problems> {
    let mut problems = Problems::new();
    let email = given(&input.email);
    if let Some(email) = &email {
        if email.chars().count() > LONGEST_EMAIL {
            problems.add("email", Problem::TooLong(LONGEST_EMAIL));
        } else if !is_email(email) {
            problems.add("email", Problem::Email);
        }
    }
    let mut number = |name: &str, text: &str| {
        let text = given(text)?;
        let phone = Phone::parse(&text);
        if phone.is_none() {
            problems.add(name, Problem::Phone);
        }
        phone
    };
    let (phone, fax) = (number("phone", &input.phone), number("fax", &input.fax));
    let notes = given(&input.notes.replace("\r\n", "\n"));
    if notes.as_ref().is_some_and(|notes| notes.chars().count() > LONGEST_NOTES) {
        problems.add("notes", Problem::TooLong(LONGEST_NOTES));
    }
    if [&email, &notes].into_iter().flatten().any(|text| text.contains('\0')) {
        problems.add("notes", Problem::NullCharacters);
    }
    let mut contact = sheet.office.clone();
    contact.email = email.clone().or(contact.email);
    contact.fax = fax.clone().or(contact.fax);
    let method = match given(&input.method) {
        None => None,
        Some(text) => match SubmissionType::parse(&text).filter(|it| METHODS.contains(it)) {
            None => {
                problems.add("method", Problem::NotAChoice(text));
                None
            }
            Some(method) => {
                if let Some(refusal) = refusal(sheet.rules, &contact, method) {
                    let text = format!("{}: {}.", method.label(), refusal.text());
                    problems.add("method", Problem::Other("problem-method", text));
                }
                Some(method)
            }
        },
    };
    problems.into_result()?;
    let number = |phone: Option<Phone>| phone.map(|it| it.e164().to_owned());
    Ok(KeptOverride { submission_method: method, email, phone: number(phone), fax: number(fax), notes })
}

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Notes what an administrator knows better about the office of a region. Says whether anything is different now.
///
/// # Errors
/// See [`OverrideError`].
pub async fn put_override(
    app: &App,
    by: UserId,
    region: RegionId,
    input: &OverrideInput,
) -> Result<bool, OverrideError> {
    let mut unit = app.store.begin().await?;
    let sheet = region_sheet(unit.as_mut(), region).await?.ok_or(OverrideError::NotFound)?;
    let kept = check(&sheet, input)?;
    let changed = write_override(app, unit.as_mut(), by, sheet.region.id, kept, None).await?;
    unit.commit().await?;
    Ok(changed)
}

async fn write_override(
    app: &App,
    unit: &mut dyn Unit,
    by: UserId,
    region: RegionId,
    kept: KeptOverride,
    act: Option<&str>,
) -> Result<bool, StoreError> {
    let before = unit.ballot_requests_mut().lock_contact_override(region).await?;
    let before = before.as_ref().map(KeptOverride::of);
    if before.as_ref() == Some(&kept) {
        return Ok(false);
    }
    let (now, number) = (app.now(), |text: &Option<String>| text.clone().map(Phone::from_stored));
    let known = ContactOverride {
        region,
        method: kept.submission_method,
        email: kept.email.clone(),
        phone: number(&kept.phone),
        fax: number(&kept.fax),
        notes: kept.notes.clone(),
        created_at: now,
        modified_at: now,
    };
    unit.ballot_requests_mut().put_contact_override(&known).await?;
    let act = act.unwrap_or(if before.is_none() { "created" } else { "changed" });
    let change = Change::new(app, Some(by), OVERRIDE_KIND, region, act);
    change.from_to(before.map(|it| it.json()), Some(kept.json())).write(unit).await?;
    Ok(true)
}

/// Forgets what an administrator knew better.
///
/// # Errors
/// [`OverrideError::NotFound`] when there was nothing.
pub async fn remove_override(app: &App, by: UserId, region: RegionId) -> Result<(), OverrideError> {
    let mut unit = app.store.begin().await?;
    let region = unit.officials().region(region).await?.ok_or(OverrideError::NotFound)?.id;
    let known = unit.ballot_requests_mut().lock_contact_override(region).await?;
    let known = known.ok_or(OverrideError::NotFound)?;
    unit.ballot_requests_mut().remove_contact_override(region).await?;
    let change = Change::new(app, Some(by), OVERRIDE_KIND, region, "deleted");
    change.from_to(Some(KeptOverride::of(&known).json()), None).write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

/// The change, if it is one of this kind about this region that had something before it.
async fn before(
    unit: &mut dyn Unit,
    kind: &str,
    region: RegionId,
    change: ChangeId,
) -> Result<Value, OverrideError> {
    let found = unit.changes().by_id(change).await?;
    let found = found.filter(|it| it.kind == kind && it.subject == region.to_string());
    found.and_then(|it| it.before).ok_or(OverrideError::NotFound)
}

/// Has an override say again what it said before a change.
///
/// # Errors
/// [`OverrideError::Wrong`] when the way it names cannot be chosen any more; see [`OverrideError`].
pub async fn restore_override(
    app: &App,
    by: UserId,
    region: RegionId,
    change: ChangeId,
) -> Result<bool, OverrideError> {
    let mut unit = app.store.begin().await?;
    let sheet = region_sheet(unit.as_mut(), region).await?.ok_or(OverrideError::NotFound)?;
    let before = before(unit.as_mut(), OVERRIDE_KIND, sheet.region.id, change).await?;
    let kept: KeptOverride = serde_json::from_value(before).map_err(|_| OverrideError::NotFound)?;
    let input = OverrideInput {
        method: kept.submission_method.map(|it| it.wire().to_owned()).unwrap_or_default(),
        email: kept.email.unwrap_or_default(),
        phone: kept.phone.unwrap_or_default(),
        fax: kept.fax.unwrap_or_default(),
        notes: kept.notes.unwrap_or_default(),
    };
    let kept = check(&sheet, &input)?;
    let changed = write_override(app, unit.as_mut(), by, sheet.region.id, kept, Some("restored")).await?;
    unit.commit().await?;
    Ok(changed)
}

/// What a region's page says; this is what its history keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptLink {
    url: String,
}

/// Florida's pages are taken from a list each day, which would undo what somebody writes (`flows.md` 3.5).
#[must_use]
pub fn takes_links(region: &Region) -> bool {
    region.state.is_some_and(|state| state != State::Fl)
}

/// Notes where the voters of a region ask for a ballot. Says whether anything is different now.
///
/// # Errors
/// See [`OverrideError`]: no region of Florida, and an address of the web.
pub async fn put_link(app: &App, by: UserId, region: RegionId, url: &str) -> Result<bool, OverrideError> {
    let mut unit = app.store.begin().await?;
    let changed = write_link(app, unit.as_mut(), by, region, url, None).await?;
    unit.commit().await?;
    Ok(changed)
}

async fn write_link(
    app: &App,
    unit: &mut dyn Unit,
    by: UserId,
    region: RegionId,
    url: &str,
    act: Option<&str>,
) -> Result<bool, OverrideError> {
    let region = unit.officials().region(region).await?.ok_or(OverrideError::NotFound)?;
    let mut problems = Problems::new();
    if !takes_links(&region) {
        let text = "Pages of Florida's regions are taken from a list each day.";
        problems.add("region", Problem::Other("problem-region-florida", text.into()));
    }
    let url = url.trim();
    if url.is_empty() {
        problems.add("url", Problem::Required);
    } else if url.chars().count() > LONGEST_URL {
        problems.add("url", Problem::TooLong(LONGEST_URL));
    } else if web_address(url).is_none() {
        problems.add("url", Problem::Other("problem-url", "Enter a valid URL.".into()));
    }
    problems.into_result()?;
    let kept = |url: &str| serde_json::to_value(KeptLink { url: url.to_owned() }).expect("a text is JSON");
    let before = unit.ballot_requests_mut().lock_region_link(region.id).await?;
    if before.as_ref().is_some_and(|before| before.url == url) {
        return Ok(false);
    }
    let now = app.now();
    let link = RegionLink { region: region.id, url: url.to_owned(), created_at: now, modified_at: now };
    unit.ballot_requests_mut().put_region_link(&link).await?;
    let act = act.unwrap_or(if before.is_none() { "created" } else { "changed" });
    let change = Change::new(app, Some(by), LINK_KIND, region.id, act);
    change.from_to(before.map(|it| kept(&it.url)), Some(kept(url))).write(unit).await?;
    Ok(true)
}

/// Forgets a region's page.
///
/// # Errors
/// [`OverrideError::NotFound`] when there was none, or the region is one of Florida's.
pub async fn remove_link(app: &App, by: UserId, region: RegionId) -> Result<(), OverrideError> {
    let mut unit = app.store.begin().await?;
    let region = unit.officials().region(region).await?.filter(takes_links);
    let region = region.ok_or(OverrideError::NotFound)?.id;
    let link = unit.ballot_requests_mut().lock_region_link(region).await?.ok_or(OverrideError::NotFound)?;
    unit.ballot_requests_mut().remove_region_link(region).await?;
    let before = serde_json::to_value(KeptLink { url: link.url }).expect("a text is JSON");
    let change = Change::new(app, Some(by), LINK_KIND, region, "deleted");
    change.from_to(Some(before), None).write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

/// Has a region have the page again that it had before a change.
///
/// # Errors
/// See [`OverrideError`].
pub async fn restore_link(
    app: &App,
    by: UserId,
    region: RegionId,
    change: ChangeId,
) -> Result<bool, OverrideError> {
    let mut unit = app.store.begin().await?;
    let region = unit.officials().region(region).await?.ok_or(OverrideError::NotFound)?.id;
    let before = before(unit.as_mut(), LINK_KIND, region, change).await?;
    let kept: KeptLink = serde_json::from_value(before).map_err(|_| OverrideError::NotFound)?;
    let changed = write_link(app, unit.as_mut(), by, region, &kept.url, Some("restored")).await?;
    unit.commit().await?;
    Ok(changed)
}
