//! Exports, their rows, and how often tools are used.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::rooms::{Rooms, insert, row};
use crate::{
    address::Address,
    ids::{ActionId, ReportId, SubscriberId},
    listing::Tool,
    page::{Page, PageRequest},
    person::{PersonName, Phone},
    ports::store::{ReadReports, Reports, StoreError},
    report::{
        Column, Fact, Origin, Report, ReportKey, ReportType, RowKey, Rows, Sheet,
        stats::{DayCount, Totals, Used},
    },
    tracking::Tracking,
};

/// The beginning of all counts.
const BEGINNING: DateTime<Utc> = DateTime::from_timestamp(-2_208_988_800, 0).expect("1900-01-01");

/// The columns of a record by their names, as texts.
type Cells = BTreeMap<String, String>;

/// A record as an export sees it.
struct Told {
    key: RowKey,
    action: Option<ActionId>,
    modified_at: DateTime<Utc>,
    cells: Cells,
    answer: Option<Value>,
}

fn moment(at: DateTime<Utc>) -> String {
    at.trunc_subsecs(6).format("%Y-%m-%d %H:%M:%S%.6f+00:00").to_string()
}

fn flag(is: bool) -> String {
    if is { "True" } else { "False" }.into()
}

fn put(cells: &mut Cells, name: &str, value: Option<impl Into<String>>) {
    if let Some(value) = value {
        cells.insert(name.to_owned(), value.into());
    }
}

fn put_name(cells: &mut Cells, prefix: &str, name: &PersonName) {
    put(cells, &format!("{prefix}title"), name.title.map(|it| it.wire()));
    put(cells, &format!("{prefix}first_name"), name.first.clone());
    put(cells, &format!("{prefix}middle_name"), name.middle.clone());
    put(cells, &format!("{prefix}last_name"), name.last.clone());
    put(cells, &format!("{prefix}suffix"), name.suffix.clone());
}

fn put_address(cells: &mut Cells, prefix: &str, address: &Address) {
    put(cells, &format!("{prefix}address1"), address.address1.clone());
    put(cells, &format!("{prefix}address2"), address.address2.clone());
    put(cells, &format!("{prefix}city"), address.city.clone());
    put(cells, &format!("{prefix}state_id"), address.state.map(|it| it.code()));
    put(cells, &format!("{prefix}zipcode"), address.zipcode.clone());
}

fn put_tracking(cells: &mut Cells, it: &Tracking) {
    put(cells, "source", it.source.clone());
    put(cells, "utm_source", it.utm_source.clone());
    put(cells, "utm_medium", it.utm_medium.clone());
    put(cells, "utm_campaign", it.utm_campaign.clone());
    put(cells, "utm_content", it.utm_content.clone());
    put(cells, "utm_term", it.utm_term.clone());
    put(cells, "embed_url", it.embed_url.clone());
    put(cells, "session_id", it.session_id.map(|id| id.to_string()));
}

/// What voters say of themselves to every tool that asks.
fn put_person(
    cells: &mut Cells,
    (born, email, phone): (Option<NaiveDate>, &Option<String>, &Option<Phone>),
    (texts, subscriber_texts): (Option<bool>, Option<bool>),
) {
    put(cells, "date_of_birth", born.map(|day| day.to_string()));
    put(cells, "email", email.clone());
    put(cells, "phone", phone.as_ref().map(|phone| phone.e164()));
    put(cells, "sms_opt_in", texts.map(flag));
    put(cells, "sms_opt_in_partner", subscriber_texts.map(flag));
}

impl Told {
    fn new(
        record: Uuid,
        action: Option<ActionId>,
        created_at: DateTime<Utc>,
        modified_at: DateTime<Utc>,
    ) -> Self {
        let mut cells = Cells::new();
        put(&mut cells, "uuid", Some(record.to_string()));
        put(&mut cells, "created_at", Some(moment(created_at)));
        put(&mut cells, "modified_at", Some(moment(modified_at)));
        Self { key: RowKey { created_at, record }, action, modified_at, cells, answer: None }
    }
}

impl Rooms {
    /// The records of a subscriber of one kind, visible or not.
    fn told(&self, kind: ReportType, subscriber: SubscriberId) -> Vec<Told> {
        let of = Some(subscriber);
        match kind {
            ReportType::Register => {
                let all = self.registrations.values().filter(|it| it.subscriber == of);
                let told = all.map(|it| {
                    let mut told = Told::new(it.id.0, it.action, it.created_at, it.modified_at);
                    let cells = &mut told.cells;
                    put_name(cells, "", &it.name);
                    put_name(cells, "previous_", &it.previous_name);
                    put_address(cells, "", &it.address);
                    put_address(cells, "previous_", &it.previous_address);
                    put_address(cells, "mailing_", &it.mailing_address);
                    let texts = (it.sms_opt_in, it.sms_opt_in_subscriber);
                    put_person(cells, (it.date_of_birth, &it.email, &it.phone), texts);
                    put(cells, "gender", it.gender.map(|it| it.wire()));
                    put(cells, "race_ethnicity", it.race_ethnicity.map(|it| it.wire()));
                    put(cells, "us_citizen", it.us_citizen.map(flag));
                    put(cells, "party", it.party.map(|it| it.wire()));
                    put(cells, "referring_tool", it.referring_tool.map(|it| it.wire()));
                    put_tracking(cells, &it.tracking);
                    told
                });
                told.collect()
            }
            ReportType::Absentee => {
                let all = self.ballot_requests.values().filter(|it| it.subscriber == of);
                let told = all.map(|it| {
                    let mut told = Told::new(it.id.0, it.action, it.created_at, it.modified_at);
                    let cells = &mut told.cells;
                    put_name(cells, "", &it.name);
                    put_address(cells, "", &it.address);
                    put_address(cells, "mailing_", &it.mailing_address);
                    let texts = (it.sms_opt_in, it.sms_opt_in_subscriber);
                    put_person(cells, (it.date_of_birth, &it.email, &it.phone), texts);
                    put(cells, "referring_tool", it.referring_tool.map(|it| it.wire()));
                    put_tracking(cells, &it.tracking);
                    told
                });
                told.collect()
            }
            ReportType::Verify => {
                let all = self.lookups.values().filter(|it| it.subscriber == of);
                let told = all.map(|it| {
                    let mut told = Told::new(it.id.0, it.action, it.created_at, it.modified_at);
                    let (cells, voter) = (&mut told.cells, &it.voter);
                    put_name(cells, "", &voter.name);
                    put_address(cells, "", &voter.address);
                    let texts = (voter.sms_opt_in, voter.sms_opt_in_subscriber);
                    put_person(cells, (voter.date_of_birth, &voter.email, &voter.phone), texts);
                    put(cells, "registered", it.registered.map(flag));
                    put_tracking(cells, &voter.tracking);
                    told
                });
                told.collect()
            }
            ReportType::Locator => {
                let all = self.polling_places.values().filter(|it| it.subscriber == of);
                let told = all.map(|it| {
                    let mut told = Told::new(it.id.0, it.action, it.created_at, it.modified_at);
                    put(&mut told.cells, "unstructured_address", it.unstructured_address.clone());
                    put_tracking(&mut told.cells, &it.tracking);
                    told.answer = it.source_result.clone();
                    told
                });
                told.collect()
            }
        }
    }

    /// The cell of a column.
    fn cell(&self, column: &Column, subscriber: SubscriberId, told: &Told) -> Option<String> {
        let outcome = told.action.map(|action| self.outcome(action));
        match column.origin {
            Origin::Record(name) => told.cells.get(name).cloned(),
            Origin::SubscriberName => self.subscribers.get(&subscriber).map(|it| it.name.clone()),
            Origin::Outcome(fact) => {
                let outcome = outcome?;
                match fact {
                    Fact::Finished => Some(flag(outcome.is_finished)),
                    Fact::SelfPrint => Some(flag(outcome.is_self_print)),
                    Fact::External => Some(flag(outcome.is_external)),
                    Fact::SentToOffice => Some(flag(outcome.is_sent_to_office)),
                    Fact::LetterConfirmed => Some(flag(outcome.is_letter_confirmed)),
                    Fact::Downloads => outcome.downloads.map(|count| count.to_string()),
                }
            }
            Origin::Touched => {
                let latest = outcome.and_then(|it| it.latest);
                Some(moment(latest.map_or(told.modified_at, |latest| latest.max(told.modified_at))))
            }
            Origin::Visible => {
                let action = self.actions.get(&told.action?)?;
                Some(flag(action.visible_to_subscriber))
            }
            Origin::Answer(path, _) => {
                let answer = told.answer.as_ref()?;
                let found = path.iter().try_fold(answer, |it, name| it.get(*name))?;
                match found {
                    Value::Null => None,
                    Value::String(text) => Some(text.clone()),
                    other => Some(other.to_string()),
                }
            }
        }
    }
}

#[async_trait]
impl ReadReports for Rooms {
    async fn by_id(&mut self, id: ReportId) -> Result<Option<Report>, StoreError> {
        Ok(self.reports.get(&id).cloned())
    }

    async fn page(
        &mut self,
        subscriber: Option<SubscriberId>,
        page: PageRequest<ReportKey>,
    ) -> Result<Page<Report, ReportKey>, StoreError> {
        let mut rows: Vec<Report> = self.reports.values().cloned().collect();
        rows.retain(|it| {
            subscriber.is_none_or(|id| it.subscriber == id) && page.after.is_none_or(|after| it.key() < after)
        });
        rows.sort_unstable_by_key(|it| std::cmp::Reverse(it.key()));
        Ok(Page::cut(rows, page.limit, Report::key))
    }

    async fn rows(
        &mut self,
        kind: ReportType,
        subscriber: SubscriberId,
        before: DateTime<Utc>,
        page: PageRequest<RowKey>,
    ) -> Result<Rows, StoreError> {
        let columns: Vec<&Column> = Sheet::of(kind).exported().collect();
        let mut told = self.told(kind, subscriber);
        told.retain(|it| {
            let action = it.action.and_then(|action| self.actions.get(&action));
            action.is_some_and(|action| action.visible_to_subscriber)
                && it.key.created_at < before
                && page.after.is_none_or(|after| it.key > after)
        });
        told.sort_unstable_by_key(|it| it.key);
        let told = Page::cut(told, page.limit, |it| it.key);
        let mut rows = Rows::new(columns.len());
        for record in &told.rows {
            for column in &columns {
                rows.push(self.cell(column, subscriber, record).as_deref());
            }
        }
        rows.next = told.next;
        Ok(rows)
    }

    async fn totals(&mut self, subscriber: SubscriberId) -> Result<Totals, StoreError> {
        let of = self.totals.iter().filter(|((of, _), _)| *of == subscriber);
        let by_tool = of.map(|((_, tool), count)| (*tool, *count)).collect();
        Ok(Totals { by_tool, counted_to: self.counted_to })
    }

    async fn days(
        &mut self,
        subscriber: SubscriberId,
        since: NaiveDate,
    ) -> Result<Vec<DayCount>, StoreError> {
        let of = self.days.iter().filter(|((of, day, _), _)| *of == subscriber && *day >= since);
        Ok(of.map(|((_, day, tool), count)| DayCount { day: *day, tool: *tool, count: *count }).collect())
    }
}

#[async_trait]
impl Reports for Rooms {
    async fn insert(&mut self, report: &Report) -> Result<(), StoreError> {
        insert(&mut self.reports, report.id, report, "report")
    }

    async fn lock(&mut self, id: ReportId) -> Result<Option<Report>, StoreError> {
        Ok(self.reports.get(&id).cloned())
    }

    async fn update(&mut self, report: &Report) -> Result<(), StoreError> {
        let row = row(&mut self.reports, &report.id, "report")?;
        *row = Report {
            kind: row.kind,
            subscriber: row.subscriber,
            since: row.since,
            before: row.before,
            created_at: row.created_at,
            ..report.clone()
        };
        Ok(())
    }

    async fn lock_counted_to(&mut self) -> Result<DateTime<Utc>, StoreError> {
        Ok(self.counted_to.unwrap_or(BEGINNING))
    }

    async fn used(
        &mut self,
        tool: Tool,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Used>, StoreError> {
        let made: Vec<(Option<SubscriberId>, DateTime<Utc>)> = match tool {
            Tool::Register => self.registrations.values().map(|it| (it.subscriber, it.created_at)).collect(),
            Tool::Absentee => {
                self.ballot_requests.values().map(|it| (it.subscriber, it.created_at)).collect()
            }
            Tool::Verify => self.lookups.values().map(|it| (it.subscriber, it.created_at)).collect(),
            Tool::Remind => self.reminders.values().map(|it| (it.subscriber, it.created_at)).collect(),
            Tool::Locate => self.polling_places.values().map(|it| (it.subscriber, it.created_at)).collect(),
        };
        let mut counts = BTreeMap::<(SubscriberId, NaiveDate), u64>::new();
        for (subscriber, created_at) in made {
            if let Some(subscriber) = subscriber.filter(|_| created_at > after && created_at <= until) {
                *counts.entry((subscriber, created_at.date_naive())).or_default() += 1;
            }
        }
        let used = counts.into_iter().map(|((subscriber, day), count)| Used {
            id: Uuid::nil(),
            subscriber,
            of_day: DayCount { day, tool, count },
        });
        Ok(used.collect())
    }

    async fn add_used(&mut self, used: &[Used]) -> Result<(), StoreError> {
        for Used { subscriber, of_day: DayCount { day, tool, count }, .. } in used {
            *Arc::make_mut(&mut self.totals).entry((*subscriber, *tool)).or_default() += count;
            *Arc::make_mut(&mut self.days).entry((*subscriber, *day, *tool)).or_default() += count;
        }
        Ok(())
    }

    async fn put_counted_to(&mut self, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.counted_to = Some(until);
        Ok(())
    }

    async fn forget_counts(&mut self) -> Result<(), StoreError> {
        (self.totals, self.days, self.counted_to) = (Arc::default(), Arc::default(), None);
        Ok(())
    }
}
