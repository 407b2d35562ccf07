//! `messages send-test`: every mail, about nobody, to those who test them.

use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use turnout_core::{App, mail::send_test, ports::wording::Message, wording::sample};

use super::over_rows;

/// What is sent to whom.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// To this address; may be said again. Without it, to those of TEST_ADDRS.
    #[arg(long, value_name = "ADDRESS", value_parser = super::suppressions::address)]
    to: Vec<String>,
    /// Only this mail, by the name that `messages preview` gives its file: register.form; may be said again.
    #[arg(long, value_name = "MAIL")]
    only: Vec<String>,
    /// In this language; English without it.
    #[arg(long, default_value = "en")]
    language: String,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, config| {
        let to = if arguments.to.is_empty() { &config.test_addresses } else { &arguments.to };
        send(app, to, arguments).await
    })
}

async fn send(app: &App, to: &[String], arguments: &Arguments) -> anyhow::Result<String> {
    ensure!(!to.is_empty(), "say --to ADDRESS, or set TEST_ADDRS");
    let is_wanted = |tag: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == tag);
    let mails: Vec<Message> = sample().into_iter().filter(|mail| is_wanted(mail.tag())).collect();
    if let Some(unknown) =
        arguments.only.iter().find(|only| mails.iter().all(|mail| mail.tag() != only.as_str()))
    {
        let known: Vec<&str> = sample().iter().map(Message::tag).collect();
        bail!("there is no mail {unknown}; there are {}", known.join(", "));
    }
    let language = app
        .wording
        .languages()
        .into_iter()
        .find(|it| it.to_string().eq_ignore_ascii_case(&arguments.language));
    let language = language.with_context(|| format!("{} is not spoken", arguments.language))?;
    for address in to {
        for mail in &mails {
            let sent = send_test(app, address, mail, &language).await;
            sent.with_context(|| format!("{} was not sent", mail.tag()))?;
        }
    }
    Ok(format!("Sent: {} mails to each of {} addresses.\n", mails.len(), to.len()))
}
