//! Jobs and ticks.

macro_rules! columns {
    () => {
        "uuid, kind, payload, state, attempts, due_at, last_error, created_at, finished_at"
    };
}
macro_rules! claimed_columns {
    () => {
        "uuid, kind, payload, attempts, fence, priority, due_at, lease_until"
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const CLAIMED_COLUMNS: &str = claimed_columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM job WHERE uuid = $1");
    NEXT_DUE = "SELECT min(moment) FROM (\
                SELECT min(due_at) AS moment FROM job WHERE state = 'waiting' \
                UNION ALL SELECT min(lease_until) FROM job WHERE state = 'running') AS moments";
    COUNTS = "SELECT \
              (SELECT count(*) FROM job WHERE state = 'waiting' AND due_at <= $1) AS due, \
              (SELECT count(*) FROM job WHERE state = 'waiting' AND due_at > $1) AS delayed, \
              (SELECT count(*) FROM job WHERE state = 'running') AS running, \
              (SELECT count(*) FROM job WHERE state = 'dead') AS dead";
    UNFINISHED = concat!("SELECT ", columns!(), " FROM job WHERE state <> 'done' ORDER BY uuid LIMIT $1");
    UNFINISHED_AFTER = concat!(
        "SELECT ", columns!(), " FROM job WHERE state <> 'done' AND uuid > $1 ORDER BY uuid LIMIT $2"
    );
    ENQUEUE = "INSERT INTO job (uuid, kind, payload, priority, unique_key, subscriber_id, state, attempts, fence, \
               due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, 0, $7, $8) \
               ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state <> 'done' DO NOTHING";
    /// One writer at a time, as in SQLite, needs no row locks. One arm for each priority (`$4`, `$5`), so that each finds
    /// its oldest due jobs in `job_claim` without reading those that wait for their time.
    CLAIM = concat!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, lease_until = $2 \
         WHERE uuid IN (SELECT uuid FROM (\
         SELECT * FROM (SELECT uuid, priority, due_at FROM job WHERE state = 'waiting' AND priority = $4 \
         AND due_at <= $1 ORDER BY due_at, uuid LIMIT $3) \
         UNION ALL SELECT * FROM (SELECT uuid, priority, due_at FROM job WHERE state = 'waiting' \
         AND priority = $5 AND due_at <= $1 ORDER BY due_at, uuid LIMIT $3) \
         UNION ALL SELECT uuid, priority, due_at FROM job WHERE state = 'running' AND lease_until <= $1) \
         ORDER BY priority, due_at, uuid LIMIT $3) RETURNING ", claimed_columns!()
    ), postgres concat!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, lease_until = $2 \
         WHERE uuid IN (SELECT uuid FROM (\
         SELECT * FROM (SELECT uuid, priority, due_at FROM job WHERE state = 'waiting' AND priority = $4 \
         AND due_at <= $1 ORDER BY due_at, uuid LIMIT $3 FOR UPDATE SKIP LOCKED) AS high \
         UNION ALL SELECT * FROM (SELECT uuid, priority, due_at FROM job WHERE state = 'waiting' \
         AND priority = $5 AND due_at <= $1 ORDER BY due_at, uuid LIMIT $3 FOR UPDATE SKIP LOCKED) AS low \
         UNION ALL SELECT * FROM (SELECT uuid, priority, due_at FROM job WHERE state = 'running' \
         AND lease_until <= $1 FOR UPDATE SKIP LOCKED) AS left_over) AS due \
         ORDER BY priority, due_at, uuid LIMIT $3) RETURNING ", claimed_columns!()
    );
    FINISH = "UPDATE job SET state = 'done', finished_at = $3, lease_until = NULL, last_error = NULL \
              WHERE uuid = $1 AND fence = $2 AND state = 'running'";
    RETRY = "UPDATE job SET state = 'waiting', due_at = $3, last_error = $4, lease_until = NULL \
             WHERE uuid = $1 AND fence = $2 AND state = 'running'";
    BURY = "UPDATE job SET state = 'dead', finished_at = $3, last_error = $4, lease_until = NULL \
            WHERE uuid = $1 AND fence = $2 AND state = 'running'";
    /// The fence stays where it is: it only ever grows.
    RELEASE = "UPDATE job SET state = 'waiting', attempts = attempts - 1, lease_until = NULL \
               WHERE uuid = $1 AND fence = $2 AND state = 'running'";
    PURGE = "DELETE FROM job WHERE uuid IN (SELECT uuid FROM job WHERE state = 'done' AND finished_at < $1 \
             ORDER BY finished_at LIMIT $2)";
    TICK = "INSERT INTO cron_tick (name, tick) VALUES ($1, $2) ON CONFLICT (name, tick) DO NOTHING";
}
