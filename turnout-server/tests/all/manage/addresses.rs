//! Every address of the Django service answers where it was, or leads to where it is now (`flows.md` 20.2).

use super::{
    own_rows, rows,
    site::{Role, signed_in, site},
    staff_rows,
};

/// An address of before, who asks for it, and the answer: 200, or 303 and 302 with where it leads to.
const BEFORE: &[(&str, Role, u16)] = &[
    ("/manage/", Role::Member, 303),
    ("/manage/login/", Role::Anonymous, 200),
    ("/manage/logout/", Role::Anonymous, 200),
    ("/manage/password_reset/", Role::Anonymous, 200),
    ("/manage/password_reset/done/", Role::Anonymous, 200),
    ("/manage/password_reset_confirm/MQ/set-password/", Role::Anonymous, 200),
    ("/manage/password_reset_complete/", Role::Anonymous, 200),
    ("/manage/profile/change_subscriber/", Role::Member, 200),
    ("/manage/profile/update_profile/", Role::Member, 200),
    ("/manage/profile/change_password/", Role::Member, 200),
    ("/manage/votenow/", Role::Member, 200),
    ("/manage/votenow/register/", Role::Member, 200),
    ("/manage/votenow/register/{registration}/", Role::Member, 200),
    ("/manage/votenow/absentee/", Role::Member, 200),
    ("/manage/votenow/absentee/{ballot_request}/", Role::Member, 200),
    ("/manage/votenow/verifier/", Role::Member, 200),
    ("/manage/votenow/verifier/{lookup}/", Role::Member, 200),
    ("/manage/votenow/reports/create/", Role::Member, 200),
    ("/manage/votenow/embed/", Role::Member, 200),
    ("/manage/votenow/settings/", Role::Member, 200),
    ("/manage/votenow/subscription/", Role::Member, 200),
    ("/manage/votenow/users/", Role::Member, 200),
    ("/manage/votenow/users/{colleague}/remove/", Role::Member, 200),
    ("/manage/votenow/invite/create/", Role::Member, 200),
    ("/manage/votenow/invite/{invite}/remove/", Role::Member, 200),
    ("/manage/votenow/keys/", Role::Member, 200),
    ("/manage/votenow/keys/create/", Role::Member, 200),
    ("/manage/votenow/keys/{key}/deactivate/", Role::Member, 200),
    ("/manage/subscription/leads/", Role::SubscriberAdmin, 200),
    ("/manage/subscription/leads/{lead}/", Role::SubscriberAdmin, 200),
    ("/manage/subscription/leads/{lead}/activate/", Role::SubscriberAdmin, 200),
    ("/manage/subscription/leads/{lead}/reject/", Role::SubscriberAdmin, 200),
    ("/manage/subscription/subscribers/", Role::SubscriberAdmin, 200),
    ("/manage/subscription/subscribers/votenow/edit/", Role::SubscriberAdmin, 200),
    ("/manage/subscription/subscribers/votenow/edit_subscription/", Role::SubscriberAdmin, 200),
    ("/manage/election/state/", Role::ElectionAdmin, 200),
    ("/manage/election/state/OH/", Role::ElectionAdmin, 200),
    ("/manage/election/state/OH/{field}/", Role::ElectionAdmin, 200),
    ("/manage/election/fieldinformationtype/", Role::ElectionAdmin, 200),
    ("/manage/election/fieldinformationtype/{field}/", Role::ElectionAdmin, 200),
    // it had no template before (quirk Q03)
    ("/manage/election/", Role::ElectionAdmin, 404),
    ("/manage/absentee_overrides/", Role::ElectionAdmin, 200),
    ("/manage/absentee_overrides/new/", Role::ElectionAdmin, 200),
    ("/manage/absentee_overrides/{region}/edit/", Role::ElectionAdmin, 200),
    ("/manage/absentee_overrides/{region}/delete/", Role::ElectionAdmin, 200),
    ("/manage/absentee_dashboard/", Role::EsignAdmin, 200),
    ("/manage/absentee_dashboard/OH/{region}/", Role::EsignAdmin, 200),
    ("/manage/absentee_dashboard/OH/{region}/edit/", Role::EsignAdmin, 200),
    ("/manage/absentee_dashboard/OH/{region}/delete/", Role::EsignAdmin, 200),
    ("/manage/absentee_dashboard/applications/?q=&region=", Role::EsignAdmin, 200),
    ("/manage/absentee_dashboard/applications/{application}/", Role::EsignAdmin, 200),
    ("/manage/admin/", Role::Superuser, 200),
    ("/manage/admin/login/", Role::Anonymous, 302),
    ("/manage/admin/logout/", Role::Anonymous, 302),
    ("/account/login/", Role::Anonymous, 302),
    ("/account/two_factor/", Role::NoSecondFactor, 200),
    ("/account/two_factor/setup/", Role::NoSecondFactor, 200),
    ("/account/two_factor/qrcode/", Role::NoSecondFactor, 303),
    ("/account/two_factor/setup/complete/", Role::Member, 303),
    ("/account/two_factor/backup/tokens/", Role::Member, 200),
    ("/account/two_factor/disable/", Role::Member, 200),
    ("/subscribe/", Role::Anonymous, 200),
    ("/subscribe/thanks/", Role::Anonymous, 200),
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
        ("application", staff_rows::APPLICATION),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
}

#[tokio::test]
async fn every_address_of_before_answers_or_leads_on() {
    let server = site().await;
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let mut browser = signed_in(&server, role).await;
        for (path, _, status) in BEFORE.iter().filter(|(_, who, _)| *who == role) {
            let path = filled(path);
            let answer = browser.get(&path).await;
            if answer.status.as_u16() != *status {
                wrong.push(format!("{path}: {} instead of {status}", answer.status));
            }
            // the form without the slash at its end is the same page
            let (path, query) = path.split_once('?').unwrap_or((&path, ""));
            let bare = browser.get(&format!("{}?{query}", path.trim_end_matches('/'))).await;
            if bare.status != answer.status {
                wrong.push(format!("{path} without its slash: {}", bare.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
