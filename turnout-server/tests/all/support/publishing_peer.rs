//! Services that hear what is published, of our own and on one socket: the monitor of pages, Cloudflare (reference of 2026-11),
//! a site's build hook, i90, and another server with our API. Each refuses what it does not take.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use turnout_core::{
    conformance::http::Heard,
    ports::http::{HttpResponse, Method, StatusCode},
};
use url::Url;

use super::{
    http_peer::{Vendor, VendorPeer},
    partner::basic,
    schema,
};

/// As whom the monitor knows us.
pub(crate) const UPTIME_SECRET: &str = "uptime-hush";
/// What opens the zone.
pub(crate) const CLOUDFLARE_TOKEN: &str = "cloudflare-hush";
/// By which i90 knows us.
pub(crate) const I90_KEY: &str = "i90-hush";
/// The path of the build hook.
pub(crate) const HOOK: &str = "/build_hooks/hook-hush";
/// How many sites a page of the monitor's list has.
const PAGE: usize = 2;

/// Runs until it is dropped.
pub(crate) struct PublishingPeer(VendorPeer<Inside>);

#[derive(Default)]
struct Inside {
    origin: String,
    /// The monitor's sites by id.
    sites: BTreeMap<String, Value>,
    /// The tags of each purge.
    purges: Vec<Vec<String>>,
    /// How often the hook was called.
    builds: u32,
    /// Where short links lead, by token.
    links: BTreeMap<String, String>,
    /// What the other server says of kinds of facts, and of states.
    facts: [Value; 2],
    /// Paths that begin so answer with this status, so often.
    failures: Vec<(&'static str, u16, u32)>,
}

impl PublishingPeer {
    pub(crate) async fn start() -> Self {
        let peer = Self(VendorPeer::start().await);
        peer.0.inside().origin = peer.origin().to_string();
        peer
    }

    pub(crate) fn origin(&self) -> Url {
        self.0.origin.clone()
    }

    /// The next `times` calls of paths that begin so fail with this status.
    pub(crate) fn fail(&self, path: &'static str, status: u16, times: u32) {
        self.0.inside().failures.push((path, status, times));
    }

    /// The sites that the monitor has: description, address, whether it is watched.
    pub(crate) fn sites(&self) -> Vec<(String, String, bool)> {
        let text = |site: &Value, name: &str| site[name].as_str().unwrap_or_default().to_owned();
        let inside = self.0.inside();
        let told =
            |site: &Value| (text(site, "description"), text(site, "url"), site["active"] == json!(true));
        inside.sites.values().map(told).collect()
    }

    /// The metadata of the site at an address.
    pub(crate) fn metadata(&self, url: &str) -> Value {
        let inside = self.0.inside();
        inside.sites.values().find(|site| site["url"] == url).map(|site| site["metadata"].clone()).unwrap()
    }

    /// Takes out the purges so far.
    pub(crate) fn purges(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut self.0.inside().purges)
    }

    /// How often the hook was called.
    pub(crate) fn builds(&self) -> u32 {
        self.0.inside().builds
    }

    /// A short link that there is.
    pub(crate) fn link(&self, token: &str, to: &str) {
        self.0.inside().links.insert(token.to_owned(), to.to_owned());
    }

    /// What the other server says.
    pub(crate) fn say(&self, fields: Value, states: Value) {
        self.0.inside().facts = [fields, states];
    }
}

fn status(code: u16) -> HttpResponse {
    HttpResponse::json(StatusCode::from_u16(code).unwrap(), &json!({ "detail": "no" }))
}

fn good(body: &Value) -> HttpResponse {
    HttpResponse::json(StatusCode::OK, body)
}

fn header<'h>(heard: &'h Heard, name: &str) -> &'h str {
    heard.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        let failing =
            self.failures.iter_mut().find(|(path, _, left)| *left > 0 && heard.path.starts_with(path));
        if let Some((_, code, left)) = failing {
            *left -= 1;
            return Some(status(*code));
        }
        let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
        let (path, query) = heard.path.split_once('?').unwrap_or((&heard.path, ""));
        Some(if path.starts_with("/v1/uptime/") {
            self.monitor(heard, path, query, &body)
        } else if path.starts_with("/client/v4/zones/") {
            self.cloudflare(heard, path, &body)
        } else if path.starts_with("/build_hooks/") {
            self.hook(heard, path)
        } else if path.starts_with("/v1/election/") {
            match path {
                "/v1/election/field/" => good(&self.facts[0]),
                "/v1/election/state/" => good(&self.facts[1]),
                _ => status(404),
            }
        } else {
            self.i90(heard, path, &body)
        })
    }
}

impl Inside {
    fn monitor(&mut self, heard: &Heard, path: &str, query: &str, body: &Value) -> HttpResponse {
        if header(heard, "authorization") != basic("turnout", UPTIME_SECRET) {
            return status(401);
        }
        if path == "/v1/uptime/sites-mine/" && heard.method == Method::GET {
            let from: usize =
                query.strip_prefix("offset=").and_then(|it| it.parse().ok()).unwrap_or_default();
            let results: Vec<&Value> = self.sites.values().skip(from).take(PAGE).collect();
            let more = from + PAGE < self.sites.len();
            let next = more.then(|| format!("{}v1/uptime/sites-mine/?offset={}", self.origin, from + PAGE));
            return good(&json!({ "count": self.sites.len(), "next": next, "results": results }));
        }
        let id = path.strip_prefix("/v1/uptime/sites/").map(|rest| rest.trim_end_matches('/'));
        match (&heard.method, id) {
            (&Method::POST, Some("")) => {
                let is_whole = ["url", "description"].iter().all(|name| body[*name].is_string());
                if !is_whole || !body["metadata"].is_object() {
                    return status(400);
                }
                let id = format!("{:04}", self.sites.len() + 1);
                let mut site = body.clone();
                (site["uuid"], site["active"]) = (json!(id), json!(true));
                self.sites.insert(id, site.clone());
                HttpResponse::json(StatusCode::CREATED, &site)
            }
            (&Method::PUT, Some(id)) => {
                let Some(site) = self.sites.get_mut(id) else { return status(404) };
                for (name, value) in body.as_object().into_iter().flatten() {
                    site[name] = value.clone();
                }
                good(site)
            }
            _ => status(405),
        }
    }

    fn cloudflare(&mut self, heard: &Heard, path: &str, body: &Value) -> HttpResponse {
        if header(heard, "authorization") != format!("Bearer {CLOUDFLARE_TOKEN}") {
            return status(403);
        }
        if path != "/client/v4/zones/zone7/purge_cache" || heard.method != Method::POST {
            return status(404);
        }
        let tags: Vec<String> = body["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect();
        if tags.is_empty() || tags.len() > 30 {
            return HttpResponse::json(StatusCode::BAD_REQUEST, &json!({ "success": false }));
        }
        self.purges.push(tags);
        good(&json!({ "success": true, "errors": [], "messages": [], "result": { "id": "zone7" } }))
    }

    fn hook(&mut self, heard: &Heard, path: &str) -> HttpResponse {
        if path != HOOK || heard.method != Method::POST || !heard.body.is_empty() {
            return status(404);
        }
        self.builds += 1;
        HttpResponse::new(StatusCode::OK)
    }

    fn i90(&mut self, heard: &Heard, path: &str, body: &Value) -> HttpResponse {
        if header(heard, "x-api-key") != I90_KEY {
            return status(403);
        }
        let misfits = match (&heard.method, path) {
            (&Method::POST, "/v1/conceive") => schema::misfits("i90-conceive", body),
            (&Method::POST, "/v1/claim") => schema::misfits("i90-claim", body),
            // with its query, if it had one
            (&Method::GET, _) => schema::misfits("i90-redirect", &json!({ "path": heard.path })),
            _ => return status(405),
        };
        if !misfits.is_empty() {
            println!("{misfits:?}");
            return status(400);
        }
        let destination = body["destination"].as_str().unwrap_or_default().to_owned();
        let token = match path {
            "/v1/conceive" => format!("x{}", self.links.len()),
            "/v1/claim" => match body["token"].as_str() {
                Some(token) if !self.links.contains_key(token) => token.to_owned(),
                _ => return status(409),
            },
            _ => {
                let token = path.strip_prefix("/v1/redirect/").unwrap_or_default();
                return match self.links.get(token) {
                    Some(to) => good(&json!({ "token": token, "destination": to })),
                    None => status(404),
                };
            }
        };
        self.links.insert(token.clone(), destination);
        good(&json!({ "token": token, "short_url": format!("{}{token}", self.origin) }))
    }
}
