//! A lead as somebody else wrote it, and what is wrong with it.
//!
//! The names of fields are those of the table of the Django service (`tables.md` 6); `created_at` is its
//! `source_created_at`. A few other spellings are taken, as sources and tables differ in them.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::Value;

use super::{Home, MoverLead};
use crate::{
    address::{Address, State},
    ids::MoverLeadId,
    person::is_email,
};

/// The names of the fields of a lead.
pub const LEAD_FIELDS: [&str; 19] = [
    "created_at",
    "email",
    "first_name",
    "last_name",
    "move_date",
    "new_address1",
    "new_address2",
    "new_city",
    "new_state",
    "new_zipcode",
    "new_zipcode_plus4",
    "new_housing_tenure",
    "old_address1",
    "old_address2",
    "old_city",
    "old_state",
    "old_zipcode",
    "old_zipcode_plus4",
    "old_housing_tenure",
];

/// Other spellings, after `new_` or `old_` where the name begins so.
const ALIASES: [(&str, &str); 9] = [
    ("source_created_at", "created_at"),
    ("address", "address1"),
    ("address_1", "address1"),
    ("address_2", "address2"),
    ("zip", "zipcode"),
    ("zip_code", "zipcode"),
    ("zip4", "zipcode_plus4"),
    ("zipcode_plus_4", "zipcode_plus4"),
    ("tenure", "housing_tenure"),
];

/// A lead as it came. No `Debug`: it is about a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LeadDraft {
    /// By the names of [`LEAD_FIELDS`]; none is empty.
    fields: BTreeMap<&'static str, String>,
    /// Fields that hold neither a text nor a number.
    unreadable: Vec<&'static str>,
    /// Whether it is an object or a row at all.
    is_one: bool,
}

/// What is wrong with a lead: where it stands and what it is, without anything of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadComplaint {
    /// Which lead it is, the first being 1; of a table, the line on which its row begins.
    pub position: usize,
    /// What is wrong: `new_state is no state`.
    pub what: String,
}

impl fmt::Display for LeadComplaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lead {}: {}", self.position, self.what)
    }
}

/// A field by a name as somebody else spells it.
fn field(name: &str) -> Option<&'static str> {
    let name: String = name
        .trim()
        .chars()
        .map(|c| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() })
        .collect();
    let (side, rest) = match name.split_at_checked(4) {
        Some((side @ ("new_" | "old_"), rest)) => (side, rest),
        _ => ("", name.as_str()),
    };
    let plain = ALIASES.iter().find(|(alias, _)| *alias == rest).map_or(rest, |(_, plain)| *plain);
    LEAD_FIELDS.into_iter().find(|it| it.strip_prefix(side) == Some(plain))
}

impl LeadDraft {
    /// Reads an object. What is not asked for is left out.
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let Value::Object(object) = value else { return Self::default() };
        let mut draft = Self { is_one: true, ..Self::default() };
        for (name, value) in object {
            let Some(name) = field(name) else { continue };
            match value {
                Value::Null => {}
                Value::String(text) => draft.set(name, text),
                Value::Number(number) => draft.set(name, &number.to_string()),
                _ => draft.unreadable.push(name),
            }
        }
        draft
    }

    /// Reads a row of a table, cell by cell. What is not asked for is left out.
    pub fn from_row<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut draft = Self { is_one: true, ..Self::default() };
        for (name, cell) in cells {
            if let Some(name) = field(name) {
                draft.set(name, cell);
            }
        }
        draft
    }

    /// Whether a column of that name is read.
    #[must_use]
    pub fn reads(name: &str) -> bool {
        field(name).is_some()
    }

    /// Whether something stands in the field of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    fn set(&mut self, name: &'static str, text: &str) {
        let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
        if !text.is_empty() {
            self.fields.insert(name, text);
        }
    }

    /// The lead, stored at `now`; or every complaint about it.
    ///
    /// # Errors
    /// When the address by e-mail or the moment of the source is missing, by which a lead is known again, or when
    /// something cannot be read.
    pub fn check(&self, id: MoverLeadId, now: DateTime<Utc>) -> Result<MoverLead, Vec<String>> {
        let mut reading = Reading { draft: self, complaints: Vec::new() };
        if !self.is_one {
            return Err(vec!["it is no object".to_owned()]);
        }
        for name in &self.unreadable {
            reading.complain(name, "is neither a text nor a number");
        }
        let email = reading.text("email");
        match &email {
            None => reading.complain("email", "is missing"),
            Some(email) if !is_email(email) || email.len() > 254 => {
                reading.complain("email", "is no e-mail address");
            }
            Some(_) => {}
        }
        let source_created_at = reading.moment("created_at");
        if !self.fields.contains_key("created_at") {
            reading.complain("created_at", "is missing");
        }
        let lead = MoverLead {
            id,
            source_created_at,
            first_name: reading.text("first_name"),
            last_name: reading.text("last_name"),
            email,
            move_date: reading.moment("move_date"),
            new: reading.home([
                "new_address1",
                "new_address2",
                "new_city",
                "new_state",
                "new_zipcode",
                "new_zipcode_plus4",
                "new_housing_tenure",
            ]),
            old: reading.home([
                "old_address1",
                "old_address2",
                "old_city",
                "old_state",
                "old_zipcode",
                "old_zipcode_plus4",
                "old_housing_tenure",
            ]),
            crm_person: None,
            action: None,
            file: None,
            located_at: None,
            left_alone: None,
            created_at: now,
            modified_at: now,
        };
        if reading.complaints.is_empty() { Ok(lead) } else { Err(reading.complaints) }
    }
}

/// A draft that is being read, and what was wrong with it so far.
struct Reading<'a> {
    draft: &'a LeadDraft,
    complaints: Vec<String>,
}

impl Reading<'_> {
    fn complain(&mut self, name: &str, what: &str) {
        self.complaints.push(format!("{name} {what}"));
    }

    fn text(&self, name: &str) -> Option<String> {
        self.draft.fields.get(name).cloned()
    }

    fn moment(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.text(name)?;
        let moment = moment(&text);
        if moment.is_none() {
            self.complain(name, "is no date and time such as 2026-10-02T12:00:00Z or 2026-10-02 12:00:00");
        }
        moment
    }

    fn home(&mut self, [line1, line2, city, state, zipcode, plus4, tenure]: [&'static str; 7]) -> Home {
        let code = self.text(state);
        let found = code.as_ref().and_then(|code| State::parse(&code.to_ascii_uppercase()));
        if code.is_some() && found.is_none() {
            self.complain(state, "is not the code of a state");
        }
        let (zip, rest) = match self.text(zipcode).map(|text| digits(&text)) {
            None => (None, None),
            Some(Some((zip, rest))) => (Some(zip), rest),
            Some(None) => {
                self.complain(zipcode, "is no ZIP code");
                (None, None)
            }
        };
        Home {
            address: Address {
                address1: self.text(line1),
                address2: self.text(line2),
                city: self.text(city),
                state: found,
                zipcode: zip,
            },
            zipcode_plus4: self.text(plus4).or(rest),
            tenure: self.text(tenure).map(|text| text.to_lowercase()),
            region: None,
        }
    }
}

/// The five digits of a ZIP code, whose zeros in front get lost where it is taken for a number, and the four that may follow.
fn digits(text: &str) -> Option<(String, Option<String>)> {
    let (zip, rest) = match text.split_once('-') {
        Some((zip, rest)) => (zip, Some(rest)),
        None if text.len() == 9 => (&text[..text.floor_char_boundary(5)], text.get(5..)),
        None => (text, None),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_sound = is_number(zip) && (3..=5).contains(&zip.len());
    let rest_is_sound = rest.is_none_or(|rest| rest.len() == 4 && is_number(rest));
    (is_sound && rest_is_sound).then(|| (format!("{zip:0>5}"), rest.map(ToOwned::to_owned)))
}

/// A moment as the source writes it (`…T…Z`) or as tables have it, in UTC; a day alone is its first moment.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.with_timezone(&Utc));
    }
    let plain = text.trim_end_matches(" UTC").trim_end_matches("+00:00").trim_end_matches('Z').trim();
    for format in [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%m/%d/%Y %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%m/%d/%Y %H:%M",
    ] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(plain, format) {
            return Some(moment.and_utc());
        }
    }
    let day =
        ["%Y-%m-%d", "%m/%d/%Y"].iter().find_map(|format| NaiveDate::parse_from_str(plain, format).ok());
    day.map(|day| day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn check(value: &Value) -> Result<MoverLead, Vec<String>> {
        LeadDraft::from_json(value).check(MoverLeadId(Uuid::nil()), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn both_kinds_of_dates_are_read() {
        let noon = "2026-10-02T12:00:00Z".parse::<DateTime<Utc>>().expect("a moment");
        for text in [
            "2026-10-02T12:00:00Z",
            "2026-10-02T12:00:00.000Z",
            "2026-10-02T14:00:00+02:00",
            "2026-10-02 12:00:00",
            "2026-10-02 12:00:00.000000",
            "2026-10-02 12:00:00 UTC",
            "2026-10-02 12:00:00+00:00",
            "2026-10-02 12:00",
            "10/2/2026 12:00:00",
            "10/02/2026 12:00",
        ] {
            assert_eq!(moment(text), Some(noon), "{text}");
        }
        let day = noon - chrono::TimeDelta::hours(12);
        assert_eq!((moment("2026-10-02"), moment("10/2/2026")), (Some(day), Some(day)));
        for text in ["", "yesterday", "2026-13-02", "2026-10-02T25:00:00Z"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_lead_is_read_from_an_object_and_from_a_row_alike() {
        let object = json!({
            "created_at": "2026-10-02T12:00:00Z", "email": " ana@example.org ", "first_name": "Ana",
            "last_name": null, "new_address1": "1 Elm St", "new_state": "oh", "new_zipcode": 4101,
            "new_housing_tenure": "Rent", "old_zipcode": "02139-1234", "score": {"x": 1},
        });
        let row = [
            ("Created At", "2026-10-02 12:00:00"),
            ("EMAIL", "ana@example.org"),
            ("first_name", "Ana"),
            ("last_name", ""),
            ("New Address", "1 Elm St"),
            ("new-state", "OH"),
            ("new_zip", "04101"),
            ("new_housing_tenure", "rent"),
            ("old_zipcode", "02139"),
            ("old_zip4", "1234"),
            ("score", "x"),
        ];
        let lead = check(&object).unwrap_or_else(|complaints| panic!("{complaints:?}"));
        let same = LeadDraft::from_row(row).check(lead.id, lead.created_at);
        assert_eq!(same, Ok(lead.clone()));
        assert_eq!(lead.new.address.zipcode.as_deref(), Some("04101"));
        assert_eq!(lead.old.zipcode_plus4.as_deref(), Some("1234"));
        assert_eq!(lead.new.tenure.as_deref(), Some("rent"));
    }

    #[test]
    fn every_complaint_is_named_and_says_nothing_of_the_person() {
        let secret = json!({
            "created_at": "SECRET", "email": "SECRET", "move_date": "SECRET", "new_state": "SECRET",
            "old_zipcode": "SECRET", "first_name": ["SECRET"],
        });
        let said = check(&secret).expect_err("complaints").join("\n");
        for name in ["created_at", "email", "move_date", "new_state", "old_zipcode", "first_name"] {
            assert!(said.contains(name), "{name}: {said}");
        }
        assert!(!said.contains("SECRET"), "{said}");
        assert_eq!(check(&json!({})).expect_err("two").len(), 2);
        assert_eq!(check(&json!(["a"])).expect_err("one"), ["it is no object"]);
    }

    #[test]
    fn zip_codes_are_five_digits_and_four() {
        let plain = |text: &str| digits(text);
        assert_eq!(plain("2139"), Some(("02139".into(), None)));
        assert_eq!(plain("021391234"), Some(("02139".into(), Some("1234".into()))));
        assert_eq!(plain("02139-1234"), Some(("02139".into(), Some("1234".into()))));
        for text in ["12", "021391", "02139-12", "0213a", "äöü012345"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
