//! The source of leads about people who moved.

use turnout_core::settings::Settings;
use url::Url;

use super::{Secret, reader::Reader};

/// Where leads come from, and what we are known by there.
#[derive(Debug)]
pub struct Movers {
    /// The address, with our id in it.
    pub endpoint: Url,
    /// The secret.
    pub secret: Secret,
}

/// Where `MOVER_ID` is set; and what the source is called, and how often it is asked.
pub(super) fn read(reader: &mut Reader<'_>, settings: &mut Settings) -> Option<Movers> {
    const ID: &str = "MOVER_ID";
    const ENDPOINT: &str = "MOVER_LEADS_ENDPOINT";
    const EXAMPLE: &str = "https://leads.example.org/{client_id}/leads";
    let source = reader.given("MOVER_SOURCE");
    let is_slug = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !source.chars().all(is_slug) {
        let problem = "must be of letters, digits, `-` and `_`: it is the slug of a subscriber";
        reader.complaints.wrong("MOVER_SOURCE", problem, "acme");
    }
    settings.mover.source = source;
    let hours: u32 = reader.number("MOVER_PULL_HOURS", 1);
    let (endpoint, secret) = (reader.text(ENDPOINT), reader.text("MOVER_SECRET"));
    let id = reader.text(ID)?;
    if !cfg!(feature = "movers") {
        reader.complaints.wrong(ID, "needs a build with the feature movers; unset it", "");
    }
    settings.mover.pull_hours = Some(hours);
    if secret.is_none() {
        reader.complaints.wrong("MOVER_SECRET", "must be set while MOVER_ID is", "0123456789abcdef");
    }
    let Some(endpoint) = endpoint else {
        reader.complaints.wrong(ENDPOINT, "must be set while MOVER_ID is", EXAMPLE);
        return None;
    };
    let placed = endpoint.replace("{client_id}", &in_path(&id));
    match Url::parse(&placed).ok().filter(|url| matches!(url.scheme(), "https" | "http")) {
        Some(endpoint) => Some(Movers { endpoint, secret: Secret::new(secret?) }),
        None => {
            reader.complaints.wrong(ENDPOINT, "must be an address", EXAMPLE);
            None
        }
    }
}

/// An id as a part of an address.
fn in_path(id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let shown = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    id.bytes().map(shown).collect()
}
