//! What others typed, made fit to be mentioned in a mail.
//!
//! Whoever fills in a form decides who gets its mail and what name stands in it. So that nobody uses us to send
//! messages to strangers, a name that could carry one is left out.

/// The longest first name that a greeting repeats, in characters.
const LONGEST_NAME: usize = 40;

/// A first name for a greeting; nothing when it is empty or looks like anything but a name.
pub(super) fn first_name(typed: &str) -> Option<String> {
    let name = one_line(typed);
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.contains(|c: char| c.is_ascii_digit() || "/:@\\<>[](){}|=%#&?!$*_\"".contains(c))
        && !reads_as_host(&name);
    is_name.then_some(name)
}

/// Whether mail programs may make a link of it: a dot with two letters or more behind it.
fn reads_as_host(name: &str) -> bool {
    name.split('.').skip(1).any(|rest| rest.chars().take(2).filter(|c| c.is_alphabetic()).count() == 2)
}

/// The text on one line, without controls and marks that turn its direction.
pub(super) fn one_line(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A link that a mail may carry: to the web, and without blanks or controls.
pub(super) fn web_link(url: &str) -> Option<&str> {
    let url = url.trim();
    let is_web = url::Url::parse(url).is_ok_and(|it| matches!(it.scheme(), "http" | "https"));
    (is_web && !url.contains(|c: char| c.is_whitespace() || c.is_control())).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_greeted() {
        for name in
            ["Ana", "José", "Nguyễn", "Łukasz", "O'Brien", "Mary-Jane", "J.R.", "D’Arcy", "山田", "St. John"]
        {
            assert_eq!(first_name(name).as_deref(), Some(name));
        }
        assert_eq!(first_name("  Ana \n María ").as_deref(), Some("Ana María"));
    }

    #[test]
    fn what_could_carry_a_message_is_not() {
        let long = "win ".repeat(20);
        for name in
            ["", " \t", "http://evil.test", "evil.test", "www.evil.com", "a@b.cc", "Call 555", "<b>", &long]
        {
            assert_eq!(first_name(name), None, "{name}");
        }
        assert_eq!(first_name("moc.\u{202e}live").as_deref(), None);
    }

    #[test]
    fn only_links_to_the_web_are_links() {
        assert_eq!(web_link(" https://example.org/a?b=c "), Some("https://example.org/a?b=c"));
        for url in
            ["", "javascript:alert(1)", "data:text/html,x", "example.org", "https://a b/", "//example.org"]
        {
            assert_eq!(web_link(url), None, "{url}");
        }
    }
}
