//! Which actions were passed on to contact lists.

macro_rules! columns {
    ($of:literal) => {
        concat!(
            $of,
            "uuid, ",
            $of,
            "external_id, ",
            $of,
            "action_id, ",
            $of,
            "subscriber_id, ",
            $of,
            "email_status, ",
            $of,
            "phone_status, ",
            $of,
            "refusals, ",
            $of,
            "created_at, ",
            $of,
            "modified_at"
        )
    };
}

macro_rules! run_columns {
    () => {
        "uuid, most_percent, people, changes, stopped_at, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!("");
pub(crate) const RUN_COLUMNS: &str = run_columns!();
pub(crate) const UNKEYED_COLUMNS: &str = "uuid, email";
pub(crate) const ADDRESS_COLUMNS: &str = "subscriber_id, email";
pub(crate) const UNLINKED_COLUMNS: &str =
    "action_id, created_at, visible_to_subscriber, subscriber_id, of_service, of_subscriber";

macro_rules! of {
    () => {
        concat!(
            "SELECT ",
            columns!(""),
            " FROM integration_link WHERE action_id = $1 \
             AND external_tool = 'actionnetwork' AND subscriber_id IS NOT DISTINCT FROM $2 \
             ORDER BY COALESCE(external_id, '') = '', created_at, uuid LIMIT 1"
        )
    };
}

/// Those of one tool's records with a number.
macro_rules! of_phone {
    ($table:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            columns!("k."),
            ", r.created_at AS recorded_at FROM ",
            $table,
            " r \
             JOIN integration_link k ON k.action_id = r.action_id AND k.external_tool = 'actionnetwork' \
             WHERE r.phone = $1 ORDER BY r.created_at DESC LIMIT 100) AS one"
        )
    };
}

/// The address that was given with the action of `k`. One by one, as a join would have PostgreSQL read each tool's table whole.
macro_rules! email_of {
    () => {
        "COALESCE((SELECT r.email FROM register_registration r WHERE r.action_id = k.action_id), \
         (SELECT b.email FROM absentee_ballotrequest b WHERE b.action_id = k.action_id), \
         (SELECT l.email FROM verifier_lookup l WHERE l.action_id = k.action_id), \
         (SELECT m.email FROM reminder_reminderrequest m WHERE m.action_id = k.action_id)) AS email"
    };
}

/// Whether the action of `s` has no link that counts.
macro_rules! needs {
    ($subscriber:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM integration_link k WHERE k.action_id = s.action_id \
             AND k.external_tool = 'actionnetwork' AND k.subscriber_id ",
            $subscriber,
            " AND (COALESCE(k.external_id, '') <> '' OR k.refusals >= $5))"
        )
    };
}

statements! {
    OF = of!();
    /// The same, held until the unit ends. In SQLite the unit holds everything.
    LOCK = of!(), postgres concat!(of!(), " FOR NO KEY UPDATE");
    OF_PHONE = concat!(
        of_phone!("register_registration"), " UNION ALL ", of_phone!("absentee_ballotrequest"), " UNION ALL ",
        of_phone!("verifier_lookup"), " UNION ALL ", of_phone!("reminder_reminderrequest")
    );
    UNKEYED_LINKS = concat!(
        "SELECT k.uuid, ", email_of!(), " FROM (SELECT uuid, action_id FROM integration_link \
         WHERE external_tool = 'actionnetwork' AND address_key IS NULL ORDER BY uuid LIMIT $1) AS k ORDER BY k.uuid"
    );
    UNKEYED_LEADS =
        "SELECT uuid, email FROM integration_moverlead WHERE address_key IS NULL ORDER BY uuid LIMIT $1";
    LINKS_OF_KEY = concat!(
        "SELECT k.subscriber_id, ", email_of!(), " FROM integration_link k \
         WHERE k.address_key = $1 AND k.external_tool = 'actionnetwork'"
    );
    LEADS_OF_KEY = "SELECT NULL AS subscriber_id, email FROM integration_moverlead WHERE address_key = $1",
        postgres "SELECT NULL::uuid AS subscriber_id, email FROM integration_moverlead WHERE address_key = $1";
    NOTE_LINK_KEY = "UPDATE integration_link SET address_key = $2 WHERE uuid = $1";
    NOTE_LEAD_KEY = "UPDATE integration_moverlead SET address_key = $2 WHERE uuid = $1";
    LAST_OF = concat!(
        "SELECT ", columns!(""), " FROM integration_link WHERE external_id = $1 \
         AND external_tool = 'actionnetwork' AND subscriber_id IS NOT DISTINCT FROM $2 \
         ORDER BY modified_at DESC, uuid DESC LIMIT 1"
    );
    /// Of an action without a record of a tool nothing is passed on: those of letters to people who moved. One by one, as
    /// `EXISTS` would have PostgreSQL read each tool's table whole.
    UNLINKED = concat!(
        "SELECT s.action_id, s.created_at, s.visible_to_subscriber, s.subscriber_id, ",
        needs!("IS NULL"), " AS of_service, ",
        "s.subscriber_id IS NOT NULL AND ", needs!("= s.subscriber_id"), " AS of_subscriber \
         FROM (SELECT a.uuid AS action_id, a.created_at, a.visible_to_subscriber, \
         COALESCE((SELECT r.partner_id FROM register_registration r WHERE r.action_id = a.uuid), \
         (SELECT b.partner_id FROM absentee_ballotrequest b WHERE b.action_id = a.uuid), \
         (SELECT l.partner_id FROM verifier_lookup l WHERE l.action_id = a.uuid), \
         (SELECT m.partner_id FROM reminder_reminderrequest m WHERE m.action_id = a.uuid)) AS subscriber_id \
         FROM action_action a WHERE a.created_at < $1 AND (a.created_at, a.uuid) > ($2, $3) \
         AND COALESCE((SELECT 1 FROM register_registration r WHERE r.action_id = a.uuid), \
         (SELECT 1 FROM absentee_ballotrequest b WHERE b.action_id = a.uuid), \
         (SELECT 1 FROM verifier_lookup l WHERE l.action_id = a.uuid), \
         (SELECT 1 FROM reminder_reminderrequest m WHERE m.action_id = a.uuid)) IS NOT NULL \
         ORDER BY a.created_at, a.uuid LIMIT $4) AS s"
    );
    INSERT = concat!(
        "INSERT INTO integration_link (", columns!(""), ", external_tool) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'actionnetwork') ON CONFLICT (uuid) DO NOTHING"
    );
    UPDATE = "UPDATE integration_link SET external_id = $2, email_status = $3, phone_status = $4, refusals = $5, \
              modified_at = $6 WHERE uuid = $1";
    RUN = concat!("SELECT ", run_columns!(), " FROM integration_run WHERE uuid = $1");
    LOCK_RUN = concat!("SELECT ", run_columns!(), " FROM integration_run WHERE uuid = $1"),
        postgres concat!("SELECT ", run_columns!(), " FROM integration_run WHERE uuid = $1 FOR NO KEY UPDATE");
    INSERT_RUN = concat!("INSERT INTO integration_run (", run_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)");
    UPDATE_RUN = "UPDATE integration_run SET people = $2, changes = $3, stopped_at = $4, modified_at = $5 WHERE uuid = $1";
}
