//! The server from outside, a module per subject.

mod config;
mod run;
