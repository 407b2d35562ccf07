//! See the README.

#[cfg(feature = "serve")]
pub mod api;
#[cfg(feature = "serve")]
pub mod book;
pub mod commands;
pub mod config;
pub mod gis;
#[cfg(feature = "serve")]
pub mod http;
pub mod measures;
pub mod off_thread;
pub mod providers;
#[cfg(feature = "serve")]
pub mod public;
pub mod regions;
pub mod reload;
#[cfg(feature = "serve")]
pub mod routes;
#[cfg(feature = "embedded")]
pub mod rows;
pub mod scheduler;
pub mod streets;
pub mod system;
#[cfg(feature = "embedded")]
pub mod wiring;
pub mod worker;
