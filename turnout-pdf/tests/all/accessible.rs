//! Whether our own documents keep PDF/UA-1 (ISO 14289-1), as far as qpdf and poppler let us see: every packet that is
//! made of them alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use turnout_core::{
    absentee::{SubmissionType, form, sample_facts, sample_request},
    address::State,
    ports::forms::{FormFields, Forms as _, PacketName},
    register,
    settings::Origins,
};
use turnout_pdf::FormLibrary;

use crate::support::{objects, structure, text, today, unsound};

/// Every packet of our own documents: filled, and with nothing filled in.
async fn packets() -> Vec<(String, Vec<u8>)> {
    let library = FormLibrary::open(None).unwrap();
    let mut found = Vec::new();
    for way in SubmissionType::ALL {
        let mut facts = sample_facts(State::Ga, &Origins::default());
        let request = sample_request(State::Ga);
        let filled = form::fill(&library, &request, *way, &facts, None, None, today()).await.unwrap();
        found.push((way.wire().to_owned(), filled.pdf.to_vec()));
        facts.tracker_url = String::new();
        let name = form::packet(&request, *way, &facts).unwrap();
        let blank = library.fill(name, FormFields::new(), Vec::new()).await.unwrap();
        found.push((format!("{} blank", way.wire()), blank.pdf.to_vec()));
    }
    let (registration, facts) = register::form::sample(State::Ga);
    for name in [PacketName::Registration, PacketName::RegistrationMail(State::Ga)] {
        let fields = register::form::fields(&registration, &facts, name, None);
        let filled = library.fill(name, fields, Vec::new()).await.unwrap();
        found.push((format!("{name:?}"), filled.pdf.to_vec()));
    }
    found
}

/// A file's objects.
struct File {
    objects: Value,
}

impl File {
    fn read(pdf: &[u8]) -> Self {
        Self { objects: objects(pdf) }
    }

    /// What a value stands for.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.as_str().filter(|text| text.ends_with(" R")) {
            Some(reference) => {
                let object = &self.objects[format!("obj:{reference}")];
                object.get("value").or_else(|| object["stream"].get("dict")).unwrap_or(object)
            }
            None => value,
        }
    }

    fn get<'a>(&'a self, value: &'a Value, key: &str) -> &'a Value {
        self.resolved(&self.resolved(value)[key])
    }

    fn root(&self) -> &Value {
        self.get(&self.objects["trailer"]["value"], "/Root")
    }

    /// The decoded bytes of a stream.
    fn stream(&self, reference: &str) -> Vec<u8> {
        STANDARD.decode(self.objects[format!("obj:{reference}")]["stream"]["data"].as_str().unwrap()).unwrap()
    }

    /// The pages, as references.
    fn pages(&self) -> Vec<String> {
        let kids = self.get(self.get(self.root(), "/Pages"), "/Kids").as_array().unwrap();
        kids.iter().map(|kid| kid.as_str().unwrap().to_owned()).collect()
    }
}

fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// A text string as qpdf writes it.
fn said(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix("u:")
}

/// What the structure tree says, in reading order.
#[derive(Default)]
struct Tree {
    /// Each mark's stream, page and number, with its element.
    marks: Vec<(String, u64, String)>,
    /// Each box, with its element.
    boxes: BTreeMap<String, String>,
    /// The roles in order, with the depth of each.
    roles: Vec<(String, usize)>,
}

impl Tree {
    fn gather(&mut self, file: &File, reference: &str, parent: &str, depth: usize) {
        let element = file.resolved(&Value::String(reference.to_owned())).clone();
        assert_eq!(element["/P"], parent, "{reference} has another parent");
        let role = element["/S"].as_str().unwrap().to_owned();
        let known =
            ["Document", "Part", "H1", "H2", "P", "L", "LI", "Lbl", "LBody", "Form", "Figure", "NonStruct"];
        assert!(known.contains(&role.trim_start_matches('/')), "{role}");
        assert_eq!(role == "/Figure", said(&element["/Alt"]).is_some_and(|words| !words.is_empty()));
        self.roles.push((role.clone(), depth));
        for kid in list(&element["/K"]) {
            match kid {
                Value::String(kid) => self.gather(file, &kid, reference, depth + 1),
                Value::Object(kid) if kid["/Type"] == "/MCR" => {
                    let stream = kid.get("/Stm").unwrap_or(&kid["/Pg"]).as_str().unwrap().to_owned();
                    assert!(file.pages().contains(&kid["/Pg"].as_str().unwrap().to_owned()));
                    self.marks.push((stream, kid["/MCID"].as_u64().unwrap(), reference.to_owned()));
                }
                Value::Object(kid) => {
                    assert_eq!((&kid["/Type"], role.as_str()), (&Value::from("/OBJR"), "/Form"));
                    let before =
                        self.boxes.insert(kid["/Obj"].as_str().unwrap().to_owned(), reference.to_owned());
                    assert!(before.is_none(), "a box is told twice");
                }
                other => panic!("{other}"),
            }
        }
    }
}

/// The marks of a stream; complains of whatever is drawn outside of any.
fn marks(content: &[u8], overlay: &str) -> Vec<u64> {
    const DRAWS: [&str; 17] =
        ["Tj", "TJ", "'", "\"", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "BI", "Do", "EI"];
    let content: String = content.iter().map(|byte| char::from(*byte)).collect();
    let tokens = tokens(&content);
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "BMC" => open.push(tokens[at - 1].clone()),
            "BDC" => {
                let number = tokens[..at].iter().rposition(|token| token == "/MCID").unwrap() + 1;
                found.push(tokens[number].parse().unwrap());
                open.push("/MCID".to_owned());
            }
            "EMC" => assert!(open.pop().is_some(), "ends what was not begun"),
            draws if DRAWS.contains(&draws) => {
                let is_overlay = draws == "Do" && tokens[at - 1] == overlay;
                assert_eq!(open.len(), usize::from(!is_overlay), "{draws} is drawn outside of any mark");
                assert!(open.iter().all(|tag| ["/MCID", "/Artifact"].contains(&tag.as_str())), "{open:?}");
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "a mark is not ended");
    found
}

/// The tokens of a content stream; texts are left out.
fn tokens(content: &str) -> Vec<String> {
    let (mut tokens, mut depth, mut escaped) = (Vec::new(), 0, false);
    let mut plain = String::new();
    for c in content.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                plain.push_str(" () ");
            }
            _ if depth > 0 => {}
            '<' | '>' | '[' | ']' => plain.push(' '),
            '/' => plain.push_str(" /"),
            c => plain.push(c),
        }
    }
    tokens.extend(plain.split_whitespace().map(str::to_owned));
    tokens
}

#[tokio::test]
async fn a_file_says_that_it_is_told_in_which_language_and_what_it_is() {
    for (name, pdf) in packets().await {
        assert_eq!(unsound(&pdf), None, "{name}");
        let file = File::read(&pdf);
        let root = file.root();
        assert_eq!(file.get(root, "/MarkInfo")["/Marked"], true, "{name}");
        assert_eq!(said(&root["/Lang"]), Some("en-US"), "{name}");
        assert_eq!(file.get(root, "/ViewerPreferences")["/DisplayDocTitle"], true, "{name}");
        let info = file.get(&file.objects["trailer"]["value"], "/Info");
        let title = said(&info["/Title"]).unwrap();
        assert!(title.contains("form"), "{name}: {title}");
        let metadata = file.get(root, "/Metadata");
        assert_eq!((&metadata["/Type"], &metadata["/Subtype"]), (&"/Metadata".into(), &"/XML".into()));
        let xmp = String::from_utf8(file.stream(root["/Metadata"].as_str().unwrap())).unwrap();
        assert!(xmp.contains("<pdfuaid:part>1</pdfuaid:part>"), "{name}");
        assert!(xmp.contains(&format!("<rdf:li xml:lang=\"x-default\">{title}</rdf:li>")), "{name}");
    }
}

#[tokio::test]
async fn whatever_is_drawn_is_told_once_or_is_decoration() {
    for (name, pdf) in packets().await {
        let file = File::read(&pdf);
        let tree_root = file.root()["/StructTreeRoot"].as_str().unwrap();
        let tree = file.resolved(&file.root()["/StructTreeRoot"]).clone();
        let mut told = Tree::default();
        told.gather(&file, tree["/K"].as_str().unwrap(), tree_root, 0);
        let parents: BTreeMap<u64, Value> = file.get(&tree, "/ParentTree")["/Nums"]
            .as_array()
            .unwrap()
            .chunks(2)
            .map(|pair| (pair[0].as_u64().unwrap(), pair[1].clone()))
            .collect();

        let mut seen = BTreeSet::new();
        for page in file.pages() {
            let entries = file.resolved(&Value::String(page.clone())).clone();
            assert_eq!(entries["/Tabs"], "/S", "{name}");
            let pictures =
                file.get(file.get(&entries, "/Resources"), "/XObject").as_object().unwrap().clone();
            assert_eq!(pictures.len(), 1, "{name}: only the overlay");
            let (overlay, form) = pictures.iter().next().unwrap();
            let form = form.as_str().unwrap();
            let content: Vec<u8> = list(&entries["/Contents"])
                .iter()
                .flat_map(|part| [file.stream(part.as_str().unwrap()), vec![b'\n']].concat())
                .collect();
            for (stream, content, entries) in [
                (page.as_str(), content, entries.clone()),
                (form, file.stream(form), file.resolved(&Value::String(form.to_owned())).clone()),
            ] {
                let found = marks(&content, overlay);
                let own: Vec<_> = told.marks.iter().filter(|(at, ..)| at == stream).collect();
                let numbers: BTreeSet<u64> = found.iter().copied().collect();
                assert_eq!(numbers.len(), found.len(), "{name}: a mark comes twice");
                assert_eq!(numbers, own.iter().map(|(_, mark, _)| *mark).collect(), "{name}");
                let key = entries["/StructParents"].as_u64().unwrap();
                assert!(seen.insert(key), "{name}: two streams have one number");
                for (_, mark, element) in own {
                    assert_eq!(parents[&key][*mark as usize], **element, "{name}");
                }
            }
            let boxes = list(file.resolved(&entries["/Annots"]));
            for found in &boxes {
                let element = &told.boxes[found.as_str().unwrap()];
                let entries = file.resolved(found);
                let key = entries["/StructParent"].as_u64().unwrap();
                assert!(seen.insert(key), "{name}: two boxes have one number");
                assert_eq!(parents[&key], *element, "{name}");
                let parent = file.resolved(&entries["/Parent"]);
                let spoken = said(&entries["/TU"]).or_else(|| said(&parent["/TU"])).unwrap();
                assert!(spoken.len() > 2, "{name}: {spoken}");
                assert_eq!(entries["/F"].as_u64().unwrap() & 0b10_0110, 4, "{name}: it is printed and seen");
            }
        }
        assert_eq!(seen.len(), parents.len(), "{name}");
    }
}

#[tokio::test]
async fn headings_are_nested_and_lists_are_lists() {
    for (name, pdf) in packets().await {
        let file = File::read(&pdf);
        let tree_root = file.root()["/StructTreeRoot"].as_str().unwrap();
        let tree = file.resolved(&file.root()["/StructTreeRoot"]);
        let mut told = Tree::default();
        told.gather(&file, tree["/K"].as_str().unwrap(), tree_root, 0);
        assert_eq!(told.roles[0], ("/Document".to_owned(), 0), "{name}");
        let mut above: HashMap<usize, String> = HashMap::new();
        let mut heading = 0;
        for (role, depth) in &told.roles {
            above.insert(*depth, role.clone());
            let parent = depth.checked_sub(1).and_then(|depth| above.get(&depth)).map(String::as_str);
            let expected: &[&str] = match role.as_str() {
                "/Document" => continue,
                "/Part" => {
                    heading = 0;
                    &["/Document"]
                }
                "/H1" | "/H2" => {
                    let level = if role == "/H1" { 1 } else { 2 };
                    assert!(level <= heading + 1, "{name}: a heading is left out");
                    assert!(level == 2 || heading == 0, "{name}: two titles in one document");
                    heading = level;
                    &["/Part"]
                }
                "/LI" => &["/L"],
                "/Lbl" | "/LBody" => &["/LI"],
                "/P" => &["/Part", "/LBody"],
                _ => &["/Part"],
            };
            assert!(expected.contains(&parent.unwrap()), "{name}: {role} in {parent:?}");
        }
        let parts = told.roles.iter().filter(|(role, _)| role == "/Part").count();
        let titles = told.roles.iter().filter(|(role, _)| role == "/H1").count();
        assert_eq!(parts, titles, "{name}: each document has one title");
    }
}

#[tokio::test]
async fn every_letter_has_its_font_with_it_and_a_way_back_to_text() {
    for (name, pdf) in packets().await {
        let file = File::read(&pdf);
        let mut fonts = 0;
        for object in file.objects.as_object().unwrap().values() {
            let dictionary = object.get("value").or_else(|| object["stream"].get("dict"));
            let Some(found) = dictionary.and_then(|it| it.get("/Resources")) else { continue };
            let Some(found) = file.get(found, "/Font").as_object() else { continue };
            for font in found.values() {
                let font = file.resolved(font);
                assert_eq!(font["/Subtype"], "/Type0", "{name}");
                assert!(!file.stream(font["/ToUnicode"].as_str().unwrap()).is_empty(), "{name}");
                let descendant = file.resolved(&file.get(font, "/DescendantFonts")[0]);
                let program = &file.get(descendant, "/FontDescriptor")["/FontFile2"];
                assert!(file.stream(program.as_str().unwrap()).len() > 1_000, "{name}");
                fonts += 1;
            }
        }
        assert!(fonts >= 2, "{name}");
    }
}

#[tokio::test]
async fn a_screen_reader_is_told_every_word_in_the_order_of_the_page() {
    for (name, pdf) in packets().await {
        let told = structure(&pdf);
        let words = |text: &str| -> BTreeSet<String> { text.split_whitespace().map(str::to_owned).collect() };
        let spoken: String = told
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'))
            .map(|line| format!("{line} "))
            .collect();
        let live = name.contains("leo") || name.contains("self") || name == "Registration";
        let missing: Vec<String> = words(&text(&pdf)).difference(&words(&spoken)).cloned().collect();
        // what is written in a box that stays one is told by the box
        assert!(missing.is_empty() || live, "{name}: {missing:?}");
        for title in ["SAMPLE – not an official form", "Which ballots you ask for"] {
            assert_eq!(spoken.contains(title), told.contains(title), "{name}");
        }
        if name == "self_print" {
            let order = [
                "Your ballot request form is ready",
                "Check",
                "Mail it to",
                "Springfield Election Office 1 Main Street Springfield, GA 01103",
                "Your form must be received 5 days before election day.",
                "75 days before Election Day.",
                "Special rules of your state",
                "a typed name does not count",
                "Application for a ballot by mail",
                "Who you are",
                "Your declaration",
                "Make this sheet your envelope",
                "From",
                "Springfield Election Office",
            ];
            let mut rest = spoken.as_str();
            for phrase in order {
                let at = rest
                    .find(phrase)
                    .unwrap_or_else(|| panic!("{phrase} is not told in its place: {spoken}"));
                rest = &rest[at + phrase.len()..];
            }
        }
    }
}

#[cfg(feature = "images")]
#[tokio::test]
async fn a_signature_is_told_in_words() {
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 4, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&[0; 4]).unwrap();
    let library = FormLibrary::open(None).unwrap();
    let facts = sample_facts(State::Ga, &Origins::default());
    let request = sample_request(State::Ga);
    let (way, picture) = (SubmissionType::LeoFax, Some(picture.into()));
    let filled = form::fill(&library, &request, way, &facts, None, picture, today()).await.unwrap();
    let file = File::read(&filled.pdf);
    let page = Value::String(file.pages()[1].clone());
    let pictures = file.get(file.get(&page, "/Resources"), "/XObject").as_object().unwrap().clone();
    let (_, overlay) = pictures.iter().next().unwrap();
    let content = String::from_utf8(file.stream(overlay.as_str().unwrap())).unwrap();
    let drawn = content.split("BDC").find(|part| part.contains(" Do ")).unwrap();
    assert!(drawn.starts_with(" q "), "{content}");
    let told = structure(&filled.pdf);
    assert!(told.contains("Figure"), "{told}");
}

#[test]
fn a_heading_over_nothing_is_neither_printed_nor_told() {
    let library = FormLibrary::open(None).unwrap();
    let packet = library.packet(PacketName::Registration).unwrap();
    for (rules, expected) in [(None, false), (Some("  "), false), (Some("Bring a copy of your card."), true)]
    {
        let mut values = FormFields::new();
        values.set_text_if("warnings_registration", rules);
        let filled = packet.fill(&values, &[]).unwrap().pdf;
        assert_eq!(text(&filled).contains("Special rules of your state"), expected, "{rules:?}");
        let told = structure(&filled);
        assert_eq!(told.contains("Special rules of your state"), expected, "{rules:?}");
        assert_eq!(told.contains("NonStruct"), !expected, "{rules:?}: {told}");
    }
}
