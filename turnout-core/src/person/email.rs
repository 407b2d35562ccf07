//! E-mail addresses.

use email_address::{EmailAddress, Options};

/// The most characters of an address, where nothing else is said.
pub const LONGEST_EMAIL: usize = 254;

/// Whether `text` is an e-mail address as the contract takes it: the domain has a dot or is `localhost`, no quoted local
/// part, no domain literal (`http-api.md` 1.5). How long it may be is another question.
#[must_use]
pub fn is_email(text: &str) -> bool {
    if text.starts_with('"') {
        return false;
    }
    let options = Options::default().without_display_text().without_domain_literal();
    let Ok(address) = EmailAddress::parse_with_options(text, options) else { return false };
    let domain = address.domain();
    domain.eq_ignore_ascii_case("localhost")
        || domain.rsplit_once('.').is_some_and(|(host, top)| !host.is_empty() && top.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_need_a_domain_with_a_dot_or_localhost() {
        for good in ["a@b.co", "Jo.O'Neil+x@Example.org", "root@localhost"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "a@b", "a@[127.0.0.1]", "\"a b\"@c.de", "A <a@b.co>", "a@b.c", "a b@c.de"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
