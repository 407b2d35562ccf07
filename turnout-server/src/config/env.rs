//! The environment as a value: the only place that asks the process for it.

use std::{collections::BTreeMap, fmt, io, path::Path, str::FromStr};

use super::Complaints;

/// Names and values, the process environment over a `.env` file.
///
/// An empty value counts as not set.
#[derive(Clone, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// The process environment over the file at `dotenv`, which need not exist.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn load(dotenv: &Path, complaints: &mut Complaints) -> io::Result<Self> {
        let mut env = match std::fs::read_to_string(dotenv) {
            Ok(text) => Self::parse(&text, complaints),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error),
        };
        for (name, value) in std::env::vars_os() {
            if let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) {
                env.0.insert(name, value);
            }
        }
        Ok(env)
    }

    /// The text of a `.env` file: `NAME=value` lines, `export` allowed, `#` comments, values optionally in single
    /// or double quotes.
    #[must_use]
    pub fn parse(text: &str, complaints: &mut Complaints) -> Self {
        let mut values = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let line = line.strip_prefix("export ").unwrap_or(line);
            match line.split_once('=') {
                Some((name, value)) => {
                    values.insert(name.trim().to_owned(), unquoted(value.trim()).to_owned());
                }
                None => {
                    complaints.odd(format!("line {} of .env is not NAME=value and was skipped", number + 1))
                }
            }
        }
        Self(values)
    }

    /// The value of `name`, unless it is absent or empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `true/t/yes/y/on/1` or their counterparts, in any case (`settings.md`).
    pub fn flag(&self, name: &str, default: bool, complaints: &mut Complaints) -> bool {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None => default,
            Some("true" | "t" | "yes" | "y" | "on" | "1") => true,
            Some("false" | "f" | "no" | "n" | "off" | "0") => false,
            Some(_) => {
                complaints.wrong(name, "must be true or false", "true");
                default
            }
        }
    }

    /// A whole number that fits `T`.
    pub fn number<T: FromStr + fmt::Display>(
        &self,
        name: &str,
        default: T,
        complaints: &mut Complaints,
    ) -> T {
        match self.text(name).map(str::parse) {
            None => default,
            Some(Ok(number)) => number,
            Some(Err(_)) => {
                complaints.wrong(name, "must be a whole number in range", &default.to_string());
                default
            }
        }
    }

    /// Warns about every name that is not in `known` but within two letters of a longer one that is:
    /// `FILE_EXPIRATION_HOUR`. Short names are left alone, as the environment has many of its own.
    pub fn warn_of_near_names(&self, known: &[&str], complaints: &mut Complaints) {
        for name in self.0.keys().filter(|name| !known.contains(&name.as_str())) {
            let near = |ours: &&&str| ours.len() >= 8 && distance(name, ours) <= 2;
            if let Some(ours) = known.iter().find(near) {
                complaints.odd(format!("{name} has no effect; is {ours} meant?"));
            }
        }
    }
}

/// How many letters have to be added, removed or changed to make `one` into `other`.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = line + 1;
        for (column, theirs) in other.iter().enumerate() {
            let changed = corner + usize::from(letter != *theirs);
            corner = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

impl FromIterator<(String, String)> for Env {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Names only: a value may be a secret.
impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotenv_file_is_read_with_comments_quotes_and_export() {
        let mut complaints = Complaints::default();
        let text = "# ours\nexport PORT=9100 # here\nSECRET_KEY='a # b'\nEMPTY=\nnonsense\n";
        let env = Env::parse(text, &mut complaints);
        assert_eq!(env.text("PORT"), Some("9100"));
        assert_eq!(env.text("SECRET_KEY"), Some("a # b"));
        assert_eq!(env.text("EMPTY"), None);
        assert_eq!(complaints.warnings(), ["line 5 of .env is not NAME=value and was skipped"]);
    }

    #[test]
    fn a_bad_value_is_complained_about_without_repeating_it() {
        let mut complaints = Complaints::default();
        let env = Env::parse("PORT=eighty\nDEBUG=perhaps\nTLS=Yes", &mut complaints);
        assert_eq!(env.number("PORT", 9001_u16, &mut complaints), 9001);
        assert!(!env.flag("DEBUG", false, &mut complaints));
        assert!(env.flag("TLS", false, &mut complaints));
        let said = complaints.to_string();
        assert_eq!(said.lines().count(), 2, "{said}");
        assert!(!said.contains("eighty") && !said.contains("perhaps"), "{said}");
    }

    #[test]
    fn printing_an_environment_shows_no_value() {
        let env: Env = [("SECRET_KEY".to_owned(), "hush".to_owned())].into_iter().collect();
        assert_eq!(format!("{env:?}"), r#"{"SECRET_KEY"}"#);
    }

    #[test]
    fn a_name_close_to_one_of_ours_is_warned_about_and_others_are_not() {
        let mut complaints = Complaints::default();
        let env =
            Env::parse("FILE_EXPIRATION_HOUR=3\nPOST=1\nHOME=/root\nFILE_PURGE_DAYS=4", &mut complaints);
        env.warn_of_near_names(&["FILE_EXPIRATION_HOURS", "PORT", "FILE_PURGE_DAYS"], &mut complaints);
        let expected = "FILE_EXPIRATION_HOUR has no effect; is FILE_EXPIRATION_HOURS meant?";
        assert_eq!(complaints.warnings(), [expected]);
        assert_eq!((distance("kitten", "sitting"), distance("", "ab"), distance("ab", "ab")), (3, 2, 0));
    }
}
