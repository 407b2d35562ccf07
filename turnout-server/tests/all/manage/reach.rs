//! Every page asked for by every role. What each is told stands here a second time, so that a line of the site's table
//! that is too open is found.

use std::collections::BTreeSet;

use http::Method;
use turnout_core::{account::permissions::Reach, person::Phone};
use turnout_server::{http::Route, manage::routes::routes};

use super::{
    browser::{Browser, heading},
    operation_rows, own_rows, rows,
    site::{Role, signed_in, site, site_with},
    staff_rows,
};
use crate::support::{Answer, TestServer};

/// Whom a page is for: everybody, or those whom a reach says.
type Whom = Option<Reach>;

/// A page for everybody.
const OPEN: Whom = None;

/// A line of the site's table: whom it is for, and what stands in the braces of its path beside `{slug}`.
type Line = (&'static str, Whom, &'static [(&'static str, &'static str)]);

const ELECTIONS: Whom = Some(Reach::Elections);
const ESIGN: Whom = Some(Reach::Esign);
const SUBSCRIBERS: Whom = Some(Reach::Subscribers);

/// The records of pages for staff.
const FACT: &[(&str, &str)] =
    &[("code", "OH"), ("field", staff_rows::FIELD), ("change", staff_rows::FACT_CHANGE)];
const PROPOSAL: &[(&str, &str)] = &[("proposal", staff_rows::PROPOSAL)];
const LINK: &[(&str, &str)] = &[("region", staff_rows::REGION), ("change", staff_rows::LINK_CHANGE)];
const OFFICE: &[(&str, &str)] =
    &[("state", "OH"), ("region", staff_rows::REGION), ("change", staff_rows::OVERRIDE_CHANGE)];
const APPLICATION: &[(&str, &str)] = &[("application", staff_rows::APPLICATION)];
const LEAD: &[(&str, &str)] = &[("lead", staff_rows::LEAD), ("change", staff_rows::LEAD_CHANGE)];
const SUBSCRIBER: &[(&str, &str)] = &[("subscriber", "elsewhere"), ("change", staff_rows::SUBSCRIBER_CHANGE)];
const SUBSCRIPTION: &[(&str, &str)] =
    &[("subscriber", "elsewhere"), ("change", staff_rows::SUBSCRIPTION_CHANGE)];

const SUPERUSER: Whom = Some(Reach::Superuser);

/// The records of pages of operations.
const BLAST: &[(&str, &str)] = &[("id", operation_rows::BLAST)];
const JOB: &[(&str, &str)] = &[("id", operation_rows::DEAD)];
const CHANGE: &[(&str, &str)] = &[("id", operation_rows::CHANGE)];
const SWITCH: &[(&str, &str)] = &[("name", "vbm_esign.OH")];
const FORM: &[(&str, &str)] = &[("state", "OH"), ("packet", "leo_email")];
const RECORD: &[(&str, &str)] = &[("kind", "states"), ("id", "OH")];

const MEMBER: Whom = Some(Reach::Member);
const DATA: Whom = Some(Reach::Data);
const API: Whom = Some(Reach::Api);

/// The records of a subscriber's own pages: those of `votenow`.
const REGISTRATION: &[(&str, &str)] = &[("uuid", own_rows::REGISTRATION)];
const BALLOT_REQUEST: &[(&str, &str)] = &[("uuid", own_rows::BALLOT_REQUEST)];
const LOOKUP: &[(&str, &str)] = &[("uuid", own_rows::LOOKUP)];
const REMINDER: &[(&str, &str)] = &[("uuid", own_rows::REMINDER)];
const POLLING_PLACE: &[(&str, &str)] = &[("uuid", own_rows::POLLING_PLACE)];
const REPORT: &[(&str, &str)] = &[("id", own_rows::REPORT)];
const COLLEAGUE: &[(&str, &str)] = &[("id", own_rows::COLLEAGUE)];
const INVITE: &[(&str, &str)] = &[("id", own_rows::INVITE)];
const KEY: &[(&str, &str)] = &[("id", own_rows::KEY)];
const ENDPOINT: &[(&str, &str)] = &[("id", own_rows::ENDPOINT)];
const DELIVERY: &[(&str, &str)] = &[("id", own_rows::ENDPOINT), ("delivery", own_rows::DELIVERY)];

/// A page about a record that is not there: whoever may see it is told so.
const NOTHING: &[(&str, &str)] = &[("id", rows::NOBODY)];

/// One line for each path of the site. A path with something in braces names a record of [`rows`].
pub(super) const PAGES: &[Line] = &[
    // ways in
    ("/manage/", Some(Reach::Staff), &[]),
    ("/manage/login/", OPEN, &[]),
    ("/manage/logout/", OPEN, &[]),
    ("/manage/admin/login/", OPEN, &[]),
    ("/manage/admin/logout/", OPEN, &[]),
    ("/manage/password_reset/", OPEN, &[]),
    ("/manage/password_reset/done/", OPEN, &[]),
    (
        "/manage/password_reset_confirm/{uid}/{token}/",
        OPEN,
        &[("uid", rows::NOBODY), ("token", "AAAAAAAAAAAAAAAAAAAAAA")],
    ),
    ("/manage/password_reset_complete/", OPEN, &[]),
    ("/account/login/", OPEN, &[]),
    ("/account/register/{token}/", OPEN, &[("token", "AAAAAAAAAAAAAAAAAAAAAA")]),
    ("/account/register/{token}/success/", OPEN, &[("token", "AAAAAAAAAAAAAAAAAAAAAA")]),
    // second factors
    ("/account/two_factor/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/setup/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/setup/app/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/setup/app/remove/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/setup/phone/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/setup/phone/{id}/", Some(Reach::SignedIn), NOTHING),
    ("/account/two_factor/setup/complete/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/qrcode/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/backup/tokens/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/backup/phone/register/", Some(Reach::SignedIn), &[]),
    ("/account/two_factor/backup/phone/unregister/{id}/", Some(Reach::SignedIn), NOTHING),
    ("/account/two_factor/disable/", Some(Reach::SignedIn), &[]),
    // profile
    ("/manage/profile/update_profile/", Some(Reach::Staff), &[]),
    ("/manage/profile/change_password/", Some(Reach::Staff), &[]),
    ("/manage/profile/change_subscriber/", Some(Reach::Staff), &[]),
    ("/manage/profile/sessions/", Some(Reach::Staff), &[]),
    ("/manage/profile/sessions/{id}/end/", Some(Reach::Staff), NOTHING),
    // a subscriber's own people
    ("/manage/{slug}/", MEMBER, &[]),
    ("/manage/{slug}/register/", DATA, &[]),
    ("/manage/{slug}/register/{uuid}/", DATA, REGISTRATION),
    ("/manage/{slug}/absentee/", DATA, &[]),
    ("/manage/{slug}/absentee/{uuid}/", DATA, BALLOT_REQUEST),
    ("/manage/{slug}/verifier/", DATA, &[]),
    ("/manage/{slug}/verifier/{uuid}/", DATA, LOOKUP),
    ("/manage/{slug}/reminder/", DATA, &[]),
    ("/manage/{slug}/reminder/{uuid}/", DATA, REMINDER),
    ("/manage/{slug}/pollingplace/", DATA, &[]),
    ("/manage/{slug}/pollingplace/{uuid}/", DATA, POLLING_PLACE),
    ("/manage/{slug}/reports/", DATA, &[]),
    ("/manage/{slug}/reports/create/", DATA, &[]),
    ("/manage/{slug}/reports/{id}/again/", DATA, NOTHING),
    ("/manage/{slug}/reports/{id}/download/", DATA, REPORT),
    ("/manage/{slug}/embed/", MEMBER, &[]),
    ("/manage/{slug}/users/", MEMBER, &[]),
    ("/manage/{slug}/users/{id}/remove/", MEMBER, COLLEAGUE),
    ("/manage/{slug}/invite/create/", MEMBER, &[]),
    ("/manage/{slug}/invite/{id}/again/", MEMBER, INVITE),
    ("/manage/{slug}/invite/{id}/remove/", MEMBER, INVITE),
    ("/manage/{slug}/settings/", MEMBER, &[]),
    ("/manage/{slug}/subscription/", Some(Reach::Subscription), &[]),
    ("/manage/{slug}/keys/", API, &[]),
    ("/manage/{slug}/keys/create/", API, &[]),
    ("/manage/{slug}/keys/{id}/deactivate/", API, KEY),
    ("/manage/{slug}/webhooks/", API, &[]),
    ("/manage/{slug}/webhooks/create/", API, &[]),
    ("/manage/{slug}/webhooks/{id}/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/edit/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/rotate/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/pause/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/resume/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/test/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/replay/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/remove/", API, ENDPOINT),
    ("/manage/{slug}/webhooks/{id}/deliveries/{delivery}/again/", API, DELIVERY),
    // facts about elections
    ("/manage/election/state/", ELECTIONS, &[]),
    ("/manage/election/state/{code}/", Some(Reach::Staff), &[("code", "OH")]),
    ("/manage/election/state/{code}/{field}/", ELECTIONS, FACT),
    ("/manage/election/state/{code}/{field}/history/", ELECTIONS, FACT),
    ("/manage/election/state/{code}/{field}/history/{change}/", ELECTIONS, FACT),
    ("/manage/election/state/{code}/{field}/history/{change}/restore/", ELECTIONS, FACT),
    ("/manage/election/fieldinformationtype/", ELECTIONS, &[]),
    ("/manage/election/fieldinformationtype/{field}/", ELECTIONS, FACT),
    ("/manage/election/proposals/", ELECTIONS, &[]),
    ("/manage/election/proposals/{proposal}/", ELECTIONS, PROPOSAL),
    ("/manage/election/proposals/{proposal}/publish/", ELECTIONS, PROPOSAL),
    ("/manage/election/proposals/{proposal}/withdraw/", ELECTIONS, PROPOSAL),
    ("/manage/election/replace/", ELECTIONS, &[]),
    ("/manage/election/replace/apply/", ELECTIONS, &[]),
    ("/manage/absentee_overrides/", ELECTIONS, &[]),
    ("/manage/absentee_overrides/new/", ELECTIONS, &[]),
    ("/manage/absentee_overrides/{region}/", ELECTIONS, LINK),
    ("/manage/absentee_overrides/{region}/edit/", ELECTIONS, LINK),
    ("/manage/absentee_overrides/{region}/delete/", ELECTIONS, LINK),
    ("/manage/absentee_overrides/{region}/history/", ELECTIONS, LINK),
    ("/manage/absentee_overrides/{region}/history/{change}/", ELECTIONS, LINK),
    ("/manage/absentee_overrides/{region}/history/{change}/restore/", ELECTIONS, LINK),
    // signing online
    ("/manage/absentee_dashboard/", ESIGN, &[]),
    ("/manage/absentee_dashboard/applications/", ESIGN, &[]),
    ("/manage/absentee_dashboard/applications/{application}/", ESIGN, APPLICATION),
    ("/manage/absentee_dashboard/applications/{application}/preview/", ESIGN, APPLICATION),
    ("/manage/absentee_dashboard/{state}/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/new/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/edit/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/delete/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/history/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/history/{change}/", ESIGN, OFFICE),
    ("/manage/absentee_dashboard/{state}/{region}/history/{change}/restore/", ESIGN, OFFICE),
    // what keeps the service going
    ("/manage/operations/blasts/", SUPERUSER, &[]),
    ("/manage/operations/blasts/new/", SUPERUSER, &[]),
    ("/manage/operations/blasts/{id}/", SUPERUSER, BLAST),
    ("/manage/operations/blasts/{id}/plan/", SUPERUSER, BLAST),
    ("/manage/operations/blasts/{id}/test/", SUPERUSER, BLAST),
    ("/manage/operations/blasts/{id}/approve/", SUPERUSER, BLAST),
    ("/manage/operations/blasts/{id}/start/", SUPERUSER, BLAST),
    ("/manage/operations/blasts/{id}/stop/", SUPERUSER, BLAST),
    ("/manage/operations/blasts/{id}/recipients/", SUPERUSER, BLAST),
    ("/manage/operations/jobs/", SUPERUSER, &[]),
    ("/manage/operations/jobs/run_again/", SUPERUSER, &[]),
    ("/manage/operations/jobs/chosen/", SUPERUSER, &[]),
    ("/manage/operations/jobs/{id}/", SUPERUSER, JOB),
    ("/manage/operations/jobs/{id}/run_again/", SUPERUSER, JOB),
    ("/manage/operations/jobs/{id}/drop/", SUPERUSER, JOB),
    ("/manage/operations/switches/", SUPERUSER, &[]),
    ("/manage/operations/switches/{name}/", SUPERUSER, SWITCH),
    ("/manage/operations/switches/{name}/take_back/", SUPERUSER, SWITCH),
    ("/manage/operations/changes/", SUPERUSER, &[]),
    ("/manage/operations/changes/{id}/", SUPERUSER, CHANGE),
    ("/manage/operations/forms/", SUPERUSER, &[]),
    ("/manage/operations/forms/{state}/", SUPERUSER, FORM),
    ("/manage/operations/forms/{state}/{packet}/", SUPERUSER, FORM),
    // single rows
    ("/manage/admin/", SUPERUSER, &[]),
    ("/manage/admin/{kind}/", SUPERUSER, RECORD),
    ("/manage/admin/{kind}/{id}/", SUPERUSER, RECORD),
    ("/manage/admin/{kind}/{id}/edit/", SUPERUSER, RECORD),
    ("/manage/admin/users/{id}/reset_second_factor/", SUPERUSER, &[("id", own_rows::COLLEAGUE)]),
    ("/manage/admin/subscribers/{id}/add_slug/", SUPERUSER, &[("id", operation_rows::SUBSCRIBER)]),
    ("/manage/admin/slugs/{id}/make_default/", SUPERUSER, &[("id", operation_rows::SLUG)]),
    ("/manage/admin/files/{id}/mail_link/", SUPERUSER, &[("id", operation_rows::FILE)]),
    ("/manage/admin/files/{id}/delete_file/", SUPERUSER, &[("id", operation_rows::FILE)]),
    ("/manage/admin/numbers/{id}/consent/", SUPERUSER, &[("id", operation_rows::NUMBER)]),
    ("/manage/admin/numbers/{id}/consent/stop/", SUPERUSER, &[("id", operation_rows::NUMBER)]),
    ("/manage/admin/numbers/{id}/consent/undo/", SUPERUSER, &[("id", operation_rows::NUMBER)]),
    ("/manage/admin/letters/{id}/send_again/", SUPERUSER, &[("id", operation_rows::LETTER)]),
    ("/manage/admin/faxes/{id}/send_again/", SUPERUSER, &[("id", operation_rows::FAX)]),
    ("/manage/admin/update-webhooks/new/", SUPERUSER, &[]),
    ("/manage/admin/update-webhooks/{id}/address/", SUPERUSER, &[("id", operation_rows::WEBHOOK)]),
    ("/manage/admin/update-webhooks/{id}/call/", SUPERUSER, &[("id", operation_rows::WEBHOOK)]),
    ("/manage/admin/update-webhooks/{id}/delete/", SUPERUSER, &[("id", operation_rows::WEBHOOK)]),
    // subscribers
    ("/manage/subscription/leads/", SUBSCRIBERS, &[]),
    ("/manage/subscription/leads/{lead}/", SUBSCRIBERS, LEAD),
    ("/manage/subscription/leads/{lead}/activate/", SUBSCRIBERS, LEAD),
    ("/manage/subscription/leads/{lead}/reject/", SUBSCRIBERS, LEAD),
    ("/manage/subscription/leads/{lead}/history/{change}/", SUBSCRIBERS, LEAD),
    ("/manage/subscription/subscribers/", SUBSCRIBERS, &[]),
    ("/manage/subscription/subscribers/{subscriber}/edit/", SUBSCRIBERS, SUBSCRIBER),
    ("/manage/subscription/subscribers/{subscriber}/history/", SUBSCRIBERS, SUBSCRIBER),
    ("/manage/subscription/subscribers/{subscriber}/history/{change}/", SUBSCRIBERS, SUBSCRIBER),
    ("/manage/subscription/subscribers/{subscriber}/history/{change}/restore/", SUBSCRIBERS, SUBSCRIBER),
    ("/manage/subscription/subscribers/{subscriber}/edit_subscription/", SUBSCRIBERS, SUBSCRIPTION),
    ("/manage/subscription/subscribers/{subscriber}/subscription_history/", SUBSCRIBERS, SUBSCRIPTION),
    (
        "/manage/subscription/subscribers/{subscriber}/subscription_history/{change}/",
        SUBSCRIBERS,
        SUBSCRIPTION,
    ),
    (
        "/manage/subscription/subscribers/{subscriber}/subscription_history/{change}/restore/",
        SUBSCRIBERS,
        SUBSCRIPTION,
    ),
];

/// What somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Here it is.
    Yes,
    /// Sign in first.
    In,
    /// Get a second factor first.
    Second,
    /// There is no such page.
    Not,
    /// Not yours.
    No,
}

/// What a role is told, for each reach.
fn told(role: Role, whom: Whom) -> Told {
    use Told::{In, No, Not, Second, Yes};
    let Some(reach) = whom else { return Yes };
    // signed in, staff, member, data, api, subscription, subscribers, elections, e-sign, either, superuser
    let row = match role {
        Role::Anonymous | Role::HalfWay => [In; 11],
        Role::NoSecondFactor => {
            [Yes, Second, Second, Second, Second, Second, Second, Second, Second, Second, Second]
        }
        Role::NotStaff => [Yes, No, No, No, No, No, No, No, No, No, No],
        Role::Stranger => [Yes, Yes, Not, Not, Not, Not, No, No, No, No, No],
        Role::Member => [Yes, Yes, Yes, Yes, Yes, Yes, No, No, No, No, No],
        Role::DataOff => [Yes, Yes, Yes, Not, Yes, Yes, No, No, No, No, No],
        Role::ApiOff => [Yes, Yes, Yes, Yes, Not, Yes, No, No, No, No, No],
        Role::SubscriberAdmin => [Yes, Yes, Yes, Yes, Yes, Yes, Yes, No, No, No, No],
        Role::ElectionAdmin => [Yes, Yes, Not, Not, Not, Not, No, Yes, No, Yes, No],
        Role::EsignAdmin => [Yes, Yes, Not, Not, Not, Not, No, No, Yes, Yes, No],
        Role::Superuser => [Yes; 11],
    };
    let at = Reach::ALL.iter().position(|it| *it == reach).unwrap();
    row[at]
}

/// The address of a line for somebody.
pub(super) fn address(path: &str, segments: &[(&str, &str)], slug: &str) -> String {
    let filled = path.replace("{slug}", slug);
    let filled =
        segments.iter().fold(filled, |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
    assert!(!filled.contains('{'), "say in PAGES what stands in the braces of {filled}");
    filled
}

fn line(path: &str) -> &'static Line {
    PAGES.iter().find(|(it, ..)| *it == path).unwrap_or_else(|| panic!("{path} has no line in PAGES"))
}

/// Which of the five it was.
fn heard(answer: &Answer) -> Told {
    let location = answer.header("location").unwrap_or("");
    let text = answer.text();
    match answer.status.as_u16() {
        303 if location.starts_with("/manage/login/") => Told::In,
        303 if location == "/account/two_factor/" => Told::Second,
        404 if heading(&text) == "Page not found" => Told::Not,
        403 if heading(&text) == "Not open to you" => Told::No,
        _ => Told::Yes,
    }
}

/// Whether a page that somebody may see came as a page, or led on.
fn is_there(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 200 | 302 | 303)
}

/// Pages that lead everybody on to where one signs in, or to the second factors.
fn leads_on(path: &str) -> bool {
    ["/manage/admin/login/", "/account/login/", "/account/two_factor/", "/manage/password_reset"]
        .iter()
        .any(|it| path.starts_with(it))
}

async fn asks(server: &TestServer, browser: &mut Browser<'_>, role: Role, route: &Route) {
    let (path, whom, segments) = line(route.path());
    let address = address(path, segments, role.slug());
    let should = told(role, *whom);
    let is_of_nothing = segments.iter().any(|(_, value)| *value == rows::NOBODY);
    let cookie = browser.cookie("turnout_session").to_owned();
    if route.answers(&Method::GET) {
        // the records are those of `votenow`: whoever works for another subscriber has no such record
        let is_elsewhere =
            path.starts_with("/manage/{slug}/") && !segments.is_empty() && role.slug() != "votenow";
        let should = if is_elsewhere && should == Told::Yes { Told::Not } else { should };
        let answer = browser.get(&address).await;
        let name = format!("{role:?} asks for {address}: {}", answer.status);
        if should != Told::Yes {
            assert_eq!(heard(&answer), should, "{name}");
        } else if is_of_nothing {
            assert!(is_there(&answer) || answer.status == 404, "{name}");
        } else if whom.is_some() {
            assert!(is_there(&answer) && (heard(&answer) == Told::Yes || leads_on(path)), "{name}");
        } else {
            assert!(is_there(&answer) || answer.status == 404, "{name}");
        }
        assert!(["no-store"].contains(&answer.header("cache-control").unwrap_or("")), "{name} may be kept");
    }
    if route.answers(&Method::POST) {
        let before = server.store.units();
        let answer = browser.send(&address, "AAAA", &[]).await;
        let name = format!("{role:?} sends a form of somebody else to {address}: {}", answer.status);
        if should == Told::Yes {
            assert_eq!(answer.status, 403, "{name}");
            assert_eq!(heading(&answer.text()), "This form cannot be used any more", "{name}");
        } else {
            assert_eq!(heard(&answer), should, "{name}");
        }
        assert_eq!(server.store.units(), before, "{name} changed something");
    }
    assert_eq!(browser.cookie("turnout_session"), cookie, "{role:?} lost the session at {address}");
}

#[tokio::test]
async fn each_role_sees_its_pages_and_no_form_is_taken_without_its_token() {
    let server = site_with(|setup| setup.settings.account.code_number = Phone::parse("+12025550100")).await;
    let table = routes();
    for role in Role::ALL {
        let mut browser = signed_in(&server, role).await;
        for route in &table {
            asks(&server, &mut browser, role, route).await;
        }
    }
}

#[test]
fn every_page_is_in_the_table_of_the_test_and_the_other_way_round() {
    let known: BTreeSet<&str> = PAGES.iter().map(|(path, ..)| *path).collect();
    let built: BTreeSet<&str> = routes().iter().map(Route::path).collect();
    assert_eq!(known.len(), PAGES.len(), "a path stands twice in PAGES");
    let unknown: Vec<_> = built.difference(&known).collect();
    assert!(unknown.is_empty(), "add to PAGES: {unknown:?}");
    let gone: Vec<_> = known.difference(&built).collect();
    assert!(gone.is_empty(), "no route has these paths: {gone:?}");
}

#[test]
fn pages_of_a_subscriber_are_for_its_members_and_the_others_are_not() {
    for (path, whom, _) in PAGES {
        let is_of_one = whom.is_some_and(Reach::is_of_a_subscriber);
        assert_eq!(path.starts_with("/manage/{slug}/"), is_of_one, "{path}");
    }
}

#[tokio::test]
async fn who_has_not_signed_in_learns_nothing_about_subscribers() {
    let server = site().await;
    let mut browser = Browser::new(&server);
    for (path, whom, segments) in PAGES.iter().filter(|(path, ..)| path.contains("{slug}")) {
        assert!(whom.is_some(), "{path}");
        let mut answers = Vec::new();
        for slug in ["votenow", "nobody-has-this"] {
            let answer = browser.get(&address(path, segments, slug)).await;
            let location = answer.header("location").unwrap_or("").replace(slug, "");
            answers.push((answer.status, location, answer.text().replace(slug, "")));
        }
        assert_eq!(answers[0], answers[1], "{path}");
    }
}
