//! Where somebody lives or gets mail: the address as the voter typed it, states and ZIP codes.
//!
//! How an address is taken apart, and which office serves it, is the business of `turnout-geo`.

mod state;
mod zipcode;

pub use state::State;
pub use zipcode::Zipcode;

/// A postal address as the voter typed it. Every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub address1: Option<String>,
    /// Apartment, unit or the like.
    pub address2: Option<String>,
    /// City or town.
    pub city: Option<String>,
    /// State or territory.
    pub state: Option<State>,
    /// ZIP code; kept as text, as old records hold other spellings.
    pub zipcode: Option<String>,
}

impl Address {
    /// Whether no part is filled in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let blank = |part: &Option<String>| part.as_deref().unwrap_or_default().is_empty();
        blank(&self.address1)
            && blank(&self.address2)
            && blank(&self.city)
            && blank(&self.zipcode)
            && self.state.is_none()
    }
}
