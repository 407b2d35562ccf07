//! The language in which an audience is described.
//!
//! ```text
//! tool in (register, absentee) and state = OH and zip = 441 and opted_in and not finished and since 2026-09-01
//! ```
//!
//! Clauses joined by `and`, each of which may begin with `not`. There are no others than these, no `or` but a list, no names
//! of tables or columns: a filter becomes values that a store binds, and never a part of a statement.
//!
//! | clause | whom it describes |
//! |---|---|
//! | `subscriber = acme`, `subscriber in (acme, zeta)` | voters of these subscribers, by slug |
//! | `tool = register` | who used it: `register`, `absentee`, `verify`, `remind` |
//! | `state = OH` | who lives there, by the state's code |
//! | `zip = 441`, `zip in (44101, 450)` | whose ZIP code begins so |
//! | `county = "Cuyahoga County"` | whose region lies in it, as the list of election offices calls it, in any case of its plain letters |
//! | `region = 431401` | whose region it is, by the supplier's number |
//! | `opted_in` | who agreed to texts of the organization on that form |
//! | `opted_in_to_subscriber` | who agreed to those of the subscriber |
//! | `finished` | who finished what they began |
//! | `since 2026-09-01`, `before 2026-10-01` | who began on that day (UTC) or later; before it |

use std::{fmt, str::Chars};

use chrono::{DateTime, NaiveDate, Utc};

use super::Tool;
use crate::{
    address::State,
    ids::{RegionId, SubscriberId},
};

/// The longest filter, in characters.
const LONGEST: usize = 10_000;

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {what}")]
pub struct Complaint {
    /// The character at which it begins, from 1.
    pub at: usize,
    /// A clause: what is wrong, and what is possible.
    pub what: String,
}

/// Values of which one is to be there, and values of which none is. Without values nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values<T> {
    /// One of these, if there are any.
    pub any: Vec<T>,
    /// None of these.
    pub none: Vec<T>,
}

impl<T> Default for Values<T> {
    fn default() -> Self {
        Self { any: Vec::new(), none: Vec::new() }
    }
}

impl<T> Values<T> {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.none.is_empty()
    }

    /// Whether what is known meets it: what is unknown is none of the values.
    fn meets(&self, is: impl Fn(&T) -> bool) -> bool {
        (self.any.is_empty() || self.any.iter().any(&is)) && !self.none.iter().any(is)
    }
}

/// Whom a blast is for. Every part has to be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter<S = SubscriberId> {
    /// Whose voters.
    pub subscribers: Values<S>,
    /// What they used.
    pub tools: Values<Tool>,
    /// Where they live.
    pub states: Values<State>,
    /// How their ZIP codes begin: 1 to 5 digits each.
    pub zips: Values<String>,
    /// The counties of their regions, their plain letters in lower case.
    pub counties: Values<String>,
    /// Their regions.
    pub regions: Values<RegionId>,
    /// Whether they agreed to texts of the organization.
    pub opted_in: Option<bool>,
    /// Whether they agreed to texts of the subscriber.
    pub opted_in_to_subscriber: Option<bool>,
    /// Whether they finished.
    pub finished: Option<bool>,
    /// When they began at the earliest.
    pub since: Option<DateTime<Utc>>,
    /// Before when they began.
    pub before: Option<DateTime<Utc>>,
}

/// Everybody.
impl<S> Default for Filter<S> {
    fn default() -> Self {
        Self {
            subscribers: Values::default(),
            tools: Values::default(),
            states: Values::default(),
            zips: Values::default(),
            counties: Values::default(),
            regions: Values::default(),
            opted_in: None,
            opted_in_to_subscriber: None,
            finished: None,
            since: None,
            before: None,
        }
    }
}

/// A slug in a filter, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlugAt {
    /// The slug.
    pub slug: String,
    /// The character at which it begins, from 1.
    pub at: usize,
}

/// What is known of somebody who used a tool, as far as filters ask.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The tool.
    pub tool: Tool,
    /// Whose voter it is.
    pub subscriber: Option<SubscriberId>,
    /// Where the voter lives.
    pub state: Option<State>,
    /// The ZIP code, as it was given.
    pub zip: Option<&'a str>,
    /// The voter's region.
    pub region: Option<RegionId>,
    /// The county of that region.
    pub county: Option<&'a str>,
    /// Whether the voter agreed to texts of the organization.
    pub opted_in: bool,
    /// Whether the voter agreed to texts of the subscriber.
    pub opted_in_to_subscriber: bool,
    /// Whether the voter finished.
    pub finished: bool,
    /// When the voter began.
    pub began_at: DateTime<Utc>,
}

impl Filter {
    /// Whether it describes somebody.
    #[must_use]
    pub fn describes(&self, it: &Facts<'_>) -> bool {
        let is = |asked: Option<bool>, known: bool| asked.is_none_or(|asked| asked == known);
        let county = it.county.map(str::to_ascii_lowercase);
        self.subscribers.meets(|id| it.subscriber == Some(*id))
            && self.tools.meets(|tool| it.tool == *tool)
            && self.states.meets(|state| it.state == Some(*state))
            && self.zips.meets(|prefix| it.zip.is_some_and(|zip| zip.starts_with(prefix.as_str())))
            && self.counties.meets(|name| county.as_ref() == Some(name))
            && self.regions.meets(|id| it.region == Some(*id))
            && is(self.opted_in, it.opted_in)
            && is(self.opted_in_to_subscriber, it.opted_in_to_subscriber)
            && is(self.finished, it.finished)
            && self.since.is_none_or(|since| it.began_at >= since)
            && self.before.is_none_or(|before| it.began_at < before)
    }

    /// The tools whose voters it may describe.
    pub fn of_tools(&self) -> impl Iterator<Item = Tool> {
        Tool::ALL.iter().copied().filter(|tool| self.tools.meets(|it| it == tool))
    }
}

impl Filter<SlugAt> {
    /// Reads a filter. The subscribers are still to be looked up.
    ///
    /// # Errors
    /// What is wrong with it: everything that can be told at once, in order.
    pub fn parse(text: &str) -> Result<Self, Vec<Complaint>> {
        let mut parser = Parser::new(text);
        let mut filter = Self::default();
        if text.chars().count() > LONGEST {
            let what = format!("a filter has at most {LONGEST} characters: upload a list instead");
            return Err(vec![Complaint { at: LONGEST + 1, what }]);
        }
        let read = parser.filter(&mut filter);
        let mut complaints = parser.complaints;
        complaints.extend(read.err());
        if complaints.is_empty() { Ok(filter) } else { Err(complaints) }
    }

    /// The same of subscribers that were looked up.
    #[must_use]
    pub fn with_subscribers(self, subscribers: Values<SubscriberId>) -> Filter {
        Filter {
            subscribers,
            tools: self.tools,
            states: self.states,
            zips: self.zips,
            counties: self.counties,
            regions: self.regions,
            opted_in: self.opted_in,
            opted_in_to_subscriber: self.opted_in_to_subscriber,
            finished: self.finished,
            since: self.since,
            before: self.before,
        }
    }
}

/// The parts of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A word, a number, a day: letters, digits, `-`, `_`, `.` and `*`.
    Word(String),
    /// A text between quotes.
    Quoted(String),
    /// `(`, `)`, `,` or `=`.
    Sign(char),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Quoted(text) => write!(f, "\"{text}\""),
            Self::Sign(sign) => write!(f, "{sign}"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// What clauses begin with.
const CLAUSES: &str = "subscriber, tool, state, zip, county, region, opted_in, opted_in_to_subscriber, finished, since, \
                       before";

struct Parser<'a> {
    rest: Chars<'a>,
    /// How many characters were read.
    read: usize,
    complaints: Vec<Complaint>,
    /// The clauses that were there, with whether they were negated.
    seen: Vec<(String, bool)>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.chars(), read: 0, complaints: Vec::new(), seen: Vec::new() }
    }

    fn filter(&mut self, filter: &mut Filter<SlugAt>) -> Result<(), Complaint> {
        loop {
            self.clause(filter)?;
            match self.take()? {
                (_, Token::End) => return Ok(()),
                (_, Token::Word(word)) if word.eq_ignore_ascii_case("and") => {}
                (at, Token::Word(word)) if word.eq_ignore_ascii_case("or") => {
                    let what =
                        "there is no \"or\": name several values as in state in (OH, MI), or plan two blasts";
                    return Err(Complaint { at, what: what.to_owned() });
                }
                (at, token) => {
                    return Err(Complaint {
                        at,
                        what: format!("\"and\" or the end has to be here, not {token}"),
                    });
                }
            }
        }
    }

    fn clause(&mut self, filter: &mut Filter<SlugAt>) -> Result<(), Complaint> {
        let (mut at, mut token) = self.take()?;
        let is_not = matches!(&token, Token::Word(word) if word.eq_ignore_ascii_case("not"));
        if is_not {
            (at, token) = self.take()?;
        }
        let Token::Word(name) = token else {
            return Err(Complaint {
                at,
                what: format!("a clause has to begin here, not {token}: one of {CLAUSES}"),
            });
        };
        let name = name.to_ascii_lowercase();
        let seen = (name.clone(), is_not);
        if self.seen.contains(&seen) {
            self.complain(at, format!("{name} is there twice: name all its values in one list"));
        }
        self.seen.push(seen);
        match name.as_str() {
            "subscriber" => self.values(is_not, &mut filter.subscribers, |at, text| {
                Ok(SlugAt { slug: text.to_owned(), at })
            })?,
            "tool" => self.values(is_not, &mut filter.tools, |_, text| {
                Tool::parse(&text.to_ascii_lowercase()).ok_or_else(|| {
                    let tools: Vec<&str> = Tool::ALL.iter().map(|tool| tool.wire()).collect();
                    format!("there is no tool {text}: it is one of {}", tools.join(", "))
                })
            })?,
            "state" => self.values(is_not, &mut filter.states, |_, text| {
                State::parse(&text.to_ascii_uppercase())
                    .ok_or_else(|| format!("there is no state {text}: say its code, as OH"))
            })?,
            "zip" => self.values(is_not, &mut filter.zips, |_, text| {
                let digits = text.strip_suffix('*').unwrap_or(text);
                let is_prefix =
                    (1..=5).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
                if is_prefix {
                    Ok(digits.to_owned())
                } else {
                    Err(format!("{text} is not how a ZIP code begins: say 1 to 5 digits"))
                }
            })?,
            "county" => self.values(is_not, &mut filter.counties, |_, text| Ok(text.to_ascii_lowercase()))?,
            "region" => self.values(is_not, &mut filter.regions, |_, text| {
                text.parse().map(RegionId).map_err(|_| format!("{text} is no number of a region"))
            })?,
            "opted_in" => filter.opted_in = Some(!is_not),
            "opted_in_to_subscriber" => filter.opted_in_to_subscriber = Some(!is_not),
            "finished" => filter.finished = Some(!is_not),
            "since" | "before" => {
                if is_not {
                    let other = if name == "since" { "before" } else { "since" };
                    self.complain(at, format!("{name} takes no \"not\": say {other}"));
                }
                let day = self.day()?;
                if name == "since" { filter.since = day } else { filter.before = day }
            }
            _ => {
                return Err(Complaint {
                    at,
                    what: format!("there is no clause {name}: it is one of {CLAUSES}"),
                });
            }
        }
        Ok(())
    }

    /// `= value`, `in (value, value)`.
    fn values<T>(
        &mut self,
        is_not: bool,
        into: &mut Values<T>,
        read: impl Fn(usize, &str) -> Result<T, String>,
    ) -> Result<(), Complaint> {
        let (at, token) = self.take()?;
        let is_list = match &token {
            Token::Sign('=') => false,
            Token::Word(word) if word.eq_ignore_ascii_case("in") => true,
            _ => {
                return Err(Complaint { at, what: format!("\"=\" or \"in (\" has to be here, not {token}") });
            }
        };
        if is_list {
            self.sign('(')?;
        }
        loop {
            let (at, text) = match self.take()? {
                (at, Token::Word(text) | Token::Quoted(text)) if !text.is_empty() => (at, text),
                (at, token) => {
                    return Err(Complaint { at, what: format!("a value has to be here, not {token}") });
                }
            };
            match read(at, &text) {
                Ok(value) if is_not => into.none.push(value),
                Ok(value) => into.any.push(value),
                Err(what) => self.complain(at, what),
            }
            if !is_list {
                return Ok(());
            }
            match self.take()? {
                (_, Token::Sign(',')) => {}
                (_, Token::Sign(')')) => return Ok(()),
                (at, token) => {
                    return Err(Complaint {
                        at,
                        what: format!("\",\" or \")\" has to be here, not {token}"),
                    });
                }
            }
        }
    }

    fn day(&mut self) -> Result<Option<DateTime<Utc>>, Complaint> {
        let (at, token) = self.take()?;
        let text = match token {
            Token::Word(text) | Token::Quoted(text) => text,
            token => return Err(Complaint { at, what: format!("a day has to be here, not {token}") }),
        };
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        if day.is_none() {
            self.complain(at, format!("{text} is no day: say it as 2026-11-03"));
        }
        Ok(day.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|start| start.and_utc()))
    }

    fn sign(&mut self, wanted: char) -> Result<(), Complaint> {
        match self.take()? {
            (_, Token::Sign(sign)) if sign == wanted => Ok(()),
            (at, token) => Err(Complaint { at, what: format!("\"{wanted}\" has to be here, not {token}") }),
        }
    }

    fn complain(&mut self, at: usize, what: String) {
        self.complaints.push(Complaint { at, what });
    }

    fn take(&mut self) -> Result<(usize, Token), Complaint> {
        let sign = loop {
            match self.letter() {
                Some(blank) if blank.is_whitespace() => {}
                Some(sign) => break sign,
                None => return Ok((self.read + 1, Token::End)),
            }
        };
        let at = self.read;
        match sign {
            '(' | ')' | ',' | '=' => Ok((at, Token::Sign(sign))),
            '"' => {
                let mut text = String::new();
                loop {
                    match self.letter() {
                        Some('"') => return Ok((at, Token::Quoted(text))),
                        Some(letter) => text.push(letter),
                        None => return Err(Complaint { at, what: "the quote is never closed".to_owned() }),
                    }
                }
            }
            letter if is_of_word(letter) => {
                let mut word = String::from(letter);
                while self.rest.clone().next().is_some_and(is_of_word) {
                    word.extend(self.letter());
                }
                Ok((at, Token::Word(word)))
            }
            other => Err(Complaint {
                at,
                what: format!("{other:?} means nothing here: a name with signs is quoted"),
            }),
        }
    }

    fn letter(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        self.read += 1;
        Some(letter)
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn parsed(text: &str) -> Filter<SlugAt> {
        Filter::parse(text).unwrap_or_else(|complaints| panic!("{text}: {complaints:?}"))
    }

    fn complaints(text: &str) -> Vec<String> {
        let complaints = Filter::parse(text).expect_err("it is wrong");
        complaints.iter().map(ToString::to_string).collect()
    }

    fn at(day: &str) -> DateTime<Utc> {
        format!("{day}T00:00:00Z").parse().expect("a moment")
    }

    #[test]
    fn every_clause_is_read_whatever_its_case_and_blanks() {
        let filter = parsed(
            "subscriber in (acme, \"zeta\") AND Tool = register and not tool in (verify,remind)\n\
             and state in ( OH , fl ) and not state = MI and zip in (441*, 45011) and county = \"St. Clair County\" \
             and not region = 431401 and opted_in and not opted_in_to_subscriber and NOT finished \
             and since 2026-09-01 and before 2026-11-03",
        );
        let slugs: Vec<(&str, usize)> =
            filter.subscribers.any.iter().map(|it| (it.slug.as_str(), it.at)).collect();
        assert_eq!(slugs, [("acme", 16), ("zeta", 22)]);
        assert_eq!(
            filter.tools,
            Values { any: vec![Tool::Register], none: vec![Tool::Verify, Tool::Remind] }
        );
        assert_eq!(filter.states, Values { any: vec![State::Oh, State::Fl], none: vec![State::Mi] });
        assert_eq!(filter.zips.any, ["441", "45011"]);
        assert_eq!(filter.counties.any, ["st. clair county"]);
        assert_eq!(filter.regions, Values { any: Vec::new(), none: vec![RegionId(431_401)] });
        assert_eq!((filter.opted_in, filter.opted_in_to_subscriber), (Some(true), Some(false)));
        assert_eq!(filter.finished, Some(false));
        assert_eq!((filter.since, filter.before), (Some(at("2026-09-01")), Some(at("2026-11-03"))));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, expected) in [
            ("", &["character 1: a clause has to begin here, not the end"][..]),
            ("  stat = OH", &["character 3: there is no clause stat"]),
            ("state OH", &["character 7: \"=\" or \"in (\" has to be here, not OH"]),
            ("state = OH state = MI", &["character 12: \"and\" or the end has to be here, not state"]),
            ("state = OH or state = MI", &["character 12: there is no \"or\""]),
            ("state = OH and state = MI", &["character 16: state is there twice"]),
            (
                "state = ZZ and tool = vote",
                &["character 9: there is no state ZZ", "character 23: there is no tool vote"],
            ),
            (
                "state in (OH, ZZ",
                &["character 15: there is no state ZZ", "character 17: \",\" or \")\" has to be here"],
            ),
            ("state in OH", &["character 10: \"(\" has to be here, not OH"]),
            ("zip = 4410a", &["character 7: 4410a is not how a ZIP code begins"]),
            ("zip = 441012", &["character 7: 441012 is not"]),
            ("region = north", &["character 10: north is no number of a region"]),
            ("since yesterday", &["character 7: yesterday is no day"]),
            ("not since 2026-01-01", &["character 5: since takes no \"not\": say before"]),
            ("county = \"Ohio", &["character 10: the quote is never closed"]),
            ("opted_in; DROP TABLE job", &["character 9: ';' means nothing here"]),
            ("é = 1 and ' = 1", &["character 1: there is no clause é"]),
        ] {
            let found = complaints(text);
            assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
            for (found, expected) in found.iter().zip(expected) {
                assert!(found.starts_with(expected), "{text}: {found}");
            }
        }
        assert!(complaints(&"a".repeat(10_001))[0].starts_with("character 10001"));
    }

    fn facts() -> Facts<'static> {
        Facts {
            tool: Tool::Register,
            subscriber: Some(SubscriberId(Uuid::from_u128(1))),
            state: Some(State::Oh),
            zip: Some("44101-2345"),
            region: Some(RegionId(7)),
            county: Some("CUYAHOGA COUNTY"),
            opted_in: true,
            opted_in_to_subscriber: false,
            finished: false,
            began_at: at("2026-09-02"),
        }
    }

    #[test]
    fn whoever_meets_every_clause_is_described() {
        let unknown = Facts { state: None, zip: None, region: None, county: None, ..facts() };
        for (text, known, not_known) in [
            ("tool = register", true, true),
            ("not tool = register", false, false),
            ("state in (MI, OH)", true, false),
            ("not state = OH", false, true),
            ("zip = 441", true, false),
            ("zip = 442", false, false),
            ("not zip = 442", true, true),
            ("county = \"Cuyahoga County\"", true, false),
            ("region in (7, 8)", true, false),
            ("not region = 7", false, true),
            ("opted_in and not finished", true, true),
            ("opted_in_to_subscriber", false, false),
            ("since 2026-09-02 and before 2026-09-03", true, true),
            ("since 2026-09-03", false, false),
            ("before 2026-09-02", false, false),
            ("state = OH and finished", false, false),
        ] {
            let filter = parsed(text).with_subscribers(Values::default());
            assert_eq!(filter.describes(&facts()), known, "{text}");
            assert_eq!(filter.describes(&unknown), not_known, "{text}");
        }
        let one = SubscriberId(Uuid::from_u128(1));
        let of = |any, none| parsed("opted_in").with_subscribers(Values { any, none });
        assert!(of(vec![one], vec![]).describes(&facts()));
        assert!(!of(vec![], vec![one]).describes(&facts()));
        assert!(!of(vec![one], vec![]).describes(&Facts { subscriber: None, ..facts() }));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser_and_every_complaint_is_within_it(text in "[a-z=(),\" é_0-9-]{0,60}") {
            if let Err(complaints) = Filter::parse(&text) {
                prop_assert!(!complaints.is_empty());
                for complaint in complaints {
                    prop_assert!((1..=text.chars().count() + 1).contains(&complaint.at), "{complaint}");
                }
            }
        }
    }
}
