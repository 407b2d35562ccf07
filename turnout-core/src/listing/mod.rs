//! What a subscriber sees of its voters: lists of what was made by each tool, newest first, and each record whole.
//!
//! Nothing here ever shows a record of another subscriber, nor one that was made while the subscriber saw none
//! (`domain.md` 7, invariant 9). What voters are found by is in [`search`](crate::search); files of whole lists are in
//! [`report`](crate::report).

mod details;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

pub use details::{Details, Record, details};

use crate::{
    address::State,
    app::App,
    ids::SubscriberId,
    page::{Page, PageRequest},
    person::{PersonName, demographics::choices},
    ports::store::{StoreError, View},
    search::{ListKey, SearchQuery, VoterList},
    verifier::VoterStatus,
};

choices! {
    /// A tool whose records are listed.
    Tool {
        Register = "register", "Registrations";
        Absentee = "absentee", "Ballot requests";
        Verify = "verify", "Status lookups";
        Remind = "remind", "Reminders";
        Locate = "locate", "Polling place lookups";
    }
}

/// One list: what the voters of one subscriber made by one tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// The tool.
    pub tool: Tool,
}

/// A state and a time; without anything set, everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Those of this state only.
    pub state: Option<State>,
    /// Those made at this moment or later.
    pub since: Option<DateTime<Utc>>,
    /// Those made before this moment.
    pub before: Option<DateTime<Utc>>,
}

impl Span {
    /// Whether a record that was made then and there is in it.
    #[must_use]
    pub fn takes(&self, made: DateTime<Utc>, state: Option<State>) -> bool {
        self.state.is_none_or(|wanted| state == Some(wanted))
            && self.since.is_none_or(|since| made >= since)
            && self.before.is_none_or(|before| made < before)
    }
}

/// What of a list is wanted; without anything set, everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of this state only.
    pub state: Option<State>,
    /// Those made at this moment or later.
    pub since: Option<DateTime<Utc>>,
    /// Those made before this moment.
    pub before: Option<DateTime<Utc>>,
    /// Those whose voter is done, or is not.
    pub finished: Option<bool>,
}

impl Filter {
    /// Those of some days of the calendar in a zone, both included.
    #[must_use]
    pub fn of_days(mut self, from: Option<NaiveDate>, to: Option<NaiveDate>, zone: Tz) -> Self {
        self.since = from.map(|day| begins(day, zone));
        self.before = to.and_then(|day| day.succ_opt()).map(|day| begins(day, zone));
        self
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an entry is wanted.
    #[must_use]
    pub fn takes(&self, entry: &Entry) -> bool {
        self.span().takes(entry.key.created_at, entry.state)
            && self.finished.is_none_or(|finished| entry.is_finished == finished)
    }

    /// The state and the time that are wanted.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { state: self.state, since: self.since, before: self.before }
    }
}

/// When a day begins in a zone: where a clock change skips midnight, after the gap.
fn begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarters = (0..96).map(|quarter| midnight + TimeDelta::minutes(quarter * 15));
    let valid = quarters.filter_map(|local| zone.from_local_datetime(&local).earliest()).next();
    valid.map_or(midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id of the tool's record.
    pub record: Uuid,
    /// The place in the list; it never changes.
    pub key: ListKey,
    /// First and last name; polling places have none.
    pub name: PersonName,
    /// E-mail address.
    pub email: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// The state.
    pub state: Option<State>,
    /// The address as the voter typed it, of a question for a polling place.
    pub place: Option<String>,
    /// What the voter roll said, of a question to it.
    pub voter_status: Option<VoterStatus>,
    /// Whether the voter is done.
    pub is_finished: bool,
}

/// How many records are looked at in the longest step of a page.
const LONGEST_STEP: u32 = 1_600;
/// How many steps one page takes at the most: what is very rare is found on a later page, and no page takes long.
const STEPS: usize = 4;

/// A page of a list, newest first.
///
/// A page may hold fewer entries than fit although more follow: where only few of very many are wanted, a page does not
/// look at all of them.
///
/// # Errors
/// When the store fails.
pub async fn page(
    app: &App,
    list: Listing,
    filter: &Filter,
    query: &SearchQuery,
    page: PageRequest<ListKey>,
) -> Result<Page<Entry, ListKey>, StoreError> {
    let mut view = app.store.view().await?;
    let (mut rows, mut after) = (Vec::new(), page.after);
    let mut step = page.limit;
    let limit = page.limit as usize;
    for _ in 0..STEPS {
        let asked = PageRequest { after, limit: step };
        let found = if query.words().is_empty() {
            view.listings().look(list, filter, asked).await?
        } else {
            search(view.as_mut(), list, filter, query, asked).await?
        };
        after = found.next;
        rows.extend(found.rows);
        if rows.len() > limit {
            rows.truncate(limit);
            let next = rows.last().map(|entry: &Entry| entry.key);
            return Ok(Page { rows, next });
        }
        if after.is_none() || rows.len() == limit {
            break;
        }
        step = (step * 4).min(LONGEST_STEP);
    }
    Ok(Page { rows, next: after })
}

/// How many entries there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// So many.
    Exactly(u64),
    /// More than that; the rest was not counted.
    MoreThan(u64),
}

/// Up to how many entries are counted for a page.
const MOST: u32 = 1_000;

/// How many entries are wanted. Nothing where counting would be looking at each: of those who are done, or are not, and of
/// words together with a filter.
///
/// # Errors
/// When the store fails.
pub async fn count(
    app: &App,
    list: Listing,
    filter: &Filter,
    query: &SearchQuery,
) -> Result<Option<Counted>, StoreError> {
    let mut view = app.store.view().await?;
    if query.words().is_empty() {
        if filter.finished.is_some() {
            return Ok(None);
        }
        let most = u64::from(MOST);
        let count = view.listings().count(list, &filter.span(), most + 1).await?;
        return Ok(Some(if count > most { Counted::MoreThan(most) } else { Counted::Exactly(count) }));
    }
    if !filter.is_everything() {
        return Ok(None);
    }
    let voters = VoterList { subscriber: list.subscriber, tool: list.tool };
    let found = view.search().find(voters, query, PageRequest { after: None, limit: MOST }).await?;
    let count = found.rows.len() as u64;
    Ok(Some(if found.next.is_some() { Counted::MoreThan(count) } else { Counted::Exactly(count) }))
}

/// Who is found by the words, and wanted.
async fn search(
    view: &mut dyn View,
    list: Listing,
    filter: &Filter,
    query: &SearchQuery,
    page: PageRequest<ListKey>,
) -> Result<Page<Entry, ListKey>, StoreError> {
    let voters = VoterList { subscriber: list.subscriber, tool: list.tool };
    let found = view.search().find(voters, query, page).await?;
    let mut rows = view.listings().at(list, &found.rows).await?;
    rows.retain(|entry| filter.takes(entry));
    Ok(Page { rows, next: found.next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_reader_even_when_the_clock_changes() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let filter = Filter::default().of_days(day("2026-11-01"), day("2026-11-01"), Tz::US__Eastern);
        // 25 hours: from four to five in UTC
        assert_eq!(filter.since, "2026-11-01T04:00:00Z".parse().ok());
        assert_eq!(filter.before, "2026-11-02T05:00:00Z".parse().ok());
        assert!(Filter::default().of_days(None, None, Tz::UTC).is_everything());
    }
}
