//! The machine: its disk, and the memory that we take of it.

use std::{fs, io::Write as _, time::Instant};

use crate::{Outcome, Report, places};

/// How long it takes until what is written is on the disk: the least that a commit costs.
pub(crate) fn measure(report: &mut Report) -> Outcome<()> {
    let mut file = tempfile::tempfile_in(places::folder()?)?;
    let mut times = Vec::new();
    for _ in 0..300 {
        file.write_all(&[7; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    report.figure("fsync of 4 KiB, median", times[times.len() / 2], "ms");
    report.figure("fsync of 4 KiB, p99", times[times.len() * 99 / 100], "ms");
    Ok(())
}

/// The most memory that this process ever had.
pub(crate) fn most_memory() -> Outcome<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no such line")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1000.0)
}
