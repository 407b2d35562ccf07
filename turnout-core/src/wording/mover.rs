//! What the mails about blank registration forms say to who moved (`flows.md` 10: M1 to M3).

use fluent_bundle::FluentArgs;

use super::{
    letter::{Block, Blocks, Frame, deadline, known},
    sentences::Sentences,
};
use crate::ports::wording::{MoverMail, SameDay, WordingError};

/// Around the news that the forms are about to arrive.
pub(super) const MAILED: Frame = Frame {
    subject: "mover-mailed-subject",
    preheader: "mover-mailed-preheader",
    headline: "mover-mailed-headline",
    why: "mover-why",
};
/// Around the reminder, three days later.
pub(super) const REMINDER: Frame = Frame {
    subject: "mover-reminder-subject",
    preheader: "mover-reminder-preheader",
    headline: "mover-reminder-headline",
    why: "mover-why",
};
/// Around what there is to do four weeks later.
pub(super) const CHASE: Frame = Frame {
    subject: "mover-chase-subject",
    preheader: "mover-chase-preheader",
    headline: "mover-chase-headline",
    why: "mover-why",
};

/// M1; M2 with another opening.
pub(super) fn forms(words: &Sentences, opening: &str, mail: &MoverMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text(opening)?;
    it.heading("form-steps-heading")?;
    let mut steps = vec![words.say("mover-step-fill")?, words.say("mover-step-sign")?];
    if mail.needs_proof {
        steps.push(words.say("mover-step-proof")?);
    }
    steps.push(words.say("mailed-step-envelope")?);
    it.blocks.push(Block::Steps(steps));

    it.heading("form-deadline-heading")?;
    it.blocks.push(Block::Text(deadline(words, &mail.mail_deadline)?));
    it.text("form-deadline-early")?;
    for (key, text) in [
        ("mover-deadline-online", &mail.online_deadline),
        ("mover-deadline-person", &mail.in_person_deadline),
    ] {
        if let Some(text) = known(text) {
            it.sentence(key, "text", text)?;
        }
    }
    early_voting(&mut it, mail)?;
    if let Some(key) = same_day(mail.same_day) {
        it.heading("mover-same-day-heading")?;
        it.text(key)?;
    }
    it.link("mover-offices", "form-offices-link", &mail.offices_url)?;
    Ok(it.blocks)
}

/// When one can vote early, where the state says so.
fn early_voting(it: &mut Blocks<'_>, mail: &MoverMail) -> Result<(), WordingError> {
    let sentence = match (known(&mail.early_voting_starts), known(&mail.early_voting_ends)) {
        (Some(starts), Some(ends)) => {
            let mut blanks = FluentArgs::new();
            blanks.set("starts", starts);
            blanks.set("ends", ends);
            it.words.fill("next-early-both", Some(&blanks))?
        }
        (Some(starts), None) => it.words.say_with("next-early-starts", "starts", starts)?,
        // where nothing begins nothing ends (`domain.md` 8.2)
        (None, _) => return Ok(()),
    };
    it.heading("next-early-heading")?;
    it.blocks.push(Block::Text(sentence));
    Ok(())
}

fn same_day(same_day: SameDay) -> Option<&'static str> {
    match same_day {
        SameDay { early: true, election_day: true } => Some("mover-same-day-both"),
        SameDay { early: true, election_day: false } => Some("mover-same-day-early"),
        SameDay { early: false, election_day: true } => Some("mover-same-day-election"),
        SameDay { early: false, election_day: false } => None,
    }
}

/// M3.
pub(super) fn chase(words: &Sentences, mail: &MoverMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("mover-chase-opening")?;
    it.link("form-after-check", "form-after-check-link", &mail.check_url)?;
    it.heading("chase-office-heading")?;
    it.text("chase-office")?;
    it.link("form-offices-unknown", "form-offices-link", &mail.offices_url)?;
    Ok(it.blocks)
}
