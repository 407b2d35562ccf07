//! What the process takes of its machine, under the names that Prometheus' own clients use.

use std::{fs, time::Instant};

use metrics::gauge;

/// Looks, where the system says it in `/proc`; elsewhere it says nothing.
pub(crate) fn look() {
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        for (name, line) in [
            ("process_resident_memory_bytes", "VmRSS:"),
            ("process_resident_memory_max_bytes", "VmHWM:"),
            ("process_virtual_memory_bytes", "VmSize:"),
        ] {
            if let Some(kilobytes) = number(&status, line) {
                gauge!(name).set(kilobytes * 1024.0);
            }
        }
        if let Some(threads) = number(&status, "Threads:") {
            gauge!("process_threads").set(threads);
        }
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        // the folder that is being read is one of them
        gauge!("process_open_fds").set(open.count().saturating_sub(1) as f64);
    }
    gauge!("turnout_up_seconds").set(begun().elapsed().as_secs_f64());
}

/// The first call says when we began.
pub(super) fn begun() -> Instant {
    static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    *BEGUN.get_or_init(Instant::now)
}

/// The number after that word at the beginning of a line.
fn number(status: &str, word: &str) -> Option<f64> {
    let rest = status.lines().find_map(|line| line.strip_prefix(word))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_word() {
        let status = "Name:\tturnout\nVmHWM:\t  2048 kB\nVmRSS:\t    1024 kB\nThreads:\t3\n";
        assert_eq!(number(status, "VmRSS:"), Some(1024.0));
        assert_eq!(number(status, "Threads:"), Some(3.0));
        assert_eq!(number(status, "VmSize:"), None);
    }
}
