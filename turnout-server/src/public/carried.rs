//! What brought a voter here: the subscriber and the tracking fields in the address of a page. Every link and form of
//! ours keeps them, until they are stored with what the voter sends as a call of the API would store them.

use turnout_core::{
    input::Input,
    register::{RegistrationDraft, Scope},
    tracking::{SESSION_ID, TEXTS, clean_embed_url},
};

/// The parameter that names the subscriber (`http-api.md` 1.8).
const SUBSCRIBER: &str = "subscriber";

/// The tool that a voter came from (`http-api.md` 3.1).
const REFERRING_TOOL: &str = "referring_tool";

/// Names and values, each name once.
#[derive(Clone, Default)]
pub(super) struct Carried(Vec<(String, String)>);

impl Carried {
    /// Reads them of the pairs of a query; of a repeated name the last counts. A value that the API would refuse is
    /// left out, as no voter can mend it.
    pub(super) fn of(query: impl Iterator<Item = (String, String)>) -> Self {
        let query: Vec<_> = query.collect();
        let names = [SUBSCRIBER, SESSION_ID, REFERRING_TOOL].into_iter().chain(TEXTS);
        let last = |name: &str| query.iter().rev().find(|(other, _)| other == name).cloned();
        let mut pairs: Vec<_> = names.filter_map(last).collect();
        if pairs.is_empty() {
            return Self::default();
        }
        let refused = RegistrationDraft::check(&Input::form(pairs.clone()), Scope::Part, true).1;
        pairs.retain(|(name, _)| !refused.has(name));
        for (name, value) in &mut pairs {
            // its query may hold what somebody typed elsewhere
            if name == "embed_url" {
                *value = clean_embed_url(value.trim());
            }
        }
        Self(pairs)
    }

    /// The slug of the subscriber, as it was given.
    pub(super) fn subscriber(&self) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == SUBSCRIBER).map(|(_, slug)| slug.as_str())
    }

    /// All of them, for links and forms.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Those that are fields of a tool.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().filter(|(name, _)| name != SUBSCRIBER).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(query: &str) -> Vec<(String, String)> {
        Carried::of(url::form_urlencoded::parse(query.as_bytes()).into_owned()).0
    }

    fn names(query: &str) -> Vec<String> {
        carried(query).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_last_of_a_name_counts_and_other_names_stay_behind() {
        let found = carried("utm_source=a&token=x&first_name=Ann&utm_source=b+c&lang=es&subscriber=one&id=1");
        let expected = [("subscriber", "one"), ("utm_source", "b c")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_the_api_would_refuse_is_left_out() {
        assert_eq!(names("session_id=no&utm_term=a%00b&referring_tool=fax&utm_content="), ["utm_content"]);
        let good = "session_id=497C340E-5f38-44a1-917e-81cbc55ea7ab&referring_tool=verify&source=x";
        assert_eq!(names(good), ["session_id", "referring_tool", "source"]);
    }

    #[test]
    fn the_query_of_the_embedding_page_is_not_carried() {
        let found = carried("embed_url=https%3A%2F%2Fexample.org%2Fvote%3Femail%3Da%40b.co");
        assert_eq!(found[0].1, "https://example.org/vote");
    }

    #[test]
    fn the_subscriber_is_no_field_of_a_registration() {
        let query = [("subscriber", "one"), ("source", "x")];
        let carried = Carried::of(query.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(carried.subscriber(), Some("one"));
        assert_eq!(carried.fields().map(|(name, _)| name).collect::<Vec<_>>(), ["source"]);
    }
}
