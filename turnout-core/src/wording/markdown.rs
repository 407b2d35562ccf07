//! Markdown of the states, as HTML and as plain text.
//!
//! Raw HTML is shown, not obeyed; images are their descriptions; links lead to the web or to a mailbox.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A text in both forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Markdown {
    /// HTML, safe to print as it is.
    pub(super) html: String,
    /// Plain text; paragraphs are parted by an empty line.
    pub(super) plain: String,
}

impl Markdown {
    /// Reads a text; nothing when it says nothing.
    pub(super) fn read(source: &str) -> Option<Self> {
        let events = harmless(source);
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, events.iter().cloned());
        let plain = plain(&events);
        (!plain.is_empty()).then_some(Self { html, plain })
    }
}

/// The plain text of what a state wrote, for paper; empty when it says nothing.
pub(crate) fn plain_text(source: &str) -> String {
    Markdown::read(source).map(|text| text.plain).unwrap_or_default()
}

/// A text as a part of a page, safe to print as it is: below the page's own headings, of which there are two levels. Empty
/// when it says nothing.
///
/// ```
/// use turnout_core::wording::markdown_html;
///
/// assert_eq!(markdown_html("# Bring\n<b>ID</b>"), "<h3>Bring</h3>\n<p>&lt;b&gt;ID&lt;/b&gt;</p>\n");
/// ```
#[must_use]
pub fn markdown_html(source: &str) -> String {
    let mut events = harmless(source);
    for event in &mut events {
        match event {
            Event::Start(Tag::Heading { level, .. }) | Event::End(TagEnd::Heading(level)) => {
                *level = lower(*level)
            }
            _ => {}
        }
    }
    let mut html = String::new();
    if !plain(&events).is_empty() {
        pulldown_cmark::html::push_html(&mut html, events.into_iter());
    }
    html
}

/// Two levels further down.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// The events of a text, without what a mail must not do.
fn harmless(source: &str) -> Vec<Event<'_>> {
    let mut links = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(source, Options::empty()) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let is_kept = super::mentions::web_link(dest_url).is_some() || is_mailbox(dest_url);
                links.push(is_kept);
                if is_kept {
                    events.push(event);
                }
            }
            Event::End(TagEnd::Link) => {
                if links.pop() == Some(true) {
                    events.push(event);
                }
            }
            // states break the lines of an address and mean it
            Event::SoftBreak => events.push(Event::HardBreak),
            other => events.push(other),
        }
    }
    events
}

fn is_mailbox(url: &str) -> bool {
    url.starts_with("mailto:") && !url.contains(char::is_whitespace)
}

fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut links: Vec<(usize, String)> = Vec::new();
    for event in events {
        match event {
            Event::Text(it) | Event::Code(it) => text.push_str(it),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Rule => text.push_str("\n\n"),
            Event::Start(Tag::List(first)) => {
                text.push('\n');
                lists.push(*first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                text.push_str(if lists.is_empty() { "\n\n" } else { "\n" });
            }
            Event::Start(Tag::Item) => {
                let depth = lists.len().saturating_sub(1);
                text.push('\n');
                text.push_str(&"  ".repeat(depth));
                match lists.last_mut() {
                    Some(Some(number)) => {
                        text.push_str(&format!("{number}. "));
                        *number += 1;
                    }
                    _ => text.push_str("- "),
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => links.push((text.len(), dest_url.to_string())),
            Event::End(TagEnd::Link) => {
                if let Some((from, url)) = links.pop() {
                    let address = url.strip_prefix("mailto:").unwrap_or(&url);
                    if text.get(from..).is_some_and(|label| label != address) {
                        text.push_str(&format!(" ({address})"));
                    }
                }
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::BlockQuote(_),
            ) => {
                text.push_str(if lists.is_empty() { "\n\n" } else { "\n" });
            }
            _ => {}
        }
    }
    tidy(&text)
}

/// At most one empty line in a row, none at the ends, no blanks at the ends of lines.
fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Markdown {
        Markdown::read(source).expect("it says something")
    }

    #[test]
    fn paragraphs_lists_and_links_survive_in_both_forms() {
        let text = read("Bring **one** of:\n\n- a bill\n- [a form](https://example.org/f)\n\nThen sign.");
        assert_eq!(
            text.html,
            "<p>Bring <strong>one</strong> of:</p>\n<ul>\n<li>a bill</li>\n\
             <li><a href=\"https://example.org/f\">a form</a></li>\n</ul>\n<p>Then sign.</p>\n"
        );
        assert_eq!(text.plain, "Bring one of:\n\n- a bill\n- a form (https://example.org/f)\n\nThen sign.");
        assert_eq!(read("1. first\n2. second").plain, "1. first\n2. second");
        assert_eq!(read("<https://example.org/>").plain, "https://example.org/");
        assert_eq!(read("one\ntwo").html, "<p>one<br />\ntwo</p>\n");
    }

    #[test]
    fn raw_html_is_shown_and_not_obeyed() {
        for source in
            ["<script>alert(1)</script>", "a <img src=x onerror=y> b", "<div\nonclick=\"x\">\ny\n</div>"]
        {
            let html = read(source).html;
            for forbidden in ["<script", "<img", "<div"] {
                assert!(!html.contains(forbidden), "{html}");
            }
            assert!(html.contains("&lt;"), "{html}");
        }
    }

    #[test]
    fn links_that_run_and_pictures_that_spy_are_words_only() {
        assert_eq!(read("[here](javascript:alert(1)) ok").html, "<p>here ok</p>\n");
        assert_eq!(read("![a map](https://spy.test/x.png)").html, "<p>a map</p>\n");
        assert_eq!(read("[[x](https://a.test)](javascript:y)").plain, "[x (https://a.test)](javascript:y)");
    }

    #[test]
    fn on_a_page_its_headings_stand_below_those_of_the_page() {
        let html = markdown_html("# One\n\n## Two\n\n##### Five\n\n[x](javascript:y) *z*");
        assert_eq!(html, "<h3>One</h3>\n<h4>Two</h4>\n<h6>Five</h6>\n<p>x <em>z</em></p>\n");
        assert_eq!(markdown_html(" \n"), "");
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        for source in ["", " \n\n", "---", "![](https://spy.test/x.png)"] {
            assert_eq!(Markdown::read(source), None, "{source}");
        }
    }
}
