//! How much of its connections a store uses.

use sqlx::{Database, Pool};

/// The connections of a pool at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// What the pool is for: `writer`, `readers`, `main`, `reports`.
    pub pool: &'static str,
    /// How many are open.
    pub open: u32,
    /// How many of those wait for work.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}

impl PoolUse {
    pub(crate) fn of<D: Database>(pool: &'static str, connections: &Pool<D>) -> Self {
        let open = connections.size();
        // one may be given back between the two questions
        let idle = u32::try_from(connections.num_idle()).unwrap_or(u32::MAX).min(open);
        Self { pool, open, idle, most: connections.options().get_max_connections() }
    }
}
