//! Single rows, as record pages show them: of each table a page of its list, the same of one subscriber or the like, and one
//! row. A row is its id, its moment, and its columns as a JSON list; the first of them are those of lists.

/// One column: `id` is that of a UUID, which SQLite keeps as bytes; `is` is any other.
macro_rules! cell {
    (sqlite id $column:ident) => {
        concat!("nullif(lower(hex(\"", stringify!($column), "\")), '')")
    };
    ($database:ident $kind:ident $column:ident) => {
        concat!("\"", stringify!($column), "\"")
    };
}

macro_rules! cells {
    ($database:ident [$first:ident $column:ident $(, $kind:ident $other:ident)*]) => {
        concat!(
            cells!(@ $database), "(", cell!($database $first $column),
            $(", ", cell!($database $kind $other),)* ") AS cells"
        )
    };
    (@ sqlite) => { "json_array" };
    (@ postgres) => { "jsonb_build_array" };
}

macro_rules! uuid {
    (sqlite) => {
        "lower(hex(uuid)) AS id"
    };
    (postgres) => {
        "uuid::text AS id"
    };
}

/// A page of a list, the newest first.
macro_rules! newest {
    ($database:ident $table:literal $and:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", uuid!($database), ", created_at AS moment, ", cells!($database [$($listed)*]), " FROM ", $table,
            " WHERE ", $and, "(created_at, uuid) < ($1, $2) ORDER BY created_at DESC, uuid DESC LIMIT $3"
        )
    };
}

/// The same by what it is narrowed by.
macro_rules! narrowed {
    ($database:ident $table:literal $and:literal $by:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", uuid!($database), ", created_at AS moment, ", cells!($database [$($listed)*]), " FROM ", $table,
            " WHERE ", $and, $by,
            " = $4 AND (created_at, uuid) < ($1, $2) ORDER BY created_at DESC, uuid DESC LIMIT $3"
        )
    };
}

/// One row.
macro_rules! one {
    ($database:ident $table:literal $where:literal [$($listed:tt)*] []) => {
        concat!(
            "SELECT ", uuid!($database), ", created_at AS moment, ", cells!($database [$($listed)*]), " FROM ", $table,
            " WHERE ", $where
        )
    };
    ($database:ident $table:literal $where:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", uuid!($database), ", created_at AS moment, ", cells!($database [$($listed)*, $($rest)*]),
            " FROM ", $table, " WHERE ", $where
        )
    };
}

/// A page of what goes by an id of its own.
macro_rules! by_id {
    ($database:ident $table:literal $id:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", $id, " AS id, modified_at AS moment, ", cells!($database [$($listed)*]), " FROM ", $table,
            " WHERE ", $id, " > $1 ORDER BY ", $id, " LIMIT $2"
        )
    };
}

/// One row of that.
macro_rules! one_by_id {
    ($database:ident $table:literal $id:literal $lock:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", $id, " AS id, modified_at AS moment, ", cells!($database [$($listed)*, $($rest)*]), " FROM ",
            $table, " WHERE ", $id, " = $1", $lock
        )
    };
}

/// The id of what goes by a number, and the moment of its key, which is none.
macro_rules! numbered {
    (sqlite $id:literal) => {
        concat!("CAST(", $id, " AS TEXT) AS id, '1970-01-01T00:00:00.000000Z' AS moment")
    };
    (postgres $id:literal) => {
        concat!($id, "::text AS id, timestamptz 'epoch' AS moment")
    };
}

/// A page of what goes by a number.
macro_rules! by_number {
    ($database:ident $table:literal $id:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", numbered!($database $id), ", ", cells!($database [$($listed)*]), " FROM ", $table, " WHERE ", $id,
            " > $1 ORDER BY ", $id, " LIMIT $2"
        )
    };
}

/// The same by what it is narrowed by.
macro_rules! narrowed_by_number {
    ($database:ident $table:literal $id:literal $by:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", numbered!($database $id), ", ", cells!($database [$($listed)*]), " FROM ", $table, " WHERE ", $by,
            " = $3 AND ", $id, " > $1 ORDER BY ", $id, " LIMIT $2"
        )
    };
}

/// One row of that.
macro_rules! one_by_number {
    ($database:ident $table:literal $id:literal [$($listed:tt)*] [$($rest:tt)*]) => {
        concat!(
            "SELECT ", numbered!($database $id), ", ", cells!($database [$($listed)*, $($rest)*]), " FROM ", $table,
            " WHERE ", $id, " = $1"
        )
    };
}

macro_rules! api_keys {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [id partner_id, is description, is deactivated_at, is created_at] [id created_by_id, id deactivated_by_id, is modified_at] }
    };
}

macro_rules! blasts {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is description, is campaign, is status, id subscriber_id, is created_at] [is content, is modified_at] }
    };
}

macro_rules! faxes {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is to, is status, is status_timestamp, is created_at] [is status_message, id storage_item_id, is on_complete_task, is on_complete_task_arg, is modified_at] }
    };
}

macro_rules! files {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is app, id partner_id, is expires, is first_download, is purged, is created_at] [is name, is email, is claimed, is modified_at] }
    };
}

macro_rules! interests {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is organization_name, is status, is plan, is created_at] [is website, is first_name, is last_name, is email, is phone, is ein, is sms_mode, is reject_reason, is nonprofit, id product_id, is modified_at] }
    };
}

macro_rules! invites {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is email, id primary_client_id, is expires, is consumed_at, is created_at] [id user_id, is modified_at] }
    };
}

macro_rules! letters {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [id subscriber_id, is external_id, is created_at] [id action_id, is modified_at] }
    };
}

macro_rules! messages {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is phone_id, is direction, is status, is purpose, is created_at] [is message, is status_time, is twilio_sid, id blast_id, id subscriber_id, is rule, is held_until, is decided_at, is modified_at] }
    };
}

macro_rules! numbers {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is phone, is welcome_time, is opt_out_time, is opt_in_time, is created_at] [is language, is modified_at] }
    };
}

macro_rules! products {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is months, is cost, is public, is created_at] [is modified_at] }
    };
}

macro_rules! regions {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is name, is county, is state_id, is hidden, is gone_at] [is municipality, is municipality_type, is replaced_by, is external_updated] }
    };
}

macro_rules! reports {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is type, is status, id partner_id, id author_id, is created_at] [id result_item_id, is rows_written, is rows_total, is made_since, is made_before, is modified_at] }
    };
}

macro_rules! slugs {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is slug, id partner_id, is created_at] [] }
    };
}

macro_rules! subscribers {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is name, is status, is is_first_party, is has_api_access, is created_at] [is url, is email, is privacy_policy, is terms_of_service, is sms_enabled, is sms_checkbox, is sms_checkbox_default, is sms_disclaimer, id default_slug_id, is modified_at] }
    };
}

macro_rules! subscriptions {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [id subscriber_id, is plan, is expires, is created_at] [is primary_contact_first_name, is primary_contact_last_name, is primary_contact_email, is primary_contact_phone, is ein, is internal_notes, id interest_id, id product_id, is modified_at] }
    };
}

macro_rules! update_webhooks {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is name, is active, is last_triggered, is failed_at, is created_at] [is type, is modified_at] }
    };
}

macro_rules! webhooks {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [id partner_id, is description, is paused_at, is off_at, is removed_at, is created_at] [is address, is topics, is off_reason, is failures, is failing_since, is rest_until, is rotated_at, id created_by_id, is modified_at] }
    };
}

macro_rules! users {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is email, is first_name, is last_name, is is_staff, is is_active, is last_login, is created_at] [is is_superuser, is is_election_admin, is is_subscriber_admin, is is_esign_admin, is timezone, id active_client_id, is modified_at] }
    };
}

macro_rules! field_types {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is long_name, is field_format] [is help_text, is created_at, is modified_at] }
    };
}

macro_rules! states {
    ($then:ident $($how:tt)*) => {
        $then! { $($how)* [is name, is allow_print_and_forward, is allow_absentee_print_and_forward] [is modified_at] }
    };
}

pub(crate) const COLUMNS: &str = "id, moment, cells";

statements! {
    API_KEYS = api_keys!(newest sqlite "apikey_apikey" ""), postgres api_keys!(newest postgres "apikey_apikey" "");
    API_KEYS_OF = api_keys!(narrowed sqlite "apikey_apikey" "" "partner_id"),
        postgres api_keys!(narrowed postgres "apikey_apikey" "" "partner_id");
    API_KEY = api_keys!(one sqlite "apikey_apikey" "uuid = $1"), postgres api_keys!(one postgres "apikey_apikey" "uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    API_KEY_LOCK = api_keys!(one sqlite "apikey_apikey" "uuid = $1"),
        postgres api_keys!(one postgres "apikey_apikey" "uuid = $1 FOR NO KEY UPDATE");
    BLASTS = blasts!(newest sqlite "smsbot_blast" ""), postgres blasts!(newest postgres "smsbot_blast" "");
    BLAST = blasts!(one sqlite "smsbot_blast" "uuid = $1"), postgres blasts!(one postgres "smsbot_blast" "uuid = $1");
    FAXES = faxes!(newest sqlite "fax_fax" ""), postgres faxes!(newest postgres "fax_fax" "");
    FAXES_OF = faxes!(narrowed sqlite "fax_fax" "" "status"),
        postgres faxes!(narrowed postgres "fax_fax" "" "status");
    FAX = faxes!(one sqlite "fax_fax" "uuid = $1"), postgres faxes!(one postgres "fax_fax" "uuid = $1");
    FILES = files!(newest sqlite "storage_storageitem" ""), postgres files!(newest postgres "storage_storageitem" "");
    FILES_OF = files!(narrowed sqlite "storage_storageitem" "" "partner_id"),
        postgres files!(narrowed postgres "storage_storageitem" "" "partner_id");
    FILE = files!(one sqlite "storage_storageitem" "uuid = $1"), postgres files!(one postgres "storage_storageitem" "uuid = $1");
    INTERESTS = interests!(newest sqlite "subscription_interest" ""), postgres interests!(newest postgres "subscription_interest" "");
    INTERESTS_OF = interests!(narrowed sqlite "subscription_interest" "" "status"),
        postgres interests!(narrowed postgres "subscription_interest" "" "status");
    INTEREST = interests!(one sqlite "subscription_interest" "uuid = $1"), postgres interests!(one postgres "subscription_interest" "uuid = $1");
    INVITES = invites!(newest sqlite "accounts_invite" ""), postgres invites!(newest postgres "accounts_invite" "");
    INVITE = invites!(one sqlite "accounts_invite" "uuid = $1"), postgres invites!(one postgres "accounts_invite" "uuid = $1");
    LETTERS = letters!(newest sqlite "integration_link" "external_tool = 'lob' AND "), postgres letters!(newest postgres "integration_link" "external_tool = 'lob' AND ");
    LETTERS_OF = letters!(narrowed sqlite "integration_link" "external_tool = 'lob' AND " "subscriber_id"),
        postgres letters!(narrowed postgres "integration_link" "external_tool = 'lob' AND " "subscriber_id");
    /// By a key of its own: the index of letters alone is not for it, though a planner likes one with few rows.
    LETTER = letters!(one sqlite "integration_link" "COALESCE(external_tool, '') = 'lob' AND uuid = $1"), postgres letters!(one postgres "integration_link" "COALESCE(external_tool, '') = 'lob' AND uuid = $1");
    MESSAGES = messages!(newest sqlite "smsbot_smsmessage" ""), postgres messages!(newest postgres "smsbot_smsmessage" "");
    MESSAGES_OF = messages!(narrowed sqlite "smsbot_smsmessage" "" "phone_id"),
        postgres messages!(narrowed postgres "smsbot_smsmessage" "" "phone_id");
    MESSAGE = messages!(one sqlite "smsbot_smsmessage" "uuid = $1"), postgres messages!(one postgres "smsbot_smsmessage" "uuid = $1");
    NUMBERS = numbers!(newest sqlite "smsbot_number" ""), postgres numbers!(newest postgres "smsbot_number" "");
    NUMBER = numbers!(one sqlite "smsbot_number" "uuid = $1"), postgres numbers!(one postgres "smsbot_number" "uuid = $1");
    PRODUCTS = products!(newest sqlite "subscription_product" ""), postgres products!(newest postgres "subscription_product" "");
    PRODUCT = products!(one sqlite "subscription_product" "uuid = $1"), postgres products!(one postgres "subscription_product" "uuid = $1");
    REGIONS = regions!(by_number sqlite "official_region" "external_id"), postgres regions!(by_number postgres "official_region" "external_id");
    REGIONS_OF = regions!(narrowed_by_number sqlite "official_region" "external_id" "state_id"),
        postgres regions!(narrowed_by_number postgres "official_region" "external_id" "state_id");
    REGION = regions!(one_by_number sqlite "official_region" "external_id"), postgres regions!(one_by_number postgres "official_region" "external_id");
    REPORTS = reports!(newest sqlite "reporting_report" ""), postgres reports!(newest postgres "reporting_report" "");
    REPORTS_OF = reports!(narrowed sqlite "reporting_report" "" "partner_id"),
        postgres reports!(narrowed postgres "reporting_report" "" "partner_id");
    REPORT = reports!(one sqlite "reporting_report" "uuid = $1"), postgres reports!(one postgres "reporting_report" "uuid = $1");
    SLUGS = slugs!(newest sqlite "multi_tenant_partnerslug" ""), postgres slugs!(newest postgres "multi_tenant_partnerslug" "");
    SLUGS_OF = slugs!(narrowed sqlite "multi_tenant_partnerslug" "" "partner_id"),
        postgres slugs!(narrowed postgres "multi_tenant_partnerslug" "" "partner_id");
    SLUG = slugs!(one sqlite "multi_tenant_partnerslug" "uuid = $1"), postgres slugs!(one postgres "multi_tenant_partnerslug" "uuid = $1");
    SUBSCRIBERS = subscribers!(newest sqlite "multi_tenant_client" ""), postgres subscribers!(newest postgres "multi_tenant_client" "");
    SUBSCRIBER = subscribers!(one sqlite "multi_tenant_client" "uuid = $1"), postgres subscribers!(one postgres "multi_tenant_client" "uuid = $1");
    SUBSCRIPTIONS = subscriptions!(newest sqlite "subscription_subscription" ""), postgres subscriptions!(newest postgres "subscription_subscription" "");
    SUBSCRIPTIONS_OF = subscriptions!(narrowed sqlite "subscription_subscription" "" "subscriber_id"),
        postgres subscriptions!(narrowed postgres "subscription_subscription" "" "subscriber_id");
    SUBSCRIPTION = subscriptions!(one sqlite "subscription_subscription" "uuid = $1"), postgres subscriptions!(one postgres "subscription_subscription" "uuid = $1");
    WEBHOOKS = webhooks!(newest sqlite "webhook_endpoint" ""), postgres webhooks!(newest postgres "webhook_endpoint" "");
    WEBHOOKS_OF = webhooks!(narrowed sqlite "webhook_endpoint" "" "partner_id"),
        postgres webhooks!(narrowed postgres "webhook_endpoint" "" "partner_id");
    WEBHOOK = webhooks!(one sqlite "webhook_endpoint" "uuid = $1"), postgres webhooks!(one postgres "webhook_endpoint" "uuid = $1");
    UPDATE_WEBHOOKS = update_webhooks!(newest sqlite "election_updatenotificationwebhook" ""),
        postgres update_webhooks!(newest postgres "election_updatenotificationwebhook" "");
    UPDATE_WEBHOOK = update_webhooks!(one sqlite "election_updatenotificationwebhook" "uuid = $1"),
        postgres update_webhooks!(one postgres "election_updatenotificationwebhook" "uuid = $1");
    UPDATE_WEBHOOK_LOCK = update_webhooks!(one sqlite "election_updatenotificationwebhook" "uuid = $1"),
        postgres update_webhooks!(one postgres "election_updatenotificationwebhook" "uuid = $1 FOR NO KEY UPDATE");
    USERS = users!(newest sqlite "accounts_user" ""), postgres users!(newest postgres "accounts_user" "");
    USER = users!(one sqlite "accounts_user" "uuid = $1"), postgres users!(one postgres "accounts_user" "uuid = $1");
    FIELD_TYPES = field_types!(by_id sqlite "election_stateinformationfieldtype" "slug"), postgres field_types!(by_id postgres "election_stateinformationfieldtype" "slug");
    FIELD_TYPE = field_types!(one_by_id sqlite "election_stateinformationfieldtype" "slug" ""), postgres field_types!(one_by_id postgres "election_stateinformationfieldtype" "slug" "");
    FIELD_TYPE_LOCK = field_types!(one_by_id sqlite "election_stateinformationfieldtype" "slug" ""),
        postgres field_types!(one_by_id postgres "election_stateinformationfieldtype" "slug" " FOR NO KEY UPDATE");
    STATES = states!(by_id sqlite "election_state" "code"), postgres states!(by_id postgres "election_state" "code");
    STATE = states!(one_by_id sqlite "election_state" "code" ""), postgres states!(one_by_id postgres "election_state" "code" "");
    STATE_LOCK = states!(one_by_id sqlite "election_state" "code" ""),
        postgres states!(one_by_id postgres "election_state" "code" " FOR NO KEY UPDATE");
    UPDATE_WEBHOOK_NAME =
        "UPDATE election_updatenotificationwebhook SET name = $2, modified_at = $3 WHERE uuid = $1";
    UPDATE_WEBHOOK_ACTIVE =
        "UPDATE election_updatenotificationwebhook SET active = $2, modified_at = $3 WHERE uuid = $1";
    API_KEY_DESCRIPTION = "UPDATE apikey_apikey SET description = $2, modified_at = $3 WHERE uuid = $1";
    FIELD_TYPE_LONG_NAME =
        "UPDATE election_stateinformationfieldtype SET long_name = $2, modified_at = $3 WHERE slug = $1";
    FIELD_TYPE_HELP_TEXT =
        "UPDATE election_stateinformationfieldtype SET help_text = $2, modified_at = $3 WHERE slug = $1";
    STATE_REGISTRATIONS_MAILED =
        "UPDATE election_state SET allow_print_and_forward = $2, modified_at = $3 WHERE code = $1";
    STATE_BALLOT_REQUESTS_MAILED =
        "UPDATE election_state SET allow_absentee_print_and_forward = $2, modified_at = $3 WHERE code = $1";
}
