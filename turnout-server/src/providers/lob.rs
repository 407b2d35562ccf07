//! Lob: whether mail arrives at an address, and letters that are printed and mailed (`flows.md` 15; the shapes are those of
//! Lob's API reference of 2026-11).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use bytes::{BufMut as _, Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use turnout_core::{
    address::{Address, State},
    error::{ProviderError, ProviderErrorKind},
    ids::ActionId,
    ports::{
        addresses::{AddressVerifier, Deliverability},
        http::{HeaderName, HttpClient, HttpRequest, HttpResponse, Method, StatusCode, header},
        letters::{Correspondent, LetterSender, OutgoingLetter, Sides, TakenLetter},
    },
};
use url::Url;

use crate::config::Secret;

/// The name in the configuration.
const NAME: &str = "lob";
/// By which Lob knows for a day that a letter is the same one.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// A voter waits for the answer about an address.
const ADDRESS_TIMEOUT: TimeDelta = TimeDelta::seconds(6);
/// A letter is uploaded and looked through before it is taken.
const LETTER_TIMEOUT: TimeDelta = TimeDelta::seconds(60);
/// The most characters of a name that Lob takes.
const LONGEST_NAME: usize = 40;
/// What stands between the parts of an upload. Long and at random, so that it is in no form.
const BOUNDARY: &str = "turnout-8d1f6c2e4b7a49d3a0c5e9f27b61d84c";
/// The same as it is announced.
const MULTIPART: &str = "multipart/form-data; boundary=turnout-8d1f6c2e4b7a49d3a0c5e9f27b61d84c";

/// Asks Lob, and has letters mailed by it.
pub struct Lob {
    http: Arc<dyn HttpClient>,
    base: Url,
    key: Secret,
}

impl Lob {
    /// Where it is, and the key by which it knows us: `test_…` prints nothing, `live_…` does.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: Url, key: Secret) -> Self {
        Self { http, base, key }
    }

    fn request(&self, method: Method, path: &[&str]) -> HttpRequest {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        HttpRequest::new(method, url).with_basic_auth(self.key.reveal(), "").with_timeout(LETTER_TIMEOUT)
    }

    /// The question about an address.
    fn verification(&self, address: &Address) -> HttpRequest {
        let text = |part: &Option<String>| part.as_deref().unwrap_or_default().trim().to_owned();
        let fields = [
            ("primary_line", text(&address.address1)),
            ("secondary_line", text(&address.address2)),
            ("city", text(&address.city)),
            ("state", address.state.map_or("", State::code).to_owned()),
            ("zip_code", text(&address.zipcode)),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let given = given.map(|(name, value)| (*name, value.as_str()));
        self.request(Method::POST, &["us_verifications"]).with_form(given).with_timeout(ADDRESS_TIMEOUT)
    }

    /// The letter as an upload.
    fn letter(&self, letter: &OutgoingLetter) -> Result<HttpRequest, ProviderError> {
        let mut fields = vec![
            ("color", "false".to_owned()),
            ("double_sided", (letter.sides == Sides::Both).to_string()),
            ("address_placement", "top_first_page".to_owned()),
            ("return_envelope", "true".to_owned()),
            ("perforated_page", "1".to_owned()),
            ("mail_type", "usps_first_class".to_owned()),
            ("use_type", "operational".to_owned()),
            ("metadata[action_uuid]", letter.action.to_string()),
        ];
        fields.extend(correspondent(&letter.to, TO));
        fields.extend(correspondent(&letter.from, FROM));
        let body = upload(&fields, &letter.pdf).ok_or_else(rejected)?;
        self.request(Method::POST, &["letters"])
            .with_body(MULTIPART, body)
            .with_header(IDEMPOTENCY_KEY, &letter.id.to_string())
            .and_then(|request| request.with_header(header::ACCEPT, "application/json"))
            .map_err(|error| error.at(NAME))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        let response = self.http.send(request).await.map_err(|error| error.at(NAME))?;
        succeeded(response)
    }
}

/// How the parts of an address are called, of whom the letter is for and of whom it is from.
type Names = [&'static str; 6];
const TO: Names = [
    "to[name]",
    "to[address_line1]",
    "to[address_line2]",
    "to[address_city]",
    "to[address_state]",
    "to[address_zip]",
];
const FROM: Names = [
    "from[name]",
    "from[address_line1]",
    "from[address_line2]",
    "from[address_city]",
    "from[address_state]",
    "from[address_zip]",
];

fn correspondent(who: &Correspondent, names: Names) -> Vec<(&'static str, String)> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = |part: &Option<String>| line(part.as_deref().unwrap_or_default());
    let address = &who.address;
    let values = [
        line(&who.name).chars().take(LONGEST_NAME).collect(),
        text(&address.address1),
        text(&address.address2),
        text(&address.city),
        address.state.map_or("", State::code).to_owned(),
        text(&address.zipcode),
    ];
    names.into_iter().zip(values).filter(|(_, value)| !value.is_empty()).collect()
}

/// Fields and the pages as a form with a file. Nothing when what stands between the parts is in one of them.
fn upload(fields: &[(&str, String)], pdf: &Bytes) -> Option<Bytes> {
    let is_in = |bytes: &[u8]| bytes.windows(BOUNDARY.len()).any(|window| window == BOUNDARY.as_bytes());
    if is_in(pdf) || fields.iter().any(|(_, value)| is_in(value.as_bytes())) {
        return None;
    }
    let mut body = BytesMut::with_capacity(pdf.len() + 4096);
    for (name, value) in fields {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.put_slice(part.as_bytes());
    }
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"form.pdf\"\r\nContent-Type: application/pdf";
    body.put_slice(format!("--{BOUNDARY}\r\n{file}\r\n\r\n").as_bytes());
    body.put_slice(pdf);
    body.put_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    Some(body.freeze())
}

/// What Lob answers about an address; the rest of it is left alone.
#[derive(Deserialize)]
struct Verification {
    deliverability: String,
    #[serde(default)]
    primary_line: String,
    #[serde(default)]
    secondary_line: String,
    #[serde(default)]
    components: Components,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Components {
    primary_number: String,
    street_name: String,
    city: String,
    state: String,
    zip_code: String,
    zip_code_plus_4: String,
}

impl Verification {
    /// Only `deliverable` itself counts: of the others the unit is missing, wrong, or not needed (`flows.md` 2.2).
    fn says(self, asked: &Address) -> Result<Deliverability, ProviderError> {
        Ok(match self.deliverability.as_str() {
            "deliverable" if self.is_elsewhere(asked) => match self.address() {
                Some(address) => Deliverability::Corrected(address),
                None => Deliverability::Deliverable,
            },
            "deliverable" => Deliverability::Deliverable,
            "deliverable_unnecessary_unit"
            | "deliverable_incorrect_unit"
            | "deliverable_missing_unit"
            | "undeliverable" => Deliverability::Undeliverable,
            _ => return Err(unintelligible()),
        })
    }

    /// Whether number, street or place are others than was asked about; not whether they are written otherwise. The city
    /// counts only without a ZIP code, as one code has many names.
    fn is_elsewhere(&self, asked: &Address) -> bool {
        let Components { primary_number, street_name, city, state, zip_code, .. } = &self.components;
        let lines =
            [asked.address1.as_deref(), asked.address2.as_deref()].map(Option::unwrap_or_default).join(" ");
        let said = words(&lines);
        let street: Vec<String> = words(primary_number).into_iter().chain(words(street_name)).collect();
        let other_street = street.iter().any(|word| !said.contains(word));
        let other_state = asked.state.is_some_and(|asked| !state.is_empty() && asked.code() != state);
        let asked_zip: String = asked.zipcode.iter().flat_map(|zip| zip.trim().chars().take(5)).collect();
        let other_place = match asked_zip.as_str() {
            "" => words(city) != words(asked.city.as_deref().unwrap_or_default()),
            asked_zip => !zip_code.is_empty() && asked_zip != zip_code,
        };
        other_street || other_state || other_place
    }

    /// The address as Lob writes it; nothing when it says too little.
    fn address(self) -> Option<Address> {
        let Components { city, state, zip_code, zip_code_plus_4, .. } = self.components;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let zipcode = match zip_code_plus_4.as_str() {
            "" => zip_code,
            plus => format!("{zip_code}-{plus}"),
        };
        let address = Address {
            address1: some(self.primary_line),
            address2: some(self.secondary_line),
            city: some(city),
            state: State::parse(&state),
            zipcode: some(zipcode),
        };
        address.can_take_mail().then_some(address)
    }
}

/// In capitals and without signs.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_uppercase).collect()
}

/// A letter that Lob has.
#[derive(Deserialize)]
struct Kept {
    id: String,
    date_created: DateTime<Utc>,
    #[serde(default)]
    deleted: bool,
}

impl Kept {
    fn taken(self) -> Result<TakenLetter, ProviderError> {
        let is_id = self.id.starts_with("ltr_") && self.id.len() <= 100;
        if !is_id || !self.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(unintelligible());
        }
        Ok(TakenLetter { id: self.id, at: self.date_created })
    }
}

#[derive(Deserialize)]
struct List {
    data: Vec<Kept>,
}

fn unintelligible() -> ProviderError {
    ProviderError::new(NAME, ProviderErrorKind::Unintelligible)
}

fn rejected() -> ProviderError {
    ProviderError::new(NAME, ProviderErrorKind::Rejected)
}

/// Lob's own name for what is wrong, and nothing of what it says about it, which repeats what it was told.
#[derive(Debug)]
struct Complained(StatusCode, String);

impl fmt::Display for Complained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service answered {} ({})", self.0, self.1)
    }
}

impl std::error::Error for Complained {}

#[derive(Deserialize)]
struct Complaint {
    error: ComplaintCode,
}

#[derive(Deserialize)]
struct ComplaintCode {
    code: String,
}

/// The answer if it is one of success. A key that is being worked on under another request is to be tried later.
fn succeeded(response: HttpResponse) -> Result<HttpResponse, ProviderError> {
    let status = response.status;
    if status.is_success() {
        return Ok(response);
    }
    let code = response.read_json::<Complaint>().ok().map(|it| it.error.code);
    let code = code.filter(|code| {
        code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    });
    let error = match response.success(NAME) {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let kind = if status == StatusCode::CONFLICT { ProviderErrorKind::Unreachable } else { error.kind };
    Err(match code {
        Some(code) => ProviderError::new(NAME, kind).because(Complained(status, code)),
        None => ProviderError { kind, ..error },
    })
}

#[async_trait]
impl AddressVerifier for Lob {
    async fn verify(&self, address: &Address) -> Result<Deliverability, ProviderError> {
        if !address.can_take_mail() {
            return Ok(Deliverability::Unknown);
        }
        let response = self.send(self.verification(address)).await?;
        let found: Verification = response.read_json().map_err(|error| unintelligible().because(error))?;
        found.says(address)
    }
}

#[async_trait]
impl LetterSender for Lob {
    async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
        let response = self.send(self.letter(letter)?).await?;
        let kept: Kept = response.read_json().map_err(|error| unintelligible().because(error))?;
        kept.taken()
    }

    async fn of_action(&self, action: ActionId) -> Result<Vec<TakenLetter>, ProviderError> {
        let (action, request) = (action.to_string(), self.request(Method::GET, &["letters"]));
        let request = request.with_query([("metadata[action_uuid]", action.as_str()), ("limit", "100")]);
        let list: List =
            self.send(request).await?.read_json().map_err(|error| unintelligible().because(error))?;
        let kept = list.data.into_iter().filter(|letter| !letter.deleted);
        let mut taken = kept.map(Kept::taken).collect::<Result<Vec<_>, _>>()?;
        // the newest come first
        taken.reverse();
        taken.sort_by_key(|letter| letter.at);
        Ok(taken)
    }

    async fn call_off(&self, id: &str) -> Result<(), ProviderError> {
        self.send(self.request(Method::DELETE, &["letters", id])).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use turnout_core::{conformance::letters::letter, memory::ScriptedHttp, ports::http::HttpErrorKind};

    use super::*;

    const HOST: &str = "api.example.org";

    fn lob() -> (Lob, ScriptedHttp) {
        let http = ScriptedHttp::new();
        let base = format!("https://{HOST}").parse().expect("an address");
        (Lob::new(Arc::new(http.clone()), base, Secret::new("test_hush".into())), http)
    }

    fn address() -> Address {
        Address {
            address1: Some("210 King St.".into()),
            address2: None,
            city: Some("San Francisco".into()),
            state: Some(State::Ca),
            zipcode: Some("94107".into()),
        }
    }

    fn verification(deliverability: &str, changes: &[(&str, &str)]) -> Value {
        let mut body = json!({
            "id": "us_ver_1", "object": "us_verification", "recipient": null, "deliverability": deliverability,
            "primary_line": "210 KING ST", "secondary_line": "", "last_line": "SAN FRANCISCO CA 94107-1741",
            "components": {
                "primary_number": "210", "street_name": "KING", "street_suffix": "ST", "city": "SAN FRANCISCO",
                "state": "CA", "zip_code": "94107", "zip_code_plus_4": "1741", "latitude": 37.77,
            },
        });
        for (name, value) in changes {
            body["components"][*name] = json!(value);
        }
        body
    }

    #[tokio::test]
    async fn only_what_is_deliverable_as_it_stands_takes_mail() {
        for (deliverability, arrives) in [
            ("deliverable", true),
            ("deliverable_unnecessary_unit", false),
            ("deliverable_incorrect_unit", false),
            ("deliverable_missing_unit", false),
            ("undeliverable", false),
        ] {
            let (lob, http) = lob();
            http.answer(HOST, HttpResponse::json(StatusCode::OK, &verification(deliverability, &[])));
            let found = lob.verify(&address()).await.expect("an answer");
            assert_eq!(found.arrives(), Some(arrives), "{deliverability}");
            assert!(!matches!(found, Deliverability::Corrected(_)), "{deliverability}");
        }
        let (lob, http) = lob();
        http.answer(HOST, HttpResponse::json(StatusCode::OK, &verification("perhaps", &[])));
        let error = lob.verify(&address()).await.expect_err("no answer");
        assert_eq!(error.kind, ProviderErrorKind::Unintelligible);
    }

    #[tokio::test]
    async fn another_number_street_or_place_is_a_correction_and_spelling_is_none() {
        for (changes, corrected) in [
            (&[][..], false),
            (&[("city", "SF")], false),
            (&[("primary_number", "212")], true),
            (&[("street_name", "KINGS")], true),
            (&[("zip_code", "94105")], true),
            (&[("state", "NV")], true),
        ] {
            let (lob, http) = lob();
            http.answer(HOST, HttpResponse::json(StatusCode::OK, &verification("deliverable", changes)));
            let found = lob.verify(&address()).await.expect("an answer");
            assert_eq!(matches!(found, Deliverability::Corrected(_)), corrected, "{changes:?}");
        }
    }

    #[tokio::test]
    async fn an_address_of_too_little_is_asked_nobody() {
        let (lob, http) = lob();
        let little = Address { address1: None, ..address() };
        assert_eq!(lob.verify(&little).await.expect("an answer"), Deliverability::Unknown);
        assert!(http.requests().is_empty());
    }

    #[test]
    fn a_letter_is_an_upload_that_says_how_it_is_printed_and_for_whom() {
        let (lob, _) = lob();
        let request = lob.letter(&letter(1, 10)).expect("a request");
        assert_eq!(request.url.as_str(), "https://api.example.org/v1/letters");
        assert_eq!(request.headers[&IDEMPOTENCY_KEY], letter(1, 10).id.to_string().as_str());
        assert!(request.headers[header::AUTHORIZATION].is_sensitive());
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let part = |name: &str| {
            let (_, rest) = body.split_once(&format!("name=\"{name}\"\r\n\r\n"))?;
            rest.split("\r\n").next().map(str::to_owned)
        };
        for (name, value) in [
            ("color", "false"),
            ("double_sided", "false"),
            ("address_placement", "top_first_page"),
            ("return_envelope", "true"),
            ("perforated_page", "1"),
            ("to[name]", "José Q. Núñez"),
            ("to[address_line1]", "12 Elm Street"),
            ("to[address_line2]", "Apt 3"),
            ("to[address_city]", "Springfield"),
            ("to[address_state]", "MA"),
            ("to[address_zip]", "01103"),
            ("from[name]", "Registrars"),
            ("metadata[action_uuid]", "00000000-0000-0000-0000-00000000000a"),
        ] {
            assert_eq!(part(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(part("from[address_line2]"), None);
        assert!(request.body.windows(letter(1, 10).pdf.len()).any(|window| window == letter(1, 10).pdf));
        let both = lob.letter(&OutgoingLetter { sides: Sides::Both, ..letter(1, 10) }).expect("a request");
        assert!(String::from_utf8_lossy(&both.body).contains("name=\"double_sided\"\r\n\r\ntrue\r\n"));
    }

    #[test]
    fn nothing_of_a_voter_ends_a_part_of_the_upload() {
        let (lob, _) = lob();
        let mut sly = letter(1, 10);
        sly.to.name = "Jo\r\n--x\r\nContent-Disposition: form-data; name=\"color\"\r\n\r\ntrue".into();
        let request = lob.letter(&sly).expect("a request");
        let body = String::from_utf8_lossy(&request.body).into_owned();
        assert_eq!(body.matches("\r\nContent-Disposition").count(), 20, "{body}");
        let mut found = letter(1, 10);
        found.pdf = format!("%PDF {BOUNDARY}").into();
        assert_eq!(lob.letter(&found).map(|_| ()).expect_err("refused").kind, ProviderErrorKind::Rejected);
    }

    #[tokio::test]
    async fn the_first_letter_of_an_action_comes_first_and_those_called_off_not_at_all() {
        let (lob, http) = lob();
        let kept = |id: &str, day: u32| json!({"id": id, "object": "letter", "date_created": format!("2026-11-{day:02}T10:00:00.000Z")});
        let mut gone = kept("ltr_c", 4);
        gone["deleted"] = json!(true);
        let body = json!({"object": "list", "count": 3, "data": [gone, kept("ltr_b", 3), kept("ltr_a", 2)]});
        http.answer(HOST, HttpResponse::json(StatusCode::OK, &body));
        let found = lob.of_action(letter(1, 10).action).await.expect("a list");
        assert_eq!(found.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["ltr_a", "ltr_b"]);
        let [request] = http.requests().try_into().expect("one request");
        let query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        assert_eq!(query[0], ("metadata[action_uuid]".into(), "00000000-0000-0000-0000-00000000000a".into()));
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error_that_repeats_nothing() {
        let text = |status: u16, body: &'static str| {
            HttpResponse::new(StatusCode::from_u16(status).expect("a status")).with_body(body)
        };
        for (answer, kind, said) in [
            (text(429, ""), ProviderErrorKind::Throttled, None),
            (text(500, "<html>Elm</html>"), ProviderErrorKind::Unreachable, None),
            (text(409, "{}"), ProviderErrorKind::Unreachable, None),
            (
                text(401, "{\"error\": {\"code\": \"invalid_api_key\", \"message\": \"Elm\"}}"),
                ProviderErrorKind::Rejected,
                Some("invalid_api_key"),
            ),
            (
                text(422, "{\"error\": {\"code\": \"Elm Street\", \"message\": \"Elm\"}}"),
                ProviderErrorKind::Rejected,
                None,
            ),
            (text(200, "<html>Elm</html>"), ProviderErrorKind::Unintelligible, None),
            (
                text(200, "{\"id\": \"psc_1\", \"date_created\": \"2026-11-02T10:00:00Z\"}"),
                ProviderErrorKind::Unintelligible,
                None,
            ),
            (
                text(200, "{\"id\": \"ltr_../\", \"date_created\": \"2026-11-02T10:00:00Z\"}"),
                ProviderErrorKind::Unintelligible,
                None,
            ),
        ] {
            let (lob, http) = lob();
            http.answer(HOST, answer);
            let error = LetterSender::send(&lob, &letter(1, 10)).await.expect_err("no answer");
            let shown = format!("{error} {error:?}");
            assert_eq!(error.kind, kind, "{shown}");
            assert!(!shown.contains("Elm") && !shown.contains("hush"), "{shown}");
            let cause = error.source.map(|source| source.to_string()).unwrap_or_default();
            assert!(said.is_none_or(|said| cause.contains(said)), "{cause}");
        }
        let (lob, http) = lob();
        http.fail(HOST, HttpErrorKind::TimedOut);
        let error = lob.verify(&address()).await.expect_err("no answer");
        assert!(error.is_transient());
    }
}
