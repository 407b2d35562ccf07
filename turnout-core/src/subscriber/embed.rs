//! What a subscriber puts into its own pages: links to the tools, and frames around them.

use url::Url;

use super::Subscriber;
use crate::settings::Origins;

/// A tool for voters, as it stands on the web under a subscriber's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolPage {
    /// What a link to it says.
    pub name: &'static str,
    /// Its address.
    pub address: String,
}

/// A tool, and where its page is.
struct Tool {
    name: &'static str,
    /// On the public web site.
    there: Option<&'static str>,
    /// On this server.
    here: Option<&'static str>,
}

/// The seven tools of `flows.md` 20.2, of which absentee and vote by mail have one page.
const TOOLS: [Tool; 6] = [
    Tool { name: "Register to vote", there: Some("/register-to-vote/"), here: Some("/") },
    Tool { name: "Check your registration", there: Some("/am-i-registered-to-vote/"), here: None },
    Tool { name: "Vote by mail (absentee ballot)", there: Some("/vote-by-mail/"), here: None },
    Tool { name: "Find where to vote", there: Some("/where-to-vote/"), here: None },
    Tool { name: "Get election reminders", there: None, here: Some("/election-reminders/") },
    Tool { name: "Find your election office", there: Some("/local-election-offices/"), here: None },
];

/// The tools on the web: on the public site, and what is not there on this server. Where there is no such site, as in the
/// embedded run, those that this server has: registration and reminders.
#[must_use]
pub fn tool_pages(origins: &Origins, slug: &str) -> Vec<ToolPage> {
    TOOLS
        .iter()
        .filter_map(|tool| Some((tool.name, tool.address(origins)?)))
        .map(|(name, address)| ToolPage { name, address: format!("{address}?subscriber={slug}") })
        .collect()
}

impl Tool {
    fn address(&self, origins: &Origins) -> Option<String> {
        let there = self.there.map(|path| origins.www_page(path)).filter(|address| !address.is_empty());
        there.or_else(|| self.here.map(|path| format!("{}{path}", origins.primary)))
    }
}

impl ToolPage {
    /// A link, as HTML.
    #[must_use]
    pub fn link(&self) -> String {
        format!("<a href=\"{}\">{}</a>", escaped(&self.address), escaped(self.name))
    }

    /// A frame with the tool in it, as HTML. Without a script: nothing of the page around it is touched.
    #[must_use]
    pub fn frame(&self) -> String {
        format!(
            "<iframe src=\"{}\" title=\"{}\" loading=\"lazy\" style=\"width: 100%; height: 60rem; border: 0\"></iframe>",
            escaped(&self.address),
            escaped(self.name)
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// The sites whose pages may have a frame with a tool of this server under the subscriber's name: that of its home page, with
/// and without `www.`.
#[must_use]
pub fn frame_sites(subscriber: &Subscriber) -> Vec<String> {
    let Ok(url) = Url::parse(&subscriber.url) else { return Vec::new() };
    let Some(host) = url.host_str().filter(|host| is_plain(host)) else { return Vec::new() };
    let other = match host.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        None => format!("www.{host}"),
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let schemes: &[&str] = match url.scheme() {
        "https" => &["https"],
        "http" => &["https", "http"],
        _ => &[],
    };
    let hosts = [host, &other];
    schemes.iter().flat_map(|scheme| hosts.map(|host| format!("{scheme}://{host}{port}"))).collect()
}

/// Whether a host can stand in a header as it is.
fn is_plain(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(www: &str) -> Origins {
        Origins { primary: "https://api.example".into(), www: www.into(), book: None }
    }

    #[test]
    fn each_tool_is_linked_under_the_subscribers_name_and_reminders_are_always_here() {
        let pages = tool_pages(&origins("https://www.example"), "vote-now");
        let addresses: Vec<&str> = pages.iter().map(|page| page.address.as_str()).collect();
        assert_eq!(
            addresses,
            [
                "https://www.example/register-to-vote/?subscriber=vote-now",
                "https://www.example/am-i-registered-to-vote/?subscriber=vote-now",
                "https://www.example/vote-by-mail/?subscriber=vote-now",
                "https://www.example/where-to-vote/?subscriber=vote-now",
                "https://api.example/election-reminders/?subscriber=vote-now",
                "https://www.example/local-election-offices/?subscriber=vote-now",
            ]
        );
    }

    #[test]
    fn without_a_public_site_there_are_the_forms_of_this_server() {
        let pages = tool_pages(&origins("https://api.example"), "vote-now");
        let expected = [
            ("Register to vote", "https://api.example/?subscriber=vote-now"),
            ("Get election reminders", "https://api.example/election-reminders/?subscriber=vote-now"),
        ];
        assert_eq!(pages, expected.map(|(name, address)| ToolPage { name, address: address.into() }));
    }

    #[test]
    fn what_is_copied_is_html() {
        let page = ToolPage { name: "A < B", address: "https://x.example/?a=1&b=\"".into() };
        assert_eq!(page.link(), "<a href=\"https://x.example/?a=1&amp;b=&quot;\">A &lt; B</a>");
        assert!(
            page.frame()
                .starts_with("<iframe src=\"https://x.example/?a=1&amp;b=&quot;\" title=\"A &lt; B\"")
        );
    }

    #[test]
    fn only_the_subscribers_own_site_has_frames() {
        let sites =
            |url: &str| frame_sites(&Subscriber { url: url.into(), ..super::super::tests::subscriber() });
        assert_eq!(
            sites("https://www.example.org/about"),
            ["https://www.example.org", "https://example.org"]
        );
        assert_eq!(
            sites("https://example.org:8443/"),
            ["https://example.org:8443", "https://www.example.org:8443"]
        );
        assert_eq!(sites("http://a.org").len(), 4);
        for none in
            ["", "example.org", "mailto:a@b.org", "https://a;script-src/", "https://a'b.org/", "data:x"]
        {
            assert_eq!(sites(none), Vec::<String>::new(), "{none}");
        }
    }
}
