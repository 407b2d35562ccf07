//! `match`: from addresses to their election offices, offline, by the boundaries and the list of offices that were
//! imported.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;
use serde::Serialize;
use turnout_core::official::Supplied;
use turnout_geo::{
    data::zips,
    region::{Answer, Located, Outcome, RegionFinder},
};

use super::{
    addresses::{answer_all, read_or_say},
    settings,
};
use crate::{
    config::{Config, Role},
    gis::GisFolder,
    regions,
};

#[derive(Debug, Args)]
pub(super) struct Match {
    /// The answer as JSON, one object a line.
    #[arg(long)]
    json: bool,
    /// How the answer was found, too. JSON always has it.
    #[arg(long)]
    explain: bool,
    /// An address; without one, addresses are read from standard input, one a line: text, or an object with any of
    /// street, unit, city, state, zip, lat, lng.
    address: Vec<String>,
}

impl Match {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let finder = finder()?;
        answer_all(&self.address, |line, output| self.answer(&finder, line, output))?;
        Ok(ExitCode::SUCCESS)
    }

    fn answer(&self, finder: &RegionFinder, line: &str, output: &mut Vec<u8>) -> io::Result<()> {
        let Some(address) = read_or_say(line, self.json, output)? else { return Ok(()) };
        let answer = finder.find(&address.parse(&zips()), address.point().map(Located::at));
        let found = Found::of(&answer);
        if self.json {
            serde_json::to_writer(output, &found)?;
            return Ok(());
        }
        write!(output, "{}", found.outcome)?;
        for (at, region) in found.regions.iter().enumerate() {
            let before = if at == 0 { ": " } else { "; " };
            write!(output, "{before}{} ({})", region.name, region.external_id)?;
            if let Some(confidence) = region.confidence {
                write!(output, ", {:.0} %", 100.0 * confidence)?;
            }
        }
        if let Outcome::None(reason) = &answer.outcome {
            write!(output, ": {reason}")?;
        }
        for sentence in answer.explanation.iter().filter(|_| self.explain) {
            write!(output, "\n  {sentence}")?;
        }
        Ok(())
    }
}

/// Knows what was imported. What of it cannot be used is said, and the finder goes on without.
fn finder() -> anyhow::Result<RegionFinder> {
    let (config, _) = settings(Role::Migrate)?;
    let (finder, complaints) = GisFolder::new(&config.gis).finder();
    complaints.iter().for_each(|complaint| eprintln!("{complaint:#}"));
    let supplied = supplied(&config).unwrap_or_else(|error| {
        eprintln!("regions are made of the Census' names, as the list of offices cannot be read: {error:#}");
        Supplied::default()
    });
    Ok(finder.with_regions(regions::list(&supplied)))
}

/// The list of offices in the database, if there is one.
#[cfg(feature = "embedded")]
fn supplied(config: &Config) -> anyhow::Result<Supplied> {
    use turnout_storage::in_process::LocalWake;

    use crate::{config::RowPlace, rows::Rows};

    let place = &config.database.place;
    if matches!(place, RowPlace::File { path, .. } if !path.exists()) {
        return Ok(Supplied::default());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let rows = Rows::open(place, config.role, std::sync::Arc::new(LocalWake::new())).await?;
        let supplied = Supplied::read(rows.store().view().await?.as_mut()).await?;
        rows.close().await;
        Ok(supplied)
    })
}

#[cfg(not(feature = "embedded"))]
fn supplied(_config: &Config) -> anyhow::Result<Supplied> {
    Ok(Supplied::default())
}

/// What was found, as JSON.
#[derive(Debug, Serialize)]
struct Found<'a> {
    outcome: &'static str,
    regions: Vec<Region<'a>>,
    explanation: String,
    reason: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Region<'a> {
    name: &'a str,
    external_id: i64,
    /// None for regions that are only nearby.
    confidence: Option<f64>,
    county_geoid: Option<String>,
}

impl<'a> Found<'a> {
    fn of(answer: &'a Answer) -> Self {
        let (outcome, reason) = match &answer.outcome {
            Outcome::One(_) => ("one", None),
            Outcome::Ambiguous(_) => ("ambiguous", None),
            Outcome::Nearby(_) => ("nearby", None),
            Outcome::None(reason) => ("none", Some(reason.code())),
        };
        let near: &[_] = if let Outcome::Nearby(near) = &answer.outcome { near } else { &[] };
        let matched = answer.outcome.matches().iter().map(|found| Region {
            name: &found.region.name,
            external_id: found.region.id.0,
            // two digits are more than is known
            confidence: Some((100.0 * f64::from(found.confidence)).round() / 100.0),
            county_geoid: Some(found.county.to_string()),
        });
        let nearby = near.iter().map(|near| Region {
            name: &near.region.name,
            external_id: near.region.id.0,
            confidence: None,
            county_geoid: None,
        });
        let regions = matched.chain(nearby).collect();
        Self { outcome, regions, explanation: answer.explanation.join("; "), reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: bool, explain: bool, line: &str) -> String {
        let mut output = Vec::new();
        let command = Match { json, explain, address: Vec::new() };
        command.answer(&RegionFinder::default(), line, &mut output).expect("an answer");
        String::from_utf8(output).expect("an answer")
    }

    #[test]
    fn the_answer_is_json() {
        let line = r#"{"street": "3004 Stony Point Rd", "city": "Richmond", "state": "VA", "zip": 23235, "lat": 37.548, "lng": -77.566}"#;
        let found: serde_json::Value = serde_json::from_str(&answer(true, false, line)).expect("an answer");
        assert_eq!(
            (&found["outcome"], &found["regions"][0]),
            (
                &"one".into(),
                &serde_json::json!({
                    "name": "Richmond city", "external_id": 9_000_051_760_i64, "confidence": 1.0, "county_geoid": "51760"
                })
            )
        );
        assert!(
            found["reason"].is_null()
                && found["explanation"].as_str().expect("an answer").contains("Richmond city")
        );
    }

    #[test]
    fn what_is_not_sure_and_what_is_not_known_is_said() {
        let found: serde_json::Value =
            serde_json::from_str(&answer(true, false, "52A St Paul St, Brookline MA 02446"))
                .expect("an answer");
        assert_eq!(
            (&found["outcome"], &found["regions"][0]["name"]),
            (&"ambiguous".into(), &"Norfolk County".into())
        );
        let found: serde_json::Value =
            serde_json::from_str(&answer(true, false, "Springfield IL")).expect("an answer");
        assert_eq!((&found["outcome"], &found["reason"]), (&"none".into(), &"not_located".into()));
    }

    #[test]
    fn without_json_an_answer_is_a_line_and_its_explanation_on_demand() {
        let address = "319 S Brevard Ave, Arcadia FL 34266";
        assert_eq!(answer(false, false, address), "one: DeSoto County (9000012027), 90 %");
        assert!(answer(false, true, address).lines().count() > 2);
        assert!(answer(false, false, "").starts_with("none: "));
    }

    #[test]
    fn a_line_that_is_broken_says_so_in_its_place() {
        assert!(answer(true, false, r#"{"street": "#).starts_with(r#"{"error":"#));
        assert!(answer(false, false, r#"{"lat": true}"#).starts_with("error: "));
    }
}
