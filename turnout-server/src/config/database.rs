//! Where rows are kept.

use std::path::PathBuf;

use url::Url;

use super::{Role, Secret, reader::Reader};

/// Where rows are kept.
#[derive(Debug)]
pub struct Database {
    /// Where.
    pub place: RowPlace,
}

/// Where rows are kept: `DATABASE_URL`.
#[derive(Debug)]
pub enum RowPlace {
    /// In one SQLite file.
    File {
        /// The file.
        path: PathBuf,
        /// What a commit waits for.
        synchronous: Synchronous,
    },
    /// On a PostgreSQL server.
    Server(Box<ServerPlace>),
}

/// A database on a server, and how it is reached.
#[derive(Debug)]
pub struct ServerPlace {
    /// `DATABASE_URL`.
    pub url: Secret,
    /// `READONLY_DATABASE_URL`, when it is another one: read for reports and audiences.
    pub reports: Option<Secret>,
    /// `DATABASE_MAX_CONNECTIONS`: how many connections this process may have at once, to each of the two.
    pub connections: u32,
    /// The server and the database's name, for a person.
    pub shown: String,
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
        let reports = reader.text("READONLY_DATABASE_URL").filter(|reports| *reports != url);
        let connections = reader.number("DATABASE_MAX_CONNECTIONS", 1);
        let synchronous = synchronous(reader, production);
        let place = if let Some(path) = sqlite_path(&url) {
            if reports.is_some() {
                let what = "must be unset, or the same as DATABASE_URL, where rows are in a file";
                reader.complaints.wrong("READONLY_DATABASE_URL", what, &url_of_a_file(reader.role));
            }
            RowPlace::File { path, synchronous }
        } else {
            let shown = server(reader, "DATABASE_URL", &url);
            if let Some(reports) = &reports {
                server(reader, "READONLY_DATABASE_URL", reports);
            }
            let reports = reports.map(Secret::new);
            RowPlace::Server(Box::new(ServerPlace { url: Secret::new(url), reports, connections, shown }))
        };
        Self { place }
    }
}

impl RowPlace {
    /// A row of `config show`: the vendor, and real, simulated or off.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match self {
            Self::File { .. } => ("sqlite", "real"),
            Self::Server(_) => ("postgres", "real"),
        }
    }

    /// For a person, without a password.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::File { path, .. } => path.display().to_string(),
            Self::Server(place) => place.shown.clone(),
        }
    }
}

fn url_of_a_file(role: Role) -> String {
    let folder = if role == Role::AllInOne { "var" } else { "/srv/turnout" };
    format!("sqlite://{folder}/turnout.db")
}

/// Complains unless it is the address of a database on a server, and this build can talk to it. The server and the
/// database's name.
fn server(reader: &mut Reader<'_>, name: &str, url: &str) -> String {
    const EXAMPLE: &str = "postgres://turnout:PASSWORD@db.example.org/turnout";
    let url =
        Url::parse(url).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql" | "postgis"));
    let Some(url) = url else {
        let what = "must begin with sqlite: and name a file, or with postgres: and name a server";
        reader.complaints.wrong(name, what, "sqlite://var/turnout.db");
        return String::new();
    };
    let database = url.path().trim_matches('/');
    if database.is_empty() {
        reader.complaints.wrong(name, "must name a database after the host", EXAMPLE);
    }
    if !cfg!(feature = "postgres") {
        let what = "needs a build that knows PostgreSQL, such as make up FEATURES=all makes, or cargo build \
                    --features postgres; this one keeps rows in SQLite";
        reader.complaints.wrong(name, what, "sqlite://var/turnout.db");
    }
    format!("{database} at {}", url.host_str().unwrap_or("localhost"))
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
    use crate::config::{Complaints, Env};

    fn read(text: &str) -> (RowPlace, Complaints) {
        let mut complaints = Complaints::default();
        let env = Env::parse(text, &mut complaints);
        let place = Database::read(&mut Reader::new(&env, Role::Serve, &mut complaints), true).place;
        (place, complaints)
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_server_has_three_names_and_its_reports_may_have_another() {
        for scheme in ["postgres", "postgresql", "postgis"] {
            let url = format!("{scheme}://turnout:hush@db.example.org:5433/votes");
            for (more, connections, reports) in [
                (String::new(), 4, false),
                (format!("READONLY_DATABASE_URL={url}"), 4, false),
                (
                    "DATABASE_MAX_CONNECTIONS=9\nREADONLY_DATABASE_URL=postgres://replica/votes".to_owned(),
                    9,
                    true,
                ),
            ] {
                let (place, complaints) = read(&format!("DATABASE_URL={url}\n{more}"));
                assert!(complaints.is_empty(), "{complaints}");
                let RowPlace::Server(server) = &place else { panic!("{place:?}") };
                assert_eq!((server.connections, server.reports.is_some()), (connections, reports), "{more}");
                assert_eq!(place.shown(), "votes at db.example.org");
                assert!(!format!("{place:?}").contains("hush"));
            }
        }
    }

    #[cfg(not(feature = "postgres"))]
    #[test]
    fn a_build_that_knows_no_server_says_which_one_does() {
        let (_, complaints) = read("DATABASE_URL=postgres://turnout@db.example.org/votes");
        let said = complaints.to_string();
        assert!(said.starts_with("DATABASE_URL ") && said.contains("make up FEATURES=all"), "{said}");
    }

    #[test]
    fn what_names_no_database_is_refused_by_name() {
        for (text, name) in [
            ("DATABASE_URL=mysql://db/votes", "DATABASE_URL"),
            ("DATABASE_URL=turnout.db", "DATABASE_URL"),
            ("DATABASE_URL=postgres://db.example.org", "DATABASE_URL"),
            ("DATABASE_URL=sqlite://a.db\nREADONLY_DATABASE_URL=sqlite://b.db", "READONLY_DATABASE_URL"),
        ] {
            let (_, complaints) = read(text);
            assert!(complaints.to_string().starts_with(&format!("{name} ")), "{text}: {complaints}");
        }
    }

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
