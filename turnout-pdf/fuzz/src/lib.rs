//! What the fuzz targets share.

use rustix::time::{ClockId, clock_gettime};

/// Runs it, and panics when it takes more than a second of the processor: on a busy machine the time on the wall says
/// nothing.
pub fn within_a_second(run: impl FnOnce()) {
    let seconds = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
    };
    let begun = seconds();
    run();
    let taken = seconds() - begun;
    assert!(taken < 1.0, "took {taken:.1} s of the processor");
}
