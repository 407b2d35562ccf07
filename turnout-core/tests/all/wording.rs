//! Every mail in every language: how it looks, that it is whole, and that nobody can put anything into it.
//!
//! The letters stand as files under `tests/snapshots/wording/`, to be opened in a browser. After a change on purpose,
//! `TURNOUT_BLESS=1 cargo test -p turnout-core` writes them anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use turnout_core::{
    language::Language,
    ports::wording::{
        BallotNextStepsMail, ConfirmMail, FaxMail, FormMail, LetterMail, Message, MoverMail, NextStepsMail,
        OfficeMail, OnlineMail, Rendered, SameDay, WebhookOffMail, Wording,
    },
    sms::segments::{Encoding, Segments, suggestions},
    webhook::OffReason,
    wording::{OwnWording, SAMPLE_SENDER, own_flaws, sample, sample_texts, stamps},
};

const LANGUAGES: [&str; 2] = ["en", "es"];

fn render(message: &Message, language: &str) -> Rendered {
    let language = Language::parse(language).expect("a tag");
    OwnWording::new().render(message, &language).expect("words")
}

/// The samples, and the same with nothing known of the state.
fn messages() -> Vec<(String, Message)> {
    let mut all = Vec::new();
    for message in sample() {
        let tag = message.tag().to_owned();
        let bare = match message.clone() {
            Message::RegistrationForm(mail) => Some(Message::RegistrationForm(without_facts(mail))),
            Message::RegistrationReminder(mail) => Some(Message::RegistrationReminder(without_facts(mail))),
            Message::RegistrationOnline(mail) => Some(Message::RegistrationOnline(OnlineMail {
                first_name: String::new(),
                state: None,
                check_url: String::new(),
                offices_url: String::new(),
                ..mail
            })),
            Message::RegistrationNextSteps(mail) => Some(Message::RegistrationNextSteps(NextStepsMail {
                first_name: String::new(),
                state: None,
                vote_by_mail_rules: String::new(),
                early_voting_starts: "N/A".into(),
                early_voting_ends: String::new(),
                polling_place_url: String::new(),
                ..mail
            })),
            Message::RegistrationConfirm(mail) => Some(Message::RegistrationConfirm(ConfirmMail {
                form: without_facts(mail.form),
                correct_url: String::new(),
                ..mail
            })),
            Message::RegistrationMailChase(mail) => {
                Some(Message::RegistrationMailChase(letter_without_facts(mail)))
            }
            Message::MoverFormsMailed(mail) => Some(Message::MoverFormsMailed(moved_without_facts(mail))),
            Message::MoverFormsChase(mail) => Some(Message::MoverFormsChase(moved_without_facts(mail))),
            Message::BallotRequestLetterReturned(mail) => {
                Some(Message::BallotRequestLetterReturned(letter_without_facts(mail)))
            }
            Message::BallotRequestForm(mail) => Some(Message::BallotRequestForm(without_facts(mail))),
            Message::BallotRequestToOffice(mail) => {
                Some(Message::BallotRequestToOffice(OfficeMail { instead_of: None, ..mail }))
            }
            Message::BallotRequestFaxing(mail) => Some(Message::BallotRequestFaxing(without_office(mail))),
            Message::BallotRequestNotFaxed(mail) => {
                Some(Message::BallotRequestNotFaxed(without_office(mail)))
            }
            Message::BallotRequestNextSteps(mail) => {
                Some(Message::BallotRequestNextSteps(BallotNextStepsMail {
                    first_name: String::new(),
                    state: None,
                    tracker_url: String::new(),
                    id_rules: String::new(),
                    has_drop_boxes: false,
                    polling_place_url: String::new(),
                    ..mail
                }))
            }
            Message::WebhookOff(mail) => {
                Some(Message::WebhookOff(WebhookOffMail { reason: OffReason::Gone, kept_days: None, ..mail }))
            }
            _ => None,
        };
        all.extend(bare.map(|bare| (format!("{tag}.bare"), bare)));
        all.push((tag, message));
    }
    all
}

fn without_facts(mail: FormMail) -> FormMail {
    FormMail {
        first_name: String::new(),
        state: None,
        mailing_address: Vec::new(),
        mail_deadline: String::new(),
        warnings: String::new(),
        check_url: String::new(),
        ..mail
    }
}

fn moved_without_facts(mail: MoverMail) -> MoverMail {
    MoverMail {
        first_name: String::new(),
        state: None,
        mail_deadline: String::new(),
        online_deadline: String::new(),
        in_person_deadline: "N/A".into(),
        early_voting_starts: "N/A".into(),
        early_voting_ends: String::new(),
        same_day: SameDay::default(),
        needs_proof: false,
        check_url: String::new(),
        ..mail
    }
}

fn letter_without_facts(mail: LetterMail) -> LetterMail {
    LetterMail {
        first_name: String::new(),
        state: None,
        mail_deadline: String::new(),
        office: Vec::new(),
        check_url: String::new(),
        again_url: String::new(),
        ..mail
    }
}

fn without_office(mail: FaxMail) -> FaxMail {
    FaxMail {
        first_name: String::new(),
        office: Vec::new(),
        office_email: None,
        office_phone: None,
        office_fax: None,
        download_url: None,
        ..mail
    }
}

fn snapshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/wording")
}

#[test]
fn every_mail_reads_as_it_was_last_approved() {
    #[expect(clippy::disallowed_methods, reason = "who runs the test says whether it approves")]
    let blesses = std::env::var("TURNOUT_BLESS").is_ok_and(|it| it == "1");
    let mut expected = BTreeSet::new();
    let mut changed = Vec::new();
    for (name, message) in messages() {
        for language in LANGUAGES {
            let mail = render(&message, language);
            let text = format!("{}\n\n{}", mail.subject, mail.text);
            for (ending, content) in [("html", mail.html), ("txt", text)] {
                let file = format!("{name}.{language}.{ending}");
                let path = snapshots().join(&file);
                if blesses {
                    fs::create_dir_all(snapshots()).expect("a folder");
                    fs::write(&path, &content).expect("a file");
                } else if fs::read_to_string(&path).ok().as_deref() != Some(&content) {
                    changed.push(file.clone());
                }
                expected.insert(file);
            }
        }
    }
    assert!(changed.is_empty(), "changed: {changed:?}. Look, then run again with TURNOUT_BLESS=1.");
    let present: BTreeSet<String> = fs::read_dir(snapshots())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(present, expected);
}

fn texts(language: &str) -> Vec<(&'static str, String)> {
    let language = Language::parse(language).expect("a tag");
    let say = |it| OwnWording::new().text(it, SAMPLE_SENDER, &language).expect("words").text;
    sample_texts().iter().map(|it| (it.tag(), say(it))).collect()
}

#[test]
fn every_text_reads_as_it_was_last_approved() {
    #[expect(clippy::disallowed_methods, reason = "who runs the test says whether it approves")]
    let blesses = std::env::var("TURNOUT_BLESS").is_ok_and(|it| it == "1");
    for language in LANGUAGES {
        let all = texts(language).into_iter().map(|(tag, text)| {
            let Segments { encoding, length, count } = Segments::of(&text);
            format!("{tag} ({encoding:?}, {length}, segments: {count})\n{text}\n")
        });
        let whole = all.collect::<Vec<_>>().join("\n");
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/texts.{language}.txt"));
        if blesses {
            fs::write(&file, &whole).expect("a file");
        }
        let approved = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(whole, approved, "Look, then run again with TURNOUT_BLESS=1.");
    }
}

#[test]
fn texts_are_short_and_no_sign_makes_one_dearer_than_it_must_be() {
    for language in LANGUAGES {
        for (tag, text) in texts(language) {
            let Segments { encoding, count, .. } = Segments::of(&text);
            let most = if language == "en" { 2 } else { 5 };
            assert!(count <= most, "{language} {tag}: {count}");
            assert!(language != "en" || encoding == Encoding::Gsm7, "{tag}: {text}");
            assert_eq!(suggestions(&text), [], "{language} {tag}");
            assert!(!text.contains(['\n', '{', '\u{2068}']), "{language} {tag}: {text}");
        }
    }
}

#[test]
fn the_first_text_says_how_often_there_are_more_what_they_cost_and_how_to_stop_them() {
    for language in LANGUAGES {
        for (tag, text) in texts(language).into_iter().filter(|(tag, _)| tag.starts_with("welcome.")) {
            let costs = if language == "en" { "rates may apply" } else { "Pueden aplicarse tarifas" };
            for needed in [SAMPLE_SENDER, "2", "4", "STOP", "HELP", costs] {
                assert!(text.contains(needed), "{language} {tag}: {needed}");
            }
        }
    }
}

#[test]
fn subjects_are_those_of_the_contract() {
    let subjects: Vec<String> = sample().iter().map(|message| render(message, "en").subject).collect();
    assert_eq!(
        subjects,
        [
            "ACTION REQUIRED: print and mail your voter registration form.",
            "REMINDER: print and mail your voter registration form.",
            "ACTION REQUIRED: confirm to mail your registration form.",
            "REMINDER: confirm to mail your registration form.",
            "Your voter registration form should arrive soon!",
            "WARNING: Your voter registration form was not delivered!",
            "Check your voter registration",
            "Your state has your voter registration. Here's what happens next.",
            "You've registered to vote. Here's what's next.",
            "Your voter registration forms should arrive today",
            "Don't forget to mail your voter registration form",
            "Time to check your voter registration",
            "You've checked your voter registration. Here's what's next.",
            "ACTION REQUIRED: print and mail your absentee ballot request form.",
            "REMINDER: print and mail your absentee ballot request form.",
            "ACTION REQUIRED: confirm to mail your absentee ballot request form.",
            "REMINDER: confirm to mail your absentee ballot request form.",
            "Your absentee ballot request form should arrive soon!",
            "WARNING: Your absentee ballot request form was not delivered!",
            "Check what became of your absentee ballot request",
            "Absentee Ballot Application from José Núñez",
            "Your absentee ballot application is being sent",
            "Re: Your absentee ballot application is being sent",
            "Re: Your absentee ballot application is being sent",
            "You've requested your absentee ballot. Here's what's next.",
            "Your new download link",
            "Your Register Tool Export",
            "You have been added to a VoteAmerica subscriber team",
            "The Voters of Springfield account at VoteAmerica is now active",
            "Password reset",
            "A webhook of Voters of Springfield was switched off",
        ]
    );
}

#[test]
fn a_language_that_we_do_not_speak_gets_english_and_says_so() {
    for message in sample() {
        let (fallback, english) = (render(&message, "ht"), render(&message, "en"));
        assert!(fallback == english && fallback.language == "en");
        let spanish = render(&message, "es-PR");
        assert_eq!(spanish.language, "es");
        assert!(spanish.html.contains("<html lang=\"es\">") && spanish.subject != english.subject);
    }
}

/// Keys of a language's Fluent files with the blanks that each sentence has.
fn keys(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}"));
    let read = |file| fs::read_to_string(folder.join(file)).expect("the file");
    let source = ["mail.ftl", "text.ftl"].map(read).concat();
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            line.split(" =").next().unwrap_or_default().clone_into(&mut key);
            assert!(keys.insert(key.clone(), BTreeSet::new()).is_none(), "{language}: {key} twice");
        }
        let blanks = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
        keys.entry(key.clone()).or_default().extend(blanks.map(str::to_owned));
    }
    keys
}

#[test]
fn every_sentence_exists_in_every_language_with_the_same_blanks() {
    let english = keys("en");
    assert!(english.len() > 50);
    for language in LANGUAGES {
        assert_eq!(keys(language), english, "{language}");
    }
}

/// After somebody has looked at the Spanish of the sentences that are named, `TURNOUT_TRANSLATED=1` notes it.
#[test]
fn every_translation_is_whole_and_of_the_present_english() {
    #[expect(clippy::disallowed_methods, reason = "who runs the test says whether somebody has looked")]
    let is_translated = std::env::var("TURNOUT_TRANSLATED").is_ok_and(|it| it == "1");
    if is_translated {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/es/stamps.tsv");
        fs::write(file, stamps()).expect("a file");
        return;
    }
    let flaws: Vec<String> = own_flaws().iter().map(ToString::to_string).collect();
    assert_eq!(flaws, [""; 0], "Mend the Spanish, then run again with TURNOUT_TRANSLATED=1.");
}

#[test]
fn a_language_is_added_by_a_file_and_what_it_lacks_is_said_in_english() {
    let portuguese = Language::parse("pt-BR").expect("a tag");
    let source = "greeting = Olá, { $name },\nform-subject = Imprima e envie o seu formulário.\n";
    let wording = OwnWording::new().with_language(&portuguese, source).expect("Fluent");
    let tags: Vec<String> = wording.languages().iter().map(ToString::to_string).collect();
    assert_eq!(tags, ["en", "es", "pt-BR"]);
    let form = sample().remove(0);
    let words = wording.render(&form, &portuguese).expect("words");
    assert_eq!(
        (words.subject.as_str(), words.language.as_str()),
        ("Imprima e envie o seu formulário.", "pt-BR")
    );
    assert!(words.text.starts_with("Olá, José,\n") && words.text.contains("Read the form, then sign"));
    let other = wording.render(&form, &Language::parse("pt-PT").expect("a tag")).expect("words");
    assert_eq!(other.language, "en", "a file of a country is for that country");

    let wording = OwnWording::new()
        .with_language(&Language::parse("es").expect("a tag"), "greeting = Buenas, { $name }:\n");
    let words =
        wording.expect("Fluent").render(&form, &Language::parse("es-MX").expect("a tag")).expect("words");
    assert!(words.text.starts_with("Buenas, José:\n") && words.subject.starts_with("ACCIÓN NECESARIA"));
    assert!(OwnWording::new().with_language(&portuguese, "greeting = {").is_err());
}

#[test]
fn every_sentence_is_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wording");
    let code: String = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a file"))
        .collect();
    let unused: Vec<String> =
        keys("en").into_keys().filter(|key| !code.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn nothing_is_left_unfilled_and_no_line_is_left_over() {
    for (name, message) in messages() {
        for language in LANGUAGES {
            let mail = render(&message, language);
            for part in [&mail.subject, &mail.html, &mail.text] {
                for leftover in ["{ $", "{$", "{{", "{%", "None", "Some(", "\u{2068}"] {
                    assert!(!part.contains(leftover), "{name} {language}: {leftover}\n{part}");
                }
            }
            assert!(!mail.text.contains("\n\n\n"), "{name} {language}:\n{}", mail.text);
            assert!(!mail.text.contains("&#") && !mail.text.contains("&amp;"), "{name} {language}");
            assert!(!mail.subject.contains(['\n', '\r']), "{name} {language}");
        }
    }
}

/// Complains unless every element is closed in its order and every attribute is quoted.
fn complaint(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>")?;
    while let Some(start) = rest.find('<') {
        if rest[..start].contains('>') && open.last() != Some(&"style") {
            return Some(format!("a stray > before {}", &rest[start..]));
        }
        let end = start + rest[start..].find('>')?;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let opened = open.pop();
            if opened != Some(name) {
                return Some(format!("</{name}> closes {opened:?}"));
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next()?);
        }
        if tag.matches('"').count() % 2 != 0 || tag.matches('=').count() > tag.matches('"').count() {
            return Some(format!("<{tag}>"));
        }
    }
    (!open.is_empty()).then(|| format!("still open: {open:?}"))
}

#[test]
fn html_is_well_formed() {
    for (name, message) in messages() {
        for language in LANGUAGES {
            assert_eq!(complaint(&render(&message, language).html), None, "{name} {language}");
        }
    }
    for broken in ["<!DOCTYPE html><p>", "<!DOCTYPE html><p></b>", "<!DOCTYPE html><a href=\"x></a>"] {
        assert!(complaint(broken).is_some(), "{broken}");
    }
}

#[test]
fn what_others_typed_is_escaped_and_carries_no_message() {
    let hostile = "<script>alert(1)</script>\"'&\r\nBcc: x@evil.test";
    for message in sample() {
        let Message::RegistrationForm(mut mail) = message else { continue };
        mail.first_name = "http://evil.test".into();
        mail.speaker.name = hostile.into();
        mail.mailing_address = vec![hostile.into()];
        mail.mail_deadline = hostile.into();
        mail.warnings = "<img src=x onerror=alert(1)>\n\n[win](javascript:alert(1))".into();
        mail.check_url = "javascript:alert(1)".into();
        mail.offices_url = "https://a.test/\"><script>".into();
        mail.speaker.donate_url = "data:text/html,x".into();
        for language in LANGUAGES {
            let words = render(&Message::RegistrationForm(mail.clone()), language);
            assert_eq!(complaint(&words.html), None);
            for forbidden in ["<script", "<img", "href=\"javascript", "href=\"data", "http://evil.test"] {
                assert!(!words.html.contains(forbidden), "{language}: {forbidden}\n{}", words.html);
            }
            assert!(words.html.contains("&#60;script&#62;"), "{}", words.html);
            assert!(
                !words.text.contains("http://evil.test") && !words.text.contains("\nBcc:"),
                "{}",
                words.text
            );
        }
    }
}

#[test]
fn the_name_in_a_mail_to_an_office_is_a_name_and_nothing_else() {
    for message in sample() {
        let Message::BallotRequestToOffice(mut mail) = message else { continue };
        mail.first_name = "Ann\r\nBcc: x@evil.test".into();
        mail.full_name = format!("<script>\n\u{202e}{}", "x".repeat(500));
        for language in LANGUAGES {
            let words = render(&Message::BallotRequestToOffice(mail.clone()), language);
            assert_eq!(complaint(&words.html), None);
            assert!(!words.subject.contains(|c: char| c.is_control()), "{}", words.subject);
            assert!(!words.html.contains("<script") && !words.html.contains('\u{202e}'), "{}", words.html);
            assert!(!words.text.contains(&"x".repeat(100)), "{}", words.text);
        }
    }
}

#[test]
fn ordinary_names_are_greeted_in_every_part() {
    for message in sample() {
        let Message::RegistrationForm(mut mail) = message else { continue };
        mail.first_name = "D'Arcy".into();
        let words = render(&Message::RegistrationForm(mail), "en");
        assert!(words.text.starts_with("Hi D'Arcy,\n"), "{}", words.text);
        assert!(words.html.contains("Hi D&#39;Arcy,"), "{}", words.html);
    }
}

#[test]
fn only_the_first_party_asks_for_a_donation() {
    for message in sample() {
        let is_first_party = matches!(
            message,
            Message::RegistrationForm(_)
                | Message::RegistrationConfirm(_)
                | Message::RegistrationConfirmReminder(_)
                | Message::RegistrationLetterMailed(_)
                | Message::RegistrationLetterReturned(_)
                | Message::RegistrationMailChase(_)
                | Message::BallotRequestForm(_)
                | Message::BallotRequestConfirm(_)
                | Message::BallotRequestConfirmReminder(_)
                | Message::BallotRequestLetterMailed(_)
                | Message::BallotRequestLetterReturned(_)
                | Message::BallotRequestMailChase(_)
                | Message::BallotRequestFaxing(_)
                | Message::BallotRequestFaxed(_)
                | Message::BallotRequestNotFaxed(_)
        );
        for language in LANGUAGES {
            let words = render(&message, language);
            assert_eq!(words.html.contains("/donate/"), is_first_party, "{}", message.tag());
            assert_eq!(words.text.contains("/donate/"), is_first_party, "{}", message.tag());
        }
    }
}

#[test]
fn a_form_mail_says_everything_that_the_contract_lists() {
    for message in sample() {
        let (Message::RegistrationForm(mail) | Message::RegistrationReminder(mail)) = &message else {
            continue;
        };
        for language in LANGUAGES {
            let words = render(&message, language);
            let address: Vec<&str> = mail.mailing_address.iter().map(String::as_str).collect();
            let links = [&mail.download_url, &mail.offices_url, &mail.check_url];
            let day = if language == "en" { "October 2, 2026" } else { "2 de octubre de 2026" };
            for needed in address
                .into_iter()
                .chain(links.map(String::as_str))
                .chain([" 15 ", "Forever", day, "photo ID"])
            {
                assert!(words.text.contains(needed), "{language}: {needed}\n{}", words.text);
                assert!(words.html.contains(&needed.replace('&', "&#38;")), "{language}: {needed}");
            }
            assert!(words.text.contains(&mail.speaker.name));
        }
    }
}
