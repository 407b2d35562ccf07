//! The records that pages for staff show: a fact with its history and a proposal, a region of Ohio with an office and what is
//! known better about it, an application, a lead, and changes of a subscriber.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use turnout_core::{
    absentee::{BallotRequest, ContactOverride, RegionLink, SubmissionType, overrides},
    action::{Event, EventType},
    address::State,
    change::Change,
    conformance::rows as samples,
    election::{FieldFormat, Proposal, StateInformation, edit},
    file::FileType,
    ids::{
        ActionId, BallotRequestId, ChangeId, EventId, FileId, InterestId, OfficeAddressId, OfficeId,
        ProposalId, RegionId, SubscriberId, UploadId,
    },
    official::{Office, OfficeAddress, Region},
    person::PersonName,
    ports::store::Unit,
    search::Listed,
    subscriber,
    subscription::{Interest, Subscription},
    switch::Setting,
};
use uuid::Uuid;

use super::site::{OTHER, OWN, Role};

/// The slug of a kind of fact, a text in Markdown.
pub(crate) const FIELD: &str = "rule_of_the_tests";
/// What it says of Ohio.
pub(crate) const TEXT: &str = "Bring **one** of:\n\n- a bill\n- [a form](https://example.org/f)";
/// The slug of a region's number.
pub(crate) const REGION: &str = "6001";
/// A lead that waits.
pub(crate) const LEAD: &str = "00000000-0000-0000-0000-000000001771";
/// A change of the fact that waits, proposed by somebody who keeps the facts.
pub(crate) const PROPOSAL: &str = "00000000-0000-0000-0000-000000001772";
/// A request that was signed and sent.
pub(crate) const APPLICATION: &str = "00000000-0000-0000-0000-000000001773";
/// Changes of the fact, of the link and of the override of the region, of the lead, of a subscriber, of its subscription.
pub(crate) const FACT_CHANGE: &str = "00000000-0000-0000-0000-000000001774";
pub(crate) const LINK_CHANGE: &str = "00000000-0000-0000-0000-000000001775";
pub(crate) const OVERRIDE_CHANGE: &str = "00000000-0000-0000-0000-000000001776";
pub(crate) const LEAD_CHANGE: &str = "00000000-0000-0000-0000-000000001777";
pub(crate) const SUBSCRIBER_CHANGE: &str = "00000000-0000-0000-0000-000000001778";
pub(crate) const SUBSCRIPTION_CHANGE: &str = "00000000-0000-0000-0000-000000001779";

fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap()
}

/// Puts all of them.
pub(super) async fn put(unit: &mut dyn Unit, now: DateTime<Utc>) {
    fact(unit, now).await;
    region(unit, now).await;
    application(unit, now).await;
    let wish = Interest { id: InterestId(id(LEAD)), created_at: now, ..samples::interest(1, 0) };
    unit.subscriptions_mut().insert_interest(&wish).await.unwrap();
    let other = SubscriberId(Uuid::from_u128(OTHER));
    let subscription = samples::subscription(OTHER).id;
    let (old, new) = (Some(json!({ "name": "Old" })), Some(json!({ "name": "New" })));
    changed(unit, now, LEAD_CHANGE, (Interest::KIND, LEAD), (None, Some(json!({ "status": "pending" }))))
        .await;
    changed(unit, now, SUBSCRIBER_CHANGE, (subscriber::KIND, &other.to_string()), (old, new)).await;
    let plans = (Some(json!({ "plan": "premium" })), Some(json!({ "plan": "nonprofit" })));
    changed(unit, now, SUBSCRIPTION_CHANGE, (Subscription::KIND, &subscription.to_string()), plans).await;
}

async fn changed(
    unit: &mut dyn Unit,
    now: DateTime<Utc>,
    number: &str,
    (kind, subject): (&str, &str),
    (before, after): (Option<Value>, Option<Value>),
) {
    let change = Change {
        id: ChangeId(id(number)),
        at: now,
        by: Some(Role::Superuser.id()),
        subscriber: None,
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        act: "changed".to_owned(),
        comment: String::new(),
        before,
        after,
    };
    unit.changes_mut().insert(&change).await.unwrap();
}

async fn fact(unit: &mut dyn Unit, now: DateTime<Utc>) {
    unit.elections_mut().put_state(&samples::state(State::Oh)).await.unwrap();
    let field = samples::field_type(6001, FIELD, Some(FieldFormat::Markdown));
    unit.elections_mut().insert_field_type(&field).await.unwrap();
    let fact = StateInformation { modified_at: now, ..samples::fact(6002, State::Oh, 6001, TEXT) };
    unit.elections_mut().insert_information(&fact).await.unwrap();
    let said = |text: &str| Some(json!({ "text": text }));
    let texts = (said("Bring nothing."), said(TEXT));
    changed(unit, now, FACT_CHANGE, (edit::KIND, &fact.id.to_string()), texts).await;
    let proposal = Proposal {
        id: ProposalId(id(PROPOSAL)),
        information: fact.id,
        text: "Bring two.".to_owned(),
        notes: String::new(),
        source: String::new(),
        checked_on: None,
        by: Role::ElectionAdmin.id(),
        at: now,
        base: fact.modified_at,
    };
    unit.edits_mut().put(&proposal).await.unwrap();
}

async fn region(unit: &mut dyn Unit, now: DateTime<Utc>) {
    for variable in ["", "OH"] {
        let (feature, variable) = ("vbm_esign".to_owned(), variable.to_owned());
        let setting = Setting { feature, variable, value: Value::Bool(true), modified_at: now };
        unit.switches_mut().put(&setting).await.unwrap();
    }
    let number = RegionId(REGION.parse().unwrap());
    let county = Region { state: Some(State::Oh), ..samples::region(number.0, Some("Test County")) };
    unit.officials_mut().put_region(&county).await.unwrap();
    // of this one nothing is known better
    let other = Region { state: Some(State::Oh), ..samples::region(number.0 + 1, Some("Untouched County")) };
    unit.officials_mut().put_region(&other).await.unwrap();
    let office = Office { region: Some(number), ..samples::office(number.0) };
    unit.officials_mut().put_office(&office).await.unwrap();
    let address = OfficeAddress {
        id: Some(OfficeAddressId(number.0)),
        office: Some(OfficeId(number.0)),
        state: Some(State::Oh),
        ..samples::address(number.0, number.0, false)
    };
    unit.officials_mut().put_address(&address).await.unwrap();
    let known = ContactOverride {
        region: number,
        method: Some(SubmissionType::SelfPrint),
        created_at: now,
        modified_at: now,
        ..samples::contact_override()
    };
    unit.ballot_requests_mut().put_contact_override(&known).await.unwrap();
    let url = "https://ballots.example.org/test".to_owned();
    let link = RegionLink { region: number, url, created_at: now, modified_at: now };
    unit.ballot_requests_mut().put_region_link(&link).await.unwrap();
    let said = |email: &str| {
        Some(json!({ "submission_method": null, "email": email, "phone": null, "fax": null, "notes": null }))
    };
    let texts = (said("before@example.org"), said("clerk@example.org"));
    changed(unit, now, OVERRIDE_CHANGE, (overrides::OVERRIDE_KIND, REGION), texts).await;
    let said = |url: &str| Some(json!({ "url": url }));
    let texts = (said("https://ballots.example.org/before"), said("https://ballots.example.org/test"));
    changed(unit, now, LINK_CHANGE, (overrides::LINK_KIND, REGION), texts).await;
}

async fn application(unit: &mut dyn Unit, now: DateTime<Utc>) {
    let own = SubscriberId(Uuid::from_u128(OWN));
    let action = samples::action(6003);
    unit.actions_mut().insert(&action).await.unwrap();
    let form = turnout_core::file::StoredFile {
        id: FileId(Uuid::from_u128(6004)),
        subscriber: Some(own),
        imported_token_hash: None,
        ..samples::file(6004, FileType::AbsForm, 0)
    };
    unit.files_mut().insert(&form).await.unwrap();
    unit.uploads_mut().insert(&samples::upload(6005, 0)).await.unwrap();
    let mut request =
        BallotRequest::new(BallotRequestId(id(APPLICATION)), ActionId(action.id.0), Some(own), now);
    request.name =
        PersonName { first: Some("Ada".into()), last: Some("Núñez".into()), ..PersonName::default() };
    request.email = Some("ada.voter@example.org".into());
    request.address.state = Some(State::Oh);
    request.region = Some(RegionId(REGION.parse().unwrap()));
    request.signature = Some(UploadId(Uuid::from_u128(6005)));
    request.result_item = Some(form.id);
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    unit.search_mut().insert(&Listed::ballot_request(&request).unwrap()).await.unwrap();
    let sent = Event {
        id: EventId(Uuid::from_u128(6006)),
        action: action.id,
        kind: EventType::FinishLeo,
        created_at: now,
    };
    unit.actions_mut().record(&sent).await.unwrap();
}
