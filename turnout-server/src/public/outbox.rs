//! `/dev/outbox/`: the mails that were not sent, as a list, one by one, and as JSON. Only while mail is simulated.

use askama::Template;
use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use sha2::{Digest, Sha256};

use super::{
    Answer, failure,
    frame::{Frame, Keep, page},
    visit::Visit,
};
use crate::{
    http::Request,
    providers::outbox::{KeptMail, KeptMailbox, Outbox},
};

/// What a rendered mail may do: show its own styles, and nothing else. No script, no form, no request.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

#[derive(Template)]
#[template(path = "public/outbox.html")]
struct OutboxPage<'a> {
    frame: Frame<'a>,
    count: String,
    mails: Vec<Line>,
}

struct Line {
    href: String,
    subject: String,
    to: String,
    tag: String,
}

#[derive(Template)]
#[template(path = "public/mail.html")]
struct MailPage<'a> {
    frame: Frame<'a>,
    mail: KeptMail,
    from: String,
    to: String,
    html: String,
    links: Vec<String>,
    all: String,
}

/// All mails, the newest first.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn list(outbox: Outbox, request: Request) -> super::Result {
    super::answered(every_mail(&outbox, Visit::of(&request)).await)
}

/// One mail: who, what, its links, its rendered and its plain part.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn show(outbox: Outbox, request: Request) -> super::Result {
    super::answered(one_mail(&outbox, Visit::of(&request), request.segment("id")).await)
}

/// The rendered part of one mail, for the frame on its page.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn html(outbox: Outbox, request: Request) -> super::Result {
    super::answered(rendered(&outbox, Visit::of(&request), request.segment("id")).await)
}

/// All mails as JSON, the newest first.
///
/// # Errors
/// Never: a failure is a page too.
pub async fn json(outbox: Outbox, request: Request) -> super::Result {
    super::answered(as_json(&outbox, Visit::of(&request)).await)
}

async fn every_mail(outbox: &Outbox, visit: Visit<'_>) -> Answer {
    let mails = match mails(outbox).await {
        Ok(mails) => mails,
        Err(error) => return failure::broken(visit, &error),
    };
    let speech = visit.speech();
    let frame = visit.frame(speech.say("outbox-title"));
    let count = speech.say_with("outbox-count", [("count", mails.len().into())]);
    let line = |mail: &KeptMail| Line {
        href: frame.link(&format!("/dev/outbox/{}/", id(mail))),
        subject: mail.subject.clone(),
        to: person(&mail.to),
        tag: mail.tag.clone(),
    };
    let mails = mails.iter().map(line).collect();
    page(StatusCode::OK, Keep::Never, &OutboxPage { frame, count, mails })
}

async fn one_mail(outbox: &Outbox, visit: Visit<'_>, wanted: &str) -> Answer {
    match find(outbox, wanted).await {
        Ok(Some(mail)) => {
            let frame = visit.frame(mail.subject.clone());
            let page_of = MailPage {
                from: person(&mail.from),
                to: person(&mail.to),
                html: format!("/dev/outbox/{wanted}/html/"),
                links: links(&mail.text),
                all: frame.link("/dev/outbox/"),
                frame,
                mail,
            };
            page(StatusCode::OK, Keep::Never, &page_of)
        }
        Ok(None) => failure::not_found(visit),
        Err(error) => failure::broken(visit, &error),
    }
}

async fn rendered(outbox: &Outbox, visit: Visit<'_>, wanted: &str) -> Answer {
    match find(outbox, wanted).await {
        Ok(Some(mail)) => mail_part(mail.html),
        Ok(None) => failure::not_found(visit),
        Err(error) => failure::broken(visit, &error),
    }
}

async fn as_json(outbox: &Outbox, visit: Visit<'_>) -> Answer {
    let mails = match mails(outbox).await {
        Ok(mails) => mails,
        Err(error) => return failure::broken(visit, &error),
    };
    let bytes = serde_json::to_vec(&mails).expect("texts and lists are JSON");
    plain(bytes.into(), "application/json", "default-src 'none'")
}

/// The rendered part of a mail, which may do nothing but be looked at.
pub(super) fn mail_part(html: String) -> Answer {
    plain(html.into(), "text/html; charset=utf-8", MAIL_POLICY)
}

fn plain(body: Bytes, kind: &'static str, policy: &'static str) -> Answer {
    let mut answer = Answer::new(body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

async fn mails(outbox: &Outbox) -> std::io::Result<Vec<KeptMail>> {
    let outbox = outbox.clone();
    tokio::task::spawn_blocking(move || outbox.list()).await.map_err(std::io::Error::other)?
}

async fn find(outbox: &Outbox, wanted: &str) -> std::io::Result<Option<KeptMail>> {
    Ok(mails(outbox).await?.into_iter().find(|mail| id(mail) == wanted))
}

/// A mail's id in addresses: its Message-ID as a digest, which is safe in any path.
fn id(mail: &KeptMail) -> String {
    hex::encode(&Sha256::digest(mail.message_id.as_bytes())[..16])
}

fn person(mailbox: &KeptMailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.address),
        None => mailbox.address.clone(),
    }
}

/// The web addresses in a plain text, each once, in order.
fn links(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_start_matches(['<', '(', '[', '"']);
        let word = word.trim_end_matches(['>', ')', ']', '"', '.', ',', ';', ':', '!']);
        let is_link = word.starts_with("http://") || word.starts_with("https://");
        if is_link && !found.iter().any(|other| other == word) {
            found.push(word.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_once_and_without_the_full_stop() {
        let text = "Here: https://a.example/x?y=1.\n(http://b.example/) again <https://a.example/x?y=1>, javascript:x";
        assert_eq!(links(text), ["https://a.example/x?y=1", "http://b.example/"]);
    }
}
