//! Every address of the Django service answers where it was, or leads to where it is now (`flows.md` 20.2).

use turnout_core::{
    account::{Invite, InviteAssociation, PhoneFactor},
    conformance::rows as samples,
    file::imported_token_hash,
    ids::{AssociationId, InviteId, PhoneFactorId, SubscriberId},
    person::Phone,
    ports::{clock::Clock as _, store::Store as _},
};
use uuid::Uuid;

use super::{
    own_rows, rows,
    site::{OWN, Role, signed_in, site, site_with},
    staff_rows,
};
use crate::support::TestServer;

/// Tokens of invitations that were mailed by the Django service: of one that is open, and one that was accepted.
const OPEN: &str = "an-invitation-of-before";
const USED: &str = "an-invitation-that-was-accepted";
/// A telephone that gets codes.
const PHONE: &str = "00000000-0000-0000-0000-000000001b03";
/// A region of whose office nothing is known better.
const UNTOUCHED: &str = "6002";

/// An answer: the status, and where it leads to, if it leads on.
type Answered = (u16, Option<&'static str>);

const HERE: Answered = (200, None);
const GONE: Answered = (404, None);

const fn leads(to: &'static str) -> Answered {
    (303, Some(to))
}

/// As the Django service did it, whose query goes along.
const fn moved(to: &'static str) -> Answered {
    (302, Some(to))
}

/// An address of before, who asks for it, and the answer: 200, or 303 and 302 with where it leads to.
const BEFORE: &[(&str, Role, Answered)] = &[
    ("/manage/", Role::Member, leads("/manage/votenow/")),
    ("/manage/login/", Role::Anonymous, HERE),
    ("/manage/logout/", Role::Anonymous, HERE),
    ("/manage/password_reset/", Role::Anonymous, HERE),
    ("/manage/password_reset/done/", Role::Anonymous, HERE),
    ("/manage/password_reset_confirm/MQ/set-password/", Role::Anonymous, HERE),
    ("/manage/password_reset_complete/", Role::Anonymous, HERE),
    ("/manage/profile/change_subscriber/", Role::Member, HERE),
    ("/manage/profile/update_profile/", Role::Member, HERE),
    ("/manage/profile/change_password/", Role::Member, HERE),
    ("/manage/votenow/", Role::Member, HERE),
    ("/manage/votenow/register/", Role::Member, HERE),
    ("/manage/votenow/register/{registration}/", Role::Member, HERE),
    ("/manage/votenow/absentee/", Role::Member, HERE),
    ("/manage/votenow/absentee/{ballot_request}/", Role::Member, HERE),
    ("/manage/votenow/verifier/", Role::Member, HERE),
    ("/manage/votenow/verifier/{lookup}/", Role::Member, HERE),
    ("/manage/votenow/reports/create/", Role::Member, HERE),
    ("/manage/votenow/embed/", Role::Member, HERE),
    ("/manage/votenow/settings/", Role::Member, HERE),
    ("/manage/votenow/subscription/", Role::Member, HERE),
    ("/manage/votenow/users/", Role::Member, HERE),
    ("/manage/votenow/users/{colleague}/remove/", Role::Member, HERE),
    ("/manage/votenow/invite/create/", Role::Member, HERE),
    ("/manage/votenow/invite/{invite}/remove/", Role::Member, HERE),
    ("/manage/votenow/keys/", Role::Member, HERE),
    ("/manage/votenow/keys/create/", Role::Member, HERE),
    ("/manage/votenow/keys/{key}/deactivate/", Role::Member, HERE),
    ("/manage/subscription/leads/", Role::SubscriberAdmin, HERE),
    ("/manage/subscription/leads/{lead}/", Role::SubscriberAdmin, HERE),
    ("/manage/subscription/leads/{lead}/activate/", Role::SubscriberAdmin, HERE),
    ("/manage/subscription/leads/{lead}/reject/", Role::SubscriberAdmin, HERE),
    ("/manage/subscription/subscribers/", Role::SubscriberAdmin, HERE),
    ("/manage/subscription/subscribers/votenow/edit/", Role::SubscriberAdmin, HERE),
    ("/manage/subscription/subscribers/votenow/edit_subscription/", Role::SubscriberAdmin, HERE),
    ("/manage/election/state/", Role::ElectionAdmin, HERE),
    ("/manage/election/state/OH/", Role::ElectionAdmin, HERE),
    ("/manage/election/state/OH/{field}/", Role::ElectionAdmin, HERE),
    ("/manage/election/fieldinformationtype/", Role::ElectionAdmin, HERE),
    ("/manage/election/fieldinformationtype/{field}/", Role::ElectionAdmin, HERE),
    // it had no template before (quirk Q03)
    ("/manage/election/", Role::ElectionAdmin, GONE),
    ("/manage/absentee_overrides/", Role::ElectionAdmin, HERE),
    ("/manage/absentee_overrides/new/", Role::ElectionAdmin, HERE),
    ("/manage/absentee_overrides/{region}/edit/", Role::ElectionAdmin, HERE),
    ("/manage/absentee_overrides/{region}/delete/", Role::ElectionAdmin, HERE),
    ("/manage/absentee_dashboard/", Role::EsignAdmin, HERE),
    ("/manage/absentee_dashboard/OH/{region}/", Role::EsignAdmin, HERE),
    // where something better is known already, that is edited
    (
        "/manage/absentee_dashboard/OH/{region}/new/",
        Role::EsignAdmin,
        leads("/manage/absentee_dashboard/OH/{region}/edit/"),
    ),
    ("/manage/absentee_dashboard/OH/{untouched}/new/", Role::EsignAdmin, HERE),
    ("/manage/absentee_dashboard/OH/{region}/edit/", Role::EsignAdmin, HERE),
    ("/manage/absentee_dashboard/OH/{region}/delete/", Role::EsignAdmin, HERE),
    ("/manage/absentee_dashboard/applications/?q=&region=", Role::EsignAdmin, HERE),
    ("/manage/absentee_dashboard/applications/{application}/", Role::EsignAdmin, HERE),
    ("/manage/admin/", Role::Superuser, HERE),
    ("/manage/admin/login/", Role::Anonymous, moved("/manage/login/")),
    ("/manage/admin/logout/", Role::Anonymous, moved("/manage/logout/")),
    ("/account/login/", Role::Anonymous, moved("/manage/login/")),
    ("/account/two_factor/", Role::NoSecondFactor, HERE),
    ("/account/two_factor/setup/", Role::NoSecondFactor, HERE),
    ("/account/two_factor/qrcode/", Role::NoSecondFactor, leads("/account/two_factor/setup/app/")),
    ("/account/two_factor/setup/complete/", Role::Member, leads("/account/two_factor/")),
    ("/account/two_factor/backup/tokens/", Role::Member, HERE),
    ("/account/two_factor/backup/phone/register/", Role::Member, HERE),
    ("/account/two_factor/backup/phone/unregister/{phone}/", Role::Member, HERE),
    ("/account/two_factor/disable/", Role::Member, HERE),
    // a token of the Django service opens what was mailed with it
    ("/account/register/{open}/", Role::Anonymous, HERE),
    ("/account/register/{open}/success/", Role::Anonymous, GONE),
    ("/account/register/{used}/", Role::Anonymous, leads("/account/register/{used}/success/")),
    ("/account/register/{used}/success/", Role::Anonymous, HERE),
    ("/account/register/{unknown}/", Role::Anonymous, GONE),
    ("/subscribe/", Role::Anonymous, HERE),
    ("/subscribe/thanks/", Role::Anonymous, HERE),
];

fn filled(path: &str) -> String {
    [
        ("registration", own_rows::REGISTRATION),
        ("ballot_request", own_rows::BALLOT_REQUEST),
        ("lookup", own_rows::LOOKUP),
        ("colleague", own_rows::COLLEAGUE),
        ("invite", own_rows::INVITE),
        ("key", own_rows::KEY),
        ("lead", staff_rows::LEAD),
        ("field", staff_rows::FIELD),
        ("region", staff_rows::REGION),
        ("untouched", UNTOUCHED),
        ("phone", PHONE),
        ("open", OPEN),
        ("used", USED),
        ("unknown", "nobody-was-mailed-this"),
        ("application", staff_rows::APPLICATION),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
}

/// The invitations.
async fn invite(server: &TestServer) {
    let now = server.clock.now();
    let mut unit = server.store.begin().await.unwrap();
    for (number, token, email, used) in [
        (0x1b01, OPEN, "new@example.org", None),
        (0x1b02, USED, "member@example.org", Some(Role::Member.id())),
    ] {
        let invite = Invite {
            id: InviteId(Uuid::from_u128(number)),
            imported_token_hash: Some(imported_token_hash(token)),
            expires: now + chrono::TimeDelta::days(1),
            consumed_at: used.map(|_| now),
            user: used,
            created_at: now,
            ..samples::invite(number, email, OWN, 0)
        };
        unit.accounts_mut().insert_invite(&invite).await.unwrap();
        let id = AssociationId(Uuid::from_u128(number + 0x10));
        let subscriber = SubscriberId(Uuid::from_u128(OWN));
        let leads_to = InviteAssociation { id, subscriber, invite: invite.id, created_at: now };
        unit.accounts_mut().add_to_invite(&leads_to).await.unwrap();
    }
    unit.commit().await.unwrap();
}

/// The telephone of somebody who has signed in without it.
async fn give_phone(server: &TestServer, role: Role) {
    let now = server.clock.now();
    let phone = PhoneFactor {
        id: PhoneFactorId::parse(PHONE).unwrap(),
        user: role.id(),
        number: Phone::parse("+12025550142").unwrap(),
        secret: vec![9; 20],
        is_backup: true,
        confirmed_at: Some(now),
        last_step: 0,
        removed_at: None,
        created_at: now,
    };
    let mut unit = server.store.begin().await.unwrap();
    unit.accounts_mut().insert_phone(&phone).await.unwrap();
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn every_address_of_before_answers_or_leads_on() {
    let server = site_with(|setup| setup.settings.account.code_number = Phone::parse("+12025550100")).await;
    invite(&server).await;
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let mut browser = signed_in(&server, role).await;
        if role == Role::Member {
            give_phone(&server, role).await;
        }
        for (path, _, (status, target)) in BEFORE.iter().filter(|(_, who, _)| *who == role) {
            let path = filled(path);
            let target = target.map(filled);
            // the form without the slash at its end is the same page
            let (with_slash, query) = path.split_once('?').unwrap_or((&path, ""));
            let bare = format!("{}?{query}", with_slash.trim_end_matches('/'));
            for path in [&path, &bare] {
                let answer = browser.get(path).await;
                let answered = (answer.status.as_u16(), answer.header("location"));
                if answered != (*status, target.as_deref()) {
                    wrong.push(format!("{path}: {answered:?} instead of {status} {target:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for door in ["login", "logout"] {
        let kept = server.get(&format!("/manage/admin/{door}/?next=/manage/")).await;
        assert_eq!(kept.header("location"), Some(format!("/manage/{door}/?next=/manage/").as_str()));
    }
}

/// Ids of registrations were written short in the addresses of the Django service (`tables.md` 12).
#[tokio::test]
async fn a_record_is_found_by_either_form_of_its_id() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let id = uuid::Uuid::parse_str(own_rows::REGISTRATION).unwrap();
    for text in [id.to_string(), id.simple().to_string()] {
        let answer = member.get(&format!("/manage/votenow/register/{text}/")).await;
        assert_eq!(answer.status, 200, "{text}");
    }
    assert_eq!(member.get(&format!("/manage/votenow/register/{}/", rows::NOBODY)).await.status, 404);
}
