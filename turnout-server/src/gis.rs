//! The folder of boundaries and streets that were imported, TURNOUT_GIS_DIR: an index for each layer of a state, and for its
//! streets, in a file of its own.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, ErrorKind, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Context as _;
use turnout_core::address::State;
use turnout_geo::{
    boundary::BoundaryIndex,
    import::layers::layer_name,
    region::{LayerKind, RegionFinder},
    streets::StreetIndex,
};

use crate::streets::StreetFolder;

/// What the files of boundaries end in.
const ENDING: &str = "tgeo";

/// The folder. It need not be there.
#[derive(Debug, Clone)]
pub struct GisFolder(PathBuf);

/// Which files there are, how large and how old: what changes when something is imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp(Vec<(PathBuf, u64, Option<SystemTime>)>);

/// Held while something is put into the folder.
#[derive(Debug)]
pub struct Importing(#[expect(dead_code, reason = "it is locked as long as it is open")] File);

impl GisFolder {
    /// The folder at this path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the folder, and keeps others from importing into it.
    ///
    /// # Errors
    /// When it cannot be made, or somebody else imports just now.
    pub fn begin(&self) -> anyhow::Result<Importing> {
        fs::create_dir_all(&self.0).with_context(|| {
            format!("{} cannot be made: let TURNOUT_GIS_DIR name another folder", self.0.display())
        })?;
        let folder = File::open(&self.0)?;
        folder.try_lock().ok().context("somebody else imports into the folder just now")?;
        Ok(Importing(folder))
    }

    /// Puts the boundaries of a layer in the place of those before, in one step: whoever reads finds one or the other. What
    /// was written is read again and checked before.
    ///
    /// # Errors
    /// When the file cannot be written, or is not what was written; what was there is there still.
    pub fn put(
        &self,
        _importing: &Importing,
        layer: LayerKind,
        state: State,
        index: &BoundaryIndex,
    ) -> anyhow::Result<PathBuf> {
        let target = self.file(layer, state);
        swap_in(
            &target,
            |file| Ok(index.write(file)?),
            |file| {
                let again = BoundaryIndex::read(file)?;
                anyhow::ensure!(again.area_count() == index.area_count(), "other areas than were written");
                Ok(())
            },
        )
        .with_context(|| format!("{} cannot be written", target.display()))?;
        Ok(target)
    }

    /// The same for the streets of a state, which `streets.rs` reads.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn put_streets(
        &self,
        _importing: &Importing,
        state: State,
        index: &StreetIndex,
    ) -> anyhow::Result<()> {
        let target = StreetFolder::new(&self.0).file(state);
        swap_in(
            &target,
            |file| Ok(index.write(file)?),
            |file| {
                let again = StreetIndex::read(file)?;
                anyhow::ensure!(
                    again.range_count() == index.range_count(),
                    "other streets than were written"
                );
                Ok(())
            },
        )
        .with_context(|| format!("{} cannot be written", target.display()))
    }

    /// A finder with all layers that there are. A file that cannot be used is left out, with the reason: the finder then
    /// says that it lacks the layer, and gives candidates.
    #[must_use]
    pub fn finder(&self) -> (RegionFinder, Vec<anyhow::Error>) {
        let (mut finder, mut complaints) = (RegionFinder::default(), Vec::new());
        for state in State::ALL {
            for layer in LayerKind::ALL {
                match read(&self.file(layer, *state)) {
                    Ok(Some(index)) => finder = finder.with_layer(layer, *state, index),
                    Ok(None) => {}
                    Err(error) => complaints.push(error),
                }
            }
        }
        (finder, complaints)
    }

    /// What is in it.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        let Ok(entries) = fs::read_dir(&self.0) else { return Stamp::default() };
        let mut files: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|ending| ending == ENDING))
            .filter_map(|entry| {
                let about = entry.metadata().ok()?;
                Some((entry.path(), about.len(), about.modified().ok()))
            })
            .collect();
        files.sort();
        Stamp(files)
    }

    fn file(&self, layer: LayerKind, state: State) -> PathBuf {
        self.0.join(format!("{}.{ENDING}", layer_name(layer, state)))
    }
}

/// Reads the boundaries of a layer, if there are any.
fn read(path: &Path) -> anyhow::Result<Option<BoundaryIndex>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file,
    };
    let index =
        file.map_err(anyhow::Error::new).and_then(|file| Ok(BoundaryIndex::read(BufReader::new(file))?));
    index
        .map(Some)
        .with_context(|| format!("{} cannot be used: import these boundaries again", path.display()))
}

/// Writes a file beside its place, has it checked, and lets it take its place.
fn swap_in(
    target: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> anyhow::Result<()>,
    check: impl FnOnce(BufReader<File>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
        return Err(io::Error::from(ErrorKind::InvalidInput).into());
    };
    let staged = folder.join(format!(".{}.new", name.to_string_lossy()));
    let file = File::create(&staged)?;
    let mut to = BufWriter::new(&file);
    write(&mut to)?;
    to.flush()?;
    drop(to);
    file.sync_all()?;
    check(BufReader::new(File::open(&staged)?))?;
    fs::rename(&staged, target)?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use turnout_geo::{
        GeoPoint,
        boundary::{Area, Shape},
        import::layers,
    };

    use super::*;

    fn town(name: &str) -> BoundaryIndex {
        let point = |lat, lon| GeoPoint::from_degrees(lat, lon).expect("a point");
        let area = Area { key: "2502109175".to_owned(), name: name.to_owned(), kind: "43".to_owned() };
        let rings =
            vec![vec![point(42.2, -71.3), point(42.2, -71.0), point(42.4, -71.0), point(42.4, -71.3)]];
        layers::index(LayerKind::Municipality, State::Ma, "2019", vec![Shape { area, rings }])
            .expect("an index")
    }

    #[test]
    fn what_is_put_is_found_and_takes_the_place_of_what_was_there() {
        let kept = tempfile::tempdir().expect("a folder");
        let folder = GisFolder::new(kept.path().join("gis"));
        let empty = folder.stamp();
        let importing = folder.begin().expect("nobody else");
        assert!(folder.begin().is_err(), "one at a time");
        for name in ["Brookline", "Brookline again"] {
            folder.put(&importing, LayerKind::Municipality, State::Ma, &town(name)).expect("it is put");
        }
        assert_ne!(folder.stamp(), empty);
        let (finder, complaints) = folder.finder();
        assert!(complaints.is_empty());
        let names: Vec<_> = finder.generated().into_iter().filter_map(|region| region.municipality).collect();
        assert_eq!(names, ["Brookline again"]);
        let files = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[test]
    fn a_damaged_file_is_left_out_with_the_reason() {
        let kept = tempfile::tempdir().expect("a folder");
        let folder = GisFolder::new(kept.path());
        let importing = folder.begin().expect("nobody else");
        let path = folder
            .put(&importing, LayerKind::Municipality, State::Ma, &town("Brookline"))
            .expect("it is put");
        let mut bytes = fs::read(&path).expect("a file");
        *bytes.last_mut().expect("bytes") ^= 1;
        fs::write(&path, bytes).expect("it is written");
        let (finder, complaints) = folder.finder();
        assert!(complaints[0].to_string().contains("import these boundaries again"), "{}", complaints[0]);
        assert!(finder.generated().iter().all(|region| region.municipality.is_none()));
    }
}
