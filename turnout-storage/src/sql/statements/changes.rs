//! Who did what.

macro_rules! columns {
    () => {
        "uuid, at, by_id, subscriber_id, kind, subject, act, comment, before, after"
    };
}

pub(crate) const COLUMNS: &str = columns!();

/// A page of those that fit all that is given, newest first; `$first` is what they are found by. The first two values are the
/// moment and the id before which they are, then how many, then who, to whose, to what kind and to which of them, each null
/// where it does not matter.
macro_rules! page {
    ($first:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM change_entry WHERE ",
            $first,
            "(at, uuid) < ($1, $2) \
             AND (by_id = $4 OR $4 IS NULL) AND (subscriber_id = $5 OR $5 IS NULL) \
             AND (kind = $6 OR $6 IS NULL) AND (subject = $7 OR $7 IS NULL) \
             ORDER BY at DESC, uuid DESC LIMIT $3"
        )
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM change_entry WHERE uuid = $1");
    PAGE = page!("");
    PAGE_OF_SUBJECT = page!("kind = $6 AND subject = $7 AND ");
    PAGE_OF_KIND = page!("kind = $6 AND ");
    PAGE_BY = page!("by_id = $4 AND ");
    PAGE_OF_SUBSCRIBER = page!("subscriber_id = $5 AND ");
    INSERT = concat!(
        "INSERT INTO change_entry (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
}
