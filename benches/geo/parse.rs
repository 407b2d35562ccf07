//! How fast addresses are taken apart, and how many rightly; beside usaddress and PostGIS where they are given.

use std::{fmt::Write as _, fs, hint::black_box, io, path::Path, process::Command, time::Instant};

use serde_json::Value;
use turnout_geo::{data::zips, parse};

use super::Figures;

const ROUNDS: usize = 5;

/// Other parsers, measured in turns with ours.
pub(crate) struct Rivals<'a> {
    /// A Python that has usaddress.
    pub(crate) python: &'a Path,
    /// A PostgreSQL that has PostGIS's address standardizer.
    pub(crate) postgres: &'a Path,
}

pub(crate) fn measure(figures: &mut Figures, rivals: Option<&Rivals<'_>>) -> io::Result<()> {
    let rows = labels("parse_rrad_components")?;
    let with_commas: Vec<String> = rows.iter().map(|(input, _)| input.clone()).collect();
    let without: Vec<String> = rows.iter().map(|(input, _)| input.replace(',', "")).collect();
    let santa_clara: Vec<String> = labels("oa_santa_clara")?.into_iter().map(|(input, _)| input).collect();
    let mut ours = [f64::INFINITY; 3];
    let mut theirs = [f64::INFINITY; 2];
    for round in 0..=ROUNDS {
        for (set, texts) in [&with_commas, &without, &santa_clara].into_iter().enumerate() {
            let nanoseconds = (0..10).map(|_| each(texts)).fold(f64::INFINITY, f64::min);
            // the first round warms up
            if round > 0 {
                ours[set] = ours[set].min(nanoseconds);
            }
        }
        if let Some(rivals) = rivals.filter(|_| round > 0) {
            theirs[0] = theirs[0].min(usaddress(rivals.python, &with_commas)?);
            theirs[1] = theirs[1].min(postgis(rivals.postgres, &rows)?);
        }
    }
    figures.add("parse_ns", ours[0]);
    figures.add("parse_without_commas_ns", ours[1]);
    figures.add("parse_santa_clara_ns", ours[2]);
    figures.add("parse_right_percent", right(&rows, &with_commas));
    figures.add("parse_right_without_commas_percent", right(&rows, &without));
    if rivals.is_some() {
        figures.add("parse_usaddress_ns", theirs[0]);
        figures.add("parse_postgis_ns", theirs[1]);
        figures.add("parse_times_faster_than_usaddress", theirs[0] / ours[0]);
        figures.add("parse_times_faster_than_postgis", theirs[1] / ours[0]);
    }
    Ok(())
}

/// Nanoseconds for one address.
fn each(texts: &[String]) -> f64 {
    let begun = Instant::now();
    for text in texts {
        black_box(parse(black_box(text), &zips()));
    }
    begun.elapsed().as_secs_f64() * 1e9 / texts.len() as f64
}

/// The share of addresses of which every field is right.
fn right(rows: &[(String, Value)], texts: &[String]) -> f64 {
    let is_right = |text: &str, expected: &Value| {
        let parsed = parse(text, &zips());
        let found = [
            ("street", parsed.line.to_owned()),
            ("unit", parsed.unit.map(|unit| unit.text.to_owned()).unwrap_or_default()),
            ("city", parsed.city.to_owned()),
            ("state", parsed.state.map(|state| state.code().to_owned()).unwrap_or_default()),
            ("zip", parsed.zip.map(|zip| zip.to_string()).unwrap_or_default()),
        ];
        found.iter().all(|(field, found)| expected[field].as_str().unwrap_or_default() == found)
    };
    let count = rows.iter().zip(texts).filter(|((_, expected), text)| is_right(text, expected)).count();
    100.0 * count as f64 / rows.len() as f64
}

/// A set of labelled addresses.
fn labels(name: &str) -> io::Result<Vec<(String, Value)>> {
    let text = fs::read_to_string(super::shared().join("labels").join(name).with_extension("jsonl"))?;
    let rows = text.lines().map(|line| {
        let mut row: Value = serde_json::from_str(line)?;
        let input = row["input"].as_str().unwrap_or_default().to_owned();
        Ok((input, row["expected"].take()))
    });
    rows.collect()
}

/// Nanoseconds of usaddress for one address, as its own process tells them.
fn usaddress(python: &Path, texts: &[String]) -> io::Result<f64> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rivals/parse_usaddress.py");
    let file = std::env::temp_dir().join(format!("turnout-addresses-{}.txt", std::process::id()));
    fs::write(&file, texts.join("\n"))?;
    let answer = told(Command::new(python).arg(script).arg(&file));
    fs::remove_file(file)?;
    answer
}

/// How often PostGIS goes through the addresses: it reads its lexicon once a statement.
const REPEATS: usize = 20;

/// Nanoseconds of PostGIS's `standardize_address` for one address, which it is given in two parts.
fn postgis(postgres: &Path, rows: &[(String, Value)]) -> io::Result<f64> {
    let mut script = "set client_min_messages = warning;\n\
         create extension if not exists address_standardizer;\n\
         create extension if not exists address_standardizer_data_us;\n\
         create temporary table address (street text, place text);\n\
         copy address from stdin;\n"
        .to_owned();
    for (_, expected) in rows {
        let said = |field: &str| expected[field].as_str().unwrap_or_default();
        let line = format!(
            "{} {}\t{}, {} {}",
            said("street"),
            said("unit"),
            said("city"),
            said("state"),
            said("zip")
        );
        script += &line;
        script.push('\n');
    }
    write!(
        script,
        "\\.\nselect extract(epoch from clock_timestamp()) as begun \\gset\n\
         select count(parsed) as parsed from (select standardize_address('us_lex', 'us_gaz', 'us_rules', street, place) \
         as parsed from address, generate_series(1, {REPEATS}) offset 0) as all_of_them \\gset\n\
         select (extract(epoch from clock_timestamp()) - :begun) * 1e9 / {count};\n",
        count = REPEATS * rows.len(),
    )
    .map_err(io::Error::other)?;
    let file = std::env::temp_dir().join(format!("turnout-addresses-{}.sql", std::process::id()));
    fs::write(&file, script)?;
    let answer =
        told(Command::new("psql").args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-f"]).arg(&file).arg(postgres));
    fs::remove_file(file)?;
    answer
}

/// The number that a program writes.
fn told(command: &mut Command) -> io::Result<f64> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|_| io::Error::other(format!("{text}{}", String::from_utf8_lossy(&output.stderr))))
}
