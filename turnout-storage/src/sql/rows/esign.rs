//! How offices take requests that were signed online, and what went out.

use sqlx::FromRow;
use turnout_core::{
    absentee::{
        Application, HandOver, LinkOfRegion, Reach, RegionLink, RegionReach, SentAs, SentCount, SentKey,
        StateReach, SubmissionType,
    },
    address::State,
    ids::{ActionId, BallotRequestId, RegionId},
    person::PersonName,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, officials::RegionRow, optional, required, table};
use crate::sql::{moment::Moment, statements::esign as statements};

/// A number of rows.
fn number<R: super::Table>(column: &'static str, count: i64) -> Result<u64, StoreError> {
    u64::try_from(count).map_err(|_| corrupt::<R>(column))
}

#[derive(FromRow)]
pub(crate) struct ReachRow {
    only_method: Option<String>,
    has_override: bool,
    has_link: bool,
    email_known: bool,
    fax_known: bool,
}
table!(ReachRow, "absentee_leocontactoverride", statements::REGION_COLUMNS, "region");

impl TryFrom<ReachRow> for Reach {
    type Error = StoreError;

    fn try_from(row: ReachRow) -> Result<Self, StoreError> {
        let method = row.only_method.as_deref();
        Ok(Self {
            only: optional::<ReachRow, _>("submission_method", method, SubmissionType::parse)?,
            has_override: row.has_override,
            has_link: row.has_link,
            email: row.email_known,
            fax: row.fax_known,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StateReachRow {
    state_id: String,
    #[sqlx(flatten)]
    reach: ReachRow,
    regions: i64,
}
table!(StateReachRow, "official_region", statements::STATE_COLUMNS, "state");

impl TryFrom<StateReachRow> for StateReach {
    type Error = StoreError;

    fn try_from(row: StateReachRow) -> Result<Self, StoreError> {
        Ok(Self {
            state: required::<StateReachRow, _>("state_id", &row.state_id, State::parse)?,
            reach: row.reach.try_into()?,
            regions: number::<StateReachRow>("regions", row.regions)?,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct RegionReachRow {
    #[sqlx(flatten)]
    region: RegionRow,
    #[sqlx(flatten)]
    reach: ReachRow,
}
table!(RegionReachRow, "official_region", statements::REGION_COLUMNS, "region");

impl TryFrom<RegionReachRow> for RegionReach {
    type Error = StoreError;

    fn try_from(row: RegionReachRow) -> Result<Self, StoreError> {
        Ok(Self { region: row.region.try_into()?, reach: row.reach.try_into()? })
    }
}

#[derive(FromRow)]
pub(crate) struct SentCountRow {
    region_id: i64,
    event_type: String,
    since: i64,
    lately: i64,
}
table!(SentCountRow, "event_tracking_event", statements::SENT_COUNT_COLUMNS, "event");

impl TryFrom<SentCountRow> for SentCount {
    type Error = StoreError;

    fn try_from(row: SentCountRow) -> Result<Self, StoreError> {
        Ok(Self {
            region: RegionId(row.region_id),
            sent_as: required::<SentCountRow, _>("event_type", &row.event_type, SentAs::of_event)?,
            since: number::<SentCountRow>("since", row.since)?,
            lately: number::<SentCountRow>("lately", row.lately)?,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct ApplicationRow {
    uuid: Uuid,
    action_id: Uuid,
    sent_at: Moment,
    event_type: String,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    suffix: Option<String>,
    email: Option<String>,
    state_id: Option<String>,
    region_id: Option<i64>,
    region_name: Option<String>,
    subscriber_name: Option<String>,
}
table!(ApplicationRow, "absentee_ballotrequest", statements::APPLICATION_COLUMNS, "ballot request");

impl TryFrom<ApplicationRow> for Application {
    type Error = StoreError;

    fn try_from(row: ApplicationRow) -> Result<Self, StoreError> {
        Ok(Self {
            request: BallotRequestId(row.uuid),
            sent: SentKey { at: row.sent_at.0, action: ActionId(row.action_id) },
            by: required::<ApplicationRow, _>("event_type", &row.event_type, HandOver::of_event)?,
            name: PersonName {
                title: None,
                first: row.first_name,
                middle: row.middle_name,
                last: row.last_name,
                suffix: row.suffix,
            },
            email: row.email,
            state: optional::<ApplicationRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
            region: row.region_id.map(RegionId),
            region_name: row.region_name,
            subscriber_name: row.subscriber_name,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct LinkOfRegionRow {
    region_id: i64,
    url: String,
    created_at: Moment,
    modified_at: Moment,
    name: Option<String>,
    state_id: Option<String>,
}
table!(LinkOfRegionRow, "absentee_regionovbmlink", statements::LINK_COLUMNS, "region link");

impl TryFrom<LinkOfRegionRow> for LinkOfRegion {
    type Error = StoreError;

    fn try_from(row: LinkOfRegionRow) -> Result<Self, StoreError> {
        Ok(Self {
            link: RegionLink {
                region: RegionId(row.region_id),
                url: row.url,
                created_at: row.created_at.0,
                modified_at: row.modified_at.0,
            },
            name: row.name,
            state: optional::<LinkOfRegionRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
        })
    }
}
