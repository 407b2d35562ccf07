//! What happens later to a blast: its texts are written and put in line, page by page, and each is handed over.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use super::{Blast, BlastStatus, Outcome, PlanError, Progress, Signed, map, plan::look_up_again};
use crate::{
    app::App,
    ids::{BlastId, MessageId},
    jobs::{JobContext, JobError, JobHandler, NewJob},
    page::PageRequest,
    ports::store::{StoreError, Unit},
    sms::{
        self,
        jobs::{Item, Live},
    },
};

/// The lane of texts with pictures.
const MAPS_LANE: &str = "blast-mms";
/// So many texts are put in line at once.
const AT_ONCE: u32 = 500;
/// The pause between two such pages: more is put in line than the lane takes meanwhile, and not all of a million.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
/// How often it is looked whether the last text has gone its way.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// So long a blast of which nothing else is left waits for texts that are unknown: their jobs look for them in the carrier's
/// list and may hand them over again, which they do while the blast runs only. Then all their tries are over.
const FOR_UNKNOWN: TimeDelta = TimeDelta::hours(2);

/// Looks up whom the filter of a blast describes, and decides of each.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookUp {
    /// The blast.
    pub blast: BlastId,
    /// When it was begun to be planned: planned anew since, it is another job's.
    pub planned_at: DateTime<Utc>,
}

/// Puts the texts of a run in line: one page, and the next one in a job of its own. When there is none left, it looks from
/// time to time whether all have gone, and ends the blast then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FanOut {
    /// The blast.
    pub blast: BlastId,
    /// The run that it belongs to.
    pub run: u32,
    /// Behind whom the page begins.
    pub after: Option<MessageId>,
}

/// Looks whether the last text of a run has gone its way, and puts in line again what has lost its job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Close {
    /// The blast.
    pub blast: BlastId,
    /// The run that it belongs to.
    pub run: u32,
    /// Since when nothing is left but what is unknown, if so.
    pub quiet_since: Option<DateTime<Utc>>,
}

/// Hands a text of a blast to the carrier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Send {
    /// The text.
    pub message: MessageId,
    /// From whose address a map shows the way: the recipient's own, or that of another one for a test. Nothing of a text alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map_from: Option<MessageId>,
}

impl LookUp {
    /// The job's name.
    pub const KIND: &'static str = "blast.look_up";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Begins anew at every try, and does nothing once the blast is planned.
    pub(crate) async fn run(self, app: &App, _: &JobContext) -> Result<(), JobError> {
        look_up_again(app, &self).await.map_err(|error| match error {
            PlanError::Store(error) => error.into(),
            // what was wrong with the filter is said without what it says
            _ => JobError::GiveUp("whom the blast is for cannot be looked up".into()),
        })
    }
}

impl FanOut {
    /// The job's name.
    pub const KIND: &'static str = "blast.fan_out";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Writes the texts of a page and their jobs, and the job of the next page, in the unit in which it ends: whatever dies
    /// on the way, each page is put in line once. A blast that costs more than it may is stopped, though none such can be
    /// started.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let now = app.now();
        let mut unit = app.store.begin().await?;
        let Some(mut blast) = running(unit.as_mut(), self.blast, self.run).await? else { return Ok(()) };
        if blast.cost() > blast.budget {
            tracing::error!(blast.id = %self.blast, "a blast was stopped that costs more than it may");
            blast.status = BlastStatus::Stopped;
            blast.stopped = Some(Signed { by: "the budget".to_owned(), user: None, at: now });
            unit.blasts_mut().update(&blast).await?;
            return Ok(unit.commit().await?);
        }
        let page = PageRequest { after: self.after, limit: AT_ONCE };
        let page = unit.blasts_mut().write_texts(self.blast, now, page).await?;
        let send = |message: &MessageId| {
            let map_from = blast.map.map(|_| *message);
            Send { message: *message, map_from }.job(app).of(blast.sender)
        };
        let sends: Vec<NewJob> = page.rows.iter().map(send).collect();
        blast.enqueued += unit.jobs_mut().enqueue_all(&sends).await?;
        blast.modified_at = now;
        unit.blasts_mut().update(&blast).await?;
        let next = match page.next {
            Some(after) => Self { after: Some(after), ..self.clone() }.job(app),
            None => Close { blast: self.blast, run: self.run, quiet_since: None }.job(app),
        };
        unit.jobs_mut().enqueue(&next.at(now + PAUSE)).await?;
        context.finish_in(unit.as_mut(), now).await?;
        unit.commit().await?;
        tracing::info!(blast.id = %self.blast, blast.enqueued, "texts of a blast were put in line");
        Ok(())
    }
}

impl Close {
    /// The job's name.
    pub const KIND: &'static str = "blast.close";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Ends the blast when nothing of it is to be handed over any more, or may be. Otherwise it looks again in a minute, after another
    /// pass over all that waits: a job that saw the blast stopped, and ended after it was started again, left its text.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let now = app.now();
        let mut unit = app.store.begin().await?;
        let Some(mut blast) = running(unit.as_mut(), self.blast, self.run).await? else { return Ok(()) };
        let progress = Progress::of(&unit.blasts().reckon(self.blast, now).await?);
        if progress.open() > 0 {
            let is_waiting = progress.0.contains_key(&Outcome::Waiting);
            let next = match is_waiting {
                true => FanOut { blast: self.blast, run: self.run, after: None }.job(app),
                false => Self { quiet_since: None, ..self }.job(app),
            };
            return look_again(unit, next, context, now).await;
        }
        let quiet_since = self.quiet_since.unwrap_or(now);
        if progress.0.contains_key(&Outcome::Unknown) && now - quiet_since < FOR_UNKNOWN {
            let next = Self { quiet_since: Some(quiet_since), ..self }.job(app);
            return look_again(unit, next, context, now).await;
        }
        (blast.status, blast.finished_at, blast.modified_at) = (BlastStatus::Done, Some(now), now);
        unit.blasts_mut().update(&blast).await?;
        unit.blasts_mut().forget_addresses(self.blast).await?;
        context.finish_in(unit.as_mut(), now).await?;
        Ok(unit.commit().await?)
    }
}

/// The blast, held until the unit ends, while that run of it goes on.
async fn running(unit: &mut dyn Unit, id: BlastId, run: u32) -> Result<Option<Blast>, StoreError> {
    let blast = unit.blasts_mut().lock(id).await?;
    Ok(blast.filter(|it| it.status == BlastStatus::Running && it.run == run))
}

/// Enqueues what looks again in a while, and ends the job.
async fn look_again(
    mut unit: Box<dyn Unit>,
    next: NewJob,
    context: &JobContext,
    now: DateTime<Utc>,
) -> Result<(), JobError> {
    unit.jobs_mut().enqueue(&next.at(now + LOOK_AGAIN)).await?;
    context.finish_in(unit.as_mut(), now).await?;
    Ok(unit.commit().await?)
}

impl Send {
    /// The job's name.
    pub const KIND: &'static str = "blast.send";

    /// The job, due now. There is one of a text, in however many runs.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        let job = app.job(Self::KIND, self).once(format!("{}:{}", Self::KIND, self.message));
        let lane = if self.map_from.is_some() { MAPS_LANE } else { job.lane };
        NewJob { lane, ..job }
    }

    /// Hands it over as every text is, which looks at the blast right before.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        HandOver.run_all(app, vec![(self, context)]).await.pop().unwrap_or(Ok(()))
    }
}

/// Hands texts of blasts over, those together that were claimed together.
pub(crate) struct HandOver;

impl JobHandler for HandOver {
    type Payload = Send;

    async fn run(&self, app: &App, job: Send, context: &JobContext) -> Result<(), JobError> {
        job.run(app, context).await
    }

    async fn run_all(&self, app: &App, jobs: Vec<(Send, &JobContext)>) -> Vec<Result<(), JobError>> {
        let lives = join_all(jobs.iter().map(|(job, _)| async {
            match job.map_from {
                Some(from) => map::compose(app, job.message, from).await,
                None => Ok(Some(Live::default())),
            }
        }))
        .await;
        let (mut items, mut ended) = (Vec::with_capacity(jobs.len()), Vec::with_capacity(jobs.len()));
        for ((job, context), live) in jobs.into_iter().zip(lives) {
            ended.push(match live {
                Ok(Some(live)) => {
                    items.push(Item { message: job.message, context, live });
                    None
                }
                Ok(None) => Some(Ok(())),
                Err(error) => Some(Err(error)),
            });
        }
        let mut handed_over = sms::jobs::hand_over_all(app, &items).await.into_iter();
        ended.into_iter().map(|it| it.or_else(|| handed_over.next()).unwrap_or(Ok(()))).collect()
    }

    async fn give_up(&self, app: &App, job: Send, _reason: &str) -> Result<(), JobError> {
        sms::jobs::give_up(app, job.message).await
    }
}
