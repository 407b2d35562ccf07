//! The core alone: a voter registers, without a database or a network. Four ports beside the store.

use anyhow::{Context as _, bail, ensure};
use serde_json::json;
use turnout_core::{
    App,
    input::Input,
    memory::{FrozenClock, MemoryFiles, MemoryStore, PaperForms, SeededIds},
    ports::files::FileStore as _,
    register::{Options, Status, SubmitError, submit},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let files = MemoryFiles::new();
    let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse()?);
    let app = App::builder(MemoryStore::new(), clock, SeededIds::new(1), b"a secret of one's own")
        .with_files(files.clone())
        .with_forms(PaperForms::new())
        .build();

    let mut voter = json!({"first_name": "José", "last_name": "Nguyễn", "address1": "1 Main Street",
        "city": "Lima", "state": "OH", "zipcode": "4580", "date_of_birth": "1990-06-19", "us_citizen": true,
        "is_18_or_over": true, "state_id_number": "TL123456", "email": "jose@example.org"});
    let typo = Input::json(serde_json::from_value(voter.clone())?);
    let refused = submit(&app, &typo, &Options::default()).await.err();
    let Some(SubmitError::Problems(problems)) = refused else { bail!("four digits passed as a ZIP code") };
    println!("refused: {}", problems.to_json());

    voter["zipcode"] = json!("45801");
    let input = Input::json(serde_json::from_value(voter)?);
    let submitted = submit(&app, &input, &Options::default()).await?;
    ensure!(submitted.registration.status == Status::Pending, "the form is not ready");
    let file = submitted.file.context("there is no form")?;
    let form = String::from_utf8(files.get(&file.key).await?.context("no bytes were stored")?.to_vec())?;
    ensure!(form.contains("last_name: Nguyễn") && form.contains("state_id_number: TL123456"), "{form}");
    println!("registered: {}, and {} reads\n{form}", submitted.registration.id, file.name);
    Ok(())
}
