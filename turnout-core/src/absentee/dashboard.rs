//! How far signing online reaches, state by state and region by region, and what went out (`flows.md` 22, `domain.md` 5.2,
//! 2026-11).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    RegionLink, SubmissionType,
    esign::{EsignRules, is_allowed, way_of},
};
use crate::{
    action::EventType,
    address::State,
    app::App,
    election::StateProfile,
    ids::{ActionId, BallotRequestId, RegionId},
    official::Region,
    page::{Page, PageRequest},
    person::PersonName,
    ports::store::{StoreError, View},
    search::{SearchQuery, Terms},
    switch::vbm_esign,
};

/// The slugs of the facts that say what a state takes.
pub(super) const EMAIL_ALLOWED: &str = "vbm_app_submission_email";
pub(super) const FAX_ALLOWED: &str = "vbm_app_submission_fax";

/// How far one call looks for applications of a name, and how many it reads at once.
const LOOK_AT: usize = 2_000;
const AT_ONCE: u32 = 500;

/// Under what the counts of all regions are kept, and for how long.
const SENT_KEY: &str = "absentee.sent";
const SENT_LIFETIME: TimeDelta = TimeDelta::minutes(1);

/// What is known of how the office of a region is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// The one way that an administrator allows.
    pub only: Option<SubmissionType>,
    /// Whether an administrator knows something better.
    pub has_override: bool,
    /// Whether voters ask for a ballot on a page of the region's own.
    pub has_link: bool,
    /// Whether some e-mail address is known.
    pub email: bool,
    /// Whether some fax number is known.
    pub fax: bool,
}

/// How many regions of a state are reached alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateReach {
    /// The state.
    pub state: State,
    /// How.
    pub reach: Reach,
    /// How many.
    pub regions: u64,
}

/// How one region is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionReach {
    /// The region.
    pub region: Region,
    /// How.
    pub reach: Reach,
}

/// A way by which a request goes to an office at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandOver {
    /// By mail.
    Email,
    /// By fax.
    Fax,
}

impl HandOver {
    /// The way of which this kind of event tells.
    #[must_use]
    pub fn of(event: EventType) -> Option<Self> {
        match event {
            EventType::FinishLeo => Some(Self::Email),
            EventType::FinishLeoFaxPending => Some(Self::Fax),
            _ => None,
        }
    }

    /// The same by the event's name.
    #[must_use]
    pub fn of_event(name: &str) -> Option<Self> {
        EventType::parse(name).and_then(Self::of)
    }

    /// What the request was sent as.
    #[must_use]
    pub fn method(self) -> SubmissionType {
        match self {
            Self::Email => SubmissionType::LeoEmail,
            Self::Fax => SubmissionType::LeoFax,
        }
    }
}

/// What is counted of requests that went out: to an office at once, or as a form to the voter, who only signs it and sends it
/// on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SentAs {
    /// To the office.
    Request(HandOver),
    /// By letter to the voter, who asked for it. That it was offered is not enough: such a request is not finished (`domain.md`
    /// 5.1).
    Form,
}

impl SentAs {
    /// That of which this kind of event tells.
    #[must_use]
    pub fn of(event: EventType) -> Option<Self> {
        match event {
            EventType::FinishLobConfirm => Some(Self::Form),
            _ => HandOver::of(event).map(Self::Request),
        }
    }

    /// The same by the event's name.
    #[must_use]
    pub fn of_event(name: &str) -> Option<Self> {
        EventType::parse(name).and_then(Self::of)
    }
}

/// How many requests of a region went out one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCount {
    /// The region.
    pub region: RegionId,
    /// The way.
    pub sent_as: SentAs,
    /// How many since the moment that was asked for.
    pub since: u64,
    /// How many of them since the later one.
    pub lately: u64,
}

/// The place of an application among all, from the greatest to the least: when its request went to an office last, of the
/// same moment by the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SentKey {
    /// When.
    pub at: DateTime<Utc>,
    /// Of which action.
    pub action: ActionId,
}

/// A request that was signed online and went to an office. No `Debug`: it is a person's data.
#[derive(Clone, PartialEq)]
pub struct Application {
    /// The request.
    pub request: BallotRequestId,
    /// When it went, and its action.
    pub sent: SentKey,
    /// Which way.
    pub by: HandOver,
    /// The voter.
    pub name: PersonName,
    /// The voter's e-mail address.
    pub email: Option<String>,
    /// Where the voter lives.
    pub state: Option<State>,
    /// The region whose office it went to.
    pub region: Option<RegionId>,
    /// Its name.
    pub region_name: Option<String>,
    /// Whose voter it is.
    pub subscriber_name: Option<String>,
}

/// A page on which voters of a region ask for a ballot, and where the region lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOfRegion {
    /// The page.
    pub link: RegionLink,
    /// The region's name.
    pub name: Option<String>,
    /// Its state.
    pub state: Option<State>,
}

/// How many requests went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// To an office by mail, in the last day.
    pub emails_day: u64,
    /// To an office by mail, in the last seven days.
    pub emails_week: u64,
    /// To an office by fax, in the last day.
    pub faxes_day: u64,
    /// To an office by fax, in the last seven days.
    pub faxes_week: u64,
    /// As a form that the voter signs and sends on, in the last day.
    pub forms_day: u64,
    /// As a form that the voter signs and sends on, in the last seven days.
    pub forms_week: u64,
}

impl From<Sent> for [u64; 6] {
    fn from(it: Sent) -> Self {
        [it.emails_day, it.emails_week, it.faxes_day, it.faxes_week, it.forms_day, it.forms_week]
    }
}

impl From<[u64; 6]> for Sent {
    fn from(it: [u64; 6]) -> Self {
        let [emails_day, emails_week, faxes_day, faxes_week, forms_day, forms_week] = it;
        Self { emails_day, emails_week, faxes_day, faxes_week, forms_day, forms_week }
    }
}

impl Sent {
    fn add(&mut self, other: &Self) {
        self.emails_day += other.emails_day;
        self.emails_week += other.emails_week;
        self.faxes_day += other.faxes_day;
        self.faxes_week += other.faxes_week;
        self.forms_day += other.forms_day;
        self.forms_week += other.forms_week;
    }
}

/// How many regions are reached which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub regions: u64,
    /// By mail.
    pub email: u64,
    /// By fax.
    pub fax: u64,
    /// Not: the voter prints the form.
    pub self_print: u64,
    /// Where an administrator knows something better.
    pub overrides: u64,
    /// With a page of their own.
    pub links: u64,
    /// What went out.
    pub sent: Sent,
}

impl Totals {
    fn count(&mut self, reach: &Reach, method: SubmissionType, regions: u64) {
        self.regions += regions;
        match method {
            SubmissionType::LeoEmail => self.email += regions,
            SubmissionType::LeoFax => self.fax += regions,
            SubmissionType::SelfPrint | SubmissionType::PrintAndForward => self.self_print += regions,
        }
        self.overrides += if reach.has_override { regions } else { 0 };
        self.links += if reach.has_link { regions } else { 0 };
    }

    /// How many of a hundred regions are reached by mail or fax, rounded down; nothing where there is no region (quirk
    /// Q103).
    #[must_use]
    pub fn coverage(&self) -> Option<u64> {
        ((self.email + self.fax) * 100).checked_div(self.regions)
    }
}

/// A state of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateLine {
    /// The state.
    pub state: StateProfile,
    /// What it takes.
    pub rules: EsignRules,
    /// Whether it has a page of its own on which ballots are asked for.
    pub has_link: bool,
    /// Its regions.
    pub totals: Totals,
}

/// A region of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionLine {
    /// The region.
    pub region: Region,
    /// How it is reached.
    pub reach: Reach,
    /// Which way requests go there.
    pub method: SubmissionType,
    /// What went out.
    pub sent: Sent,
}

/// Which regions of a state are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RegionWish {
    /// Those that are reached that way.
    pub method: Option<SubmissionType>,
    /// Those of which an administrator knows something better.
    pub overrides_only: bool,
}

impl RegionWish {
    /// Reads what a page was asked: of the ways that there are for regions; anything else is all (`flows.md` 22.1).
    #[must_use]
    pub fn read(method: &str, overrides_only: bool) -> Self {
        let method = SubmissionType::parse(method).filter(|it| *it != SubmissionType::PrintAndForward);
        Self { method, overrides_only }
    }
}

/// A state with its regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSheet {
    /// The state, with all of its regions counted.
    pub line: StateLine,
    /// Those that were asked for, by name, a page of them.
    pub regions: Page<RegionLine, RegionId>,
    /// All that were asked for.
    pub found: Totals,
}

/// The states in which signing online is switched on; territories have no ballot requests.
async fn switched_on(app: &App) -> Vec<State> {
    let switches = app.switches().await;
    let all = State::ALL.iter().copied().filter(|state| !state.is_territory());
    all.filter(|state| switches.in_state(&vbm_esign::FEATURE, *state)).collect()
}

/// What a state takes. The switch does not count here (`domain.md` 5.2).
async fn rules(view: &mut dyn View, state: State) -> Result<EsignRules, StoreError> {
    Ok(EsignRules {
        enabled: true,
        email_allowed: is_allowed(view, state, EMAIL_ALLOWED).await?,
        fax_allowed: is_allowed(view, state, FAX_ALLOWED).await?,
    })
}

fn method(rules: EsignRules, reach: &Reach) -> SubmissionType {
    way_of(rules, reach.email, reach.fax, reach.only)
}

async fn line(
    view: &mut dyn View,
    state: StateProfile,
    reaches: impl Iterator<Item = (Reach, u64)>,
) -> Result<StateLine, StoreError> {
    let rules = rules(view, state.code).await?;
    let page = view.elections().text(state.code, "external_tool_vbm_application").await?;
    let mut totals = Totals::default();
    for (reach, regions) in reaches {
        totals.count(&reach, method(rules, &reach), regions);
    }
    Ok(StateLine { state, rules, has_link: page.is_some_and(|page| !page.trim().is_empty()), totals })
}

/// What went out in one region or in each in the last day and the last seven.
async fn sent(
    app: &App,
    view: &mut dyn View,
    region: Option<RegionId>,
) -> Result<BTreeMap<RegionId, Sent>, StoreError> {
    let now = app.now();
    let counted =
        view.esign().sent_counts(region, now - TimeDelta::days(7), now - TimeDelta::days(1)).await?;
    let mut sent = BTreeMap::<RegionId, Sent>::new();
    for it in counted {
        let region = sent.entry(it.region).or_default();
        let (week, day) = match it.sent_as {
            SentAs::Request(HandOver::Email) => (&mut region.emails_week, &mut region.emails_day),
            SentAs::Request(HandOver::Fax) => (&mut region.faxes_week, &mut region.faxes_day),
            SentAs::Form => (&mut region.forms_week, &mut region.forms_day),
        };
        (*week, *day) = (it.since, it.lately);
    }
    Ok(sent)
}

/// What went out in each region, as it was counted up to a minute ago: every event of a week is looked at for it.
async fn sent_by_region(app: &App, view: &mut dyn View) -> Result<BTreeMap<RegionId, Sent>, StoreError> {
    let known = app.cache.get(SENT_KEY).await;
    if let Some(known) = known.and_then(|it| serde_json::from_slice::<Vec<(i64, [u64; 6])>>(&it).ok()) {
        return Ok(known.into_iter().map(|(region, counts)| (RegionId(region), counts.into())).collect());
    }
    let sent = sent(app, view, None).await?;
    let counts: Vec<(i64, [u64; 6])> = sent.iter().map(|(region, it)| (region.0, (*it).into())).collect();
    if let Ok(text) = serde_json::to_vec(&counts) {
        app.cache.set(SENT_KEY, text.into(), SENT_LIFETIME).await;
    }
    Ok(sent)
}

/// The states in which signing online is switched on, by code, with their regions counted.
///
/// # Errors
/// When the store fails.
pub async fn states(app: &App) -> Result<Vec<StateLine>, StoreError> {
    let on = switched_on(app).await;
    let mut view = app.store.view().await?;
    let reaches = view.esign().states().await?;
    let mut lines = Vec::new();
    for state in view.elections().states().await?.into_iter().filter(|it| on.contains(&it.code)) {
        let of_state = reaches.iter().filter(|it| it.state == state.code);
        let alike: Vec<(Reach, u64)> = of_state.map(|it| (it.reach, it.regions)).collect();
        lines.push(line(view.as_mut(), state, alike.into_iter()).await?);
    }
    Ok(lines)
}

/// A state in which signing online is switched on, with a page of those regions that are asked for; nothing for another
/// state.
///
/// # Errors
/// When the store fails.
pub async fn state(
    app: &App,
    code: State,
    wish: RegionWish,
    page: PageRequest<RegionId>,
) -> Result<Option<StateSheet>, StoreError> {
    if !switched_on(app).await.contains(&code) {
        return Ok(None);
    }
    let mut view = app.store.view().await?;
    let Some(profile) = view.elections().state(code).await? else { return Ok(None) };
    let regions = view.esign().regions(code).await?;
    let sent = sent_by_region(app, view.as_mut()).await?;
    let line = line(view.as_mut(), profile, regions.iter().map(|it| (it.reach, 1))).await?;
    let mut found = Totals::default();
    let mut lines = Vec::new();
    for RegionReach { region, reach } in regions {
        let method = method(line.rules, &reach);
        let is_wanted =
            wish.method.is_none_or(|wanted| wanted == method) && (reach.has_override || !wish.overrides_only);
        if is_wanted {
            let sent = sent.get(&region.id).copied().unwrap_or_default();
            found.count(&reach, method, 1);
            found.sent.add(&sent);
            lines.push(RegionLine { region, reach, method, sent });
        }
    }
    // some thousand at the most: where the page begins is found among them
    let begin = page.after.and_then(|after| lines.iter().position(|it| it.region.id == after));
    let rest = lines.split_off(begin.map_or(0, |begin| begin + 1));
    let regions = Page::cut(rest, page.limit, |it| it.region.id);
    Ok(Some(StateSheet { line, regions, found }))
}

/// A region of such a state; nothing for another, one that is hidden or gone.
///
/// # Errors
/// When the store fails.
pub async fn region(
    app: &App,
    code: State,
    id: RegionId,
) -> Result<Option<(StateLine, RegionLine)>, StoreError> {
    if !switched_on(app).await.contains(&code) {
        return Ok(None);
    }
    let mut view = app.store.view().await?;
    let Some(profile) = view.elections().state(code).await? else { return Ok(None) };
    let regions = view.esign().regions(code).await?;
    let line = line(view.as_mut(), profile, regions.iter().map(|it| (it.reach, 1))).await?;
    let Some(RegionReach { region, reach }) = regions.into_iter().find(|it| it.region.id == id) else {
        return Ok(None);
    };
    let sent = sent(app, view.as_mut(), Some(id)).await?.remove(&id).unwrap_or_default();
    let method = method(line.rules, &reach);
    Ok(Some((line, RegionLine { region, reach, method, sent })))
}

/// The requests of all subscribers that went to an office at once, those first that went last, of those whom a query finds.
/// There may be more although the page is not full: one call looks at no more than some thousand.
///
/// # Errors
/// When the store fails.
pub async fn applications(
    app: &App,
    query: &SearchQuery,
    region: Option<RegionId>,
    page: PageRequest<SentKey>,
) -> Result<Page<Application, SentKey>, StoreError> {
    let mut view = app.store.view().await?;
    if query.words().is_empty() {
        return view.esign().applications(region, page).await;
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let (mut after, mut looked) = (page.after, 0);
    let mut found = Vec::new();
    loop {
        let some = view.esign().applications(region, PageRequest { after, limit: AT_ONCE }).await?;
        looked += some.rows.len();
        let next = some.next;
        found.extend(some.rows.into_iter().filter(|it| {
            let terms = Terms::of(&it.name, it.email.as_deref());
            query.finds(&terms)
        }));
        if found.len() > limit {
            return Ok(Page::cut(found, page.limit, |it| it.sent));
        }
        if next.is_none() || looked >= LOOK_AT {
            return Ok(Page { rows: found, next });
        }
        after = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_without_regions_has_no_coverage_and_is_no_error() {
        assert_eq!(Totals::default().coverage(), None);
        let some = Totals { regions: 3, email: 1, fax: 1, ..Totals::default() };
        assert_eq!(some.coverage(), Some(66));
    }

    #[test]
    fn a_filter_that_means_nothing_is_all() {
        for (text, method) in [
            ("leo_email", Some(SubmissionType::LeoEmail)),
            ("leo_fax", Some(SubmissionType::LeoFax)),
            ("self_print", Some(SubmissionType::SelfPrint)),
            ("print_and_forward", None),
            ("", None),
            ("all", None),
        ] {
            assert_eq!(RegionWish::read(text, false).method, method, "{text}");
        }
    }
}
