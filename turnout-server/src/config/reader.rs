//! Reads declared variables, and keeps what was read for `config show`.

use std::{collections::BTreeMap, fmt::Display, net::IpAddr, str::FromStr};

use url::Url;

use super::{
    Complaints, Env, Role,
    table::{self, Kind, Variable},
};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The environment or `.env`.
    Set,
    /// The table.
    Default,
}

/// A setting in force, fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The variable.
    pub name: &'static str,
    /// Its value; secrets are masked.
    pub value: String,
    /// Where the value comes from.
    pub source: Source,
}

/// The environment seen through the table of variables.
pub(super) struct Reader<'a> {
    env: &'a Env,
    pub(super) role: Role,
    pub(super) complaints: &'a mut Complaints,
    places: Vec<(&'static str, String)>,
    shown: BTreeMap<&'static str, Shown>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(env: &'a Env, role: Role, complaints: &'a mut Complaints) -> Self {
        Self { env, role, complaints, places: Vec::new(), shown: BTreeMap::new() }
    }

    /// From here on `{name}` in a default stands for `value`.
    pub(super) fn place(&mut self, name: &'static str, value: impl Into<String>) {
        self.places.push((name, value.into()));
    }

    /// What is in force, in the order of the table.
    pub(super) fn into_shown(mut self) -> Vec<Shown> {
        table::all().filter_map(|variable| self.shown.remove(variable.name)).collect()
    }

    /// The value in force as text; nothing when it is empty.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let variable = declared(name);
        let (value, source) = match self.env.text(name) {
            Some(value) => (value.to_owned(), Source::Set),
            None => (self.default(variable), Source::Default),
        };
        let shown = Shown { name: variable.name, value: fit_to_be_shown(variable.kind, &value), source };
        self.shown.insert(variable.name, shown);
        Some(value).filter(|value| !value.is_empty())
    }

    /// Text whose default is not empty.
    pub(super) fn given(&mut self, name: &str) -> String {
        self.text(name).expect("its default in the table is not empty")
    }

    /// Whether the environment has it.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.env.text(name).is_some()
    }

    /// What `settings.md` takes for true or false.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.text(name);
        let default = matches!(self.default(declared(name)).as_str(), "true" | "on");
        self.env.flag(name, default, self.complaints)
    }

    /// A whole number of at least `least`.
    pub(super) fn number<T: FromStr + Display + PartialOrd + Copy>(&mut self, name: &str, least: T) -> T {
        self.text(name);
        let default: T =
            self.default(declared(name)).parse().ok().expect("its default in the table is a number");
        let number = self.env.number(name, default, self.complaints);
        if number < least {
            self.complaints.wrong(name, &format!("must be at least {least}"), &default.to_string());
            return default;
        }
        number
    }

    /// A whole number, or nothing when it is not set and has no default.
    pub(super) fn optional_number(&mut self, name: &str, example: u32) -> Option<u32> {
        let text = self.text(name)?;
        if !self.is_set(name) {
            return Some(text.parse().expect("its default in the table is a number"));
        }
        Some(self.env.number(name, example, self.complaints))
    }

    /// The port that it is set to; `example` when that is none.
    pub(super) fn optional_port(&mut self, name: &str, example: u16) -> u16 {
        let port = self.env.number(name, example, self.complaints);
        if port == 0 {
            self.complaints.wrong(name, "must be at least 1", &example.to_string());
        }
        port
    }

    /// The parts between commas, trimmed; empty ones are left out.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let value = self.text(name).unwrap_or_default();
        value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// `http` or `https` with a host and nothing after it; the slash at the end is taken off.
    pub(super) fn origin(&mut self, name: &str) -> String {
        let value = self.given(name);
        if !Url::parse(&value).is_ok_and(|url| is_origin(&url)) {
            self.complaints.wrong(
                name,
                "must be http or https with a host and no path",
                "https://example.org",
            );
        }
        value.trim_end_matches('/').to_owned()
    }

    /// An `http` or `https` address that may hold `{…}` to be filled in, and holds all of `must_hold`.
    pub(super) fn page(&mut self, name: &str, must_hold: &[&str], example: &str) -> String {
        let value = self.given(name);
        let is_page = Url::parse(&value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !is_page {
            self.complaints.wrong(name, "must be an address that begins with http:// or https://", example);
        } else if let Some(missing) = must_hold.iter().find(|part| !value.contains(**part)) {
            self.complaints.wrong(name, &format!("must hold {missing}"), example);
        }
        value
    }

    fn default(&self, variable: &Variable) -> String {
        let default = variable.default_in(self.role).to_owned();
        self.places.iter().fold(default, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// `localhost` for this machine and for every address, otherwise the address as a URL writes it.
pub(super) fn host_in_url(host: IpAddr) -> String {
    match host {
        host if host.is_loopback() || host.is_unspecified() => "localhost".to_owned(),
        IpAddr::V4(host) => host.to_string(),
        IpAddr::V6(host) => format!("[{host}]"),
    }
}

/// `http` or `https` with a host and nothing after it.
pub(super) fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn declared(name: &str) -> &'static Variable {
    table::variable(name).expect("every variable that is read is in the table")
}

/// Secrets are masked as a whole, addresses by their password; an address that cannot be read may hide one.
fn fit_to_be_shown(kind: Kind, value: &str) -> String {
    const MASK: &str = "********";
    match kind {
        Kind::Secret if !value.is_empty() => MASK.to_owned(),
        Kind::Url if value.contains(['@', '?']) => {
            without_password(value, MASK).unwrap_or_else(|| MASK.to_owned())
        }
        _ => value.to_owned(),
    }
}

/// Nothing when the address cannot be read, or has its password where none is looked for.
fn without_password(value: &str, mask: &str) -> Option<String> {
    let mut url = Url::parse(value).ok().filter(Url::has_authority)?;
    if url.query_pairs().any(|(name, _)| name.contains("password")) {
        return None;
    }
    if url.password().is_none() {
        return Some(value.to_owned());
    }
    url.set_password(Some(mask)).ok()?;
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_holds_no_password() {
        assert_eq!(fit_to_be_shown(Kind::Secret, "hush"), "********");
        assert_eq!(fit_to_be_shown(Kind::Secret, ""), "");
        let shown = fit_to_be_shown(Kind::Url, "postgres://turnout:hush@db.example.org/turnout");
        assert_eq!(shown, "postgres://turnout:********@db.example.org/turnout");
        assert_eq!(fit_to_be_shown(Kind::Url, "turnout:hush@db"), "********");
        let shown = fit_to_be_shown(Kind::Url, "postgres://turnout@db/turnout?password=hush");
        assert_eq!(shown, "********");
        assert_eq!(fit_to_be_shown(Kind::Url, "sqlite://var/turnout.db"), "sqlite://var/turnout.db");
        let page = "https://example.org/?id={item_id}";
        assert_eq!(fit_to_be_shown(Kind::Url, page), page);
    }

    #[test]
    fn our_own_address_is_localhost_unless_one_machine_is_meant() {
        for (host, expected) in
            [("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("::1", "localhost"), ("::", "localhost")]
        {
            assert_eq!(host_in_url(host.parse().expect("an address")), expected);
        }
        assert_eq!(host_in_url("192.0.2.7".parse().expect("an address")), "192.0.2.7");
        assert_eq!(host_in_url("2001:db8::1".parse().expect("an address")), "[2001:db8::1]");
    }
}
