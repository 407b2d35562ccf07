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

/// The pages of the public web site that have an address of their own: of the seven tools of `flows.md` 20.2 absentee and vote
/// by mail are one, and reminders have none.
const PAGES: [(&str, &str); 5] = [
    ("Register to vote", "/register-to-vote/"),
    ("Check your registration", "/am-i-registered-to-vote/"),
    ("Vote by mail", "/vote-by-mail/"),
    ("Find where to vote", "/where-to-vote/"),
    ("Find your election office", "/local-election-offices/"),
];

/// The tools on the web. Where there is no public site beside this server, as in the embedded run, it is the one that this
/// server has: registration.
#[must_use]
pub fn tool_pages(origins: &Origins, slug: &str) -> Vec<ToolPage> {
    let page = |name, address: String| ToolPage { name, address: format!("{address}?subscriber={slug}") };
    let pages: Vec<ToolPage> = PAGES
        .iter()
        .map(|(name, path)| (*name, origins.www_page(path)))
        .filter(|(_, address)| !address.is_empty())
        .map(|(name, address)| page(name, address))
        .collect();
    if pages.is_empty() {
        return vec![page(PAGES[0].0, format!("{}/", origins.primary))];
    }
    pages
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
    fn each_tool_of_the_public_site_is_linked_under_the_subscribers_name() {
        let pages = tool_pages(&origins("https://www.example"), "vote-now");
        let addresses: Vec<&str> = pages.iter().map(|page| page.address.as_str()).collect();
        assert_eq!(
            addresses,
            [
                "https://www.example/register-to-vote/?subscriber=vote-now",
                "https://www.example/am-i-registered-to-vote/?subscriber=vote-now",
                "https://www.example/vote-by-mail/?subscriber=vote-now",
                "https://www.example/where-to-vote/?subscriber=vote-now",
                "https://www.example/local-election-offices/?subscriber=vote-now",
            ]
        );
    }

    #[test]
    fn without_a_public_site_there_is_the_form_of_this_server() {
        let pages = tool_pages(&origins("https://api.example"), "vote-now");
        let expected =
            ToolPage { name: "Register to vote", address: "https://api.example/?subscriber=vote-now".into() };
        assert_eq!(pages, [expected]);
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
