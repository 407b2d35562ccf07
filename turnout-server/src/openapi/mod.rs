//! The description of the API: OpenAPI 3.1, made from the table of routes.
//!
//! What an operation is stands beside its handler as an [`Operation`]; what it reads comes from the code that reads it
//! ([`turnout_core::asked`]), what it answers from the types that are written (`shape!`). So there is no second
//! document to keep: `/v1/openapi.json` is [`document`] over the routes that are served, and `/docs/api/` shows it.

mod document;
mod fields;
mod operation;
mod shape;

pub use document::document;
pub use operation::Operation;
pub(crate) use shape::shape;
pub use shape::{Detail, Failure, Maybe, Members, Shape, Shapes};
