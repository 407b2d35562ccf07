//! Where rows are kept.

use std::path::PathBuf;

use super::reader::Reader;

/// Where rows are kept.
#[derive(Debug)]
pub struct Database {
    /// The SQLite file.
    pub path: PathBuf,
    /// What a commit waits for.
    pub synchronous: Synchronous,
}

/// What a commit waits for (decision 19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// The disk: a power cut loses nothing that was confirmed.
    Full,
    /// The operating system: a power cut may lose the last moments.
    Normal,
}

impl Database {
    pub(super) fn read(reader: &mut Reader<'_>, production: bool) -> Self {
        let url = reader.given("DATABASE_URL");
        let path = sqlite_path(&url).unwrap_or_else(|| {
            let what = "must begin with sqlite: and name a file, as this build keeps rows in SQLite only";
            reader.complaints.wrong("DATABASE_URL", what, "sqlite://var/turnout.db");
            PathBuf::new()
        });
        Self { path, synchronous: synchronous(reader, production) }
    }
}

/// `sqlite://PATH` or `sqlite:PATH`.
fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let is_file = !path.is_empty() && !path.ends_with('/') && !path.contains(['?', '#']);
    is_file.then(|| PathBuf::from(path))
}

fn synchronous(reader: &mut Reader<'_>, production: bool) -> Synchronous {
    let name = "SQLITE_SYNCHRONOUS";
    match reader.given(name).to_ascii_uppercase().as_str() {
        "FULL" => Synchronous::Full,
        "NORMAL" => {
            if production {
                reader.complaints.wrong(name, "must be FULL when DEBUG is false", "FULL");
            }
            Synchronous::Normal
        }
        _ => {
            reader.complaints.wrong(name, "must be FULL or NORMAL", "FULL");
            Synchronous::Full
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_with_and_without_slashes() {
        for (url, path) in [
            ("sqlite://var/turnout.db", Some("var/turnout.db")),
            ("sqlite:var/turnout.db", Some("var/turnout.db")),
            ("sqlite:///srv/turnout.db", Some("/srv/turnout.db")),
            ("sqlite:/srv/turnout.db", Some("/srv/turnout.db")),
            ("sqlite://", None),
            ("sqlite://var/", None),
            ("postgres://localhost/turnout", None),
        ] {
            assert_eq!(sqlite_path(url), path.map(PathBuf::from), "{url}");
        }
    }
}
