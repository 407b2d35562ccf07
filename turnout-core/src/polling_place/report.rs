//! The use-case: a page reports what its locator answered (`http-api.md` 7, `flows.md` 6).

use serde_json::Value;

use super::PollingPlaceLookup;
use crate::{
    action::{Action, EventType, TrackingDraft},
    address::{Address, State},
    app::App,
    asked::{self, Field},
    ids::{PollingPlaceLookupId, RegionId},
    input::{Given, Input, Reader, Rules},
    official::{OfficeWithAddresses, Region, county},
    ports::{
        regions::RegionMatch,
        store::{RegionFilter, StoreError},
    },
    problems::Problems,
    search::{self, Listed},
    subscriber,
    switch::locator_region,
    tracking::Tracking,
    webhook,
};

/// Why a report was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Something is wrong with the input; nothing was stored.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of it.
pub struct Reported {
    /// The record, as stored.
    pub lookup: PollingPlaceLookup,
    /// The state as the locator wrote it, be it one or not.
    pub state: Option<String>,
    /// The region of the address with its offices, where that is told.
    pub region: Option<(Region, Vec<OfficeWithAddresses>)>,
}

/// What a locator says of an address. A part that is no text counts as absent (quirk Q44).
#[derive(Default)]
struct Located {
    status: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zipcode: Option<String>,
    county: Option<String>,
}

impl Located {
    fn read(result: Option<&Value>) -> Self {
        let Some(data) = result.and_then(|result| result.get("data")) else { return Self::default() };
        let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
        let home = data.get("home_address").unwrap_or(&Value::Null);
        Self {
            status: text(data, "status"),
            address1: text(home, "address_line_1"),
            address2: text(home, "address_line_2"),
            city: text(home, "city"),
            state: text(home, "state"),
            zipcode: text(home, "zip"),
            county: text(data, "county"),
        }
    }

    fn address(&self, state: Option<State>) -> Address {
        Address {
            address1: self.address1.clone(),
            address2: self.address2.clone(),
            city: self.city.clone(),
            state,
            zipcode: self.zipcode.clone(),
        }
    }
}

/// A report as somebody sent it.
struct Draft {
    unstructured: Given<String>,
    source_result: Given<Value>,
    source_status: Given<String>,
    civic_status: Given<String>,
    tracked: TrackingDraft,
    events: Given<Vec<EventType>>,
}

impl Draft {
    fn read(r: &mut Reader<'_>) -> Self {
        let nullable = Rules::optional().or_null();
        // what Google answered must not be kept
        r.json("civic_result", nullable);
        Self {
            unstructured: r.text("unstructured_address", Rules::required().or_null()),
            source_result: r.json("source_result", nullable),
            source_status: r.text("source_status", nullable),
            civic_status: r.text("civic_status", nullable),
            tracked: TrackingDraft::read(r),
            events: r.choices("initial_events", Rules::optional(), EventType::parse_from_client),
        }
    }
}

/// The fields that [`report`] reads.
#[must_use]
pub fn fields() -> Vec<Field> {
    asked::fields(|input| {
        let _ = Draft::read(&mut Reader::whole(input));
    })
}

/// Keeps the report. Tells the region of the address, where that is switched on.
///
/// # Errors
/// See [`ReportError`].
#[tracing::instrument(target = "turnout::trace", name = "polling_place.report", skip_all)]
pub async fn report(app: &App, input: &Input, slug: Option<&str>) -> Result<Reported, ReportError> {
    let mut r = Reader::whole(input);
    let Draft { unstructured, source_result, source_status, civic_status, tracked, events } =
        Draft::read(&mut r);
    r.into_problems().into_result()?;
    let mut view = app.store.view().await?;
    let subscriber = subscriber::choose_for_call(app, view.as_mut(), slug).await?;
    drop(view);

    let source_result = source_result.value();
    let located = Located::read(source_result.as_ref());
    let action = Action::begin(app, subscriber.as_ref());
    let mut tracking = Tracking::default();
    tracked.store(&mut tracking);
    let lookup = PollingPlaceLookup {
        id: PollingPlaceLookupId(app.ids.uuid()),
        action: Some(action.id),
        subscriber: subscriber.map(|it| it.id),
        created_at: action.created_at,
        modified_at: action.created_at,
        unstructured_address: unstructured.value(),
        source_status: match source_status {
            Given::Absent => located.status.clone(),
            given => given.value(),
        },
        source_result,
        civic_status: civic_status.value(),
        address: located.address(located.state.as_deref().and_then(State::parse)),
        sms_opt_in_subscriber: Some(false),
        tracking,
    };
    let mut unit = app.store.begin().await?;
    unit.actions_mut().insert(&action).await?;
    unit.polling_places_mut().insert(&lookup).await?;
    search::list(unit.as_mut(), &action, Listed::polling_place(&lookup)).await?;
    webhook::begun(app, unit.as_mut(), action.id).await?;
    for event in events.value().unwrap_or_default() {
        webhook::happened(app, unit.as_mut(), &app.event(action.id, event)).await?;
    }
    unit.commit().await?;
    let region = region(app, &located).await?;
    Ok(Reported { lookup, state: located.state, region })
}

/// The region of the address and its offices. A failure to match is no match.
async fn region(
    app: &App,
    located: &Located,
) -> Result<Option<(Region, Vec<OfficeWithAddresses>)>, StoreError> {
    let Some(state) = located.state.as_deref().map(str::to_ascii_uppercase) else { return Ok(None) };
    let Some(state) = State::parse(&state) else { return Ok(None) };
    if !app.switches().await.in_state(&locator_region::FEATURE, state) {
        return Ok(None);
    }
    let id = match located.county.as_deref().filter(|county| !county.is_empty()) {
        Some(county) if county::decides(state) => of_county(app, state, county).await?,
        _ => match app.regions.find(&located.address(Some(state))).await {
            Ok(RegionMatch::One(id)) => Some(id),
            Ok(RegionMatch::Several(ids)) => ids.first().copied(),
            Ok(RegionMatch::None) | Err(_) => None,
        },
    };
    let Some(id) = id else { return Ok(None) };
    let mut view = app.store.view().await?;
    let Some(region) = view.officials().region(id).await? else { return Ok(None) };
    let offices = view.officials().offices(id).await?;
    Ok(Some((region, offices)))
}

async fn of_county(app: &App, state: State, name: &str) -> Result<Option<RegionId>, StoreError> {
    let mut view = app.store.view().await?;
    let regions = view.officials().regions(state, &RegionFilter::default()).await?;
    let is_it = |region: &&Region| region.name.as_deref().is_some_and(|it| county::is_named(it, name));
    Ok(regions.iter().find(is_it).map(|region| region.id))
}
