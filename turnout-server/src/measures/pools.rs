//! How much of its connections to the database the process uses.

use metrics::gauge;
use turnout_storage::sql::pool_use::PoolUse;

/// Measures these pools.
pub(crate) fn look(pools: &[PoolUse]) {
    for PoolUse { pool, open, idle, most } in pools {
        let counted = |state| gauge!("turnout_database_connections", "pool" => *pool, "state" => state);
        counted("idle").set(*idle);
        counted("busy").set(open.saturating_sub(*idle));
        gauge!("turnout_database_connections_max", "pool" => *pool).set(*most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::handle;

    #[test]
    fn connections_are_idle_or_busy() {
        let handle = handle();
        look(&[PoolUse { pool: "reports", open: 3, idle: 1, most: 4 }]);
        let shown = handle.render();
        for line in [
            "turnout_database_connections{pool=\"reports\",state=\"idle\"} 1",
            "turnout_database_connections{pool=\"reports\",state=\"busy\"} 2",
            "turnout_database_connections_max{pool=\"reports\"} 4",
        ] {
            assert!(shown.contains(line), "{shown}");
        }
    }
}
