//! What the domain promises, seen from outside the crate.

mod facts;
mod wording;
