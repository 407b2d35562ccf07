//! TargetSmart's voter registration check: one roll of the voters of all states (`flows.md` 4).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{Datelike as _, NaiveDate, TimeDelta};
use serde_json::Value;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    person::PersonName,
    ports::{
        http::{HeaderName, HttpClient, HttpRequest, HttpResponse},
        timer::Timer,
        voter_roll::{RollAnswer, RollQuestion, RollVoter, VoterRoll},
    },
    verifier::VoterStatus,
};
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

const NAME: &str = "targetsmart";
const PATH: &str = "/voter/voter-registration-check";
const KEY: HeaderName = HeaderName::from_static("x-api-key");
/// A voter waits for the answer.
const TIMEOUT: TimeDelta = TimeDelta::seconds(8);
/// How long a server that failed is left alone before it is asked once more.
const PAUSE: TimeDelta = TimeDelta::milliseconds(500);

/// Asks TargetSmart.
pub struct TargetSmart {
    http: Arc<dyn HttpClient>,
    timer: Arc<dyn Timer>,
    url: Url,
    key: String,
}

/// What the service said of itself, without what it said of the voter.
#[derive(Debug)]
struct Complained;

impl fmt::Display for Complained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the service answered with an error of its own")
    }
}

impl std::error::Error for Complained {}

impl TargetSmart {
    /// Asks at `base` with this key.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, timer: Arc<dyn Timer>, base: &Url, key: String) -> Self {
        let mut url = base.clone();
        url.set_path(PATH);
        Self { http, timer, url, key }
    }

    /// The question. No more than a match needs: of the date of birth the year alone, as some states know no more.
    fn request(&self, question: &RollQuestion) -> Result<HttpRequest, ProviderError> {
        let address = &question.address;
        let text = |part: &Option<String>| plain(part.as_deref().unwrap_or_default());
        let street: Vec<&str> = [&address.address1, &address.address2]
            .into_iter()
            .filter_map(|line| line.as_deref().map(str::trim).filter(|line| !line.is_empty()))
            .collect();
        let city = address.city.as_deref().unwrap_or_default().trim();
        let (state, zipcode) =
            (address.state.map_or("", |state| state.code()), address.zipcode.as_deref().unwrap_or_default());
        let rest = format!("{city}, {state} {zipcode}");
        let whole = if street.is_empty() { rest } else { format!("{} {rest}", street.join(" ")) };
        let mut fields = vec![
            ("first_name", text(&question.name.first)),
            ("last_name", text(&question.name.last)),
            ("unparsed_full_address", plain(&whole)),
            ("state", state.to_owned()),
            ("zip_code", zipcode.to_owned()),
        ];
        if let Some(born) = question.date_of_birth {
            fields.push(("dob", format!("{:04}*", born.year())));
        }
        let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
        let request = HttpRequest::get(self.url.clone()).with_query(fields).with_timeout(TIMEOUT);
        request.with_secret_header(KEY, &self.key).map_err(|error| error.at(NAME))
    }

    /// What an answer says.
    fn answer(response: HttpResponse) -> Result<RollAnswer, ProviderError> {
        let unintelligible = || ProviderError::new(NAME, ProviderErrorKind::Unintelligible);
        let response = response.success(NAME)?;
        let body: Value = response.read_json().map_err(|error| unintelligible().because(error))?;
        if !body.is_object() {
            return Err(unintelligible());
        }
        if body.get("error").is_some_and(|error| !error.is_null()) {
            return Err(ProviderError::new(NAME, ProviderErrorKind::Rejected).because(Complained));
        }
        let voters = match body.get("result_set") {
            Some(Value::Array(voters)) => voters.iter().map(voter).collect(),
            None | Some(Value::Null) => Vec::new(),
            Some(_) => return Err(unintelligible()),
        };
        Ok(RollAnswer { voters, response: Some(body) })
    }
}

#[async_trait]
impl VoterRoll for TargetSmart {
    async fn find(&self, question: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        let request = self.request(question)?;
        let ask = async || {
            let response = self.http.send(request.clone()).await.map_err(|error| error.at(NAME))?;
            // a server that fails may do better a moment later; one that is silent, or asks for rest, will not
            let failed = matches!(response.status.as_u16(), 500 | 502 | 503 | 504);
            Ok::<_, ProviderError>((Self::answer(response), failed))
        };
        let (answer, failed) = ask().await?;
        if !failed {
            return answer;
        }
        self.timer.wait(PAUSE).await;
        ask().await?.0
    }
}

/// One record of the answer.
fn voter(record: &Value) -> RollVoter {
    let text = |name: &str| {
        record
            .get(name)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let date = |name: &str| NaiveDate::parse_from_str(&text(name)?, "%Y%m%d").ok();
    RollVoter {
        id: text("vb.voterbase_id"),
        status: match text("vb.vf_voter_status").as_deref() {
            Some("Active") => VoterStatus::Active,
            Some("Inactive") => VoterStatus::Inactive,
            _ => VoterStatus::Unknown,
        },
        registered: Some(text("vb.voterbase_registration_status").as_deref() == Some("Registered")),
        registration_date: date("vb.vf_registration_date"),
        name: PersonName {
            title: None,
            first: text("vb.tsmart_first_name"),
            middle: text("vb.tsmart_middle_name"),
            last: text("vb.tsmart_last_name"),
            suffix: text("vb.tsmart_name_suffix"),
        },
        date_of_birth: date("vb.voterbase_dob"),
        address: text("vb.vf_reg_cass_address_full"),
        city: text("vb.vf_reg_cass_city"),
        zipcode: text("vb.vf_reg_cass_zip"),
        record: record.clone(),
    }
}

/// In plain letters: accents taken off, and everything that the service does not take.
fn plain(text: &str) -> String {
    let letters = text.nfkd().flat_map(|letter| -> Vec<char> {
        match letter {
            'ß' => vec!['s', 's'],
            'æ' => vec!['a', 'e'],
            'Æ' => vec!['A', 'E'],
            'œ' => vec!['o', 'e'],
            'ø' => vec!['o'],
            'Ø' => vec!['O'],
            'đ' | 'ð' => vec!['d'],
            'Đ' => vec!['D'],
            'ł' => vec!['l'],
            'Ł' => vec!['L'],
            'ı' => vec!['i'],
            other => vec![other],
        }
    });
    letters.filter(|letter| letter.is_ascii_alphanumeric() || " -.,#".contains(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use turnout_core::{
        address::{Address, State},
        memory::ScriptedHttp,
        ports::http::{HttpErrorKind, StatusCode},
    };

    use super::*;

    /// Counts the pauses and makes none.
    #[derive(Default)]
    struct Pauses(std::sync::Mutex<Vec<TimeDelta>>);

    #[async_trait]
    impl Timer for Pauses {
        async fn wait(&self, time: TimeDelta) {
            self.0.lock().expect("nobody panics").push(time);
        }
    }

    fn question() -> RollQuestion {
        RollQuestion {
            name: PersonName {
                first: Some("José".into()),
                last: Some("O'Brien-Łukasz".into()),
                ..PersonName::default()
            },
            date_of_birth: NaiveDate::from_ymd_opt(1990, 2, 3),
            address: Address {
                address1: Some("12 Elm St".into()),
                address2: None,
                city: Some("Doña Ana".into()),
                state: Some(State::Nm),
                zipcode: Some("88032".into()),
            },
        }
    }

    fn asked() -> (TargetSmart, ScriptedHttp, Arc<Pauses>) {
        let (http, pauses) = (ScriptedHttp::new(), Arc::new(Pauses::default()));
        let base = "https://api.example.org".parse().expect("an address");
        let roll = TargetSmart::new(Arc::new(http.clone()), pauses.clone(), &base, "hush".into());
        (roll, http, pauses)
    }

    #[tokio::test]
    async fn the_question_tells_no_more_than_a_match_needs_in_plain_letters() {
        let (roll, http, _) = asked();
        http.answer("api.example.org", HttpResponse::json(StatusCode::OK, &json!({"result_set": []})));
        assert!(roll.find(&question()).await.expect("an answer").voters.is_empty());
        let [request] = http.requests().try_into().expect("one request");
        let query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        let query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(request.url.path(), PATH);
        assert_eq!(
            query,
            [
                ("first_name", "Jose"),
                ("last_name", "OBrien-Lukasz"),
                ("unparsed_full_address", "12 Elm St Dona Ana, NM 88032"),
                ("state", "NM"),
                ("zip_code", "88032"),
                ("dob", "1990*"),
            ]
        );
        assert!(request.headers[&KEY].is_sensitive() && request.headers[&KEY] == "hush");
    }

    #[tokio::test]
    async fn every_voter_of_the_answer_is_read_and_the_answer_kept() {
        let (roll, http, _) = asked();
        let record = json!({
            "vb.voterbase_id": "NM-7", "vb.vf_voter_status": "Active", "vb.voterbase_registration_status": "Registered",
            "vb.vf_registration_date": "20120304", "vb.tsmart_first_name": "JOSE", "vb.tsmart_last_name": "OBRIEN",
            "vb.voterbase_dob": "19900203", "vb.vf_reg_cass_city": " ", "vb.vf_reg_cass_zip": 88032,
        });
        let body = json!({"result": false, "too_many": true, "result_set": [record, {}], "error": null});
        http.answer("api.example.org", HttpResponse::json(StatusCode::OK, &body));
        let answer = roll.find(&question()).await.expect("an answer");
        assert_eq!(answer.response, Some(body));
        let [first, second] = answer.voters.try_into().unwrap_or_else(|_| panic!("two voters"));
        assert_eq!(
            (first.id.as_deref(), first.status, first.registered),
            (Some("NM-7"), VoterStatus::Active, Some(true))
        );
        assert_eq!(first.registration_date, NaiveDate::from_ymd_opt(2012, 3, 4));
        assert_eq!((first.city, first.zipcode), (None, None), "blank, and no text");
        assert_eq!((second.status, second.registered), (VoterStatus::Unknown, Some(false)));
    }

    #[tokio::test]
    async fn a_server_that_fails_is_asked_once_more_after_a_pause() {
        let nobody = || HttpResponse::json(StatusCode::OK, &json!({"result_set": []}));
        for status in [500, 502, 503, 504] {
            let (roll, http, pauses) = asked();
            let failure = HttpResponse::new(StatusCode::from_u16(status).expect("a status"));
            http.answer("api.example.org", failure.clone());
            http.answer("api.example.org", nobody());
            assert!(roll.find(&question()).await.is_ok(), "{status}");
            assert_eq!(*pauses.0.lock().expect("nobody panics"), [PAUSE]);

            let (roll, http, _) = asked();
            for _ in 0..3 {
                http.answer("api.example.org", failure.clone());
            }
            let error = roll.find(&question()).await.err().expect("no answer");
            assert_eq!((error.kind, http.requests().len()), (ProviderErrorKind::Unreachable, 2), "{status}");
        }
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error_that_repeats_nothing() {
        let text = |status: u16, body: &'static str| {
            HttpResponse::new(StatusCode::from_u16(status).expect("a status")).with_body(body)
        };
        for (answer, kind) in [
            (text(429, ""), ProviderErrorKind::Throttled),
            (text(403, "{\"message\": \"Forbidden\"}"), ProviderErrorKind::Rejected),
            (text(302, ""), ProviderErrorKind::Unintelligible),
            (text(200, "<html>Jose</html>"), ProviderErrorKind::Unintelligible),
            (text(200, "[]"), ProviderErrorKind::Unintelligible),
            (text(200, "{\"result_set\": \"Jose\"}"), ProviderErrorKind::Unintelligible),
            (text(200, "{\"error\": \"Jose is wrong\"}"), ProviderErrorKind::Rejected),
        ] {
            let (roll, http, _) = asked();
            http.answer("api.example.org", answer);
            let error = roll.find(&question()).await.err().expect("no answer");
            assert_eq!((error.kind, http.requests().len()), (kind, 1), "{error}");
            assert!(!format!("{error} {error:?}").contains("Jose"), "{error:?}");
        }
        let (roll, http, _) = asked();
        http.fail("api.example.org", HttpErrorKind::TimedOut);
        let error = roll.find(&question()).await.err().expect("no answer");
        assert_eq!((error.kind, http.requests().len()), (ProviderErrorKind::Unreachable, 1));
    }
}
