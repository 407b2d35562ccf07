//! Where a test wants the process to die. Compiled with the feature `crash-points` alone.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use turnout_core::crash::{
    BALLOT_POINTS, FAX_POINTS, LETTER_POINTS, LIST_POINTS, OnCrashPoint, POINTS, REPORT_POINTS,
    RETENTION_POINTS, SUBJECT_POINTS, TEXT_POINTS, WEBHOOK_POINTS,
};

use super::{Complaints, Env};

/// Not in the table: no build that leaves the machine knows it.
const NAME: &str = "TURNOUT_CRASH_AT";

/// A named point between two writes, and which hit of it is the last: `TURNOUT_CRASH_AT=point` or `point:n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrashAt {
    point: &'static str,
    hit: u32,
}

impl CrashAt {
    pub(super) fn read(env: &Env, complaints: &mut Complaints) -> Option<Self> {
        let text = env.text(NAME)?;
        let (name, hit) = text.split_once(':').unwrap_or((text, "1"));
        let all = [
            POINTS,
            BALLOT_POINTS,
            LETTER_POINTS,
            FAX_POINTS,
            TEXT_POINTS,
            REPORT_POINTS,
            LIST_POINTS,
            WEBHOOK_POINTS,
            SUBJECT_POINTS,
            RETENTION_POINTS,
        ];
        let point = all.into_iter().flatten().find(|point| **point == name);
        let hit = hit.parse().ok().filter(|hit| *hit > 0);
        match (point, hit) {
            (Some(point), Some(hit)) => Some(Self { point, hit }),
            _ => {
                complaints.wrong(NAME, "must be a crash point, or one with its hit", "jobs.after_claim:2");
                None
            }
        }
    }

    /// Ends the process at that hit as a crash does: nothing is flushed, closed or said.
    #[must_use]
    pub fn abort(self) -> OnCrashPoint {
        let hits = AtomicU32::new(0);
        Arc::new(move |point| {
            if point == self.point && hits.fetch_add(1, Ordering::SeqCst) + 1 == self.hit {
                std::process::abort();
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_with_its_hit_and_an_unknown_one_is_complained_about() {
        let read = |text: &str| {
            let mut complaints = Complaints::default();
            let env: Env = [(NAME.to_owned(), text.to_owned())].into_iter().collect();
            let crash = CrashAt::read(&env, &mut complaints);
            (crash.map(|crash| (crash.point, crash.hit)), complaints.is_empty())
        };
        assert_eq!(read(""), (None, true));
        assert_eq!(read("jobs.after_claim"), (Some(("jobs.after_claim", 1)), true));
        assert_eq!(read("register.after_fill:3"), (Some(("register.after_fill", 3)), true));
        for wrong in ["jobs.never", "jobs.after_claim:0", "jobs.after_claim:two", "jobs.after_claim:"] {
            assert_eq!(read(wrong), (None, false), "{wrong}");
        }
    }
}
