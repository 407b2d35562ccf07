//! The texts of the statements, by room, with `$1` placeholders, which every database here understands.

/// One statement: the text that each database is given, mostly the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// Names each statement of a room, and lists them all for the test that prepares every one.
///
/// `NAME = "…";` is for every database, `NAME = "…", postgres "…";` for those that need different texts.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr $(, postgres $postgres:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: $crate::sql::statements::Text = $crate::sql::statements::Text {
                sqlite: $text,
                postgres: $crate::sql::statements::last!($text $(, $postgres)?),
            };
        )*

        /// Every statement of this room, by name.
        pub const ALL: &[(&str, $crate::sql::statements::Text)] = &[$((stringify!($name), $name),)*];
    };
}

/// The last of one or two.
macro_rules! last {
    ($first:expr) => {
        $first
    };
    ($first:expr, $second:expr) => {
        $second
    };
}
use last;

pub mod accounts;
pub mod actions;
pub mod api_keys;
pub mod ballot_requests;
pub mod blasts;
pub mod bulk;
pub mod changes;
pub mod consents;
pub mod contact_links;
pub mod edits;
pub mod elections;
pub mod esign;
pub mod faxes;
pub mod files;
pub mod jobs;
pub mod keyed_calls;
pub mod letters;
pub mod listings;
pub mod lookups;
pub mod mails;
pub mod messages;
pub mod movers;
pub mod office_lists;
pub mod officials;
pub mod polling_places;
pub mod records;
pub mod registrations;
pub mod reminders;
pub mod reports;
pub mod search;
pub mod sessions;
pub mod subjects;
pub mod subscribers;
pub mod subscriptions;
pub mod suppressions;
pub mod switches;
pub mod update_webhooks;
pub mod uploads;
#[cfg(feature = "postgres")]
pub mod views;
pub mod voters;
pub mod webhooks;
