//! What surrounds every page: its title, language, links that keep the language, and the headers of the answer.

use askama::Template;
use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY, VARY,
        X_CONTENT_TYPE_OPTIONS,
    },
};

use super::{
    Answer, assets,
    speech::Speech,
    visit::{LANGUAGE_SWITCH, Visit},
};

/// Nothing but our own style sheet and icon; no script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-src 'self'; frame-ancestors 'none'";

/// What a template needs beside its own page. Has no `Debug`, as an address may hold a token.
pub(super) struct Frame<'a> {
    /// The title of the document.
    pub(super) title: String,
    /// The language.
    pub(super) speech: Speech,
    /// The id of the form on the page, whose entries are kept when the language changes.
    pub(super) form: Option<&'static str>,
    visit: Visit<'a>,
}

/// The same page in another language.
pub(super) struct OtherSpeech {
    pub(super) tag: &'static str,
    pub(super) name: String,
    pub(super) href: String,
}

impl<'a> Frame<'a> {
    pub(super) fn new(visit: Visit<'a>, title: String) -> Self {
        Self { title, speech: visit.speech(), form: None, visit }
    }

    /// The frame of a page whose form has that id.
    pub(super) fn around_form(mut self, id: &'static str) -> Self {
        self.form = Some(id);
        self
    }

    /// The sentence for `key`.
    pub(super) fn say(&self, key: &str) -> String {
        self.speech.say(key)
    }

    /// A path of ours, as [`Visit::link`] has it.
    pub(super) fn link(&self, path: &str) -> String {
        self.visit.link(path)
    }

    /// The pairs that a form which is sent by GET has to keep.
    pub(super) fn kept(&self) -> Vec<(String, String)> {
        self.visit.kept()
    }

    /// The name of the buttons that change the language.
    pub(super) fn language_switch(&self) -> &'static str {
        LANGUAGE_SWITCH
    }

    /// The address of the style sheet.
    pub(super) fn style_sheet(&self) -> String {
        assets::address("turnout.css")
    }

    /// The address of the icon.
    pub(super) fn icon(&self) -> String {
        assets::address("icon.svg")
    }

    /// The languages to change to, each in its own words.
    pub(super) fn other_speeches(&self) -> Vec<OtherSpeech> {
        let href = |speech: Speech| {
            let asked = self.visit.query().filter(|(name, _)| name != "lang" && name != LANGUAGE_SWITCH);
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(asked).append_pair("lang", speech.tag());
            format!("{}?{}", self.visit.path(), query.finish())
        };
        self.speech
            .others()
            .map(|it| OtherSpeech { tag: it.tag(), name: it.say("language-name"), href: href(it) })
            .collect()
    }
}

/// How long somebody may keep a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The same for everybody: it may be kept, and asked for again each time.
    Public,
    /// A voter's own: it may not be kept.
    Never,
}

/// A page as an answer.
pub(crate) fn page(status: StatusCode, keep: Keep, template: &impl Template) -> Answer {
    let html = template.render().expect("our templates call nothing that fails");
    let mut answer = Answer::new(Bytes::from(html));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    let kept = match keep {
        Keep::Public => "no-cache",
        Keep::Never => "no-store",
    };
    let pairs: [(HeaderName, &'static str); 6] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, kept),
        (VARY, "Accept-Language"),
    ];
    for (name, value) in pairs {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Lets pages of these sites, and ours, have a frame with the page in it.
pub(super) fn allow_frames(answer: &mut Answer, sites: &[String]) {
    let allowed =
        POLICY.replace("frame-ancestors 'none'", &format!("frame-ancestors 'self' {}", sites.join(" ")));
    let headers = answer.headers_mut();
    // an answer that is no page has none
    if headers.contains_key(CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(allowed.trim_end())
    {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
}

/// 303: go there and read. `address` is one of ours or of the settings; what is none leads to the start.
pub(crate) fn see_other(address: &str) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    answer.headers_mut().insert(LOCATION, location);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
