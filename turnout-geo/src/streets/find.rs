//! From a house number and a street to the place of the house.

use std::collections::BTreeSet;

use super::{
    RangeRow, Side, StreetIndex,
    key::{HouseKey, StreetKey, difference, name_in},
    line,
};
use crate::{
    address::Parsed,
    data::zips,
    gazetteer::{PlaceKey, Zip5},
    point::GeoPoint,
};

/// How far from the middle of the street houses are taken to be, in meters: on the right side of a border that runs down
/// the street.
const ASIDE_M: f64 = 8.0;
/// What the place of a number between others is off, in meters, beside a share of the block's length.
const LEAST_M: f64 = 40.0;
/// That share: houses stand neither in equal distances nor up to the last number.
const SHARE: f64 = 0.25;
/// Two keys that differ more are not the same street.
const MOST_DIFFERENT: u32 = 2;
/// A name with a letter too many, too few or wrong is looked for from this length on.
const LEAST_LETTERS: usize = 5;
/// Places that are nearer to each other than this, in meters, are one.
const SAME_M: f64 = 150.0;

/// Where a house may be.
#[derive(Debug, Clone, PartialEq)]
pub struct StreetPlace {
    /// The most likely point.
    pub point: GeoPoint,
    /// It may as well be as far away as this, in meters.
    pub uncertainty_m: f64,
    /// Whether the street has the number there; otherwise the point is the middle of the street in the ZIP code.
    pub has_number: bool,
    /// The ZIP code there.
    pub zip: Zip5,
    /// The name of the street, in the form of Publication 28, without directions and suffix.
    pub street: String,
}

impl StreetIndex {
    /// The places that the address may mean, as good as each other; none if the street is not known where the address
    /// says it is, by its ZIP code or else by its city.
    #[must_use]
    pub fn find(&self, address: &Parsed<'_>) -> Vec<StreetPlace> {
        let Some(key) = StreetKey::of(address) else { return Vec::new() };
        let zips = zips_of(address);
        let house = HouseKey::of(address);
        let mut streets = self.named(&key);
        if !self.any_in(&streets, &zips) {
            streets = self.nearly_named(&key, &zips);
        }
        let mut found = self.with_number(&streets, &zips, house);
        if found.is_empty() {
            found = self.middles(&streets, &zips);
        }
        found
    }

    /// The streets of this name, the most similar ones.
    fn named(&self, key: &StreetKey) -> Vec<(usize, u32)> {
        let first = self.partition(key.stem());
        let stem = key.stem();
        let all = (first..self.street_count()).take_while(|street| self.key(*street).starts_with(stem));
        let costs = all.filter_map(|street| Some((street, difference(key.text(), self.key(street))?)));
        costs.filter(|(_, cost)| *cost <= MOST_DIFFERENT).collect()
    }

    /// The first street whose key is not before this text.
    fn partition(&self, text: &str) -> usize {
        let (mut from, mut to) = (0, self.street_count());
        while from < to {
            let middle = from + (to - from) / 2;
            if self.key(middle) < text { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// Streets of the ZIP codes whose name has one letter too many, too few or wrong.
    fn nearly_named(&self, key: &StreetKey, zips: &[Zip5]) -> Vec<(usize, u32)> {
        let name = name_in(key.text());
        // numbers are told apart by one digit
        if name.chars().count() < LEAST_LETTERS || name.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let there: BTreeSet<usize> = zips.iter().flat_map(|zip| self.streets_in(*zip)).collect();
        let costs = there.into_iter().filter_map(|street| {
            let other = self.key(street);
            let is_near = strsim::osa_distance(name, name_in(other)) == 1;
            let cost = is_near.then(|| difference(key.text(), other))??;
            (cost <= MOST_DIFFERENT).then_some((street, cost))
        });
        costs.collect()
    }

    fn any_in(&self, streets: &[(usize, u32)], zips: &[Zip5]) -> bool {
        streets.iter().any(|(street, _)| self.there(*street, zips).next().is_some())
    }

    fn there(&self, street: usize, zips: &[Zip5]) -> impl Iterator<Item = RangeRow> {
        self.ranges(street).filter(|row| zips.iter().any(|zip| zip.number() == row.zip))
    }

    /// The places with the number, on the most similar streets that have it.
    fn with_number(
        &self,
        streets: &[(usize, u32)],
        zips: &[Zip5],
        house: Option<HouseKey>,
    ) -> Vec<StreetPlace> {
        let Some(house) = house else { return Vec::new() };
        let mut costs: Vec<u32> = streets.iter().map(|(_, cost)| *cost).collect();
        costs.sort_unstable();
        costs.dedup();
        for cost in costs {
            let mut places: Vec<StreetPlace> = Vec::new();
            for (street, _) in streets.iter().filter(|(_, known)| *known == cost) {
                let rows = self.there(*street, zips).filter(|row| row.has(house));
                for place in rows.filter_map(|row| self.place(*street, row, house)) {
                    if places.iter().all(|known| known.point.distance_m(place.point) > SAME_M) {
                        places.push(place);
                    }
                }
            }
            if !places.is_empty() {
                return places;
            }
        }
        Vec::new()
    }

    fn place(&self, street: usize, row: RangeRow, house: HouseKey) -> Option<StreetPlace> {
        let line = line::read(self.lines(), row.line)?;
        let aside = if row.side == Side::Right { ASIDE_M } else { -ASIDE_M };
        Some(StreetPlace {
            point: line::along(&line, house.share(row.from, row.to), aside)?,
            uncertainty_m: LEAST_M + SHARE * line::length_m(&line),
            has_number: true,
            zip: Zip5::new(row.zip)?,
            street: name_in(self.key(street)).to_owned(),
        })
    }

    /// The middle of each of the most similar streets in each ZIP code, with all of the street within its uncertainty.
    fn middles(&self, streets: &[(usize, u32)], zips: &[Zip5]) -> Vec<StreetPlace> {
        let there = |(street, _): &&(usize, u32)| self.there(*street, zips).next().is_some();
        let least = streets.iter().filter(there).map(|(_, cost)| *cost).min();
        let nearest = streets.iter().filter(|(_, cost)| Some(*cost) == least);
        let pairs = nearest.flat_map(|(street, _)| zips.iter().map(move |zip| (*street, *zip)));
        pairs.filter_map(|(street, zip)| self.middle(street, zip)).collect()
    }

    fn middle(&self, street: usize, zip: Zip5) -> Option<StreetPlace> {
        let zips = [zip];
        let rows = self.there(street, &zips);
        let points: Vec<GeoPoint> =
            rows.filter_map(|row| line::read(self.lines(), row.line)).flatten().collect();
        let middle_of = |coordinate: fn(&GeoPoint) -> i32| {
            let all = points.iter().map(coordinate);
            let (least, most) = (all.clone().min()?, all.max()?);
            Some(least + (most - least) / 2)
        };
        let point = GeoPoint { lon: middle_of(|point| point.lon)?, lat: middle_of(|point| point.lat)? };
        let farthest = points.iter().map(|other| point.distance_m(*other)).fold(0.0, f64::max);
        let street = name_in(self.key(street)).to_owned();
        Some(StreetPlace { point, uncertainty_m: LEAST_M + farthest, has_number: false, zip, street })
    }
}

/// The ZIP code of an address; without one, those of its city.
fn zips_of(address: &Parsed<'_>) -> Vec<Zip5> {
    if let Some(zip) = address.zip {
        return vec![zip];
    }
    let Some(state) = address.state.filter(|_| !address.city.is_empty()) else { return Vec::new() };
    let city = PlaceKey::new(state, address.city);
    let entries =
        zips().iter().filter(|entry| entry.state == Some(state) && PlaceKey::new(state, entry.place) == city);
    entries.filter_map(|entry| Zip5::new(entry.zip)).collect()
}
