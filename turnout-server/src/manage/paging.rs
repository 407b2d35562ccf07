//! The way through a list whose pages begin after a key: where the reader is, and how to come back.
//!
//! A list that grows while it is read has no numbered pages to choose from. The address of a page says after which entry it
//! begins, and after which ones the pages before it began: that is how `Previous page` finds back.

use turnout_core::page::PageRequest;
use url::form_urlencoded::Serializer;

use super::blocks::{Block, Pager, thousands};
use crate::http::Request;

/// How many pages back an address remembers; from farther there is the way to the first page.
const REMEMBERED: usize = 20;

/// What stands between the keys that an address remembers. No key has a blank.
const BETWEEN: &str = " ";

/// An address of ours with a query; what is empty is left out.
pub(super) fn address<const N: usize>(path: &str, pairs: [(&str, &str); N]) -> String {
    with_query(path, &pairs)
}

fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Where somebody is in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paging {
    /// After which entry the page begins; the first one without it.
    after: Option<String>,
    /// After which ones the pages before it began, the nearest last, without the first page.
    trail: Vec<String>,
    /// The number of the page, from 1.
    page: u64,
    /// How many entries fit on a page.
    limit: u32,
}

impl Paging {
    /// Reads the address of a page: `after`, `trail`, `page`.
    pub(super) fn of(request: &Request) -> Self {
        let limit = request.app().settings.listing.page_size;
        Self::read(|name| request.query(name), limit)
    }

    fn read(asked: impl Fn(&str) -> Option<String>, limit: u32) -> Self {
        let Some(after) = asked("after").filter(|key| !key.is_empty()) else { return Self::first(limit) };
        let trail = asked("trail").unwrap_or_default();
        let trail = trail.split(BETWEEN).filter(|key| !key.is_empty()).map(str::to_owned).collect();
        let page = asked("page").and_then(|text| text.parse().ok()).filter(|page| *page > 1);
        Self { after: Some(after), trail, page: page.unwrap_or(2), limit }
    }

    fn first(limit: u32) -> Self {
        Self { after: None, trail: Vec::new(), page: 1, limit }
    }

    /// What the list is asked for; a key that `read` does not know leads to the first page.
    pub(super) fn request<K>(&self, read: impl FnOnce(&str) -> Option<K>) -> PageRequest<K> {
        PageRequest { after: self.after.as_deref().and_then(read), limit: self.limit }
    }

    /// The ways on. `kept` is what else the address says: words and filters; `count` says how many entries there are, if
    /// anything. Nothing where the first page is the only one and nothing is said.
    pub(super) fn pager(
        &self,
        path: &str,
        kept: &[(&str, &str)],
        count: String,
        next: Option<String>,
    ) -> Option<Block> {
        let is_only = self.after.is_none() && next.is_none();
        if is_only && count.is_empty() {
            return None;
        }
        let page = if is_only { String::new() } else { format!("Page {}", shown(self.page)) };
        let parts: Vec<String> = [page, count].into_iter().filter(|part| !part.is_empty()).collect();
        Some(Block::Pager(Pager {
            count: parts.join(" · "),
            first: self.after.is_some().then(|| Self::first(self.limit).address(path, kept)),
            previous: self.back().map(|it| it.address(path, kept)),
            next: next.map(|key| self.on(key).address(path, kept)),
        }))
    }

    /// The page after this one.
    fn on(&self, key: String) -> Self {
        let mut trail = self.trail.clone();
        trail.extend(self.after.clone());
        trail.drain(..trail.len().saturating_sub(REMEMBERED));
        Self { after: Some(key), trail, page: self.page.saturating_add(1), limit: self.limit }
    }

    /// The page before this one, if the address remembers it.
    fn back(&self) -> Option<Self> {
        self.after.as_ref()?;
        let mut trail = self.trail.clone();
        match trail.pop() {
            Some(after) => {
                let page = self.page.saturating_sub(1).max(2);
                Some(Self { after: Some(after), trail, page, limit: self.limit })
            }
            None if self.page == 2 => Some(Self::first(self.limit)),
            None => None,
        }
    }

    fn address(&self, path: &str, kept: &[(&str, &str)]) -> String {
        let (trail, page) = (self.trail.join(BETWEEN), self.page.to_string());
        let mut pairs = kept.to_vec();
        if let Some(after) = &self.after {
            pairs.extend([("after", after.as_str()), ("trail", trail.as_str()), ("page", page.as_str())]);
        }
        with_query(path, &pairs)
    }
}

fn shown(number: u64) -> String {
    thousands(i64::try_from(number).unwrap_or(i64::MAX))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn pager(at: &Paging, kept: &[(&str, &str)], next: Option<i64>) -> Pager {
        match at.pager("/list/", kept, "7 in all".into(), next.map(|key| format!("{key}~k"))) {
            Some(Block::Pager(pager)) => pager,
            _ => panic!("there is no pager"),
        }
    }

    /// Follows a link.
    fn follow(link: &str) -> Paging {
        let query = link.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Paging::read(|name| pairs.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone()), 50)
    }

    #[test]
    fn whoever_goes_on_finds_back_to_each_page() {
        let mut pages = vec![Paging::first(50)];
        for number in 1..=30 {
            let next =
                pager(pages.last().unwrap(), &[("q", "a b"), ("state", "")], Some(number)).next.unwrap();
            assert!(next.starts_with("/list/?q=a+b&after="), "{next}");
            pages.push(follow(&next));
        }
        let mut here = pages.pop().unwrap();
        assert_eq!(here.request(|key| Some(key.to_owned())).after.as_deref(), Some("30~k"));
        for back in 0..20 {
            let before = pages.pop().unwrap();
            here = follow(&pager(&here, &[], None).previous.unwrap());
            assert_eq!((&here.after, here.page), (&before.after, before.page), "{back} back");
        }
        let pager = pager(&here, &[], None);
        assert_eq!((pager.previous, pager.first.as_deref()), (None, Some("/list/")));
    }

    #[test]
    fn the_second_page_leads_back_to_the_first() {
        let first = pager(&Paging::first(50), &[], Some(1));
        assert_eq!((first.first, first.previous), (None, None));
        assert_eq!(first.count, "Page 1 · 7 in all");
        let second = pager(&follow(&first.next.unwrap()), &[("state", "MA")], None);
        assert_eq!(second.previous.as_deref(), Some("/list/?state=MA"));
        assert_eq!((second.next, second.count.as_str()), (None, "Page 2 · 7 in all"));
    }

    #[test]
    fn a_list_of_one_page_has_nowhere_to_go() {
        assert!(Paging::first(50).pager("/list/", &[], String::new(), None).is_none());
        let pager = pager(&Paging::first(50), &[], None);
        assert_eq!((pager.count.as_str(), pager.next), ("7 in all", None));
    }

    #[test]
    fn what_is_no_place_is_the_first_page() {
        for link in ["/l/?after=", "/l/?page=7", "/l/?trail=a+b", "/l/"] {
            assert_eq!(follow(link), Paging::first(50), "{link}");
        }
        let odd = follow("/l/?after=x&page=0&trail=+");
        assert_eq!((odd.trail.len(), odd.page), (0, 2));
        assert_eq!(odd.request(|_| None::<u8>), PageRequest { after: None, limit: 50 });
    }

    #[test]
    fn an_address_leaves_out_what_is_empty() {
        assert_eq!(address("/l/", [("a", ""), ("b", "x&y")]), "/l/?b=x%26y");
        assert_eq!(address("/l/", [("a", "")]), "/l/");
    }
}
