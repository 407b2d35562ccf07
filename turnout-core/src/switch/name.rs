//! Names of switches and their values, from what a person typed or a store keeps.

use std::fmt;

use serde_json::Value;

use super::{CATALOGUE, Feature, IDLE, Preset, SwitchValue, Variable};
use crate::address::State;

/// Why a name or a value is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// The catalogue has no such switch.
    #[error("no switch is called {name}: {advice}")]
    Unknown {
        /// What was given.
        name: String,
        /// What to do.
        advice: String,
    },
    /// The switch is one of the Django service that does nothing here.
    #[error("{name} has no effect: {reason}")]
    Idle {
        /// Its name.
        name: String,
        /// Why.
        reason: &'static str,
    },
    /// The value is of another kind.
    #[error("{name} takes {expected}")]
    Value {
        /// The switch.
        name: String,
        /// What it takes.
        expected: &'static str,
    },
    /// The file is no TOML, or has something else than a table of each feature.
    #[error("{0}")]
    File(String),
}

impl SwitchError {
    /// Whether only a switch was meant that does nothing.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        matches!(self, Self::Idle { .. })
    }
}

/// A switch of the catalogue: a feature, or one of its variables. A state is a variable of a feature that states have
/// one by one.
#[derive(Debug, Clone, Copy)]
pub struct SwitchName {
    feature: &'static Feature,
    which: Which,
}

#[derive(Debug, Clone, Copy)]
enum Which {
    Feature,
    Variable(&'static Variable),
    State(State),
}

impl SwitchName {
    /// All of them, in the order of the catalogue.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().flat_map(|feature| Self::of(feature))
    }

    /// A feature and all its variables.
    pub fn of(feature: &'static Feature) -> impl Iterator<Item = Self> {
        let variables = feature.variables.iter().map(|variable| Which::Variable(variable));
        let states =
            State::ALL.iter().filter(move |_| feature.by_state.is_some()).map(|state| Which::State(*state));
        std::iter::once(Which::Feature)
            .chain(variables)
            .chain(states)
            .map(move |which| Self { feature, which })
    }

    /// Reads `drip`, `drip.register_external`, `vbm_esign.OH`.
    ///
    /// # Errors
    /// When the catalogue has no such switch.
    pub fn parse(text: &str) -> Result<Self, SwitchError> {
        let (feature, variable) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        Self::find(feature, variable)
    }

    /// The switch with these names; that of the feature itself is empty.
    ///
    /// # Errors
    /// When the catalogue has no such switch.
    pub fn find(feature: &str, variable: &str) -> Result<Self, SwitchError> {
        let name = if variable.is_empty() { feature.to_owned() } else { format!("{feature}.{variable}") };
        let Some(known) = CATALOGUE.iter().find(|it| it.name == feature) else {
            let names: Vec<&str> = CATALOGUE.iter().map(|feature| feature.name).collect();
            return Err(SwitchError::Unknown { name, advice: format!("features are {}", names.join(", ")) });
        };
        if let Some(found) = Self::of(known).find(|it| it.key().1 == variable) {
            return Ok(found);
        }
        if let Some((_, reason)) = IDLE.iter().find(|(pattern, _)| fits(pattern, &name)) {
            return Err(SwitchError::Idle { name, reason });
        }
        let names: Vec<&str> = known.variables.iter().map(|variable| variable.name).collect();
        let advice = match (known.by_state, names.is_empty()) {
            (Some(_), _) => format!("{feature} has states, by their codes, such as {feature}.OH"),
            (None, true) => format!("{feature} is on or off, and has no variables"),
            (None, false) => format!("{feature} has {}", names.join(", ")),
        };
        Err(SwitchError::Unknown { name, advice })
    }

    /// Its feature's name and its own in that; the feature's own is empty.
    #[must_use]
    pub fn key(&self) -> (&'static str, &'static str) {
        let variable = match self.which {
            Which::Feature => "",
            Which::Variable(variable) => variable.name,
            Which::State(state) => state.code(),
        };
        (self.feature.name, variable)
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn meaning(&self) -> String {
        match self.which {
            Which::Feature => self.feature.meaning.to_owned(),
            Which::Variable(variable) => variable.meaning.to_owned(),
            Which::State(state) => format!("The same, in {}.", state.name()),
        }
    }

    /// The feature that it is, or is a variable of.
    #[must_use]
    pub fn feature(&self) -> &'static Feature {
        self.feature
    }

    /// Whether it is a state of a feature that states have one by one.
    #[must_use]
    pub fn is_state(&self) -> bool {
        matches!(self.which, Which::State(_))
    }

    /// Its kind, and what it is when nobody has set it.
    #[must_use]
    pub fn kind(&self) -> Preset {
        match self.which {
            Which::Feature => Preset::Flag(self.feature.preset),
            Which::Variable(variable) => variable.preset,
            Which::State(_) => Preset::Flag(self.feature.by_state == Some(true)),
        }
    }

    /// What it is when nobody has set it.
    #[must_use]
    pub fn preset(&self) -> Option<SwitchValue> {
        match self.kind() {
            Preset::Flag(on) => Some(SwitchValue::Flag(on)),
            Preset::Number(number) => number.map(SwitchValue::Number),
            Preset::Text(text) => text.map(|text| SwitchValue::Text(text.to_owned())),
        }
    }

    /// Reads a value that a person typed.
    ///
    /// # Errors
    /// When it is of another kind.
    pub fn read(&self, text: &str) -> Result<SwitchValue, SwitchError> {
        let value = match self.kind() {
            Preset::Flag(_) => match text.trim().to_ascii_lowercase().as_str() {
                "on" | "true" | "yes" | "1" => Some(SwitchValue::Flag(true)),
                "off" | "false" | "no" | "0" => Some(SwitchValue::Flag(false)),
                _ => None,
            },
            Preset::Number(_) => text.trim().parse().ok().map(SwitchValue::Number),
            Preset::Text(_) => {
                Some(text).filter(|text| !text.contains('\0')).map(|text| SwitchValue::Text(text.into()))
            }
        };
        value.ok_or_else(|| self.refused())
    }

    /// Checks a value that a store or a file has.
    ///
    /// # Errors
    /// When it is of another kind.
    pub fn check(&self, value: &Value) -> Result<SwitchValue, SwitchError> {
        let value = match self.kind() {
            Preset::Flag(_) => value.as_bool().map(SwitchValue::Flag),
            Preset::Number(_) => {
                value.as_u64().and_then(|number| u32::try_from(number).ok()).map(SwitchValue::Number)
            }
            Preset::Text(_) => value
                .as_str()
                .filter(|text| !text.contains('\0'))
                .map(|text| SwitchValue::Text(text.to_owned())),
        };
        value.ok_or_else(|| self.refused())
    }

    fn refused(&self) -> SwitchError {
        let expected = match self.kind() {
            Preset::Flag(_) => "on or off (true or false in a file)",
            Preset::Number(_) => "a whole number, 0 or more",
            Preset::Text(_) => "a text",
        };
        SwitchError::Value { name: self.to_string(), expected }
    }
}

impl fmt::Display for SwitchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key() {
            (feature, "") => f.write_str(feature),
            (feature, variable) => write!(f, "{feature}.{variable}"),
        }
    }
}

/// Whether a name is the pattern, whose `*` stands for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_name_is_read_as_itself() {
        for name in SwitchName::all() {
            let read = SwitchName::parse(&name.to_string()).expect("a name of the catalogue");
            assert_eq!(read.key(), name.key());
            if let Some(preset) = name.preset() {
                assert_eq!(name.check(&json!(preset)), Ok(preset));
            }
        }
    }

    #[test]
    fn a_wrong_name_says_which_there_are() {
        for (name, advice) in [
            ("drop", "features are vbm_esign, movote, drip"),
            ("drip.register", "drip has action_unfinished, register_confirm_reminder"),
            ("vbm_esign.oh", "such as vbm_esign.OH"),
            ("movote.MO", "movote is on or off, and has no variables"),
            ("", "features are"),
        ] {
            let error = SwitchName::parse(name).expect_err(name).to_string();
            assert!(error.contains(advice), "{error}");
        }
        let idle = SwitchName::parse("movers.geocode_async").expect_err("it does nothing");
        assert!(idle.is_idle() && idle.to_string().contains("leads are always worked on by jobs"), "{idle}");
        assert!(!SwitchName::parse("movers.geocode").expect("it does something").meaning().is_empty());
    }

    #[test]
    fn values_are_of_their_kind() {
        let read = |name: &str, text: &str| SwitchName::parse(name).expect(name).read(text);
        assert_eq!(read("drip", "On"), Ok(SwitchValue::Flag(true)));
        assert_eq!(read("vbm_esign.OH", "false"), Ok(SwitchValue::Flag(false)));
        assert_eq!(read("voter_action_check.max_check", "25"), Ok(SwitchValue::Number(25)));
        assert_eq!(read("smsbot.help", "on"), Ok(SwitchValue::Text("on".into())));
        for (name, text) in [("drip", "2"), ("voter_action_check.max_check", "-1"), ("smsbot.help", "a\0")] {
            assert!(read(name, text).is_err(), "{name} {text}");
        }
        for value in [json!("on"), json!(1), json!(null)] {
            assert!(SwitchName::parse("drip").expect("a name").check(&value).is_err(), "{value}");
        }
        for value in [json!("7"), json!(-1), json!(1.5), json!(4_294_967_296_u64)] {
            assert!(
                SwitchName::parse("voter_action_check.max_check").expect("a name").check(&value).is_err()
            );
        }
    }
}
