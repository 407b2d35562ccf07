//! Somebody with a browser: cookies are kept, forms are filled in as the page gives them.

use std::collections::BTreeMap;

use http::header::SET_COOKIE;

use crate::support::{Answer, TestServer};

const FORM: &str = "application/x-www-form-urlencoded";

/// A browser without a script.
pub(crate) struct Browser<'a> {
    server: &'a TestServer,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    /// One that was never here before.
    pub(crate) fn new(server: &'a TestServer) -> Self {
        Self { server, cookies: BTreeMap::new() }
    }

    /// A page.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let answer = self
            .server
            .ask("GET", path)
            .header("cookie", &self.cookie_header())
            .header("accept", "text/html");
        let answer = answer.send().await;
        self.keep(&answer);
        answer
    }

    /// A page, and where it leads on to.
    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        let mut answer = self.get(path).await;
        for _ in 0..5 {
            let Some(next) = answer.header("location").map(str::to_owned) else { return answer };
            answer = self.get(&next).await;
        }
        panic!("{path} leads in a circle")
    }

    /// Fills in a form of the page at that path, or of the first page that has one, and sends it there.
    pub(crate) async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let token = self.token(path).await;
        self.send(path, &token, pairs).await
    }

    /// As [`post`](Self::post), and the page that it leads to.
    pub(crate) async fn submit(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, pairs).await;
        match answer.header("location").map(str::to_owned) {
            Some(next) => self.open(&next).await,
            None => answer,
        }
    }

    /// Sends a form with that token.
    pub(crate) async fn send(&mut self, path: &str, token: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .append_pair("csrf", token)
            .finish();
        self.send_body(path, FORM, body).await
    }

    /// Sends a body from a page of the site.
    pub(crate) async fn send_body(
        &mut self,
        path: &str,
        kind: &str,
        body: impl Into<bytes::Bytes>,
    ) -> Answer {
        let ask = self.server.ask("POST", path).header("cookie", &self.cookie_header());
        let answer = ask.header("sec-fetch-site", "same-origin").body(kind, body).send().await;
        self.keep(&answer);
        answer
    }

    /// What a form of this browser shows.
    pub(crate) async fn token(&mut self, path: &str) -> String {
        for path in [path, "/account/two_factor/", "/manage/login/"] {
            let page = self.get(path).await.text();
            if let Some(token) = value_of(&page, "csrf") {
                return token;
            }
        }
        panic!("no page has a form for {path}")
    }

    /// What a cookie holds; the empty text where there is none.
    pub(crate) fn cookie(&self, name: &str) -> &str {
        self.cookies.get(name).map_or("", String::as_str)
    }

    /// Puts a cookie into the browser.
    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for line in answer.headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(line.contains("; HttpOnly; SameSite=Lax"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }
}

/// The value of the first hidden input of that name in a page.
pub(crate) fn value_of(page: &str, name: &str) -> Option<String> {
    let start = format!("name=\"{name}\" value=\"");
    Some(page.split(&start).nth(1)?.split('"').next()?.to_owned())
}

/// What stands in the heading of a page.
pub(crate) fn heading(page: &str) -> &str {
    page.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or("")
}
