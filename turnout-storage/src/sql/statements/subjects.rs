//! What is kept of one person: the statements of each table in the catalogue, made once of what the core says of them; and
//! receipts.

use std::{collections::BTreeMap, sync::LazyLock};

use turnout_core::{
    retention::Kind,
    subject::{Blank, Clue, FORGOTTEN, Fate, HOLDINGS, Holding, PACKED_SEARCH, Set},
};

use super::Text;

pub(crate) const RECEIPT_COLUMNS: &str = "content, signature";
pub(crate) const PLACE_COLUMNS: &str = "partner_id, tool, created_at";

statements! {
    INSERT_RECEIPT = "INSERT INTO data_receipt (uuid, at, content, signature) VALUES ($1, $2, $3, $4)";
    RECEIPT = "SELECT content, signature FROM data_receipt WHERE uuid = $1";
    RECEIPTS = "SELECT content, signature FROM data_receipt ORDER BY at DESC, uuid DESC LIMIT $1";
    /// Where entries of these actions lie among what is packed. The ids are one JSON list.
    PACKED_PLACES = "SELECT partner_id, tool, created_at FROM search_entry \
                     WHERE action_id IN (SELECT unhex(replace(value, '-', '')) FROM json_each($1))",
        postgres "SELECT partner_id, tool, created_at FROM search_entry \
                  WHERE action_id = ANY (ARRAY(SELECT CAST(value AS uuid) FROM jsonb_array_elements_text($1)))";
}

/// The statements of a holding and one of its clues.
pub(crate) struct Statements {
    /// The rows. The values are one JSON list.
    pub(crate) find: Text,
    /// Leaves of rows what may stay; when it was is the second value where the fate says so.
    pub(crate) clear: Option<Text>,
    /// Deletes rows.
    pub(crate) delete: Option<Text>,
}

/// The statements of a kind that ages.
pub(crate) struct Old {
    /// How many rows are from before the first value.
    pub(crate) count: Text,
    /// Their ids, the second value at the most.
    pub(crate) ids: Text,
    /// Deletes so many.
    pub(crate) delete: Text,
}

type Key = (&'static str, &'static str, &'static str);

fn key(holding: &'static Holding, clue: &'static Clue) -> Key {
    (holding.name, clue.column, if clue.set.is_text() { "text" } else { "id" })
}

static OF_CLUES: LazyLock<BTreeMap<Key, Statements>> = LazyLock::new(|| {
    let pairs = HOLDINGS.iter().flat_map(|holding| holding.clues.iter().map(move |clue| (holding, clue)));
    pairs.map(|(holding, clue)| (key(holding, clue), statements(holding, clue))).collect()
});

static OF_KINDS: LazyLock<BTreeMap<Kind, Old>> =
    LazyLock::new(|| Kind::ALL.into_iter().map(|kind| (kind, old(kind))).collect());

/// The statements of a holding of the catalogue and one of its clues.
pub(crate) fn of(holding: &'static Holding, clue: &'static Clue) -> Option<&'static Statements> {
    OF_CLUES.get(&key(holding, clue))
}

/// The statements of a kind.
pub(crate) fn of_kind(kind: Kind) -> &'static Old {
    &OF_KINDS[&kind]
}

/// Every statement that is made, by name.
pub fn made() -> impl Iterator<Item = (String, Text)> {
    let of_clues = OF_CLUES.iter().flat_map(|((holding, column, _), made)| {
        let all = [("FIND", Some(made.find)), ("CLEAR", made.clear), ("DELETE", made.delete)];
        all.into_iter().filter_map(move |(name, text)| Some((format!("{holding}.{column}.{name}"), text?)))
    });
    let of_kinds = OF_KINDS.iter().flat_map(|(kind, made)| {
        let all = [("COUNT_OLDER", made.count), ("OLDER", made.ids), ("DELETE_OLDER", made.delete)];
        all.into_iter().map(move |(name, text)| (format!("{}.{name}", kind.aging().table), text))
    });
    of_clues.chain(of_kinds)
}

/// Made once, for as long as the process lives.
fn text(sqlite: String, postgres: String) -> Text {
    Text { sqlite: sqlite.leak(), postgres: postgres.leak() }
}

/// That a row is one of those, in SQLite and in PostgreSQL.
fn condition(clue: &Clue) -> (String, String) {
    let column = clue.column;
    if !clue.set.is_text() {
        return (
            format!("{column} IN (SELECT unhex(replace(value, '-', '')) FROM json_each($1))"),
            format!("{column} = ANY (ARRAY(SELECT CAST(value AS uuid) FROM jsonb_array_elements_text($1)))"),
        );
    }
    let is_mixed = clue.set == Set::Emails && !clue.is_lower;
    let column = if is_mixed { format!("lower({column})") } else { column.to_owned() };
    (
        format!("{column} IN (SELECT value FROM json_each($1))"),
        format!("{column} = ANY (ARRAY(SELECT value FROM jsonb_array_elements_text($1)))"),
    )
}

fn statements(holding: &Holding, clue: &Clue) -> Statements {
    let (sqlite, postgres) = condition(clue);
    let table = holding.table;
    let both = |statement: &dyn Fn(&str) -> String| text(statement(&sqlite), statement(&postgres));
    let find = text(
        format!("SELECT * FROM {table} WHERE {sqlite}"),
        format!("SELECT to_jsonb({table}) AS found FROM {table} WHERE {postgres}"),
    );
    let delete = |also: &str| both(&|those| format!("DELETE FROM {table} WHERE {those}{also}"));
    let clear = |set: &str, also: &str| {
        let update = |set: String, those: &str| format!("UPDATE {table} SET {set} WHERE {those}{also}");
        text(
            update(set.replace(OWN_ID, "hex(uuid)"), &sqlite),
            update(set.replace(OWN_ID, "CAST(uuid AS text)"), &postgres),
        )
    };
    let (clear, delete) = match &holding.fate {
        Fate::Gone => (None, Some(delete(""))),
        Fate::Cleared(columns) => (Some(clear(&cleared(columns), "")), None),
        Fate::GoneUnlessRefusal { column, says, cleared: columns } => {
            let refusal = says.map_or(format!("{column} IS NOT NULL"), |says| format!("{column} = '{says}'"));
            let kept = clear(&cleared(columns), &format!(" AND {refusal}"));
            (Some(kept), Some(delete(&format!(" AND NOT ({refusal})"))))
        }
        Fate::Discarded(columns) => {
            let rest = cleared(columns);
            let rest = if rest.is_empty() { rest } else { format!(", {rest}") };
            (Some(clear(&format!("purged = coalesce(purged, $2), modified_at = $2{rest}"), "")), None)
        }
        Fate::Stays(_) => (None, None),
    };
    Statements { find, clear, delete }
}

/// Stands for a row's own id as a text, until it is known in which database.
const OWN_ID: &str = "OWN_ID";

/// Sets columns to what says nothing.
fn cleared(columns: &[(&str, Blank)]) -> String {
    let each = columns.iter().map(|(column, blank)| match blank {
        Blank::Null => format!("{column} = NULL"),
        Blank::Empty => format!("{column} = ''"),
        Blank::No => format!("{column} = false"),
        Blank::Unique => format!("{column} = '{FORGOTTEN}' || lower({OWN_ID}) || '@invalid'"),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn old(kind: Kind) -> Old {
    let aging = kind.aging();
    let (table, key, moment) = (aging.table, aging.key, aging.moment);
    // who a blast was for has no time of its own, and a voter stays while an action leads to him
    let (from, those) = match kind {
        Kind::Recipients => (
            format!("{table} JOIN smsbot_blast ON smsbot_blast.uuid = {table}.blast_id"),
            format!("smsbot_blast.{moment} < $1"),
        ),
        Kind::Voters => (
            table.to_owned(),
            format!(
                "{table}.{moment} < $1 AND NOT EXISTS \
                 (SELECT 1 FROM action_action WHERE action_action.voter_id = {table}.uuid)"
            ),
        ),
        _ => (table.to_owned(), format!("{table}.{moment} < $1")),
    };
    let same = |statement: String| text(statement.clone(), statement);
    let ids = |written: &str| {
        format!("SELECT {written} FROM {from} WHERE {those} ORDER BY {moment}, {table}.{key} LIMIT $2")
    };
    let is_text = key != "uuid";
    let in_sqlite = if is_text { key.to_owned() } else { format!("lower(hex({table}.{key}))") };
    let in_postgres = if is_text { key.to_owned() } else { format!("CAST({table}.{key} AS text)") };
    Old {
        count: same(format!("SELECT count(*) FROM {from} WHERE {those}")),
        ids: text(ids(&in_sqlite), ids(&in_postgres)),
        delete: same(format!("DELETE FROM {table} WHERE {key} IN ({})", ids(&format!("{table}.{key}")))),
    }
}

/// Whether what is packed has to be made anew where rows of this table were erased.
pub(crate) fn is_packed(holding: &Holding) -> bool {
    holding.table == PACKED_SEARCH
}
