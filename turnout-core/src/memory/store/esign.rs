//! How offices take requests that were signed online, and which of those went to them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::Rooms;
use crate::{
    absentee::{
        Application, HandOver, LinkOfRegion, Reach, RegionReach, SentAs, SentCount, SentKey, StateReach,
    },
    address::State,
    ids::{ActionId, EventId, RegionId},
    official::Region,
    page::{Page, PageRequest},
    person::Phone,
    ports::store::{ReadEsign, StoreError},
};

fn is_number(phone: &Option<Phone>) -> bool {
    phone.as_ref().is_some_and(|phone| !phone.e164().trim().is_empty())
}

fn is_text(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|text| !text.trim().is_empty())
}

impl Rooms {
    fn reach(&self, region: RegionId) -> Reach {
        let known = self.contact_overrides.get(&region);
        let offices: BTreeSet<_> =
            self.offices.values().filter(|it| it.region == Some(region)).map(|it| it.id).collect();
        let addresses: Vec<_> =
            self.addresses.values().filter(|it| it.office.is_some_and(|id| offices.contains(&id))).collect();
        Reach {
            only: known.and_then(|it| it.method),
            has_override: known.is_some(),
            has_link: self.region_links.contains_key(&region),
            email: known.is_some_and(|it| is_text(&it.email))
                || addresses.iter().any(|it| is_text(&it.email)),
            fax: known.is_some_and(|it| is_number(&it.fax)) || addresses.iter().any(|it| is_number(&it.fax)),
        }
    }

    fn shown_regions(&self) -> impl Iterator<Item = &Region> {
        self.regions.values().filter(|it| !it.hidden && !self.gone_regions.contains_key(&it.id))
    }
}

#[async_trait]
impl ReadEsign for Rooms {
    async fn states(&mut self) -> Result<Vec<StateReach>, StoreError> {
        let mut alike = BTreeMap::<(State, Reach), u64>::new();
        for region in self.shown_regions() {
            if let Some(state) = region.state {
                *alike.entry((state, self.reach(region.id))).or_default() += 1;
            }
        }
        Ok(alike.into_iter().map(|((state, reach), regions)| StateReach { state, reach, regions }).collect())
    }

    async fn regions(&mut self, state: State) -> Result<Vec<RegionReach>, StoreError> {
        let mut regions: Vec<Region> =
            self.shown_regions().filter(|it| it.state == Some(state)).cloned().collect();
        regions.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(regions.into_iter().map(|region| RegionReach { reach: self.reach(region.id), region }).collect())
    }

    async fn sent_counts(
        &mut self,
        region: Option<RegionId>,
        since: DateTime<Utc>,
        lately: DateTime<Utc>,
    ) -> Result<Vec<SentCount>, StoreError> {
        let asked = self.ballot_requests.values().filter(|it| region.is_none() || it.region == region);
        let regions: BTreeMap<ActionId, RegionId> =
            asked.filter_map(|it| Some((it.action?, it.region?))).collect();
        let mut actions = BTreeMap::<(RegionId, SentAs), (BTreeSet<ActionId>, BTreeSet<ActionId>)>::new();
        for event in self.events.iter().filter(|it| it.created_at >= since) {
            let (Some(sent_as), Some(region)) = (SentAs::of(event.kind), regions.get(&event.action)) else {
                continue;
            };
            let counted = actions.entry((*region, sent_as)).or_default();
            counted.0.insert(event.action);
            if event.created_at >= lately {
                counted.1.insert(event.action);
            }
        }
        let counted =
            |((region, sent_as), (since, lately)): (_, (BTreeSet<ActionId>, BTreeSet<ActionId>))| SentCount {
                region,
                sent_as,
                since: since.len() as u64,
                lately: lately.len() as u64,
            };
        Ok(actions.into_iter().map(counted).collect())
    }

    async fn applications(
        &mut self,
        region: Option<RegionId>,
        page: PageRequest<SentKey>,
    ) -> Result<Page<Application, SentKey>, StoreError> {
        let mut last = BTreeMap::<ActionId, (DateTime<Utc>, EventId, HandOver)>::new();
        for event in self.events.iter() {
            if let Some(by) = HandOver::of(event.kind) {
                let this = (event.created_at, event.id, by);
                let kept = last.entry(event.action).or_insert(this);
                *kept = this.max(*kept);
            }
        }
        let mut found: Vec<Application> = self
            .ballot_requests
            .values()
            .filter(|it| region.is_none() || it.region == region)
            .filter_map(|it| {
                let action = it.action?;
                let (at, _, by) = *last.get(&action)?;
                let named = it.region.and_then(|region| self.regions.get(&region)?.name.clone());
                let subscriber = it.subscriber.and_then(|id| self.subscribers.get(&id));
                Some(Application {
                    request: it.id,
                    sent: SentKey { at, action },
                    by,
                    name: it.name.clone(),
                    email: it.email.clone(),
                    state: it.address.state,
                    region: it.region,
                    region_name: named,
                    subscriber_name: subscriber.map(|it| it.name.clone()),
                })
            })
            .filter(|it| page.after.is_none_or(|after| it.sent < after))
            .collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.sent));
        Ok(Page::cut(found, page.limit, |it| it.sent))
    }

    async fn links(&mut self) -> Result<Vec<LinkOfRegion>, StoreError> {
        let mut links: Vec<LinkOfRegion> = self
            .region_links
            .values()
            .filter_map(|link| {
                let region = self.regions.get(&link.region)?;
                Some(LinkOfRegion { link: link.clone(), name: region.name.clone(), state: region.state })
            })
            .collect();
        let key = |it: &LinkOfRegion| (it.state.map(|state| state.code()), it.name.clone(), it.link.region);
        links.sort_by_key(key);
        Ok(links)
    }
}
