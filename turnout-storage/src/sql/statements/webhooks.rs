//! Endpoints of subscribers, and what is delivered to them.

macro_rules! endpoint_columns {
    () => {
        "uuid, partner_id, address, description, topics, generation, rotated_at, paused_at, off_at, off_reason, \
         removed_at, failures, failing_since, rest_until, modified_at, created_by_id, created_at"
    };
}
macro_rules! delivery_columns {
    () => {
        "uuid, status, queued_at, next_at, attempts, tried_at, answer, failure, endpoint_id, topic, action_id, tool, \
         record_id, state_id, event_id, event_type, occurred_at, shard, position"
    };
}
macro_rules! endpoints {
    ($where:literal) => {
        concat!("SELECT ", endpoint_columns!(), " FROM webhook_endpoint WHERE ", $where)
    };
}
macro_rules! deliveries {
    ($where:literal) => {
        concat!("SELECT ", delivery_columns!(), " FROM webhook_delivery WHERE ", $where)
    };
}
/// Of one tool: its record that belongs to an action (`$1`) that its subscriber sees.
macro_rules! subject {
    ($tool:literal, $table:literal) => {
        concat!(
            "SELECT '",
            $tool,
            "' AS tool, r.uuid AS record_id, r.state_id, r.partner_id, a.voter_id FROM action_action a JOIN ",
            $table,
            " r ON r.action_id = a.uuid WHERE a.uuid = $1 AND a.visible_to_subscriber IS TRUE"
        )
    };
}

/// The actions of the same voter as one; none where nobody knows whose it is.
macro_rules! of_the_same_voter {
    ($action:literal) => {
        concat!(
            "SELECT theirs.uuid FROM action_action its JOIN action_action theirs ON theirs.voter_id = its.voter_id \
             WHERE its.uuid = ",
            $action
        )
    };
}
/// The last place among those of an action (`$11`), or of another one of its voter, to the endpoint (`$9`). Looked up
/// action by action.
macro_rules! last_position {
    () => {
        concat!(
            "SELECT max(told.position) FROM webhook_delivery told WHERE told.endpoint_id = $9 AND told.action_id IN (",
            of_the_same_voter!("$11"),
            " UNION SELECT uuid FROM action_action WHERE uuid = $11)"
        )
    };
}

pub(crate) const ENDPOINT_COLUMNS: &str = endpoint_columns!();
pub(crate) const DELIVERY_COLUMNS: &str = delivery_columns!();
pub(crate) const SUBJECT_COLUMNS: &str = "tool, record_id, state_id, partner_id, voter_id";

statements! {
    ENDPOINT = endpoints!("uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK_ENDPOINT = endpoints!("uuid = $1"), postgres endpoints!("uuid = $1 FOR NO KEY UPDATE");
    OF_SUBSCRIBER = endpoints!("partner_id = $1 AND removed_at IS NULL ORDER BY created_at, uuid");
    OPEN = endpoints!("paused_at IS NULL AND off_at IS NULL AND removed_at IS NULL ORDER BY uuid");
    INSERT_ENDPOINT = concat!(
        "INSERT INTO webhook_endpoint (", endpoint_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    /// Numbered as in `INSERT_ENDPOINT`; whose it is, who made it and when do not change.
    UPDATE_ENDPOINT = "UPDATE webhook_endpoint SET address = $3, description = $4, topics = $5, generation = $6, \
                       rotated_at = $7, paused_at = $8, off_at = $9, off_reason = $10, removed_at = $11, failures = $12, \
                       failing_since = $13, rest_until = $14, modified_at = $15 WHERE uuid = $1 AND partner_id = $2";
    /// The record of an action (`$1`) and whose it is, if that subscriber has endpoints and may have them. Nothing is looked
    /// for where nobody has any.
    SUBJECT = concat!(
        "SELECT s.tool, s.record_id, s.state_id, s.partner_id, s.voter_id FROM (",
        subject!("register", "register_registration"), " UNION ALL ",
        subject!("absentee", "absentee_ballotrequest"), " UNION ALL ",
        subject!("verify", "verifier_lookup"), " UNION ALL ",
        subject!("remind", "reminder_reminderrequest"), " UNION ALL ",
        subject!("locate", "polling_place_pollingplacelookup"),
        ") s JOIN multi_tenant_client c ON c.uuid = s.partner_id \
         WHERE EXISTS (SELECT 1 FROM webhook_endpoint WHERE removed_at IS NULL) \
         AND c.has_api_access IS TRUE AND c.status = 'active' \
         AND EXISTS (SELECT 1 FROM webhook_endpoint e WHERE e.partner_id = s.partner_id AND e.removed_at IS NULL)"
    );
    /// Held until the unit ends. In SQLite the unit holds everything.
    HOLD_ACTION = "SELECT uuid FROM action_action WHERE uuid = $1",
        postgres "SELECT uuid FROM action_action WHERE uuid = $1 FOR NO KEY UPDATE";
    /// The same of its voter, whose row it leaves alone: whoever changes that has the action wait, and not the other way round.
    HOLD_VOTER = "SELECT 1 WHERE $1 IS NULL",
        postgres "SELECT pg_advisory_xact_lock(867943782, hashtext(voter_id::text)) FROM action_action \
                  WHERE uuid = $1 AND voter_id IS NOT NULL";
    DELIVERY = deliveries!("uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK_DELIVERY = deliveries!("uuid = $1"), postgres deliveries!("uuid = $1 FOR NO KEY UPDATE");
    PAGE = deliveries!(
        "endpoint_id = $1 AND (occurred_at, uuid) < ($2, $3) ORDER BY occurred_at DESC, uuid DESC LIMIT $4"
    );
    PAGE_OF_STATUS = deliveries!(
        "endpoint_id = $1 AND (occurred_at, uuid) < ($2, $3) AND status = $5 \
         ORDER BY occurred_at DESC, uuid DESC LIMIT $4"
    );
    COUNT = "SELECT count(*) FROM (SELECT 1 FROM webhook_delivery WHERE endpoint_id = $1 AND status = $2 LIMIT $3) counted";
    NEXT_DUE = deliveries!(
        "endpoint_id = $1 AND shard = $2 AND status = 'waiting' AND next_at <= $3 \
         AND NOT EXISTS (SELECT 1 FROM webhook_delivery before WHERE before.action_id = webhook_delivery.action_id \
         AND before.endpoint_id = webhook_delivery.endpoint_id AND before.position < webhook_delivery.position \
         AND before.status = 'waiting') \
         AND NOT EXISTS (SELECT 1 FROM action_action its JOIN action_action theirs ON theirs.voter_id = its.voter_id \
         JOIN webhook_delivery earlier ON earlier.action_id = theirs.uuid WHERE its.uuid = webhook_delivery.action_id \
         AND earlier.endpoint_id = webhook_delivery.endpoint_id AND earlier.position < webhook_delivery.position \
         AND earlier.status = 'waiting') ORDER BY next_at, position, uuid LIMIT 1"
    );
    /// At its place (`$19`), or behind those that it has an order with.
    INSERT_DELIVERY = concat!(
        "INSERT INTO webhook_delivery (", delivery_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         max($19, coalesce((", last_position!(), "), 0) + 1))"
    ), postgres concat!(
        "INSERT INTO webhook_delivery (", delivery_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         greatest($19, coalesce((", last_position!(), "), 0) + 1))"
    );
    /// Numbered as in `INSERT_DELIVERY`, whose other columns do not change.
    UPDATE_DELIVERY = "UPDATE webhook_delivery SET status = $2, queued_at = $3, next_at = $4, attempts = $5, \
                       tried_at = $6, answer = $7, failure = $8 WHERE uuid = $1";
    QUEUE_WAITING = "UPDATE webhook_delivery SET queued_at = $2, next_at = $2, attempts = 0 \
                     WHERE endpoint_id = $1 AND status = 'waiting'";
    QUEUE_AGAIN = "UPDATE webhook_delivery SET status = 'waiting', queued_at = $5, next_at = $5, attempts = 0 \
                   WHERE uuid IN (SELECT uuid FROM webhook_delivery WHERE endpoint_id = $1 AND occurred_at >= $2 \
                   AND occurred_at < $3 AND status <> 'waiting' AND queued_at < $4 ORDER BY occurred_at, uuid LIMIT $6)";
    GIVE_UP_WAITING = "UPDATE webhook_delivery SET status = 'dead', failure = $2 \
                       WHERE endpoint_id = $1 AND status = 'waiting'";
}
