//! PPMAP and EVMAP: where the voter votes, on a map and in words; each thing that can fail has its own short answer.

use async_trait::async_trait;
use chrono::TimeDelta;
use turnout_core::{
    address::{Address, State},
    ids::{MessageId, VoterId},
    memory::World,
    official::Location,
    person::{PersonName, Phone},
    ports::{
        geocoder::{Accuracy, Components, GeocodeError, Geocoded, Geocoder},
        maps::{Place, Voting},
        sms::OutgoingSms,
        store::Store,
    },
    settings::Settings,
    sms::{self, Direction, Incoming},
    switch::{self, SwitchName, SwitchValue},
    voter::Voter,
};
use uuid::Uuid;

use crate::voter::{jobs, rows, run_due, seeded_with};

const PHONE: &str = "+16175557890";

/// Knows every street of which it is told a number.
struct Streets;

#[async_trait]
impl Geocoder for Streets {
    fn name(&self) -> &'static str {
        "streets"
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let known =
            address.address1.as_deref().is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()));
        let one = Geocoded {
            location: Location { lat: 39.8, lng: -89.6 },
            uncertainty_m: 30.0,
            accuracy: Accuracy::Rooftop,
            components: Components { state: address.state, ..Components::default() },
            source: "streets",
        };
        Ok(if known { vec![one] } else { Vec::new() })
    }
}

fn library() -> Place {
    Place {
        name: "Public Library".into(),
        address: Address {
            address1: Some("326 S 7th St".into()),
            city: Some("Springfield".into()),
            state: Some(State::Il),
            zipcode: Some("62701".into()),
            ..Address::default()
        },
        hours: "6am - 7pm".into(),
        location: Some(Location { lat: 39.79, lng: -89.64 }),
    }
}

async fn world() -> World {
    let mut settings = Settings::default();
    settings.origins.www = "https://www.example.org".into();
    let world = seeded_with(|app| app.with_settings(settings).with_geocoder(Streets)).await;
    world.atlas.has(Voting::ElectionDay, library());
    world
}

/// What is answered in the end; nothing at once.
async fn asked(world: &World, text: &str) -> Vec<OutgoingSms> {
    let incoming = Incoming { from: PHONE.into(), text: Some(text.into()), carrier_id: None, at: None };
    assert!(sms::receive(&world.app, incoming).await.unwrap().is_none(), "{text}");
    run_due(world).await;
    world.texts.take()
}

async fn answer(world: &World, text: &str) -> String {
    let [sms] = asked(world, text).await.try_into().unwrap_or_else(|_| panic!("one answer to {text}"));
    assert_eq!(sms.to.e164(), PHONE);
    sms.text
}

async fn kept(world: &World, id: MessageId) -> sms::Message {
    world.store.view().await.unwrap().messages().by_id(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_answer_is_a_map_and_the_place_in_words_and_the_place_is_kept_nowhere() {
    let world = world().await;
    let sms = asked(&world, "ppmap 1 Main St, Springfield, IL 62704").await.remove(0);
    assert_eq!(
        sms.text,
        "Your polling place on Election Day: PUBLIC LIBRARY, 326 S 7TH ST, SPRINGFIELD, IL 62701. \
         Open: 6am - 7pm. More: https://sho.rt/1"
    );
    assert_eq!(world.atlas.asked(), ["1 Main St, Springfield, IL 62704"]);
    let page = "https://www.example.org/where-to-vote/?address=1+Main+St%2C+Springfield%2C+IL+62704";
    assert_eq!(world.links.long(), [page]);
    let picture = world.public_files.visit(&sms.media[0]).unwrap();
    assert_eq!(picture.content_type, "image/png");
    assert_eq!(&picture.bytes[..], b"39.8,-89.6 to 39.79,-89.64");

    let row = kept(&world, sms.id).await;
    assert_eq!((row.direction, row.text.as_deref()), (Direction::Out, Some("A map to your polling place.")));
    let all = format!("{:?} {:?}", row.more, jobs(&world).await);
    assert!(!all.to_uppercase().contains("LIBRARY") && !all.contains("7TH"), "{all}");

    // the voter's home is on it: it goes after a day
    world.clock.advance(TimeDelta::hours(24));
    run_due(&world).await;
    assert!(world.public_files.keys().is_empty());
}

#[tokio::test]
async fn each_failure_has_its_own_short_answer() {
    let world = world().await;
    for (text, part) in [
        ("PPMAP", "We do not know your address. Text PPMAP and your address"),
        ("EVMAP", "We do not know your address. Text EVMAP and your address"),
        ("PPMAP somewhere", "We could not find that address."),
        ("EVMAP 1 Main St, Springfield, IL", "We know of no early voting site"),
    ] {
        let said = answer(&world, text).await;
        assert!(said.starts_with(part) && said.len() <= 160, "{text}: {said}");
    }
    world.atlas.set_locator_down(true);
    let said = answer(&world, "PPMAP 1 Main St, Springfield, IL").await;
    assert!(said.starts_with("We cannot look up polling places right now."), "{said}");
    world.atlas.set_locator_down(false);

    for fails in ["the drawing", "the publishing"] {
        match fails {
            "the drawing" => world.atlas.set_map_down(true),
            _ => {
                world.atlas.set_map_down(false);
                world.public_files.fail_next(1);
            }
        }
        let sms = asked(&world, "PPMAP 1 Main St, Springfield, IL").await.remove(0);
        assert!(
            sms.text.contains("PUBLIC LIBRARY") && sms.text.contains("We could not draw a map."),
            "{fails}"
        );
        assert_eq!(sms.media, [""; 0], "{fails}");
    }
    assert!(jobs(&world).await.iter().all(|job| job.last_error.is_none()), "nothing is tried again");
}

#[tokio::test]
async fn without_an_address_it_is_that_of_the_voter_with_the_number() {
    let world = world().await;
    let now = world.app.now();
    let voter = Voter {
        phone: Phone::parse(PHONE),
        name: PersonName::default(),
        address: Some("12 Elm St".into()),
        city: Some("Springfield".into()),
        zipcode: Some("62704".into()),
        state: Some(State::Il),
        ..Voter::new(VoterId(Uuid::from_u128(1)), State::Il, now)
    };
    rows(&world, async |unit| unit.voters_mut().insert(&voter).await.unwrap()).await;
    let said = answer(&world, "PPMAP").await;
    assert!(said.contains("PUBLIC LIBRARY"), "{said}");
    assert_eq!(world.atlas.asked(), ["12 Elm St, Springfield, IL 62704"]);
}

#[tokio::test]
async fn in_states_with_the_switch_our_own_locator_is_asked() {
    let world = world().await;
    world.own_atlas.has(Voting::ElectionDay, Place { name: "Our Hall".into(), ..library() });
    for name in ["locate_use_dnc_data", "locate_use_dnc_data.IL"] {
        let name = SwitchName::parse(name).unwrap();
        switch::set(&world.app, name, Some(&SwitchValue::Flag(true))).await.unwrap();
    }
    assert!(answer(&world, "PPMAP 1 Main St, Springfield, IL").await.contains("OUR HALL"));
    assert!(answer(&world, "PPMAP 1 Main St, Lima, OH").await.contains("PUBLIC LIBRARY"));
}

#[tokio::test]
async fn a_number_gets_so_many_maps_an_hour_and_no_answer_beyond() {
    let world = world().await;
    let most = world.app.settings.rate_limits.maps_per_phone.burst;
    for _ in 0..most {
        assert_eq!(asked(&world, "PPMAP 1 Main St, Springfield, IL").await.len(), 1);
    }
    assert_eq!(asked(&world, "EVMAP 1 Main St, Springfield, IL").await.len(), 0);
    assert_eq!(world.atlas.asked().len(), most as usize);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(asked(&world, "PPMAP 1 Main St, Springfield, IL").await.len(), 1);
}

#[tokio::test]
async fn who_has_opted_out_gets_no_map() {
    let world = world().await;
    let stop = Incoming { from: PHONE.into(), text: Some("STOP".into()), carrier_id: None, at: None };
    sms::receive(&world.app, stop).await.unwrap();
    let ask = Incoming {
        from: PHONE.into(),
        text: Some("PPMAP 1 Main St, Lima, OH".into()),
        carrier_id: None,
        at: None,
    };
    let said = sms::receive(&world.app, ask).await.unwrap().unwrap().text;
    assert!(said.starts_with("You are unsubscribed"), "{said}");
    run_due(&world).await;
    assert!(world.texts.take().is_empty() && world.atlas.asked().is_empty());
}

#[tokio::test]
async fn who_stops_while_the_map_is_drawn_does_not_get_it() {
    let world = world().await;
    let ask = Incoming {
        from: PHONE.into(),
        text: Some("PPMAP 1 Main St, Lima, OH".into()),
        carrier_id: None,
        at: None,
    };
    assert!(sms::receive(&world.app, ask).await.unwrap().is_none());
    let stop = Incoming { from: PHONE.into(), text: Some("STOP".into()), carrier_id: None, at: None };
    sms::receive(&world.app, stop).await.unwrap();
    run_due(&world).await;
    assert!(world.texts.take().is_empty());
}
