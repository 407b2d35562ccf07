//! Pennsylvania's registration service on loopback: takes what the state's specification lets it take, and refuses the rest
//! by the state's own codes.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, Response, StatusCode, body::Incoming, server::conn::http1, service::service_fn,
};
use hyper_util::rt::TokioIo;
use quick_xml::{Reader, events::Event};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use turnout_core::conformance::state_registrar::Deed;
use url::Url;

/// The key that it knows.
pub(crate) const KEY: &str = "01234567-89ab-cdef-0123-456789abcdef";
/// The elements of an application, in the order of the specification (1.5) and of the state's sample request.
const ELEMENTS: [&str; 68] = [
    "batch",
    "FirstName",
    "MiddleName",
    "LastName",
    "TitleSuffix",
    "united-states-citizen",
    "eighteen-on-election-day",
    "isnewregistration",
    "name-update",
    "address-update",
    "ispartychange",
    "isfederalvoter",
    "DateOfBirth",
    "Gender",
    "Ethnicity",
    "Phone",
    "Email",
    "streetaddress",
    "streetaddress2",
    "unittype",
    "unitnumber",
    "city",
    "zipcode",
    "donthavePermtOrResAddress",
    "county",
    "municipality",
    "mailingaddress",
    "mailingcity",
    "mailingstate",
    "mailingzipcode",
    "drivers-license",
    "ssn4",
    "signatureimage",
    "continueAppSubmit",
    "donthavebothDLandSSN",
    "politicalparty",
    "otherpoliticalparty",
    "needhelptovote",
    "typeofassistance",
    "preferredlanguage",
    "voterregnumber",
    "previousreglastname",
    "previousregfirstname",
    "previousregmiddlename",
    "previousregaddress",
    "previousregcity",
    "previousregstate",
    "previousregzip",
    "previousregcounty",
    "previousregyear",
    "declaration1",
    "assistedpersonname",
    "assistedpersonAddress",
    "assistedpersonphone",
    "assistancedeclaration2",
    "ispollworker",
    "bilingualinterpreter",
    "pollworkerspeaklang",
    "secondEmail",
    "ismailin",
    "istransferpermanent",
    "mailinaddresstype",
    "mailinballotaddr",
    "mailincity",
    "mailinstate",
    "mailinzipcode",
    "mailinward",
    "mailinlivedsince",
];
/// The last element of an application.
const LAST_ELEMENT: &str = "mailindeclaration";

/// An application as it arrived: its elements.
pub(crate) type Applied = BTreeMap<String, String>;

/// Runs until it is dropped.
pub(crate) struct PennsylvaniaOffice {
    pub(crate) origin: Url,
    told: Arc<Told>,
    takes: JoinHandle<()>,
}

#[derive(Default)]
struct Told {
    deeds: Mutex<VecDeque<Deed>>,
    applied: Mutex<Vec<Applied>>,
    reached: Mutex<usize>,
    counties: Mutex<usize>,
    /// What is wrong with requests.
    complaints: Mutex<Vec<String>>,
}

impl PennsylvaniaOffice {
    #[expect(clippy::disallowed_methods, reason = "the other side of a test, which ends it")]
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let told = Arc::new(Told { counties: Mutex::new(67), ..Told::default() });
        let shared = Arc::clone(&told);
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let told = Arc::clone(&shared);
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(Arc::clone(&told), request));
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { origin, told, takes }
    }

    /// What it does with the next application; takes it, unless it was told.
    pub(crate) fn will(&self, deed: Deed) {
        self.told.deeds.lock().unwrap().push_back(deed);
    }

    /// How many counties it knows.
    pub(crate) fn knows(&self, counties: usize) {
        *self.told.counties.lock().unwrap() = counties;
    }

    /// Every application that came whole.
    pub(crate) fn applied(&self) -> Vec<Applied> {
        self.told.applied.lock().unwrap().clone()
    }

    /// How many applications reached it.
    pub(crate) fn reached(&self) -> usize {
        *self.told.reached.lock().unwrap()
    }
}

impl Drop for PennsylvaniaOffice {
    fn drop(&mut self) {
        self.takes.abort();
        if !std::thread::panicking() {
            let complaints = self.told.complaints.lock().unwrap();
            assert!(complaints.is_empty(), "requests that the state would not understand: {complaints:?}");
        }
    }
}

async fn answer(
    told: Arc<Told>,
    request: Request<Incoming>,
) -> Result<Response<Full<bytes::Bytes>>, std::convert::Infallible> {
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let value = |name: &str| query.get(name).map(String::as_str);
    let complain = |what: &str| told.complaints.lock().unwrap().push(what.to_owned());
    if request.uri().path() != "/SureOVRWebAPI/api/ovr" || value("JSONv2") != Some("") {
        complain("the address");
    }
    if value("sysparm_AuthKey") != Some(KEY) {
        return Ok(xml("<RESPONSE><ERROR>VR_WAPI_InvalidAccessKey</ERROR></RESPONSE>"));
    }
    if value("sysparm_Language") != Some("0") {
        return Ok(xml("<RESPONSE><ERROR>VR_WAPI_MissingLanguage</ERROR></RESPONSE>"));
    }
    Ok(match (request.method().clone(), value("sysparm_action")) {
        (Method::GET, Some("GETAPPLICATIONSETUP")) => xml(&setup(*told.counties.lock().unwrap())),
        (Method::GET, Some("GETMUNICIPALITIES")) => match value("sysparm_County") {
            Some(county) if !county.is_empty() => xml(&municipalities(county)),
            _ => xml("<RESPONSE><ERROR>VR_WAPI_MissingCounty</ERROR></RESPONSE>"),
        },
        (Method::POST, Some("SETAPPLICATION")) => {
            let kind = request.headers().get("content-type").map(|it| it.as_bytes().to_vec());
            if kind.as_deref() != Some(b"application/json") {
                complain("the content type");
            }
            *told.reached.lock().unwrap() += 1;
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let deed = told.deeds.lock().unwrap().pop_front().unwrap_or(Deed::Takes);
            application(&told, &body, deed).await
        }
        _ => xml("<RESPONSE><ERROR>VR_WAPI_InvalidAction</ERROR></RESPONSE>"),
    })
}

async fn application(told: &Told, body: &[u8], deed: Deed) -> Response<Full<bytes::Bytes>> {
    let body: Value = serde_json::from_slice(body).unwrap();
    let complain = |what: String| told.complaints.lock().unwrap().push(what);
    let Some(text) = body["ApplicationData"].as_str().filter(|_| body.as_object().unwrap().len() == 1) else {
        complain("the JSON".into());
        return refuse("VR_WAPI_RequestError");
    };
    let applied = match read(text) {
        Ok(applied) => applied,
        Err(what) => {
            complain(what);
            return refuse("VR_WAPI_RequestError");
        }
    };
    let wrong = wrong(&applied);
    let name = applied["FirstName"].clone();
    told.applied.lock().unwrap().push(applied);
    match deed {
        Deed::Takes if wrong.is_empty() => {
            xml("<?xml version=\"1.0\"?><RESPONSE><APPLICATIONID>5544332211</APPLICATIONID>\
             <APPLICATIONDATE>Nov  3 2026  7:00AM</APPLICATIONDATE><SIGNATURE>PennDOT &amp; none</SIGNATURE><ERROR/></RESPONSE>")
        }
        Deed::Takes => refuse(&wrong.join(",")),
        Deed::RefusesTheLicense => refuse("VR_WAPI_InvalidOVRDL"),
        Deed::RefusesTheSignature => refuse("VR_WAPI_Invalidsignaturecontrast"),
        Deed::Refuses => refuse("VR_WAPI_RequestError"),
        Deed::AsksForRest => status(429),
        Deed::Fails => status(503),
        Deed::IsSilent => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            status(200)
        }
        Deed::Babbles => Response::new(Full::from(format!("<html>Sorry, {name}</html>"))),
    }
}

/// The elements, if they are those of the specification, in its order, in its namespace.
fn read(text: &str) -> Result<Applied, String> {
    let mut reader = Reader::from_str(text);
    let (mut names, mut values, mut depth) = (Vec::new(), Vec::new(), 0);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                depth += 1;
                let name = String::from_utf8(tag.name().into_inner().to_vec()).unwrap();
                let namespace = tag.try_get_attribute("xmlns").unwrap().map(|it| it.value.to_vec());
                match (depth, name.as_str(), namespace.as_deref()) {
                    (1, "APIOnlineApplicationData", Some(b"OVRexternaldata")) | (2, "record", None) => {}
                    (3, _, None) => {
                        names.push(name);
                        values.push(String::new());
                    }
                    _ => return Err(format!("{name} at depth {depth}")),
                }
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) if depth == 3 => *values.last_mut().unwrap() += &text.decode().unwrap(),
            Event::GeneralRef(name) if depth == 3 => {
                let letter = match &*name.decode().unwrap() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    other => return Err(format!("the entity {other}")),
                };
                values.last_mut().unwrap().push(letter);
            }
            Event::Eof => break,
            other => return Err(format!("{other:?}")),
        }
    }
    if !names.iter().map(String::as_str).eq(ELEMENTS.into_iter().chain([LAST_ELEMENT])) {
        return Err(format!("the elements {names:?}"));
    }
    Ok(names.into_iter().zip(values).collect())
}

/// The codes of what is missing or not written as the specification wants it.
fn wrong(applied: &Applied) -> Vec<&'static str> {
    let value = |name: &str| applied[name].as_str();
    let is = |name: &str| value(name) == "1";
    let digits = |name: &str, count: usize| {
        value(name).len() == count && value(name).bytes().all(|it| it.is_ascii_digit())
    };
    let signature = value("signatureimage");
    let is_picture = ["tiff", "png", "jpg", "bmp"].iter().any(|kind| {
        signature.strip_prefix(&format!("data:image/{kind};base64,")).is_some_and(|it| !it.is_empty())
    });
    let is_phone = |text: &str| {
        text.len() == 12
            && text.split('-').map(str::len).eq([3, 3, 4])
            && text.bytes().all(|it| it.is_ascii_digit() || it == b'-')
    };
    let updates = is("name-update") || is("address-update") || is("ispartychange");
    let rules: [(bool, &'static str); 28] = [
        (value("batch") == "0" || value("batch") == "1", "VR_WAPI_InvalidAPIbatch"),
        (!value("FirstName").is_empty(), "VR_WAPI_MissingOVRfirstname"),
        (!value("LastName").is_empty(), "VR_WAPI_MissingOVRlastname"),
        (is("united-states-citizen"), "VR_WAPI_MissingOVRisuscitizen"),
        (is("eighteen-on-election-day"), "VR_WAPI_MissingOVRisageover18"),
        (is("isnewregistration") != updates, "VR_WAPI_InvalidReason"),
        (
            chrono::NaiveDate::parse_from_str(value("DateOfBirth"), "%Y-%m-%d").is_ok(),
            "VR_WAPI_InvalidOVRDOB",
        ),
        (["M", "F", "U"].contains(&value("Gender")), "VR_WAPI_RequestError"),
        (value("Phone").is_empty() || is_phone(value("Phone")), "VR_WAPI_InvalidOVRphone"),
        (value("Email").is_empty() || value("Email").contains('@'), "VR_WAPI_InvalidOVRemail"),
        (!value("streetaddress").is_empty(), "VR_WAPI_MissingOVRstreetaddress"),
        (!value("city").is_empty(), "VR_WAPI_MissingOVRcity"),
        (digits("zipcode", 5), "VR_WAPI_InvalidOVRzipcode"),
        (!value("county").is_empty() && !value("county").contains("County"), "VR_WAPI_InvalidOVRCounty"),
        (["", "PA", "OH", "NJ"].contains(&value("mailingstate")), "VR_WAPI_RequestError"),
        (value("drivers-license").is_empty() || digits("drivers-license", 8), "VR_WAPI_InvalidOVRDLformat"),
        (value("ssn4").is_empty() || digits("ssn4", 4), "VR_WAPI_InvalidOVRSSNformat"),
        (is("continueAppSubmit") == value("drivers-license").is_empty(), "VR_WAPI_MissingOVRDL"),
        (
            is("donthavebothDLandSSN") == (value("drivers-license").is_empty() && value("ssn4").is_empty()),
            "VR_WAPI_MissingOVRSSNDL",
        ),
        (signature.is_empty() || is_picture, "VR_WAPI_Invalidsignaturetype"),
        (!is("donthavebothDLandSSN") || is_picture, "VR_WAPI_Invalidsignaturestring"),
        (
            ["D", "R", "GR", "LN", "NF", "OTH"].contains(&value("politicalparty")),
            "VR_WAPI_InvalidOVRPoliticalParty",
        ),
        (
            (value("politicalparty") == "OTH") != value("otherpoliticalparty").is_empty(),
            "VR_WAPI_MissingOVROtherParty",
        ),
        (
            !is("name-update") || !value("previousregfirstname").is_empty(),
            "VR_WAPI_MissingOVRPreviousFirstName",
        ),
        (!is("address-update") || !value("previousregcity").is_empty(), "VR_WAPI_MissingOVRPreviousCity"),
        (
            value("previousregstate").len() != 1 && value("previousregstate").len() <= 2,
            "VR_WAPI_RequestError",
        ),
        (is("declaration1"), "VR_WAPI_MissingOVRdeclaration1"),
        (is("ismailin") != value("mailinballotaddr").is_empty(), "VR_WAPI_MissingOVRmailinballotaddr"),
    ];
    rules.iter().filter(|(good, _)| !good).map(|(_, code)| *code).collect()
}

/// A JSON text that holds XML, as every answer is.
fn xml(text: &str) -> Response<Full<bytes::Bytes>> {
    Response::new(Full::from(json!(text).to_string()))
}

fn refuse(codes: &str) -> Response<Full<bytes::Bytes>> {
    xml(&format!("<RESPONSE><APPLICATIONID></APPLICATIONID><SIGNATURE/><ERROR>{codes}</ERROR></RESPONSE>"))
}

fn status(code: u16) -> Response<Full<bytes::Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    response
}

/// What a form may offer: counties among much else, one of them without a name.
fn setup(counties: usize) -> String {
    let counties: String = (0..counties)
        .rev()
        .map(|number| {
            format!(
                "<County><countyID>{}</countyID><Countyname>COUNTY {number:02}</Countyname></County>",
                2290 + number
            )
        })
        .collect();
    format!(
        "<NewDataSet><Suffix><NameSuffixCode>jr</NameSuffixCode></Suffix><County><countyID>0</countyID></County>{counties}\
         <NextElection><NextElection>11/03/2026</NextElection></NextElection></NewDataSet>"
    )
}

fn municipalities(county: &str) -> String {
    let places: String = ["TOWNSHIP", "BOROUGH &amp; CITY"]
        .iter()
        .enumerate()
        .map(|(number, kind)| {
            format!(
                "<Municipality><MunicipalityType>1</MunicipalityType><MunicipalityID>MN0{number}</MunicipalityID>\
                 <MunicipalityIDname>{county} {kind}</MunicipalityIDname></Municipality>"
            )
        })
        .collect();
    format!("<OVRLookupData>{places}</OVRLookupData>")
}
