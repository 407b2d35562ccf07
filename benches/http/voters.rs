//! Who registers: the same people in each run.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::calls::STATE;

/// How many there are.
const COUNT: usize = 500;

const FIRST: [&str; 12] = [
    "Maria", "James", "Aisha", "Robert", "Linh", "José", "Emily", "Tyrone", "Hannah", "Wei", "Olga", "Samuel",
];
const LAST: [&str; 12] = [
    "Garcia",
    "Smith",
    "Khan",
    "Johnson",
    "Nguyen",
    "Ortiz",
    "O'Brien",
    "Washington",
    "Miller",
    "Chen",
    "Petrova",
    "Green",
];
const CITIES: [(&str, &str); 4] =
    [("Lima", "45801"), ("Columbus", "43215"), ("Cleveland", "44114"), ("Dayton", "45402")];

/// The bodies of their registrations, each a line. A complete one has all that the form asks for.
pub(crate) fn registrations(complete: bool) -> Vec<String> {
    let mut chance = StdRng::seed_from_u64(2026);
    (0..COUNT).map(|number| registration(&mut chance, number, complete).to_string()).collect()
}

fn registration(chance: &mut StdRng, number: usize, complete: bool) -> Value {
    let first = FIRST[chance.random_range(0..FIRST.len())];
    let last = LAST[chance.random_range(0..LAST.len())];
    let (city, zipcode) = CITIES[chance.random_range(0..CITIES.len())];
    let (house, year, day) =
        (chance.random_range(1..2000), chance.random_range(1940..2005), chance.random_range(1..29));
    let mut body = json!({
        "first_name": first, "last_name": last, "address1": format!("{house} Main Street"), "city": city,
        "state": STATE, "zipcode": zipcode, "date_of_birth": format!("{year}-06-{day:02}"),
        "email": format!("voter{number}@example.org"), "phone": "413-555-0123",
        "utm_source": "bench", "session_id": "00000000-0000-4000-8000-000000000001",
    });
    if complete {
        let licence = format!("RT{:06}", chance.random_range(0..1_000_000));
        for (name, value) in
            [("us_citizen", json!(true)), ("is_18_or_over", json!(true)), ("state_id_number", json!(licence))]
        {
            body[name] = value;
        }
    }
    body
}

/// The body of an event of each action.
pub(crate) fn events(actions: &[String]) -> Vec<String> {
    let body = |action: &String| json!({ "action": action, "event_type": "Restart" }).to_string();
    actions.iter().map(body).collect()
}
