//! Databases with what a server has before its first voter, once for the server and once for the bare endpoint.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use url::Url;

use crate::{
    bare,
    calls::{Call, REGION, STATE},
    client::ask_for,
    process::Program,
    voters,
};

/// How many regions there are: the counties of the state.
const REGIONS: i64 = 88;
/// How many actions there are that events happen to.
const ACTIONS: usize = 1_000;

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Sqlite,
    Postgres,
}

/// A place that is ready to be measured.
pub(crate) struct Prepared {
    /// Where files are.
    pub(crate) folder: PathBuf,
    /// The addresses of three databases with the same rows: untouched, the server's, the bare endpoint's.
    pub(crate) seed: String,
    pub(crate) ours: String,
    pub(crate) bare: String,
    /// The actions that events happen to.
    pub(crate) actions: Vec<String>,
}

impl Place {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Fills a database as an operator does, and copies it.
    pub(crate) async fn prepare(
        self,
        program: &Program,
        within: &Path,
        server: &Url,
    ) -> anyhow::Result<Prepared> {
        let folder = within.join(self.name());
        fs::create_dir_all(&folder)?;
        let seed = self.address(&folder, server, "seed");
        if self == Self::Postgres {
            statement(server, "CREATE DATABASE bench_http_seed").await?;
        }
        program.run("migrate", &folder, &seed, &[])?;
        let list = folder.join("offices.json");
        fs::write(&list, offices().to_string())?;
        program.run(&format!("import offices --state {STATE}"), &folder, &seed, &[&list])?;

        let running = program.start("serve", &folder, &seed, "warn").await?;
        let port = running.port;
        for call in Call::KEPT {
            let body = ask_for(port, "GET", &call.path(), "".into(), 200).await?;
            fs::write(folder.join(bare::kept(call)), body)?;
        }
        let (mut actions, bodies) = (Vec::new(), voters::registrations(false));
        for body in bodies.iter().cycle().take(ACTIONS) {
            let call = Call::Incomplete;
            let body = body.clone().into();
            let answer = ask_for(port, call.method(), &call.path(), body, call.status()).await?;
            let answer: Value = serde_json::from_slice(&answer)?;
            actions.push(answer["action_id"].as_str().context("no action")?.to_owned());
        }
        running.stop().await?;
        let copy = async |name| {
            let copy = self.address(&folder, server, name);
            match self {
                Self::Sqlite => {
                    let file = |url: &str| url.trim_start_matches("sqlite://").to_owned();
                    ensure!(!Path::new(&(file(&seed) + "-wal")).exists(), "the database was not closed");
                    fs::copy(file(&seed), file(&copy))?;
                }
                Self::Postgres => {
                    let create = format!("CREATE DATABASE bench_http_{name} TEMPLATE bench_http_seed");
                    statement(server, &create).await?;
                }
            }
            anyhow::Ok(copy)
        };
        let (ours, bare) = (copy("ours").await?, copy("bare").await?);
        Ok(Prepared { folder, seed, ours, bare, actions })
    }

    fn address(self, folder: &Path, server: &Url, name: &str) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}", folder.join(format!("{name}.db")).display()),
            Self::Postgres => {
                let mut url = server.clone();
                url.set_path(&format!("bench_http_{name}"));
                url.into()
            }
        }
    }
}

async fn statement(server: &Url, text: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(server.as_str()).await?;
    raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// A list of election offices in the shape of US Vote Foundation: each region has an office with two addresses.
fn offices() -> Value {
    let first = REGION / 1000 * 1000;
    let numbers = first..first + REGIONS;
    let name = |number: i64| format!("County {}", number - first);
    let regions: Vec<Value> = numbers
        .clone()
        .map(|number| {
            json!({
                "id": number, "region_name": name(number), "state_abbr": STATE, "county_name": name(number),
            })
        })
        .collect();
    let address = |id: i64, street: &str, functions: &[&str]| {
        json!({
            "id": id, "street1": street, "street2": "Suite 100", "city": "Lima", "state": STATE, "zip": "45801",
            "website": "https://elections.example.org/", "main_email": "clerk@example.org",
            "main_phone_number": "413-555-0123", "main_fax_number": "413-555-0124",
            "is_physical": true, "is_regular_mail": true, "functions": functions,
        })
    };
    let offices: Vec<Value> = numbers
        .map(|number| {
            json!({
                "id": number * 10, "region": format!("/eod/v3/regions/{number}"),
                "hours": "Monday to Friday, 8:30 to 16:30", "notes": "Ring the bell.",
                "addresses": [
                    address(number * 10 + 1, "1 Court Square", &["DOM_VR", "DOM_REQ"]),
                    address(number * 10 + 2, "PO Box 100", &["DOM_RET", "OVS_REQ", "OVS_RET"]),
                ],
            })
        })
        .collect();
    json!({ "regions": regions, "offices": offices })
}
