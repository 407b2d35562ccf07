//! What a vendor who sends our mail reports of it.

use chrono::{DateTime, Utc};

use super::{AddressKey, SuppressionReason, SuppressionSource, suppress};
use crate::{app::App, ports::store::StoreError};

/// That an address is not to be mailed any more. No `Debug`, as it holds the address.
#[derive(Clone, PartialEq, Eq)]
pub struct MailReport {
    /// The address.
    pub address: String,
    /// What is the matter with it.
    pub reason: SuppressionReason,
    /// When that happened.
    pub at: DateTime<Utc>,
}

/// Notes what a vendor reports, all of it or nothing. Says how much of it is news: a report that comes twice, or later
/// than one that is newer, is none.
///
/// # Errors
/// When the store fails, or has no such list.
pub async fn take_reports(app: &App, reports: &[MailReport]) -> Result<usize, StoreError> {
    let mut keyed: Vec<(AddressKey, &MailReport)> =
        reports.iter().map(|report| (AddressKey::of(app, &report.address), report)).collect();
    // in one order, so that two who note the same addresses at once do not wait for each other
    keyed.sort_by_key(|(address, report)| (*address, report.reason, report.at));
    if keyed.is_empty() {
        return Ok(0);
    }
    let mut unit = app.store.begin().await?;
    let mut news = 0;
    for (address, MailReport { reason, at, .. }) in keyed {
        let source = SuppressionSource::Vendor;
        news += usize::from(suppress(app, unit.as_mut(), address, *reason, source, *at).await?);
    }
    unit.commit().await?;
    Ok(news)
}
