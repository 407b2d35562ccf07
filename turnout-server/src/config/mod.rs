//! What the environment says, as values.
//!
//! [`Env`] is the process environment over a `.env` file and the only thing here that knows either; [`Complaints`]
//! gathers everything that is wrong with it, so that an operator sees all of it at once. What the rules read is
//! `turnout_core::settings`, not this.

mod complaints;
mod env;

pub use complaints::Complaints;
pub use env::Env;
