//! What switches are set to.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{ports::store::StoreError, switch::Setting};

use super::table;
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::switches as statements};

#[derive(FromRow)]
pub(crate) struct SwitchRow {
    feature: String,
    variable: String,
    value: Json<Value>,
    modified_at: Moment,
}
table!(SwitchRow, "switch", statements::COLUMNS, "switch");

impl TryFrom<SwitchRow> for Setting {
    type Error = StoreError;

    fn try_from(row: SwitchRow) -> Result<Self, StoreError> {
        let SwitchRow { feature, variable, value, modified_at } = row;
        Ok(Self { feature, variable, value: value.0, modified_at: modified_at.0 })
    }
}

/// Binds what `PUT` and `ADD` take.
pub(crate) fn bind_setting<D: Dialect>(statement: Statement<D>, setting: &Setting) -> Statement<D> {
    statement
        .bind(&setting.feature)
        .bind(&setting.variable)
        .bind(Json(&setting.value))
        .bind(Moment(setting.modified_at))
}
