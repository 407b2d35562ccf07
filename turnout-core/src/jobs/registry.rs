//! Every job there is, in one list.

use serde::de::DeserializeOwned;

use super::{ClaimedJob, JobContext, JobError};
use crate::{action, app::App, file, register};

/// The names of all jobs: `room.verb`.
pub const KINDS: &[&str] = &[
    action::jobs::CheckUnfinished::KIND,
    action::jobs::Finish::KIND,
    file::jobs::DiscardUnclaimed::KIND,
    file::jobs::Purge::KIND,
    file::jobs::SendLink::KIND,
    register::jobs::NextSteps::KIND,
    register::jobs::Notify::KIND,
    register::jobs::Remind::KIND,
    super::schedule::PurgeFinished::KIND,
];

/// Runs a job by its name.
pub(super) async fn run(app: &App, job: &ClaimedJob) -> Result<(), JobError> {
    let context = JobContext { id: job.id, attempt: job.attempt };
    match job.kind.as_str() {
        action::jobs::CheckUnfinished::KIND => {
            read::<action::jobs::CheckUnfinished>(job)?.run(app, &context).await
        }
        action::jobs::Finish::KIND => read::<action::jobs::Finish>(job)?.run(app, &context).await,
        file::jobs::DiscardUnclaimed::KIND => {
            read::<file::jobs::DiscardUnclaimed>(job)?.run(app, &context).await
        }
        file::jobs::Purge::KIND => read::<file::jobs::Purge>(job)?.run(app, &context).await,
        file::jobs::SendLink::KIND => read::<file::jobs::SendLink>(job)?.run(app, &context).await,
        register::jobs::NextSteps::KIND => read::<register::jobs::NextSteps>(job)?.run(app, &context).await,
        register::jobs::Notify::KIND => read::<register::jobs::Notify>(job)?.run(app, &context).await,
        register::jobs::Remind::KIND => read::<register::jobs::Remind>(job)?.run(app, &context).await,
        super::schedule::PurgeFinished::KIND => {
            read::<super::schedule::PurgeFinished>(job)?.run(app, &context).await
        }
        other => Err(JobError::GiveUp(format!("no job is called {other}"))),
    }
}

fn read<T: DeserializeOwned>(job: &ClaimedJob) -> Result<T, JobError> {
    serde_json::from_value(job.payload.clone())
        .map_err(|_| JobError::GiveUp("the payload cannot be read".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_jobs_share_a_name() {
        let mut names = KINDS.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KINDS.len());
        assert!(KINDS.iter().all(|name| name.split('.').count() == 2));
    }
}
