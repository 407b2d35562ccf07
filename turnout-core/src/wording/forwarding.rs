//! What the mails about forms that we mail say (`flows.md` 10: R3 to R6 and R9, A3, A4, A9, A10 and A12).

use super::{
    letter::{Block, Blocks, Frame, deadline},
    mentions::{one_line, web_link},
    sentences::Sentences,
};
use crate::ports::wording::{ConfirmMail, LetterMail, WordingError};

/// Whose form it is that a letter holds.
#[derive(Clone, Copy)]
pub(super) enum What {
    /// A registration, with a blank one beside it.
    Registration,
    /// A ballot request.
    BallotRequest,
}

impl What {
    fn choose(self, registration: &'static str, request: &'static str) -> &'static str {
        match self {
            Self::Registration => registration,
            Self::BallotRequest => request,
        }
    }

    fn why(self) -> &'static str {
        self.choose("form-why", "request-why")
    }

    /// Around the question whether to mail it.
    pub(super) fn asked(self) -> Frame {
        let subject = self.choose("confirm-subject", "request-confirm-subject");
        Frame { subject, preheader: "confirm-preheader", headline: "confirm-headline", why: self.why() }
    }

    /// Around the same a day later.
    pub(super) fn asked_again(self) -> Frame {
        Frame {
            subject: self.choose("confirm-reminder-subject", "request-confirm-reminder-subject"),
            preheader: "confirm-reminder-preheader",
            headline: "confirm-reminder-headline",
            why: self.why(),
        }
    }

    /// Around the news that it is about to arrive.
    pub(super) fn mailed(self) -> Frame {
        let subject = self.choose("mailed-subject", "request-mailed-subject");
        Frame { subject, preheader: "mailed-preheader", headline: "mailed-headline", why: self.why() }
    }

    /// Around the news that it came back.
    pub(super) fn returned(self) -> Frame {
        let subject = self.choose("returned-subject", "request-returned-subject");
        Frame { subject, preheader: "returned-preheader", headline: "returned-headline", why: self.why() }
    }

    /// Around what there is to do two weeks later.
    pub(super) fn chased(self) -> Frame {
        Frame {
            subject: self.choose("chase-subject", "request-chase-subject"),
            preheader: self.choose("chase-preheader", "request-chase-preheader"),
            headline: self.choose("chase-headline", "request-chase-headline"),
            why: self.why(),
        }
    }
}

fn lines(it: &mut Blocks<'_>, lines: &[String]) {
    if !lines.is_empty() {
        it.blocks.push(Block::Lines(lines.iter().map(|line| one_line(line)).collect()));
    }
}

fn until(it: &mut Blocks<'_>, text: &str) -> Result<(), WordingError> {
    it.heading("form-deadline-heading")?;
    it.blocks.push(Block::Text(deadline(it.words, text)?));
    it.text("form-deadline-early")
}

/// R3 and A3; R4 and A4 when it is asked `again`.
pub(super) fn confirm(
    words: &Sentences,
    what: What,
    again: bool,
    mail: &ConfirmMail,
) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text(match again {
        false => what.choose("confirm-opening", "request-confirm-opening"),
        true => what.choose("confirm-reminder-opening", "request-confirm-reminder-opening"),
    })?;
    it.heading("confirm-address-heading")?;
    lines(&mut it, &mail.address);
    it.button("confirm-button", &mail.confirm_url)?;
    it.link("confirm-correct", "confirm-correct-link", &mail.correct_url)?;

    it.heading("confirm-letter-heading")?;
    it.text("confirm-letter-days")?;
    it.text(what.choose("confirm-letter-both", "confirm-letter-filled"))?;
    until(&mut it, &mail.form.mail_deadline)?;

    it.heading("confirm-print-heading")?;
    it.link("confirm-print", "form-button", &mail.form.download_url)?;
    it.until("form-until", mail.form.download_until)?;
    Ok(it.blocks)
}

/// R5 and A9.
pub(super) fn mailed(words: &Sentences, what: What, mail: &LetterMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text(what.choose("mailed-opening", "request-mailed-opening"))?;
    lines(&mut it, &mail.address);
    it.heading("form-steps-heading")?;
    let mut steps = vec![words.say("mailed-step-check")?];
    if matches!(what, What::Registration) {
        steps.push(words.say("mailed-step-blank")?);
    }
    steps.extend([words.say("mailed-step-sign")?, words.say("mailed-step-envelope")?]);
    it.blocks.push(Block::Steps(steps));
    until(&mut it, &mail.mail_deadline)?;
    it.heading("form-after-heading")?;
    it.text(what.choose("form-after", "request-after"))?;
    check(&mut it, what, mail)?;
    Ok(it.blocks)
}

/// R6 and A10.
pub(super) fn returned(words: &Sentences, what: What, mail: &LetterMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text(what.choose("returned-opening", "request-returned-opening"))?;
    lines(&mut it, &mail.address);
    match web_link(&mail.again_url) {
        Some(url) => {
            it.text("returned-again")?;
            it.button("returned-again-button", url)?;
        }
        None => it.text("returned-again-nowhere")?,
    }
    until(&mut it, &mail.mail_deadline)?;
    Ok(it.blocks)
}

/// R9 and A12.
pub(super) fn chase(words: &Sentences, what: What, mail: &LetterMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text(what.choose("chase-opening", "request-chase-opening"))?;
    check(&mut it, what, mail)?;
    it.heading("chase-office-heading")?;
    it.text("chase-office")?;
    lines(&mut it, &mail.office);
    let offices = if mail.office.is_empty() { "form-offices-unknown" } else { "form-offices" };
    it.link(offices, "form-offices-link", &mail.offices_url)?;
    Ok(it.blocks)
}

/// Where the state shows what became of it.
fn check(it: &mut Blocks<'_>, what: What, mail: &LetterMail) -> Result<(), WordingError> {
    let sentence = what.choose("form-after-check", "request-after-check");
    let link = what.choose("form-after-check-link", "request-after-check-link");
    it.link(sentence, link, &mail.check_url)
}
