//! `features list` and `features set`.

use std::process::ExitCode;

use chrono::SecondsFormat;
use clap::Subcommand;
use serde_json::{Value, json};
use turnout_core::{
    App,
    switch::{self, CATALOGUE, Setting, SwitchName, SwitchValue, Switches},
};

use super::over_rows;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists features and their variables: what they are set to, since when, and what they do.
    List {
        /// Only this feature, with each of its states where states have it one by one.
        feature: Option<String>,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Sets one: in force within seconds, without a restart.
    Set {
        /// A feature, or one of its variables: drip, drip.register_external, vbm_esign.OH.
        name: String,
        /// on or off, a number, or a text.
        #[arg(required_unless_present = "default", conflicts_with = "default")]
        value: Option<String>,
        /// Takes back what was set, so that the default counts again.
        #[arg(long)]
        default: bool,
    },
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| perform(app, command).await)
}

async fn perform(app: &App, command: &Command) -> anyhow::Result<String> {
    match command {
        Command::List { feature, json } => {
            let settings = app.store.view().await?.switches().all().await?;
            let shown = shown(feature.as_deref(), &settings)?;
            Ok(if *json { as_json(&shown) } else { as_table(&shown) })
        }
        Command::Set { name, value, .. } => {
            let name = SwitchName::parse(name)?;
            let value = value.as_deref().map(|value| name.read(value)).transpose()?;
            switch::set(app, name, value.as_ref()).await?;
            Ok(match (value, name.preset()) {
                (Some(value), _) => format!("{name} is {value} within seconds.\n"),
                (None, Some(preset)) => format!("{name} is {preset} within seconds, as by default.\n"),
                (None, None) => format!("{name} is not set any more.\n"),
            })
        }
    }
}

/// A switch as it is listed.
struct Shown {
    name: SwitchName,
    value: Option<SwitchValue>,
    /// What was stored for it, if anything was.
    setting: Option<Setting>,
}

/// One feature with all its states, or all features with those states that were set.
fn shown(feature: Option<&str>, settings: &[Setting]) -> anyhow::Result<Vec<Shown>> {
    let (switches, _) = Switches::from_settings(settings);
    if let Some(feature) = feature {
        SwitchName::find(feature, "")?;
    }
    let features = CATALOGUE.iter().filter(|it| feature.is_none_or(|name| it.name == name));
    let all = features.flat_map(|feature| SwitchName::of(feature)).map(|name| Shown {
        name,
        value: switches.value(name).cloned(),
        setting: settings
            .iter()
            .find(|it| (it.feature.as_str(), it.variable.as_str()) == name.key())
            .cloned(),
    });
    Ok(all.filter(|shown| feature.is_some() || shown.setting.is_some() || !shown.name.is_state()).collect())
}

impl Shown {
    fn value(&self) -> String {
        self.value.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
    }

    fn since(&self) -> String {
        let moment = |it: &Setting| it.modified_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        self.setting.as_ref().map_or_else(|| "default".to_owned(), moment)
    }
}

fn as_table(all: &[Shown]) -> String {
    let row = |it: &Shown| [it.name.to_string(), it.value(), it.since(), it.name.meaning()];
    let rows: Vec<[String; 4]> = all.iter().map(row).collect();
    over_rows::table(["SWITCH", "VALUE", "SET", "MEANING"], &rows)
}

fn as_json(all: &[Shown]) -> String {
    let one = |it: &Shown| {
        json!({
            "name": it.name.to_string(),
            "value": it.value,
            "default": it.name.preset(),
            "set": it.setting.as_ref().map(|_| it.since()),
            "meaning": it.name.meaning(),
        })
    };
    let all: Vec<Value> = all.iter().map(one).collect();
    format!("{:#}\n", json!({ "switches": all }))
}
