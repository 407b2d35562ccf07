//! A database as the Django service has it: the contract's tables, and rows with something in every column, made by the server.

use std::collections::BTreeMap;

use super::contract::{Column, Model, enumerations, models};

/// The states and territories, which rows point to.
const STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC \
    ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI";
/// Of a password, made with Python's `hashlib.pbkdf2_hmac`.
pub(super) const PASSWORD_HASH: &str =
    "pbkdf2_sha256$150000$kD3fZp0QxT7a$Z5zxKeNyiNkbF4p7hraF8ewGN14/qTOBnU8lmHg5hOg=";

/// How many clients there are.
pub(super) const CLIENTS: u64 = 50;
/// How many versions of records, and how many of these are of clients, which come first.
const VERSIONS: u64 = 360;
const VERSIONS_OF_CLIENTS: u64 = 300;

/// The tools: which of ten actions are theirs, from and to.
const TOOLS: [(&str, u64, u64); 5] = [
    ("register.registration", 0, 4),
    ("absentee.ballotrequest", 4, 6),
    ("verifier.lookup", 6, 8),
    ("reminder.reminderrequest", 8, 9),
    ("polling_place.pollingplacelookup", 9, 10),
];

/// The statements that make a database with so many actions.
pub(super) struct Origin {
    models: Vec<Model>,
    enumerations: BTreeMap<String, Vec<String>>,
    actions: u64,
}

impl Origin {
    pub(super) fn of(actions: u64) -> Self {
        Self { models: models(), enumerations: enumerations(), actions }
    }

    /// How many rows a model has.
    pub(super) fn rows(&self, label: &str) -> u64 {
        if let Some((_, from, to)) = TOOLS.iter().find(|(tool, ..)| *tool == label) {
            return self.actions * (to - from) / 10;
        }
        match label {
            "action.action" => self.actions,
            "event_tracking.event" => self.actions * 3,
            "storage.storageitem" => self.actions * 6 / 10,
            "smsbot.number" | "voter.voter" => self.actions / 5,
            "smsbot.smsmessage" => self.actions / 2,
            "integration.link" | "common.delayedtask" => self.actions / 10,
            "storage.secureuploaditem" | "fax.fax" => self.actions / 50,
            "integration.moverlead" => self.actions / 100,
            "election.state" => 56,
            "election.stateinformation" => 56 * 3,
            "multi_tenant.client" | "multi_tenant.subscriberslug" | "subscription.subscription" => CLIENTS,
            "accounts.user" | "apikey.apikey" | "reporting.report" => 100,
            "official.region" | "official.office" | "official.address" => 500,
            "reversion.revision" => VERSIONS,
            // these are made by hand
            "reversion.version" => 0,
            _ => 3,
        }
    }

    /// Every model, and how many rows of it there are.
    pub(super) fn models(&self) -> impl Iterator<Item = (&Model, u64)> {
        self.models.iter().map(|model| {
            let by_hand = if model.label == "reversion.version" { VERSIONS } else { 0 };
            (model, self.rows(&model.label) + by_hand)
        })
    }

    fn model_of(&self, table: &str) -> &Model {
        self.models.iter().find(|model| model.table == table).expect("a table")
    }

    /// Everything, in order.
    pub(super) fn statements(&self) -> Vec<String> {
        let tables = self.models.iter().map(create);
        let rows = self.models.iter().map(|model| self.fill(model));
        tables.chain(rows).chain([versions()]).chain(self.models.iter().flat_map(bind)).collect()
    }

    fn fill(&self, model: &Model) -> String {
        let columns: Vec<&Column> = [&model.key].into_iter().chain(&model.columns).collect();
        let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.column)).collect();
        let values: Vec<String> = columns.iter().map(|column| self.value(model, column)).collect();
        format!(
            "INSERT INTO {} ({}) SELECT {} FROM generate_series(1, {}) AS i",
            model.table,
            names.join(", "),
            values.join(", "),
            self.rows(&model.label)
        )
    }

    /// The key of row `number` of a model, as SQL.
    pub(super) fn key(&self, model: &Model, number: &str) -> String {
        if let Some(table) = target(&model.key) {
            return self.key(self.model_of(table), number);
        }
        match model.key.kind.as_str() {
            "uuid" => format!("md5('{} ' || ({number}))::uuid", model.label),
            "integer" => format!("({number})"),
            "varchar(2)" => format!("(string_to_array('{STATES}', ' '))[{number}]"),
            "timestamptz" => format!("timestamptz '2026-01-01' + ({number}) * interval '1 day'"),
            _ => format!("'+1617' || (2000000 + {number})"),
        }
    }

    fn value(&self, model: &Model, column: &Column) -> String {
        if std::ptr::eq(column, &model.key) {
            return self.key(model, "i");
        }
        let own = self.own_value(model, column);
        // a column of its own is empty now and then
        let of = column.column.bytes().map(u64::from).sum::<u64>() % 11;
        if column.null && own.is_none() {
            format!("CASE WHEN i % 11 <> {of} THEN {} END", self.usual(model, column))
        } else {
            own.unwrap_or_else(|| self.usual(model, column))
        }
    }

    /// What no other column has.
    fn own_value(&self, model: &Model, column: &Column) -> Option<String> {
        let name = column.column.as_str();
        let tool = TOOLS.iter().find(|(label, ..)| *label == model.label);
        Some(match (model.label.as_str(), name) {
            (_, "action_id") if tool.is_some() => {
                let (_, from, _) = tool?;
                self.key(self.model_of("action_action"), &format!("i + {}", self.actions * from / 10))
            }
            ("multi_tenant.client", "default_slug_id") => {
                self.key(self.model_of("multi_tenant_partnerslug"), "i")
            }
            ("multi_tenant.client", "status") => "'active'".to_owned(),
            ("multi_tenant.client", "has_api_access") => "true".to_owned(),
            ("multi_tenant.subscriberslug" | "subscription.subscription", "partner_id" | "subscriber_id") => {
                self.key(self.model_of("multi_tenant_client"), "i")
            }
            ("election.stateinformation", "state_id") => {
                self.key(self.model_of("election_state"), "1 + i % 56")
            }
            ("election.stateinformation", "field_type_id") => {
                self.key(self.model_of("election_stateinformationfieldtype"), "1 + (i - 1) / 56")
            }
            ("storage.storageitem", "preview_of_id") => format!(
                "CASE WHEN i % 50 = 0 THEN {} END",
                self.key(self.model_of("storage_storageitem"), "i - 1")
            ),
            ("storage.storageitem", "expires") => "now() + (i % 5 - 2) * interval '1 day'".to_owned(),
            ("storage.storageitem" | "accounts.invite", "token") => {
                format!("md5('token of {} ' || i)::uuid", model.label)
            }
            ("storage.storageitem" | "storage.secureuploaditem", "purged") => {
                "CASE WHEN i % 3 = 0 THEN timestamptz '2025-01-01' END".to_owned()
            }
            ("apikey.apikey", "secret") => "'secret ' || i".to_owned(),
            ("apikey.apikey", "deactivated_by_id") => format!(
                "CASE WHEN i % 10 = 0 THEN {} END",
                self.key(self.model_of("accounts_user"), "1 + i % 100")
            ),
            ("apikey.apikey" | "reporting.report", "partner_id") => {
                self.key(self.model_of("multi_tenant_client"), &format!("1 + i % {CLIENTS}"))
            }
            ("reporting.report", "status") => "'Complete'".to_owned(),
            ("reporting.report", "type") => "'register'".to_owned(),
            ("integration.link", "external_tool") => "'actionnetwork'".to_owned(),
            ("accounts.user", "password") => format!("'{PASSWORD_HASH}'"),
            ("accounts.user", "is_active") => "true".to_owned(),
            ("accounts.user", "email") => "'person-' || i || '@example.org'".to_owned(),
            ("accounts.user", "timezone") => "'US/Pacific'".to_owned(),
            ("fax.fax", "on_complete_task") => {
                "'absentee.tasks.send_ballotrequest_leo_fax_sent_notification'".to_owned()
            }
            ("fax.fax", "on_complete_task_arg") => {
                format!("{}::text", self.key(self.model_of("absentee_ballotrequest"), "i"))
            }
            ("common.delayedtask", "task_name") => "'register.tasks.send_registration_reminder'".to_owned(),
            ("common.delayedtask", "args") => {
                format!("jsonb_build_array({})", self.key(self.model_of("register_registration"), "i"))
            }
            ("common.delayedtask", "kwargs") => "'{}'::jsonb".to_owned(),
            ("common.delayedtask", "due_at") => "now() + interval '5 hours'".to_owned(),
            ("common.delayedtask", "started_at") => "CASE WHEN i % 2 = 0 THEN now() END".to_owned(),
            (_, "key") => "substr(md5('key ' || i) || md5('of ' || i), 1, 40)".to_owned(),
            ("otp_totp.totpdevice", "step") => "30".to_owned(),
            ("otp_totp.totpdevice", "t0") => "0".to_owned(),
            ("otp_totp.totpdevice", "digits") => "6".to_owned(),
            ("otp_static.statictoken", "token") => "substr(md5('code ' || i), 1, 8)".to_owned(),
            ("contenttypes.contenttype", "app_label") => {
                "(ARRAY['multi_tenant', 'election', 'absentee'])[i]".to_owned()
            }
            ("contenttypes.contenttype", "model") => {
                "(ARRAY['client', 'stateinformation', 'leocontactoverride'])[i]".to_owned()
            }
            (_, "slug") => "'slug-' || i".to_owned(),
            (_, "file") => "'201002.aB3dE6gH9jK.form-' || i || '.pdf'".to_owned(),
            (_, "created_at") => {
                "timestamptz '2020-01-01 00:00:00.123456Z' + i * interval '61 seconds'".to_owned()
            }
            (_, "modified_at") => {
                "timestamptz '2020-01-01 00:10:00.654321Z' + i * interval '61 seconds'".to_owned()
            }
            _ => return None,
        })
    }

    fn usual(&self, model: &Model, column: &Column) -> String {
        let (key, name) = (column.key.as_str(), column.column.as_str());
        if let Some(table) = target(column) {
            let of = self.model_of(table);
            let rows = self.rows(&of.label).max(1);
            let number = if key.contains("unique") {
                "i".to_owned()
            } else {
                format!("1 + (i::bigint * 7919) % {rows}")
            };
            return self.key(of, &number);
        }
        if let Some(name) = key.split("enum ").nth(1) {
            let name = name.split([',', ' ', ';']).next().expect("a name");
            let values = &self.enumerations[name];
            return format!("(ARRAY['{}'])[1 + i % {}]", values.join("', '"), values.len());
        }
        match column.kind.as_str() {
            "uuid" => format!("md5('{} {name} ' || i)::uuid", model.label),
            "boolean" => "i % 2 = 0".to_owned(),
            "jsonb" => "jsonb_build_object('a', jsonb_build_array(i, null, 'é \"x\"'), 'n', i)".to_owned(),
            "timestamptz" => "timestamptz '2021-01-01 00:00:00.5Z' + i * interval '1 second'".to_owned(),
            "date" => "date '1940-01-01' + (i::bigint * 37 % 25000)::integer".to_owned(),
            // SRID=4326;POINT (longitude latitude), as PostGIS gives it
            "geography(Point,4326)" => {
                let lng = last_first("-124.7 + (i % 500) * 0.1155");
                let lat = last_first("25.1 + (i % 500) * 0.0479");
                format!("'0101000020E6100000' || {lng} || {lat}")
            }
            "tsvector" => "to_tsvector('simple', 'person ' || i)".to_owned(),
            "integer" | "bigint" | "smallint" => "(7 + i % 1000)".to_owned(),
            _ if name == "email" => format!("'{name}-' || i || '@example.org'"),
            _ if name == "zipcode" => "lpad((i % 100000)::text, 5, '0')".to_owned(),
            _ if key.contains("phone") => "'+1212' || (2000000 + i)".to_owned(),
            kind => {
                let longest = kind.strip_prefix("varchar(").and_then(|kind| kind.strip_suffix(')'));
                format!("left('{name} ' || i, {})", longest.unwrap_or("1000"))
            }
        }
    }
}

/// The bytes of a number, the last ones first, in hex of capital letters, as SQL.
fn last_first(number: &str) -> String {
    format!(
        "(SELECT upper(string_agg(substr(encode(float8send(({number})::float8), 'hex'), 2 * b - 1, 2), '' ORDER BY b DESC)) \
         FROM generate_series(1, 8) AS b)"
    )
}

/// The table that a column points to.
fn target(column: &Column) -> Option<&str> {
    let target = column.key.split("→ ").nth(1)?;
    target.split('.').next().map(|table| table.trim_matches('`'))
}

fn create(model: &Model) -> String {
    let mut columns = Vec::new();
    for column in [&model.key].into_iter().chain(&model.columns) {
        let kind = if column.kind.starts_with("geography") { "text" } else { &column.kind };
        let null = if column.null { "" } else { " NOT NULL" };
        columns.push(format!("\"{}\" {kind}{null}", column.column));
    }
    format!("CREATE TABLE {} ({}, PRIMARY KEY (\"{}\"))", model.table, columns.join(", "), model.key.column)
}

/// What the database sees to by itself.
fn bind(model: &Model) -> Vec<String> {
    let mut statements = Vec::new();
    for column in [&model.key].into_iter().chain(&model.columns) {
        let (table, name) = (&model.table, &column.column);
        if column.key.contains("unique") {
            statements.push(format!("ALTER TABLE {table} ADD UNIQUE (\"{name}\")"));
        }
        if let Some(to) = column.key.split("→ ").nth(1) {
            let to = to.split([' ', ',', ';']).next().expect("a name");
            let (to, key) = to.split_once('.').expect("a table and a column");
            statements.push(format!(
                "ALTER TABLE {table} ADD FOREIGN KEY (\"{name}\") REFERENCES {to} ({key}) DEFERRABLE INITIALLY DEFERRED"
            ));
        }
    }
    statements.extend(
        model.together.as_ref().map(|columns| format!("ALTER TABLE {} ADD UNIQUE ({columns})", model.table)),
    );
    statements
}

/// Versions of the clients, then of facts and of how offices are reached: some of each.
fn versions() -> String {
    let version = |number: &str, content_type: u64, model: &str, object: &str, fields: &str| {
        format!(
            "INSERT INTO reversion_version (id, object_id, format, serialized_data, object_repr, content_type_id, revision_id, db) \
             SELECT i, {object}, 'json', json_build_array(json_build_object('model', '{model}', 'pk', '', \
             'fields', json_build_object({fields}, 'created_at', '2020-01-01T00:00:00Z', 'modified_at', now())))::text, \
             'x', {content_type}, i, 'default' FROM generate_series({number}) AS i; "
        )
    };
    let clients = version(
        &format!("1, {VERSIONS_OF_CLIENTS}"),
        1,
        "multi_tenant.client",
        &format!("md5('multi_tenant.client ' || (1 + i % {CLIENTS}))::uuid::text"),
        "'name', 'name ' || i, 'sms_enabled', i % 2 = 0, 'privacy_policy', null",
    );
    let facts = version(
        &format!("{}, {}", VERSIONS_OF_CLIENTS + 1, VERSIONS_OF_CLIENTS + 30),
        2,
        "election.stateinformation",
        "md5('election.stateinformation ' || (1 + i % 10))::uuid::text",
        "'state', 'AK', 'text', 'text \"é\" ' || i, 'notes', 'notes ' || i",
    );
    let offices = version(
        &format!("{}, {VERSIONS}", VERSIONS_OF_CLIENTS + 31),
        3,
        "absentee.leocontactoverride",
        "(1 + i % 3)::text",
        "'submission_method', 'leo_fax', 'email', CASE WHEN i % 4 < 2 THEN '' ELSE 'office@example.org' END, \
         'phone', '(617) 555-0188', 'fax', '', 'notes', 'notes ' || i",
    );
    clients + &facts + &offices
}
