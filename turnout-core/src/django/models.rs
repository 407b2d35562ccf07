//! The models that are kept, those that are not kept yet, and those that are left behind (`tables.md`, 2026-11).

use std::sync::LazyLock;

use super::model::{
    Extra, Field, Kind,
    Kind::{
        Boolean, Choice, Day, Hex, Integer, Json, Moment, Numbered, Person, Phone, Point, Text, Token, Uuid,
    },
    Model,
};
use crate::{
    absentee::SubmissionType,
    account::UserZone,
    action::EventType,
    election::FieldFormat,
    fax::{FaxStatus, TASK_OF_BALLOT_REQUEST},
    file::{FileType, UploadType},
    ids::BallotRequestId,
    person::{Gender, Party, RaceEthnicity, Title},
    ports::store::{Newer, Table},
    register::{Status, ToolName},
    report::{ReportStatus, ReportType},
    sms::{Direction, MessageStatus},
    subscriber::{Plan, SmsMode, SubscriberStatus},
    subscription::{ExternalTool, InterestStatus},
    verifier::VoterStatus,
};

/// Scheduled work, which becomes jobs.
pub(super) const TASKS: &str = "common.delayedtask";
pub(super) const SUBSCRIBER: &str = "multi_tenant.client";
pub(super) const SLUG: &str = "multi_tenant.subscriberslug";
pub(super) const REGISTRATION: &str = "register.registration";
const INTEREST: &str = "subscription.interest";
const PRODUCT: &str = "subscription.product";
const ACTION: &str = "action.action";
const VOTER: &str = "voter.voter";
const FILE: &str = "storage.storageitem";
const STATE: &str = "election.state";
const FIELD_TYPE: &str = "election.stateinformationfieldtype";
pub(super) const REGION: &str = "official.region";
const OFFICE: &str = "official.office";
const UPLOAD: &str = "storage.secureuploaditem";
/// Telephone numbers of texts: a document has them in the form of their country, and those that point to them in E.164.
pub(super) const NUMBER: &str = "smsbot.number";
const BLAST: &str = "smsbot.blast";
/// One state of a record in its history. Only a database has beside it what it is of and what was before it.
pub(super) const VERSION: &str = "reversion.version";
const USER: &str = "accounts.user";
const INVITE: &str = "accounts.invite";
const STATIC_DEVICE: &str = "otp_static.staticdevice";

/// Models of the contract that no document brings over: their rows mean nothing alone. The model, its table, and why.
pub(super) const NOT_YET: &[(&str, &str, &str)] =
    &[("reversion.revision", "reversion_revision", HISTORY), (VERSION, "reversion_version", HISTORY)];

const HISTORY: &str = "the history comes with --from postgres://";
const VIEW: &str = "made anew: it is a view";
const OWN: &str = "each installation has its own";
const UNUSED: &str = "nothing reads it";
const COUNTED: &str = "counted anew from the records";

/// Models that a takeover leaves behind: the model, its table, and why.
pub(super) const LEFT_BEHIND: &[(&str, &str, &str)] = &[
    ("absentee.esignsubmitstats", "absentee_esignsubmitstats", VIEW),
    ("absentee.regionesignmethod", "absentee_regionesignmethod", VIEW),
    ("absentee.statedashboarddata", "absentee_statedashboarddata", VIEW),
    ("accounts.user_groups", "accounts_user_groups", "roles come from the flags of a user"),
    (
        "accounts.user_user_permissions",
        "accounts_user_user_permissions",
        "roles come from the flags of a user",
    ),
    ("action.actiondetails", "action_actiondetails", VIEW),
    ("admin.logentry", "django_admin_log", "what was done in the record admin is not kept"),
    ("auth.group", "auth_group", "roles come from the flags of a user"),
    ("auth.group_permissions", "auth_group_permissions", "roles come from the flags of a user"),
    ("auth.permission", "auth_permission", OWN),
    ("contenttypes.contenttype", "django_content_type", OWN),
    ("django_celery_results.taskresult", "django_celery_results_taskresult", "results of jobs that are done"),
    ("official.regiongeomma", "official_region_geom_ma", "import gis takes boundaries over"),
    ("official.regiongeomwi", "official_region_geom_wi", "import gis takes boundaries over"),
    ("people.address", "people_address", UNUSED),
    ("people.addressrelationships", "people_addressrelationships", UNUSED),
    ("people.email", "people_email", UNUSED),
    ("people.emailrelationships", "people_emailrelationships", UNUSED),
    ("people.name", "people_name", UNUSED),
    ("people.person", "people_person", UNUSED),
    ("people.phone", "people_phone", UNUSED),
    ("people.phonerelationships", "people_phonerelationships", UNUSED),
    ("reporting.statsrefresh", "reporting_statsrefresh", COUNTED),
    ("reporting.subscriberstats", "reporting_subscriberstats", COUNTED),
    ("sessions.session", "django_session", "everybody signs in again"),
    ("verifier.alloydataupdate", "verifier_alloydataupdate", UNUSED),
    ("voter.tsearlyvoteandballot", "ts_early_vote_and_ballot", "loaded from outside for queries by hand"),
];

/// Other tables that the service has.
pub(super) const NO_MODELS: [&str; 2] = ["django_migrations", "spatial_ref_sys"];

static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let records = vec![registrations(), ballot_requests()];
    [
        tenancy(),
        accounts(),
        second_factors(),
        elections(),
        officials(),
        offices(),
        files(),
        actions(),
        records,
        faxes(),
        texts(),
        tools(),
        links(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// The models that are kept, in the order in which they are listed.
pub(super) fn kept() -> &'static [Model] {
    &MODELS
}

/// The tables that take rows of the Django service.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    MODELS.iter().chain([versions()]).map(|model| &model.table)
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field::new(name, kind)
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field::new(name, kind).required()
}

fn is<T>(parse: fn(&str) -> Option<T>, text: &str) -> bool {
    parse(text).is_some()
}

/// When a row was made and last changed.
fn with_times(mut fields: Vec<Field>) -> Vec<Field> {
    fields.extend([required("created_at", Moment), required("modified_at", Moment)]);
    fields
}

fn all(names: &[&'static str], kind: Kind) -> impl Iterator<Item = Field> {
    names.iter().map(move |name| optional(name, kind))
}

fn tenancy() -> Vec<Model> {
    let subscriber = with_times(vec![
        required("name", Text),
        required("url", Text),
        optional("email", Text),
        optional("privacy_policy", Text),
        optional("terms_of_service", Text),
        optional("sms_enabled", Boolean),
        optional("sms_checkbox", Boolean),
        optional("sms_checkbox_default", Boolean),
        optional("sms_disclaimer", Text),
        optional("sync_tmc", Boolean),
        optional("sync_bluelink", Boolean),
        optional("default_slug", Uuid).to(SLUG, "default_slug_id"),
        optional("status", Choice(|text| is(SubscriberStatus::parse, text))),
        required("is_first_party", Boolean),
        optional("has_api_access", Boolean),
    ]);
    let slug = with_times(vec![
        required("slug", Text).unique(),
        required("subscriber", Uuid).to(SUBSCRIBER, "partner_id"),
    ]);
    let plan = optional("plan", Choice(|text| is(Plan::parse, text)));
    let product = optional("product", Uuid).to(PRODUCT, "product_id");
    let mut subscription = with_times(vec![
        required("subscriber", Uuid).to(SUBSCRIBER, "subscriber_id").unique(),
        plan,
        optional("expires", Day),
        optional("interest", Uuid).to(INTEREST, "interest_id"),
        product,
        optional("primary_contact_phone", Phone),
    ]);
    subscription.extend(all(
        &[
            "internal_notes",
            "primary_contact_email",
            "primary_contact_first_name",
            "primary_contact_last_name",
            "ein",
        ],
        Text,
    ));
    let mut interest = with_times(vec![
        plan,
        optional("status", Choice(|text| is(InterestStatus::parse, text))),
        optional("sms_mode", Choice(|text| is(SmsMode::parse, text))),
        optional("phone", Phone),
        optional("nonprofit", Boolean),
        product,
    ]);
    interest.extend(all(
        &["organization_name", "website", "first_name", "last_name", "email", "ein", "reject_reason"],
        Text,
    ));
    let sold =
        with_times(vec![optional("months", Integer), optional("cost", Integer), optional("public", Boolean)]);
    let integration = with_times(vec![
        required("subscriber", Uuid).to(SUBSCRIBER, "subscriber_id"),
        optional("external_tool", Choice(|text| is(ExternalTool::parse, text))),
        optional("name", Text),
        optional("value", Text),
    ]);
    let key = with_times(vec![
        optional("secret", Text),
        optional("subscriber", Uuid).to(SUBSCRIBER, "partner_id"),
        optional("description", Text),
        optional("created_by", Person).into("created_by_id"),
        optional("deactivated_by", Person).into("deactivated_by_id"),
    ]);
    let by_uuid = required("uuid", Uuid);
    vec![
        Model::new(SUBSCRIBER, "multi_tenant_client", by_uuid, subscriber).few(),
        Model::new(SLUG, "multi_tenant_partnerslug", by_uuid, slug).few().natural(&["slug"], &[]),
        Model::new("subscription.subscription", "subscription_subscription", by_uuid, subscription)
            .few()
            .natural(&["subscriber_id"], &[]),
        Model::new(INTEREST, "subscription_interest", by_uuid, interest).made_anew(&["search"]),
        Model::new(PRODUCT, "subscription_product", by_uuid, sold),
        Model::new(
            "multi_tenant.subscriberintegrationproperty",
            "multi_tenant_subscriberintegrationproperty",
            by_uuid,
            integration,
        ),
        Model::new("apikey.apikey", "apikey_apikey", by_uuid, key).with(Extra::ApiKey),
    ]
}

/// Where the id of a person stands, who may have got an account here before the document came.
const OF_A_PERSON: &[(&str, &str)] = &[
    ("multi_tenant_association", "user_id"),
    ("accounts_invite", "user_id"),
    ("account_authenticator", "user_id"),
    ("account_phone", "user_id"),
    ("account_recovery_set", "user_id"),
    ("account_session", "user_id"),
    ("change_entry", "by_id"),
];

fn accounts() -> Vec<Model> {
    let mut user = with_times(vec![
        required("password", Text),
        optional("last_login", Moment),
        required("email", Text).unique(),
        required("first_name", Text),
        required("last_name", Text),
        optional("active_client", Uuid).to(SUBSCRIBER, "active_client_id"),
        optional("timezone", Choice(|text| is(UserZone::parse, text))),
    ]);
    user.extend(["is_superuser", "is_staff", "is_active"].map(|name| required(name, Boolean)));
    user.extend(all(&["is_election_admin", "is_subscriber_admin", "is_esign_admin"], Boolean));
    let association = with_times(vec![
        required("client", Uuid).to(SUBSCRIBER, "client_id"),
        required("user", Uuid).to(USER, "user_id"),
    ]);
    let invite = with_times(vec![
        required("email", Text),
        required("token", Token).into("imported_token_hash").from("token").unique(),
        required("expires", Moment),
        optional("consumed_at", Moment),
        required("primary_client", Uuid).to(SUBSCRIBER, "primary_client_id"),
        optional("user", Uuid).to(USER, "user_id"),
    ]);
    let leads_to = with_times(vec![
        required("client", Uuid).to(SUBSCRIBER, "client_id"),
        required("user", Uuid).to(INVITE, "user_id"),
    ]);
    let by_uuid = required("uuid", Uuid);
    vec![
        // who was made here first is nobody else's placeholder
        Model::new(USER, "accounts_user", by_uuid, user)
            .made_anew(&["groups", "user_permissions"])
            .few()
            .natural(&["email"], OF_A_PERSON)
            .newer(Newer::Later),
        Model::new(INVITE, "accounts_invite", by_uuid, invite),
        Model::new("multi_tenant.association", "multi_tenant_association", by_uuid, association),
        Model::new("multi_tenant.inviteassociation", "multi_tenant_inviteassociation", by_uuid, leads_to),
    ]
}

/// Wrong codes, which are counted otherwise here.
const FAILURES: &str = "throttling_failure_count";
const FAILED_AT: &str = "throttling_failure_timestamp";

/// Second factors. What was removed or used here stays so, whatever a later document says.
fn second_factors() -> Vec<Model> {
    let user = || required("user", Uuid).to(USER, "user_id");
    let numbered = |label: &'static str| required("id", Numbered(label)).into("uuid").from("id");
    let secret = required("key", Hex).into("secret").from("key");
    let app = vec![user(), secret, required("last_t", Integer).into("last_step").from("last_t")];
    let telephone = vec![user(), secret, required("number", Phone)];
    let set = required("device", Numbered(STATIC_DEVICE)).to(STATIC_DEVICE, "set_id").from("device_id");
    let (totp, phone, code) = ("otp_totp.totpdevice", "two_factor.phonedevice", "otp_static.statictoken");
    vec![
        Model::new(totp, "account_authenticator", numbered(totp), app)
            .made_anew(&[
                "name",
                "confirmed",
                "step",
                "t0",
                "digits",
                "tolerance",
                "drift",
                FAILURES,
                FAILED_AT,
            ])
            .with(Extra::Authenticator)
            .origin("otp_totp_totpdevice")
            .newer(Newer::There),
        Model::new(phone, "account_phone", numbered(phone), telephone)
            .made_anew(&["name", "confirmed", "method", FAILURES, FAILED_AT])
            .with(Extra::PhoneFactor)
            .origin("two_factor_phonedevice")
            .newer(Newer::There),
        Model::new(STATIC_DEVICE, "account_recovery_set", numbered(STATIC_DEVICE), vec![user()])
            .made_anew(&["name", "confirmed", FAILURES, FAILED_AT])
            .with(Extra::RecoverySet)
            .origin("otp_static_staticdevice")
            .newer(Newer::There),
        Model::new(code, "account_recovery_code", numbered(code), vec![set])
            .made_anew(&["token"])
            .with(Extra::RecoveryCode)
            .origin("otp_static_statictoken")
            .newer(Newer::There),
    ]
}

fn elections() -> Vec<Model> {
    let state = with_times(vec![
        required("name", Text),
        optional("territory", Boolean),
        optional("allow_print_and_forward", Boolean),
        optional("allow_absentee_print_and_forward", Boolean),
    ]);
    let field_type = with_times(vec![
        required("slug", Text).unique(),
        required("long_name", Text),
        optional("field_format", Choice(|text| is(FieldFormat::parse, text))),
        optional("help_text", Text),
    ]);
    let information = with_times(vec![
        required("text", Text),
        required("notes", Text),
        required("field_type", Uuid).to(FIELD_TYPE, "field_type_id"),
        required("state", Kind::State).to(STATE, "state_id"),
    ]);
    let by_uuid = required("uuid", Uuid);
    vec![
        Model::new(STATE, "election_state", required("code", Kind::State), state).few(),
        Model::new(FIELD_TYPE, "election_stateinformationfieldtype", by_uuid, field_type)
            .few()
            .natural(&["slug"], &[("election_stateinformation", "field_type_id")]),
        Model::new("election.stateinformation", "election_stateinformation", by_uuid, information)
            .few()
            .natural(&["state_id", "field_type_id"], &[]),
    ]
}

fn officials() -> Vec<Model> {
    let state = optional("state", Kind::State).to(STATE, "state_id");
    let mut region =
        with_times(vec![state, optional("hidden", Boolean), optional("external_updated", Moment)]);
    region.extend(all(&["name", "municipality", "municipality_type", "county"], Text));
    let mut office = with_times(vec![
        optional("external_updated", Moment),
        optional("region", Integer).to(REGION, "region_id"),
    ]);
    office.extend(all(&["hours", "notes"], Text));
    let mut address = with_times(vec![
        optional("external_updated", Moment),
        optional("office", Integer).to(OFFICE, "office_id"),
        state,
        optional("location", Point),
        optional("phone", Phone),
        optional("fax", Phone),
    ]);
    address.extend(all(&["address", "address2", "address3", "city", "zipcode", "email", "website"], Text));
    address.extend(all(
        &[
            "is_physical",
            "is_regular_mail",
            "process_domestic_registrations",
            "process_absentee_requests",
            "process_absentee_ballots",
            "process_overseas_requests",
            "process_overseas_ballots",
        ],
        Boolean,
    ));
    let by_number = required("external_id", Integer);
    vec![
        Model::new(REGION, "official_region", by_number, region).newer(Newer::Supplied),
        Model::new(OFFICE, "official_office", by_number, office).newer(Newer::Supplied),
        Model::new("official.address", "official_address", by_number, address).newer(Newer::Supplied),
    ]
}

fn files() -> Vec<Model> {
    let item = with_times(vec![
        required("token", Token).into("imported_token_hash").from("token"),
        optional("preview_of", Uuid).to(FILE, "preview_of_id"),
        required("app", Choice(|text| is(FileType::parse, text))),
        required("file", Text),
        optional("email", Text),
        required("expires", Moment),
        optional("first_download", Moment),
        optional("subscriber", Uuid).to(SUBSCRIBER, "partner_id"),
        optional("purged", Moment),
    ]);
    let upload = with_times(vec![
        required("file", Text),
        required("upload_type", Choice(|text| is(UploadType::parse, text))),
        required("content_type", Text),
        optional("purged", Moment),
    ]);
    let by_uuid = required("uuid", Uuid);
    vec![
        Model::new(FILE, "storage_storageitem", by_uuid, item).with(Extra::File),
        Model::new(UPLOAD, "storage_secureuploaditem", by_uuid, upload),
    ]
}

fn actions() -> Vec<Model> {
    let action = with_times(vec![
        optional("last_voter_lookup", Moment),
        optional("visible_to_subscriber", Boolean),
        optional("voter", Uuid).to(VOTER, "voter_id"),
    ]);
    let mut voter = with_times(vec![
        optional("state", Kind::State).to(STATE, "state_id"),
        optional("registered", Boolean),
        optional("phone", Phone),
        optional("alloy_person_id", Integer),
        optional("phone_id", Uuid),
    ]);
    voter.extend(all(&["registration_date", "last_state_refresh", "date_of_birth"], Day));
    voter.extend(all(&["last_registration_refresh", "last_ts_refresh", "last_alloy_refresh"], Moment));
    voter.extend(all(&["state_result", "ts_result", "alloy_result"], Json));
    voter.extend(all(
        &[
            "state_voter_id",
            "ts_voterbase_id",
            "email",
            "first_name",
            "middle_name",
            "last_name",
            "suffix",
            "address_full",
            "city",
            "zipcode",
        ],
        Text,
    ));
    let event = with_times(vec![
        required("event_type", Choice(|text| is(EventType::parse, text))),
        required("action", Uuid).to(ACTION, "action_id"),
    ]);
    let by_uuid = required("uuid", Uuid);
    vec![
        Model::new(VOTER, "voter_voter", by_uuid, voter),
        Model::new(ACTION, "action_action", by_uuid, action),
        Model::new("event_tracking.event", "event_tracking_event", by_uuid, event).newer(Newer::There),
    ]
}

/// Where a voter came from: every tool's record has them.
fn tracking() -> impl Iterator<Item = Field> {
    let texts = all(&crate::tracking::TEXTS, Text);
    texts.chain([optional(crate::tracking::SESSION_ID, Uuid)])
}

fn registrations() -> Model {
    let title = Choice(|text| is(Title::parse, text));
    let state = |name, column| optional(name, Kind::State).to(STATE, column);
    let mut fields = with_times(vec![
        optional("title", title),
        optional("previous_title", title),
        optional("date_of_birth", Day),
        optional("phone", Phone),
        optional("gender", Choice(|text| is(Gender::parse, text))),
        optional("race_ethnicity", Choice(|text| is(RaceEthnicity::parse, text))),
        optional("party", Choice(|text| is(Party::parse, text))),
        optional("status", Choice(|text| is(Status::parse, text))),
        optional("referring_tool", Choice(|text| is(ToolName::parse, text))),
        state("state", "state_id"),
        state("previous_state", "previous_state_id"),
        state("mailing_state", "mailing_state_id"),
        state("request_mailing_state", "request_mailing_state_id"),
        optional("result_item", Uuid).to(FILE, "result_item_id"),
        optional("result_item_mail", Uuid).to(FILE, "result_item_mail_id"),
        optional("subscriber", Uuid).to(SUBSCRIBER, "partner_id"),
        optional("action", Uuid).to(ACTION, "action_id").unique(),
        optional("matched_region", Integer).to(REGION, "matched_region_id"),
        optional("region", Integer).to(REGION, "region_id"),
        optional("sms_opt_in_subscriber", Boolean).into("sms_opt_in_partner"),
        optional("state_api_result", Json),
        optional("state_fields", Json),
        optional("custom_ovr_link", Text),
    ]);
    fields.extend(all(
        &["us_citizen", "sms_opt_in", "deliverable", "mailing_deliverable", "request_mailing_deliverable"],
        Boolean,
    ));
    fields.extend(all(
        &[
            "first_name",
            "middle_name",
            "last_name",
            "suffix",
            "email",
            "address1",
            "address2",
            "city",
            "zipcode",
            "previous_first_name",
            "previous_middle_name",
            "previous_last_name",
            "previous_suffix",
            "previous_address1",
            "previous_address2",
            "previous_city",
            "previous_zipcode",
            "mailing_address1",
            "mailing_address2",
            "mailing_city",
            "mailing_zipcode",
            "request_mailing_address1",
            "request_mailing_address2",
            "request_mailing_city",
            "request_mailing_zipcode",
        ],
        Text,
    ));
    fields.extend(tracking());
    Model::new(REGISTRATION, "register_registration", required("uuid", Uuid), fields).made_anew(&["search"])
}

fn ballot_requests() -> Model {
    let state = |name, column| optional(name, Kind::State).to(STATE, column);
    let mut fields = vec![
        optional("date_of_birth", Day),
        optional("phone", Phone),
        optional("status", Choice(|text| is(Status::parse, text))),
        optional("referring_tool", Choice(|text| is(ToolName::parse, text))),
        optional("esign_method", Choice(|text| is(SubmissionType::parse, text))),
        state("state", "state_id"),
        state("mailing_state", "mailing_state_id"),
        state("request_mailing_state", "request_mailing_state_id"),
        optional("region", Integer).to(REGION, "region_id"),
        optional("signature", Uuid).to(UPLOAD, "signature_id"),
        optional("result_item", Uuid).to(FILE, "result_item_id"),
        optional("result_item_mail", Uuid).to(FILE, "result_item_mail_id"),
        optional("state_fields", Json),
        optional("submit_date", Day),
    ];
    fields.extend(all(
        &["us_citizen", "sms_opt_in", "deliverable", "mailing_deliverable", "request_mailing_deliverable"],
        Boolean,
    ));
    let fields = tool(
        fields,
        &[
            "first_name",
            "middle_name",
            "last_name",
            "suffix",
            "email",
            "address1",
            "address2",
            "city",
            "zipcode",
            "mailing_address1",
            "mailing_address2",
            "mailing_city",
            "mailing_zipcode",
            "request_mailing_address1",
            "request_mailing_address2",
            "request_mailing_city",
            "request_mailing_zipcode",
        ],
    );
    Model::new("absentee.ballotrequest", "absentee_ballotrequest", required("uuid", Uuid), fields)
        .made_anew(&["search"])
        .with(Extra::BallotRequest)
}

/// What is known better about the offices that take ballot requests.
fn offices() -> Vec<Model> {
    let by_region = required("region", Integer).to(REGION, "region_id");
    let contact = with_times(vec![
        optional("email", Text),
        optional("fax", Phone),
        optional("phone", Phone),
        optional("submission_method", Choice(|text| is(SubmissionType::parse, text))),
        optional("notes", Text),
    ]);
    let link = with_times(vec![required("url", Text)]);
    vec![
        Model::new("absentee.leocontactoverride", "absentee_leocontactoverride", by_region, contact),
        Model::new("absentee.regionovbmlink", "absentee_regionovbmlink", by_region, link),
    ]
}

fn faxes() -> Vec<Model> {
    let fax = with_times(vec![
        required("token", Uuid),
        required("status", Choice(|text| is(FaxStatus::parse, text))),
        optional("status_message", Text),
        optional("status_timestamp", Moment),
        required("storage_item", Uuid).to(FILE, "storage_item_id"),
        optional("to", Phone),
        optional("on_complete_task", Choice(|text| text == TASK_OF_BALLOT_REQUEST)),
        optional("on_complete_task_arg", Choice(|text| is(BallotRequestId::parse, text))),
    ]);
    vec![Model::new("fax.fax", "fax_fax", required("uuid", Uuid), fax)]
}

fn texts() -> Vec<Model> {
    let number = with_times(vec![
        required("uuid", Uuid),
        optional("welcome_time", Moment),
        optional("opt_out_time", Moment),
        optional("opt_in_time", Moment),
    ]);
    let blast = with_times(vec![
        optional("description", Text),
        optional("content", Text),
        optional("sql", Text),
        optional("campaign", Text),
        optional("blast_type", Choice(|text| ["sms", "mms_map"].contains(&text))),
    ]);
    let text = with_times(vec![
        optional("phone", Phone).to(NUMBER, "phone_id"),
        required("direction", Choice(|text| is(Direction::parse, text))),
        optional("message", Text),
        optional("status", Choice(|text| is(MessageStatus::parse, text))),
        optional("status_time", Moment),
        optional("twilio_sid", Text),
        optional("kwargs", Json),
        optional("blast", Uuid).to(BLAST, "blast_id"),
    ]);
    let by_uuid = required("uuid", Uuid);
    vec![
        // a number that has just asked to be left alone is no placeholder
        Model::new(NUMBER, "smsbot_number", required("phone", Phone), number).newer(Newer::Later),
        Model::new(BLAST, "smsbot_blast", by_uuid, blast),
        Model::new("smsbot.smsmessage", "smsbot_smsmessage", by_uuid, text).newer(Newer::Later),
    ]
}

/// What the records of the other tools have in common.
fn tool(mut fields: Vec<Field>, texts: &[&'static str]) -> Vec<Field> {
    fields.extend([
        optional("action", Uuid).to(ACTION, "action_id").unique(),
        optional("subscriber", Uuid).to(SUBSCRIBER, "partner_id"),
        optional("sms_opt_in_subscriber", Boolean).into("sms_opt_in_partner"),
    ]);
    fields.extend(all(texts, Text));
    fields.extend(tracking());
    with_times(fields)
}

fn tools() -> Vec<Model> {
    let status = Choice(|text| is(VoterStatus::parse, text));
    let lookup = vec![
        required("first_name", Text),
        required("last_name", Text),
        required("state", Kind::State).to(STATE, "state_id"),
        optional("date_of_birth", Day),
        optional("age", Integer),
        optional("phone", Phone),
        optional("registered", Boolean),
        optional("too_many", Boolean),
        optional("sms_opt_in", Boolean),
        optional("voter_status", status),
        optional("alloy_status", status),
        optional("targetsmart_status", status),
        optional("response", Json),
        optional("alloy_response", Json),
        optional("targetsmart_response", Json),
        optional("last_updated", Moment),
        optional("person", Uuid).into("person_id"),
    ];
    let lookup = tool(
        lookup,
        &["gender", "unparsed_full_address", "email", "address1", "address2", "city", "zipcode"],
    );
    let reminder = vec![
        required("first_name", Text),
        required("last_name", Text),
        required("state", Kind::State).to(STATE, "state_id"),
        optional("date_of_birth", Day),
        optional("phone", Phone),
        optional("sms_opt_in", Boolean),
    ];
    let reminder = tool(reminder, &["email", "address1", "address2", "city", "zipcode"]);
    let place = vec![
        optional("state", Kind::State).to(STATE, "state_id"),
        optional("dnc_result", Json),
        optional("civic_result", Json),
    ];
    let place = tool(
        place,
        &["unstructured_address", "dnc_status", "civic_status", "address1", "address2", "city", "zipcode"],
    );
    let by_uuid = required("uuid", Uuid);
    let place_label = "polling_place.pollingplacelookup";
    vec![
        Model::new("verifier.lookup", "verifier_lookup", by_uuid, lookup).made_anew(&["search"]),
        Model::new("reminder.reminderrequest", "reminder_reminderrequest", by_uuid, reminder)
            .made_anew(&["search"]),
        Model::new(place_label, "polling_place_pollingplacelookup", by_uuid, place),
    ]
}

/// What else belongs to actions and subscribers.
fn links() -> Vec<Model> {
    let link = with_times(vec![
        optional("external_tool", Choice(|text| is(ExternalTool::parse, text))),
        optional("external_id", Text),
        optional("action", Uuid).to(ACTION, "action_id"),
        optional("subscriber", Uuid).to(SUBSCRIBER, "subscriber_id"),
    ]);
    let export = with_times(vec![
        required("status", Choice(|text| is(ReportStatus::parse, text))),
        required("type", Choice(|text| is(ReportType::parse, text))),
        optional("author", Person).into("author_id"),
        required("subscriber", Uuid).to(SUBSCRIBER, "partner_id"),
        optional("result_item", Uuid).to(FILE, "result_item_id"),
    ]);
    let mut lead = with_times(vec![
        optional("source_created_at", Moment),
        optional("move_date", Moment),
        optional("new_region", Integer).to(REGION, "new_region_id"),
        optional("old_region", Integer).to(REGION, "old_region_id"),
        optional("blank_register_forms_action", Uuid).to(ACTION, "blank_register_forms_action_id"),
        optional("blank_register_forms_item", Uuid).to(FILE, "blank_register_forms_item_id"),
    ]);
    lead.extend(all(
        &[
            "first_name",
            "last_name",
            "email",
            "new_address1",
            "new_address2",
            "new_city",
            "new_state",
            "new_zipcode",
            "new_zipcode_plus4",
            "new_housing_tenure",
            "old_address1",
            "old_address2",
            "old_city",
            "old_state",
            "old_zipcode",
            "old_zipcode_plus4",
            "old_housing_tenure",
            "actionnetwork_person_id",
        ],
        Text,
    ));
    let site = with_times(vec![
        optional("name", Text),
        optional("type", Choice(|text| text == "Netlify")),
        optional("trigger_url", Text),
        optional("last_triggered", Moment),
        optional("active", Boolean),
    ]);
    let (by_uuid, site_label) = (required("uuid", Uuid), "election.updatenotificationwebhook");
    vec![
        Model::new(site_label, "election_updatenotificationwebhook", by_uuid, site),
        Model::new("integration.link", "integration_link", by_uuid, link),
        Model::new("integration.moverlead", "integration_moverlead", by_uuid, lead),
        Model::new("reporting.report", "reporting_report", by_uuid, export).with(Extra::Export),
    ]
}

/// The history of records, which only a database gives: rows of the log of changes.
pub(super) fn versions() -> &'static Model {
    &VERSIONS
}

static VERSIONS: LazyLock<Model> = LazyLock::new(|| {
    let fields = vec![
        required("object_id", Text).into("subject").from("object_id"),
        required("date_created", Moment).into("at").from("date_created"),
        required("comment", Text),
        optional("user", Person).into("by_id").from("user_id"),
    ];
    Model::new(VERSION, "change_entry", required("id", Numbered(VERSION)).into("uuid").from("id"), fields)
        .made_anew(&["model", "serialized_data", "previous"])
        .with(Extra::Version)
        .origin("reversion_version")
        .newer(Newer::There)
});
