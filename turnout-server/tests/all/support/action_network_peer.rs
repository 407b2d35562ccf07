//! An Action Network of our own, on a socket: speaks HAL and JSON as its reference (2026-11) has it, lists in small pages,
//! finds people by e-mail address and number, and knows a person who submits a form again.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use turnout_core::{
    conformance::http::Heard,
    ports::{
        clock::Clock as _,
        http::{HttpResponse, Method, StatusCode},
    },
};
use turnout_server::system::SystemClock;
use url::Url;

use super::{
    http_peer::{Vendor, VendorPeer},
    schema,
};

/// How many entries a page of a list has.
const PAGE: usize = 2;

/// Runs until it is dropped.
pub(crate) struct ActionNetworkPeer(VendorPeer<Inside>);

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wrong {
    /// It is answered with this status, and nothing is done.
    Status(u16),
    /// It is carried out, and the line breaks.
    NoAnswer,
}

#[derive(Default)]
struct Inside {
    origin: String,
    groups: BTreeMap<String, Group>,
    wrong: VecDeque<(Method, Wrong)>,
    asked: Vec<Instant>,
    posted: u32,
    made: u32,
}

/// What belongs to a key.
#[derive(Default)]
struct Group {
    forms: Vec<(String, Value)>,
    people: Vec<PeerPerson>,
    submissions: Vec<PeerSubmission>,
}

/// Somebody on a list.
#[derive(Debug, Clone)]
pub(crate) struct PeerPerson {
    pub(crate) id: String,
    pub(crate) email: Option<(String, String)>,
    pub(crate) phone: Option<(String, String)>,
    pub(crate) fields: Map<String, Value>,
}

/// That somebody submitted a form.
struct PeerSubmission {
    id: String,
    form: String,
    person: String,
    created: DateTime<Utc>,
    modified: DateTime<Utc>,
}

/// Why a request is refused.
struct Refusal(u16);

type Outcome = Result<Value, Refusal>;

impl ActionNetworkPeer {
    /// With a list for each of these keys.
    pub(crate) async fn start(keys: &[&str]) -> Self {
        let peer = VendorPeer::<Inside>::start().await;
        let origin = peer.origin.to_string();
        {
            let mut inside = peer.inside();
            inside.origin = origin.trim_end_matches('/').to_owned();
            inside.groups = keys.iter().map(|key| ((*key).to_owned(), Group::default())).collect();
        }
        Self(peer)
    }

    pub(crate) fn origin(&self) -> Url {
        self.0.origin.clone()
    }

    /// What goes wrong with the next requests of that method, the first one first.
    pub(crate) fn goes_wrong(&self, method: &Method, wrong: impl IntoIterator<Item = Wrong>) {
        let wrong = wrong.into_iter().map(|wrong| (method.clone(), wrong));
        self.0.inside().wrong.extend(wrong);
    }

    pub(crate) fn people(&self, key: &str) -> Vec<PeerPerson> {
        self.0.inside().groups[key].people.clone()
    }

    /// Identifier and title of each form.
    pub(crate) fn forms(&self, key: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let inside = self.0.inside();
        let forms = inside.groups[key].forms.iter();
        forms.map(|(_, form)| (text(&form["identifiers"][1]), text(&form["title"]))).collect()
    }

    /// Somebody makes forms there that are none of ours.
    pub(crate) fn put_forms(&self, key: &str, identifiers: &[&str], title: &str) {
        let mut inside = self.0.inside();
        for identifier in identifiers {
            let form = inside.new_form(identifier, title);
            inside.groups.get_mut(key).unwrap().forms.push(form);
        }
    }

    /// How many people submitted something.
    pub(crate) fn submitted(&self, key: &str) -> usize {
        self.0.inside().groups[key].submissions.len()
    }

    /// How many submissions were taken, those of the same person again included.
    pub(crate) fn posted(&self) -> u32 {
        self.0.inside().posted
    }

    pub(crate) fn asked(&self) -> usize {
        self.0.inside().asked.len()
    }

    /// The most requests that came in any second.
    pub(crate) fn most_in_a_second(&self) -> usize {
        let asked = self.0.inside().asked.clone();
        let within = |first: &Instant| {
            asked.iter().filter(|at| (*first..*first + Duration::from_secs(1)).contains(*at)).count()
        };
        asked.iter().map(within).max().unwrap_or(0)
    }

    /// Somebody is there already, put by others.
    pub(crate) fn put_person(&self, key: &str, email: &str) {
        let mut inside = self.0.inside();
        let (id, fields) = (inside.new_id(), Map::new());
        let email = Some((email.to_owned(), "subscribed".to_owned()));
        inside.groups.get_mut(key).unwrap().people.push(PeerPerson { id, email, phone: None, fields });
    }

    /// Somebody stops the texts, as the number's owner would.
    pub(crate) fn unsubscribe_number(&self, key: &str, digits: &str) {
        let mut inside = self.0.inside();
        let people = &mut inside.groups.get_mut(key).unwrap().people;
        for (known, status) in people.iter_mut().filter_map(|person| person.phone.as_mut()) {
            if known == digits {
                "unsubscribed".clone_into(status);
            }
        }
    }

    /// Somebody stops the mails, as its owner would.
    pub(crate) fn unsubscribe(&self, key: &str, email: &str) {
        let mut inside = self.0.inside();
        let people = &mut inside.groups.get_mut(key).unwrap().people;
        for (known, status) in people.iter_mut().filter_map(|person| person.email.as_mut()) {
            if known == email {
                "unsubscribed".clone_into(status);
            }
        }
    }
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        self.asked.push(Instant::now());
        let wrong = self.wrong.front().filter(|(method, _)| *method == heard.method).map(|(_, wrong)| *wrong);
        if wrong.is_some() {
            self.wrong.pop_front();
        }
        if let Some(Wrong::Status(status)) = wrong {
            return Some(refused(status));
        }
        let answer = match self.answer(heard) {
            Ok(body) => HttpResponse::json(StatusCode::OK, &body),
            Err(Refusal(status)) => refused(status),
        };
        match wrong {
            Some(_) => None,
            None => Some(answer),
        }
    }
}

/// With what was told, as it really does.
fn refused(status: u16) -> HttpResponse {
    HttpResponse::json(
        StatusCode::from_u16(status).unwrap(),
        &json!({"error": "ada@example.org is not valid"}),
    )
}

impl Inside {
    fn answer(&mut self, heard: &Heard) -> Outcome {
        let key = heard.headers.get("osdi-api-token").and_then(|key| key.to_str().ok()).unwrap_or_default();
        let key = key.to_owned();
        if !self.groups.contains_key(&key) {
            return Err(Refusal(403));
        }
        let url = Url::parse("http://peer").unwrap().join(&heard.path).unwrap();
        let path: Vec<&str> = url.path_segments().unwrap().collect();
        let Some(["api", "v2", path @ ..]) = Some(&path[..]) else { return Err(Refusal(404)) };
        let body: Value = match heard.body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&heard.body).map_err(|_| Refusal(400))?,
        };
        match (&heard.method, path) {
            (&Method::GET, ["forms"]) => {
                let forms = self.groups[&key].forms.iter().map(|(_, form)| form.clone()).collect();
                self.page(&url, "osdi:forms", forms)
            }
            (&Method::POST, ["forms"]) => self.make_form(&key, &body),
            (&Method::PUT, ["forms", id]) => {
                let forms = &mut self.groups.get_mut(&key).unwrap().forms;
                let (_, form) = forms.iter_mut().find(|(form, _)| form == id).ok_or(Refusal(404))?;
                form["title"] = body["title"].clone();
                Ok(form.clone())
            }
            (&Method::POST, ["forms", id, "submissions"]) => self.submit(&key, id, &body),
            (&Method::GET, ["people"]) => self.find(&key, &url),
            (&Method::GET, ["people", id]) => self.person(&key, id).map(|person| shown(&person)),
            (&Method::PUT, ["people", id]) => self.change(&key, id, &body),
            (&Method::GET, ["people", id, "submissions"]) => {
                self.person(&key, id)?;
                let group = &self.groups[&key];
                let of = group.submissions.iter().filter(|it| it.person == *id);
                let of = of.map(|it| self.submission(it)).collect();
                self.page(&url, "osdi:submissions", of)
            }
            _ => Err(Refusal(404)),
        }
    }

    fn new_id(&mut self) -> String {
        self.made += 1;
        format!("00000000-0000-4000-8000-{:012}", self.made)
    }

    /// One page, with the way to the next.
    fn page(&self, url: &Url, name: &str, entries: Vec<Value>) -> Outcome {
        let number =
            url.query_pairs().find(|(name, _)| name == "page").map_or(1, |(_, it)| it.parse().unwrap());
        let pages = entries.len().div_ceil(PAGE).max(1);
        let link = |page: usize| json!({"href": format!("{}{}?page={page}", self.origin, url.path())});
        let mut links = json!({"self": link(number)});
        if number < pages {
            links["next"] = link(number + 1);
        }
        let entries: Vec<Value> = entries.into_iter().skip((number - 1) * PAGE).take(PAGE).collect();
        Ok(
            json!({"total_pages": pages, "page": number, "per_page": PAGE, "_links": links, "_embedded": {name: entries}}),
        )
    }

    fn new_form(&mut self, identifier: &str, title: &str) -> (String, Value) {
        let id = self.new_id();
        let form = json!({
            "identifiers": [format!("action_network:{id}"), identifier], "title": title,
            "_links": {"self": {"href": format!("{}/api/v2/forms/{id}", self.origin)}},
        });
        (id, form)
    }

    fn make_form(&mut self, key: &str, body: &Value) -> Outcome {
        let identifier = body["identifiers"][0].as_str().filter(|it| it.contains(':')).ok_or(Refusal(400))?;
        let title = body["title"].as_str().filter(|title| !title.is_empty()).ok_or(Refusal(400))?;
        // an identifier is there once
        if self.groups[key].forms.iter().any(|(_, form)| form["identifiers"][1] == identifier) {
            return Err(Refusal(400));
        }
        let form = self.new_form(identifier, title);
        let made = form.1.clone();
        self.groups.get_mut(key).unwrap().forms.push(form);
        Ok(made)
    }

    fn person(&self, key: &str, id: &str) -> Result<PeerPerson, Refusal> {
        self.groups[key].people.iter().find(|it| it.id == id).cloned().ok_or(Refusal(404))
    }

    fn find(&self, key: &str, url: &Url) -> Outcome {
        let filter = url.query_pairs().find(|(name, _)| name == "filter").ok_or(Refusal(400))?.1.into_owned();
        let email = filter.strip_prefix("email_address eq '").and_then(|rest| rest.strip_suffix('\''));
        let email = email.ok_or(Refusal(400))?.replace("''", "'");
        let is_it = |it: &&PeerPerson| it.email.as_ref().is_some_and(|(known, _)| *known == email);
        let people = self.groups[key].people.iter().filter(is_it).map(shown).collect();
        self.page(url, "osdi:people", people)
    }

    fn submission(&self, it: &PeerSubmission) -> Value {
        json!({
            "identifiers": [format!("action_network:{}", it.id)],
            "created_date": it.created.to_rfc3339(), "modified_date": it.modified.to_rfc3339(),
            "action_network:person_id": it.person, "action_network:form_id": it.form,
            "_links": {
                "osdi:person": {"href": format!("{}/api/v2/people/{}", self.origin, it.person)},
                "osdi:form": {"href": format!("{}/api/v2/forms/{}", self.origin, it.form)},
            },
        })
    }

    fn submit(&mut self, key: &str, form: &str, body: &Value) -> Outcome {
        if self.groups[key].forms.iter().all(|(id, _)| id != form) {
            return Err(Refusal(404));
        }
        let misfits = schema::misfits("action-network-submission", body);
        if !misfits.is_empty() {
            println!("{misfits:?}");
            return Err(Refusal(400));
        }
        let (person, fresh, now) = (&body["person"], self.new_id(), SystemClock.now());
        let id = self.groups.get_mut(key).unwrap().enter(person, &fresh)?;
        self.posted += 1;
        let again = self.groups.get_mut(key).unwrap().submissions.iter_mut();
        let at = match again.enumerate().find(|(_, it)| it.form == form && it.person == id) {
            Some((at, it)) => {
                it.modified = now;
                at
            }
            None => {
                let (submission, form) = (self.new_id(), form.to_owned());
                let submissions = &mut self.groups.get_mut(key).unwrap().submissions;
                submissions.push(PeerSubmission {
                    id: submission,
                    form,
                    person: id,
                    created: now,
                    modified: now,
                });
                submissions.len() - 1
            }
        };
        Ok(self.submission(&self.groups[key].submissions[at]))
    }

    fn change(&mut self, key: &str, id: &str, body: &Value) -> Outcome {
        let misfits = schema::misfits("action-network-person", body);
        if !misfits.is_empty() {
            println!("{misfits:?}");
            return Err(Refusal(400));
        }
        let people = &mut self.groups.get_mut(key).unwrap().people;
        let person = people.iter_mut().find(|it| it.id == id).ok_or(Refusal(404))?;
        if let Some((number, status)) = number_of(body)? {
            person.phone = Some((number, status.unwrap_or_else(|| "unsubscribed".to_owned())));
        }
        let text = |name: &str| body["email_addresses"][0][name].as_str().map(str::to_owned);
        if let Some(address) = text("address") {
            let known = person.email.take().map(|(_, status)| status).unwrap_or_default();
            person.email = Some((address.to_lowercase(), text("status").unwrap_or(known)));
        }
        Ok(shown(person))
    }
}

/// Digits with the country's code, and a status if one is said.
fn number_of(body: &Value) -> Result<Option<(String, Option<String>)>, Refusal> {
    let Some(number) = body["phone_numbers"][0]["number"].as_str() else { return Ok(None) };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.len() == 10 { format!("1{digits}") } else { digits };
    let status = body["phone_numbers"][0]["status"].as_str();
    match status {
        None | Some("subscribed" | "unsubscribed") => Ok(Some((digits, status.map(str::to_owned)))),
        Some(_) => Err(Refusal(400)),
    }
}

impl Group {
    /// Finds or makes the person, and takes in what is said.
    fn enter(&mut self, body: &Value, fresh: &str) -> Result<String, Refusal> {
        let email = body["email_addresses"][0]["address"].as_str().map(str::to_lowercase);
        let email_status = body["email_addresses"][0]["status"].as_str().map(str::to_owned);
        let number = number_of(body)?;
        if email.is_none() && number.is_none() {
            return Err(Refusal(400));
        }
        let by_email = self.people.iter().position(|it| it.email.as_ref().map(|it| &it.0) == email.as_ref());
        let has = |it: &PeerPerson, digits: &str| it.phone.as_ref().is_some_and(|(known, _)| known == digits);
        let by_number =
            number.as_ref().and_then(|(digits, _)| self.people.iter().position(|it| has(it, digits)));
        let at = match by_email.filter(|_| email.is_some()).or(by_number.filter(|at| {
            // somebody with another address is somebody else, who loses the number
            email.is_none() || self.people[*at].email.is_none()
        })) {
            Some(at) => at,
            None => {
                let (id, fields) = (fresh.to_owned(), Map::new());
                self.people.push(PeerPerson { id, email: None, phone: None, fields });
                self.people.len() - 1
            }
        };
        if let Some((digits, _)) = &number {
            for (_, other) in self.people.iter_mut().enumerate().filter(|(other, _)| *other != at) {
                other.phone = other.phone.take().filter(|(known, _)| known != digits);
            }
        }
        let person = &mut self.people[at];
        if let Some(email) = email {
            // somebody new is subscribed, who is known stays as he is
            let known = person.email.as_ref().map(|(_, status)| status.clone());
            let status = email_status.or(known).unwrap_or_else(|| "subscribed".to_owned());
            person.email = Some((email, status));
        }
        if let Some((digits, status)) = number {
            // the other way round
            let known = person.phone.as_ref().filter(|(known, _)| *known == digits).map(|(_, it)| it.clone());
            let status = status.or(known).unwrap_or_else(|| "unsubscribed".to_owned());
            person.phone = Some((digits, status));
        }
        if let Some(fields) = body["custom_fields"].as_object() {
            person.fields.extend(fields.clone());
        }
        Ok(person.id.clone())
    }
}

fn shown(person: &PeerPerson) -> Value {
    let email = person
        .email
        .iter()
        .map(|(address, status)| json!({"primary": true, "address": address, "status": status}));
    let phone = person.phone.iter().map(
        |(number, status)| json!({"primary": true, "number": number, "number_type": "Mobile", "status": status}),
    );
    json!({
        "identifiers": [format!("action_network:{}", person.id)],
        "given_name": "Ada", "created_date": "2026-11-03T12:00:00Z", "modified_date": "2026-11-03T12:00:00Z",
        "email_addresses": email.collect::<Vec<_>>(), "phone_numbers": phone.collect::<Vec<_>>(),
        "custom_fields": person.fields,
    })
}
