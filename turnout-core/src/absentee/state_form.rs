//! What a state asks for its ballot request form, typed (`pdf-forms.md` 5 and 6).
//!
//! The states' YAML is read by `turnout-pdf`; here is what it says. Serialized, the questions have the shape of the
//! file, which is what the API gives out (`http-api.md` 4.3).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// A state's ballot request form: its questions, what goes onto it by itself, and where the signature stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateForm {
    /// How many pages the metadata says. Where it matters, the PDF's pages are counted instead.
    pub pages: usize,
    /// The places for a signature, by page, the first being 1.
    pub signatures: BTreeMap<usize, SignatureBox>,
    /// What the voter declares by signing.
    pub signature_statement: Option<String>,
    /// What the voter is asked; nothing when the form is not prepared for signing online.
    pub sections: Option<Vec<Section>>,
    /// What goes onto the form by itself, in order: each may use what stands there already.
    pub auto_fields: Vec<AutoField>,
    /// The fields that are left to the voter.
    pub manual_fields: Vec<String>,
    /// The slugs that no field of the form has.
    pub virtual_fields: Vec<String>,
    /// What every request holds and the form has no place for.
    pub missing_mandatory_fields: Vec<String>,
}

impl StateForm {
    /// Every question, those that other answers reveal among them, in order.
    #[must_use]
    pub fn blocks(&self) -> Vec<&Block> {
        let mut blocks = Vec::new();
        for section in self.sections.iter().flatten() {
            section.content.iter().flatten().for_each(|block| block.gather(&mut blocks));
        }
        blocks
    }

    /// Every slug under which an answer arrives in `state_fields`, with what the answers may be, in order.
    #[must_use]
    pub fn answers(&self) -> Vec<(&str, Answer<'_>)> {
        self.blocks().into_iter().flat_map(Block::answers).collect()
    }
}

/// What may arrive under a slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// True when checked or chosen.
    Flag,
    /// One of these texts.
    OneOf(Vec<&'a str>),
    /// Any text.
    Text,
}

/// A rectangle for the signature.
///
/// Its units are points of an A4 page, from the lower left corner; that page is laid over the form's page, as large as
/// it fits and in its middle (`pdf-forms.md` 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureBox {
    /// From the left.
    pub x: i32,
    /// From below.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// Width and height of an A4 page, in points.
const A4: (f32, f32) = (595.276, 841.89);

impl SignatureBox {
    /// Left, bottom, width and height on a page, in its own points. The box lies on the page as it is seen: `visible` is
    /// left, bottom, right and top of what is seen, `turn` how far that is turned to the right, in degrees.
    #[must_use]
    pub fn on_page(&self, visible: [f32; 4], turn: u16) -> [f32; 4] {
        let [left, bottom, right, top] = visible;
        let (across, up) = (right - left, top - bottom);
        let (width, height) = if turn.is_multiple_of(180) { (across, up) } else { (up, across) };
        let scale = (width / A4.0).min(height / A4.1);
        let scaled = |points: i32| points as f32 * scale;
        let (x, y) =
            ((width - A4.0 * scale) / 2.0 + scaled(self.x), (height - A4.1 * scale) / 2.0 + scaled(self.y));
        let (w, h) = (scaled(self.width), scaled(self.height));
        // from the page as it is seen back to the page before it was turned
        let [x, y, w, h] = match turn {
            90 => [across - y - h, x, h, w],
            180 => [across - x - w, up - y - h, w, h],
            270 => [y, up - x - w, h, w],
            _ => [x, y, w, h],
        };
        [left + x, bottom + y, w, h]
    }
}

/// A part of the questions, under a heading.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(tag = "type", rename = "section")]
pub struct Section {
    /// The heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is said under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Vec<Block>>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// One of several options.
    Radio(Radio),
    /// Yes or nothing.
    Checkbox(Checkbox),
    /// A text.
    Text(TextBlock),
    /// The date of an election, chosen from a list.
    ElectionDate(DateBlock),
}

impl Block {
    fn gather<'a>(&'a self, into: &mut Vec<&'a Self>) {
        into.push(self);
        let revealed: Vec<&Vec<Self>> = match self {
            Self::Radio(radio) => {
                radio.options.iter().filter_map(|option| option.conditional.as_ref()).collect()
            }
            Self::Checkbox(checkbox) => checkbox.conditional.iter().collect(),
            Self::Text(_) | Self::ElectionDate(_) => Vec::new(),
        };
        revealed.into_iter().flatten().for_each(|block| block.gather(into));
    }

    /// The slugs under which this question's own answers arrive.
    #[must_use]
    pub fn answers(&self) -> Vec<(&str, Answer<'_>)> {
        match self {
            Self::Radio(Radio { slug: Some(slug), options, .. }) => {
                let values = options.iter().filter_map(|option| option.value.as_deref());
                vec![(slug.as_str(), Answer::OneOf(values.collect()))]
            }
            Self::Radio(Radio { options, .. }) => options
                .iter()
                .filter_map(|option| option.slug.as_deref())
                .map(|slug| (slug, Answer::Flag))
                .collect(),
            Self::Checkbox(Checkbox { slug, .. }) => {
                slug.iter().map(|slug| (slug.as_str(), Answer::Flag)).collect()
            }
            Self::Text(TextBlock { slug, .. }) | Self::ElectionDate(DateBlock { slug, .. }) => {
                vec![(slug.as_str(), Answer::Text)]
            }
        }
    }
}

/// One of several options. With a slug of its own, its value is the chosen option's; without, the chosen option's slug
/// is true.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Radio {
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The name under which the answer arrives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// How the options stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// Whether one has to be chosen.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// The options.
    pub options: Vec<Choice>,
}

/// How the options of a question stand; below one another unless this says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Side by side.
    Horizontal,
}

/// An option of a [`Radio`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Choice {
    /// What it says.
    pub label: String,
    /// The name that is true when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// The value that the question has when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether it is chosen at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Whether a voter who chooses it cannot sign online.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks_esign: Option<bool>,
    /// The questions that are asked when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditional: Option<Vec<Block>>,
}

/// A box to check.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Checkbox {
    /// What checking it says.
    pub label: String,
    /// What is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The name that is true when it is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Whether it has to be checked.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// The questions that are asked when it is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditional: Option<Vec<Block>>,
}

/// A text to write.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TextBlock {
    /// The name under which it arrives.
    pub slug: String,
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether it has to be given.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// The regular expression that it has to match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What to say when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_error: Option<String>,
}

/// The date of an election.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DateBlock {
    /// The name under which it arrives.
    pub slug: String,
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether it has to be given.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
}

/// A value in the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// True checks a box; false says nothing.
    Flag(bool),
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

/// Something that goes onto the form by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutoField {
    /// The day on which the voter sent the request.
    Today {
        /// The field.
        slug: String,
    },
    /// Always the same.
    Static {
        /// The field.
        slug: String,
        /// What goes there.
        value: Scalar,
    },
    /// What stands under another name.
    Copy {
        /// The field.
        slug: String,
        /// The other name.
        field: String,
    },
    /// Something, if another name has a certain value.
    When {
        /// The other name.
        condition: String,
        /// The value it must have.
        value: Scalar,
        /// The field.
        slug: String,
        /// What goes there.
        fill: Fill,
    },
}

impl AutoField {
    /// The field it fills.
    #[must_use]
    pub fn slug(&self) -> &str {
        match self {
            Self::Today { slug }
            | Self::Static { slug, .. }
            | Self::Copy { slug, .. }
            | Self::When { slug, .. } => slug,
        }
    }
}

/// What a condition fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// Always the same.
    Value(Scalar),
    /// What stands under another name.
    From(String),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kansas() -> StateForm {
        let number =
            Block::Text(TextBlock { slug: "state_id_number".into(), required: true, ..TextBlock::default() });
        let options = vec![
            Choice {
                label: "Yes".into(),
                slug: Some("license_yes".into()),
                default: Some(true),
                conditional: Some(vec![number]),
                ..Choice::default()
            },
            Choice {
                label: "No".into(),
                slug: Some("license_no".into()),
                blocks_esign: Some(true),
                ..Choice::default()
            },
        ];
        let radio = Radio { label: Some("A license?".into()), required: true, options, ..Radio::default() };
        let military = Radio {
            slug: Some("military".into()),
            layout: Some(Layout::Horizontal),
            options: ["No", "Yes"]
                .map(|label| Choice { label: label.into(), value: Some(label.into()), ..Choice::default() })
                .into(),
            ..Radio::default()
        };
        let sections = vec![
            Section { label: Some("Election".into()), ..Section::default() },
            Section {
                content: Some(vec![Block::Radio(radio), Block::Radio(military)]),
                ..Section::default()
            },
        ];
        StateForm { sections: Some(sections), ..StateForm::default() }
    }

    #[test]
    fn every_answer_is_known_by_its_slug_even_one_that_another_answer_reveals() {
        assert_eq!(
            kansas().answers(),
            [
                ("license_yes", Answer::Flag),
                ("license_no", Answer::Flag),
                ("state_id_number", Answer::Text),
                ("military", Answer::OneOf(vec!["No", "Yes"])),
            ]
        );
    }

    #[test]
    fn questions_are_written_as_the_files_have_them() {
        assert_eq!(
            serde_json::to_value(kansas().sections).expect("it is plain data"),
            json!([
                {"type": "section", "label": "Election"},
                {"type": "section", "content": [
                    {"type": "radio", "label": "A license?", "required": true, "options": [
                        {"label": "Yes", "slug": "license_yes", "default": true, "conditional": [
                            {"type": "text", "slug": "state_id_number", "required": true},
                        ]},
                        {"label": "No", "slug": "license_no", "blocks_esign": true},
                    ]},
                    {"type": "radio", "slug": "military", "layout": "horizontal", "options": [
                        {"label": "No", "value": "No"},
                        {"label": "Yes", "value": "Yes"},
                    ]},
                ]},
            ])
        );
    }

    #[test]
    fn a_signature_box_of_a4_points_lands_where_the_original_puts_it() {
        let close = |found: [f32; 4], expected: [f32; 4]| {
            found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.1)
        };
        let illinois = SignatureBox { x: 79, y: 145, width: 266, height: 32 };
        let letter = illinois.on_page([0.0, 0.0, 612.0, 792.0], 0);
        assert!(close(letter, [100.3, 136.4, 250.2, 30.1]), "{letter:?}");
        let wyoming = SignatureBox { x: 0, y: 175, width: 350, height: 35 };
        let landscape = wyoming.on_page([0.0, 0.0, 792.0, 612.0], 0);
        assert!(close(landscape, [179.6, 127.2, 254.4, 25.4]), "{landscape:?}");
        let moved = illinois.on_page([10.0, 20.0, 622.0, 812.0], 0);
        assert!(close(moved, [110.3, 156.4, 250.2, 30.1]), "{moved:?}");
    }

    #[test]
    fn a_signature_box_lies_on_a_turned_page_as_it_is_seen() {
        let place = SignatureBox { x: 100, y: 200, width: 50, height: 20 };
        // an A4 page as it is seen, so that the box keeps its numbers: left, bottom, right and top from the seen corner
        let (width, height) = A4;
        let seen_upright = |visible: [f32; 4], turn| {
            let [x, y, w, h] = place.on_page(visible, turn);
            let (x, y) = (x - visible[0], y - visible[1]);
            // each corner turned as a reader turns the page
            let turned = |(x, y): (f32, f32)| match turn {
                90 => (y, height - x),
                180 => (width - x, height - y),
                270 => (width - y, x),
                _ => (x, y),
            };
            let (a, b) = (turned((x, y)), turned((x + w, y + h)));
            [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)].map(f32::round)
        };
        for turn in [0_u16, 90, 180, 270] {
            let (across, up) = if turn.is_multiple_of(180) { (width, height) } else { (height, width) };
            let visible = [7.0, 9.0, 7.0 + across, 9.0 + up];
            assert_eq!(seen_upright(visible, turn), [100.0, 200.0, 150.0, 220.0], "{turn} degrees");
        }
    }
}
