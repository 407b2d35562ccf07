//! Switches: features that an operator turns on and off while everything runs, and the values they work with.
//!
//! `catalogue.rs` is the table of all there are, with defaults and meanings; `name.rs` reads names and values;
//! `first.rs` reads the file of first values; `change.rs` writes; `stored.rs` gives what is in force from the store.
//! Who asks: [`App::switches`](crate::App::switches). Settings that need a restart are not here but in
//! [`settings`](crate::settings).

mod catalogue;
mod change;
mod first;
mod name;
mod stored;

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

pub use catalogue::{
    CATALOGUE, IDLE, drip, locate_use_dnc_data, locator_region, movers, movote, smsbot, vbm_esign,
    voter_action_check, voter_state_api,
};
pub use change::{add_first, set, set_by};
pub use first::parse_toml;
pub use name::{SwitchError, SwitchName};
pub use stored::StoredRollouts;

use crate::address::State;

/// A feature of the catalogue.
#[derive(Debug)]
pub struct Feature {
    /// Its name, as in the Django service.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub meaning: &'static str,
    /// Whether it is on when nobody has set it.
    pub preset: bool,
    /// Whether each state has it when nobody has set that, if states have it one by one.
    pub by_state: Option<bool>,
    /// Its other variables.
    pub variables: &'static [&'static Variable],
}

/// A value that a feature works with. It counts only while the feature is on.
#[derive(Debug)]
pub struct Variable {
    /// The feature's name.
    pub feature: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub meaning: &'static str,
    /// Its kind, and what it is when nobody has set it.
    pub preset: Preset,
}

/// The kind of a variable, and what it is when nobody has set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// On or off.
    Flag(bool),
    /// A whole number, if any.
    Number(Option<u32>),
    /// A text, if any.
    Text(Option<&'static str>),
}

/// A variable that is on or off.
#[derive(Debug)]
pub struct Flag(pub Variable);

/// A variable that is a whole number, if any.
#[derive(Debug)]
pub struct Number(pub Variable);

/// A variable that is a text, if any.
#[derive(Debug)]
pub struct Text(pub Variable);

/// What a switch is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SwitchValue {
    /// On or off.
    Flag(bool),
    /// A whole number.
    Number(u32),
    /// A text.
    Text(String),
}

impl fmt::Display for SwitchValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(true) => f.write_str("on"),
            Self::Flag(false) => f.write_str("off"),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

/// A switch as a store keeps it: names and values that the catalogue may not know (any more, or yet).
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The feature's name.
    pub feature: String,
    /// The variable's name; that of the feature itself is empty.
    pub variable: String,
    /// What it is set to.
    pub value: Value,
    /// When it was set.
    pub modified_at: DateTime<Utc>,
}

/// The switches in force: what was set, and the presets of the catalogue for the rest.
///
/// ```
/// use turnout_core::{address::State, switch::{self, SwitchName, SwitchValue, Switches}};
///
/// let mut switches = Switches::default();
/// assert!(!switches.in_state(&switch::vbm_esign::FEATURE, State::Oh));
/// for name in ["vbm_esign", "vbm_esign.OH"] {
///     switches.set(SwitchName::parse(name)?, SwitchValue::Flag(true));
/// }
/// assert!(switches.in_state(&switch::vbm_esign::FEATURE, State::Oh));
/// # Ok::<(), switch::SwitchError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switches {
    /// By feature and variable; that of the feature itself is empty.
    values: BTreeMap<(&'static str, &'static str), SwitchValue>,
}

impl Default for Switches {
    fn default() -> Self {
        let presets = SwitchName::all().filter_map(|name| Some((name.key(), name.preset()?)));
        Self { values: presets.collect() }
    }
}

impl Switches {
    /// The presets under what was set. What the catalogue does not know, and values of the wrong kind, are left out and
    /// returned.
    #[must_use]
    pub fn from_settings(settings: &[Setting]) -> (Self, Vec<SwitchError>) {
        let mut switches = Self::default();
        let complaints = switches.set_all(settings);
        (switches, complaints)
    }

    /// What was set and nothing else: a feature that was not is off, a variable that was not is off or has no value; only
    /// states that were not are as the catalogue has them. What the catalogue does not know, and values of the wrong kind,
    /// are left out and returned.
    #[must_use]
    pub fn of_settings_alone(settings: &[Setting]) -> (Self, Vec<SwitchError>) {
        let states = SwitchName::all().filter(SwitchName::is_state);
        let values = states.filter_map(|name| Some((name.key(), name.preset()?)));
        let mut switches = Self { values: values.collect() };
        let complaints = switches.set_all(settings);
        (switches, complaints)
    }

    fn set_all(&mut self, settings: &[Setting]) -> Vec<SwitchError> {
        let mut complaints = Vec::new();
        for setting in settings {
            let name = SwitchName::find(&setting.feature, &setting.variable);
            match name.and_then(|name| Ok((name, name.check(&setting.value)?))) {
                Ok((name, value)) => self.set(name, value),
                Err(complaint) => complaints.push(complaint),
            }
        }
        complaints
    }

    /// Sets one. A value of the wrong kind is one that nobody will read.
    pub fn set(&mut self, name: SwitchName, value: SwitchValue) {
        self.values.insert(name.key(), value);
    }

    /// What a switch is set to, whether its feature is on or not; nothing where the preset is nothing.
    #[must_use]
    pub fn value(&self, name: SwitchName) -> Option<&SwitchValue> {
        self.values.get(&name.key())
    }

    fn is_true(&self, feature: &'static str, variable: &'static str) -> bool {
        self.values.get(&(feature, variable)) == Some(&SwitchValue::Flag(true))
    }

    /// A variable's value, while its feature is on.
    fn counting(&self, variable: &'static Variable) -> Option<&SwitchValue> {
        let value = self.values.get(&(variable.feature, variable.name));
        value.filter(|_| self.is_true(variable.feature, ""))
    }

    /// Whether a feature is on.
    #[must_use]
    pub fn is_on(&self, feature: &Feature) -> bool {
        self.is_true(feature.name, "")
    }

    /// Whether a feature is on, and in this state too.
    #[must_use]
    pub fn in_state(&self, feature: &Feature, state: State) -> bool {
        self.is_on(feature) && self.is_true(feature.name, state.code())
    }

    /// Whether a variable is on, and its feature too.
    #[must_use]
    pub fn flag(&self, flag: &'static Flag) -> bool {
        self.counting(&flag.0) == Some(&SwitchValue::Flag(true))
    }

    /// A number, if there is one and its feature is on.
    #[must_use]
    pub fn number(&self, number: &'static Number) -> Option<u32> {
        match self.counting(&number.0) {
            Some(SwitchValue::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A text, if there is one and its feature is on. An empty one is none.
    #[must_use]
    pub fn text(&self, text: &'static Text) -> Option<&str> {
        match self.counting(&text.0) {
            Some(SwitchValue::Text(text)) => Some(text.as_str()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn setting(feature: &str, variable: &str, value: Value) -> Setting {
        let (feature, variable) = (feature.to_owned(), variable.to_owned());
        Setting { feature, variable, value, modified_at: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn a_variable_counts_only_while_its_feature_is_on() {
        let (on, complaints) = Switches::from_settings(&[
            setting("smsbot", "", json!(true)),
            setting("smsbot", "help", json!("Write to us.")),
            setting("smsbot", "poll_slop_seconds", json!(7)),
            setting("vbm_esign", "OH", json!(true)),
        ]);
        assert!(complaints.is_empty(), "{complaints:?}");
        assert_eq!(on.text(&smsbot::HELP), Some("Write to us."));
        assert_eq!(on.number(&smsbot::POLL_SLOP_SECONDS), Some(7));
        assert!(on.flag(&smsbot::POLL));
        assert!(!on.in_state(&vbm_esign::FEATURE, State::Oh), "the feature is off");

        let (off, _) = Switches::from_settings(&[
            setting("smsbot", "", json!(false)),
            setting("smsbot", "help", json!("Write to us.")),
            setting("vbm_esign", "", json!(true)),
            setting("vbm_esign", "OH", json!(true)),
        ]);
        assert_eq!(off.text(&smsbot::HELP), None);
        assert_eq!(off.number(&smsbot::POLL_SLOP_SECONDS), None);
        assert!(!off.flag(&smsbot::POLL));
        assert!(off.in_state(&vbm_esign::FEATURE, State::Oh));
        assert!(!off.in_state(&vbm_esign::FEATURE, State::Wy));
    }

    #[test]
    fn what_nobody_knows_is_left_out_and_named() {
        let (switches, complaints) = Switches::from_settings(&[
            setting("yesterday", "", json!(true)),
            setting("drip", "register_external", json!("no")),
            setting("drip", "verify_external", json!(false)),
        ]);
        assert!(switches.flag(&drip::REGISTER_EXTERNAL));
        assert!(!switches.flag(&drip::VERIFY_EXTERNAL));
        let complaints: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].contains("yesterday") && complaints[1].contains("drip.register_external"));
    }

    #[test]
    fn an_empty_text_is_none() {
        let (switches, _) = Switches::from_settings(&[setting("smsbot", "help", json!(""))]);
        assert_eq!(switches.text(&smsbot::HELP), None);
    }
}
