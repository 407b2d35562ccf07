//! US Vote Foundation of our own, on a socket (EOD API, version 3): it has regions and offices, gives them page by page to
//! who has the key, says how many there are, and now and then loses a record or fails.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use turnout_core::{
    conformance::http::Heard,
    ports::http::{
        HttpResponse, Method, StatusCode,
        header::{AUTHORIZATION, RETRY_AFTER},
    },
};
use url::{Url, form_urlencoded};

use super::http_peer::{Vendor, VendorPeer};

/// By which it knows us.
pub(crate) const USVF_KEY: &str = "usvf-hush";
/// Where its lists are.
const LISTS: &str = "/eod/v3/";
/// The records of a page where the request does not say how many.
const LIMIT: usize = 20;

/// What goes wrong with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It answers with this status.
    Fails(u16),
    /// It wants to be left alone for so many seconds: whoever asks earlier hears it again.
    AsksForRest(u64),
    /// It ends the connection.
    HangsUp,
    /// It announces more than it gives, and ends the connection.
    BreaksOff,
    /// It gives half of the page as if that were all.
    IsCut,
}

/// Runs until it is dropped.
pub(crate) struct VoteFoundationPeer(VendorPeer<Inside>);

#[derive(Default)]
struct Inside {
    lists: BTreeMap<&'static str, Vec<Value>>,
    /// Records that are on no page of these sizes: list and number.
    lost: Vec<(usize, &'static str, i64)>,
    /// What goes wrong with the first request whose path and query end so.
    wrongs: Vec<(&'static str, Wrong)>,
    rests: Option<Instant>,
    impatient: u32,
    asked: Vec<String>,
    breaks_off: bool,
}

impl VoteFoundationPeer {
    pub(crate) async fn start() -> Self {
        Self(VendorPeer::start().await)
    }

    pub(crate) fn origin(&self) -> Url {
        self.0.origin.clone()
    }

    /// What it has from now on.
    pub(crate) fn has(&self, regions: &[Value], offices: &[Value]) {
        let lists = [("regions", regions.to_vec()), ("offices", offices.to_vec())];
        self.0.inside().lists = lists.into();
    }

    /// Its paging loses a record in the passes with pages of these sizes, from now on; what it lost before is back.
    pub(crate) fn loses(&self, records: &[(usize, &'static str, i64)]) {
        self.0.inside().lost = records.to_vec();
    }

    /// Something goes wrong with the next request whose path and query end so.
    pub(crate) fn will(&self, page: &'static str, wrong: Wrong) {
        self.0.inside().wrongs.push((page, wrong));
    }

    /// It wants to be left alone no more.
    pub(crate) fn has_rested(&self) {
        self.0.inside().rests = None;
    }

    /// How often it was asked while it wanted to be left alone.
    pub(crate) fn impatient(&self) -> u32 {
        self.0.inside().impatient
    }

    /// What is still to go wrong.
    pub(crate) fn left(&self) -> usize {
        self.0.inside().wrongs.len()
    }

    /// Takes out the pages that it gave.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.inside().asked)
    }
}

fn no(status: u16) -> HttpResponse {
    HttpResponse::json(StatusCode::from_u16(status).unwrap(), &json!({ "error_message": "no" }))
}

fn leave_alone(seconds: u64) -> HttpResponse {
    no(429).with_header(RETRY_AFTER, seconds.into())
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        if let Some(left) = self.rests.and_then(|until| until.checked_duration_since(Instant::now())) {
            self.impatient += 1;
            return Some(leave_alone(left.as_secs() + 1));
        }
        let key = heard.headers.get(AUTHORIZATION).and_then(|key| key.to_str().ok());
        if key != Some(&format!("OAuth {USVF_KEY}")) {
            return Some(no(401));
        }
        if heard.method != Method::GET {
            return Some(no(405));
        }
        let wrong = self.wrongs.iter().position(|(page, _)| heard.path.ends_with(page));
        let wrong = wrong.map(|at| self.wrongs.remove(at).1);
        match wrong {
            Some(Wrong::Fails(status)) => return Some(no(status)),
            Some(Wrong::AsksForRest(seconds)) => {
                self.rests = Some(Instant::now() + Duration::from_secs(seconds));
                return Some(leave_alone(seconds));
            }
            Some(Wrong::HangsUp) => return None,
            Some(Wrong::BreaksOff) => self.breaks_off = true,
            Some(Wrong::IsCut) | None => {}
        }
        let answer = self.page(&heard.path);
        if wrong.is_none() {
            self.asked.push(heard.path.clone());
        }
        let whole = answer.body.clone();
        Some(if wrong == Some(Wrong::IsCut) {
            answer.with_body(whole.slice(..whole.len() / 2))
        } else {
            answer
        })
    }

    fn announces(&mut self, length: usize) -> usize {
        if std::mem::take(&mut self.breaks_off) { length + 100 } else { length }
    }
}

impl Inside {
    fn page(&self, path: &str) -> HttpResponse {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let Some((list, records)) = path.strip_prefix(LISTS).and_then(|list| self.lists.get_key_value(list))
        else {
            return no(404);
        };
        let (mut limit, mut offset) = (LIMIT, 0);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "limit" => &mut limit,
                "offset" => &mut offset,
                _ => return no(400),
            };
            let Ok(number) = value.parse() else { return no(400) };
            *place = number;
        }
        let is_lost = |record: &Value| {
            self.lost.iter().any(|(size, of, id)| (size, of) == (&limit, list) && record["id"] == *id)
        };
        let objects: Vec<&Value> =
            records.iter().skip(offset).take(limit).filter(|record| !is_lost(record)).collect();
        let after = offset + limit;
        let next = (after < records.len()).then(|| format!("{LISTS}{list}?limit={limit}&offset={after}"));
        let meta = json!({ "limit": limit, "offset": offset, "next": next, "total_count": records.len() });
        HttpResponse::json(StatusCode::OK, &json!({ "meta": meta, "objects": objects }))
    }
}
