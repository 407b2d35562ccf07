//! What an [`HttpClient`] promises.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use url::Url;

use crate::{
    memory::ScriptedHttp,
    ports::http::{
        HeaderMap, HeaderName, HeaderValue, HttpClient, HttpErrorKind, HttpRequest, HttpResponse, Method,
        StatusCode,
        header::{CONTENT_TYPE, LOCATION, SET_COOKIE},
    },
};

/// A test for every case of an HTTP client. The function opens a client and an [`HttpPeer`] that it can reach.
#[macro_export]
macro_rules! http_client_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            http_client,
            [$($open)+],
            http,
            [
                an_answer_comes_as_it_was_given,
                an_answer_of_failure_is_an_answer,
                what_is_sent_arrives_as_it_was_given,
                a_redirection_is_an_answer_and_is_not_followed,
                where_nobody_listens_nothing_is_sent,
                a_host_that_says_nothing_is_given_up_in_time,
                a_connection_that_ends_early_gives_no_answer,
                what_is_not_http_is_no_answer,
                an_answer_may_be_as_long_as_the_limit_and_no_longer,
                an_address_that_is_not_of_the_web_is_refused,
                an_error_repeats_nothing_of_the_request,
                requests_at_the_same_time_get_their_own_answers,
            ]
        );
    };
}

/// How the other side treats a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behavior {
    /// Gives this answer.
    Answers(HttpResponse),
    /// Takes the request and says nothing, for at least ten seconds.
    SaysNothing,
    /// Takes the request and ends the connection.
    HangsUp,
    /// Announces a body of a hundred bytes, sends ten of them and ends the connection.
    StopsHalfway,
    /// Answers in another language.
    SpeaksNoHttp,
}

/// A request as the other side saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What was to be done.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers, those that the client added among them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// The other side.
pub trait HttpPeer: Send + Sync {
    /// Where it listens.
    fn origin(&self) -> Url;

    /// Where nobody listens.
    fn nobody(&self) -> Url;

    /// Treats the next request like this, after those that it was told before.
    fn will(&self, behavior: Behavior);

    /// The requests so far, oldest first.
    fn heard(&self) -> Vec<Heard>;
}

impl<T: HttpPeer + ?Sized> HttpPeer for Arc<T> {
    fn origin(&self) -> Url {
        (**self).origin()
    }

    fn nobody(&self) -> Url {
        (**self).nobody()
    }

    fn will(&self, behavior: Behavior) {
        (**self).will(behavior);
    }

    fn heard(&self) -> Vec<Heard> {
        (**self).heard()
    }
}

impl HttpPeer for ScriptedHttp {
    fn origin(&self) -> Url {
        "https://peer.example.org".parse().expect("an address")
    }

    fn nobody(&self) -> Url {
        "https://nobody.example.org".parse().expect("an address")
    }

    fn will(&self, behavior: Behavior) {
        let kind = match behavior {
            Behavior::Answers(answer) => return self.answer("peer.example.org", answer),
            Behavior::SaysNothing => HttpErrorKind::TimedOut,
            Behavior::HangsUp | Behavior::StopsHalfway | Behavior::SpeaksNoHttp => HttpErrorKind::Broken,
        };
        self.fail("peer.example.org", kind);
    }

    fn heard(&self) -> Vec<Heard> {
        let heard = |request: HttpRequest| Heard {
            path: request.url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
            method: request.method,
            headers: request.headers,
            body: request.body,
        };
        self.requests().into_iter().map(heard).collect()
    }
}

/// Every case has a client and the other side.
type Open<C, P> = (C, P);

fn to(peer: &impl HttpPeer, path: &str) -> HttpRequest {
    HttpRequest::get(peer.origin().join(path).expect("an address"))
}

async fn failure(client: &impl HttpClient, request: HttpRequest) -> HttpErrorKind {
    client.send(request).await.expect_err("there is no answer").kind
}

/// Status, headers and every byte of the body, none of which has to be text; and when a name comes twice, both.
pub async fn an_answer_comes_as_it_was_given((client, peer): &Open<impl HttpClient, impl HttpPeer>) {
    let all: Bytes = (0..=255_u8).cycle().take(200_000).collect();
    let name = HeaderName::from_static("x-request-id");
    for (status, body) in [(200, all), (201, Bytes::new()), (299, Bytes::from_static(b"\r\n\r\n"))] {
        let answer = HttpResponse::new(StatusCode::from_u16(status).expect("a status"))
            .with_header(SET_COOKIE, HeaderValue::from_static("a=1"))
            .with_header(SET_COOKIE, HeaderValue::from_static("b=2"))
            .with_header(name.clone(), HeaderValue::from_static("7"))
            .with_body(body.clone());
        peer.will(Behavior::Answers(answer));
        let got = client.send(to(peer, "/")).await.expect("an answer");
        assert_eq!(got.status, status);
        assert!(got.body == body, "{status}: {} bytes", got.body.len());
        let cookies: Vec<_> = got.headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1", "b=2"]);
        assert_eq!(got.headers[&name], "7");
    }
}

/// With its body, which often says why.
pub async fn an_answer_of_failure_is_an_answer((client, peer): &Open<impl HttpClient, impl HttpPeer>) {
    for status in [400, 401, 404, 422, 429, 500, 503] {
        let status = StatusCode::from_u16(status).expect("a status");
        peer.will(Behavior::Answers(HttpResponse::new(status).with_body("why")));
        let got = client.send(to(peer, "/")).await.expect("an answer");
        assert_eq!((got.status, &got.body[..]), (status, &b"why"[..]));
    }
    assert_eq!(peer.heard().len(), 7, "nothing is asked twice");
}

/// Method, path, query, headers and body.
pub async fn what_is_sent_arrives_as_it_was_given((client, peer): &Open<impl HttpClient, impl HttpPeer>) {
    let all: Bytes = (0..=255_u8).cycle().take(100_000).collect();
    let key = HeaderName::from_static("x-api-key");
    let methods = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for method in methods.clone() {
        peer.will(Behavior::Answers(HttpResponse::new(StatusCode::NO_CONTENT)));
        let url = peer.origin().join("/a%2Fb/c").expect("an address");
        let request = HttpRequest::new(method, url)
            .with_query([("q", "1 Main St & more"), ("é", "+")])
            .with_secret_header(key.clone(), "hush")
            .expect("a header")
            .with_body("application/octet-stream", all.clone());
        client.send(request).await.expect("an answer");
    }
    let heard = peer.heard();
    assert_eq!(heard.iter().map(|one| one.method.clone()).collect::<Vec<_>>(), methods);
    for one in heard {
        assert_eq!(one.path, "/a%2Fb/c?q=1+Main+St+%26+more&%C3%A9=%2B");
        assert_eq!(
            (&one.headers[&key], &one.headers[CONTENT_TYPE]),
            (&HeaderValue::from_static("hush"), &HeaderValue::from_static("application/octet-stream"))
        );
        assert!(one.body == all);
    }
}

/// Neither elsewhere nor on the same host.
pub async fn a_redirection_is_an_answer_and_is_not_followed(
    (client, peer): &Open<impl HttpClient, impl HttpPeer>,
) {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = HttpResponse::new(StatusCode::from_u16(status).expect("a status"))
            .with_header(LOCATION, HeaderValue::from_static("/elsewhere"));
        peer.will(Behavior::Answers(elsewhere));
        let got = client.send(to(peer, "/here")).await.expect("an answer");
        assert_eq!(
            (got.status.as_u16(), &got.headers[LOCATION]),
            (status, &HeaderValue::from_static("/elsewhere"))
        );
    }
    assert!(peer.heard().iter().all(|one| one.path == "/here"));
}

/// So it may be tried again, whatever it is.
pub async fn where_nobody_listens_nothing_is_sent((client, peer): &Open<impl HttpClient, impl HttpPeer>) {
    let kind = failure(client, HttpRequest::post(peer.nobody())).await;
    assert_eq!(kind, HttpErrorKind::Unconnected);
    assert!(!kind.may_have_arrived());
}

/// The request's own time counts.
pub async fn a_host_that_says_nothing_is_given_up_in_time(
    (client, peer): &Open<impl HttpClient, impl HttpPeer>,
) {
    peer.will(Behavior::SaysNothing);
    let kind = failure(client, to(peer, "/").with_timeout(TimeDelta::milliseconds(200))).await;
    assert_eq!(kind, HttpErrorKind::TimedOut);
    assert!(kind.may_have_arrived());
}

/// Before the answer or within it.
pub async fn a_connection_that_ends_early_gives_no_answer(
    (client, peer): &Open<impl HttpClient, impl HttpPeer>,
) {
    for behavior in [Behavior::HangsUp, Behavior::StopsHalfway] {
        peer.will(behavior.clone());
        let kind = failure(client, to(peer, "/").with_timeout(TimeDelta::seconds(8))).await;
        assert_eq!(kind, HttpErrorKind::Broken, "{behavior:?}");
        assert!(kind.may_have_arrived());
    }
}

/// However well it is meant.
pub async fn what_is_not_http_is_no_answer((client, peer): &Open<impl HttpClient, impl HttpPeer>) {
    peer.will(Behavior::SpeaksNoHttp);
    assert_eq!(failure(client, to(peer, "/")).await, HttpErrorKind::Broken);
}

/// To the byte.
pub async fn an_answer_may_be_as_long_as_the_limit_and_no_longer(
    (client, peer): &Open<impl HttpClient, impl HttpPeer>,
) {
    let answer = HttpResponse::new(StatusCode::OK).with_body(vec![b'x'; 50_000]);
    for (limit, fits) in [(50_000, true), (49_999, false), (0, false)] {
        peer.will(Behavior::Answers(answer.clone()));
        let got = client.send(to(peer, "/").with_answer_limit(limit)).await;
        assert_eq!(got.as_ref().map_err(|error| error.kind).is_ok(), fits, "{limit}");
        if let Err(error) = got {
            assert_eq!(error.kind, HttpErrorKind::TooLarge);
        }
    }
}

/// Nothing is read from this machine.
pub async fn an_address_that_is_not_of_the_web_is_refused(
    (client, _): &Open<impl HttpClient, impl HttpPeer>,
) {
    for address in ["file:///etc/passwd", "ftp://example.org/", "data:text/plain,x"] {
        let request = HttpRequest::get(address.parse().expect("an address of some kind"));
        assert_eq!(failure(client, request).await, HttpErrorKind::Unwritable, "{address}");
    }
}

/// Neither the error's text nor that of any of its causes.
pub async fn an_error_repeats_nothing_of_the_request((client, peer): &Open<impl HttpClient, impl HttpPeer>) {
    for behavior in [Behavior::HangsUp, Behavior::StopsHalfway, Behavior::SpeaksNoHttp] {
        peer.will(behavior);
    }
    for mut url in [peer.nobody(), peer.origin(), peer.origin(), peer.origin()] {
        url.set_path("/account-hush");
        let request = HttpRequest::post(url)
            .with_query([("key", "hush"), ("street", "1 Main St")])
            .with_bearer("hush")
            .expect("a header")
            .with_form([("street", "1 Main St")]);
        let error = client.send(request).await.expect_err("there is no answer");
        let mut said = format!("{error} {error:?}");
        let mut cause: Option<&dyn std::error::Error> = error.source.as_deref().map(|it| it as _);
        while let Some(error) = cause {
            said += &format!(" {error} {error:?}");
            cause = error.source();
        }
        assert!(!said.contains("hush") && !said.contains("Main"), "{said}");
    }
}

/// They do not wait for each other.
pub async fn requests_at_the_same_time_get_their_own_answers(
    (client, peer): &Open<impl HttpClient, impl HttpPeer>,
) {
    let many = 20;
    for _ in 0..many {
        peer.will(Behavior::Answers(HttpResponse::new(StatusCode::OK).with_body("answer")));
    }
    let paths: Vec<String> = (0..many).map(|number| format!("/{number}")).collect();
    let ask = |path: &String| {
        let request = to(peer, path);
        async move { client.send(request).await.expect("an answer").body }
    };
    let answers = super::together(paths.iter().map(|path| Box::pin(ask(path)) as _).collect()).await;
    assert!(answers.len() == many && answers.iter().all(|body| body == "answer"));
    let mut heard: Vec<String> = peer.heard().into_iter().map(|one| one.path).collect();
    heard.sort_by_key(|path| path[1..].parse::<usize>().ok());
    assert_eq!(heard, paths);
}
