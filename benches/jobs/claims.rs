//! How long a claim takes in an empty table, and in one with a million finished and a million delayed jobs.

use std::{sync::Arc, time::Instant};

use turnout_core::{
    App,
    jobs::{JobKind, step},
};
use turnout_storage::in_process::LocalWake;

use crate::{
    Outcome, Report,
    places::{self, Database, Place},
    throughput::{COUNT, Counts, enqueue},
};

/// So many claims, of so many jobs each.
const CLAIMS: usize = 60;
const LIMIT: u32 = 50;

/// Fills the table: `state` and the moment of what is due are different.
fn fill(place: Place) -> [String; 3] {
    let (numbers, id, moment) = match place {
        Place::Sqlite => (
            "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n)",
            "randomblob(16)",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '-1 day', i || ' seconds')",
        ),
        Place::Postgres => (
            "generate_series(1, 1000000) AS i",
            "gen_random_uuid()",
            "now() - interval '1 day' + i * interval '1 second'",
        ),
    };
    let later = match place {
        Place::Sqlite => "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '1 day', i || ' seconds')",
        Place::Postgres => "now() + interval '1 day' + i * interval '1 second'",
    };
    let columns = "INSERT INTO job (uuid, kind, payload, priority, state, attempts, fence, due_at, created_at, finished_at)";
    [
        format!(
            "{columns} SELECT {id}, 'bench.count', '{{}}', 10, 'done', 1, 1, {moment}, {moment}, {moment} FROM {numbers}"
        ),
        format!(
            "{columns} SELECT {id}, 'bench.count', '{{}}', 10, 'waiting', 0, 0, {later}, {moment}, NULL FROM {numbers}"
        ),
        "ANALYZE".to_owned(),
    ]
}

/// The median of the time of a claim, in milliseconds.
async fn claim(database: &Database) -> Outcome<f64> {
    let store = database.open(Arc::new(LocalWake::new())).await?;
    let app: App = places::app(store).with_job(JobKind::new(COUNT, Counts(Arc::default()))).build();
    enqueue(&app, CLAIMS * LIMIT as usize, 1_000).await?;
    let mut times = Vec::new();
    for _ in 0..CLAIMS {
        let begun = Instant::now();
        let claimed = step::claim(&app, LIMIT).await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        if claimed.len() != LIMIT as usize {
            return Err(format!("{} jobs instead of {LIMIT} were claimed", claimed.len()).into());
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times[CLAIMS / 2])
}

pub(crate) async fn measure(report: &mut Report, place: Place) -> Outcome<()> {
    let name = place.name();
    let full = place.create().await?;
    for statement in fill(place) {
        full.run(&statement).await?;
    }
    let (empty, full) = (claim(&place.create().await?).await?, claim(&full).await?);
    report.figure(format_args!("{name}: a claim of 50 in an empty table"), empty, "ms");
    report.figure(format_args!("{name}: a claim of 50 beside 2,000,000 others"), full, "ms");
    report.target(
        format_args!(
            "{name}: beside 2,000,000 others a claim takes {:.2} times as long, at most 2",
            full / empty
        ),
        full <= 2.0 * empty,
    );
    Ok(())
}
