//! `import django --from postgres://…`: the rows of a database of the Django service.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _},
    process::ExitCode,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use turnout_core::{
    App,
    django::{self, FilesSeen, Moved, Moving, Seen},
};
use turnout_storage::postgres::PgOrigin;

use crate::commands::over_rows;

/// Takes over what is in the database and not here, or looks at it. It fails where something could not be taken over.
pub(super) async fn take_over(
    app: &App,
    address: &str,
    moving: Moving,
) -> anyhow::Result<(String, ExitCode)> {
    let mut origin = PgOrigin::open(address).await?;
    let mut shown = Shown::default();
    let moved = django::move_over(app, &mut origin, moving, &mut |seen| shown.see(seen)).await;
    shown.end();
    origin.close().await;
    let moved = moved?;
    let code = if moved.left_out_count() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok((listed(&moved, moving.dry_run), code))
}

/// How far it is: a bar for a person, a line for each model for a log.
#[derive(Default)]
struct Shown {
    bar: Option<ProgressBar>,
    model: String,
    last: String,
}

impl Shown {
    fn see(&mut self, seen: Seen<'_>) {
        let is_new = self.model != seen.model;
        if !io::stderr().is_terminal() {
            if is_new && !self.last.is_empty() {
                eprintln!("{}", self.last);
            }
            seen.model.clone_into(&mut self.model);
            self.last = format!("{}: {} of {} read", seen.model, seen.read, seen.of);
            return;
        }
        let bar = self.bar.get_or_insert_with(bar);
        if is_new {
            seen.model.clone_into(&mut self.model);
            bar.set_length(seen.of);
            bar.set_message(self.model.clone());
            bar.reset_eta();
        }
        bar.set_position(seen.read);
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        } else if !self.last.is_empty() {
            eprintln!("{}", self.last);
        }
    }
}

fn bar() -> ProgressBar {
    let style = "{spinner} {msg} {human_pos} of {human_len} rows [{elapsed_precise}, {per_sec}] {wide_bar}";
    let style = ProgressStyle::with_template(style).expect("the template is one");
    let bar = ProgressBar::new(0).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn listed(moved: &Moved, dry_run: bool) -> String {
    let rows: Vec<[String; 5]> = moved
        .models
        .iter()
        .map(|(model, tally)| {
            let written = if dry_run { "-".to_owned() } else { tally.written.to_string() };
            [
                (*model).to_owned(),
                tally.there.to_string(),
                tally.read.to_string(),
                written,
                tally.left_out.to_string(),
            ]
        })
        .collect();
    let mut text = over_rows::table(["MODEL", "THERE", "READ", "NEW OR CHANGED", "LEFT OUT"], &rows);
    let mut line = |what: std::fmt::Arguments<'_>| {
        text.write_fmt(what).expect("a String takes every text");
        text.push('\n');
    };
    if !moved.left_out.is_empty() {
        line(format_args!(
            "\nCannot be taken over. Mend them there and run this again; they are looked at again:"
        ));
    }
    for ((model, why), group) in &moved.left_out {
        line(format_args!("  {model}: {why}: {}", group.count));
        if !group.keys.is_empty() {
            let more = if (group.keys.len() as u64) < group.count { ", …" } else { "" };
            line(format_args!("    {}{more}", group.keys.join(", ")));
        }
    }
    if !moved.left_behind.is_empty() {
        line(format_args!("\nLeft behind by design, with their rows:"));
    }
    for (model, rows, why) in &moved.left_behind {
        line(format_args!("  {model} {rows}: {why}"));
    }
    names(&mut line, "Not there", &moved.absent);
    names(&mut line, "Unknown tables, left behind", &moved.unknown_tables);
    names(&mut line, "Unknown columns, left behind", &moved.unknown_columns);
    if !moved.tasks_not_done.is_empty() {
        line(format_args!("\nScheduled work that is not done here, left behind:"));
    }
    for (name, count) in &moved.tasks_not_done {
        line(format_args!("  {name} {count}"));
    }
    if moved.tasks_overdue > 0 {
        let count = moved.tasks_overdue;
        line(format_args!("\nScheduled work overdue for longer than a week, left behind: {count}"));
    }
    if moved.tasks_called_off > 0 {
        let count = moved.tasks_called_off;
        line(format_args!("\nScheduled work that was done there meanwhile, called off here: {count}"));
    }
    files(&mut line, &moved.files);
    if dry_run {
        line(format_args!("\nNothing was written."));
    }
    text
}

fn names<T: AsRef<str>>(line: &mut impl FnMut(std::fmt::Arguments<'_>), title: &str, names: &[T]) {
    if names.is_empty() {
        return;
    }
    line(format_args!("\n{title}:"));
    for name in names {
        line(format_args!("  {}", name.as_ref()));
    }
}

fn files(line: &mut impl FnMut(std::fmt::Arguments<'_>), files: &FilesSeen) {
    if let Some(failure) = &files.failure {
        return line(format_args!(
            "\nFiles stay where they are. Whether they are found here cannot be said: {failure}"
        ));
    }
    let found = files.looked_for.saturating_sub(files.missing.len() as u64);
    line(format_args!(
        "\nFiles stay where they are, under their names. {} were looked for here: {found} were found.",
        files.looked_for
    ));
    if !files.missing.is_empty() {
        line(format_args!("Not found, by the ids of their rows:\n  {}", files.missing.join(", ")));
    }
}
