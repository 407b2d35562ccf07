//! What the room of signed requests and the offices they go to promises.

use super::{commit, unit, view};
use crate::{
    absentee::{
        Application, BallotRequest, ContactOverride, HandOver, Reach, RegionLink, SentAs, SentCount, SentKey,
        SubmissionType,
    },
    action::{Action, Event, EventType},
    address::State,
    conformance::rows::{
        action, address, at, bare_ballot_request, contact_override, office, region, slug, state, subscriber,
        uuid,
    },
    ids::{ActionId, BallotRequestId, EventId, OfficeAddressId, OfficeId, RegionId, SubscriberId},
    official::{Office, OfficeAddress, Region},
    page::PageRequest,
    person::{PersonName, Phone},
    ports::store::{Store, Unit},
};

/// A test for every case of the room of signed requests and the offices they go to.
#[macro_export]
macro_rules! esign_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            esign,
            [$($open)+],
            store::esign,
            [
                a_region_is_reached_as_its_offices_and_administrators_say,
                regions_that_are_hidden_or_gone_are_not_counted,
                regions_that_are_reached_alike_are_counted_together,
                what_went_out_is_counted_by_region_way_and_time,
                forms_that_went_to_voters_by_letter_are_counted_once_they_asked_for_them,
                an_application_is_listed_once_where_it_went_last,
                applications_of_a_region_are_those_of_it_alone,
                applications_come_page_by_page,
                links_come_by_state_and_name,
            ]
        );
    };
}

/// A region of a state with one office that has one address.
async fn put_region(unit: &mut dyn Unit, id: i64, name: &str, of: State, email: &str, fax: &str) {
    let known = Region { state: Some(of), hidden: false, ..region(id, Some(name)) };
    unit.officials_mut().put_region(&known).await.expect("a region");
    let of_region = Office { region: Some(RegionId(id)), ..office(id) };
    unit.officials_mut().put_office(&of_region).await.expect("an office");
    let reached = OfficeAddress {
        id: Some(OfficeAddressId(id)),
        office: Some(OfficeId(id)),
        state: Some(of),
        email: (!email.is_empty()).then(|| email.into()),
        fax: (!fax.is_empty()).then(|| Phone::from_stored(fax.into())),
        ..address(id, id, true)
    };
    unit.officials_mut().put_address(&reached).await.expect("an address");
}

/// Regions of Massachusetts 11 (by mail), 12 (by fax), 13 (neither), 14 (neither, but an administrator knows a fax), and of
/// New York 21 (both).
async fn regions(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    for code in [State::Ma, State::Ny] {
        unit.elections_mut().put_state(&state(code)).await.expect("a state");
    }
    let it = unit.as_mut();
    put_region(it, 11, "Adams", State::Ma, "adams@example.org", "").await;
    put_region(it, 12, "Bath", State::Ma, " ", "+16175557891").await;
    put_region(it, 13, "Chester", State::Ma, "", "").await;
    put_region(it, 14, "Dover", State::Ma, "", "").await;
    put_region(it, 21, "Albany", State::Ny, "albany@example.org", "+15185557891").await;
    let known = ContactOverride {
        region: RegionId(14),
        method: Some(SubmissionType::LeoFax),
        email: None,
        ..contact_override()
    };
    unit.ballot_requests_mut().put_contact_override(&known).await.expect("an override");
    put_link(unit.as_mut(), 12, "https://bath.example.org/").await;
    unit
}

async fn put_link(unit: &mut dyn Unit, region: i64, url: &str) {
    let link =
        RegionLink { region: RegionId(region), url: url.into(), created_at: at(1), modified_at: at(2) };
    unit.ballot_requests_mut().put_region_link(&link).await.expect("a page");
}

const NOTHING: Reach = Reach { only: None, has_override: false, has_link: false, email: false, fax: false };

/// An address of blanks is none.
pub async fn a_region_is_reached_as_its_offices_and_administrators_say(store: &dyn Store) {
    commit(regions(store).await).await;
    let mut view = view(store).await;
    let found = view.esign().regions(State::Ma).await.expect("a read");
    let found: Vec<(i64, Reach)> = found.into_iter().map(|it| (it.region.id.0, it.reach)).collect();
    let only = Some(SubmissionType::LeoFax);
    assert_eq!(
        found,
        [
            (11, Reach { email: true, ..NOTHING }),
            (12, Reach { fax: true, has_link: true, ..NOTHING }),
            (13, NOTHING),
            (14, Reach { only, has_override: true, fax: true, ..NOTHING }),
        ]
    );
    assert!(view.esign().regions(State::Pa).await.expect("a read").is_empty());
}

/// Nor are they listed.
pub async fn regions_that_are_hidden_or_gone_are_not_counted(store: &dyn Store) {
    let mut unit = regions(store).await;
    let hidden = Region { state: Some(State::Ny), hidden: true, ..region(22, Some("Bronx")) };
    unit.officials_mut().put_region(&hidden).await.expect("a region");
    let nowhere = Region { state: None, hidden: false, ..region(23, Some("Nowhere")) };
    unit.officials_mut().put_region(&nowhere).await.expect("a region");
    unit.office_lists_mut().retire_region(RegionId(13), at(40), None).await.expect("a region goes");
    commit(unit).await;
    let mut view = view(store).await;
    let counted: u64 = view.esign().states().await.expect("a read").iter().map(|it| it.regions).sum();
    assert_eq!(counted, 4);
    let listed = view.esign().regions(State::Ma).await.expect("a read");
    assert_eq!(listed.iter().map(|it| it.region.id.0).collect::<Vec<_>>(), [11, 12, 14]);
}

/// State by state.
pub async fn regions_that_are_reached_alike_are_counted_together(store: &dyn Store) {
    let mut unit = regions(store).await;
    put_region(unit.as_mut(), 15, "Essex", State::Ma, "essex@example.org", "").await;
    commit(unit).await;
    let mut found = view(store).await.esign().states().await.expect("a read");
    found.sort_by_key(|it| (it.state.code(), it.reach));
    let found: Vec<(&str, Reach, u64)> =
        found.into_iter().map(|it| (it.state.code(), it.reach, it.regions)).collect();
    let only = Some(SubmissionType::LeoFax);
    assert_eq!(
        found,
        [
            ("MA", NOTHING, 1),
            ("MA", Reach { email: true, ..NOTHING }, 2),
            ("MA", Reach { fax: true, has_link: true, ..NOTHING }, 1),
            ("MA", Reach { only, has_override: true, fax: true, ..NOTHING }, 1),
            ("NY", Reach { email: true, fax: true, ..NOTHING }, 1),
        ]
    );
}

/// The request with that number, of the action with it, and what happened to it.
async fn put_request(unit: &mut dyn Unit, number: u128, region: Option<i64>, events: &[(EventType, i64)]) {
    unit.actions_mut()
        .insert(&Action { last_voter_lookup: None, ..action(number) })
        .await
        .expect("an action");
    let request = BallotRequest {
        id: BallotRequestId(uuid(number + 1_000)),
        action: Some(ActionId(uuid(number))),
        subscriber: Some(SubscriberId(uuid(1))),
        name: PersonName { first: Some(format!("Jo{number}")), ..PersonName::default() },
        email: Some(format!("jo{number}@example.org")),
        region: region.map(RegionId),
        ..bare_ballot_request()
    };
    unit.ballot_requests_mut().insert(&request).await.expect("a request");
    for (index, (kind, second)) in events.iter().enumerate() {
        let event = Event {
            id: EventId(uuid(number * 100 + index as u128)),
            action: ActionId(uuid(number)),
            kind: *kind,
            created_at: at(*second),
        };
        unit.actions_mut().record(&event).await.expect("an event");
    }
}

/// 101 went by mail at 50 and again at 60, 102 by fax at 70, 103 by mail at 40 without a region, 104 was printed, 105 went
/// by fax and then by mail at one moment.
async fn requests(store: &dyn Store) -> Box<dyn Unit> {
    use EventType::{FinishLeo, FinishLeoFaxPending, FinishLeoFaxSent, FinishPrint};
    let mut unit = regions(store).await;
    unit.subscribers_mut().insert(&subscriber(1, 0)).await.expect("a subscriber");
    unit.subscribers_mut().insert_slug(&slug(1, "one")).await.expect("a slug");
    let it = unit.as_mut();
    put_request(it, 101, Some(11), &[(FinishLeo, 50), (FinishLeo, 60)]).await;
    put_request(it, 102, Some(11), &[(FinishLeoFaxPending, 70), (FinishLeoFaxSent, 71)]).await;
    put_request(it, 103, None, &[(FinishLeo, 40)]).await;
    put_request(it, 104, Some(11), &[(FinishPrint, 90)]).await;
    put_request(it, 105, Some(12), &[(FinishLeoFaxPending, 80), (FinishLeo, 80)]).await;
    unit
}

/// An action counts once each way; what was before does not count.
pub async fn what_went_out_is_counted_by_region_way_and_time(store: &dyn Store) {
    commit(requests(store).await).await;
    let mut view = view(store).await;
    let mut found = view.esign().sent_counts(None, at(50), at(65)).await.expect("a read");
    found.sort_by_key(|it| (it.region, it.sent_as));
    assert_eq!(
        found,
        [
            counted(11, HandOver::Email, 1, 0),
            counted(11, HandOver::Fax, 1, 1),
            counted(12, HandOver::Email, 1, 1),
            counted(12, HandOver::Fax, 1, 1),
        ]
    );
    let mut late = view.esign().sent_counts(None, at(70), at(81)).await.expect("a read");
    late.sort_by_key(|it| (it.region, it.sent_as));
    assert_eq!(
        late,
        [
            counted(11, HandOver::Fax, 1, 0),
            counted(12, HandOver::Email, 1, 0),
            counted(12, HandOver::Fax, 1, 0),
        ]
    );
}

fn counted(region: i64, by: HandOver, since: u64, lately: u64) -> SentCount {
    SentCount { region: RegionId(region), sent_as: SentAs::Request(by), since, lately }
}

/// 106's letter was asked for twice, 107's offered alone, 108's long ago; 109's went by mail, too. Nobody counts that of
/// somebody who registers, nor one of no region. Letters are no applications: no office got anything.
pub async fn forms_that_went_to_voters_by_letter_are_counted_once_they_asked_for_them(store: &dyn Store) {
    use EventType::{FinishLeo, FinishLob, FinishLobConfirm, LobMailed};
    let mut unit = requests(store).await;
    let it = unit.as_mut();
    let mailed = [(FinishLob, 54), (FinishLobConfirm, 55), (FinishLobConfirm, 66), (LobMailed, 67)];
    put_request(it, 106, Some(13), &mailed).await;
    put_request(it, 107, Some(13), &[(FinishLob, 66)]).await;
    put_request(it, 108, Some(13), &[(FinishLobConfirm, 49), (LobMailed, 66)]).await;
    put_request(it, 109, Some(11), &[(FinishLeo, 51), (FinishLobConfirm, 52)]).await;
    put_request(it, 110, None, &[(FinishLobConfirm, 66)]).await;
    put_request(it, 111, Some(13), &[(FinishLobConfirm, 50)]).await;
    let registers = Action { last_voter_lookup: None, ..action(112) };
    unit.actions_mut().insert(&registers).await.expect("an action");
    let confirmed =
        Event { id: EventId(uuid(11_200)), action: registers.id, kind: FinishLobConfirm, created_at: at(66) };
    unit.actions_mut().record(&confirmed).await.expect("an event");
    commit(unit).await;
    let mut view = view(store).await;
    let mut found = view.esign().sent_counts(None, at(50), at(65)).await.expect("a read");
    found.sort_by_key(|it| (it.region, it.sent_as));
    let forms =
        |region, since, lately| SentCount { region: RegionId(region), sent_as: SentAs::Form, since, lately };
    assert_eq!(
        found,
        [
            counted(11, HandOver::Email, 2, 0),
            counted(11, HandOver::Fax, 1, 1),
            forms(11, 1, 0),
            counted(12, HandOver::Email, 1, 1),
            counted(12, HandOver::Fax, 1, 1),
            forms(13, 2, 1),
        ]
    );
    for (region, expected) in [
        (11, vec![counted(11, HandOver::Email, 2, 0), counted(11, HandOver::Fax, 1, 1), forms(11, 1, 0)]),
        (13, vec![forms(13, 2, 1)]),
        (21, vec![]),
    ] {
        let of_one = view.esign().sent_counts(Some(RegionId(region)), at(50), at(65)).await;
        let mut of_one = of_one.expect("a read");
        of_one.sort_by_key(|it| (it.region, it.sent_as));
        assert_eq!(of_one, expected, "{region}");
    }
    let all = PageRequest { after: None, limit: 10 };
    let listed = view.esign().applications(Some(RegionId(13)), all).await.expect("a read");
    assert!(listed.rows.is_empty(), "a letter is an application");
}

fn key(second: i64, action: u128) -> SentKey {
    SentKey { at: at(second), action: ActionId(uuid(action)) }
}

/// Of one moment the event with the greater id is the last. All that is shown of it comes along.
pub async fn an_application_is_listed_once_where_it_went_last(store: &dyn Store) {
    commit(requests(store).await).await;
    let all = PageRequest { after: None, limit: 10 };
    let found = view(store).await.esign().applications(None, all).await.expect("a read");
    assert_eq!(found.next, None);
    let keys: Vec<SentKey> = found.rows.iter().map(|it| it.sent).collect();
    assert_eq!(keys, [key(80, 105), key(70, 102), key(60, 101), key(40, 103)]);
    let ways: Vec<HandOver> = found.rows.iter().map(|it| it.by).collect();
    assert_eq!(ways, [HandOver::Email, HandOver::Fax, HandOver::Email, HandOver::Email]);
    let whole = Application {
        request: BallotRequestId(uuid(1_101)),
        sent: key(60, 101),
        by: HandOver::Email,
        name: PersonName { first: Some("Jo101".into()), ..PersonName::default() },
        email: Some("jo101@example.org".into()),
        state: None,
        region: Some(RegionId(11)),
        region_name: Some("Adams".into()),
        subscriber_name: Some(subscriber(1, 0).name),
    };
    assert!(found.rows[2] == whole, "another application than that of Jo101");
    assert_eq!((found.rows[3].region, &found.rows[3].region_name), (None, &None));
}

/// Another region's are not seen.
pub async fn applications_of_a_region_are_those_of_it_alone(store: &dyn Store) {
    commit(requests(store).await).await;
    let mut view = view(store).await;
    for (region, expected) in [(11, vec![key(70, 102), key(60, 101)]), (12, vec![key(80, 105)]), (13, vec![])]
    {
        let all = PageRequest { after: None, limit: 10 };
        let found = view.esign().applications(Some(RegionId(region)), all).await.expect("a read");
        assert_eq!(found.rows.iter().map(|it| it.sent).collect::<Vec<_>>(), expected, "{region}");
    }
}

/// Of all regions and of one.
pub async fn applications_come_page_by_page(store: &dyn Store) {
    commit(requests(store).await).await;
    let mut view = view(store).await;
    for (region, expected) in [
        (None, vec![key(80, 105), key(70, 102), key(60, 101), key(40, 103)]),
        (Some(RegionId(11)), vec![key(70, 102), key(60, 101)]),
    ] {
        let (mut after, mut found) = (None, Vec::new());
        loop {
            let page = view.esign().applications(region, PageRequest { after, limit: 1 }).await;
            let page = page.expect("a read");
            assert!(page.rows.len() <= 1);
            found.extend(page.rows.iter().map(|it| it.sent));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected);
    }
}

/// Those of regions that are hidden or gone too: somebody wrote them.
pub async fn links_come_by_state_and_name(store: &dyn Store) {
    let mut unit = regions(store).await;
    put_link(unit.as_mut(), 21, "https://albany.example.org/").await;
    put_link(unit.as_mut(), 11, "https://adams.example.org/").await;
    unit.office_lists_mut().retire_region(RegionId(11), at(40), None).await.expect("a region goes");
    commit(unit).await;
    let found = view(store).await.esign().links().await.expect("a read");
    let found: Vec<_> = found
        .iter()
        .map(|it| (it.link.region.0, it.state, it.name.as_deref(), it.link.url.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (11, Some(State::Ma), Some("Adams"), "https://adams.example.org/"),
            (12, Some(State::Ma), Some("Bath"), "https://bath.example.org/"),
            (21, Some(State::Ny), Some("Albany"), "https://albany.example.org/"),
        ]
    );
}
