//! The text of an export (RFC 4180): UTF-8, commas, CRLF, quotes where they are needed.

use super::{CellKind, Rows, Sheet};

/// Writes rows of one sheet as lines.
pub struct Csv {
    kinds: Vec<CellKind>,
    titles: Vec<&'static str>,
}

impl Csv {
    /// For the rows of a sheet.
    #[must_use]
    pub fn of(sheet: &Sheet) -> Self {
        let (kinds, titles) =
            sheet.exported().map(|column| (column.kind, column.title.unwrap_or_default())).unzip();
        Self { kinds, titles }
    }

    /// The first line.
    pub fn header(&self, to: &mut Vec<u8>) {
        for (index, title) in self.titles.iter().enumerate() {
            if index > 0 {
                to.push(b',');
            }
            quoted(title, "", to);
        }
        to.extend_from_slice(b"\r\n");
    }

    /// A line for each row.
    pub fn lines(&self, rows: &Rows, to: &mut Vec<u8>) {
        for row in rows.iter() {
            for (index, (cell, kind)) in row.zip(&self.kinds).enumerate() {
                if index > 0 {
                    to.push(b',');
                }
                if let Some(cell) = cell {
                    write(cell, *kind, to);
                }
            }
            to.extend_from_slice(b"\r\n");
        }
    }
}

/// No program for tables takes what a voter typed for a formula: such a text gets an apostrophe before it (OWASP, CSV
/// injection). A telephone number in E.164 stays as it is: plus and digits compute nothing.
fn write(cell: &str, kind: CellKind, to: &mut Vec<u8>) {
    match kind {
        CellKind::Text | CellKind::Json if begins_a_formula(cell) => quoted(cell, "'", to),
        CellKind::Phone if begins_a_formula(cell) && !is_e164(cell) => quoted(cell, "'", to),
        CellKind::Text | CellKind::Json | CellKind::Phone => quoted(cell, "", to),
        // whole seconds are written without a fraction
        CellKind::Moment => to.extend(cell.replacen(".000000", "", 1).bytes()),
        CellKind::Uuid | CellKind::Day | CellKind::Flag | CellKind::Number => {
            to.extend_from_slice(cell.as_bytes());
        }
    }
}

fn begins_a_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn is_e164(cell: &str) -> bool {
    let digits = cell.strip_prefix('+').unwrap_or_default();
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn quoted(cell: &str, before: &str, to: &mut Vec<u8>) {
    if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
        to.extend_from_slice(before.as_bytes());
        to.extend_from_slice(cell.as_bytes());
        return;
    }
    to.push(b'"');
    to.extend_from_slice(before.as_bytes());
    for byte in cell.bytes() {
        if byte == b'"' {
            to.push(b'"');
        }
        to.push(byte);
    }
    to.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ReportType;

    fn written(kind: CellKind, cell: &str) -> String {
        let mut bytes = Vec::new();
        write(cell, kind, &mut bytes);
        String::from_utf8(bytes).expect("it was text")
    }

    #[test]
    fn what_could_be_a_formula_is_a_text_and_all_else_stays() {
        for (kind, cell, text) in [
            (CellKind::Text, "=1+1", "'=1+1"),
            (CellKind::Text, "+1 617", "'+1 617"),
            (CellKind::Text, "-2", "'-2"),
            (CellKind::Text, "@SUM(A1)", "'@SUM(A1)"),
            (CellKind::Text, "\tx", "'\tx"),
            (CellKind::Text, "\rx", "\"'\rx\""),
            (CellKind::Text, "=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
            (CellKind::Json, "=1", "'=1"),
            (CellKind::Text, "a=b", "a=b"),
            (CellKind::Text, " =1", " =1"),
            (CellKind::Text, "", ""),
            (CellKind::Phone, "+16175557890", "+16175557890"),
            (CellKind::Phone, "+1617555789x", "'+1617555789x"),
            (CellKind::Phone, "+1234567890123456", "'+1234567890123456"),
            (CellKind::Phone, "617", "617"),
        ] {
            assert_eq!(written(kind, cell), text, "{cell:?}");
        }
    }

    #[test]
    fn a_cell_is_quoted_where_it_has_to_be() {
        for (cell, text) in [
            ("a,b", "\"a,b\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("a b", "a b"),
            ("é", "é"),
        ] {
            assert_eq!(written(CellKind::Text, cell), text);
        }
    }

    #[test]
    fn whole_seconds_have_no_fraction() {
        assert_eq!(
            written(CellKind::Moment, "2026-11-03 12:00:00.000000+00:00"),
            "2026-11-03 12:00:00+00:00"
        );
        let micros = "2026-11-03 12:00:00.000070+00:00";
        assert_eq!(written(CellKind::Moment, micros), micros);
    }

    #[test]
    fn lines_end_as_those_of_the_header_do() {
        let sheet = Sheet::of(ReportType::Locator);
        let csv = Csv::of(sheet);
        let mut bytes = Vec::new();
        csv.header(&mut bytes);
        let mut rows = Rows::new(17);
        for index in 0..17 {
            rows.push((index == 3).then_some("1 Main St, Boston"));
        }
        csv.lines(&rows, &mut bytes);
        let text = String::from_utf8(bytes).expect("it was text");
        let (header, rest) = text.split_once("\r\n").expect("two lines");
        assert!(header.starts_with("ID,Subscriber,Time Started (UTC),Unstructured Address,State,County"));
        assert_eq!(rest, ",,,\"1 Main St, Boston\",,,,,,,,,,,,,\r\n");
    }
}
