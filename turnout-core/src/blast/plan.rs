//! A plan: whom a blast is for, what is decided of each, and what all of it costs.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    Blast, BlastStatus, By, Listed, Micros, Planned, Recipient, Seal, Sealing, Signed, audience,
    filter::{Complaint, Filter},
    jobs::LookUp,
    map, note,
};
use crate::{
    app::App,
    decision::{Channel, Decision, Purpose, Rule, Whereabouts, decide},
    ids::{BlastId, MessageId, SubscriberId},
    page::PageRequest,
    person::Phone,
    ports::{
        maps::Voting,
        store::{Reachable, StoreError, View},
    },
    sms::{
        Number, recipient_of,
        segments::{Encoding, Segments, Suggestion, suggestions},
    },
};

/// So many are looked up, and added, at once.
const AT_ONCE: u32 = 500;
/// The longest text that a carrier takes, in characters (docs of Twilio: "Message resource", 2026-11).
const LONGEST: usize = 1_600;
/// How many numbers of a plan are shown.
const SAMPLE: usize = 10;
/// The longest list that is planned while somebody waits for the answer; longer ones are planned at the command line.
pub const MOST_LISTED: usize = 2_000;

/// What is to be sent, and by whom.
#[derive(Clone)]
pub struct Draft {
    /// The blast to plan anew; a new one without it.
    pub id: Option<BlastId>,
    /// What people call it.
    pub name: String,
    /// The campaign it belongs to.
    pub campaign: Option<String>,
    /// What it says.
    pub content: String,
    /// Where each is shown the way to, on a map that goes along: `{dest_name}` and the like in the words are filled in then.
    pub map: Option<Voting>,
    /// Whose text it is; nothing for the organization that runs the service.
    pub sender: Option<SubscriberId>,
    /// What a segment costs.
    pub price: Micros,
    /// What all of it may cost.
    pub budget: Micros,
    /// Who plans it.
    pub by: By,
}

/// Whom it is for.
pub enum Audience {
    /// Those whom a filter describes, as it was written.
    Filter(String),
    /// Those on a list.
    List(Vec<Listed>),
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The filter cannot be read.
    #[error("the filter is wrong: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Filter(Vec<Complaint>),
    /// The text, a name or an amount will not do.
    #[error("{0}")]
    Draft(&'static str),
    /// There is no such blast.
    #[error("there is no such blast")]
    NotFound,
    /// The blast was started.
    #[error("the blast was started: what was sent cannot be planned anew, plan another one")]
    Started,
    /// Somebody else plans it.
    #[error("somebody else began to plan this blast meanwhile")]
    Overtaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A number of a plan, as it may be shown, and what was decided of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The number with all but its area code and its last two digits hidden.
    pub number: String,
    /// What was decided.
    pub planned: Planned,
    /// By which rule.
    pub rule: Option<Rule>,
}

impl From<&Recipient> for Sample {
    fn from(it: &Recipient) -> Self {
        Self { number: it.phone.masked(), planned: it.planned, rule: it.rule }
    }
}

/// What a plan comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The blast.
    pub blast: Blast,
    /// How many numbers were found or listed, the doubled ones included.
    pub found: u64,
    /// How many of them were there before.
    pub doubled: u64,
    /// How many were found whose address is not known, from which a map would show the way: they are left out.
    pub without_address: u64,
    /// How many would go now.
    pub now: u64,
    /// How many would wait, by rule.
    pub held: BTreeMap<Rule, u64>,
    /// How many are not written to, by rule.
    pub refused: BTreeMap<Rule, u64>,
    /// How the text is written.
    pub encoding: Encoding,
    /// What would make it shorter.
    pub suggestions: Vec<Suggestion>,
    /// Some of the numbers.
    pub sample: Vec<Sample>,
}

impl Plan {
    fn new(blast: Blast) -> Self {
        let encoding = Segments::of(&blast.content).encoding;
        let suggestions = suggestions(&blast.content);
        Self {
            blast,
            found: 0,
            doubled: 0,
            without_address: 0,
            now: 0,
            held: BTreeMap::new(),
            refused: BTreeMap::new(),
            encoding,
            suggestions,
            sample: Vec::new(),
        }
    }

    /// Whether all of it costs no more than it may.
    #[must_use]
    pub fn is_within_budget(&self) -> bool {
        self.blast.cost() <= self.blast.budget
    }

    fn count(&mut self, recipient: &Recipient) {
        if self.sample.len() < SAMPLE {
            self.sample.push(recipient.into());
        }
        match (recipient.planned, recipient.rule) {
            (Planned::Hold, Some(rule)) => *self.held.entry(rule).or_default() += 1,
            (Planned::Refuse, Some(rule)) => *self.refused.entry(rule).or_default() += 1,
            _ => self.now += 1,
        }
        if recipient.planned != Planned::Refuse {
            self.blast.sendable += 1;
        }
    }
}

/// Looks up whom a blast is for, decides of each number, and keeps them. What was planned of this blast before is gone, and
/// so is its approval.
///
/// # Errors
/// See [`PlanError`]. A plan that broke off leaves a blast that nobody can approve; it is planned anew.
pub async fn plan(app: &App, draft: Draft, audience: Audience) -> Result<Plan, PlanError> {
    match audience {
        Audience::Filter(text) => {
            let filter = understood(app, &text, draft.sender).await?;
            let blast = begin(app, draft, Some(text), false).await?;
            look_up(app, blast, &filter).await
        }
        Audience::List(list) if draft.map.is_some() && list.iter().any(|it| it.address.is_none()) => Err(
            PlanError::Draft("each line of the list needs an \"address\", from which the map shows the way"),
        ),
        Audience::List(list) => {
            let mut plan = Plan::new(begin(app, draft, None, false).await?);
            for listed in list.chunks(AT_ONCE as usize) {
                add(app, &mut plan, listed.to_vec()).await?;
            }
            end(app, plan).await
        }
    }
}

/// The same for somebody who waits at a page: whom a filter describes is looked up by a job, a list of at most
/// [`MOST_LISTED`] is planned at once. Gives the blast as it is then.
///
/// # Errors
/// See [`PlanError`].
pub async fn plan_later(app: &App, draft: Draft, audience: Audience) -> Result<Blast, PlanError> {
    match audience {
        Audience::Filter(text) => {
            understood(app, &text, draft.sender).await?;
            begin(app, draft, Some(text), true).await
        }
        Audience::List(list) if list.len() > MOST_LISTED => Err(PlanError::Draft(
            "a list has at most 2,000 numbers here; longer ones are planned by `turnout-server blast plan`",
        )),
        list @ Audience::List(_) => Ok(plan(app, draft, list).await?.blast),
    }
}

/// What a plan came to, as the rows of those whom it is for have it. How many were doubled is not known any more.
///
/// # Errors
/// When the store fails.
pub async fn overview(app: &App, blast: &Blast) -> Result<Plan, StoreError> {
    let mut view = app.store.view().await?;
    let page = PageRequest { after: None, limit: u32::try_from(SAMPLE).unwrap_or(u32::MAX) };
    let sample = view.blasts().recipients(blast.id, page).await?.rows;
    let mut plan = Plan::new(blast.clone());
    for counted in view.blasts().reckon(blast.id, app.now()).await? {
        plan.found += counted.count;
        match (counted.reached.planned, counted.reached.planned_rule) {
            (Planned::Hold, Some(rule)) => *plan.held.entry(rule).or_default() += counted.count,
            (Planned::Refuse, Some(rule)) => *plan.refused.entry(rule).or_default() += counted.count,
            _ => plan.now += counted.count,
        }
    }
    plan.sample = sample.iter().map(Sample::from).collect();
    Ok(plan)
}

/// Looks up whom the filter of a blast describes, from the beginning: a try before may have been lost on the way. Nothing
/// when the blast is planned by now, or planned anew.
pub(super) async fn look_up_again(app: &App, job: &LookUp) -> Result<(), PlanError> {
    let mut unit = app.store.begin().await?;
    let Some(blast) = unit.blasts_mut().lock(job.blast).await? else { return Ok(()) };
    let is_meant = blast.status == BlastStatus::Planning
        && blast.planned.as_ref().is_some_and(|planned| planned.at == job.planned_at);
    let Some(text) = blast.filter.clone().filter(|_| is_meant) else { return Ok(()) };
    while unit.blasts_mut().clear(blast.id, AT_ONCE).await? > 0 {}
    unit.commit().await?;
    let filter = understood(app, &text, blast.sender).await?;
    match look_up(app, blast, &filter).await {
        Ok(_) | Err(PlanError::Overtaken) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a filter says, with the subscribers that it names.
async fn understood(app: &App, text: &str, sender: Option<SubscriberId>) -> Result<Filter, PlanError> {
    let parsed = Filter::parse(text).map_err(PlanError::Filter)?;
    let mut view = app.store.view().await?;
    audience::resolve(view.as_mut(), parsed, sender).await?.map_err(PlanError::Filter)
}

async fn look_up(app: &App, blast: Blast, filter: &Filter) -> Result<Plan, PlanError> {
    let mut plan = Plan::new(blast);
    for tool in filter.of_tools() {
        let mut after: Option<Uuid> = None;
        loop {
            let page = PageRequest { after, limit: AT_ONCE };
            let found = app.store.report_view().await?.blasts().audience(filter, tool, page).await?;
            add(app, &mut plan, found.rows.into_iter().map(Reachable::into).collect()).await?;
            after = found.next;
            if after.is_none() {
                break;
            }
        }
    }
    end(app, plan).await
}

/// The seal of what a blast says and whom it is for, as it is in the rows now.
///
/// # Errors
/// When the store fails.
pub(super) async fn seal_of(app: &App, blast: &Blast) -> Result<Seal, StoreError> {
    let mut sealing = Sealing::of(blast);
    let mut view = app.store.view().await?;
    let mut after: Option<MessageId> = None;
    loop {
        let page = view.blasts().recipients(blast.id, PageRequest { after, limit: AT_ONCE }).await?;
        page.rows.iter().for_each(|recipient| sealing.recipient(recipient));
        after = page.next;
        if after.is_none() {
            return Ok(sealing.end());
        }
    }
}

async fn begin(app: &App, draft: Draft, filter: Option<String>, is_later: bool) -> Result<Blast, PlanError> {
    let is_named = |text: &str| (1..=100).contains(&text.trim().chars().count());
    if !is_named(&draft.name) || draft.campaign.as_deref().is_some_and(|name| !is_named(name)) {
        return Err(PlanError::Draft("a blast has a name of 1 to 100 characters, and so has its campaign"));
    }
    let Some(by) = draft.by.named() else {
        return Err(PlanError::Draft("who plans a blast has a name of 1 to 100 characters"));
    };
    if draft.content.trim().is_empty() || draft.content.chars().count() > LONGEST {
        return Err(PlanError::Draft("a text has 1 to 1600 characters"));
    }
    if draft.map.is_some() && draft.content.chars().count() > map::LONGEST {
        return Err(PlanError::Draft(
            "a text with a map has at most 800 characters besides what is filled in",
        ));
    }
    if draft.map.is_some() && !map::can_be_filled(&draft.content) {
        return Err(PlanError::Draft(
            "a text with a map has in braces only {locator_url}, {home_address_short}, {dest_name}, {dest_address} \
             and {dest_hours}",
        ));
    }
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let before = match draft.id {
        Some(id) => Some(unit.blasts_mut().lock(id).await?.ok_or(PlanError::NotFound)?),
        None => None,
    };
    if before.as_ref().is_some_and(|before| before.run > 0) {
        return Err(PlanError::Started);
    }
    // a text with a picture is one, however long
    let segments = if draft.map.is_some() { 1 } else { Segments::of(&draft.content).count };
    let blast = Blast {
        id: before.as_ref().map_or_else(|| BlastId(app.ids.uuid()), |before| before.id),
        name: draft.name.trim().to_owned(),
        campaign: draft.campaign,
        content: draft.content,
        map: draft.map,
        sender: draft.sender,
        filter,
        status: BlastStatus::Planning,
        price: draft.price,
        budget: draft.budget,
        segments: u32::try_from(segments).unwrap_or(u32::MAX),
        sendable: 0,
        planned: Some(by.at(now)),
        seal: None,
        tested: None,
        approved: None,
        approved_seal: None,
        run: 0,
        enqueued: 0,
        started: None,
        stopped: None,
        finished_at: None,
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        modified_at: now,
    };
    match before {
        Some(_) => unit.blasts_mut().update(&blast).await?,
        None => unit.blasts_mut().insert(&blast).await?,
    }
    while unit.blasts_mut().clear(blast.id, AT_ONCE).await? > 0 {}
    // as it is kept: by when it was begun it is known again, and a store keeps microseconds
    let blast = unit.blasts_mut().lock(blast.id).await?.ok_or(PlanError::NotFound)?;
    if let Some(Signed { at, user, .. }) = blast.planned.as_ref() {
        note(app, unit.as_mut(), &blast, *user, "planned").await?;
        if is_later {
            unit.jobs_mut().enqueue(&LookUp { blast: blast.id, planned_at: *at }.job(app)).await?;
        }
    }
    unit.commit().await?;
    Ok(blast)
}

/// Decides of these and keeps those that are new.
async fn add(app: &App, plan: &mut Plan, listed: Vec<Listed>) -> Result<(), PlanError> {
    plan.found += listed.len() as u64;
    let mut recipients: BTreeMap<Phone, Recipient> = BTreeMap::new();
    let mut view = app.store.view().await?;
    for it in listed {
        if recipients.contains_key(&it.phone) {
            continue;
        }
        if plan.blast.map.is_some() && it.address.is_none() {
            plan.without_address += 1;
            continue;
        }
        let recipient = weigh(app, view.as_mut(), &plan.blast, it).await?;
        recipients.insert(recipient.phone.clone(), recipient);
    }
    drop(view);
    let recipients: Vec<Recipient> = recipients.into_values().collect();
    let mut unit = app.store.begin().await?;
    let held = unit.blasts_mut().lock(plan.blast.id).await?;
    if held.is_none_or(|held| held.status != BlastStatus::Planning || held.planned != plan.blast.planned) {
        return Err(PlanError::Overtaken);
    }
    unit.blasts_mut().add(plan.blast.id, &recipients).await?;
    unit.commit().await?;
    Ok(())
}

/// What the decision says of a number now.
async fn weigh(
    app: &App,
    view: &mut dyn View,
    blast: &Blast,
    listed: Listed,
) -> Result<Recipient, StoreError> {
    let Listed { phone, place, address } = listed;
    let whereabouts = Whereabouts::of(app.time_zones.as_ref(), &place.with_phone(&phone));
    let known = view.messages().number(&phone).await?;
    let number = known.unwrap_or_else(|| Number::new(app, phone.clone()));
    let now = app.now();
    let recipient = recipient_of(view, &number, blast.sender, whereabouts, now).await?;
    let decision = decide(&recipient, Channel::Sms, Purpose::Campaign, now);
    let planned = match decision {
        Decision::Send => Planned::Send,
        Decision::HoldUntil(..) => Planned::Hold,
        Decision::Refuse(_) => Planned::Refuse,
    };
    Ok(Recipient {
        id: MessageId(app.ids.uuid()),
        phone,
        whereabouts: recipient.whereabouts,
        // of no use without a map
        address: address.filter(|_| blast.map.is_some()),
        planned,
        rule: decision.rule(),
    })
}

/// Counts what was kept, and seals it.
async fn end(app: &App, mut plan: Plan) -> Result<Plan, PlanError> {
    let mut sealing = Sealing::of(&plan.blast);
    let mut kept = 0;
    let mut after: Option<MessageId> = None;
    let mut view = app.store.view().await?;
    loop {
        let page = PageRequest { after, limit: AT_ONCE };
        let page = view.blasts().recipients(plan.blast.id, page).await?;
        for recipient in &page.rows {
            sealing.recipient(recipient);
            plan.count(recipient);
            kept += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    drop(view);
    plan.doubled = plan.found.saturating_sub(kept + plan.without_address);
    plan.blast.seal = Some(sealing.end());
    plan.blast.status = BlastStatus::Planned;
    plan.blast.modified_at = app.now();
    let mut unit = app.store.begin().await?;
    let held = unit.blasts_mut().lock(plan.blast.id).await?;
    if held.is_none_or(|held| held.status != BlastStatus::Planning || held.planned != plan.blast.planned) {
        return Err(PlanError::Overtaken);
    }
    unit.blasts_mut().update(&plan.blast).await?;
    unit.commit().await?;
    Ok(plan)
}
