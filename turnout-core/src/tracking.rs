//! Where a voter came from: campaign parameters, referrers, the page that embedded the tool (`http-api.md` 1.9).

use url::Url;
use uuid::Uuid;

/// The tracking fields that are texts.
pub const TEXTS: [&str; 9] = [
    "embed_url",
    "utm_campaign",
    "utm_source",
    "utm_medium",
    "utm_term",
    "utm_content",
    "source",
    "email_referrer",
    "mobile_referrer",
];

/// The tracking field that is a UUID.
pub const SESSION_ID: &str = "session_id";

/// The tracking fields that all tools share. All optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tracking {
    /// The page that embeds the tool, without query and fragment.
    pub embed_url: Option<String>,
    /// Campaign name.
    pub utm_campaign: Option<String>,
    /// Campaign source.
    pub utm_source: Option<String>,
    /// Campaign medium.
    pub utm_medium: Option<String>,
    /// Campaign term.
    pub utm_term: Option<String>,
    /// Campaign content.
    pub utm_content: Option<String>,
    /// Free text of the page.
    pub source: Option<String>,
    /// Who sent the link by e-mail.
    pub email_referrer: Option<String>,
    /// Who sent the link by text.
    pub mobile_referrer: Option<String>,
    /// The visit.
    pub session_id: Option<Uuid>,
}

impl Tracking {
    /// Whether the tool stood in another site's page than one of this origin; not when nobody said where it stood (quirk
    /// Q26).
    #[must_use]
    pub fn was_embedded(&self, www: &str) -> bool {
        let Some(page) = self.embed_url.as_deref().filter(|page| !page.is_empty()) else { return false };
        let is_ours = page.get(..www.len()).is_some_and(|start| start.eq_ignore_ascii_case(www))
            && page[www.len()..].chars().next().is_none_or(|next| matches!(next, '/' | '?' | '#'));
        !is_ours
    }
}

/// Takes query, fragment and the last segment's parameters off a URL with a host; any other text is left alone.
#[must_use]
pub fn clean_embed_url(text: &str) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if Url::parse(&format!("{scheme}://h/")).is_ok() => (Some(scheme), rest),
        _ => match text.strip_prefix("//") {
            Some(rest) => (None, rest),
            None => return text.to_owned(),
        },
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    if host.is_empty() {
        return text.to_owned();
    }
    let path = match path.rfind('/') {
        Some(at) => match path[at..].find(';') {
            Some(parameters) => &path[..at + parameters],
            None => path,
        },
        None => path,
    };
    let scheme = scheme.map(|scheme| format!("{}:", scheme.to_ascii_lowercase())).unwrap_or_default();
    format!("{scheme}//{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_embedded_in_pages_of_other_sites_alone() {
        for (page, embedded) in [
            (None, false),
            (Some(""), false),
            (Some("https://WWW.example.org"), false),
            (Some("https://www.example.org/register/"), false),
            (Some("https://www.example.org.evil.test/"), true),
            (Some("https://vote.springfield.test/"), true),
            (Some("ñ"), true),
        ] {
            let tracking = Tracking { embed_url: page.map(str::to_owned), ..Tracking::default() };
            assert_eq!(tracking.was_embedded("https://www.example.org"), embedded, "{page:?}");
        }
    }

    #[test]
    fn a_voters_query_is_not_kept() {
        for (given, kept) in [
            ("HTTPS://Example.org:8443/a/b;p=1?name=x#y", "https://Example.org:8443/a/b"),
            ("https://example.org", "https://example.org"),
            ("https://example.org?email=a@b.co", "https://example.org"),
            ("//host/path?x", "//host/path"),
            ("plain text?x", "plain text?x"),
            ("12", "12"),
            ("", ""),
        ] {
            assert_eq!(clean_embed_url(given), kept, "{given}");
        }
    }
}
