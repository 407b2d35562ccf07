//! The rooms: which statement a call runs, with which values. Once for every database.

mod actions;
mod elections;
mod files;
mod jobs;
mod office_lists;
mod officials;
mod registrations;
mod search;
mod subscribers;
mod switches;
mod uploads;
