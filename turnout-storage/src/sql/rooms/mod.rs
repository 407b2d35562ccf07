//! The rooms: which statement a call runs, with which values. Once for every database.

mod actions;
mod api_keys;
mod ballot_requests;
mod blasts;
mod bulk;
mod consents;
mod elections;
mod faxes;
mod files;
mod jobs;
mod keyed_calls;
mod letters;
mod lookups;
mod mails;
mod messages;
mod office_lists;
mod officials;
mod polling_places;
mod registrations;
mod reminders;
mod search;
mod subscribers;
mod suppressions;
mod switches;
mod uploads;
mod voters;
