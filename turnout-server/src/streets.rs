//! The streets with house numbers that were imported into TURNOUT_GIS_DIR, each state's in a file of its own, read when an
//! address of the state is looked for.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufReader, ErrorKind},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use async_trait::async_trait;
use tokio::task::spawn_blocking;
use turnout_core::{
    address::{Address, State},
    ports::geocoder::{GeocodeError, GeocodeErrorKind, Geocoded, Geocoder},
};
use turnout_geo::streets::{StreetError, StreetIndex, Streets};

const NAME: &str = "streets";

/// The folder. It need not be there.
#[derive(Clone)]
pub struct StreetFolder {
    path: PathBuf,
    kept: Arc<Mutex<HashMap<State, Kept>>>,
}

/// What was read of a state, and of which file.
struct Kept {
    stamp: Stamp,
    streets: Arc<Streets>,
}

/// How large and how old a file is: what changes when something is imported.
type Stamp = (u64, Option<SystemTime>);

impl StreetFolder {
    /// The folder at this path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), kept: Arc::default() }
    }

    /// The file of a state.
    #[must_use]
    pub fn file(&self, state: State) -> PathBuf {
        self.path.join(format!("{NAME}-{}.tgst", state.code()))
    }

    /// The state's streets as the file has them now; nothing without a file. Reads files: call it off the runtime's threads.
    fn streets(&self, state: State) -> Result<Option<Arc<Streets>>, StreetError> {
        let path = self.file(state);
        let about = match fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            about => about?,
        };
        let stamp = (about.len(), about.modified().ok());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&state).filter(|known| known.stamp == stamp) {
            return Ok(Some(Arc::clone(&known.streets)));
        }
        let index = StreetIndex::read(BufReader::new(File::open(path)?))?;
        let streets = Arc::new(Streets::new().with_state(state, Arc::new(index)));
        kept.insert(state, Kept { stamp, streets: Arc::clone(&streets) });
        Ok(Some(streets))
    }
}

#[async_trait]
impl Geocoder for StreetFolder {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let failed = |kind| GeocodeError::new(NAME, kind);
        let state = address.state.ok_or_else(|| failed(GeocodeErrorKind::BadAddress))?;
        let folder = self.clone();
        let streets = spawn_blocking(move || folder.streets(state)).await;
        let streets = streets.map_err(|error| failed(GeocodeErrorKind::Unintelligible).because(error))?;
        match streets.map_err(|error| failed(GeocodeErrorKind::Unintelligible).because(error))? {
            Some(streets) => streets.geocode(address).await,
            None => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use turnout_geo::{
        GeoPoint, Zip5,
        streets::{HouseKey, NumberRange, Parity, Side, StreetEdge},
    };

    use super::*;

    fn main_street(lat: f64) -> StreetIndex {
        let point = |lon| GeoPoint::from_degrees(lat, lon).expect("a point");
        let house = |text| HouseKey::parse(text).expect("a house number");
        let zip = Zip5::parse("59645").expect("a ZIP code");
        let (from, to) = (house("1"), house("99"));
        let range = NumberRange { side: Side::Left, from, to, parity: Parity::Odd, zip };
        let line = vec![point(-110.90), point(-110.89)];
        StreetIndex::build([StreetEdge { names: ["Main St".into()].into(), line, ranges: vec![range] }])
            .expect("an index")
    }

    fn address() -> Address {
        Address {
            address1: Some("51 Main Street".into()),
            city: Some("White Sulphur Springs".into()),
            state: Some(State::Mt),
            zipcode: Some("59645".into()),
            ..Address::default()
        }
    }

    #[tokio::test]
    async fn streets_are_found_as_soon_as_they_are_there_and_as_they_are_now() {
        let kept = tempfile::tempdir().expect("a folder");
        let folder = StreetFolder::new(kept.path());
        assert_eq!(folder.geocode(&address()).await.expect("an answer"), []);
        for lat in [46.5, 46.25] {
            let mut bytes = Vec::new();
            main_street(lat).write(&mut bytes).expect("it is written");
            // the same size: the moment tells
            fs::write(folder.file(State::Mt), &bytes).expect("a file");
            let file = File::options().write(true).open(folder.file(State::Mt)).expect("a file");
            let moment = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs((lat * 1_000.0) as u64);
            file.set_modified(moment).expect("its time is set");
            let found = folder.geocode(&address()).await.expect("an answer");
            assert!((found[0].location.lat - lat).abs() < 0.001, "{found:?}");
        }
    }

    #[tokio::test]
    async fn a_damaged_file_is_an_error() {
        let kept = tempfile::tempdir().expect("a folder");
        let folder = StreetFolder::new(kept.path());
        fs::write(folder.file(State::Mt), b"no index").expect("a file");
        let error = folder.geocode(&address()).await.expect_err("it is damaged");
        assert_eq!(error.kind, GeocodeErrorKind::Unintelligible);
    }
}
