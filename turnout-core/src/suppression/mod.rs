//! E-mail addresses that are not mailed, with the reason: mail to them came back, somebody called it spam, or whoever
//! reads it asked for no more.
//!
//! The list holds no addresses. A row is found by an [`AddressKey`], which is made of an address under a key of ours, so that
//! whoever has the list alone cannot try addresses on it, and it may outlive the records it came from. It is one list for all subscribers, as it is one person
//! who reads the mail; no subscriber sees it. `report.rs` takes what a vendor reports, `unsubscribe.rs` is the link in
//! mails. [`reason_against`] is asked for every mail, and what it says is one of the things by which the room `decision`
//! decides.
//!
//! | | what was asked for ([`Purpose::Service`]) | anything else |
//! |---|---|---|
//! | mail came back for good | not sent | not sent |
//! | called spam | sent | not sent |
//! | asked for no more | sent | not sent |

mod report;
mod unsubscribe;

use std::fmt;

use chrono::{DateTime, Utc};
use hmac::Mac as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use report::{MailReport, take_reports};
pub use unsubscribe::{UnsubscribeLink, Unsubscribed, subscribe_again, unsubscribe, unsubscribe_url};

use crate::{
    app::App,
    crm,
    decision::Purpose,
    ids::{parse_small_uuid, small_uuid},
    person::demographics::choices,
    ports::store::{StoreError, Unit, View, unless_absent},
    secret::SecretKey,
};

/// What the key is for under which the list is kept.
const PURPOSE: &str = "turnout.suppression";

/// By what an e-mail address is found on the list: the first 16 bytes of HMAC-SHA256 over the address in lower case, under a
/// key that is for this list alone and outlives rotations where one is set that does (`API_KEY_PEPPER`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressKey(pub Uuid);

impl AddressKey {
    /// The key of an address. Case and blanks around it do not matter: nobody has two mailboxes that differ by them.
    #[must_use]
    pub fn of(app: &App, address: &str) -> Self {
        Self::under(&app.lasting_key(PURPOSE), address)
    }

    /// That key, and the one that the address had before the last rotation, if that changed it.
    pub(crate) fn all_of(app: &App, address: &str) -> Vec<Self> {
        let before = app.lasting_key_before(PURPOSE);
        let before = before.as_ref().map(|key| Self::under(key, address));
        std::iter::once(Self::of(app, address)).chain(before).collect()
    }

    fn under(key: &SecretKey, address: &str) -> Self {
        let mac = key.mac(address.trim().to_lowercase().as_bytes()).finalize().into_bytes();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&mac[..16]);
        Self(Uuid::from_bytes(bytes))
    }

    /// Reads the text form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_small_uuid(text).map(Self)
    }
}

/// 22 characters of URL-safe base64.
impl fmt::Display for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&small_uuid(self.0))
    }
}

choices! {
    /// Why an address is not mailed.
    SuppressionReason {
        Bounce = "bounce", "Mail came back";
        Complaint = "complaint", "Called spam";
        Unsubscribe = "unsubscribe", "Asked for no more";
    }
    /// Who said so.
    SuppressionSource {
        Vendor = "vendor", "The vendor who sends";
        Reader = "reader", "Whoever reads the mail";
        Operator = "operator", "An operator";
    }
}

impl SuppressionReason {
    /// Whether it stands against a mail of that purpose.
    #[must_use]
    pub fn stands_against(self, purpose: Purpose) -> bool {
        match self {
            Self::Bounce => true,
            Self::Complaint | Self::Unsubscribe => purpose != Purpose::Service,
        }
    }
}

/// That an address is not mailed, or was not, for one reason. An address has one row for each reason at the most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Of which address.
    pub address: AddressKey,
    /// Why.
    pub reason: SuppressionReason,
    /// Who said so.
    pub source: SuppressionSource,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Since when it counts no more.
    pub lifted_at: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl Suppression {
    /// Notes that it was said again at that moment. Nothing changes while it counts, nor when it was lifted since: what is
    /// told twice, late or by somebody who plays an old report again undoes nothing.
    fn say_again(&mut self, source: SuppressionSource, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let news = self.lifted_at.is_some_and(|lifted| lifted < at);
        if news {
            (self.since, self.source, self.lifted_at, self.modified_at) = (at, source, None, now);
        }
        news
    }

    /// Notes that it counts no more from that moment on. Says whether it did until now.
    fn lift(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let news = self.lifted_at.is_none();
        if news {
            (self.lifted_at, self.modified_at) = (Some(at.max(self.since)), now);
        }
        news
    }
}

/// Why an address is not mailed for that purpose, if it is not.
///
/// # Errors
/// When the store fails. A store without such a list has nobody on it.
pub async fn reason_against(
    app: &App,
    view: &mut dyn View,
    address: &str,
    purpose: Purpose,
) -> Result<Option<SuppressionReason>, StoreError> {
    let rows = rows_of(app, view, address).await?;
    let standing = rows.iter().filter(|row| row.lifted_at.is_none() && row.reason.stands_against(purpose));
    Ok(standing.map(|row| row.reason).min())
}

async fn rows_of(app: &App, view: &mut dyn View, address: &str) -> Result<Vec<Suppression>, StoreError> {
    let mut rows = Vec::new();
    for key in AddressKey::all_of(app, address) {
        rows.extend(unless_absent(view.suppressions().of(key).await)?);
    }
    Ok(rows)
}

/// Notes that an address is not to be mailed, said at that moment by `source`. Says whether that is news; then contact lists
/// that have the address hear of it soon.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn suppress(
    app: &App,
    unit: &mut dyn Unit,
    address: AddressKey,
    reason: SuppressionReason,
    source: SuppressionSource,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let now = app.now();
    let at = at.min(now);
    let fresh = Suppression {
        address,
        reason,
        source,
        since: at,
        lifted_at: None,
        created_at: now,
        modified_at: now,
    };
    let known = unit.suppressions_mut().lock(address, reason).await?;
    let news = match known {
        None => {
            unit.suppressions_mut().lock_or_insert(&fresh).await?;
            true
        }
        Some(mut row) => {
            let news = row.say_again(source, at, now);
            if news {
                unit.suppressions_mut().update(&row).await?;
            }
            news
        }
    };
    if news {
        crm::jobs::follow_address(app, unit, address, reason).await?;
    }
    Ok(news)
}

/// Takes an address off the list, for one reason or for all. Gives the reasons that counted until now.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn lift_address(
    app: &App,
    address: &str,
    reason: Option<SuppressionReason>,
) -> Result<Vec<SuppressionReason>, StoreError> {
    let mut lifted = Vec::new();
    for key in AddressKey::all_of(app, address) {
        lifted.extend(lift(app, key, reason).await?);
    }
    Ok(lifted)
}

/// The same of an address that is known by its key.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn lift(
    app: &App,
    address: AddressKey,
    reason: Option<SuppressionReason>,
) -> Result<Vec<SuppressionReason>, StoreError> {
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let mut lifted = Vec::new();
    for one in SuppressionReason::ALL.iter().filter(|one| reason.is_none_or(|only| only == **one)) {
        let Some(mut row) = unit.suppressions_mut().lock(address, *one).await? else { continue };
        if row.lift(now, now) {
            unit.suppressions_mut().update(&row).await?;
            lifted.push(*one);
        }
    }
    unit.commit().await?;
    Ok(lifted)
}

/// All that is noted of an address.
///
/// # Errors
/// When the store fails.
pub async fn noted(app: &App, address: &str) -> Result<Vec<Suppression>, StoreError> {
    let mut view = app.store.view().await?;
    rows_of(app, view.as_mut(), address).await
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn an_address_has_one_key_however_it_is_written_and_another_one_another() {
        let list = SecretKey::of_purpose(b"pepper", PURPOSE);
        let key = AddressKey::under(&list, "Ann.Lee+vote@Example.org");
        assert_eq!(AddressKey::under(&list, " ann.lee+vote@example.ORG\n"), key);
        assert_ne!(AddressKey::under(&list, "annlee+vote@example.org"), key);
        assert_ne!(
            AddressKey::under(&SecretKey::of_purpose(b"other", PURPOSE), "ann.lee+vote@example.org"),
            key
        );
        assert_eq!(AddressKey::parse(&key.to_string()), Some(key));
        assert_eq!(key.to_string().len(), 22);
        // never another one, as the list would be void
        assert_eq!(
            AddressKey::under(&list, "ann@example.org").0.simple().to_string(),
            "87ba183d9bd40614272d73c2a17f4877"
        );
    }

    #[test]
    fn only_a_bounce_stands_against_what_was_asked_for() {
        for reason in SuppressionReason::ALL {
            for purpose in Purpose::ALL {
                let stands = *reason == SuppressionReason::Bounce || *purpose != Purpose::Service;
                assert_eq!(reason.stands_against(*purpose), stands, "{reason:?} {purpose:?}");
            }
        }
    }

    #[test]
    fn what_was_lifted_comes_back_by_something_newer_only() {
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let mut row = Suppression {
            address: AddressKey(Uuid::from_u128(1)),
            reason: SuppressionReason::Bounce,
            source: SuppressionSource::Vendor,
            since: at(10),
            lifted_at: None,
            created_at: at(11),
            modified_at: at(11),
        };
        assert!(!row.say_again(SuppressionSource::Vendor, at(12), at(13)), "it counts already");
        assert_eq!((row.since, row.modified_at), (at(10), at(11)));
        assert!(row.lift(at(20), at(20)));
        assert!(!row.lift(at(21), at(21)));
        for old in [at(5), at(10), at(20)] {
            assert!(!row.say_again(SuppressionSource::Vendor, old, at(22)), "{old}");
        }
        assert_eq!(row.lifted_at, Some(at(20)));
        assert!(row.say_again(SuppressionSource::Operator, at(21), at(23)));
        assert_eq!((row.since, row.lifted_at, row.source), (at(21), None, SuppressionSource::Operator));
    }
}
