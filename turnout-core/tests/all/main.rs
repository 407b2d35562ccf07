//! What the domain promises, seen from outside the crate. Most of it needs the feature `memory`.

#![cfg_attr(feature = "memory", expect(clippy::unwrap_used, reason = "what fails here fails the test"))]

mod facts;
mod ports;
mod wording;

#[cfg(feature = "conformance")]
mod accounts;
#[cfg(feature = "conformance")]
mod blasts;
#[cfg(feature = "memory")]
mod consent;
#[cfg(feature = "conformance")]
mod contacts;
#[cfg(feature = "memory")]
mod conversation;
#[cfg(feature = "memory")]
mod django;
#[cfg(feature = "memory")]
mod donations;
#[cfg(feature = "conformance")]
mod election_edits;
#[cfg(feature = "memory")]
mod events;
#[cfg(feature = "conformance")]
mod exports;
#[cfg(feature = "memory")]
mod files;
#[cfg(feature = "memory")]
mod florida_links;
#[cfg(feature = "memory")]
mod jobs;
#[cfg(feature = "memory")]
mod languages;
#[cfg(feature = "conformance")]
mod leads;
#[cfg(feature = "memory")]
mod letters;
#[cfg(feature = "memory")]
mod maps;
#[cfg(feature = "memory")]
mod matching;
#[cfg(feature = "conformance")]
mod memory_conforms;
#[cfg(all(feature = "memory", feature = "crash-points"))]
mod movers;
#[cfg(feature = "conformance")]
mod office_overrides;
#[cfg(feature = "memory")]
mod officials;
#[cfg(feature = "memory")]
mod online;
#[cfg(feature = "conformance")]
mod own_jobs;
#[cfg(feature = "conformance")]
mod own_settings;
#[cfg(feature = "memory")]
mod privacy;
#[cfg(feature = "memory")]
mod register;
#[cfg(feature = "memory")]
mod resume;
#[cfg(feature = "conformance")]
mod search;
#[cfg(feature = "memory")]
mod status;
#[cfg(feature = "memory")]
mod text_hand_over;
#[cfg(feature = "memory")]
mod texts;
#[cfg(feature = "memory")]
mod update;
#[cfg(feature = "memory")]
mod voter;
#[cfg(feature = "conformance")]
mod webhooks;
