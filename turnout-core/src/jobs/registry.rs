//! Every kind of job there is, in one list, and every lane: ours, and those of the program around us.

use std::{
    collections::BTreeMap,
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::TimeDelta;
use serde_json::Value;

use super::{Backoff, ClaimedJob, JobContext, JobError, JobHandler, JobKind, Lane, Rate, lanes::LANES};
use crate::{
    absentee, account, action, app::App, blast, crm, election, file, letter, mover, official, register,
    report, retention, search, sms, subscription, verifier, voter, webhook,
};

/// The kinds of jobs that an [`App`] knows, and their lanes.
#[derive(Clone)]
pub struct Registry {
    kinds: BTreeMap<&'static str, JobKind>,
    lanes: Vec<Lane>,
    turn: Arc<AtomicUsize>,
}

impl Registry {
    /// Our own kinds and lanes.
    #[must_use]
    pub fn new() -> Self {
        Self {
            kinds: own().map(patiently).map(|kind| (kind.name, kind)).collect(),
            lanes: LANES.to_vec(),
            turn: Arc::default(),
        }
    }

    /// One kind more. One of the same name is replaced.
    #[must_use]
    pub fn with_job(mut self, kind: JobKind) -> Self {
        if self.lanes.iter().all(|lane| lane.name != kind.lane) {
            self.lanes.push(Lane { name: kind.lane, rate: None, takes_turns: false });
        }
        self.kinds.insert(kind.name, kind);
        self
    }

    /// A lane with its rate, which holds over all workers and processes. One of the same name is replaced.
    #[must_use]
    pub fn with_lane(mut self, name: &'static str, rate: Rate) -> Self {
        let takes_turns = self.lanes.iter().any(|lane| lane.name == name && lane.takes_turns);
        self.lanes.retain(|lane| lane.name != name);
        self.lanes.push(Lane { name, rate: Some(rate), takes_turns });
        self
    }

    /// The rate at which jobs of a lane take their turns, if they do so themselves; each may come so much later than its own.
    pub(crate) fn rate_of_turns(&self, lane: &str, slack: TimeDelta) -> Option<Rate> {
        let lane = self.lanes.iter().find(|it| it.name == lane && it.takes_turns)?;
        lane.rate.map(|rate| rate.of_turns(slack))
    }

    /// Every lane. Each call begins with another one, so that none is always the first.
    pub(super) fn lanes(&self) -> Vec<Lane> {
        let mut lanes = self.lanes.clone();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % lanes.len().max(1);
        lanes.rotate_left(turn);
        lanes
    }

    /// The name of this kind, when there is such a kind.
    #[must_use]
    pub fn name(&self, kind: &str) -> Option<&'static str> {
        self.kinds.get(kind).map(|kind| kind.name)
    }

    /// The names of all kinds.
    pub fn kind_names(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    /// The names of all lanes.
    pub fn lane_names(&self) -> impl Iterator<Item = &'static str> {
        self.lanes.iter().map(|lane| lane.name)
    }

    /// The kind of this name.
    pub(crate) fn kind(&self, name: &str) -> Option<&JobKind> {
        self.kinds.get(name)
    }

    /// Runs jobs of one kind by its name; what became of each, in their order.
    pub(super) async fn run_all(
        &self,
        app: &App,
        kind: &str,
        jobs: Vec<(Value, &JobContext)>,
    ) -> Vec<Result<(), JobError>> {
        match self.kind(kind) {
            Some(kind) => kind.run_all(app, jobs).await,
            // a newer version that runs beside this one may know it
            None => jobs.iter().map(|_| Err(JobError::Retry(format!("no job is called {kind}")))).collect(),
        }
    }

    /// Tells a job by its kind that it is given up.
    pub(super) async fn give_up(&self, app: &App, job: &ClaimedJob, reason: &str) -> Result<(), JobError> {
        match self.kind(&job.kind) {
            Some(kind) => kind.give_up(app, job.payload.clone(), reason).await,
            None => Ok(()),
        }
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

/// After how long without a word of its worker another one hands a fax over: well within the five minutes for which the
/// gateway's queue knows that it has it.
const FAX_LEASE: TimeDelta = TimeDelta::seconds(100);

/// After how long without a word of its worker another one takes a text of a blast: its worker says a word every few seconds,
/// and thousands wait behind it.
const TEXT_LEASE: TimeDelta = TimeDelta::seconds(15);

/// After how long without a word of its worker another one calls the programs of a subscriber: its line stands still until then.
const CALL_LEASE: TimeDelta = TimeDelta::seconds(30);

/// The kind with what is its own, where it has something: a lease, or a handler that knows more than to run one job.
fn patiently(kind: JobKind) -> JobKind {
    match kind.name {
        absentee::jobs::FaxOffice::KIND => kind.with_lease(FAX_LEASE),
        blast::jobs::Send::KIND => kind.with_handler(blast::jobs::HandOver).together().with_lease(TEXT_LEASE),
        // a line that was given up would stand still; each delivery counts its own tries
        webhook::jobs::Deliver::KIND => kind.with_attempts(u32::MAX).with_lease(CALL_LEASE),
        report::jobs::Build::KIND => kind.with_handler(report::jobs::Building),
        _ => kind,
    }
}

/// One of our own jobs: its payload knows what to do.
struct Own<J>(PhantomData<fn() -> J>);

macro_rules! own_jobs {
    ($($job:ty $(, in $lane:literal)? $(, again after $first:literal to $longest:literal seconds)?;)*) => {
        /// Our own kinds. Those by which voters are told of letters have one handler.
        fn own() -> impl Iterator<Item = JobKind> {
            let kinds = vec![$(
                JobKind::new(<$job>::KIND, Own::<$job>(PhantomData))
                    $(.in_lane($lane))?
                    $(.with_backoff(Backoff::new(TimeDelta::seconds($first), TimeDelta::seconds($longest))))?
            ),*];
            kinds.into_iter().chain(letter::kinds())
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
    absentee::jobs::EmailOffice;
    absentee::jobs::FaxOffice, in "faxes";
    absentee::jobs::FaxSettled;
    absentee::jobs::NextSteps;
    absentee::jobs::Notify;
    absentee::jobs::RefreshLinks;
    absentee::jobs::Remind;
    account::jobs::ForgetSessions;
    account::jobs::SendCode;
    account::jobs::SendInvite;
    account::jobs::SendReset;
    action::jobs::CheckUnfinished;
    action::jobs::Finish;
    blast::jobs::Close;
    blast::jobs::FanOut;
    blast::jobs::LookUp;
    blast::jobs::Send, in "blast-sms", again after 5 to 600 seconds;
    election::jobs::MonitorTools;
    election::jobs::PublishRedirects;
    election::published::Purge;
    election::webhooks::CallWebhooks;
    crm::jobs::Resubscribe, in "actionnetwork";
    crm::jobs::SyncAction, in "actionnetwork";
    crm::jobs::SyncAll;
    crm::jobs::SyncSubscriber, in "actionnetwork";
    crm::jobs::Unsubscribe, in "actionnetwork";
    crm::jobs::UnsubscribeAddress, in "actionnetwork";
    file::jobs::DiscardUnclaimed;
    file::jobs::Purge;
    file::jobs::SendLink;
    letter::jobs::Send, in "letters";
    letter::jobs::TakeReport, in "lob-status-updates";
    mover::jobs::Chase;
    mover::jobs::FormsMailed;
    mover::jobs::Locate, in "geocode";
    mover::jobs::MailForms;
    mover::jobs::MailLead;
    mover::jobs::Pull;
    mover::jobs::Push, in "actionnetwork";
    mover::jobs::Remind;
    official::jobs::Locate, in "geocode";
    official::gaps::NotifyGaps;
    official::jobs::Sync;
    register::jobs::ConfirmOnline;
    register::jobs::NextSteps;
    register::jobs::Notify;
    register::jobs::PublishCounties;
    register::jobs::Remind;
    report::jobs::Build;
    report::jobs::Notify;
    report::stats::Count;
    retention::jobs::Expire;
    search::jobs::Complete;
    search::jobs::Pack;
    sms::jobs::Poll;
    sms::jobs::Send;
    sms::map::RemoveMap;
    sms::map::SendMap;
    sms::welcome::Welcome;
    subscription::jobs::NotifyLead;
    subscription::jobs::Welcome;
    super::schedule::PurgeFinished;
    verifier::jobs::NextSteps;
    voter::jobs::CheckNew;
    voter::jobs::LookUp;
    voter::jobs::Recheck;
    webhook::jobs::Deliver, in "webhooks", again after 5 to 300 seconds;
    webhook::jobs::Replay, in "webhooks";
    webhook::jobs::Sweep;
    webhook::jobs::TellOff;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fax_whose_worker_was_lost_is_handed_over_again_while_the_queue_knows_it() {
        let registry = Registry::new();
        let lease = registry.kind("absentee.fax_office").and_then(|kind| kind.lease);
        // three minutes for the one who takes it over
        assert!(lease.is_some_and(|lease| lease + TimeDelta::minutes(3) < TimeDelta::minutes(5)));
        assert_eq!(registry.kind("absentee.email_office").and_then(|kind| kind.lease), None);
    }

    #[test]
    fn no_two_jobs_share_a_name() {
        assert_eq!(Registry::new().kinds.len(), own().count());
        assert!(own().all(|kind| kind.name.split('.').count() == 2));
    }
}
