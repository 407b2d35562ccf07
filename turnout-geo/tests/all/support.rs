//! Shared files, and numbers at random from a seed.

use std::{fs, io::Read, path::PathBuf};

use serde_json::Value;
use turnout_geo::GeoPoint;

/// The path of a file of the shared folder.
#[expect(clippy::disallowed_methods, reason = "where the shared folder is, is told by the environment")]
pub(crate) fn shared(path: &str) -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::env::var_os("TURNOUT_SHARED").map_or_else(beside, PathBuf::from).join(path)
}

/// The bytes of a file of the shared folder; without it the test fails.
pub(crate) fn read(path: &str) -> Vec<u8> {
    let path = shared(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a set of labelled addresses: what was written, and its parts.
pub(crate) fn labels(name: &str) -> Vec<(String, Value)> {
    let text = String::from_utf8(read(&format!("labels/{name}.jsonl"))).unwrap();
    let rows = text.lines().map(|line| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        (row["input"].as_str().unwrap().to_owned(), row["expected"].take())
    });
    rows.collect()
}

/// Numbers at random, the same for the same seed (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// At least 0, less than `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        (i64::from(low) + self.below((i64::from(high) - i64::from(low) + 1).cast_unsigned()) as i64) as i32
    }

    /// A point in the box.
    pub(crate) fn point(&mut self, west: i32, south: i32, east: i32, north: i32) -> GeoPoint {
        GeoPoint { lon: self.between(west, east), lat: self.between(south, north) }
    }

    /// Around `point`: the sum of four even steps a side, nearly normal, with this standard deviation.
    pub(crate) fn around(&mut self, point: GeoPoint, deviation: i32) -> GeoPoint {
        let mut step = || (0..4).map(|_| self.between(-deviation, deviation)).sum::<i32>() * 866 / 1000;
        GeoPoint { lon: point.lon + step(), lat: point.lat + step() }
    }
}

/// The member of a ZIP archive whose name ends so.
pub(crate) fn member(archive: &[u8], end: &str) -> Vec<u8> {
    let number = |at: usize, bytes: usize| {
        archive[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    // the directory's entries: a signature, and where the member is
    let entries = (0..archive.len() - 46).filter(|at| archive[*at..].starts_with(b"PK\x01\x02"));
    for at in entries {
        let name = &archive[at + 46..at + 46 + number(at + 28, 2)];
        if name.ends_with(end.as_bytes()) {
            let header = number(at + 42, 4);
            let data = header + 30 + number(header + 26, 2) + number(header + 28, 2);
            let packed = &archive[data..data + number(at + 20, 4)];
            let mut bytes = Vec::new();
            match number(at + 10, 2) {
                0 => bytes.extend(packed),
                _ => drop(flate2::read::DeflateDecoder::new(packed).read_to_end(&mut bytes).unwrap()),
            }
            return bytes;
        }
    }
    panic!("{end} is not in the archive");
}
