//! Vendors that answer as real ones do, and repeat what they were told when they fail.

use std::{
    collections::BTreeMap,
    net::TcpListener as Deaf,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use turnout_core::{
    address::State,
    error::{ProviderError, ProviderErrorKind},
    ids::ActionId,
    ports::{
        clock::Clock,
        email::{Email, EmailSender},
        fax::{FaxSender, OutgoingFax},
        http::{
            HeaderValue, HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, StatusCode, header,
        },
        letters::{LetterSender, OutgoingLetter, TakenLetter},
        sms::{OutgoingSms, SentSms, SmsError, SmsSender},
    },
    switch::CATALOGUE,
};
use turnout_server::providers::{http_client::Reqwest, smtp::Smtp};
use url::Url;

use super::needles::{
    ADDRESS, CITY, FIRST_NAME, LAST_NAME, MAILING_ADDRESS, OFFICE_EMAIL, OFFICE_FAX, OFFICE_PHONE, OFFICIAL,
    OTHER_EMAIL, PREVIOUS_ADDRESS, PREVIOUS_FIRST_NAME, PREVIOUS_LAST_NAME, TEXT, TEXTER, US_DATE, VENDOR,
};
use crate::support::{Echo, EchoPeer};

const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

/// Everybody who is asked by HTTP, and how many questions it takes for one to go wrong: a list of many pages comes to its
/// end now and then.
pub(super) const VENDORS: [(&str, u64); 21] = [
    ("action-network", 3),
    ("census", 2),
    ("civic", 3),
    ("cloudflare", 2),
    ("florida", 2),
    ("geocodio", 3),
    ("i90", 3),
    ("lob", 3),
    ("locator", 3),
    ("mapbox", 2),
    ("movers", 2),
    ("netlify", 2),
    ("optimizely", 2),
    ("partner", 3),
    ("pennsylvania", 2),
    ("slack", 2),
    ("targetsmart", 2),
    ("targetsmart-geocoder", 2),
    ("twilio", 3),
    ("uptime", 5),
    ("us-vote-foundation", 9),
];

/// The regions of Pennsylvania and Florida, which have as many counties as a list has to have there.
pub(super) const COUNTIES: i64 = 67;
/// The number of the first region of those states.
pub(super) const PENNSYLVANIA: i64 = 2_290;
pub(super) const FLORIDA: i64 = 3_290;

/// Where a vendor is.
pub(super) fn at(name: &str) -> Url {
    format!("https://{name}.vendor.example.org").parse().unwrap()
}

/// What a vendor does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    /// Answers as it should.
    Answers,
    /// Says no, and repeats what it was told in every field that may hold a reason.
    Refuses,
    /// Its server fails, with a page.
    Fails,
    /// Wants to be left alone.
    Slows,
    /// Sends to somewhere else.
    Redirects,
    /// The fields are of other kinds than they should be: what cannot be read is apt to be repeated.
    Misshapes,
    /// Every text is what it was told.
    Parrots,
    /// The JSON breaks off.
    BreaksOff,
    /// The line breaks.
    HangsUp,
    /// Says nothing.
    IsSilent,
}

/// What goes wrong, in its order.
pub(super) const WRONG: [Deed; 9] = [
    Deed::Refuses,
    Deed::Fails,
    Deed::Misshapes,
    Deed::IsSilent,
    Deed::Parrots,
    Deed::BreaksOff,
    Deed::Slows,
    Deed::HangsUp,
    Deed::Redirects,
];

impl Deed {
    /// What a vendor does at its nth question.
    pub(super) fn of(vendor: &str, number: u64, said: &str) -> Self {
        let usual = VENDORS.iter().find(|(name, _)| *name == vendor).unwrap().1;
        // a list takes as many questions as there are counties
        let is_list = vendor == "pennsylvania" && said.starts_with("GET");
        let one_in = if is_list { 100 } else { usual };
        if !number.is_multiple_of(one_in) {
            return Self::Answers;
        }
        WRONG[usize::try_from(number / one_in).unwrap() % WRONG.len()]
    }
}

/// Who was asked how often, and what it did.
pub(super) type Tally = BTreeMap<(&'static str, Deed), u64>;

/// All vendors that are asked by HTTP. Most questions are answered here, some over a socket.
pub(super) struct Vendors {
    clock: Arc<dyn Clock>,
    tally: Mutex<Tally>,
    real: Reqwest,
    peer: EchoPeer,
    /// Takes connections, as the system does that for it, and nothing else.
    deaf: Deaf,
}

impl Vendors {
    pub(super) async fn start(clock: Arc<dyn Clock>) -> Self {
        let (peer, shared) = (EchoPeer::start().await, Arc::clone(&clock));
        *peer.answer.lock().unwrap() = Some(Box::new(move |_, said| over_a_socket(said, shared.now())));
        let deaf = Deaf::bind("127.0.0.1:0").unwrap();
        Self { clock, tally: Mutex::default(), real: Reqwest::new().unwrap(), peer, deaf }
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally.lock().unwrap().clone()
    }

    /// The vendor that a request is for, and what it does.
    fn note(&self, host: &str, said: &str) -> (&'static str, u64, Deed) {
        // endpoints of subscribers that are there from the beginning
        let is_partner = host.starts_with("hooks") && host.ends_with(".example.org");
        let asked = if is_partner { Some("partner") } else { host.strip_suffix(".vendor.example.org") };
        let asked = asked.unwrap_or_else(|| panic!("who is {host}?"));
        let vendor = VENDORS.iter().find(|(name, _)| *name == asked).unwrap_or_else(|| panic!("{host}")).0;
        let mut tally = self.tally.lock().unwrap();
        let number = tally.iter().filter(|((it, _), _)| *it == vendor).map(|(_, count)| count).sum();
        let deed = Deed::of(vendor, number, said);
        *tally.entry((vendor, deed)).or_default() += 1;
        (vendor, number, deed)
    }

    fn send_to(request: &mut HttpRequest, host: &str, port: u16) {
        request.url.set_scheme("http").unwrap();
        request.url.set_host(Some(host)).unwrap();
        request.url.set_port(Some(port)).unwrap();
    }
}

#[async_trait]
impl HttpClient for Vendors {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let said = format!("{} {} {}", request.method, request.url, String::from_utf8_lossy(&request.body));
        let host = request.url.host_str().unwrap().to_owned();
        let (vendor, number, deed) = self.note(&host, &said);
        if number.wrapping_mul(0x9e37_79b9) >> 8 & 3 == 0 {
            if deed == Deed::IsSilent {
                Self::send_to(&mut request, "127.0.0.1", self.deaf.local_addr().unwrap().port());
                request.timeout = TimeDelta::milliseconds(30);
            } else {
                let origin = self.peer.origin();
                Self::send_to(&mut request, origin.host_str().unwrap(), origin.port().unwrap());
                // the peer is everybody, and is told who
                let path = format!("/{vendor}/{number}{}", request.url.path());
                request.url.set_path(&path);
            }
            return self.real.send(request).await;
        }
        // a client tells nothing of what it carried: that is what the port asks of it
        let broken = |kind| Err(HttpError::from(kind).because("somebody hung up"));
        match deed {
            Deed::HangsUp => return broken(HttpErrorKind::Broken),
            Deed::IsSilent => return broken(HttpErrorKind::TimedOut),
            _ => {}
        }
        let Echo { status, body } = answer(vendor, deed, number, &said, self.clock.now());
        let mut response = HttpResponse::new(StatusCode::from_u16(status).unwrap()).with_body(body);
        if (vendor, deed) == ("mapbox", Deed::Answers) {
            response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
        }
        Ok(response)
    }
}

/// What the peer answers to `POST /twilio/7/2010-04-01/… body`; nothing where it hangs up.
fn over_a_socket(said: &str, now: DateTime<Utc>) -> Option<Echo> {
    let (method, rest) = said.split_once(" /").unwrap();
    let (vendor, rest) = rest.split_once('/').unwrap();
    let (number, rest) = rest.split_once('/').unwrap();
    let said = format!("{method} /{rest}");
    let number = number.parse().unwrap();
    let deed = Deed::of(vendor, number, &said);
    (deed != Deed::HangsUp).then(|| answer(vendor, deed, number, &said, now))
}

pub(super) fn answer(vendor: &str, deed: Deed, number: u64, said: &str, now: DateTime<Utc>) -> Echo {
    let told = format!("{VENDOR}: {said}");
    let json = |status, body: Value| Echo { status, body: body.to_string() };
    let text = |status, body| Echo { status, body };
    match deed {
        Deed::Answers | Deed::HangsUp | Deed::IsSilent => {
            let good = good(vendor, number, said, now);
            let body = good.as_str().filter(|_| vendor != "pennsylvania").map(str::to_owned);
            text(200, body.unwrap_or_else(|| good.to_string()))
        }
        Deed::Refuses => {
            let status = [400, 401, 403, 404, 409, 410, 422][usize::try_from(number / 7).unwrap() % 7];
            let code = if number.is_multiple_of(2) { json!(told) } else { json!(21211) };
            json(
                status,
                json!({
                    "code": code, "message": told, "more_info": told, "detail": told, "status": status,
                    "error": {"message": told, "status_code": status, "code": told}, "errors": [told],
                }),
            )
        }
        Deed::Fails => text(503, told),
        Deed::Slows => json(429, json!({ "message": told, "retry_after": told })),
        Deed::Redirects => text(302, format!("<a href=\"https://elsewhere.example.org/?{told}\">{told}</a>")),
        Deed::Misshapes => {
            let good = good(vendor, number, said, now);
            let names = good.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
            let strange = |names: Vec<String>| names.into_iter().map(|name| (name, json!([told])));
            json(200, Value::Object(strange(names).collect()))
        }
        Deed::Parrots => {
            let mut good = good(vendor, number, said, now);
            parrot(&mut good, &told);
            json(200, good)
        }
        Deed::BreaksOff => {
            let whole = json!({ "message": told, "status": "queued" }).to_string();
            text(200, whole[..whole.len() - 20].to_owned())
        }
    }
}

/// Puts what was told into the place of every text.
fn parrot(value: &mut Value, told: &str) {
    match value {
        Value::String(text) => told.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|it| parrot(it, told)),
        Value::Object(fields) => fields.values_mut().for_each(|it| parrot(it, told)),
        _ => {}
    }
}

/// What it answers when all is well.
fn good(vendor: &str, number: u64, said: &str, now: DateTime<Utc>) -> Value {
    let is_get = said.starts_with("GET");
    match vendor {
        "action-network" => contact_list(number),
        "census" => json!({"result": {"addressMatches": [{
            "coordinates": {"x": -84.1052, "y": 40.7426}, "matchedAddress": format!("{ADDRESS}, {CITY}, OH, 45801"),
            "addressComponents": {"city": CITY, "state": "OH", "zip": "45801"},
            "geographies": {"Counties": [{"GEOID": "39003", "NAME": "Allen County"}]},
        }]}}),
        "civic" => json!({
            "pollingLocations": [{
                "address": {"locationName": "Library", "line1": MAILING_ADDRESS, "city": CITY, "state": "OH", "zip": "45801"},
                "pollingHours": "6am - 7pm", "latitude": 40.75, "longitude": -84.11,
            }],
            "state": [{"name": "Ohio", "electionAdministrationBody": {"notice": said}}],
            "normalizedInput": {"line1": said, "city": said, "state": "OH", "zip": said},
        }),
        "cloudflare" => json!({"success": true, "errors": [], "result": {"id": "zone7"}}),
        "florida" => json!(counties_of_florida(number)),
        "geocodio" => json!({"results": [{
            "address_components": {"city": CITY, "county": "Allen County", "state": "OH", "zip": "45801", "formatted_street": ADDRESS},
            "location": {"lat": 40.7426, "lng": -84.1052}, "accuracy": 1, "accuracy_type": "rooftop",
        }]}),
        "i90" if is_get => json!({"token": "x", "destination": said}),
        "i90" => json!({"short_url": "https://go.example.org/x", "token": "x"}),
        "lob" if said.contains("us_verifications") => json!({"deliverability": "deliverable"}),
        "lob" if is_get => json!({"object": "list", "data": []}),
        "lob" => json!({
            "id": format!("ltr_{number:016x}"), "date_created": now, "expected_delivery_date": "2026-12-01",
            "to": {"name": LAST_NAME, "address_line1": MAILING_ADDRESS}, "deleted": true, "url": said,
        }),
        "locator" => json!({"data": {"election_day_locations": [{
            "location_name": "Library", "address_line_1": MAILING_ADDRESS, "city": CITY, "state": "OH",
            "zip": "45801", "dates_hours": said, "lat": 40.75, "lon": -84.11,
        }]}, "status": "SUCCESS"}),
        "mapbox" => json!("\u{89}PNG"),
        "movers" => json!({"leads": [lead(number)]}),
        "netlify" | "partner" | "slack" => json!("ok"),
        "optimizely" => data_file(),
        "pennsylvania" => json!(of_pennsylvania(said)),
        "targetsmart" => json!({
            "result": true, "input": {"address": said},
            "result_set": [{
                "vb.voterbase_id": format!("OH-{number}"), "vb.voterbase_registration_status": "Registered",
                "vb.vf_voter_status": "Active", "vb.tsmart_first_name": FIRST_NAME, "vb.tsmart_last_name": LAST_NAME,
                "vb.voterbase_dob": "19610723", "vb.vf_reg_cass_address_full": ADDRESS, "vb.vf_reg_cass_city": CITY,
            }],
        }),
        "targetsmart-geocoder" => json!({"match_found": true, "input": said, "match_data": {
            "vb.vf_reg_cass_state": "OH", "vb.vf_county_name": "ALLEN", "vb.vf_municipal_district": "",
            "vb.vf_township": "", "z9_latitude": "40.7426", "z9_longitude": "-84.1052",
        }}),
        "twilio" if is_get => texts(number, now),
        "twilio" => {
            json!({"sid": format!("SM{number:032x}"), "status": "queued", "error_code": null, "body": said})
        }
        "uptime" if is_get => json!({"next": null, "results": [
            {"uuid": "u1", "url": "https://elsewhere.example.org/", "description": said, "metadata": {}, "active": true},
        ]}),
        "uptime" => json!({"uuid": "u2", "url": said, "active": true}),
        "us-vote-foundation" if said.contains("/regions") => {
            json!({"meta": {"next": null}, "objects": regions()})
        }
        "us-vote-foundation" => json!({"meta": {"next": null}, "objects": offices(number)}),
        _ => panic!("what does {vendor} answer?"),
    }
}

/// Action Network: nobody is on a list yet, or somebody who wants no mail.
fn contact_list(number: u64) -> Value {
    let person = json!({
        "identifiers": [format!("action_network:{NOBODY}")], "custom_fields": {"first_name": FIRST_NAME},
        "email_addresses": [{"address": OTHER_EMAIL, "status": "unsubscribed"}],
        "phone_numbers": [{"number": TEXTER, "status": "unsubscribed"}],
    });
    let people = if number.is_multiple_of(3) { json!([person]) } else { json!([]) };
    let own = format!("https://action-network.vendor.example.org/api/v2/people/{NOBODY}");
    json!({
        "identifiers": [format!("action_network:{NOBODY}")], "title": "Registered",
        "_links": {"self": {"href": own}, "osdi:person": {"href": own}},
        "_embedded": {"osdi:people": people, "osdi:forms": []},
    })
}

fn lead(number: u64) -> Value {
    json!({
        "created_at": format!("2026-10-0{}T0{}:{:02}:00Z", number % 9 + 1, number / 60 % 10, number % 60),
        "email": OTHER_EMAIL, "first_name": PREVIOUS_FIRST_NAME, "last_name": PREVIOUS_LAST_NAME,
        "move_date": if number.is_multiple_of(2) { "2026-09-01" } else { US_DATE },
        "new_address1": ADDRESS, "new_city": CITY, "new_state": "OH", "new_zipcode": "45801", "new_housing_tenure": "Rent",
        "old_address1": PREVIOUS_ADDRESS, "old_city": CITY, "old_state": "TX", "old_zipcode": "78701",
    })
}

/// The texts that the carrier has: two that came in, one of which it did not tell us of.
fn texts(number: u64, now: DateTime<Utc>) -> Value {
    let text = |at: u64, direction: &str, body: &str| {
        let created = (now - TimeDelta::seconds(5)).to_rfc2822();
        json!({
            "sid": format!("SM{:032x}", number << 8 | at), "from": TEXTER, "to": "+16145550000", "body": body,
            "status": "received", "direction": direction, "date_created": created,
        })
    };
    let word = ["STOP", "JOIN", "HELP", TEXT][usize::try_from(number).unwrap() % 4];
    json!({"messages": [text(1, "inbound", word), text(2, "outbound-api", TEXT)], "next_page_uri": null})
}

/// Everything is on, as in the store.
fn data_file() -> Value {
    let flag = |(number, name): (usize, &str)| json!({"key": name, "rolloutId": format!("r{number}"), "experimentIds": [], "variables": []});
    let rollout = |number: usize| {
        json!({"id": format!("r{number}"), "experiments": [{
            "id": format!("e{number}"), "key": format!("e{number}"), "status": "Running", "layerId": "l",
            "audienceIds": [], "forcedVariations": {},
            "variations": [{"id": "v", "key": "v", "featureEnabled": true, "variables": []}],
            "trafficAllocation": [{"entityId": "v", "endOfRange": 10_000}],
        }]})
    };
    let names = CATALOGUE.iter().map(|feature| feature.name).chain([VENDOR]).enumerate();
    let flags: Vec<Value> = names.map(flag).collect();
    let rollouts: Vec<Value> = (0..flags.len()).map(rollout).collect();
    json!({"version": "4", "featureFlags": flags, "rollouts": rollouts})
}

/// The page of Florida's counties; each third time one of them is somebody's name.
fn counties_of_florida(number: u64) -> String {
    let item = |(name, link): (String, String)| {
        format!(
            "<div class=\"nectar-hor-list-item\"><h5>{name}</h5><a class=\"full-link\" href=\"{link}\"></a></div>"
        )
    };
    let mut counties: Vec<_> = (0..COUNTIES)
        .map(|it| (county(State::Fl, it), format!("https://{}.example.org/{number}", county_word(it))))
        .collect();
    match number % 3 {
        0 => counties.push((OFFICIAL.to_owned(), format!("mailto:{OFFICE_EMAIL}"))),
        1 => counties[5].1 = format!("mailto:{OFFICE_EMAIL}"),
        _ => {}
    }
    format!("<main id=\"counties\">{}</main>", counties.into_iter().map(item).collect::<String>())
}

/// A word for each number, as the names of counties are compared by their letters.
fn county_word(number: i64) -> String {
    let letter = |it: i64| char::from(b'a' + u8::try_from(it % 26).unwrap());
    format!("place{}{}", letter(number / 26), letter(number))
}

/// The name of a region.
pub(super) fn county(state: State, number: i64) -> String {
    format!("{}{} County", state.code(), county_word(number))
}

/// Pennsylvania: XML in JSON.
fn of_pennsylvania(said: &str) -> String {
    if said.contains("GETAPPLICATIONSETUP") {
        let county = |it: i64| {
            let (id, name) = (PENNSYLVANIA + it, county_word(it));
            format!("<County><countyID>{id}</countyID><Countyname>{name}</Countyname></County>")
        };
        return format!("<NewDataSet>{}</NewDataSet>", (0..COUNTIES).map(county).collect::<String>());
    }
    if said.contains("GETMUNICIPALITIES") {
        return "<OVRLookupData><Municipality><MunicipalityID>MN01</MunicipalityID>\
                <MunicipalityIDname>TOWN</MunicipalityIDname></Municipality></OVRLookupData>"
            .to_owned();
    }
    // what the state says no to, it says by codes, and says it of a field
    let codes = match said.len() % 4 {
        0 => "<APPLICATIONID>5544332211</APPLICATIONID><SIGNATURE>PennDOT</SIGNATURE><ERROR/>".to_owned(),
        1 => "<APPLICATIONID/><ERROR>VR_WAPI_InvalidOVRDL</ERROR>".to_owned(),
        2 => format!("<APPLICATIONID/><ERROR>VR_WAPI_InvalidOVRDL, {VENDOR} {}</ERROR>", plain(said)),
        _ => format!(
            "<APPLICATIONID>{LAST_NAME}</APPLICATIONID><SIGNATURE>{}</SIGNATURE><ERROR/>",
            plain(said)
        ),
    };
    format!("<RESPONSE>{codes}</RESPONSE>")
}

/// Without what XML would take for its own.
fn plain(said: &str) -> String {
    said.replace(['<', '>', '&'], " ")
}

/// The regions that are there, as the supplier tells them.
fn regions() -> Vec<Value> {
    let region = |id: i64, name: String, state: &str| json!({"id": id, "region_name": name, "state_abbr": state, "county_name": name, "county": OFFICIAL});
    let counties =
        [(PENNSYLVANIA, State::Pa), (FLORIDA, State::Fl)].into_iter().flat_map(|(first, state)| {
            (0..COUNTIES).map(move |it| region(first + it, county(state, it), state.code()))
        });
    let of_ohio = [(1001, "Allen County"), (1002, "Wood County"), (1003, "Hidden")];
    of_ohio.into_iter().map(|(id, name)| region(id, name.to_owned(), "OH")).chain(counties).collect()
}

/// The offices of the two regions of Ohio; now and then with columns that have slipped.
fn offices(number: u64) -> Vec<Value> {
    let office = |id: i64, region: i64| {
        let mut address = json!({
            "id": 10 * id, "address_to": OFFICIAL, "street1": format!("{number} {MAILING_ADDRESS}"), "city": CITY,
            "state": "OH", "zip": "45801", "main_email": OFFICE_EMAIL, "main_phone_number": OFFICE_PHONE,
            "main_fax_number": OFFICE_FAX, "functions": ["DOM_VR", "DOM_REQ", "DOM_RET"], "is_physical": true,
        });
        match number % 11 {
            3 => address["state"] = json!(OFFICIAL),
            5 => address["lat"] = json!(OFFICE_PHONE),
            7 => address["main_email"] = json!(OFFICIAL),
            8 => address["is_physical"] = json!(OFFICE_EMAIL),
            _ => {}
        }
        json!({
            "id": id, "region": format!("/eod/v3/regions/{region}"), "hours": OFFICE_EMAIL, "updated": OFFICIAL,
            "addresses": [address], "officials": [{"first_name": OFFICIAL, "email": OFFICE_EMAIL}],
        })
    };
    vec![office(7, 1001), office(8, 1002)]
}

/// A vendor, and what stands in for it in the embedded run: a folder, and one in whose place there is a file.
pub(super) struct Turns<S: ?Sized> {
    asked: AtomicU64,
    real: Arc<S>,
    kept: Arc<S>,
    lost: Arc<S>,
    _folder: tempfile::TempDir,
}

impl<S: ?Sized> Turns<S> {
    /// `open` makes the one that stands in, over a folder.
    pub(super) fn new(real: Arc<S>, open: impl Fn(PathBuf) -> Arc<S>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (kept, lost) = (folder.path().join("kept"), folder.path().join("lost"));
        let (keeps, loses) = (open(kept), open(lost.clone()));
        let _ = std::fs::remove_dir(&lost);
        std::fs::write(lost, "").unwrap();
        Self { asked: AtomicU64::new(0), real, kept: keeps, lost: loses, _folder: folder }
    }

    fn next(&self) -> &S {
        match self.asked.fetch_add(1, Ordering::Relaxed) % 16 {
            4 => &self.kept,
            5 => &self.lost,
            _ => &self.real,
        }
    }
}

#[async_trait]
impl EmailSender for Turns<dyn EmailSender> {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        self.next().send(email).await
    }
}

#[async_trait]
impl FaxSender for Turns<dyn FaxSender> {
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError> {
        self.next().send(fax).await
    }
}

#[async_trait]
impl SmsSender for Turns<dyn SmsSender> {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        self.next().send(sms).await
    }
}

#[async_trait]
impl LetterSender for Turns<dyn LetterSender> {
    async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
        self.next().send(letter).await
    }

    async fn of_action(&self, action: ActionId) -> Result<Vec<TakenLetter>, ProviderError> {
        self.real.of_action(action).await
    }

    async fn call_off(&self, id: &str) -> Result<(), ProviderError> {
        self.real.call_off(id).await
    }
}

/// A mail server that takes most mails, and repeats addresses in its refusals.
pub(super) struct Mails {
    /// Where it is.
    pub(super) url: String,
    asked: AtomicU64,
    smtp: Smtp,
    takes: JoinHandle<()>,
}

impl Mails {
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let smtp = Smtp::new("smtp", &url, std::time::Duration::from_secs(5)).unwrap();
        let count = Arc::new(AtomicU64::new(0));
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(take(stream, Arc::clone(&count)));
            }
        });
        Self { url, asked: AtomicU64::new(0), smtp, takes }
    }
}

impl Drop for Mails {
    fn drop(&mut self) {
        self.takes.abort();
    }
}

#[async_trait]
impl EmailSender for Mails {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        match self.asked.fetch_add(1, Ordering::Relaxed) % 8 {
            0..=2 => self.smtp.send(email).await,
            3 => Err(ProviderError::new("smtp", ProviderErrorKind::Unreachable)),
            _ => Ok(()),
        }
    }
}

async fn take(stream: TcpStream, count: Arc<AtomicU64>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut is_text = false;
    let mut reply = format!("220 {VENDOR}");
    loop {
        if !is_text || !reply.is_empty() {
            if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                return;
            }
            reply.clear();
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        match line.as_str() {
            "." if is_text => {
                is_text = false;
                reply = "250 taken".to_owned();
            }
            _ if is_text => {}
            "DATA" => {
                is_text = true;
                reply = "354 go on".to_owned();
            }
            "QUIT" => reply = "221 bye".to_owned(),
            line if line.starts_with("RCPT") => {
                reply = match count.fetch_add(1, Ordering::Relaxed) % 5 {
                    0 => format!("550 5.1.1 {VENDOR} {line}: no such user"),
                    1 => format!("451 4.2.0 {VENDOR} {line}: later"),
                    // no such reply is one of SMTP's
                    2 => format!("{VENDOR} {line}"),
                    _ => "250 fine".to_owned(),
                };
            }
            _ => reply = "250 peer".to_owned(),
        }
    }
}

/// Whether nobody was forgotten: each vendor answered, and each went wrong in every way.
pub(super) fn missed(tally: &Tally) -> Vec<String> {
    let every = VENDORS
        .iter()
        .flat_map(|(name, _)| [Deed::Answers].into_iter().chain(WRONG).map(move |deed| (*name, deed)));
    every.filter(|it| !tally.contains_key(it)).map(|(name, deed)| format!("{name} never {deed:?}")).collect()
}
