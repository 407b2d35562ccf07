//! The records that pages show: those of the subscriber `votenow`, and what belongs to nobody. A page whose path names a
//! record gets one here.

use chrono::{DateTime, Utc};
use turnout_core::ports::store::Unit;

use super::{operation_rows, own_rows, staff_rows};

/// The id of no record.
pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-00000000ffff";

/// Puts all of them.
pub(super) async fn put(unit: &mut dyn Unit, now: DateTime<Utc>) {
    own_rows::put(unit, now).await;
    staff_rows::put(unit, now).await;
    operation_rows::put(unit, now).await;
}
