//! What happens later to a text: it is handed to the carrier, once.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use super::{Direction, Failure, Message, MessageStatus, poll, receipt_url, send};
use crate::{
    app::App,
    consent::{Choice, Origin, Scope, Statement, record},
    decision::{Channel, Decision, Place, Purpose, Recipient, Rule, Whereabouts, decide},
    error::ProviderErrorKind,
    ids::{BlastId, MessageId},
    jobs::{
        JobContext, JobError, NewJob,
        lanes::{LATEST, SLACK},
    },
    person::Phone,
    ports::{
        measures::HandOver,
        sms::{ListedSms, OutgoingSms, SentSms, SmsError},
        store::{StoreError, Unit, View},
    },
};

/// How soon after it was noted that a text is about to be handed over it has to be: a worker that slept longer leaves it,
/// as another one may look for it meanwhile.
const HAND_OVER_WITHIN: TimeDelta = TimeDelta::seconds(20);
/// When a text that may have been handed over is looked for in the carrier's list: after the longest that a hand-over takes,
/// the time that the list lags behind, and what clocks differ by.
const LOOK_AFTER: TimeDelta = TimeDelta::seconds(50);
/// How far the clocks of the carrier and ours may be apart.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(60);

/// Hands a text to the carrier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Send {
    /// The text.
    pub message: MessageId,
}

/// What is noted of a text of a blast whose words and picture are composed when it is handed over.
pub(crate) const BLAST_MAP: &str = "blast_map";

/// What goes with a text and is not kept. No `Debug`: it may say where a voter votes.
#[derive(Default)]
pub(crate) struct Live {
    /// Other words than those of the row.
    pub(super) text: Option<String>,
    /// Pictures, by their addresses.
    pub(super) media: Vec<String>,
    /// When the text was written that this one answers.
    pub(super) wrote_at: Option<DateTime<Utc>>,
}

impl Live {
    /// The words of a map, and its picture.
    pub(crate) fn of_map(text: String, picture: Option<String>) -> Self {
        Self { text: Some(text), media: picture.into_iter().collect(), wrote_at: None }
    }
}

/// Asks the carrier for texts that came in and of which it did not tell us (`flows.md` 8.5), again and again until that
/// moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Poll {
    /// From when on another job does it.
    pub until: DateTime<Utc>,
}

/// A text that is to be handed over by a job, with what is not kept of it.
pub(crate) struct Item<'a> {
    pub(crate) message: MessageId,
    pub(crate) context: &'a JobContext,
    pub(crate) live: Live,
}

impl Item<'_> {
    /// The text as it goes.
    fn filled(&self, outgoing: OutgoingSms) -> OutgoingSms {
        let media = if self.live.media.is_empty() { outgoing.media } else { self.live.media.clone() };
        OutgoingSms { text: self.live.text.clone().unwrap_or(outgoing.text), media, ..outgoing }
    }
}

/// A text of which it was noted that it is about to be handed over.
struct Noted {
    /// Whose item it is.
    item: usize,
    outgoing: OutgoingSms,
    /// When that was noted.
    at: DateTime<Utc>,
    /// When its turn is, where texts take turns.
    turn: Option<DateTime<Utc>>,
}

/// A text of which that was noted before, and what came of it is not known.
struct Doubted {
    item: usize,
    outgoing: OutgoingSms,
    since: DateTime<Utc>,
}

/// What became of a text that was to be handed over.
enum Given {
    /// It was, and this was said.
    Over(Result<SentSms, SmsError>),
    /// It was not: its turn had passed.
    Late,
    /// It was not: so much time had passed that another worker may be looking for it.
    Slept,
}

/// A text about which it is decided.
struct Asked<'a> {
    item: usize,
    context: &'a JobContext,
    wrote_at: Option<DateTime<Utc>>,
    message: Message,
    has_media: bool,
    /// Where it goes now: its turn, if it is one of a lane.
    goes: Option<Option<DateTime<Utc>>>,
}

type Ended = Result<(), JobError>;

/// What the carrier's list says of a text that may have been handed over.
enum Look {
    /// It is there.
    Found,
    /// It is not there, and was noted anew at this moment, with a turn where texts take turns: it may be handed over again.
    NotThere(DateTime<Utc>, Option<DateTime<Utc>>),
}

impl Send {
    /// The job's name.
    pub const KIND: &'static str = "sms.send";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self).high()
    }

    /// Notes that the text is about to be handed over, and hands it over. No carrier knows a text again that it gets twice,
    /// so one that was noted and of which nothing more is known is *unknown*: it is looked for in the carrier's list, and
    /// only when it is certainly not there it is handed over again. Rather not sent than sent twice.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        self.hand_over(app, context, Live::default()).await
    }

    /// The same with what is not kept.
    pub(super) async fn hand_over(self, app: &App, context: &JobContext, live: Live) -> Result<(), JobError> {
        let item = Item { message: self.message, context, live };
        hand_over_all(app, &[item]).await.pop().unwrap_or(Ok(()))
    }
}

/// Hands over texts, whose jobs were claimed together: that they are about to be handed over is noted in one unit, and what
/// came of it in another. What became of each job, in their order.
pub(crate) async fn hand_over_all(app: &App, items: &[Item<'_>]) -> Vec<Ended> {
    let mut ended: Vec<Ended> = vec![Ok(()); items.len()];
    let (noted, doubted) = match note(app, items, &mut ended).await {
        Ok(noted) => noted,
        Err(error) => return vec![Err(error); items.len()],
    };
    // a turn does not wait for the carrier's list
    let given = join_all(noted.iter().map(|noted| give(app, items[noted.item].context, noted))).await;
    note_outcomes(app, items, noted.into_iter().zip(given).collect(), &mut ended).await;
    let mut again = Vec::new();
    for doubted in doubted {
        let item = &items[doubted.item];
        match look(app, item, &doubted).await {
            Ok(Some(Look::NotThere(at, turn))) => {
                let noted = Noted { item: doubted.item, outgoing: doubted.outgoing, at, turn };
                let given = give(app, item.context, &noted).await;
                again.push((noted, given));
            }
            Ok(Some(Look::Found) | None) => {}
            Err(error) => ended[doubted.item] = Err(error),
        }
    }
    note_outcomes(app, items, again, &mut ended).await;
    ended
}

/// Notes of each text that is to go that it is about to be handed over, in one unit. One that must not go yet waits until it
/// may, by the same unit that notes the rule.
async fn note(
    app: &App,
    items: &[Item<'_>],
    ended: &mut [Ended],
) -> Result<(Vec<Noted>, Vec<Doubted>), JobError> {
    let mut unit = app.store.begin().await?;
    let mut ids: Vec<MessageId> = items.iter().map(|item| item.message).collect();
    ids.sort_unstable();
    ids.dedup();
    let locked = unit.messages_mut().lock_all(&ids).await?;
    let mut messages: HashMap<MessageId, Message> = locked.into_iter().map(|it| (it.id, it)).collect();
    let (mut asked, mut doubted, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let mut phones = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        let Some(mut message) = messages.remove(&item.message) else { continue };
        let Some(outgoing) = outgoing(app, &message) else { continue };
        match message.status {
            // of two to a number the second has to know of the first
            None if !phones.insert(outgoing.to.clone()) => ended[index] = Err(JobError::PutOff(app.now())),
            None => {
                let has_media = !outgoing.media.is_empty() || !item.live.media.is_empty();
                let (context, wrote_at) = (item.context, item.live.wrote_at);
                asked.push(Asked { item: index, context, wrote_at, message, has_media, goes: None });
            }
            Some(status) if status.is_doubtful() => {
                let since = message.status_at.unwrap_or(message.created_at);
                doubted.push(Doubted { item: index, outgoing: item.filled(outgoing), since });
                // for everybody to see: nobody knows whether it was sent
                message.status = Some(MessageStatus::Unknown);
                message.modified_at = app.now();
                changed.push(message);
            }
            Some(_) => {}
        }
    }
    may_go(app, unit.as_mut(), &mut asked).await?;
    let mut noted = Vec::new();
    for Asked { item, mut message, goes, .. } in asked {
        if goes.is_some() && is_composed(&message) && items[item].live.text.is_none() {
            // its hour came between two looks at the clock: it is composed at the next
            (message.status, message.status_at) = (None, None);
            ended[item] = Err(JobError::PutOff(app.now()));
        } else if let (Some(turn), Some(outgoing)) = (goes, outgoing(app, &message)) {
            let at = message.status_at.unwrap_or(message.modified_at);
            noted.push(Noted { item, outgoing: items[item].filled(outgoing), at, turn });
        }
        changed.push(message);
    }
    unit.messages_mut().update_all(&changed).await?;
    unit.commit().await?;
    app.reached("sms.after_intent");
    Ok((noted, doubted))
}

/// Whether its words are composed when it goes.
fn is_composed(message: &Message) -> bool {
    message.more.as_ref().is_some_and(|more| more.get(BLAST_MAP).is_some())
}

/// Whether a text would go if it were handed over now, as far as can be told without holding it; whether it is to be looked
/// for as well.
pub(crate) async fn would_go(app: &App, view: &mut dyn View, message: &Message) -> Result<bool, StoreError> {
    match message.status {
        None => {}
        Some(status) => return Ok(status.is_doubtful() && message.carrier_id.is_none()),
    }
    if let Some(blast) = message.blast
        && !view.blasts().is_running(blast).await?
    {
        return Ok(false);
    }
    let Some(phone) = &message.phone else { return Ok(false) };
    let Some(number) = view.messages().number(phone).await? else { return Ok(false) };
    let known = send::known_of(view, &[number], app.now()).await?.remove(phone);
    Ok(decide_about(app, message, known, None) == Decision::Send)
}

/// Notes that a text does not go, as there is no map for it; not of one that may have been sent.
pub(crate) async fn fail_without_map(app: &App, message: MessageId) -> Result<(), StoreError> {
    fail(app, message, Failure::NoMap).await
}

/// Notes why a text fails that nobody has begun to hand over.
async fn fail(app: &App, message: MessageId, failure: Failure) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    let Some(mut message) = unit.messages_mut().lock(message).await? else { return Ok(()) };
    if message.status.is_some() {
        return Ok(());
    }
    message.fail(failure, app.now());
    unit.messages_mut().update(&message).await?;
    unit.commit().await
}

/// The text as its row has it, unless the carrier has it or it is none of ours.
fn outgoing(app: &App, message: &Message) -> Option<OutgoingSms> {
    if message.direction != Direction::Out || message.carrier_id.is_some() {
        return None;
    }
    let (to, text) = (message.phone.clone()?, message.text.clone()?);
    let receipt_url = receipt_url(app, message.id);
    Some(OutgoingSms { id: message.id, from: None, to, text, media: message.media(), receipt_url })
}

/// Waits for the turn of a text, and hands it over. One whose turn has passed is not: with those whose turn is in the next
/// second there would be too many.
async fn give(app: &App, context: &JobContext, noted: &Noted) -> Given {
    if let Some(turn) = noted.turn {
        context.wait_until(app, turn).await;
    }
    app.reached("sms.before_send");
    let now = app.now();
    if now - noted.at > HAND_OVER_WITHIN {
        return Given::Slept;
    }
    if noted.turn.is_some_and(|turn| now - turn > LATEST) {
        return Given::Late;
    }
    let sent = app.sms.send(&noted.outgoing).await;
    count(app, &sent);
    app.reached("sms.after_send");
    Given::Over(sent)
}

/// Counts what came of a text that was handed over.
pub(super) fn count(app: &App, sent: &Result<SentSms, SmsError>) {
    let outcome = match sent {
        Ok(_) => HandOver::Taken,
        Err(SmsError::Stopped) => HandOver::Failed(Failure::Stopped),
        Err(SmsError::InDoubt(_)) => HandOver::InDoubt,
        Err(SmsError::NotSent(error)) => HandOver::Failed(error.kind.into()),
    };
    app.measures.handed_over(Channel::Sms, outcome);
}

/// Notes what became of texts that were to be handed over; when that fails, it is what becomes of all their jobs.
async fn note_outcomes(app: &App, items: &[Item<'_>], given: Vec<(Noted, Given)>, ended: &mut [Ended]) {
    let whose: Vec<usize> = given.iter().map(|(noted, _)| noted.item).collect();
    if whose.is_empty() {
        return;
    }
    if let Err(error) = write_outcomes(app, items, given, ended).await {
        for item in whose {
            ended[item] = Err(error.clone());
        }
    }
}

/// The same, in one unit.
async fn write_outcomes(
    app: &App,
    items: &[Item<'_>],
    given: Vec<(Noted, Given)>,
    ended: &mut [Ended],
) -> Result<(), JobError> {
    let mut unit = app.store.begin().await?;
    let ids: Vec<MessageId> = given.iter().map(|(noted, _)| noted.outgoing.id).collect();
    let locked = unit.messages_mut().lock_all(&ids).await?;
    let mut messages: HashMap<MessageId, Message> = locked.into_iter().map(|it| (it.id, it)).collect();
    let now = app.now();
    let mut changed = Vec::new();
    for (noted, given) in given {
        let Some(mut message) = messages.remove(&noted.outgoing.id) else { continue };
        let is_last = items[noted.item].context.is_last;
        let sent = match given {
            Given::Over(sent) => sent,
            Given::Slept => {
                let why = "the worker slept before it could hand the text over";
                ended[noted.item] = Err(JobError::Retry(why.into()));
                continue;
            }
            Given::Late => {
                // unless somebody else was told of it meanwhile
                let is_as_noted = |at: DateTime<Utc>| (at - noted.at).abs() < TimeDelta::milliseconds(1);
                if message.status == Some(MessageStatus::Accepted)
                    && message.status_at.is_some_and(is_as_noted)
                {
                    (message.status, message.status_at, message.modified_at) = (None, None, now);
                    changed.push(message);
                }
                ended[noted.item] = Err(JobError::PutOff(now));
                continue;
            }
        };
        if matches!(sent, Err(SmsError::Stopped)) {
            stopped_by_carrier(app, unit.as_mut(), &noted.outgoing.to, now).await?;
        }
        ended[noted.item] = take_answer(&mut message, sent, is_last, now);
        changed.push(message);
    }
    unit.messages_mut().update_all(&changed).await?;
    unit.commit().await?;
    app.reached("sms.after_unit");
    Ok(())
}

/// Notes in a text what the carrier said to it, and says what becomes of its job.
fn take_answer(
    message: &mut Message,
    sent: Result<SentSms, SmsError>,
    is_last: bool,
    now: DateTime<Utc>,
) -> Ended {
    let is_open = message.status.is_some_and(MessageStatus::is_doubtful);
    match sent {
        Ok(sent) => {
            message.carrier_id = Some(sent.carrier_id);
            message.modified_at = now;
            if let Some(status) = sent.status {
                message.reach(status, now);
            }
            Ok(())
        }
        Err(SmsError::Stopped) => {
            message.fail(Failure::Stopped, now);
            Ok(())
        }
        // it may be on its way; a receipt that came meanwhile says that it is
        Err(SmsError::InDoubt(error)) if is_open => {
            (message.status, message.modified_at) = (Some(MessageStatus::Unknown), now);
            Err(JobError::Retry(format!("{error}; it may have been sent")))
        }
        Err(SmsError::InDoubt(_)) => Ok(()),
        Err(SmsError::NotSent(error)) => {
            let failure = Failure::from(error.kind);
            let outcome = JobError::from(error);
            message.modified_at = now;
            match &outcome {
                // nobody waits for a text of a blast by itself
                JobError::Retry(_) if is_open && is_last && message.blast.is_some() => {
                    message.fail(failure, now)
                }
                // nobody has seen it yet
                JobError::Retry(_) if is_open => (message.status, message.status_at) = (None, None),
                JobError::Retry(_) => {}
                JobError::GiveUp(_) | JobError::PutOff(_) => message.fail(failure, now),
            }
            Err(outcome)
        }
    }
}

/// Notes that the carrier knows that a number has opted out.
pub(super) async fn stopped_by_carrier(
    app: &App,
    unit: &mut dyn Unit,
    phone: &Phone,
    now: DateTime<Utc>,
) -> Result<(), JobError> {
    if let Some(mut number) = unit.messages_mut().lock_number(phone).await? {
        number.stop(now, now);
        unit.messages_mut().update_number(&number).await?;
    }
    let said = Statement::new(Choice::Stopped, Scope::All, Origin::Carrier, now);
    Ok(record(app, unit, Channel::Sms, phone.e164(), said).await?)
}

/// Ends a text whose job is given up and that nobody has seen yet. One that may have been sent stays *unknown*.
pub(crate) async fn give_up(app: &App, message: MessageId) -> Result<(), JobError> {
    Ok(fail(app, message, Failure::GivenUp).await?)
}

/// Looks for a text in the carrier's list that may have been handed over at that moment. `None` when somebody else found out
/// meanwhile, or it must not be sent any more, or not yet.
async fn look(app: &App, item: &Item<'_>, doubted: &Doubted) -> Result<Option<Look>, JobError> {
    let (outgoing, since) = (&doubted.outgoing, doubted.since);
    let retry = |why: &str| JobError::Retry(format!("it may have been sent; {why}"));
    if app.now() < since + LOOK_AFTER {
        return Err(JobError::PutOff(since + LOOK_AFTER));
    }
    let listed = match app.sms_log.sent_to(&outgoing.to, since - CLOCKS_APART).await {
        Ok(listed) => listed,
        Err(error) if error.kind == ProviderErrorKind::Disabled => {
            return Err(JobError::GiveUp("it may have been sent; no list of the carrier's says".into()));
        }
        Err(error) => return Err(retry(&error.to_string())),
    };
    let mut unit = app.store.begin().await?;
    let locked = unit.messages_mut().lock(item.message).await?;
    let Some(mut message) = locked.filter(|it| it.status == Some(MessageStatus::Unknown)) else {
        return Ok(None);
    };
    // of two texts to a number that are looked for at once, one is looked for first
    unit.messages_mut().lock_number(&outgoing.to).await?;
    let mut nobodys: Vec<ListedSms> = Vec::new();
    for listed in listed {
        if !unit.messages().is_known(&outgoing.to, &listed.carrier_id).await? {
            nobodys.push(listed);
        }
    }
    let now = app.now();
    let found = nobodys.iter().filter(|it| is_same(&it.text, &outgoing.text)).min_by_key(|it| it.at);
    let look = match found {
        Some(found) => {
            message.carrier_id = Some(found.carrier_id.clone());
            (message.status, message.status_at) = (None, None);
            message.reach(found.status.unwrap_or(MessageStatus::Accepted), now);
            Some(Look::Found)
        }
        // a text that nobody here knows, in other words: the carrier may have changed some signs
        None if !nobodys.is_empty() => return Err(retry("the carrier has a text that could be it")),
        None => {
            // nobody has seen it: it is decided as if for the first time
            (message.status, message.status_at, message.modified_at) = (None, None, now);
            unit.messages_mut().update(&message).await?;
            let (context, wrote_at) = (item.context, item.live.wrote_at);
            let has_media = !outgoing.media.is_empty();
            let mut asked = [Asked { item: doubted.item, context, wrote_at, message, has_media, goes: None }];
            may_go(app, unit.as_mut(), &mut asked).await?;
            let [Asked { message: decided, goes, .. }] = asked;
            message = decided;
            goes.map(|turn| Look::NotThere(message.status_at.unwrap_or(now), turn))
        }
    };
    message.modified_at = now;
    unit.messages_mut().update(&message).await?;
    unit.commit().await?;
    Ok(look)
}

/// Whether texts are to be handed over now, which is noted in them: then they are about to be, and have a turn where they take
/// turns. One that has to wait does so until it may, by its job, in this unit; one of a blast that does not run is left as it
/// is. The numbers are held until the unit ends, so whoever stops one meanwhile does so after the text went, and of two texts
/// the second knows of the first.
async fn may_go(app: &App, unit: &mut dyn Unit, asked: &mut [Asked<'_>]) -> Result<(), JobError> {
    if asked.is_empty() {
        return Ok(());
    }
    let mut runs: HashMap<BlastId, bool> = HashMap::new();
    for blast in asked.iter().filter_map(|it| it.message.blast) {
        if let Entry::Vacant(unknown) = runs.entry(blast) {
            unknown.insert(unit.blasts().is_running(blast).await?);
        }
    }
    let is_stopped =
        |message: &Message| message.blast.is_some_and(|blast| !runs.get(&blast).is_some_and(|it| *it));
    let phones: Vec<Phone> = asked
        .iter()
        .filter(|it| !is_stopped(&it.message))
        .filter_map(|it| it.message.phone.clone())
        .collect();
    let numbers = unit.messages_mut().lock_numbers(&phones).await?;
    let now = app.now();
    let mut known = send::known_of(unit, &numbers, now).await?;
    for it in asked.iter_mut().filter(|it| !is_stopped(&it.message)) {
        let known = it.message.phone.as_ref().and_then(|phone| known.remove(phone));
        let decision = decide_about(app, &it.message, known, it.wrote_at);
        app.measures.decided(Channel::Sms, it.message.purpose.unwrap_or(Purpose::Service), decision);
        it.message.decided(decision, now);
        match decision {
            Decision::Send => {
                it.message.reach(MessageStatus::Accepted, now);
                it.goes = Some(None);
            }
            Decision::Refuse(_) => {
                it.message.reach(MessageStatus::Failed, now);
            }
            Decision::HoldUntil(until, rule) => {
                it.context.put_off_in(unit, until).await?;
                tracing::debug!(message.id = %it.message.id, %rule, "a text is held");
            }
        }
    }
    // last, as whoever takes turns has the lane for himself until the unit ends
    for (lane, is_of) in [("blast-mms", true), ("blast-sms", false)] {
        let Some(rate) = app.jobs.rate_of_turns(lane, SLACK) else { continue };
        let of_lane =
            |it: &&mut Asked<'_>| it.goes.is_some() && it.message.blast.is_some() && it.has_media == is_of;
        let count = asked.iter_mut().filter(of_lane).count();
        if count == 0 {
            continue;
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let first = unit.jobs_mut().take_turns(lane, rate, app.now(), count).await?;
        for (number, it) in (0..).zip(asked.iter_mut().filter(of_lane)) {
            it.goes = Some(Some(rate.turn(first, number)));
        }
    }
    Ok(())
}

/// What is decided about a text to a number of which that is known.
fn decide_about(
    app: &App,
    message: &Message,
    known: Option<send::Known>,
    wrote_at: Option<DateTime<Utc>>,
) -> Decision {
    let (Some(known), Some(phone)) = (known, &message.phone) else {
        return Decision::Refuse(Rule::NoConsent);
    };
    let whereabouts = message
        .whereabouts
        .clone()
        .unwrap_or_else(|| Whereabouts::of(app.time_zones.as_ref(), &Place::default().with_phone(phone)));
    let purpose = message.purpose.unwrap_or(Purpose::Service);
    // an answer is written down as soon as what it answers is heard of
    let wrote_at = wrote_at.or((purpose == Purpose::Reply).then_some(message.created_at));
    let recipient = Recipient { sender: message.sender, wrote_at, ..known.at(whereabouts) };
    decide(&recipient, Channel::Sms, purpose, app.now())
}

/// Whether a text in the carrier's list is this one: blanks at its ends are the carrier's to keep or not.
fn is_same(listed: &Option<String>, ours: &str) -> bool {
    listed.as_deref().is_some_and(|listed| listed.trim() == ours.trim())
}

impl Poll {
    /// The job's name.
    pub const KIND: &'static str = "sms.poll";
    /// For how long one job and those that follow it do it; then the clock begins anew.
    const TURN: TimeDelta = TimeDelta::seconds(60);

    /// The job, due now.
    #[must_use]
    pub fn first(app: &App) -> NewJob {
        app.job(Self::KIND, &Self { until: app.now() + Self::TURN })
    }

    /// Takes what came in, and enqueues the next one. Once it fails the clock begins anew.
    pub(crate) async fn run(self, app: &App, context: &JobContext) -> Result<(), JobError> {
        let Some(settings) = &app.settings.sms.poll else { return Ok(()) };
        if let Err(error) = poll::take_new(app, settings).await {
            // what is lost is what the next one begins with
            tracing::warn!(error = &error as &dyn std::error::Error, "the carrier cannot be asked for texts");
            return Ok(());
        }
        let next = app.now() + settings.every;
        if next >= self.until {
            return Ok(());
        }
        let mut unit = app.store.begin().await?;
        unit.jobs_mut().enqueue(&app.job(Self::KIND, &self).at(next)).await?;
        context.finish_in(unit.as_mut(), app.now()).await?;
        Ok(unit.commit().await?)
    }
}
