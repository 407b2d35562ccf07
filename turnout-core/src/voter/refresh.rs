//! What is known of a registration, and how an answer of a roll changes it (`flows.md` 9, the registration status rule).

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// What is known of a voter's registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether the voter is registered; not known before a roll said so.
    pub registered: Option<bool>,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// How fresh that knowledge is.
    pub as_of: Option<DateTime<Utc>>,
}

impl Standing {
    /// Takes in what a roll says: whether the voter is registered, since when, and how fresh that is.
    ///
    /// Older knowledge changes nothing, and no negative answer overrides a positive one whose freshness is not known: such
    /// a one is as fresh as the registration itself. An answer that is older than the registration it speaks of counts as
    /// none.
    pub fn refresh(&mut self, registered: bool, since: Option<NaiveDate>, as_of: Option<DateTime<Utc>>) {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        if since.zip(as_of).is_some_and(|(since, as_of)| start(since) > as_of) {
            return;
        }
        let is_newer = as_of.zip(self.as_of).is_some_and(|(theirs, ours)| theirs > ours);
        if registered {
            if self.as_of.is_none() || is_newer {
                self.since = self.since.max(since);
                self.registered = Some(true);
                self.as_of = as_of.or(since.map(start));
            }
        } else if self.registered == Some(true) {
            let is_fresher_than_the_registration =
                self.since.zip(self.as_of).is_some_and(|(since, ours)| ours > start(since));
            if is_fresher_than_the_registration && is_newer {
                *self = Self { registered: Some(false), since: None, as_of };
            }
        } else if is_newer {
            self.as_of = as_of;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, number).expect("a day of January")
    }

    fn at(number: u32) -> DateTime<Utc> {
        day(number).and_time(NaiveTime::MIN).and_utc()
    }

    fn standing(registered: Option<bool>, since: Option<u32>, as_of: Option<u32>) -> Standing {
        Standing { registered, since: since.map(day), as_of: as_of.map(at) }
    }

    #[test]
    fn an_answer_changes_what_is_known_by_the_rule_of_the_contract() {
        let (yes, no) = (Some(true), Some(false));
        for (before, (registered, since, as_of), after) in [
            // registered, and nothing or something older is known
            ((None, None, None), (true, Some(3), Some(3)), (yes, Some(3), Some(3))),
            ((None, None, None), (true, Some(3), None), (yes, Some(3), Some(3))),
            ((None, None, None), (true, None, None), (yes, None, None)),
            ((yes, Some(3), Some(3)), (true, Some(5), Some(5)), (yes, Some(5), Some(5))),
            ((yes, Some(3), Some(3)), (true, Some(3), Some(9)), (yes, Some(3), Some(9))),
            ((yes, Some(5), Some(6)), (true, Some(3), Some(9)), (yes, Some(5), Some(9))),
            ((no, None, Some(4)), (true, Some(7), Some(7)), (yes, Some(7), Some(7))),
            // registered, and something as fresh or fresher is known
            ((yes, Some(5), Some(5)), (true, Some(3), Some(3)), (yes, Some(5), Some(5))),
            ((yes, Some(5), Some(5)), (true, Some(5), Some(5)), (yes, Some(5), Some(5))),
            ((no, None, Some(9)), (true, Some(7), Some(7)), (no, None, Some(9))),
            ((no, None, Some(9)), (true, Some(7), None), (no, None, Some(9))),
            // not registered any more
            ((yes, Some(3), Some(5)), (false, None, Some(9)), (no, None, Some(9))),
            ((yes, Some(3), Some(5)), (false, Some(2), Some(9)), (no, None, Some(9))),
            // not registered, against a positive answer of unknown or greater freshness
            ((yes, Some(3), Some(3)), (false, None, Some(9)), (yes, Some(3), Some(3))),
            ((yes, Some(3), Some(9)), (false, None, Some(9)), (yes, Some(3), Some(9))),
            ((yes, None, Some(5)), (false, None, Some(9)), (yes, None, Some(5))),
            ((yes, Some(3), Some(5)), (false, None, None), (yes, Some(3), Some(5))),
            // still not registered
            ((no, None, Some(4)), (false, None, Some(9)), (no, None, Some(9))),
            ((None, None, Some(4)), (false, None, Some(9)), (None, None, Some(9))),
            ((no, None, Some(4)), (false, None, Some(2)), (no, None, Some(4))),
            ((None, None, None), (false, None, Some(9)), (None, None, None)),
            // older than what it speaks of
            ((None, None, None), (true, Some(5), Some(4)), (None, None, None)),
        ] {
            let mut known = standing(before.0, before.1, before.2);
            known.refresh(registered, since.map(day), as_of.map(at));
            let answer = (registered, since, as_of);
            assert_eq!(known, standing(after.0, after.1, after.2), "{before:?} and {answer:?}");
        }
    }

    fn number() -> impl Strategy<Value = Option<u32>> {
        prop::option::of(1_u32..28)
    }

    proptest! {
        #[test]
        fn knowledge_never_grows_older_and_no_doubtful_no_ends_a_registration(
            answers in prop::collection::vec((any::<bool>(), number(), number()), 1..40),
        ) {
            let mut known = Standing::default();
            for (registered, since, as_of) in answers {
                let before = known;
                known.refresh(registered, since.map(day), as_of.map(at));
                prop_assert!(known.as_of >= before.as_of);
                if before.registered == Some(true) && known.registered != Some(true) {
                    let fresh = before.since.zip(before.as_of).is_some_and(|(since, of)| of.date_naive() > since);
                    prop_assert!(fresh && !registered && known.as_of > before.as_of);
                }
            }
        }
    }
}
