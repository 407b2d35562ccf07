//! The check of a forms folder: what it finds in the real one, and each kind of mistake in one made for it.

use std::collections::BTreeMap;

use turnout_pdf::{
    Document, Folder,
    check::{Finding, FormFacts, Weight, check},
};

use crate::support::forms;

pub(crate) fn facts(folder: &Folder) -> BTreeMap<Document, Result<FormFacts, String>> {
    let facts = folder.documents().map(|(document, pdf)| {
        let place = document.to_string();
        (document, FormFacts::of(&place, pdf).map_err(|error| error.to_string()))
    });
    facts.collect()
}

fn findings(weight: Weight, found: &[Finding]) -> Vec<String> {
    found.iter().filter(|it| it.weight == weight).map(ToString::to_string).collect()
}

#[test]
fn the_known_mistakes_of_the_real_folder_are_found_and_no_others() {
    let folder = Folder::read(&forms()).unwrap();
    let found = check(&folder, &facts(&folder));
    assert_eq!(findings(Weight::Broken, &found), Vec::<String>::new());
    assert_eq!(
        findings(Weight::Mistake, &found),
        [
            "absentee/states/IN-print-and-forward.pdf: has 1 page, but absentee/states/IN.yml says 2; the PDF's are counted",
            "absentee/states/KS-print-and-forward.pdf: has 1 page, but absentee/states/KS.yml says 2; the PDF's are counted",
            "absentee/states/KS.yml: the answer drivers_license_yes is asked for, but KS.pdf has no such field, as \
             virtual_fields says: it is not printed",
            "absentee/states/KS.yml: the answer drivers_license_no is asked for, but KS.pdf has no such field, as \
             virtual_fields says: it is not printed",
            "absentee/states/NC-print-and-forward.pdf: has 2 pages, but absentee/states/NC.yml says 4; the PDF's are counted",
            "absentee/states/NV-print-and-forward.pdf: has 1 page, but absentee/states/NV.yml says 2; the PDF's are counted",
            "absentee/states/PA-print-and-forward.pdf: has 2 pages, but absentee/states/PA.yml says 3; the PDF's are counted",
            "absentee/states/WY.yml: the automatic field election_primary has the value false, which does nothing: a box \
             is off unless it is checked",
        ]
    );
    let notes = findings(Weight::Note, &found);
    assert_eq!(notes.len(), 22, "{notes:#?}");
    for part in [
        "IA.yml: manual fields that are on no page",
        "NC.pdf: 16 of its fields",
        "NH.yml: manual_fields lists",
        "KS.yml: names the day of an election in election_date, signature_statement, form_fields:",
        "NE.yml: names the day of an election in election_month, election_day, election_year, form_fields:",
    ] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:#?}");
    }
}

/// What is found about Georgia with other questions than its own.
fn georgia(questions: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let states = folder.path().join("absentee/states");
    std::fs::create_dir_all(&states).unwrap();
    std::fs::copy(forms().join("absentee/states/GA.pdf"), states.join("GA.pdf")).unwrap();
    std::fs::write(states.join("GA.yml"), questions).unwrap();
    let folder = Folder::read(folder.path()).unwrap();
    let found = check(&folder, &facts(&folder));
    found.into_iter().filter(|it| it.place.ends_with("GA.yml")).collect()
}

#[test]
fn each_kind_of_mistake_in_a_state_s_questions_has_its_message() {
    let found = georgia(
        "
pages: 1
signatures:
  1: {x: 500, y: 10, width: 200, height: 20}
  3: {x: 10, y: 10, width: 20, height: 20}
manual_fields: [party_democrat, excuse_moon, last_name]
virtual_fields: [nowhere, party_republican]
missing_mandatory_fields: [zipcode]
auto_fields:
  - {type: todays_date, slug: no_such}
  - {type: static, slug: party_nonpartisan, value: \"certainly\"}
  - {type: static, slug: election_date, value: On}
  - {type: static, slug: excuse_disabled, value: Off}
  - {type: copy, slug: assist_date, field: moon}
form_fields:
  - type: section
    content:
      - type: radio
        options:
          - {label: a, slug: party_republican}
          - {label: b, slug: nowhere}
          - {label: c, slug: relationship}
      - {type: text, slug: party_republican}
",
    );
    let mistakes: Vec<&str> =
        found.iter().filter(|it| it.weight == Weight::Mistake).map(|it| it.text.as_str()).collect();
    assert_eq!(
        mistakes,
        [
            "two questions have the slug party_republican",
            "the answer nowhere is asked for, but GA.pdf has no such field, as virtual_fields says: it is not printed",
            "relationship does not fit the kind of its field",
            "party_republican does not fit the kind of its field",
            "the automatic field no_such is no field of the form",
            "the automatic field party_nonpartisan does not fit its field",
            "the automatic field election_date does not fit its field",
            "the automatic field excuse_disabled has the value false, which does nothing: a box is off unless it is \
             checked",
            "the automatic field assist_date looks at moon, which nobody sets",
            "the signature on page 1 leaves the page",
            "a signature goes on page 3, which the form does not have",
        ]
    );
    let notes: Vec<&str> =
        found.iter().filter(|it| it.weight == Weight::Note).map(|it| it.text.as_str()).collect();
    assert!(notes.contains(&"manual fields that are on no page of the form: excuse_moon"), "{notes:#?}");
    assert!(notes.contains(&"manual fields that we fill: last_name"), "{notes:#?}");
    assert!(notes.iter().any(|note| note.ends_with("has a place for: zipcode")), "{notes:#?}");
    assert!(
        notes.iter().any(|note| note.starts_with("party_republican is listed under virtual")),
        "{notes:#?}"
    );
    assert_eq!(georgia("pages: 1\nform_fields: [{type: section}]\n").len(), 1);
}

#[test]
fn what_cannot_be_used_is_broken_and_what_is_missing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let put = |place: &str, bytes: &[u8]| {
        let path = folder.path().join(place);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    put("absentee/cover.pdf", b"no form");
    put("absentee/envelope.pdf", &std::fs::read(forms().join("absentee/fax-cover.pdf")).unwrap());
    put("absentee/states/GA.yml", b"pages: 0\nkey: x\n");
    put("absentee/states/TX.yml", b"pages: 1\n");
    put("readme.txt", b"hello");
    let folder = Folder::read(folder.path()).unwrap();
    let found = check(&folder, &facts(&folder));
    let broken = findings(Weight::Broken, &found);
    let places: Vec<&str> = broken.iter().map(|text| text.split(':').next().unwrap()).collect();
    assert_eq!(
        places,
        ["absentee/cover.pdf", "absentee/states/GA.yml", "absentee/states/GA.yml", "register/eac-nvra.pdf"]
    );
    let mistakes = findings(Weight::Mistake, &found);
    for part in ["envelope.pdf: has no field mailto_line_1", "TX.yml: there is no absentee/states/TX.pdf"] {
        assert!(mistakes.iter().any(|it| it.contains(part)), "{part}: {mistakes:#?}");
    }
    assert!(findings(Weight::Note, &found).iter().any(|it| it == "readme.txt: is read by nobody"));
}

#[test]
fn the_questions_are_given_out_as_the_files_have_them() {
    let folder = Folder::read(&forms()).unwrap();
    let mut states = Vec::new();
    for (state, metadata) in folder.metadata() {
        let form = metadata.form.as_ref().unwrap();
        let file = forms().join(format!("absentee/states/{state}.yml"));
        let raw: serde_json::Value = serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let given = serde_json::to_value(&form.sections).unwrap();
        assert_eq!(given, *raw.get("form_fields").unwrap_or(&serde_json::Value::Null), "{state}");
        let statement = raw.get("signature_statement").and_then(serde_json::Value::as_str);
        assert_eq!(form.signature_statement.as_deref(), statement, "{state}");
        if form.sections.is_some() {
            states.push(state.code());
        }
    }
    assert_eq!(states, ["GA", "IL", "KS", "MA", "ND", "NE", "NH", "TN", "WY"]);
    assert_eq!(folder.metadata().count(), 33);
}

#[test]
fn plain_words_of_north_dakota_and_quoted_ones_of_wyoming_are_what_they_mean() {
    use turnout_core::{
        absentee::state_form::{Answer, AutoField, Scalar},
        address::State,
    };

    let folder = Folder::read(&forms()).unwrap();
    let auto = |state, slug: &str| {
        let form = folder.state_form(state).unwrap();
        form.auto_fields.iter().find(|auto| auto.slug() == slug).unwrap().clone()
    };
    let fixed = |slug: &str, value| AutoField::Static { slug: slug.into(), value };
    // `value: On`, `value: true`, `value: false`
    assert_eq!(auto(State::Nd, "election_general"), fixed("election_general", Scalar::Flag(true)));
    assert_eq!(auto(State::Wy, "election_general"), fixed("election_general", Scalar::Flag(true)));
    assert_eq!(auto(State::Wy, "election_primary"), fixed("election_primary", Scalar::Flag(false)));
    // `value: "No"`
    let wyoming = folder.state_form(State::Wy).unwrap();
    assert_eq!(wyoming.answers(), [("military", Answer::OneOf(vec!["No", "Yes"]))]);
    // `value: "3"` and `value: 11/3/2020`
    assert_eq!(auto(State::Ne, "election_day"), fixed("election_day", Scalar::Text("3".into())));
    assert_eq!(auto(State::La, "general_date"), fixed("general_date", Scalar::Text("11/3/2020".into())));
}
