//! Exports, their rows, and how often tools are used. What an export holds is said by the core's table of its columns, of
//! which the statements for its rows are made here; the views that others read are made of it in `views.rs`.

use std::{collections::BTreeMap, sync::LazyLock};

use turnout_core::{
    listing::Tool,
    report::{CellKind, Column, Fact, Origin, ReportType, Sheet},
};

use super::{
    Text,
    listings::{events, table, text},
};

macro_rules! columns {
    () => {
        "uuid, status, author_id, result_item_id, rows_written, rows_total, modified_at, type, partner_id, \
         made_since, made_before, created_at"
    };
}
macro_rules! page {
    ($where:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM reporting_report WHERE ",
            $where,
            "(created_at, uuid) < ($1, $2) ORDER BY created_at DESC, uuid DESC LIMIT $3"
        )
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const TOTAL_COLUMNS: &str = "tool, count";
pub(crate) const DAY_COLUMNS: &str = "day, tool, count";
pub(crate) const USED_COLUMNS: &str = "partner_id, day, count";
pub(crate) const COUNTED_COLUMNS: &str = "last_run";

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM reporting_report WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM reporting_report WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM reporting_report WHERE uuid = $1 FOR NO KEY UPDATE");
    PAGE = page!("");
    PAGE_OF = page!("partner_id = $4 AND ");
    INSERT = concat!(
        "INSERT INTO reporting_report (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12)"
    );
    /// Numbered as in `INSERT`, whose last five columns do not change.
    UPDATE = "UPDATE reporting_report SET status = $2, author_id = $3, result_item_id = $4, rows_written = $5, \
              rows_total = $6, modified_at = $7 WHERE uuid = $1";
    TOTALS = "SELECT tool, count FROM reporting_subscriberstats WHERE partner_id = $1";
    DAYS = "SELECT day, tool, count FROM reporting_subscriberday WHERE partner_id = $1 AND day >= $2 ORDER BY day, tool";
    COUNTED_TO = "SELECT last_run FROM reporting_statsrefresh";
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK_COUNTED_TO = "SELECT last_run FROM reporting_statsrefresh",
        postgres "SELECT last_run FROM reporting_statsrefresh FOR NO KEY UPDATE";
    PUT_COUNTED_TO = "UPDATE reporting_statsrefresh SET last_run = $1";
    ADD_TOTAL = "INSERT INTO reporting_subscriberstats (uuid, partner_id, tool, count) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (partner_id, tool) DO UPDATE SET count = reporting_subscriberstats.count + excluded.count";
    ADD_DAY = "INSERT INTO reporting_subscriberday (partner_id, day, tool, count) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (partner_id, day, tool) \
               DO UPDATE SET count = reporting_subscriberday.count + excluded.count";
    FORGET_TOTALS = "DELETE FROM reporting_subscriberstats";
    FORGET_DAYS = "DELETE FROM reporting_subscriberday";
}

static ROWS: LazyLock<BTreeMap<ReportType, Text>> =
    LazyLock::new(|| ReportType::ALL.iter().map(|kind| (*kind, rows_of(Sheet::of(*kind)))).collect());

static USED: LazyLock<BTreeMap<Tool, Text>> =
    LazyLock::new(|| Tool::ALL.iter().map(|tool| (*tool, used_of(*tool))).collect());

/// The rows of an export, of a subscriber (`$1`), made before a moment (`$2`), after a place (`$3`, `$4`), so many (`$5`).
/// Two columns for the place, then those of the export as texts.
pub(crate) fn rows(kind: ReportType) -> Text {
    ROWS[&kind]
}

/// How often a tool was used after one moment (`$1`) and up to another (`$2`), by subscriber and day.
pub(crate) fn used(tool: Tool) -> Text {
    USED[&tool]
}

/// Every statement that is made of the columns, by name.
pub fn made() -> impl Iterator<Item = (String, Text)> {
    let rows = ROWS.iter().map(|(kind, text)| (format!("{}.ROWS", kind.wire()), *text));
    rows.chain(USED.iter().map(|(tool, text)| (format!("{}.USED", tool.wire()), *text)))
}

fn used_of(tool: Tool) -> Text {
    let statement = |day: &str| {
        format!(
            "SELECT partner_id, {day} AS day, count(*) AS count FROM {} \
             WHERE partner_id IS NOT NULL AND created_at > $1 AND created_at <= $2 GROUP BY 1, 2",
            table(tool)
        )
    };
    text(statement("substr(created_at, 1, 10)"), statement("(created_at AT TIME ZONE 'UTC')::date"))
}

fn rows_of(sheet: &Sheet) -> Text {
    let statement = |cells: Vec<String>, from: String| {
        format!(
            "SELECT r.created_at, r.uuid, {} FROM {from} WHERE r.partner_id = $1 AND r.created_at < $2 \
             AND r.created_at >= $3 AND (r.created_at, r.uuid) > ($3, $4) AND a.visible_to_subscriber IS TRUE \
             ORDER BY r.created_at, r.uuid LIMIT $5",
            cells.join(", ")
        )
    };
    text(
        statement(sheet.exported().map(in_sqlite).collect(), from_in_sqlite(sheet)),
        statement(
            sheet.exported().map(|it| as_text(it, &in_postgres(it))).collect(),
            from_in_postgres(sheet),
        ),
    )
}

/// The tables that a row is read from, in SQLite.
fn from_in_sqlite(sheet: &Sheet) -> String {
    format!(
        "{} r LEFT JOIN action_action a ON a.uuid = r.action_id \
         LEFT JOIN multi_tenant_client c ON c.uuid = r.partner_id",
        sheet.table
    )
}

/// The same in PostgreSQL, where the events of an action are read once.
pub(super) fn from_in_postgres(sheet: &Sheet) -> String {
    let mut from = from_in_sqlite(sheet);
    if sheet.columns.iter().any(|it| matches!(it.origin, Origin::Outcome(_) | Origin::Touched)) {
        from =
            format!("{from} LEFT JOIN LATERAL ({} WHERE e.action_id = r.action_id) d ON true", details("e"));
    }
    from
}

/// What became of an action, from its events, as `action_actiondetails` calls it.
pub(super) fn details(event: &str) -> String {
    let any = |fact: Fact| format!("bool_or({event}.event_type IN ({}))", events(fact.events()));
    format!(
        "SELECT coalesce({}, false) AS finished, coalesce({}, false) AS self_print, \
         coalesce({}, false) AS finish_external, coalesce({}, false) AS finish_leo, \
         coalesce({}, false) AS finish_lob, \
         CASE WHEN {} THEN count(*) FILTER (WHERE {event}.event_type = 'Download') END AS download_count, \
         max({event}.modified_at) AS latest_event FROM event_tracking_event {event}",
        any(Fact::Finished),
        any(Fact::SelfPrint),
        any(Fact::External),
        any(Fact::SentToOffice),
        any(Fact::LetterConfirmed),
        any(Fact::Downloads),
    )
}

/// A column as the view has it.
pub(super) fn in_postgres(column: &Column) -> String {
    match column.origin {
        Origin::Record(name) => format!("r.{name}"),
        Origin::SubscriberName => "c.name".into(),
        Origin::Outcome(fact) => {
            let name = match fact {
                Fact::Finished => "finished",
                Fact::SelfPrint => "self_print",
                Fact::External => "finish_external",
                Fact::SentToOffice => "finish_leo",
                Fact::LetterConfirmed => "finish_lob",
                Fact::Downloads => "download_count",
            };
            format!("CASE WHEN r.action_id IS NOT NULL THEN d.{name} END")
        }
        Origin::Touched => "greatest(r.modified_at, d.latest_event)".into(),
        Origin::Visible => "a.visible_to_subscriber".into(),
        Origin::Answer(own, other) => {
            let own = format!("r.dnc_result #> '{{{}}}'", own.join(","));
            let other = match other {
                [] => "NULL".to_owned(),
                path => format!("r.civic_result #> '{{{}}}'", path.join(",")),
            };
            format!("CASE WHEN r.dnc_result IS NOT NULL THEN {own} ELSE {other} END")
        }
    }
}

/// A value of PostgreSQL as the text that an export has.
fn as_text(column: &Column, value: &str) -> String {
    match column.kind {
        CellKind::Text | CellKind::Phone => value.to_owned(),
        CellKind::Uuid | CellKind::Number => format!("({value})::text"),
        CellKind::Day => format!("to_char({value}, 'YYYY-MM-DD')"),
        CellKind::Moment => {
            format!("to_char(({value}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00'")
        }
        CellKind::Flag => format!("CASE ({value}) WHEN true THEN 'True' WHEN false THEN 'False' END"),
        CellKind::Json => format!("({value}) #>> '{{}}'"),
    }
}

/// A column in SQLite, as the text that an export has.
fn in_sqlite(column: &Column) -> String {
    let value = match column.origin {
        Origin::Record(name) => format!("r.{name}"),
        Origin::SubscriberName => "c.name".into(),
        Origin::Outcome(Fact::Downloads) => format!(
            "CASE WHEN {} THEN (SELECT count(*) FROM event_tracking_event e \
             WHERE e.action_id = r.action_id AND e.event_type = 'Download') END",
            has_event(Fact::Downloads)
        ),
        Origin::Outcome(fact) => format!("CASE WHEN r.action_id IS NOT NULL THEN {} END", has_event(fact)),
        Origin::Touched => {
            "max(r.modified_at, coalesce((SELECT max(e.modified_at) FROM event_tracking_event e \
                            WHERE e.action_id = r.action_id), r.modified_at))"
                .into()
        }
        Origin::Visible => "a.visible_to_subscriber".into(),
        Origin::Answer(own, other) => {
            let own = format!("r.dnc_result ->> '$.{}'", own.join("."));
            let other = match other {
                [] => "NULL".to_owned(),
                path => format!("r.civic_result ->> '$.{}'", path.join(".")),
            };
            format!("CASE WHEN r.dnc_result IS NOT NULL THEN {own} ELSE {other} END")
        }
    };
    match column.kind {
        CellKind::Text | CellKind::Phone | CellKind::Day => value,
        CellKind::Json | CellKind::Number => format!("CAST({value} AS TEXT)"),
        CellKind::Uuid => {
            let hex = format!("lower(hex({value}))");
            let part = |from: u8, length: u8| format!("substr({hex}, {from}, {length})");
            let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)];
            format!("CASE WHEN {value} IS NOT NULL THEN {} END", parts.join(" || '-' || "))
        }
        CellKind::Moment => {
            format!("substr({value}, 1, 10) || ' ' || substr({value}, 12, 15) || '+00:00'")
        }
        CellKind::Flag => format!("CASE ({value}) WHEN 1 THEN 'True' WHEN 0 THEN 'False' END"),
    }
}

fn has_event(fact: Fact) -> String {
    format!(
        "EXISTS (SELECT 1 FROM event_tracking_event e WHERE e.action_id = r.action_id AND e.event_type IN ({}))",
        events(fact.events())
    )
}

#[cfg(test)]
mod tests {
    use turnout_core::action::Outcome;

    use super::*;

    #[test]
    fn what_makes_an_action_finished_is_said_by_the_core_alone() {
        assert!(details("e").contains(&events(Outcome::FINISHED)));
        assert!(events(Outcome::FINISHED).starts_with("'Finish', 'FinishExternal'"));
    }
}
