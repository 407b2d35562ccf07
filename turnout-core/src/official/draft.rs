//! A supplier's list as it is read: records of an unknown hand become regions, offices and addresses, and every complaint
//! is gathered with the place of its record.
//!
//! The shape is that of US Vote Foundation (EOD, version 3): regions, and offices with their addresses, in pages of
//! `{"meta": …, "objects": […]}`. A table has the same names, one address a row.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
};

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

use super::{GENERATED, Location, Office, OfficeAddress, Region, differences::Subject, losses::Short};
use crate::{
    address::State,
    ids::{OfficeAddressId, OfficeId, RegionId},
    person::{Phone, is_email},
};

/// A record: the fields of an object, or of a row of a table.
pub type Record = Map<String, Value>;

/// The columns of a table of offices. Those of the region have to be there.
pub const COLUMNS: &[&str] = &[
    "region_id",
    "region_name",
    "state_abbr",
    "county_name",
    "municipality_name",
    "municipality_type",
    "office_id",
    "hours",
    "notes",
    "updated",
    "address_id",
    "address_to",
    "street1",
    "street2",
    "city",
    "state",
    "zip",
    "website",
    "main_email",
    "main_phone_number",
    "main_fax_number",
    "is_physical",
    "is_regular_mail",
    "functions",
    "lat",
    "lng",
];
/// The columns that a table cannot do without.
pub const NEEDED_COLUMNS: [&str; 3] = ["region_id", "region_name", "state_abbr"];

/// Something that is wrong with a record, and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where the record is: `offices.csv, row 12`.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Everything that a supplier has: each region, office and address once, and nothing points to what is not there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfficeList {
    /// The regions, in the order of their numbers.
    pub regions: Vec<Region>,
    /// The offices, likewise.
    pub offices: Vec<Office>,
    /// Their addresses, likewise.
    pub addresses: Vec<OfficeAddress>,
    /// What was left out of it, and why: a number that is no telephone's, for example.
    pub left_out: Vec<Complaint>,
    /// How many records are of territories, which have no list.
    pub of_territories: usize,
    /// Where the supplier says that it has more records than came.
    pub short: Vec<Short>,
}

/// A list that is being read.
///
/// ```
/// use serde_json::json;
/// use turnout_core::official::ListDraft;
///
/// let mut draft = ListDraft::default();
/// draft.read("regions.json", &json!({"objects": [
///     {"id": 430666, "region_name": "De Soto County", "state_abbr": "FL", "county_name": "De Soto County"},
/// ]}));
/// draft.read("offices.json", &json!([
///     {"id": 7, "region": "/eod/v3/regions/430666", "addresses": [
///         {"id": 8, "street1": "201 E Oak St", "city": "Arcadia", "state": "FL", "zip": "34266", "functions": ["DOM_VR"]},
///     ]},
/// ]));
/// let list = draft.check().unwrap();
/// assert!(list.addresses[0].process_domestic_registrations);
/// ```
#[derive(Debug, Default)]
pub struct ListDraft {
    regions: BTreeMap<RegionId, (Region, String)>,
    offices: BTreeMap<OfficeId, (Office, String)>,
    addresses: BTreeMap<OfficeAddressId, (OfficeAddress, String)>,
    territories: BTreeSet<RegionId>,
    complaints: Vec<Complaint>,
    left_out: Vec<Complaint>,
    said: BTreeMap<Subject, usize>,
    last_wins: bool,
}

impl ListDraft {
    /// A list that is read in several passes, as a supplier's paging loses records: of a record that changed between them
    /// the last one counts. Otherwise two records of one number that differ are a complaint.
    #[must_use]
    pub fn of_passes() -> Self {
        Self { last_wins: true, ..Self::default() }
    }

    /// Notes how many records of a kind the supplier says that it has, those of territories among them. What it said last
    /// counts.
    pub fn said(&mut self, what: Subject, count: usize) {
        self.said.insert(what, count);
    }

    /// Reads records from JSON: a page, a list of pages, a list of records, or `{"regions": […], "offices": […]}`.
    pub fn read(&mut self, place: &str, json: &Value) {
        match json {
            Value::Array(items) => {
                for (at, item) in (1..).zip(items) {
                    self.read_item(&format!("{place}, record {at}"), item);
                }
            }
            Value::Object(object) => {
                let lists = ["objects", "regions", "offices"].map(|name| (name, object.get(name)));
                if lists.iter().all(|(_, list)| list.is_none_or(|list| !list.is_array())) {
                    self.read_item(place, json);
                    return;
                }
                for (name, list) in lists {
                    if let Some(list @ Value::Array(_)) = list {
                        self.read(
                            &if name == "objects" { place.to_owned() } else { format!("{place}, {name}") },
                            list,
                        );
                    }
                }
            }
            _ => self.complain(place, "neither a list nor an object"),
        }
    }

    /// A record, told by what it has; or a page in a list of pages.
    fn read_item(&mut self, place: &str, item: &Value) {
        match item {
            Value::Object(record) if record.contains_key("region_name") => self.region(place, record, "id"),
            Value::Object(record) if record.contains_key("addresses") || record.contains_key("region") => {
                self.office(place, record, ["id", "id of an address"]);
            }
            Value::Object(page) if page.get("objects").is_some_and(Value::is_array) => self.read(place, item),
            _ => self.complain(place, "neither a region (with region_name) nor an office (with region)"),
        }
    }

    /// Reads a row of a table, with names out of [`COLUMNS`]: a region, and its office and one of the office's addresses
    /// where the row has them.
    pub fn row(&mut self, place: &str, row: &Record) {
        let part = |names: &[(&str, &str)]| -> Record {
            let cell = |(from, to): &(&str, &str)| Some(((*to).to_owned(), row.get(*from)?.clone()));
            names.iter().filter_map(cell).collect()
        };
        let same = |range: std::ops::Range<usize>| COLUMNS[range].iter().map(|name| (*name, *name));
        let region: Vec<_> = [("region_id", "id")].into_iter().chain(same(1..6)).collect();
        self.region(place, &part(&region), "region_id");
        let office: Vec<_> =
            [("office_id", "id"), ("region_id", "region")].into_iter().chain(same(7..10)).collect();
        let address: Vec<_> = [("address_id", "id")].into_iter().chain(same(11..26)).collect();
        let (mut office, address) = (part(&office), part(&address));
        if !address.is_empty() {
            office.insert("addresses".to_owned(), Value::Array(vec![Value::Object(address)]));
        }
        if office.len() > 1 {
            self.office(place, &office, ["office_id", "address_id"]);
        }
    }

    /// Reads a region.
    fn region(&mut self, place: &str, record: &Record, number: &'static str) {
        let mut fields = Fields { draft: self, place, record, number };
        let id = fields.id().map(RegionId);
        let state = fields.state("state_abbr");
        let name = fields.text("region_name");
        if name.is_none() {
            fields.complain("region_name is missing");
        }
        if fields.record.get("state_abbr").is_none_or(Value::is_null) {
            fields.complain("state_abbr is missing");
        }
        let [county, municipality, municipality_type] =
            ["county_name", "municipality_name", "municipality_type"].map(|name| fields.text(name));
        let Some(id) = id else { return };
        if state.is_some_and(State::is_territory) {
            self.territories.insert(id);
            return;
        }
        let hidden = false;
        let region = Region {
            id,
            name,
            county,
            municipality,
            municipality_type,
            state,
            hidden,
            external_updated: None,
        };
        self.keep(|draft| &mut draft.regions, "region", id, region, place);
    }

    /// Reads an office with its addresses.
    fn office(&mut self, place: &str, record: &Record, [number, address_number]: [&'static str; 2]) {
        let mut fields = Fields { draft: self, place, record, number };
        let id = fields.id().map(OfficeId);
        let region = fields.reference("region").map(RegionId);
        let [hours, notes] = ["hours", "notes"].map(|name| fields.text(name));
        let external_updated = fields.moment("updated");
        let addresses = match record.get("addresses") {
            None | Some(Value::Null) => &[],
            Some(Value::Array(addresses)) => addresses.as_slice(),
            Some(_) => {
                fields.complain("addresses is no list");
                &[]
            }
        };
        let (Some(id), Some(region)) = (id, region) else { return };
        let office = Office { id, region: Some(region), hours, notes, external_updated };
        self.keep(|draft| &mut draft.offices, "office", id, office, place);
        for address in addresses {
            match address {
                Value::Object(record) => self.address(place, (id, external_updated), record, address_number),
                _ => self.complain(place, "an address that is no object"),
            }
        }
    }

    fn address(
        &mut self,
        place: &str,
        (office, external_updated): (OfficeId, Option<DateTime<Utc>>),
        record: &Record,
        number: &'static str,
    ) {
        let mut fields = Fields { draft: self, place, record, number };
        let id = fields.id().map(OfficeAddressId);
        // who it is to is a line of its own, before those of the street
        let [address, address2, address3] =
            ["address_to", "street1", "street2"].map(|name| fields.text(name));
        let functions = fields.functions();
        let does = |code: &str| functions.iter().any(|function| function == code);
        let address = OfficeAddress {
            id,
            office: Some(office),
            address,
            address2,
            address3,
            city: fields.text("city"),
            state: fields.state("state"),
            zipcode: fields.text("zip"),
            website: fields.website("website"),
            email: fields.email("main_email"),
            phone: fields.phone("main_phone_number"),
            fax: fields.phone("main_fax_number"),
            location: fields.location(),
            is_physical: fields.flag("is_physical"),
            is_regular_mail: fields.flag("is_regular_mail"),
            process_domestic_registrations: does("DOM_VR"),
            process_absentee_requests: does("DOM_REQ"),
            process_absentee_ballots: does("DOM_RET"),
            process_overseas_requests: does("OVS_REQ"),
            process_overseas_ballots: does("OVS_RET"),
            external_updated,
        };
        if let Some(id) = id {
            self.keep(|draft| &mut draft.addresses, "address", id, address, place);
        }
    }

    /// Keeps a row under its number.
    fn keep<K: Numbered, V: PartialEq>(
        &mut self,
        table: impl FnOnce(&mut Self) -> &mut BTreeMap<K, (V, String)>,
        entity: &str,
        id: K,
        row: V,
        place: &str,
    ) {
        let last_wins = self.last_wins;
        let differs = match table(self).entry(id) {
            Entry::Vacant(vacant) => {
                vacant.insert((row, place.to_owned()));
                None
            }
            Entry::Occupied(mut known) if last_wins || known.get().0 == row => {
                known.get_mut().0 = row;
                None
            }
            Entry::Occupied(known) => Some(known.get().1.clone()),
        };
        if let Some(first) = differs {
            self.complain(place, &format!("{entity} {} is another one than at {first}", id.number()));
        }
    }

    /// Notes what is wrong with a place that could not even be read as a record.
    pub fn complain(&mut self, place: &str, what: &str) {
        self.complaints.push(Complaint { place: place.to_owned(), what: what.to_owned() });
    }

    /// The list, when nothing is wrong with it.
    ///
    /// # Errors
    /// Every complaint, in the order of the records.
    pub fn check(mut self) -> Result<OfficeList, Vec<Complaint>> {
        if self.regions.is_empty() && self.complaints.is_empty() {
            self.complain("the list", "it has no regions");
        }
        let short = self.short();
        let Self { offices, addresses, territories, .. } = &mut self;
        let all = offices.len();
        offices.retain(|_, (office, _)| office.region.is_none_or(|region| !territories.contains(&region)));
        let of_territories = territories.len() + all - offices.len();
        addresses.retain(|_, (address, _)| address.office.is_none_or(|office| offices.contains_key(&office)));
        let lost = self.offices.values().filter_map(|(office, place)| {
            let region = office.region.filter(|region| !self.regions.contains_key(region))?;
            let what = format!("office {} is of region {}, which the list lacks", office.id.0, region.0);
            Some(Complaint { place: place.clone(), what })
        });
        let lost: Vec<_> = lost.collect();
        self.complaints.extend(lost);
        if !self.complaints.is_empty() {
            // may well be why
            self.complaints.extend(
                short.iter().map(|it| Complaint { place: "the list".to_owned(), what: it.to_string() }),
            );
            return Err(self.complaints);
        }
        Ok(OfficeList {
            regions: self.regions.into_values().map(|(region, _)| region).collect(),
            offices: self.offices.into_values().map(|(office, _)| office).collect(),
            addresses: self.addresses.into_values().map(|(address, _)| address).collect(),
            left_out: self.left_out,
            of_territories,
            short,
        })
    }

    /// Where fewer records came than the supplier says that it has.
    fn short(&self) -> Vec<Short> {
        let came = |what: Subject| match what {
            Subject::Region => self.regions.len() + self.territories.len(),
            Subject::Office => self.offices.len(),
            Subject::Address => self.addresses.len(),
        };
        let all = self.said.iter().map(|(what, said)| Short { what: *what, said: *said, came: came(*what) });
        all.filter(|short| short.came < short.said).collect()
    }
}

/// An id whose number can be shown.
trait Numbered: Ord + Copy {
    fn number(self) -> i64;
}

macro_rules! numbered {
    ($($id:ty),*) => {$(impl Numbered for $id {
        fn number(self) -> i64 {
            self.0
        }
    })*};
}
numbered!(RegionId, OfficeId, OfficeAddressId);

/// The fields of one record, and where complaints about them go.
struct Fields<'a> {
    draft: &'a mut ListDraft,
    place: &'a str,
    record: &'a Record,
    /// What complaints call the record's own number.
    number: &'static str,
}

impl Fields<'_> {
    fn complain(&mut self, what: &str) {
        self.draft.complain(self.place, what);
    }

    /// Notes that a value is not taken, which is no reason to refuse the list. The value is an office's, not a voter's.
    fn leave_out(&mut self, name: &str, value: &str, why: &str) {
        let what = format!("{name} {value:?} is left out: {why}");
        self.draft.left_out.push(Complaint { place: self.place.to_owned(), what });
    }

    /// The supplier's number: above zero, and below those of generated regions.
    fn id(&mut self) -> Option<i64> {
        let name = self.number;
        let number = match self.record.get("id") {
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            None | Some(Value::Null) => {
                self.complain(&format!("{name} is missing"));
                return None;
            }
            Some(_) => None,
        };
        let number = number.filter(|number| (1..GENERATED).contains(number));
        if number.is_none() {
            self.complain(&format!("{name} must be a whole number from 1 to {}", GENERATED - 1));
        }
        number
    }

    /// The number of another record: itself, an object with it, or an address that ends in it.
    fn reference(&mut self, name: &str) -> Option<i64> {
        let number = match self.record.get(name) {
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => {
                text.trim().trim_end_matches('/').rsplit('/').next().and_then(|number| number.parse().ok())
            }
            Some(Value::Object(object)) => object.get("id").and_then(Value::as_i64),
            _ => None,
        };
        if number.is_none() {
            self.complain(&format!("{name} must be the number of one, or an address that ends in it"));
        }
        number
    }

    /// The text without blanks around it; nothing when it is empty.
    fn text(&mut self, name: &str) -> Option<String> {
        let text = match self.record.get(name)? {
            Value::Null => return None,
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.complain(&format!("{name} must be a text"));
                return None;
            }
        };
        if text.contains('\0') {
            self.complain(&format!("{name} has a NUL character"));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn state(&mut self, name: &str) -> Option<State> {
        let code = self.text(name)?;
        let state = State::parse(&code);
        if state.is_none() {
            // whatever is longer may be another column's, and say who somebody is: the complaint is logged
            let said = if code.chars().count() == 2 { format!(" {code:?}") } else { String::new() };
            self.complain(&format!("{name}{said} must be the code of a state, such as MA"));
        }
        state
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.record.get(name) {
            Some(Value::Bool(flag)) => *flag,
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" | "t" | "y" => true,
                "false" | "no" | "0" | "f" | "n" | "" => false,
                _ => {
                    self.complain(&format!("{name} must be true or false"));
                    false
                }
            },
            Some(_) => {
                self.complain(&format!("{name} must be true or false"));
                false
            }
        }
    }

    /// What an address is for: a list of codes, or codes between blanks, commas or semicolons.
    fn functions(&mut self) -> Vec<String> {
        let split = |text: &str| {
            text.split([' ', ',', ';', '|']).filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect()
        };
        match self.record.get("functions") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(text)) => split(text),
            Some(Value::Array(codes)) if codes.iter().all(Value::is_string) => {
                codes.iter().filter_map(Value::as_str).map(|code| code.trim().to_owned()).collect()
            }
            Some(_) => {
                self.complain("functions must be a list of codes, such as DOM_VR");
                Vec::new()
            }
        }
    }

    fn phone(&mut self, name: &str) -> Option<Phone> {
        let text = self.text(name)?;
        let phone = Phone::parse(&text);
        if phone.is_none() {
            self.leave_out(name, &text, "it is no telephone number");
        }
        phone
    }

    fn email(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        if is_email(&text) && text.len() <= 254 {
            return Some(text);
        }
        self.leave_out(name, &text, "it is no e-mail address");
        None
    }

    /// An address of the web; what has no scheme is taken for one of `http`.
    fn website(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let full = if text.contains("://") { text.clone() } else { format!("http://{text}") };
        let is_page = url::Url::parse(&full).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| host.contains('.'))
        });
        if is_page && full.len() <= 200 {
            return Some(full);
        }
        self.leave_out(name, &text, "it is no address of the web of at most 200 characters");
        None
    }

    fn moment(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.text(name)?;
        let moment = text.parse().ok().or_else(|| {
            // without a zone, as the supplier writes it
            let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
            let read = |format| NaiveDateTime::parse_from_str(&text, format).ok();
            formats.into_iter().find_map(read).map(|moment| moment.and_utc())
        });
        if moment.is_none() {
            self.leave_out(name, &text, "it is no moment");
        }
        moment
    }

    fn degrees(&mut self, name: &str, most: f64) -> Option<f64> {
        let degrees = match self.record.get(name)? {
            Value::Null => return None,
            Value::Number(number) => number.as_f64(),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let degrees = degrees.filter(|degrees: &f64| degrees.abs() <= most);
        if degrees.is_none() {
            self.complain(&format!("{name} must be degrees, from -{most} to {most}"));
        }
        degrees
    }

    fn location(&mut self) -> Option<Location> {
        match (self.degrees("lat", 90.0), self.degrees("lng", 180.0)) {
            (Some(lat), Some(lng)) => Some(Location { lat, lng }),
            (None, None) => None,
            _ => {
                self.complain("lat and lng go together");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn region(id: i64, state: &str) -> Value {
        json!({"id": id, "region_name": format!("Region {id}"), "state_abbr": state})
    }

    fn record(value: Value) -> Record {
        let Value::Object(record) = value else { panic!("an object") };
        record
    }

    #[test]
    fn every_shape_of_the_same_records_gives_the_same_list() {
        let (regions, office) = (
            json!([region(1, "MA"), region(2, "NH")]),
            json!({"id": 3, "region": "/eod/v3/regions/2/", "addresses": []}),
        );
        let page = |objects: &Value| json!({"meta": {"next": null}, "objects": objects});
        let mut lists = Vec::new();
        for shape in [
            json!({"regions": regions, "offices": [office]}),
            json!([page(&regions), page(&json!([office]))]),
            json!([region(1, "MA"), region(2, "NH"), office]),
            page(&json!([region(1, "MA"), region(2, "NH"), office])),
        ] {
            let mut draft = ListDraft::default();
            draft.read("file", &shape);
            lists.push(draft.check().expect("a list"));
        }
        assert_eq!((lists[0].regions.len(), lists[0].offices[0].region), (2, Some(RegionId(2))));
        assert!(lists.iter().all(|list| *list == lists[0]));
    }

    #[test]
    fn every_complaint_is_gathered_with_the_place_of_its_record() {
        let mut draft = ListDraft::default();
        draft.read(
            "file",
            &json!([
                {"id": "x", "region_name": "A", "state_abbr": "MA"},
                {"id": 9_000_000_001_i64, "region_name": " ", "state_abbr": "XX"},
                {"id": 5, "region": 77, "addresses": [{"street1": "1 Main St"}, {"id": 6, "is_physical": "perhaps", "lat": 91, "lng": 3}]},
                7,
                region(1, "MA"),
                {"id": 1, "region_name": "Other", "state_abbr": "MA"},
            ]),
        );
        let complaints = draft.check().expect_err("complaints");
        let texts: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "file, record 1: id must be a whole number from 1 to 8999999999",
                "file, record 2: id must be a whole number from 1 to 8999999999",
                "file, record 2: state_abbr \"XX\" must be the code of a state, such as MA",
                "file, record 2: region_name is missing",
                "file, record 3: id of an address is missing",
                "file, record 3: lat must be degrees, from -90 to 90",
                "file, record 3: lat and lng go together",
                "file, record 3: is_physical must be true or false",
                "file, record 4: neither a region (with region_name) nor an office (with region)",
                "file, record 6: region 1 is another one than at file, record 5",
                "file, record 3: office 5 is of region 77, which the list lacks",
            ]
        );
    }

    #[test]
    fn a_row_is_a_region_an_office_and_an_address() {
        let mut draft = ListDraft::default();
        let row = |address: &str, street: &str| {
            record(json!({
                "region_id": "430666", "region_name": "De Soto County", "state_abbr": "FL", "county_name": "De Soto County",
                "office_id": "7", "hours": "9-5", "address_id": address, "address_to": "Supervisor", "street1": street,
                "city": "Arcadia", "state": "FL", "zip": "34266", "website": "votedesoto.gov",
                "main_phone_number": "863-993-4871", "main_fax_number": "none", "functions": "DOM_VR;DOM_REQ",
                "is_physical": "yes", "lat": "27.21", "lng": "-81.85",
            }))
        };
        draft.row("row 2", &row("8", "201 E Oak St"));
        draft.row("row 3", &row("9", "PO Box 89"));
        draft.row("row 4", &record(json!({"region_id": "2", "region_name": "B", "state_abbr": "FL"})));
        let list = draft.check().expect("a list");
        assert_eq!((list.regions.len(), list.offices.len(), list.addresses.len()), (2, 1, 2));
        let address = &list.addresses[0];
        assert_eq!(address.lines(), ["Supervisor", "201 E Oak St", "Arcadia, FL 34266"]);
        assert_eq!(address.website.as_deref(), Some("http://votedesoto.gov"));
        assert_eq!(address.location, Some(Location { lat: 27.21, lng: -81.85 }));
        assert!(
            address.is_physical
                && address.process_domestic_registrations
                && address.process_absentee_requests
        );
        assert!(!address.is_regular_mail && !address.process_absentee_ballots);
        assert_eq!(
            list.left_out[0].to_string(),
            "row 2: main_fax_number \"none\" is left out: it is no telephone number"
        );
    }

    #[test]
    fn what_a_later_pass_repeats_counts_and_territories_are_left_out() {
        let mut draft = ListDraft::of_passes();
        draft.read(
            "pass 1",
            &json!([region(1, "MA"), region(2, "PR"), {"id": 5, "region": 2, "addresses": [{"id": 6}]}]),
        );
        draft.read("pass 2", &json!([{"id": 1, "region_name": "Renamed", "state_abbr": "MA"}]));
        let list = draft.check().expect("a list");
        assert_eq!(list.regions[0].name.as_deref(), Some("Renamed"));
        assert_eq!(
            (list.regions.len(), list.offices.len(), list.addresses.len(), list.of_territories),
            (1, 0, 0, 2)
        );
    }

    #[test]
    fn what_a_supplier_says_that_it_has_is_compared_with_what_came() {
        let read = |said: &[(Subject, usize)], office_of: i64| {
            let mut draft = ListDraft::of_passes();
            let office = json!({"id": 5, "region": office_of, "addresses": [{"id": 6}, {"id": 7}]});
            draft.read("pass 1", &json!([region(1, "MA"), region(2, "PR"), office]));
            draft.said(Subject::Region, 99);
            said.iter().for_each(|(what, count)| draft.said(*what, *count));
            draft.check()
        };
        let whole = read(&[(Subject::Region, 2), (Subject::Office, 1)], 1).expect("a list");
        assert_eq!(whole.short, [], "territories came, too, and the last word counts");
        let fewer = read(&[(Subject::Region, 1), (Subject::Office, 0)], 1).expect("a list");
        assert_eq!(fewer.short, [], "one may be gone since");
        let short = read(&[(Subject::Region, 3), (Subject::Office, 2)], 1).expect("a list");
        let of = |what, said, came| Short { what, said, came };
        assert_eq!(short.short, [of(Subject::Region, 3, 2), of(Subject::Office, 2, 1)]);
        let complaints = read(&[(Subject::Region, 3)], 4).expect_err("complaints");
        let texts: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "pass 1, record 3: office 5 is of region 4, which the list lacks",
                "the list: the supplier says that it has 3 regions, of which 2 came",
            ]
        );
    }

    #[test]
    fn an_empty_list_is_refused() {
        let mut draft = ListDraft::default();
        draft.read("file", &json!({"objects": []}));
        assert_eq!(draft.check().expect_err("a complaint")[0].what, "it has no regions");
    }
}
