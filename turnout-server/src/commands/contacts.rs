//! `sync action-network`: voters who are on no contact list though they should be.

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use clap::Args;
use turnout_core::{
    App,
    crm::{Rehearsal, is_on, pass_on_missing, rehearse},
    ports::crm::CrmAccount,
};

use super::progress::Bar;
use crate::system::SystemClock;

/// From one question to the next. Each request waits for its turn anyway; the pause leaves turns to workers, which begin
/// nothing while one is taken.
const PAUSE: TimeDelta = TimeDelta::milliseconds(250);

#[derive(Debug, Args)]
pub(super) struct Contacts {
    /// Asks the lists about everybody, says what would be done, and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Of how many in a hundred people it may change whether they are written to before it stops; without it
    /// ACTIONNETWORK_MOST_CHANGES_PERCENT.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    at_most: Option<u32>,
}

impl Contacts {
    pub(super) async fn run(&self, app: &App) -> anyhow::Result<String> {
        ensure!(app.crm.has(&CrmAccount::Service), "sync action-network needs ACTIONNETWORK_KEY");
        let most = self.at_most.unwrap_or(app.settings.crm.most_changes_percent);
        if !self.dry_run {
            ensure!(is_on(app), "nobody is passed on while ACTIONNETWORK_SYNC is false");
            let actions = pass_on_missing(app, most).await.context("not all of them were found")?;
            return Ok(format!(
                "{actions} actions are passed on by workers, until they would change for more than {most} % of the people \
                 whether they are written to.\n"
            ));
        }
        let mut bar = Bar::turning("asking the lists");
        let said = rehearse(app, most, &SystemClock, PAUSE, &mut |done| bar.reached(done as usize)).await;
        bar.end();
        Ok(written(&said.context("the lists could not be asked")?, most))
    }
}

/// What would be done, in words.
fn written(said: &Rehearsal, most: u32) -> String {
    let rows = [
        ("actions that are on no list", said.actions),
        ("people who would be passed on", said.people),
        ("  whom a list does not have yet", said.new),
        ("  whose number would be subscribed", said.numbers_subscribed),
        ("  whose number would be unsubscribed, as it stopped here", said.numbers_unsubscribed),
        ("  whose e-mail address would be unsubscribed, as it is here", said.addresses_unsubscribed),
        ("  of whose e-mail address we would learn a no", said.addresses_learned),
        ("  of whose number we would learn a no", said.numbers_learned),
        ("people for whom it changes whether they are written to", said.changes),
        ("people of whom a list said nothing", said.unanswered),
    ];
    let mut text: String = rows.iter().map(|(what, count)| format!("{count:>9}  {what}\n")).collect();
    text += &match said.is_stopped {
        true => format!("It would be stopped, as that is more than {most} %: see --at-most.\n"),
        false => format!("It would not be stopped, as that is no more than {most} %.\n"),
    };
    text + "Nothing was changed.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_says_how_many_and_whether_it_would_be_stopped() {
        let mut said = Rehearsal { actions: 1_200, people: 1_300, changes: 140, ..Rehearsal::default() };
        let text = written(&said, 11);
        assert!(text.starts_with("     1200  actions that are on no list\n     1300  people who"), "{text}");
        assert!(
            text.contains("It would not be stopped") && text.ends_with("Nothing was changed.\n"),
            "{text}"
        );
        said.is_stopped = true;
        assert!(written(&said, 10).contains("It would be stopped, as that is more than 10 %"));
    }
}
