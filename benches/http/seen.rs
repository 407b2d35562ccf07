//! Whether the bare endpoint runs the statements that the server runs: the server's log of them says so.

use std::{collections::HashMap, time::Duration};

use turnout_storage::sql::statements::Text;

use crate::{
    calls::Call,
    client::ask_for,
    place::{Place, Prepared},
    plan::{Texts, rooms},
    process::{Program, Running},
    voters,
};

/// What is logged: each statement when it ends.
const LOG: &str = "warn,sqlx::query=debug";

/// How often a call is made whose statements are not the expected ones, as the server also looks after itself now and
/// then.
const TRIES: usize = 3;

/// What differs, a sentence for each call.
pub(crate) async fn differences(
    program: &Program,
    place: Place,
    prepared: &Prepared,
) -> anyhow::Result<Vec<String>> {
    let on = |text: Text| match place {
        Place::Sqlite => text.sqlite,
        Place::Postgres => text.postgres,
    };
    // as the log writes them
    let known: HashMap<String, &str> =
        rooms().map(on).map(|it| (format!("{:?}", format!("\n\n{it}\n")), it)).collect();
    let texts = Texts::of_the_store();
    let running = program.start("serve", &prepared.folder, &prepared.ours, LOG).await?;
    let mut differences = Vec::new();
    for call in Call::ALL {
        let expected: Vec<&str> =
            texts.of(call).into_iter().map(on).filter(|it| known.values().any(|known| known == it)).collect();
        // the first one fills what is kept
        ask_once(&running, call, prepared).await?;
        let mut found = Vec::new();
        for _ in 0..TRIES {
            let begun = running.log()?.len();
            ask_once(&running, call, prepared).await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let log = running.log()?;
            found = log[begun..].lines().filter_map(|line| known_statement(line, &known)).collect();
            if found == expected {
                break;
            }
        }
        if found != expected {
            let (name, call) = (place.name(), call.name());
            differences.push(format!(
                "{name}, {call}: the statements of the server are not those of the bare endpoint: {found:#?} \
                 instead of {expected:#?}"
            ));
        }
    }
    running.stop().await?;
    Ok(differences)
}

async fn ask_once(running: &Running, call: Call, prepared: &Prepared) -> anyhow::Result<()> {
    let body = bodies(call, prepared).into_iter().next().unwrap_or_default();
    ask_for(running.port, call.method(), &call.path(), body.into(), call.status()).await.map(drop)
}

/// What is sent with a call, in turn.
pub(crate) fn bodies(call: Call, prepared: &Prepared) -> Vec<String> {
    match call {
        Call::States | Call::State | Call::Region => Vec::new(),
        Call::Event => voters::events(&prepared.actions),
        Call::Incomplete => voters::registrations(false),
        Call::Complete => voters::registrations(true),
    }
}

fn known_statement<'a>(line: &str, known: &HashMap<String, &'a str>) -> Option<&'a str> {
    let (_, rest) = line.split_once("db.statement=")?;
    let (statement, _) = rest.split_once(" rows_affected=")?;
    known.get(statement).copied()
}
