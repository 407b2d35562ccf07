//! People who moved.

use sqlx::FromRow;
use turnout_core::{
    address::{Address, State},
    decision::Rule,
    ids::{ActionId, FileId, MoverLeadId, RegionId},
    mover::{Home, MoverLead},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{bind_address, optional, table};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::movers as statements};

#[derive(FromRow)]
pub(crate) struct MoverLeadRow {
    uuid: Uuid,
    source_created_at: Option<Moment>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    move_date: Option<Moment>,
    new_address1: Option<String>,
    new_address2: Option<String>,
    new_city: Option<String>,
    new_state: Option<String>,
    new_zipcode: Option<String>,
    new_zipcode_plus4: Option<String>,
    new_housing_tenure: Option<String>,
    old_address1: Option<String>,
    old_address2: Option<String>,
    old_city: Option<String>,
    old_state: Option<String>,
    old_zipcode: Option<String>,
    old_zipcode_plus4: Option<String>,
    old_housing_tenure: Option<String>,
    new_region_id: Option<i64>,
    old_region_id: Option<i64>,
    actionnetwork_person_id: Option<String>,
    blank_register_forms_action_id: Option<Uuid>,
    blank_register_forms_item_id: Option<Uuid>,
    located_at: Option<Moment>,
    left_alone: Option<String>,
    created_at: Moment,
    modified_at: Moment,
}
table!(MoverLeadRow, "integration_moverlead", statements::COLUMNS, "lead");

/// What the source calls a state need not be one: then none is known.
fn state(text: Option<&str>) -> Option<State> {
    State::parse(text?)
}

impl TryFrom<MoverLeadRow> for MoverLead {
    type Error = StoreError;

    fn try_from(row: MoverLeadRow) -> Result<Self, StoreError> {
        let left_alone = optional::<MoverLeadRow, _>("left_alone", row.left_alone.as_deref(), Rule::parse)?;
        Ok(Self {
            id: MoverLeadId(row.uuid),
            source_created_at: row.source_created_at.map(|moment| moment.0),
            first_name: row.first_name,
            last_name: row.last_name,
            email: row.email,
            move_date: row.move_date.map(|moment| moment.0),
            new: Home {
                address: Address {
                    address1: row.new_address1,
                    address2: row.new_address2,
                    city: row.new_city,
                    state: state(row.new_state.as_deref()),
                    zipcode: row.new_zipcode,
                },
                zipcode_plus4: row.new_zipcode_plus4,
                tenure: row.new_housing_tenure,
                region: row.new_region_id.map(RegionId),
            },
            old: Home {
                address: Address {
                    address1: row.old_address1,
                    address2: row.old_address2,
                    city: row.old_city,
                    state: state(row.old_state.as_deref()),
                    zipcode: row.old_zipcode,
                },
                zipcode_plus4: row.old_zipcode_plus4,
                tenure: row.old_housing_tenure,
                region: row.old_region_id.map(RegionId),
            },
            crm_person: row.actionnetwork_person_id.filter(|id| !id.is_empty()),
            action: row.blank_register_forms_action_id.map(ActionId),
            file: row.blank_register_forms_item_id.map(FileId),
            located_at: row.located_at.map(|moment| moment.0),
            left_alone,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT` takes.
pub(crate) fn bind_lead<D: Dialect>(statement: Statement<D>, lead: &MoverLead) -> Statement<D> {
    let statement = statement
        .bind(lead.id.0)
        .bind(lead.source_created_at.map(Moment))
        .bind(&lead.first_name)
        .bind(&lead.last_name)
        .bind(&lead.email)
        .bind(lead.move_date.map(Moment));
    let statement = bind_home(statement, &lead.new);
    bind_home(statement, &lead.old)
        .bind(lead.new.region.map(|region| region.0))
        .bind(lead.old.region.map(|region| region.0))
        .bind(&lead.crm_person)
        .bind(lead.action.map(|action| action.0))
        .bind(lead.file.map(|file| file.0))
        .bind(lead.located_at.map(Moment))
        .bind(left_alone(lead))
        .bind(Moment(lead.created_at))
        .bind(Moment(lead.modified_at))
}

fn bind_home<D: Dialect>(statement: Statement<D>, home: &Home) -> Statement<D> {
    bind_address(statement, &home.address).bind(&home.zipcode_plus4).bind(&home.tenure)
}

pub(crate) fn left_alone(lead: &MoverLead) -> Option<String> {
    lead.left_alone.map(|rule| rule.id().into_owned())
}
