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

    /// As it stands on an envelope, line by line; a part that is missing is left out.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let text = |part: &Option<String>| part.as_deref().unwrap_or_default().trim().to_owned();
        let (city, zipcode) = (text(&self.city), text(&self.zipcode));
        let state = self.state.map(|state| state.code()).unwrap_or_default();
        let rest = [state, zipcode.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let place = [city, rest.join(" ")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let lines = [text(&self.address1), text(&self.address2), place.join(", ")];
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }

    /// The same in one line, where there is a first one.
    #[must_use]
    pub fn one_line(&self) -> Option<String> {
        self.is_streeted().then(|| self.lines().join(", "))
    }

    /// Whether there is a first line: what makes an address for a printed form one (`http-api.md` 3.1.2).
    #[must_use]
    pub fn is_streeted(&self) -> bool {
        self.address1.as_deref().is_some_and(|line| !line.is_empty())
    }

    /// Whether enough is said for a carrier to look it up: a street, and the ZIP code or a city with its state.
    #[must_use]
    pub fn can_take_mail(&self) -> bool {
        let said = |part: &Option<String>| part.as_deref().is_some_and(|part| !part.trim().is_empty());
        let place = said(&self.zipcode) || (said(&self.city) && self.state.is_some());
        said(&self.address1) && place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(parts: [&str; 4], state: Option<State>) -> Address {
        let [address1, address2, city, zipcode] = parts.map(|part| Some(part.to_owned()));
        Address { address1, address2, city, state, zipcode }
    }

    #[test]
    fn an_envelope_has_the_parts_that_are_there() {
        let ma = Some(State::Ma);
        for (parts, state, lines) in [
            (
                ["12 Elm St", "Apt 3", "Springfield", "01103"],
                ma,
                &["12 Elm St", "Apt 3", "Springfield, MA 01103"][..],
            ),
            (["12 Elm St", " ", "Springfield", ""], ma, &["12 Elm St", "Springfield, MA"]),
            (["12 Elm St", "", "", "01103"], None, &["12 Elm St", "01103"]),
            (["", "", "", ""], None, &[]),
        ] {
            assert_eq!(address(parts, state).lines(), lines);
        }
        assert!(Address::default().lines().is_empty());
    }

    #[test]
    fn mail_needs_a_street_and_a_place() {
        for (parts, state, enough) in [
            (["12 Elm St", "", "Springfield", ""], Some(State::Ma), true),
            (["12 Elm St", "", "", "01103"], None, true),
            (["12 Elm St", "", "Springfield", ""], None, false),
            (["", "Apt 3", "Springfield", "01103"], Some(State::Ma), false),
        ] {
            assert_eq!(address(parts, state).can_take_mail(), enough, "{parts:?}");
        }
    }
}
