//! Pennsylvania's online voter registration: the OVR Web API of its Department of State (specification 1.5, 2020-03-05), with
//! the rules of `flows.md` 2.4.
//!
//! One address takes every action by its query. An application is XML inside JSON, and so is every answer: a JSON text that
//! holds XML. It is sent once: the state has no key by which it would know it again.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use quick_xml::{Reader, escape::escape, events::Event};
use serde_json::{Map, Value, json};
use turnout_core::{
    address::{Address, State},
    error::{ProviderError, ProviderErrorKind},
    input::is_truthy,
    person::{Gender, Party, Phone},
    ports::{
        http::{HeaderValue, HttpClient, HttpRequest, HttpResponse, header},
        state_registrar::{
            Application, County, Municipality, RefusalCode, Refused, Registered, Remedy, Signature,
            StateRegistrar,
        },
    },
    register::Registration,
};
use url::Url;

use crate::config::Secret;

/// The name in the configuration.
const NAME: &str = "pennsylvania";
const PATH: &str = "/SureOVRWebAPI/api/ovr";
/// What an application begins with.
const NAMESPACE: &str = "OVRexternaldata";
/// For a list of places; nobody waits for it.
const LIST_TIMEOUT: TimeDelta = TimeDelta::seconds(60);
/// The counties of Pennsylvania (the Census Bureau's list, 2025). A list of fewer is half a list.
const COUNTIES: usize = 67;
/// How deep the XML of an answer goes, at the most.
const DEPTH: usize = 8;

/// Hands registrations in to Pennsylvania.
pub struct Pennsylvania {
    http: Arc<dyn HttpClient>,
    url: Url,
    key: Option<Secret>,
    timeout: TimeDelta,
}

impl Pennsylvania {
    /// Asks at `base` with this key. Without one, applications are looked at and not sent.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: &Url, key: Option<Secret>, timeout: TimeDelta) -> Self {
        let mut url = base.clone();
        url.set_path(PATH);
        Self { http, url, key, timeout }
    }

    /// A call of one action. The key stands in the query, which is never shown.
    fn call(&self, action: &str, more: &[(&str, &str)]) -> Result<Url, ProviderError> {
        let key = self.key.as_ref().ok_or_else(|| error(ProviderErrorKind::Disabled))?;
        let mut url = self.url.clone();
        url.set_query(Some("JSONv2"));
        url.query_pairs_mut()
            .append_pair("sysparm_AuthKey", key.reveal())
            .append_pair("sysparm_action", action)
            .append_pair("sysparm_Language", "0")
            .extend_pairs(more);
        Ok(url)
    }

    fn request(&self, application: Application) -> Result<HttpRequest, Refused> {
        let url = self.call("SETAPPLICATION", &[])?;
        let record = Record::of(application)?;
        let request = HttpRequest::post(url).with_timeout(self.timeout);
        let mut request =
            request.with_json(&json!({ "ApplicationData": record.xml() })).map_err(|it| it.at(NAME))?;
        request.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Ok(request)
    }

    /// What an answer to an application says.
    fn answer(response: HttpResponse) -> Result<Registered, Refused> {
        let root = document(response)?;
        if root.name != "RESPONSE" {
            return Err(unintelligible().into());
        }
        let codes: Vec<&str> = root.all("ERROR").flat_map(|it| it.text.split([',', ';'])).collect();
        let codes: Vec<&str> = codes.into_iter().map(str::trim).filter(|code| !code.is_empty()).collect();
        if !codes.is_empty() {
            return Err(refusal(&codes));
        }
        match root.text("APPLICATIONID") {
            Some(id) => Ok(Registered {
                application_id: id.to_owned(),
                signature_source: root.text("SIGNATURE").map(str::to_owned),
            }),
            None => Err(Refused::new(
                RefusalCode::UnknownError,
                Remedy::Later,
                "pennsylvania: neither a number nor an error",
            )),
        }
    }

    /// An answer that lists something.
    async fn list(&self, action: &str, more: &[(&str, &str)]) -> Result<Element, ProviderError> {
        let request = HttpRequest::get(self.call(action, more)?).with_timeout(LIST_TIMEOUT);
        let response = self.http.send(request).await.map_err(|it| it.at(NAME))?;
        let root = document(response)?;
        // a refusal, be it of the key
        if root.name == "RESPONSE" { Err(error(ProviderErrorKind::Rejected)) } else { Ok(root) }
    }
}

#[async_trait]
impl StateRegistrar for Pennsylvania {
    fn state(&self) -> State {
        State::Pa
    }

    async fn register(&self, application: Application) -> Result<Registered, Refused> {
        check(&application)?;
        let request = self.request(application)?;
        let response = self.http.send(request).await.map_err(|it| it.at(NAME))?;
        Self::answer(response)
    }

    async fn counties(&self) -> Result<Vec<County>, ProviderError> {
        let setup = self.list("GETAPPLICATIONSETUP", &[]).await?;
        let mut counties = Vec::new();
        for county in setup.all("County") {
            // an entry without a name stands there too, for no county
            let (Some(id), Some(name)) = (county.text("countyID"), county.text("Countyname")) else {
                continue;
            };
            let places = self.list("GETMUNICIPALITIES", &[("sysparm_County", name)]).await?;
            let places = places.all("Municipality").filter_map(|it| {
                Some(Municipality {
                    municipality_id: it.text("MunicipalityID")?.to_owned(),
                    municipality_name: it.text("MunicipalityIDname")?.to_owned(),
                })
            });
            let mut municipalities: Vec<Municipality> = places.collect();
            municipalities.sort_by(|one, other| one.municipality_name.cmp(&other.municipality_name));
            counties.push(County { county_id: id.to_owned(), county_name: name.to_owned(), municipalities });
        }
        if counties.len() < COUNTIES {
            return Err(unintelligible());
        }
        counties.sort_by(|one, other| one.county_name.cmp(&other.county_name));
        Ok(counties)
    }
}

fn error(kind: ProviderErrorKind) -> ProviderError {
    ProviderError::new(NAME, kind)
}

fn unintelligible() -> ProviderError {
    error(ProviderErrorKind::Unintelligible)
}

/// What an application must not lack, in the order of the contract: the county, an identification, the declaration (quirk
/// Q72). Nothing is sent without.
fn check(application: &Application) -> Result<(), Refused> {
    use RefusalCode::{InvalidRegionId, InvalidRegionName, NoDlOrSignature, UnknownError};
    let lacks = |code, remedy, reason: &str| Err(Refused::new(code, remedy, format!("not sent: {reason}")));
    let Some(region) = &application.region else {
        return lacks(InvalidRegionId, Remedy::AskAgain, "no region of Pennsylvania");
    };
    if region.name.as_deref().and_then(county).is_none() {
        return lacks(InvalidRegionName, Remedy::AskAgain, "the region is no county");
    }
    if application.license.is_none() && application.signature.is_none() {
        return lacks(NoDlOrSignature, Remedy::AskAgain, "neither a license nor a signature");
    }
    let fields = application.fields();
    if fields.and_then(|fields| fields.get("declaration")) != Some(&Value::Bool(true)) {
        return lacks(UnknownError, Remedy::AskAgain, "no declaration");
    }
    if application.registration.party.is_none() {
        return lacks(UnknownError, Remedy::AskAgain, "no party");
    }
    Ok(())
}

/// The county of a region, as the state calls it: `Adams` of `Adams County`, `Philadelphia` of `City of Philadelphia`.
fn county(region: &str) -> Option<&str> {
    let name = region.trim();
    let name = name.strip_suffix(" County").or_else(|| name.strip_prefix("City of "))?.trim();
    Some(name).filter(|name| !name.is_empty())
}

/// An application as the state reads it: its elements, in its order. Holds identification numbers, so it is made for one
/// request and goes with it.
struct Record(Vec<(&'static str, String)>);

impl Record {
    fn of(application: Application) -> Result<Self, Refused> {
        let empty = Map::new();
        let Application { registration, region, license, ssn4, signature } = application;
        let fields = registration.state_fields.as_ref().and_then(Value::as_object).unwrap_or(&empty);
        let it = Answers { registration: &registration, fields };
        let county = region.as_ref().and_then(|it| county(it.name.as_deref()?)).unwrap_or_default();
        let (previous, mailing) = (&registration.previous_address, &registration.mailing_address);
        let (renamed, moved) = (filled(&registration.previous_name.first), filled(&previous.address1));
        let changes_party = it.is_on("party_change");
        let is_new = renamed.is_none() && moved.is_none() && !changes_party;
        let (has_license, has_ssn4) = (license.is_some(), ssn4.is_some());
        let party = registration.party;
        let other_party = it.text("party_other").filter(|_| party == Some(Party::Other));
        let ballot = MailedBallot::of(&it);
        Ok(Self(vec![
            // one voter, who waits for the answer
            ("batch", bit(false)),
            ("FirstName", text(&registration.name.first)),
            ("MiddleName", text(&registration.name.middle)),
            ("LastName", text(&registration.name.last)),
            ("TitleSuffix", suffix(&text(&registration.name.suffix))),
            ("united-states-citizen", bit(registration.us_citizen == Some(true))),
            // nobody completes without confirming it
            ("eighteen-on-election-day", bit(true)),
            ("isnewregistration", bit(is_new)),
            ("name-update", bit(renamed.is_some())),
            ("address-update", bit(moved.is_some())),
            ("ispartychange", bit(changes_party)),
            ("isfederalvoter", bit(it.is_on("federal_voter"))),
            ("DateOfBirth", registration.date_of_birth.map(|day| day.to_string()).unwrap_or_default()),
            ("Gender", gender(registration.gender).to_owned()),
            ("Ethnicity", String::new()),
            ("Phone", registration.phone.as_ref().map(phone).unwrap_or_default()),
            ("Email", text(&registration.email)),
            ("streetaddress", text(&registration.address.address1)),
            ("streetaddress2", text(&registration.address.address2)),
            ("unittype", String::new()),
            ("unitnumber", String::new()),
            ("city", text(&registration.address.city)),
            ("zipcode", zip5(&registration.address)),
            ("donthavePermtOrResAddress", bit(false)),
            ("county", county.to_owned()),
            ("municipality", String::new()),
            ("mailingaddress", one_line(mailing)),
            ("mailingcity", text(&mailing.city)),
            ("mailingstate", state(mailing)),
            ("mailingzipcode", text(&mailing.zipcode)),
            ("drivers-license", license.map(|it| digits(&it.hand_over())).unwrap_or_default()),
            ("ssn4", ssn4.map(|it| it.hand_over().trim().to_owned()).unwrap_or_default()),
            ("signatureimage", signature.as_ref().map(data_url).unwrap_or_default()),
            // without a license there is nothing that its registry could fail to find
            ("continueAppSubmit", bit(!has_license)),
            ("donthavebothDLandSSN", bit(!has_license && !has_ssn4)),
            ("politicalparty", party.map(party_code).unwrap_or_default().to_owned()),
            ("otherpoliticalparty", other_party.unwrap_or_default()),
            ("needhelptovote", bit(false)),
            ("typeofassistance", String::new()),
            ("preferredlanguage", String::new()),
            ("voterregnumber", String::new()),
            ("previousreglastname", text(&registration.previous_name.last)),
            ("previousregfirstname", text(&registration.previous_name.first)),
            ("previousregmiddlename", text(&registration.previous_name.middle)),
            ("previousregaddress", one_line(previous)),
            ("previousregcity", text(&previous.city)),
            ("previousregstate", state(previous)),
            ("previousregzip", zip5(previous)),
            ("previousregcounty", String::new()),
            ("previousregyear", String::new()),
            ("declaration1", bit(true)),
            ("assistedpersonname", String::new()),
            ("assistedpersonAddress", String::new()),
            ("assistedpersonphone", String::new()),
            ("assistancedeclaration2", String::new()),
            ("ispollworker", bit(false)),
            ("bilingualinterpreter", String::new()),
            ("pollworkerspeaklang", String::new()),
            ("secondEmail", String::new()),
            ("ismailin", bit(ballot.is_some())),
            ("istransferpermanent", String::new()),
            ("mailinaddresstype", ballot.as_ref().map(|it| it.kind.to_owned()).unwrap_or_default()),
            ("mailinballotaddr", ballot.as_ref().map(|it| it.address.clone()).unwrap_or_default()),
            ("mailincity", ballot.as_ref().map(|it| it.city.clone()).unwrap_or_default()),
            ("mailinstate", ballot.as_ref().map(|it| it.state.clone()).unwrap_or_default()),
            ("mailinzipcode", ballot.as_ref().map(|it| it.zipcode.clone()).unwrap_or_default()),
            ("mailinward", String::new()),
            ("mailinlivedsince", String::new()),
            ("mailindeclaration", ballot.map(|_| bit(true)).unwrap_or_default()),
        ]))
    }

    fn xml(&self) -> String {
        let mut xml = format!("<APIOnlineApplicationData xmlns=\"{NAMESPACE}\"><record>");
        for (name, value) in &self.0 {
            // XML has no way to write these
            let is_writable =
                |letter: &char| !letter.is_control() && !matches!(letter, '\u{FFFE}' | '\u{FFFF}');
            let value: String = value.chars().filter(is_writable).collect();
            let _ = write!(xml, "<{name}>{}</{name}>", escape(&value));
        }
        xml + "</record></APIOnlineApplicationData>"
    }
}

/// The record and the answers to Pennsylvania's own questions.
struct Answers<'a> {
    registration: &'a Registration,
    fields: &'a Map<String, Value>,
}

impl Answers<'_> {
    fn is_on(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(is_truthy)
    }

    fn text(&self, name: &str) -> Option<String> {
        let text = self.fields.get(name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// Where a ballot is to be mailed.
struct MailedBallot {
    kind: &'static str,
    address: String,
    city: String,
    state: String,
    zipcode: String,
}

impl MailedBallot {
    /// To where the voter lives, gets mail, or somewhere else; nothing when no ballot was asked for.
    fn of(it: &Answers<'_>) -> Option<Self> {
        if !it.is_on("mailin_ballot_request") {
            return None;
        }
        let at = |kind, address: &Address| Self {
            kind,
            address: one_line(address),
            city: text(&address.city),
            state: state(address),
            zipcode: text(&address.zipcode),
        };
        let answer = |name: &str| it.text(name).unwrap_or_default();
        Some(if it.is_on("mailin_ballot_to_registration_address") {
            at("R", &it.registration.address)
        } else if it.is_on("mailin_ballot_to_mailing_address") {
            at("M", &it.registration.mailing_address)
        } else {
            Self {
                kind: "A",
                address: answer("mailin_ballot_address"),
                city: answer("mailin_ballot_city"),
                state: answer("mailin_ballot_state"),
                zipcode: answer("mailin_ballot_zipcode"),
            }
        })
    }
}

fn bit(yes: bool) -> String {
    if yes { "1" } else { "0" }.to_owned()
}

fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn text(text: &Option<String>) -> String {
    filled(text).unwrap_or_default().to_owned()
}

/// Line 1 and line 2, joined by a blank.
fn one_line(address: &Address) -> String {
    let lines = [filled(&address.address1), filled(&address.address2)];
    lines.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The state by its code (quirk Q22).
fn state(address: &Address) -> String {
    address.state.map(|state| state.code().to_owned()).unwrap_or_default()
}

/// The state takes five digits here.
fn zip5(address: &Address) -> String {
    filled(&address.zipcode).unwrap_or_default().chars().take(5).collect()
}

/// A license as people write it, `12 345 678`, is its digits.
fn digits(number: &str) -> String {
    number.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect()
}

/// `###-###-####`; of another country, as it is.
fn phone(phone: &Phone) -> String {
    match phone.e164().strip_prefix("+1") {
        Some(number) if number.len() == 10 => {
            format!("{}-{}-{}", &number[..3], &number[3..6], &number[6..])
        }
        _ => phone.e164().to_owned(),
    }
}

/// The suffixes that the state knows, however they are written.
fn suffix(given: &str) -> String {
    let plain: String = given.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_ascii_uppercase().as_str() {
        code @ ("I" | "II" | "III" | "IV" | "V" | "VI" | "VII" | "JR" | "SR") => code.to_owned(),
        "JUNIOR" => "JR".to_owned(),
        "SENIOR" => "SR".to_owned(),
        _ => given.to_owned(),
    }
}

fn gender(gender: Option<Gender>) -> &'static str {
    match gender {
        Some(Gender::Male) => "M",
        Some(Gender::Female) => "F",
        _ => "U",
    }
}

fn party_code(party: Party) -> &'static str {
    match party {
        Party::Democratic => "D",
        Party::Republican => "R",
        Party::Green => "GR",
        Party::Libertarian => "LN",
        Party::None => "NF",
        Party::Other => "OTH",
    }
}

/// The picture as the state takes it: by its type, of which it calls one `jpg`.
fn data_url(signature: &Signature) -> String {
    let subtype = signature.content_type.rsplit('/').next().unwrap_or_default();
    let kind = if subtype == "jpeg" { "jpg" } else { subtype };
    format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(&signature.bytes))
}

/// The codes of the state, without `VR_WAPI_` and in lower case, as it does not write them alike everywhere: what the voter
/// can mend (the list of GETERRORVALUES, as public clients of the service quote it, 2026-11).
const ASK_AGAIN: &[&str] = &[
    "invalidovrdl",
    "invalidovrdlformat",
    "missingovrdl",
    "invalidovrssnformat",
    "missingovrssndl",
    "invalidovrdob",
    "invalidovremail",
    "invalidovrsecondemail",
    "invalidovrphone",
    "invalidovrzipcode",
    "invalidovrmailingzipcode",
    "invalidovrpreviouszipcode",
    "invalidovrpreviouscounty",
    "invalidpreviousregyear",
    "missingaddress",
    "missingovrcity",
    "missingovrstreetaddress",
    "missingovrzipcode",
    "missingovrfirstname",
    "missingovrlastname",
    "missingovrisageover18",
    "missingovrisuscitizen",
    "missingovrdeclaration1",
    "missingovrparty",
    "missingovrotherparty",
    "missingovrpoliticalparty",
    "invalidovrpoliticalparty",
    "missingovrpreviousaddress",
    "missingovrpreviouscity",
    "missingovrpreviousfirstname",
    "missingovrpreviouslastname",
    "missingovrpreviouszipcode",
    "missingreason",
    "missingovrmailinballotaddr",
    "missingovrmailincity",
    "missingovrmailinstate",
    "invalidovrmailinzipcode",
    "missingovrmailinlivedsince",
    "missingovrmailindeclaration",
    "mailinnoteligible",
    "invalidsignaturestring",
    "invalidsignaturetype",
    "invalidsignaturesize",
    "invalidsignaturedimension",
    "invalidsignaturecontrast",
    "invalidsignatureresolution",
];

/// What may be well a while later.
const LATER: &[&str] = &["penndotservicedown", "serviceerror", "systemerror"];

/// What the voter can do nothing about: our key, our request. So is every code that is in none of these lists.
const PAPER: &[&str] = &[
    "invalidaccesskey",
    "missingaccesskey",
    "invalidaction",
    "missingapiaction",
    "missinglanguage",
    "missingcounty",
    "requesterror",
    "invalidapibatch",
    "invalidreason",
    "invalidovrcounty",
    "missingovrcounty",
    "invalidistransferpermanent",
    "invalidovrassistedpersonphone",
    "missingovrassistancedeclaration",
    "missingovrinterpreterlang",
    "missingovrtypeofassistance",
];

/// What several codes mean together: the least hopeful decides what to do, the license and then the signature what is said.
fn refusal(codes: &[&str]) -> Refused {
    let plain: Vec<String> = codes
        .iter()
        .map(|code| code.to_ascii_lowercase())
        .map(|code| code.strip_prefix("vr_wapi_").map_or(code.clone(), str::to_owned))
        .collect();
    let is_in = |list: &[&str], code: &String| list.contains(&code.as_str());
    let remedy = if plain.iter().all(|code| is_in(ASK_AGAIN, code)) {
        Remedy::AskAgain
    } else if plain.iter().all(|code| is_in(ASK_AGAIN, code) || is_in(LATER, code)) {
        Remedy::Later
    } else {
        Remedy::Paper
    };
    let code = if plain.iter().any(|code| code == "invalidovrdl") {
        RefusalCode::DlInvalid
    } else if plain.iter().any(|code| code.starts_with("invalidsignature")) {
        RefusalCode::SignatureInvalid
    } else {
        RefusalCode::UnknownError
    };
    // what is no code of the state may be anything
    let known = |code: &&String| is_in(ASK_AGAIN, code) || is_in(LATER, code) || is_in(PAPER, code);
    let mut named: Vec<&str> = plain.iter().filter(known).map(String::as_str).collect();
    if named.len() < plain.len() {
        named.push("a code that is not known");
    }
    Refused::new(code, remedy, format!("{NAME}: {}", named.join(", ")))
}

/// An element of an answer.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Self>,
}

impl Element {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |it| it.name == name)
    }

    /// The text of the first child of that name, unless it is blank.
    fn text(&self, name: &str) -> Option<&str> {
        let named = self.children.iter().filter(|it| it.name == name);
        named.map(|it| it.text.trim()).find(|text| !text.is_empty())
    }
}

/// The XML is none, or deeper than any answer. Does not repeat any of it.
#[derive(Debug)]
struct NoXml;

impl fmt::Display for NoXml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer's XML is not as expected")
    }
}

impl std::error::Error for NoXml {}

/// The XML in the JSON text of an answer.
fn document(response: HttpResponse) -> Result<Element, ProviderError> {
    let xml: String = response.success(NAME)?.read_json().map_err(|it| unintelligible().because(it))?;
    parse(&xml).ok_or_else(|| unintelligible().because(NoXml))
}

/// Elements and their texts. Comments and processing instructions are skipped; a document type is none of the state's.
fn parse(xml: &str) -> Option<Element> {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if open.len() > DEPTH {
                    return None;
                }
                let name = std::str::from_utf8(tag.local_name().into_inner()).ok()?.to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::Empty(tag) => {
                let name = std::str::from_utf8(tag.local_name().into_inner()).ok()?.to_owned();
                open.last_mut()?.children.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let closed = open.pop()?;
                open.last_mut()?.children.push(closed);
            }
            Event::Text(text) => open.last_mut()?.text += &text.decode().ok()?,
            Event::CData(text) => open.last_mut()?.text += &text.decode().ok()?,
            Event::GeneralRef(name) => {
                let letter = match name.resolve_char_ref().ok()? {
                    Some(letter) => letter,
                    None => match &*name.decode().ok()? {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return None,
                    },
                };
                open.last_mut()?.text.push(letter);
            }
            Event::DocType(_) => return None,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    let mut outside = open.pop().filter(|_| open.is_empty())?;
    outside.children.pop().filter(|_| outside.children.is_empty())
}
