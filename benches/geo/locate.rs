//! Which county a point is in.

use std::{fs::File, hint::black_box, io, path::Path, process::Command, time::Instant};

use turnout_core::address::State;
use turnout_geo::{
    boundary::BoundaryIndex,
    data::{counties, zips},
};

use super::{Figures, points};

const ROUNDS: usize = 5;

pub(crate) fn measure(figures: &mut Figures) -> io::Result<()> {
    // before anything else takes memory
    let path = std::env::temp_dir().join(format!("turnout-bench-{}.index", std::process::id()));
    write_index(&path)?;
    let before = resident_bytes();
    let index = BoundaryIndex::read(File::open(&path)?).map_err(io::Error::other)?;
    figures.add("locate_resident_mb", (resident_bytes() - before) / 1e6);
    figures.add("locate_index_mb", index.size() as f64 / 1e6);
    let load = |_| timed(|| File::open(&path).map(BoundaryIndex::read)).1;
    figures.add("locate_load_all_ms", least((0..ROUNDS).map(load)) * 1e3);
    std::fs::remove_file(&path)?;

    let (_, seconds) = timed(|| BoundaryIndex::build(&counties().layer(None)));
    figures.add("locate_build_all_ms", seconds * 1e3);
    states(figures);

    let sets = [
        ("populated", points::populated(1_000_000)),
        ("uniform", points::uniform(1_000_000)),
        ("borders", points::beside_borders(100_000)),
    ];
    // warm: once before it counts
    let mut nanoseconds = [[f64::INFINITY; 3]; 2];
    for round in 0..=ROUNDS {
        for (set, (_, points)) in sets.iter().enumerate() {
            let embedded = each(points, |point| counties().at(point).map(|county| county.geoid));
            let indexed = each(points, |point| index.at(point).first().copied());
            if round > 0 {
                nanoseconds[0][set] = nanoseconds[0][set].min(indexed);
                nanoseconds[1][set] = nanoseconds[1][set].min(embedded);
            }
        }
    }
    for (set, (name, _)) in sets.iter().enumerate() {
        figures.add(&format!("locate_{name}_ns"), nanoseconds[0][set]);
        figures.add(&format!("locate_embedded_{name}_ns"), nanoseconds[1][set]);
    }
    let near = each(&sets[0].1[..10_000], |point| counties().within(point, 1_000.0).len());
    figures.add("locate_disc_1km_ns", near);
    let zip_codes: Vec<u32> = zips().iter().map(|entry| entry.zip).collect();
    figures.add("locate_zip_entry_ns", each(&zip_codes, |zip| zips().get(zip)));
    Ok(())
}

/// The file form of all counties, written by another process, so that this one's memory stays as it is.
fn write_index(path: &Path) -> io::Result<()> {
    let status = Command::new(std::env::current_exe()?).arg("--index").arg(path).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the index is not written")) }
}

/// What `--answers FOLDER` does: the position of each point's county as 4 bytes, little-endian; all ones for none.
pub(crate) fn answer(folder: &Path) -> io::Result<()> {
    let index = BoundaryIndex::build(&counties().layer(None)).map_err(io::Error::other)?;
    let mut figures = Figures::default();
    for (name, points) in
        [("populated", points::populated(1_000_000)), ("uniform", points::uniform(1_000_000))]
    {
        let area = |point| index.at(point).first().map_or(u32::MAX, |area| area.0);
        let answers: Vec<u8> = points.iter().flat_map(|point| area(*point).to_le_bytes()).collect();
        std::fs::write(folder.join(format!("{name}.answers")), answers)?;
        figures.add(name, each(&points, area));
    }
    println!("{figures}");
    Ok(())
}

/// What `--index FILE` does.
pub(crate) fn build_to(path: &Path) -> io::Result<()> {
    let index = BoundaryIndex::build(&counties().layer(None)).map_err(io::Error::other)?;
    index.write(File::create(path)?).map_err(io::Error::other)
}

/// The largest index of a state, and the slowest to build: by the clock, and by the processor's time alone.
fn states(figures: &mut Figures) {
    let (mut largest, mut slowest, mut slowest_processor) = (0, 0.0_f64, 0.0_f64);
    for state in State::ALL {
        let round = |_| {
            let begun = processor_ms();
            let build =
                || BoundaryIndex::build(&counties().layer(Some(*state))).expect("counties can be indexed");
            let (index, seconds) = timed(build);
            (index.size(), seconds, processor_ms() - begun)
        };
        let rounds: Vec<(usize, f64, f64)> = (0..ROUNDS).map(round).collect();
        largest = largest.max(rounds[0].0);
        slowest = slowest.max(least(rounds.iter().map(|round| round.1)));
        slowest_processor = slowest_processor.max(least(rounds.iter().map(|round| round.2)));
    }
    figures.add("locate_largest_state_mb", largest as f64 / 1e6);
    figures.add("locate_slowest_state_ms", slowest * 1e3);
    figures.add("locate_slowest_state_processor_ms", slowest_processor);
}

/// What this process has had of the processor, from `/proc`; 0 where there is none.
fn processor_ms() -> f64 {
    let schedule = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    schedule.split(' ').next().and_then(|time| time.parse::<f64>().ok()).unwrap_or_default() / 1e6
}

/// Nanoseconds for one of many.
fn each<T: Copy, R>(items: &[T], what: impl Fn(T) -> R) -> f64 {
    let ((), seconds) = timed(|| {
        for item in items {
            black_box(what(black_box(*item)));
        }
    });
    seconds * 1e9 / items.len() as f64
}

fn timed<R>(what: impl FnOnce() -> R) -> (R, f64) {
    let begun = Instant::now();
    let result = what();
    (result, begun.elapsed().as_secs_f64())
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

/// Memory of this process, from `/proc`; 0 where there is none.
fn resident_bytes() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or_default() * 4096.0
}
