//! The statements of a request, with their values, as the database's log has them; run again by themselves.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, raw_sql};

use crate::run;

/// What one connection ran.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    /// The number of its process: a page may begin on one connection before it has ended on another.
    process: u32,
    text: String,
    /// Its values, as literals.
    values: Option<String>,
}

/// What the request of a page did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Replay {
    statements: Vec<Statement>,
}

/// The same, prepared on connections of its own: for each call which of them.
pub(crate) struct Ready {
    connections: Vec<PgConnection>,
    calls: Vec<(usize, String)>,
}

impl Replay {
    /// Reads what one request does. The server also looks after itself now and then, so of three the shortest counts.
    pub(crate) async fn learn(
        server: &mut PgConnection,
        log: &Path,
        mut request: impl AsyncFnMut() -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        run(server, "ALTER SYSTEM SET log_min_duration_statement = 0").await?;
        run(server, "ALTER SYSTEM SET log_line_prefix = '%d %p '").await?;
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
        let mut statements: Vec<Statement> = Vec::new();
        // parse and bind are logged too, with the same values
        let mut is_run = false;
        for line in log.lines() {
            let line = line.strip_prefix("bench_manage ").and_then(|line| line.split_once(' '));
            let Some((process, line)) = line else { continue };
            let Ok(process) = process.parse() else { continue };
            if let Some(values) = line.trim_start().strip_prefix("DETAIL:  parameters: ") {
                if let Some(last) = statements.last_mut().filter(|_| is_run) {
                    last.values = Some(literals(values));
                }
                continue;
            }
            let run = line.split_once(" execute ").and_then(|(_, rest)| rest.split_once(": "));
            let run = run.or_else(|| line.split_once(" statement: "));
            is_run = run.is_some();
            let text = run.map(|(_, statement)| statement.trim().to_owned());
            statements.extend(text.map(|text| Statement { process, text, values: None }));
        }
        Self { statements }
    }

    /// Prepares them.
    pub(crate) async fn ready(self, database: &str) -> anyhow::Result<Ready> {
        let (mut processes, mut connections, mut calls) = (Vec::new(), Vec::new(), Vec::new());
        for (number, Statement { process, text, values }) in self.statements.into_iter().enumerate() {
            let of = match processes.iter().position(|it| *it == process) {
                Some(of) => of,
                None => {
                    processes.push(process);
                    connections.push(PgConnection::connect(database).await?);
                    processes.len() - 1
                }
            };
            let call = match values {
                Some(values) => {
                    // what is written once is written again as another one
                    let (first, rest) = values.split_once(", ").unwrap_or((&values, ""));
                    let is_row = text.starts_with("INSERT INTO change_entry") && !rest.is_empty();
                    let first = if is_row { "gen_random_uuid()" } else { first };
                    let values = if rest.is_empty() { values.clone() } else { format!("{first}, {rest}") };
                    run(&mut connections[of], &format!("PREPARE s{number} AS {text}")).await?;
                    format!("EXECUTE s{number} ({values})")
                }
                None => text,
            };
            calls.push((of, call));
        }
        Ok(Ready { connections, calls })
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
        for (of, call) in &self.calls {
            self.connections[*of].execute(raw_sql(AssertSqlSafe(call.clone()))).await?;
        }
        Ok(begun.elapsed())
    }
}
