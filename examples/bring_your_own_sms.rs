//! Texts by another carrier: one that Turnout does not bring, behind the same port as the one that it does.
//!
//! A carrier is a request made of a text, and an answer read: [`HttpClient`] carries them, so that it is tried here by a
//! script, and by `turnout_server::providers::http_client::Reqwest` in a real program. When a text goes, to whom, and
//! whether it may be tried again is not the carrier's to know: Turnout decides, and only needs to be told what is certain.

use anyhow::ensure;
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    input::Input,
    jobs::step::run_all_due,
    memory::{ScriptedHttp, World},
    ports::{
        http::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, StatusCode},
        sms::{OutgoingSms, SentSms, SmsError, SmsSender},
    },
    sms::{MessageStatus, opt_in},
};
use url::Url;

/// A carrier that takes texts as JSON.
struct Pigeons {
    http: ScriptedHttp,
    url: Url,
    key: String,
}

/// What it says of a text that it took.
#[derive(Deserialize)]
struct Taken {
    id: String,
}

impl Pigeons {
    fn request(&self, sms: &OutgoingSms) -> Result<HttpRequest, HttpError> {
        let text = json!({"to": sms.to.e164(), "text": sms.text});
        HttpRequest::post(self.url.clone()).with_json(&text)?.with_bearer(&self.key)
    }

    /// Nothing of an answer is repeated: it may say what was sent to whom.
    fn answer(response: &HttpResponse) -> Result<SentSms, SmsError> {
        let error = |kind| ProviderError::new("pigeons", kind);
        match response.status.as_u16() {
            200..=299 => match response.read_json::<Taken>() {
                Ok(taken) => Ok(SentSms { carrier_id: taken.id, status: Some(MessageStatus::Accepted) }),
                Err(_) => Err(SmsError::InDoubt(error(ProviderErrorKind::Unintelligible))),
            },
            410 => Err(SmsError::Stopped),
            429 => Err(SmsError::NotSent(error(ProviderErrorKind::Throttled))),
            400..=499 => Err(SmsError::NotSent(error(ProviderErrorKind::Rejected))),
            // it may have been taken before something broke
            _ => Err(SmsError::InDoubt(error(ProviderErrorKind::Unreachable))),
        }
    }
}

#[async_trait]
impl SmsSender for Pigeons {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        let request = self.request(sms).map_err(|error| SmsError::NotSent(error.at("pigeons")))?;
        match self.http.send(request).await {
            Ok(response) => Self::answer(&response),
            Err(error) if error.kind.may_have_arrived() => Err(SmsError::InDoubt(error.at("pigeons"))),
            Err(error) => Err(SmsError::NotSent(error.at("pigeons"))),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let http = ScriptedHttp::new();
    let url = "https://api.pigeons.example/v2/texts".parse()?;
    let carrier = Pigeons { http: http.clone(), url, key: "a key of ours".into() };
    let world = World::with(|app| app.with_sms(carrier));

    // busy at first, then it takes the text
    http.answer("api.pigeons.example", HttpResponse::new(StatusCode::TOO_MANY_REQUESTS));
    http.answer("api.pigeons.example", HttpResponse::json(StatusCode::CREATED, &json!({"id": "P1"})));
    join(&world, "+16175550101").await?;
    ensure!(http.requests().len() == 2, "a text that was not taken was not tried again");
    println!("a voter who joined is greeted, at the second try: the carrier was busy at the first");

    // takes the text perhaps: nobody knows
    http.fail("api.pigeons.example", HttpErrorKind::TimedOut);
    join(&world, "+16175550102").await?;
    ensure!(http.requests().len() == 3, "a text that may have been taken was sent a second time");
    println!("a text that may have gone is not sent twice");

    http.answer("api.pigeons.example", HttpResponse::new(StatusCode::GONE));
    join(&world, "+16175550103").await?;
    ensure!(http.requests().len() == 4, "a number that opted out at the carrier was texted again");
    println!("a number that opted out at the carrier is left alone");
    Ok(())
}

/// A number joins, and what follows in the next days is done.
async fn join(world: &World, phone: &str) -> anyhow::Result<()> {
    let said = Input::json(serde_json::from_value(json!({"phone": phone}))?);
    opt_in(&world.app, &said).await?;
    for _ in 0..3 {
        while run_all_due(&world.app).await? > 0 {}
        world.clock.advance(TimeDelta::hours(1));
    }
    Ok(())
}
