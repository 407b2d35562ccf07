//! Which features are on.

use std::sync::Arc;

use async_trait::async_trait;

use super::Disabled;
use crate::switch::Switches;

/// Says which switches are in force. Asked often, so it answers from memory; never fails.
///
/// ```
/// use std::sync::Arc;
///
/// use async_trait::async_trait;
/// use turnout_core::{ports::rollouts::Rollouts, switch::{SwitchName, SwitchValue, Switches}};
///
/// /// Writes nothing after a voter has used a tool, whatever an operator sets.
/// struct Silent;
/// #[async_trait]
/// impl Rollouts for Silent {
///     async fn switches(&self) -> Arc<Switches> {
///         let mut switches = Switches::default();
///         switches.set(SwitchName::parse("drip").unwrap(), SwitchValue::Flag(false));
///         Arc::new(switches)
///     }
/// }
/// ```
#[async_trait]
pub trait Rollouts: Send + Sync {
    /// The switches in force. May look into the store, so not while a unit is open.
    async fn switches(&self) -> Arc<Switches>;

    /// What is kept in memory is out of date.
    fn forget(&self) {}
}

/// The presets of the catalogue.
#[async_trait]
impl Rollouts for Disabled {
    async fn switches(&self) -> Arc<Switches> {
        Arc::default()
    }
}
