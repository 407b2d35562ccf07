//! What people, programs and vendors do, and what they should not do.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::Sha256;
use tower::ServiceExt as _;
use turnout_core::{jobs::JobState, page::PageRequest, ports::store::Store as _};
use turnout_server::{http::Peer, manage::routes::routes};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::needles::{self as needle, NEEDLES};
use crate::{
    manage::{
        browser::Browser,
        site::{Role, signed_in},
    },
    support::{Partner, TWILIO_TOKEN, TestServer, basic, sendgrid_signature},
};

const REGISTER: &str = "/v1/registration/register/";
const ABSENTEE: &str = "/v1/absentee/request/";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";
/// A picture of one gray point.
const PNG: &[u8] =
    b"\x89\x50\x4E\x47\x0D\x0A\x1A\x0A\x00\x00\x00\x0D\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\
    \x08\x00\x00\x00\x00\x3A\x7E\x9B\x55\x00\x00\x00\x0A\x49\x44\x41\x54\x78\x9C\x63\xA8\x07\x00\x00\
    \x81\x00\x80\xD3\x94\x53\x4A\x00\x00\x00\x00\x49\x45\x4E\x44\xAE\x42\x60\x82";

/// The server and who is signed in there.
pub(super) struct Site<'a> {
    server: &'a TestServer,
    partner: &'a Partner,
    /// A cookie and a token of forms for each.
    people: Vec<(String, String)>,
    paths: Vec<&'static str>,
    dead: Vec<String>,
}

impl<'a> Site<'a> {
    /// Signs people in. Half a minute later the same person may do so again.
    pub(super) async fn of(server: &'a TestServer, partner: &'a Partner) -> Self {
        let mut people = Vec::new();
        for role in [Role::Superuser, Role::Member] {
            let mut browser: Browser<'_> = signed_in(server, role).await;
            let token = browser.token("/manage/profile/update_profile/").await;
            people.push((format!("turnout_session={}", browser.cookie("turnout_session")), token));
        }
        let paths = routes().iter().map(turnout_server::http::Route::path).collect();
        let page = PageRequest { after: None, limit: 500 };
        let jobs = server.store.view().await.unwrap().jobs().unfinished(page).await.unwrap().rows;
        let dead = jobs.iter().filter(|job| job.state == JobState::Dead).map(|job| job.id.to_string());
        Self { server, partner, people, paths, dead: dead.collect() }
    }
}

/// Numbers that follow from where they begin (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn needle(&mut self) -> &'static str {
        self.of(NEEDLES).value
    }
}

/// Somebody who does something, request by request.
struct Doer<'a> {
    site: &'a Site<'a>,
    dice: Dice,
    statuses: Vec<u16>,
}

/// What was answered.
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Doer<'_> {
    async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let peer = Peer("192.0.2.1:4711".parse().unwrap());
        let mut request = Request::builder().method(method).uri(path).extension(peer);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost");
        }
        for (name, value) in headers {
            // a header is bytes: what a browser sends of letters beyond ASCII is not refused here
            request = request.header(*name, http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let request = request.header("user-agent", needle::AGENT).body(Full::new(body.into())).unwrap();
        let answer = self.site.server.web.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        self.statuses.push(head.status.as_u16());
        Answer { headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", JSON)], body.to_string()).await
    }

    async fn form(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let headers = [("content-type", FORM), ("sec-fetch-site", "same-origin"), ("accept", "text/html")];
        self.send("POST", path, &headers, encoded(pairs)).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("accept", "text/html")], Bytes::new()).await
    }

    /// One of the things that happen.
    async fn act(&mut self) {
        match self.dice.below(24) {
            0..=2 => self.registers().await,
            3 => self.begins_and_completes(REGISTER).await,
            4 => self.begins_and_completes(ABSENTEE).await,
            5 => self.asks_for_a_ballot().await,
            6 | 7 => self.sends_nonsense().await,
            8 => self.asks_the_roll().await,
            9 => self.signs_up().await,
            10 => self.reports_a_polling_place().await,
            11 => self.reads().await,
            12 => self.opens_files().await,
            13 => self.uploads().await,
            14 => self.texts().await,
            15 => self.reports_for_vendors().await,
            16 => self.speaks_for_a_partner().await,
            17 => self.fills_in_a_page().await,
            18 => self.asks_to_subscribe().await,
            19 => self.signs_in().await,
            20 | 21 => self.works_at_the_site().await,
            22 => self.writes_at_the_site().await,
            _ => self.attacks().await,
        }
    }

    /// Everything that may be said of a voter.
    fn person(&mut self) -> Value {
        let state = *self.dice.of(&["OH", "OH", "OH", "PA", "FL", "MA", "CO", "WA", "TX", "ND", "NH", "WI"]);
        let mut person = json!({
            "title": "Mr.", "first_name": needle::FIRST_NAME, "middle_name": needle::MIDDLE_NAME,
            "last_name": needle::LAST_NAME, "address1": needle::ADDRESS, "address2": needle::ADDRESS2,
            "city": needle::CITY, "state": state, "zipcode": "45801", "date_of_birth": needle::DATE_OF_BIRTH,
            "email": needle::EMAIL, "phone": needle::PHONE, "us_citizen": true, "is_18_or_over": true,
            "state_id_number": needle::STATE_ID, "utm_source": needle::UTM, "session_id": needle::SESSION,
            "embed_url": needle::EMBED, "sms_opt_in": true,
        });
        let more = [
            ("previous_first_name", needle::PREVIOUS_FIRST_NAME),
            ("previous_last_name", needle::PREVIOUS_LAST_NAME),
            ("previous_address1", needle::PREVIOUS_ADDRESS),
            ("previous_city", needle::CITY),
            ("previous_state", "TX"),
            ("previous_zipcode", "78701"),
            ("mailing_address1", needle::MAILING_ADDRESS),
            ("mailing_city", needle::MAILING_CITY),
            ("mailing_state", "OH"),
            ("mailing_zipcode", "45802"),
            ("federal_id_number", needle::FEDERAL_ID),
            ("state_id_number", needle::SOCIAL),
            ("phone", needle::SHOWN_PHONE),
            ("gender", "Female"),
            ("party", "Other"),
        ];
        for (name, value) in more {
            if self.dice.one_in(3) {
                person[name] = json!(value);
            }
        }
        if self.dice.one_in(4) {
            person["request_mailing_address1"] = json!(needle::MAILING_ADDRESS);
            person["request_mailing_city"] = json!(needle::MAILING_CITY);
            person["request_mailing_state"] = json!("OH");
            person["request_mailing_zipcode"] = json!("45801");
            person["request_mailing_deliverable_not_ignored"] = json!(self.dice.one_in(2));
        }
        person
    }

    fn query(&mut self) -> String {
        let pairs = [
            ("subscriber", *self.dice.of(&["votenow", "default", "free", needle::QUERY])),
            ("email", needle::EMAIL),
            ("match_region", *self.dice.of(&["true", "false"])),
            ("anything", needle::QUERY),
        ];
        let from = self.dice.below(pairs.len());
        encoded(&pairs[from..])
    }

    async fn registers(&mut self) {
        let (person, query) = (self.person(), self.query());
        let path = format!("{REGISTER}?{query}");
        let answer = if self.dice.one_in(3) {
            let headers = [
                ("content-type", JSON),
                ("idempotency-key", needle::IDEMPOTENCY),
                ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ];
            self.send("POST", &path, &headers, person.to_string()).await
        } else {
            self.post(&path, &person).await
        };
        self.follow(REGISTER, &answer).await;
    }

    async fn asks_for_a_ballot(&mut self) {
        let (mut person, query) = (self.person(), self.query());
        person["region"] = json!(1001);
        let answer = self.post(&format!("{ABSENTEE}?{query}"), &person).await;
        self.follow(ABSENTEE, &answer).await;
    }

    async fn begins_and_completes(&mut self, path: &'static str) {
        let mut person = self.person();
        let answer = self.post(&format!("{path}?incomplete=true"), &person).await;
        if self.dice.one_in(3) {
            return;
        }
        let uuid = answer.json()["uuid"].as_str().unwrap_or(NOBODY).to_owned();
        person["region"] = json!(1001);
        let (method, query) = (*self.dice.of(&["PATCH", "PUT"]), self.query());
        let body = person.to_string();
        let whole = format!("{path}{uuid}/?{query}");
        let answer = self.send(method, &whole, &[("content-type", JSON)], body).await;
        self.follow(path, &answer).await;
    }

    /// What comes after a form: its state, its file, its letter, an event.
    async fn follow(&mut self, path: &str, answer: &Answer) {
        let answer = answer.json();
        let text = |name: &str| answer[name].as_str().unwrap_or(NOBODY).to_owned();
        let (uuid, action) = (text("uuid"), text("action_id"));
        match self.dice.below(6) {
            0 => {
                let path = format!("/v1/registration/status/{uuid}/");
                let status = *self.dice.of(&["ReferOVR", "OVRRefused", needle::TEXT]);
                self.send("PATCH", &path, &[("content-type", JSON)], json!({"status": status}).to_string())
                    .await;
            }
            1 => {
                let event = *self.dice.of(&["StartTracking", "Donate", needle::TEXT]);
                let body = json!({"action": action, "event_type": event, "email": needle::EMAIL});
                self.post("/v1/event/track/", &body).await;
            }
            2 => {
                let tool = if path == ABSENTEE { "absentee" } else { "registration" };
                let path = format!("/v1/{tool}/confirm-print-and-forward/{action}/?token={}", needle::QUERY);
                self.send("PUT", &path, &[("content-type", JSON)], "{}").await;
            }
            3 => {
                let path = format!("/register/OH/done/?id={uuid}&token={}", needle::QUERY);
                self.get(&path).await;
            }
            _ => {}
        }
    }

    /// A form in which things are not what they should be.
    async fn sends_nonsense(&mut self) {
        let mut person = self.person();
        let fields: Vec<String> = person.as_object().unwrap().keys().cloned().collect();
        for _ in 0..=self.dice.below(4) {
            let (name, value) = (self.dice.of(&fields).clone(), self.dice.needle());
            person[name.as_str()] = match self.dice.below(7) {
                0 => json!([value]),
                1 => json!({ value: value }),
                2 => json!(format!("{value}\0{value}")),
                3 => json!(format!("{value}\u{202e}{}", value.repeat(40))),
                4 => json!(97_614_711),
                5 => Value::Null,
                _ => json!(value),
            };
        }
        let value = self.dice.needle();
        person[value] = json!(value);
        let path = *self.dice.of(&[
            REGISTER,
            ABSENTEE,
            "/v1/verification/verify/",
            "/v1/reminder/signup/",
            "/v1/pollingplace/report/",
            "/v1/event/track/",
            "/v1/storage/reset/",
        ]);
        let whole = person.to_string();
        match self.dice.below(6) {
            0 => {
                self.send(
                    "POST",
                    path,
                    &[("content-type", JSON)],
                    whole.as_bytes()[..whole.len() / 2].to_vec(),
                )
                .await
            }
            1 => self.send("POST", path, &[("content-type", needle::UTM)], whole).await,
            2 => self.send("POST", path, &[("content-type", FORM)], whole).await,
            3 => {
                let kind = format!("multipart/form-data; boundary={}", needle::UTM);
                let body = format!("--{}\r\n{whole}", needle::UTM);
                self.send("POST", path, &[("content-type", kind.as_str())], body).await
            }
            _ => self.send("POST", path, &[("content-type", JSON)], whole).await,
        };
    }

    async fn asks_the_roll(&mut self) {
        let (person, query) = (self.person(), self.query());
        self.post(&format!("/v1/verification/verify/?{query}"), &person).await;
    }

    async fn signs_up(&mut self) {
        let (person, query) = (self.person(), self.query());
        self.post(&format!("/v1/reminder/signup/?{query}"), &person).await;
    }

    async fn reports_a_polling_place(&mut self) {
        let address = format!("{}, {} OH 45801", needle::ADDRESS, needle::CITY);
        let place = json!({"pollingLocations": [{"address": {"line1": needle::ADDRESS, "city": needle::CITY, "state": "OH"}}],
            "normalizedInput": {"line1": needle::ADDRESS, "city": needle::CITY, "state": "OH", "zip": "45801"}});
        let mut body = json!({
            "unstructured_address": address, "source_result": place, "source_status": needle::TEXT,
            "civic_status": needle::TEXT, "email": needle::EMAIL, "utm_source": needle::UTM,
        });
        if self.dice.one_in(3) {
            body["source_result"] = json!([needle::ADDRESS, {"state": needle::CITY}]);
        }
        self.post("/v1/pollingplace/report/", &body).await;
    }

    async fn reads(&mut self) {
        let address = encoded(&[
            ("address1", needle::ADDRESS),
            ("city", needle::CITY),
            ("state", "OH"),
            ("zipcode", "45801"),
            ("email", needle::EMAIL),
        ]);
        let path = match self.dice.below(8) {
            0 => format!("/v1/official/address/?{address}"),
            1 => format!("/v1/election/state/{}/", needle::PATH),
            2 => format!("/v1/election/state/OH/?{address}"),
            3 => format!("/v1/official/region/{}/", needle::PATH),
            4 => format!("/v1/subscriber/id/{}/", needle::PATH),
            5 => format!("/v1/registration/resume_token/?uuid={NOBODY}&token={}", needle::QUERY),
            6 => format!("/{}/?{address}", needle::PATH),
            _ => format!("/v1/absentee/state/OH/?{address}"),
        };
        let headers =
            [("cookie", needle::COOKIE), ("referer", needle::EMBED), ("x-request-id", needle::REQUEST_ID)];
        self.send("GET", &path, &headers, Bytes::new()).await;
    }

    async fn opens_files(&mut self) {
        let rows = self.site.server.rows("SELECT hex(uuid) FROM storage_storageitem LIMIT 50").await;
        let id = rows.get(self.dice.below(50)).and_then(|hex| Uuid::try_parse(hex).ok());
        let id = id.map_or(NOBODY.to_owned(), |it| it.to_string());
        match self.dice.below(5) {
            0 => self.get(&format!("/download/{id}/?token={}", needle::QUERY)).await,
            1 => self.get(&format!("/download/{}/?token={}", needle::PATH, needle::QUERY)).await,
            2 => self.form(&format!("/download/?id={id}"), &[("id", &id), ("email", needle::EMAIL)]).await,
            3 => self.post("/v1/storage/reset/", &json!({"item": id, "email": needle::EMAIL})).await,
            _ => {
                self.post("/v1/storage/reset/", &json!({"item": needle::PATH, "email": needle::EMAIL})).await
            }
        };
    }

    async fn uploads(&mut self) {
        let path = format!("/v1/storage/secure_upload/?upload_type=Signature&name={}", needle::QUERY);
        let named = format!("attachment; filename=\"{}\"", needle::FILE_NAME);
        let (kind, body) = match self.dice.below(3) {
            0 => ("image/png", PNG.to_vec()),
            1 => ("image/png", needle::TEXT.as_bytes().to_vec()),
            _ => (needle::UTM, PNG.to_vec()),
        };
        self.send("POST", &path, &[("content-type", kind), ("content-disposition", &named)], body).await;
    }

    async fn texts(&mut self) {
        let words = *self.dice.of(&["STOP", "JOIN", "HELP", needle::TEXT, needle::EMAIL, needle::SOCIAL]);
        let id = format!("SM{:032x}", self.dice.next());
        let incoming = [
            ("From", *self.dice.of(&[needle::TEXTER, needle::PHONE])),
            ("Body", words),
            ("MessageSid", id.as_str()),
            ("FromCity", needle::CITY),
        ];
        let status = [
            ("MessageStatus", "failed"),
            ("To", needle::PHONE),
            ("ErrorCode", "30003"),
            ("ErrorMessage", needle::VENDOR),
        ];
        let (path, fields): (String, &[(&str, &str)]) = if self.dice.one_in(3) {
            (format!("/v1/smsbot/twilio-message-status/{NOBODY}/"), &status)
        } else {
            ("/v1/smsbot/twilio/".to_owned(), &incoming)
        };
        let signature = if self.dice.one_in(5) {
            needle::API_SECRET.to_owned()
        } else {
            let mut sorted = fields.to_vec();
            sorted.sort_unstable();
            let text: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
            let mut mac = Hmac::<Sha1>::new_from_slice(TWILIO_TOKEN.as_bytes()).unwrap();
            mac.update(format!("http://localhost{path}{text}").as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        };
        let headers = [("content-type", FORM), ("x-twilio-signature", signature.as_str())];
        self.send("POST", &path, &headers, encoded(fields)).await;
    }

    async fn reports_for_vendors(&mut self) {
        match self.dice.below(3) {
            0 => {
                let now = self.site.server.app.now().timestamp().to_string();
                let event = *self.dice.of(&["bounce", "spamreport", "unsubscribe", needle::TEXT]);
                let body = json!([{
                    "email": needle::OTHER_EMAIL, "event": event, "timestamp": 1_700_000_000, "reason": needle::VENDOR,
                    "sg_event_id": needle::SESSION, "type": "bounce", "turnout_env": needle::UTM,
                }]);
                let body = body.to_string();
                let signature = sendgrid_signature(&now, &body);
                let signature = if self.dice.one_in(4) { needle::API_SECRET } else { &signature };
                let headers = [
                    ("content-type", JSON),
                    ("x-twilio-email-event-webhook-timestamp", now.as_str()),
                    ("x-twilio-email-event-webhook-signature", signature),
                ];
                self.send("POST", "/v1/integration/sendgrid-events/", &headers, body).await;
            }
            1 => {
                let id = format!("ltr_{:016x}", self.dice.below(4000));
                let address = json!({"name": needle::LAST_NAME, "address_line1": needle::MAILING_ADDRESS});
                let kind = *self.dice.of(&["letter.mailed", "letter.returned_to_sender", needle::TEXT]);
                let body = json!({
                    "body": {"id": id, "to": address, "metadata": {"action": NOBODY, "name": needle::LAST_NAME}},
                    "event_type": {"id": kind},
                });
                let body = body.to_string();
                let mut mac = Hmac::<Sha256>::new_from_slice(b"agreed on").unwrap();
                mac.update(format!("1790000000.{body}").as_bytes());
                let signature = hex::encode(mac.finalize().into_bytes());
                let signature = if self.dice.one_in(4) { needle::API_SECRET } else { &signature };
                let headers = [
                    ("content-type", JSON),
                    ("lob-signature-timestamp", "1790000000"),
                    ("lob-signature", signature),
                ];
                self.send("POST", "/v1/integration/lob-letter-status/", &headers, body).await;
            }
            _ => {
                let rows = self.site.server.rows("SELECT hex(uuid) FROM fax_fax LIMIT 20").await;
                let id = rows.get(self.dice.below(20)).and_then(|hex| Uuid::try_parse(hex).ok());
                let id = id.map_or(NOBODY.to_owned(), |it| it.to_string());
                let token = *self.dice.of(&[NOBODY, needle::QUERY]);
                let body = json!({
                    "fax_id": id, "status": "tmp_fail", "message": needle::VENDOR, "timestamp": needle::US_DATE,
                });
                self.post(&format!("/v1/fax/gateway_callback/?token={token}"), &body).await;
            }
        }
    }

    async fn speaks_for_a_partner(&mut self) {
        let right = self.site.partner.header();
        let wrong = basic(&self.site.partner.key.id.to_string(), needle::API_SECRET);
        let strange = basic(needle::STAFF_EMAIL, needle::PASSWORD);
        let who = self.dice.of(&[&right, &right, &right, &wrong, &strange]).as_str();
        let person = self.person();
        let headers = [("content-type", JSON), ("authorization", who)];
        match self.dice.below(4) {
            0 | 1 => {
                self.send("POST", "/v1/registration/external/request/", &headers, person.to_string()).await
            }
            2 => {
                let path = *self.dice.of(&["/v1/smsbot/opt-out/", "/v1/smsbot/opt-in/"]);
                let phone = *self.dice.of(&[needle::PHONE, needle::SHOWN_PHONE, needle::TEXT]);
                let body = json!({"phone": phone, "time": needle::DATE_OF_BIRTH, "name": needle::FIRST_NAME});
                self.send("POST", path, &headers, body.to_string()).await
            }
            _ => self.send("GET", "/v1/apikey/check/", &headers, Bytes::new()).await,
        };
    }

    async fn fills_in_a_page(&mut self) {
        let person = self.person();
        let texts: Vec<(String, String)> = person
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
            .collect();
        let mut pairs: Vec<(&str, &str)> =
            texts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.push(("date_of_birth_text", needle::US_DATE));
        match self.dice.below(4) {
            0 => self.get(&format!("/register/OH/?first_name={}&lang=es", needle::FIRST_NAME)).await,
            1 => {
                let path = format!("/unsubscribe/?id={}&token={}", needle::QUERY, needle::QUERY);
                self.form(&path, &[("email", needle::OTHER_EMAIL)]).await
            }
            2 => {
                let path = format!("/register-to-vote/confirm/?id={NOBODY}&token={}", needle::QUERY);
                self.form(&path, &[("answer", needle::TEXT)]).await
            }
            _ => self.form("/register/OH/", &pairs).await,
        };
    }

    async fn asks_to_subscribe(&mut self) {
        let email = *self.dice.of(&[needle::OTHER_EMAIL, needle::TEXT]);
        let pairs = [
            ("organization_name", needle::ORGANIZATION),
            ("website", "https://snollygoster.example.org/"),
            ("first_name", needle::STAFF_NAME),
            ("last_name", needle::LAST_NAME),
            ("email", email),
            ("phone", needle::SHOWN_PHONE),
            ("plan", "nonprofit"),
            ("ein", needle::FEDERAL_ID),
        ];
        self.form("/subscribe/", &pairs).await;
    }

    async fn signs_in(&mut self) {
        let token = self.site.people[0].1.clone();
        let path = *self.dice.of(&["/manage/login/", "/manage/password_reset/", "/account/login/"]);
        let email = *self.dice.of(&[needle::STAFF_EMAIL, needle::EMAIL]);
        let pairs = [
            ("csrf", token.as_str()),
            ("step", *self.dice.of(&["password", "code"])),
            ("email", email),
            ("password", needle::PASSWORD),
            ("code", needle::SOCIAL),
        ];
        self.form(&format!("{path}?next=/{}/", needle::PATH), &pairs).await;
    }

    /// The path of a page with something in its braces.
    fn page(&mut self) -> String {
        let all = self.site.paths.clone();
        let mut path = String::new();
        for part in self.dice.of(&all).split('/').skip(1) {
            path.push('/');
            path += match part {
                "{slug}" => *self.dice.of(&["votenow", "elsewhere", needle::PATH]),
                "{state}" | "{code}" => "OH",
                part if part.starts_with('{') => {
                    let dead = self.site.dead.get(self.dice.below(30)).map_or(NOBODY, String::as_str);
                    *self.dice.of(&[NOBODY, needle::PATH, dead])
                }
                part => part,
            };
        }
        path
    }

    async fn works_at_the_site(&mut self) {
        let cookie = self.dice.of(&self.site.people).0.clone();
        let search = encoded(&[
            ("q", self.dice.needle()),
            ("search", self.dice.needle()),
            ("email", needle::EMAIL),
            ("phone", needle::PHONE),
            ("state", self.dice.needle()),
            ("from", needle::DATE_OF_BIRTH),
        ]);
        let path = if self.dice.one_in(3) {
            let tool = *self.dice.of(&["register", "absentee", "verifier", "reminder", "pollingplace"]);
            format!("/manage/votenow/{tool}/?{search}")
        } else {
            format!("{}?{search}", self.page())
        };
        let headers = [("cookie", cookie.as_str()), ("accept", "text/html")];
        let answer = self.send("GET", &path, &headers, Bytes::new()).await;
        // a page that leads on
        if let Some(next) = answer.headers.get("location").and_then(|it| it.to_str().ok()).map(str::to_owned)
            && next.starts_with('/')
        {
            self.send("GET", &next, &headers, Bytes::new()).await;
        }
    }

    async fn writes_at_the_site(&mut self) {
        let (cookie, token) = self.dice.of(&self.site.people).clone();
        let path =
            if self.dice.one_in(3) { "/manage/votenow/reports/create/".to_owned() } else { self.page() };
        // whoever signs out, or turns off what the others need, is somebody else's test
        let is_spared = [
            "logout",
            "sessions",
            "two_factor",
            "settings",
            "keys",
            "subscribers",
            "users",
            "switch",
            "features",
        ];
        if is_spared.iter().any(|part| path.contains(part)) {
            return;
        }
        let tool = *self.dice.of(&["register", "absentee", "verifier", "reminder"]);
        let pairs = [
            ("csrf", token.as_str()),
            ("tool", tool),
            ("type", tool),
            ("name", needle::STAFF_NAME),
            ("first_name", needle::FIRST_NAME),
            ("last_name", needle::LAST_NAME),
            ("email", *self.dice.of(&[needle::STAFF_EMAIL, needle::TEXT])),
            ("primary_contact_email", needle::STAFF_EMAIL),
            ("phone", needle::SHOWN_PHONE),
            ("address", needle::OTHER_EMAIL),
            ("reason", needle::TEXT),
            ("text", needle::TEXT),
            ("content", needle::TEXT),
            ("notes", needle::TEXT),
            ("filter", needle::PREVIOUS_LAST_NAME),
            ("confirm", "yes"),
        ];
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", FORM),
            ("sec-fetch-site", "same-origin"),
            ("accept", "text/html"),
        ];
        self.send("POST", &path, &headers, encoded(&pairs)).await;
    }

    /// What no client of ours sends.
    async fn attacks(&mut self) {
        let value = Serializer::new(String::new()).append_key_only(self.dice.needle()).finish();
        let path = match self.dice.below(5) {
            0 => format!("/v1/registration/register/{value}/"),
            1 => format!("/{value}/..%2f{value}/"),
            2 => format!("/download/{value}/?{value}"),
            3 => format!("{REGISTER}?subscriber={value}"),
            _ => "/".to_owned(),
        };
        let method = *self.dice.of(&["GET", "POST", "DELETE", "OPTIONS", needle::METHOD]);
        let (token, host) = (self.dice.needle(), *self.dice.of(&["localhost", needle::HOST]));
        let headers = [
            ("host", host),
            ("x-request-id", needle::REQUEST_ID),
            ("x-forwarded-for", needle::HOST),
            ("traceparent", *self.dice.of(&[needle::REQUEST_ID, "00-x-y-z"])),
            ("accept", *self.dice.of(&["text/html", needle::UTM])),
            ("accept-language", needle::UTM),
            ("origin", needle::EMBED),
            ("content-type", JSON),
            ("authorization", token),
            ("idempotency-key", needle::IDEMPOTENCY),
        ];
        let body = Map::from_iter([(needle::TEXT.to_owned(), json!(needle::SOCIAL))]);
        self.send(method, &path, &headers, Value::Object(body).to_string()).await;
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The flow of that number, always the same; the statuses that it met.
pub(super) async fn flow(site: &Site<'_>, number: u64) -> Vec<u16> {
    let seed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut doer = Doer { site, dice: Dice(seed), statuses: Vec::new() };
    doer.act().await;
    doer.statuses
}
