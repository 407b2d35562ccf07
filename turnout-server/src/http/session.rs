//! Cookies: the token of a session, what a visitor without one is known by, and what is said once on the next page.
//!
//! Where the server is reached by https, each has the prefix `__Host-` (RFC 6265bis): it is sent back to this very host,
//! over TLS, and no neighbor can set it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use sha2::{Digest, Sha256};
use turnout_core::secret::SecretKey;

/// The cookies that we set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieName {
    /// The token of a session.
    Session,
    /// The token of somebody without a session, to which forms are bound.
    Visit,
    /// What the next page says once.
    Notice,
}

impl CookieName {
    fn bare(self) -> &'static str {
        match self {
            Self::Session => "turnout_session",
            Self::Visit => "turnout_visit",
            Self::Notice => "turnout_notice",
        }
    }
}

/// Reads and sets cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cookies {
    is_secure: bool,
}

impl Cookies {
    /// The cookies of a server that is reached there.
    pub(crate) fn of(origin: &str) -> Self {
        Self { is_secure: origin.get(..8).is_some_and(|it| it.eq_ignore_ascii_case("https://")) }
    }

    fn name(self, name: CookieName) -> String {
        let prefix = if self.is_secure { "__Host-" } else { "" };
        format!("{prefix}{}", name.bare())
    }

    /// The value that was sent. Of several the first: a longer path comes first, and ours have none.
    pub(crate) fn read(self, headers: &HeaderMap, name: CookieName) -> Option<&str> {
        let name = self.name(name);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(';')).find_map(|pair| {
            let (given, value) = pair.trim().split_once('=')?;
            (given == name).then_some(value)
        })
    }

    /// The header that sets it: for so long, or until the browser ends.
    pub(crate) fn set(self, name: CookieName, value: &str, lifetime: Option<TimeDelta>) -> HeaderValue {
        let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.name(name));
        if let Some(lifetime) = lifetime {
            text.push_str(&format!("; Max-Age={}", lifetime.num_seconds()));
        }
        if self.is_secure {
            text.push_str("; Secure");
        }
        HeaderValue::from_str(&text).expect("tokens and base64 are ASCII")
    }

    /// The header that takes it away.
    pub(crate) fn clear(self, name: CookieName) -> HeaderValue {
        self.set(name, "", Some(TimeDelta::zero()))
    }
}

/// 32 random bytes that somebody shows with every request. Has no `Debug`; only its hash is stored.
#[derive(Clone)]
pub(crate) struct Token([u8; 32]);

impl Token {
    /// These bytes.
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The token of a cookie's text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Its text, for a cookie.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The bytes, to which forms are bound.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What the key of the notices is for.
const NOTICE: &str = "turnout.notice";

/// A text for a cookie that only we can write, and only for the one with this token.
pub(crate) fn sealed(secret: &SecretKey, token: &Token, text: &str) -> String {
    let text = URL_SAFE_NO_PAD.encode(text);
    let seal = super::csrf::mac(secret, NOTICE, &[token.bytes(), text.as_bytes()]);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(seal))
}

/// The text of such a cookie; nothing where somebody else wrote it.
pub(crate) fn unsealed(secret: &SecretKey, token: &Token, cookie: &str) -> Option<String> {
    let (text, seal) = cookie.split_once('.')?;
    let shown = URL_SAFE_NO_PAD.decode(seal).ok()?;
    let should = super::csrf::mac(secret, NOTICE, &[token.bytes(), text.as_bytes()]);
    if !super::csrf::are_equal(&shown, &should) {
        return None;
    }
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_belongs_to_this_host_alone_where_there_is_tls() {
        let token = Token::new([7; 32]);
        let set = |origin| Cookies::of(origin).set(CookieName::Session, &token.text(), None);
        let text = token.text();
        assert_eq!(
            set("https://vote.example"),
            format!("__Host-turnout_session={text}; Path=/; HttpOnly; SameSite=Lax; Secure")
        );
        assert_eq!(
            set("http://localhost:8000"),
            format!("turnout_session={text}; Path=/; HttpOnly; SameSite=Lax")
        );
        let cleared = Cookies::of("HTTPS://vote.example").clear(CookieName::Notice);
        assert_eq!(cleared, "__Host-turnout_notice=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let cookies = Cookies::of("https://vote.example");
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; turnout_session=neighbor".parse().unwrap());
        headers
            .append(COOKIE, "b; __Host-turnout_session=mine; __Host-turnout_session=later".parse().unwrap());
        assert_eq!(cookies.read(&headers, CookieName::Session), Some("mine"));
        assert_eq!(cookies.read(&headers, CookieName::Visit), None);
    }

    #[test]
    fn a_token_is_its_text_and_nothing_else_is() {
        let token = Token::new([9; 32]);
        assert!(Token::parse(&token.text()).unwrap().hash() == token.hash());
        assert_ne!(token.hash(), Token::new([8; 32]).hash());
        for wrong in ["", "AAAA", &format!("{}A", token.text()), "%%%"] {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_notice_is_read_by_the_one_it_was_written_for() {
        let secret = SecretKey::new(b"secret".to_vec());
        let (mine, other) = (Token::new([1; 32]), Token::new([2; 32]));
        let cookie = sealed(&secret, &mine, "Zoë was invited.");
        assert_eq!(unsealed(&secret, &mine, &cookie).as_deref(), Some("Zoë was invited."));
        assert_eq!(unsealed(&secret, &other, &cookie), None);
        assert_eq!(unsealed(&SecretKey::new(b"other".to_vec()), &mine, &cookie), None);
        let forged = format!("{}.{}", URL_SAFE_NO_PAD.encode("Pay here"), cookie.split_once('.').unwrap().1);
        assert_eq!(unsealed(&secret, &mine, &forged), None);
    }
}
