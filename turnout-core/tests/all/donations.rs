//! Requests for donations: those of the first party alone, with a page that knows the voter (quirk Q97).

use serde_json::json;
use turnout_core::{memory::World, ports::store::Store, settings::Settings, subscriber::Subscriber};

use crate::voter::{COMPLETE, complete, rows, run_due, seeded_with, submit, with};

async fn world(is_first_party: bool, www: &str) -> World {
    let mut settings = Settings::default();
    settings.origins.www = www.into();
    let world = seeded_with(|app| app.with_settings(settings)).await;
    let subscriber = world.store.view().await.unwrap().subscribers().default().await.unwrap().unwrap();
    rows(&world, async |unit| {
        let subscriber = Subscriber { is_first_party, ..subscriber };
        unit.subscribers_mut().update(&subscriber).await.unwrap();
    })
    .await;
    let voter = with(complete(), json!({"first_name": "Ada & \"Co\"", "email": "ada+1@example.org"}));
    submit(&world, voter, &COMPLETE).await;
    run_due(&world).await;
    world
}

#[tokio::test]
async fn the_first_party_asks_with_the_voters_own_data_encoded() {
    let mail = world(true, "https://www.example.org").await.outbox.take().remove(0);
    let link = "https://www.example.org/donate/?first_name=Ada+%26+%22Co%22&last_name=Nguy%E1%BB%85n\
                &email=ada%2B1%40example.org&address1=12+Elm+St&city=Boston&state=MA&zipcode=02139";
    assert!(mail.text.contains(&format!("Make a donation: {link}\n")), "{}", mail.text);
    assert!(mail.html.contains(&format!("href=\"{}\"", link.replace('&', "&#38;"))), "{}", mail.html);
}

#[tokio::test]
async fn nobody_else_asks_and_without_a_web_site_nobody_does() {
    let primary = Settings::default().origins.primary;
    for (is_first_party, www) in [(false, "https://www.example.org"), (true, primary.as_str())] {
        let mail = world(is_first_party, www).await.outbox.take().remove(0);
        assert!(!mail.text.contains("onat") && !mail.html.contains("onat"), "{}", mail.text);
    }
}
