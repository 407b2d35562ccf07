//! The index against an oracle without one.

use std::collections::BTreeMap;

use turnout_geo::{
    GeoPoint,
    boundary::{Area, BoundaryError, BoundaryIndex, Layer, Shape},
    data::{counties, zips},
};

use crate::support::Random;

/// A point on the map of the oracle, and the areas that it is in.
struct Asked {
    point: GeoPoint,
    inside: Vec<u32>,
}

/// Every ring of every area against every point that its box holds: a ray to the east crosses an odd number of edges,
/// whose lower ends count and upper ends do not. Products have 128 bits. Points are sorted, areas are not indexed.
fn ask_oracle(shapes: &[Shape], points: Vec<GeoPoint>) -> Vec<Asked> {
    let mut asked: Vec<Asked> = points.into_iter().map(|point| Asked { point, inside: Vec::new() }).collect();
    asked.sort_by_key(|asked| (asked.point.lat, asked.point.lon));
    for (area, shape) in (0..).zip(shapes) {
        for ring in &shape.rings {
            let range = |coordinate: fn(&GeoPoint) -> i32| {
                let values = || ring.iter().map(coordinate);
                (values().min().unwrap_or_default(), values().max().unwrap_or_default())
            };
            let ((west, east), (south, north)) = (range(|point| point.lon), range(|point| point.lat));
            let first = asked.partition_point(|asked| asked.point.lat < south);
            let last = asked.partition_point(|asked| asked.point.lat <= north);
            let mut here: Vec<(GeoPoint, usize, bool)> = asked[first..last]
                .iter()
                .enumerate()
                .filter(|(_, asked)| (west..=east).contains(&asked.point.lon))
                .map(|(at, asked)| (asked.point, first + at, false))
                .collect();
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (low, high) = if a.lat < b.lat { (a, b) } else { (b, a) };
                let from = here.partition_point(|(point, ..)| point.lat < low.lat);
                for (point, _, odd) in here[from..].iter_mut().take_while(|(point, ..)| point.lat < high.lat)
                {
                    let [dx, dy, px, py] =
                        [high.lon - low.lon, high.lat - low.lat, point.lon - low.lon, point.lat - low.lat]
                            .map(i128::from);
                    *odd ^= dx * py > dy * px;
                }
            }
            for (_, at, odd) in here {
                if odd {
                    let inside = &mut asked[at].inside;
                    match inside.iter().position(|known| *known == area) {
                        Some(position) => drop(inside.remove(position)),
                        None => inside.push(area),
                    }
                }
            }
        }
    }
    asked
}

/// Compares, and counts the points that are in so many areas.
fn compare(index: &BoundaryIndex, shapes: &[Shape], points: Vec<GeoPoint>) -> BTreeMap<usize, usize> {
    let mut memberships = BTreeMap::new();
    for Asked { point, inside } in ask_oracle(shapes, points) {
        let mut found: Vec<u32> = index.at(point).into_iter().map(|area| area.0).collect();
        found.sort_unstable();
        assert_eq!(found, inside, "{point:?}");
        *memberships.entry(found.len()).or_default() += 1;
    }
    memberships
}

/// Points around places where people live, and all over the country.
fn random_points(count: usize) -> Vec<GeoPoint> {
    let mut random = Random(7);
    let zips: Vec<GeoPoint> = zips().iter().filter(|zip| zip.state.is_some()).map(|zip| zip.point).collect();
    (0..count)
        .map(|number| match number % 2 {
            0 => {
                let center = zips[random.below(zips.len() as u64) as usize];
                random.around(center, 300_000)
            }
            _ => random.point(-1_250_000_000, 240_000_000, -660_000_000, 500_000_000),
        })
        .collect()
}

/// All corners, and for every edge the points around where it crosses the lines between the smallest cells.
fn points_at_borders<'a>(rings: impl Iterator<Item = &'a Vec<GeoPoint>>) -> Vec<GeoPoint> {
    const PART: u32 = 16;
    let mut points = Vec::new();
    for pair in rings.flat_map(|ring| ring.windows(2)) {
        let [a, b] = [pair[0], pair[1]];
        points.push(a);
        let mut cross = |from: (i32, i32), to: (i32, i32), point: fn(i32, i32) -> GeoPoint| {
            let (low, high) = (from.0.min(to.0), from.0.max(to.0));
            for line in (low >> PART) + 1..=high >> PART {
                let line = line << PART;
                let along = i64::from(line - from.0) * i64::from(to.1 - from.1) / i64::from(to.0 - from.0);
                let there = from.1 + along as i32;
                points.extend(
                    [(line, there), (line - 1, there), (line, there + 1)]
                        .map(|(line, there)| point(line, there)),
                );
            }
        };
        cross((a.lon, a.lat), (b.lon, b.lat), |lon, lat| GeoPoint { lon, lat });
        cross((a.lat, a.lon), (b.lat, b.lon), |lat, lon| GeoPoint { lon, lat });
    }
    points.sort_unstable();
    points.dedup();
    points
}

#[cfg(feature = "import")]
fn county_shapes() -> Vec<Shape> {
    use std::io::Cursor;

    use turnout_geo::import::{Attributes, Projection, shapefile};

    let [shp, dbf] = ["shp", "dbf"].map(|kind| {
        Cursor::new(crate::support::read(&format!("data/counties_500k/cb_2016_us_county_500k.{kind}")))
    });
    shapefile::read(shp, dbf, Attributes::CENSUS, &Projection::DEGREES).unwrap()
}

#[cfg(feature = "import")]
#[test]
fn counties_are_those_of_the_oracle_for_a_million_points() {
    let shapes = county_shapes();
    let index = BoundaryIndex::build(&Layer::from_shapes("county", "2016", shapes.clone())).unwrap();
    assert!(index.size() <= 35 << 20, "{} bytes", index.size());
    let memberships = compare(&index, &shapes, random_points(1_000_000));
    assert!(memberships[&1] > 700_000 && memberships[&0] > 100_000, "{memberships:?}");
    assert_eq!(memberships.len(), 2, "a point is in two counties: {memberships:?}");
}

#[cfg(feature = "import")]
#[test]
fn every_corner_and_every_cell_line_of_all_counties_is_as_the_oracle_says() {
    let shapes = county_shapes();
    let index = BoundaryIndex::build(&Layer::from_shapes("county", "2016", shapes.clone())).unwrap();
    let points = points_at_borders(shapes.iter().flat_map(|shape| &shape.rings));
    let memberships = compare(&index, &shapes, points);
    assert!(memberships[&1] > 1_000_000, "{memberships:?}");
    assert_eq!(memberships.len(), 2, "a point is in two counties: {memberships:?}");
}

/// A layer of triangles that overlap, touch, and cross themselves, with corners on the lines between cells.
fn triangles(random: &mut Random) -> Vec<Shape> {
    let mut corner = || match random.below(3) {
        0 => random.point(-20, -20, 20, 20),
        1 => GeoPoint { lon: random.between(-3, 3) << 19, lat: random.between(-3, 3) << 16 },
        _ => random.point(-1 << 20, -1 << 20, 1 << 20, 1 << 20),
    };
    let mut corners: Vec<GeoPoint> = (0..12).map(|_| corner()).collect();
    corners.extend_from_within(..6);
    corners
        .chunks(3)
        .enumerate()
        .map(|(number, corners)| Shape {
            area: Area { key: number.to_string(), ..Area::default() },
            rings: vec![
                corners.to_vec(),
                corners.iter().map(|point| GeoPoint { lon: point.lat, lat: point.lon }).collect(),
            ],
        })
        .collect()
}

#[test]
fn areas_that_overlap_are_all_found() {
    let mut random = Random(11);
    let mut most = 0;
    for _ in 0..300 {
        let shapes = triangles(&mut random);
        let index = BoundaryIndex::build(&Layer::from_shapes("triangle", "", shapes.clone())).unwrap();
        let mut points = points_at_borders(shapes.iter().flat_map(|shape| &shape.rings));
        points.extend((0..300).map(|_| random.point(-1 << 20, -1 << 20, 1 << 20, 1 << 20)));
        points.extend((0..300).map(|_| random.point(-25, -25, 25, 25)));
        most = most.max(*compare(&index, &shapes, points).keys().last().unwrap());
    }
    assert!(most > 2, "never more than {most} at once");
}

#[test]
fn a_layer_over_the_whole_earth_is_found_at_its_ends() {
    let [west, south, east, north] = [-1_800_000_000, -900_000_000, 1_800_000_000, 900_000_000];
    let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let ring = ring.map(|(lon, lat)| GeoPoint { lon, lat }).to_vec();
    let shapes = [Shape { rings: vec![ring.clone()], ..Shape::default() }];
    let index = BoundaryIndex::build(&Layer::from_shapes("earth", "", shapes.to_vec())).unwrap();
    // right and upper ends belong to what comes next
    assert_eq!(index.at(GeoPoint { lon: west, lat: south }).len(), 1);
    assert!(
        index.at(GeoPoint { lon: east, lat: 0 }).is_empty()
            && index.at(GeoPoint { lon: 0, lat: north }).is_empty()
    );
    assert_eq!(index.at(GeoPoint { lon: east - 1, lat: north - 1 }).len(), 1);
    assert!(index.at(GeoPoint { lon: i32::MAX, lat: i32::MIN }).is_empty());
}

#[test]
fn a_layer_that_contradicts_itself_is_refused() {
    let arc = |areas: &[u32], points: Vec<GeoPoint>| {
        let arc = turnout_geo::boundary::Arc { areas: areas.iter().copied().collect(), points };
        BoundaryIndex::build(&Layer { areas: vec![Area::default()], arcs: vec![arc], ..Layer::default() })
    };
    let line = |lon| vec![GeoPoint { lon: 0, lat: 0 }, GeoPoint { lon, lat: 1 }];
    assert!(arc(&[0], line(5)).is_ok());
    for refused in [arc(&[1], line(5)), arc(&[0, 0], line(5)), arc(&[0], vec![]), arc(&[0], line(i32::MAX))] {
        assert!(matches!(refused, Err(BoundaryError::BadLayer)));
    }
    let nothing = BoundaryIndex::build(&Layer::default()).unwrap();
    assert!(nothing.at(GeoPoint { lon: 0, lat: 0 }).is_empty());
}

#[test]
fn a_disc_touches_what_lies_within_its_radius() {
    let counties = counties();
    // Falls Church city lies between Fairfax and Arlington; the center of the city, 1.1 km from both
    let point = GeoPoint::from_degrees(38.8846, -77.1712).unwrap();
    let names = |radius| -> Vec<(String, &str)> {
        let near = counties.within(point, radius);
        near.iter().map(|(county, _)| (county.geoid.to_string(), county.name)).collect()
    };
    assert_eq!(names(10.0), [("51610".to_owned(), "Falls Church")]);
    let near = names(2_000.0);
    assert!(
        near.contains(&("51059".to_owned(), "Fairfax")) && near.contains(&("51013".to_owned(), "Arlington")),
        "{near:?}"
    );
    // distances are the least over all edges, whatever the cells
    let layer = counties.layer(Some(turnout_core::address::State::Va));
    for (county, distance_m) in counties.within(point, 30_000.0).into_iter().skip(1) {
        let id = layer.areas.iter().position(|area| area.key == county.geoid.to_string());
        let Some(id) = id else { continue };
        let corners =
            layer.arcs.iter().filter(|arc| arc.areas.contains(&(id as u32))).flat_map(|arc| &arc.points);
        let least = corners.map(|corner| point.distance_m(*corner)).fold(f64::INFINITY, f64::min);
        assert!(
            distance_m <= least * 1.005 && distance_m > least * 0.5,
            "{county:?}: {distance_m} and {least}"
        );
    }
}

#[test]
fn a_disc_reaches_over_the_antimeridian() {
    let band = |key: &str, west: f64, east: f64| Shape {
        area: Area { key: key.to_owned(), ..Area::default() },
        rings: vec![
            [(50.0, west), (50.0, east), (51.0, east), (51.0, west)]
                .map(|(lat, lon)| GeoPoint::from_degrees(lat, lon).unwrap())
                .to_vec(),
        ],
    };
    let layer =
        Layer::from_shapes("band", "", vec![band("east", 179.0, 179.9), band("west", -179.9, -179.0)]);
    let index = BoundaryIndex::build(&layer).unwrap();
    let near = index.within(GeoPoint::from_degrees(50.5, 179.95).unwrap(), 20_000.0);
    let distances: Vec<(u32, i32)> = near.iter().map(|near| (near.area.0, near.distance_m as i32)).collect();
    // 0.05 and 0.15 degrees of longitude at 50.5 degrees north
    assert_eq!(distances, [(0, 3536), (1, 10609)]);
    assert_eq!(index.border_distance(GeoPoint::from_degrees(50.5, 179.95).unwrap(), 1_000.0), None);
}

#[test]
fn an_index_is_the_same_after_writing_and_reading() {
    let index = BoundaryIndex::build(&counties().layer(None)).unwrap();
    let mut file = Vec::new();
    index.write(&mut file).unwrap();
    assert_eq!(file.len(), index.size());
    let read = BoundaryIndex::read(&file[..]).unwrap();
    assert_eq!((read.name(), read.vintage(), read.area_count()), ("county", "2016", 3233));
    for point in random_points(20_000) {
        assert_eq!(read.at(point), index.at(point));
        let area = read.at(point).first().and_then(|area| read.area(*area));
        assert_eq!(
            area.map(|area| area.key.to_owned()),
            counties().at(point).map(|county| county.geoid.to_string())
        );
    }
}

#[test]
fn a_damaged_file_is_an_error_and_never_a_panic() {
    let index = BoundaryIndex::build(&counties().layer(Some(turnout_core::address::State::De))).unwrap();
    let mut file = Vec::new();
    index.write(&mut file).unwrap();
    let mut random = Random(3);
    let mut refused = 0;
    for number in 0..20_000 {
        let mut damaged = file.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(damaged.len() as u64) as usize;
            // half of the time the header and the names, which are small
            let at = if number % 2 == 0 { at % 84 } else { at };
            damaged[at] ^= 1 << random.below(8);
        }
        damaged.truncate(damaged.len() - (number % 5) / 4 * random.below(damaged.len() as u64) as usize);
        if damaged != file {
            assert!(BoundaryIndex::read(&damaged[..]).is_err());
            refused += 1;
        }
    }
    assert!(refused > 19_000);
    file.push(0);
    assert!(matches!(BoundaryIndex::read(&file[..]), Err(BoundaryError::Damaged(_))));
}

/// Checksums guard against accidents; that every place in the file is checked, too, guards against the rest.
#[test]
fn a_file_with_wrong_contents_and_right_checksums_is_an_error_or_answers() {
    const HEADER: usize = 21;
    let index = BoundaryIndex::build(&counties().layer(Some(turnout_core::address::State::De))).unwrap();
    let mut file = Vec::new();
    index.write(&mut file).unwrap();
    let words: Vec<u32> = file.as_chunks().0.iter().map(|bytes| u32::from_ne_bytes(*bytes)).collect();
    let bytes = |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|word| word.to_ne_bytes()).collect() };
    let mut random = Random(5);
    let (mut refused, mut answered) = (0, 0);
    for _ in 0..3_000 {
        let mut words = words.clone();
        let at = 3 + random.below(words.len() as u64 - 3) as usize;
        words[at] = [0, 1, u32::MAX, words[at] + 1, random.next() as u32, 2 << 30, 3 << 30, 1 << 30]
            [random.below(8) as usize];
        let mut end = HEADER;
        for section in 0..6 {
            let begin = end;
            end = begin.saturating_add(words[8 + 2 * section] as usize).min(words.len());
            words[9 + 2 * section] = crc32fast::hash(&bytes(&words[begin..end]));
        }
        words[HEADER - 1] = crc32fast::hash(&bytes(&words[..HEADER - 1]));
        match BoundaryIndex::read(&bytes(&words)[..]) {
            Ok(index) => {
                answered += 1;
                for _ in 0..200 {
                    let point = random.point(-760_000_000, 380_000_000, -750_000_000, 400_000_000);
                    index.at(point).into_iter().for_each(|area| assert!(index.area(area).is_some()));
                    let near = index.within(point, 3_000.0);
                    assert!(near.iter().all(|near| index.area(near.area).is_some()));
                }
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 100 && answered > 1_000, "{refused} refused, {answered} answered");
}
