//! `webhooks list` and `webhooks replay`.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use serde_json::{Value, json};
use turnout_core::{
    App,
    ids::EndpointId,
    input::Input,
    subscriber::Subscriber,
    webhook::{self, DeliveryStatus, EditError, Endpoint, read_window},
};

use super::over_rows;

/// Up to which number deliveries are counted.
const COUNTED: u32 = 100_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists the endpoints of a subscriber, how they are, and what waits for them or was given up.
    List {
        /// The subscriber's slug.
        slug: String,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Has the deliveries of a span of time sent again to an endpoint, under the same ids. The workers send them.
    Replay {
        /// The endpoint's id.
        #[arg(value_parser = id)]
        id: EndpointId,
        /// Of what happened at this moment or later, in UTC: 2026-11-03T14:00.
        #[arg(long)]
        from: String,
        /// Of what happened before this moment; without it until now.
        #[arg(long)]
        to: Option<String>,
    },
}

fn id(text: &str) -> Result<EndpointId, String> {
    EndpointId::parse(text)
        .ok_or_else(|| "an id looks like 0b4f7c1e-…; `webhooks list` shows them".to_owned())
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| match command {
        Command::List { slug, json } => list(app, slug, *json).await,
        Command::Replay { id, from, to } => replay(app, *id, from, to.as_deref()).await,
    })
}

/// An endpoint with the numbers of deliveries that wait and that were given up.
type Counted = (Endpoint, u64, u64);

async fn list(app: &App, slug: &str, json: bool) -> anyhow::Result<String> {
    let mut view = app.store.view().await?;
    let subscriber: Option<Subscriber> = view.subscribers().by_slug(slug).await?;
    let subscriber = subscriber.with_context(|| format!("no subscriber has the slug {slug:?}"))?;
    let mut rows: Vec<Counted> = Vec::new();
    for endpoint in view.webhooks().of_subscriber(subscriber.id).await? {
        let waiting = view.webhooks().count(endpoint.id, DeliveryStatus::Waiting, COUNTED).await?;
        let dead = view.webhooks().count(endpoint.id, DeliveryStatus::Dead, COUNTED).await?;
        rows.push((endpoint, waiting, dead));
    }
    Ok(if json { listed_as_json(&rows) } else { listed(&rows) })
}

fn listed(rows: &[Counted]) -> String {
    if rows.is_empty() {
        return "No endpoints.\n".to_owned();
    }
    let cells = |(endpoint, waiting, dead): &Counted| {
        [
            endpoint.id.to_string(),
            state(endpoint).to_owned(),
            waiting.to_string(),
            dead.to_string(),
            endpoint.address.clone(),
        ]
    };
    let rows: Vec<[String; 5]> = rows.iter().map(cells).collect();
    over_rows::table(["ID", "STATE", "WAITING", "GIVEN UP", "ADDRESS"], &rows)
}

fn listed_as_json(rows: &[Counted]) -> String {
    let object = |(endpoint, waiting, dead): &Counted| {
        json!({
            "id": endpoint.id,
            "address": endpoint.address,
            "description": endpoint.description,
            "events": endpoint.topics.iter().map(|topic| topic.wire()).collect::<Vec<_>>(),
            "state": state(endpoint),
            "failing_since": endpoint.health.failing_since.map(moment),
            "waiting": waiting,
            "given_up": dead,
            "created_at": moment(endpoint.created_at),
        })
    };
    let endpoints: Vec<Value> = rows.iter().map(object).collect();
    format!("{:#}\n", json!({ "endpoints": endpoints }))
}

fn state(endpoint: &Endpoint) -> &'static str {
    match endpoint {
        it if it.off.is_some() => "off",
        it if it.paused_at.is_some() => "paused",
        it if it.health.failing_since.is_some() => "failing",
        _ => "on",
    }
}

async fn replay(app: &App, id: EndpointId, from: &str, to: Option<&str>) -> anyhow::Result<String> {
    let given = [("from", Some(from)), ("to", to)];
    let pairs = given.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.to_owned())));
    let window = match read_window(app, &Input::form(pairs)) {
        Ok(window) => window,
        Err(problems) => {
            let lines = problems.iter().flat_map(|(field, problems)| {
                problems.into_iter().map(move |problem| format!("--{field}: {problem}"))
            });
            bail!("nothing is sent again:\n{}", lines.collect::<Vec<_>>().join("\n"));
        }
    };
    let found = app.store.view().await?.webhooks().endpoint(id).await?;
    let found = found.filter(|it| it.removed_at.is_none());
    let endpoint =
        found.with_context(|| format!("there is no endpoint {id}: `webhooks list` shows those there are"))?;
    match webhook::replay(app, None, endpoint.subscriber, id, window).await {
        Ok(_) => Ok(format!(
            "What happened from {} to {} is sent again to {}.\n",
            moment(window.from),
            moment(window.to),
            endpoint.address
        )),
        Err(EditError::NotFound) => bail!("there is no endpoint {id}"),
        Err(error) => Err(error.into()),
    }
}

fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}
