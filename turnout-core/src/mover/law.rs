//! Who gets a letter with blank registration forms, as a table (`flows.md` 17, 4, read 2026-11).
//!
//! The national form can be mailed in by whoever moved to one of these states; in the others it is not taken, or not by mail,
//! or everybody registers online. The rules are those of the Django service: which states, that the new home is rented,
//! and that the lead came on or after [`since`].

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::MoverLead;
use crate::{
    address::State,
    switch::{Flag, Switches, movers},
};

/// What is true of the letters to one state.
#[derive(Debug)]
pub struct LetterRule {
    /// The state that somebody moved to.
    pub state: State,
    /// Whether who moved within the state gets one too.
    pub within: bool,
    /// The switch that has to be on.
    pub switch: &'static Flag,
    /// The size of the letters on the cover, in points: what the state says must fit (`pdf-forms.md` 9).
    pub points: u8,
}

const fn rule(state: State, points: u8) -> LetterRule {
    LetterRule { state, within: false, switch: &movers::BLANK_FORMS, points }
}

/// Where letters go.
pub const LETTERS: [LetterRule; 20] = [
    rule(State::Az, 10),
    rule(State::Ga, 10),
    rule(State::Fl, 9),
    rule(State::Mi, 9),
    rule(State::Nc, 10),
    rule(State::Pa, 10),
    rule(State::Wi, 8),
    rule(State::Oh, 10),
    rule(State::Mn, 10),
    rule(State::Co, 10),
    rule(State::Ia, 10),
    rule(State::Me, 10),
    rule(State::Ne, 10),
    rule(State::Ks, 10),
    rule(State::Sc, 10),
    rule(State::Al, 8),
    rule(State::Ms, 10),
    rule(State::Mt, 10),
    rule(State::Ut, 10),
    LetterRule { state: State::Tx, within: true, switch: &movers::BLANK_FORMS_TX, points: 10 },
];

/// What the source says of a home that is rented.
pub const RENTED: &str = "rent";

/// The first moment of the leads that something is done with: 2020-09-16, in UTC.
///
/// # Panics
/// Never: the day exists.
#[must_use]
pub fn since() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2020, 9, 16).expect("a day").and_time(NaiveTime::MIN).and_utc()
}

impl LetterRule {
    /// The rule of a state; nothing where no letters go.
    #[must_use]
    pub fn of(state: State) -> Option<&'static Self> {
        LETTERS.iter().find(|rule| rule.state == state)
    }

    /// Whether letters go there now.
    #[must_use]
    pub fn is_on(&self, switches: &Switches) -> bool {
        switches.flag(self.switch)
    }

    /// Whether somebody gets a letter by this rule.
    #[must_use]
    pub fn takes(&self, lead: &MoverLead) -> bool {
        lead.new.address.state == Some(self.state)
            && lead.new.tenure.as_deref() == Some(RENTED)
            && (self.within || lead.crossed_states() == Some(true))
            && lead.source_created_at.unwrap_or(lead.created_at) >= since()
    }
}

/// The size of the letters on the cover for a state, in points.
#[must_use]
pub fn cover_points(state: State) -> u8 {
    LetterRule::of(state).map_or(10, |rule| rule.points)
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::conformance::rows::lead;

    fn moved(to: State, from: Option<State>, tenure: &str) -> MoverLead {
        let mut lead = MoverLead { source_created_at: Some(since()), ..lead(1) };
        (lead.new.address.state, lead.old.address.state) = (Some(to), from);
        lead.new.tenure = Some(tenure.to_owned());
        lead
    }

    fn takes(lead: &MoverLead) -> bool {
        let state = lead.new.address.state.expect("a state");
        LetterRule::of(state).is_some_and(|rule| rule.takes(lead))
    }

    #[test]
    fn each_state_has_one_rule_and_texas_is_its_own() {
        for rule in &LETTERS {
            let of = LETTERS.iter().filter(|other| other.state == rule.state).count();
            assert_eq!((of, rule.within), (1, rule.state == State::Tx), "{}", rule.state);
        }
        let sizes = |points| {
            let of = |rule: &&LetterRule| rule.points == points;
            LETTERS.iter().filter(of).map(|rule| rule.state).collect::<Vec<_>>()
        };
        assert_eq!((sizes(8), sizes(9)), (vec![State::Wi, State::Al], vec![State::Fl, State::Mi]));
        assert_eq!((cover_points(State::Wi), cover_points(State::Ma)), (8, 10));
    }

    #[test]
    fn who_rents_and_came_from_another_state_gets_a_letter() {
        for (to, from, tenure, gets) in [
            (State::Oh, Some(State::Ny), "rent", true),
            (State::Oh, Some(State::Oh), "rent", false),
            (State::Oh, None, "rent", false),
            (State::Oh, Some(State::Ny), "own", false),
            (State::Ny, Some(State::Oh), "rent", false),
            (State::Tx, Some(State::Ny), "rent", true),
            (State::Tx, Some(State::Tx), "rent", true),
            (State::Tx, None, "rent", true),
            (State::Tx, Some(State::Ny), "own", false),
        ] {
            assert_eq!(takes(&moved(to, from, tenure)), gets, "{to} {from:?} {tenure}");
        }
        let mut old = moved(State::Oh, Some(State::Ny), "rent");
        old.source_created_at = Some(since() - TimeDelta::microseconds(1));
        assert!(!takes(&old));
    }
}
