//! `user create`, `user list` and `user reset-2fa`.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::SecondsFormat;
use clap::Subcommand;
use turnout_core::{
    App,
    account::{self, CreateUserError, User},
    page::PageRequest,
};

use super::over_rows;

/// So many accounts are read at once.
const AT_ONCE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes an account, and prints a link by which its owner sets the password: once, and within a day.
    Create {
        /// The e-mail address by which the person signs in.
        email: String,
        /// Whether the person may do everything.
        #[arg(long)]
        superuser: bool,
    },
    /// Lists accounts, with their roles.
    List,
    /// Takes away the second factors of somebody who has lost them, and ends all their sessions.
    #[command(name = "reset-2fa")]
    ResetTwoFactor {
        /// The e-mail address by which the person signs in.
        email: String,
    },
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| match command {
        Command::Create { email, superuser } => create(app, email, *superuser).await,
        Command::List => list(app).await,
        Command::ResetTwoFactor { email } => reset(app, email).await,
    })
}

async fn create(app: &App, email: &str, is_superuser: bool) -> anyhow::Result<String> {
    let created = match account::create_user(app, email, is_superuser).await {
        Err(CreateUserError::NotAnAddress) => bail!("{email:?} is no e-mail address; nothing was made"),
        Err(CreateUserError::Exists) => {
            bail!("there is an account with this address already: `user list` shows it; nothing was made")
        }
        created => created?,
    };
    Ok(format!(
        "The account is made. Its password is set here, once and within a day:\n\n{}\n\n\
         The link counts for servers with the same SECRET_KEY. After a day, ask for a new one where one signs in.\n",
        created.link
    ))
}

async fn list(app: &App) -> anyhow::Result<String> {
    let mut view = app.store.view().await?;
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let page = view.accounts().list(&PageRequest { after, limit: AT_ONCE }).await?;
        users.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    drop(view);
    if users.is_empty() {
        return Ok("No accounts: `user create --superuser EMAIL` makes the first one.\n".to_owned());
    }
    let mut rows = Vec::new();
    for user in users.iter().rev() {
        let factors = account::factors(app, user.id).await?;
        let last = user
            .last_login
            .map_or_else(|| "never".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        let second = if factors.is_set_up() { "yes" } else { "no" };
        rows.push([user.email.clone(), roles(user), second.to_owned(), last]);
    }
    Ok(over_rows::table(["EMAIL", "ROLES", "SECOND FACTOR", "LAST SIGNED IN"], &rows))
}

fn roles(user: &User) -> String {
    let all = [
        (!user.is_active, "closed"),
        (user.is_superuser, "superuser"),
        (user.is_subscriber_admin, "subscribers"),
        (user.is_election_admin, "elections"),
        (user.is_esign_admin, "e-sign"),
    ];
    let has: Vec<&str> = all.into_iter().filter_map(|(has, name)| has.then_some(name)).collect();
    if has.is_empty() { "-".to_owned() } else { has.join(", ") }
}

async fn reset(app: &App, email: &str) -> anyhow::Result<String> {
    let user = app.store.view().await?.accounts().by_email(email.trim()).await?;
    let user = user.context("nobody has an account with this address: `user list` shows those there are")?;
    let had_any = account::reset_two_factor(app, None, user.id).await?.unwrap_or(false);
    Ok(if had_any {
        "The second factors are void and all sessions ended. At the next sign-in a new one is set up.\n"
            .to_owned()
    } else {
        "There was no second factor; all sessions ended.\n".to_owned()
    })
}
