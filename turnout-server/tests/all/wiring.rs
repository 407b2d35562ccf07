//! From settings to ports.

use std::time::Duration;

use turnout_core::{
    App,
    error::ProviderErrorKind,
    ports::email::{Email, Mailbox},
};
use turnout_server::{
    config::{Complaints, Config, Env, Role},
    http::HttpSettings,
    providers::outbox::Outbox,
    wiring,
};

use crate::support::OnlyJobs;

fn config(role: Role, text: &str) -> Config {
    let mut complaints = Complaints::default();
    let env = Env::parse(text, &mut complaints);
    let config = Config::read(&env, role, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    config
}

fn app(role: Role, text: &str) -> App {
    wiring::begin(&config(role, text), OnlyJobs::default()).unwrap().build()
}

fn mail() -> Email {
    let somebody = Mailbox { name: None, address: "ann@example.org".to_owned() };
    Email {
        message_id: "1@example.org".to_owned(),
        from: somebody.clone(),
        to: somebody,
        reply_to: Vec::new(),
        cc: Vec::new(),
        attachments: Vec::new(),
        subject: "Your form".to_owned(),
        html: "<p>Here</p>".to_owned(),
        text: "Here".to_owned(),
        language: "en".to_owned(),
        tag: "register.form",
        unsubscribe_url: None,
    }
}

/// Everything that a request is limited by.
fn limits(settings: &HttpSettings) -> (usize, [Duration; 5], usize) {
    let times = [
        settings.request_timeout,
        settings.body_timeout,
        settings.header_timeout,
        settings.stall_timeout,
        settings.drain_timeout,
    ];
    (settings.body_limit, times, settings.connections)
}

#[test]
fn the_limits_of_a_request_are_settings_and_have_one_default() {
    let unset = wiring::http_settings(&config(Role::AllInOne, ""));
    assert_eq!(limits(&unset), limits(&HttpSettings::default()));
    let text = "HTTP_BODY_LIMIT_BYTES=2000\nHTTP_REQUEST_TIMEOUT_SECONDS=1\nHTTP_BODY_TIMEOUT_SECONDS=2\n\
                HTTP_HEADER_TIMEOUT_SECONDS=3\nHTTP_STALL_TIMEOUT_SECONDS=4\nHTTP_DRAIN_TIMEOUT_SECONDS=5\n\
                HTTP_CONNECTIONS=6";
    let set = wiring::http_settings(&config(Role::AllInOne, text));
    assert_eq!(limits(&set), (2000, [1, 2, 3, 4, 5].map(Duration::from_secs), 6));
}

#[tokio::test]
async fn what_a_crash_left_of_a_mail_is_gone_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let half = folder.path().join("outbox/half.part");
    std::fs::create_dir(folder.path().join("outbox")).unwrap();
    std::fs::write(&half, "{\"mess").unwrap();
    let app = app(Role::AllInOne, &format!("TURNOUT_DATA_DIR={}", folder.path().display()));
    assert!(!half.exists());
    app.email.send(&mail()).await.unwrap();
}

#[tokio::test]
async fn the_embedded_run_keeps_its_key_and_its_mail_in_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("TURNOUT_DATA_DIR={}", folder.path().display());
    let first = app(Role::AllInOne, &settings);
    first.email.send(&mail()).await.unwrap();
    assert_eq!(Outbox::new(folder.path().join("outbox")).list().unwrap().len(), 1);
    let again = app(Role::AllInOne, &settings);
    assert!(!first.secret.bytes().is_empty());
    assert_eq!(first.secret.bytes(), again.secret.bytes());
}

#[tokio::test]
async fn a_role_without_a_mail_server_refuses_mail_for_good() {
    let key = "0123456789abcdef0123456789abcdef";
    let serve = app(Role::Serve, &format!("DEBUG=true\nSECRET_KEY={key}\nSECRET_KEY_PREVIOUS=old"));
    let error = serve.email.send(&mail()).await.unwrap_err();
    assert_eq!(error.kind, ProviderErrorKind::Disabled);
    assert_eq!(serve.secret.bytes(), key.as_bytes());
    assert_eq!(serve.previous_secret.unwrap().bytes(), b"old");
}

#[tokio::test]
async fn a_mail_server_that_is_set_is_the_one_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let data = folder.path().display();
    let app = app(Role::AllInOne, &format!("TURNOUT_DATA_DIR={data}\nSMTP_URL=smtp://{address}"));
    let mail = mail();
    let (accepted, sent) = tokio::join!(
        async {
            let (stream, _) = listener.accept().await.unwrap();
            drop(stream);
        },
        app.email.send(&mail)
    );
    let () = accepted;
    assert_eq!(sent.unwrap_err().provider, "smtp");
    assert!(!folder.path().join("outbox").exists());
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let config = config(Role::AllInOne, &format!("TURNOUT_DATA_DIR={}", file.display()));
    let error = wiring::begin(&config, OnlyJobs::default()).err().unwrap();
    assert!(format!("{error:#}").contains("set SECRET_KEY"), "{error:#}");
}

#[tokio::test]
async fn a_link_to_bytes_outlives_a_rotation_of_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let wired = async |keys: &str| {
        let settings = format!("TURNOUT_DATA_DIR={}\n{keys}", folder.path().display());
        wiring::wire(&config(Role::AllInOne, &settings)).await.unwrap()
    };
    let before = wired("SECRET_KEY=the-old-one").await;
    before.app.files.put("a.pdf", "one".into(), "application/pdf").await.unwrap();
    let until = before.app.now() + chrono::TimeDelta::minutes(1);
    let link = before.app.files.link("a.pdf", "form.pdf", until).await.unwrap();
    let (_, query) = link.split_once('?').unwrap();
    for (keys, opens) in
        [("SECRET_KEY=the-new-one\nSECRET_KEY_PREVIOUS=the-old-one", true), ("SECRET_KEY=the-new-one", false)]
    {
        let after = wired(keys).await;
        let files = after.local_files.unwrap().private;
        assert_eq!(files.open_link("a.pdf", query).await.unwrap().is_some(), opens, "{keys}");
    }
}

#[cfg(feature = "s3")]
#[tokio::test]
async fn files_on_s3_have_links_to_the_private_bucket_and_none_to_this_server() {
    let folder = tempfile::tempdir().unwrap();
    let place = "ATTACHMENT_USE_S3=true\nAWS_STORAGE_PRIVATE_BUCKET_NAME=turnout-private\n\
                 AWS_STORAGE_BUCKET_NAME=turnout-public\nAWS_ACCESS_KEY_ID=AKIA1\nAWS_SECRET_ACCESS_KEY=hush";
    for (more, address) in [
        ("ENV=staging", "https://turnout-private.s3.us-west-2.amazonaws.com/staging/a.pdf?"),
        (
            "ATTACHMENT_DEFAULT_S3_PATH=/\nAWS_S3_REGION_NAME=eu-west-1",
            "https://turnout-private.s3.eu-west-1.amazonaws.com/a.pdf?",
        ),
        (
            "ATTACHMENT_DEFAULT_S3_PATH=x/y\nAWS_ENDPOINT_URL_S3=https://s3.example.org",
            "https://s3.example.org/turnout-private/x/y/a.pdf?",
        ),
    ] {
        let settings = format!("TURNOUT_DATA_DIR={}\n{place}\n{more}", folder.path().display());
        let wired = wiring::wire(&config(Role::AllInOne, &settings)).await.unwrap();
        assert!(wired.local_files.is_none());
        let until = wired.app.now() + chrono::TimeDelta::seconds(15);
        let link = wired.app.files.link("a.pdf", "form.pdf", until).await.unwrap();
        assert!(link.starts_with(address) && link.contains("Credential=AKIA1"), "{link}");
        assert!(!link.contains("hush"), "{link}");
        let (_, object) = address.trim_end_matches('?').split_once("turnout-private").unwrap();
        let public = wired.app.public_files.url("a.pdf").unwrap();
        assert!(public.contains("turnout-public") && public.ends_with(object), "{public}");
    }
    let settings = format!(
        "TURNOUT_DATA_DIR={}\n{place}\nAWS_S3_CUSTOM_DOMAIN=files.example.org",
        folder.path().display()
    );
    let wired = wiring::wire(&config(Role::AllInOne, &settings)).await.unwrap();
    assert_eq!(wired.app.public_files.url("a/b").unwrap(), "https://files.example.org/local/a/b");
    assert!(!folder.path().join("files").exists());
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn in_staging_every_mail_and_text_goes_to_those_who_try_things_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display();
    let text = format!(
        "TURNOUT_DATA_DIR={data}\nEMAIL_REDIRECT_TO=test@example.org\nEMAIL_PER_MINUTE=6000\n\
         SMS_REDIRECT_TO=617-555-0100\nSMS_PER_MINUTE=6000"
    );
    let wired = wiring::wire(&config(Role::AllInOne, &text)).await.unwrap();
    wired.app.email.send(&mail()).await.unwrap();
    let sms = turnout_core::conformance::texts::text(1);
    wired.app.sms.send(&sms).await.unwrap();
    let kept = Outbox::new(folder.path().join("outbox")).list().unwrap();
    let mut to: Vec<&str> = kept.iter().map(|mail| mail.to.address.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["+16175550100", "test@example.org"]);
    wired.rows.close().await;
}

#[test]
fn who_gets_everything_in_production_is_warned_about() {
    let text = "ENV=prod\nEMAIL_REDIRECT_TO=test@example.org\nSMS_REDIRECT_TO=617-555-0100";
    let mut complaints = Complaints::default();
    let _ = Config::read(&Env::parse(text, &mut complaints), Role::AllInOne, &mut complaints);
    assert!(complaints.is_empty(), "{complaints}");
    assert_eq!(complaints.warnings().len(), 2, "{:?}", complaints.warnings());
    let wrong = "EMAIL_REDIRECT_TO=nobody\nSMS_REDIRECT_TO=12";
    let mut complaints = Complaints::default();
    let _ = Config::read(&Env::parse(wrong, &mut complaints), Role::AllInOne, &mut complaints);
    assert_eq!(complaints.to_string().lines().count(), 2, "{complaints}");
}
