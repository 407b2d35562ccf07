//! Whom a blast is for: looked up by a filter, or read from a list.

use std::io::Read;

use super::filter::{Complaint, Filter, SlugAt, Values};
use crate::{
    address::{State, Zipcode},
    decision::Place,
    ids::SubscriberId,
    person::Phone,
    ports::store::{Reachable, StoreError, View},
};

/// So many lines of a list are complained about.
const MOST_COMPLAINTS: usize = 20;

/// A line of an uploaded list. No `Debug`: it is a person's data.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The number.
    pub phone: Phone,
    /// Where whoever has it may be, as far as the list says.
    pub place: Place,
    /// The home address in one line, from which a map shows the way.
    pub address: Option<String>,
}

impl From<Reachable> for Listed {
    fn from(it: Reachable) -> Self {
        Self { phone: it.phone, place: Place::of(&it.address), address: it.address.one_line() }
    }
}

/// What was read from a list.
pub type Upload = Vec<Listed>;

/// Reads a list: CSV in UTF-8 with a head line, of which the column `phone` is needed, and `state` (a code) and `zip` (five
/// digits) say where somebody is, and `address` where a map begins, in one line. Other columns are left alone. A list with a line that cannot be read is none: whoever is
/// on it by mistake is not written to.
///
/// # Errors
/// What is wrong, by the number of the line, without what it says.
pub fn read_list(text: impl Read) -> Result<Upload, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text);
    let heads =
        reader.headers().map_err(|_| vec!["line 1 cannot be read: is it CSV in UTF-8?".to_owned()])?;
    let column = |name: &str| {
        heads.iter().position(|head| head.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
    };
    let (phone, state, zip, home) = (column("phone"), column("state"), column("zip"), column("address"));
    let Some(phone) = phone else {
        return Err(vec!["line 1 has to name the columns, and one of them \"phone\"".to_owned()]);
    };
    let (mut listed, mut complaints) = (Upload::new(), Vec::new());
    for (index, record) in reader.records().enumerate() {
        match record.map_err(|_| "cannot be read: is it CSV in UTF-8?").and_then(|record| {
            let cell = |column: Option<usize>| {
                column.and_then(|at| record.get(at)).map(str::trim).filter(|text| !text.is_empty())
            };
            let phone =
                cell(Some(phone)).and_then(Phone::parse).ok_or("has no telephone number in \"phone\"")?;
            let state = cell(state).map(|text| State::parse(&text.to_ascii_uppercase()).ok_or(()));
            let state = state.transpose().map_err(|()| "has no code of a state in \"state\"")?;
            let zipcode = cell(zip).map(|text| text.get(..5).and_then(Zipcode::parse).ok_or(()));
            let zipcode = zipcode.transpose().map_err(|()| "has no ZIP code in \"zip\"")?;
            let address = cell(home).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            Ok(Listed { phone, place: Place { state, zipcode, ..Place::default() }, address })
        }) {
            Ok(line) => listed.push(line),
            // the head is the first line
            Err(what) => complaints.push(format!("line {} {what}", index + 2)),
        }
        if complaints.len() == MOST_COMPLAINTS {
            complaints.push("there may be more".to_owned());
            break;
        }
    }
    if complaints.is_empty() && listed.is_empty() {
        complaints.push("nobody is on the list".to_owned());
    }
    if complaints.is_empty() { Ok(listed) } else { Err(complaints) }
}

/// The subscribers that a filter names. Of a blast of a subscriber's, all are that one's voters, whatever it says: nobody
/// writes to another's.
pub(super) async fn resolve(
    view: &mut dyn View,
    filter: Filter<SlugAt>,
    sender: Option<SubscriberId>,
) -> Result<Result<Filter, Vec<Complaint>>, StoreError> {
    let (mut found, mut complaints) = (Values::default(), Vec::new());
    for (slugs, into) in
        [(&filter.subscribers.any, &mut found.any), (&filter.subscribers.none, &mut found.none)]
    {
        for SlugAt { slug, at } in slugs {
            match view.subscribers().by_slug(slug).await? {
                // a name of another's is told from one that nobody has by nothing
                Some(it) if sender.is_none_or(|sender| sender == it.id) => into.push(it.id),
                _ => complaints.push(Complaint { at: *at, what: format!("there is no subscriber {slug}") }),
            }
        }
    }
    if !complaints.is_empty() {
        return Ok(Err(complaints));
    }
    if let Some(sender) = sender {
        found.any = vec![sender];
    }
    Ok(Ok(filter.with_subscribers(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<String> {
        read_list(text.as_bytes()).err().expect("it is wrong")
    }

    #[test]
    fn a_list_is_read_by_the_names_of_its_columns() {
        let text =
            "\u{feff}Name,PHONE, zip,State\nAnn,(617) 555-7890,02139-1234,ma\n\"B, C\",+1 216 555 0123,,\n";
        let list = read_list(text.as_bytes()).expect("it can be read");
        let found: Vec<(&str, Option<State>, Option<&str>)> = list
            .iter()
            .map(|it| (it.phone.e164(), it.place.state, it.place.zipcode.as_ref().map(Zipcode::as_str)))
            .collect();
        assert_eq!(found, [("+16175557890", Some(State::Ma), Some("02139")), ("+12165550123", None, None)]);
    }

    #[test]
    fn a_list_with_a_wrong_line_is_none_and_no_complaint_repeats_it() {
        for (text, expected) in [
            ("", "line 1 has to name"),
            ("number\n+16175557890\n", "line 1 has to name"),
            ("phone\n", "nobody is on the list"),
            ("phone\n+16175557890\n12345\n", "line 3 has no telephone number"),
            ("phone,state\n+16175557890,ZZ\n", "line 2 has no code of a state"),
            ("phone,zip\n+16175557890,ABCDE\n", "line 2 has no ZIP code"),
        ] {
            let found = complaints(text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(expected), "{text}: {found:?}");
            assert!(!found[0].contains("12345") && !found[0].contains("ABCDE"));
        }
        let many = format!("phone\n{}", "x\n".repeat(100));
        assert_eq!(complaints(&many).len(), MOST_COMPLAINTS + 1);
    }
}
