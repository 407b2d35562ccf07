//! What a fresh installation starts with: states, field types, what the facts know, and two subscribers.
//!
//! It fills gaps and never overwrites: what an administrator changed stays as it is.

use std::collections::{BTreeSet, HashSet};

use chrono::TimeDelta;

use crate::{
    address::State,
    app::App,
    election::{Basis, FieldFormat, FieldType, MailDeadline, StateFacts, StateInformation, StateProfile},
    ids::{FieldTypeId, InformationId, SlugId, SubscriberId},
    ports::store::{StoreError, Unit, View},
    subscriber::{Slug, SmsMode, Subscriber},
};

use FieldFormat::{Boolean, Markdown, Url};

/// The field types that the program reads: slug, name for people, format (`domain.md` 8.2, 2026-11).
const FIELD_TYPES: &[(&str, &str, FieldFormat)] = &[
    ("external_tool_absentee_ballot_tracker", "State absentee ballot tracker tool", Url),
    ("external_tool_ovr", "State online voter registration tool", Url),
    ("external_tool_polling_place", "State polling place lookup tool", Url),
    ("external_tool_vbm_application", "State VBM request tool", Url),
    ("external_tool_verify_status", "State tool for checking registration status", Url),
    ("id_requirements_ovr", "ID requirements online registration", Markdown),
    ("id_requirements_vbm", "ID requirements for VBM", Markdown),
    ("registration_deadline_mail", "Voter registration deadline (by-mail)", Markdown),
    ("registration_directions", "Voter registration directions", Markdown),
    ("registration_nvrf_box_6", "National Voter Registration Form Box 6 - ID number", Markdown),
    ("registration_nvrf_box_7", "National Voter Registration Form Box 7 - Choice of Party", Markdown),
    ("registration_nvrf_box_8", "National Voter Registration Form Box 8 - Race or ethnic group", Markdown),
    (
        "registration_nvrf_submission_address",
        "NVRF submission address. This is also the address of the state-wide election office.",
        Markdown,
    ),
    ("registration_ovr_directions", "Online voter registration directions", Markdown),
    ("registration_rules", "Voter registration rules", Markdown),
    ("vbm_app_submission_email", "VBM - can you submit your app via email?", Boolean),
    ("vbm_app_submission_fax", "VBM - can you submit your app via fax?", Boolean),
    ("vbm_deadline_mail", "VBM signup deadline (by-mail)", Markdown),
    ("vbm_first_day_to_apply", "VBM earliest day to apply", Markdown),
    ("vbm_state_provides_dropboxes", "VBM State Provides Ballot Dropboxes", Boolean),
    ("vbm_universal", "Every voter gets a ballot by mail", Boolean),
    ("vbm_warnings", "VBM warnings", Markdown),
    ("warnings_registration", "Voter registration warnings", Markdown),
];

/// The slug of the subscriber that calls without a slug belong to.
const DEFAULT_SLUG: &str = "default";
/// The slug of the organization's own tools, embedded in other sites.
const PUBLIC_SLUG: &str = "public";

/// The slugs of the subscribers that a fresh installation has.
pub(crate) const SLUGS: [&str; 2] = [DEFAULT_SLUG, PUBLIC_SLUG];

/// How many rows a seeding added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    /// States and territories.
    pub states: usize,
    /// Field types.
    pub field_types: usize,
    /// Facts about states, empty ones included.
    pub information: usize,
    /// Subscribers.
    pub subscribers: usize,
}

/// Adds what is missing of the rows of `domain.md` 8.1, and the facts of [`StateFacts`], in one unit. Where nothing is
/// missing it reads a few small tables and writes nothing.
///
/// # Errors
/// When the store fails.
pub async fn seed(app: &App) -> Result<Seeded, StoreError> {
    let mut view = app.store.view().await?;
    let complete = is_complete(view.as_mut()).await?;
    drop(view);
    if complete {
        return Ok(Seeded::default());
    }
    match fill(app).await {
        // another process seeded at the same moment; what it left out is still to be added
        Err(StoreError::Conflict { .. }) => fill(app).await,
        other => other,
    }
}

/// Whether every row is there but perhaps for single facts, which are written together with their state and type.
async fn is_complete(view: &mut dyn View) -> Result<bool, StoreError> {
    for slug in [DEFAULT_SLUG, PUBLIC_SLUG] {
        if view.subscribers().by_slug(slug).await?.is_none() {
            return Ok(false);
        }
    }
    let states = view.elections().states().await?;
    let known: HashSet<String> =
        view.elections().field_types().await?.into_iter().map(|it| it.slug).collect();
    Ok(State::ALL.iter().all(|state| states.iter().any(|it| it.code == *state))
        && FIELD_TYPES.iter().all(|(slug, ..)| known.contains(*slug)))
}

async fn fill(app: &App) -> Result<Seeded, StoreError> {
    let mut unit = app.store.begin().await?;
    let seeded = Seeded {
        subscribers: subscribers(app, unit.as_mut()).await?,
        states: states(app, unit.as_mut()).await?,
        field_types: field_types(app, unit.as_mut()).await?,
        information: information(app, unit.as_mut()).await?,
    };
    unit.commit().await?;
    Ok(seeded)
}

async fn subscribers(app: &App, unit: &mut dyn Unit) -> Result<usize, StoreError> {
    let now = app.now();
    let new = |name: &str, url| Subscriber {
        email: Some("hello@voteamerica.com".into()),
        ..Subscriber::new(SubscriberId(app.ids.uuid()), name.into(), url, now)
    };
    let mut default = Subscriber {
        has_api_access: true,
        // the default subscriber is the one that was made first
        created_at: now - TimeDelta::milliseconds(1),
        ..new("Default", "https://localhost:9001/".into())
    };
    default.set_sms_mode(SmsMode::BoxUnchecked);
    let www = format!("{}/", app.settings.origins.www);
    let public = Subscriber { is_first_party: true, ..new("Public Tool Embeds", www) };
    let mut added = 0;
    for (slug, mut subscriber) in [(DEFAULT_SLUG, default), (PUBLIC_SLUG, public)] {
        if unit.subscribers().by_slug(slug).await?.is_some() {
            continue;
        }
        let slug = Slug {
            id: SlugId(app.ids.uuid()),
            subscriber: subscriber.id,
            slug: slug.into(),
            created_at: subscriber.created_at,
        };
        subscriber.default_slug = Some(slug.id);
        unit.subscribers_mut().insert(&subscriber).await?;
        unit.subscribers_mut().insert_slug(&slug).await?;
        added += 1;
    }
    Ok(added)
}

async fn states(app: &App, unit: &mut dyn Unit) -> Result<usize, StoreError> {
    let now = app.now();
    let known: BTreeSet<State> = unit.elections().states().await?.into_iter().map(|it| it.code).collect();
    let mut added = 0;
    for state in State::ALL.iter().filter(|it| !known.contains(*it)) {
        let profile = StateProfile {
            code: *state,
            name: state.name().into(),
            allow_print_and_forward: Some(false),
            allow_absentee_print_and_forward: Some(false),
            created_at: now,
            modified_at: now,
        };
        unit.elections_mut().put_state(&profile).await?;
        added += 1;
    }
    Ok(added)
}

async fn field_types(app: &App, unit: &mut dyn Unit) -> Result<usize, StoreError> {
    let now = app.now();
    let mut added = 0;
    for (slug, long_name, format) in FIELD_TYPES {
        if unit.elections().field_type(slug).await?.is_some() {
            continue;
        }
        let field_type = FieldType {
            id: FieldTypeId(app.ids.uuid()),
            slug: (*slug).into(),
            long_name: (*long_name).into(),
            help_text: None,
            format: Some(*format),
            created_at: now,
            modified_at: now,
        };
        unit.elections_mut().insert_field_type(&field_type).await?;
        added += 1;
    }
    Ok(added)
}

/// A row for each state, territories aside, and field type, own ones of the installation included (invariant 5).
async fn information(app: &App, unit: &mut dyn Unit) -> Result<usize, StoreError> {
    let now = app.now();
    let known: HashSet<(State, FieldTypeId)> =
        unit.elections().information().await?.into_iter().map(|it| (it.state, it.field_type)).collect();
    let mut added = 0;
    for field_type in unit.elections().field_types().await? {
        for state in State::ALL.iter().copied().filter(|it| !it.is_territory()) {
            if known.contains(&(state, field_type.id)) {
                continue;
            }
            let text = text_of(state, &field_type.slug).unwrap_or_default();
            let information = StateInformation {
                id: InformationId(app.ids.uuid()),
                state,
                field_type: field_type.id,
                notes: if text.is_empty() { String::new() } else { notes(state, &field_type.slug) },
                source: String::new(),
                checked_on: None,
                text,
                created_at: now,
                modified_at: now,
            };
            unit.elections_mut().insert_information(&information).await?;
            added += 1;
        }
    }
    Ok(added)
}

const ADDRESS: &str = "registration_nvrf_submission_address";

/// What the facts know about a state under a slug.
fn text_of(state: State, slug: &str) -> Option<String> {
    let facts = StateFacts::of(state);
    match slug {
        "external_tool_ovr" => facts.online_registration_url.clone(),
        "external_tool_verify_status" => facts.status_url.clone(),
        "registration_deadline_mail" => facts.mail_deadline.map(deadline_text),
        ADDRESS if !facts.mailing_address.is_empty() => Some(facts.mailing_address.join("\n")),
        _ => None,
    }
}

fn notes(state: State, slug: &str) -> String {
    let mut notes = format!("Source: {}, as of {}.", StateFacts::source(), StateFacts::as_of());
    if slug == ADDRESS {
        for advice in &StateFacts::of(state).mailing_advice {
            notes.push('\n');
            notes.push_str(advice);
        }
    }
    notes
}

/// The deadline in the contract's form: the first word says how it is met.
fn deadline_text(deadline: MailDeadline) -> String {
    let basis = match deadline.basis {
        Basis::Postmarked => "Postmarked",
        Basis::Received => "Received",
    };
    let days = if deadline.days_before == 1 { "day" } else { "days" };
    format!("{basis} {} {days} before Election Day.", deadline.days_before)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    };

    use async_trait::async_trait;
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::{
        page::{Page, PageRequest},
        ports::{
            clock::Clock,
            ids::IdSource,
            store::{
                Actions, Elections, Files, Jobs, Officials, ReadActions, ReadElections, ReadFiles, ReadJobs,
                ReadOfficials, ReadRegistrations, ReadSubscribers, Registrations, Store, Subscribers,
            },
        },
    };

    const OTHER: &str = "the seed touches states and subscribers only";

    /// The two rooms that are seeded, and how many units were begun.
    #[derive(Default, Clone)]
    struct Rooms {
        rows: Arc<Mutex<Rows>>,
        units: Arc<AtomicUsize>,
        /// Whether the next unit finds, too late, that another process was first.
        is_overtaken: Arc<Mutex<bool>>,
    }

    #[derive(Default, Clone)]
    struct Rows {
        states: Vec<StateProfile>,
        types: Vec<FieldType>,
        information: Vec<StateInformation>,
        subscribers: Vec<Subscriber>,
        slugs: Vec<Slug>,
    }

    struct Work {
        rows: Rows,
        rooms: Rooms,
    }

    #[async_trait]
    impl Store for Rooms {
        async fn view(&self) -> Result<Box<dyn View>, StoreError> {
            Ok(Box::new(Work { rows: self.rows.lock().unwrap().clone(), rooms: self.clone() }))
        }

        async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
            self.units.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(Work { rows: self.rows.lock().unwrap().clone(), rooms: self.clone() }))
        }

        async fn complaints(&self) -> Vec<String> {
            Vec::new()
        }
    }

    impl View for Work {
        fn actions(&mut self) -> &mut dyn ReadActions {
            unreachable!("{OTHER}")
        }
        fn registrations(&mut self) -> &mut dyn ReadRegistrations {
            unreachable!("{OTHER}")
        }
        fn subscribers(&mut self) -> &mut dyn ReadSubscribers {
            &mut self.rows
        }
        fn elections(&mut self) -> &mut dyn ReadElections {
            &mut self.rows
        }
        fn officials(&mut self) -> &mut dyn ReadOfficials {
            unreachable!("{OTHER}")
        }
        fn files(&mut self) -> &mut dyn ReadFiles {
            unreachable!("{OTHER}")
        }
        fn jobs(&mut self) -> &mut dyn ReadJobs {
            unreachable!("{OTHER}")
        }
    }

    #[async_trait]
    impl Unit for Work {
        fn actions_mut(&mut self) -> &mut dyn Actions {
            unreachable!("{OTHER}")
        }
        fn registrations_mut(&mut self) -> &mut dyn Registrations {
            unreachable!("{OTHER}")
        }
        fn subscribers_mut(&mut self) -> &mut dyn Subscribers {
            &mut self.rows
        }
        fn elections_mut(&mut self) -> &mut dyn Elections {
            &mut self.rows
        }
        fn officials_mut(&mut self) -> &mut dyn Officials {
            unreachable!("{OTHER}")
        }
        fn files_mut(&mut self) -> &mut dyn Files {
            unreachable!("{OTHER}")
        }
        fn jobs_mut(&mut self) -> &mut dyn Jobs {
            unreachable!("{OTHER}")
        }
        async fn commit(self: Box<Self>) -> Result<(), StoreError> {
            if std::mem::take(&mut *self.rooms.is_overtaken.lock().unwrap()) {
                return Err(StoreError::Conflict { entity: "state" });
            }
            *self.rooms.rows.lock().unwrap() = self.rows;
            Ok(())
        }
    }

    impl Rows {
        fn typed(&self, slug: &str) -> Option<FieldTypeId> {
            self.types.iter().find(|it| it.slug == slug).map(|it| it.id)
        }

        fn fact(&self, state: State, slug: &str) -> &StateInformation {
            let id = self.typed(slug).unwrap();
            self.information.iter().find(|it| it.state == state && it.field_type == id).unwrap()
        }
    }

    #[async_trait]
    impl ReadElections for Rows {
        async fn states(&mut self) -> Result<Vec<StateProfile>, StoreError> {
            Ok(self.states.clone())
        }
        async fn state(&mut self, state: State) -> Result<Option<StateProfile>, StoreError> {
            Ok(self.states.iter().find(|it| it.code == state).cloned())
        }
        async fn field_types(&mut self) -> Result<Vec<FieldType>, StoreError> {
            Ok(self.types.clone())
        }
        async fn field_type(&mut self, slug: &str) -> Result<Option<FieldType>, StoreError> {
            Ok(self.types.iter().find(|it| it.slug == slug).cloned())
        }
        async fn information(&mut self) -> Result<Vec<StateInformation>, StoreError> {
            Ok(self.information.clone())
        }
        async fn information_of_state(&mut self, _: State) -> Result<Vec<StateInformation>, StoreError> {
            unreachable!("{OTHER}")
        }
        async fn information_of_field(&mut self, _: &str) -> Result<Vec<StateInformation>, StoreError> {
            unreachable!("{OTHER}")
        }
        async fn text(&mut self, _: State, _: &str) -> Result<Option<String>, StoreError> {
            unreachable!("{OTHER}")
        }
    }

    #[async_trait]
    impl Elections for Rows {
        async fn put_state(&mut self, profile: &StateProfile) -> Result<(), StoreError> {
            self.states.retain(|it| it.code != profile.code);
            self.states.push(profile.clone());
            Ok(())
        }
        async fn insert_field_type(&mut self, it: &FieldType) -> Result<(), StoreError> {
            assert!(self.typed(&it.slug).is_none(), "{} twice", it.slug);
            self.types.push(it.clone());
            Ok(())
        }
        async fn insert_information(&mut self, it: &StateInformation) -> Result<(), StoreError> {
            let same =
                |other: &&StateInformation| (other.state, other.field_type) == (it.state, it.field_type);
            assert!(self.information.iter().find(same).is_none(), "{} twice", it.state);
            self.information.push(it.clone());
            Ok(())
        }
        async fn update_field_type(&mut self, _: &FieldType) -> Result<(), StoreError> {
            unreachable!("the seed overwrites nothing")
        }
        async fn update_information(&mut self, _: &StateInformation) -> Result<(), StoreError> {
            unreachable!("the seed overwrites nothing")
        }
    }

    #[async_trait]
    impl ReadSubscribers for Rows {
        async fn by_id(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
            Ok(self.subscribers.iter().find(|it| it.id == id).cloned())
        }
        async fn by_slug(&mut self, slug: &str) -> Result<Option<Subscriber>, StoreError> {
            let id = self.slugs.iter().find(|it| it.slug == slug).map(|it| it.subscriber);
            Ok(self.subscribers.iter().find(|it| Some(it.id) == id).cloned())
        }
        async fn default(&mut self) -> Result<Option<Subscriber>, StoreError> {
            Ok(self.subscribers.iter().min_by_key(|it| (it.created_at, it.id)).cloned())
        }
        async fn slug(&mut self, id: SlugId) -> Result<Option<Slug>, StoreError> {
            Ok(self.slugs.iter().find(|it| it.id == id).cloned())
        }
        async fn newest(
            &mut self,
            _: &PageRequest<(DateTime<Utc>, SubscriberId)>,
        ) -> Result<Page<Subscriber, (DateTime<Utc>, SubscriberId)>, StoreError> {
            unreachable!("the seed lists no subscribers")
        }
    }

    #[async_trait]
    impl Subscribers for Rows {
        async fn insert(&mut self, it: &Subscriber) -> Result<(), StoreError> {
            self.subscribers.push(it.clone());
            Ok(())
        }
        async fn lock(&mut self, _: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
            unreachable!("the seed overwrites nothing")
        }
        async fn update(&mut self, _: &Subscriber) -> Result<(), StoreError> {
            unreachable!("the seed overwrites nothing")
        }
        async fn insert_slug(&mut self, it: &Slug) -> Result<(), StoreError> {
            self.slugs.push(it.clone());
            Ok(())
        }
    }

    struct Noon;
    impl Clock for Noon {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(1_790_000_000, 0).unwrap()
        }
    }

    /// Ids that count down, so that rows of one moment would come in the wrong order.
    #[derive(Default)]
    struct Countdown(AtomicU64);
    impl IdSource for Countdown {
        fn uuid(&self) -> Uuid {
            Uuid::from_u128(u128::MAX - u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
        }
        fn fraction(&self) -> f64 {
            0.5
        }
    }

    fn installation() -> (App, Rooms) {
        let rooms = Rooms::default();
        (App::builder(rooms.clone(), Noon, Countdown::default(), b"0123456789abcdef").build(), rooms)
    }

    #[tokio::test]
    async fn a_fresh_installation_gets_states_types_facts_and_two_subscribers() {
        let (app, rooms) = installation();
        let seeded = seed(&app).await.unwrap();
        assert_eq!(seeded, Seeded { states: 56, field_types: 23, information: 51 * 23, subscribers: 2 });
        let mut rows = rooms.rows.lock().unwrap().clone();
        assert!(rows.information.iter().all(|it| !it.state.is_territory()));
        assert!(rows.information.iter().all(|it| it.text.is_empty() == it.notes.is_empty()));
        let default = ReadSubscribers::default(&mut rows).await.unwrap().unwrap();
        assert_eq!((default.name.as_str(), default.url.as_str()), ("Default", "https://localhost:9001/"));
        assert!(default.has_api_access && !default.is_first_party);
        assert_eq!(rows.slug(default.default_slug.unwrap()).await.unwrap().unwrap().slug, "default");
        let public = rows.by_slug("public").await.unwrap().unwrap();
        assert!(public.is_first_party && !public.has_api_access && public.sms_enabled == Some(false));
    }

    #[tokio::test]
    async fn facts_are_served_in_the_words_of_the_contract() {
        let (app, rooms) = installation();
        seed(&app).await.unwrap();
        let rows = rooms.rows.lock().unwrap();
        let text = |state, slug: &str| rows.fact(state, slug).text.as_str();
        assert_eq!(text(State::Al, "registration_deadline_mail"), "Postmarked 15 days before Election Day.");
        assert_eq!(text(State::Wy, "registration_deadline_mail"), "Received 15 days before Election Day.");
        for placeholder in [State::Nh, State::Vt, State::Nd] {
            assert_eq!(text(placeholder, "registration_deadline_mail"), "", "{placeholder}");
        }
        assert_eq!(
            text(State::Mi, "registration_nvrf_submission_address"),
            "Michigan Department of State\nBureau of Elections\nP.O. Box 20126\nLansing, MI 48901-0726"
        );
        let michigan = rows.fact(State::Mi, "registration_nvrf_submission_address");
        assert!(
            michigan.notes.starts_with("Source: vote.gov, as of 2025-01.\nMail or deliver this completed")
        );
        assert_eq!(text(State::Nh, "registration_nvrf_submission_address"), "");
        assert_eq!(text(State::Nd, "external_tool_ovr"), "");
        assert_eq!(text(State::Ca, "external_tool_ovr"), "https://registertovote.ca.gov/");
        assert_eq!(text(State::Ca, "external_tool_verify_status"), "https://voterstatus.sos.ca.gov/");
        assert_eq!(text(State::Ca, "registration_rules"), "");
    }

    #[tokio::test]
    async fn seeding_again_begins_no_unit() {
        let (app, rooms) = installation();
        seed(&app).await.unwrap();
        assert_eq!(seed(&app).await.unwrap(), Seeded::default());
        assert_eq!(rooms.units.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_somebody_changed_stays_and_gaps_are_filled() {
        let (app, rooms) = installation();
        seed(&app).await.unwrap();
        let own = {
            let mut rows = rooms.rows.lock().unwrap();
            let ours = rows.typed("registration_deadline_mail").unwrap();
            let fact = rows.information.iter_mut().find(|it| it.state == State::Al && it.field_type == ours);
            fact.unwrap().text = "Postmarked the day before.".into();
            let rules = rows.typed("registration_rules").unwrap();
            rows.types.retain(|it| it.id != rules);
            rows.information.retain(|it| it.field_type != rules);
            rows.states.iter_mut().find(|it| it.code == State::Al).unwrap().name = "Sweet Home".into();
            rows.states.retain(|it| it.code != State::Gu);
            rows.subscribers[0].name = "Ours".into();
            rows.clone()
        };
        let seeded = seed(&app).await.unwrap();
        assert_eq!(seeded, Seeded { states: 1, field_types: 1, information: 51, subscribers: 0 });
        let rows = rooms.rows.lock().unwrap();
        assert_eq!(rows.fact(State::Al, "registration_deadline_mail").text, "Postmarked the day before.");
        assert_eq!(rows.states.iter().find(|it| it.code == State::Al).unwrap().name, "Sweet Home");
        assert_eq!(rows.subscribers, own.subscribers);
    }

    #[tokio::test]
    async fn who_was_overtaken_by_another_process_looks_again() {
        let (app, rooms) = installation();
        *rooms.is_overtaken.lock().unwrap() = true;
        assert_eq!(seed(&app).await.unwrap().states, 56);
        assert_eq!(rooms.units.load(Ordering::Relaxed), 2);
    }
}
