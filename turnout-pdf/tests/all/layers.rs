//! Layers of a form (optional content), and what becomes of a form's own structure.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr, types::FieldType};
use turnout_core::ports::forms::FormFields;
use turnout_pdf::{About, Mode, Section, compile};

use crate::support::{every_form, objects, paper::dots, unsound};

const ABOUT: About<'_> = About { title: "A form of layers", language: "en-US" };

/// A page with a black square in the content and a field, on the left in a layer that is seen, on the right in one that
/// is hidden.
fn layered() -> Vec<u8> {
    let mut pdf = Pdf::new();
    let [catalog, tree, page, content, seen, hidden, left, right] = [1, 2, 3, 4, 5, 6, 7, 8].map(Ref::new);
    let layers = [(seen, "Seen", left, 10.0), (hidden, "Hidden", right, 110.0)];
    let mut root = pdf.catalog(catalog);
    root.pages(tree).struct_tree_root().finish();
    root.form().fields([left, right]).default_appearance(Str(b"/Helv 12 Tf 0 g"));
    let mut properties = root.insert(Name(b"OCProperties")).dict();
    properties.insert(Name(b"OCGs")).array().items([seen, hidden]);
    let mut setting = properties.insert(Name(b"D")).dict();
    setting.insert(Name(b"Order")).array().items([seen, hidden]);
    setting.insert(Name(b"OFF")).array().item(hidden);
    let mut usage = setting.insert(Name(b"AS")).array();
    let mut print = usage.push().dict();
    print.pair(Name(b"Event"), Name(b"Print"));
    print.insert(Name(b"Category")).array().item(Name(b"Print"));
    print.insert(Name(b"OCGs")).array().item(seen);
    print.finish();
    usage.finish();
    setting.finish();
    properties.finish();
    root.finish();
    pdf.pages(tree).kids([page]).count(1);
    let mut entries = pdf.page(page);
    entries
        .parent(tree)
        .media_box(Rect::new(0.0, 0.0, 220.0, 100.0))
        .contents(content)
        .annotations([left, right]);
    entries.struct_parents(0);
    let mut resources = entries.resources();
    let mut names = resources.insert(Name(b"Properties")).dict();
    names.pair(Name(b"A"), seen).pair(Name(b"B"), hidden);
    names.finish();
    resources.finish();
    entries.finish();
    let mut squares = Content::new();
    for (name, x) in [(b"A", 10.0), (b"B", 110.0)] {
        squares.begin_marked_content_with_properties(Name(b"OC")).properties_named(Name(name));
        squares.rect(x, 60.0, 30.0, 30.0).fill_nonzero().end_marked_content();
    }
    pdf.stream(content, &squares.finish());
    for (layer, name, field, x) in layers {
        let mut group = pdf.indirect(layer).dict();
        group.pair(Name(b"Type"), Name(b"OCG")).pair(Name(b"Name"), TextStr(name));
        group.finish();
        let mut entries = pdf.form_field(field);
        entries.partial_name(TextStr(name)).field_type(FieldType::Text);
        let mut widget = entries.into_annotation();
        widget.rect(Rect::new(x, 10.0, x + 90.0, 30.0)).struct_parent(1);
        widget.pair(Name(b"OC"), layer);
    }
    pdf.finish()
}

#[test]
fn what_lies_in_a_hidden_layer_stays_hidden_and_the_layers_stay() {
    let pdf = layered();
    assert_eq!(unsound(&pdf), None);
    for mode in [Mode::Flatten, Mode::Interactive] {
        let packet = compile(&[Section { document: "form", pdf: &pdf, mode }], &ABOUT).unwrap();
        let mut fields = FormFields::new();
        fields.set_text("Seen", "HHHHH");
        fields.set_text("Hidden", "HHHHH");
        let filled = packet.fill(&fields, &[]).unwrap().pdf;
        assert_eq!(unsound(&filled), None, "{mode:?}");
        let page = dots(&filled, 0);
        let dark = |x: usize, y: usize, width: usize, height: usize| {
            let rows = page.dots.chunks_exact(page.width).skip(y).take(height);
            rows.flat_map(|row| &row[x..x + width]).filter(|dot| **dot < 128).count()
        };
        assert!(dark(10, 10, 30, 30) > 800, "{mode:?}: the square is seen");
        assert!(dark(10, 70, 90, 20) > 40, "{mode:?}: the field is seen");
        assert_eq!(dark(105, 0, 115, 100), 0, "{mode:?}: nothing of what is hidden is seen");

        let objects = objects(&filled);
        let object = |reference: &serde_json::Value| {
            let found = &objects[format!("obj:{}", reference.as_str().unwrap())];
            found.get("value").unwrap_or(&found["stream"]["dict"]).clone()
        };
        let root = object(&objects["trailer"]["value"]["/Root"]);
        let setting = &root["/OCProperties"]["/D"];
        let name = |reference: &serde_json::Value| object(reference)["/Name"].as_str().unwrap().to_owned();
        let names = |list: &serde_json::Value| list.as_array().unwrap().iter().map(name).collect::<Vec<_>>();
        assert_eq!(names(&setting["/Order"]), ["u:Seen", "u:Hidden"]);
        assert_eq!(names(&setting["/OFF"]), ["u:Hidden"]);
        assert_eq!(setting["/AS"][0]["/Event"], "/Print");
        assert_eq!(names(&setting["/AS"][0]["/OCGs"]), ["u:Seen"]);
    }
}

#[test]
fn no_form_keeps_ends_of_a_structure_that_stayed_behind() {
    let mut forms = every_form();
    forms.push(("layers".to_owned(), layered()));
    for (name, pdf) in &forms {
        for mode in [Mode::Flatten, Mode::Interactive] {
            let packet = compile(&[Section { document: name, pdf, mode }], &ABOUT).unwrap();
            let filled = packet.fill(&FormFields::new(), &[]).unwrap().pdf;
            let has = |word: &[u8]| filled.windows(word.len()).any(|part| part == word);
            for word in [b"/StructParent".as_slice(), b"/StructTreeRoot", b"/MarkInfo", b"/StructElem"] {
                assert!(!has(word), "{name} {mode:?}: {}", String::from_utf8_lossy(word));
            }
            for word in [b"/Lang (en-US)".as_slice(), b"/Title (A form of layers)", b"/DisplayDocTitle true"]
            {
                assert!(has(word), "{name} {mode:?}: no {}", String::from_utf8_lossy(word));
            }
        }
    }
}
