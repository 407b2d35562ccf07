//! What a subscriber puts into its own pages: a frame around each tool of the public web site, and links to them.
//!
//! A frame needs no script, so it works in every content system, and nothing of ours runs in somebody else's page. The
//! subscriber is named in the address: `?subscriber=<slug>`, as all tools read it.

use url::form_urlencoded;

use crate::settings::Origins;

/// A tool of the public web site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedTool {
    /// Register to vote.
    Register,
    /// Ask for an absentee ballot.
    Absentee,
    /// Vote by mail.
    VoteByMail,
    /// Am I registered?
    Verify,
    /// Where to vote.
    WhereToVote,
    /// Reminders of elections.
    Reminders,
    /// Election offices.
    Offices,
}

impl EmbedTool {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Register,
        Self::Absentee,
        Self::VoteByMail,
        Self::Verify,
        Self::WhereToVote,
        Self::Reminders,
        Self::Offices,
    ];

    /// Its name in addresses of the site.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Absentee => "absentee",
            Self::VoteByMail => "vote-by-mail",
            Self::Verify => "verify",
            Self::WhereToVote => "where-to-vote",
            Self::Reminders => "reminders",
            Self::Offices => "offices",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.key() == key)
    }

    /// What it is called, also as the title of its frame.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Register => "Register to vote",
            Self::Absentee => "Request an absentee ballot",
            Self::VoteByMail => "Vote by mail",
            Self::Verify => "Check your voter registration",
            Self::WhereToVote => "Find where to vote",
            Self::Reminders => "Get election reminders",
            Self::Offices => "Find your election office",
        }
    }

    /// Its page on the public web site.
    fn page(self) -> &'static str {
        match self {
            Self::Register => "/register-to-vote/",
            Self::Absentee => "/absentee-ballot/",
            Self::VoteByMail => "/vote-by-mail/",
            Self::Verify => "/am-i-registered-to-vote/",
            Self::WhereToVote => "/where-to-vote/",
            Self::Reminders => "/election-reminders/",
            Self::Offices => "/local-election-offices/",
        }
    }

    /// The page of this server that does the same, if there is one.
    fn own_page(self) -> Option<&'static str> {
        matches!(self, Self::Register).then_some("/")
    }

    /// How many pixels high its frame is.
    fn height(self) -> u32 {
        match self {
            Self::Register | Self::Absentee | Self::VoteByMail => 1000,
            Self::Verify | Self::WhereToVote | Self::Reminders => 700,
            Self::Offices => 600,
        }
    }
}

/// A tool as a subscriber embeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// The tool.
    pub tool: EmbedTool,
    /// The address to link to.
    pub link: String,
    /// The HTML to put into a page.
    pub snippet: String,
    /// The path of a page of this server that shows it, if there is one.
    pub preview: Option<String>,
}

/// All tools that there are for the subscriber with this slug: those of the public web site, and where there is no such site,
/// as in the embedded run, those of this server alone.
#[must_use]
pub fn embeds(origins: &Origins, slug: &str) -> Vec<Embed> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("subscriber", slug).finish();
    let embed = |tool: EmbedTool| {
        let own = tool.own_page().map(|page| format!("{page}?{query}"));
        let link = match origins.www_page(tool.page()) {
            page if page.is_empty() => format!("{}{}", origins.primary, own.as_ref()?),
            page => format!("{page}?{query}"),
        };
        Some(Embed { tool, snippet: snippet(tool, &link), link, preview: own })
    };
    EmbedTool::ALL.into_iter().filter_map(embed).collect()
}

fn snippet(tool: EmbedTool, link: &str) -> String {
    let (title, height) = (tool.title(), tool.height());
    let link = link.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<iframe src=\"{link}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
         referrerpolicy=\"strict-origin-when-cross-origin\" style=\"border:0\"></iframe>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_of_the_web_site_can_be_embedded_and_names_the_subscriber() {
        let origins =
            Origins { primary: "https://api.example.org".into(), www: "https://www.example.org".into() };
        let all = embeds(&origins, "one");
        assert_eq!(all.len(), EmbedTool::ALL.len());
        assert_eq!(all[0].link, "https://www.example.org/register-to-vote/?subscriber=one");
        assert_eq!(all[0].preview.as_deref(), Some("/?subscriber=one"));
        assert!(all[1..].iter().all(|it| it.preview.is_none() && it.link.ends_with("/?subscriber=one")));
        for it in &all {
            assert!(it.snippet.contains(&format!("src=\"{}\"", it.link)), "{}", it.snippet);
            assert!(it.snippet.contains(it.tool.title()));
            assert_eq!(EmbedTool::parse(it.tool.key()), Some(it.tool));
        }
        let mut links: Vec<_> = all.iter().map(|it| &it.link).collect();
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), all.len());
    }

    #[test]
    fn where_there_is_no_web_site_only_our_own_pages_are_offered() {
        let origins =
            Origins { primary: "http://localhost:8000".into(), www: "http://localhost:8000".into() };
        let all = embeds(&origins, "a&b");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].link, "http://localhost:8000/?subscriber=a%26b");
    }
}
