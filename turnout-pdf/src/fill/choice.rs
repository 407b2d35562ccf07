//! Check boxes, radio buttons and lists: from a value to a state that the form knows.

use turnout_core::ports::forms::FieldValue;

use crate::compile::Slot;

/// The state of a field's buttons for a value, or nothing when the form has no such state.
///
/// A checked box takes whatever its form calls "on" (`On`, `Yes`, `Yes_2`, …). A text is a state's name, what the form
/// calls that state outside, or plainly yes or no. `False` means off, as the Django service writes it.
pub(super) fn state(slots: &[Slot], exports: &[String], value: &FieldValue) -> Option<Vec<u8>> {
    let text = match value {
        FieldValue::On => return on(slots),
        FieldValue::Text(text) => text.as_str(),
    };
    let has = |state: &[u8]| slots.iter().any(|slot| slot.on_states().any(|known| known == state));
    if has(text.as_bytes()) {
        return Some(text.as_bytes().to_vec());
    }
    // states may be written in the eight-bit letters of old forms
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    if let Some(latin) = latin.filter(|latin| has(latin)) {
        return Some(latin);
    }
    if let Some(index) = exports.iter().position(|export| export == text) {
        let state = index.to_string().into_bytes();
        return has(&state).then_some(state);
    }
    match text {
        "" | "Off" | "off" | "False" | "false" | "No" | "no" | "0" => Some(b"Off".to_vec()),
        "On" | "on" | "True" | "true" | "Yes" | "yes" | "1" => on(slots),
        _ => None,
    }
}

/// The one state that is not off, or the one called `On` among several.
fn on(slots: &[Slot]) -> Option<Vec<u8>> {
    let mut states: Vec<&[u8]> = slots.iter().flat_map(Slot::on_states).collect();
    states.sort_unstable();
    states.dedup();
    match states.as_slice() {
        [only] => Some(only.to_vec()),
        several => several.iter().find(|state| **state == b"On").map(|state| state.to_vec()),
    }
}

/// A line of a list for a text: what is stored, and what is shown. A list that takes any text takes this one.
pub(super) fn option<'a>(
    options: &'a [(String, String)],
    free: bool,
    text: &'a str,
) -> Option<(&'a str, &'a str)> {
    if text.is_empty() {
        return Some(("", ""));
    }
    let found = options.iter().find(|(stored, _)| stored == text);
    let found = found.or_else(|| options.iter().find(|(_, shown)| shown == text));
    let found = found.or_else(|| {
        options
            .iter()
            .find(|(stored, shown)| [stored, shown].iter().any(|own| own.eq_ignore_ascii_case(text)))
    });
    found.map(|(stored, shown)| (stored.as_str(), shown.as_str())).or_else(|| free.then_some((text, text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{Appearance, Style};

    fn slot(states: &[&str]) -> Slot {
        let look = Appearance { id: 1, matrix: [0.0; 6] };
        Slot {
            page: 0,
            rect: [0.0; 4],
            turns: 0,
            style: Style::default(),
            quadding: 0,
            ground: Vec::new(),
            normal: None,
            states: states.iter().map(|state| (state.as_bytes().to_vec(), look)).collect(),
            state: b"Off".to_vec(),
            visible: true,
            layer: None,
            widget: None,
            element: None,
            key: None,
            mark: None,
        }
    }

    fn text(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned().into())
    }

    #[test]
    fn a_checked_box_takes_the_state_its_form_has() {
        for (states, value, expected) in [
            (vec!["On"], FieldValue::On, Some("On")),
            (vec!["Yes_2", "Off"], FieldValue::On, Some("Yes_2")),
            (vec!["Male", "Female"], FieldValue::On, None),
            (vec!["Male", "Female"], text("Female"), Some("Female")),
            (vec!["On"], text("False"), Some("Off")),
            (vec!["No"], text("No"), Some("No")),
            (vec!["On"], text("perhaps"), None),
            (vec!["0", "1"], text("by mail"), Some("1")),
        ] {
            let exports = ["in person".to_owned(), "by mail".to_owned()];
            let found = state(&[slot(&states)], &exports, &value);
            assert_eq!(found, expected.map(|state| state.as_bytes().to_vec()), "{states:?}");
        }
    }

    #[test]
    fn a_list_takes_its_own_lines_and_others_only_if_it_is_free() {
        let options = [("OR".to_owned(), "Orleans".to_owned())];
        assert_eq!(option(&options, false, "Orleans"), Some(("OR", "Orleans")));
        assert_eq!(option(&options, false, "orleans"), Some(("OR", "Orleans")));
        assert_eq!(option(&options, false, "Paris"), None);
        assert_eq!(option(&options, true, "Paris"), Some(("Paris", "Paris")));
    }
}
