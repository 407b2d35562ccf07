//! The statements of a request, with their values, as the database's log has them; run again by themselves.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, raw_sql};

use crate::run;

/// What the request of a page did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Replay {
    /// Each with its values, as literals.
    statements: Vec<(String, Option<String>)>,
}

/// The same, prepared on a connection of its own.
pub(crate) struct Ready {
    connection: PgConnection,
    calls: Vec<String>,
}

impl Replay {
    /// Reads what one request does. The server also looks after itself now and then, so of three the shortest counts.
    pub(crate) async fn learn(
        server: &mut PgConnection,
        log: &Path,
        mut request: impl AsyncFnMut() -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        run(server, "ALTER SYSTEM SET log_min_duration_statement = 0").await?;
        run(server, "ALTER SYSTEM SET log_line_prefix = '%d '").await?;
        run(server, "SELECT pg_reload_conf()").await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut shortest: Option<Self> = None;
        for _ in 0..3 {
            let begun = std::fs::metadata(log)?.len();
            request().await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let text = std::fs::read(log)?;
            let text = String::from_utf8_lossy(&text[usize::try_from(begun)?..]).into_owned();
            let found = Self::read(&text);
            if shortest.as_ref().is_none_or(|it| found.statements.len() < it.statements.len()) {
                shortest = Some(found);
            }
        }
        run(server, "ALTER SYSTEM RESET log_min_duration_statement").await?;
        run(server, "SELECT pg_reload_conf()").await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let found = shortest.unwrap_or_default();
        ensure!(!found.statements.is_empty(), "a page without a statement");
        Ok(found)
    }

    fn read(log: &str) -> Self {
        let mut statements: Vec<(String, Option<String>)> = Vec::new();
        // parse and bind are logged too, with the same values
        let mut is_run = false;
        for line in log.lines() {
            let Some(line) = line.strip_prefix("bench_manage ") else { continue };
            if let Some(values) = line.trim_start().strip_prefix("DETAIL:  parameters: ") {
                if let Some(last) = statements.last_mut().filter(|_| is_run) {
                    last.1 = Some(literals(values));
                }
                continue;
            }
            let run = line.split_once(" execute ").and_then(|(_, rest)| rest.split_once(": "));
            let run = run.or_else(|| line.split_once(" statement: "));
            is_run = run.is_some();
            statements.extend(run.map(|(_, statement)| (statement.trim().to_owned(), None)));
        }
        Self { statements }
    }

    /// Prepares them.
    pub(crate) async fn ready(self, database: &str) -> anyhow::Result<Ready> {
        let mut connection = PgConnection::connect(database).await?;
        let mut calls = Vec::new();
        for (number, (statement, values)) in self.statements.into_iter().enumerate() {
            calls.push(match values {
                Some(values) => {
                    run(&mut connection, &format!("PREPARE s{number} AS {statement}")).await?;
                    format!("EXECUTE s{number} ({values})")
                }
                None => statement,
            });
        }
        Ok(Ready { connection, calls })
    }
}

/// `$1 = 'a', $2 = NULL` without its numbers.
fn literals(values: &str) -> String {
    let (mut out, mut rest, mut number) = (String::new(), values, 1);
    while let Some(found) = rest.strip_prefix(&format!("${number} = ")) {
        number += 1;
        let end = found.find(&format!(", ${number} = ")).unwrap_or(found.len());
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(found[..end].trim());
        rest = found.get(end + 2..).unwrap_or_default();
    }
    out
}

impl Ready {
    /// How many there are.
    pub(crate) fn statements(&self) -> usize {
        self.calls.len()
    }

    /// Runs all, one after the other, and says how long that takes.
    pub(crate) async fn run(&mut self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        for call in &self.calls {
            self.connection.execute(raw_sql(AssertSqlSafe(call.clone()))).await?;
        }
        Ok(begun.elapsed())
    }
}
