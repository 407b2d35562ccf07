//! What a point is in: its county, and areas of the layers that are loaded.
//!
//! An address is not a point but a disc. Where the disc crosses a border, there are several situations the address may
//! be in, each with its share of the disc.

use std::{collections::HashMap, sync::Arc};

use smallvec::SmallVec;
use turnout_core::address::State;

use super::{located::Located, names::AreaType, rules::Rules};
use crate::{
    boundary::{AreaId, AreaName, BoundaryIndex},
    data::{County, CountyGeoid, counties, zips},
    gazetteer::Zip5,
    point::GeoPoint,
};

/// A layer that may be loaded for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerKind {
    /// County subdivisions: towns, townships, cities. They cover the state.
    Municipality,
    /// Incorporated places: cities and villages.
    Place,
    /// House districts of the state's legislature.
    District,
    /// Counties, for finer borders than those that come with the crate; the counties themselves are the same.
    County,
}

impl LayerKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Municipality, Self::Place, Self::District, Self::County];

    /// Its name in a word: `municipality`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Municipality => "municipality",
            Self::Place => "place",
            Self::District => "district",
            Self::County => "county",
        }
    }

    /// What it is called in explanations.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Municipality => "county subdivisions",
            Self::Place => "places",
            Self::District => "house districts",
            Self::County => "counties",
        }
    }
}

/// The layers that are loaded.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers(HashMap<(LayerKind, State), Arc<BoundaryIndex>>);

/// What is known of an address in one layer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known<'a> {
    /// There is no layer.
    Unloaded,
    /// It is in none of the areas.
    Outside,
    /// It is in this one.
    In { id: AreaId, name: AreaName<'a>, kind: Option<AreaType> },
}

impl Known<'_> {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::In { id, .. }, Self::In { id: other, .. }) => id == other,
            (Self::Unloaded, Self::Unloaded) | (Self::Outside, Self::Outside) => true,
            _ => false,
        }
    }
}

/// What an address may be in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation<'a> {
    pub(super) county: &'static County,
    pub(super) municipality: Known<'a>,
    pub(super) place: Known<'a>,
    pub(super) district: Known<'a>,
    /// An area that the rules draw.
    pub(super) drawn: Known<'a>,
    /// Its share of the disc.
    pub(super) share: f64,
}

impl<'a> Situation<'a> {
    /// What is known of a county alone.
    pub(super) fn in_county(county: &'static County) -> Self {
        let unloaded = Known::Unloaded;
        Self {
            county,
            municipality: unloaded,
            place: unloaded,
            district: unloaded,
            drawn: unloaded,
            share: 1.0,
        }
    }

    fn layers(&mut self) -> [&mut Known<'a>; 4] {
        [&mut self.municipality, &mut self.place, &mut self.district, &mut self.drawn]
    }

    fn is(mut self, mut other: Self) -> bool {
        self.county.geoid == other.county.geoid
            && self.layers().iter().zip(other.layers()).all(|(one, other)| one.is(other))
    }
}

/// The share of what the disc touches without any of the points tried in it.
const SLIVER: f64 = 0.01;
/// The share of a county that is only named by whoever located the address.
const NAMED: f64 = 0.2;

pub(super) type Situations<'a> = SmallVec<[Situation<'a>; 4]>;

impl Layers {
    pub(super) fn load(&mut self, kind: LayerKind, state: State, index: BoundaryIndex) {
        self.0.insert((kind, state), Arc::new(index));
    }

    /// The layer; none of another plan than the rules go by.
    pub(super) fn get(&self, kind: LayerKind, state: State) -> Option<&BoundaryIndex> {
        let index = self.0.get(&(kind, state))?;
        match Rules::of(state).plan() {
            Some(plan) if kind == LayerKind::District => (index.vintage() == plan).then_some(index),
            _ => Some(index),
        }
    }

    /// The vintage of a layer that is loaded and not used, as the rules go by another plan.
    pub(super) fn other_plan(&self, kind: LayerKind, state: State) -> Option<&str> {
        let index = self.0.get(&(kind, state))?;
        self.get(kind, state).is_none().then(|| index.vintage())
    }

    /// What an address in the state may be in; nothing if all of its disc is elsewhere.
    pub(super) fn around<'a>(&'a self, state: State, located: &Located) -> Situations<'a> {
        let Located { point, uncertainty_m: radius, .. } = *located;
        let layers = self.of(state);
        let at = |point| self.situation_at(state, &layers, point);
        let near = self.counties_near(state, point, radius);
        let crosses = near.len() > 1
            || layers.iter().flatten().any(|layer| layer.border_distance(point, radius).is_some());
        let mut situations =
            if crosses { shares(disc(point, radius).filter_map(at)) } else { shares(at(point).into_iter()) };
        let counties_near = near.iter().map(|county| (*county, SLIVER));
        let named = located
            .county
            .filter(|county| county.state() == state)
            .and_then(|county| counties().by_geoid(county));
        for (county, share) in named.map(|county| (county, NAMED)).into_iter().chain(counties_near) {
            add_county(&mut situations, county, share, state);
        }
        if crosses {
            for (position, layer) in layers.iter().enumerate() {
                layer.iter().for_each(|layer| add_areas(&mut situations, position, layer, point, radius));
            }
        }
        settle(&mut situations);
        situations
    }

    /// What an address of a ZIP code may be in, of which the counties are known, each with its share.
    pub(super) fn in_zip<'a>(
        &'a self,
        state: State,
        zip: Zip5,
        counties: &[(&'static County, f64)],
    ) -> Situations<'a> {
        let layers = self.of(state);
        let disc_of_zip = zips().get(zip.number()).filter(|_| layers.iter().any(Option::is_some));
        let mut around = Situations::new();
        if let Some(entry) = disc_of_zip {
            let radius = f64::from(entry.uncertainty_m);
            let points = disc(entry.point, radius);
            around = shares(points.filter_map(|point| self.situation_at(state, &layers, point)));
            for (position, layer) in layers.iter().enumerate() {
                layer.iter().for_each(|layer| add_areas(&mut around, position, layer, entry.point, radius));
            }
        }
        let mut situations = Situations::new();
        for (county, share) in counties {
            let here = || around.iter().filter(|situation| situation.county.geoid == county.geoid);
            let whole: f64 = here().map(|situation| situation.share).sum();
            situations.extend(here().map(|known| Situation { share: share * known.share / whole, ..*known }));
            if here().next().is_none() {
                situations.push(Situation { share: *share, ..Situation::in_county(county) });
            }
        }
        settle(&mut situations);
        situations
    }

    /// The layers of a state, in the order of [`Situation::layers`].
    fn of(&self, state: State) -> [Option<&BoundaryIndex>; 4] {
        let [municipality, place, district] =
            [LayerKind::Municipality, LayerKind::Place, LayerKind::District]
                .map(|kind| self.get(kind, state));
        [municipality, place, district, Rules::of(state).drawn.as_ref()]
    }

    /// What a point of the state is in.
    fn situation_at<'a>(
        &self,
        state: State,
        layers: &[Option<&'a BoundaryIndex>; 4],
        point: GeoPoint,
    ) -> Option<Situation<'a>> {
        let county = self.county_at(state, point)?;
        let mut situation = Situation::in_county(county);
        for (known, layer) in situation.layers().into_iter().zip(layers) {
            *known = layer.map_or(Known::Unloaded, |layer| known_at(layer, point));
        }
        if let Known::In { name, .. } = situation.municipality {
            situation.county = county_of(name.key).unwrap_or(county);
        }
        Some(situation)
    }

    /// The county of a point of the state: by the layer of its counties, and by those that come with the crate where there
    /// is no layer, or it has nothing, as off a coast that it has more exactly.
    fn county_at(&self, state: State, point: GeoPoint) -> Option<&'static County> {
        let layer = self.get(LayerKind::County, state);
        let loaded =
            layer.and_then(|layer| layer.at(point).into_iter().find_map(|area| county_in(layer, area)));
        loaded.or_else(|| counties().at(point).filter(|county| county.geoid.state() == state))
    }

    /// The counties that a disc touches, the nearest first, then those of other states.
    fn counties_near(&self, state: State, point: GeoPoint, radius_m: f64) -> Vec<&'static County> {
        let layer = self.get(LayerKind::County, state);
        let mut near: Vec<&'static County> = layer.map_or_else(Vec::new, |layer| {
            let near = layer.within(point, radius_m).into_iter();
            near.filter_map(|near| county_in(layer, near.area)).collect()
        });
        let known = !near.is_empty();
        let embedded = counties().within(point, radius_m).into_iter().map(|(county, _)| county);
        near.extend(embedded.filter(|county| !known || county.geoid.state() != state));
        near
    }
}

/// The county that an area of a layer of counties is.
fn county_in(layer: &BoundaryIndex, id: AreaId) -> Option<&'static County> {
    counties().by_geoid(CountyGeoid::parse(layer.area(id)?.key)?)
}

/// Leaves out what cannot be, and makes the shares a whole.
fn settle<'a>(situations: &mut Situations<'a>) {
    // nobody lives in the water beyond a coast
    let ashore = |known: Known<'_>| matches!(known, Known::In { .. });
    let covering: [fn(&Situation<'a>) -> Known<'a>; 2] =
        [|situation| situation.municipality, |situation| situation.district];
    for layer in covering {
        if situations.iter().any(|situation| ashore(layer(situation))) {
            situations.retain(|situation| ashore(layer(situation)));
        }
    }
    scale(situations);
}

fn scale(situations: &mut Situations<'_>) {
    let whole: f64 = situations.iter().map(|situation| situation.share).sum();
    situations.iter_mut().for_each(|situation| situation.share /= whole);
}

/// What a point is in, in one layer. A place without a government is none.
fn known_at(layer: &BoundaryIndex, point: GeoPoint) -> Known<'_> {
    layer.at(point).into_iter().find_map(|area| known(layer, area)).unwrap_or(Known::Outside)
}

pub(super) fn known(layer: &BoundaryIndex, id: AreaId) -> Option<Known<'_>> {
    let name = layer.area(id)?;
    let kind = AreaType::read(name.kind);
    (kind != Some(AreaType::DesignatedPlace)).then_some(Known::In { id, name, kind })
}

/// The different ones, each with its share.
fn shares<'a>(all: impl Iterator<Item = Situation<'a>>) -> Situations<'a> {
    let mut different = Situations::new();
    for situation in all {
        match different.iter_mut().find(|known| known.is(situation)) {
            Some(known) => known.share += 1.0,
            None => different.push(situation),
        }
    }
    scale(&mut different);
    different
}

/// A county that is possible, too.
fn add_county(situations: &mut Situations<'_>, county: &County, share: f64, state: State) {
    let possible = situations.iter().any(|situation| situation.county.geoid == county.geoid);
    let Some(county) = counties().by_geoid(county.geoid).filter(|_| !possible) else { return };
    let known_better = |situation: &Situation<'_>| matches!(situation.municipality, Known::In { .. });
    if county.geoid.state() == state && !situations.iter().any(known_better) {
        let like = situations.first().copied().unwrap_or(Situation::in_county(county));
        situations.push(Situation { county, share, ..like });
    }
}

/// Areas of a layer that the disc touches without any point tried in them; where it touches the border of one only, also
/// what is beyond.
fn add_areas<'a>(
    situations: &mut Situations<'a>,
    position: usize,
    layer: &'a BoundaryIndex,
    point: GeoPoint,
    radius: f64,
) {
    let Some(like) = situations.first().copied() else { return };
    let mut add = |beyond: Known<'a>| {
        if situations.iter_mut().all(|situation| !situation.layers()[position].is(&beyond)) {
            let mut situation = Situation { share: SLIVER, ..like };
            *situation.layers()[position] = beyond;
            if let (0, Known::In { name, .. }) = (position, beyond) {
                situation.county = county_of(name.key).unwrap_or(like.county);
            }
            situations.push(situation);
        }
    };
    let near: SmallVec<[Known<'a>; 4]> =
        layer.within(point, radius).into_iter().filter_map(|near| known(layer, near.area)).collect();
    near.iter().for_each(|beyond| add(*beyond));
    if let [Known::In { .. }] = near[..]
        && layer.border_distance(point, radius).is_some()
    {
        add(Known::Outside);
    }
}

/// The county in the Census' number of a subdivision.
pub(super) fn county_of(key: &str) -> Option<&'static County> {
    let geoid = key.get(..5).filter(|_| key.len() == 10).and_then(CountyGeoid::parse)?;
    counties().by_geoid(geoid)
}

/// Points all over a disc: its middle, six halfway out, twelve at its edge.
fn disc(middle: GeoPoint, radius_m: f64) -> impl Iterator<Item = GeoPoint> {
    let (east_m, north_m) = middle.meters_per_unit();
    let around = move |count: u32, share: f64| {
        (0..count).map(move |at| {
            let (sin, cos) = (f64::from(at) * std::f64::consts::TAU / f64::from(count)).sin_cos();
            let step = |along: f64, meters: f64| (along * share * radius_m / meters) as i32;
            GeoPoint {
                lon: middle.lon.saturating_add(step(cos, east_m)),
                lat: middle.lat.saturating_add(step(sin, north_m)),
            }
        })
    };
    std::iter::once(middle).chain(around(6, 0.5)).chain(around(12, 1.0))
}
