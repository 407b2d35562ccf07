//! What a state's form says about an election that is over (quirk Q09, 2026-11).
//!
//! The states' files name elections of 2020 and 2021 by their day: as a value that goes onto the form, in notes, in what
//! the voter declares. Once such a day is over, nothing of that is printed, shown or signed.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};

use super::state_form::{AutoField, Block, Choice, Scalar, Section, StateForm};

/// The day that has begun everywhere in the country: an election of the day before is over from Guam to Hawaii.
#[must_use]
pub fn today_everywhere(now: DateTime<Utc>) -> NaiveDate {
    (now - TimeDelta::hours(12)).date_naive()
}

/// Whether a text names the day or the year of an election, and none that is still to come.
///
/// Days are `11/3/2020`, `November 3, 2020`, `Nov. 3, 2020`; without a year, `Nov. 3` is the general election's
/// (2 U.S.C. 7: the Tuesday after the first Monday of November in even years). A year is `the 2020 elections`.
#[must_use]
pub fn names_passed_election(text: &str, today: NaiveDate) -> bool {
    let ends: Vec<NaiveDate> = ends(text, today).collect();
    !ends.is_empty() && ends.iter().all(|end| *end < today)
}

/// The last days of what a text names.
fn ends(text: &str, today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    (0..words.len()).filter_map(move |at| {
        let word = |ahead: usize| words.get(at + ahead).copied().unwrap_or_default();
        if let Some(day) = NaiveDate::parse_from_str(word(0), "%m/%d/%Y").ok().filter(|_| word(0).len() >= 8)
        {
            return Some(day);
        }
        if let Some(month) = month(word(0)) {
            let day = number(word(1), 2)?;
            return match number(word(2), 4) {
                Some(year) => NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day),
                None => {
                    let next = general_election(today);
                    let is_it = (next.month(), next.day()) == (month, day);
                    Some(if is_it { next } else { today.checked_sub_days(Days::new(1))? })
                }
            };
        }
        let year = number(word(0), 4)?;
        let of_election = word(1).to_ascii_lowercase().starts_with("election");
        of_election.then(|| NaiveDate::from_ymd_opt(year.try_into().ok()?, 12, 31)).flatten()
    })
}

/// The next general election from a day on (2 U.S.C. 7).
fn general_election(from: NaiveDate) -> NaiveDate {
    (from.year()..)
        .filter(|year| year % 2 == 0)
        .filter_map(|year| NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Mon, 1))
        .filter_map(|monday| monday.succ_opt())
        .find(|day| *day >= from)
        .unwrap_or(from)
}

/// The month that a word is, whole or shortened to three letters or more.
fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let found = NAMES.iter().position(|name| word.len() >= 3 && name.starts_with(&word))?;
    u32::try_from(found + 1).ok()
}

/// A number of at most so many digits; four mean exactly four, as a year is written.
fn number(word: &str, digits: usize) -> Option<u32> {
    let fits = !word.is_empty() && word.len() <= digits && (digits < 4 || word.len() == digits);
    if fits { word.parse().ok() } else { None }
}

impl StateForm {
    /// Whether what goes onto the paper by itself, or what the voter declares, is of an election that is over. Such a form
    /// is not sent to an office unseen: the voter gets it to print, and writes the election.
    #[must_use]
    pub fn is_of_passed_election(&self, today: NaiveDate) -> bool {
        let declares = self.signature_statement.as_deref();
        declares.is_some_and(|text| names_passed_election(text, today)) || !self.passed(today).is_empty()
    }

    /// Where the form names an election by its day and so is right for that one only: fields, `signature_statement`,
    /// `form_fields`.
    #[must_use]
    pub fn election_days(&self) -> Vec<&str> {
        // every election that a file can name is over
        let after_all = NaiveDate::from_ymd_opt(9000, 1, 1).unwrap_or_default();
        let later = self.as_of(after_all);
        let mut named = self.passed(after_all);
        if later.signature_statement != self.signature_statement {
            named.push("signature_statement");
        }
        if later.sections != self.sections {
            named.push("form_fields");
        }
        named
    }

    /// The form without what is over: no value, note, option or declaration that names such an election.
    #[must_use]
    pub fn as_of(&self, today: NaiveDate) -> Self {
        let mut form = self.clone();
        let passed = self.passed(today);
        form.auto_fields.retain(|auto| !passed.contains(&auto.slug()));
        form.signature_statement.take_if(|text| names_passed_election(text, today));
        if let Some(sections) = &mut form.sections {
            // a section that had nothing but such a note goes with it
            sections.retain_mut(|section| !clear(section, today) || section.content.is_some());
        }
        form
    }

    /// The fields whose value is always the day of an election that is over; a day may stand in three fields.
    fn passed(&self, today: NaiveDate) -> Vec<&str> {
        let text = |auto: &AutoField| match auto {
            AutoField::Static { value: Scalar::Text(text), .. } => Some(text.clone()),
            _ => None,
        };
        let part = |name: &str, part: &str| {
            let slug = format!("{name}_{part}");
            self.auto_fields.iter().find(|auto| auto.slug() == slug).and_then(text)
        };
        let is_passed = |auto: &AutoField| {
            let Some(own) = text(auto) else { return false };
            let slug = auto.slug();
            let parts = slug.rsplit_once('_').filter(|(_, part)| ["month", "day", "year"].contains(part));
            let whole = parts.and_then(|(name, _)| {
                let (month, day) = (part(name, "month")?, part(name, "day")?);
                // the month may be a number
                let slashed = part(name, "year").map(|year| format!("{month}/{day}/{year}"));
                Some(format!(
                    "{month} {day} {} {}",
                    part(name, "year").unwrap_or_default(),
                    slashed.unwrap_or_default()
                ))
            });
            names_passed_election(whole.as_ref().unwrap_or(&own), today)
        };
        self.auto_fields.iter().filter(|auto| is_passed(auto)).map(AutoField::slug).collect()
    }
}

/// Clears a section, and says whether its note went.
fn clear(section: &mut Section, today: NaiveDate) -> bool {
    let note = section.note.take_if(|text| names_passed_election(text, today));
    section.content.iter_mut().flatten().for_each(|block| clear_block(block, today));
    note.is_some()
}

fn clear_block(block: &mut Block, today: NaiveDate) {
    let (note, revealed): (&mut Option<String>, Vec<&mut Vec<Block>>) = match block {
        Block::Radio(radio) => {
            radio.options.retain(|option: &Choice| !names_passed_election(&option.label, today));
            (&mut radio.note, radio.options.iter_mut().filter_map(|it| it.conditional.as_mut()).collect())
        }
        Block::Checkbox(checkbox) => (&mut checkbox.note, checkbox.conditional.iter_mut().collect()),
        Block::Text(text) => (&mut text.note, Vec::new()),
        Block::ElectionDate(date) => (&mut date.note, Vec::new()),
    };
    note.take_if(|text| names_passed_election(text, today));
    revealed.into_iter().flatten().for_each(|block| clear_block(block, today));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absentee::state_form::{Radio, SignatureBox};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn an_election_is_over_on_the_day_after() {
        for text in [
            "11/03/2020",
            "11/3/2020",
            "This form will request a ballot for the general election on Nov. 3, 2020.",
            "the election to be held on November 3, 2020 (date).",
            "an absentee ballot for the Nov. 3 general election",
        ] {
            assert!(!names_passed_election(text, day("2020-11-03")), "{text}");
            assert!(names_passed_election(text, day("2020-11-04")), "{text}");
        }
        let excuse = "Any voter may choose this for the 2020 elections.";
        assert!(!names_passed_election(excuse, day("2020-12-31")));
        assert!(names_passed_election(excuse, day("2021-01-01")));
        let two = "The primary on Sep. 1, 2026 and the general election on Nov. 3, 2026";
        assert!(!names_passed_election(two, day("2026-10-01")));
    }

    #[test]
    fn texts_without_an_election_are_never_over() {
        for text in [
            "",
            "General",
            "I may vote in person",
            "born on 1 May",
            "March with us",
            "Form 2020",
            "5",
            "65 or older",
        ] {
            assert!(!names_passed_election(text, day("2026-11-28")), "{text}");
        }
    }

    #[test]
    fn a_general_election_is_the_tuesday_after_the_first_monday_of_november_in_even_years() {
        for (from, expected) in [
            ("2020-01-01", "2020-11-03"),
            ("2020-11-03", "2020-11-03"),
            ("2020-11-04", "2022-11-08"),
            ("2026-11-03", "2026-11-03"),
            ("2026-11-28", "2028-11-07"),
        ] {
            assert_eq!(general_election(day(from)), day(expected), "{from}");
        }
    }

    #[test]
    fn an_election_is_not_over_before_its_day_has_ended_in_hawaii() {
        let at = |text: &str| today_everywhere(text.parse().expect("a time"));
        assert_eq!(at("2026-11-04T09:59:59Z"), day("2026-11-03"));
        assert_eq!(at("2026-11-04T12:00:00Z"), day("2026-11-04"));
    }

    fn always(slug: &str, value: &str) -> AutoField {
        AutoField::Static { slug: slug.into(), value: Scalar::Text(value.into()) }
    }

    fn nebraska() -> StateForm {
        let radio = Radio {
            options: ["I fear the virus, for the 2020 elections", "I am away"]
                .map(|label| Choice { label: label.into(), ..Choice::default() })
                .into(),
            ..Radio::default()
        };
        StateForm {
            signatures: [(1, SignatureBox { x: 1, y: 1, width: 1, height: 1 })].into(),
            signature_statement: Some("I vote on Nov. 3, 2020.".into()),
            sections: Some(vec![
                Section {
                    label: Some("Election".into()),
                    note: Some("For Nov. 3, 2020.".into()),
                    content: None,
                },
                Section { content: Some(vec![Block::Radio(radio)]), ..Section::default() },
            ]),
            auto_fields: vec![
                AutoField::Today { slug: "date".into() },
                always("election_month", "November"),
                always("election_day", "3"),
                always("election_year", "2020"),
                always("other_day", "3"),
                always("kind", "General"),
            ],
            ..StateForm::default()
        }
    }

    #[test]
    fn nothing_of_an_election_that_is_over_stays() {
        let form = nebraska();
        assert_eq!(
            form.election_days(),
            ["election_month", "election_day", "election_year", "signature_statement", "form_fields"]
        );
        assert!(form.is_of_passed_election(day("2020-11-04")));
        let now = form.as_of(day("2020-11-04"));
        let slugs: Vec<&str> = now.auto_fields.iter().map(AutoField::slug).collect();
        assert_eq!(slugs, ["date", "other_day", "kind"]);
        assert_eq!(now.signature_statement, None);
        let sections = now.sections.expect("questions stay");
        assert_eq!(sections.len(), 2 - 1);
        let [Block::Radio(radio)] = sections[0].content.as_deref().expect("a question") else { panic!() };
        assert_eq!(radio.options.len(), 2, "a year is over with its last day");
        let later = form.as_of(day("2021-01-01")).sections.expect("questions stay");
        let [Block::Radio(radio)] = later[0].content.as_deref().expect("a question") else { panic!() };
        assert_eq!(radio.options.len(), 1);
    }

    #[test]
    fn an_election_to_come_stays_as_it_is() {
        let form = nebraska();
        assert!(!form.is_of_passed_election(day("2020-11-03")));
        assert_eq!(form.as_of(day("2020-11-03")), form);
    }
}
