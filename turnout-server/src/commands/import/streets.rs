//! `import streets`: streets with house numbers from files into TURNOUT_GIS_DIR.

use std::{collections::BTreeMap, io::Cursor, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use clap::Args;
use turnout_core::address::State;
use turnout_geo::{
    import::{
        ImportError, Projection,
        layers::facts_of,
        streets::{RangeAttributes, read_geojson, read_shapefile},
    },
    streets::{StreetEdge, StreetIndex},
};

use super::{
    archive::{self, Content, Source},
    configured, state,
};
use crate::{commands::progress::Bar, gis::GisFolder};

#[derive(Debug, Args)]
pub(in crate::commands) struct Streets {
    /// The Census' address ranges, a file for each county (`tl_2024_30059_addrfeat.zip`), or folders with them; other files
    /// of lines with house numbers, shapefiles or GeoJSON. A state's files of a call take the place of all its streets, so
    /// name those of all its counties together.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The state, where a file does not say it by its name.
    #[arg(long, value_name = "CODE", value_parser = state)]
    state: Option<State>,
    /// The EPSG code of the coordinates, where the files do not say it.
    #[arg(long)]
    epsg: Option<u16>,
    /// The attribute that is the number of a line, for other files than the Census'.
    #[arg(long, requires_all = ["name", "left", "right"])]
    line: Option<String>,
    /// The attribute that is the street's name.
    #[arg(long, requires = "line")]
    name: Option<String>,
    /// Those of the left side: the number at the beginning, at the end, the ZIP code.
    #[arg(long, requires = "line", value_delimiter = ',', num_args = 1, value_names = ["FROM,TO,ZIP"])]
    left: Vec<String>,
    /// Those of the right side.
    #[arg(long, requires = "line", value_delimiter = ',', num_args = 1, value_names = ["FROM,TO,ZIP"])]
    right: Vec<String>,
    /// Reads and builds, and writes nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What the files have of a state: its blocks, and how many files there are.
#[derive(Default)]
struct Found {
    edges: Vec<StreetEdge>,
    files: usize,
}

impl Streets {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = configured()?;
        let folder = GisFolder::new(&config.gis);
        let importing = if self.dry_run { None } else { Some(folder.begin()?) };
        let mut indexes = Vec::new();
        let states = self.read()?;
        let mut bar = Bar::of(states.len(), "building");
        for (state, Found { edges, files }) in states {
            bar.step(state.code());
            let blocks = edges.len();
            let index = StreetIndex::build(edges)
                .with_context(|| format!("no index can be built of {state}; nothing was imported"))?;
            ensure!(
                index.range_count() > 0,
                "the files of {state} have no house numbers; nothing was imported"
            );
            indexes.push((state, index, blocks, files));
        }
        bar.end();
        // only now, so that a file that cannot be read leaves everything as it was
        for (state, index, blocks, files) in &indexes {
            if let Some(importing) = &importing {
                folder.put_streets(importing, *state, index)?;
            }
            println!(
                "streets-{state}  {:>7} streets, {:>8} sides of {blocks} blocks, {:>7} kB  from {files} files",
                index.street_count(),
                index.range_count(),
                index.memory_bytes() / 1000,
            );
        }
        if self.dry_run {
            println!("Nothing was written: this was a dry run.");
        } else {
            println!("In force at once where servers run with TURNOUT_GIS_DIR={}.", folder.path().display());
        }
        Ok(ExitCode::SUCCESS)
    }

    fn read(&self) -> anyhow::Result<BTreeMap<State, Found>> {
        let files = archive::files(&self.paths)?;
        let mut states: BTreeMap<State, Found> = BTreeMap::new();
        let mut bar = Bar::of(files.len(), "reading");
        for path in &files {
            let file = super::shown(path);
            bar.step(&file);
            for Source { name, content } in archive::open(path)? {
                let said = facts_of(&name).state.or_else(|| facts_of(&file).state);
                let state = self.state.or(said).with_context(|| {
                    format!("nothing says which state {name} is of: name it by --state; nothing was imported")
                })?;
                let edges = self
                    .edges(&content)
                    .with_context(|| format!("{name} cannot be imported; nothing was"))?;
                let found = states.entry(state).or_default();
                found.edges.extend(edges);
                found.files += 1;
            }
        }
        bar.end();
        Ok(states)
    }

    fn edges(&self, content: &Content) -> anyhow::Result<Vec<StreetEdge>> {
        let projection = content.projection(self.epsg)?;
        let attributes = match (&self.line, &self.name, &self.left[..], &self.right[..]) {
            (Some(line), Some(name), [a, b, c], [d, e, f]) => {
                RangeAttributes { line, name, left: [a, b, c], right: [d, e, f] }
            }
            (None, ..) => RangeAttributes::TIGER,
            _ => anyhow::bail!("--left and --right are three attributes each: FROM,TO,ZIP"),
        };
        let edges = read(content, attributes, &projection);
        Ok(match self.line {
            None => edges.context("--line, --name, --left and --right say how its attributes are called")?,
            Some(_) => edges?,
        })
    }
}

fn read(
    content: &Content,
    attributes: RangeAttributes<'_>,
    projection: &Projection,
) -> Result<Vec<StreetEdge>, ImportError> {
    match content {
        Content::Shapefile { shp, dbf, .. } => {
            read_shapefile(Cursor::new(shp), Cursor::new(dbf), attributes, projection)
        }
        Content::GeoJson(json) => read_geojson(&json[..], attributes, projection),
        Content::Table(_) => Err(ImportError::NotALine),
    }
}
