//! How far something is: a bar for a person, lines for a log.

use std::{
    io::{IsTerminal as _, stderr},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::rows::Progress;

/// Shows each step as it begins.
pub(super) fn shown() -> impl FnMut(Progress) + Send {
    let mut bar: Option<ProgressBar> = None;
    let is_watched = stderr().is_terminal();
    move |step: Progress| {
        if !is_watched {
            tracing::info!(step = step.done + 1, of = step.total, name = step.name, "migrating");
            return;
        }
        let bar = bar.get_or_insert_with(|| begin(step.total, "migrating"));
        bar.set_position(u64::try_from(step.done).unwrap_or(u64::MAX));
        bar.set_message(step.name);
    }
}

/// A bar for a person who imports something; nothing where nobody watches.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    /// So many steps of this.
    pub(super) fn of(total: usize, what: &str) -> Self {
        Self::watched(|| begin(total, what))
    }

    /// Something of which nobody knows how long it takes.
    pub(super) fn turning(what: &'static str) -> Self {
        Self::watched(|| {
            let bar = ProgressBar::new_spinner().with_message(what);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        })
    }

    fn watched(begin: impl FnOnce() -> ProgressBar) -> Self {
        Self(stderr().is_terminal().then(begin))
    }

    /// The next step begins.
    pub(super) fn step(&mut self, name: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(name.to_owned());
            bar.inc(1);
        }
    }

    /// So many steps are done.
    pub(super) fn reached(&mut self, done: usize) {
        if let Some(bar) = &self.0 {
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        }
    }

    /// It is done, and the bar goes.
    pub(super) fn end(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}

fn begin(total: usize, what: &str) -> ProgressBar {
    let style =
        format!("{{spinner}} {what} {{pos}} of {{len}} done, at {{msg}} [{{elapsed_precise}}] {{wide_bar}}");
    let style = ProgressStyle::with_template(&style).expect("the template is one");
    let bar = ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX)).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
