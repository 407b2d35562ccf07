//! `/dev/mail/`: every mail and every text in each language, about nobody. Only while mail is simulated.

use std::sync::Arc;

use askama::Template;
use http::StatusCode;
use turnout_core::{
    language::Language,
    ports::wording::{Message, Rendered, Wording, WordingError},
    sms::segments::{Encoding, Segments, Suggestion, suggestions},
    wording::{SAMPLE_SENDER, sample, sample_texts},
};

use super::{
    Answer, failure,
    frame::{Frame, Keep, page},
    outbox::mail_part,
    speech::Speech,
    visit::Visit,
};
use crate::http::Request;

/// What is said.
pub type Words = Arc<dyn Wording>;

#[derive(Template)]
#[template(path = "public/previews.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    languages: Vec<Section>,
}

/// What there is in a language.
struct Section {
    language: String,
    /// What those who speak it call it; the tag where we do not know.
    name: String,
    mails: Vec<MailLine>,
    texts: Vec<TextLine>,
}

struct MailLine {
    href: String,
    subject: String,
    tag: &'static str,
}

struct TextLine {
    text: String,
    tag: &'static str,
    count: String,
    /// What to write otherwise, so that it takes fewer segments.
    hints: Vec<String>,
}

#[derive(Template)]
#[template(path = "public/preview.html")]
struct MailPage<'a> {
    frame: Frame<'a>,
    mail: Rendered,
    tag: &'static str,
    html: String,
    all: String,
}

/// All of them.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn list(words: Words, request: Request) -> super::Result {
    super::answered(everything(&words, Visit::of(&request)))
}

/// One mail: its rendered and its plain part.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn show(words: Words, request: Request) -> super::Result {
    let (tag, language) = (request.segment("tag"), request.segment("language"));
    super::answered(one(&words, Visit::of(&request), tag, language))
}

/// The rendered part of one mail, for the frame on its page.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn html(words: Words, request: Request) -> super::Result {
    let (tag, language) = (request.segment("tag"), request.segment("language"));
    let visit = Visit::of(&request);
    super::answered(match found(&words, tag, language) {
        Ok(Some((_, mail))) => mail_part(mail.html),
        Ok(None) => failure::not_found(visit),
        Err(error) => failure::broken(visit, &error),
    })
}

fn everything(words: &Words, visit: Visit<'_>) -> Answer {
    let speech = visit.speech();
    let frame = visit.frame(speech.say("preview-title"));
    let mut languages = Vec::new();
    for language in words.languages() {
        let tag = language.to_string();
        let ours = Speech::ALL.iter().find(|it| it.tag().eq_ignore_ascii_case(&tag));
        let name = ours.map_or_else(|| tag.clone(), |it| it.say("language-name"));
        let mut section = Section { language: tag, name, mails: Vec::new(), texts: Vec::new() };
        for message in sample() {
            let mail = match words.render(&message, &language) {
                Ok(mail) => mail,
                Err(error) => return failure::broken(visit, &error),
            };
            let (tag, subject) = (message.tag(), mail.subject);
            let href = frame.link(&format!("/dev/mail/{tag}/{language}/"));
            section.mails.push(MailLine { href, subject, tag });
        }
        for message in sample_texts() {
            let text = match words.text(&message, SAMPLE_SENDER, &language) {
                Ok(words) => words.text,
                Err(error) => return failure::broken(visit, &error),
            };
            let Segments { encoding, length, count } = Segments::of(&text);
            let alphabet = match encoding {
                Encoding::Gsm7 => "GSM-7",
                Encoding::Ucs2 => "UCS-2",
            };
            let of = [("count", count.into()), ("length", length.into()), ("alphabet", alphabet.into())];
            let hint = |it: Suggestion| format!("{} \u{2192} {:?}", it.sign, it.instead);
            section.texts.push(TextLine {
                count: speech.say_with("preview-segments", of),
                hints: suggestions(&text).into_iter().map(hint).collect(),
                tag: message.tag(),
                text,
            });
        }
        languages.push(section);
    }
    page(StatusCode::OK, Keep::Never, &ListPage { frame, languages })
}

fn one(words: &Words, visit: Visit<'_>, tag: &str, language: &str) -> Answer {
    match found(words, tag, language) {
        Ok(Some((message, mail))) => {
            let frame = visit.frame(mail.subject.clone());
            let page_of = MailPage {
                tag: message.tag(),
                html: format!("/dev/mail/{}/{}/html/", message.tag(), mail.language),
                all: frame.link("/dev/mail/"),
                frame,
                mail,
            };
            page(StatusCode::OK, Keep::Never, &page_of)
        }
        Ok(None) => failure::not_found(visit),
        Err(error) => failure::broken(visit, &error),
    }
}

/// The sample of that kind in that language, if there are both.
fn found(words: &Words, tag: &str, language: &str) -> Result<Option<(Message, Rendered)>, WordingError> {
    let is_it = |it: &Language| it.to_string().eq_ignore_ascii_case(language);
    let language = words.languages().into_iter().find(is_it);
    let message = sample().into_iter().find(|it| it.tag() == tag);
    match (message, language) {
        (Some(message), Some(language)) => {
            let mail = words.render(&message, &language)?;
            Ok(Some((message, mail)))
        }
        _ => Ok(None),
    }
}
