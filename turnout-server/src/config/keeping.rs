//! How long records are kept.

use turnout_core::retention::{Kind, RetentionSettings};

use super::reader::Reader;

/// Reads `KEEP_…_DAYS` of every kind.
pub(super) fn read(reader: &mut Reader<'_>, settings: &mut RetentionSettings) {
    settings.days = Kind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, reader.optional_number(kind.variable(), 365)?)))
        .filter(|(_, days)| *days > 0)
        .collect();
}
