//! The machine: its disk, and what processes take of processors and memory.

use std::{fs, io::Write as _, path::Path, time::Instant};

use anyhow::Context as _;

/// How many ticks the kernel counts in a second, in `/proc`.
const TICKS: f64 = 100.0;

/// How many processors there are.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many milliseconds it takes until what is written is on the disk, the least that a commit costs: the median and
/// the 99th percentile.
pub(crate) fn fsync(folder: &Path) -> anyhow::Result<(f64, f64)> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::new();
    for _ in 0..300 {
        file.write_all(&[7; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], times[times.len() * 99 / 100]))
}

/// A line of `/proc/PID/status`, in MB: `VmRSS` is what a process has, `VmHWM` the most that it ever had.
pub(crate) fn memory(process: u32, line: &str) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let found = status.lines().find_map(|it| it.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes: f64 = found.context("no such line")?.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

/// The seconds of processor time that a process has used.
pub(crate) fn processor_time(process: u32) -> anyhow::Result<f64> {
    ticks(&format!("/proc/{process}/stat"), 11)
}

/// The seconds of processor time of this process's children that have ended.
pub(crate) fn processor_time_of_children() -> anyhow::Result<f64> {
    ticks("/proc/self/stat", 13)
}

/// Two numbers of a `stat`, the first of them so many places behind the name, which may hold blanks.
fn ticks(path: &str, place: usize) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(path)?;
    let (_, behind) = stat.rsplit_once(") ").context("a stat without a name")?;
    let mut sum = 0.0;
    for number in behind.split(' ').skip(place).take(2) {
        sum += number.parse::<f64>()?;
    }
    Ok(sum / TICKS)
}
