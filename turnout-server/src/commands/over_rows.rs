//! What commands share that read and change rows, and need the settings of the database and nothing else.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use turnout_core::App;

use super::{roles, settings_over_rows};
use crate::{config::Config, wiring};

/// Does something over a database that is up to date, and prints what came of it.
pub(super) fn print(
    work: impl AsyncFnOnce(&App, &Config) -> anyhow::Result<String>,
) -> anyhow::Result<ExitCode> {
    tell(async |app, config| Ok((work(app, config).await?, ExitCode::SUCCESS)))
}

/// The same, for what may be done and yet not well.
pub(super) fn tell(
    work: impl AsyncFnOnce(&App, &Config) -> anyhow::Result<(String, ExitCode)>,
) -> anyhow::Result<ExitCode> {
    let (config, complaints) = settings_over_rows()?;
    ensure!(complaints.is_empty(), "these settings have to be mended first:\n{complaints}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (text, code) = runtime.context("no runtime: is the limit of threads reached?")?.block_on(async {
        let wired = wiring::wire(&config).await?;
        let complaints = wired.app.store.complaints().await;
        ensure!(complaints.is_empty(), "{}", roles::advice(&complaints));
        let done = work(&wired.app, &config).await;
        wired.rows.close().await;
        done
    })?;
    match io::stdout().lock().write_all(text.as_bytes()) {
        // whoever read us has seen enough: `jobs list | head`
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(code)
}

/// Rows under heads, each column as wide as its widest cell but the last.
pub(super) fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let heads = heads.map(str::to_owned);
    let lines: Vec<&[String; N]> = std::iter::once(&heads).chain(rows).collect();
    let widths: [usize; N] =
        std::array::from_fn(|column| lines.iter().map(|line| line[column].len()).max().unwrap_or(0));
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}
