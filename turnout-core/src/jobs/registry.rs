//! Every kind of job there is, in one list: ours, and those of the program around us.

use std::{collections::BTreeMap, marker::PhantomData};

use super::{ClaimedJob, JobContext, JobError, JobHandler, JobKind};
use crate::{action, app::App, file, register, search};

/// The kinds of jobs that an [`App`] knows.
#[derive(Clone)]
pub struct Registry {
    kinds: BTreeMap<&'static str, JobKind>,
}

impl Registry {
    /// Our own kinds.
    #[must_use]
    pub fn new() -> Self {
        Self { kinds: own().into_iter().map(|kind| (kind.name, kind)).collect() }
    }

    /// One kind more. One of the same name is replaced.
    #[must_use]
    pub fn with_job(mut self, kind: JobKind) -> Self {
        self.kinds.insert(kind.name, kind);
        self
    }

    /// The kind of this name.
    pub(super) fn kind(&self, name: &str) -> Option<&JobKind> {
        self.kinds.get(name)
    }

    /// Runs a job by its name.
    pub(super) async fn run(
        &self,
        app: &App,
        job: &ClaimedJob,
        context: &JobContext,
    ) -> Result<(), JobError> {
        match self.kind(&job.kind) {
            Some(kind) => kind.run(app, job.payload.clone(), context).await,
            None => Err(JobError::GiveUp(format!("no job is called {}", job.kind))),
        }
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

/// One of our own jobs: its payload knows what to do.
struct Own<J>(PhantomData<fn() -> J>);

macro_rules! own_jobs {
    ($($job:ty,)*) => {
        /// The names of our own jobs: `room.verb`.
        pub const KINDS: &[&str] = &[$(<$job>::KIND),*];

        fn own() -> Vec<JobKind> {
            vec![$(JobKind::new(<$job>::KIND, Own::<$job>(PhantomData))),*]
        }

        $(impl JobHandler for Own<$job> {
            type Payload = $job;

            async fn run(&self, app: &App, job: $job, context: &JobContext) -> Result<(), JobError> {
                job.run(app, context).await
            }
        })*
    };
}

own_jobs! {
    action::jobs::CheckUnfinished,
    action::jobs::Finish,
    file::jobs::DiscardUnclaimed,
    file::jobs::Purge,
    file::jobs::SendLink,
    register::jobs::NextSteps,
    register::jobs::Notify,
    register::jobs::Remind,
    super::schedule::PurgeFinished,
    search::jobs::Complete,
    search::jobs::Pack,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_jobs_share_a_name() {
        assert_eq!(Registry::new().kinds.len(), KINDS.len());
        assert!(KINDS.iter().all(|name| name.split('.').count() == 2));
    }
}
