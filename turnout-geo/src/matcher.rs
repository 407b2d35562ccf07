//! From an address to its election office, asking whoever knows where it is.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use turnout_core::{
    address::{Address, State},
    error::ProviderError,
    ids::RegionId,
    official,
    ports::{
        clock::Clock,
        geocoder::{Accuracy, GeocodeError, Geocoded, Geocoder},
        regions::{RegionMatch, RegionMatcher},
    },
};

use crate::{
    Kind, Parsed, RawAddress,
    data::zips,
    parse_fields,
    point::GeoPoint,
    region::{Answer, Located, NamedMunicipality, Outcome, Reason, RegionFinder, RegionList, named_county},
};

/// A point that is no better than this is not looked at: the ZIP code's addresses say more.
const WORST: Accuracy = Accuracy::Zip9;
/// How far off a point may be to be looked at, in meters.
const WORST_M: f64 = 2_000.0;
/// How many places of one address are looked at.
const PLACES: usize = 5;

/// Who is asked before all others, where it is there: municipalities decide in these states, and the district service knows
/// them (`address-matching.md` 1.1).
const PREFERENCES: [(State, &str); 2] = [(State::Vt, "targetsmart"), (State::Mi, "targetsmart")];

/// A question to a finder.
pub type FinderQuestion = Box<dyn FnOnce(&RegionFinder) -> Answer + Send>;

/// The finder that the matcher asks, which may be another one after a while.
#[async_trait]
pub trait Finders: Send + Sync {
    /// The finder as it is now.
    fn finder(&self) -> Arc<RegionFinder>;

    /// What the finder, as it is now, answers. Run here, unless somebody knows a better place: the first question about a
    /// state takes some ten milliseconds.
    ///
    /// # Errors
    /// When nobody can run it.
    async fn ask(&self, question: FinderQuestion) -> Result<Answer, ProviderError> {
        Ok(question(&self.finder()))
    }
}

/// One that stays as it is.
impl Finders for Arc<RegionFinder> {
    fn finder(&self) -> Self {
        Self::clone(self)
    }
}

/// What happened while an address was matched, for logs and metrics; nothing of the address.
#[derive(Debug)]
pub enum MatchEvent<'a> {
    /// A geocoder could not be asked.
    Failed(&'a GeocodeError),
    /// The address was matched, or not.
    Matched {
        /// Who gave the point that decided; none where it was the ZIP code.
        source: Option<&'static str>,
        /// Where the address says that it is.
        state: State,
        /// What came of it.
        outcome: &'a Outcome,
    },
}

/// Is told what happens.
pub type MatchObserver = Arc<dyn Fn(&MatchEvent<'_>) + Send + Sync>;

/// Matches addresses: asks geocoders, one after the other, until one gives a point that is in exactly one region.
///
/// If none does, the first answer stands, several regions among which the voter may choose; and where no geocoder knows
/// the address, or none is there, its ZIP code decides. Where a geocoder finds the address in another state than it says,
/// there is no region, unless another geocoder finds it where it says it is.
pub struct AddressMatcher {
    finders: Arc<dyn Finders>,
    clock: Arc<dyn Clock>,
    geocoders: Vec<Arc<dyn Geocoder>>,
    /// Of several for a state, the last one counts.
    preferences: Vec<(State, &'static str)>,
    budget: TimeDelta,
    observer: Option<MatchObserver>,
}

impl AddressMatcher {
    /// Matches by ZIP codes alone.
    #[must_use]
    pub fn new(finders: Arc<dyn Finders>, clock: Arc<dyn Clock>) -> Self {
        let budget = TimeDelta::seconds(15);
        let (geocoders, preferences) = (Vec::new(), PREFERENCES.to_vec());
        Self { finders, clock, geocoders, preferences, budget, observer: None }
    }

    /// Asks this geocoder, after those that it was given before.
    #[must_use]
    pub fn with_geocoder(mut self, geocoder: Arc<dyn Geocoder>) -> Self {
        self.geocoders.push(geocoder);
        self
    }

    /// In this state, asks the geocoder of this name before all others.
    #[must_use]
    pub fn with_preference(mut self, state: State, name: &'static str) -> Self {
        self.preferences.push((state, name));
        self
    }

    /// How long one address may take until no further geocoder is asked; 15 seconds unless it is said.
    #[must_use]
    pub fn with_budget(mut self, budget: TimeDelta) -> Self {
        self.budget = budget;
        self
    }

    /// Tells what happens.
    #[must_use]
    pub fn with_observer(mut self, observer: MatchObserver) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The regions of an address, with an explanation.
    ///
    /// # Errors
    /// When the finder cannot be asked. That geocoders fail is no error.
    pub async fn match_address(&self, address: &Address) -> Result<Answer, ProviderError> {
        let parsed = parse_fields(&RawAddress::from(address), &zips());
        let Some(state) = parsed.state else { return Ok(nothing(Reason::NotLocated)) };
        // a state that was typed beside its field is one, too
        let address = Address { state: Some(state), ..address.clone() };
        let (source, answer) = self.answer(&address, has_a_place(&parsed), state).await?;
        self.tell(&MatchEvent::Matched { source, state, outcome: &answer.outcome });
        Ok(answer)
    }

    async fn answer(
        &self,
        address: &Address,
        has_a_place: bool,
        state: State,
    ) -> Result<(Option<&'static str>, Answer), ProviderError> {
        let (mut first, mut none) = (None, None);
        let until = self.clock.now() + self.budget;
        for geocoder in self.in_order(state).filter(|_| has_a_place) {
            if self.clock.now() >= until {
                break;
            }
            let Some(answer) = self.answer_of(geocoder.as_ref(), address, state).await? else { continue };
            match answer.outcome {
                Outcome::One(_) => return Ok((Some(geocoder.name()), answer)),
                Outcome::None(_) => none = none.or(Some((Some(geocoder.name()), answer))),
                Outcome::Ambiguous(_) | Outcome::Nearby(_) => {
                    first = first.or(Some((Some(geocoder.name()), answer)));
                }
            }
        }
        // a place that is known to have no region has none by its ZIP code neither
        if let Some(stands) = first.or(none) {
            return Ok(stands);
        }
        let address = address.clone();
        let by_zip = move |finder: &RegionFinder| {
            finder.find(&parse_fields(&RawAddress::from(&address), &zips()), None)
        };
        Ok((None, self.finders.ask(Box::new(by_zip)).await?))
    }

    /// What a geocoder's places come to; nothing if it fails, or knows none that is good enough.
    async fn answer_of(
        &self,
        geocoder: &dyn Geocoder,
        address: &Address,
        state: State,
    ) -> Result<Option<Answer>, ProviderError> {
        let found = match geocoder.geocode(address).await {
            Ok(found) => found,
            Err(error) => {
                self.tell(&MatchEvent::Failed(&error));
                return Ok(None);
            }
        };
        let places = match places(found, state) {
            Places::Here(places) => places,
            Places::Elsewhere(found) => {
                return Ok(Some(nothing(Reason::StateMismatch { said: state, found })));
            }
            Places::Unknown => return Ok(None),
        };
        let address = address.clone();
        let by_places = move |finder: &RegionFinder| {
            let parsed = parse_fields(&RawAddress::from(&address), &zips());
            let answers = places.iter().map(|place| answer_at(&parsed, state, finder, place));
            answers.reduce(Answer::or).unwrap_or_else(|| nothing(Reason::NotLocated))
        };
        self.finders.ask(Box::new(by_places)).await.map(Some)
    }

    /// The state's preferred one first.
    fn in_order(&self, state: State) -> impl Iterator<Item = &Arc<dyn Geocoder>> {
        let preferred = self.preferences.iter().rev().find(|(of, _)| *of == state).map(|(_, name)| *name);
        let is_preferred = move |geocoder: &&Arc<dyn Geocoder>| Some(geocoder.name()) == preferred;
        let others = self.geocoders.iter().filter(move |geocoder| !is_preferred(geocoder));
        self.geocoders.iter().filter(is_preferred).chain(others)
    }

    fn tell(&self, event: &MatchEvent<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }
}

/// A post office box is no place, and a place without a street is not one address.
fn has_a_place(parsed: &Parsed<'_>) -> bool {
    matches!(parsed.kind, Kind::Street | Kind::Highway | Kind::Intersection | Kind::RuralRoute)
}

fn nothing(reason: Reason) -> Answer {
    Answer { outcome: Outcome::None(reason), explanation: vec![reason.to_string()] }
}

/// The places of an address that are good enough.
enum Places {
    /// In its state; those that are as good as the first.
    Here(Vec<Geocoded>),
    /// In this other state, and none in its own.
    Elsewhere(State),
    /// None.
    Unknown,
}

fn places(found: Vec<Geocoded>, state: State) -> Places {
    let is_near = |found: &Geocoded| found.accuracy <= WORST && found.uncertainty_m <= WORST_M;
    let is_good = |found: &Geocoded| is_near(found) || found.components.municipality.is_some();
    let good: Vec<Geocoded> = found.into_iter().filter(is_good).collect();
    let is_here = |found: &Geocoded| found.components.state.is_none_or(|found| found == state);
    let elsewhere = good.first().and_then(|found| found.components.state);
    let mut here = good.into_iter().filter(is_here).peekable();
    match (here.peek().map(|best| best.accuracy), elsewhere) {
        (Some(best), _) => Places::Here(here.filter(|found| found.accuracy == best).take(PLACES).collect()),
        (None, Some(other)) => Places::Elsewhere(other),
        (None, None) => Places::Unknown,
    }
}

fn answer_at(parsed: &Parsed<'_>, state: State, finder: &RegionFinder, found: &Geocoded) -> Answer {
    let Some(point) = GeoPoint::from_degrees(found.location.lat, found.location.lng) else {
        return nothing(Reason::NotInTheCountry);
    };
    let county = named_county(state, &found.components);
    let is_exact = found.accuracy != Accuracy::Range && found.accuracy != Accuracy::Street;
    let named = NamedMunicipality::of(&found.components, state, parsed.city, is_exact);
    let located = Located { point, uncertainty_m: found.uncertainty_m, county };
    finder.find_named(parsed, Some(located), named.as_ref())
}

#[async_trait]
impl RegionMatcher for AddressMatcher {
    async fn find(&self, address: &Address) -> Result<RegionMatch, ProviderError> {
        let answer = self.match_address(address).await?;
        let several = |mut named: Vec<(String, RegionId)>| {
            named.sort();
            RegionMatch::Several(named.into_iter().map(|(_, id)| id).collect())
        };
        Ok(match answer.outcome {
            Outcome::One(found) => RegionMatch::One(found.region.id),
            Outcome::Ambiguous(found) => {
                several(found.into_iter().map(|found| (found.region.name, found.region.id)).collect())
            }
            Outcome::Nearby(near) => {
                several(near.into_iter().map(|near| (near.region.name, near.region.id)).collect())
            }
            Outcome::None(_) => RegionMatch::None,
        })
    }
    fn successors(
        &self,
        generated: &[official::Region],
        listed: &[official::Region],
    ) -> Vec<(RegionId, RegionId)> {
        let list = RegionList::new(listed.iter().cloned());
        let known = |id: &RegionId| generated.iter().any(|region| region.id == *id);
        self.finders.finder().successors(&list).into_iter().filter(|(old, _)| known(old)).collect()
    }
}
