//! From a message to a letter: which sentences it has, in which order (`flows.md` 10).

use askama::Template;
use chrono::NaiveDate;
use fluent_bundle::FluentArgs;

use super::{
    account, ballot,
    forwarding::{self, What},
    markdown::Markdown,
    mentions::{first_name, one_line, web_link},
    mover,
    sentences::Sentences,
};
use crate::{
    election::{Basis, MailDeadline},
    ports::wording::{
        ConfirmMail, FormMail, LetterMail, Message, NewLinkMail, NextStepsMail, OnlineMail, Rendered,
        ReportMail, Speaker, VerifiedMail, WordingError,
    },
    report::ReportType,
};

/// A part of a letter. All text is plain: the frames escape it.
pub(super) enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// What the mail is about: a link as a button, and its address below.
    Button {
        /// What the button says.
        label: String,
        /// Where it leads.
        url: String,
        /// What is said before the address in words.
        in_words: String,
    },
    /// Another link.
    Link {
        /// What it says.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// Steps, in order.
    Steps(Vec<String>),
    /// Lines of an address.
    Lines(Vec<String>),
    /// What a state says, in English.
    StateText(Markdown),
}

/// A request for a donation.
pub(super) struct Donate {
    sentence: String,
    label: String,
    url: String,
}

/// A message in sentences, before it gets its frame.
pub(super) struct Letter {
    language: String,
    subject: String,
    preheader: String,
    headline: String,
    greeting: String,
    blocks: Vec<Block>,
    pub(super) sign_off: String,
    speaker: String,
    donate: Option<Donate>,
    why: String,
}

#[derive(Template)]
#[template(path = "email/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "email/letter.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// Puts the letter into its frames.
    pub(super) fn render(&self) -> Result<Rendered, WordingError> {
        let failed = |error: askama::Error| WordingError(Box::new(error));
        Ok(Rendered {
            subject: self.subject.clone(),
            html: Html { letter: self }.render().map_err(failed)?,
            text: Text { letter: self }.render().map_err(failed)?,
            language: self.language.clone(),
        })
    }
}

/// The keys of what stands around the blocks.
pub(super) struct Frame {
    pub(super) subject: &'static str,
    pub(super) preheader: &'static str,
    pub(super) headline: &'static str,
    pub(super) why: &'static str,
}

/// Chooses the sentences of a message.
pub(super) fn compose(message: &Message, words: &Sentences) -> Result<Letter, WordingError> {
    let (frame, speaker, name, blocks) = match message {
        Message::RegistrationForm(mail) => {
            let frame = FORM.about("form-subject", "form-why");
            (frame, &mail.speaker, &mail.first_name, form(words, "form-opening", &REGISTERED, mail)?)
        }
        Message::RegistrationReminder(mail) => {
            let frame = REMINDER.about("reminder-subject", "form-why");
            (frame, &mail.speaker, &mail.first_name, form(words, "reminder-opening", &REGISTERED, mail)?)
        }
        Message::RegistrationOnline(mail) => {
            let frame = Frame {
                subject: "online-subject",
                preheader: "online-preheader",
                headline: "online-headline",
                why: "online-why",
            };
            (frame, &mail.speaker, &mail.first_name, online(words, mail)?)
        }
        Message::RegistrationNextSteps(mail) => {
            let frame = Frame {
                subject: "next-subject",
                preheader: "next-preheader",
                headline: "next-headline",
                why: "next-why",
            };
            (frame, &mail.speaker, &mail.first_name, next_steps(words, mail)?)
        }
        Message::BallotRequestForm(mail) => {
            let frame = FORM.about("request-subject", "request-why");
            (frame, &mail.speaker, &mail.first_name, form(words, "request-opening", &REQUESTED, mail)?)
        }
        Message::BallotRequestReminder(mail) => {
            let frame = REMINDER.about("request-reminder-subject", "request-why");
            let blocks = form(words, "request-reminder-opening", &REQUESTED, mail)?;
            (frame, &mail.speaker, &mail.first_name, blocks)
        }
        Message::RegistrationConfirm(mail) => confirm(words, What::Registration, false, mail)?,
        Message::RegistrationConfirmReminder(mail) => confirm(words, What::Registration, true, mail)?,
        Message::RegistrationLetterMailed(mail) => mailed(words, What::Registration, mail)?,
        Message::RegistrationLetterReturned(mail) => returned(words, What::Registration, mail)?,
        Message::RegistrationMailChase(mail) => chase(words, What::Registration, mail)?,
        Message::BallotRequestConfirm(mail) => confirm(words, What::BallotRequest, false, mail)?,
        Message::BallotRequestConfirmReminder(mail) => confirm(words, What::BallotRequest, true, mail)?,
        Message::BallotRequestLetterMailed(mail) => mailed(words, What::BallotRequest, mail)?,
        Message::BallotRequestLetterReturned(mail) => returned(words, What::BallotRequest, mail)?,
        Message::BallotRequestMailChase(mail) => chase(words, What::BallotRequest, mail)?,
        Message::BallotRequestToOffice(mail) => return ballot::to_office(words, mail),
        Message::BallotRequestFaxing(mail) => {
            let frame = Frame {
                subject: "fax-subject",
                preheader: "fax-preheader",
                headline: "fax-headline",
                why: "fax-why",
            };
            (frame, &mail.speaker, &mail.first_name, ballot::faxing(words, mail)?)
        }
        Message::BallotRequestFaxed(mail) => {
            let frame = Frame {
                subject: "fax-again-subject",
                preheader: "faxed-preheader",
                headline: "faxed-headline",
                why: "fax-why",
            };
            (frame, &mail.speaker, &mail.first_name, ballot::faxed(words, mail)?)
        }
        Message::BallotRequestNotFaxed(mail) => {
            let frame = Frame {
                subject: "fax-again-subject",
                preheader: "not-faxed-preheader",
                headline: "not-faxed-headline",
                why: "fax-why",
            };
            (frame, &mail.speaker, &mail.first_name, ballot::not_faxed(words, mail)?)
        }
        Message::BallotRequestNextSteps(mail) => {
            let frame = Frame {
                subject: "ballot-subject",
                preheader: "ballot-preheader",
                headline: "ballot-headline",
                why: "ballot-why",
            };
            (frame, &mail.speaker, &mail.first_name, ballot::next_steps(words, mail)?)
        }
        Message::MoverFormsMailed(mail) => {
            let blocks = mover::forms(words, "mover-mailed-opening", mail)?;
            (mover::MAILED, &mail.speaker, &mail.first_name, blocks)
        }
        Message::MoverFormsReminder(mail) => {
            let blocks = mover::forms(words, "mover-reminder-opening", mail)?;
            (mover::REMINDER, &mail.speaker, &mail.first_name, blocks)
        }
        Message::MoverFormsChase(mail) => {
            (mover::CHASE, &mail.speaker, &mail.first_name, mover::chase(words, mail)?)
        }
        Message::VerifiedNextSteps(mail) => {
            let frame = Frame {
                subject: "verified-subject",
                preheader: "verified-preheader",
                headline: "verified-headline",
                why: "verified-why",
            };
            (frame, &mail.speaker, &mail.first_name, verified(words, mail)?)
        }
        Message::NewDownloadLink(mail) => {
            let frame = Frame {
                subject: "link-subject",
                preheader: "link-preheader",
                headline: "link-headline",
                why: "link-why",
            };
            (frame, &mail.speaker, &String::new(), new_link(words, mail)?)
        }
        Message::ReportReady(mail) => {
            let subject = match mail.kind {
                ReportType::Verify => "report-subject-verify",
                ReportType::Register => "report-subject-register",
                ReportType::Absentee => "report-subject-absentee",
                ReportType::Locator => "report-subject-locator",
            };
            let frame =
                Frame { subject, preheader: "report-preheader", headline: subject, why: "report-why" };
            (frame, &mail.speaker, &String::new(), report(words, mail)?)
        }
        Message::AccountInvite(mail) => return account::invite(words, mail),
        Message::SubscriberActivated(mail) => return account::activated(words, mail),
        Message::PasswordReset(mail) => return account::password_reset(words, mail),
        Message::WebhookOff(mail) => return account::webhook_off(words, mail),
    };
    letter(words, &frame, speaker, name, blocks, None)
}

/// A frame, who speaks, the voter's first name, and what is said.
type Composed<'a> = (Frame, &'a Speaker, &'a String, Vec<Block>);

fn confirm<'a>(
    words: &Sentences,
    what: What,
    again: bool,
    mail: &'a ConfirmMail,
) -> Result<Composed<'a>, WordingError> {
    let frame = if again { what.asked_again() } else { what.asked() };
    let FormMail { speaker, first_name, .. } = &mail.form;
    Ok((frame, speaker, first_name, forwarding::confirm(words, what, again, mail)?))
}

fn mailed<'a>(words: &Sentences, what: What, mail: &'a LetterMail) -> Result<Composed<'a>, WordingError> {
    Ok((what.mailed(), &mail.speaker, &mail.first_name, forwarding::mailed(words, what, mail)?))
}

fn returned<'a>(words: &Sentences, what: What, mail: &'a LetterMail) -> Result<Composed<'a>, WordingError> {
    Ok((what.returned(), &mail.speaker, &mail.first_name, forwarding::returned(words, what, mail)?))
}

fn chase<'a>(words: &Sentences, what: What, mail: &'a LetterMail) -> Result<Composed<'a>, WordingError> {
    Ok((what.chased(), &mail.speaker, &mail.first_name, forwarding::chase(words, what, mail)?))
}

/// Around a form that is ready, whatever it is for.
const FORM: Frame = Frame { subject: "", preheader: "form-preheader", headline: "form-headline", why: "" };
/// Around one that was not downloaded.
const REMINDER: Frame =
    Frame { subject: "", preheader: "reminder-preheader", headline: "reminder-headline", why: "" };

impl Frame {
    fn about(self, subject: &'static str, why: &'static str) -> Self {
        Self { subject, why, ..self }
    }
}

/// The letter; under its own `subject`, or that of the frame.
pub(super) fn letter(
    words: &Sentences,
    frame: &Frame,
    speaker: &Speaker,
    name: &str,
    blocks: Vec<Block>,
    subject: Option<String>,
) -> Result<Letter, WordingError> {
    let greeting = match first_name(name) {
        Some(name) => words.say_with("greeting", "name", name)?,
        None => words.say("greeting-nobody")?,
    };
    let donate = match web_link(&speaker.donate_url).filter(|_| speaker.is_first_party) {
        Some(url) => Some(Donate {
            sentence: words.say("donate-sentence")?,
            label: words.say("donate-button")?,
            url: url.to_owned(),
        }),
        None => None,
    };
    Ok(Letter {
        language: words.language.clone(),
        subject: match subject {
            Some(subject) => subject,
            None => words.say(frame.subject)?,
        },
        preheader: words.say(frame.preheader)?,
        headline: words.say(frame.headline)?,
        greeting,
        blocks,
        sign_off: words.say("sign-off")?,
        speaker: one_line(&speaker.name),
        donate,
        why: words.say(frame.why)?,
    })
}

/// The blocks of a letter while it is being written.
pub(super) struct Blocks<'a> {
    pub(super) words: &'a Sentences,
    pub(super) blocks: Vec<Block>,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(words: &'a Sentences) -> Self {
        Self { words, blocks: Vec::new() }
    }

    pub(super) fn heading(&mut self, key: &str) -> Result<(), WordingError> {
        self.blocks.push(Block::Heading(self.words.say(key)?));
        Ok(())
    }

    pub(super) fn text(&mut self, key: &str) -> Result<(), WordingError> {
        self.blocks.push(Block::Text(self.words.say(key)?));
        Ok(())
    }

    /// A sentence with one blank to fill.
    pub(super) fn sentence(&mut self, key: &str, blank: &str, value: String) -> Result<(), WordingError> {
        self.blocks.push(Block::Text(self.words.say_with(key, blank, value)?));
        Ok(())
    }

    pub(super) fn until(&mut self, key: &str, date: NaiveDate) -> Result<(), WordingError> {
        let date = self.words.day(date)?;
        self.blocks.push(Block::Text(self.words.say_with(key, "date", date)?));
        Ok(())
    }

    pub(super) fn button(&mut self, key: &str, url: &str) -> Result<(), WordingError> {
        let (label, in_words) = (self.words.say(key)?, self.words.say("link-in-words")?);
        self.blocks.push(Block::Button { label, url: url.to_owned(), in_words });
        Ok(())
    }

    /// A sentence, and the link it ends in; neither when there is no link.
    pub(super) fn link(&mut self, sentence: &str, key: &str, url: &str) -> Result<(), WordingError> {
        let Some(url) = web_link(url) else { return Ok(()) };
        self.text(sentence)?;
        self.blocks.push(Block::Link { label: self.words.say(key)?, url: url.to_owned() });
        Ok(())
    }
}

/// What comes after the form was mailed.
struct Afterwards {
    what: &'static str,
    check: &'static str,
    check_link: &'static str,
}

/// After a registration.
const REGISTERED: Afterwards =
    Afterwards { what: "form-after", check: "form-after-check", check_link: "form-after-check-link" };
/// After a ballot request.
const REQUESTED: Afterwards = Afterwards {
    what: "request-after",
    check: "request-after-check",
    check_link: "request-after-check-link",
};

/// R1 and R2, A1 and A2.
fn form(
    words: &Sentences,
    opening: &str,
    afterwards: &Afterwards,
    mail: &FormMail,
) -> Result<Vec<Block>, WordingError> {
    let is_known = !mail.mailing_address.is_empty();
    let mut it = Blocks::new(words);
    it.text(opening)?;
    it.button("form-button", &mail.download_url)?;
    it.until("form-until", mail.download_until)?;

    it.heading("form-steps-heading")?;
    it.blocks.push(Block::Steps(vec![
        words.say("form-step-download")?,
        words.say("form-step-print")?,
        words.say("form-step-sign")?,
        words.say(if is_known { "form-step-mail" } else { "form-step-mail-unknown" })?,
    ]));

    it.heading("form-address-heading")?;
    if is_known {
        it.blocks.push(Block::Lines(mail.mailing_address.iter().map(|line| one_line(line)).collect()));
    }
    let offices = if is_known { "form-offices" } else { "form-offices-unknown" };
    it.link(offices, "form-offices-link", &mail.offices_url)?;

    it.heading("form-deadline-heading")?;
    it.blocks.push(Block::Text(deadline(words, &mail.mail_deadline)?));
    it.text("form-deadline-early")?;

    if let Some(warnings) = Markdown::read(&mail.warnings) {
        it.heading("form-warnings-heading")?;
        it.blocks.push(Block::StateText(warnings));
    }

    it.heading("form-hints-heading")?;
    it.text("form-hint-print")?;
    it.text("form-hint-stamp")?;

    it.heading("form-after-heading")?;
    it.text(afterwards.what)?;
    it.link(afterwards.check, afterwards.check_link, &mail.check_url)?;
    Ok(it.blocks)
}

/// The deadline as a sentence of the language, where the state's fact has the usual form.
pub(super) fn deadline(words: &Sentences, text: &str) -> Result<String, WordingError> {
    let Some(plain) = Markdown::read(text).map(|it| one_line(&it.plain)) else {
        return words.say("form-deadline-unknown");
    };
    match usual_deadline(&plain) {
        Some(MailDeadline { basis: Basis::Postmarked, days_before }) => {
            words.say_with("form-deadline-postmarked", "days", days_before)
        }
        Some(MailDeadline { basis: Basis::Received, days_before }) => {
            words.say_with("form-deadline-received", "days", days_before)
        }
        None => words.say_with("form-deadline-other", "text", plain),
    }
}

/// Reads `Postmarked 15 days before Election Day.`
fn usual_deadline(text: &str) -> Option<MailDeadline> {
    let lower = text.trim_end_matches('.').to_lowercase();
    let mut words = lower.split_whitespace();
    let basis = match words.next()? {
        "postmarked" => Basis::Postmarked,
        "received" => Basis::Received,
        _ => return None,
    };
    let days_before = words.next()?.parse().ok()?;
    let rest: Vec<&str> = words.collect();
    matches!(rest[..], ["day" | "days", "before", "election", "day"])
        .then_some(MailDeadline { basis, days_before })
}

/// R8.
fn online(words: &Sentences, mail: &OnlineMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("online-opening")?;
    it.text("online-wait")?;
    it.heading("online-check-heading")?;
    it.link("form-after-check", "form-after-check-link", &mail.check_url)?;
    it.text("online-missing")?;
    it.link("online-offices", "form-offices-link", &mail.offices_url)?;
    Ok(it.blocks)
}

/// R7.
fn next_steps(words: &Sentences, mail: &NextStepsMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("next-opening")?;

    let rules = Markdown::read(&mail.vote_by_mail_rules);
    let page = web_link(&mail.vote_by_mail_url);
    if rules.is_some() || page.is_some() {
        it.heading("next-mail-heading")?;
    }
    if let Some(rules) = rules {
        it.text("next-mail-rules")?;
        it.blocks.push(Block::StateText(rules));
    }
    if let Some(url) = page {
        it.text("next-mail")?;
        it.button("next-mail-button", url)?;
    }

    let early = match (known(&mail.early_voting_starts), known(&mail.early_voting_ends)) {
        (Some(starts), Some(ends)) => {
            let mut blanks = FluentArgs::new();
            blanks.set("starts", starts);
            blanks.set("ends", ends);
            Some(words.fill("next-early-both", Some(&blanks))?)
        }
        (Some(starts), None) => Some(words.say_with("next-early-starts", "starts", starts)?),
        (None, Some(ends)) => Some(words.say_with("next-early-ends", "ends", ends)?),
        (None, None) => None,
    };
    if let Some(sentence) = early {
        it.heading("next-early-heading")?;
        it.blocks.push(Block::Text(sentence));
    }

    if web_link(&mail.polling_place_url).is_some() {
        it.heading("next-place-heading")?;
        it.link("next-place", "next-place-link", &mail.polling_place_url)?;
    }
    Ok(it.blocks)
}

/// A state's text on one line, to stand within a sentence; `N/A` is none (`domain.md` 8.2).
pub(super) fn known(text: &str) -> Option<String> {
    let plain = one_line(&Markdown::read(text)?.plain);
    let plain = plain.trim_end_matches('.');
    (!plain.is_empty() && !plain.eq_ignore_ascii_case("n/a")).then(|| plain.to_owned())
}

/// V1.
fn verified(words: &Sentences, mail: &VerifiedMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("verified-opening")?;
    if web_link(&mail.register_url).is_some() {
        it.heading("verified-register-heading")?;
        it.link("verified-register", "verified-register-link", &mail.register_url)?;
    }
    if let Some(url) = web_link(&mail.vote_by_mail_url) {
        it.heading("next-mail-heading")?;
        it.text("next-mail")?;
        it.button("next-mail-button", url)?;
    }
    Ok(it.blocks)
}

/// S1.
fn new_link(words: &Sentences, mail: &NewLinkMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("link-opening")?;
    it.button("link-button", &mail.download_url)?;
    it.until("link-until", mail.download_until)?;
    Ok(it.blocks)
}

/// S2.
fn report(words: &Sentences, mail: &ReportMail) -> Result<Vec<Block>, WordingError> {
    let mut it = Blocks::new(words);
    it.text("report-opening")?;
    it.button("report-button", &mail.download_url)?;
    it.until("link-until", mail.download_until)?;
    it.text("report-private")?;
    Ok(it.blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Language, wording::sentences};

    fn say(tag: &str, text: &str) -> String {
        deadline(sentences::of(&Language::parse(tag).expect("a tag")), text).expect("words")
    }

    #[test]
    fn deadlines_of_the_usual_form_are_translated() {
        assert_eq!(
            say("en", "Postmarked 15 days before Election Day."),
            "The envelope must be postmarked at least 15 days before Election Day."
        );
        assert_eq!(
            say("es", "Received 1 day before Election Day"),
            "El formulario debe llegar a la oficina electoral al menos un día antes del día de las elecciones."
        );
    }

    #[test]
    fn other_deadlines_are_quoted_and_none_is_none() {
        let quoted = say("en", "Received by **noon**, the third Friday before Election Day");
        assert!(quoted.ends_with(": Received by noon, the third Friday before Election Day"), "{quoted}");
        assert!(say("en", "").contains("as soon as you can"));
        for odd in [
            "Postmarked many days before Election Day",
            "Postmarked 15 days before the primary",
            "Postmarked",
        ] {
            assert_eq!(usual_deadline(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_is_not_applicable_is_unknown() {
        assert_eq!((known("N/A"), known("n/a."), known("")), (None, None, None));
        assert_eq!(known("10 days before Election Day.").as_deref(), Some("10 days before Election Day"));
    }
}
