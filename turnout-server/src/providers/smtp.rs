//! Mail over SMTP, by lettre.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        self, MultiPart,
        header::{self, ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp,
};
use tracing::Instrument as _;
use turnout_core::{
    error::{BoxError, ProviderError, ProviderErrorKind},
    ports::email::{Email, EmailSender, Mailbox},
};

/// A mail server. Connections are kept and used again.
pub struct Smtp {
    name: &'static str,
    /// What every mail carries for SendGrid.
    smtpapi: Option<String>,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
}

/// The address of the mail server cannot be used. Does not repeat it, as it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("the address of the mail server cannot be used")]
pub struct BadAddress;

/// Why a message was not made or not taken, without the addresses that the server or a parser may have repeated.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("the mail has an address or a header that cannot be written")]
    Unwritable,
    #[error("the mail server answered {0}")]
    Answered(u16),
    #[error("the mail server took longer than {} s", .0.as_secs())]
    TooSlow(Duration),
    #[error("the mail server cannot be spoken to")]
    Silent,
}

impl Smtp {
    /// The server at `url`, as `SMTP_URL` has it; `name` is the vendor's. A whole mail may take `timeout`.
    /// Encrypted connections need a default crypto provider of rustls, which the binary installs.
    ///
    /// # Errors
    /// When `url` is not the address of a mail server.
    pub fn new(name: &'static str, url: &str, timeout: Duration) -> Result<Self, BadAddress> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| BadAddress)?;
        Ok(Self { name, smtpapi: None, transport: builder.timeout(Some(timeout)).build(), timeout })
    }

    /// Every mail carries this in `X-SMTPAPI`, where SendGrid reads it.
    #[must_use]
    pub fn with_smtpapi(mut self, value: String) -> Self {
        self.smtpapi = Some(value);
        self
    }

    fn error(&self, kind: ProviderErrorKind, cause: Error) -> ProviderError {
        ProviderError::new(self.name, kind).because(cause)
    }

    /// A `5xx` stays one; a `4xx` and silence may pass (RFC 5321, 4.2.1).
    fn judge(&self, error: &smtp::Error) -> ProviderError {
        match error.status() {
            Some(code) if error.is_permanent() => {
                self.error(ProviderErrorKind::Rejected, Error::Answered(code.into()))
            }
            Some(code) => self.error(ProviderErrorKind::Throttled, Error::Answered(code.into())),
            None => self.error(ProviderErrorKind::Unreachable, Error::Silent),
        }
    }
}

#[async_trait]
impl EmailSender for Smtp {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        let message = message(email, self.smtpapi.as_deref())
            .map_err(|_| self.error(ProviderErrorKind::Rejected, Error::Unwritable))?;
        let span = tracing::info_span!(target: "turnout::trace", "vendor", host = self.name);
        let sending = self.transport.send(message).instrument(span);
        match tokio::time::timeout(self.timeout, sending).await {
            Ok(sent) => sent.map(drop).map_err(|error| self.judge(&error)),
            Err(_) => Err(self.error(ProviderErrorKind::Unreachable, Error::TooSlow(self.timeout))),
        }
    }
}

/// The mail as RFC 5322 has it: plain text first, HTML as the alternative, files after both.
fn message(email: &Email, smtpapi: Option<&str>) -> Result<Message, BoxError> {
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}>", email.message_id)))
        .from(mailbox(&email.from)?)
        .to(mailbox(&email.to)?)
        .subject(&email.subject)
        .header(header::MIME_VERSION_1_0);
    for copy in &email.cc {
        builder = builder.cc(mailbox(copy)?);
    }
    for answers in &email.reply_to {
        builder = builder.reply_to(mailbox(answers)?);
    }
    if let Some(url) = &email.unsubscribe_url {
        // RFC 8058, 3.1: one address of HTTPS, and that it may be posted to
        builder = builder.raw_header(raw("List-Unsubscribe", format!("<{url}>")));
        builder = builder.raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
    }
    if let Some(value) = smtpapi {
        builder = builder.raw_header(raw("X-SMTPAPI", value.to_owned()));
    }
    let words = MultiPart::alternative_plain_html(email.text.clone(), email.html.clone());
    if email.attachments.is_empty() {
        return Ok(builder.multipart(words)?);
    }
    let mut parts = MultiPart::mixed().multipart(words);
    for file in &email.attachments {
        let kind = ContentType::parse(file.content_type)?;
        // whatever its bytes are: as text it would get other line ends
        let body = message::Body::new_with_encoding(file.bytes.to_vec(), ContentTransferEncoding::Base64);
        let body = body.map_err(|_| Error::Unwritable)?;
        parts = parts.singlepart(message::Attachment::new(file.name.clone()).body(body, kind));
    }
    Ok(builder.multipart(parts)?)
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn mailbox(mailbox: &Mailbox) -> Result<message::Mailbox, BoxError> {
    Ok(message::Mailbox::new(mailbox.name.clone(), mailbox.address.parse::<Address>()?))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{error::Error as _, net::SocketAddr};

    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::TcpListener,
        task::JoinHandle,
    };

    use turnout_core::ports::email::Attachment;

    use super::*;

    fn mail() -> Email {
        let voter =
            Mailbox { name: Some("José Núñez".to_owned()), address: "jose@example.org".to_owned() };
        Email {
            message_id: "1@turnout.example".to_owned(),
            from: Mailbox { name: Some("Ann via Us".to_owned()), address: "hello@example.org".to_owned() },
            to: voter,
            reply_to: vec![Mailbox { name: None, address: "ask@example.org".to_owned() }],
            cc: Vec::new(),
            attachments: Vec::new(),
            subject: "Your form\r\nBcc: all@example.org".to_owned(),
            html: "<p>Here</p>".to_owned(),
            text: "Here in plain".to_owned(),
            language: "en".to_owned(),
            tag: "register.form",
            unsubscribe_url: None,
        }
    }

    /// Takes one connection, answers `MAIL FROM` with `answer`, and gives what it was told.
    #[expect(clippy::disallowed_methods, reason = "the peer of a test")]
    async fn peer(answer: &'static str) -> (SocketAddr, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let (mut heard, mut in_data) = (String::new(), false);
            write.write_all(b"220 peer\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                heard += &format!("{line}\n");
                let reply = match line.as_str() {
                    "." => {
                        in_data = false;
                        "250 taken"
                    }
                    _ if in_data => continue,
                    "DATA" => {
                        in_data = true;
                        "354 go on"
                    }
                    "QUIT" => break,
                    line if line.starts_with("MAIL") => answer,
                    _ => "250 peer",
                };
                write.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
            }
            heard
        });
        (address, heard)
    }

    async fn send(answer: &'static str) -> (Result<(), ProviderError>, String) {
        let (address, heard) = peer(answer).await;
        let smtp = Smtp::new("smtp", &format!("smtp://{address}"), Duration::from_secs(5)).unwrap();
        let sent = smtp.send(&mail()).await;
        smtp.transport.shutdown().await;
        drop(smtp);
        (sent, heard.await.unwrap())
    }

    #[tokio::test]
    async fn a_mail_arrives_with_both_parts_its_id_and_no_header_of_a_stranger() {
        let (sent, heard) = send("250 fine").await;
        sent.unwrap();
        for part in [
            "MAIL FROM:<hello@example.org>",
            "RCPT TO:<jose@example.org>",
            "Message-ID: <1@turnout.example>",
            "Reply-To: ask@example.org",
            "multipart/alternative",
            "Here in plain",
            "<p>Here</p>",
        ] {
            assert!(heard.contains(part), "{part} is missing in {heard}");
        }
        assert!(!heard.lines().any(|line| line.starts_with("Bcc:")), "{heard}");
        let plain = heard.find("text/plain").unwrap();
        assert!(plain < heard.find("text/html").unwrap());
    }

    #[tokio::test]
    async fn who_gets_a_copy_is_told_to_the_server_and_files_come_whole() {
        let (address, heard) = peer("250 fine").await;
        let smtp = Smtp::new("smtp", &format!("smtp://{address}"), Duration::from_secs(5)).unwrap();
        let mut mail = mail();
        mail.cc = vec![Mailbox { name: None, address: "copy@example.org".to_owned() }];
        mail.attachments = vec![Attachment {
            name: "ballot-request-núñez.pdf".to_owned(),
            content_type: "application/pdf",
            bytes: b"%PDF-1.7\0".as_slice().into(),
        }];
        smtp.send(&mail).await.unwrap();
        smtp.transport.shutdown().await;
        drop(smtp);
        let heard = heard.await.unwrap();
        for part in [
            "RCPT TO:<jose@example.org>",
            "RCPT TO:<copy@example.org>",
            "Cc: copy@example.org",
            "multipart/mixed",
            "multipart/alternative",
            "Content-Type: application/pdf",
            "Content-Disposition: attachment",
            "JVBERi0xLjcA",
        ] {
            assert!(heard.contains(part), "{part} is missing in {heard}");
        }
    }

    #[tokio::test]
    async fn a_mail_that_nobody_asked_for_says_where_to_ask_for_no_more_and_what_sendgrid_gives_back() {
        let arguments = format!(
            "{}, \"long\": \"{}\"}}}}",
            &super::super::sendgrid::smtpapi([("env", "prod")])[..31],
            "x y ".repeat(60)
        );
        let (address, heard) = peer("250 fine").await;
        let smtp = Smtp::new("sendgrid", &format!("smtp://{address}"), Duration::from_secs(5)).unwrap();
        let smtp = smtp.with_smtpapi(arguments.clone());
        let mut mail = mail();
        let url = "https://example.org/unsubscribe/?a=ABEiM0RVZneImaq7zN3u_w&t=ABEiM0RVZneImaq7zN3u_w";
        mail.unsubscribe_url = Some(url.into());
        smtp.send(&mail).await.unwrap();
        smtp.transport.shutdown().await;
        drop(smtp);
        // header lines that were folded are one again
        let heard = heard.await.unwrap().replace("\n ", " ");
        let header =
            |name: &str| heard.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
        assert_eq!(header("List-Unsubscribe:"), format!("<{url}>"));
        assert_eq!(header("List-Unsubscribe-Post:"), "List-Unsubscribe=One-Click");
        assert_eq!(header("X-SMTPAPI:"), arguments);
        let (sent, heard) = send("250 fine").await;
        sent.unwrap();
        assert!(!heard.contains("List-Unsubscribe") && !heard.contains("X-SMTPAPI"), "{heard}");
    }

    #[tokio::test]
    async fn a_refusal_is_final_a_delay_is_not_and_neither_repeats_an_address() {
        for (answer, kind) in [
            ("550 no such user jose@example.org", ProviderErrorKind::Rejected),
            ("451 later, jose@example.org", ProviderErrorKind::Throttled),
        ] {
            let (sent, _) = send(answer).await;
            let error = sent.unwrap_err();
            assert_eq!(error.kind, kind, "{answer}");
            assert_eq!(error.is_transient(), kind == ProviderErrorKind::Throttled);
            let said = format!("{error} {error:?} {}", error.source().unwrap());
            assert!(!said.contains("jose") && said.contains(&answer[..3]), "{said}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_may_come_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let smtp = Smtp::new("smtp", &format!("smtp://{address}"), Duration::from_secs(5)).unwrap();
        assert_eq!(smtp.send(&mail()).await.unwrap_err().kind, ProviderErrorKind::Unreachable);
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_not_waited_for_longer_than_the_timeout() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let smtp = Smtp::new("smtp", &format!("smtp://{address}"), Duration::from_millis(100)).unwrap();
        assert_eq!(smtp.send(&mail()).await.unwrap_err().kind, ProviderErrorKind::Unreachable);
    }

    #[tokio::test]
    async fn an_address_that_cannot_be_written_is_refused_before_anything_is_sent() {
        let smtp = Smtp::new("smtp", "smtp://127.0.0.1:9", Duration::from_secs(5)).unwrap();
        let mut mail = mail();
        mail.to.address = "jose@example.org>\r\nRCPT TO:<all@example.org".to_owned();
        let error = smtp.send(&mail).await.unwrap_err();
        assert_eq!(error.kind, ProviderErrorKind::Rejected);
        assert!(!format!("{error:?}").contains("jose"));
    }
}
