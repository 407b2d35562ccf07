//! `/manage/subscription/…`: organizations that want to become subscribers (`leads.rs`), and those that are (`list.rs`), with
//! their settings and subscriptions, for those who look after them (`flows.md` 19).

pub(super) mod leads;
pub(super) mod list;
pub(super) mod settings;
pub(super) mod subscription;

use turnout_core::subscription::Contact;

use super::blocks::{Cell, InputKind};

/// Where leads are listed.
const LEADS: &str = "/manage/subscription/leads/";
/// Where subscribers are listed.
const SUBSCRIBERS: &str = "/manage/subscription/subscribers/";

/// A text that may be missing.
fn text(it: Option<&str>) -> Cell {
    Cell::text(it.unwrap_or_default())
}

/// Whom we speak with, pair by pair.
fn contact(it: &Contact) -> Vec<(String, Cell)> {
    vec![
        ("First name".to_owned(), text(it.first_name.as_deref())),
        ("Last name".to_owned(), text(it.last_name.as_deref())),
        ("E-mail".to_owned(), text(it.email.as_deref())),
        ("Phone".to_owned(), Cell::text(it.phone.as_ref().map(|it| it.national()).unwrap_or_default())),
    ]
}

/// An address on the web with the way there.
fn link(url: Option<&str>) -> Cell {
    match url.filter(|url| turnout_core::election::edit::web_address(url).is_some()) {
        Some(url) => Cell::link(url, url),
        None => text(url),
    }
}

/// A list of values to choose one from.
fn choices<T: Copy>(all: &[T], wire: fn(T) -> &'static str, label: fn(T) -> &'static str) -> InputKind {
    InputKind::Select(all.iter().map(|it| (wire(*it).to_owned(), label(*it).to_owned())).collect())
}

/// What a field begins with where there may be nothing.
fn optional(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}
