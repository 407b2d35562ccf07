//! What a person types: one file per command.
//!
//! Here are arguments, what is printed, and exit codes. What the words mean is `config`; who does the work is `wiring`.

mod addresses;
#[cfg(feature = "embedded")]
mod all_in_one;
#[cfg(feature = "embedded")]
mod api_key;
#[cfg(feature = "embedded")]
mod blast;
mod config;
#[cfg(feature = "embedded")]
mod consent;
#[cfg(feature = "embedded")]
mod contacts;
#[cfg(feature = "embedded")]
mod data_subject;
#[cfg(feature = "embedded")]
mod election;
#[cfg(feature = "embedded")]
mod features;
mod forms;
mod health;
#[cfg(feature = "embedded")]
mod import;
#[cfg(feature = "embedded")]
mod jobs;
mod match_address;
mod messages;
#[cfg(feature = "embedded")]
mod offices;
#[cfg(feature = "embedded")]
mod over_rows;
mod parse;
#[cfg(feature = "embedded")]
mod process;
#[cfg(feature = "embedded")]
mod progress;
#[cfg(feature = "embedded")]
mod retention;
#[cfg(feature = "embedded")]
mod roles;
#[cfg(feature = "embedded")]
mod send_test;
#[cfg(feature = "embedded")]
mod suppressions;
#[cfg(feature = "embedded")]
mod sync;
#[cfg(feature = "embedded")]
mod user;
#[cfg(feature = "embedded")]
mod webhooks;
#[cfg(feature = "embedded")]
mod who;

use std::{path::Path, process::ExitCode};

use clap::{Parser, Subcommand};

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
    /// Everything in one process, on embedded defaults: brings its database up to date by itself.
    #[cfg(feature = "embedded")]
    AllInOne,
    /// Answers HTTP.
    #[cfg(feature = "embedded")]
    Serve,
    /// Runs jobs: mail, reminders, cleaning up.
    #[cfg(feature = "embedded")]
    Worker,
    /// Enqueues what is due by the clock.
    #[cfg(feature = "embedded")]
    Scheduler,
    /// Brings the database up to date, and ends.
    #[cfg(feature = "embedded")]
    Migrate,
    /// Plans texts to many at once, approves, starts and stops them.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Blast(blast::Command),
    /// Looks at the settings.
    #[command(subcommand)]
    Config(config::Command),
    /// Looks at who agreed to be written to, enters a no that came by letter or telephone, takes back what was wrong.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Consent(consent::Command),
    /// Changes facts about states.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Election(election::Command),
    /// Puts an election office that is yours, for tests.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Offices(offices::Command),
    /// Turns features on and off while everything runs.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Features(features::Command),
    /// Looks at the official forms, fills them for nobody, and installs new ones.
    #[command(subcommand)]
    Forms(forms::Command),
    /// Asks the server that runs with the same settings whether it is well: for container health checks.
    Health(health::Health),
    /// Looks at what we say: whether translations are whole, and every mail and text, about nobody.
    #[command(subcommand)]
    Messages(messages::Command),
    /// Takes addresses apart: one, or a list on standard input.
    Parse(parse::Parse),
    /// Looks at jobs, has them run again, calls them off.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Makes keys for partners' programs, lists them, ends them.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Takes over what another service or a supplier has: rows, lists of election offices, boundaries.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Import(import::Command),
    /// Gives a person everything that is kept of them, or forgets them, with a receipt.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    DataSubject(data_subject::Command),
    /// Deletes what is older than it may become: KEEP_…_DAYS.
    #[cfg(feature = "embedded")]
    Retention(retention::Retention),
    /// Looks whether an e-mail address is mailed, keeps it from being mailed, lets it be mailed again.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Suppressions(suppressions::Command),
    /// Does now what otherwise happens by the clock: fetches and publishes lists of others.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Sync(sync::Command),
    /// Makes accounts for the management site, lists them, takes lost second factors away.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    User(user::Command),
    /// Lists addresses of partners that are called when something happens, and has what they were told sent again.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Webhooks(webhooks::Command),
    /// Finds the election office of addresses: one, or a list on standard input.
    Match(match_address::Match),
}

/// Does what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        #[cfg(feature = "embedded")]
        Command::AllInOne => all_in_one::all_in_one(),
        #[cfg(feature = "embedded")]
        Command::Serve => roles::serve(),
        #[cfg(feature = "embedded")]
        Command::Worker => roles::work(),
        #[cfg(feature = "embedded")]
        Command::Scheduler => roles::schedule(),
        #[cfg(feature = "embedded")]
        Command::Migrate => roles::migrate(),
        #[cfg(feature = "embedded")]
        Command::Blast(command) => blast::run(&command),
        Command::Config(command) => config::run(&command),
        #[cfg(feature = "embedded")]
        Command::Consent(command) => consent::run(&command),
        #[cfg(feature = "embedded")]
        Command::Election(command) => election::run(&command),
        #[cfg(feature = "embedded")]
        Command::Offices(command) => offices::run(&command),
        #[cfg(feature = "embedded")]
        Command::Features(command) => features::run(&command),
        Command::Forms(command) => forms::run(&command),
        Command::Health(health) => health.run(),
        Command::Messages(command) => messages::run(&command),
        Command::Parse(parse) => parse.run(),
        #[cfg(feature = "embedded")]
        Command::Jobs(command) => jobs::run(&command),
        #[cfg(feature = "embedded")]
        Command::ApiKey(command) => api_key::run(&command),
        #[cfg(feature = "embedded")]
        Command::Import(command) => import::run(&command),
        #[cfg(feature = "embedded")]
        Command::DataSubject(command) => data_subject::run(&command),
        #[cfg(feature = "embedded")]
        Command::Retention(retention) => retention.run(),
        #[cfg(feature = "embedded")]
        Command::Suppressions(command) => suppressions::run(&command),
        #[cfg(feature = "embedded")]
        Command::Sync(command) => sync::run(&command),
        #[cfg(feature = "embedded")]
        Command::User(command) => user::run(&command),
        #[cfg(feature = "embedded")]
        Command::Webhooks(command) => webhooks::run(&command),
        Command::Match(command) => command.run(),
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

/// The settings of commands over rows. Where nobody says where the rows are, these are those of `all-in-one`, and so is all
/// else: links lead to what it serves.
#[cfg(feature = "embedded")]
fn settings_over_rows() -> anyhow::Result<(Config, Complaints)> {
    let is_named = Env::load(Path::new(".env"), &mut Complaints::default())
        .is_ok_and(|env| env.text("DATABASE_URL").is_some());
    settings(if is_named { Role::Migrate } else { Role::AllInOne })
}

#[cfg(all(test, feature = "embedded"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    /// The commands that somebody types, by all their words.
    fn commands(of: &clap::Command, words: &str, found: &mut Vec<String>) {
        if !of.has_subcommands() {
            found.push(words.to_owned());
        }
        for it in of.get_subcommands().filter(|it| !it.is_hide_set()) {
            commands(it, format!("{words} {}", it.get_name()).trim_start(), found);
        }
    }

    /// Those of the table in `docs/operations.md`. A word alone is a neighbor of the command before it.
    fn commands_of_the_table() -> Vec<String> {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
        let page = std::fs::read_to_string(page).unwrap();
        let section = page.split("\n## Roles\n").nth(1).unwrap().split("\n## ").next().unwrap();
        let mut found: Vec<String> = Vec::new();
        for row in section.lines().filter(|line| line.starts_with("| `")) {
            let named = row.split(" | ").next().unwrap();
            for words in named.split('`').skip(1).step_by(2) {
                let command = match words.strip_prefix("turnout-server ") {
                    Some(command) => command.to_owned(),
                    None if words.contains(' ') => words.to_owned(),
                    None => format!("{} {words}", found.last().unwrap().rsplit_once(' ').unwrap().0),
                };
                found.push(command);
            }
        }
        found
    }

    #[test]
    fn every_command_is_in_the_table_of_operations_once() {
        let (mut there, mut documented) = (Vec::new(), commands_of_the_table());
        commands(&Arguments::command(), "", &mut there);
        there.sort();
        documented.sort();
        assert_eq!(documented, there);
        assert!(
            there.contains(&"user reset-2fa".to_owned()),
            "its words are those that are typed: {there:?}"
        );
    }
}
