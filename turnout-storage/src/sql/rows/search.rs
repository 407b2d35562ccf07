//! What voters are found by.

use serde::Serialize;
use sqlx::FromRow;
use turnout_core::{
    ids::{ActionId, SubscriberId},
    listing::Tool,
    ports::store::StoreError,
    search::{ListKey, LookedAt, Terms, VoterList},
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{moment::Moment, statements::search as statements};

#[derive(FromRow)]
pub(crate) struct EntryRow {
    created_at: Moment,
    action_id: Uuid,
    terms: String,
}
table!(EntryRow, "search_entry", statements::ENTRY_COLUMNS, "list entry");

/// One that is not packed.
#[derive(FromRow)]
pub(crate) struct FreshRow {
    #[sqlx(flatten)]
    entry: EntryRow,
}
table!(FreshRow, "search_fresh", statements::ENTRY_COLUMNS, "list entry");

/// An entry of the list that was asked for.
pub(crate) struct Entry {
    pub(crate) key: ListKey,
    pub(crate) terms: Terms,
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let key = ListKey { created_at: row.created_at.0, action: ActionId(row.action_id) };
        Ok(Self { key, terms: Terms::from_text(row.terms) })
    }
}

impl TryFrom<FreshRow> for Entry {
    type Error = StoreError;

    fn try_from(row: FreshRow) -> Result<Self, StoreError> {
        row.entry.try_into()
    }
}

/// An entry in the list of those that are now packed.
#[derive(Serialize)]
pub(crate) struct Packed<'e> {
    created_at: String,
    action_id: String,
    terms: &'e str,
}

impl<'e> Packed<'e> {
    pub(crate) fn of(entry: &'e Entry) -> Self {
        Self {
            created_at: Moment(entry.key.created_at).text(),
            action_id: entry.key.action.0.simple().to_string(),
            terms: entry.terms.text(),
        }
    }
}

#[derive(FromRow)]
pub(crate) struct ListRow {
    partner_id: Uuid,
    tool: String,
}
table!(ListRow, "search_fresh", statements::LIST_COLUMNS, "list");

impl TryFrom<ListRow> for VoterList {
    type Error = StoreError;

    fn try_from(row: ListRow) -> Result<Self, StoreError> {
        let tool = required::<ListRow, _>("tool", &row.tool, Tool::parse)?;
        Ok(Self { subscriber: SubscriberId(row.partner_id), tool })
    }
}

#[derive(FromRow)]
pub(crate) struct BlockRow {
    pub(crate) block: i64,
    pub(crate) since: Moment,
    pub(crate) directory: Vec<u8>,
}
table!(BlockRow, "search_block", statements::BLOCK_COLUMNS, "block");

#[derive(FromRow)]
pub(crate) struct PageRow {
    pub(crate) number: i64,
    pub(crate) content: Vec<u8>,
}
table!(PageRow, "search_page", statements::PAGE_COLUMNS, "page");

#[derive(FromRow)]
pub(crate) struct LookRow {
    partner_id: Uuid,
    created_at: Moment,
    uuid: Uuid,
    pub(crate) missing: bool,
}
table!(LookRow, "a tool's records", statements::LOOK_COLUMNS, "record");

impl LookRow {
    pub(crate) fn place(&self) -> LookedAt {
        LookedAt {
            subscriber: SubscriberId(self.partner_id),
            created_at: self.created_at.0,
            record: self.uuid,
        }
    }
}
