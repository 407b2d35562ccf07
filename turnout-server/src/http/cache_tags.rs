//! `Cache-Tag`: what a purge at the CDN can name (`http-api.md` 1.6).

use std::collections::HashMap;

use http::HeaderValue;
use turnout_core::{address::State, ports::cdn};

use super::settings::TagSettings;

/// The headers of one deployment. What most answers have is made once.
pub(super) struct CacheTags {
    settings: TagSettings,
    common: HeaderValue,
    states: HeaderValue,
    by_state: HashMap<&'static str, HeaderValue>,
}

impl CacheTags {
    pub(super) fn new(settings: &TagSettings) -> Self {
        let listed = State::ALL.iter().filter(|state| !state.is_territory()).map(|state| state.code());
        let listed: Vec<&'static str> = listed.collect();
        Self {
            settings: settings.clone(),
            common: header(settings, &[]),
            states: of_facts(settings, "state", &listed),
            by_state: listed.iter().map(|code| (*code, of_facts(settings, "state", &[code]))).collect(),
        }
    }

    /// Of an answer without election data.
    pub(super) fn common(&self) -> HeaderValue {
        self.common.clone()
    }

    /// Of what is known about all states.
    pub(super) fn of_states(&self) -> HeaderValue {
        self.states.clone()
    }

    /// Of what is known about a state, by its code as it was sent.
    pub(super) fn of_state(&self, code: &str) -> HeaderValue {
        let made = || of_facts(&self.settings, "state", &[code]);
        self.by_state.get(code).cloned().unwrap_or_else(made)
    }

    /// Of kinds of facts, by their ids.
    pub(super) fn of_fields(&self, ids: &[&str]) -> HeaderValue {
        of_facts(&self.settings, "stateinformationfieldtype", ids)
    }
}

/// The tags of an answer with election data.
fn of_facts(settings: &TagSettings, model: &str, keys: &[&str]) -> HeaderValue {
    header(settings, &[&["election", model, "election.api_views"], keys].concat())
}

/// The tags of every answer, then `more`, each with the deployment's prefix.
fn header(settings: &TagSettings, more: &[&str]) -> HeaderValue {
    let raw = [
        format!("detail_{}", settings.cloud_detail),
        format!("tag_{}", settings.tag),
        format!("build_{}", settings.build),
        format!("env_{}", settings.env),
    ];
    let tags: Vec<String> = raw
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .map(|tag| cdn::tag(&settings.env, tag))
        .collect();
    HeaderValue::from_str(&tags.join(",")).expect("a slug is letters, digits, - and _")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_slugs_with_the_prefix_of_the_deployment() {
        let settings = TagSettings {
            env: "pytest".into(),
            tag: "1.2.3".into(),
            build: "A b".into(),
            ..TagSettings::default()
        };
        let more = ["election.api_views", "IL", "x\r\ny"];
        assert_eq!(
            header(&settings, &more),
            "topytestdetail_,topytesttag_123,topytestbuild_a-b,topytestenv_pytest,\
             topytestelectionapi_views,topytestil,topytestx-y"
        );
    }

    #[test]
    fn empty_settings_still_give_their_tags() {
        assert_eq!(header(&TagSettings::default(), &[]), "todetail_,totag_,tobuild_,toenv_");
    }
}
