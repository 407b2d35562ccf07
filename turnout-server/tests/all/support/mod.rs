//! What several subjects need.

mod only_jobs;

pub(crate) use only_jobs::OnlyJobs;
