//! People: names, phone numbers, e-mail addresses and what forms ask about a person.

pub(crate) mod demographics;
mod email;
mod phone;

pub use demographics::{Gender, Party, RaceEthnicity, Title};
pub use email::{LONGEST_EMAIL, is_email};
pub use phone::Phone;

/// A person's name, in the parts that forms ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// How the person is addressed.
    pub title: Option<Title>,
    /// First name.
    pub first: Option<String>,
    /// Middle name or names.
    pub middle: Option<String>,
    /// Last name.
    pub last: Option<String>,
    /// Suffix, any text: `Jr.`, `III`.
    pub suffix: Option<String>,
}

impl PersonName {
    /// First, middle if any, last.
    #[must_use]
    pub fn full(&self) -> String {
        let parts = [&self.first, &self.middle, &self.last];
        let parts: Vec<&str> =
            parts.into_iter().filter_map(|part| part.as_deref()).filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }
}
