#![doc = include_str!("../README.md")]

pub mod check;
mod compile;
mod document;
mod error;
mod fill;
mod folder;
mod font;
#[cfg(feature = "images")]
mod image;
mod kept;
mod library;
mod packets;
mod stock;
mod syntax;
pub mod yaml;

pub use self::{
    compile::{About, FieldFacts, FieldKind, Mode, Packet, PageFacts, Section, compile},
    error::Error,
    folder::{Document, Folder, Metadata},
    font::Typeface,
    library::FormLibrary,
};
