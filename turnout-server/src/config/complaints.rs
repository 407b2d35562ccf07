//! Everything that is wrong with the settings, gathered before anything is said.

use std::fmt;

/// What is wrong with the settings, and what is merely odd.
///
/// A complaint names the variable, says what is wrong and shows a value that would do. It never repeats the value,
/// which may be a secret.
#[derive(Debug, Default)]
pub struct Complaints {
    wrong: Vec<String>,
    odd: Vec<String>,
}

impl Complaints {
    /// `name` cannot be used; `example` would do.
    pub fn wrong(&mut self, name: &str, what: &str, example: &str) {
        self.wrong.push(format!("{name} {what}, for example {name}={example}"));
    }

    /// Something works, but probably not as meant.
    pub fn odd(&mut self, what: impl Into<String>) {
        self.odd.push(what.into());
    }

    /// Whether nothing stands in the way of a start. Warnings do not.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wrong.is_empty()
    }

    /// The warnings, in the order in which they were found.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.odd
    }
}

/// One line per thing that is wrong, without the warnings.
impl fmt::Display for Complaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.wrong {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once_and_a_warning_does_not_stop_a_start() {
        let mut complaints = Complaints::default();
        complaints.odd("FILE_EXPIRATION_HOUR is unknown");
        assert!(complaints.is_empty());
        complaints.wrong("PORT", "must be a whole number", "9001");
        complaints.wrong("DEBUG", "must be true or false", "true");
        assert!(!complaints.is_empty());
        assert_eq!(
            complaints.to_string(),
            "PORT must be a whole number, for example PORT=9001\n\
             DEBUG must be true or false, for example DEBUG=true\n"
        );
        assert_eq!(complaints.warnings(), ["FILE_EXPIRATION_HOUR is unknown"]);
    }
}
