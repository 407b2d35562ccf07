//! The list of Florida's counties with the pages of their supervisors of elections, at fl.dems.vote (`flows.md` 3.5).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use turnout_core::{
    address::State,
    error::{ProviderError, ProviderErrorKind},
    ports::{
        ballot_links::{BallotLinksSource, ListedLink},
        http::{HeaderName, HttpClient, HttpRequest},
    },
};
use url::Url;

const NAME: &str = "florida list";
const PATH: &str = "/mail/";
const TIMEOUT: TimeDelta = TimeDelta::seconds(30);
const LARGEST: usize = 8 * 1024 * 1024;
const USER_AGENT: HeaderName = HeaderName::from_static("user-agent");
/// The page is for browsers, and is refused to programs.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// Reads the page.
pub struct FloridaList {
    http: Arc<dyn HttpClient>,
    url: Url,
}

/// Why the page is not the list.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
enum Unreadable {
    #[error("the page has no list of counties")]
    ListMissing,
    #[error("county {0} of the list has no name")]
    Nameless(usize),
    #[error("county {0} of the list has no link")]
    Linkless(usize),
    #[error("the page is no text")]
    Binary,
}

impl FloridaList {
    /// Reads the page at `base`.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: &Url) -> Self {
        let mut url = base.clone();
        url.set_path(PATH);
        Self { http, url }
    }
}

#[async_trait]
impl BallotLinksSource for FloridaList {
    async fn fetch(&self, state: State) -> Result<Vec<ListedLink>, ProviderError> {
        if state != State::Fl {
            return Err(ProviderError::new(NAME, ProviderErrorKind::Rejected));
        }
        let request = HttpRequest::get(self.url.clone()).with_timeout(TIMEOUT).with_answer_limit(LARGEST);
        let request = request.with_header(USER_AGENT, BROWSER).map_err(|error| error.at(NAME))?;
        let response = self.http.send(request).await.map_err(|error| error.at(NAME))?.success(NAME)?;
        let page = std::str::from_utf8(&response.body).map_err(|_| Unreadable::Binary);
        page.and_then(|page| listed(page, &self.url))
            .map_err(|error| ProviderError::new(NAME, ProviderErrorKind::Unintelligible).because(error))
    }
}

/// The counties of the page: what is of the class `nectar-hor-list-item` within the element `counties` has a name in an
/// `h5`, and a link of the class `full-link`.
fn listed(page: &str, at: &Url) -> Result<Vec<ListedLink>, Unreadable> {
    let tokens = tokens(page);
    let list = element(&tokens, |tag| tag.attribute("id").as_deref() == Some("counties")).next();
    let list = list.ok_or(Unreadable::ListMissing)?;
    let mut counties = Vec::new();
    for (number, item) in element(list, |tag| tag.has_class("nectar-hor-list-item")).enumerate() {
        let name = element(item, |tag| tag.name == "h5").next().map(text).unwrap_or_default();
        if name.is_empty() {
            return Err(Unreadable::Nameless(number + 1));
        }
        let link = item.iter().find_map(|token| match token {
            Token::Opens(tag) if tag.name == "a" && tag.has_class("full-link") => tag.attribute("href"),
            _ => None,
        });
        let link = link.filter(|link| !link.trim().is_empty()).ok_or(Unreadable::Linkless(number + 1))?;
        let url = at.join(link.trim()).map_or(link, Into::into);
        counties.push(ListedLink { county: name, url });
    }
    if counties.is_empty() { Err(Unreadable::ListMissing) } else { Ok(counties) }
}

/// A piece of a page.
enum Token<'a> {
    Opens(Tag<'a>),
    Closes(String),
    Text(&'a str),
}

/// The beginning of an element.
struct Tag<'a> {
    name: String,
    /// As they were written.
    attributes: Vec<(String, &'a str)>,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| decoded(value))
    }

    fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_ascii_whitespace().any(|it| it == class))
    }
}

/// The insides of the elements that begin with such a tag, one after the other. An element ends where as many of its name
/// have ended as have begun.
fn element<'t, 'a>(
    tokens: &'t [Token<'a>],
    is_it: impl Fn(&Tag<'a>) -> bool + 't,
) -> impl Iterator<Item = &'t [Token<'a>]> + 't {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begins = at
            + tokens[at..].iter().position(|token| match token {
                Token::Opens(tag) => is_it(tag),
                _ => false,
            })?;
        let Token::Opens(Tag { name, .. }) = &tokens[begins] else { return None };
        let mut depth = 1_usize;
        let inside = &tokens[begins + 1..];
        let ends = inside.iter().position(|token| {
            match token {
                Token::Opens(tag) if tag.name == *name => depth += 1,
                Token::Closes(closed) if closed == name => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let ends = ends.unwrap_or(inside.len());
        at = begins + 1 + ends;
        Some(&inside[..ends])
    })
}

/// The words of some tokens, on one line.
fn text(tokens: &[Token<'_>]) -> String {
    let texts = tokens.iter().filter_map(|token| match token {
        Token::Text(text) => Some(decoded(text)),
        _ => None,
    });
    let all: String = texts.collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page in pieces. Whatever is odd about it is passed over, as browsers do.
fn tokens(page: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            tokens.push(Token::Text(&rest[..at]));
        }
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let begins = |text: &str| text.starts_with(|letter: char| letter.is_ascii_alphabetic());
        if let Some(closes) = rest.strip_prefix("</").filter(|closes| begins(closes)) {
            let end = closes.find('>').unwrap_or(closes.len());
            let name = closes[..end].split_ascii_whitespace().next().unwrap_or_default();
            tokens.push(Token::Closes(name.to_ascii_lowercase()));
            rest = closes.get(end + 1..).unwrap_or_default();
            continue;
        }
        if !begins(&rest[1..]) {
            // a sign by itself, or what is meant for browsers
            let end = if rest[1..].starts_with(['!', '?', '/']) {
                rest.find('>').map_or(rest.len(), |end| end + 1)
            } else {
                1
            };
            rest = &rest[end..];
            continue;
        }
        let (tag, after) = tag(&rest[1..]);
        rest = after;
        // their insides are no elements
        if matches!(tag.name.as_str(), "script" | "style" | "textarea" | "title") {
            let closing = format!("</{}", tag.name);
            let end = rest.to_ascii_lowercase().find(&closing).unwrap_or(rest.len());
            rest = &rest[end..];
        }
        tokens.push(Token::Opens(tag));
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(rest));
    }
    tokens
}

/// A tag after its first sign, and what follows it.
fn tag(text: &str) -> (Tag<'_>, &str) {
    let end = text
        .find(|sign: char| sign.is_ascii_whitespace() || sign == '>' || sign == '/')
        .unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_ascii_whitespace() || sign == '/');
        if rest.is_empty() || rest.starts_with('>') {
            break;
        }
        let is_end = |sign: char| sign.is_ascii_whitespace() || "=>/".contains(sign);
        // an attribute may begin with a sign of equality
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(is_end).map_or(rest.len(), |end| first + end);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(given) = rest.strip_prefix('=') {
            let given = given.trim_start();
            (value, rest) = match given.chars().next().filter(|sign| "\"'".contains(*sign)) {
                Some(quote) => given[1..].split_once(quote).unwrap_or((&given[1..], "")),
                None => {
                    let is_end = |sign: char| sign.is_ascii_whitespace() || sign == '>';
                    given.split_at(given.find(is_end).unwrap_or(given.len()))
                }
            };
        }
        attributes.push((name, value));
    }
    (Tag { name: name.to_ascii_lowercase(), attributes }, rest.strip_prefix('>').unwrap_or(rest))
}

/// A text with its named and numbered characters.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let named = rest[1..].split_once(';').filter(|(name, _)| name.len() <= 8);
        let letter = named.and_then(|(name, _)| character(name));
        match (named, letter) {
            (Some((_, after)), Some(letter)) => {
                decoded.push(letter);
                rest = after;
            }
            _ => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let number = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
        return char::from_u32(number);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "rsquo" => '\u{2019}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        memory::ScriptedHttp,
        ports::http::{HttpErrorKind, HttpResponse, StatusCode},
    };

    use super::*;

    const HOST: &str = "fl.example.org";

    fn page(items: &str) -> String {
        format!(
            "<!DOCTYPE html><html><head><title><div id=\"counties\"></title><script>if (a<b) {{ '</div>' }}</script></head>\
             <body><!-- <div id='counties'> --><div class=nectar-hor-list-item><h5>Outside</h5></div>\
             <DIV class=\"row\" id=\"counties\"><div><p>5 < 6 & more<br/></p>{items}</div></DIV>\
             <div class=\"nectar-hor-list-item\"><h5>Outside</h5></div></body></html>"
        )
    }

    fn read(items: &str) -> Result<Vec<ListedLink>, Unreadable> {
        listed(&page(items), &"https://fl.example.org/mail/".parse().expect("an address"))
    }

    fn link(county: &str, url: &str) -> ListedLink {
        ListedLink { county: county.into(), url: url.into() }
    }

    #[test]
    fn counties_and_their_links_are_read_as_a_browser_would() {
        let items = "<div class=\"nectar-hor-list-item has-btn\" data-x><div class=\"a\"><h5>St. Johns&nbsp;County\n</h5></div>\
                     <a class='full-link' target=_blank href='https://a.org/?x=1&amp;y=2'></a></div>\
                     <div data-y='>' class='nectar-hor-list-item'><h5>O&#8217;Brien</h5><a href=/b class=\"other full-link\"/></div>";
        let expected = [
            link("St. Johns County", "https://a.org/?x=1&y=2"),
            link("O\u{2019}Brien", "https://fl.example.org/b"),
        ];
        assert_eq!(read(items), Ok(expected.to_vec()));
    }

    #[test]
    fn a_page_that_lacks_a_part_is_not_the_list() {
        let item = |inside: &str| read(&format!("<div class=\"nectar-hor-list-item\">{inside}</div>"));
        assert_eq!(read(""), Err(Unreadable::ListMissing));
        assert_eq!(item("<h5> </h5><a class=full-link href=x>"), Err(Unreadable::Nameless(1)));
        assert_eq!(item("<h5>Bay</h5><a class=\"link\" href=x>"), Err(Unreadable::Linkless(1)));
        assert_eq!(item("<h5>Bay</h5><a class=full-link href=''>"), Err(Unreadable::Linkless(1)));
        let other = "<html><div id=county><div class=nectar-hor-list-item>";
        assert_eq!(
            listed(other, &"https://a.org".parse().expect("an address")),
            Err(Unreadable::ListMissing)
        );
    }

    #[test]
    fn no_page_is_too_odd_to_be_read() {
        let whole =
            page("<div class='nectar-hor-list-item'><h5>Bay</h5><a class=full-link href=\"x\"></a></div>");
        let at: Url = "https://a.org".parse().expect("an address");
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            let _ = listed(&whole[..end], &at);
            let _ = listed(&whole[end..], &at);
        }
        for odd in
            ["<", "</", "<a", "<a =", "<a b='", "<!--", "<!", "&", "&#x110000;", "<a b=c", "<=>", "</>"]
        {
            assert!(listed(odd, &at).is_err(), "{odd}");
        }
    }

    #[tokio::test]
    async fn only_a_page_that_is_the_list_counts() {
        let http = ScriptedHttp::new();
        let base = format!("https://{HOST}").parse().expect("an address");
        let list = FloridaList::new(Arc::new(http.clone()), &base);
        let text = |status: u16, body: String| {
            HttpResponse::new(StatusCode::from_u16(status).expect("a status")).with_body(body)
        };
        let good =
            page("<div class='nectar-hor-list-item'><h5>Bay</h5><a class=full-link href=\"/x\"></a></div>");
        http.answer(HOST, text(200, good));
        let found = list.fetch(State::Fl).await.expect("the list");
        assert_eq!(found, [link("Bay", "https://fl.example.org/x")]);
        let request = http.requests().remove(0);
        assert_eq!(request.url.path(), PATH);
        assert!(request.headers["user-agent"].to_str().expect("a text").starts_with("Mozilla/"));
        for (answer, kind) in [
            (text(429, String::new()), ProviderErrorKind::Throttled),
            (text(403, String::new()), ProviderErrorKind::Rejected),
            (text(502, String::new()), ProviderErrorKind::Unreachable),
            (text(200, "{}".into()), ProviderErrorKind::Unintelligible),
            (
                HttpResponse::new(StatusCode::OK).with_body(vec![0xff, 0xfe]),
                ProviderErrorKind::Unintelligible,
            ),
        ] {
            http.answer(HOST, answer);
            assert_eq!(list.fetch(State::Fl).await.expect_err("no list").kind, kind);
        }
        http.fail(HOST, HttpErrorKind::TimedOut);
        assert_eq!(list.fetch(State::Fl).await.expect_err("no list").kind, ProviderErrorKind::Unreachable);
        assert_eq!(list.fetch(State::Oh).await.expect_err("no list").kind, ProviderErrorKind::Rejected);
    }
}
