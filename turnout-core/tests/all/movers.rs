//! People who moved: leads come in, are located, put onto the contact list, mailed blank forms and written to.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    address::{Address, State},
    consent::{self, Choice, Origin, Scope, Statement},
    crash::MOVER_POINTS,
    decision::{Channel, Purpose, Rule},
    error::{ProviderError, ProviderErrorKind},
    file::FileType,
    ids::{MoverLeadId, RegionId},
    jobs::{JobState, schedule, step},
    letter::{LetterReport, take_report},
    mail::HeldMail,
    memory::{MemoryMovers, Trouble, World},
    mover::{LeadDraft, MoverLead, jobs::MailForms, jobs::Pull, pull},
    page::PageRequest,
    ports::{
        crm::CrmAccount,
        files::FileStore as _,
        movers::LookBack,
        regions::{RegionMatch, RegionMatcher},
        store::{Store as _, Unit},
    },
    retention::{Kind, jobs::Expire},
    settings::Settings,
    suppression::{AddressKey, SuppressionReason, SuppressionSource, suppress},
    switch::{self, SwitchName, SwitchValue},
};
use uuid::Uuid;

use crate::voter::{events, jobs, paper, rows, run_due, seeded_with, stored_file, with, with_offices};

/// Knows the regions of streets that are named by a number, and nobody else's.
#[derive(Clone, Default)]
struct Streets {
    asked: Arc<AtomicUsize>,
    failing: Arc<Mutex<Option<ProviderErrorKind>>>,
}

#[async_trait]
impl RegionMatcher for Streets {
    async fn find(&self, address: &Address) -> Result<RegionMatch, ProviderError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if let Some(kind) = *self.failing.lock().unwrap() {
            return Err(ProviderError::new("streets", kind));
        }
        Ok(match address.address1.as_deref() {
            Some("1 First St") => RegionMatch::One(RegionId(1)),
            Some("2 Second St") => RegionMatch::One(RegionId(2)),
            Some("12 Corner") => RegionMatch::Several(vec![RegionId(1), RegionId(2)]),
            _ => RegionMatch::None,
        })
    }
}

struct Town {
    world: World,
    source: MemoryMovers,
    streets: Streets,
}

/// A world with a source of leads, in which everything is done with them but letters to Texas.
async fn town() -> Town {
    let (source, streets) = (MemoryMovers::new(), Streets::default());
    let mut settings = Settings::default();
    settings.mover.source = "acme".into();
    settings.mover.pull_hours = Some(1);
    let world = seeded_with(|app| {
        app.with_settings(settings).with_movers(source.clone()).with_regions(streets.clone())
    })
    .await;
    world.contacts.close(false);
    with_offices(&world).await;
    for name in ["movers", "movers.blank_forms"] {
        turn(&world, name, true).await;
    }
    rows(&world, async |unit| {
        for state in [State::Oh, State::Wi, State::Tx] {
            facts(unit, state).await;
        }
    })
    .await;
    Town { world, source, streets }
}

/// What a state has to say for a cover.
async fn facts(unit: &mut dyn Unit, state: State) {
    for (slug, text) in [
        ("registration_nvrf_box_6", "**ID** number"),
        ("registration_nvrf_box_7", "No party"),
        ("registration_nvrf_box_8", "Leave blank"),
        ("registration_deadline_mail", "Postmarked 30 days before Election Day."),
        ("registration_rules", "* Be a [citizen](https://example.org)"),
        ("registration_nvrf_submission_address", "Secretary of State\nPO Box 1\nColumbus, OH 43216"),
    ] {
        let field = unit.elections().field_type(slug).await.unwrap().unwrap();
        let all = unit.elections().information_of_state(state).await.unwrap();
        let mut fact = all.into_iter().find(|it| it.field_type == field.id).unwrap();
        fact.text = text.into();
        unit.elections_mut().update_information(&fact).await.unwrap();
    }
}

async fn turn(world: &World, name: &str, is_on: bool) {
    switch::set(&world.app, SwitchName::parse(name).unwrap(), Some(&SwitchValue::Flag(is_on))).await.unwrap();
}

/// Somebody who moved from Massachusetts to Ohio.
fn ana() -> Value {
    json!({
        "created_at": "2026-08-31T12:00:00Z", "email": "ana@example.org", "first_name": "Ana",
        "last_name": "Mover", "move_date": "2026-08-01 00:00:00", "new_address1": "1 First St",
        "new_city": "Columbus", "new_state": "OH", "new_zipcode": "43215", "new_housing_tenure": "rent",
        "old_address1": "2 Second St", "old_city": "Worcester", "old_state": "MA", "old_zipcode": "01608",
        "old_housing_tenure": "own",
    })
}

fn drafts(values: &[Value]) -> Vec<LeadDraft> {
    values.iter().map(LeadDraft::from_json).collect()
}

impl Town {
    async fn pull(&self) -> turnout_core::mover::TakenIn {
        pull(&self.world.app, None, false, &mut |_, _| {}).await.unwrap()
    }

    /// Leads come in, and all is done that is due.
    async fn settle(&self, leads: &[Value]) {
        self.source.put(drafts(leads));
        self.pull().await;
        run_due(&self.world).await;
        self.mail().await;
    }

    /// Letters are made and handed over.
    async fn mail(&self) {
        enqueue(&self.world, MailForms {}.job(&self.world.app)).await;
        run_due(&self.world).await;
    }

    /// What was decided of the only letter, which did not go at once.
    async fn held_letter(&self) -> Option<HeldMail> {
        let action = self.only().await.action.unwrap();
        let mut view = self.world.store.view().await.unwrap();
        let letter = view.letters().by_action(action).await.unwrap().unwrap();
        view.mails().held(&letter.held_under()).await.unwrap()
    }

    async fn leads(&self) -> Vec<MoverLead> {
        let mut view = self.world.store.view().await.unwrap();
        let mut leads = Vec::new();
        // in rows of the room there is no list of all: every lead was in one of these
        let mut ids = view.movers().unpushed(DateTime::<Utc>::MIN_UTC, None, 99).await.unwrap();
        ids.extend(self.known(view.as_mut()).await);
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            leads.extend(view.movers().by_id(id).await.unwrap());
        }
        leads.sort_by_key(|lead| lead.source_created_at);
        leads
    }

    /// The leads that jobs were about.
    async fn known(
        &self,
        view: &mut dyn turnout_core::ports::store::View,
    ) -> Vec<turnout_core::ids::MoverLeadId> {
        let mut found = Vec::new();
        for state in JobState::ALL {
            let filter = turnout_core::jobs::JobFilter { state: Some(state), ..Default::default() };
            let page = view.jobs().list(&filter, PageRequest { after: None, limit: 500 }).await.unwrap();
            let lead =
                |payload: &Value| payload["lead"].as_str().and_then(turnout_core::ids::MoverLeadId::parse);
            found.extend(page.rows.iter().filter_map(|job| lead(&job.payload)));
        }
        found
    }

    async fn only(&self) -> MoverLead {
        self.leads()
            .await
            .try_into()
            .map(|[lead]: [MoverLead; 1]| lead)
            .unwrap_or_else(|leads| panic!("{} leads", leads.len()))
    }
}

async fn enqueue(world: &World, job: turnout_core::jobs::NewJob) {
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_lead_is_stored_once_located_and_put_onto_the_list() {
    let town = town().await;
    town.source.put(drafts(&[ana(), ana()]));
    let first = town.pull().await;
    assert_eq!((first.read, first.added, first.known, first.wrong), (2, 1, 1, 0));
    let again = town.pull().await;
    assert_eq!((again.added, again.known), (0, 2));
    run_due(&town.world).await;

    let lead = town.only().await;
    assert_eq!((lead.new.region, lead.old.region), (Some(RegionId(1)), Some(RegionId(2))));
    let entries = town.world.contacts.entries(&CrmAccount::Service);
    let left = jobs(&town.world).await;
    let [entry] =
        entries.try_into().unwrap_or_else(|them: Vec<_>| panic!("{} entries, {left:?}", them.len()));
    assert_eq!(entry.email.as_deref(), Some("ana@example.org"));
    assert_eq!(entry.address.city.as_deref(), Some("Columbus"));
    let field = |name: &str| entry.fields[&format!("acme_{name}")].clone();
    assert_eq!(field("old_state"), json!("MA"));
    assert_eq!(field("new_housing_tenure"), json!("rent"));
    assert_eq!((field("cross_state"), field("cross_region")), (json!(true), json!(true)));
    assert!(lead.crm_person.is_some());
    // nobody is asked twice
    let asked = (town.streets.asked.load(Ordering::Relaxed), town.world.contacts.asked());
    enqueue(&town.world, Pull {}.job(&town.world.app)).await;
    run_due(&town.world).await;
    assert_eq!((town.streets.asked.load(Ordering::Relaxed), town.world.contacts.asked()), asked);
}

#[tokio::test]
async fn several_regions_are_none_and_who_cannot_answer_is_asked_again() {
    let town = town().await;
    *town.streets.failing.lock().unwrap() = Some(ProviderErrorKind::Unreachable);
    town.source.put(drafts(&[with(ana(), json!({"new_address1": "12 Corner"}))]));
    town.pull().await;
    run_due(&town.world).await;
    assert_eq!(town.only().await.located_at, None);
    assert!(
        town.world.contacts.entries(&CrmAccount::Service).is_empty(),
        "first it is to be known where they live"
    );
    *town.streets.failing.lock().unwrap() = None;
    town.world.clock.advance(TimeDelta::hours(2));
    run_due(&town.world).await;
    let lead = town.only().await;
    assert_eq!((lead.new.region, lead.old.region), (None, Some(RegionId(2))));
    assert!(lead.located_at.is_some() && lead.crm_person.is_some(), "{lead:?} {:?}", jobs(&town.world).await);
}

#[tokio::test]
async fn leads_that_are_wrong_are_said_by_their_position_and_the_others_are_stored() {
    let town = town().await;
    let wrong = json!({"email": "no address", "created_at": "soon", "new_state": "Ohio"});
    town.source.put(drafts(&[wrong, ana(), json!("x")]));
    let taken = town.pull().await;
    assert_eq!((taken.read, taken.added, taken.wrong), (3, 1, 2));
    let said: Vec<String> = taken.complaints.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(
        said[..3].iter().all(|it| it.starts_with("lead 1: ")) && said[3] == "lead 3: it is no object",
        "{said:?}"
    );
    assert!(said.iter().all(|it| !it.contains("no address") && !it.contains("soon") && !it.contains("Ohio")));
}

#[tokio::test]
async fn what_came_while_the_source_failed_is_fetched_later() {
    let town = town().await;
    let pull_all = async || {
        enqueue(&town.world, Pull {}.job(&town.world.app)).await;
        run_due(&town.world).await;
    };
    pull_all().await;
    assert_eq!(town.source.asked(), [LookBack::Hours(2)]);
    town.source.fail_next(u32::MAX);
    town.world.clock.advance(TimeDelta::hours(10));
    town.source.put(drafts(&[ana()]));
    pull_all().await;
    assert!(town.leads().await.is_empty());
    town.source.fail_next(0);
    town.world.clock.advance(TimeDelta::hours(1));
    assert_eq!(town.pull().await.added, 1);
    assert_eq!(town.source.asked().last(), Some(&LookBack::Hours(12)));
    // a question that reaches less far is none that covers the time
    town.world.clock.advance(TimeDelta::hours(5));
    pull(&town.world.app, Some(LookBack::Hours(1)), false, &mut |_, _| {}).await.unwrap();
    assert_eq!(town.pull().await.known, 1);
    assert_eq!(town.source.asked().last(), Some(&LookBack::Hours(6)));
    // and a month is enough
    town.world.clock.advance(TimeDelta::days(90));
    town.pull().await;
    assert_eq!(town.source.asked().last(), Some(&LookBack::Hours(720)));
}

#[expect(clippy::disallowed_methods, reason = "the process that dies is a task")]
#[tokio::test]
async fn a_pull_that_breaks_off_loses_nothing_and_stores_nothing_twice() {
    let town = town().await;
    let many: Vec<Value> =
        (0..1_200).map(|n| with(ana(), json!({"email": format!("p{n}@example.org")}))).collect();
    town.source.put(drafts(&many));
    let mut app = town.world.app.clone();
    let steps = Arc::new(AtomicUsize::new(0));
    let store = town.world.store.clone();
    let counted = Arc::clone(&steps);
    app.on_crash_point = Some(Arc::new(move |point| {
        if point == "mover.after_step" && counted.fetch_add(1, Ordering::Relaxed) == 1 {
            panic!("the process dies");
        }
    }));
    let died = tokio::spawn(async move { pull(&app, None, false, &mut |_, _| {}).await.map(drop) }).await;
    assert!(died.is_err());
    let until = store.view().await.unwrap().movers().pulled_until("acme").await.unwrap();
    assert_eq!(until, None, "the next pull reaches as far back");
    let rest = town.pull().await;
    assert_eq!((rest.added, rest.known), (200, 1_000));
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_changes_nothing() {
    let town = town().await;
    let other = with(ana(), json!({"email": "bo@example.org"}));
    town.source.put(drafts(&[ana()]));
    town.pull().await;
    town.source.put(drafts(&[ana(), other, json!({})]));
    let dry = pull(&town.world.app, None, true, &mut |_, _| {}).await.unwrap();
    let wet = town.pull().await;
    assert_eq!((dry.added, dry.known, dry.wrong), (1, 1, 1));
    assert_eq!(dry, wet);
}

#[tokio::test]
async fn who_rents_in_another_state_gets_one_letter_with_blank_forms() {
    let town = town().await;
    town.settle(&[ana()]).await;
    town.mail().await;
    let [letter] = town.world.mail_house.letters().try_into().unwrap_or_else(|_| panic!("one letter"));
    assert_eq!(letter.to.name, "Ana Mover");
    assert_eq!(letter.to.address.lines(), ["1 First St", "Columbus, OH 43215"]);

    let lead = town.only().await;
    let file = stored_file(&town.world, lead.file.unwrap()).await;
    assert_eq!((file.kind, file.claimed, file.email.clone()), (FileType::BlankRegForms, true, None));
    let pages = paper(&town.world, &file).await;
    assert!(pages.starts_with("BlankForms(Oh)\n"), "{pages}");
    for line in [
        // Boston's office, as that is the region
        "registration_nvrf_combined: BOX 6 - ID NUMBER\nID number",
        "registration_rules: \u{2022} Be a citizen",
        "state_deadline: Must be postmarked 30 days before Election Day.",
    ] {
        assert!(pages.contains(line), "{line}: {pages}");
    }
    assert!(
        !pages.contains("Ana") && !pages.contains("example.org/"),
        "nothing of the person is on the forms"
    );

    let mut view = town.world.store.view().await.unwrap();
    let acme = view.subscribers().by_slug("acme").await.unwrap().unwrap();
    assert_eq!((acme.name.as_str(), acme.sms_enabled, file.subscriber), ("acme", Some(false), Some(acme.id)));
    let action = view.actions().by_id(lead.action.unwrap()).await.unwrap().unwrap();
    assert!(action.visible_to_subscriber);
    let happened = events(&town.world, lead.action).await;
    assert_eq!(happened, [EventType::LobSendBlankRegisterForms]);
}

#[tokio::test]
async fn texas_has_a_switch_of_its_own() {
    let town = town().await;
    let within = with(ana(), json!({"new_state": "TX", "old_state": "TX"}));
    town.settle(std::slice::from_ref(&within)).await;
    assert!(town.world.mail_house.letters().is_empty());
    turn(&town.world, "movers.blank_forms_tx", true).await;
    turn(&town.world, "movers.blank_forms", false).await;
    town.settle(&[within, with(ana(), json!({"email": "bo@example.org"}))]).await;
    assert_eq!(town.world.mail_house.letters().len(), 1);
}

#[tokio::test]
async fn a_letter_that_is_not_answered_is_found_at_the_mail_house_and_not_sent_twice() {
    let town = town().await;
    town.world.mail_house.meets([Trouble::Unanswered]);
    town.settle(&[ana()]).await;
    town.world.clock.advance(TimeDelta::hours(1));
    run_due(&town.world).await;
    assert_eq!(town.world.mail_house.letters().len(), 1);
    let lead = town.only().await;
    assert_eq!(events(&town.world, lead.action).await, [EventType::LobSendBlankRegisterForms]);
}

#[expect(clippy::disallowed_methods, reason = "the process that dies is a task")]
#[tokio::test]
async fn a_process_that_dies_on_the_way_makes_one_contact_and_one_letter() {
    for point in MOVER_POINTS {
        let town = town().await;
        town.source.put(drafts(&[ana()]));
        town.pull().await;
        enqueue(&town.world, MailForms {}.job(&town.world.app)).await;
        let mut app = town.world.app.clone();
        let reached = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&reached);
        app.on_crash_point = Some(Arc::new(move |at| {
            if at == point {
                counted.fetch_add(1, Ordering::Relaxed);
                panic!("the process dies");
            }
        }));
        // a job that panics is none that ended: its worker is lost
        let _ = tokio::spawn(async move { step::run_all_due(&app).await.map(drop) }).await;
        assert!(reached.load(Ordering::Relaxed) > 0, "{point}");
        town.world.clock.advance(TimeDelta::hours(2));
        run_due(&town.world).await;
        assert_eq!(town.world.contacts.people(&CrmAccount::Service).len(), 1, "{point}");
        assert_eq!(town.world.mail_house.letters().len(), 1, "{point}");
        assert_eq!(events(&town.world, town.only().await.action).await.len(), 1, "{point}");
    }
}

#[tokio::test]
async fn a_cover_without_what_its_state_says_waits_for_a_person() {
    let town = town().await;
    // nobody wrote down what Iowa says
    town.settle(&[with(ana(), json!({"new_state": "IA", "new_address1": "9 Nowhere"}))]).await;
    assert!(town.world.mail_house.letters().is_empty());
    town.mail().await;
    let dead: Vec<_> =
        jobs(&town.world).await.into_iter().filter(|job| job.state == JobState::Dead).collect();
    let [job] = dead.try_into().unwrap_or_else(|jobs: Vec<_>| panic!("{jobs:?}"));
    assert_eq!(job.kind, "mover.mail_lead");
    assert!(job.last_error.unwrap().starts_with("the cover for IA lacks "));
}

async fn stop(world: &World, address: &str) {
    rows(world, async |unit| {
        let said = Statement::new(Choice::Stopped, Scope::All, Origin::Staff, world.app.now());
        consent::record(&world.app, unit, Channel::Email, address, said).await.unwrap();
    })
    .await;
}

async fn suppressed(world: &World, address: &str, reason: SuppressionReason) {
    rows(world, async |unit| {
        let key = AddressKey::of(&world.app, address);
        suppress(&world.app, unit, key, reason, SuppressionSource::Reader, world.app.now()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_said_no_is_put_onto_no_list_and_gets_no_letter() {
    let town = town().await;
    stop(&town.world, "ana@example.org").await;
    suppressed(&town.world, "bo@example.org", SuppressionReason::Complaint).await;
    suppressed(&town.world, "cy@example.org", SuppressionReason::Bounce).await;
    let of = |name: &str| with(ana(), json!({"email": format!("{name}@example.org"), "first_name": name}));
    town.settle(&[of("ana"), of("bo"), of("cy")]).await;
    let letters = town.world.mail_house.letters();
    let names: Vec<&str> = letters.iter().map(|letter| letter.to.name.as_str()).collect();
    assert_eq!(names, ["cy Mover"], "an address that takes no mail is no refusal of a letter");
    let entries = town.world.contacts.entries(&CrmAccount::Service);
    assert!(
        entries.iter().all(|entry| entry.email.as_deref() == Some("cy@example.org")),
        "{}",
        entries.len()
    );
    let rules: Vec<Option<Rule>> = town.leads().await.into_iter().map(|lead| lead.left_alone).collect();
    let count = |rule| rules.iter().filter(|it| **it == rule).count();
    assert_eq!((count(Some(Rule::Stopped)), count(Some(Rule::Suppressed)), count(None)), (1, 1, 1));
}

#[tokio::test]
async fn whoever_says_no_before_the_letter_is_handed_over_gets_none() {
    let town = town().await;
    town.world.mail_house.meets([Trouble::Refused(ProviderErrorKind::Unreachable)]);
    town.settle(&[ana()]).await;
    stop(&town.world, "ana@example.org").await;
    town.world.clock.advance(TimeDelta::hours(2));
    run_due(&town.world).await;
    assert!(town.world.mail_house.letters().is_empty());
    assert_eq!(events(&town.world, town.only().await.action).await, []);
    let held = town.held_letter().await.unwrap();
    assert_eq!((held.rule, held.purpose, held.held_until), (Rule::Stopped, Purpose::Campaign, None));
}

#[tokio::test]
async fn a_letter_that_nobody_asked_for_waits_for_the_morning_and_it_is_noted_by_which_rule() {
    let town = town().await;
    let tomorrow = town.world.app.now().date_naive().succ_opt().unwrap();
    // two in the morning in the middle of the country
    town.world.clock.set(tomorrow.and_hms_opt(7, 0, 0).unwrap().and_utc());
    town.settle(&[ana()]).await;
    assert!(town.world.mail_house.letters().is_empty());
    let held = town.held_letter().await.unwrap();
    assert_eq!((held.rule, held.purpose), (Rule::Courtesy, Purpose::Campaign));
    assert_eq!(held.decided_at, town.world.app.now());
    town.world.clock.set(held.held_until.unwrap());
    run_due(&town.world).await;
    assert_eq!(town.world.mail_house.letters().len(), 1);
}

async fn report(town: &Town, event: &str) {
    let lead = town.only().await;
    let mut view = town.world.store.view().await.unwrap();
    let letter = view.letters().by_action(lead.action.unwrap()).await.unwrap().unwrap();
    drop(view);
    let report = LetterReport { letter: letter.external_id.unwrap(), event: event.into() };
    take_report(&town.world.app, &report).await.unwrap();
    run_due(&town.world).await;
}

#[tokio::test]
async fn three_mails_follow_a_letter_once() {
    let town = town().await;
    town.settle(&[ana()]).await;
    for _ in 0..2 {
        report(&town, "letter.processed_for_delivery").await;
    }
    assert_eq!(town.world.outbox.tags(), ["mover.forms_mailed"]);
    town.world.clock.advance(TimeDelta::days(4));
    run_due(&town.world).await;
    town.world.clock.advance(TimeDelta::days(26));
    run_due(&town.world).await;
    let mails = town.world.outbox.take();
    let tags: Vec<&str> = mails.iter().map(|mail| mail.tag).collect();
    assert_eq!(tags, ["mover.forms_mailed", "mover.forms_reminder", "mover.forms_chase"]);
    for mail in &mails {
        assert_eq!(
            (mail.from.name.as_deref(), mail.from.address.as_str()),
            (Some("VoteAmerica"), "hello@voteamerica.com")
        );
        assert_eq!(mail.to.address, "ana@example.org");
        assert!(mail.unsubscribe_url.is_some(), "nobody asked for it: {}", mail.tag);
    }
    assert_eq!(mails[0].subject, "Your voter registration forms should arrive today");
    assert!(mails[0].text.contains("Hi Ana,") && mails[0].text.contains("30 days before Election Day"));
    let happened = events(&town.world, town.only().await.action).await;
    assert_eq!(happened.len(), 2, "{happened:?}");
    // a letter that came back is noted, and nobody is written to
    report(&town, "letter.returned_to_sender").await;
    assert!(town.world.outbox.take().is_empty());
}

#[tokio::test]
async fn an_old_lead_goes_with_its_letter_when_all_was_done_with_it_and_does_not_come_back() {
    let mut town = town().await;
    let mut settings = Settings::clone(&town.world.app.settings);
    settings.retention.days.insert(Kind::MoverLeads, Kind::MoverLeads.fewest_days());
    town.world.app.settings = Arc::new(settings);
    town.settle(&[ana()]).await;
    report(&town, "letter.processed_for_delivery").await;
    let lead = town.only().await;
    let (action, file) = (lead.action.unwrap(), lead.file.unwrap());
    let key = stored_file(&town.world, file).await.key;
    for (days, mails) in [(4, 2), (26, 1), (59, 0)] {
        town.world.clock.advance(TimeDelta::days(days));
        enqueue(&town.world, Expire {}.job(&town.world.app)).await;
        run_due(&town.world).await;
        assert_eq!(town.world.outbox.take().len(), mails, "nobody loses a mail by it");
        assert!(lead == town.only().await, "it is not 90 days old");
    }
    rows(&town.world, async |unit| {
        let now = town.world.app.now();
        let mut other = lead.clone();
        (other.id, other.email) = (MoverLeadId(Uuid::from_u128(5)), Some("bo@example.org".to_owned()));
        (other.action, other.file, other.created_at, other.modified_at) = (None, None, now, now);
        assert!(unit.movers_mut().insert(&other).await.unwrap());
    })
    .await;
    town.world.clock.advance(TimeDelta::days(2));
    enqueue(&town.world, Expire {}.job(&town.world.app)).await;
    run_due(&town.world).await;
    let mut view = town.world.store.view().await.unwrap();
    assert!(view.movers().by_id(lead.id).await.unwrap().is_none());
    assert!(view.movers().by_id(MoverLeadId(Uuid::from_u128(5))).await.unwrap().is_some());
    assert!(view.actions().by_id(action).await.unwrap().is_none());
    assert!(view.letters().by_action(action).await.unwrap().is_none());
    let left = view.files().by_id(file).await.unwrap().unwrap();
    assert!(left.purged.is_some() && left.key.is_empty());
    drop(view);
    assert!(events(&town.world, Some(action)).await.is_empty());
    assert_eq!(town.world.files.get(&key).await.unwrap(), None, "the pages are gone too");
    // the source has it still
    let taken = town.pull().await;
    assert_eq!((taken.added, taken.known, taken.wrong), (0, 0, 1));
    assert_eq!(taken.complaints[0].what, "created_at is before all that is kept: KEEP_MOVER_LEADS_DAYS");
}

#[tokio::test]
async fn mails_are_about_the_present_letter_and_go_to_nobody_who_said_no() {
    let town = town().await;
    town.settle(&[ana()]).await;
    report(&town, "letter.processed_for_delivery").await;
    // somebody takes the letter's action off the lead
    let mut lead = town.only().await;
    rows(&town.world, async |unit| {
        unit.movers_mut().lock(lead.id).await.unwrap();
        lead.action = None;
        unit.movers_mut().update(&lead).await.unwrap();
    })
    .await;
    let _ = town.world.outbox.take();
    town.world.clock.advance(TimeDelta::days(4));
    run_due(&town.world).await;
    assert!(town.world.outbox.mails().is_empty());

    let town = self::town().await;
    town.settle(&[ana()]).await;
    report(&town, "letter.processed_for_delivery").await;
    let _ = town.world.outbox.take();
    suppressed(&town.world, "ana@example.org", SuppressionReason::Unsubscribe).await;
    town.world.clock.advance(TimeDelta::days(30));
    run_due(&town.world).await;
    assert!(town.world.outbox.mails().is_empty());
}

#[tokio::test]
async fn switches_that_are_off_leave_leads_for_later() {
    let town = town().await;
    for name in ["movers.geocode", "movers.push_to_actionnetwork", "movers.blank_forms"] {
        turn(&town.world, name, false).await;
    }
    town.settle(&[ana()]).await;
    assert_eq!(town.streets.asked.load(Ordering::Relaxed), 0);
    assert!(town.world.contacts.entries(&CrmAccount::Service).is_empty());
    for name in ["movers.geocode", "movers.push_to_actionnetwork", "movers.blank_forms"] {
        turn(&town.world, name, true).await;
    }
    turn(&town.world, "movers.pull_movers", false).await;
    let asked = town.source.asked().len();
    enqueue(&town.world, Pull {}.job(&town.world.app)).await;
    run_due(&town.world).await;
    // the lane gives one grant at a time
    town.world.clock.advance(TimeDelta::seconds(1));
    town.mail().await;
    assert_eq!(town.source.asked().len(), asked, "pulling is off");
    let lead = town.only().await;
    let done = [lead.located_at.is_some(), lead.crm_person.is_some(), lead.action.is_some()];
    assert_eq!(done, [true; 3], "{:?}", jobs(&town.world).await);
}

#[tokio::test]
async fn nothing_is_scheduled_without_a_source() {
    for (hours, minutes) in [(None, vec![]), (Some(1), vec!["mover.pull", "mover.mail_forms"])] {
        let mut settings = Settings::default();
        settings.mover.pull_hours = hours;
        let world = seeded_with(|app| app.with_settings(settings)).await;
        let from = world.app.now();
        world.clock.advance(TimeDelta::minutes(10));
        schedule::run(&world.app, from).await.unwrap();
        world.clock.advance(TimeDelta::minutes(30));
        schedule::run(&world.app, from + TimeDelta::minutes(10)).await.unwrap();
        let kinds: Vec<String> = jobs(&world).await.into_iter().map(|job| job.kind).collect();
        let mine: Vec<&String> = kinds.iter().filter(|kind| kind.starts_with("mover.")).collect();
        assert_eq!(mine.len(), minutes.len(), "{kinds:?}");
        assert!(minutes.iter().all(|kind| kinds.iter().any(|it| it == kind)));
    }
}
