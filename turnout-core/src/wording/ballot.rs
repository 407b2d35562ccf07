//! What the mails about ballot requests say (`flows.md` 10: A5 to A8, A11).

use fluent_bundle::FluentArgs;

use super::{
    letter::{Block, Blocks, Frame, Letter, letter},
    markdown::Markdown,
    mentions::{one_line, web_link},
    sentences::Sentences,
};
use crate::ports::wording::{BallotNextStepsMail, FaxMail, OfficeMail, Speaker, WordingError};

/// The longest name that a mail to an office repeats, in characters.
const LONGEST_NAME: usize = 100;

/// A5. The voter speaks.
pub(super) fn to_office(words: &Sentences, mail: &OfficeMail) -> Result<Letter, WordingError> {
    let name = |text: &str| one_line(text).chars().take(LONGEST_NAME).collect::<String>();
    let mut it = Blocks::new(words);
    it.sentence("office-statement", "name", name(&mail.full_name))?;
    it.text("office-please")?;
    it.heading("office-service-heading")?;
    it.sentence("office-service", "contact", one_line(&mail.contact))?;
    if let Some(address) = &mail.instead_of {
        it.sentence("office-instead", "address", one_line(address))?;
    }
    let frame =
        Frame { subject: "", preheader: "office-preheader", headline: "office-headline", why: "office-why" };
    let voter = Speaker { name: name(&mail.full_name), is_first_party: false, donate_url: String::new() };
    let mut blanks = FluentArgs::new();
    blanks.set("first", name(&mail.first_name));
    blanks.set("last", name(&mail.last_name));
    let subject = words.fill("office-subject", Some(&blanks))?;
    let mut letter = letter(words, &frame, &voter, "", it.blocks, Some(subject))?;
    letter.sign_off = words.say("office-sign-off")?;
    Ok(letter)
}

/// A6.
pub(super) fn faxing(words: &Sentences, mail: &FaxMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("fax-opening")?;
    it.sentence("fax-late", "address", one_line(&mail.help_address))?;
    it.link("fax-copy", "fax-copy-link", mail.download_url.as_deref().unwrap_or_default())?;
    office(&mut it, mail)?;
    Ok(it.blocks)
}

/// A7.
pub(super) fn faxed(words: &Sentences, mail: &FaxMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("faxed-opening")?;
    it.text("faxed-ask")?;
    office(&mut it, mail)?;
    Ok(it.blocks)
}

/// A8.
pub(super) fn not_faxed(words: &Sentences, mail: &FaxMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    match &mail.office_fax {
        Some(fax) => it.sentence("not-faxed-opening", "fax", one_line(fax))?,
        None => it.text("not-faxed-opening-nowhere")?,
    }
    it.sentence("not-faxed-do", "address", one_line(&mail.help_address))?;
    office(&mut it, mail)?;
    Ok(it.blocks)
}

/// How the office is reached; nothing when nothing is known.
fn office(it: &mut Blocks<'_>, mail: &FaxMail) -> Result<(), WordingError> {
    let mut lines: Vec<String> = mail.office.iter().map(|line| one_line(line)).collect();
    for (key, blank, value) in [
        ("fax-office-email", "email", &mail.office_email),
        ("fax-office-phone", "phone", &mail.office_phone),
        ("fax-office-fax", "fax", &mail.office_fax),
    ] {
        if let Some(value) = value {
            lines.push(it.words.say_with(key, blank, one_line(value))?);
        }
    }
    if !lines.is_empty() {
        it.heading("fax-office-heading")?;
        it.blocks.push(Block::Lines(lines));
    }
    Ok(())
}

/// A11.
pub(super) fn next_steps(words: &Sentences, mail: &BallotNextStepsMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("ballot-opening")?;
    if web_link(&mail.tracker_url).is_some() {
        it.heading("ballot-track-heading")?;
        it.link("ballot-track", "request-after-check-link", &mail.tracker_url)?;
    }
    if let Some(rules) = Markdown::read(&mail.id_rules) {
        it.heading("ballot-id-heading")?;
        it.text("ballot-id")?;
        it.blocks.push(Block::StateText(rules));
    }
    it.heading("ballot-return-heading")?;
    it.text("ballot-return")?;
    if mail.has_drop_boxes {
        it.text("ballot-drop-box")?;
    }
    if web_link(&mail.polling_place_url).is_some() {
        it.heading("ballot-place-heading")?;
        it.link("ballot-place", "next-place-link", &mail.polling_place_url)?;
    }
    Ok(it.blocks)
}
