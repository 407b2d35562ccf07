//! Jobs, lanes and ticks.
//!
//! A job that is called off is kept as done with a reason, which no other job that is done has: the state needs no word
//! that an older process would not know.

macro_rules! columns {
    () => {
        "uuid, kind, payload, state, lane, subscriber_id, attempts, due_at, lease_until, last_error, created_at, \
         finished_at"
    };
}
macro_rules! claimed_columns {
    () => {
        "uuid, kind, payload, attempts, fence, place, due_at, lease_until"
    };
}

/// Jobs in line, as the indexes `job_line` and `job_turn` have them.
macro_rules! in_line {
    () => {
        "state = 'waiting' AND place IS NOT NULL"
    };
}
/// Jobs whose time has not come, as the index `job_delayed` has them; and those that did not join the line yet.
macro_rules! delayed {
    () => {
        "state = 'waiting' AND place IS NULL"
    };
}

/// The place of a job that joins its line, before what joins with it: behind the last one of its subscriber, and not
/// before the front. `$max` is the larger of two numbers, `$new` the row that joins. Two that join at once and do not
/// see each other get the same place, which the turns of the others do not feel.
macro_rules! next_place {
    ($max:literal, $new:literal) => {
        concat!(
            $max,
            "(coalesce((SELECT place FROM job AS front WHERE ",
            in_line!(),
            " AND front.lane = ",
            $new,
            ".lane AND front.priority = ",
            $new,
            ".priority ORDER BY place LIMIT 1), 1), \
             coalesce(CASE WHEN ",
            $new,
            ".subscriber_id IS NULL \
             THEN (SELECT place + 1 FROM job AS own WHERE ",
            in_line!(),
            " AND own.lane = ",
            $new,
            ".lane AND own.priority = ",
            $new,
            ".priority AND own.subscriber_id IS NULL ORDER BY place DESC LIMIT 1) \
             ELSE (SELECT place + 1 FROM job AS own WHERE ",
            in_line!(),
            " AND own.lane = ",
            $new,
            ".lane AND own.priority = ",
            $new,
            ".priority AND own.subscriber_id = ",
            $new,
            ".subscriber_id ORDER BY place DESC LIMIT 1) END, 1))"
        )
    };
}

macro_rules! enqueue {
    ($max:literal, $jobs:expr) => {
        concat!(
            "INSERT INTO job (uuid, kind, payload, priority, lane, unique_key, subscriber_id, state, attempts, fence, \
             place, due_at, created_at) SELECT uuid, kind, payload, priority, lane, unique_key, subscriber_id, \
             'waiting', 0, 0, CASE WHEN is_due THEN ", next_place!($max, "fresh"),
            " + row_number() OVER (PARTITION BY lane, priority, subscriber_id, is_due ORDER BY position) - 1 END, \
             due_at, created_at FROM ", $jobs, " WHERE TRUE ORDER BY position \
             ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state <> 'done' DO NOTHING"
        )
    };
}

macro_rules! join_delayed {
    ($max:literal, $lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT uuid, lane, priority, subscriber_id, due_at FROM job WHERE ", delayed!(),
            " AND due_at <= $1 ORDER BY due_at, uuid LIMIT $2", $lock, ") \
             UPDATE job SET place = joining.place FROM (SELECT due.uuid, ", next_place!($max, "due"),
            " + row_number() OVER (PARTITION BY lane, priority, subscriber_id ORDER BY due_at, uuid) - 1 AS place \
             FROM due) AS joining WHERE job.uuid = joining.uuid"
        )
    };
}

macro_rules! join_lost {
    ($lock:literal) => {
        concat!(
            "WITH lost AS MATERIALIZED (SELECT uuid FROM job WHERE state = 'running' AND lease_until <= $1 \
             ORDER BY lease_until, uuid LIMIT $2",
            $lock,
            ") \
             UPDATE job SET state = 'waiting', lease_until = NULL FROM lost WHERE job.uuid = lost.uuid"
        )
    };
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT uuid AS id FROM job WHERE ", in_line!(),
            " AND lane = $4 AND priority = $5 AND due_at <= $1 ORDER BY place, due_at, uuid LIMIT $3", $lock, ") \
             UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, lease_until = $2 \
             FROM due WHERE uuid = due.id RETURNING ", claimed_columns!()
        )
    };
}

/// The state is written as something that no index holds, so that PostgreSQL goes by the ids and does not read all running
/// jobs.
macro_rules! settle {
    ($settled:expr) => {
        concat!(
            "UPDATE job SET state = settled.state, due_at = coalesce(settled.due_at, job.due_at), \
             lease_until = settled.lease_until, finished_at = settled.finished_at, \
             last_error = CASE WHEN keeps_reason THEN last_error ELSE reason END, \
             place = CASE WHEN keeps_place THEN place END, attempts = attempts - given_back FROM ", $settled,
            " WHERE job.uuid = settled.id AND job.fence = settled.held AND job.state || '' = 'running' RETURNING uuid"
        )
    };
}

macro_rules! look {
    ($lanes:literal) => {
        concat!(
            "SELECT lanes.value AS lane, level.priority, (SELECT due_at FROM job WHERE ", in_line!(),
            " AND job.lane = lanes.value AND job.priority = level.priority ORDER BY place, due_at, uuid LIMIT 1) AS moment, \
             (SELECT reach FROM job_lane WHERE name = lanes.value) AS reach FROM ", $lanes,
            ", (SELECT CAST(0 AS bigint) AS priority UNION ALL SELECT 10) AS level \
             UNION ALL SELECT '', -1, (SELECT min(due_at) FROM job WHERE ", delayed!(), "), NULL \
             UNION ALL SELECT '', -2, (SELECT min(lease_until) FROM job WHERE state = 'running'), NULL"
        )
    };
}

macro_rules! list {
    ($which:literal) => {
        concat!("SELECT ", columns!(), " FROM job WHERE ", $which, " AND uuid > $1 ORDER BY uuid LIMIT $2")
    };
}

/// Those that ended last, which the indexes `job_done` and `job_dead_ended` know by their moment.
macro_rules! ended {
    ($which:literal) => {
        concat!(
            "SELECT ", columns!(), " FROM job WHERE ", $which,
            " AND finished_at <= $1 AND (finished_at < $1 OR uuid < $2) ORDER BY finished_at DESC, uuid DESC LIMIT $3"
        )
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const CLAIMED_COLUMNS: &str = claimed_columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM job WHERE uuid = $1");
    /// For each lane of a JSON array and each priority, when the first in line is due and how far the lane's grants reach;
    /// and two rows without a lane: when the next delayed job is due (-1), and when the next lease ends (-2).
    LOOK = look!("json_each($1) AS lanes"), postgres look!("jsonb_array_elements_text($1) AS lanes(value)");
    COUNTS = concat!(
        "SELECT \
         (SELECT count(*) FROM job WHERE ", in_line!(), " AND due_at <= $1) \
         + (SELECT count(*) FROM job WHERE ", delayed!(), " AND due_at <= $1) \
         + (SELECT count(*) FROM job WHERE state = 'running' AND lease_until <= $1) AS due, \
         (SELECT count(*) FROM job WHERE ", in_line!(), " AND due_at > $1) \
         + (SELECT count(*) FROM job WHERE ", delayed!(), " AND due_at > $1) AS delayed, \
         (SELECT count(*) FROM job WHERE state = 'running' AND lease_until > $1) AS running, \
         (SELECT count(*) FROM job WHERE state = 'dead') AS dead"
    );
    DEPTHS = concat!(
        "SELECT lane, CAST(sum(due) AS bigint) AS due, min(oldest) AS oldest FROM (\
         SELECT lane, count(*) AS due, min(due_at) AS oldest FROM job WHERE ", in_line!(),
        " AND due_at <= $1 GROUP BY lane \
         UNION ALL SELECT lane, count(*), min(due_at) FROM job WHERE ", delayed!(), " AND due_at <= $1 GROUP BY lane \
         UNION ALL SELECT lane, count(*), min(due_at) FROM job WHERE state = 'running' AND lease_until <= $1 \
         GROUP BY lane) AS parts GROUP BY lane ORDER BY lane"
    );
    LIST = list!("state <> 'done'");
    LIST_WAITING = list!("state <> 'done' AND state = 'waiting'");
    LIST_RUNNING = list!("state <> 'done' AND state = 'running'");
    LIST_DEAD = list!("state = 'dead'");
    LIST_DONE = list!("state = 'done' AND last_error IS NULL");
    LIST_CANCELLED = list!("state = 'done' AND last_error IS NOT NULL");
    ENDED_DONE = ended!("state = 'done' AND last_error IS NULL");
    ENDED_DEAD = ended!("state = 'dead'");
    /// Those of a kind have no index of their own, which every job would pay for.
    ENDED_DONE_OF = ended!("state = 'done' AND last_error IS NULL AND kind = $4");
    ENDED_DEAD_OF = ended!("state = 'dead' AND kind = $4");
    ENQUEUE = enqueue!(
        "max",
        "(SELECT key AS position, unhex(value ->> 'uuid') AS uuid, value ->> 'kind' AS kind, \
         value -> 'payload' AS payload, value ->> 'priority' AS priority, value ->> 'lane' AS lane, \
         value ->> 'unique_key' AS unique_key, unhex(value ->> 'subscriber_id') AS subscriber_id, \
         value ->> 'is_due' AS is_due, value ->> 'due_at' AS due_at, value ->> 'created_at' AS created_at \
         FROM json_each($1)) AS fresh"
    ), postgres enqueue!(
        "greatest",
        "ROWS FROM (jsonb_to_recordset($1) AS (uuid uuid, kind text, payload jsonb, priority bigint, lane text, \
         unique_key text, subscriber_id uuid, is_due boolean, due_at timestamptz, created_at timestamptz)) \
         WITH ORDINALITY AS fresh (uuid, kind, payload, priority, lane, unique_key, subscriber_id, is_due, due_at, \
         created_at, position)"
    );
    /// Those whose worker was lost wait again, at their old place.
    JOIN_LOST = join_lost!(""), postgres join_lost!(" FOR UPDATE SKIP LOCKED");
    /// Those whose time has come stand in line.
    JOIN_DELAYED = join_delayed!("max", ""), postgres join_delayed!("greatest", " FOR UPDATE SKIP LOCKED");
    /// The first of a line. One writer at a time, as in SQLite, needs no row locks.
    CLAIM = claim!(""), postgres claim!(" FOR UPDATE SKIP LOCKED");
    OPEN_LANE = "INSERT INTO job_lane (name, reach) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    /// Whoever holds the lane takes its grants; the others do not wait for it.
    HOLD_LANE = "SELECT reach FROM job_lane WHERE name = $1",
        postgres "SELECT reach FROM job_lane WHERE name = $1 FOR UPDATE SKIP LOCKED";
    /// The same for who waits until it is free.
    WAIT_FOR_LANE = "SELECT reach FROM job_lane WHERE name = $1",
        postgres "SELECT reach FROM job_lane WHERE name = $1 FOR UPDATE";
    TAKE_GRANTS = "UPDATE job_lane SET reach = $2 WHERE name = $1";
    /// The fence stays where it is: it only ever grows.
    SETTLE = settle!(
        "(SELECT unhex(value ->> 'uuid') AS id, value ->> 'fence' AS held, value ->> 'state' AS state, \
         value ->> 'due_at' AS due_at, value ->> 'lease_until' AS lease_until, value ->> 'finished_at' AS finished_at, \
         value ->> 'reason' AS reason, value ->> 'keeps_reason' AS keeps_reason, value ->> 'keeps_place' AS keeps_place, \
         value ->> 'given_back' AS given_back FROM json_each($1)) AS settled"
    ), postgres settle!(
        "(SELECT uuid AS id, fence AS held, state, due_at, lease_until, finished_at, reason, keeps_reason, keeps_place, \
         given_back FROM jsonb_to_recordset($1) AS raw (uuid uuid, fence bigint, state text, due_at timestamptz, \
         lease_until timestamptz, finished_at timestamptz, reason text, keeps_reason boolean, keeps_place boolean, \
         given_back bigint)) AS settled"
    );
    REQUEUE = concat!(
        "UPDATE job SET state = 'waiting', attempts = 0, finished_at = NULL, place = NULL, due_at = $2 \
         WHERE uuid = $1 AND (state = 'dead' OR ", delayed!(), ")"
    );
    CANCEL = "UPDATE job SET state = 'done', finished_at = $2, last_error = coalesce(last_error, 'called off') \
              WHERE uuid = $1 AND state IN ('waiting', 'dead')";
    PURGE = "DELETE FROM job WHERE uuid IN (SELECT uuid FROM job WHERE state = 'done' AND finished_at < $1 \
             ORDER BY finished_at, uuid LIMIT $2)";
    TICK = "INSERT INTO cron_tick (name, tick) VALUES ($1, $2) ON CONFLICT (name, tick) DO NOTHING";
    FORGET_TICKS = "DELETE FROM cron_tick WHERE name = $1 AND tick < $2";
}
