//! What a person types: one file per command.
//!
//! Here are arguments, what is printed, and exit codes. What the words mean is `config`; who does the work is `wiring`.

mod config;

use std::{path::Path, process::ExitCode};

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::config::{Complaints, Config, Env, Role};

/// Registers voters: the API, the pages, the jobs behind them.
#[derive(Debug, Parser)]
#[command(name = "turnout-server", version, arg_required_else_help = true)]
#[command(
    after_help = "Settings come from the environment and from .env in the working folder; the environment \
                        wins. docs/configuration.md lists them all."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Looks at the settings.
    #[command(subcommand)]
    Config(config::Command),
}

/// Does what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| {
        if error.kind() == ErrorKind::InvalidSubcommand {
            eprintln!(
                "The roles (all-in-one, serve, worker, scheduler, migrate) are still to come, with the store, the \
                 form filler and the HTTP layer. See the README.\n"
            );
        }
        error.exit()
    });
    let done = match arguments.command {
        Command::Config(command) => config::run(&command),
    };
    done.unwrap_or_else(|error| {
        eprintln!("turnout-server: {error:#}");
        ExitCode::FAILURE
    })
}

/// The settings of a role and what is wrong with them.
fn settings(role: Role) -> anyhow::Result<(Config, Complaints)> {
    let mut complaints = Complaints::default();
    let env = Env::load(Path::new(".env"), &mut complaints).map_err(|error| {
        anyhow::Error::new(error).context(".env cannot be read: mend its permissions or move it away")
    })?;
    let config = Config::read(&env, role, &mut complaints);
    Ok((config, complaints))
}
