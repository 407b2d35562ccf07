//! See the README.

pub mod commands;
pub mod config;
pub mod off_thread;
pub mod providers;
pub mod scheduler;
pub mod system;
pub mod worker;
