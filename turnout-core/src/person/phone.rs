//! Telephone numbers, stored as E.164, shown as people in the United States write them.

use std::fmt;

use phonenumber::{Mode, country};
use serde::{Deserialize, Serialize};

/// A valid telephone number of any country, without extension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads E.164 of any country or a US format; only numbers that exist by the numbering plan. An extension is dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // A number has at most 15 digits; the rest of the bound is punctuation and an extension.
        if text.len() > 64 {
            return None;
        }
        let number = phonenumber::parse(Some(country::US), text).ok()?;
        if !number.is_valid() {
            return None;
        }
        let text = number.format().mode(Mode::E164).to_string();
        // the formatter appends an extension even to E.164
        let end =
            text.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit()).map_or(text.len(), |(at, _)| at);
        Some(Self(text[..end].to_owned()))
    }

    /// Takes what the database holds, without looking at it again.
    #[must_use]
    pub fn from_stored(e164: String) -> Self {
        Self(e164)
    }

    /// E.164, such as `+16175557890`.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// The national format, such as `(617) 555-7890`.
    #[must_use]
    pub fn national(&self) -> String {
        phonenumber::parse(Some(country::US), &self.0)
            .map(|number| number.format().mode(Mode::National).to_string())
            .unwrap_or_else(|_| self.0.clone())
    }
}

impl Phone {
    /// The area code of a number of the North American plan.
    #[must_use]
    pub fn area_code(&self) -> Option<u16> {
        self.0.strip_prefix("+1").filter(|rest| rest.len() == 10)?.get(..3)?.parse().ok()
    }
}

impl Phone {
    /// All but the area code and the last two digits hidden, such as `+1617*****90`: enough to tell numbers of a list apart.
    #[must_use]
    pub fn masked(&self) -> String {
        let shown = |at: usize| at < 5 || at + 2 >= self.0.len();
        self.0.chars().enumerate().map(|(at, digit)| if shown(at) { digit } else { '*' }).collect()
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_e164_and_shown_nationally() {
        for text in ["617-555-7890", "(617) 555 7890", "+16175557890", "6175557890 ext. 12"] {
            let phone = Phone::parse(text).expect(text);
            assert_eq!(phone.e164(), "+16175557890", "{text}");
            assert_eq!(phone.national(), "(617) 555-7890");
        }
    }

    #[test]
    fn numbers_of_the_north_american_plan_have_an_area_code() {
        for (phone, code) in
            [("+16175557890", Some(617)), ("+442071838750", None), ("+1617", None), ("", None)]
        {
            assert_eq!(Phone::from_stored(phone.into()).area_code(), code, "{phone}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "123", "abc", "+1", "0000000000", "999999999999999999999"] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_masked_number_is_no_number() {
        assert_eq!(Phone::from_stored("+16175557890".into()).masked(), "+1617*****90");
        assert_eq!(Phone::from_stored("+442071838750".into()).masked(), "+4420******50");
    }
}
