//! What the pages of the subscriber `votenow` show: a record of each tool, an export, a key, an invitation, a second member.

use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    absentee::BallotRequest,
    account::{Association, Invite, InviteAssociation, User},
    action::{Action, EventType},
    api_key::ApiKey,
    conformance::rows as samples,
    file::{FileType, StoredFile},
    ids::{
        ActionId, ApiKeyId, AssociationId, BallotRequestId, DeliveryId, EndpointId, FileId, InviteId,
        LookupId, PollingPlaceLookupId, RegionId, RegistrationId, ReminderId, ReportId, SubscriberId,
        UploadId, UserId,
    },
    person::PersonName,
    polling_place::PollingPlaceLookup,
    ports::store::Unit,
    register::Registration,
    reminder::ReminderRequest,
    report::{Report, ReportStatus, ReportType},
    search::Listed,
    verifier::Lookup,
    webhook::{Delivery, DeliveryStatus, Endpoint, Health},
};
use uuid::Uuid;

use super::site::{OTHER, OWN, Role};

pub(crate) const REGISTRATION: &str = "00000000-0000-0000-0000-000000001801";
pub(crate) const BALLOT_REQUEST: &str = "00000000-0000-0000-0000-000000001802";
pub(crate) const LOOKUP: &str = "00000000-0000-0000-0000-000000001803";
pub(crate) const REMINDER: &str = "00000000-0000-0000-0000-000000001804";
pub(crate) const POLLING_PLACE: &str = "00000000-0000-0000-0000-000000001805";
/// An export that is there.
pub(crate) const REPORT: &str = "00000000-0000-0000-0000-000000001806";
/// A member whom others can remove.
pub(crate) const COLLEAGUE: &str = "00000000-0000-0000-0000-000000001807";
pub(crate) const INVITE: &str = "00000000-0000-0000-0000-000000001808";
pub(crate) const KEY: &str = "00000000-0000-0000-0000-000000001809";
/// An endpoint that is on, to which one delivery waits and one was given up.
pub(crate) const ENDPOINT: &str = "00000000-0000-0000-0000-000000001812";
/// The one that was given up.
pub(crate) const DELIVERY: &str = "00000000-0000-0000-0000-000000001813";
/// A registration of another subscriber.
pub(crate) const STRANGE: &str = "00000000-0000-0000-0000-000000001810";
/// A registration of `votenow` that it does not see.
pub(crate) const UNSEEN: &str = "00000000-0000-0000-0000-000000001811";

fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap()
}

fn own() -> SubscriberId {
    SubscriberId(Uuid::from_u128(OWN))
}

/// Puts all of them.
pub(super) async fn put(unit: &mut dyn Unit, now: DateTime<Utc>) {
    // a little while ago: nothing is made after the moment at which it is looked at
    let made = now - TimeDelta::minutes(10);
    voters(unit, made).await;
    people(unit, now).await;
    export(unit, now).await;
    let key = ApiKey {
        id: ApiKeyId(id(KEY)),
        subscriber: Some(own()),
        description: Some("the nightly import".into()),
        created_by: Some(Role::Member.id()),
        deactivated_by: None,
        deactivated_at: None,
        ..samples::api_key(18, OWN, 0)
    };
    unit.api_keys_mut().insert(&key).await.unwrap();
    webhooks(unit, made).await;
}

async fn webhooks(unit: &mut dyn Unit, made: DateTime<Utc>) {
    let endpoint = Endpoint {
        id: EndpointId(id(ENDPOINT)),
        subscriber: own(),
        description: Some("the list of volunteers".into()),
        rotated_at: None,
        health: Health::default(),
        created_by: Some(Role::Member.id()),
        created_at: made,
        modified_at: made,
        ..samples::endpoint(1, OWN, 0)
    };
    unit.webhooks_mut().insert_endpoint(&endpoint).await.unwrap();
    let action = id(REGISTRATION).as_u128() + 0x100;
    let dead = Delivery {
        id: DeliveryId(id(DELIVERY)),
        endpoint: endpoint.id,
        occurred_at: made,
        queued_at: made,
        ..samples::delivery(1, 1, action, 0)
    };
    let waiting = Delivery {
        id: DeliveryId(Uuid::from_u128(id(DELIVERY).as_u128() + 0x100)),
        status: DeliveryStatus::Waiting,
        // not while a test works off what is due
        next_at: made + TimeDelta::days(400),
        ..dead.clone()
    };
    for delivery in [dead, waiting] {
        unit.webhooks_mut().insert_delivery(&delivery).await.unwrap();
    }
}

async fn acted(unit: &mut dyn Unit, record: &str, made: DateTime<Utc>, is_visible: bool) -> Option<ActionId> {
    let action = Action {
        id: ActionId(Uuid::from_u128(id(record).as_u128() + 0x100)),
        visible_to_subscriber: is_visible,
        created_at: made,
        ..samples::action(1)
    };
    unit.actions_mut().insert(&action).await.unwrap();
    for (number, kind) in [(0x200, EventType::Start), (0x300, EventType::FinishExternal)] {
        let event = turnout_core::action::Event {
            id: turnout_core::ids::EventId(Uuid::from_u128(id(record).as_u128() + number)),
            action: action.id,
            kind,
            created_at: made,
        };
        unit.actions_mut().record(&event).await.unwrap();
    }
    Some(action.id)
}

fn named(first: &str, last: &str) -> PersonName {
    PersonName { first: Some(first.into()), last: Some(last.into()), ..PersonName::default() }
}

async fn registration(
    unit: &mut dyn Unit,
    record: &str,
    name: PersonName,
    of: u128,
    is_visible: bool,
    made: DateTime<Utc>,
) {
    let row = Registration {
        id: RegistrationId(id(record)),
        action: acted(unit, record, made, is_visible).await,
        subscriber: Some(SubscriberId(Uuid::from_u128(of))),
        name,
        created_at: made,
        modified_at: made,
        region: None,
        matched_region: None::<RegionId>,
        result_item: None::<FileId>,
        result_item_mail: None,
        ..samples::registration()
    };
    unit.registrations_mut().insert(&row).await.unwrap();
    if is_visible {
        unit.search_mut().insert(&Listed::registration(&row).unwrap()).await.unwrap();
    }
}

async fn voters(unit: &mut dyn Unit, made: DateTime<Utc>) {
    registration(unit, REGISTRATION, named("Zoë", "Quill"), OWN, true, made).await;
    registration(unit, STRANGE, named("Strange", "Voter"), OTHER, true, made).await;
    registration(unit, UNSEEN, named("Unseen", "Voter"), OWN, false, made).await;
    let row = BallotRequest {
        id: BallotRequestId(id(BALLOT_REQUEST)),
        action: acted(unit, BALLOT_REQUEST, made, true).await,
        subscriber: Some(own()),
        created_at: made,
        modified_at: made,
        region: None,
        result_item: None,
        result_item_mail: None,
        signature: None::<UploadId>,
        ..samples::ballot_request()
    };
    unit.ballot_requests_mut().insert(&row).await.unwrap();
    unit.search_mut().insert(&Listed::ballot_request(&row).unwrap()).await.unwrap();
    let row = Lookup {
        id: LookupId(id(LOOKUP)),
        action: acted(unit, LOOKUP, made, true).await,
        subscriber: Some(own()),
        created_at: made,
        modified_at: made,
        age: Some(33),
        ..samples::whole_lookup()
    };
    unit.lookups_mut().insert(&row).await.unwrap();
    unit.search_mut().insert(&Listed::lookup(&row).unwrap()).await.unwrap();
    let row = ReminderRequest {
        id: ReminderId(id(REMINDER)),
        action: acted(unit, REMINDER, made, true).await,
        subscriber: Some(own()),
        created_at: made,
        modified_at: made,
        ..samples::whole_reminder()
    };
    unit.reminders_mut().insert(&row).await.unwrap();
    unit.search_mut().insert(&Listed::reminder(&row).unwrap()).await.unwrap();
    let row = PollingPlaceLookup {
        id: PollingPlaceLookupId(id(POLLING_PLACE)),
        action: acted(unit, POLLING_PLACE, made, true).await,
        subscriber: Some(own()),
        created_at: made,
        modified_at: made,
        ..samples::whole_polling_place()
    };
    unit.polling_places_mut().insert(&row).await.unwrap();
    unit.search_mut().insert(&Listed::polling_place(&row).unwrap()).await.unwrap();
}

async fn people(unit: &mut dyn Unit, now: DateTime<Utc>) {
    let colleague = User {
        id: UserId(id(COLLEAGUE)),
        email: "colleague@example.org".into(),
        password: None,
        first_name: "Cal".into(),
        last_name: "League".into(),
        is_superuser: false,
        is_subscriber_admin: false,
        active_subscriber: Some(own()),
        last_login: None,
        created_at: now,
        ..samples::user(1807, 0)
    };
    unit.accounts_mut().insert(&colleague).await.unwrap();
    let belongs = Association {
        id: AssociationId(Uuid::from_u128(0x1817)),
        subscriber: own(),
        user: colleague.id,
        created_at: now,
    };
    unit.accounts_mut().associate(&belongs).await.unwrap();
    let invite = Invite {
        id: InviteId(id(INVITE)),
        expires: now + TimeDelta::days(7),
        consumed_at: None,
        user: None,
        imported_token_hash: None,
        created_at: now,
        ..samples::invite(1808, "invited@example.org", OWN, 0)
    };
    unit.accounts_mut().insert_invite(&invite).await.unwrap();
    let leads_to = InviteAssociation {
        id: AssociationId(Uuid::from_u128(0x1818)),
        subscriber: own(),
        invite: invite.id,
        created_at: now,
    };
    unit.accounts_mut().add_to_invite(&leads_to).await.unwrap();
}

async fn export(unit: &mut dyn Unit, now: DateTime<Utc>) {
    let file = StoredFile {
        id: FileId(Uuid::from_u128(0x1816)),
        name: "an_export.csv".into(),
        subscriber: Some(own()),
        purged: None,
        claimed: true,
        expires: now + TimeDelta::days(7),
        ..samples::file(0x1816, FileType::Report, 0)
    };
    unit.files_mut().insert(&file).await.unwrap();
    let report = Report {
        id: ReportId(id(REPORT)),
        kind: ReportType::Register,
        status: ReportStatus::Complete,
        subscriber: own(),
        author: Some(Role::Member.id()),
        file: Some(file.id),
        since: None,
        before: Some(now),
        written: 12_345,
        total: Some(12_345),
        created_at: now - TimeDelta::minutes(5),
        modified_at: now,
    };
    unit.reports_mut().insert(&report).await.unwrap();
}
