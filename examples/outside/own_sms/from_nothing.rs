use serde_json::json;
use turnout_core::{
    input::Input,
    memory::World,
    register::{Options, submit},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let world = World::with(|app| app); // every port in memory; a program that stays takes App::builder
    let voter = json!({"first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"});
    let submitted =
        submit(&world.app, &Input::json(serde_json::from_value(voter)?), &Options::default()).await?;
    println!("registered: {}", submitted.registration.id);
    Ok(())
}
