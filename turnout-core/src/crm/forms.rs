//! What people are entered on: each tool has a form of its own on each list.

use bytes::Bytes;

use crate::{
    action::Source,
    app::App,
    error::ProviderError,
    ports::crm::{CrmAccount, CrmForm, CrmFormId},
};

/// Whether this is the deployment whose voters are real.
fn is_production(app: &App) -> bool {
    app.settings.crm.environment == "prod"
}

/// The form of a tool. On the list of a subscriber its slug is part of the name.
pub(super) fn of_tool(app: &App, source: Source, slug: Option<&str>) -> Option<CrmForm> {
    let (record, tool) = match source {
        Source::Lookup(_) => ("lookup", "Verify"),
        Source::Registration(_) => ("registration", "Register"),
        Source::BallotRequest(_) => ("ballotrequest", "Absentee"),
        Source::Reminder(_) => ("reminderrequest", "Reminder"),
        Source::MoverLead(_) => return None,
    };
    let (prefix, note) = if is_production(app) { ("prod", "") } else { ("staging", " (staging)") };
    let slug = slug.map(|slug| format!("_{slug}")).unwrap_or_default();
    Some(CrmForm {
        identifier: format!("voteamerica:{prefix}_{record}{slug}"),
        title: Some(format!("VoteAmerica {tool}{note}")),
    })
}

/// The form of people who moved, by who told us.
pub(super) fn of_leads(app: &App, source: &str) -> CrmForm {
    let environment = &app.settings.crm.environment;
    let note = if is_production(app) { String::new() } else { format!(" ({environment})") };
    CrmForm {
        identifier: format!("voteamerica:{environment}_{source}_lead"),
        title: Some(format!("VoteAmerica {source} leads{note}")),
    }
}

/// The form of contacts at new subscribers. Somebody has to have made it.
pub(super) fn of_subscribers(app: &App) -> CrmForm {
    let name = if is_production(app) { "subscriber" } else { "staging_subscriber" };
    CrmForm { identifier: format!("voteamerica:{name}"), title: None }
}

fn key(account: &CrmAccount, form: &CrmForm) -> String {
    format!("crm.form:{}:{}", account.name(), form.identifier)
}

/// What the list calls the form. Remembered for a day, as finding one means to list them all.
pub(super) async fn find(
    app: &App,
    account: &CrmAccount,
    form: &CrmForm,
) -> Result<Option<CrmFormId>, ProviderError> {
    let key = key(account, form);
    let remembered = app.cache.get(&key).await.and_then(|it| String::from_utf8(it.to_vec()).ok());
    if let Some(id) = remembered {
        return Ok(Some(CrmFormId(id)));
    }
    let found = app.crm.form(account, form).await?;
    if let Some(CrmFormId(id)) = &found {
        app.cache.set(&key, Bytes::from(id.clone()), app.settings.crm.form_lifetime).await;
    }
    Ok(found)
}

/// Has it looked for again: somebody may have taken it away.
pub(super) async fn forget(app: &App, account: &CrmAccount, form: &CrmForm) {
    app.cache.forget(&key(account, form)).await;
}
