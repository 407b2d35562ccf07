//! What the room of accounts promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    account::{
        Association, Authenticator, Invite, InviteAssociation, PhoneFactor, RecoveryCode, User, UserZone,
    },
    conformance::rows::{at, invite, subscriber, user, uuid},
    ids::{
        AssociationId, AuthenticatorId, InviteId, PhoneFactorId, RecoveryCodeId, RecoverySetId, SubscriberId,
        UserId,
    },
    page::PageRequest,
    person::Phone,
    ports::store::{Store, Unit},
    subscriber::{Plan, Subscriber, SubscriberStatus},
};

/// A test for every case of the room of accounts.
#[macro_export]
macro_rules! accounts_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            accounts,
            [$($open)+],
            store::accounts,
            [
                every_field_of_a_user_comes_back,
                an_address_is_that_of_one_user,
                a_user_is_found_by_the_address_in_any_case,
                an_update_changes_all_of_a_user_but_id_and_creation,
                the_newest_users_come_first_page_by_page,
                members_of_a_subscriber_are_its_own,
                who_was_taken_out_belongs_no_more,
                somebody_is_allowed_the_active_subscribers_of_its_own,
                all_subscribers_are_listed_by_name_page_by_page,
                a_subscriber_has_a_subscription_or_none,
                every_field_of_an_invite_comes_back,
                an_update_changes_all_of_an_invite_but_id_and_creation,
                invites_are_found_by_address_and_by_imported_token,
                open_invites_of_a_subscriber_are_its_own,
                an_invite_leads_to_each_subscriber_once,
                the_newest_invites_come_first_page_by_page,
                an_authenticator_comes_back_until_it_is_removed,
                a_telephone_comes_back_until_it_is_removed,
                a_code_is_used_once,
                codes_that_are_printed_anew_replace_those_before,
            ]
        );
    };
}

fn subscriber_id(number: u128) -> SubscriberId {
    SubscriberId(uuid(number))
}

fn user_id(number: u128) -> UserId {
    UserId(uuid(number))
}

/// Three active subscribers, 1 to 3, the second on the free plan; two users, 11 and 12.
async fn begun(store: &dyn Store) -> Box<dyn Unit> {
    let mut unit = unit(store).await;
    for number in 1..=3 {
        let plan = if number == 2 { Plan::Free } else { Plan::Premium };
        let status = SubscriberStatus::Active;
        let subscriber = Subscriber { default_slug: None, plan, status, ..subscriber(number, 0) };
        unit.subscribers_mut().insert(&subscriber).await.expect("a subscriber");
    }
    for (number, created) in [(11, 5), (12, 0)] {
        unit.accounts_mut().insert(&user(number, created)).await.expect("a user");
    }
    unit
}

fn association(number: u128, subscriber: u128, user: u128) -> Association {
    Association {
        id: AssociationId(uuid(number)),
        subscriber: subscriber_id(subscriber),
        user: user_id(user),
        created_at: at(0),
    }
}

async fn associate(unit: &mut dyn Unit, rows: &[(u128, u128)]) {
    for ((subscriber, user), number) in rows.iter().zip(101..) {
        let row = association(number, *subscriber, *user);
        unit.accounts_mut().associate(&row).await.expect("an association");
    }
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_a_user_comes_back(store: &dyn Store) {
    let mut unit = begun(store).await;
    let full = User { active_subscriber: Some(subscriber_id(2)), ..user(13, 7) };
    let bare = User {
        password: None,
        first_name: String::new(),
        last_name: String::new(),
        is_staff: false,
        is_active: true,
        is_superuser: false,
        is_election_admin: true,
        is_subscriber_admin: false,
        is_esign_admin: true,
        time_zone: UserZone::Utc,
        last_login: None,
        reset_expires: None,
        ..user(14, 8)
    };
    for put in [&full, &bare] {
        unit.accounts_mut().insert(put).await.expect("a user");
        assert_eq!(unit.accounts_mut().lock(put.id).await.expect("a lock").as_ref(), Some(put));
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [full, bare] {
        assert_eq!(view.accounts().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.accounts().by_id(user_id(19)).await.expect("a read"), None);
}

/// And so is an id; the second time is a conflict.
pub async fn an_address_is_that_of_one_user(store: &dyn Store) {
    for other in [User { id: user_id(13), ..user(11, 9) }, User { id: user_id(11), ..user(13, 9) }] {
        let mut unit = begun(store).await;
        assert!(is_conflict(&unit.accounts_mut().insert(&other).await), "{other:?}");
    }
    let mut unit = begun(store).await;
    let other = User { email: user(11, 0).email, ..user(12, 0) };
    assert!(is_conflict(&unit.accounts_mut().update(&other).await));
}

/// Where two differ by case alone, the one that is spelled like this, else the one made first.
pub async fn a_user_is_found_by_the_address_in_any_case(store: &dyn Store) {
    let mut unit = begun(store).await;
    let spelled = |number, email: &str, created| User { email: email.into(), ..user(number, created) };
    for put in [spelled(13, "Ann@example.org", 9), spelled(14, "ann@example.org", 8)] {
        unit.accounts_mut().insert(&put).await.expect("a user");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (email, number) in [
        ("user11@example.ORG", Some(11)),
        ("Ann@example.org", Some(13)),
        ("ann@example.org", Some(14)),
        ("ANN@EXAMPLE.ORG", Some(14)),
        ("nobody@example.org", None),
        ("ann%", None),
        ("ann\0@example.org", None),
    ] {
        let found = view.accounts().by_email(email).await.expect("a read").map(|it| it.id.0.as_u128());
        assert_eq!(found, number, "{email:?}");
    }
}

/// The moment of creation stays.
pub async fn an_update_changes_all_of_a_user_but_id_and_creation(store: &dyn Store) {
    let mut unit = begun(store).await;
    let changed = User {
        id: user_id(11),
        created_at: at(99),
        active_subscriber: Some(subscriber_id(3)),
        is_staff: false,
        is_election_admin: true,
        time_zone: UserZone::Alaska,
        generation: 3,
        last_login: Some(at(77)),
        password: Some("another".into()),
        ..user(77, 50)
    };
    unit.accounts_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let mut view = view(store).await;
    let kept = User { created_at: at(5), ..changed };
    assert_eq!(view.accounts().by_id(kept.id).await.expect("a read"), Some(kept));
    assert_eq!(view.accounts().by_id(user_id(12)).await.expect("a read"), Some(user(12, 0)));
}

/// Of the same moment, the greater id first.
pub async fn the_newest_users_come_first_page_by_page(store: &dyn Store) {
    let mut unit = begun(store).await;
    for (number, created) in [(13, 5), (14, 3), (15, 9)] {
        unit.accounts_mut().insert(&user(number, created)).await.expect("a user");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = view.accounts().list(&PageRequest { after, limit: 2 }).await.expect("a page");
        found.push(page.rows.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, [vec![15, 13], vec![11, 14], vec![12]]);
}

/// Each once, in the order in which the accounts were made.
pub async fn members_of_a_subscriber_are_its_own(store: &dyn Store) {
    let mut unit = begun(store).await;
    associate(unit.as_mut(), &[(1, 11), (1, 12), (1, 11), (2, 12)]).await;
    let again = unit.accounts_mut().associate(&association(101, 3, 11)).await;
    assert!(is_conflict(&again));
    drop(unit);
    let mut unit = begun(store).await;
    associate(unit.as_mut(), &[(1, 11), (1, 12), (1, 11), (2, 12)]).await;
    commit(unit).await;
    let mut view = view(store).await;
    for (subscriber, numbers) in [(1, &[12, 11][..]), (2, &[12]), (3, &[])] {
        let members = view.accounts().members(subscriber_id(subscriber)).await.expect("a read");
        let members: Vec<u128> = members.iter().map(|it| it.id.0.as_u128()).collect();
        assert_eq!(members, numbers, "of {subscriber}");
        for user in [11, 12] {
            let is = view.accounts().is_member(user_id(user), subscriber_id(subscriber)).await;
            assert_eq!(is.expect("a read"), numbers.contains(&user), "{user} of {subscriber}");
        }
    }
}

/// Every row that said so, and no other.
pub async fn who_was_taken_out_belongs_no_more(store: &dyn Store) {
    let mut unit = begun(store).await;
    associate(unit.as_mut(), &[(1, 11), (1, 12), (1, 11), (2, 11)]).await;
    let taken = unit.accounts_mut().dissociate(user_id(11), subscriber_id(1)).await;
    assert_eq!(taken.expect("a change"), 2);
    let taken = unit.accounts_mut().dissociate(user_id(11), subscriber_id(1)).await;
    assert_eq!(taken.expect("no change"), 0);
    commit(unit).await;
    let mut view = view(store).await;
    for (user, subscriber, is) in [(11, 1, false), (12, 1, true), (11, 2, true)] {
        let found = view.accounts().is_member(user_id(user), subscriber_id(subscriber)).await;
        assert_eq!(found.expect("a read"), is, "{user} of {subscriber}");
    }
}

/// Not those of others, and not disabled ones.
pub async fn somebody_is_allowed_the_active_subscribers_of_its_own(store: &dyn Store) {
    let mut unit = begun(store).await;
    let disabled = Subscriber { default_slug: None, ..subscriber(4, 0) };
    assert_eq!(disabled.status, SubscriberStatus::Disabled);
    unit.subscribers_mut().insert(&disabled).await.expect("a subscriber");
    associate(unit.as_mut(), &[(3, 11), (1, 11), (4, 11), (3, 11), (2, 12)]).await;
    commit(unit).await;
    let mut view = view(store).await;
    for (user, numbers) in [(11, &[1, 3][..]), (12, &[2]), (13, &[])] {
        let page = PageRequest { after: None, limit: 9 };
        let found = view.accounts().allowed(Some(user_id(user)), &page).await.expect("a page");
        let found: Vec<u128> = found.rows.iter().map(|it| it.id.0.as_u128()).collect();
        assert_eq!(found, numbers, "{user}");
    }
    let page = PageRequest { after: None, limit: 1 };
    let first = view.accounts().allowed(Some(user_id(11)), &page).await.expect("a page");
    assert_eq!(first.next, Some(("subscriber 1".into(), subscriber_id(1))));
    let page = PageRequest { after: first.next, limit: 1 };
    let second = view.accounts().allowed(Some(user_id(11)), &page).await.expect("a page");
    assert_eq!((second.rows[0].id, second.next), (subscriber_id(3), None));
}

/// Whatever their status, by name in the small letters of ASCII.
pub async fn all_subscribers_are_listed_by_name_page_by_page(store: &dyn Store) {
    let mut unit = unit(store).await;
    let names = ["beta", "Alpha", "Beta", "alpha 2", "Éa"];
    for (name, number) in names.into_iter().zip(1..) {
        let subscriber = Subscriber { default_slug: None, name: name.into(), ..subscriber(number, 0) };
        unit.subscribers_mut().insert(&subscriber).await.expect("a subscriber");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = view.accounts().allowed(None, &PageRequest { after, limit: 2 }).await.expect("a page");
        found.push(page.rows.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, [vec![2, 4], vec![1, 3], vec![5]]);
}

/// The free plan is one.
pub async fn a_subscriber_has_a_subscription_or_none(store: &dyn Store) {
    commit(begun(store).await).await;
    let mut view = view(store).await;
    for (number, has) in [(1, false), (2, true), (9, false)] {
        let found = view.accounts().has_subscription(subscriber_id(number)).await.expect("a read");
        assert_eq!(found, has, "{number}");
    }
}

/// With everything in it, and with as little as possible.
pub async fn every_field_of_an_invite_comes_back(store: &dyn Store) {
    let mut unit = begun(store).await;
    let full =
        Invite { consumed_at: Some(at(70)), user: Some(user_id(11)), ..invite(21, "a@example.org", 1, 0) };
    let bare = Invite { imported_token_hash: None, ..invite(22, "b@example.org", 2, 5) };
    for put in [&full, &bare] {
        unit.accounts_mut().insert_invite(put).await.expect("an invite");
        assert_eq!(unit.accounts_mut().lock_invite(put.id).await.expect("a lock").as_ref(), Some(put));
    }
    commit(unit).await;
    let mut view = view(store).await;
    for put in [full, bare] {
        assert_eq!(view.accounts().invite(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.accounts().invite(InviteId(uuid(29))).await.expect("a read"), None);
}

/// The moment of creation stays.
pub async fn an_update_changes_all_of_an_invite_but_id_and_creation(store: &dyn Store) {
    let mut unit = begun(store).await;
    unit.accounts_mut().insert_invite(&invite(21, "a@example.org", 1, 0)).await.expect("an invite");
    let changed = Invite {
        id: InviteId(uuid(21)),
        imported_token_hash: None,
        generation: 7,
        expires: at(600),
        consumed_at: Some(at(71)),
        user: Some(user_id(12)),
        created_at: at(99),
        ..invite(77, "b@example.org", 2, 50)
    };
    unit.accounts_mut().update_invite(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Invite { created_at: at(0), ..changed };
    assert_eq!(view(store).await.accounts().invite(kept.id).await.expect("a read"), Some(kept));
}

/// The address in any case.
pub async fn invites_are_found_by_address_and_by_imported_token(store: &dyn Store) {
    let mut unit = begun(store).await;
    for put in [
        invite(21, "Ann@example.org", 1, 9),
        invite(22, "bob@example.org", 1, 0),
        invite(23, "ann@Example.org", 2, 5),
    ] {
        unit.accounts_mut().insert_invite(&put).await.expect("an invite");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (email, numbers) in [("ANN@example.org", &[23, 21][..]), ("bob@example.org", &[22]), ("c", &[])] {
        let found = view.accounts().invites_to(email).await.expect("a read");
        let found: Vec<u128> = found.iter().map(|it| it.id.0.as_u128()).collect();
        assert_eq!(found, numbers, "{email}");
    }
    let hash = 22_u128.to_be_bytes();
    let found = view.accounts().invite_by_imported_token(&hash).await.expect("a read");
    assert_eq!(found.expect("it is there").id, InviteId(uuid(22)));
    assert_eq!(view.accounts().invite_by_imported_token(b"x").await.expect("a read"), None);
}

fn leads(number: u128, invite: u128, subscriber: u128, created: i64) -> InviteAssociation {
    InviteAssociation {
        id: AssociationId(uuid(number)),
        subscriber: subscriber_id(subscriber),
        invite: InviteId(uuid(invite)),
        created_at: at(created),
    }
}

/// Not expired, not accepted, oldest first, each once.
pub async fn open_invites_of_a_subscriber_are_its_own(store: &dyn Store) {
    let mut unit = begun(store).await;
    let now = at(400);
    let all = [
        invite(21, "a@example.org", 1, 9),
        invite(22, "b@example.org", 1, 0),
        Invite { expires: now, ..invite(23, "c@example.org", 1, 0) },
        Invite { consumed_at: Some(at(1)), ..invite(24, "d@example.org", 1, 0) },
        Invite { user: Some(user_id(11)), ..invite(25, "e@example.org", 1, 0) },
        invite(26, "f@example.org", 2, 0),
    ];
    for put in &all {
        unit.accounts_mut().insert_invite(put).await.expect("an invite");
    }
    for (number, of, subscriber) in
        [(1, 21, 1), (2, 22, 1), (3, 23, 1), (4, 24, 1), (5, 25, 1), (6, 26, 2), (7, 22, 1), (8, 22, 2)]
    {
        let row = leads(200 + number, of, subscriber, 0);
        unit.accounts_mut().add_to_invite(&row).await.expect("an association");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for (subscriber, numbers) in [(1, &[22, 21][..]), (2, &[22, 26]), (3, &[])] {
        let found = view.accounts().open_invites(subscriber_id(subscriber), now).await.expect("a read");
        let found: Vec<u128> = found.iter().map(|it| it.id.0.as_u128()).collect();
        assert_eq!(found, numbers, "of {subscriber}");
    }
}

/// In the order in which they were added.
pub async fn an_invite_leads_to_each_subscriber_once(store: &dyn Store) {
    let mut unit = begun(store).await;
    for number in [21, 22] {
        let put = invite(number, "a@example.org", 1, 0);
        unit.accounts_mut().insert_invite(&put).await.expect("an invite");
    }
    for row in [leads(201, 21, 3, 5), leads(202, 21, 1, 0), leads(203, 21, 3, 7), leads(204, 22, 2, 0)] {
        unit.accounts_mut().add_to_invite(&row).await.expect("an association");
    }
    let of = async |unit: &mut dyn Unit, number: u128| {
        let found = unit.accounts().subscribers_of(InviteId(uuid(number))).await.expect("a read");
        found.iter().map(|it| it.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(of(unit.as_mut(), 21).await, [1, 3]);
    let taken = unit.accounts_mut().take_from_invite(InviteId(uuid(21)), subscriber_id(3)).await;
    assert_eq!(taken.expect("a change"), 2);
    assert_eq!(of(unit.as_mut(), 21).await, [1]);
    assert_eq!(of(unit.as_mut(), 22).await, [2]);
    assert!(is_conflict(&unit.accounts_mut().add_to_invite(&leads(204, 21, 2, 0)).await));
}

/// Of the same moment, the greater id first.
pub async fn the_newest_invites_come_first_page_by_page(store: &dyn Store) {
    let mut unit = begun(store).await;
    for (number, created) in [(21, 0), (22, 5), (23, 5)] {
        let put = invite(number, "a@example.org", 1, created);
        unit.accounts_mut().insert_invite(&put).await.expect("an invite");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let first = view.accounts().invites(&PageRequest { after: None, limit: 2 }).await.expect("a page");
    let second = view.accounts().invites(&PageRequest { after: first.next, limit: 2 }).await.expect("a page");
    let numbers: Vec<u128> = first.rows.iter().chain(&second.rows).map(|it| it.id.0.as_u128()).collect();
    assert_eq!((numbers, second.next), (vec![23, 22, 21], None));
}

/// Nobody else's, oldest first.
pub async fn an_authenticator_comes_back_until_it_is_removed(store: &dyn Store) {
    let mut unit = begun(store).await;
    let new = |number: u8, user: u128, created: i64| Authenticator {
        id: AuthenticatorId(uuid(number.into())),
        user: user_id(user),
        secret: vec![number; 20],
        confirmed_at: None,
        last_step: 3,
        removed_at: None,
        created_at: at(created),
    };
    for put in [new(31, 11, 9), new(32, 11, 0), new(33, 12, 0)] {
        unit.accounts_mut().insert_authenticator(&put).await.expect("an authenticator");
    }
    assert!(is_conflict(&unit.accounts_mut().insert_authenticator(&new(31, 12, 0)).await));
    drop(unit);
    let mut unit = begun(store).await;
    for put in [new(31, 11, 9), new(32, 11, 0), new(33, 12, 0)] {
        unit.accounts_mut().insert_authenticator(&put).await.expect("an authenticator");
    }
    let found = unit.accounts().authenticators(user_id(11)).await.expect("a read");
    assert!(found == [new(32, 11, 0), new(31, 11, 9)]);
    let confirmed = Authenticator { confirmed_at: Some(at(50)), last_step: 9, ..new(31, 11, 9) };
    let removed = Authenticator { removed_at: Some(at(51)), ..new(32, 11, 0) };
    for changed in [&confirmed, &removed] {
        unit.accounts_mut().update_authenticator(changed).await.expect("an update");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert!(view.accounts().authenticators(user_id(11)).await.expect("a read") == [confirmed]);
    assert!(view.accounts().authenticators(user_id(12)).await.expect("a read") == [new(33, 12, 0)]);
}

/// Nobody else's, oldest first.
pub async fn a_telephone_comes_back_until_it_is_removed(store: &dyn Store) {
    let mut unit = begun(store).await;
    let new = |number: u8, user: u128, created: i64| PhoneFactor {
        id: PhoneFactorId(uuid(number.into())),
        user: user_id(user),
        number: Phone::from_stored(format!("+161755578{number}")),
        secret: vec![number; 20],
        is_backup: false,
        confirmed_at: None,
        last_step: 3,
        removed_at: None,
        created_at: at(created),
    };
    for put in [new(41, 11, 9), new(42, 11, 0), new(43, 12, 0)] {
        unit.accounts_mut().insert_phone(&put).await.expect("a telephone");
    }
    let found = unit.accounts().phones(user_id(11)).await.expect("a read");
    assert!(found == [new(42, 11, 0), new(41, 11, 9)]);
    let changed = PhoneFactor { confirmed_at: Some(at(50)), last_step: 9, is_backup: true, ..new(41, 11, 9) };
    let removed = PhoneFactor { removed_at: Some(at(51)), ..new(42, 11, 0) };
    for changed in [&changed, &removed] {
        unit.accounts_mut().update_phone(changed).await.expect("an update");
    }
    commit(unit).await;
    let mut view = view(store).await;
    assert!(view.accounts().phones(user_id(11)).await.expect("a read") == [changed]);
    assert!(view.accounts().phones(user_id(12)).await.expect("a read") == [new(43, 12, 0)]);
}

fn codes(set: u128, numbers: &[u8]) -> Vec<RecoveryCode> {
    let code = |number: &u8| RecoveryCode {
        id: RecoveryCodeId(uuid((*number).into())),
        set: RecoverySetId(uuid(set)),
        hash: vec![*number; 32],
        used_at: None,
        created_at: at(3),
    };
    numbers.iter().map(code).collect()
}

/// The second time says so, and keeps the time of the first.
pub async fn a_code_is_used_once(store: &dyn Store) {
    let mut unit = begun(store).await;
    let set = RecoverySetId(uuid(51));
    let printed = codes(51, &[61, 62]);
    unit.accounts_mut().print_codes(user_id(11), set, at(3), &printed).await.expect("codes");
    assert!(unit.accounts().recovery_codes(user_id(11)).await.expect("a read") == printed);
    assert!(unit.accounts_mut().use_code(printed[0].id, at(9)).await.expect("a change"));
    assert!(!unit.accounts_mut().use_code(printed[0].id, at(10)).await.expect("no change"));
    commit(unit).await;
    let found = view(store).await.accounts().recovery_codes(user_id(11)).await.expect("a read");
    let used: Vec<_> = found.iter().map(|it| it.used_at).collect();
    assert_eq!(used, [Some(at(9)), None]);
}

/// Nobody else's; and no codes at all leave none.
pub async fn codes_that_are_printed_anew_replace_those_before(store: &dyn Store) {
    let mut unit = begun(store).await;
    for (user, set, numbers) in [(11, 51, &[61, 62][..]), (12, 52, &[63]), (11, 53, &[64])] {
        let id = RecoverySetId(uuid(set));
        let printed = codes(set, numbers);
        unit.accounts_mut().print_codes(user_id(user), id, at(3), &printed).await.expect("codes");
    }
    let of = async |unit: &mut dyn Unit, user: u128| {
        let found = unit.accounts().recovery_codes(user_id(user)).await.expect("a read");
        found.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(of(unit.as_mut(), 11).await, [64]);
    assert_eq!(of(unit.as_mut(), 12).await, [63]);
    let none = RecoverySetId(uuid(54));
    unit.accounts_mut().print_codes(user_id(11), none, at(4), &[]).await.expect("no codes");
    assert_eq!(of(unit.as_mut(), 11).await, []);
    assert_eq!(of(unit.as_mut(), 12).await, [63]);
}
