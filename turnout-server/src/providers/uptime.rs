//! The monitor of pages that VoteAmerica runs: a REST service with pages of JSON (`flows.md` 23, 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        http::{HttpClient, HttpRequest, HttpResponse, Method},
        monitor::{MonitoredPage, PageMetadata, PageMonitor, WatchedPage},
    },
};
use url::Url;

use crate::config::Secret;

const NAME: &str = "uptime";
const TIMEOUT: TimeDelta = TimeDelta::seconds(30);
/// A list has no more pages; one that goes on is going round in circles.
const PAGES: usize = 1_000;
/// Where sites are, and those of ours.
const SITES: &str = "/v1/uptime/sites/";
const OURS: &str = "/v1/uptime/sites-mine/";

/// Has pages watched.
pub struct Uptime {
    http: Arc<dyn HttpClient>,
    base: Url,
    user: String,
    password: Secret,
}

/// A page of the list.
#[derive(Deserialize)]
struct Page {
    next: Option<String>,
    results: Vec<Site>,
}

#[derive(Deserialize)]
struct Site {
    uuid: String,
    url: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    metadata: Value,
    active: bool,
}

impl From<Site> for MonitoredPage {
    fn from(site: Site) -> Self {
        let metadata: PageMetadata = serde_json::from_value(site.metadata).unwrap_or_default();
        let page = WatchedPage { url: site.url, description: site.description, metadata };
        Self { id: site.uuid, is_active: site.active, page }
    }
}

fn unintelligible() -> ProviderError {
    ProviderError::new(NAME, ProviderErrorKind::Unintelligible)
}

impl Uptime {
    /// The service at `base`, which knows us by this name and password.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: Url, user: &str, password: Secret) -> Self {
        Self { http, base, user: user.to_owned(), password }
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// The address of a site.
    fn site(&self, id: &str) -> Result<Url, ProviderError> {
        let mut url = self.at(SITES);
        url.path_segments_mut().map_err(|()| unintelligible())?.pop_if_empty().push(id).push("");
        Ok(url)
    }

    fn request(&self, method: Method, url: Url) -> HttpRequest {
        HttpRequest::new(method, url)
            .with_timeout(TIMEOUT)
            .with_basic_auth(&self.user, self.password.reveal())
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        self.http.send(request).await.map_err(|error| error.at(NAME))?.success(NAME)
    }

    async fn tell(&self, method: Method, url: Url, body: &Value) -> Result<(), ProviderError> {
        let request = self.request(method, url).with_json(body).map_err(|error| error.at(NAME))?;
        self.ask(request).await.map(drop)
    }

    /// The sites of a page, and where the next one is. Never elsewhere than where the password may go.
    fn answer(&self, url: &Url, response: &HttpResponse) -> Result<(Vec<Site>, Option<Url>), ProviderError> {
        let page: Page = response.read_json().map_err(|error| unintelligible().because(error))?;
        let next = page.next.filter(|next| !next.is_empty());
        let next = next.map(|next| url.join(&next)).transpose();
        match next.map_err(|error| unintelligible().because(error))? {
            Some(next) if next.origin() != self.base.origin() => Err(unintelligible()),
            next => Ok((page.results, next)),
        }
    }
}

#[async_trait]
impl PageMonitor for Uptime {
    async fn pages(&self) -> Result<Vec<MonitoredPage>, ProviderError> {
        let mut next = Some(self.at(OURS));
        let mut found = Vec::new();
        for number in 1_usize.. {
            let Some(url) = next.take() else { break };
            if number > PAGES {
                return Err(unintelligible());
            }
            let answered = self.ask(self.request(Method::GET, url.clone())).await?;
            let (sites, following) = self.answer(&url, &answered)?;
            found.extend(sites.into_iter().map(MonitoredPage::from));
            next = following;
        }
        Ok(found)
    }

    async fn add(&self, page: &WatchedPage) -> Result<(), ProviderError> {
        self.tell(Method::POST, self.at(SITES), &json!(page)).await
    }

    async fn change(&self, id: &str, page: &WatchedPage) -> Result<(), ProviderError> {
        let WatchedPage { url, description, metadata } = page;
        let body = json!({ "url": url, "description": description, "metadata": metadata, "active": true });
        self.tell(Method::PUT, self.site(id)?, &body).await
    }

    async fn stop(&self, id: &str) -> Result<(), ProviderError> {
        self.tell(Method::PUT, self.site(id)?, &json!({ "active": false })).await
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        memory::ScriptedHttp,
        ports::http::{StatusCode, header::AUTHORIZATION},
    };

    use super::*;

    const HOST: &str = "uptime.example.org";

    fn uptime(http: &ScriptedHttp) -> Uptime {
        let base = "https://uptime.example.org".parse().expect("an address");
        Uptime::new(Arc::new(http.clone()), base, "turnout", Secret::new("hush".to_owned()))
    }

    fn page(sites: &Value, next: Option<&str>) -> HttpResponse {
        HttpResponse::json(StatusCode::OK, &json!({ "count": 2, "next": next, "results": sites }))
    }

    fn watched() -> WatchedPage {
        let metadata = PageMetadata { state_id: "MA".into(), slugs: vec!["a".into()], ..Default::default() };
        WatchedPage { url: "https://ma.example.org/".into(), description: "MA a".into(), metadata }
    }

    #[tokio::test]
    async fn every_page_of_the_list_is_read_and_odd_metadata_are_none() {
        let http = ScriptedHttp::new();
        let one = json!([{
            "uuid": "u1", "url": "https://ma.example.org/", "description": "MA a", "active": true,
            "metadata": { "state_id": "MA", "slugs": ["a"], "slug_descs": [] }, "state_up": null
        }]);
        let two = json!([{ "uuid": "u2", "url": "https://b.org/", "metadata": "odd", "active": false }]);
        http.answer(HOST, page(&one, Some("https://uptime.example.org/v1/uptime/sites-mine/?offset=1")));
        http.answer(HOST, page(&two, None));
        let found = uptime(&http).pages().await.expect("a list");
        assert_eq!(found[0], MonitoredPage { id: "u1".into(), is_active: true, page: watched() });
        assert_eq!((found[1].is_active, &found[1].page.metadata), (false, &PageMetadata::default()));
        let requests = http.requests();
        assert_eq!(requests[1].url.query(), Some("offset=1"));
        assert!(requests.iter().all(|it| it.headers[AUTHORIZATION].is_sensitive()));
    }

    #[tokio::test]
    async fn what_is_to_be_done_is_told_site_by_site() {
        let http = ScriptedHttp::new();
        for _ in 0..3 {
            http.answer(HOST, HttpResponse::json(StatusCode::OK, &json!({})));
        }
        let uptime = uptime(&http);
        uptime.add(&watched()).await.expect("it is added");
        uptime.change("u/1", &watched()).await.expect("it is changed");
        uptime.stop("u2").await.expect("it is stopped");
        let told: Vec<(String, Value)> = http
            .requests()
            .iter()
            .map(|it| {
                let body = serde_json::from_slice(&it.body).expect("JSON");
                (format!("{} {}", it.method, it.url.path()), body)
            })
            .collect();
        assert_eq!(told[0].0, "POST /v1/uptime/sites/");
        assert_eq!(told[0].1["metadata"], json!({ "state_id": "MA", "slugs": ["a"], "slug_descs": [] }));
        assert_eq!(told[1].0, "PUT /v1/uptime/sites/u%2F1/");
        assert_eq!(told[1].1["active"], json!(true));
        assert_eq!(told[2], ("PUT /v1/uptime/sites/u2/".to_owned(), json!({ "active": false })));
    }

    #[tokio::test]
    async fn the_password_goes_nowhere_else_and_failures_are_failures() {
        for (response, kind) in [
            (page(&json!([]), Some("https://elsewhere.example.org/")), ProviderErrorKind::Unintelligible),
            (HttpResponse::new(StatusCode::OK).with_body("<html>"), ProviderErrorKind::Unintelligible),
            (HttpResponse::new(StatusCode::UNAUTHORIZED), ProviderErrorKind::Rejected),
            (HttpResponse::new(StatusCode::TOO_MANY_REQUESTS), ProviderErrorKind::Throttled),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, response);
            assert_eq!(uptime(&http).pages().await.expect_err("a failure").kind, kind);
            assert_eq!(http.requests().len(), 1);
        }
    }
}
