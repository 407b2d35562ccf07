//! States and facts about them.

use sqlx::FromRow;
use turnout_core::{
    address::State,
    election::{FieldFormat, FieldType, StateInformation, StateProfile},
    ids::{FieldTypeId, InformationId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{optional, required, table};
use crate::sql::{
    moment::{Day, Moment},
    statements::elections as statements,
};

#[derive(FromRow)]
pub(crate) struct StateRow {
    code: String,
    name: String,
    allow_print_and_forward: Option<bool>,
    allow_absentee_print_and_forward: Option<bool>,
    created_at: Moment,
    modified_at: Moment,
}
table!(StateRow, "election_state", statements::STATE_COLUMNS, "state");

impl TryFrom<StateRow> for StateProfile {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        Ok(Self {
            code: required::<StateRow, _>("code", &row.code, State::parse)?,
            name: row.name,
            allow_print_and_forward: row.allow_print_and_forward,
            allow_absentee_print_and_forward: row.allow_absentee_print_and_forward,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct FieldTypeRow {
    uuid: Uuid,
    slug: String,
    long_name: String,
    help_text: Option<String>,
    field_format: Option<String>,
    created_at: Moment,
    modified_at: Moment,
}
table!(FieldTypeRow, "election_stateinformationfieldtype", statements::FIELD_TYPE_COLUMNS, "field type");

impl TryFrom<FieldTypeRow> for FieldType {
    type Error = StoreError;

    fn try_from(row: FieldTypeRow) -> Result<Self, StoreError> {
        let format = row.field_format.as_deref();
        Ok(Self {
            id: FieldTypeId(row.uuid),
            format: optional::<FieldTypeRow, _>("field_format", format, FieldFormat::parse)?,
            slug: row.slug,
            long_name: row.long_name,
            help_text: row.help_text,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct InformationRow {
    uuid: Uuid,
    state_id: String,
    field_type_id: Uuid,
    text: String,
    notes: String,
    source: String,
    checked_on: Option<Day>,
    created_at: Moment,
    modified_at: Moment,
}
table!(InformationRow, "election_stateinformation", statements::INFORMATION_COLUMNS, "fact");

impl TryFrom<InformationRow> for StateInformation {
    type Error = StoreError;

    fn try_from(row: InformationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: InformationId(row.uuid),
            state: required::<InformationRow, _>("state_id", &row.state_id, State::parse)?,
            field_type: FieldTypeId(row.field_type_id),
            text: row.text,
            notes: row.notes,
            source: row.source,
            checked_on: row.checked_on.map(|day| day.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
