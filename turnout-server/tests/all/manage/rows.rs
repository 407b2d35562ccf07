//! The records that pages show: those of the subscriber `votenow`, and what belongs to nobody. A page whose path names a
//! record gets one here.

use chrono::{DateTime, Utc};
use turnout_core::ports::store::Unit;

/// The id of no record.
pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-00000000ffff";

/// Puts all of them.
pub(super) async fn put(_unit: &mut dyn Unit, _now: DateTime<Utc>) {}
