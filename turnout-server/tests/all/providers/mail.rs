//! Mail over SMTP, against a server that somebody else wrote (aiosmtpd), and read by somebody else's parser.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use turnout_core::ports::email::{Attachment, Email, EmailSender as _, Mailbox};
use turnout_server::providers::{sendgrid, smtp::Smtp};

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

#[tokio::test]
async fn a_mail_is_read_by_another_parser_as_it_was_written() {
    // aiosmtpd takes no port of its own choosing
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let Some((mut peer, _)) = PythonPeer::start("mail.py", &[port.to_string()]) else { return };
    let mail = mail();
    let arguments = sendgrid::smtpapi([("env", "staging"), ("build", "7"), ("tag", "v1.2 – ñ")]);
    let smtp = Smtp::new("sendgrid", &format!("smtp://127.0.0.1:{port}"), Duration::from_secs(10)).unwrap();
    smtp.with_smtpapi(arguments).send(&mail).await.unwrap();
    let read = tokio::task::spawn_blocking(move || peer.said()).await.unwrap();
    assert_eq!(read["defects"], json!([]));
    assert_eq!(
        (&read["from"], &read["to"]),
        (&json!("hello@example.org"), &json!(["jose@example.org", "copy@example.org"]))
    );
    let header = |name: &str| {
        let all = read["headers"].as_array().unwrap().iter();
        let found: Vec<&str> = all.filter(|it| it[0] == name).map(|it| it[1].as_str().unwrap()).collect();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        found[0].to_owned()
    };
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
    let lines = |part: &Value| part["content"].as_str().unwrap().replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!((&parts[0]["type"], lines(&parts[0]).as_str()), (&json!("text/plain"), mail.text.trim_end()));
    assert_eq!((&parts[1]["type"], lines(&parts[1]).as_str()), (&json!("text/html"), mail.html.trim_end()));
    assert_eq!(
        (&parts[2]["type"], &parts[2]["name"]),
        (&json!("application/pdf"), &json!("solicitud-núñez.pdf"))
    );
    assert_eq!(STANDARD.decode(parts[2]["content"].as_str().unwrap()).unwrap(), mail.attachments[0].bytes);
}
