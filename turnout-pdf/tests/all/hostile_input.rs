//! Files that mean harm or are damaged: compiling them may fail, but it ends, and it never panics.

use std::{fmt::Write as _, io::Write as _, process::Command};

use turnout_core::ports::forms::FormFields;
use turnout_pdf::{About, Error, Mode, Packet, Section, compile};

use crate::support::{forms, unsound};

const ABOUT: About<'_> = About { title: "A form", language: "en-US" };

/// Compiles a file and fills what comes of it.
pub(crate) fn tried_in(mode: Mode, pdf: &[u8]) -> Result<Packet, Error> {
    let packet =
        compile(&[Section { document: "hostile", pdf, mode }], &ABOUT).map_err(|error| match error {
            Error::Document { document, source } => {
                assert_eq!(document, "hostile");
                *source
            }
            other => panic!("{other:?} does not name its document"),
        })?;
    let mut values = FormFields::new();
    for name in packet.names() {
        values.set_text(name, "José");
    }
    packet.fill(&values, &[]).unwrap();
    Ok(packet)
}

/// The same in both modes.
fn tried(pdf: &[u8]) -> Result<Packet, Error> {
    let editable = tried_in(Mode::Interactive, pdf);
    tried_in(Mode::Flatten, pdf).and(editable)
}

/// A file of objects numbered from 1; the first is the catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut pdf = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        write!(pdf, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let start = pdf.len();
    write!(pdf, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in offsets {
        writeln!(pdf, "{offset:010} 00000 n ").unwrap();
    }
    write!(pdf, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).unwrap();
    pdf.into_bytes()
}

/// A file of one page with those annotations, and further objects from number 4 on.
pub(crate) fn page(annotations: &str, more: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]>>>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[{annotations}]>>"),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    file(&objects)
}

/// The same file with its catalog and its pages packed in a deflated object stream of such a list and such objects.
fn packed(list: &str, objects: &str) -> Vec<u8> {
    let body = miniz_oxide::deflate::compress_to_vec_zlib(format!("{list}{objects}").as_bytes(), 6);
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let entry = |kind: u8, at: usize, index: u8| [&[kind], &(at as u32).to_be_bytes()[..], &[index]].concat();
    let stream = pdf.len();
    write!(pdf, "4 0 obj\n<</Type/ObjStm/N 3/First {}/Filter/FlateDecode", list.len()).unwrap();
    writeln!(pdf, "/Length {}>>stream", body.len()).unwrap();
    pdf.extend([&body[..], b"\nendstream\nendobj\n"].concat());
    let start = pdf.len();
    let entries = [entry(0, 0, 0), entry(2, 4, 0), entry(2, 4, 1), entry(2, 4, 2), entry(1, stream, 0)];
    let entries = [entries.concat(), entry(1, start, 0)].concat();
    writeln!(pdf, "5 0 obj\n<</Type/XRef/Size 6/Root 1 0 R/W[1 4 1]/Length {}>>stream", entries.len())
        .unwrap();
    pdf.extend([&entries[..], b"\nendstream\nendobj\n"].concat());
    writeln!(pdf, "startxref\n{start}\n%%EOF").unwrap();
    pdf
}

fn form(name: &str) -> Vec<u8> {
    std::fs::read(forms().join(name)).unwrap()
}

#[test]
fn the_hand_made_file_is_a_form_when_nothing_is_wrong_with_it() {
    let pdf = page("4 0 R", &["<</Subtype/Widget/FT/Tx/T(name)/Rect[10 10 200 30]/DA(/Helv 9 Tf 0 g)>>"]);
    let packet = tried(&pdf).unwrap();
    assert_eq!(packet.names().collect::<Vec<_>>(), ["name"]);
}

#[test]
fn a_file_cut_short_is_refused() {
    let whole = form("absentee/states/CO.pdf");
    for part in 0..40 {
        let cut = &whole[..whole.len() * part / 40];
        assert!(tried(cut).is_err(), "{part}/40 of the file");
    }
}

#[test]
fn an_encrypted_file_is_refused_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("plain.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&from, form("absentee/states/WA.pdf")).unwrap();
    for password in ["", "secret"] {
        let done = Command::new("qpdf")
            .args(["--encrypt", password, "owner", "256", "--"])
            .args([&from, &to])
            .status()
            .unwrap();
        assert!(done.success());
        let error = tried(&std::fs::read(&to).unwrap()).unwrap_err();
        if password.is_empty() {
            assert!(matches!(error, Error::Encrypted), "{error:?}");
            assert!(error.to_string().contains("without a password"));
        }
    }
}

#[test]
fn deep_nesting_and_circles_end() {
    let widget = "/Subtype/Widget/FT/Tx/Rect[10 10 200 30]";
    let nest = |open: &str, close: &str, depth: usize| open.repeat(depth) + &close.repeat(depth);
    let deep = |depth| format!("<<{widget}/T(a)/MK<</X {}>>>>", nest("[", "]", depth));
    let dictionaries = format!("<<{widget}/T(a)/MK{}>>", nest("<</A", ">>", 5_000));
    assert!(tried(&page("4 0 R", &[&deep(10)])).is_ok());
    for pdf in [
        page("4 0 R", &[&deep(100)]),
        page("4 0 R", &[&deep(100_000)]),
        page("4 0 R", &[&dictionaries]),
        // a field above itself
        page("4 0 R", &[&format!("<<{widget}/T(a)/Parent 4 0 R>>")]),
        // a page tree that is its own leaf
        file(&["<</Type/Catalog/Pages 2 0 R>>".to_owned(), "<</Type/Pages/Count 1/Kids[2 0 R]>>".to_owned()]),
        // no pages
        file(&["<</Type/Catalog/Pages 2 0 R>>".to_owned(), "<</Type/Pages/Count 0/Kids[]>>".to_owned()]),
        file(&["<</Type/Catalog>>".to_owned()]),
    ] {
        let outcome = tried(&pdf);
        assert!(outcome.is_err(), "{outcome:?}");
    }
    // references in a circle are nothing, as the standard says of references to nothing
    tried(&page("4 0 R", &["5 0 R", "4 0 R"])).unwrap();
}

#[test]
fn a_small_file_that_asks_for_much_is_refused() {
    let widgets = |count: usize| -> String {
        let widget = "<</Subtype/Widget/FT/Tx/Parent 4 0 R/Rect[10 10 20 20]>>";
        widget.repeat(count)
    };
    let named = |count: usize, more: &str| -> String {
        let widget = |index| format!("<</Subtype/Widget/FT/Tx/T(f{index})/Rect[10 10 20 20]{more}>>");
        (0..count).map(widget).collect()
    };
    let long = "x".repeat(100_000);
    for (what, pdf) in [
        ("field boxes", page(&widgets(2_001), &["<</T(a)>>"])),
        ("annotations", page(&"<</Subtype/Square/Rect[0 0 1 1]>>".repeat(5_001), &[])),
        ("a field's name", page(&widgets(1), &[&format!("<</T({long})>>")])),
        ("dots in a name", page(&widgets(1), &[&format!("<</T({})>>", "a.".repeat(200))])),
        ("inherited labels", page(&named(1_000, "/Parent 4 0 R"), &[&format!("<</TU({long})>>")])),
        ("shared looks", page(&named(1_000, "/MK 4 0 R"), &[&format!("<</CA({long})>>")])),
        ("a coordinate", page("<</Subtype/Widget/FT/Tx/T(a)/Rect[0 0 1000000000 1]>>", &[])),
        ("nine megabytes", page("", &[]).into_iter().chain(vec![b' '; 9 << 20]).collect()),
    ] {
        let error = tried(&pdf).expect_err(what);
        assert!(
            matches!(error, Error::TooMuch { .. } | Error::TooDeep { .. } | Error::BadRect { .. }),
            "{what}: {error:?}"
        );
    }
}

#[test]
fn what_is_packed_is_unpacked_within_limits() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>> ",
        "<</Type/Pages/Count 1/Kids[3 0 R]>> ",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>> ",
    ];
    let list = format!("1 0 2 {} 3 {} ", objects[0].len(), objects[0].len() + objects[1].len());
    let objects = objects.concat();
    assert_eq!(tried(&packed(&list, &objects)).unwrap().pages(), 1);
    // blanks until the list, or what follows it, is too long
    let long = " ".repeat(3 << 20);
    let error = tried(&packed(&format!("{list}{long}"), &objects)).unwrap_err();
    assert!(matches!(error, Error::TooMuch { what: "bytes in a list of objects", .. }), "{error:?}");
    let error = tried(&packed(&list, &format!("{objects}{long}"))).unwrap_err();
    assert!(matches!(error, Error::Malformed(_)), "{error:?}");
}

#[test]
fn a_damaged_part_is_refused_unless_nothing_of_it_comes_along() {
    let whole = form("absentee/states/CO.pdf");
    let filled = |pdf: &[u8]| tried(pdf).map(|packet| packet.fill(&FormFields::new(), &[]).unwrap().pdf);
    let expected = filled(&whole).unwrap();
    let (mut refused, mut unharmed) = (0, 0);
    let found = whole.windows(7).enumerate().filter(|(_, part)| part == b"/ObjStm");
    for (at, _) in found {
        let start = at + whole[at..].windows(6).position(|part| part == b"stream").unwrap() + 8;
        let mut damaged = whole.clone();
        damaged[start..start + 8].fill(0);
        match filled(&damaged) {
            Ok(pdf) => {
                assert!(pdf == expected, "something is missing without a word");
                unharmed += 1;
            }
            Err(error) => {
                assert!(matches!(error, Error::Malformed(_)), "{error:?}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0 && unharmed > 0, "{refused} parts are needed, {unharmed} are not");
}

#[test]
fn programs_and_attachments_do_not_come_along() {
    let pdf = file(&[
        "<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R/AA<</WC 5 0 R>>/Names<</JavaScript 5 0 R>>/AcroForm<</Fields[4 0 R]>>>>"
            .to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/AA<</O 5 0 R>>/Annots[4 0 R 6 0 R]>>".to_owned(),
        "<</Subtype/Widget/FT/Tx/T(name)/Rect[10 10 200 30]/A 5 0 R/AA<</K 5 0 R>>>>".to_owned(),
        "<</S/JavaScript/JS(app.alert\\(1\\))>>".to_owned(),
        "<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(javascript:alert\\(1\\))>>>>".to_owned(),
    ]);
    for mode in [Mode::Flatten, Mode::Interactive] {
        let packet = compile(&[Section { document: "hostile", pdf: &pdf, mode }], &ABOUT).unwrap();
        let filled = packet.fill(&FormFields::new(), &[]).unwrap();
        assert_eq!(unsound(&filled.pdf), None);
        let bytes = String::from_utf8_lossy(&filled.pdf);
        for word in ["JavaScript", "javascript", "alert", "/AA", "OpenAction"] {
            assert!(!bytes.contains(word), "{word} came along");
        }
    }
}

#[test]
fn values_that_look_like_a_pdf_stay_text() {
    let pdf = page("4 0 R", &["<</Subtype/Widget/FT/Tx/T(name)/Rect[10 10 400 30]/DA(/Helv 9 Tf 0 g)>>"]);
    for value in ["a) Tj ET Q (b", ">> endobj 1 0 obj <<", "\\) \\\\ (", "%comment", "<FEFF>", "\u{0}\u{1}x"]
    {
        for mode in [Mode::Flatten, Mode::Interactive] {
            let packet = compile(&[Section { document: "form", pdf: &pdf, mode }], &ABOUT).unwrap();
            let mut values = FormFields::new();
            values.set_text("name", value);
            let filled = packet.fill(&values, &[]).unwrap();
            assert_eq!(unsound(&filled.pdf), None, "{value}");
            let expected: String = value.chars().filter(|c| !c.is_control()).collect();
            assert!(crate::support::text(&filled.pdf).contains(&expected), "{value}");
        }
    }
}
