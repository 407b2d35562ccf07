//! `config check` and `config show`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{Args, Subcommand};

use super::settings;
use crate::config::{Config, ContactLists, Role, Source};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Says everything that is wrong with the settings, at once. Exit code 1 if anything is.
    Check(Of),
    /// Prints the settings in force, secrets masked, and which vendors are real, simulated or off.
    Show(Of),
}

#[derive(Debug, Args)]
pub(super) struct Of {
    /// Whose settings: each role has its own defaults and demands.
    #[arg(long, value_enum, default_value = "serve")]
    role: Role,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let (Command::Check(Of { role }) | Command::Show(Of { role })) = command;
    let (config, complaints) = settings(*role)?;
    for warning in complaints.warnings() {
        eprintln!("warning: {warning}");
    }
    eprint!("{complaints}");
    match command {
        Command::Check(_) if complaints.is_empty() => println!("The settings are in order."),
        Command::Check(_) => return Ok(ExitCode::FAILURE),
        Command::Show(_) => match show(&config) {
            // whoever read us has seen enough: `config show | head`
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            shown => shown?,
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn show(config: &Config) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for shown in &config.shown {
        let source = if shown.source == Source::Set { "set" } else { "default" };
        writeln!(out, "{:<36} {source:<8} {}", shown.name, shown.value)?;
    }
    if !config.idle.is_empty() {
        writeln!(out, "\n{:<36} standing", "set, but")?;
    }
    for (name, standing) in &config.idle {
        writeln!(out, "{name:<36} {standing}")?;
    }
    let (vendor, standing) = config.mail.standing();
    writeln!(out, "\n{:<36} {:<8} standing", "role", "vendor")?;
    writeln!(out, "{:<36} {vendor:<8} {standing}", "e-mail")?;
    let (vendor, standing) = config.sms.standing();
    writeln!(out, "{:<36} {vendor:<8} {standing}", "text messages")?;
    if config.mail_way.instead_to.is_some() {
        writeln!(out, "{:<36} {:<8} every mail goes to EMAIL_REDIRECT_TO", "", "")?;
    }
    if config.text_way.instead_to.is_some() {
        writeln!(out, "{:<36} {:<8} every text goes to SMS_REDIRECT_TO", "", "")?;
    }
    let (vendor, standing) = config.geocoding.standing();
    writeln!(out, "{:<36} {vendor:<8} {standing}", "addresses to places")?;
    let (vendor, standing) = config.database.place.standing();
    writeln!(out, "{:<36} {vendor:<8} {standing}", "rows")?;
    let (vendor, standing) = config.files.place.standing();
    writeln!(out, "{:<36} {vendor:<8} {standing}", "files")?;
    let (vendor, standing) = if config.redis.is_some() {
        ("redis", "real")
    } else {
        ("none", "in process: REDIS_URL lets processes share them")
    };
    writeln!(out, "{:<36} {vendor:<8} {standing}", "cache, limits, wake-ups")?;
    let (vendor, standing) = match &config.geocoding.targetsmart {
        Some(_) => ("targetsmart", "real"),
        None => ("none", "off: TARGETSMART_KEY lets voters be looked up"),
    };
    writeln!(out, "{:<36} {vendor:<8} {standing}", "voter roll")?;
    for (role, vendor, standing) in config.maps.standings() {
        writeln!(out, "{role:<36} {vendor:<8} {standing}")?;
    }
    let is_on = config.settings.crm.enabled;
    let (vendor, standing) = ContactLists::standing(config.contact_lists.as_ref(), is_on);
    writeln!(out, "{:<36} {vendor:<8} {standing}", "contact lists")?;
    let (vendor, standing) = config.letters.standing();
    writeln!(out, "{:<36} {vendor:<8} {standing}", "letters")?;
    let (vendor, standing) = config.fax.standing();
    writeln!(out, "{:<36} {vendor:<8} {standing}", "faxes")?;
    if config.fax.redirect_to.is_some() {
        writeln!(out, "{:<36} {:<8} every fax goes to FAX_REDIRECT_TO", "", "")?;
    }
    for (role, vendor, standing) in config.chat.standings().into_iter().chain(config.publishing.standings()) {
        writeln!(out, "{role:<36} {vendor:<8} {standing}")?;
    }
    if let Some(pennsylvania) = &config.pennsylvania {
        let (vendor, standing) = pennsylvania.standing();
        writeln!(out, "{:<36} {vendor:<8} {standing}", "online registration")?;
    }
    let (kind, standing) =
        if config.forms.is_some() { ("official", "real") } else { ("sample", "simulated") };
    writeln!(out, "{:<36} {kind:<8} {standing}", "forms")
}
