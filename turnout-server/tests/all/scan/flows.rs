//! What people, programs and vendors do, and what they should not do.

use std::{collections::VecDeque, sync::Mutex, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tower::ServiceExt as _;
use turnout_core::{
    absentee,
    address::State,
    blast, crm, election, file,
    ids::{ActionId, BallotRequestId, EndpointId, FileId, RegistrationId, SubscriberId},
    input::Input,
    jobs::{JobState, NewJob},
    letter, mover, official,
    page::PageRequest,
    person::Phone,
    ports::{maps::Voting, store::Store as _},
    register, report, retention, search, sms, subject, subscription, voter, webhook,
};
use turnout_server::{http::Peer, manage::routes::routes};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::{
    Surroundings,
    needles::{self as needle, NEEDLES},
    vendors::PENNSYLVANIA,
};
use crate::{
    manage::{
        browser::Browser,
        site::{OWN, Role, signed_in},
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

/// How many of the forms that were made are remembered.
const REMEMBERED: usize = 64;

/// A form that was made for a voter.
#[derive(Clone, Copy)]
struct Made {
    action: ActionId,
    file: FileId,
    /// That for the mail house.
    mail: Option<FileId>,
}

/// The server and who is signed in there.
pub(super) struct Site<'a> {
    server: &'a TestServer,
    around: &'a Surroundings,
    partner: &'a Partner,
    /// A cookie and a token of forms for each.
    people: Vec<(String, String)>,
    paths: Vec<&'static str>,
    dead: Vec<String>,
    made: Mutex<VecDeque<Made>>,
}

impl<'a> Site<'a> {
    /// Signs people in. Half a minute later the same person may do so again.
    pub(super) async fn of(server: &'a TestServer, around: &'a Surroundings, partner: &'a Partner) -> Self {
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
        Self { server, around, partner, people, paths, dead: dead.collect(), made: Mutex::default() }
    }

    /// Remembers the form of a record that was completed.
    async fn remember(&self, path: &str, uuid: &str) {
        let mut view = self.server.store.view().await.unwrap();
        let (action, file, mail) = if path == ABSENTEE {
            let Some(id) = BallotRequestId::parse(uuid) else { return };
            let Some(it) = view.ballot_requests().by_id(id).await.unwrap() else { return };
            (it.action, it.result_item, it.result_item_mail)
        } else {
            let Some(id) = RegistrationId::parse(uuid) else { return };
            let Some(it) = view.registrations().by_id(id).await.unwrap() else { return };
            (it.action, it.result_item, it.result_item_mail)
        };
        let (Some(action), Some(file)) = (action, file) else { return };
        let mut made = self.made.lock().unwrap();
        made.push_back(Made { action, file, mail });
        if made.len() > REMEMBERED {
            made.pop_front();
        }
    }

    fn made(&self, dice: &mut Dice) -> Option<Made> {
        self.made.lock().unwrap().get(dice.below(REMEMBERED)).copied()
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
        match self.dice.below(36) {
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
            23 | 24 => self.registers_in_pennsylvania().await,
            25 | 26 => self.signs_a_ballot_request().await,
            27 | 28 => self.has_a_form_mailed().await,
            29 => self.uses_the_states_own_tool().await,
            30 => self.texts_many().await,
            31 => self.works_in_the_team().await,
            32 | 33 => self.has_it_done_now().await,
            34 => self.opens_a_connection().await,
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
        self.site.remember(path, &uuid).await;
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
        let id = self.site.made(&mut self.dice).map_or(NOBODY.to_owned(), |it| it.file.to_string());
        match self.dice.below(5) {
            0 => {
                self.get(&format!("/download/{id}/?token={}&{}=x", needle::QUERY, needle::SIGNED_LINK)).await
            }
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

    /// A signature that was uploaded, unless that failed.
    async fn signature(&mut self) -> String {
        let path = "/v1/storage/secure_upload/?upload_type=Signature";
        let answer = self.send("POST", path, &[("content-type", "image/png")], PNG).await.json();
        answer["uuid"].as_str().unwrap_or(NOBODY).to_owned()
    }

    /// An application to the state, which takes it, refuses it or fails; and once more on another page.
    async fn registers_in_pennsylvania(&mut self) {
        let mut person = self.person();
        let mut fields = json!({
            "region_id": PENNSYLVANIA + i64::try_from(self.dice.below(60)).unwrap(), "declaration": true,
            "party_other": needle::TEXT, "mailin_ballot_request": self.dice.one_in(2),
            "mailin_ballot_address": needle::MAILING_ADDRESS, "mailin_ballot_city": needle::MAILING_CITY,
            "mailin_ballot_state": "PA", "mailin_ballot_zipcode": "17325",
        });
        if self.dice.one_in(3) {
            fields["signature"] = json!(self.signature().await);
        }
        match self.dice.below(8) {
            0 => fields["region_id"] = json!(needle::CITY),
            1 => fields["declaration"] = json!(needle::TEXT),
            2 => fields["signature"] = json!(needle::FILE_NAME),
            _ => {}
        }
        for (name, value) in [
            ("state", "PA"),
            ("zipcode", "17325"),
            ("gender", "Female"),
            ("party", *self.dice.of(&["Democratic", "Other", needle::TEXT])),
            ("state_id_number", *self.dice.of(&[needle::LICENSE, needle::STATE_ID])),
            ("state_id_number_2", "9761"),
        ] {
            person[name] = json!(value);
        }
        person["state_fields"] = fields;
        let answer = self.post(REGISTER, &person).await;
        let uuid = answer.json()["uuid"].as_str().unwrap_or(NOBODY).to_owned();
        if self.dice.one_in(2) {
            let path = format!("{REGISTER}{uuid}/");
            self.send("PATCH", &path, &[("content-type", JSON)], person.to_string()).await;
        }
        self.follow(REGISTER, &answer).await;
    }

    /// A form that goes to the office by mail or by fax, and what the gateway reports of such a one.
    async fn signs_a_ballot_request(&mut self) {
        let mut person = self.person();
        let signature = self.signature().await;
        for name in ["request_mailing_address1", "request_mailing_city", "request_mailing_zipcode"] {
            person.as_object_mut().unwrap().remove(name);
        }
        for (name, value) in [
            ("state", json!("OH")),
            ("region", json!(*self.dice.of(&[1001, 1002]))),
            ("signature", json!(signature)),
        ] {
            person[name] = value;
        }
        let answer = self.post(ABSENTEE, &person).await;
        self.follow(ABSENTEE, &answer).await;
        self.reports_a_fax().await;
    }

    /// What the gateway says of a fax that it was handed.
    async fn reports_a_fax(&mut self) {
        let messages = self.site.around.gateway.messages().0;
        let message = messages.get(self.dice.below(messages.len().max(1)));
        let (id, right) = message.map_or((NOBODY, NOBODY), |message| {
            let callback = message["callback_url"].as_str().unwrap();
            (message["fax_id"].as_str().unwrap(), callback.rsplit('=').next().unwrap())
        });
        let (id, right) = (id.to_owned(), right.to_owned());
        let token = *self.dice.of(&[right.as_str(), right.as_str(), right.as_str(), needle::QUERY]);
        let status = *self.dice.of(&["sent", "tmp_fail", "perm_fail", needle::TEXT]);
        let body = json!({
            "fax_id": id, "status": status, "message": needle::VENDOR,
            "timestamp": self.site.server.app.now().timestamp(), "to": needle::OFFICE_FAX,
        });
        self.post(&format!("/v1/fax/gateway_callback/?token={token}"), &body).await;
    }

    /// A form that we print and mail, the voter's yes to it, and what the mail house reports.
    async fn has_a_form_mailed(&mut self) {
        let path = *self.dice.of(&[REGISTER, ABSENTEE]);
        let mut person = self.person();
        person["state"] = json!("OH");
        let begun = self.post(&format!("{path}?incomplete=true"), &person).await.json();
        let uuid = begun["uuid"].as_str().unwrap_or(NOBODY).to_owned();
        for (name, value) in [
            ("request_mailing_address1", json!(needle::MAILING_ADDRESS)),
            ("request_mailing_address2", json!(needle::ADDRESS2)),
            ("request_mailing_city", json!(needle::MAILING_CITY)),
            ("request_mailing_state", json!("OH")),
            ("request_mailing_zipcode", json!("45801")),
            ("request_mailing_deliverable_not_ignored", json!(false)),
            ("region", json!(1001)),
        ] {
            person[name] = value;
        }
        let whole = format!("{path}{uuid}/");
        let answer = self.send("PATCH", &whole, &[("content-type", JSON)], person.to_string()).await;
        self.follow(path, &answer).await;
        let Some(Made { action, mail: Some(mail), .. }) = self.site.made(&mut self.dice) else { return };
        let token = letter::confirm_token(&self.site.server.app, mail);
        for tool in ["registration", "absentee"] {
            let path = format!("/v1/{tool}/confirm-print-and-forward/{action}/?token={token}");
            self.send("PUT", &path, &[("content-type", JSON)], "{}").await;
        }
        let letter = self.site.server.store.view().await.unwrap().letters().by_action(action).await.unwrap();
        if let Some(id) = letter.and_then(|it| it.external_id) {
            let kinds = ["letter.mailed", "letter.processed_for_delivery", "letter.returned_to_sender"];
            let kind = *self.dice.of(&kinds);
            self.reports_a_letter(&id, kind).await;
        }
    }

    /// What is done at a state's own tool, and what is written about it.
    async fn uses_the_states_own_tool(&mut self) {
        let person = self.person();
        let path = *self.dice.of(&[
            "/v1/registration/register/?incomplete=true",
            "/v1/absentee/request/?incomplete=true",
            "/v1/verification/verify/",
        ]);
        let answer = self.post(path, &person).await.json();
        let action = answer["action_id"].as_str().unwrap_or(NOBODY).to_owned();
        let body = json!({"action": action, "event_type": "FinishExternal", "email": needle::EMAIL});
        self.post("/v1/event/track/", &body).await;
    }

    /// A text to a few, with maps or without, as it is planned and approved at a terminal or on the pages.
    async fn texts_many(&mut self) {
        let app = &self.site.server.app;
        let map = self.dice.one_in(2).then_some(Voting::ElectionDay);
        let blank = if map.is_some() { "{dest_name} {dest_address} {home_address_short}" } else { "" };
        let draft = blast::Draft {
            id: None,
            name: needle::ORGANIZATION.to_owned(),
            campaign: Some(needle::UTM.to_owned()),
            content: format!("{} {blank}", needle::TEXT),
            map,
            sender: None,
            price: blast::Micros(8_300),
            budget: blast::Micros(10_000_000),
            by: blast::By::user(Role::Member.id(), needle::STAFF_NAME),
        };
        let audience = if self.dice.one_in(3) {
            blast::Audience::Filter(format!("opted_in and state = {}", self.dice.of(&["OH", needle::CITY])))
        } else {
            let line =
                |phone: &str| format!("{phone},OH,\"{}, {}, OH 45801\"\n", needle::ADDRESS, needle::CITY);
            let phones = [needle::PHONE, needle::SHOWN_PHONE, needle::TEXTER, self.dice.needle()];
            let list = format!("phone,state,address\n{}", phones.map(line).concat());
            match blast::read_list(list.as_bytes()) {
                Ok(list) => blast::Audience::List(list),
                Err(_) => return,
            }
        };
        let Ok(blast) = blast::plan_later(app, draft, audience).await else { return };
        let seal = blast.seal.map(|seal| seal.to_string()).unwrap_or_default();
        let by = || blast::By::user(Role::Superuser.id(), needle::STAFF_NAME);
        let phone = Phone::parse(needle::PHONE).unwrap();
        let _ = blast::test(app, blast.id, phone, by()).await;
        let _ = blast::approve(app, blast.id, &seal, by()).await;
        let _ = blast::start(app, blast.id, by()).await;
        if self.dice.one_in(4) {
            let _ = blast::stop(app, blast.id, by()).await;
        }
    }

    /// Somebody is invited, forgets a password, sets up a telephone, has an export made.
    async fn works_in_the_team(&mut self) {
        let (cookie, token) = self.site.people[1].clone();
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", FORM),
            ("sec-fetch-site", "same-origin"),
            ("accept", "text/html"),
        ];
        let phone = "/account/two_factor/setup/phone/";
        let (path, pairs): (&str, Vec<(&str, &str)>) = match self.dice.below(5) {
            0 => ("/manage/votenow/invite/create/", vec![("email", needle::OTHER_EMAIL)]),
            1 => ("/manage/password_reset/", vec![("email", needle::STAFF_EMAIL)]),
            2 => (phone, vec![("number", needle::SHOWN_PHONE)]),
            3 => ("/manage/votenow/reports/create/", vec![("type", "register"), ("from", ""), ("to", "")]),
            _ => ("/manage/password_reset/", vec![("email", needle::TEXT)]),
        };
        let pairs: Vec<(&str, &str)> = pairs.into_iter().chain([("csrf", token.as_str())]).collect();
        let answer = self.send("POST", path, &headers, encoded(&pairs)).await;
        let next = answer.headers.get("location").and_then(|it| it.to_str().ok()).map(str::to_owned);
        if let Some(next) = next.filter(|next| next.starts_with(phone)) {
            let pairs = [("code", needle::SOCIAL), ("csrf", token.as_str())];
            self.send("POST", &next, &headers, encoded(&pairs)).await;
        }
    }

    /// What otherwise happens by the clock, or once in a while.
    async fn has_it_done_now(&mut self) {
        let app = &self.site.server.app;
        let job: NewJob = match self.dice.below(26) {
            0 | 1 => official::jobs::Sync {}.job(app),
            2 | 3 => absentee::jobs::RefreshLinks {}.job(app),
            4 => register::jobs::PublishCounties {}.job(app),
            5 => election::jobs::PublishRedirects {}.job(app),
            6 | 7 => election::jobs::MonitorTools {}.job(app),
            8 => mover::jobs::Pull {}.job(app),
            9 => mover::jobs::MailForms {}.job(app),
            10 => crm::jobs::SyncAll::default().job(app),
            11 => sms::jobs::Poll::first(app),
            12 => voter::jobs::CheckNew {}.job(app),
            13 => voter::jobs::Recheck {}.job(app),
            14 => file::jobs::Purge {}.job(app),
            15 => retention::jobs::Expire {}.job(app),
            16 => search::jobs::Complete::default().job(app),
            17 => webhook::jobs::Sweep {}.job(app),
            18 => report::stats::Count {}.job(app),
            19 => official::gaps::NotifyGaps { refused: None }.job(app),
            20 => return self.changes_a_fact().await,
            21 => return self.forgets_somebody().await,
            22 => return self.makes_a_subscriber().await,
            23 | 24 => return self.puts_an_endpoint_right().await,
            _ => election::webhooks::CallWebhooks {}.job(app),
        };
        let mut unit = self.site.server.store.begin().await.unwrap();
        unit.jobs_mut().enqueue(&job).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// A fact about a state, which is published everywhere.
    async fn changes_a_fact(&mut self) {
        let tool = format!("https://ovr.example.org/{}", self.dice.next());
        let text = *self.dice.of(&[tool.as_str(), tool.as_str(), needle::OFFICE_EMAIL]);
        let input = election::edit::FactInput {
            text: text.to_owned(),
            notes: needle::TEXT.to_owned(),
            source: needle::STAFF_NAME.to_owned(),
            checked_on: String::new(),
        };
        let fact = (State::Oh, "external_tool_ovr");
        let _ = election::edit::save(&self.site.server.app, Role::Superuser.id(), fact, &input, None).await;
    }

    /// A wish becomes a subscriber, whose first user is invited.
    async fn makes_a_subscriber(&mut self) {
        let app = &self.site.server.app;
        let wish = json!({
            "organization_name": needle::ORGANIZATION, "website": "https://snollygoster.example.org/",
            "first_name": needle::STAFF_NAME, "last_name": needle::LAST_NAME, "email": needle::OTHER_EMAIL,
            "phone": needle::SHOWN_PHONE, "plan": "nonprofit", "ein": needle::FEDERAL_ID,
        });
        let input = Input::json(wish.as_object().unwrap().clone());
        let Ok(wish) = subscription::sign_up(app, &input, needle::HOST).await else { return };
        let slug = format!("snolly{}", self.dice.below(1_000_000));
        let made = json!({
            "name": needle::ORGANIZATION, "url": "https://snollygoster.example.org/", "slug": slug,
            "email": needle::OTHER_EMAIL,
        });
        let input = Input::json(made.as_object().unwrap().clone());
        let _ = subscription::activate(app, Role::Superuser.id(), wish.id, &input).await;
    }

    /// An endpoint that was switched off is called again, and told once more what it was told.
    async fn puts_an_endpoint_right(&mut self) {
        let app = &self.site.server.app;
        let (actor, subscriber) = (Role::Member.id(), SubscriberId(Uuid::from_u128(OWN)));
        let endpoint = EndpointId::parse(&self.site.around.endpoint).unwrap();
        let _ = webhook::resume(app, actor, subscriber, endpoint).await;
        let since = (app.now() - TimeDelta::hours(2)).to_rfc3339();
        let input = Input::json(Map::from_iter([("from".to_owned(), json!(since))]));
        let Ok(window) = webhook::read_window(app, &input) else { return };
        let _ = webhook::replay(app, Some(actor), subscriber, endpoint, window).await;
    }

    /// Somebody is given what is kept, or forgotten, with a receipt.
    async fn forgets_somebody(&mut self) {
        let app = &self.site.server.app;
        let person = subject::Person {
            emails: vec![needle::OTHER_EMAIL.to_owned()],
            phones: Phone::parse(needle::SHOWN_PHONE).into_iter().collect(),
            ids: Vec::new(),
        };
        let mut view = self.site.server.store.view().await.unwrap();
        let found = subject::gather(app, view.as_mut(), &person, subject::Options::default()).await.unwrap();
        drop(view);
        subject::export_noted(app, &person, &found, Some(Role::Superuser.id())).await.unwrap();
        // a row that somebody has at that moment is one of the store's conflicts
        let _ = subject::forget(app, &person, subject::Options::default(), None).await;
    }

    /// Bytes on a socket that are no request, or none that ends.
    async fn opens_a_connection(&mut self) {
        let (value, other) = (self.dice.needle(), self.dice.needle());
        let said = match self.dice.below(6) {
            0 => format!("{value} {other}\r\n\r\n"),
            1 => format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n{value}\r\n\r\n", needle::PATH),
            2 => format!("POST {REGISTER} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {value}\r\n\r\n"),
            3 => format!(
                "POST {REGISTER} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{{\"{value}"
            ),
            4 => format!(
                "POST {REGISTER} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{value}\r\n{other}"
            ),
            _ => format!("GET /?{value} HTTP/1.1\r\nHost: {value}\r\nX-Request-Id: {other}\r\n\r\n"),
        };
        let Ok(mut stream) = TcpStream::connect(self.site.around.address).await else { return };
        let mut answer = Vec::new();
        let _ = stream.write_all(said.as_bytes()).await;
        let _ = stream.shutdown().await;
        let _ = timeout(Duration::from_secs(1), stream.read_to_end(&mut answer)).await;
        let status =
            String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
        self.statuses.extend(status);
    }

    async fn texts(&mut self) {
        let map = format!("PPMAP {}, {}, OH 45801", needle::ADDRESS, needle::CITY);
        let words =
            [map.as_str(), "STOP", "JOIN", "JOIN", "HELP", needle::TEXT, needle::EMAIL, needle::SOCIAL];
        let words = *self.dice.of(&words);
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
                let kind = *self.dice.of(&["letter.mailed", "letter.returned_to_sender", needle::TEXT]);
                self.reports_a_letter(&id, kind).await;
            }
            _ => self.reports_a_fax().await,
        }
    }

    /// What the mail house says of a letter.
    async fn reports_a_letter(&mut self, id: &str, kind: &str) {
        let address = json!({"name": needle::LAST_NAME, "address_line1": needle::MAILING_ADDRESS});
        let body = json!({
            "body": {"id": id, "to": address, "metadata": {"action": NOBODY, "name": needle::LAST_NAME}},
            "event_type": {"id": kind},
        });
        let body = body.to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(b"agreed on").unwrap();
        mac.update(format!("1790000000.{body}").as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let signature = if self.dice.one_in(4) { needle::API_SECRET } else { &signature };
        let headers =
            [("content-type", JSON), ("lob-signature-timestamp", "1790000000"), ("lob-signature", signature)];
        self.send("POST", "/v1/integration/lob-letter-status/", &headers, body).await;
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
        let date: Vec<&str> = needle::DATE_OF_BIRTH.split('-').collect();
        pairs.extend(["birth_year", "birth_month", "birth_day"].into_iter().zip(date));
        match self.dice.below(6) {
            0 => self.get(&format!("/register/OH/?first_name={}&lang=es", needle::FIRST_NAME)).await,
            1 => {
                let path = format!("/unsubscribe/?id={}&token={}", needle::QUERY, needle::QUERY);
                self.form(&path, &[("email", needle::OTHER_EMAIL)]).await
            }
            2 => {
                let path = format!("/register-to-vote/confirm/?id={NOBODY}&token={}", needle::QUERY);
                self.form(&path, &[("answer", needle::TEXT)]).await
            }
            3 => {
                let path = format!("/election-reminders/?{}", self.query());
                if self.dice.one_in(3) {
                    pairs.push(("zipcode", needle::TEXT));
                }
                self.form(&path, &pairs).await
            }
            4 => {
                let query = self.query();
                self.get(&format!("/election-reminders/?{query}&utm_source={}", needle::UTM)).await
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
                    let known = self.known(&path);
                    path.push_str(&known);
                    continue;
                }
                part => part,
            };
        }
        path
    }

    /// Something that may stand in the place of an id after that path, there or not.
    fn known(&mut self, before: &str) -> String {
        let made = self.site.made(&mut self.dice);
        let there = match before {
            path if path.ends_with("/update-webhooks/") => Some(self.site.around.build.clone()),
            path if path.ends_with("/webhooks/") => Some(self.site.around.endpoint.clone()),
            path if path.ends_with("/files/") => made.map(|it| it.file.to_string()),
            _ => self.site.dead.get(self.dice.below(30)).cloned(),
        };
        let there = there.unwrap_or_else(|| NOBODY.to_owned());
        (*self.dice.of(&[NOBODY, needle::PATH, &there, &there])).to_owned()
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
        let ends = ["remove/", "delete/", "pause/"];
        if is_spared.iter().any(|part| path.contains(part))
            || (path.contains("webhooks") && ends.iter().any(|end| path.ends_with(end)))
        {
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
            ("url", "https://netlify.vendor.example.org/build_hooks/hookwhippersnapper"),
            ("number", needle::SHOWN_PHONE),
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
