//! Tables of offices: CSV with the supplier's names as columns.

use serde_json::Value;
use turnout_core::official::{COLUMNS, ListDraft, NEEDED_COLUMNS, Record};

/// Reads a table into the draft; what is wrong with it becomes the draft's complaints, with the lines of the rows.
pub(super) fn read(draft: &mut ListDraft, name: &str, bytes: &[u8]) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let heads: Vec<String> = match reader.headers() {
        Ok(heads) => heads.iter().map(str::to_ascii_lowercase).collect(),
        Err(error) => return draft.complain(&format!("{name}, row 1"), &error.to_string()),
    };
    let first = format!("{name}, row 1");
    let mut sound = true;
    let mut complain = |what: String| {
        draft.complain(&first, &what);
        sound = false;
    };
    for (at, head) in heads.iter().enumerate() {
        if !COLUMNS.contains(&head.as_str()) {
            complain(format!("no column is called {head:?}; there are {}", COLUMNS.join(", ")));
        }
        if heads[..at].contains(head) {
            complain(format!("the column {head} is there twice"));
        }
    }
    for needed in NEEDED_COLUMNS.iter().filter(|needed| heads.iter().all(|head| head != *needed)) {
        complain(format!("the column {needed} is missing"));
    }
    if !sound {
        return;
    }
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                let cells = heads.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
                let record: Record =
                    cells.map(|(head, cell)| (head.clone(), Value::String(cell.to_owned()))).collect();
                draft.row(&format!("{name}, row {line}"), &record);
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                draft.complain(&format!("{name}, row {line}"), &why(&error));
            }
        }
    }
}

/// Without the place, which stands before it.
pub(super) fn why(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} cells, where the first row has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8: save the table as CSV UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(table: &[u8]) -> Vec<String> {
        let mut draft = ListDraft::default();
        read(&mut draft, "t", table);
        draft.check().expect_err("complaints").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_table_is_read_with_quotes_and_a_byte_order_mark() {
        let table = "\u{feff}Region_ID,region_name,state_abbr,office_id,hours\r\n\
                     1,\"De Soto, County\",FL,2,\"9-5\nMon-Fri\"\r\n3,B,FL,,\r\n";
        let mut draft = ListDraft::default();
        read(&mut draft, "t", table.as_bytes());
        let list = draft.check().expect("a list");
        assert_eq!(list.regions[0].name.as_deref(), Some("De Soto, County"));
        assert_eq!((list.regions.len(), list.offices.len()), (2, 1));
    }

    #[test]
    fn every_row_that_is_wrong_is_named_by_its_line() {
        let table = b"region_id,region_name,state_abbr\n1,\"two\nlines\",MA\nx,B,MA\n2,B\n3,\xff,MA\n";
        assert_eq!(
            complaints(table),
            [
                "t, row 4: region_id must be a whole number from 1 to 8999999999",
                "t, row 5: it has 2 cells, where the first row has 3",
                "t, row 6: it is not UTF-8: save the table as CSV UTF-8",
            ]
        );
    }

    #[test]
    fn columns_that_are_unknown_doubled_or_missing_are_all_named() {
        let said = complaints(b"region_id,region_id,regionname\n1,1,A\n");
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(said[0].contains("region_id is there twice") && said[1].contains("\"regionname\""));
        assert!(said[2].contains("region_name is missing") && said[3].contains("state_abbr is missing"));
    }
}
