//! Action Network: contact lists (its API, version 2, "People", "Forms", "Submissions", "Record Submission Helper" of
//! actionnetwork.org/docs, 2026-11).
//!
//! People are found by e-mail address or number, and a person submits a form once, however often that is posted. What an
//! entry does not say of being written to stays as it is; of somebody new the e-mail address is subscribed then and the
//! number is not.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    person::Phone,
    ports::{
        crm::{
            CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPerson, CrmPersonId, CrmSync, ListStatus, Referral,
        },
        http::{HeaderName, HttpClient, HttpRequest, HttpResponse, Method, StatusCode},
    },
};
use url::Url;

use crate::config::Secret;

/// The name in the configuration.
const NAME: &str = "action-network";
/// By which it knows whose list is meant.
const TOKEN: HeaderName = HeaderName::from_static("osdi-api-token");
/// For one exchange.
const TIMEOUT: TimeDelta = TimeDelta::seconds(20);
/// The most bytes of an answer: a page of 25 forms or submissions.
const ANSWER: usize = 4 * 1024 * 1024;
/// A list has no more pages; one that goes on is going round in circles.
const PAGES: usize = 1_000;
/// What its own identifiers begin with.
const OWN: &str = "action_network:";

/// Keeps lists at Action Network.
pub struct ActionNetwork {
    http: Arc<dyn HttpClient>,
    base: Url,
    service: Option<Secret>,
    subscribers: Option<Secret>,
}

impl ActionNetwork {
    /// Where it is, and the keys of the list of the organization that runs the service and of its contacts at subscribers.
    #[must_use]
    pub fn new(
        http: Arc<dyn HttpClient>,
        base: Url,
        service: Option<Secret>,
        subscribers: Option<Secret>,
    ) -> Self {
        Self { http, base, service, subscribers }
    }

    fn key<'a>(&'a self, account: &'a CrmAccount) -> Option<&'a str> {
        let key = match account {
            CrmAccount::Service => self.service.as_ref()?.reveal(),
            CrmAccount::Subscribers => self.subscribers.as_ref()?.reveal(),
            CrmAccount::Subscriber(_, key) => key.reveal(),
        };
        Some(key.trim()).filter(|key| !key.is_empty())
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v2"]).extend(path);
        }
        url
    }

    fn request(&self, account: &CrmAccount, method: Method, url: Url) -> Result<HttpRequest, ProviderError> {
        let key = self.key(account).ok_or_else(|| failed(ProviderErrorKind::Disabled))?;
        let request = HttpRequest::new(method, url).with_timeout(TIMEOUT).with_answer_limit(ANSWER);
        request.with_secret_header(TOKEN, key).map_err(|error| error.at(NAME))
    }

    fn told(
        &self,
        account: &CrmAccount,
        method: Method,
        path: &[&str],
        body: &Value,
    ) -> Result<HttpRequest, ProviderError> {
        let request = self.request(account, method, self.url(path))?;
        request.with_json(body).map_err(|error| error.at(NAME))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        succeeded(self.http.send(request).await.map_err(|error| error.at(NAME))?)
    }

    /// What there is at an address; nothing when there is nothing.
    async fn get(&self, account: &CrmAccount, url: Url) -> Result<Option<HttpResponse>, ProviderError> {
        let request = self.request(account, Method::GET, url)?;
        let response = self.http.send(request).await.map_err(|error| error.at(NAME))?;
        match response.status {
            StatusCode::NOT_FOUND => Ok(None),
            _ => succeeded(response).map(Some),
        }
    }

    /// Looks through a list page by page until something is found. Never elsewhere than where the key may go.
    async fn search<T>(
        &self,
        account: &CrmAccount,
        path: &[&str],
        find: impl Fn(&Embedded) -> Option<T> + Send,
    ) -> Result<Option<T>, ProviderError> {
        let mut next = Some(self.url(path));
        for _ in 0..PAGES {
            let Some(url) = next.take() else { return Ok(None) };
            let Some(response) = self.get(account, url.clone()).await? else { return Ok(None) };
            let page: Page = read(&response)?;
            if let Some(found) = find(&page.embedded) {
                return Ok(Some(found));
            }
            next = page.links.next.map(|link| url.join(&link.href)).transpose().map_err(|_| unreadable())?;
            if next.as_ref().is_some_and(|next| next.origin() != self.base.origin()) {
                return Err(unreadable());
            }
        }
        Err(unreadable())
    }

    async fn find_form(&self, account: &CrmAccount, identifier: &str) -> Result<Option<Form>, ProviderError> {
        let is_it = |form: &&Form| form.identifiers.iter().any(|it| it == identifier);
        self.search(account, &["forms"], |page| page.forms.iter().find(is_it).cloned()).await
    }

    async fn rename(&self, account: &CrmAccount, id: &CrmFormId, title: &str) -> Result<(), ProviderError> {
        let body = json!({ "title": title });
        self.send(self.told(account, Method::PUT, &["forms", &id.0], &body)?).await.map(drop)
    }
}

/// A no with its status; a key that is not taken is none.
fn succeeded(response: HttpResponse) -> Result<HttpResponse, ProviderError> {
    let is_key = matches!(response.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    response.success(NAME).map_err(|error| match is_key {
        true => ProviderError { kind: ProviderErrorKind::Disabled, ..error },
        false => error,
    })
}

fn failed(kind: ProviderErrorKind) -> ProviderError {
    ProviderError::new(NAME, kind)
}

fn unreadable() -> ProviderError {
    failed(ProviderErrorKind::Unintelligible)
}

fn read<T: serde::de::DeserializeOwned>(response: &HttpResponse) -> Result<T, ProviderError> {
    response.read_json().map_err(|error| unreadable().because(error))
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "_links", default)]
    links: Links,
    #[serde(rename = "_embedded", default)]
    embedded: Embedded,
}

#[derive(Deserialize, Default)]
struct Links {
    next: Option<Link>,
    #[serde(rename = "osdi:person")]
    person: Option<Link>,
    #[serde(rename = "osdi:form")]
    form: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    href: String,
}

impl Link {
    /// The last part of the address, which is what the service calls it.
    fn id(&self) -> Option<String> {
        let path = self.href.split(['?', '#']).next()?.trim_end_matches('/');
        path.rsplit('/').next().and_then(own_id)
    }
}

/// An id that can be part of an address.
fn own_id(text: &str) -> Option<String> {
    let is_id = !text.is_empty() && text.len() <= 64;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_id && is_plain).then(|| text.to_owned())
}

/// The id among identifiers of all kinds.
fn own_of(identifiers: &[String]) -> Option<String> {
    identifiers.iter().find_map(|identifier| own_id(identifier.strip_prefix(OWN)?))
}

#[derive(Deserialize, Default)]
struct Embedded {
    #[serde(rename = "osdi:forms", default)]
    forms: Vec<Form>,
    #[serde(rename = "osdi:people", default)]
    people: Vec<Person>,
    #[serde(rename = "osdi:submissions", default)]
    submissions: Vec<Submission>,
}

#[derive(Deserialize, Clone)]
struct Form {
    #[serde(default)]
    identifiers: Vec<String>,
    #[serde(default)]
    title: Option<String>,
}

impl Form {
    fn id(&self) -> Result<CrmFormId, ProviderError> {
        own_of(&self.identifiers).map(CrmFormId).ok_or_else(unreadable)
    }
}

#[derive(Deserialize)]
struct Submission {
    #[serde(default)]
    created_date: Option<DateTime<Utc>>,
    #[serde(default)]
    modified_date: Option<DateTime<Utc>>,
    #[serde(rename = "action_network:person_id", default)]
    person_id: Option<String>,
    #[serde(rename = "action_network:form_id", default)]
    form_id: Option<String>,
    #[serde(rename = "_links", default)]
    links: Links,
}

impl Submission {
    fn person(&self) -> Result<CrmPersonId, ProviderError> {
        let named = self.person_id.as_deref().and_then(own_id);
        named.or_else(|| self.links.person.as_ref()?.id()).map(CrmPersonId).ok_or_else(unreadable)
    }

    fn is_on(&self, form: &CrmFormId) -> bool {
        let linked = || self.links.form.as_ref().and_then(Link::id);
        self.form_id.clone().or_else(linked).is_some_and(|id| id == form.0)
    }

    fn is_since(&self, since: DateTime<Utc>) -> bool {
        [self.created_date, self.modified_date].into_iter().flatten().any(|at| at >= since)
    }
}

#[derive(Deserialize)]
struct Person {
    #[serde(default)]
    identifiers: Vec<String>,
    #[serde(default)]
    email_addresses: Vec<EmailAddress>,
    #[serde(default)]
    phone_numbers: Vec<PhoneNumber>,
    #[serde(default)]
    custom_fields: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct EmailAddress {
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
struct PhoneNumber {
    #[serde(default)]
    number: Option<Value>,
    #[serde(default)]
    status: Option<String>,
}

/// What we do not know counts as an address to which nothing gets through: nobody is subscribed again by it.
fn status(text: Option<&str>) -> ListStatus {
    match text {
        Some("subscribed") => ListStatus::Subscribed,
        Some("unsubscribed") => ListStatus::Unsubscribed,
        Some("spam complaint" | "previous spam complaint") => ListStatus::Complained,
        _ => ListStatus::Bouncing,
    }
}

impl Person {
    fn known(self) -> Result<CrmPerson, ProviderError> {
        let email = |it: EmailAddress| {
            Some((it.address?.trim().to_lowercase(), status(it.status.as_deref())))
                .filter(|it| !it.0.is_empty())
        };
        let phone = |it: PhoneNumber| {
            let number = match it.number? {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Some((Phone::parse(&number)?, status(it.status.as_deref())))
        };
        let said = |(name, value): (String, Value)| {
            let is_empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
            (!is_empty).then_some(name)
        };
        Ok(CrmPerson {
            id: own_of(&self.identifiers).map(CrmPersonId).ok_or_else(unreadable)?,
            emails: self.email_addresses.into_iter().filter_map(email).collect(),
            phones: self.phone_numbers.into_iter().filter_map(phone).collect(),
            fields: self.custom_fields.into_iter().filter_map(said).collect(),
        })
    }
}

/// The words for what it takes: only these two can be said.
fn word(status: ListStatus) -> &'static str {
    match status {
        ListStatus::Subscribed => "subscribed",
        ListStatus::Unsubscribed | ListStatus::Bouncing | ListStatus::Complained => "unsubscribed",
    }
}

fn number(phone: &Phone, status: ListStatus) -> Value {
    json!([{ "number": phone.national(), "number_type": "Mobile", "status": word(status) }])
}

/// The members that have a text.
fn texts<const N: usize>(members: [(&str, Option<&str>); N]) -> Map<String, Value> {
    let given = members.into_iter().filter_map(|(name, text)| Some((name, text?.trim())));
    given.filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), text.into())).collect()
}

/// What is posted of somebody.
fn submission(entry: &CrmEntry) -> Value {
    let (name, address) = (&entry.name, &entry.address);
    let mut person = texts([("given_name", name.first.as_deref()), ("family_name", name.last.as_deref())]);
    if let Some(email) = &entry.email {
        let mut one = texts([("address", Some(email))]);
        if let Some(status) = entry.email_status {
            one.insert("status".to_owned(), word(status).into());
        }
        person.insert("email_addresses".to_owned(), json!([one]));
    }
    if let Some((phone, status)) = &entry.phone {
        person.insert("phone_numbers".to_owned(), number(phone, *status));
    }
    let mut place = texts([
        ("locality", address.city.as_deref()),
        ("region", address.state.map(|state| state.code())),
        ("postal_code", address.zipcode.as_deref()),
    ]);
    let lines = [&address.address1, &address.address2].into_iter().flatten();
    let lines: Vec<&str> = lines.map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    if !lines.is_empty() {
        place.insert("address_lines".to_owned(), json!(lines));
    }
    place.insert("country".to_owned(), "US".into());
    person.insert("postal_addresses".to_owned(), json!([place]));
    if !entry.fields.is_empty() {
        person.insert("custom_fields".to_owned(), json!(entry.fields));
    }
    let Referral { source, website, email, mobile } = &entry.referral;
    let referral = texts([
        ("source", source.as_deref()),
        ("website", website.as_deref()),
        ("email_referrer", email.as_deref()),
        ("mobile_message_referrer", mobile.as_deref()),
    ]);
    json!({ "person": person, "action_network:referrer_data": referral })
}

#[async_trait]
impl CrmSync for ActionNetwork {
    fn has(&self, account: &CrmAccount) -> bool {
        self.key(account).is_some()
    }

    async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
        if let Some(known) = self.find_form(account, &form.identifier).await? {
            let id = known.id()?;
            match &form.title {
                Some(title) if known.title.as_deref() != Some(title) => {
                    self.rename(account, &id, title).await?
                }
                _ => {}
            }
            return Ok(Some(id));
        }
        let Some(title) = &form.title else { return Ok(None) };
        let body = json!({ "identifiers": [form.identifier], "title": title, "origin_system": "Turnout" });
        match self.send(self.told(account, Method::POST, &["forms"], &body)?).await {
            Ok(made) => read::<Form>(&made)?.id().map(Some),
            // somebody else was faster: there is one of each name
            Err(error) if error.kind == ProviderErrorKind::Rejected => {
                match self.find_form(account, &form.identifier).await? {
                    Some(known) => known.id().map(Some),
                    None => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError> {
        let email = email.trim().to_lowercase();
        let mut url = self.url(&["people"]);
        let filter = format!("email_address eq '{}'", email.replace('\'', "''"));
        url.query_pairs_mut().append_pair("filter", &filter);
        let Some(response) = self.get(account, url).await? else { return Ok(None) };
        let people = read::<Page>(&response)?.embedded.people;
        let known: Vec<CrmPerson> = people.into_iter().map(Person::known).collect::<Result<_, _>>()?;
        Ok(known.into_iter().find(|person| person.email_status(&email).is_some()))
    }

    async fn person(
        &self,
        account: &CrmAccount,
        id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        match self.get(account, self.url(&["people", &id.0])).await? {
            Some(response) => read::<Person>(&response)?.known().map(Some),
            None => Ok(None),
        }
    }

    async fn enter(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError> {
        let path = ["forms", form.0.as_str(), "submissions"];
        let request = self.told(account, Method::POST, &path, &submission(entry))?;
        read::<Submission>(&self.send(request).await?)?.person()
    }

    async fn was_entered(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        person: &CrmPersonId,
        since: DateTime<Utc>,
    ) -> Result<bool, ProviderError> {
        let is_it = |one: &Submission| one.is_on(form) && one.is_since(since);
        let path = ["people", &person.0, "submissions"];
        let found =
            self.search(account, &path, |page| page.submissions.iter().any(is_it).then_some(())).await?;
        Ok(found.is_some())
    }

    async fn set_phone(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        phone: &Phone,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        let body = json!({ "phone_numbers": number(phone, status) });
        self.send(self.told(account, Method::PUT, &["people", &person.0], &body)?).await.map(drop)
    }

    async fn set_email(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        email: &str,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        let address = email.trim().to_lowercase();
        let body = json!({ "email_addresses": [{ "address": address, "status": word(status) }] });
        self.send(self.told(account, Method::PUT, &["people", &person.0], &body)?).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        address::{Address, State},
        ids::SubscriberId,
        memory::ScriptedHttp,
        person::PersonName,
        ports::http::HttpErrorKind,
        secret::IntegrationKey,
    };
    use uuid::Uuid;

    use super::*;

    const HOST: &str = "lists.example.org";

    fn network() -> (ActionNetwork, ScriptedHttp) {
        let http = ScriptedHttp::new();
        let base = format!("https://{HOST}").parse().expect("an address");
        let key = Some(Secret::new("hush".to_owned()));
        (ActionNetwork::new(Arc::new(http.clone()), base, key, None), http)
    }

    fn body(request: &HttpRequest) -> Value {
        serde_json::from_slice(&request.body).expect("JSON")
    }

    fn entry() -> CrmEntry {
        CrmEntry {
            name: PersonName {
                first: Some("José".into()),
                last: Some("Núñez".into()),
                ..PersonName::default()
            },
            email: Some("jose@example.org".into()),
            phone: Phone::parse("+16175557890").map(|phone| (phone, ListStatus::Subscribed)),
            address: Address {
                address1: Some("12 Elm Street".into()),
                address2: Some(String::new()),
                city: Some("Springfield".into()),
                state: Some(State::Ma),
                zipcode: Some("01103".into()),
            },
            referral: Referral { source: Some("spring".into()), ..Referral::default() },
            fields: BTreeMap::from([("last_subscriber".to_owned(), Value::from("acme"))]),
            ..CrmEntry::default()
        }
    }

    #[tokio::test]
    async fn somebody_is_entered_with_what_is_known_and_a_status_only_where_one_is_said() {
        let (network, http) = network();
        let href = "https://lists.example.org/api/v2/people/1b2c-9";
        let answer = json!({"identifiers": ["action_network:5"], "_links": {"osdi:person": {"href": href}}});
        http.answer(HOST, HttpResponse::json(StatusCode::OK, &answer));
        let id = network.enter(&CrmAccount::Service, &CrmFormId("f-1".into()), &entry()).await;
        assert_eq!(id.expect("it is taken"), CrmPersonId("1b2c-9".into()));
        let [request] = http.requests().try_into().expect("one request");
        assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/api/v2/forms/f-1/submissions"));
        assert!(request.headers[TOKEN] == "hush" && request.headers[TOKEN].is_sensitive());
        assert_eq!(
            body(&request),
            json!({
                "person": {
                    "given_name": "José",
                    "family_name": "Núñez",
                    "email_addresses": [{"address": "jose@example.org"}],
                    "phone_numbers": [
                        {"number": "(617) 555-7890", "number_type": "Mobile", "status": "subscribed"}
                    ],
                    "postal_addresses": [{
                        "address_lines": ["12 Elm Street"], "locality": "Springfield", "region": "MA",
                        "postal_code": "01103", "country": "US"
                    }],
                    "custom_fields": {"last_subscriber": "acme"},
                },
                "action_network:referrer_data": {"source": "spring"},
            })
        );
    }

    #[tokio::test]
    async fn what_a_list_says_of_people_is_read_and_what_is_not_known_is_no_yes() {
        let (network, http) = network();
        let person = json!({
            "identifiers": ["other:7", "action_network:p-7"],
            "email_addresses": [{"address": "O'Neil@Example.org", "status": "previous bounce"}],
            "phone_numbers": [{"number": "16175557890", "status": "unsubscribed"}, {"number": 12}],
            "custom_fields": {"first_subscriber": "acme", "empty": "", "none": null},
        });
        let page = json!({"_embedded": {"osdi:people": [person]}, "_links": {}});
        http.answer(HOST, HttpResponse::json(StatusCode::OK, &page));
        let found = network.by_email(&CrmAccount::Service, " o'neil@example.org ").await.expect("an answer");
        let found = found.expect("somebody");
        assert_eq!(found.id, CrmPersonId("p-7".into()));
        assert_eq!(found.email_status("o'neil@example.org"), Some(ListStatus::Bouncing));
        let phone = Phone::parse("617-555-7890").expect("a number");
        assert_eq!(found.phone_status(&phone), Some(ListStatus::Unsubscribed));
        assert_eq!((found.fields, found.phones.len()), (vec!["first_subscriber".to_owned()], 1));
        let query: Vec<_> = http.requests()[0].url.query_pairs().into_owned().collect();
        assert_eq!(query, [("filter".to_owned(), "email_address eq 'o''neil@example.org'".to_owned())]);
        http.answer(HOST, HttpResponse::new(StatusCode::NOT_FOUND));
        assert!(network.person(&CrmAccount::Service, &found.id).await.expect("an answer").is_none());
    }

    #[tokio::test]
    async fn nobody_is_asked_without_a_key_and_the_key_goes_nowhere_else() {
        let (network, http) = network();
        let own = |key: &str| {
            CrmAccount::Subscriber(SubscriberId(Uuid::from_u128(1)), IntegrationKey::new(key.to_owned()))
        };
        assert!(network.has(&CrmAccount::Service) && network.has(&own("theirs")));
        for without in [CrmAccount::Subscribers, own(" ")] {
            assert!(!network.has(&without));
            let refused = network.by_email(&without, "a@example.org").await.err().map(|error| error.kind);
            assert_eq!(refused, Some(ProviderErrorKind::Disabled));
        }
        assert_eq!(http.requests().len(), 0);
        let page = json!({"_links": {"next": {"href": "https://elsewhere.example.org/forms?page=2"}}});
        http.answer(HOST, HttpResponse::json(StatusCode::OK, &page));
        let form = CrmForm { identifier: "voteamerica:x".into(), title: None };
        let refused = network.form(&own("theirs"), &form).await.err().map(|error| error.kind);
        assert_eq!((refused, http.requests().len()), (Some(ProviderErrorKind::Unintelligible), 1));
        assert!(http.requests()[0].headers[TOKEN] == "theirs");
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error_that_repeats_nothing() {
        for (status, answer, kind) in [
            (429, "", ProviderErrorKind::Throttled),
            (500, "<html>Elm</html>", ProviderErrorKind::Unreachable),
            (401, "{\"error\": \"Elm\"}", ProviderErrorKind::Disabled),
            (403, "Elm", ProviderErrorKind::Disabled),
            (400, "{\"error\": \"Elm\"}", ProviderErrorKind::Rejected),
            (404, "Elm", ProviderErrorKind::Rejected),
            (302, "Elm", ProviderErrorKind::Unintelligible),
            (200, "<html>Elm</html>", ProviderErrorKind::Unintelligible),
            (200, "{\"_links\": {}}", ProviderErrorKind::Unintelligible),
            (200, "{\"action_network:person_id\": \"../Elm\"}", ProviderErrorKind::Unintelligible),
        ] {
            let (network, http) = network();
            let status = StatusCode::from_u16(status).expect("a status");
            http.answer(HOST, HttpResponse::new(status).with_body(answer));
            let entered = network.enter(&CrmAccount::Service, &CrmFormId("f-1".into()), &entry()).await;
            let error = entered.expect_err("no answer");
            let shown = format!("{error} {error:?}");
            assert_eq!(error.kind, kind, "{status} {answer}");
            assert!(!shown.contains("Elm") && !shown.contains("hush") && !shown.contains("jose"), "{shown}");
        }
        let (network, http) = network();
        http.fail(HOST, HttpErrorKind::TimedOut);
        let error = network.by_email(&CrmAccount::Service, "a@example.org").await.err().expect("no answer");
        assert!(error.is_transient());
    }
}
