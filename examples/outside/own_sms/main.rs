use anyhow::ensure;
use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    App,
    error::{ProviderError, ProviderErrorKind},
    input::Input,
    jobs::step::run_all_due,
    memory::{FrozenClock, ScriptedHttp, SeededIds},
    ports::{
        http::{HttpClient, HttpError, HttpRequest, HttpResponse, StatusCode},
        sms::{OutgoingSms, SentSms, SmsError, SmsSender},
    },
    sms::opt_in,
};
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

/// A carrier that takes texts as JSON.
struct Pigeons<H> {
    http: H,
    key: String,
}

impl<H: HttpClient> Pigeons<H> {
    fn request(&self, sms: &OutgoingSms) -> Result<HttpRequest, HttpError> {
        let url = "https://api.pigeons.example/v2/texts".parse().expect("it is an address");
        let text = json!({"to": sms.to.e164(), "text": sms.text});
        HttpRequest::post(url).with_json(&text)?.with_bearer(&self.key)
    }

    /// Nothing of an answer is repeated: it may say what was sent to whom.
    fn answer(response: &HttpResponse) -> Result<SentSms, SmsError> {
        let error = |kind| ProviderError::new("pigeons", kind);
        match response.status.as_u16() {
            200..=299 => {
                let taken = response.read_json::<Value>().unwrap_or_default();
                match taken["id"].as_str() {
                    Some(id) => Ok(SentSms { carrier_id: id.to_owned(), status: None }),
                    None => Err(SmsError::InDoubt(error(ProviderErrorKind::Unintelligible))),
                }
            }
            410 => Err(SmsError::Stopped),
            429 => Err(SmsError::NotSent(error(ProviderErrorKind::Throttled))),
            400..=499 => Err(SmsError::NotSent(error(ProviderErrorKind::Rejected))),
            // it may have been taken before something broke
            _ => Err(SmsError::InDoubt(error(ProviderErrorKind::Unreachable))),
        }
    }
}

#[async_trait]
impl<H: HttpClient> SmsSender for Pigeons<H> {
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
    let store = SqliteStore::open("turnout.db", SqliteOptions::default()).await?;
    store.migrate(|_| {}).await?;
    // a program that stays has a clock that goes, ids by chance, and a client of HTTP: turnout-server has all three
    let (clock, http) = (FrozenClock::at("2026-09-01T16:00:00Z".parse()?), ScriptedHttp::new());
    http.answer("api.pigeons.example", HttpResponse::json(StatusCode::CREATED, &json!({"id": "P1"})));
    let pigeons = Pigeons { http: http.clone(), key: "a key of ours".into() };
    let app = App::builder(store, clock.clone(), SeededIds::new(1), b"a secret of one's own")
        .with_sms(pigeons)
        .build();

    // a number joins, and in the hours that follow it is greeted
    let number = json!({"phone": "+16175550101"});
    opt_in(&app, &Input::json(serde_json::from_value(number)?)).await?;
    for _ in 0..3 {
        while run_all_due(&app).await? > 0 {}
        clock.advance(TimeDelta::hours(1));
    }
    ensure!(http.requests().len() == 1, "nobody was greeted, or somebody twice");
    println!("the carrier has the greeting");
    Ok(())
}
