//! What a list lacks of what there is: one that was cut off looks like one of which much is gone.

use std::{collections::BTreeMap, fmt};

use super::{OfficeList, differences::Subject, sync::Known};
use crate::{
    address::State,
    ids::{OfficeAddressId, OfficeId, RegionId},
};

/// A list that lacks more than so many of a hundred is taken for a broken one.
const MOST_GONE: usize = 5;
/// So few may be gone whatever the share: of all states, and of one of them if that is no more than half of what it has.
const FEW: usize = 5;

/// How many rows of one kind a list lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Of this state; of all of them without one.
    pub state: Option<State>,
    /// Of which kind.
    pub what: Subject,
    /// How many it lacks.
    pub gone: usize,
    /// Of how many.
    pub known: usize,
}

/// How many records of one kind a supplier says that it has, and how many came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// Of which kind.
    pub what: Subject,
    /// How many it has.
    pub said: usize,
    /// How many came, those of territories among them.
    pub came: usize,
}

/// Everything for which a list is taken for one that was cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacks {
    /// What it lacks of what there is: of all states first, then state by state.
    pub losses: Vec<Loss>,
    /// What it lacks of what the supplier says that it has.
    pub short: Vec<Short>,
}

impl Loss {
    /// Whether it is more than goes in a day. Half of a small state is much, and all of it is whatever its size.
    fn is_much(self) -> bool {
        let Self { state, gone, known, .. } = self;
        (gone > FEW && gone * 100 > known * MOST_GONE) || (state.is_some() && gone * 2 > known)
    }
}

impl Lacks {
    /// What is too much of the losses, and of what did not come.
    pub(super) fn too_much(losses: impl IntoIterator<Item = Loss>, short: &[Short]) -> Self {
        Self { losses: losses.into_iter().filter(|loss| loss.is_much()).collect(), short: short.to_vec() }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.losses.is_empty() && self.short.is_empty()
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {}", self.gone, self.known, self.what.many())
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, said, came } = self;
        write!(f, "the supplier says that it has {said} {}, of which {came} came", what.many())
    }
}

impl fmt::Display for Lacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_states = self.losses.chunk_by(|one, next| one.state == next.state).map(|losses| {
            let all: Vec<String> = losses.iter().map(ToString::to_string).collect();
            let place = losses[0].state.map_or_else(|| "in all".to_owned(), |it| format!("of {}", it.code()));
            format!("{} {place}", all.join(", "))
        });
        let lacks: Vec<String> = of_states.collect();
        let lacks = (!lacks.is_empty()).then(|| format!("the list lacks {}", lacks.join("; ")));
        let all: Vec<String> = lacks.into_iter().chain(self.short.iter().map(ToString::to_string)).collect();
        f.write_str(&all.join("; "))
    }
}

/// What each state loses: rows that are there, and that the list lacks or has in another state. Only regions that are a
/// subject of the list count, with their offices.
pub(super) fn of_states(
    known: &Known,
    list: &OfficeList,
    is_subject: impl Fn(Option<RegionId>) -> bool,
) -> Vec<Loss> {
    let regions: BTreeMap<RegionId, State> =
        list.regions.iter().filter_map(|region| Some((region.id, region.state?))).collect();
    let in_region = |region: Option<RegionId>| regions.get(&region?).copied();
    let offices: BTreeMap<OfficeId, State> =
        list.offices.iter().filter_map(|office| Some((office.id, in_region(office.region)?))).collect();
    let in_office = |office: Option<OfficeId>| offices.get(&office?).copied();
    let addresses: BTreeMap<OfficeAddressId, State> =
        list.addresses.iter().filter_map(|address| Some((address.id?, in_office(address.office)?))).collect();

    let mut losses = BTreeMap::<(State, Subject), Loss>::new();
    let mut count = |before: Option<State>, what: Subject, now: Option<&State>| {
        let Some(state) = before else { return };
        let none = Loss { state: before, what, gone: 0, known: 0 };
        let loss = losses.entry((state, what)).or_insert(none);
        loss.known += 1;
        loss.gone += usize::from(now != Some(&state));
    };
    let present = known.regions.values().filter(|it| it.gone.is_none()).map(|it| &it.region);
    for region in present.filter(|it| !it.is_generated() && is_subject(Some(it.id))) {
        count(region.state, Subject::Region, regions.get(&region.id));
    }
    for office in known.offices.values().filter(|office| is_subject(office.region)) {
        count(known.state_of(office.region), Subject::Office, offices.get(&office.id));
    }
    for (id, address) in &known.addresses {
        let office = address.office.and_then(|office| known.offices.get(&office));
        if let Some(office) = office.filter(|office| is_subject(office.region)) {
            count(known.state_of(office.region), Subject::Address, addresses.get(id));
        }
    }
    losses.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_five_and_five_of_a_hundred_are_much_and_of_a_state_more_than_half() {
        let is_much = |state, gone, known| Loss { state, what: Subject::Region, gone, known }.is_much();
        for (gone, known, of_all, of_a_state) in [
            (0, 0, false, false),
            (0, 3, false, false),
            (1, 1, false, true),
            (1, 2, false, false),
            (1, 3, false, false),
            (2, 3, false, true),
            (3, 3, false, true),
            (5, 10, false, false),
            (5, 67, false, false),
            (6, 67, true, true),
            (67, 67, true, true),
            (6, 120, false, false),
            (7, 120, true, true),
            (67, 7_000, false, false),
        ] {
            assert_eq!(is_much(None, gone, known), of_all, "{gone} of {known}");
            assert_eq!(is_much(Some(State::Fl), gone, known), of_a_state, "{gone} of {known} of a state");
        }
    }

    #[test]
    fn everything_is_said_at_once_by_state_and_number() {
        let loss = |state, what, gone, known| Loss { state, what, gone, known };
        let (de, fl) = (Some(State::De), Some(State::Fl));
        let losses = [
            loss(None, Subject::Region, 70, 700),
            loss(None, Subject::Office, 5, 700),
            loss(de, Subject::Region, 3, 3),
            loss(de, Subject::Address, 2, 3),
            loss(fl, Subject::Region, 67, 67),
        ];
        let short = Short { what: Subject::Office, said: 700, came: 695 };
        let lacks = Lacks::too_much(losses, &[short]);
        assert_eq!(
            lacks.to_string(),
            "the list lacks 70 of 700 regions in all; 3 of 3 regions, 2 of 3 addresses of DE; 67 of 67 regions of FL; \
             the supplier says that it has 700 offices, of which 695 came"
        );
        assert!(Lacks::too_much([loss(fl, Subject::Region, 1, 67)], &[]).is_nothing());
    }
}
