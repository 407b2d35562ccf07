//! The use-case: leads come in, from the source or from a table, and each is stored once.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    LeadComplaint, LeadDraft, MoverLead,
    jobs::{Locate, Push},
    push,
};
use crate::{
    app::App,
    error::ProviderError,
    ids::MoverLeadId,
    jobs::NewJob,
    ports::{
        movers::LookBack,
        store::{StoreError, Unit},
    },
    retention::Kind,
    switch::{Switches, movers},
};

/// How many leads are stored in one unit.
const STEP: usize = 500;
/// How far back the source is asked at the most by itself, in hours.
const FARTHEST: u32 = 30 * 24;

/// What became of leads that came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// How many there were.
    pub read: usize,
    /// How many were stored; in a dry run, would have been.
    pub added: usize,
    /// How many were there before.
    pub known: usize,
    /// How many have something wrong, and were left out.
    pub wrong: usize,
    /// What is wrong, in the order of the leads; there may be more than one complaint about a lead.
    pub complaints: Vec<LeadComplaint>,
}

/// Why leads could not be had from the source. What was stored before stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PullError {
    /// The source failed.
    #[error(transparent)]
    Source(#[from] ProviderError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far back the source is asked when nobody says how far: an hour more than its interval, or than the time since
/// everything that it has was stored, so that nothing is lost where it could not be asked for a while; thirty days at the most.
fn look_back(app: &App, until: Option<DateTime<Utc>>) -> LookBack {
    let interval = app.settings.mover.pull_hours.unwrap_or(1);
    let since = until.map_or(0, |until| (app.now() - until + TimeDelta::minutes(59)).num_hours());
    let hours = u32::try_from(since).unwrap_or(0).max(interval).saturating_add(1);
    LookBack::Hours(hours.min(FARTHEST.max(interval)))
}

/// Fetches leads from the source and takes them in. `progress` is told how many of how many leads were looked at.
///
/// # Errors
/// When the source or the store fails. Up to when everything was stored is noted at the end only, so that the next pull
/// reaches as far back as this one.
pub async fn pull(
    app: &App,
    back: Option<LookBack>,
    dry_run: bool,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<TakenIn, PullError> {
    let source = &app.settings.mover.source;
    let mut view = app.store.view().await?;
    let until = view.movers().pulled_until(source).await?;
    drop(view);
    let started = app.now();
    let back = back.unwrap_or_else(|| look_back(app, until));
    let drafts = app.movers.fetch(back).await?;
    let numbered = drafts.iter().enumerate().map(|(at, draft)| (at + 1, draft)).collect::<Vec<_>>();
    let taken = take_in(app, &numbered, dry_run, progress).await?;
    app.reached("mover.after_leads");
    // a pull that did not reach as far leaves a gap
    let reaches = until.is_none_or(|until| started - TimeDelta::hours(i64::from(back.hours())) <= until);
    if !dry_run && reaches {
        let mut unit = app.store.begin().await?;
        unit.movers_mut().set_pulled_until(source, started).await?;
        unit.commit().await?;
    }
    Ok(taken)
}

/// Stores the leads that are new, with what follows for each; those with something wrong are left out and said. The oldest
/// come first. The same leads again change nothing: of those that are older than leads may become one was there perhaps, and
/// is deleted, so they are left out too.
///
/// # Errors
/// When the store fails. What was stored before stays, and is known the next time.
pub async fn take_in(
    app: &App,
    drafts: &[(usize, &LeadDraft)],
    dry_run: bool,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<TakenIn, StoreError> {
    let mut taken = TakenIn { read: drafts.len(), ..TakenIn::default() };
    let kept_since = app.settings.retention.span(Kind::MoverLeads).map(|span| app.now() - span);
    let kept = |lead: MoverLead| match (lead.source_created_at, kept_since) {
        (Some(at), Some(since)) if at < since => {
            Err(vec![format!("created_at is before all that is kept: {}", Kind::MoverLeads.variable())])
        }
        _ => Ok(lead),
    };
    let mut leads = Vec::new();
    for (position, draft) in drafts {
        match draft.check(MoverLeadId(app.ids.uuid()), app.now()).and_then(kept) {
            Ok(lead) => leads.push(lead),
            Err(complaints) => {
                taken.wrong += 1;
                let complaint = |what| LeadComplaint { position: *position, what };
                taken.complaints.extend(complaints.into_iter().map(complaint));
            }
        }
    }
    leads.sort_by(|one, other| key(one).cmp(&key(other)));
    leads.dedup_by(|later, first| key(later) == key(first));
    taken.known = drafts.len() - taken.wrong - leads.len();
    let switches = app.switches().await;
    for step in leads.chunks(STEP) {
        let mut unit = app.store.begin().await?;
        for lead in step {
            if is_new(app, unit.as_mut(), &switches, lead, dry_run).await? {
                taken.added += 1;
            } else {
                taken.known += 1;
            }
        }
        if !dry_run {
            unit.commit().await?;
            app.reached("mover.after_step");
        }
        progress(taken.wrong + taken.added + taken.known, taken.read);
    }
    Ok(taken)
}

/// By which a lead is known again.
fn key(lead: &MoverLead) -> (Option<DateTime<Utc>>, Option<&str>) {
    (lead.source_created_at, lead.email.as_deref())
}

/// Stores a lead that is new, with the job that comes first.
async fn is_new(
    app: &App,
    unit: &mut dyn Unit,
    switches: &Switches,
    lead: &MoverLead,
    dry_run: bool,
) -> Result<bool, StoreError> {
    if dry_run {
        let (Some(email), Some(at)) = (&lead.email, lead.source_created_at) else { return Ok(true) };
        return Ok(!unit.movers().is_known(email, at).await?);
    }
    if !unit.movers_mut().insert(lead).await? {
        return Ok(false);
    }
    if let Some(job) = first_job(app, switches, lead.id) {
        unit.jobs_mut().enqueue(&job).await?;
    }
    Ok(true)
}

/// Where somebody lives is asked first, as the contact list is told whether another office is theirs.
fn first_job(app: &App, switches: &Switches, lead: MoverLeadId) -> Option<NewJob> {
    if switches.flag(&movers::GEOCODE) {
        return Some(Locate { lead }.job(app));
    }
    push::is_on(app, switches).then(|| Push { lead }.job(app))
}
