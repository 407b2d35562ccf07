//! A roll of one's own: a state's list of voters, kept in a table, asked about everybody of that state who used a tool.
//!
//! So are the look-ups of Wisconsin and Georgia added, which Turnout does not bring: another implementation of
//! [`VoterRoll`] that asks the state's page, and a switch.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use turnout_core::{
    address::State,
    error::ProviderError,
    ids::ActionId,
    input::Input,
    jobs::step::run_all_due,
    memory::World,
    person::PersonName,
    ports::{
        store::Store as _,
        voter_roll::{RollAnswer, RollQuestion, RollVoter, VoterRoll},
    },
    register::{Options, submit},
    switch::{self, SwitchName, SwitchValue},
    verifier::VoterStatus,
    voter::Voter,
};

/// Georgia's list: names and birth dates as it writes them, with number and day of registration.
struct Georgia(BTreeMap<(String, String), (&'static str, NaiveDate)>);

impl Georgia {
    fn key(name: &PersonName, born: NaiveDate) -> Option<(String, String)> {
        let (first, last) = (name.first.as_ref()?, name.last.as_ref()?);
        Some((format!("{last}, {first}").to_uppercase(), born.format("%m/%d/%Y").to_string()))
    }
}

#[async_trait]
impl VoterRoll for Georgia {
    /// A roll over the network would send a request here, and answer a failure with a `ProviderError` that names nobody.
    async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        let key = question.date_of_birth.and_then(|born| Self::key(&question.name, born));
        let entry = key.and_then(|key| self.0.get(&key));
        let voters = entry.map(|(number, since)| RollVoter {
            id: Some((*number).to_owned()),
            status: VoterStatus::Active,
            registered: Some(true),
            registration_date: Some(*since),
            name: question.name.clone(),
            record: json!({ "number": number, "status": "ACTIVE" }),
            ..RollVoter::default()
        });
        Ok(RollAnswer { voters: voters.into_iter().collect(), response: None })
    }

    fn covers(&self, state: State) -> bool {
        state == State::Ga
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let since = NaiveDate::from_ymd_opt(2020, 3, 4).context("a day")?;
    let entry = (("LOVELACE, ADA".to_owned(), "12/10/1990".to_owned()), ("04711", since));
    let world = World::with(|app| app.with_state_roll(Georgia([entry].into())));
    for name in ["voter_state_api", "voter_state_api.GA"] {
        switch::set(&world.app, SwitchName::parse(name)?, Some(&SwitchValue::Flag(true))).await?;
    }

    let ada = register(&world, "Ada", "GA").await?;
    let voter = voter_of(&world, ada).await?.context("Georgia knows Ada")?;
    ensure!(voter.state_voter_id.as_deref() == Some("04711") && voter.standing.registered == Some(true));
    println!("Ada's registration is linked to voter {} of Georgia, registered since {since}", voter.id);
    let again = register(&world, "Ada", "GA").await?;
    ensure!(voter_of(&world, again).await?.is_some_and(|it| it.id == voter.id), "one voter became two");
    println!("what she did later is linked to the same voter");

    let grace = register(&world, "Grace", "GA").await?;
    ensure!(voter_of(&world, grace).await?.is_none(), "Georgia does not know Grace");
    let elsewhere = register(&world, "Ada", "OH").await?;
    ensure!(voter_of(&world, elsewhere).await?.is_none(), "nobody asks Georgia about Ohio");
    println!("nobody else is taken for her");
    Ok(())
}

/// A voter registers, and what follows is done.
async fn register(world: &World, first_name: &str, state: &str) -> anyhow::Result<ActionId> {
    let voter = json!({"first_name": first_name, "last_name": "Lovelace", "address1": "1 Main Street",
        "city": "Lima", "state": state, "zipcode": "30301", "date_of_birth": "1990-12-10",
        "email": "ada@example.org", "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"});
    let input = Input::json(serde_json::from_value(voter)?);
    let submitted = submit(&world.app, &input, &Options::default()).await?;
    while run_all_due(&world.app).await? > 0 {
        world.clock.advance(TimeDelta::seconds(1));
    }
    submitted.registration.action.context("every registration has an action")
}

async fn voter_of(world: &World, action: ActionId) -> anyhow::Result<Option<Voter>> {
    let mut view = world.store.view().await?;
    let Some(id) = view.voters().of_action(action).await? else { return Ok(None) };
    Ok(view.voters().by_id(id).await?)
}
