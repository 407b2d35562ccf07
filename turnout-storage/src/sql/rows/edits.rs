//! What is proposed for facts about states.

use sqlx::FromRow;
use turnout_core::{
    election::Proposal,
    ids::{InformationId, ProposalId, UserId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::table;
use crate::sql::{
    moment::{Day, Moment},
    statements::edits as statements,
};

#[derive(FromRow)]
pub(crate) struct ProposalRow {
    information_id: Uuid,
    uuid: Uuid,
    text: String,
    notes: String,
    source: String,
    checked_on: Option<Day>,
    proposed_by: Uuid,
    proposed_at: Moment,
    base: Moment,
}
table!(ProposalRow, "election_proposal", statements::COLUMNS, "proposal");

impl TryFrom<ProposalRow> for Proposal {
    type Error = StoreError;

    fn try_from(row: ProposalRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProposalId(row.uuid),
            information: InformationId(row.information_id),
            text: row.text,
            notes: row.notes,
            source: row.source,
            checked_on: row.checked_on.map(|day| day.0),
            by: UserId(row.proposed_by),
            at: row.proposed_at.0,
            base: row.base.0,
        })
    }
}
