#![doc = include_str!("../README.md")]

mod compile;
mod document;
mod error;
mod fill;
#[cfg(feature = "images")]
mod image;
mod library;
mod syntax;

pub use self::{
    compile::{About, FieldFacts, FieldKind, Mode, Packet, PageFacts, Section, compile},
    error::Error,
    library::FormLibrary,
};
