//! From the text of an address to its region.

use std::{fs, hint::black_box, io, path::PathBuf, time::Instant};

use serde_json::Value;
use turnout_geo::{
    GeoPoint,
    data::zips,
    parse,
    region::{Located, RegionFinder},
};

use super::Figures;

const ROUNDS: usize = 5;

/// An address and where it is.
struct Row {
    text: String,
    at: Option<Located>,
}

pub(crate) fn measure(figures: &mut Figures) -> io::Result<()> {
    let rows = rows()?;
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
    Ok(())
}

/// Real addresses with points (rrad).
#[expect(clippy::disallowed_methods, reason = "where the shared folder is, is told by the environment")]
fn rows() -> io::Result<Vec<Row>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("TURNOUT_SHARED").map_or_else(beside, PathBuf::from);
    let text = fs::read_to_string(shared.join("labels/county_rrad.jsonl"))?;
    let read = |line: &str| {
        let row: Value = serde_json::from_str(line).map_err(io::Error::other)?;
        let input = &row["input"];
        let [street, city, state, zip] =
            ["street", "city", "state", "zip"].map(|field| input[field].as_str().unwrap_or_default());
        let degrees = |field: &str| input[field].as_f64().unwrap_or(f64::NAN);
        Ok(Row {
            text: format!("{street}, {city}, {state} {zip}"),
            at: GeoPoint::from_degrees(degrees("lat"), degrees("lng")).map(Located::at),
        })
    };
    text.lines().map(read).collect()
}
