//! What an export holds, and the view beside it: one table for each kind.
//!
//! A store makes its statements of it, the header of the file and the columns of the views are named by it: there is no
//! second list.

use super::ReportType;
use crate::action::{EventType, Outcome};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// An id, hyphenated.
    Uuid,
    /// A text, as somebody typed it.
    Text,
    /// A telephone number.
    Phone,
    /// A day of the calendar.
    Day,
    /// A moment, in UTC.
    Moment,
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// A text in a JSON document.
    Json,
}

/// What an action came to, as far as exports tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The voter is done.
    Finished,
    /// A form was made to be printed.
    SelfPrint,
    /// The voter went on to the state's own site.
    External,
    /// The form went to the election office.
    SentToOffice,
    /// A letter was confirmed.
    LetterConfirmed,
    /// How often the form was downloaded, where one was made to be printed.
    Downloads,
}

impl Fact {
    /// The events of which any one makes it true. Of downloads: those that make them count.
    #[must_use]
    pub fn events(self) -> &'static [EventType] {
        match self {
            Self::Finished => Outcome::FINISHED,
            Self::SelfPrint | Self::Downloads => Outcome::SELF_PRINT,
            Self::External => Outcome::EXTERNAL,
            Self::SentToOffice => Outcome::SENT_TO_OFFICE,
            Self::LetterConfirmed => Outcome::LETTER_CONFIRMED,
        }
    }
}

/// Where the cells of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A column of the tool's table.
    Record(&'static str),
    /// The subscriber's name.
    SubscriberName,
    /// What the action came to; nothing without an action.
    Outcome(Fact),
    /// When the record was changed or, where that is later, something happened to it.
    Touched,
    /// Whether the action is visible to the subscriber; nothing without an action.
    Visible,
    /// A member of what a locator of polling places answered, by its path; or, where only the other locator's old
    /// answer is there, by the path in that.
    Answer(&'static [&'static str], &'static [&'static str]),
}

/// A column of an export, of the view beside it, or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What the view calls it.
    pub name: &'static str,
    /// What the export's header calls it; not exported without.
    pub title: Option<&'static str>,
    /// What its cells are.
    pub kind: CellKind,
    /// Where they come from.
    pub origin: Origin,
}

/// The columns of one kind of export.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// What it is of.
    pub kind: ReportType,
    /// The tool's table.
    pub table: &'static str,
    /// The end of the views' names: `reporting_<view>`, `reporting_subscriber_<view>`.
    pub view: &'static str,
    /// The columns: those that are exported in their order, then those of the view alone.
    pub columns: &'static [Column],
    /// The columns of the view by their names, in its order.
    pub view_order: &'static [&'static str],
}

impl Sheet {
    /// The sheet of a kind.
    #[must_use]
    pub fn of(kind: ReportType) -> &'static Self {
        match kind {
            ReportType::Register => &REGISTER,
            ReportType::Absentee => &ABSENTEE,
            ReportType::Verify => &VERIFY,
            ReportType::Locator => &LOCATOR,
        }
    }

    /// Those that are exported, in their order.
    pub fn exported(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|column| column.title.is_some())
    }

    /// Those of the view, in its order.
    pub fn viewed(&self) -> impl Iterator<Item = &'static Column> + use<> {
        let columns = self.columns;
        self.view_order.iter().filter_map(|name| columns.iter().find(|column| column.name == *name))
    }
}

const fn column(name: &'static str, title: &'static str, kind: CellKind, origin: Origin) -> Column {
    Column { name, title: Some(title), kind, origin }
}

const fn text(name: &'static str, title: &'static str) -> Column {
    column(name, title, CellKind::Text, Origin::Record(name))
}

const fn flag(name: &'static str, title: &'static str, of: &'static str) -> Column {
    column(name, title, CellKind::Flag, Origin::Record(of))
}

const fn fact(name: &'static str, title: &'static str, fact: Fact) -> Column {
    let kind = if matches!(fact, Fact::Downloads) { CellKind::Number } else { CellKind::Flag };
    column(name, title, kind, Origin::Outcome(fact))
}

const fn unexported(column: Column) -> Column {
    Column { title: None, ..column }
}

const ID: Column = column("uuid", "ID", CellKind::Uuid, Origin::Record("uuid"));
const SUBSCRIBER: Column = column("subscriber_name", "Subscriber", CellKind::Text, Origin::SubscriberName);
const STARTED: Column =
    column("created_at", "Time Started (UTC)", CellKind::Moment, Origin::Record("created_at"));
const TITLE: Column = text("title", "Title");
const FIRST_NAME: Column = text("first_name", "First Name");
const MIDDLE_NAME: Column = text("middle_name", "Middle Name");
const LAST_NAME: Column = text("last_name", "Last Name");
const SUFFIX: Column = text("suffix", "Suffix");
const BORN: Column = column("date_of_birth", "Date of Birth", CellKind::Day, Origin::Record("date_of_birth"));
const EMAIL: Column = text("email", "Email");
const PHONE: Column = column("phone", "Phone", CellKind::Phone, Origin::Record("phone"));
const ADDRESS1: Column = text("address1", "Address 1");
const ADDRESS2: Column = text("address2", "Address 2");
const CITY: Column = text("city", "City");
const ZIPCODE: Column = text("zipcode", "Zipcode");
const STATE: Column = text("state_id", "State");
const MAILING_ADDRESS1: Column = text("mailing_address1", "Mailing Address 1");
const MAILING_ADDRESS2: Column = text("mailing_address2", "Mailing Address 2");
const MAILING_CITY: Column = text("mailing_city", "Mailing City");
const MAILING_STATE: Column = text("mailing_state_id", "Mailing State");
const MAILING_ZIPCODE: Column = text("mailing_zipcode", "Mailing Zipcode");
const TEXTS: Column = flag("sms_opt_in", "VoteAmerica SMS Opt In", "sms_opt_in");
const SUBSCRIBER_TEXTS: Column = flag("sms_opt_in_subscriber", "Subscriber SMS Opt In", "sms_opt_in_partner");
const FINISHED: Column = fact("finished", "Completed", Fact::Finished);
const SELF_PRINT: Column = fact("self_print", "PDF Emailed to Voter", Fact::SelfPrint);
const EXTERNAL: Column = fact("finished_external_service", "Redirected To State Website", Fact::External);
const LETTER: Column = fact("forms_sent", "Total Forms Mailed With Return Envelopes", Fact::LetterConfirmed);
const SOURCE: Column = text("source", "source");
const UTM_SOURCE: Column = text("utm_source", "utm_source");
const UTM_MEDIUM: Column = text("utm_medium", "utm_medium");
const UTM_CAMPAIGN: Column = text("utm_campaign", "utm_campaign");
const UTM_CONTENT: Column = text("utm_content", "utm_content");
const UTM_TERM: Column = text("utm_term", "utm_term");
const EMBED_URL: Column = text("embed_url", "Embed URL");
const SESSION: Column = column("session_id", "Session ID", CellKind::Uuid, Origin::Record("session_id"));
const REFERRING_TOOL: Column = text("referring_tool", "Referring Tool");
/// Of forms something happens after the record was last changed.
const TOUCHED: Column = column("updated_at", "Updated At (UTC)", CellKind::Moment, Origin::Touched);
const CHANGED: Column =
    column("updated_at", "Updated At (UTC)", CellKind::Moment, Origin::Record("modified_at"));
const SUBSCRIBER_ID: Column =
    unexported(column("subscriber_id", "", CellKind::Uuid, Origin::Record("partner_id")));
const VISIBLE: Column = unexported(column("visible_to_subscriber", "", CellKind::Flag, Origin::Visible));

static REGISTER: Sheet = Sheet {
    kind: ReportType::Register,
    table: "register_registration",
    view: "registerreport",
    columns: &[
        ID,
        SUBSCRIBER,
        STARTED,
        text("previous_title", "Previous Title"),
        text("previous_first_name", "Previous First Name"),
        text("previous_middle_name", "Previous Middle Name"),
        text("previous_last_name", "Previous Last Name"),
        text("previous_suffix", "Previous Suffix"),
        TITLE,
        FIRST_NAME,
        MIDDLE_NAME,
        LAST_NAME,
        SUFFIX,
        BORN,
        text("gender", "Gender"),
        text("race_ethnicity", "Race-Ethnicity"),
        flag("us_citizen", "US Citizen", "us_citizen"),
        text("party", "Party"),
        EMAIL,
        PHONE,
        ADDRESS1,
        ADDRESS2,
        CITY,
        ZIPCODE,
        STATE,
        text("previous_address1", "Previous Address 1"),
        text("previous_address2", "Previous Address 2"),
        text("previous_city", "Previous City"),
        text("previous_state_id", "Previous State"),
        text("previous_zipcode", "Previous Zipcode"),
        MAILING_ADDRESS1,
        MAILING_ADDRESS2,
        MAILING_CITY,
        MAILING_STATE,
        MAILING_ZIPCODE,
        TEXTS,
        SUBSCRIBER_TEXTS,
        FINISHED,
        SELF_PRINT,
        EXTERNAL,
        fact("leo_message_sent", "PDF Submitted to LEO", Fact::SentToOffice),
        fact("total_downloads", "Total Self Print Downloads", Fact::Downloads),
        LETTER,
        SOURCE,
        UTM_SOURCE,
        UTM_MEDIUM,
        UTM_CAMPAIGN,
        UTM_CONTENT,
        UTM_TERM,
        EMBED_URL,
        SESSION,
        REFERRING_TOOL,
        TOUCHED,
        SUBSCRIBER_ID,
        VISIBLE,
    ],
    view_order: &[
        "uuid",
        "subscriber_name",
        "subscriber_id",
        "created_at",
        "updated_at",
        "previous_title",
        "previous_first_name",
        "previous_middle_name",
        "previous_last_name",
        "previous_suffix",
        "title",
        "first_name",
        "middle_name",
        "last_name",
        "suffix",
        "date_of_birth",
        "gender",
        "race_ethnicity",
        "us_citizen",
        "party",
        "email",
        "phone",
        "address1",
        "address2",
        "city",
        "zipcode",
        "state_id",
        "previous_address1",
        "previous_address2",
        "previous_city",
        "previous_state_id",
        "previous_zipcode",
        "mailing_address1",
        "mailing_address2",
        "mailing_city",
        "mailing_state_id",
        "mailing_zipcode",
        "sms_opt_in",
        "sms_opt_in_subscriber",
        "source",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "embed_url",
        "session_id",
        "referring_tool",
        "finished",
        "self_print",
        "finished_external_service",
        "leo_message_sent",
        "total_downloads",
        "forms_sent",
        "visible_to_subscriber",
    ],
};

static ABSENTEE: Sheet = Sheet {
    kind: ReportType::Absentee,
    table: "absentee_ballotrequest",
    view: "ballotrequestreport",
    columns: &[
        ID,
        SUBSCRIBER,
        STARTED,
        FIRST_NAME,
        MIDDLE_NAME,
        LAST_NAME,
        SUFFIX,
        BORN,
        EMAIL,
        PHONE,
        ADDRESS1,
        ADDRESS2,
        CITY,
        ZIPCODE,
        STATE,
        MAILING_ADDRESS1,
        MAILING_ADDRESS2,
        MAILING_CITY,
        MAILING_STATE,
        MAILING_ZIPCODE,
        TEXTS,
        SUBSCRIBER_TEXTS,
        FINISHED,
        SELF_PRINT,
        EXTERNAL,
        fact("leo_message_sent", "PDF submitted to LEO", Fact::SentToOffice),
        fact("total_downloads", "PDF Download Count", Fact::Downloads),
        LETTER,
        SOURCE,
        UTM_SOURCE,
        UTM_MEDIUM,
        UTM_CAMPAIGN,
        UTM_CONTENT,
        UTM_TERM,
        EMBED_URL,
        SESSION,
        REFERRING_TOOL,
        TOUCHED,
        SUBSCRIBER_ID,
        VISIBLE,
    ],
    view_order: &[
        "uuid",
        "subscriber_name",
        "subscriber_id",
        "created_at",
        "updated_at",
        "first_name",
        "middle_name",
        "last_name",
        "suffix",
        "date_of_birth",
        "email",
        "phone",
        "address1",
        "address2",
        "city",
        "zipcode",
        "state_id",
        "mailing_address1",
        "mailing_address2",
        "mailing_city",
        "mailing_state_id",
        "mailing_zipcode",
        "sms_opt_in",
        "sms_opt_in_subscriber",
        "source",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "embed_url",
        "session_id",
        "finished",
        "self_print",
        "finished_external_service",
        "leo_message_sent",
        "total_downloads",
        "referring_tool",
        "forms_sent",
        "visible_to_subscriber",
    ],
};

static VERIFY: Sheet = Sheet {
    kind: ReportType::Verify,
    table: "verifier_lookup",
    view: "verifyreport",
    columns: &[
        ID,
        SUBSCRIBER,
        STARTED,
        FIRST_NAME,
        LAST_NAME,
        BORN,
        EMAIL,
        PHONE,
        ADDRESS1,
        ADDRESS2,
        CITY,
        ZIPCODE,
        STATE,
        TEXTS,
        SUBSCRIBER_TEXTS,
        flag("registered", "Registered", "registered"),
        SOURCE,
        UTM_SOURCE,
        UTM_MEDIUM,
        UTM_CAMPAIGN,
        UTM_CONTENT,
        UTM_TERM,
        EMBED_URL,
        SESSION,
        CHANGED,
        SUBSCRIBER_ID,
        VISIBLE,
    ],
    view_order: &[
        "uuid",
        "subscriber_name",
        "subscriber_id",
        "created_at",
        "updated_at",
        "first_name",
        "last_name",
        "date_of_birth",
        "email",
        "phone",
        "address1",
        "address2",
        "city",
        "zipcode",
        "state_id",
        "sms_opt_in",
        "sms_opt_in_subscriber",
        "registered",
        "source",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "embed_url",
        "session_id",
        "visible_to_subscriber",
    ],
};

const fn answer(
    name: &'static str,
    title: &'static str,
    own: &'static [&'static str],
    other: &'static [&'static str],
) -> Column {
    column(name, title, CellKind::Json, Origin::Answer(own, other))
}

static LOCATOR: Sheet = Sheet {
    kind: ReportType::Locator,
    table: "polling_place_pollingplacelookup",
    view: "locatorreport",
    columns: &[
        ID,
        SUBSCRIBER,
        STARTED,
        text("unstructured_address", "Unstructured Address"),
        answer("state_id", "State", &["data", "state"], &["normalizedInput", "state"]),
        answer("county", "County", &["data", "county"], &[]),
        answer("city", "City", &["data", "home_address", "city"], &["normalizedInput", "city"]),
        // quirk Q54: the locator calls it `zip`
        answer("zipcode", "Zipcode", &["data", "home_address", "zip"], &["normalizedInput", "zip"]),
        answer("precinct_code", "Precinct code", &["data", "precinct_code"], &[]),
        SOURCE,
        UTM_SOURCE,
        UTM_MEDIUM,
        UTM_CAMPAIGN,
        UTM_CONTENT,
        UTM_TERM,
        EMBED_URL,
        SESSION,
        unexported(text("dnc_status", "")),
        unexported(text("civic_status", "")),
        unexported(CHANGED),
        SUBSCRIBER_ID,
        VISIBLE,
    ],
    view_order: &[
        "uuid",
        "subscriber_name",
        "subscriber_id",
        "created_at",
        "updated_at",
        "unstructured_address",
        "dnc_status",
        "civic_status",
        "state_id",
        "county",
        "city",
        "zipcode",
        "precinct_code",
        "source",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "embed_url",
        "session_id",
        "visible_to_subscriber",
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_export_has_the_columns_of_the_contract() {
        let counts = ReportType::ALL.iter().map(|kind| (kind.wire(), Sheet::of(*kind).exported().count()));
        let counts: Vec<_> = counts.collect();
        assert_eq!(counts, [("verify", 25), ("register", 53), ("absentee", 38), ("locator", 17)]);
        let titles = |kind| -> Vec<&str> { Sheet::of(kind).exported().filter_map(|it| it.title).collect() };
        assert_eq!(
            titles(ReportType::Verify).join("; "),
            "ID; Subscriber; Time Started (UTC); First Name; Last Name; Date of Birth; Email; Phone; Address 1; \
             Address 2; City; Zipcode; State; VoteAmerica SMS Opt In; Subscriber SMS Opt In; Registered; source; \
             utm_source; utm_medium; utm_campaign; utm_content; utm_term; Embed URL; Session ID; Updated At (UTC)"
        );
        assert_eq!(
            titles(ReportType::Absentee)[20..].join("; "),
            "VoteAmerica SMS Opt In; Subscriber SMS Opt In; Completed; PDF Emailed to Voter; Redirected To State \
             Website; PDF submitted to LEO; PDF Download Count; Total Forms Mailed With Return Envelopes; source; \
             utm_source; utm_medium; utm_campaign; utm_content; utm_term; Embed URL; Session ID; Referring Tool; \
             Updated At (UTC)"
        );
    }

    #[test]
    fn a_view_has_every_column_once() {
        for kind in ReportType::ALL {
            let sheet = Sheet::of(*kind);
            assert_eq!(sheet.kind, *kind);
            let names: BTreeSet<_> = sheet.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), sheet.columns.len(), "{kind:?}");
            assert_eq!(names, sheet.view_order.iter().copied().collect(), "{kind:?}");
            assert_eq!(sheet.viewed().count(), sheet.view_order.len(), "{kind:?}");
        }
    }
}
