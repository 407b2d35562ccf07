//! `consent show`, `consent stop` and `consent undo`.

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use turnout_core::{
    App,
    consent::{self, About, Choice, Entry, Mark, Said, Scope, Standing},
    decision::Channel,
    ports::store::View,
};

use super::{over_rows, who};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows all that was said of a number or address, and what counts.
    Show {
        #[command(flatten)]
        whose: Whose,
    },
    /// Enters a no that came by letter, by telephone or across a counter, or that of an office that wants no faxes.
    Stop {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        entering: Entering,
        /// When it was said, such as 2026-11-03T12:00:00Z; now without it.
        #[arg(long, value_name = "TIME")]
        at: Option<DateTime<Utc>>,
    },
    /// Takes back what was said last for just these messages, as it was wrong. Nothing is deleted.
    Undo {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        entering: Entering,
    },
}

#[derive(Debug, Args)]
pub(super) struct Whose {
    /// The number, or the e-mail address.
    address: String,
    /// How its owner is written to: sms, email or fax.
    #[arg(long, value_parser = channel)]
    channel: Channel,
}

#[derive(Debug, Args)]
pub(super) struct Entering {
    /// For whose messages: all, service, subscriber:SLUG or purpose:NAME.
    #[arg(long)]
    scope: String,
    /// Why.
    #[arg(long)]
    reason: String,
    /// Who does it: the address by which somebody signs in who has an account.
    #[arg(long, value_name = "EMAIL")]
    by: String,
}

fn channel(text: &str) -> Result<Channel, String> {
    let wrong = || "a channel is sms, email or fax; who wants no letters says so for his e-mail address";
    let channel = Channel::parse(text).filter(|channel| *channel != Channel::Letter);
    channel.ok_or_else(|| wrong().to_owned())
}

impl Whose {
    fn about(&self, scope: Scope) -> anyhow::Result<About> {
        About::read(self.channel, &self.address, scope).with_context(|| match self.channel {
            Channel::Email => "this is no e-mail address",
            Channel::Sms | Channel::Fax | Channel::Letter => "a number looks like +16175550123",
        })
    }
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| match command {
        Command::Show { whose } => {
            let about = whose.about(Scope::All)?;
            let mut view = app.store.view().await?;
            let said = consent::said_of(view.as_mut(), about.channel, &about.address).await?;
            shown(app, view.as_mut(), &said).await
        }
        Command::Stop { whose, entering, at } => {
            let (about, by) = entered(app, whose, entering).await?;
            consent::stop(app, by, &about, *at, &entering.reason).await?;
            Ok(format!("The no is entered.\n\n{}", counts(app, &about).await?))
        }
        Command::Undo { whose, entering } => {
            let (about, by) = entered(app, whose, entering).await?;
            let taken = consent::undo(app, by, &about, &entering.reason).await?;
            let what = if taken.choice == Choice::Stopped { "no" } else { "yes" };
            let after = counts(app, &about).await?;
            Ok(format!("The {what} of {} is taken back.\n\n{after}", moment(taken.at)))
        }
    })
}

/// What is entered, and by whom.
async fn entered(
    app: &App,
    whose: &Whose,
    entering: &Entering,
) -> anyhow::Result<(About, turnout_core::ids::UserId)> {
    let by = who::account(app, &entering.by).await?;
    let mut view = app.store.view().await?;
    let scope = consent::read_scope(view.as_mut(), &entering.scope).await?;
    let scope = scope.context("a scope is all, service, subscriber:SLUG of a subscriber, or purpose:NAME")?;
    let about = whose.about(scope)?;
    ensure!(!entering.reason.trim().is_empty(), "say why: --reason");
    Ok((about, by.id))
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

async fn shown(app: &App, view: &mut dyn View, said: &Said) -> anyhow::Result<String> {
    if said.entries.is_empty() && said.row.is_empty() {
        return Ok("Nothing was said of it.\n".to_owned());
    }
    let mut rows = Vec::new();
    for mark in &said.row {
        let from = "the number's row".to_owned();
        rows.push((mark.at, line(view, said, mark, [from, String::new(), String::new()]).await?));
    }
    for entry in &said.entries {
        let Entry { mark, origin, context, text, recorded_at, .. } = entry;
        let words = [context, text].into_iter().flatten().cloned().collect::<Vec<_>>().join(" / ");
        let more = [origin.wire().to_owned(), moment(*recorded_at), words];
        rows.push((mark.at, line(view, said, mark, more).await?));
    }
    rows.sort_by_key(|(at, _)| *at);
    let rows: Vec<[String; 7]> = rows.into_iter().map(|(_, line)| line).collect();
    let heads = ["SAID", "WHAT", "FOR", "STANDING", "BY", "RECORDED", "WHY, WHERE OR IN WHICH WORDS"];
    Ok(format!("{}\n{}", over_rows::table(heads, &rows), standings(app, view, said).await?))
}

async fn line(
    view: &mut dyn View,
    said: &Said,
    mark: &Mark,
    [by, recorded, words]: [String; 3],
) -> anyhow::Result<[String; 7]> {
    let what = match mark.choice {
        Choice::Granted => "yes",
        Choice::Stopped => "no",
        Choice::Withdrawn => "taken back",
    };
    let standing = match said.is_taken_back(mark) {
        true => "taken back",
        false if mark.choice.is_said() => "it counts",
        false => "",
    };
    let scope = consent::write_scope(view, mark.scope).await?;
    Ok([moment(mark.at), what.to_owned(), scope, standing.to_owned(), by, recorded, words])
}

/// What all of it comes to by now.
async fn counts(app: &App, about: &About) -> anyhow::Result<String> {
    let mut view = app.store.view().await?;
    let said = consent::said_of(view.as_mut(), about.channel, &about.address).await?;
    standings(app, view.as_mut(), &said).await
}

async fn standings(app: &App, view: &mut dyn View, said: &Said) -> anyhow::Result<String> {
    let mut rows = Vec::new();
    for (sender, purpose, standing) in said.standings(app.now()) {
        let scope = sender.map_or(Scope::Service, Scope::Subscriber);
        let standing = match standing {
            Standing::Granted => "agreed",
            Standing::Stopped => "stopped",
            Standing::Unknown => "said nothing that counts",
        };
        rows.push([
            consent::write_scope(view, scope).await?,
            purpose.map_or_else(String::new, |purpose| purpose.wire().to_owned()),
            standing.to_owned(),
        ]);
    }
    Ok(over_rows::table(["MESSAGES OF", "PURPOSE", "THE OWNER"], &rows))
}
