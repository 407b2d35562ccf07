//! Mail over SMTP, against a server that somebody else wrote (aiosmtpd), and read by somebody else's parser.

use std::{collections::BTreeSet, process::Command, sync::mpsc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use turnout_core::{
    language::Language,
    ports::{
        email::{Attachment, Email, EmailSender as _, Mailbox},
        wording::Wording as _,
    },
    wording::sample,
};
use turnout_server::{
    locales,
    providers::{sendgrid, smtp::Smtp},
};

use crate::support::{PythonPeer, schema};

fn mailbox(name: Option<&str>, address: &str) -> Mailbox {
    Mailbox { name: name.map(Into::into), address: address.into() }
}

fn mail() -> Email {
    Email {
        message_id: "1@turnout.example".into(),
        from: mailbox(Some("Ann Ñuñez via Us"), "hello@example.org"),
        to: mailbox(Some("José, \"Pepe\" Núñez"), "jose@example.org"),
        cc: vec![mailbox(None, "copy@example.org")],
        reply_to: vec![mailbox(None, "ask@example.org"), mailbox(None, "office@example.org")],
        subject: "RECORDATORIO: imprima y envíe por correo su formulario de inscripción electoral, por favor"
            .into(),
        html: format!("<p>Aquí: <a href=\"https://example.org/?a=b&amp;c={}\">😀</a></p>", "x".repeat(300)),
        text: format!("Aquí: https://example.org/?a=b&c={}\n.\nfin 😀\n", "x".repeat(300)),
        attachments: vec![Attachment {
            name: "solicitud-núñez.pdf".into(),
            content_type: "application/pdf",
            bytes: b"%PDF-1.7\r\n\0\xff\n.\r\n".as_slice().into(),
        }],
        language: "es".into(),
        tag: "register.reminder",
        unsubscribe_url: Some(
            "https://example.org/unsubscribe/?a=ABEiM0RVZneImaq7zN3u_w&t=ABEiM0RVZneImaq7zN3u_w".into(),
        ),
    }
}

/// A server, and where it listens.
fn server() -> Option<(PythonPeer, String)> {
    // aiosmtpd takes no port of its own choosing
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (peer, _) = PythonPeer::start("mail.py", &[port.to_string()])?;
    Some((peer, format!("smtp://127.0.0.1:{port}")))
}

/// The only header of that name.
fn header(read: &Value, name: &str) -> String {
    let all = read["headers"].as_array().unwrap().iter();
    let found: Vec<&str> = all.filter(|it| it[0] == name).map(|it| it[1].as_str().unwrap()).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].to_owned()
}

/// What a part says, with the line ends of a program.
fn lines(part: &Value) -> String {
    part["content"].as_str().unwrap().replace("\r\n", "\n").trim_end().to_owned()
}

#[tokio::test]
async fn a_mail_is_read_by_another_parser_as_it_was_written() {
    let Some((mut peer, url)) = server() else { return };
    let mail = mail();
    let arguments = sendgrid::smtpapi([("env", "staging"), ("build", "7"), ("tag", "v1.2 – ñ")]);
    let smtp = Smtp::new("sendgrid", &url, Duration::from_secs(10)).unwrap();
    smtp.with_smtpapi(arguments).send(&mail).await.unwrap();
    let read = tokio::task::spawn_blocking(move || peer.said()).await.unwrap();
    assert_eq!(read["defects"], json!([]));
    assert_eq!(
        (&read["from"], &read["to"]),
        (&json!("hello@example.org"), &json!(["jose@example.org", "copy@example.org"]))
    );
    let header = |name: &str| header(&read, name);
    assert_eq!(header("Subject"), mail.subject);
    assert_eq!(header("Message-ID"), "<1@turnout.example>");
    assert!(header("From").contains("Ann Ñuñez via Us") && header("From").contains("<hello@example.org>"));
    assert!(
        header("To").contains("Núñez") && header("To").ends_with("<jose@example.org>"),
        "{}",
        header("To")
    );
    assert_eq!(header("Cc"), "copy@example.org");
    assert_eq!(header("Reply-To"), "ask@example.org, office@example.org");
    assert_eq!(header("List-Unsubscribe"), format!("<{}>", mail.unsubscribe_url.unwrap()));
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let smtpapi: Value = serde_json::from_str(&header("X-SMTPAPI")).unwrap();
    assert_eq!(schema::misfits("sendgrid-x-smtpapi", &smtpapi), Vec::<String>::new());
    assert_eq!(smtpapi["unique_args"]["tag"], "v1.2 – ñ");
    let parts = read["parts"].as_array().unwrap();
    assert_eq!((&parts[0]["type"], lines(&parts[0]).as_str()), (&json!("text/plain"), mail.text.trim_end()));
    assert_eq!((&parts[1]["type"], lines(&parts[1]).as_str()), (&json!("text/html"), mail.html.trim_end()));
    assert_eq!(
        (&parts[2]["type"], &parts[2]["name"]),
        (&json!("application/pdf"), &json!("solicitud-núñez.pdf"))
    );
    assert_eq!(STANDARD.decode(parts[2]["content"].as_str().unwrap()).unwrap(), mail.attachments[0].bytes);
}

/// What `messages send-test` sends in that language, as the server reads it.
fn sent_in(language: &str, folder: &std::path::Path) -> Option<Vec<Value>> {
    let (mut peer, url) = server()?;
    // while the command sends: what the server says has to go somewhere. The server is there until the command has ended, as
    // it says what a mail is before it answers
    let (says, said) = mpsc::channel();
    let (ended, until) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        let is_heard = (0..sample().len()).all(|_| says.send(peer.said()).is_ok());
        is_heard.then(|| until.recv())
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.args(["messages", "send-test", "--to", "ann@example.org", "--language", language]);
    let output = command.current_dir(folder).env_clear().env("SMTP_URL", url).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mails = (0..sample().len()).map(|_| said.recv_timeout(Duration::from_secs(20)).unwrap()).collect();
    drop(ended);
    Some(mails)
}

#[test]
fn every_mail_arrives_in_both_languages_whole_and_without_a_flaw() {
    let folder = tempfile::tempdir().unwrap();
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    assert!(migrate.arg("migrate").current_dir(folder.path()).env_clear().status().unwrap().success());
    let wording = locales::wording(None).unwrap();
    let mut ids = BTreeSet::new();
    for language in ["en", "es"] {
        let Some(mails) = sent_in(language, folder.path()) else { return };
        let spoken = Language::parse(language).unwrap();
        for (message, read) in sample().iter().zip(&mails) {
            let about = format!("{} in {language}", message.tag());
            let words = wording.render(message, &spoken).unwrap();
            assert_eq!(read["defects"], json!([]), "{about}");
            assert_eq!(read["to"], json!(["ann@example.org"]), "{about}");
            assert_eq!(header(read, "Subject"), words.subject, "{about}");
            assert_eq!(header(read, "To"), "ann@example.org", "{about}");
            assert!(header(read, "From").starts_with("VoteAmerica <"), "{about}");
            assert_eq!(header(read, "MIME-Version"), "1.0", "{about}");
            assert!(!header(read, "Date").is_empty(), "{about}");
            assert!(ids.insert(header(read, "Message-ID")), "{about}: an id twice");
            // what was asked for says nothing of asking for no more
            let names: Vec<&Value> = read["headers"].as_array().unwrap().iter().map(|it| &it[0]).collect();
            assert!(!names.contains(&&json!("List-Unsubscribe")), "{about}");

            let [text, html] = &read["parts"].as_array().unwrap()[..] else { panic!("{about}: two parts") };
            assert_eq!(
                (&text["type"], &html["type"]),
                (&json!("text/plain"), &json!("text/html")),
                "{about}"
            );
            assert_eq!(lines(text), words.text.trim_end(), "{about}");
            assert_eq!(lines(html), words.html.trim_end(), "{about}");
            let page = &html["page"];
            assert_eq!(page["errors"], json!([]), "{about}");
            assert_eq!(page["language"], json!(words.language), "{about}");
            assert!(page["title"].as_str().is_some_and(|title| !title.trim().is_empty()), "{about}");
            assert!(page["pictures"].as_array().unwrap().iter().all(Value::is_string), "{about}: alt");
            // the plain part is as good: every link, no sign of markup, nothing that was left to be filled in
            let text = lines(text);
            for link in page["links"].as_array().unwrap() {
                let link = link.as_str().unwrap_or_else(|| panic!("{about}: a link to nowhere"));
                assert!(text.contains(link), "{about}: {link} is not in the plain part");
            }
            assert!(!text.contains(['<', '>', '{', '}']) && !text.contains("&amp;"), "{about}: {text}");
            let is_tidy = |line: &str| line == line.trim_end() || line == "-- ";
            assert!(text.lines().all(is_tidy), "{about}: blanks at the end of a line");
            assert!(!text.contains("\n\n\n"), "{about}: {text}");
            assert!(!page["words"].as_str().unwrap().contains(['{', '}']), "{about}");
        }
    }
    assert_eq!(ids.len(), 2 * sample().len());
}
