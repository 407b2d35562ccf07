//! `/manage/operations/…`: what keeps the service going. For superusers.
//!
//! One file for each page of the menu. What a row of a table says as a whole is shown by its record page
//! ([`records`](super::records)).

pub(super) mod blasts;
pub(super) mod changes;
pub(super) mod forms;
pub(super) mod jobs;
pub(super) mod switches;
