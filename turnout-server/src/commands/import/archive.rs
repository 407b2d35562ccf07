//! Files that boundaries come in: shapefiles, alone or packed, GeoJSON, and tables of PostGIS.

use std::{
    ffi::OsStr,
    fs,
    io::{Cursor, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use flate2::read::GzDecoder;
use turnout_geo::import::Projection;
use zip::ZipArchive;

/// No file within an archive is larger, in bytes: whatever an archive says, memory has an end.
const LARGEST: u64 = 2 << 30;

/// One set of areas, or of streets: what a reader needs of it, in memory.
pub(super) struct Source {
    /// The name of the file, for messages and for what it says.
    pub(super) name: String,
    pub(super) content: Content,
}

/// In which form.
pub(super) enum Content {
    /// A shapefile: its shapes, its records, and its projection, where it says one.
    Shapefile { shp: Vec<u8>, dbf: Vec<u8>, prj: Option<String> },
    /// GeoJSON.
    GeoJson(Vec<u8>),
    /// A comma-separated table with a column of WKB.
    Table(Vec<u8>),
}

impl Content {
    /// What its coordinates mean: by this EPSG code, else as it says, else degrees.
    pub(super) fn projection(&self, epsg: Option<u16>) -> anyhow::Result<Projection> {
        match (epsg, self) {
            (Some(code), _) => Ok(Projection::epsg(code)?),
            (None, Self::Shapefile { prj: Some(prj), .. }) => {
                Projection::from_prj(prj).context("--epsg says which it is")
            }
            (None, _) => Ok(Projection::DEGREES),
        }
    }
}

/// Everything to be read under the paths: files, and the files in folders, by name.
pub(super) fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let about = fs::metadata(path)
            .with_context(|| format!("{} cannot be read: is the name right?", path.display()))?;
        if !about.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut within: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        within.retain(|path| path.is_file() && is_source(path));
        within.sort();
        ensure!(!within.is_empty(), "{} holds neither .zip nor .shp nor .geojson", path.display());
        files.append(&mut within);
    }
    Ok(files)
}

fn is_source(path: &Path) -> bool {
    ["zip", "shp", "geojson", "json", "gz"].iter().any(|known| ending(path) == *known)
}

fn ending(path: &Path) -> String {
    path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase()
}

/// Opens a file. An archive may hold several shapefiles.
pub(super) fn open(path: &Path) -> anyhow::Result<Vec<Source>> {
    let name = super::shown(path);
    match ending(path).as_str() {
        "zip" => unpack(&name, fs::read(path)?),
        "shp" => {
            let beside = |ending: &str| fs::read(path.with_extension(ending));
            let dbf = beside("dbf")
                .with_context(|| format!("{} cannot be read without the .dbf beside it", path.display()))?;
            let prj = beside("prj").ok().map(|prj| String::from_utf8_lossy(&prj).into_owned());
            Ok(vec![Source { name, content: Content::Shapefile { shp: fs::read(path)?, dbf, prj } }])
        }
        "gz" => {
            let mut json = Vec::new();
            GzDecoder::new(&fs::read(path)?[..]).take(LARGEST).read_to_end(&mut json)?;
            Ok(vec![Source { name, content: Content::GeoJson(json) }])
        }
        "geojson" | "json" => Ok(vec![Source { name, content: Content::GeoJson(fs::read(path)?) }]),
        "csv" => Ok(vec![Source { name, content: Content::Table(fs::read(path)?) }]),
        _ => bail!("{} is none of .zip, .shp, .geojson, .json, .geojson.gz, .csv", path.display()),
    }
}

/// The shapefiles, and GeoJSON, of an archive.
fn unpack(archive: &str, bytes: Vec<u8>) -> anyhow::Result<Vec<Source>> {
    let broken = || format!("{archive} is no archive that can be read: fetch it again");
    let mut zip = ZipArchive::new(Cursor::new(bytes)).with_context(broken)?;
    let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
    let mut take = |name: &str| -> anyhow::Result<Vec<u8>> {
        let file = zip.by_name(name).with_context(broken)?;
        let mut content = Vec::new();
        file.take(LARGEST).read_to_end(&mut content).with_context(broken)?;
        Ok(content)
    };
    let mut sources = Vec::new();
    for name in &names {
        let path = Path::new(name);
        let content = match ending(path).as_str() {
            "shp" => {
                let beside = |wanted: &str| {
                    names.iter().find(|other| {
                        let other = Path::new(other);
                        other.with_extension("") == path.with_extension("") && ending(other) == wanted
                    })
                };
                let dbf = beside("dbf").with_context(|| format!("{archive} has no .dbf for {name}"))?;
                let prj = beside("prj").map(|prj| take(prj)).transpose()?;
                let prj = prj.map(|prj| String::from_utf8_lossy(&prj).into_owned());
                Content::Shapefile { shp: take(name)?, dbf: take(dbf)?, prj }
            }
            "geojson" => Content::GeoJson(take(name)?),
            _ => continue,
        };
        sources.push(Source { name: super::shown(path), content });
    }
    ensure!(!sources.is_empty(), "{archive} holds neither a shapefile nor GeoJSON");
    Ok(sources)
}
