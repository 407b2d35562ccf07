//! The hours at which texts may arrive: the federal ones, our own, and those of states that are stricter, as a table.
//!
//! The states' laws are about calls and texts that sell something. What we write sells nothing, and some of them exempt
//! it; we keep to all of them nevertheless. They were read in secondary pages, the day that stands with each.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

use super::Rule;
use crate::address::State;

/// From when to when, local time. The end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first full hour.
    pub opens: u32,
    /// The full hour at which it is over.
    pub closes: u32,
}

impl Window {
    const fn new(opens: u32, closes: u32) -> Self {
        Self { opens, closes }
    }

    /// Whether a time is in it.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        let hour = chrono::Timelike::hour(&time);
        (self.opens..self.closes).contains(&hour)
    }
}

/// A day on which a state allows no texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Each of the legal public holidays of the United States (5 U.S.C. 6103), and the weekday on which one that falls
    /// on a weekend is observed.
    Federal,
    /// The so-many-eth such weekday of a month.
    Nth(u8, Weekday, u32),
    /// The last such weekday of a month.
    Last(Weekday, u32),
    /// So many days after Easter Sunday.
    Easter(i64),
}

/// What a state allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateLaw {
    /// The state.
    pub state: State,
    /// Monday to Friday.
    pub weekdays: Window,
    /// Saturday.
    pub saturday: Option<Window>,
    /// Sunday.
    pub sunday: Option<Window>,
    /// Days on which nothing is allowed.
    pub never: &'static [Day],
    /// How many texts a number may get within 24 hours.
    pub most_a_day: Option<u8>,
    /// Where it stands.
    pub source: &'static str,
    /// When that was last looked at, `YYYY-MM-DD`.
    pub checked_on: &'static str,
}

/// The hours of federal law (47 CFR 64.1200(c)(1)).
const FEDERAL: Window = Window::new(8, 21);
/// Our own hours for what nobody waits for.
const COURTESY: Window = Window::new(9, 20);
/// The same hours every day.
const fn daily(state: State, opens: u32, closes: u32, source: &'static str) -> StateLaw {
    let window = Window::new(opens, closes);
    StateLaw {
        state,
        weekdays: window,
        saturday: Some(window),
        sunday: Some(window),
        never: &[],
        most_a_day: None,
        source,
        checked_on: "2026-11-23",
    }
}

/// The states that are stricter than federal law.
pub const LAWS: &[StateLaw] = &[
    StateLaw {
        sunday: None,
        never: &[Day::Federal, Day::Nth(4, Weekday::Mon, 4), Day::Nth(1, Weekday::Mon, 6)],
        ..daily(State::Al, 8, 20, "Ala. Code 8-19A-1 ff. and rules of its Public Service Commission")
    },
    daily(State::Ct, 9, 20, "Conn. Gen. Stat. 42-288a"),
    StateLaw { most_a_day: Some(3), ..daily(State::Fl, 8, 20, "Fla. Stat. 501.616(6)") },
    daily(State::Ky, 10, 21, "Ky. Rev. Stat. 367.46955"),
    StateLaw {
        sunday: None,
        never: &[Day::Federal, Day::Easter(-47), Day::Easter(-2)],
        ..daily(State::La, 8, 20, "La. Rev. Stat. 45:844.11 ff. and orders of its Public Service Commission")
    },
    daily(State::Ma, 8, 20, "Mass. Gen. Laws c. 159C"),
    StateLaw { most_a_day: Some(3), ..daily(State::Md, 8, 20, "Md. Code, Com. Law 14-4501 ff.") },
    daily(State::Mi, 9, 21, "Mich. Comp. Laws 445.111 ff."),
    daily(State::Mn, 9, 21, "Minn. Stat. 325E.30"),
    StateLaw {
        sunday: None,
        never: &[Day::Federal, Day::Last(Weekday::Mon, 4)],
        ..daily(State::Ms, 8, 20, "Miss. Code 77-3-701 ff.")
    },
    StateLaw { most_a_day: Some(3), ..daily(State::Nj, 8, 20, "N.J. Stat. 56:8-119 ff.") },
    daily(State::Nm, 9, 21, "N.M. Stat. 57-12-22"),
    daily(State::Nv, 9, 20, "Nev. Rev. Stat. 598.0918"),
    StateLaw { most_a_day: Some(3), ..daily(State::Ok, 8, 20, "Okla. Stat. tit. 15 s. 775C.4") },
    StateLaw { never: &[Day::Federal], ..daily(State::Pa, 8, 21, "73 Pa. Stat. 2241 ff.") },
    StateLaw {
        saturday: Some(Window::new(10, 17)),
        sunday: Some(Window::new(10, 17)),
        never: &[Day::Federal, Day::Nth(2, Weekday::Mon, 8)],
        ..daily(State::Ri, 9, 18, "R.I. Gen. Laws 5-61-3.6")
    },
    StateLaw {
        sunday: Some(Window::new(12, 21)),
        ..daily(State::Tx, 9, 21, "Tex. Bus. & Com. Code 301.051")
    },
    daily(State::Wa, 8, 20, "Wash. Rev. Code 80.36.390"),
];

impl StateLaw {
    /// The law of a state that is stricter than federal law.
    #[must_use]
    pub fn of(state: State) -> Option<&'static Self> {
        LAWS.iter().find(|law| law.state == state)
    }

    /// When texts may arrive on a day, if at all.
    #[must_use]
    pub fn window(&self, day: NaiveDate) -> Option<Window> {
        if self.never.iter().any(|never| never.is(day)) {
            return None;
        }
        match day.weekday() {
            Weekday::Sat => self.saturday,
            Weekday::Sun => self.sunday,
            _ => Some(self.weekdays),
        }
    }
}

impl Rule {
    /// When a rule about hours lets something pass on a day of the recipient's calendar, if at all.
    pub(super) fn window(self, day: NaiveDate) -> Option<Window> {
        match self {
            Self::FederalHours => Some(FEDERAL),
            Self::Courtesy => Some(COURTESY),
            Self::StateHours(state) => StateLaw::of(state).map_or(Some(FEDERAL), |law| law.window(day)),
            _ => Some(Window::new(0, 24)),
        }
    }
}

impl Day {
    /// Whether it is that day.
    #[must_use]
    pub fn is(self, day: NaiveDate) -> bool {
        match self {
            Self::Federal => is_federal_holiday(day) || is_observed(day),
            Self::Nth(nth, weekday, month) => {
                day.month() == month && day.weekday() == weekday && (day.day0() / 7 + 1) as u8 == nth
            }
            Self::Last(weekday, month) => {
                let next = day.checked_add_days(Days::new(7));
                let is_last = next.is_none_or(|next| next.month() != month);
                day.month() == month && day.weekday() == weekday && is_last
            }
            Self::Easter(after) => {
                easter(day.year()).is_some_and(|easter| (day - easter).num_days() == after)
            }
        }
    }
}

/// 5 U.S.C. 6103(a), as it is since 2021.
fn is_federal_holiday(day: NaiveDate) -> bool {
    const DATES: [(u32, u32); 5] = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)];
    const MOVABLE: [Day; 6] = [
        Day::Nth(3, Weekday::Mon, 1),
        Day::Nth(3, Weekday::Mon, 2),
        Day::Last(Weekday::Mon, 5),
        Day::Nth(1, Weekday::Mon, 9),
        Day::Nth(2, Weekday::Mon, 10),
        Day::Nth(4, Weekday::Thu, 11),
    ];
    DATES.contains(&(day.month(), day.day())) || MOVABLE.iter().any(|movable| movable.is(day))
}

/// The Friday before a holiday on a Saturday (5 U.S.C. 6103(b)), the Monday after one on a Sunday (E.O. 11582).
fn is_observed(day: NaiveDate) -> bool {
    let holiday = match day.weekday() {
        Weekday::Fri => day.succ_opt(),
        Weekday::Mon => day.pred_opt(),
        _ => None,
    };
    holiday.is_some_and(is_federal_holiday)
}

/// Easter Sunday of a year of the Gregorian calendar, by the method that Nature printed in 1876.
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction = century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15;
    let moon = (19 * golden + correction) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn no_state_allows_what_federal_law_does_not() {
        for law in LAWS {
            for window in [Some(law.weekdays), law.saturday, law.sunday].into_iter().flatten() {
                assert!(window.opens >= FEDERAL.opens && window.closes <= FEDERAL.closes, "{}", law.state);
                assert!(window.opens < window.closes, "{}", law.state);
            }
            assert_eq!(LAWS.iter().filter(|other| other.state == law.state).count(), 1, "{}", law.state);
        }
    }

    #[test]
    fn holidays_are_those_of_the_calendar() {
        for holiday in [
            "2026-01-01",
            "2026-01-19",
            "2026-02-16",
            "2026-05-25",
            "2026-06-19",
            "2026-07-04",
            "2026-09-07",
            "2026-10-12",
            "2026-11-11",
            "2026-11-26",
            "2026-12-25",
            // observed: Independence Day of 2026 is a Saturday, Juneteenth of 2027 too, the Fourth of 2027 a Sunday
            "2026-07-03",
            "2027-06-18",
            "2027-07-05",
            "2027-12-31",
        ] {
            assert!(Day::Federal.is(day(holiday)), "{holiday}");
        }
        for plain in ["2026-01-02", "2026-05-18", "2026-07-06", "2026-11-03", "2026-11-27", "2026-12-24"] {
            assert!(!Day::Federal.is(day(plain)), "{plain}");
        }
    }

    #[test]
    fn easter_is_when_the_churches_say() {
        for sunday in ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25"] {
            assert_eq!(easter(day(sunday).year()), Some(day(sunday)));
        }
        // Mardi Gras and Good Friday of 2026
        assert!(Day::Easter(-47).is(day("2026-02-17")) && Day::Easter(-2).is(day("2026-04-03")));
    }

    #[test]
    fn a_state_may_be_closed_on_a_day_and_open_late_on_another() {
        let window = |state, text| StateLaw::of(state).and_then(|law| law.window(day(text)));
        assert_eq!(window(State::Tx, "2026-11-29"), Some(Window::new(12, 21)), "a Sunday");
        assert_eq!(window(State::Tx, "2026-11-30"), Some(Window::new(9, 21)));
        assert_eq!(window(State::Al, "2026-11-29"), None);
        assert_eq!(window(State::La, "2026-11-26"), None, "Thanksgiving");
        assert_eq!(window(State::Ms, "2026-04-27"), None, "the last Monday of April");
        assert_eq!(window(State::Ms, "2026-04-20"), Some(Window::new(8, 20)));
        assert_eq!(window(State::Ri, "2026-11-28"), Some(Window::new(10, 17)));
        assert_eq!(window(State::Oh, "2026-11-28"), None, "Ohio has no law of its own");
    }
}
