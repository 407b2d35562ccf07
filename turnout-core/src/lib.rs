//! The domain of Turnout: registrations, ballots, the rules about them, and the ports to the world.
//!
//! This crate opens no socket, reads no environment, knows no runtime, and asks nobody for the time. What it needs
//! of the world is listed in [`ports`]; everything else is rules.

pub mod absentee;
pub mod account;
pub mod action;
pub mod address;
pub mod api_key;
pub mod app;
pub mod asked;
pub mod back_office;
pub mod blast;
pub mod change;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod consent;
pub mod crash;
pub mod crm;
pub mod decision;
pub mod diff;
pub mod django;
pub mod election;
pub mod error;
pub mod fax;
pub mod file;
pub mod ids;
pub mod input;
pub mod jobs;
pub mod keyed_call;
pub mod language;
pub mod letter;
pub mod listing;
pub mod mail;
#[cfg(feature = "memory")]
pub mod memory;
pub mod mover;
pub mod official;
pub mod page;
pub mod person;
pub mod polling_place;
pub mod ports;
pub mod problems;
pub mod register;
pub mod reminder;
pub mod report;
pub mod retention;
pub mod sample_form;
pub mod search;
pub mod secret;
pub mod seed;
pub mod senders;
pub mod settings;
pub mod sms;
pub mod subject;
pub mod subscriber;
pub mod subscription;
pub mod suppression;
pub mod switch;
pub mod time;
pub mod tracking;
pub mod verifier;
pub mod voter;
pub mod webhook;
pub mod wording;

pub use app::App;
