//! See the README.

pub mod config;
pub mod system;
