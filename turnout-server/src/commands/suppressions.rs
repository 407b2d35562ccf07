//! `suppressions show`, `suppressions add` and `suppressions lift`.

use std::process::ExitCode;

use chrono::SecondsFormat;
use clap::Subcommand;
use turnout_core::{
    App,
    person::is_email,
    suppression::{self, AddressKey, SuppressionReason, SuppressionSource},
};

use super::over_rows;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows whether an address is mailed, and what was noted of it. The list itself holds no addresses.
    Show {
        /// The address.
        #[arg(value_parser = address)]
        address: String,
    },
    /// Notes that an address is not to be mailed.
    Add {
        /// The address.
        #[arg(value_parser = address)]
        address: String,
        /// Why: bounce, complaint or unsubscribe.
        #[arg(long, value_parser = reason, default_value = "unsubscribe")]
        reason: SuppressionReason,
    },
    /// Lets an address be mailed again. What is reported of it afterwards counts.
    Lift {
        /// The address.
        #[arg(value_parser = address)]
        address: String,
        /// Only for this reason: bounce, complaint or unsubscribe.
        #[arg(long, value_parser = reason)]
        reason: Option<SuppressionReason>,
    },
}

pub(super) fn address(text: &str) -> Result<String, String> {
    is_email(text.trim())
        .then(|| text.trim().to_owned())
        .ok_or_else(|| "this is no e-mail address".to_owned())
}

fn reason(text: &str) -> Result<SuppressionReason, String> {
    SuppressionReason::parse(text).ok_or_else(|| "a reason is bounce, complaint or unsubscribe".to_owned())
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| match command {
        Command::Show { address } => show(app, address).await,
        Command::Add { address, reason } => add(app, address, *reason).await,
        Command::Lift { address, reason } => lift(app, address, *reason).await,
    })
}

async fn show(app: &App, address: &str) -> anyhow::Result<String> {
    let rows = suppression::noted(app, address).await?;
    if rows.is_empty() {
        return Ok("Nothing was noted of it: it is mailed.\n".to_owned());
    }
    let moment = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let lifted =
                row.lifted_at.map_or_else(|| "it counts".to_owned(), |at| format!("lifted {}", moment(at)));
            [row.reason.wire().to_owned(), row.source.wire().to_owned(), moment(row.since), lifted]
        })
        .collect();
    Ok(over_rows::table(["reason", "said by", "since", "standing"], &cells))
}

async fn add(app: &App, address: &str, reason: SuppressionReason) -> anyhow::Result<String> {
    let mut unit = app.store.begin().await?;
    let (key, source) = (AddressKey::of(app, address), SuppressionSource::Operator);
    let news = suppression::suppress(app, unit.as_mut(), key, reason, source, app.now()).await?;
    unit.commit().await?;
    Ok(if news { "Noted.\n" } else { "That was noted before.\n" }.to_owned())
}

async fn lift(app: &App, address: &str, reason: Option<SuppressionReason>) -> anyhow::Result<String> {
    let lifted = suppression::lift_address(app, address, reason).await?;
    if lifted.is_empty() {
        return Ok("Nothing stood against it.\n".to_owned());
    }
    let names: Vec<&str> = lifted.iter().map(|reason| reason.wire()).collect();
    Ok(format!("No longer counts: {}.\n", names.join(", ")))
}
