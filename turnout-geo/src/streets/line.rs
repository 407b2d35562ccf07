//! Lines of streets as bytes: the number of points, then each point's way from the one before, in 1e-5 degrees (about a
//! meter), as variable-length numbers of seven bits a byte.

use crate::point::GeoPoint;

/// Units of a [`GeoPoint`] in one of a line.
const UNIT: i32 = 100;

pub(super) fn write(line: &[GeoPoint], to: &mut Vec<u8>) {
    number(line.len() as u64, to);
    let (mut lon, mut lat) = (0, 0);
    for point in line {
        let here = [round(point.lon), round(point.lat)];
        for (now, before) in here.into_iter().zip([&mut lon, &mut lat]) {
            let step = i64::from(now) - i64::from(*before);
            // small numbers of either sign become small numbers
            number(((step << 1) ^ (step >> 63)) as u64, to);
            *before = now;
        }
    }
}

fn round(units: i32) -> i32 {
    (f64::from(units) / f64::from(UNIT)).round() as i32
}

fn number(mut number: u64, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// The line that begins here; nothing where there is none.
pub(super) fn read(bytes: &[u8], from: usize) -> Option<Vec<GeoPoint>> {
    let mut bytes = bytes.get(from..)?.iter();
    let count = take(&mut bytes)?;
    // each point has two bytes at least
    let mut line = Vec::with_capacity(usize::try_from(count).ok()?.min(bytes.len() / 2));
    let (mut lon, mut lat) = (0_i64, 0_i64);
    for _ in 0..count {
        for to in [&mut lon, &mut lat] {
            let step = take(&mut bytes)?;
            *to = to.checked_add((step >> 1) as i64 ^ -((step & 1) as i64))?;
        }
        let units = |at: i64| i32::try_from(at.checked_mul(i64::from(UNIT))?).ok();
        line.push(GeoPoint { lon: units(lon)?, lat: units(lat)? });
    }
    Some(line)
}

fn take(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Meters from the first point to the last.
pub(super) fn length_m(line: &[GeoPoint]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum()
}

/// The point at this share of the way along, so many meters to the right of it (to the left where negative).
pub(super) fn along(line: &[GeoPoint], share: f64, right_m: f64) -> Option<GeoPoint> {
    let mut left = length_m(line) * share.clamp(0.0, 1.0);
    let mut last = None;
    for pair in line.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let length = from.distance_m(to);
        if length > 0.0 {
            last = Some((from, to, (left / length).min(1.0)));
            if left <= length {
                break;
            }
        }
        left -= length;
    }
    let Some((from, to, share)) = last else { return line.first().copied() };
    let (east_m, north_m) = from.meters_per_unit();
    let step = [f64::from(to.lon) - f64::from(from.lon), f64::from(to.lat) - f64::from(from.lat)];
    let (east, north) = (step[0] * east_m, step[1] * north_m);
    let length = east.hypot(north);
    let at =
        |from: i32, step: f64, side_units: f64| (f64::from(from) + step * share + side_units).round() as i32;
    Some(GeoPoint {
        lon: at(from.lon, step[0], right_m * north / length / east_m),
        lat: at(from.lat, step[1], -right_m * east / length / north_m),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> GeoPoint {
        GeoPoint::from_degrees(lat, lon).expect("a point")
    }

    #[test]
    fn a_line_comes_back_within_a_meter() {
        let line = [at(42.373_576, -71.099_661), at(42.373_587, -71.099_743), at(-14.3, 179.999_99)];
        let mut bytes = vec![1, 2, 3];
        write(&line, &mut bytes);
        let back = read(&bytes, 3).expect("a line");
        assert_eq!(back.len(), 3);
        assert!(line.iter().zip(&back).all(|(one, other)| one.distance_m(*other) < 1.0));
        for from in [bytes.len(), bytes.len() - 1, 1000] {
            assert!(read(&bytes, from).is_none_or(|line| line.is_empty()), "{from}");
        }
    }

    #[test]
    fn a_place_along_a_line_is_on_its_side() {
        // northward, then eastward, about 111 m each
        let line = [at(40.0, -80.0), at(40.001, -80.0), at(40.001, -79.998_695)];
        let middle = along(&line, 0.25, 0.0).expect("a point");
        assert!(middle.distance_m(at(40.0005, -80.0)) < 1.0);
        let right = along(&line, 0.25, 8.0).expect("a point");
        assert!(right.lon > middle.lon && (right.distance_m(middle) - 8.0).abs() < 0.1);
        let left = along(&line, 0.75, -8.0).expect("a point");
        assert!(left.lat > 400_010_000);
        for (share, end) in [(-1.0, line[0]), (0.0, line[0]), (1.0, line[2]), (2.0, line[2])] {
            assert!(along(&line, share, 0.0).expect("a point").distance_m(end) < 0.5, "{share}");
        }
        assert_eq!(along(&line[..1], 0.5, 8.0), Some(line[0]));
        assert_eq!(along(&[], 0.5, 8.0), None);
    }
}
