//! Finds what is kept of a person.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use super::{HOLDINGS, Holding, Part, Set};
use crate::{
    app::App,
    ids::parse_uuid,
    person::{Phone, is_email},
    ports::store::{Row, StoreError, View},
    suppression::AddressKey,
};

/// By what a person is known to whoever asks: everything that is named counts. No `Debug`: it says who it is.
#[derive(Clone, Default)]
pub struct Person {
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Ids of records, actions or voters.
    pub ids: Vec<Uuid>,
}

/// How far to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Also what the same voter, as the rolls know him, did under other addresses and numbers.
    pub same_voter: bool,
    /// Also accounts of the management site, invitations, and what somebody is who speaks for a subscriber.
    pub staff: bool,
    /// Also the files of exports that subscribers of the person have made.
    pub exports: bool,
}

/// The values by which rows are found.
pub type Sets = BTreeMap<Set, BTreeSet<String>>;

/// What is kept of somebody.
#[derive(Default)]
pub struct Found {
    /// The values by which it was found.
    pub sets: Sets,
    /// The rows of each holding, in the order of the catalogue.
    pub rows: Vec<(&'static Holding, Vec<Row>)>,
}

impl Person {
    /// Whether nobody is named.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.emails.is_empty() && self.phones.is_empty() && self.ids.is_empty()
    }

    /// The first sets: what whoever asks has named.
    fn sets(&self, app: &App) -> Sets {
        let keys = self.emails.iter().flat_map(|address| AddressKey::all_of(app, address));
        let ids = || self.ids.iter().map(Uuid::to_string).collect::<BTreeSet<_>>();
        let emails = self.emails.iter().map(|it| it.trim().to_lowercase()).filter(|it| is_email(it));
        let mut sets = Sets::new();
        sets.insert(Set::Emails, emails.collect());
        sets.insert(Set::Phones, self.phones.iter().map(|it| it.e164().to_owned()).collect());
        sets.insert(Set::AddressKeys, keys.map(|key| key.0.to_string()).collect());
        for set in [Set::Given, Set::Actions, Set::Voters] {
            sets.insert(set, ids());
        }
        sets
    }
}

impl Found {
    /// How many rows there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.rows.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// The rows of a holding.
    #[must_use]
    pub fn of(&self, name: &str) -> &[Row] {
        self.rows.iter().find(|(holding, _)| holding.name == name).map_or(&[], |(_, rows)| rows)
    }

    /// How many addresses and numbers the records have beside those that were named: perhaps the same person's, perhaps
    /// those of somebody in the same house.
    #[must_use]
    pub fn further_contacts(&self) -> usize {
        let known = [Set::Emails, Set::Phones].into_iter().filter_map(|set| self.sets.get(&set)).flatten();
        let known: BTreeSet<&str> = known.map(String::as_str).collect();
        let further = self.rows.iter().filter(|(holding, _)| holding.part == Part::Voter);
        let further =
            further.flat_map(|(_, rows)| rows).flat_map(|row| ["email", "phone"].map(|it| row.get(it)));
        let further: BTreeSet<String> =
            further.flatten().filter_map(Value::as_str).map(str::to_lowercase).collect();
        further.iter().filter(|it| !it.is_empty() && !known.contains(it.as_str())).count()
    }
}

/// Finds everything that is kept of a person.
///
/// # Errors
/// When the store fails, or cannot look for a person.
pub async fn gather(
    app: &App,
    view: &mut dyn View,
    person: &Person,
    options: Options,
) -> Result<Found, StoreError> {
    let holdings = |holding: &&'static Holding| options.staff || holding.part == Part::Voter;
    let mut ignored = Vec::new();
    if !options.exports {
        ignored.push(Set::Exporters);
    }
    if !options.same_voter {
        ignored.push(Set::SameVoters);
    }
    gather_from(view, person.sets(app), &ignored, HOLDINGS.iter().filter(holdings)).await
}

/// Finds what these values lead to, but for what is ignored: until nothing new is found, and what was found is looked at by
/// all that is known then.
pub(crate) async fn gather_from(
    view: &mut dyn View,
    mut sets: Sets,
    ignored: &[Set],
    holdings: impl Iterator<Item = &'static Holding> + Clone + Send,
) -> Result<Found, StoreError> {
    loop {
        let before = size(&sets);
        let mut found = Vec::new();
        for holding in holdings.clone() {
            let rows = rows_of(view, holding, &sets).await?;
            for row in &rows {
                note(&mut sets, holding, row, ignored);
            }
            found.push((holding, rows));
        }
        if size(&sets) == before {
            found.retain(|(_, rows)| !rows.is_empty());
            return Ok(Found { sets, rows: found });
        }
    }
}

/// How many values there are.
fn size(sets: &Sets) -> usize {
    sets.values().map(BTreeSet::len).sum()
}

async fn rows_of(
    view: &mut dyn View,
    holding: &'static Holding,
    sets: &Sets,
) -> Result<Vec<Row>, StoreError> {
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    for clue in holding.clues {
        let Some(values) = sets.get(&clue.set).filter(|values| !values.is_empty()) else { continue };
        let values: Vec<String> = values.iter().cloned().collect();
        for row in view.subjects().find(holding, clue, &values).await? {
            // not one that was found by another clue before
            let mark = row.get("uuid").map_or_else(|| Value::from(row.clone()).to_string(), Value::to_string);
            if seen.insert(mark) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Takes from a row what leads on.
fn note(sets: &mut Sets, holding: &Holding, row: &Row, ignored: &[Set]) {
    for (column, set) in holding.gives {
        let Some(id) = row.get(*column).and_then(Value::as_str).and_then(parse_uuid) else { continue };
        let also = (*set == Set::Voters).then_some(Set::SameVoters);
        for set in [Some(*set), also].into_iter().flatten().filter(|set| !ignored.contains(set)) {
            sets.entry(set).or_default().insert(id.to_string());
        }
    }
}
