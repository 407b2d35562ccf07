//! US Vote Foundation: the list of election offices (EOD API, version 3).
//!
//! Regions and offices come in pages, `{"meta": {"next": …}, "objects": […]}`. Its paging loses records where the list
//! changes meanwhile, so everything is fetched in three passes with pages of other sizes, and all that any pass has counts.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    official::ListDraft,
    ports::{
        http::{HttpClient, HttpRequest, HttpResponse, header},
        officials::OfficialsSource,
        timer::Timer,
    },
};
use url::Url;

use crate::config::Secret;

/// The name in the configuration.
const NAME: &str = "us-vote-foundation";
/// The sizes of the pages, pass by pass (`flows.md` 25).
const PASSES: [u32; 3] = [100, 73, 67];
/// What is fetched.
const LISTS: [&str; 2] = ["regions", "offices"];
/// For one page.
const TIMEOUT: TimeDelta = TimeDelta::seconds(60);
/// The most bytes of a page: of a hundred offices with their addresses and officials.
const PAGE: usize = 16 * 1024 * 1024;
/// A list has no more pages; one that goes on is going round in circles.
const PAGES: usize = 2_000;
/// How often a page is asked for again that could not be had.
const RETRIES: u32 = 5;

/// Fetches the list of election offices.
pub struct UsVoteFoundation {
    http: Arc<dyn HttpClient>,
    timer: Arc<dyn Timer>,
    base: Url,
    key: Secret,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    meta: Meta,
    objects: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
struct Meta {
    next: Option<String>,
}

impl UsVoteFoundation {
    /// Where it is, and the key by which it knows us.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, timer: Arc<dyn Timer>, base: Url, key: Secret) -> Self {
        Self { http, timer, base, key }
    }

    fn first(&self, list: &str, size: u32) -> Result<Url, ProviderError> {
        let mut url =
            self.base.join(&format!("/eod/v3/{list}")).map_err(|error| rejected().because(error))?;
        url.query_pairs_mut().append_pair("limit", &size.to_string());
        Ok(url)
    }

    fn request(&self, url: Url) -> Result<HttpRequest, ProviderError> {
        let request = HttpRequest::get(url).with_timeout(TIMEOUT).with_answer_limit(PAGE);
        request
            .with_secret_header(header::AUTHORIZATION, &format!("OAuth {}", self.key.reveal()))
            .and_then(|request| request.with_header(header::ACCEPT, "application/json"))
            .map_err(|error| error.at(NAME))
    }

    /// The records of a page, and where the next one is. Never elsewhere than where the key may go.
    fn answer(&self, url: &Url, response: HttpResponse) -> Result<(Vec<Value>, Option<Url>), ProviderError> {
        let page: Page =
            response.success(NAME)?.read_json().map_err(|error| unintelligible().because(error))?;
        let next = page.meta.next.filter(|next| !next.is_empty());
        let next =
            next.map(|next| url.join(&next)).transpose().map_err(|error| unintelligible().because(error))?;
        match next {
            Some(next) if next.origin() != self.base.origin() => Err(unintelligible()),
            next => Ok((page.objects, next)),
        }
    }

    async fn page(&self, url: &Url) -> Result<(Vec<Value>, Option<Url>), ProviderError> {
        let mut tried = 0;
        loop {
            let answered = match self.http.send(self.request(url.clone())?).await {
                Ok(response) => self.answer(url, response),
                Err(error) => Err(error.at(NAME)),
            };
            match answered {
                Err(error) if error.is_transient() && tried < RETRIES => {
                    self.timer.wait(TimeDelta::seconds(1 << tried)).await;
                    tried += 1;
                }
                answered => return answered,
            }
        }
    }
}

fn unintelligible() -> ProviderError {
    ProviderError::new(NAME, ProviderErrorKind::Unintelligible)
}

fn rejected() -> ProviderError {
    ProviderError::new(NAME, ProviderErrorKind::Rejected)
}

#[async_trait]
impl OfficialsSource for UsVoteFoundation {
    async fn fetch(&self) -> Result<ListDraft, ProviderError> {
        let mut draft = ListDraft::of_passes();
        for list in LISTS {
            for size in PASSES {
                let mut next = Some(self.first(list, size)?);
                for number in 1_usize.. {
                    let Some(url) = next.take() else { break };
                    if number > PAGES {
                        return Err(unintelligible());
                    }
                    let (objects, following) = self.page(&url).await?;
                    draft.read(&format!("{list} in pages of {size}, page {number}"), &json!(objects));
                    next = following;
                }
            }
        }
        Ok(draft)
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        memory::ScriptedHttp,
        ports::http::{HttpErrorKind, StatusCode},
    };

    use super::*;

    const HOST: &str = "api.example.org";

    /// Never waits.
    struct Impatient;

    #[async_trait]
    impl Timer for Impatient {
        async fn wait(&self, _: TimeDelta) {}
    }

    fn source(http: &ScriptedHttp) -> UsVoteFoundation {
        let base = "https://api.example.org".parse().expect("an address");
        UsVoteFoundation::new(
            Arc::new(http.clone()),
            Arc::new(Impatient),
            base,
            Secret::new("hush".to_owned()),
        )
    }

    fn page(objects: Value, next: Option<&str>) -> HttpResponse {
        HttpResponse::json(StatusCode::OK, &json!({"meta": {"next": next}, "objects": objects}))
    }

    fn region(id: i64) -> Value {
        json!({"id": id, "region_name": format!("Region {id}"), "state_abbr": "MA"})
    }

    #[tokio::test]
    async fn what_any_of_three_passes_has_counts_and_a_page_that_fails_is_asked_for_again() {
        let http = ScriptedHttp::new();
        http.answer(HOST, page(json!([region(1)]), Some("/eod/v3/regions?limit=100&offset=100")));
        http.fail(HOST, HttpErrorKind::TimedOut);
        http.answer(HOST, HttpResponse::new(StatusCode::BAD_GATEWAY));
        http.answer(HOST, page(json!([region(2)]), None));
        http.answer(HOST, page(json!([region(1)]), None));
        http.answer(HOST, page(json!([region(1), region(3)]), None));
        let office = json!({"id": 9, "region": "/eod/v3/regions/3", "addresses": []});
        for offices in [json!([]), json!([office]), json!([office])] {
            http.answer(HOST, page(offices, None));
        }
        let list = source(&http).fetch().await.expect("a list").check().expect("a sound one");
        assert_eq!((list.regions.len(), list.offices.len(), http.left()), (3, 1, 0));
        let requests = http.requests();
        let asked: Vec<&str> = requests.iter().filter_map(|request| request.url.query()).collect();
        assert_eq!(
            asked,
            [
                "limit=100",
                "limit=100&offset=100",
                "limit=100&offset=100",
                "limit=100&offset=100",
                "limit=73",
                "limit=67",
                "limit=100",
                "limit=73",
                "limit=67"
            ]
        );
        let key = &requests[0].headers[header::AUTHORIZATION];
        assert!(key == "OAuth hush" && key.is_sensitive());
    }

    #[tokio::test]
    async fn the_key_goes_nowhere_else_and_refusals_are_final() {
        let http = ScriptedHttp::new();
        http.answer(HOST, page(json!([region(1)]), Some("https://elsewhere.example.org/regions")));
        let error = source(&http).fetch().await.expect_err("none");
        assert_eq!(error.kind, ProviderErrorKind::Unintelligible);
        assert_eq!(http.requests().len(), 1);
        for (status, kind) in [
            (StatusCode::UNAUTHORIZED, ProviderErrorKind::Rejected),
            (StatusCode::FOUND, ProviderErrorKind::Unintelligible),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, HttpResponse::new(status));
            assert_eq!(source(&http).fetch().await.expect_err("none").kind, kind);
        }
        let http = ScriptedHttp::new();
        http.answer(HOST, HttpResponse::new(StatusCode::OK).with_body("<html>"));
        assert_eq!(source(&http).fetch().await.expect_err("none").kind, ProviderErrorKind::Unintelligible);
    }

    #[tokio::test]
    async fn who_stays_away_is_given_up_after_five_repetitions() {
        let http = ScriptedHttp::new();
        let error = source(&http).fetch().await.expect_err("none");
        assert!(error.is_transient());
        assert_eq!(http.requests().len(), 6);
    }
}
