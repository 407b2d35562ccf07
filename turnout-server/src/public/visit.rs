//! What a page needs to know of a request.

use http::{
    HeaderMap, Uri,
    header::{ACCEPT_LANGUAGE, HOST, HeaderName, ORIGIN},
};

use super::{carried::Carried, frame::Frame, speech::Speech};
use crate::http::Request;

/// The name of a button that shows a page in another language, with what was entered on it.
pub(super) const LANGUAGE_SWITCH: &str = "language_switch";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A request to a page: its address and head. Has no `Debug`, as an address may hold a token.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

impl<'a> Visit<'a> {
    /// Reads these parts of a request.
    #[must_use]
    pub fn new(uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        Self { uri, headers }
    }

    /// Reads them of a request on its way into a handler.
    #[must_use]
    pub fn of(request: &'a Request) -> Self {
        Self::new(request.uri(), request.headers())
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.uri.path()
    }

    /// The pairs of the query.
    pub fn query(&self) -> impl Iterator<Item = (String, String)> + use<'a> {
        url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()).into_owned()
    }

    /// The last value of a name in the query.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<String> {
        self.query().filter(|(other, _)| other == name).map(|(_, value)| value).last()
    }

    /// The language asked for by a button of the page before, or by `?lang=`, if we speak it.
    #[must_use]
    pub fn chosen_speech(&self) -> Option<Speech> {
        self.switched_speech().or_else(|| Speech::parse(&self.asked("lang")?))
    }

    /// The language that a button of the page before asks for, with the page as it was.
    #[must_use]
    pub fn switched_speech(&self) -> Option<Speech> {
        Speech::parse(&self.asked(LANGUAGE_SWITCH)?)
    }

    /// The language to speak: `?lang=`, else what the browser accepts.
    #[must_use]
    pub fn speech(&self) -> Speech {
        self.chosen_speech()
            .unwrap_or_else(|| self.header(&ACCEPT_LANGUAGE).map_or(Speech::English, Speech::accepted))
    }

    /// What the address says of where the voter came from.
    pub(super) fn carried(&self) -> Carried {
        Carried::of(self.query())
    }

    /// A path of ours that keeps the language, when one was chosen, and where the voter came from.
    pub(super) fn link(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.kept());
        let query = query.finish();
        match (query.is_empty(), path.contains('?')) {
            (true, _) => path.to_owned(),
            (false, true) => format!("{path}&{query}"),
            (false, false) => format!("{path}?{query}"),
        }
    }

    /// The pairs that every link and form of ours keeps.
    pub(super) fn kept(&self) -> Vec<(String, String)> {
        let language = self.chosen_speech().map(|speech| ("lang".to_owned(), speech.tag().to_owned()));
        language.into_iter().chain(self.carried().pairs().iter().cloned()).collect()
    }

    /// The frame around a page with that title.
    pub(super) fn frame(&self, title: String) -> Frame<'a> {
        Frame::new(*self, title)
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether a form was sent from one of our own pages, as far as the browser says (`Sec-Fetch-Site`, else
    /// `Origin`). What sends neither is no browser of today, and there is no session to borrow.
    #[must_use]
    pub fn is_from_our_pages(&self, primary_origin: &str) -> bool {
        if let Some(site) = self.header(&SEC_FETCH_SITE) {
            return matches!(site, "same-origin" | "none");
        }
        let Some(origin) = self.header(&ORIGIN) else { return true };
        let host = self.header(&HOST).or_else(|| self.uri.authority().map(http::uri::Authority::as_str));
        let origin_host = origin.split_once("://").map(|(_, host)| host);
        origin.eq_ignore_ascii_case(primary_origin)
            || (origin_host.is_some()
                && origin_host.map(str::to_ascii_lowercase) == host.map(str::to_ascii_lowercase))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_address_chooses_the_language_before_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("es"));
        for (address, speech) in [
            ("/", Speech::Spanish),
            ("/?lang=en", Speech::English),
            ("/?lang=tlh", Speech::Spanish),
            ("/?lang=es&language_switch=en", Speech::English),
        ] {
            let uri = Uri::from_static(address);
            assert_eq!(Visit::new(&uri, &headers).speech(), speech, "{address}");
        }
    }

    #[test]
    fn a_link_keeps_the_language_and_where_the_voter_came_from() {
        let headers = HeaderMap::new();
        for (address, path, link) in [
            ("/?token=x", "/register/CA/", "/register/CA/"),
            ("/?lang=es", "/download/?sent=1", "/download/?sent=1&lang=es"),
            ("/?utm_source=a%26b&x=1&subscriber=one", "/", "/?subscriber=one&utm_source=a%26b"),
            ("/?lang=en&language_switch=es&source=s", "/", "/?lang=es&source=s"),
        ] {
            let uri = Uri::from_static(address);
            assert_eq!(Visit::new(&uri, &headers).link(path), link, "{address}");
        }
    }

    #[test]
    fn only_our_own_pages_send_forms() {
        let uri = Uri::from_static("/register/CA/");
        let ours = "https://vote.example";
        for (pairs, expected) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://vote.example")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "https://vote.example")], true),
            (&[("origin", "http://localhost:8000"), ("host", "localhost:8000")], true),
            (&[("origin", "http://evil.example"), ("host", "localhost:8000")], false),
            (&[("origin", "null"), ("host", "localhost:8000")], false),
            (&[("origin", "null")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(Visit::new(&uri, &headers).is_from_our_pages(ours), expected, "{pairs:?}");
        }
    }
}
