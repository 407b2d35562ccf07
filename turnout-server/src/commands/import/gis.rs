//! `import gis`: boundaries from files into TURNOUT_GIS_DIR.

use std::{collections::BTreeMap, io::Cursor, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use turnout_core::address::State;
use turnout_geo::{
    boundary::Shape,
    import::{
        Attributes, Projection, geojson,
        layers::{self, FileFacts, KnownShapes, by_state, facts_of},
        shapefile, wkb,
    },
    region::LayerKind,
};

use super::{
    archive::{self, Content, Source},
    configured, put_generated, state, wired,
};
use crate::{commands::progress::Bar, gis::GisFolder};

#[derive(Debug, Args)]
pub(in crate::commands) struct Gis {
    /// Shapefiles (alone, or in a .zip) and GeoJSON (.gz too), or folders with them; and tables as PostGIS writes them (.csv,
    /// with a column `geom` of WKB). Files of the Census say by their names what they hold (`tl_2023_25_cousub.zip`); so do
    /// those of Wisconsin and Massachusetts by their attributes.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the files hold, where they do not say it.
    #[arg(long, value_enum)]
    layer: Option<Layer>,
    /// Takes only this state's areas; areas whose key says no state are of it.
    #[arg(long, value_name = "CODE", value_parser = state)]
    state: Option<State>,
    /// The year of the boundaries, where the files do not say it.
    #[arg(long)]
    vintage: Option<String>,
    /// The year of the plan by which districts were drawn, which no file says: 2013 for Alaska's before 2022.
    #[arg(long, value_name = "YEAR")]
    plan: Option<String>,
    /// The EPSG code of the coordinates, where the files do not say it: 26986 for the mainland of Massachusetts.
    #[arg(long)]
    epsg: Option<u16>,
    /// The attribute that is an area's key; with --name, for files that are not known.
    #[arg(long, requires = "name")]
    key: Option<String>,
    /// The attribute that is its name.
    #[arg(long, requires = "key")]
    name: Option<String>,
    /// The attribute that is its type: a code of the Census, or a word.
    #[arg(long, requires = "key")]
    kind: Option<String>,
    /// Reads and builds, and writes nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Layer {
    /// County subdivisions: towns, townships, cities.
    Municipality,
    /// Incorporated places: cities, villages.
    Place,
    /// House districts of the state's legislature.
    District,
    /// Counties, with finer borders than those that come with the program.
    County,
}

impl From<Layer> for LayerKind {
    fn from(layer: Layer) -> Self {
        match layer {
            Layer::Municipality => Self::Municipality,
            Layer::Place => Self::Place,
            Layer::District => Self::District,
            Layer::County => Self::County,
        }
    }
}

/// What the files have of a layer of a state.
#[derive(Default)]
struct Found {
    vintage: String,
    shapes: Vec<Shape>,
    from: Vec<String>,
}

type Layers = BTreeMap<(LayerKind, State), Found>;

impl Gis {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = configured()?;
        let folder = GisFolder::new(&config.gis);
        let importing = if self.dry_run { None } else { Some(folder.begin()?) };
        let mut layers = self.read()?;
        leave_out_other_counties(&mut layers)?;
        let mut indexes = Vec::new();
        let mut bar = Bar::of(layers.len(), "building");
        for ((layer, state), found) in layers {
            bar.step(&layers::layer_name(layer, state));
            let Found { vintage, shapes, from } = found;
            let index = layers::index(layer, state, &vintage, shapes).with_context(|| {
                format!("no boundaries can be built of {}; nothing was imported", from.join(", "))
            })?;
            indexes.push((layer, state, index, from));
        }
        bar.end();
        for (layer, state, index, from) in &indexes {
            println!(
                "{:<18} {:>5} areas of {:<5} {:>7} kB  from {}",
                layers::layer_name(*layer, *state),
                index.area_count(),
                index.vintage(),
                index.size() / 1000,
                from.join(", ")
            );
        }
        let Some(importing) = importing else {
            println!("Nothing was written: this was a dry run.");
            return Ok(ExitCode::SUCCESS);
        };
        let (mut finder, _) = folder.finder();
        for (layer, state, index, _) in &indexes {
            finder = finder.with_layer(*layer, *state, index.clone());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            // before the boundaries are in force, so that no server answers with a region that is not there
            let wired = wired(&config).await.context("nothing was imported")?;
            put_generated(&wired, &finder).await?;
            wired.rows.close().await;
            anyhow::Ok(())
        })?;
        for (layer, state, index, _) in &indexes {
            folder.put(&importing, *layer, *state, index)?;
        }
        println!(
            "In force within seconds where servers run with TURNOUT_GIS_DIR={}.",
            folder.path().display()
        );
        Ok(ExitCode::SUCCESS)
    }

    /// All areas of all files, by layer and state.
    fn read(&self) -> anyhow::Result<Layers> {
        let files = archive::files(&self.paths)?;
        let mut layers = Layers::new();
        let mut bar = Bar::of(files.len(), "reading");
        for path in &files {
            bar.step(&super::shown(path));
            for source in archive::open(path)? {
                let name = source.name.clone();
                self.take(source, &super::shown(path), &mut layers)
                    .with_context(|| format!("{name} cannot be imported; nothing was"))?;
            }
        }
        bar.end();
        Ok(layers)
    }

    fn take(&self, source: Source, file: &str, layers: &mut Layers) -> anyhow::Result<()> {
        let facts = match facts_of(&source.name) {
            facts if facts == FileFacts::default() => facts_of(file),
            facts => facts,
        };
        let KnownShapes { shapes, holds } = self.shapes(&source.content)?;
        let layer = self.layer.map(LayerKind::from).or(facts.layer).or(holds.map(|(layer, _)| layer));
        let Some(layer) = layer else {
            match facts.word.as_deref() {
                Some(word) => {
                    bail!("it holds {word}; boundaries are imported of cousub, place, sldl and county")
                }
                None => bail!("say what it holds: --layer municipality, place, district or county"),
            }
        };
        let vintage = match (layer, &self.plan) {
            (LayerKind::District, Some(plan)) => plan.clone(),
            (LayerKind::District, None) => bail!(
                "districts are drawn anew every ten years: say by which plan these were, as --plan 2013"
            ),
            _ => self.vintage.clone().or(facts.year).unwrap_or_default(),
        };
        let state = self.state.or(facts.state).or(holds.map(|(_, state)| state));
        let states = by_state(shapes, state)?;
        anyhow::ensure!(!states.is_empty(), "it has no areas of that state");
        for (state, mut shapes) in states.into_iter().filter(|(state, _)| !state.is_territory()) {
            let found = layers.entry((layer, state)).or_default();
            if !found.from.is_empty() && found.vintage != vintage {
                bail!(
                    "{} is of {vintage}, and {} of {}: import one of them",
                    source.name,
                    found.from.join(", "),
                    found.vintage
                );
            }
            found.vintage.clone_from(&vintage);
            found.shapes.append(&mut shapes);
            found.from.push(source.name.clone());
        }
        Ok(())
    }

    fn shapes(&self, content: &Content) -> anyhow::Result<KnownShapes> {
        let projection = content.projection(self.epsg)?;
        let given = self.epsg.map(Projection::epsg).transpose()?;
        let read = |attributes: Attributes<'_>| match content {
            Content::Shapefile { shp, dbf, .. } => {
                shapefile::read(Cursor::new(shp), Cursor::new(dbf), attributes, &projection)
            }
            Content::GeoJson(json) => geojson::read(&json[..], attributes, &projection),
            Content::Table(table) => wkb::read_table(&table[..], attributes, given.as_ref()),
        };
        match (&self.key, &self.name) {
            (Some(key), Some(name)) => {
                let shapes = read(Attributes { key, name, kind: self.kind.as_deref() })?;
                Ok(KnownShapes { shapes, holds: None })
            }
            _ => layers::read_known(read).context("--key and --name say how its attributes are called"),
        }
    }
}

/// Says of which states the counties are others than ours, and leaves them out.
fn leave_out_other_counties(layers: &mut Layers) -> anyhow::Result<()> {
    let mut others = Vec::new();
    layers.retain(|(layer, state), found| {
        if *layer != LayerKind::County {
            return true;
        }
        let checked = layers::check_counties(*state, &found.shapes);
        others.extend(checked.as_ref().err().map(ToString::to_string));
        checked.is_ok()
    });
    anyhow::ensure!(!layers.is_empty(), "nothing was imported: {}", others.join("; "));
    others.iter().for_each(|other| println!("left out: {other}"));
    Ok(())
}
