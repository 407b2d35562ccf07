//! What the pages say: sentences from Fluent, in English and Spanish.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use turnout_core::{address::State, problems::Problem};

/// A language the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "en-US",
        &[
            include_str!("../../locales/en/pages.ftl"),
            include_str!("../../locales/en/problems.ftl"),
            include_str!("../../locales/en/states.ftl"),
        ],
    )
});

static SPANISH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        "es-US",
        &[
            include_str!("../../locales/es/pages.ftl"),
            include_str!("../../locales/es/problems.ftl"),
            include_str!("../../locales/es/states.ftl"),
        ],
    )
});

fn bundle(tag: &str, texts: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![tag.parse().expect("a language tag")]);
    bundle.set_use_isolating(false);
    for text in texts {
        let resource = FluentResource::try_new((*text).to_owned()).expect("a test parses these very files");
        bundle.add_resource(resource).expect("a test sees to it that no key comes twice");
    }
    bundle
}

impl Speech {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::English, Self::Spanish];

    /// The language of a BCP 47 tag, when we speak it.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.iter().copied().find(|speech| speech.tag().eq_ignore_ascii_case(primary))
    }

    /// The best language for an `Accept-Language` header (RFC 9110 12.5.4); English where none fits.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::English, 0.0_f32);
        for part in header.split(',') {
            let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = match weight.trim().strip_prefix("q=") {
                Some(weight) => weight.parse().unwrap_or(0.0),
                None => 1.0,
            };
            if let Some(speech) = Self::parse(tag)
                && weight > best.1
            {
                best = (speech, weight);
            }
        }
        best.0
    }

    /// Its tag, as in `lang` attributes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The other languages.
    pub fn others(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |speech| *speech != self)
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
        }
    }

    /// Whether there is a sentence for `key`.
    #[must_use]
    pub fn knows(self, key: &str) -> bool {
        self.bundle().get_message(key).is_some_and(|message| message.value().is_some())
    }

    fn format(self, key: &str, args: &FluentArgs<'_>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            debug_assert!(false, "no sentence for {key}");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        text
    }

    /// The sentence for `key`.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.format(key, &FluentArgs::new())
    }

    /// The sentence for `key` with values in it.
    #[must_use]
    pub fn say_with<'a, const N: usize>(self, key: &str, values: [(&'a str, FluentValue<'a>); N]) -> String {
        self.format(key, &values.into_iter().collect())
    }

    /// The name of a state.
    #[must_use]
    pub fn state(self, state: State) -> String {
        self.say(&format!("state-{}", state.code().to_lowercase()))
    }

    /// What is wrong with a field, for the person who filled it in. A sentence made for that field wins.
    #[must_use]
    pub fn problem(self, field: &str, problem: &Problem) -> String {
        let own = format!("{}-{field}", problem.key());
        if self.knows(&own) {
            return self.say(&own);
        }
        match problem {
            Problem::TooLong(most) => self.say_with(problem.key(), [("most", (*most).into())]),
            _ if self.knows(problem.key()) => self.say(problem.key()),
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_header_chooses_by_weight_and_english_is_left() {
        for (header, speech) in [
            ("", Speech::English),
            ("de", Speech::English),
            ("es-MX", Speech::Spanish),
            ("en;q=0.4, es;q=0.8", Speech::Spanish),
            ("en-US,en;q=0.9,es;q=0.8", Speech::English),
            ("fr, es;q=0.1", Speech::Spanish),
            ("es;q=0", Speech::English),
            ("es;q=x", Speech::English),
        ] {
            assert_eq!(Speech::accepted(header), speech, "{header}");
        }
    }

    #[test]
    fn numbers_have_their_plural_in_both_languages() {
        let one =
            |speech: Speech, days: u16| speech.say_with("facts-deadline-postmarked", [("days", days.into())]);
        assert!(one(Speech::English, 1).contains("one day"));
        assert!(one(Speech::English, 30).contains("30 days"));
        assert!(one(Speech::Spanish, 1).contains("un día"));
        assert!(one(Speech::Spanish, 30).contains("30 días"));
    }

    #[test]
    fn a_sentence_made_for_a_field_wins() {
        let say = |field| Speech::English.problem(field, &Problem::Required);
        assert_eq!(say("first_name"), "Fill this in.");
        assert_eq!(say("date_of_birth"), "Enter your date of birth.");
        assert!(Speech::Spanish.problem("city", &Problem::TooLong(5)).contains('5'));
        let unknown = Problem::Other("problem-of-tomorrow", "A new rule.".into());
        assert_eq!(Speech::Spanish.problem("city", &unknown), "A new rule.");
    }

    #[test]
    fn every_problem_of_core_has_a_sentence() {
        let mut seen = 0;
        let core = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../turnout-core/src");
        let mut folders = vec![core];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for part in text.split("\"problem-").skip(1) {
                    let key = format!("problem-{}", part.split('"').next().unwrap());
                    assert!(
                        Speech::ALL.iter().all(|speech| speech.knows(&key)),
                        "{key} in {}",
                        path.display()
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 20, "core's keys were not found");
    }
}
