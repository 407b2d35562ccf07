//! What was measured and what was asked for, for a person and as JSON.

use std::fmt::Display;

use serde_json::{Map, Value, json};

/// The memory of the Django service at idle, in MB, and the part of it that is asked for.
pub(crate) const ORIGINAL_MEMORY: (f64, f64) = (314.0, 5.0);

/// What was measured.
#[derive(Default)]
pub(crate) struct Report {
    figures: Map<String, Value>,
    /// What does not depend on how quiet the machine is.
    failed: Vec<String>,
    /// What does.
    missed: Vec<String>,
}

/// A number as it is shown: three digits that count.
pub(crate) fn rounded(value: f64) -> f64 {
    let digits = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        3
    };
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

impl Report {
    /// A figure of its own.
    pub(crate) fn figure(&mut self, key: &str, what: impl Display, value: f64, unit: &str) {
        println!("{what:<58} {:>10} {unit}", rounded(value));
        self.put(key, json!(rounded(value)));
    }

    /// A figure that is part of a table.
    pub(crate) fn put(&mut self, key: &str, value: Value) {
        self.figures.insert(key.to_owned(), value);
    }

    /// Says whether a target is met. One that is `firm` does not depend on how quiet the machine is.
    pub(crate) fn target(&mut self, what: impl Display, is_met: bool, firm: bool) {
        let verdict = match (is_met, firm) {
            (true, _) => "met:   ",
            (false, true) => "FAILED:",
            (false, false) => "MISSED:",
        };
        println!("  {verdict} {what}");
        match (is_met, firm) {
            (true, _) => {}
            (false, true) => self.failed.push(what.to_string()),
            (false, false) => self.missed.push(what.to_string()),
        }
    }

    /// The last line; whether nothing failed that may not.
    pub(crate) fn finish(mut self) -> bool {
        let passed = self.failed.is_empty();
        self.put("failed", json!(self.failed));
        self.figures.insert("missed".to_owned(), json!(self.missed));
        println!("{}", Value::Object(self.figures));
        passed
    }
}
