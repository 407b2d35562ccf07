//! Rows to put into a store: every field has a value of its own, so that none can be mistaken for another.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

use crate::{
    absentee::{BallotRequest, ContactOverride, RegionLink, SubmissionType},
    account::{Invite, Session, SessionStage, User, UserZone},
    action::{Action, Event, EventType, VoterDetails},
    address::{Address, State},
    api_key::{ApiKey, SecretHash},
    change::Change,
    consent::{Choice, Entry, Mark, Origin, Scope},
    decision::{Channel, Purpose, Rule, Whereabouts},
    election::{FieldFormat, FieldType, StateInformation, StateProfile},
    fax::{Fax, FaxStatus, FaxThen},
    file::{FileType, SecureUpload, StoredFile, UploadType},
    ids::{
        ActionId, ApiKeyId, BallotRequestId, ChangeId, ConsentId, DeliveryId, EndpointId, EventId, FaxId,
        FieldTypeId, FileId, InformationId, IntegrationId, InterestId, InviteId, JobId, LetterId, LookupId,
        MessageId, MoverLeadId, OfficeAddressId, OfficeId, PollingPlaceLookupId, RegionId, RegistrationId,
        ReminderId, SessionId, SlugId, SubscriberId, SubscriptionId, UploadId, UserId, VoterId,
    },
    jobs::{DEFAULT_LANE, NewJob, Priority},
    language::Language,
    letter::Letter,
    listing::Tool,
    mail::HeldMail,
    mover::{Home, MoverLead},
    official::{Location, Office, OfficeAddress, Region},
    person::{Gender, Party, PersonName, Phone, RaceEthnicity, Title},
    polling_place::PollingPlaceLookup,
    ports::store::Unit,
    register::{Registration, Status, ToolName},
    reminder::ReminderRequest,
    secret::IntegrationKey,
    sms::{Direction, Failure, Message, MessageStatus, Number},
    subscriber::{Plan, Slug, SmsMode, Subscriber, SubscriberStatus},
    subscription::{Contact, ExternalTool, Integration, Interest, InterestStatus, Subscription},
    suppression::{AddressKey, Suppression, SuppressionReason, SuppressionSource},
    tracking::Tracking,
    verifier::{Lookup, VoterStatus},
    voter::{Standing, Voter},
    webhook::{self, About, Delivery, DeliveryStatus, Endpoint, Health, Topic},
};

/// The id with this number.
#[must_use]
pub fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// So many seconds after a moment in 2026.
///
/// # Panics
/// When that is no moment any more.
#[must_use]
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).expect("it is a moment")
}

/// Texts in the order of their bytes, which is that of no language: capitals first, then small letters, letters with
/// accents last, and signs count as much as letters.
pub const BYTEWISE: [&str; 8] = ["A", "Z", "a b", "a-b", "ab", "z", "Éa", "éa"];

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A subscriber with that number, made at that second. Its default slug is that of [`slug`].
#[must_use]
pub fn subscriber(number: u128, created: i64) -> Subscriber {
    Subscriber {
        id: SubscriberId(uuid(number)),
        name: format!("Subscriber {number}"),
        url: "https://example.org".into(),
        email: some("mail@example.org"),
        privacy_policy: some("https://example.org/privacy"),
        terms_of_service: some("https://example.org/terms"),
        sms_enabled: Some(true),
        sms_checkbox: Some(false),
        sms_checkbox_default: None,
        sms_disclaimer: some("disclaimer"),
        language: Language::parse("es-MX"),
        default_slug: Some(SlugId(uuid(number + 1_000))),
        status: SubscriberStatus::Disabled,
        is_first_party: true,
        has_api_access: true,
        sync_tmc: true,
        sync_bluelink: true,
        plan: Plan::Premium,
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// The default slug of the subscriber with that number.
#[must_use]
pub fn slug(number: u128, text: &str) -> Slug {
    Slug {
        id: SlugId(uuid(number + 1_000)),
        subscriber: SubscriberId(uuid(number)),
        slug: text.into(),
        created_at: at(5),
    }
}

/// An action with that number.
#[must_use]
pub fn action(number: u128) -> Action {
    Action {
        id: ActionId(uuid(number)),
        visible_to_subscriber: true,
        last_voter_lookup: Some(at(3)),
        created_at: at(1),
        modified_at: at(2) + TimeDelta::microseconds(7),
    }
}

/// An event with that number, of the action with the number 1.
#[must_use]
pub fn event(number: u128, kind: EventType, second: i64) -> Event {
    Event { id: EventId(uuid(number)), action: ActionId(uuid(1)), kind, created_at: at(second) }
}

/// A claimed file with that number.
#[must_use]
pub fn file(number: u128, kind: FileType, created: i64) -> StoredFile {
    StoredFile {
        id: FileId(uuid(number)),
        kind,
        key: format!("261125.{number}.form.pdf"),
        name: "form.pdf".into(),
        email: some("voter@example.org"),
        subscriber: None,
        generation: 3,
        imported_token_hash: Some(vec![1, 2, 255]),
        expires: at(100),
        first_download: Some(at(50)),
        purged: None,
        claimed: true,
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// An upload with that number, made at that second.
#[must_use]
pub fn upload(number: u128, created: i64) -> SecureUpload {
    SecureUpload {
        id: UploadId(uuid(number)),
        kind: UploadType::Signature,
        key: format!("key-{number}"),
        content_type: "image/png".into(),
        purged: None,
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// An API key with that number, of a subscriber, made at that second.
#[must_use]
pub fn api_key(number: u8, subscriber: u128, created: i64) -> ApiKey {
    ApiKey {
        id: ApiKeyId(uuid(number.into())),
        subscriber: Some(SubscriberId(uuid(subscriber))),
        hash: SecretHash([number; 32]),
        description: Some(format!("key {number}")),
        created_by: Some(UserId(uuid(41))),
        deactivated_by: Some(UserId(uuid(42))),
        deactivated_at: Some(at(70)),
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// A subscription of the subscriber with that number, which came of the wish with that number.
#[must_use]
pub fn subscription(number: u128) -> Subscription {
    Subscription {
        id: SubscriptionId(uuid(number + 500)),
        subscriber: SubscriberId(uuid(number)),
        interest: Some(InterestId(uuid(number))),
        product: None,
        plan: Plan::Nonprofit,
        expires: NaiveDate::from_ymd_opt(2027, 3, 31),
        contact: contact(),
        ein: some("12-3456789"),
        internal_notes: some("pays by check"),
        created_at: at(7),
        modified_at: at(8),
    }
}

/// Somebody to speak with.
#[must_use]
pub fn contact() -> Contact {
    Contact {
        first_name: some("Ada"),
        last_name: some("Núñez"),
        email: some("ada@example.org"),
        phone: Phone::parse("+16175557890"),
    }
}

/// A wish with that number, made at that second.
#[must_use]
pub fn interest(number: u128, created: i64) -> Interest {
    Interest {
        id: InterestId(uuid(number)),
        organization_name: some("Voters of Springfield"),
        website: some("https://example.org"),
        contact: contact(),
        plan: Plan::Premium,
        ein: some("12-3456789"),
        sms_mode: SmsMode::BoxChecked,
        status: InterestStatus::Pending,
        reject_reason: some("reason"),
        nonprofit: Some(true),
        product: None,
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// What opens the account at ActionNetwork of the subscriber with the second number.
#[must_use]
pub fn integration(number: u128, subscriber: u128, key: &str, created: i64) -> Integration {
    Integration {
        id: IntegrationId(uuid(number)),
        subscriber: SubscriberId(uuid(subscriber)),
        tool: ExternalTool::ActionNetwork,
        key: IntegrationKey::new(key.to_owned()),
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// A region of Massachusetts.
#[must_use]
pub fn region(id: i64, name: Option<&str>) -> Region {
    Region {
        id: RegionId(id),
        name: name.map(Into::into),
        county: some("Suffolk"),
        municipality: some("Boston"),
        municipality_type: some("city"),
        state: Some(State::Ma),
        hidden: false,
        external_updated: Some(at(9)),
    }
}

/// An office of the region with the number 1.
#[must_use]
pub fn office(id: i64) -> Office {
    Office {
        id: OfficeId(id),
        region: Some(RegionId(1)),
        hours: some("9-5"),
        notes: some("notes"),
        external_updated: Some(at(2)),
    }
}

/// An office's address. `first` decides which half of the switches is on: all of them are on in one of the two.
#[must_use]
pub fn address(id: i64, office: i64, first: bool) -> OfficeAddress {
    OfficeAddress {
        id: Some(OfficeAddressId(id)),
        office: Some(OfficeId(office)),
        address: some("line 1"),
        address2: some("line 2"),
        address3: some("line 3"),
        city: some("city"),
        state: Some(State::Ma),
        zipcode: some("02201-1020"),
        website: some("https://example.org"),
        email: some("office@example.org"),
        phone: Some(Phone::from_stored("+16175557890".into())),
        fax: Some(Phone::from_stored("+16175557891".into())),
        location: Some(Location { lat: 42.25, lng: -71.5 }),
        is_physical: first,
        is_regular_mail: !first,
        process_domestic_registrations: first,
        process_absentee_requests: !first,
        process_absentee_ballots: first,
        process_overseas_requests: !first,
        process_overseas_ballots: first,
        external_updated: Some(at(4)),
    }
}

/// A state.
#[must_use]
pub fn state(state: State) -> StateProfile {
    StateProfile {
        code: state,
        name: state.name().into(),
        allow_print_and_forward: Some(true),
        allow_absentee_print_and_forward: None,
        created_at: at(0),
        modified_at: at(1),
    }
}

/// A kind of fact.
#[must_use]
pub fn field_type(number: u128, slug: &str, format: Option<FieldFormat>) -> FieldType {
    FieldType {
        id: FieldTypeId(uuid(number)),
        slug: slug.into(),
        long_name: format!("long {slug}"),
        help_text: some("help"),
        format,
        created_at: at(1),
        modified_at: at(2),
    }
}

/// A fact about a state, of the kind with that number.
#[must_use]
pub fn fact(number: u128, state: State, kind: u128, text: &str) -> StateInformation {
    StateInformation {
        id: InformationId(uuid(number)),
        state,
        field_type: FieldTypeId(uuid(kind)),
        text: text.into(),
        notes: "notes".into(),
        source: "https://example.org/law".into(),
        checked_on: NaiveDate::from_ymd_opt(2026, 2, 28),
        created_at: at(1),
        modified_at: at(2),
    }
}

/// A job with that number, due at that second.
#[must_use]
pub fn job(number: u128, due: i64) -> NewJob {
    NewJob {
        id: JobId(uuid(number)),
        kind: "test.job",
        payload: json!({"id": number.to_string()}),
        due_at: at(due),
        priority: Priority::Default,
        lane: DEFAULT_LANE,
        unique_key: None,
        subscriber: None,
        created_at: at(0),
    }
}

/// The registration with the number 500, in which everything is filled in. What it points to is put by
/// [`references`].
#[must_use]
pub fn registration() -> Registration {
    let name = |prefix: &str, title| PersonName {
        title: Some(title),
        first: Some(format!("{prefix}first")),
        middle: Some(format!("{prefix}middle")),
        last: Some(format!("{prefix}Nguyễn-Łukasz")),
        suffix: Some(format!("{prefix}suffix")),
    };
    let address = |prefix: &str, state| Address {
        address1: Some(format!("{prefix}address1")),
        address2: Some(format!("{prefix}address2")),
        city: Some(format!("{prefix}city")),
        state: Some(state),
        zipcode: Some(format!("{prefix}zipcode")),
    };
    Registration {
        id: RegistrationId(uuid(500)),
        action: Some(ActionId(uuid(1))),
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(10),
        modified_at: at(11),
        status: Status::Pending,
        name: name("", Title::Mx),
        date_of_birth: NaiveDate::from_ymd_opt(1980, 2, 29),
        email: some("voter@example.org"),
        phone: Some(Phone::from_stored("+16175557890".into())),
        gender: Some(Gender::NonBinary),
        race_ethnicity: Some(RaceEthnicity::Multi),
        party: Some(Party::Green),
        us_citizen: Some(true),
        address: address("", State::Ma),
        previous_name: name("previous ", Title::Ms),
        previous_address: address("previous ", State::Ny),
        mailing_address: address("mailing ", State::Pa),
        request_mailing_address: address("request ", State::Dc),
        request_mailing_deliverable: Some(false),
        sms_opt_in: Some(true),
        sms_opt_in_subscriber: Some(false),
        referring_tool: Some(ToolName::Verify),
        state_fields: Some(json!({"a": [1, null, "é"]})),
        state_api_result: Some(json!("text")),
        custom_ovr_link: some("https://ovr.example.org"),
        matched_region: Some(RegionId(1)),
        region: Some(RegionId(5_000_000_000)),
        result_item: Some(FileId(uuid(1))),
        result_item_mail: Some(FileId(uuid(2))),
        language: Language::parse("es-MX"),
        tracking: Tracking {
            embed_url: some("embed"),
            utm_campaign: some("campaign"),
            utm_source: some("utm source"),
            utm_medium: some("medium"),
            utm_term: some("term"),
            utm_content: some("content"),
            source: some("source"),
            email_referrer: some("email referrer"),
            mobile_referrer: some("mobile referrer"),
            session_id: Some(uuid(77)),
        },
    }
}

/// The registration with the number 501, in which nothing is filled in; empty texts are another thing than none.
#[must_use]
pub fn bare_registration() -> Registration {
    let id = RegistrationId(uuid(501));
    let mut bare = Registration::new(id, ActionId(uuid(2)), None, at(12));
    bare.action = None;
    bare.us_citizen = None;
    bare.name.middle = some("");
    bare
}

/// Who and where a voter is, with everything filled in.
fn details() -> VoterDetails {
    let whole = registration();
    VoterDetails {
        name: PersonName { title: None, middle: None, suffix: None, ..whole.name },
        date_of_birth: whole.date_of_birth,
        email: whole.email,
        phone: whole.phone,
        address: whole.address,
        sms_opt_in: whole.sms_opt_in,
        sms_opt_in_subscriber: Some(true),
        language: whole.language,
        tracking: whole.tracking,
    }
}

/// The same with what has to be there alone; an empty text is another thing than none.
fn bare_details() -> VoterDetails {
    VoterDetails {
        name: PersonName { first: some("A"), last: some(""), ..PersonName::default() },
        address: Address { state: Some(State::Ny), address2: some(""), ..Address::default() },
        ..VoterDetails::default()
    }
}

/// A question to the voter roll in which everything is filled in. What it points to is put by [`references`].
#[must_use]
pub fn whole_lookup() -> Lookup {
    Lookup {
        id: LookupId(uuid(500)),
        action: Some(ActionId(uuid(1))),
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(10),
        modified_at: at(11),
        voter: details(),
        age: Some(5_000_000_000),
        last_updated: Some(at(12)),
        registered: Some(true),
        too_many: Some(false),
        voter_status: Some(VoterStatus::Inactive),
        response: Some(json!({"result_set": [{"a": null}]})),
    }
}

/// One in which nothing is.
#[must_use]
pub fn bare_lookup() -> Lookup {
    Lookup {
        id: LookupId(uuid(501)),
        action: None,
        subscriber: None,
        voter: bare_details(),
        age: None,
        last_updated: None,
        registered: None,
        too_many: None,
        voter_status: None,
        response: None,
        ..whole_lookup()
    }
}

/// A voter of whom everything is known. What it points to is put by [`references`].
#[must_use]
pub fn whole_voter() -> Voter {
    Voter {
        id: VoterId(uuid(500)),
        created_at: at(10),
        modified_at: at(11),
        state: Some(State::Ma),
        state_voter_id: some("state id"),
        roll_id: some("roll id"),
        standing: Standing {
            registered: Some(true),
            since: NaiveDate::from_ymd_opt(2012, 3, 4),
            as_of: Some(at(12)),
        },
        last_state_refresh: NaiveDate::from_ymd_opt(2026, 5, 6),
        last_roll_refresh: Some(at(13)),
        email: some("voter@example.org"),
        phone: Some(Phone::from_stored("+16175557890".into())),
        name: PersonName {
            title: None,
            first: some("first"),
            middle: some("middle"),
            last: some("Nguyễn-Łukasz"),
            suffix: some("suffix"),
        },
        date_of_birth: NaiveDate::from_ymd_opt(1980, 2, 29),
        address: some("address"),
        city: some("city"),
        zipcode: some("zipcode"),
        state_result: Some(json!({"a": [1, null, "é"]})),
        roll_result: Some(json!("text")),
    }
}

/// One of whom nothing is.
#[must_use]
pub fn bare_voter() -> Voter {
    Voter { state: None, ..Voter::new(VoterId(uuid(501)), State::Ma, at(10)) }
}

/// A request to be reminded in which everything is filled in. What it points to is put by [`references`].
#[must_use]
pub fn whole_reminder() -> ReminderRequest {
    ReminderRequest {
        id: ReminderId(uuid(500)),
        action: Some(ActionId(uuid(1))),
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(10),
        modified_at: at(11),
        voter: details(),
    }
}

/// One in which nothing is.
#[must_use]
pub fn bare_reminder() -> ReminderRequest {
    let id = ReminderId(uuid(501));
    ReminderRequest { id, action: None, subscriber: None, voter: bare_details(), ..whole_reminder() }
}

/// What a locator answered, with everything filled in. What it points to is put by [`references`].
#[must_use]
pub fn whole_polling_place() -> PollingPlaceLookup {
    let VoterDetails { address, tracking, .. } = details();
    PollingPlaceLookup {
        id: PollingPlaceLookupId(uuid(500)),
        action: Some(ActionId(uuid(1))),
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(10),
        modified_at: at(11),
        unstructured_address: some("1 Main St"),
        source_result: Some(json!([1, "é", {"a": null}])),
        source_status: some("SUCCESS"),
        civic_status: some("OK"),
        address,
        sms_opt_in_subscriber: Some(true),
        tracking,
    }
}

/// One in which nothing is.
#[must_use]
pub fn bare_polling_place() -> PollingPlaceLookup {
    PollingPlaceLookup {
        id: PollingPlaceLookupId(uuid(501)),
        action: None,
        subscriber: None,
        unstructured_address: None,
        source_result: None,
        source_status: some(""),
        civic_status: None,
        address: Address::default(),
        sms_opt_in_subscriber: None,
        tracking: Tracking::default(),
        ..whole_polling_place()
    }
}

/// The ballot request with the number 600, in which everything is filled in. What it points to is put by [`references`],
/// but for the signature, the [`upload`] with the number 1.
#[must_use]
pub fn ballot_request() -> BallotRequest {
    let like = registration();
    BallotRequest {
        id: BallotRequestId(uuid(600)),
        action: like.action,
        subscriber: like.subscriber,
        created_at: at(10),
        modified_at: at(11),
        status: Status::Pending,
        name: PersonName { title: None, ..like.name },
        date_of_birth: like.date_of_birth,
        email: like.email,
        phone: like.phone,
        us_citizen: Some(true),
        address: like.address,
        mailing_address: like.mailing_address,
        request_mailing_address: like.request_mailing_address,
        request_mailing_deliverable: Some(false),
        sms_opt_in: Some(true),
        sms_opt_in_subscriber: Some(false),
        referring_tool: Some(ToolName::Verify),
        state_fields: like.state_fields,
        signature: Some(UploadId(uuid(1))),
        submit_date: NaiveDate::from_ymd_opt(2026, 9, 30),
        esign_method: Some(SubmissionType::LeoFax),
        way: Some(SubmissionType::LeoEmail),
        region: like.region,
        result_item: like.result_item,
        result_item_mail: like.result_item_mail,
        language: like.language,
        tracking: like.tracking,
    }
}

/// The ballot request with the number 601, in which nothing is filled in; empty texts are another thing than none.
#[must_use]
pub fn bare_ballot_request() -> BallotRequest {
    let id = BallotRequestId(uuid(601));
    let mut bare = BallotRequest::new(id, ActionId(uuid(2)), None, at(12));
    bare.action = None;
    bare.us_citizen = None;
    bare.sms_opt_in = None;
    bare.name.suffix = some("");
    bare
}

/// What is known better about the office of the region with the number 1.
#[must_use]
pub fn contact_override() -> ContactOverride {
    ContactOverride {
        region: RegionId(1),
        method: Some(SubmissionType::LeoEmail),
        email: some("clerk@example.org"),
        phone: Some(Phone::from_stored("+16175557892".into())),
        fax: Some(Phone::from_stored("+16175557893".into())),
        notes: some("notes"),
        created_at: at(20),
        modified_at: at(21),
    }
}

/// The page of the region with the number 1.
#[must_use]
pub fn region_link() -> RegionLink {
    let url = "https://ballots.example.org/one".into();
    RegionLink { region: RegionId(1), url, created_at: at(22), modified_at: at(23) }
}

/// A fax of the [`file()`] with the number 1.
#[must_use]
pub fn fax(number: u128) -> Fax {
    Fax {
        id: FaxId(uuid(number)),
        token: uuid(number + 1_000),
        file: FileId(uuid(1)),
        to: Some(Phone::from_stored("+16175557894".into())),
        status: FaxStatus::TemporaryFailure,
        status_message: some("busy"),
        status_at: Some(at(31) + TimeDelta::milliseconds(125)),
        then: Some(FaxThen::BallotRequest(BallotRequestId(uuid(600)))),
        created_at: at(30),
        modified_at: at(32),
    }
}

/// A number that has opted out.
#[must_use]
pub fn number() -> Number {
    Number {
        phone: Phone::from_stored("+16175557895".into()),
        id: uuid(700),
        welcomed_at: Some(at(33)),
        opted_out_at: Some(at(35) + TimeDelta::milliseconds(250)),
        opted_in_at: Some(at(34)),
        language: Language::parse("es"),
        created_at: at(32),
        modified_at: at(36),
    }
}

/// A text to that number.
#[must_use]
pub fn message(number: u128) -> Message {
    Message {
        id: MessageId(uuid(number)),
        phone: Some(self::number().phone),
        direction: Direction::Out,
        text: some("Vote."),
        status: Some(MessageStatus::Queued),
        status_at: Some(at(38)),
        failure: Some(Failure::Throttled),
        carrier_id: some("SM1"),
        more: Some(json!({"media": ["https://example.org/map.png"]})),
        blast: None,
        purpose: Some(Purpose::Reminder),
        sender: None,
        whereabouts: Some(Whereabouts {
            zones: vec![Tz::America__New_York, Tz::America__Indiana__Knox],
            states: vec![State::In, State::Ma],
        }),
        rule: Some(Rule::StateHours(State::Ma)),
        held_until: Some(at(40)),
        decided_at: Some(at(41) + TimeDelta::microseconds(3)),
        created_at: at(37),
        modified_at: at(39),
    }
}

/// A yes to texts of the subscriber with the number 1.
#[must_use]
pub fn consent(number: u128) -> Entry {
    Entry {
        id: ConsentId(uuid(number)),
        channel: Channel::Sms,
        address: self::number().phone.e164().to_owned(),
        mark: Mark {
            choice: Choice::Granted,
            scope: Scope::Subscriber(SubscriberId(uuid(1))),
            at: at(30) + TimeDelta::microseconds(7),
        },
        origin: Origin::Form,
        text: some("Text me. Ñandú."),
        language: Language::parse("es-MX"),
        context: some("https://www.example.org/register"),
        recorded_at: at(31),
    }
}

/// A mail of the subscriber with the number 1 that waits for the morning.
#[must_use]
pub fn held_mail(number: u128) -> HeldMail {
    HeldMail {
        message_id: format!("{number}@example.org"),
        purpose: Purpose::Chase,
        sender: Some(SubscriberId(uuid(1))),
        rule: Rule::Courtesy,
        held_until: Some(at(50)),
        decided_at: at(49) + TimeDelta::microseconds(1),
    }
}

/// A letter with that number about the [`action`] with the number 1, which the mail house has.
#[must_use]
pub fn letter(number: u128) -> Letter {
    Letter {
        id: LetterId(uuid(number)),
        action: ActionId(uuid(1)),
        subscriber: Some(SubscriberId(uuid(1))),
        external_id: Some(format!("ltr_{number}")),
        created_at: at(33),
        modified_at: at(34) + TimeDelta::microseconds(9),
    }
}

/// A lead with that number, of the action and the file with the number 1, with which everything was done.
#[must_use]
pub fn lead(number: u128) -> MoverLead {
    let home = |name: &str, state, region| Home {
        address: Address {
            address1: Some(format!("{number} {name} Street")),
            address2: Some(format!("{name} unit")),
            city: Some(format!("{name} city")),
            state: Some(state),
            zipcode: some(if name == "New" { "02139" } else { "10001" }),
        },
        zipcode_plus4: some(if name == "New" { "0001" } else { "0002" }),
        tenure: some(if name == "New" { "rent" } else { "own" }),
        region: Some(RegionId(region)),
    };
    MoverLead {
        id: MoverLeadId(uuid(number)),
        source_created_at: Some(at(70) + TimeDelta::milliseconds(i64::try_from(number).unwrap_or(0))),
        first_name: some("Ana"),
        last_name: some("Mover"),
        email: Some(format!("ana{number}@example.org")),
        move_date: Some(at(71)),
        new: home("New", State::Ma, 1),
        old: home("Old", State::Ny, 5_000_000_000),
        crm_person: Some(format!("person {number}")),
        action: Some(ActionId(uuid(1))),
        file: Some(FileId(uuid(1))),
        located_at: Some(at(72)),
        left_alone: None,
        created_at: at(73),
        modified_at: at(74),
    }
}

/// Puts what [`registration`] points to: states, a subscriber, an action, regions and files.
///
/// # Panics
/// When the store fails.
pub async fn references(unit: &mut dyn Unit) {
    for code in [State::Ma, State::Ny, State::Pa, State::Dc] {
        unit.elections_mut().put_state(&state(code)).await.expect("a state");
    }
    unit.subscribers_mut().insert(&subscriber(1, 0)).await.expect("a subscriber");
    unit.subscribers_mut().insert_slug(&slug(1, "one")).await.expect("a slug");
    unit.actions_mut().insert(&action(1)).await.expect("an action");
    for id in [1, 5_000_000_000] {
        unit.officials_mut().put_region(&region(id, None)).await.expect("a region");
    }
    for number in [1, 2] {
        unit.files_mut().insert(&file(number, FileType::RegForm, 0)).await.expect("a file");
    }
}

/// An endpoint with that number, of that subscriber, that takes everything.
#[must_use]
pub fn endpoint(number: u128, subscriber: u128, created: i64) -> Endpoint {
    Endpoint {
        id: EndpointId(uuid(number)),
        subscriber: SubscriberId(uuid(subscriber)),
        address: format!("https://hooks{number}.example.org/turnout?a=b"),
        description: Some(format!("endpoint {number}")),
        topics: Topic::offered().collect(),
        generation: 3,
        rotated_at: Some(at(created + 11)),
        paused_at: None,
        off: None,
        removed_at: None,
        health: Health {
            failures: 2,
            failing_since: Some(at(created + 12)),
            rest_until: Some(at(created + 13)),
        },
        created_by: Some(UserId(uuid(70))),
        created_at: at(created),
        modified_at: at(created + 14),
    }
}

/// A delivery with that number, to that endpoint, of an event of that action at that second, which was given up.
#[must_use]
pub fn delivery(number: u128, endpoint: u128, action: u128, second: i64) -> Delivery {
    Delivery {
        id: DeliveryId(uuid(number)),
        endpoint: EndpointId(uuid(endpoint)),
        topic: Topic::RegistrationCompleted,
        about: Some(About {
            action: ActionId(uuid(action)),
            tool: Tool::Register,
            record: uuid(500),
            state: Some(State::Ma),
            event: Some((EventId(uuid(number + 1_000)), EventType::FinishPrint)),
        }),
        occurred_at: at(second),
        shard: webhook::shard_of(uuid(action)),
        position: at(second).timestamp_micros(),
        status: DeliveryStatus::Dead,
        queued_at: at(second + 1),
        next_at: at(second + 2),
        attempts: 5,
        tried_at: Some(at(second + 3)),
        answer: Some(503),
        failure: Some(webhook::Failure::Answer),
    }
}

/// That an address is not mailed, as mail to it came back.
#[must_use]
pub fn suppression() -> Suppression {
    Suppression {
        address: AddressKey(Uuid::from_u128(0x60_4e)),
        reason: SuppressionReason::Bounce,
        source: SuppressionSource::Vendor,
        since: at(50) + TimeDelta::milliseconds(500),
        lifted_at: None,
        created_at: at(51),
        modified_at: at(52),
    }
}

/// Somebody with an account, made at that second.
#[must_use]
pub fn user(number: u128, created: i64) -> User {
    User {
        id: UserId(uuid(number)),
        email: format!("User{number}@Example.org"),
        password: some("an encoded hash"),
        first_name: format!("First {number}"),
        last_name: format!("Last {number}"),
        is_staff: true,
        is_active: false,
        is_superuser: true,
        is_election_admin: false,
        is_subscriber_admin: true,
        is_esign_admin: false,
        time_zone: UserZone::Hawaii,
        active_subscriber: None,
        last_login: Some(at(81)),
        generation: 82,
        reset_expires: Some(at(83)),
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// An invitation to an address, made at that second, that leads to the subscriber as its first.
#[must_use]
pub fn invite(number: u128, email: &str, subscriber: u128, created: i64) -> Invite {
    Invite {
        id: InviteId(uuid(number)),
        email: email.into(),
        imported_token_hash: Some(number.to_be_bytes().to_vec()),
        generation: 84,
        expires: at(500),
        consumed_at: None,
        user: None,
        primary: SubscriberId(uuid(subscriber)),
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

/// That somebody is signed in, last seen at that second.
#[must_use]
pub fn session(number: u128, user: u128, seen: i64) -> Session {
    Session {
        id: SessionId(uuid(number)),
        user: UserId(uuid(user)),
        token_hash: number.to_be_bytes().to_vec(),
        stage: SessionStage::SignedIn,
        agent: "Firefox on Linux".into(),
        seen_at: at(seen),
        expires: at(seen + 100),
        created_at: at(seen - 1),
    }
}

/// An entry of the log of who did what, of that second.
#[must_use]
pub fn change(number: u128, second: i64) -> Change {
    Change {
        id: ChangeId(uuid(number)),
        at: at(second),
        by: Some(UserId(uuid(41))),
        subscriber: Some(SubscriberId(uuid(42))),
        kind: "state_information".into(),
        subject: "a fact".into(),
        act: "changed".into(),
        comment: "because".into(),
        before: Some(json!({ "text": "old" })),
        after: Some(json!({ "text": "new", "notes": null })),
    }
}
