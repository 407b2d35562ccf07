//! What a store promises that finds and erases rows by person and by age, by the catalogue of the room `subject`.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{
    blasts::{blast, recipient},
    commit, is_conflict, unit, view,
};
use crate::{
    account::{User, UserZone},
    action::{Action, Event, EventType},
    blast::{Blast, Planned},
    change::Change,
    conformance::rows::{
        action, at, bare_registration, bare_voter, change, consent, delivery, endpoint, event, fax, file,
        held_mail, interest, lead, letter, message, number, references, registration, suppression, upload,
        user, uuid,
    },
    consent::{Choice, Entry},
    decision::Channel,
    file::{FileType, StoredFile},
    ids::{
        ActionId, BlastId, ConsentId, DeliveryId, EventId, FileId, InterestId, LetterId, MessageId,
        MoverLeadId, ReceiptId, RegistrationId, SubscriberId, UploadId, UserId, VoterId, parse_uuid,
    },
    listing::Tool,
    mail::HeldMail,
    page::PageRequest,
    person::{PersonName, Phone},
    ports::store::{Row, Store, StoreError, Unit, View},
    register::Registration,
    retention::Kind,
    search::{ListKey, Listed, Packing, SearchQuery, Terms, VoterList},
    sms::{Message, Number},
    subject::{Clue, Count, HOLDINGS, Holding, Receipt, SignedReceipt, What},
    subscription::Interest,
    voter::Voter,
    webhook::Delivery,
};

/// A test for every case of the room that finds rows by person.
#[macro_export]
macro_rules! subjects_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            subjects,
            [$($open)+],
            store::subjects,
            [
                rows_are_found_by_the_values_of_a_column,
                what_is_hidden_is_not_given_away,
                every_column_of_the_catalogue_can_be_asked_for,
                what_goes_is_gone_and_counted_and_nobody_elses,
                an_action_goes_with_what_leads_to_it,
                what_stays_says_nothing_personal_any_more,
                a_no_stays_and_says_nothing_else,
                files_are_discarded_and_keep_when_they_were,
                what_is_left_alone_stays_as_it_was,
                who_is_erased_is_searched_for_in_vain_packed_or_not,
                a_dropped_unit_erases_nobody,
                old_records_are_counted_and_listed_the_oldest_first,
                leads_are_as_old_as_their_last_change,
                what_nothing_hangs_on_is_deleted_some_at_a_time,
                deliveries_are_as_old_as_when_they_were_last_put_in_line,
                whom_a_blast_was_for_is_as_old_as_its_end,
                a_voter_to_whom_an_action_leads_is_never_too_old,
                every_kind_can_be_asked_for,
                receipts_come_back_as_they_were_signed,
                receipts_are_listed_the_newest_first,
            ]
        );
    };
}

fn holding(name: &str) -> &'static Holding {
    HOLDINGS.iter().find(|it| it.name == name).expect("it is in the catalogue")
}

fn clue(holding: &'static Holding, column: &str) -> &'static Clue {
    holding.clues.iter().find(|it| it.column == column).expect("rows are found by it")
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn ids(numbers: &[u128]) -> Vec<String> {
    numbers.iter().map(|number| uuid(*number).to_string()).collect()
}

async fn find(view: &mut dyn View, name: &str, column: &str, values: &[String]) -> Vec<Row> {
    let holding = holding(name);
    view.subjects().find(holding, clue(holding, column), values).await.expect("a read")
}

/// Which rows they are, by number.
async fn found(view: &mut dyn View, name: &str, column: &str, values: &[String]) -> Vec<u128> {
    let rows = find(view, name, column, values).await;
    let number = |row: &Row| Uuid::parse_str(row["uuid"].as_str().expect("a text")).expect("an id").as_u128();
    let mut numbers: Vec<u128> = rows.iter().map(number).collect();
    numbers.sort_unstable();
    numbers
}

async fn erase(unit: &mut dyn Unit, name: &str, column: &str, values: &[String]) -> u64 {
    let holding = holding(name);
    let erased = unit.subjects_mut().erase(holding, clue(holding, column), values, at(900)).await;
    erased.unwrap_or_else(|error| panic!("{name}.{column}: {error:?}"))
}

/// A registration of an action of its own.
async fn registered(unit: &mut dyn Unit, number: u128, email: &str, phone: &str, second: i64) {
    let action = Action { id: ActionId(uuid(number)), ..action(1) };
    unit.actions_mut().insert(&action).await.expect("an action");
    let registration = Registration {
        id: RegistrationId(uuid(number)),
        action: Some(action.id),
        email: Some(email.to_owned()),
        phone: Some(Phone::from_stored(phone.to_owned())),
        created_at: at(second),
        ..bare_registration()
    };
    unit.registrations_mut().insert(&registration).await.expect("a registration");
}

const ANA: &str = "Ana@Example.org";
const BEN: &str = "ben@example.org";
const PHONES: [&str; 2] = ["+16175550001", "+16175550002"];

async fn two_registered(unit: &mut dyn Unit) {
    registered(unit, 601, ANA, PHONES[0], 10).await;
    registered(unit, 602, BEN, PHONES[1], 20).await;
}

/// Mail addresses in lower case, however they are kept; ids as they are given.
pub async fn rows_are_found_by_the_values_of_a_column(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    two_registered(unit.as_mut()).await;
    let within = found(unit.as_mut(), "register_registration", "email", &texts(&["ana@example.org"])).await;
    assert_eq!(within, [601], "a unit sees what it wrote");
    commit(unit).await;
    let mut view = view(store).await;
    for (column, values, numbers) in [
        ("email", texts(&["ana@example.org"]), &[601][..]),
        ("email", texts(&["ana@example.org", "nobody@example.org", "ben@example.org"]), &[601, 602]),
        ("email", texts(&["nobody@example.org"]), &[]),
        ("email", Vec::new(), &[]),
        ("phone", texts(&[PHONES[1]]), &[602]),
        ("uuid", ids(&[500, 602]), &[500, 602]),
        ("uuid", vec![uuid(601).simple().to_string()], &[601]),
        ("uuid", vec![uuid(601).to_string().to_uppercase()], &[601]),
        ("action_id", ids(&[1, 601]), &[500, 601]),
    ] {
        let found = found(view.as_mut(), "register_registration", column, &values).await;
        assert_eq!(found, numbers, "{column}: {values:?}");
    }
    let rows = find(view.as_mut(), "register_registration", "uuid", &ids(&[500])).await;
    let [row] = &rows[..] else { panic!("{} rows", rows.len()) };
    assert_eq!(row["uuid"], uuid(500).to_string());
    assert_eq!(row["action_id"], uuid(1).to_string());
    assert_eq!(row["last_name"], "Nguyễn-Łukasz");
    assert_eq!(row["date_of_birth"], "1980-02-29");
    assert_eq!(row["state_id"], "MA");
    let made = row["created_at"].as_str().expect("a moment is a text");
    assert_eq!(DateTime::parse_from_rfc3339(made).expect("a moment").with_timezone(&Utc), at(10));
    let bare = find(view.as_mut(), "register_registration", "uuid", &ids(&[602])).await;
    assert_eq!(bare[0]["previous_city"], Value::Null, "every column is there");
}

/// Not even to the person.
pub async fn what_is_hidden_is_not_given_away(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.faxes_mut().insert(&fax(7)).await.expect("a fax");
    unit.accounts_mut().insert(&user(8, 0)).await.expect("a user");
    commit(unit).await;
    let mut view = view(store).await;
    for (name, column, value, shown) in [
        ("storage_storageitem", "uuid", uuid(1), "expires"),
        ("fax_fax", "storage_item_id", uuid(1), "status_message"),
        ("accounts_user", "uuid", uuid(8), "last_name"),
    ] {
        let rows = find(view.as_mut(), name, column, &[value.to_string()]).await;
        let [row] = &rows[..] else { panic!("{name}: {} rows", rows.len()) };
        assert!(row.contains_key(shown), "{name}");
        assert!(!holding(name).hidden.is_empty(), "{name}");
        for hidden in holding(name).hidden {
            assert!(!row.contains_key(*hidden), "{name}.{hidden}");
        }
    }
}

/// Of whatever table, also where there is nothing.
pub async fn every_column_of_the_catalogue_can_be_asked_for(store: &dyn Store) {
    let mut unit = unit(store).await;
    for holding in HOLDINGS {
        for clue in holding.clues {
            let nobody = if clue.set.is_text() { "nobody".to_owned() } else { uuid(999).to_string() };
            let about = format!("{}.{}", holding.name, clue.column);
            let values = [nobody];
            let rows = unit.subjects().find(holding, clue, &values).await;
            assert_eq!(rows.unwrap_or_else(|error| panic!("{about}: {error:?}")), Vec::new(), "{about}");
            let erased = unit.subjects_mut().erase(holding, clue, &values, at(0)).await;
            assert_eq!(erased.unwrap_or_else(|error| panic!("{about}: {error:?}")), 0, "{about}");
        }
    }
}

/// Again is no mistake.
pub async fn what_goes_is_gone_and_counted_and_nobody_elses(store: &dyn Store) {
    let mut unit = unit(store).await;
    two_registered(unit.as_mut()).await;
    registered(unit.as_mut(), 603, ANA, PHONES[1], 30).await;
    commit(unit).await;
    let mut unit = self::unit(store).await;
    let whom = texts(&["ana@example.org"]);
    for erased in [2, 0] {
        assert_eq!(erase(unit.as_mut(), "register_registration", "email", &whom).await, erased);
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (number, is_there) in [(601, false), (602, true), (603, false)] {
        let found = view.registrations().by_id(RegistrationId(uuid(number))).await.expect("a read");
        assert_eq!(found.is_some(), is_there, "{number}");
    }
}

/// In the order of the catalogue nothing is left that leads to what is gone.
pub async fn an_action_goes_with_what_leads_to_it(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let started = event(7, EventType::Start, 5);
    unit.actions_mut().record(&started).await.expect("an event");
    unit.movers_mut().insert(&lead(8)).await.expect("a lead");
    unit.letters_mut().insert(&letter(9)).await.expect("a letter");
    unit.webhooks_mut().insert_endpoint(&endpoint(10, 1, 0)).await.expect("an endpoint");
    unit.webhooks_mut().insert_delivery(&delivery(11, 10, 1, 5)).await.expect("a delivery");
    registered(unit.as_mut(), 602, BEN, PHONES[1], 20).await;
    let other = Event { id: EventId(uuid(12)), action: ActionId(uuid(602)), ..started };
    unit.actions_mut().record(&other).await.expect("an event");
    commit(unit).await;
    let mut unit = self::unit(store).await;
    let whose = ids(&[1]);
    for (name, column) in [
        ("register_registration", "action_id"),
        ("integration_moverlead", "blank_register_forms_action_id"),
        ("event_tracking_event", "action_id"),
        ("webhook_delivery", "action_id"),
        ("integration_link", "action_id"),
        ("action_action", "uuid"),
    ] {
        assert_eq!(erase(unit.as_mut(), name, column, &whose).await, 1, "{name}");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert!(view.actions().by_id(ActionId(uuid(1))).await.expect("a read").is_none());
    assert!(view.movers().by_id(MoverLeadId(uuid(8))).await.expect("a read").is_none());
    assert!(view.letters().by_id(LetterId(uuid(9))).await.expect("a read").is_none());
    assert!(view.webhooks().delivery(DeliveryId(uuid(11))).await.expect("a read").is_none());
    assert!(view.actions().events(ActionId(uuid(1))).await.expect("a read").is_empty());
    assert_eq!(view.actions().events(ActionId(uuid(602))).await.expect("a read").len(), 1);
}

/// Each row in its own way, so that none is taken for another.
pub async fn what_stays_says_nothing_personal_any_more(store: &dyn Store) {
    let mut unit = unit(store).await;
    for number in [8, 9, 10] {
        let active = User { is_active: true, is_election_admin: true, ..user(number, 0) };
        unit.accounts_mut().insert(&active).await.expect("a user");
    }
    for number in [20, 21] {
        let mut wish = interest(number, 0);
        wish.contact.email = Some(if number == 20 { ANA } else { BEN }.to_owned());
        unit.subscriptions_mut().insert_interest(&wish).await.expect("a wish");
    }
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    let voter = Voter { id: VoterId(uuid(30)), ..bare_voter() };
    unit.voters_mut().insert(&voter).await.expect("a voter");
    unit.voters_mut().link(ActionId(uuid(1)), Some(voter.id), at(5)).await.expect("it is linked");
    commit(unit).await;

    let mut unit = self::unit(store).await;
    let whom = texts(&["user8@example.org", "user9@example.org"]);
    assert_eq!(erase(unit.as_mut(), "accounts_user", "email", &whom).await, 0);
    assert_eq!(erase(unit.as_mut(), "subscription_interest", "email", &texts(&["ana@example.org"])).await, 0);
    assert_eq!(erase(unit.as_mut(), "action_action.voter_id", "voter_id", &ids(&[30])).await, 0);
    assert_eq!(erase(unit.as_mut(), "voter_voter", "uuid", &ids(&[30])).await, 1);
    commit(unit).await;

    let mut view = view(store).await;
    let mut addresses = Vec::new();
    for number in [8, 9] {
        let left = view.accounts().by_id(UserId(uuid(number))).await.expect("a read").expect("it stays");
        let before = user(number, 0);
        let expected = User {
            email: left.email.clone(),
            first_name: String::new(),
            last_name: String::new(),
            password: None,
            is_active: false,
            is_staff: false,
            is_superuser: false,
            is_election_admin: false,
            is_subscriber_admin: false,
            is_esign_admin: false,
            time_zone: UserZone::default(),
            ..before
        };
        assert!(left == expected, "{number}");
        assert!(left.email.starts_with("forgotten-"), "{number}");
        addresses.push(left.email);
    }
    assert_ne!(addresses[0], addresses[1]);
    let other = view.accounts().by_id(UserId(uuid(10))).await.expect("a read").expect("it stays");
    assert_eq!((other.email.as_str(), other.is_active), ("User10@Example.org", true));
    for (number, is_cleared) in [(20, true), (21, false)] {
        let found = view.subscriptions().interest(InterestId(uuid(number))).await.expect("a read");
        let left: Interest = found.expect("it stays");
        assert_eq!(left.contact.email.is_none(), is_cleared, "{number}");
        assert_eq!(left.contact.phone.is_none(), is_cleared, "{number}");
        assert_eq!(left.organization_name, interest(1, 0).organization_name, "{number}");
    }
    assert_eq!(view.voters().of_action(ActionId(uuid(1))).await.expect("a read"), None);
    assert!(view.actions().by_id(ActionId(uuid(1))).await.expect("a read").is_some());
}

/// A yes goes, as does a number that agreed to everything.
pub async fn a_no_stays_and_says_nothing_else(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    let stopped = number();
    let fine = Number {
        phone: Phone::from_stored(PHONES[0].to_owned()),
        id: uuid(701),
        opted_out_at: None,
        ..stopped.clone()
    };
    for number in [&stopped, &fine] {
        unit.messages_mut().lock_or_insert(number).await.expect("a number");
    }
    let mut no = Entry { id: ConsentId(uuid(2)), ..consent(1) };
    no.mark.choice = Choice::Stopped;
    let mail = Entry {
        id: ConsentId(uuid(3)),
        channel: Channel::Email,
        address: "ana@example.org".to_owned(),
        ..consent(1)
    };
    for entry in [&consent(1), &no, &mail] {
        unit.consents_mut().insert(entry).await.expect("an entry");
    }
    commit(unit).await;

    let mut unit = self::unit(store).await;
    let both = texts(&[stopped.phone.e164(), fine.phone.e164()]);
    assert_eq!(erase(unit.as_mut(), "smsbot_number", "phone", &both).await, 1);
    let addresses = texts(&[stopped.phone.e164(), "ana@example.org"]);
    assert_eq!(erase(unit.as_mut(), "consent_entry", "address", &addresses).await, 2);
    commit(unit).await;

    let mut view = view(store).await;
    assert_eq!(view.messages().number(&fine.phone).await.expect("a read"), None);
    let left = view.messages().number(&stopped.phone).await.expect("a read");
    assert_eq!(left, Some(Number { welcomed_at: None, language: None, ..stopped.clone() }));
    let entries = view.consents().of(Channel::Sms, stopped.phone.e164()).await.expect("a read");
    assert!(entries == [Entry { text: None, language: None, context: None, ..no }], "{entries:?}");
    assert!(view.consents().of(Channel::Email, "ana@example.org").await.expect("a read").is_empty());
}

/// From then on no link leads to them; when one was discarded before stays so.
pub async fn files_are_discarded_and_keep_when_they_were(store: &dyn Store) {
    let mut unit = unit(store).await;
    let old = StoredFile { purged: Some(at(60)), ..file(2, FileType::RegForm, 0) };
    for file in [&file(1, FileType::RegForm, 0), &old, &file(3, FileType::RegForm, 0)] {
        unit.files_mut().insert(file).await.expect("a file");
    }
    unit.files_mut().set_preview(FileId(uuid(3)), FileId(uuid(1))).await.expect("a preview");
    for number in [4, 5] {
        unit.uploads_mut().insert(&upload(number, 0)).await.expect("an upload");
    }
    commit(unit).await;
    let mut unit = self::unit(store).await;
    assert_eq!(found(unit.as_mut(), "storage_storageitem", "preview_of_id", &ids(&[1])).await, [3]);
    assert_eq!(erase(unit.as_mut(), "storage_storageitem", "uuid", &ids(&[1, 2])).await, 0);
    assert_eq!(erase(unit.as_mut(), "storage_secureuploaditem", "uuid", &ids(&[4])).await, 0);
    commit(unit).await;
    let mut view = view(store).await;
    for (number, purged) in [(1, at(900)), (2, at(60))] {
        let left = view.files().by_id(FileId(uuid(number))).await.expect("a read").expect("it stays");
        let expected = StoredFile {
            purged: Some(purged),
            email: None,
            name: String::new(),
            imported_token_hash: None,
            modified_at: at(900),
            ..file(number, FileType::RegForm, 0)
        };
        assert_eq!(left, expected, "the bytes are still to be deleted");
    }
    let other = view.files().by_id(FileId(uuid(3))).await.expect("a read");
    assert_eq!(other, Some(file(3, FileType::RegForm, 0)));
    for (number, is_discarded) in [(4, true), (5, false)] {
        let left = view.uploads().by_id(UploadId(uuid(number))).await.expect("a read").expect("it stays");
        assert_eq!(left.purged.is_some(), is_discarded, "{number}");
    }
    let undeleted = view.files().undeleted(10).await.expect("a read");
    let mut undeleted: Vec<u128> = undeleted.iter().map(|it| it.id.0.as_u128()).collect();
    undeleted.sort_unstable();
    assert_eq!(undeleted, [1, 2]);
}

/// Where the catalogue says so.
pub async fn what_is_left_alone_stays_as_it_was(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.suppressions_mut().lock_or_insert(&suppression()).await.expect("a suppression");
    commit(unit).await;
    let key = suppression().address.0.to_string();
    let mut unit = self::unit(store).await;
    let before = find(unit.as_mut(), "email_suppression", "address_key", std::slice::from_ref(&key)).await;
    assert_eq!(before.len(), 1);
    let erased = erase(unit.as_mut(), "email_suppression", "address_key", std::slice::from_ref(&key)).await;
    assert_eq!(erased, 0);
    let after = find(unit.as_mut(), "email_suppression", "address_key", &[key]).await;
    assert_eq!(after, before);
}

/// And whoever was packed beside them is found as before.
pub async fn who_is_erased_is_searched_for_in_vain_packed_or_not(store: &dyn Store) {
    let list = VoterList { subscriber: SubscriberId(uuid(1)), tool: Tool::Register };
    let terms = |first: &str| {
        let name = PersonName { first: Some(first.to_owned()), ..PersonName::default() };
        Terms::of(&name, Some("one@example.org"))
    };
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for number in 2..=10 {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
    let entry = |number: u128| {
        let second = i64::try_from(number).expect("a small number");
        let key = ListKey { created_at: at(second), action: ActionId(uuid(number)) };
        Listed { list, key, terms: terms(if number.is_multiple_of(2) { "Even" } else { "Odd" }) }
    };
    for number in 1..=8 {
        unit.search_mut().insert(&entry(number)).await.expect("an entry");
    }
    commit(unit).await;
    let mut unit = self::unit(store).await;
    while unit.search_mut().pack(Packing { from: 1, block: 4 }).await.expect("a packing") {}
    for number in [9, 10] {
        unit.search_mut().insert(&entry(number)).await.expect("an entry");
    }
    commit(unit).await;

    let mut unit = self::unit(store).await;
    let whose = ids(&[3, 4, 9]);
    let mut erased = 0;
    for name in ["search_fresh", "search_entry"] {
        erased += erase(unit.as_mut(), name, "action_id", &whose).await;
    }
    assert_eq!(erased, 3);
    commit(unit).await;
    let mut view = view(store).await;
    for (words, numbers) in
        [("odd", &[7, 5, 1][..]), ("even", &[10, 8, 6, 2]), ("one", &[10, 8, 7, 6, 5, 2, 1])]
    {
        let page = PageRequest { after: None, limit: 50 };
        let page = view.search().find(list, &SearchQuery::parse(words), page).await.expect("a search");
        let found: Vec<u128> = page.rows.iter().map(|key| key.action.0.as_u128()).collect();
        assert_eq!(found, numbers, "{words}");
    }
}

/// As all that is done in a unit.
pub async fn a_dropped_unit_erases_nobody(store: &dyn Store) {
    let mut unit = unit(store).await;
    two_registered(unit.as_mut()).await;
    commit(unit).await;
    let mut unit = self::unit(store).await;
    let whom = texts(&["ana@example.org"]);
    assert_eq!(erase(unit.as_mut(), "register_registration", "email", &whom).await, 1);
    assert!(found(unit.as_mut(), "register_registration", "email", &whom).await.is_empty());
    unit.subjects_mut().insert_receipt(&receipt(1, at(5))).await.expect("a receipt");
    drop(unit);
    let mut view = view(store).await;
    assert_eq!(found(view.as_mut(), "register_registration", "email", &whom).await, [601]);
    assert!(view.subjects().receipts(10).await.expect("a read").is_empty());
}

async fn older(view: &mut dyn View, kind: Kind, second: i64, limit: u32) -> Vec<u128> {
    let ids = view.subjects().older(kind, at(second), limit).await.expect("a read");
    ids.iter().map(|id| parse_uuid(id).expect("an id").as_u128()).collect()
}

async fn count(view: &mut dyn View, kind: Kind, second: i64) -> u64 {
    view.subjects().count_older(kind, at(second)).await.expect("a read")
}

/// What is from that very moment is not older; of the same moment by id.
pub async fn old_records_are_counted_and_listed_the_oldest_first(store: &dyn Store) {
    let mut unit = unit(store).await;
    for (number, second) in [(605, 10), (601, 30), (603, 20), (602, 20), (604, 40)] {
        registered(unit.as_mut(), number, ANA, PHONES[0], second).await;
    }
    commit(unit).await;
    let mut view = view(store).await;
    let kind = Kind::Registrations;
    for (second, numbers) in
        [(10, &[][..]), (11, &[605]), (30, &[605, 602, 603]), (99, &[605, 602, 603, 601, 604])]
    {
        assert_eq!(older(view.as_mut(), kind, second, 50).await, numbers, "{second}");
        assert_eq!(count(view.as_mut(), kind, second).await, numbers.len() as u64, "{second}");
    }
    assert_eq!(older(view.as_mut(), kind, 99, 2).await, [605, 602]);
    assert_eq!(count(view.as_mut(), Kind::BallotRequests, 99).await, 0);
}

/// And not as when they came: a letter that was made last week is not to be forgotten this week.
pub async fn leads_are_as_old_as_their_last_change(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for (number, made, changed) in [(8, 10, 50), (9, 20, 30)] {
        let mut lead = lead(number);
        (lead.created_at, lead.modified_at) = (at(made), at(changed));
        unit.movers_mut().insert(&lead).await.expect("a lead");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert_eq!(older(view.as_mut(), Kind::MoverLeads, 50, 50).await, [9]);
    assert_eq!(older(view.as_mut(), Kind::MoverLeads, 51, 50).await, [9, 8]);
    assert_eq!(count(view.as_mut(), Kind::MoverLeads, 50).await, 1);
}

/// The oldest first.
pub async fn what_nothing_hangs_on_is_deleted_some_at_a_time(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.messages_mut().lock_or_insert(&number()).await.expect("a number");
    for (number, second) in [(31, 20), (32, 10), (33, 30)] {
        let text = Message { created_at: at(second), ..message(number) };
        unit.messages_mut().insert(&text).await.expect("a text");
        let mail = HeldMail { decided_at: at(second), ..held_mail(number) };
        unit.mails_mut().note_held(&mail).await.expect("a mail");
        let entry = Change { at: at(second), ..change(number, 0) };
        unit.changes_mut().insert(&entry).await.expect("a change");
    }
    commit(unit).await;
    let mut unit = self::unit(store).await;
    for kind in [Kind::Texts, Kind::HeldMails, Kind::Changes] {
        for (limit, deleted) in [(1, 1), (5, 1), (5, 0)] {
            let gone = unit.subjects_mut().delete_older(kind, at(30), limit).await.expect("a deletion");
            assert_eq!(gone, deleted, "{kind:?}");
            assert_eq!(count(unit.as_mut(), kind, 30).await, 2 - 1 - u64::from(limit > 1), "{kind:?}");
        }
        assert_eq!(count(unit.as_mut(), kind, 31).await, 1, "{kind:?}");
    }
    for (number, is_there) in [(31, false), (32, false), (33, true)] {
        let text = unit.messages().by_id(MessageId(uuid(number))).await.expect("a read");
        assert_eq!(text.is_some(), is_there, "{number}");
    }
}

/// So one that is to be sent again is not deleted before it was tried for as long as any other.
pub async fn deliveries_are_as_old_as_when_they_were_last_put_in_line(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.webhooks_mut().insert_endpoint(&endpoint(1, 1, 0)).await.expect("an endpoint");
    for (number, happened, queued) in [(21, 10, 60), (22, 20, 21), (23, 30, 31)] {
        let told = Delivery { about: None, queued_at: at(queued), ..delivery(number, 1, 1, happened) };
        unit.webhooks_mut().insert_delivery(&told).await.expect("a delivery");
    }
    commit(unit).await;
    let mut unit = self::unit(store).await;
    assert_eq!(older(unit.as_mut(), Kind::Deliveries, 60, 50).await, [22, 23]);
    for (limit, deleted) in [(1, 1), (5, 1), (5, 0)] {
        let gone = unit.subjects_mut().delete_older(Kind::Deliveries, at(60), limit).await;
        assert_eq!(gone.expect("a deletion"), deleted);
    }
    for (number, is_there) in [(21, true), (22, false), (23, false)] {
        let left = unit.webhooks().delivery(DeliveryId(uuid(number))).await.expect("a read");
        assert_eq!(left.is_some(), is_there, "{number}");
    }
}

/// One that is not done is for nobody too long.
pub async fn whom_a_blast_was_for_is_as_old_as_its_end(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for (number, finished_at) in [(1, Some(at(10))), (2, None), (3, Some(at(30)))] {
        let blast = Blast { id: BlastId(uuid(number)), finished_at, ..blast(1) };
        unit.blasts_mut().insert(&blast).await.expect("a blast");
        let person = recipient(number + 10, PHONES[0], Planned::Send);
        unit.blasts_mut().add(blast.id, &[person]).await.expect("somebody");
    }
    commit(unit).await;
    let mut unit = self::unit(store).await;
    assert_eq!(older(unit.as_mut(), Kind::Recipients, 30, 50).await, [11]);
    assert_eq!(count(unit.as_mut(), Kind::Recipients, 31).await, 2);
    assert_eq!(unit.subjects_mut().delete_older(Kind::Recipients, at(31), 5).await.expect("a deletion"), 2);
    let left = found(unit.as_mut(), "blast_recipient", "phone", &texts(&[PHONES[0]])).await;
    assert_eq!(left, [12]);
}

/// They go when the last action goes.
pub async fn a_voter_to_whom_an_action_leads_is_never_too_old(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    for (number, second) in [(30, 10), (31, 20), (32, 30)] {
        let voter = Voter { id: VoterId(uuid(number)), modified_at: at(second), ..bare_voter() };
        unit.voters_mut().insert(&voter).await.expect("a voter");
    }
    unit.voters_mut().link(ActionId(uuid(1)), Some(VoterId(uuid(30))), at(5)).await.expect("it is linked");
    commit(unit).await;
    let mut unit = self::unit(store).await;
    assert_eq!(older(unit.as_mut(), Kind::Voters, 30, 50).await, [31]);
    assert_eq!(unit.subjects_mut().delete_older(Kind::Voters, at(99), 1).await.expect("a deletion"), 1);
    assert_eq!(older(unit.as_mut(), Kind::Voters, 99, 50).await, [32]);
    assert_eq!(erase(unit.as_mut(), "action_action", "uuid", &ids(&[1])).await, 1);
    assert_eq!(older(unit.as_mut(), Kind::Voters, 99, 50).await, [30, 32]);
}

/// Also where there is nothing.
pub async fn every_kind_can_be_asked_for(store: &dyn Store) {
    let mut unit = unit(store).await;
    for kind in Kind::ALL {
        let of = |error: StoreError| -> u64 { panic!("{kind:?}: {error:?}") };
        assert_eq!(unit.subjects().count_older(kind, at(0)).await.unwrap_or_else(of), 0, "{kind:?}");
        let ids = unit.subjects().older(kind, at(0), 5).await;
        assert_eq!(ids.unwrap_or_else(|error| panic!("{kind:?}: {error:?}")), Vec::<String>::new());
        if !kind.aging().is_record {
            let deleted = unit.subjects_mut().delete_older(kind, at(0), 5).await;
            assert_eq!(deleted.unwrap_or_else(of), 0, "{kind:?}");
        }
    }
}

fn receipt(number: u128, at: DateTime<Utc>) -> SignedReceipt {
    let counts = Count { deleted: 2, kept: 1, ids: ids(&[7, 8]) };
    SignedReceipt {
        receipt: Receipt {
            id: ReceiptId(uuid(number)),
            what: What::Deletion,
            at,
            by: Some(UserId(uuid(41))),
            subject: texts(&["0f3e", "ab12"]),
            tables: BTreeMap::from([("register_registration".to_owned(), counts)]),
        },
        signature: format!("{number:064x}"),
    }
}

/// To the last digit, or they would not be ours any more.
pub async fn receipts_come_back_as_they_were_signed(store: &dyn Store) {
    let whole = receipt(1, at(5) + TimeDelta::microseconds(7));
    let mut bare = receipt(2, at(6) + TimeDelta::nanoseconds(1_001));
    (bare.receipt.by, bare.receipt.what) = (None, What::Export);
    bare.receipt.tables.clear();
    let mut unit = unit(store).await;
    for receipt in [&whole, &bare] {
        unit.subjects_mut().insert_receipt(receipt).await.expect("a receipt");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for receipt in [whole, bare] {
        let kept = view.subjects().receipt(receipt.receipt.id).await.expect("a read");
        assert_eq!(kept, Some(receipt));
    }
    assert_eq!(view.subjects().receipt(ReceiptId(uuid(3))).await.expect("a read"), None);
    drop(view);
    let mut unit = self::unit(store).await;
    let outcome = unit.subjects_mut().insert_receipt(&receipt(1, at(9))).await;
    assert!(is_conflict(&outcome), "{outcome:?}");
}

/// So many.
pub async fn receipts_are_listed_the_newest_first(store: &dyn Store) {
    let mut unit = unit(store).await;
    for (number, second) in [(1, 20), (2, 10), (3, 30), (4, 20)] {
        unit.subjects_mut().insert_receipt(&receipt(number, at(second))).await.expect("a receipt");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (limit, numbers) in [(10, &[3, 4, 1, 2][..]), (2, &[3, 4])] {
        let receipts = view.subjects().receipts(limit).await.expect("a read");
        let listed: Vec<u128> = receipts.iter().map(|it| it.receipt.id.0.as_u128()).collect();
        assert_eq!(listed, numbers);
    }
}
