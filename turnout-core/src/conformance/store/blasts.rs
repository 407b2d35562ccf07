//! What the room of blasts promises.

use chrono_tz::Tz;
use uuid::Uuid;

use super::{commit, is_conflict, unit, view};
use crate::{
    absentee::BallotRequest,
    action::EventType,
    address::{Address, State},
    blast::{
        Blast, BlastStatus, Filter, Micros, Outcome, Planned, Progress, Reached, Recipient, Seal, Signed,
        filter::Values,
    },
    conformance::rows::{
        action, at, ballot_request, bare_registration, event, number, references, region, registration, slug,
        state, subscriber, uuid, whole_lookup, whole_reminder,
    },
    decision::{Purpose, Rule, Whereabouts},
    ids::{
        ActionId, BallotRequestId, BlastId, EventId, LookupId, MessageId, RegionId, ReminderId, SubscriberId,
        UserId,
    },
    official::Region,
    page::PageRequest,
    person::Phone,
    ports::{maps::Voting, store::Store},
    register::Registration,
    reminder::ReminderRequest,
    sms::{Direction, MessageStatus},
    verifier::Lookup,
};

/// A test for every case of the room of blasts.
#[macro_export]
macro_rules! blasts_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            blasts,
            [$($open)+],
            store::blasts,
            [
                every_field_of_a_blast_comes_back,
                a_blast_is_inserted_once_and_an_update_changes_all_but_its_beginning,
                blasts_are_listed_by_id,
                a_blast_runs_while_it_says_so,
                a_filter_describes_whom_it_says,
                a_blast_has_no_number_twice,
                an_address_is_there_until_it_is_forgotten,
                those_whom_a_blast_is_for_are_cleared_in_portions,
                a_text_is_written_once_to_each_who_is_not_refused,
                a_number_that_is_known_stays_as_it_is,
                it_is_told_how_far_each_is,
            ]
        );
    };
}

/// One with that number, finished at the sixth second.
pub(super) fn blast(number: u128) -> Blast {
    let signed = |by: &str, second| {
        Some(Signed {
            by: by.into(),
            user: (by != "Dee").then(|| UserId(uuid(900 + u128::try_from(second).expect("a second")))),
            at: at(second),
        })
    };
    let seal = |letter: &str| Seal::parse(&letter.repeat(64));
    Blast {
        id: BlastId(uuid(number)),
        name: "Reminder of the primary".into(),
        campaign: Some("2026".into()),
        content: "Vote. {It's} today ☑".into(),
        map: Some(Voting::Early),
        sender: Some(SubscriberId(uuid(1))),
        filter: Some("state = MA".into()),
        status: BlastStatus::Running,
        price: Micros(8_300),
        budget: Micros(9_000_000_000),
        segments: 2,
        sendable: 5_000_000_000,
        planned: signed("Ann", 1),
        seal: seal("a"),
        tested: signed("Ann", 2),
        approved: signed("Bob", 3),
        approved_seal: seal("b"),
        run: 3,
        enqueued: 6_000_000_000,
        started: signed("Cem", 4),
        stopped: signed("Dee", 5),
        finished_at: Some(at(6)),
        created_at: at(0),
        modified_at: at(7),
    }
}

fn bare(number: u128) -> Blast {
    Blast {
        campaign: None,
        map: None,
        sender: None,
        filter: None,
        status: BlastStatus::Planning,
        planned: None,
        seal: None,
        tested: None,
        approved: None,
        approved_seal: None,
        started: None,
        stopped: None,
        finished_at: None,
        ..blast(number)
    }
}

/// Somebody with that number whom a blast is for.
pub(super) fn recipient(id: u128, phone: &str, planned: Planned) -> Recipient {
    Recipient {
        id: MessageId(uuid(id)),
        phone: Phone::from_stored(phone.into()),
        whereabouts: Whereabouts {
            zones: vec![Tz::America__New_York, Tz::America__Chicago],
            states: vec![State::Ma, State::Fl],
        },
        address: (planned == Planned::Send).then(|| "1 Main St, Boston, MA 02139".to_owned()),
        planned,
        rule: match planned {
            Planned::Send => None,
            Planned::Hold => Some(Rule::StateHours(State::Tx)),
            Planned::Refuse => Some(Rule::NoConsent),
        },
    }
}

/// Four whom the blast with the number 1 is for.
fn recipients() -> [Recipient; 4] {
    [
        recipient(11, "+16175550011", Planned::Send),
        recipient(12, "+16175550012", Planned::Refuse),
        recipient(13, "+16175550013", Planned::Hold),
        recipient(14, "+16175550014", Planned::Send),
    ]
}

/// Of that blast alone.
pub async fn an_address_is_there_until_it_is_forgotten(store: &dyn Store) {
    with_recipients(store).await;
    let (mine, other) = (BlastId(uuid(1)), BlastId(uuid(2)));
    let mut unit = unit(store).await;
    let [one, ..] = recipients();
    assert_eq!(unit.blasts_mut().recipient(one.id).await.expect("a read"), Some((mine, one.clone())));
    assert_eq!(unit.blasts_mut().recipient(MessageId(uuid(99))).await.expect("a read"), None);
    unit.blasts_mut().insert(&bare(2)).await.expect("a blast");
    let theirs = recipient(21, "+16175550011", Planned::Send);
    unit.blasts_mut().add(other, std::slice::from_ref(&theirs)).await.expect("a recipient");
    unit.blasts_mut().forget_addresses(mine).await.expect("an update");
    commit(unit).await;
    let mut view = view(store).await;
    let forgotten = Recipient { address: None, ..one };
    assert_eq!(view.blasts().recipient(forgotten.id).await.expect("a read"), Some((mine, forgotten)));
    assert_eq!(view.blasts().recipient(theirs.id).await.expect("a read"), Some((other, theirs)));
}

fn first(limit: u32) -> PageRequest<MessageId> {
    PageRequest { after: None, limit }
}

async fn with_recipients(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.blasts_mut().insert(&blast(1)).await.expect("a blast");
    assert_eq!(unit.blasts_mut().add(BlastId(uuid(1)), &recipients()).await.expect("recipients"), 4);
    commit(unit).await;
}

/// Nothing included.
pub async fn every_field_of_a_blast_comes_back(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for blast in [blast(1), bare(2)] {
        unit.blasts_mut().insert(&blast).await.expect("a blast");
        assert_eq!(unit.blasts_mut().lock(blast.id).await.expect("a lock"), Some(blast));
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [blast(1), bare(2)] {
        assert_eq!(view.blasts().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.blasts().by_id(BlastId(uuid(9))).await.expect("a read"), None);
}

/// When it was first planned.
pub async fn a_blast_is_inserted_once_and_an_update_changes_all_but_its_beginning(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.blasts_mut().insert(&bare(1)).await.expect("a blast");
    unit.blasts_mut().update(&Blast { created_at: at(70), ..blast(1) }).await.expect("an update");
    assert_eq!(unit.blasts().by_id(BlastId(uuid(1))).await.expect("a read"), Some(blast(1)));
    assert!(unit.blasts_mut().update(&bare(2)).await.is_err(), "there is none");
    assert!(is_conflict(&unit.blasts_mut().insert(&bare(1)).await));
}

/// Page by page.
pub async fn blasts_are_listed_by_id(store: &dyn Store) {
    let mut unit = unit(store).await;
    for number in [3, 1, 2] {
        unit.blasts_mut().insert(&bare(number)).await.expect("a blast");
    }
    let page = unit.blasts().list(PageRequest { after: None, limit: 2 }).await.expect("a list");
    assert_eq!((page.rows, page.next), (vec![bare(1), bare(2)], Some(BlastId(uuid(2)))));
    let page = unit.blasts().list(PageRequest { after: page.next, limit: 2 }).await.expect("a list");
    assert_eq!((page.rows, page.next), (vec![bare(3)], None));
}

/// And at no other time.
pub async fn a_blast_runs_while_it_says_so(store: &dyn Store) {
    let mut unit = unit(store).await;
    let id = bare(1).id;
    assert!(!unit.blasts().is_running(id).await.expect("a read"));
    unit.blasts_mut().insert(&bare(1)).await.expect("a blast");
    for status in BlastStatus::ALL {
        unit.blasts_mut().update(&Blast { status: *status, ..bare(1) }).await.expect("an update");
        let is_running = unit.blasts().is_running(id).await.expect("a read");
        assert_eq!(is_running, *status == BlastStatus::Running, "{status:?}");
    }
}

/// The records by their numbers.
async fn voters(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for code in [State::Oh, State::Mi] {
        unit.elections_mut().put_state(&state(code)).await.expect("a state");
    }
    unit.subscribers_mut().insert(&subscriber(2, 0)).await.expect("a subscriber");
    unit.subscribers_mut().insert_slug(&slug(2, "two")).await.expect("a slug");
    let cuyahoga = Region { county: Some("CUYAHOGA County".into()), ..region(7, None) };
    unit.officials_mut().put_region(&cuyahoga).await.expect("a region");
    for number in [2, 3] {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
    unit.actions_mut().record(&event(1, EventType::FinishPrint, 20)).await.expect("an event");
    // that is no end
    let begun = crate::action::Event {
        id: EventId(uuid(2)),
        action: ActionId(uuid(2)),
        ..event(1, EventType::Start, 20)
    };
    unit.actions_mut().record(&begun).await.expect("an event");
    let phone = |digit: u8| Some(Phone::from_stored(format!("+1617555000{digit}")));
    let address = |code, zip: Option<&str>| Address {
        state: Some(code),
        zipcode: zip.map(Into::into),
        ..Address::default()
    };
    let registrations = [
        Registration {
            id: crate::ids::RegistrationId(uuid(501)),
            phone: phone(1),
            address: address(State::Oh, Some("44101-2345")),
            region: Some(RegionId(7)),
            ..registration()
        },
        // whose action did not end, at another subscriber's
        Registration {
            id: crate::ids::RegistrationId(uuid(502)),
            action: Some(ActionId(uuid(2))),
            subscriber: Some(SubscriberId(uuid(2))),
            phone: phone(2),
            address: address(State::Mi, Some("48201")),
            region: Some(RegionId(1)),
            sms_opt_in: None,
            sms_opt_in_subscriber: Some(true),
            created_at: at(86_400),
            ..registration()
        },
        // of whom nothing is known
        Registration {
            id: crate::ids::RegistrationId(uuid(503)),
            phone: phone(3),
            address: Address::default(),
            ..bare_registration()
        },
        // without a number
        Registration {
            id: crate::ids::RegistrationId(uuid(504)),
            action: Some(ActionId(uuid(3))),
            phone: None,
            ..registration()
        },
    ];
    for registration in &registrations {
        unit.registrations_mut().insert(registration).await.expect("a registration");
    }
    let request = BallotRequest {
        id: BallotRequestId(uuid(601)),
        phone: phone(1),
        signature: None,
        address: address(State::Oh, Some("45011")),
        ..ballot_request()
    };
    unit.ballot_requests_mut().insert(&request).await.expect("a ballot request");
    let mut lookup = Lookup { id: LookupId(uuid(701)), ..whole_lookup() };
    (lookup.voter.phone, lookup.voter.address) = (phone(4), address(State::Oh, Some("44102")));
    lookup.voter.sms_opt_in = Some(false);
    unit.lookups_mut().insert(&lookup).await.expect("a lookup");
    let mut reminder =
        ReminderRequest { id: ReminderId(uuid(801)), action: Some(ActionId(uuid(2))), ..whole_reminder() };
    (reminder.voter.phone, reminder.voter.address) = (phone(5), address(State::Mi, None));
    unit.reminders_mut().insert(&reminder).await.expect("a reminder");
    commit(unit).await;
}

/// Page by page, tool by tool.
async fn described(store: &dyn Store, text: &str) -> Vec<u128> {
    let parsed = Filter::parse(text).expect("a filter");
    let ids = |slugs: &[crate::blast::filter::SlugAt]| -> Vec<SubscriberId> {
        slugs.iter().map(|it| SubscriberId(uuid(if it.slug == "one" { 1 } else { 2 }))).collect()
    };
    let subscribers = Values { any: ids(&parsed.subscribers.any), none: ids(&parsed.subscribers.none) };
    let filter = parsed.with_subscribers(subscribers);
    let mut found = Vec::new();
    let mut view = view(store).await;
    for tool in filter.of_tools() {
        let mut after: Option<Uuid> = None;
        loop {
            let page = PageRequest { after, limit: 1 };
            let page = view.blasts().audience(&filter, tool, page).await.expect("an audience");
            found.extend(page.rows.iter().map(|it| it.record.as_u128()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    found
}

/// As [`Filter::describes`] has it.
pub async fn a_filter_describes_whom_it_says(store: &dyn Store) {
    voters(store).await;
    let everybody: &[u128] = &[501, 502, 503, 601, 701, 801];
    for (text, expected) in [
        ("not state = WY", everybody),
        ("tool = register", &[501, 502, 503]),
        ("tool in (verify, absentee)", &[601, 701]),
        ("not tool = register", &[601, 701, 801]),
        ("subscriber = one", &[501, 601, 701, 801]),
        ("subscriber in (one, two)", &[501, 502, 601, 701, 801]),
        ("not subscriber = one", &[502, 503]),
        ("state = OH", &[501, 601, 701]),
        ("state in (OH, MI) and tool = register", &[501, 502]),
        ("not state = OH", &[502, 503, 801]),
        ("state in (OH, MI) and not state = MI", &[501, 601, 701]),
        ("zip = 441", &[501, 701]),
        ("zip in (44102, 48)", &[502, 701]),
        ("not zip = 4", &[503, 801]),
        ("region in (1, 7)", &[501, 502]),
        ("not region = 7 and tool in (register, remind)", &[502, 503, 801]),
        ("county = \"cuyahoga county\"", &[501]),
        ("county in (SUFFOLK, Middlesex) and tool = register", &[502]),
        ("not county = suffolk and tool in (register, verify)", &[501, 503, 701]),
        ("opted_in", &[501, 601, 801]),
        ("not opted_in", &[502, 503, 701]),
        ("opted_in_to_subscriber and tool in (register, remind)", &[502, 801]),
        ("finished", &[501, 601, 701]),
        ("not finished", &[502, 503, 801]),
        ("since 2026-09-22", &[502]),
        ("before 2026-09-22 and tool = register", &[501, 503]),
        ("since 2026-09-21 and before 2026-09-22 and not finished", &[503, 801]),
        ("state = OH and zip = 441 and opted_in and finished and subscriber = one", &[501]),
        ("state = WY", &[]),
    ] {
        assert_eq!(described(store, text).await, expected, "{text}");
    }
    let mut view = view(store).await;
    let filter = Filter::parse("zip = 44101").expect("a filter").with_subscribers(Values::default());
    let page = PageRequest { after: None, limit: 9 };
    let page =
        view.blasts().audience(&filter, crate::blast::Tool::Register, page).await.expect("an audience");
    let [it] = page.rows.as_slice() else { panic!("there is one") };
    assert_eq!(
        (it.phone.e164(), it.address.state, it.address.zipcode.as_deref()),
        ("+16175550001", Some(State::Oh), Some("44101-2345"))
    );
}

/// Of another blast it may well be.
pub async fn a_blast_has_no_number_twice(store: &dyn Store) {
    with_recipients(store).await;
    let mut unit = unit(store).await;
    let again = [
        recipient(21, "+16175550011", Planned::Refuse),
        recipient(22, "+16175550022", Planned::Hold),
        recipient(23, "+16175550022", Planned::Hold),
    ];
    assert_eq!(unit.blasts_mut().add(BlastId(uuid(1)), &again).await.expect("recipients"), 1);
    unit.blasts_mut().insert(&bare(2)).await.expect("a blast");
    let other = [recipient(31, "+16175550011", Planned::Send)];
    assert_eq!(unit.blasts_mut().add(BlastId(uuid(2)), &other).await.expect("recipients"), 1);
    commit(unit).await;
    let mut view = view(store).await;
    let page = view.blasts().recipients(BlastId(uuid(1)), first(3)).await.expect("a page");
    assert_eq!((page.rows.as_slice(), page.next), (&recipients()[..3], Some(MessageId(uuid(13)))));
    let rest = PageRequest { after: page.next, limit: 3 };
    let page = view.blasts().recipients(BlastId(uuid(1)), rest).await.expect("a page");
    assert_eq!(page.rows, [recipients()[3].clone(), again[1].clone()]);
    assert_eq!(page.next, None);
    let page = view.blasts().recipients(BlastId(uuid(2)), first(3)).await.expect("a page");
    assert_eq!(page.rows, other);
}

/// Those of other blasts stay.
pub async fn those_whom_a_blast_is_for_are_cleared_in_portions(store: &dyn Store) {
    with_recipients(store).await;
    let mut unit = unit(store).await;
    unit.blasts_mut().insert(&bare(2)).await.expect("a blast");
    let other = [recipient(31, "+16175550011", Planned::Send)];
    unit.blasts_mut().add(BlastId(uuid(2)), &other).await.expect("recipients");
    for cleared in [3, 1, 0] {
        assert_eq!(unit.blasts_mut().clear(BlastId(uuid(1)), 3).await.expect("it is cleared"), cleared);
    }
    let page = unit.blasts().recipients(BlastId(uuid(2)), first(3)).await.expect("a page");
    assert_eq!(page.rows, other);
    assert_eq!(unit.blasts_mut().add(BlastId(uuid(1)), &recipients()).await.expect("recipients"), 4);
}

/// With all that the decision asks before it goes, however often it is written.
pub async fn a_text_is_written_once_to_each_who_is_not_refused(store: &dyn Store) {
    with_recipients(store).await;
    let (blast_id, ids) = (BlastId(uuid(1)), [11, 12, 13, 14].map(|id| MessageId(uuid(id))));
    let mut first_unit = unit(store).await;
    let page = first_unit.blasts_mut().write_texts(blast_id, at(40), first(2)).await.expect("a page");
    assert_eq!((page.rows, page.next), (vec![ids[0]], Some(ids[1])));
    let rest = PageRequest { after: Some(ids[1]), limit: 2 };
    let page = first_unit.blasts_mut().write_texts(blast_id, at(41), rest).await.expect("a page");
    assert_eq!((page.rows, page.next), (vec![ids[2], ids[3]], None));
    let text = first_unit.messages().by_id(ids[2]).await.expect("a read").expect("it is there");
    assert_eq!(text.phone, Some(recipients()[2].phone.clone()));
    assert_eq!((text.direction, text.text.as_deref()), (Direction::Out, Some("Vote. {It's} today ☑")));
    assert_eq!((text.status, text.carrier_id.clone(), text.blast), (None, None, Some(blast_id)));
    assert_eq!((text.purpose, text.sender), (Some(Purpose::Campaign), Some(SubscriberId(uuid(1)))));
    assert_eq!(text.whereabouts, Some(recipients()[2].whereabouts.clone()));
    assert_eq!((text.rule, text.held_until, text.decided_at), (None, None, None));
    assert_eq!((text.created_at, text.modified_at), (at(41), at(41)));
    assert_eq!(first_unit.messages().by_id(ids[1]).await.expect("a read"), None);
    let known = first_unit.messages().number(&recipients()[0].phone).await.expect("a read");
    assert!(known.is_some_and(|known| known.opted_out_at.is_none() && known.created_at == at(40)));
    assert_eq!(first_unit.messages().number(&recipients()[1].phone).await.expect("a read"), None);
    // one of them has gone
    let mut gone = first_unit.messages_mut().lock(ids[0]).await.expect("a lock").expect("it is there");
    gone.status = Some(MessageStatus::Accepted);
    first_unit.messages_mut().update(&gone).await.expect("an update");
    commit(first_unit).await;
    let mut again = unit(store).await;
    let page = again.blasts_mut().write_texts(blast_id, at(50), first(9)).await.expect("a page");
    assert_eq!((page.rows, page.next), (vec![ids[2], ids[3]], None));
    assert_eq!(again.messages().by_id(ids[2]).await.expect("a read"), Some(text));
}

/// One that is stopped too.
pub async fn a_number_that_is_known_stays_as_it_is(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.messages_mut().lock_or_insert(&number()).await.expect("a number");
    unit.blasts_mut().insert(&blast(1)).await.expect("a blast");
    let known = [recipient(11, number().phone.e164(), Planned::Send)];
    unit.blasts_mut().add(BlastId(uuid(1)), &known).await.expect("recipients");
    unit.blasts_mut().write_texts(BlastId(uuid(1)), at(40), first(9)).await.expect("a page");
    assert_eq!(unit.messages().number(&number().phone).await.expect("a read"), Some(number()));
}

/// Each for himself, and all together.
pub async fn it_is_told_how_far_each_is(store: &dyn Store) {
    with_recipients(store).await;
    let id = BlastId(uuid(1));
    let plain = Reached {
        planned: Planned::Send,
        planned_rule: None,
        status: None,
        rule: None,
        was_held: false,
        is_held: false,
        failure: None,
        has_carrier_id: false,
    };
    let refused = Reached { planned: Planned::Refuse, planned_rule: Some(Rule::NoConsent), ..plain };
    let hold = Reached { planned: Planned::Hold, planned_rule: Some(Rule::StateHours(State::Tx)), ..plain };
    let mut unit = unit(store).await;
    let reached = unit.blasts().reached(id, at(60), first(9)).await.expect("a page");
    let expected: Vec<_> = recipients().into_iter().zip([plain, refused, hold, plain]).collect();
    assert_eq!((reached.rows, reached.next), (expected, None));
    unit.blasts_mut().write_texts(id, at(40), first(9)).await.expect("a page");
    for (number, status, carrier_id, rule, held_until) in [
        (11, Some(MessageStatus::Queued), Some("SM11"), Some(Rule::Courtesy), Some(at(50))),
        (13, None, None, Some(Rule::StateHours(State::Tx)), Some(at(70))),
        (14, Some(MessageStatus::Failed), None, Some(Rule::Stopped), None),
    ] {
        let text = unit.messages_mut().lock(MessageId(uuid(number))).await.expect("a lock");
        let mut text = text.expect("it is there");
        (text.status, text.carrier_id) = (status, carrier_id.map(Into::into));
        (text.rule, text.held_until, text.decided_at) = (rule, held_until, Some(at(45)));
        unit.messages_mut().update(&text).await.expect("an update");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let page = view.blasts().reached(id, at(60), first(3)).await.expect("a page");
    let sent = Reached {
        status: Some(MessageStatus::Queued),
        rule: Some(Rule::Courtesy),
        was_held: true,
        has_carrier_id: true,
        ..plain
    };
    let held = Reached { rule: Some(Rule::StateHours(State::Tx)), was_held: true, is_held: true, ..hold };
    let reached: Vec<Reached> = page.rows.iter().map(|(_, reached)| *reached).collect();
    assert_eq!((reached, page.next), (vec![sent, refused, held], Some(MessageId(uuid(13)))));
    let progress = Progress::of(&view.blasts().reckon(id, at(60)).await.expect("a reckoning"));
    let expected = [
        (Outcome::Sent, 1),
        (Outcome::Refused(Rule::NoConsent), 1),
        (Outcome::Held(Rule::StateHours(State::Tx)), 1),
        (Outcome::Refused(Rule::Stopped), 1),
    ];
    assert_eq!(progress, Progress(expected.into()));
    // its hour has come
    let progress = Progress::of(&view.blasts().reckon(id, at(80)).await.expect("a reckoning"));
    assert_eq!((progress.named("waiting"), progress.named("held"), progress.open()), (1, 0, 1));
}
