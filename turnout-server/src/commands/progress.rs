//! How far a migration is: a bar for a person, lines for a log.

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
        let bar = bar.get_or_insert_with(|| begin(step.total));
        bar.set_position(u64::try_from(step.done).unwrap_or(u64::MAX));
        bar.set_message(step.name);
    }
}

fn begin(total: usize) -> ProgressBar {
    let style = "{spinner} migrating {pos} of {len} done, at {msg} [{elapsed_precise}] {wide_bar}";
    let style = ProgressStyle::with_template(style).expect("the template is one");
    let bar = ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX)).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
