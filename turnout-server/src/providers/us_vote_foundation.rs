//! US Vote Foundation: the list of election offices (EOD API, version 3).
//!
//! Regions and offices come in pages, `{"meta": {"next": …, "total_count": …}, "objects": […]}`. Its paging loses records
//! where the list changes meanwhile, so everything is fetched in three passes with pages of other sizes, and all that any
//! pass has counts. Where it says how many there are, so many have to have come.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    official::{ListDraft, differences::Subject},
    ports::{
        clock::Clock,
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
const LISTS: [(&str, Subject); 2] = [("regions", Subject::Region), ("offices", Subject::Office)];
/// For one page.
const TIMEOUT: TimeDelta = TimeDelta::seconds(60);
/// The most bytes of a page: of a hundred offices with their addresses and officials.
const PAGE: usize = 16 * 1024 * 1024;
/// A list has no more pages; one that goes on is going round in circles.
const PAGES: usize = 2_000;
/// How often a page is asked for again that could not be had.
const RETRIES: u32 = 5;
/// For how long it is left alone at most where it says for how long. Who wants a longer rest is asked again by a later run.
const LONGEST: TimeDelta = TimeDelta::minutes(2);

/// Fetches the list of election offices.
pub struct UsVoteFoundation {
    http: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    base: Url,
    key: Secret,
}

/// A page of a list, as it is written.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    meta: Meta,
    objects: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
struct Meta {
    next: Option<String>,
    /// A number, as far as anybody knows.
    #[serde(default)]
    total_count: Value,
}

/// A page of a list, as it is understood.
struct Read {
    records: Vec<Value>,
    /// Where the next one is.
    next: Option<Url>,
    /// How many records all pages have, if that is said.
    total: Option<usize>,
}

impl UsVoteFoundation {
    /// Where it is, and the key by which it knows us.
    #[must_use]
    pub fn new<T: Clock + Timer + 'static>(
        http: Arc<dyn HttpClient>,
        time: Arc<T>,
        base: Url,
        key: Secret,
    ) -> Self {
        let (clock, timer): (Arc<dyn Clock>, Arc<dyn Timer>) = (Arc::clone(&time) as _, time);
        Self { http, clock, timer, base, key }
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

    /// What is on a page. The next one is never elsewhere than where the key may go.
    fn answer(&self, url: &Url, response: HttpResponse) -> Result<Read, ProviderError> {
        let Page { meta, objects: records } =
            response.success(NAME)?.read_json().map_err(|error| unintelligible().because(error))?;
        let next = meta.next.filter(|next| !next.is_empty());
        let next =
            next.map(|next| url.join(&next)).transpose().map_err(|error| unintelligible().because(error))?;
        if next.as_ref().is_some_and(|next| next.origin() != self.base.origin()) {
            return Err(unintelligible());
        }
        let total = meta.total_count.as_u64().and_then(|total| usize::try_from(total).ok());
        Ok(Read { records, next, total })
    }

    async fn page(&self, url: &Url) -> Result<Read, ProviderError> {
        let mut tried = 0;
        loop {
            let (answered, wish) = match self.http.send(self.request(url.clone())?).await {
                Ok(response) => {
                    let wish = response.retry_after(self.clock.now());
                    (self.answer(url, response), wish)
                }
                Err(error) => (Err(error.at(NAME)), None),
            };
            let wait = wish.unwrap_or_default().max(TimeDelta::seconds(1 << tried));
            match answered {
                Err(error) if error.is_transient() && tried < RETRIES && wait <= LONGEST => {
                    self.timer.wait(wait).await;
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
        for (list, subject) in LISTS {
            for size in PASSES {
                let mut next = Some(self.first(list, size)?);
                let mut total: Option<usize> = None;
                for number in 1_usize.. {
                    let Some(url) = next.take() else { break };
                    if number > PAGES {
                        return Err(unintelligible());
                    }
                    let page = self.page(&url).await?;
                    draft.read(&format!("{list} in pages of {size}, page {number}"), &json!(page.records));
                    // what is added while the pages are turned need not be on one of them
                    total = total.into_iter().chain(page.total).min();
                    next = page.next;
                }
                if let Some(total) = total {
                    draft.said(subject, total);
                }
            }
        }
        Ok(draft)
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        memory::{FrozenClock, ScriptedHttp},
        official::losses::Short,
        ports::http::{HttpErrorKind, StatusCode},
    };

    use super::*;

    const HOST: &str = "api.example.org";

    fn clock() -> FrozenClock {
        FrozenClock::at("2026-09-01T06:30:00Z".parse().expect("a moment"))
    }

    fn source(http: &ScriptedHttp) -> UsVoteFoundation {
        source_at(http, &clock())
    }

    fn source_at(http: &ScriptedHttp, clock: &FrozenClock) -> UsVoteFoundation {
        let base = "https://api.example.org".parse().expect("an address");
        let (http, key) = (Arc::new(http.clone()), Secret::new("hush".to_owned()));
        UsVoteFoundation::new(http, Arc::new(clock.clone()), base, key)
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

    #[tokio::test]
    async fn who_wants_to_be_left_alone_is_as_long_as_it_says_if_that_is_not_too_long() {
        let rest = |wish: &'static str| {
            HttpResponse::new(StatusCode::TOO_MANY_REQUESTS)
                .with_header(header::RETRY_AFTER, wish.parse().expect("a header"))
        };
        let (http, clock) = (ScriptedHttp::new(), clock());
        let begun = clock.now();
        for answer in [rest("30"), rest("Tue, 01 Sep 2026 06:31:00 GMT"), rest("0"), rest("tomorrow")] {
            http.answer(HOST, answer);
        }
        http.answer(HOST, HttpResponse::new(StatusCode::UNAUTHORIZED));
        let error = source_at(&http, &clock).fetch().await.expect_err("none");
        assert_eq!(error.kind, ProviderErrorKind::Rejected);
        assert_eq!(clock.now() - begun, TimeDelta::seconds(30 + 30 + 4 + 8));
        http.answer(HOST, rest("121"));
        let error = source_at(&http, &clock).fetch().await.expect_err("none");
        assert_eq!((error.kind, http.requests().len()), (ProviderErrorKind::Throttled, 6));
    }

    #[tokio::test]
    async fn records_that_are_counted_and_do_not_come_are_missed() {
        let http = ScriptedHttp::new();
        let page = |objects: Value, total: Value| {
            let body = json!({"meta": {"next": null, "total_count": total}, "objects": objects});
            http.answer(HOST, HttpResponse::json(StatusCode::OK, &body));
        };
        // the last pass that says a number counts
        for total in [json!(7), json!(3), json!("many")] {
            page(json!([region(1), region(2)]), total);
        }
        for total in [json!(1), json!(1), json!(0)] {
            page(json!([{"id": 9, "region": 1, "addresses": []}]), total);
        }
        let list = source(&http).fetch().await.expect("a list").check().expect("a sound one");
        assert_eq!(list.short, [Short { what: Subject::Region, said: 3, came: 2 }]);
    }

    #[tokio::test]
    async fn the_smallest_number_that_a_pass_says_counts() {
        let http = ScriptedHttp::new();
        for list in [json!([region(1)]), json!([{"id": 9, "region": 1, "addresses": []}])] {
            for _ in PASSES {
                for (total, next) in [(1, Some("/eod/v3/more")), (2, None)] {
                    let body = json!({"meta": {"next": next, "total_count": total}, "objects": list});
                    http.answer(HOST, HttpResponse::json(StatusCode::OK, &body));
                }
            }
        }
        let list = source(&http).fetch().await.expect("a list").check().expect("a sound one");
        assert_eq!((list.short.len(), http.left()), (0, 0));
    }
}
