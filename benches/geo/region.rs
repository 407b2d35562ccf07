//! From the text of an address to its region: how fast, and how often right, wrong and uncertain.

use std::{fs, hint::black_box, io, time::Instant};

use serde_json::Value;
use turnout_geo::{
    GeoPoint,
    data::zips,
    geocode::{CountyOutcome, county_of},
    parse,
    region::{Located, Outcome, RegionFinder, RegionKey},
};

use super::Figures;

const ROUNDS: usize = 5;

/// An address and where it is.
struct Row {
    text: String,
    at: Option<Located>,
    /// The number of its county, or the name of its region.
    expected: String,
}

pub(crate) fn measure(figures: &mut Figures) -> io::Result<()> {
    let rows = labelled("county_rrad", |row| (&row["input"], &row["expected"]["county_geoid"]))?;
    let finder = RegionFinder::default();
    let mut microseconds = [f64::INFINITY; 2];
    for round in 0..=ROUNDS {
        for (set, least) in microseconds.iter_mut().enumerate() {
            let started = Instant::now();
            for row in &rows {
                let at = row.at.filter(|_| set == 0);
                black_box(finder.find(&parse(black_box(&row.text), &zips()), at));
            }
            let each = started.elapsed().as_secs_f64() * 1e6 / rows.len() as f64;
            // the first round makes the states ready
            if round > 0 {
                *least = least.min(each);
            }
        }
    }
    figures.add("match_by_point_us", microseconds[0]);
    figures.add("match_by_zip_us", microseconds[1]);

    let counties = rates(&rows, |row| {
        let parsed = parse(&row.text, &zips());
        match county_of(&parsed).map(|found| found.outcome) {
            Some(CountyOutcome::One(one)) => Some(one.county.to_string() == row.expected),
            _ => None,
        }
    });
    add_rates(figures, "county", counties);
    let acceptance = labelled("region_points", |row| (row, &row["expected"]))?;
    for (name, has_point) in [("region_by_point", true), ("region_by_zip", false)] {
        let regions = rates(&acceptance, |row| {
            let at = row.at.filter(|_| has_point);
            match finder.find(&parse(&row.text, &zips()), at).outcome {
                Outcome::One(found) => {
                    Some(RegionKey::of(&found.region.name) == RegionKey::of(&row.expected))
                }
                _ => None,
            }
        });
        add_rates(figures, name, regions);
    }
    Ok(())
}

fn add_rates(figures: &mut Figures, name: &str, rates: [f64; 3]) {
    for (rate, percent) in ["right", "wrong", "uncertain"].into_iter().zip(rates) {
        figures.add(&format!("{name}_{rate}_percent"), percent);
    }
}

/// Of all rows the share with one right answer, with one wrong answer, and with none or several, in percent. `is_right`
/// says nothing of the last.
fn rates(rows: &[Row], is_right: impl Fn(&Row) -> Option<bool>) -> [f64; 3] {
    let mut rates = [0.0; 3];
    for row in rows {
        let rate = is_right(row).map_or(2, |is_right| usize::from(!is_right));
        rates[rate] += 100.0 / rows.len() as f64;
    }
    rates
}

/// A set of labelled addresses with points; `parts` gives the address and what is expected of it.
fn labelled(name: &str, parts: impl Fn(&Value) -> (&Value, &Value)) -> io::Result<Vec<Row>> {
    let text = fs::read_to_string(super::shared().join("labels").join(name).with_extension("jsonl"))?;
    let read = |line: &str| {
        let row: Value = serde_json::from_str(line).map_err(io::Error::other)?;
        let (input, expected) = parts(&row);
        // the point stands in the address or beside it
        let address = if input["address"].is_object() { &input["address"] } else { input };
        let [street, city, state, zip] =
            ["street", "city", "state", "zip"].map(|field| address[field].as_str().unwrap_or_default());
        let degrees = |field: &str| input[field].as_f64().unwrap_or(f64::NAN);
        Ok(Row {
            text: format!("{street}, {city}, {state} {zip}"),
            at: GeoPoint::from_degrees(degrees("lat"), degrees("lng")).map(Located::at),
            expected: expected.as_str().unwrap_or_default().to_owned(),
        })
    };
    text.lines().map(read).collect()
}
