#![doc = include_str!("../README.md")]

mod compile;
mod error;
mod fill;

mod syntax;
#[cfg(feature = "images")]
mod image;


pub use self::{
    compile::{About, Mode, Packet, Section, compile},
    error::Error,

};
