//! What the mails about accounts say (`flows.md` 10: S3 to S5), and those to a whole team (S6).

use fluent_bundle::FluentArgs;

use super::{
    letter::{Block, Blocks, Frame, Letter, letter},
    mentions::one_line,
    sentences::Sentences,
};
use crate::{
    ports::wording::{ActivatedMail, InviteMail, PasswordResetMail, Speaker, WebhookOffMail, WordingError},
    webhook::OffReason,
};

/// The longest name of a team that a mail repeats, in characters.
const LONGEST_NAME: usize = 100;

fn team(text: &str) -> String {
    one_line(text).chars().take(LONGEST_NAME).collect()
}

/// The letter, which does not end as those to voters do.
fn finish(
    words: &Sentences,
    frame: &Frame,
    speaker: &Speaker,
    it: Blocks<'_>,
    subject: Option<String>,
) -> Result<Letter, WordingError> {
    let mut letter = letter(words, frame, speaker, "", it.blocks, subject)?;
    letter.sign_off = words.say("account-sign-off")?;
    Ok(letter)
}

/// S3.
pub(super) fn invite(words: &Sentences, mail: &InviteMail) -> Result<Letter, WordingError> {
    let mut it = Blocks::new(words);
    it.sentence("invite-opening", "team", team(&mail.team))?;
    it.button("invite-button", &mail.accept_url)?;
    it.until("invite-until", mail.until)?;
    it.text("invite-next")?;
    let frame = Frame {
        subject: "invite-subject",
        preheader: "invite-preheader",
        headline: "invite-headline",
        why: "invite-why",
    };
    finish(words, &frame, &mail.speaker, it, None)
}

/// S4.
pub(super) fn activated(words: &Sentences, mail: &ActivatedMail) -> Result<Letter, WordingError> {
    let mut it = Blocks::new(words);
    it.sentence("activated-opening", "team", team(&mail.team))?;
    if mail.is_invited {
        it.text("activated-invited")?;
    }
    it.button("activated-button", &mail.portal_url)?;
    it.heading("activated-offers-heading")?;
    for offer in ["activated-tools", "activated-voters", "activated-team"] {
        it.text(offer)?;
    }
    it.link("activated-api", "activated-api-link", &mail.api_url)?;
    it.sentence("activated-contact", "address", one_line(&mail.contact))?;
    let frame = Frame {
        subject: "",
        preheader: "activated-preheader",
        headline: "activated-headline",
        why: "activated-why",
    };
    let subject = words.say_with("activated-subject", "team", team(&mail.team))?;
    finish(words, &frame, &mail.speaker, it, Some(subject))
}

/// S5.
pub(super) fn password_reset(words: &Sentences, mail: &PasswordResetMail) -> Result<Letter, WordingError> {
    let mut it = Blocks::new(words);
    it.text("reset-opening")?;
    it.button("reset-button", &mail.reset_url)?;
    it.text("reset-until")?;
    it.sentence("reset-name", "email", one_line(&mail.email))?;
    let frame = Frame {
        subject: "reset-subject",
        preheader: "reset-preheader",
        headline: "reset-headline",
        why: "reset-why",
    };
    finish(words, &frame, &mail.speaker, it, None)
}

/// S6.
pub(super) fn webhook_off(words: &Sentences, mail: &WebhookOffMail) -> Result<Letter, WordingError> {
    let mut blanks = FluentArgs::new();
    blanks.set("team", team(&mail.team));
    blanks.set("host", one_line(&mail.host));
    let mut it = Blocks::new(words);
    it.blocks.push(Block::Text(words.fill("webhook-off-opening", Some(&blanks))?));
    it.text(match mail.reason {
        OffReason::Gone => "webhook-off-gone",
        OffReason::Failing => "webhook-off-failing",
    })?;
    match mail.kept_days {
        Some(days) => it.blocks.push(Block::Text(words.say_with("webhook-off-kept", "days", days)?)),
        None => it.text("webhook-off-kept-ever")?,
    }
    it.button("webhook-off-button", &mail.page_url)?;
    let frame = Frame {
        subject: "",
        preheader: "webhook-off-preheader",
        headline: "webhook-off-headline",
        why: "webhook-off-why",
    };
    let subject = words.say_with("webhook-off-subject", "team", team(&mail.team))?;
    finish(words, &frame, &mail.speaker, it, Some(subject))
}
