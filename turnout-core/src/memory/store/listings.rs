//! Lists of what voters made.

use async_trait::async_trait;

use super::rooms::Rooms;
use crate::{
    action::Outcome,
    ids::{ActionId, SubscriberId},
    listing::{Entry, Filter, Listing, Span, Tool},
    page::{Page, PageRequest},
    person::PersonName,
    ports::store::{ReadListings, StoreError},
    search::ListKey,
};

/// First and last name alone.
fn short(name: &PersonName) -> PersonName {
    PersonName { first: name.first.clone(), last: name.last.clone(), ..PersonName::default() }
}

impl Rooms {
    /// What became of an action.
    pub(super) fn outcome(&self, action: ActionId) -> Outcome {
        let events: Vec<_> = self.events.iter().filter(|event| event.action == action).cloned().collect();
        Outcome::of(&events)
    }

    /// The list, newest first.
    fn list(&self, list: Listing) -> Vec<Entry> {
        let place = |subscriber: Option<SubscriberId>, created_at, action: Option<ActionId>| {
            let action = action.filter(|_| subscriber == Some(list.subscriber))?;
            let is_visible = self.actions.get(&action).is_some_and(|it| it.visible_to_subscriber);
            is_visible.then_some(ListKey { created_at, action })
        };
        let entry = |record, key: ListKey| Entry {
            record,
            key,
            name: PersonName::default(),
            email: None,
            date_of_birth: None,
            state: None,
            place: None,
            voter_status: None,
            is_finished: self.outcome(key.action).is_finished,
        };
        let mut entries: Vec<Entry> = match list.tool {
            Tool::Register => {
                let all = self.registrations.values();
                let entries = all.filter_map(|it| {
                    let key = place(it.subscriber, it.created_at, it.action)?;
                    Some(Entry {
                        name: short(&it.name),
                        email: it.email.clone(),
                        date_of_birth: it.date_of_birth,
                        state: it.address.state,
                        ..entry(it.id.0, key)
                    })
                });
                entries.collect()
            }
            Tool::Absentee => {
                let all = self.ballot_requests.values();
                let entries = all.filter_map(|it| {
                    let key = place(it.subscriber, it.created_at, it.action)?;
                    Some(Entry {
                        name: short(&it.name),
                        email: it.email.clone(),
                        date_of_birth: it.date_of_birth,
                        state: it.address.state,
                        ..entry(it.id.0, key)
                    })
                });
                entries.collect()
            }
            Tool::Verify => {
                let all = self.lookups.values();
                let entries = all.filter_map(|it| {
                    let key = place(it.subscriber, it.created_at, it.action)?;
                    Some(Entry {
                        name: short(&it.voter.name),
                        email: it.voter.email.clone(),
                        date_of_birth: it.voter.date_of_birth,
                        state: it.voter.address.state,
                        voter_status: it.voter_status,
                        ..entry(it.id.0, key)
                    })
                });
                entries.collect()
            }
            Tool::Remind => {
                let all = self.reminders.values();
                let entries = all.filter_map(|it| {
                    let key = place(it.subscriber, it.created_at, it.action)?;
                    Some(Entry {
                        name: short(&it.voter.name),
                        email: it.voter.email.clone(),
                        date_of_birth: it.voter.date_of_birth,
                        state: it.voter.address.state,
                        ..entry(it.id.0, key)
                    })
                });
                entries.collect()
            }
            Tool::Locate => {
                let all = self.polling_places.values();
                let entries = all.filter_map(|it| {
                    let key = place(it.subscriber, it.created_at, it.action)?;
                    let place = it.unstructured_address.clone();
                    Some(Entry { state: it.address.state, place, ..entry(it.id.0, key) })
                });
                entries.collect()
            }
        };
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key));
        entries
    }
}

#[async_trait]
impl ReadListings for Rooms {
    async fn look(
        &mut self,
        list: Listing,
        filter: &Filter,
        page: PageRequest<ListKey>,
    ) -> Result<Page<Entry, ListKey>, StoreError> {
        let mut entries = self.list(list);
        entries.retain(|entry| page.after.is_none_or(|after| entry.key < after) && filter.takes(entry));
        Ok(Page::cut(entries, page.limit, |entry| entry.key))
    }

    async fn at(&mut self, list: Listing, places: &[ListKey]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.list(list);
        entries.retain(|entry| places.contains(&entry.key));
        Ok(entries)
    }

    async fn count(&mut self, list: Listing, span: &Span, most: u64) -> Result<u64, StoreError> {
        let entries = self.list(list);
        let count = entries.iter().filter(|entry| span.takes(entry.key.created_at, entry.state)).count();
        Ok(most.min(count as u64))
    }
}
