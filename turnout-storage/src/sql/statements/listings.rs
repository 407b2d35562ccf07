//! Lists of what voters made: the same statements for each tool, whose tables have few columns in common.

use std::{collections::BTreeMap, sync::LazyLock};

use turnout_core::{action::Outcome, listing::Tool};

use super::Text;

pub(crate) const COLUMNS: &str = "uuid, created_at, action_id, first_name, last_name, email, date_of_birth, \
    state_id, place, voter_status, is_visible, is_finished";

/// The statements of one tool.
pub(crate) struct Statements {
    /// Of a subscriber (`$1`), from one moment (`$2`) up to a place (`$3`, `$4`); so many (`$5`).
    pub(crate) look: Text,
    /// The same, of one state (`$6`).
    pub(crate) look_in_state: Text,
    /// Of a subscriber (`$1`), at the actions of a JSON list (`$2`).
    pub(crate) at: Text,
    /// How many are visible of a subscriber (`$1`) from one moment on (`$2`) and before another (`$3`); so many (`$4`) at
    /// the most.
    pub(crate) count: Text,
    /// The same, of one state (`$5`).
    pub(crate) count_in_state: Text,
}

static STATEMENTS: LazyLock<BTreeMap<Tool, Statements>> =
    LazyLock::new(|| Tool::ALL.iter().map(|tool| (*tool, Statements::of(*tool))).collect());

/// The statements of a tool.
pub(crate) fn of(tool: Tool) -> &'static Statements {
    &STATEMENTS[&tool]
}

/// Every statement, by name.
pub fn all() -> impl Iterator<Item = (String, Text)> {
    STATEMENTS.iter().flat_map(|(tool, statements)| {
        let named = [
            ("LOOK", statements.look),
            ("LOOK_IN_STATE", statements.look_in_state),
            ("AT", statements.at),
            ("COUNT", statements.count),
            ("COUNT_IN_STATE", statements.count_in_state),
        ];
        named.map(move |(name, text)| (format!("{}.{name}", tool.wire()), text))
    })
}

/// The table of a tool's records.
pub(crate) fn table(tool: Tool) -> &'static str {
    match tool {
        Tool::Register => "register_registration",
        Tool::Absentee => "absentee_ballotrequest",
        Tool::Verify => "verifier_lookup",
        Tool::Remind => "reminder_reminderrequest",
        Tool::Locate => "polling_place_pollingplacelookup",
    }
}

/// A list of events as SQL has it.
pub(super) fn events(kinds: &[turnout_core::action::EventType]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.wire())).collect();
    kinds.join(", ")
}

/// They are made once and live as long as the process.
pub(super) fn text(sqlite: String, postgres: String) -> Text {
    Text { sqlite: sqlite.leak(), postgres: postgres.leak() }
}

impl Statements {
    fn of(tool: Tool) -> Self {
        let table = table(tool);
        let person = "r.first_name, r.last_name, r.email, r.date_of_birth, r.state_id";
        let (sqlite, postgres) = match tool {
            Tool::Locate => (
                "NULL AS first_name, NULL AS last_name, NULL AS email, NULL AS date_of_birth, r.state_id, \
                 r.unstructured_address AS place, NULL AS voter_status"
                    .to_owned(),
                "NULL::text AS first_name, NULL::text AS last_name, NULL::text AS email, \
                 NULL::date AS date_of_birth, r.state_id, r.unstructured_address AS place, \
                 NULL::text AS voter_status"
                    .to_owned(),
            ),
            Tool::Verify => (
                format!("{person}, NULL AS place, r.voter_status"),
                format!("{person}, NULL::text AS place, r.voter_status"),
            ),
            Tool::Register | Tool::Absentee | Tool::Remind => (
                format!("{person}, NULL AS place, NULL AS voter_status"),
                format!("{person}, NULL::text AS place, NULL::text AS voter_status"),
            ),
        };
        // not EXISTS: for that a planner may read all such events there are, and keep them
        let finished = events(Outcome::FINISHED);
        let select = |columns: &str| {
            format!(
                "SELECT r.uuid, r.created_at, r.action_id, {columns}, \
                 (a.visible_to_subscriber IS TRUE) AS is_visible, \
                 (SELECT 1 FROM event_tracking_event e WHERE e.action_id = r.action_id \
                 AND e.event_type IN ({finished}) LIMIT 1) IS NOT NULL AS is_finished \
                 FROM {table} r JOIN action_action a ON a.uuid = r.action_id WHERE r.partner_id = $1 "
            )
        };
        let look = |columns: &str, more: &str| {
            let select = select(columns);
            format!(
                "{select}AND r.created_at >= $2 AND r.created_at <= $3 \
                 AND (r.created_at, r.action_id) < ($3, $4) {more}\
                 ORDER BY r.created_at DESC, r.action_id DESC LIMIT $5"
            )
        };
        let in_state = "AND r.state_id = $6 ";
        // in the order of an index, as a planner may otherwise go along another one that has everybody's
        let count = |more: &str| {
            let count = format!(
                "SELECT count(*) FROM (SELECT 1 FROM {table} r JOIN action_action a ON a.uuid = r.action_id \
                 WHERE r.partner_id = $1 AND r.created_at >= $2 AND r.created_at < $3 {more}\
                 AND a.visible_to_subscriber IS TRUE ORDER BY r.created_at DESC LIMIT $4) AS counted"
            );
            text(count.clone(), count)
        };
        Self {
            look: text(look(&sqlite, ""), look(&postgres, "")),
            look_in_state: text(look(&sqlite, in_state), look(&postgres, in_state)),
            at: text(
                select(&sqlite) + "AND r.action_id IN (SELECT unhex(value) FROM json_each($2))",
                select(&postgres)
                    + "AND r.action_id = ANY (ARRAY(SELECT value::uuid FROM jsonb_array_elements_text($2)))",
            ),
            count: count(""),
            count_in_state: count("AND r.state_id = $5 "),
        }
    }
}
