//! How the server is reached, and what is asked of each connection.

use std::{str::FromStr, time::Duration};

use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use url::Url;

use super::PgOptions;
use crate::error::OpenError;

/// An address with everything that a connection is opened with.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) connect: PgConnectOptions,
    /// As `connect`, without a bound on statements: for migrations, and for who only listens.
    pub(super) patient: PgConnectOptions,
    /// Somebody between us and the server hands the connection to others after each transaction.
    pub(super) pooled: bool,
    bounds: Vec<(&'static str, String)>,
}

impl Address {
    pub(super) fn read(url: &str, options: &PgOptions) -> Result<Self, OpenError> {
        let (url, pooled) = plain(url).ok_or(OpenError::Address)?;
        // spans say as much of statements; a log that asks whether it may speak, and does not, takes the next line with it
        let connect = PgConnectOptions::from_str(&url).map_err(|_| OpenError::Address)?;
        let mut connect = connect.disable_statement_logging();
        if connect.get_application_name().is_none() {
            connect = connect.application_name(&options.application_name);
        }
        let given = connect.get_options().unwrap_or_default().to_owned();
        let bounds: Vec<_> = [
            // what was confirmed survives a power cut (decision 19)
            ("synchronous_commit", "on".to_owned()),
            ("statement_timeout", milliseconds(options.statement_timeout)),
            ("lock_timeout", milliseconds(options.lock_timeout)),
            // a unit does nothing but write; one that rests this long belongs to a process that hangs
            ("idle_in_transaction_session_timeout", "60000".to_owned()),
        ]
        .into_iter()
        .filter(|(name, _)| !given.contains(name))
        .collect();
        let patient = connect.clone().options([("statement_timeout", "0")]);
        let patient = patient.options(bounds.iter().filter(|(name, _)| *name == "lock_timeout").cloned());
        let connect = if pooled {
            // a pooler knows no parameters of the start but a few
            connect.extra_float_digits(None)
        } else {
            connect.options(bounds.clone())
        };
        Ok(Self { connect, patient, pooled, bounds: if pooled { bounds } else { Vec::new() } })
    }

    /// The statement that begins a transaction. What a pooler does not pass on at the start is set for the transaction.
    pub(super) fn begin(&self, kind: &str) -> String {
        let mut text = format!("BEGIN {kind}");
        for (name, value) in &self.bounds {
            text.push_str(&format!("; SET LOCAL {name} = '{value}'"));
        }
        text
    }
}

fn milliseconds(time: Duration) -> String {
    time.as_millis().to_string()
}

/// The address as the driver knows it, and whether a pooler stands between.
fn plain(text: &str) -> Option<(String, bool)> {
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(scheme, "postgres" | "postgresql" | "postgis") {
        return None;
    }
    let mut url = Url::parse(&format!("postgres://{rest}")).ok()?;
    let mut pooled = false;
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| {
            let is_ours = name == "pgbouncer";
            pooled |= is_ours && matches!(value.as_ref(), "true" | "1");
            !is_ours
        })
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    Some((url.into(), pooled))
}
