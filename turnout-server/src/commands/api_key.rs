//! `api-key create`, `api-key list` and `api-key deactivate`.

use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use serde_json::{Value, json};
use turnout_core::{
    App,
    api_key::{self, ApiKey, CreateError, Deactivated},
    ids::ApiKeyId,
    page::PageRequest,
    subscriber::{Subscriber, SubscriberStatus},
};

use super::{over_rows, settings};
use crate::config::{Config, Role, RowPlace, SigningKey};

/// So many keys are read at once.
const AT_ONCE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a key for a subscriber's program, and prints its secret: once, as it is kept nowhere.
    Create {
        /// The subscriber's slug.
        slug: String,
        /// What the key is for, to know it again in the list.
        #[arg(long)]
        description: Option<String>,
        /// JSON instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Lists keys, those that were ended too.
    List {
        /// Only those of the subscriber with this slug.
        slug: Option<String>,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Ends a key: at once, and for good.
    Deactivate {
        /// Its id.
        #[arg(value_parser = id)]
        id: ApiKeyId,
    },
}

fn id(text: &str) -> Result<ApiKeyId, String> {
    ApiKeyId::parse(text).ok_or_else(|| "an id looks like 0b4f7c1e-…; `api-key list` shows them".to_owned())
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    if let Command::Create { .. } = command {
        has_a_pepper_that_stays(&settings(Role::Migrate)?.0)?;
    }
    over_rows::print(async |app, _| match command {
        Command::Create { slug, description, json } => create(app, slug, description.clone(), *json).await,
        Command::List { slug, json } => list(app, slug.as_deref(), *json).await,
        Command::Deactivate { id } => deactivate(app, *id).await,
    })
}

/// A secret that was hashed with what no server knows would open nothing.
fn has_a_pepper_that_stays(config: &Config) -> anyhow::Result<()> {
    // a server over the database of this folder takes the key that lies beside it
    let is_shared = match (&config.key, &config.database.place) {
        (SigningKey::Given(_), _) => true,
        (SigningKey::Kept(_), RowPlace::File { path, .. }) => path.parent() == Some(config.data.as_path()),
        (SigningKey::Kept(_), RowPlace::Server(_)) => false,
    };
    ensure!(
        config.api_key_pepper.is_some() || is_shared,
        "set API_KEY_PEPPER to what the servers have, for example \"$(openssl rand -base64 48)\" there and here: \
         the secrets of API keys are hashed with it"
    );
    if config.api_key_pepper.is_none() {
        eprintln!("API_KEY_PEPPER is not set: this key ends with the present SECRET_KEY.");
    }
    Ok(())
}

async fn create(app: &App, slug: &str, description: Option<String>, json: bool) -> anyhow::Result<String> {
    let created = match api_key::create(app, slug, description, rand::random()).await {
        Err(CreateError::NoSuchSubscriber) => bail!("no subscriber has the slug {slug:?}; nothing was made"),
        created => created?,
    };
    let (id, secret) = (created.key.id, created.secret.reveal());
    if let Some(why) = why_closed(&created.subscriber) {
        eprintln!("The key opens nothing yet: {why}.");
    }
    if json {
        return Ok(format!("{:#}\n", json!({ "id": id, "secret": secret, "subscriber": slug })));
    }
    Ok(format!("id      {id}\nsecret  {secret}\n\nThe secret is kept nowhere: it cannot be shown again.\n"))
}

fn why_closed(subscriber: &Subscriber) -> Option<&'static str> {
    match subscriber {
        it if it.status == SubscriberStatus::Disabled => Some("its subscriber is disabled"),
        it if !it.has_api_access => Some("its subscriber has no access to the API"),
        _ => None,
    }
}

async fn list(app: &App, slug: Option<&str>, json: bool) -> anyhow::Result<String> {
    let mut view = app.store.view().await?;
    let mut keys = Vec::new();
    if let Some(slug) = slug {
        let subscriber = view.subscribers().by_slug(slug).await?;
        let subscriber = subscriber.with_context(|| format!("no subscriber has the slug {slug:?}"))?;
        keys = view.api_keys().of_subscriber(subscriber.id).await?;
    } else {
        let mut after = None;
        loop {
            let page = view.api_keys().list(PageRequest { after, limit: AT_ONCE }).await?;
            keys.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        keys.sort_by_key(|key| (key.created_at, key.id));
    }
    let mut rows = Vec::new();
    for key in &keys {
        let subscriber = match key.subscriber {
            Some(id) => view.subscribers().by_id(id).await?,
            None => None,
        };
        rows.push((key, subscriber));
    }
    Ok(if json { listed_as_json(&rows) } else { listed(&rows) })
}

fn listed(rows: &[(&ApiKey, Option<Subscriber>)]) -> String {
    if rows.is_empty() {
        return "No keys.\n".to_owned();
    }
    let cells = |(key, subscriber): &(&ApiKey, Option<Subscriber>)| {
        [
            key.id.to_string(),
            subscriber.as_ref().map_or_else(|| "-".to_owned(), |it| it.name.clone()),
            moment(key.created_at),
            key.deactivated_at.map_or_else(|| state(key, subscriber.as_ref()).to_owned(), moment_of_end),
            key.description.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<[String; 5]> = rows.iter().map(cells).collect();
    over_rows::table(["ID", "SUBSCRIBER", "MADE", "STATE", "DESCRIPTION"], &rows)
}

fn listed_as_json(rows: &[(&ApiKey, Option<Subscriber>)]) -> String {
    let object = |(key, subscriber): &(&ApiKey, Option<Subscriber>)| {
        json!({
            "id": key.id,
            "subscriber": key.subscriber,
            "subscriber_name": subscriber.as_ref().map(|it| &it.name),
            "description": key.description,
            "created_at": moment(key.created_at),
            "deactivated_at": key.deactivated_at.map(moment),
            "state": state(key, subscriber.as_ref()),
        })
    };
    let keys: Vec<Value> = rows.iter().map(object).collect();
    format!("{:#}\n", json!({ "keys": keys }))
}

/// Whether the key opens something, and if not, why.
fn state(key: &ApiKey, subscriber: Option<&Subscriber>) -> &'static str {
    if key.deactivated_at.is_some() {
        return "ended";
    }
    subscriber.map_or(Some("it has no subscriber"), why_closed).unwrap_or("open")
}

fn moment_of_end(end: DateTime<Utc>) -> String {
    format!("ended {}", moment(end))
}

fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

async fn deactivate(app: &App, id: ApiKeyId) -> anyhow::Result<String> {
    match api_key::deactivate(app, id).await? {
        Deactivated::Now => Ok(format!("The key {id} opens nothing any more.\n")),
        Deactivated::Before(since) => Ok(format!("The key {id} was ended before: {}.\n", moment(since))),
        Deactivated::Unknown => bail!("there is no key {id}: `api-key list` shows those there are"),
    }
}
