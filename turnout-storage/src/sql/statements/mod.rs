//! The texts of the statements, by room, with `$1` placeholders, which every database here understands.

/// Names each statement of a room, and lists them all for the test that prepares every one.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)*

        /// Every statement of this room, by name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name),)*];
    };
}

pub mod actions;
pub mod elections;
pub mod files;
pub mod jobs;
pub mod officials;
pub mod registrations;
pub mod subscribers;
