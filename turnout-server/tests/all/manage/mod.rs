//! The management site from outside: who sees what, forms that are ours, and the ways in.
//!
//! `site.rs` is a server with people of every role, `browser.rs` somebody who keeps cookies and fills in forms. A new page
//! needs one line in `PAGES` of `reach.rs`, and, where its path names a record, that record in `rows.rs`; every role asks
//! for it then, and the walk through a real browser (`walk.rs`) finds it by its links.

mod addresses;
mod blasts;
pub(crate) mod browser;
mod elections;
mod factors;
mod forms;
mod leads;
mod offices;
mod operation_rows;
mod operations;
mod own_pages;
mod own_rows;
mod profile;
mod put_right;
mod reach;
mod records;
mod register;
mod rows;
mod sign_in;
pub(crate) mod site;
#[cfg(feature = "embedded")]
mod staff;
mod staff_rows;
#[cfg(feature = "embedded")]
mod walk;
mod webhooks;
