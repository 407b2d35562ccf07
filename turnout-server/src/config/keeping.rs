//! How long records are kept.

use turnout_core::retention::{Kind, RetentionSettings};

use super::reader::Reader;

/// Reads `KEEP_…_DAYS` of every kind.
pub(super) fn read(reader: &mut Reader<'_>, settings: &mut RetentionSettings) {
    settings.days.clear();
    for kind in Kind::ALL {
        let Some(days) = reader.optional_number(kind.variable(), 365).filter(|days| *days > 0) else {
            continue;
        };
        if days < kind.fewest_days() {
            let wrong = format!("must be at least {}, or 0 for never", kind.fewest_days());
            reader.complaints.wrong(kind.variable(), &wrong, "365");
        }
        settings.days.insert(kind, days);
    }
}
