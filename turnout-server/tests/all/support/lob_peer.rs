//! A Lob of our own, on a socket: refuses what Lob's reference (2026-11) does not take, and keeps letters.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use turnout_core::{
    conformance::http::Heard,
    ports::http::{HttpResponse, Method, StatusCode},
};
use url::Url;

use super::{
    http_peer::{Vendor, VendorPeer},
    schema,
};

/// The key that it knows.
pub(crate) const LOB_KEY: &str = "test_hush";

/// Runs until it is dropped.
pub(crate) struct LobPeer(VendorPeer<Inside>);

/// A letter that was taken.
#[derive(Debug, Clone)]
pub(crate) struct LobLetter {
    pub(crate) id: String,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) pdf: Vec<u8>,
    deleted: bool,
}

#[derive(Default)]
struct Inside {
    letters: Vec<LobLetter>,
    keys: BTreeMap<String, String>,
    forgets: bool,
}

/// Why a request is refused.
struct Refusal(u16, &'static str);

type Outcome = Result<Value, Refusal>;

impl LobPeer {
    pub(crate) async fn start() -> Self {
        Self(VendorPeer::start().await)
    }

    pub(crate) fn origin(&self) -> Url {
        self.0.origin.clone()
    }

    /// The letters that are to be printed.
    pub(crate) fn letters(&self) -> Vec<LobLetter> {
        let inside = self.0.inside();
        inside.letters.iter().filter(|letter| !letter.deleted).cloned().collect()
    }

    /// From now on it knows no letter again by its key, as after a day.
    pub(crate) fn forgets_keys(&self) {
        self.0.inside().forgets = true;
    }
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        Some(match self.answer(heard) {
            Ok(body) => HttpResponse::json(StatusCode::OK, &body),
            Err(Refusal(status, code)) => HttpResponse::json(
                StatusCode::from_u16(status).unwrap(),
                &json!({"error": {"message": "Jose", "status_code": status, "code": code}}),
            ),
        })
    }
}

impl Inside {
    fn answer(&mut self, heard: &Heard) -> Outcome {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let basic = format!("Basic {}", STANDARD.encode(format!("{LOB_KEY}:")));
        if heard.headers.get("authorization").is_none_or(|given| *given != basic.as_str()) {
            return Err(Refusal(401, "unauthorized"));
        }
        let url = Url::parse("http://peer").unwrap().join(&heard.path).unwrap();
        let path: Vec<&str> = url.path_segments().unwrap().collect();
        match (&heard.method, &path[..]) {
            (&Method::POST, ["v1", "us_verifications"]) => verify(heard),
            (&Method::POST, ["v1", "letters"]) => self.take(heard),
            (&Method::GET, ["v1", "letters"]) => self.list(&url),
            (&Method::DELETE, ["v1", "letters", id]) => self.delete(id, heard),
            _ => Err(Refusal(404, "not_found")),
        }
    }

    fn take(&mut self, heard: &Heard) -> Outcome {
        let key = heard.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        let key = key.filter(|key| !key.is_empty() && key.len() <= 256).map(str::to_owned);
        let known = key.as_ref().filter(|_| !self.forgets).and_then(|key| self.keys.get(key));
        if let Some(id) = known {
            let letter = self.letters.iter().find(|letter| letter.id == *id).unwrap();
            return Ok(shown(letter));
        }
        let (fields, pdf) = parts(heard).ok_or(Refusal(422, "invalid"))?;
        is_letter(&fields, &pdf)?;
        let letter =
            LobLetter { id: format!("ltr_{:016x}", self.letters.len() + 1), fields, pdf, deleted: false };
        if let Some(key) = key {
            self.keys.insert(key, letter.id.clone());
        }
        let body = shown(&letter);
        self.letters.push(letter);
        Ok(body)
    }

    fn list(&self, url: &Url) -> Outcome {
        let mut fields: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        fields.insert("path".to_owned(), url.path().to_owned());
        if !fits("lob-list-letters", &fields) {
            return Err(Refusal(422, "invalid"));
        }
        let of = fields.get("metadata[action_uuid]");
        let is = |letter: &&LobLetter| letter.fields.get("metadata[action_uuid]") == of;
        // the newest first; those called off too
        let data: Vec<Value> = self.letters.iter().rev().filter(is).map(shown).collect();
        Ok(
            json!({"object": "list", "count": data.len(), "next_url": null, "previous_url": null, "data": data}),
        )
    }

    fn delete(&mut self, id: &str, heard: &Heard) -> Outcome {
        let body = String::from_utf8_lossy(&heard.body).into_owned();
        let fields = BTreeMap::from([("path".to_owned(), heard.path.clone()), ("body".to_owned(), body)]);
        if !fits("lob-delete-letter", &fields) {
            return Err(Refusal(422, "invalid"));
        }
        let letter = self.letters.iter_mut().find(|letter| letter.id == id && !letter.deleted);
        letter.ok_or(Refusal(404, "not_found"))?.deleted = true;
        Ok(json!({"id": id, "deleted": true}))
    }
}

fn shown(letter: &LobLetter) -> Value {
    let day = usize::from_str_radix(&letter.id[4..], 16).unwrap();
    let mut body = json!({
        "id": letter.id, "object": "letter", "color": false, "carrier": "USPS", "to": {"name": "JOSE"},
        "date_created": format!("2026-11-03T12:00:{day:02}.000Z"), "send_date": "2026-11-03T12:05:00.000Z",
        "expected_delivery_date": "2026-11-10", "tracking_events": [], "url": "https://assets.example.org/x",
    });
    if letter.deleted {
        body["deleted"] = json!(true);
    }
    body
}

/// Takes a form with a file apart.
fn parts(heard: &Heard) -> Option<(BTreeMap<String, String>, Vec<u8>)> {
    let kind = heard.headers.get("content-type")?.to_str().ok()?;
    let boundary = format!("--{}", kind.strip_prefix("multipart/form-data; boundary=")?);
    let (mut fields, mut pdf) = (BTreeMap::new(), Vec::new());
    let mut rest = heard.body.strip_prefix(boundary.as_bytes())?;
    let between = format!("\r\n{boundary}");
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
        let head = find(part, b"\r\n\r\n")?;
        let end = find(part, between.as_bytes())?;
        let (head, body) = (std::str::from_utf8(&part[..head]).ok()?, &part[head + 4..end]);
        let name = head.split("name=\"").nth(1)?.split('"').next()?.to_owned();
        if name == "file" {
            if !head.contains("Content-Type: application/pdf") || !head.contains("filename=\"") {
                return None;
            }
            pdf = body.to_vec();
        } else if fields.insert(name, String::from_utf8(body.to_vec()).ok()?).is_some() {
            return None;
        }
        rest = &part[end + between.len()..];
    }
    (rest == b"--\r\n").then_some((fields, pdf))
}

fn is_letter(fields: &BTreeMap<String, String>, pdf: &[u8]) -> Result<(), Refusal> {
    let is_good = fits("lob-letter", fields);
    match (is_good, pdf.starts_with(b"%PDF-"), pdf.len() <= 5 * 1024 * 1024) {
        (true, true, true) => Ok(()),
        (false, ..) => Err(Refusal(422, "invalid")),
        (_, false, _) => Err(Refusal(422, "file_type_invalid")),
        (.., false) => Err(Refusal(422, "file_size_exceeds_limit")),
    }
}

/// Whether these fields are what that schema says.
fn fits(schema: &str, fields: &BTreeMap<String, String>) -> bool {
    let misfits = schema::misfits(schema, &json!(fields));
    if !misfits.is_empty() {
        println!("{misfits:?}");
    }
    misfits.is_empty()
}

/// Mail arrives at every number of King Street but 0; `Kings` is taken for it, and a unit is not needed.
fn verify(heard: &Heard) -> Outcome {
    let fields: BTreeMap<String, String> = url::form_urlencoded::parse(&heard.body).into_owned().collect();
    let text = |name: &str| fields.get(name).map_or("", String::as_str);
    if !fits("lob-us-verification", &fields) {
        return Err(Refusal(422, "invalid"));
    }
    let number = text("primary_line").split(' ').next().unwrap();
    let deliverability = match (number, text("secondary_line")) {
        ("0", _) => "undeliverable",
        (_, "") => "deliverable",
        _ => "deliverable_unnecessary_unit",
    };
    Ok(json!({
        "id": "us_ver_1", "object": "us_verification", "recipient": "", "deliverability": deliverability,
        "primary_line": format!("{number} KING ST"), "secondary_line": "", "urbanization": "",
        "last_line": "SAN FRANCISCO CA 94107-1741", "valid_address": true,
        "components": {
            "primary_number": number, "street_predirection": "", "street_name": "KING", "street_suffix": "ST",
            "city": "SAN FRANCISCO", "state": "CA", "zip_code": "94107", "zip_code_plus_4": "1741",
        },
    }))
}
