//! A folder instead of vendors of mail and texts: every mail, and every text as if it were one, becomes a file of JSON.

use std::{
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        email::{Attachment, Email, EmailSender, Mailbox},
        ids::IdSource as _,
        sms::{OutgoingSms, SentSms, SmsError, SmsSender},
    },
};

use crate::system::RandomIds;

/// How the name of a mail ends.
pub(super) const WHOLE: &str = "json";
/// How the name of a mail ends that is being written.
const PARTIAL: &str = "part";

/// Keeps mails in a folder. The same Message-ID gives the same file, so a mail that is tried twice is there once.
#[derive(Clone)]
pub struct Outbox {
    folder: PathBuf,
}

/// A mail as it lies in the folder. No `Debug`: it is addressed to a voter.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// The Message-ID, without angle brackets.
    pub message_id: String,
    /// From whom.
    pub from: KeptMailbox,
    /// To whom.
    pub to: KeptMailbox,
    /// Who gets a copy.
    #[serde(default)]
    pub cc: Vec<KeptMailbox>,
    /// Where answers go, if not to the sender.
    pub reply_to: Vec<KeptMailbox>,
    /// The subject.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain-text part.
    pub text: String,
    /// The files that went with it.
    #[serde(default)]
    pub attachments: Vec<KeptFile>,
    /// The language of the texts, a BCP 47 tag.
    pub language: String,
    /// What kind of mail it is.
    pub tag: String,
    /// Where whoever reads it asks for no more such mail.
    #[serde(default)]
    pub unsubscribe_url: Option<String>,
}

/// A file that went with a mail, as it lies in the folder.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub content_type: String,
    /// Its bytes, in base64.
    pub base64: String,
}

/// Somebody's name and address, as it lies in the folder.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct KeptMailbox {
    /// The name, if there is one.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

impl Outbox {
    /// Mails go to `folder`, which is made when the first one arrives.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The same for who sends: deletes what a process that ended halfway left of a mail. Its job sends it again.
    ///
    /// # Errors
    /// When the folder cannot be read or something in it cannot be deleted.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        forget_partial(&folder)?;
        Ok(Self { folder })
    }

    /// All mails, the newest first. Reads files: call it off the runtime's threads.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn list(&self) -> io::Result<Vec<KeptMail>> {
        let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
        for path in paths(&self.folder)?.into_iter().filter(|path| ends(path, WHOLE)) {
            found.push((std::fs::metadata(&path)?.modified()?, path));
        }
        found.sort_by(|one, other| other.cmp(one));
        found.iter().map(|(_, path)| Ok(serde_json::from_slice(&std::fs::read(path)?)?)).collect()
    }
}

/// Keeps texts among the mails of a folder.
#[derive(Clone)]
pub struct TextOutbox(Outbox);

impl TextOutbox {
    /// Texts go to `folder`, which is made when the first one arrives.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(Outbox::new(folder))
    }
}

impl Outbox {
    async fn keep(&self, mail: KeptMail) -> Result<(), ProviderError> {
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &mail)).await;
        let failed = |cause| ProviderError::new("outbox", ProviderErrorKind::Unreachable).because(cause);
        written.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)
    }
}

#[async_trait]
impl EmailSender for Outbox {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        self.keep(KeptMail::from(email)).await
    }
}

#[async_trait]
impl SmsSender for TextOutbox {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        let mailbox = |address: &str| KeptMailbox { name: None, address: address.to_owned() };
        let text = KeptMail {
            message_id: format!("{}@sms", sms.id),
            from: mailbox("sms"),
            to: mailbox(sms.to.e164()),
            cc: Vec::new(),
            reply_to: Vec::new(),
            subject: "Text message".to_owned(),
            html: format!("<p>{}</p>", sms.text.replace('&', "&amp;").replace('<', "&lt;")),
            text: [&sms.text].into_iter().chain(&sms.media).cloned().collect::<Vec<_>>().join("\n\n"),
            attachments: Vec::new(),
            language: "en".to_owned(),
            tag: "sms".to_owned(),
            unsubscribe_url: None,
        };
        self.0.keep(text).await.map_err(SmsError::NotSent)?;
        Ok(SentSms { carrier_id: format!("SM{}", sms.id.0.simple()), status: None })
    }
}

/// Deletes what a process that ended halfway left.
pub(super) fn forget_partial(folder: &Path) -> io::Result<()> {
    for path in paths(folder)?.into_iter().filter(|path| ends(path, PARTIAL)) {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Everything in a folder, which need not exist.
pub(super) fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

pub(super) fn ends(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|end| end == extension)
}

/// The same Message-ID is the same file.
fn write(folder: &Path, mail: &KeptMail) -> io::Result<()> {
    let name = hex::encode(&Sha256::digest(mail.message_id.as_bytes())[..16]);
    keep(folder, &name, &serde_json::to_vec_pretty(mail)?)
}

/// For its owner's eyes only, as it names a voter and links to the form or has it. Whole or not at all: a neighbor file of
/// this send alone is written, synced and renamed. What is there under that name stays.
pub(super) fn keep(folder: &Path, name: &str, whole: &[u8]) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join(format!("{name}.{WHOLE}"));
    if path.exists() {
        return Ok(());
    }
    let partial = folder.join(format!("{name}.{}.{PARTIAL}", RandomIds.uuid()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(whole)?;
    file.sync_all()?;
    std::fs::rename(&partial, &path)?;
    std::fs::File::open(folder)?.sync_all()
}

impl From<&Email> for KeptMail {
    fn from(email: &Email) -> Self {
        Self {
            message_id: email.message_id.clone(),
            from: (&email.from).into(),
            to: (&email.to).into(),
            cc: email.cc.iter().map(Into::into).collect(),
            reply_to: email.reply_to.iter().map(Into::into).collect(),
            subject: email.subject.clone(),
            html: email.html.clone(),
            text: email.text.clone(),
            attachments: email.attachments.iter().map(Into::into).collect(),
            language: email.language.clone(),
            tag: email.tag.to_owned(),
            unsubscribe_url: email.unsubscribe_url.clone(),
        }
    }
}

impl From<&Attachment> for KeptFile {
    fn from(file: &Attachment) -> Self {
        Self {
            name: file.name.clone(),
            content_type: file.content_type.to_owned(),
            base64: STANDARD.encode(&file.bytes),
        }
    }
}

impl From<&Mailbox> for KeptMailbox {
    fn from(mailbox: &Mailbox) -> Self {
        Self { name: mailbox.name.clone(), address: mailbox.address.clone() }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::conformance::Guarded;

    use super::*;

    fn mail(message_id: &str) -> Email {
        let voter =
            Mailbox { name: Some("José Núñez".to_owned()), address: "jose@example.org".to_owned() };
        Email {
            message_id: message_id.to_owned(),
            from: Mailbox { name: None, address: "hello@example.org".to_owned() },
            to: voter,
            reply_to: Vec::new(),
            cc: Vec::new(),
            attachments: Vec::new(),
            subject: "Your form".to_owned(),
            html: "<p>Here</p>".to_owned(),
            text: "Here".to_owned(),
            language: "en".to_owned(),
            tag: "register.print",
            unsubscribe_url: None,
        }
    }

    #[tokio::test]
    async fn a_mail_that_is_tried_twice_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(folder.path().join("outbox"));
        assert!(outbox.list().unwrap().is_empty());
        outbox.send(&mail("1@example.org")).await.unwrap();
        outbox.send(&mail("1@example.org")).await.unwrap();
        let kept = outbox.list().unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].to.name.as_deref(), Some("José Núñez"));
    }

    #[tokio::test]
    async fn a_mail_can_be_read_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("outbox");
        Outbox::new(&folder).send(&mail("1@example.org")).await.unwrap();
        let kept = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
        assert_eq!((mode(&folder), mode(&kept)), (0o700, 0o600));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_mail_that_is_sent_by_many_at_once_is_there_once_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(folder.path());
        let same = mail("1@example.org");
        let sent = futures_util::future::join_all((0..32).map(|_| outbox.send(&same))).await;
        assert!(sent.into_iter().all(|one| one.is_ok()));
        assert_eq!(outbox.list().unwrap().len(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn the_newest_mail_comes_first_and_no_id_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(folder.path());
        outbox.send(&mail("../../1@example.org")).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        outbox.send(&mail("2@example.org")).await.unwrap();
        let ids: Vec<_> = outbox.list().unwrap().into_iter().map(|mail| mail.message_id).collect();
        assert_eq!(ids, ["2@example.org", "../../1@example.org"]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[tokio::test]
    async fn a_half_written_mail_is_not_listed_goes_at_the_next_start_and_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let name = hex::encode(&Sha256::digest(b"1@example.org")[..16]);
        let left = [format!("{name}.{}.part", RandomIds.uuid()), format!("{name}.part")];
        for left in &left {
            std::fs::write(folder.path().join(left), "{\"mess").unwrap();
        }
        Outbox::new(folder.path()).send(&mail("2@example.org")).await.unwrap();
        assert_eq!(Outbox::new(folder.path()).list().unwrap().len(), 1);
        let outbox = Outbox::open(folder.path()).unwrap();
        assert!(left.iter().all(|left| !folder.path().join(left).exists()));
        outbox.send(&mail("1@example.org")).await.unwrap();
        assert_eq!(outbox.list().unwrap().len(), 2);
    }

    #[test]
    fn an_outbox_needs_no_folder_until_a_mail_comes() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path().join("none")).unwrap();
        assert!(outbox.list().unwrap().is_empty());
        assert!(!folder.path().join("none").exists());
    }

    async fn texts() -> Guarded<TextOutbox, tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        Guarded::new(TextOutbox::new(folder.path()), folder)
    }
    turnout_core::sms_sender_conformance!(sender, texts);

    #[tokio::test]
    async fn a_text_is_kept_once_among_the_mails_and_shown_as_a_text() {
        let folder = tempfile::tempdir().unwrap();
        let sms = OutgoingSms {
            id: turnout_core::ids::MessageId(uuid::Uuid::from_u128(7)),
            from: None,
            to: turnout_core::person::Phone::from_stored("+16175557890".into()),
            text: "<b> & STOP".into(),
            media: Vec::new(),
            receipt_url: None,
        };
        for _ in 0..2 {
            TextOutbox::new(folder.path()).send(&sms).await.unwrap();
        }
        let kept = Outbox::new(folder.path()).list().unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].to.address.as_str(), kept[0].tag.as_str()), ("+16175557890", "sms"));
        assert_eq!(
            (kept[0].text.as_str(), kept[0].html.as_str()),
            ("<b> & STOP", "<p>&lt;b> &amp; STOP</p>")
        );
    }
}
