//! turnout-core alone: a voter registers, in memory, without a runtime.

use serde_json::json;
use turnout_core::{
    App,
    input::Input,
    memory::{FrozenClock, MemoryFiles, MemoryStore, PaperForms, SeededIds},
    register::{Options, Status, submit},
};

fn main() {
    let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse().expect("a moment"));
    let app = App::builder(MemoryStore::new(), clock, SeededIds::new(1), b"a secret of one's own")
        .with_files(MemoryFiles::new())
        .with_forms(PaperForms::new())
        .build();
    let voter = json!({"first_name": "José", "last_name": "Nguyễn", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "us_citizen": true, "is_18_or_over": true,
        "state_id_number": "TL123456", "email": "jose@example.org"});
    let input = Input::json(serde_json::from_value(voter).expect("an object"));
    let submitted = pollster::block_on(submit(&app, &input, &Options::default())).expect("a whole form");
    assert_eq!(submitted.registration.status, Status::Pending);
    println!("registered: {}", submitted.registration.id);
}
