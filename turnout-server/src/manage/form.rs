//! What somebody sent with a form.

use bytes::Bytes;
use turnout_core::input::Input;

/// A file that was sent.
pub(super) struct SentFile {
    /// Its name in the form.
    pub(super) field: String,
    /// Its name where it comes from.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Bytes,
}

/// The pairs of a form, in order. Has no `Debug`, as there are passwords among them.
#[derive(Default)]
pub(super) struct Form {
    pairs: Vec<(String, String)>,
    files: Vec<SentFile>,
}

impl Form {
    /// These pairs and files.
    pub(super) fn new(pairs: Vec<(String, String)>, files: Vec<SentFile>) -> Self {
        Self { pairs, files }
    }

    /// The last value of a name, without blanks around it; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// The last value of a name as it was typed: passwords.
    pub(super) fn exact(&self, name: &str) -> &str {
        self.pairs.iter().rev().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }

    /// Whether a box was checked.
    pub(super) fn is_checked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Whether the name was sent at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(it, _)| it == name)
    }

    /// The pairs, for a use-case that reads them by its own rules.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.pairs.iter().cloned()
    }

    /// The same, for use-cases that read it field by field.
    pub(super) fn input(&self) -> Input {
        Input::form(self.pairs())
    }

    /// A file of that field.
    pub(super) fn file(&self, field: &str) -> Option<&SentFile> {
        self.files.iter().find(|file| file.field == field)
    }
}
