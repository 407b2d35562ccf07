//! The only reader of the states' YAML: from a file to what core knows as a [`StateForm`], with a message for each
//! mistake (`pdf-forms.md` 5 and 6).
//!
//! Plain `On`, `Off`, `Yes` and `No` are true and false, as YAML 1.1 has it and the files mean it; quoted, they are
//! texts. Where a text is expected, a value that YAML takes for something else is a mistake: its spelling is lost.

use serde_json::{Map, Value};
use turnout_core::absentee::{
    StateForm,
    state_form::{
        AutoField, Block, Checkbox, Choice, DateBlock, Fill, Layout, Radio, Scalar, Section, SignatureBox,
        TextBlock,
    },
};

/// The largest file that is read, in bytes. The real ones have up to 4 KB.
const MAX_FILE: usize = 256 << 10;
/// How deep questions may lie in one another. The real ones lie two deep.
const MAX_DEPTH: usize = 8;

/// Reads a state's file.
///
/// # Errors
/// Every mistake, each a sentence that says where it is.
pub fn read(text: &str) -> Result<StateForm, Vec<String>> {
    if text.len() > MAX_FILE {
        return Err(vec![format!("has {} bytes; at most {MAX_FILE} are allowed", text.len())]);
    }
    let value: Value = match serde_saphyr::from_str(text) {
        Ok(value) => value,
        Err(error) => return Err(vec![no_yaml(&error)]),
    };
    let mut reader = Reader { mistakes: Vec::new() };
    let form = reader.state_form(&value);
    if reader.mistakes.is_empty() { Ok(form) } else { Err(reader.mistakes) }
}

fn no_yaml(error: &serde_saphyr::Error) -> String {
    // without the lines of the file themselves
    let said = error.without_snippet().to_string();
    match error.location() {
        Some(place) if !said.contains("line") => format!("is no YAML: line {}: {said}", place.line()),
        _ => format!("is no YAML: {said}"),
    }
}

/// A map of the file, and where it stands.
struct Node<'v> {
    place: String,
    entries: &'v Map<String, Value>,
}

impl<'v> Node<'v> {
    fn get(&self, key: &str) -> Option<&'v Value> {
        self.entries.get(key).filter(|value| !value.is_null())
    }

    /// The place of an entry, to begin a sentence with.
    fn at(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}: {key}", self.place) }
    }
}

/// Gathers what is wrong.
struct Reader {
    mistakes: Vec<String>,
}

impl Reader {
    fn wrong(&mut self, what: String) {
        self.mistakes.push(what);
    }

    /// A map with no other keys than those.
    fn node<'v>(&mut self, place: String, value: &'v Value, known: &[&str]) -> Option<Node<'v>> {
        let Value::Object(entries) = value else {
            let place = if place.is_empty() { "the file".to_owned() } else { place };
            self.wrong(format!("{place} must have keys and values"));
            return None;
        };
        let node = Node { place, entries };
        for key in entries.keys().filter(|key| !known.contains(&key.as_str())) {
            self.wrong(format!("{} is no key that is known", node.at(key)));
        }
        Some(node)
    }

    fn list<'v>(&mut self, node: &Node<'v>, key: &str) -> Option<&'v [Value]> {
        match node.get(key)? {
            Value::Array(list) => Some(list),
            _ => {
                self.wrong(format!("{} must be a list", node.at(key)));
                None
            }
        }
    }

    /// A text if there is one.
    fn text(&mut self, node: &Node<'_>, key: &str) -> Option<String> {
        let said = match node.get(key)? {
            Value::String(text) => return Some(text.clone()),
            Value::Bool(flag) => format!("is read as {flag}"),
            Value::Number(number) => format!("is read as the number {number}"),
            Value::Null | Value::Array(_) | Value::Object(_) => "is no text".to_owned(),
        };
        self.wrong(format!("{} {said}: put the text in quotes", node.at(key)));
        None
    }

    /// A text that has to be there.
    fn needed(&mut self, node: &Node<'_>, key: &str) -> String {
        if node.get(key).is_none() {
            self.wrong(format!("{} is missing", node.at(key)));
        }
        self.text(node, key).unwrap_or_default()
    }

    fn flag(&mut self, node: &Node<'_>, key: &str) -> Option<bool> {
        match node.get(key)? {
            Value::Bool(flag) => Some(*flag),
            _ => {
                self.wrong(format!("{} must be true or false", node.at(key)));
                None
            }
        }
    }

    /// `required`, which is true where it stands.
    fn required(&mut self, node: &Node<'_>) -> bool {
        let required = self.flag(node, "required");
        if required == Some(false) {
            self.wrong(format!("{} is only ever true: leave it out", node.at("required")));
        }
        required == Some(true)
    }

    fn whole(&mut self, node: &Node<'_>, key: &str) -> i32 {
        let number = node.get(key).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok());
        number.unwrap_or_else(|| {
            self.wrong(format!("{} must be a whole number", node.at(key)));
            0
        })
    }

    /// A value of an automatic field: true, false, or a text. A whole number is a text.
    fn scalar(&mut self, node: &Node<'_>, key: &str) -> Scalar {
        match node.entries.get(key) {
            Some(Value::String(text)) => return Scalar::Text(text.clone()),
            Some(Value::Bool(flag)) => return Scalar::Flag(*flag),
            Some(Value::Number(number)) if number.is_i64() || number.is_u64() => {
                return Scalar::Text(number.to_string());
            }
            Some(Value::Number(number)) => {
                self.wrong(format!(
                    "{} is read as the number {number}: put the text in quotes",
                    node.at(key)
                ));
            }
            Some(_) => self.wrong(format!("{} must be a text, true or false", node.at(key))),
            None => self.wrong(format!("{} is missing", node.at(key))),
        }
        Scalar::Flag(false)
    }

    fn names(&mut self, node: &Node<'_>, key: &str) -> Vec<String> {
        let mut names = Vec::new();
        for (number, value) in (1..).zip(self.list(node, key).unwrap_or_default()) {
            match value {
                Value::String(name) => names.push(name.clone()),
                _ => self.wrong(format!("{}, entry {number}: put the name in quotes", node.at(key))),
            }
        }
        names
    }

    fn state_form(&mut self, value: &Value) -> StateForm {
        const KNOWN: [&str; 8] = [
            "pages",
            "signatures",
            "signature_statement",
            "form_fields",
            "auto_fields",
            "manual_fields",
            "virtual_fields",
            "missing_mandatory_fields",
        ];
        let Some(node) = self.node(String::new(), value, &KNOWN) else { return StateForm::default() };
        let pages = node.get("pages").and_then(Value::as_u64).filter(|pages| (1..=40).contains(pages));
        if pages.is_none() {
            self.wrong("pages must say how many pages the form has".to_owned());
        }
        StateForm {
            pages: pages.and_then(|pages| usize::try_from(pages).ok()).unwrap_or(1),
            signatures: self.signatures(&node).into_iter().collect(),
            signature_statement: self.text(&node, "signature_statement"),
            sections: self.sections(&node),
            auto_fields: self.auto_fields(&node),
            manual_fields: self.names(&node, "manual_fields"),
            virtual_fields: self.names(&node, "virtual_fields"),
            missing_mandatory_fields: self.names(&node, "missing_mandatory_fields"),
        }
    }

    fn signatures(&mut self, node: &Node<'_>) -> Vec<(usize, SignatureBox)> {
        let Some(value) = node.get("signatures") else { return Vec::new() };
        let Value::Object(pages) = value else {
            self.wrong("signatures must have a page number for each box".to_owned());
            return Vec::new();
        };
        let mut boxes = Vec::new();
        for (page, value) in pages {
            let place = format!("signatures, page {page}");
            let Some(number) = page.parse::<usize>().ok().filter(|number| *number > 0) else {
                self.wrong(format!("{place}: a page is a number from 1 on"));
                continue;
            };
            let Some(found) = self.node(place, value, &["x", "y", "width", "height"]) else { continue };
            let [x, y, width, height] = ["x", "y", "width", "height"].map(|side| self.whole(&found, side));
            if width <= 0 || height <= 0 {
                self.wrong(format!("{}: the box has no size", found.place));
            }
            boxes.push((number, SignatureBox { x, y, width, height }));
        }
        boxes
    }

    fn sections(&mut self, node: &Node<'_>) -> Option<Vec<Section>> {
        let list = self.list(node, "form_fields")?;
        let mut sections = Vec::new();
        for (number, value) in (1..).zip(list) {
            let place = format!("form_fields, section {number}");
            let Some(found) = self.node(place, value, &["type", "label", "note", "content"]) else {
                continue;
            };
            if self.needed(&found, "type") != "section" {
                self.wrong(format!("{}: at the top are only sections", found.place));
            }
            sections.push(Section {
                label: self.text(&found, "label"),
                note: self.text(&found, "note"),
                content: self.blocks(&found, "content", 0),
            });
        }
        Some(sections)
    }

    fn blocks(&mut self, node: &Node<'_>, key: &str, depth: usize) -> Option<Vec<Block>> {
        let list = self.list(node, key)?;
        if depth == MAX_DEPTH {
            self.wrong(format!("{}: questions lie more than {MAX_DEPTH} deep", node.place));
            return None;
        }
        let mut blocks = Vec::new();
        for (number, value) in (1..).zip(list) {
            blocks.extend(self.block(format!("{}, question {number}", node.place), value, depth));
        }
        Some(blocks)
    }

    fn block(&mut self, place: String, value: &Value, depth: usize) -> Option<Block> {
        let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "radio" => {
                let known = ["type", "label", "note", "slug", "layout", "required", "options"];
                let node = self.node(place, value, &known)?;
                self.radio(&node, depth).map(Block::Radio)
            }
            "checkbox" => {
                let known = ["type", "label", "note", "slug", "required", "conditional"];
                let node = self.node(place, value, &known)?;
                Some(Block::Checkbox(Checkbox {
                    label: self.needed(&node, "label"),
                    note: self.text(&node, "note"),
                    slug: self.text(&node, "slug"),
                    required: self.required(&node),
                    conditional: self.blocks(&node, "conditional", depth + 1),
                }))
            }
            "text" => {
                let known = ["type", "label", "note", "slug", "required", "format", "format_error"];
                let node = self.node(place, value, &known)?;
                Some(Block::Text(self.text_block(&node)))
            }
            "election_date" => {
                let node = self.node(place, value, &["type", "label", "note", "slug", "required"])?;
                Some(Block::ElectionDate(DateBlock {
                    slug: self.needed(&node, "slug"),
                    label: self.text(&node, "label"),
                    note: self.text(&node, "note"),
                    required: self.required(&node),
                }))
            }
            _ => {
                self.wrong(format!("{place}: type must be radio, checkbox, text or election_date"));
                None
            }
        }
    }

    fn text_block(&mut self, node: &Node<'_>) -> TextBlock {
        let block = TextBlock {
            slug: self.needed(node, "slug"),
            label: self.text(node, "label"),
            note: self.text(node, "note"),
            required: self.required(node),
            format: self.text(node, "format"),
            format_error: self.text(node, "format_error"),
        };
        if block.format.is_some() != block.format_error.is_some() {
            self.wrong(format!("{}: format and format_error stand together or not at all", node.place));
        }
        if block.format.as_deref().is_some_and(|format| regex_syntax::parse(format).is_err()) {
            self.wrong(format!("{} is no regular expression", node.at("format")));
        }
        block
    }

    fn radio(&mut self, node: &Node<'_>, depth: usize) -> Option<Radio> {
        let slug = self.text(node, "slug");
        let layout = match self.text(node, "layout").as_deref() {
            None => None,
            Some("horizontal") => Some(Layout::Horizontal),
            Some(_) => {
                self.wrong(format!("{} can only be horizontal", node.at("layout")));
                None
            }
        };
        let mut options = Vec::new();
        for (number, value) in (1..).zip(self.list(node, "options").unwrap_or_default()) {
            let place = format!("{}, option {number}", node.place);
            let known = ["label", "slug", "value", "default", "blocks_esign", "conditional"];
            let Some(found) = self.node(place, value, &known) else { continue };
            options.push(self.choice(&found, slug.is_some(), depth));
        }
        if options.is_empty() {
            self.wrong(format!("{} must be a list of at least one", node.at("options")));
            return None;
        }
        if options.iter().filter(|option| option.default == Some(true)).count() > 1 {
            self.wrong(format!("{}: only one option can be the default", node.place));
        }
        Some(Radio {
            label: self.text(node, "label"),
            note: self.text(node, "note"),
            slug,
            layout,
            required: self.required(node),
            options,
        })
    }

    /// An option: of a question with a slug it has a value, else a slug of its own.
    fn choice(&mut self, node: &Node<'_>, valued: bool, depth: usize) -> Choice {
        let choice = Choice {
            label: self.needed(node, "label"),
            slug: self.text(node, "slug"),
            value: self.text(node, "value"),
            default: self.flag(node, "default"),
            blocks_esign: self.flag(node, "blocks_esign"),
            conditional: self.blocks(node, "conditional", depth + 1),
        };
        match (valued, &choice.slug, &choice.value) {
            (true, Some(_), _) => {
                self.wrong(format!("{}: the question has a slug, so the option has a value", node.place));
            }
            (false, _, Some(_)) => {
                self.wrong(format!("{}: the question has no slug, so the option has one", node.place));
            }
            _ => {}
        }
        choice
    }

    fn auto_fields(&mut self, node: &Node<'_>) -> Vec<AutoField> {
        let list = self.list(node, "auto_fields").unwrap_or_default();
        let fields = (1..)
            .zip(list)
            .filter_map(|(number, value)| self.auto_field(format!("auto_fields, entry {number}"), value));
        fields.collect()
    }

    fn auto_field(&mut self, place: String, value: &Value) -> Option<AutoField> {
        match value.get("type").and_then(Value::as_str).unwrap_or_default() {
            "todays_date" => {
                let node = self.node(place, value, &["type", "slug"])?;
                Some(AutoField::Today { slug: self.needed(&node, "slug") })
            }
            "static" => {
                let node = self.node(place, value, &["type", "slug", "value"])?;
                let slug = self.needed(&node, "slug");
                Some(AutoField::Static { slug, value: self.scalar(&node, "value") })
            }
            "copy" => {
                let node = self.node(place, value, &["type", "slug", "field"])?;
                let slug = self.needed(&node, "slug");
                Some(AutoField::Copy { slug, field: self.needed(&node, "field") })
            }
            "conditional" => {
                let node = self.node(place, value, &["type", "condition", "fill"])?;
                self.when(&node)
            }
            _ => {
                self.wrong(format!("{place}: type must be todays_date, static, copy or conditional"));
                None
            }
        }
    }

    fn when(&mut self, node: &Node<'_>) -> Option<AutoField> {
        let (Some(condition), Some(fill)) = (node.get("condition"), node.get("fill")) else {
            self.wrong(format!("{}: condition and fill are needed", node.place));
            return None;
        };
        let condition = self.node(node.at("condition"), condition, &["slug", "value"])?;
        let fill = self.node(node.at("fill"), fill, &["slug", "value", "value_from"])?;
        let filling = match (fill.entries.contains_key("value"), self.text(&fill, "value_from")) {
            (true, None) => Fill::Value(self.scalar(&fill, "value")),
            (false, Some(from)) => Fill::From(from),
            _ => {
                self.wrong(format!("{}: has either a value or a value_from", fill.place));
                return None;
            }
        };
        Some(AutoField::When {
            condition: self.needed(&condition, "slug"),
            value: self.scalar(&condition, "value"),
            slug: self.needed(&fill, "slug"),
            fill: filling,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        read(text).unwrap_err()
    }

    #[test]
    fn plain_words_of_yaml_1_1_are_true_or_false_and_quoted_ones_are_texts() {
        for (written, expected) in [
            ("On", Scalar::Flag(true)),
            ("Off", Scalar::Flag(false)),
            ("Yes", Scalar::Flag(true)),
            ("no", Scalar::Flag(false)),
            ("TRUE", Scalar::Flag(true)),
            ("\"On\"", Scalar::Text("On".into())),
            ("'No'", Scalar::Text("No".into())),
            ("11/3/2020", Scalar::Text("11/3/2020".into())),
            ("2020", Scalar::Text("2020".into())),
            ("Onward", Scalar::Text("Onward".into())),
        ] {
            let file =
                format!("pages: 1\nauto_fields:\n  - type: static\n    slug: x\n    value: {written}\n");
            let expected = AutoField::Static { slug: "x".into(), value: expected };
            assert_eq!(read(&file).unwrap().auto_fields, [expected], "{written}");
        }
    }

    #[test]
    fn a_condition_copies_or_fills_in() {
        let form = read(
            "pages: 2\nauto_fields:\n\
             - {type: copy, slug: a, field: full_name}\n\
             - {type: conditional, condition: {slug: military, value: \"Yes\"}, fill: {slug: b, value: On}}\n\
             - {type: conditional, condition: {slug: c, value: On}, fill: {slug: d, value_from: phone}}\n",
        );
        let when = |condition: &str, value, slug: &str, fill| AutoField::When {
            condition: condition.into(),
            value,
            slug: slug.into(),
            fill,
        };
        assert_eq!(
            form.unwrap().auto_fields,
            [
                AutoField::Copy { slug: "a".into(), field: "full_name".into() },
                when("military", Scalar::Text("Yes".into()), "b", Fill::Value(Scalar::Flag(true))),
                when("c", Scalar::Flag(true), "d", Fill::From("phone".into())),
            ]
        );
    }

    #[test]
    fn every_mistake_has_a_message_that_says_where() {
        let file = "
pagess: 1
signatures:
  one: {x: 1, y: 2, width: 3, height: 4}
  2: {x: 1, y: 2.5, width: 0, height: 4}
manual_fields: [party, 7]
auto_fields:
  - {type: static, slug: a, value: 1.50}
  - {type: clock, slug: b}
  - {type: conditional, condition: {slug: c, value: x}, fill: {slug: d}}
form_fields:
  - type: section
    label: No
    content:
      - type: radio
        slug: military
        layout: vertical
        options:
          - {label: Yes, slug: yes}
      - type: text
        slug: number
        required: false
        format: '[0-9'
      - {type: slider}
  - type: radio
";
        assert_eq!(
            mistakes(file),
            [
                "pagess is no key that is known",
                "pages must say how many pages the form has",
                "signatures, page 2: y must be a whole number",
                "signatures, page 2: the box has no size",
                "signatures, page one: a page is a number from 1 on",
                "form_fields, section 1: label is read as false: put the text in quotes",
                "form_fields, section 1, question 1: layout can only be horizontal",
                "form_fields, section 1, question 1, option 1: label is read as true: put the text in quotes",
                "form_fields, section 1, question 1, option 1: slug is read as true: put the text in quotes",
                "form_fields, section 1, question 2: required is only ever true: leave it out",
                "form_fields, section 1, question 2: format and format_error stand together or not at all",
                "form_fields, section 1, question 2: format is no regular expression",
                "form_fields, section 1, question 3: type must be radio, checkbox, text or election_date",
                "form_fields, section 2: at the top are only sections",
                "auto_fields, entry 1: value is read as the number 1.5: put the text in quotes",
                "auto_fields, entry 2: type must be todays_date, static, copy or conditional",
                "auto_fields, entry 3: fill: has either a value or a value_from",
                "manual_fields, entry 2: put the name in quotes",
            ]
        );
    }

    #[test]
    fn options_have_slugs_or_values_as_their_question_asks() {
        let radio = |slug: &str, option: &str| {
            let file = format!(
                "pages: 1\nform_fields: [{{type: section, content: [{{type: radio, {slug}options: [{option}]}}]}}]"
            );
            read(&file)
        };
        assert!(radio("", "{label: a, slug: b}").is_ok());
        assert!(radio("", "{label: a}").is_ok());
        assert!(radio("slug: q, ", "{label: a, value: b}").is_ok());
        assert_eq!(radio("", "{label: a, value: b}").unwrap_err().len(), 1);
        assert_eq!(radio("slug: q, ", "{label: a, slug: b}").unwrap_err().len(), 1);
        assert_eq!(radio("", "").unwrap_err().len(), 1);
    }

    #[test]
    fn what_is_no_yaml_or_too_much_of_it_is_refused() {
        let tabs = mistakes("pages: 1\n\tmanual_fields: []\n");
        assert!(tabs[0].starts_with("is no YAML: ") && tabs[0].contains("line 1"), "{tabs:?}");
        let twice = mistakes("pages: 1\npages: 2\n");
        assert!(twice[0].contains("duplicate"), "{twice:?}");
        assert_eq!(mistakes("- a"), ["the file must have keys and values"]);
        assert_eq!(mistakes(&" ".repeat(MAX_FILE + 1)).len(), 1);
        // each level repeats the one before: sixteen million entries of a small file
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..8 {
            bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 8].join(", "));
        }
        assert!(mistakes(&bomb)[0].contains("is no YAML"), "an anchor bomb is read");
        let mut deep = "{type: text, slug: x}".to_owned();
        for _ in 0..12 {
            deep = format!("{{type: checkbox, label: c, conditional: [{deep}]}}");
        }
        let deep = mistakes(&format!("pages: 1\nform_fields: [{{type: section, content: [{deep}]}}]"));
        assert!(deep[0].contains("deep"), "{deep:?}");
    }
}
