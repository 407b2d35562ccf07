//! The pages of a state's counties, taken over from somebody's list (`flows.md` 3.5). All of them, or none.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{RegionLink, overrides::LINK_KIND};
use crate::{
    address::State,
    app::App,
    change::Change,
    error::ProviderError,
    ids::RegionId,
    official::Region,
    ports::{
        ballot_links::ListedLink,
        store::{RegionFilter, StoreError},
    },
};

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkComplaint {
    /// No region has this name.
    Unknown(String),
    /// The county is listed more than once.
    Twice(String),
    /// The page is no address of the web.
    NoAddress(String),
    /// This region is not listed.
    Missing(String),
}

impl fmt::Display for LinkComplaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(county) => write!(f, "{county}: no region has this name"),
            Self::Twice(county) => write!(f, "{county}: is listed more than once"),
            Self::NoAddress(county) => write!(f, "{county}: its page is no http or https address"),
            Self::Missing(region) => write!(f, "{region}: is not listed"),
        }
    }
}

/// Why no page was taken over.
#[derive(Debug, thiserror::Error)]
pub enum LinksError {
    /// The list cannot be had.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The list is wrong in these places.
    #[error("the list is wrong in {} places", .0.len())]
    Wrong(Vec<LinkComplaint>),
    /// These regions are not as they were when the list was compared.
    #[error("{} changed since the list was compared", .0.join(", "))]
    Overtaken(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What taking over a list does to a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkChange {
    /// The region.
    pub region: RegionId,
    /// Its name.
    pub name: String,
    /// The page before; none when there was none.
    pub before: Option<String>,
    /// The page from now on.
    pub now: String,
}

/// What taking over a list does: somebody may look at it, and take parts out, before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkChanges {
    /// The state whose regions they are.
    pub state: State,
    /// When the list was compared.
    pub compared_at: DateTime<Utc>,
    /// The regions that get another page.
    pub changes: Vec<LinkChange>,
}

/// Fetches the list of a state, and looks what taking it over does. A list that is wrong in one place is taken for a broken
/// one, and does nothing.
///
/// # Errors
/// See [`LinksError`].
pub async fn compare_links(app: &App, state: State) -> Result<LinkChanges, LinksError> {
    let listed = app.ballot_links.fetch(state).await?;
    let mut view = app.store.view().await?;
    let regions = view.officials().regions(state, &RegionFilter::default()).await?;
    let pages = matched(&regions, &listed).map_err(LinksError::Wrong)?;
    let mut changes = Vec::new();
    for region in &regions {
        let now = &pages[&region.id];
        let before = view.ballot_requests().region_link(region.id).await?.map(|link| link.url);
        if before.as_ref() != Some(now) {
            let name = region.name.clone().unwrap_or_default();
            changes.push(LinkChange { region: region.id, name, before, now: now.clone() });
        }
    }
    Ok(LinkChanges { state, compared_at: app.now(), changes })
}

/// Does what was looked at, all of it or nothing, and notes each page in its history.
///
/// # Errors
/// [`LinksError::Wrong`] when a page is no address; [`LinksError::Overtaken`] when a region is gone, or has another page than
/// it had when the list was compared; nothing was changed then.
pub async fn apply_links(app: &App, set: &LinkChanges) -> Result<(), LinksError> {
    let wrong = set.changes.iter().filter(|it| !is_web(&it.now));
    let wrong: Vec<LinkComplaint> = wrong.map(|it| LinkComplaint::NoAddress(it.name.clone())).collect();
    if !wrong.is_empty() {
        return Err(LinksError::Wrong(wrong));
    }
    let mut unit = app.store.begin().await?;
    let regions = unit.officials().regions(set.state, &RegionFilter::default()).await?;
    let known: BTreeSet<RegionId> = regions.iter().map(|region| region.id).collect();
    let (now, mut overtaken) = (app.now(), Vec::new());
    for change in &set.changes {
        let before = unit.ballot_requests_mut().lock_region_link(change.region).await?;
        let is_as_seen = before.as_ref().map(|link| &link.url) == change.before.as_ref();
        if !is_as_seen || !known.contains(&change.region) {
            overtaken.push(change.name.clone());
            continue;
        }
        let link =
            RegionLink { region: change.region, url: change.now.clone(), created_at: now, modified_at: now };
        unit.ballot_requests_mut().put_region_link(&link).await?;
        let act = if before.is_some() { "changed" } else { "created" };
        let noted = Change::new(app, None, LINK_KIND, change.region, act);
        let said = |url: &String| json!({ "url": url });
        let noted = noted.from_to(change.before.as_ref().map(said), Some(said(&change.now)));
        noted.write(unit.as_mut()).await?;
    }
    if !overtaken.is_empty() {
        return Err(LinksError::Overtaken(overtaken));
    }
    Ok(unit.commit().await?)
}

/// The page of each region, or everything that is wrong.
fn matched(
    regions: &[Region],
    listed: &[ListedLink],
) -> Result<BTreeMap<RegionId, String>, Vec<LinkComplaint>> {
    let names: BTreeMap<String, RegionId> =
        regions.iter().map(|region| (bare(region.name.as_deref().unwrap_or_default()), region.id)).collect();
    let (mut pages, mut wrong) = (BTreeMap::new(), Vec::new());
    for ListedLink { county, url } in listed {
        if !is_web(url) {
            wrong.push(LinkComplaint::NoAddress(county.clone()));
        }
        match names.get(&bare(county)) {
            None => wrong.push(LinkComplaint::Unknown(county.clone())),
            Some(region) => {
                if pages.insert(*region, url.clone()).is_some() {
                    wrong.push(LinkComplaint::Twice(county.clone()));
                }
            }
        }
    }
    let missing = regions.iter().filter(|region| !pages.contains_key(&region.id));
    wrong.extend(missing.map(|it| LinkComplaint::Missing(it.name.clone().unwrap_or_default())));
    if wrong.is_empty() { Ok(pages) } else { Err(wrong) }
}

fn is_web(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The letters of a name, `saint` and `st` alike, without its type.
fn bare(name: &str) -> String {
    let name = name.to_lowercase().replace("saint", "st");
    let name: String = name.chars().filter(char::is_ascii_lowercase).collect();
    name.strip_suffix("county").unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(id: i64, name: &str) -> Region {
        Region {
            id: RegionId(id),
            name: Some(name.into()),
            county: None,
            municipality: None,
            municipality_type: None,
            state: Some(State::Fl),
            hidden: false,
            external_updated: None,
        }
    }

    fn listed(county: &str, url: &str) -> ListedLink {
        ListedLink { county: county.into(), url: url.into() }
    }

    #[test]
    fn a_county_is_found_however_its_name_is_written() {
        let regions =
            [region(1, "Saint Johns County"), region(2, "Miami-Dade County"), region(3, "DeSoto County")];
        let list = [
            listed("St. Johns", "https://a.org/"),
            listed("MIAMI DADE COUNTY", "https://b.org/"),
            listed(" De Soto ", "http://c.org/"),
        ];
        let pages = matched(&regions, &list).expect("all of them");
        let pages: Vec<&str> = pages.values().map(String::as_str).collect();
        assert_eq!(pages, ["https://a.org/", "https://b.org/", "http://c.org/"]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let regions = [region(1, "Bay County"), region(2, "Lee County"), region(3, "Leon County")];
        let list = [
            listed("Bay", "javascript:alert(1)"),
            listed("Bay", "https://a.org/"),
            listed("Nowhere", "https://b.org/"),
            listed("Lee", "https://c.org/"),
        ];
        let wrong = matched(&regions, &list).expect_err("it is wrong");
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!(
            wrong,
            [
                "Bay: its page is no http or https address",
                "Bay: is listed more than once",
                "Nowhere: no region has this name",
                "Leon County: is not listed",
            ]
        );
    }
}
